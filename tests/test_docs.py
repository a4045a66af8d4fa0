"""What the program can print, the program prints: the pages of docs/ are what it would print now."""

from __future__ import annotations

import pytest
import typer.main

from evalxl.cli.program import app
from tests.docs import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_what_the_program_prints_now(name: str) -> None:
    """`python -m tests.docs` writes it anew."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_command_has_help_in_both_languages() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]

    without = [name for name, command in commands.items() if "·" not in (command.help or "")]

    assert without == []
