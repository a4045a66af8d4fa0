"""Five numbers side by side: the head of *Tổng quan*, of a week and of a period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.week.five_numbers import Name, five_numbers
from evalxl.excel.masters.office import MasterContext
from evalxl.excel.masters.sheet_kit import FAINT, INK, MasterWorkbook, across

Tile = tuple[str, int | Decimal | None, str, str]
"""What it is, the number, how it stands, its colour."""


_COLOURS: Mapping[Name, str] = {
    "to_evaluate": INK,
    "submitted": "#1F5FA8",
    "scored": "#1F5FA8",
    "tasks": "#1F5FA8",
    "approved": "#1B6B54",
    "seen": "#1B6B54",
    "attention": "#B23A22",
}


def tiles_of_week(office: MasterContext) -> list[Tile]:
    """The five numbers of a week, each with its colour; nothing is red where nobody has to be talked with."""
    calm = not any(warning.kind == "warning" for warning in office.view.warnings)
    return [
        (
            five_number.label,
            five_number.number,
            five_number.below,
            INK if calm and five_number.name == "attention" else _COLOURS[five_number.name],
        )
        for five_number in five_numbers(office.view, office.lang)
    ]


def draw_tiles(book: MasterWorkbook, sheet: Worksheet, row: int, tiles: Iterable[Tile]) -> int:
    """Five numbers side by side, each with what it is above and how it stands below; returns the row after them."""
    for place, (name, number, below, colour) in enumerate(tiles):
        first = place * 5
        look: dict[str, Any] = {"align": "center", "valign": "vcenter", "bg_color": "#F4F7FA", "font_color": colour}
        across(book, sheet, row, first, first + 3, name, **look, bold=True, top=5, top_color=colour)
        across(
            book,
            sheet,
            row + 1,
            first,
            first + 3,
            number,
            **look,
            bold=True,
            font_size=26,
            num_format=_number_format(number),
        )
        small = {**look, "font_color": FAINT, "font_size": 10, "shrink": True}
        across(book, sheet, row + 2, first, first + 3, below, **small)
    for place, height in enumerate((26, 44, 22, 12)):
        sheet.set_row_pixels(row + place, height)
    return row + 4


def _number_format(number: int | Decimal | None) -> str:
    return "#,##0" if isinstance(number, int) else "0.00"
