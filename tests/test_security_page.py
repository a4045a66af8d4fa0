"""The page on security names tests that are there: a promise without its test is none."""

from __future__ import annotations

import re
from pathlib import Path

from evalxl.steps.reports.verify import SHORTEST_HEAD
from evalxl.words import say

CLONE = Path(__file__).resolve().parents[1]
PAGE = (CLONE / "docs" / "security.md").read_text(encoding="utf-8")
FOLDERS = (CLONE / "docs" / "folders.md").read_text(encoding="utf-8")


def test_every_test_that_the_pages_name_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE + FOLDERS))

    assert len(named) > 15
    assert sorted(name for name in named if not (CLONE / name).is_file()) == []


def test_every_threat_of_the_table_names_a_test() -> None:
    table = PAGE.partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]

    assert len(rows) >= 12
    assert [row for row in rows if not re.search(r"`tests/[\w/]+\.py`", row)] == []


def test_the_minutes_are_told_as_the_program_speaks() -> None:
    assert say("command.verified", "vi", events=1, blobs=1, head="x").partition(":")[0] in PAGE
    assert f"{SHORTEST_HEAD} ký tự đầu" in PAGE
    assert "`[U+202E]`" in PAGE
