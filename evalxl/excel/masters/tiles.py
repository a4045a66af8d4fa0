"""Five numbers side by side: the head of *Tổng quan*, of a week and of a period."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.evaluation.work_items import REPORTED
from evalxl.domain.week.week_counts import Counts, counts_of
from evalxl.excel.masters.office import MasterContext
from evalxl.excel.masters.sheet_kit import FAINT, INK, MasterWorkbook, across

Tile = tuple[str, int | Decimal | None, str, str]
"""What it is, the number, how it stands, its colour."""


def tiles_of_week(office: MasterContext) -> list[Tile]:
    """Five numbers: how far the week has come, and how many need somebody's attention."""
    far = counts_of(office.view.results)
    warnings = sum(warning.kind == "warning" for warning in office.view.warnings)
    watches = len(office.view.warnings) - warnings
    absent = office.say("tile.absent", absent=far.absent) if far.absent else office.say("tile.nobody_absent")
    tiles: list[Tile] = [
        ("to_evaluate", far.due, absent, INK),
        ("submitted", far.handed_in, _handed_in(office, far), "#1F5FA8"),
        *(
            (
                ("scored", far.scored, _part(office, far, far.scored), "#1F5FA8"),
                ("approved", far.approved, _part(office, far, far.approved), "#1B6B54"),
            )
            if office.view.rules.parts
            else (("seen", far.scored, _part(office, far, far.scored), "#1B6B54"), _of_tasks(office))
        ),
        (
            "attention",
            warnings + watches,
            office.say("tile.kinds", warnings=warnings, watches=watches),
            "#B23A22" if warnings else INK,
        ),
    ]
    return [(office.say(f"tile.{name}"), number, below, colour) for name, number, below, colour in tiles]


def _of_tasks(office: MasterContext) -> Tile:
    """The tasks of a week that follows them alone, and how many of them are completed."""
    words = [(task, row.checks) for row in office.view.results if row.state in REPORTED for task in row.tasks]
    done = sum(word_on(task, checks).status in (DONE, DONE_LATE) for task, checks in words)
    return "tasks", len(words), office.say("tile.tasks_done", done=done), "#1F5FA8"


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


def _part(office: MasterContext, far: Counts, done: int) -> str:
    if not far.due:
        return ""
    if done >= far.due:
        return office.say("tile.whole")
    return office.say("tile.rest", share=_share(office, far, done), rest=far.due - done)


def _handed_in(office: MasterContext, far: Counts) -> str:
    """Whose form is missing; who was scored without one has handed in nothing, and nobody waits for it."""
    if not far.no_form:
        return _part(office, far, far.handed_in)
    facts = {"share": _share(office, far, far.handed_in), "rest": far.missing, "no_form": far.no_form}
    return office.say("tile.rest_no_form", **facts)


def _share(office: MasterContext, far: Counts, done: int) -> str:
    share = f"{100 * Decimal(done) / far.due:.1f}%"
    return share.replace(".", ",") if office.lang == "vi" else share
