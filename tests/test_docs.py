"""What the program can print, the program prints: the pages of docs/ are what it would print now."""

from __future__ import annotations

import re
import tomllib
import unicodedata

import pytest
import typer.main

from evalxl.cli.program import app
from evalxl.forms.fields import CHOICES
from evalxl.records.package_files import shipped
from evalxl.words import catalogue
from tests.docs import DOCS, GROUP, PAGES, TOLD

GUIDE = DOCS / "huong-dan-van-phong.md"


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_what_the_program_prints_now(name: str) -> None:
    """`python -m tests.docs` writes it anew."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()


def test_whatever_a_button_says_is_explained_to_office_staff() -> None:
    """What it means and what to do; parts of a progress line are none of it."""
    rows = catalogue()
    told = [key.split(".", 2)[1:] for key in rows if key.startswith(TOLD)]
    said = {key for key in rows if key.split(".")[0] in ("client", "addin", "caller") and "addin.stage." not in key}

    assert {group for group, _ in told} == {key.removeprefix(GROUP) for key in rows if key.startswith(GROUP)}
    assert [key for _, key in told if key not in rows] == []
    assert sorted(said - {key for _, key in told}) == []


def test_the_guide_for_office_staff_speaks_of_what_is_there() -> None:
    """Every button, sheet and state that it prints in italics is a word of the program; every picture and page it leads to lies there."""
    text = GUIDE.read_text(encoding="utf-8")
    rules = tomllib.loads((shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8"))
    words = {row["vi"].strip(" :") for row in catalogue().values()}
    words |= {word for listed in CHOICES.values() for word in listed} | {row["vi"] for row in rules["absence"]}
    named = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text))

    assert unicodedata.is_normalized("NFC", text)
    assert sorted(named - words) == []
    assert [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not (DOCS / link).exists()] == []
    assert catalogue()["paper.common.secret"]["vi"] in text


def test_every_picture_is_small_enough_for_a_slow_line() -> None:
    assert [path.name for path in (DOCS / "pictures").iterdir() if path.stat().st_size > 200_000] == []


def test_every_command_has_help_in_both_languages() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]

    without = [name for name, command in commands.items() if "·" not in (command.help or "")]

    assert without == []
