"""The page about the engine says what is so: its example runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl

from tests.xlwings_on_libreoffice.desk import XlwingsDesk

PAGE = Path(__file__).with_name("README.md")


def test_the_example_of_the_page_runs_as_it_stands(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    def script(xw: Any, app: Any, example: str, folder: str) -> Any:
        import os

        before = xw.engines.active
        os.chdir(folder)
        try:
            space: dict[str, Any] = {}
            exec(example, space)
            return space["table"], space["total"], len(xw.apps)
        finally:
            os.chdir("/")
            before.activate()

    answer = xlwings_desk.run(script, example=example, folder=str(tmp_path))

    assert answer == ([["Mã", "Điểm"], ["V1-03", 37.5], ["V1-04", 40.0]], 77.5, 0)
    assert openpyxl.load_workbook(tmp_path / "scores.xlsx").worksheets[0]["B4"].value == "=SUM(B2:B3)"


def test_what_the_page_calls_covered_is_there_and_the_rest_says_that_it_is_not() -> None:
    """A program that lacks something says so, instead of doing something else."""
    from xlwings import base_classes

    from tests.xlwings_on_libreoffice.ranges import Range
    from tests.xlwings_on_libreoffice.values import Area

    cells = Range(None, Area(1, 1, 1, 1))  # type: ignore[arg-type]
    for name in ("font", "borders", "conditional_formats", "table", "note"):
        assert getattr(type(cells), name, None) is getattr(base_classes.Range, name)
    rows = PAGE.read_text(encoding="utf-8").partition("## What is covered")[2].partition("##")[0]
    ranges = next(line for line in rows.splitlines() if line.startswith("| ranges"))
    said = re.findall(r"`([a-z_]+)`", ranges)
    assert len(said) >= 12
    for name in said:
        if name not in ("value", "expand"):  # both are built on the others
            assert getattr(Range, name) is not getattr(base_classes.Range, name, None), name
