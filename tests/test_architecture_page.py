"""The architecture page names modules that are there."""

from __future__ import annotations

import re
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
PAGE = (CLONE / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_module_that_the_architecture_page_names_is_there() -> None:
    rooms = {path.name for path in (CLONE / "evalxl").iterdir() if path.is_dir()}
    named = {name for name in re.findall(r"`(\w+(?:/\w+)+)`", PAGE) if name.partition("/")[0] in rooms}
    there = [
        name
        for name in named
        for path in (CLONE / "evalxl" / name,)
        if path.is_dir() or path.with_suffix(".py").exists()
    ]

    assert len(named) > 40
    assert sorted(named - set(there)) == []


def test_every_folder_of_the_package_stands_on_the_architecture_page() -> None:
    for room in ("domain", "steps"):
        table = PAGE.partition(f"### {room}/, lowest first")[2].partition("##")[0]
        folders = {path.name for path in (CLONE / "evalxl" / room).iterdir() if (path / "__init__.py").is_file()}
        assert set(re.findall(r"^\| `(\w+)/`", table, re.MULTILINE)) == folders
