"""What a script may rely on: the five functions, as their page shows them."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import evalxl
from tests.little_office import (  # noqa: F401
    LittleOffice,
    _approved,
    _handed_in,
    _issued,
    _made,
    _scored,
    approved,
    tree,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scripts.md"


def test_the_examples_of_the_page_give_what_it_says_and_leave_the_office_as_it_was(
    approved: LittleOffice,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twin = approved.copy(tmp_path / "co-quan")
    before = tree(twin.folder)
    monkeypatch.chdir(tmp_path)
    page = doctest.DocTestParser().get_doctest(_code(PAGE.read_text(encoding="utf-8")), {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []
    done = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(page, out=said.append)

    assert (done.failed, done.attempted > 10) == (0, True), "".join(said)
    assert tree(twin.folder) == before


def _code(text: str) -> str:
    """The examples of a page, without the marks of its blocks."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("```"))


def test_every_function_of_the_package_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert [name for name in evalxl.__all__ if not name.startswith("_") and name not in page] == []
    assert all(callable(getattr(evalxl, name)) for name in evalxl.__all__ if not name.startswith("_"))
    with pytest.raises(AttributeError):
        evalxl.consolidate  # noqa: B018


def test_a_period_and_its_weeks_are_explained_alike(approved: LittleOffice) -> None:  # noqa: F811
    office = evalxl.open_office(approved.folder)
    month, day = evalxl.explain(office, "2025-06", "V1-03"), date(2025, 6, 12)

    assert month.weeks[0].mark.total == 89  # type: ignore[union-attr]
    assert evalxl.explain(office, "2025-06-05", "v1-03", day).row.code == "V1-03"
    assert evalxl.results(office, "2025-06").set_index("code")["counted_total"]["V1-03"] == 89


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, evalxl; print([name for name in sys.modules if name.startswith(('evalxl.', 'pandas', 'openpyxl'))])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)

    assert said.stdout.strip() == "[]"
