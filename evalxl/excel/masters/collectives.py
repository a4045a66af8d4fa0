"""What the units themselves were given, beside the means of their people: the individual result is tied to the collective's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.scoring import shown, two_places
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.week.unit_results import Collective
from evalxl.excel.masters.office import MasterContext, remark
from evalxl.excel.masters.sheet_kit import LIST_SIZE, TONES, Cell, Marked, MasterWorkbook, body, heading
from evalxl.words import as_read

if TYPE_CHECKING:
    from evalxl.excel.masters.period_context import PeriodContext


def draw_collectives(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, row: int, spans: int) -> int:
    """A row per unit that reported itself in the week; returns the row after the table.

    Args:
        spans: How many of the sheet's columns the tables take.
    """
    columns = [
        office.column("no", 4.3, "count"),
        office.column("unit_only", 24, span=2),
        office.column("state", 18, "centre"),
        *(office.column(key, 8.5, "total") for key in ("self", "scored", "approved", "people_mean", "difference")),
        office.column("band", 8.5, "centre", span=spans - 9),
    ]
    view = office.view
    row = heading(book, sheet, row, columns, size=LIST_SIZE)
    lines: Iterator[list[Cell]] = (
        [
            *(n, row.unit_name, office.state(row.state)),
            *(row.self_scores.total, row.scored.total, row.approved.total),
            *(view.people_means.get(row.unit), _difference(office, row), office.band(row.band)),
        ]
        for n, row in enumerate(view.unit_results, 1)
    )
    row = body(book, sheet, row, columns, lines, size=LIST_SIZE)
    limit = as_read(shown(view.rules.collectives.difference_from), office.lang)
    row = remark(book, sheet, row, office.say("note.collectives"), columns)
    return remark(book, sheet, row, office.say("note.collectives_apart", limit=limit), columns)


def _difference(office: MasterContext, row: Result) -> Cell:
    """How far a unit's own result is from its people's mean; marked where that is pointed out."""
    apart = Collective(row, office.view.people_means.get(row.unit)).difference
    if apart is None or abs(apart) < office.view.rules.collectives.difference_from:
        return apart
    far = as_read(shown(two_places(abs(apart))), office.lang)
    return Marked(office.say(f"collective.far_{'below' if apart < 0 else 'above'}", apart=far), TONES["alarm"])


def draw_collectives_of_period(
    book: MasterWorkbook, sheet: Worksheet, office: PeriodContext, row: int, spans: int
) -> int:
    """A row per unit that reported itself in a week of the period; arguments and return as above."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("unit_only", 24, span=2),
        office.column("basis", 18, "centre"),
        *(office.column(key, 8.5, "count") for key in ("evaluated", "awaiting", "missing")),
        *(office.column(key, 8.5, "total") for key in ("mean", "people_mean")),
        office.column("band", 8.5, "centre", span=spans - 9),
    ]
    means = office.view.people_means
    lines: Iterator[list[Cell]] = (
        [
            *(
                n,
                period_result.unit_name,
                office.basis(period_result),
                period_result.evaluated,
                period_result.awaiting,
                period_result.missing,
            ),
            *(period_result.counted_total, means.get(period_result.unit), office.band(period_result.band)),
        ]
        for n, period_result in enumerate(office.view.unit_results, 1)
    )
    row = body(book, sheet, heading(book, sheet, row, columns, size=LIST_SIZE), columns, lines, size=LIST_SIZE)
    return remark(book, sheet, row, office.say("note.collectives"), columns) + 1
