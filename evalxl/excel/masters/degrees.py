"""*Mức độ hoàn thành*: how the degrees are spread over units and ranks, who is commended, and everybody by degree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.week.figures import Tally, by_rank, by_unit, tally
from evalxl.excel.masters.collectives import draw_collectives
from evalxl.excel.masters.measure import height_for
from evalxl.excel.masters.office import MasterContext, Speaker, head_of_report, remark, shade
from evalxl.excel.masters.sheet_kit import (
    LIST_SIZE,
    PALE,
    RULE,
    Cell,
    ListColumn,
    Look,
    MasterWorkbook,
    across,
    bare_line,
    body,
    heading,
    put,
    scale_to_paper,
    set_widths,
)

_NUMERALS = ("I", "II", "III", "IV", "V")
_COUNT_AND_SHARE: tuple[tuple[str, Look], ...] = (("people", "count"), ("share", "share"))
_LABEL, _FIRST_BAND = 1, 4  # a label has the room of two columns


@dataclass(frozen=True, slots=True)
class CountsByUnit:
    """Where the counts by unit stand: what the overview's chart is drawn over.

    Attributes:
        first, last: The rows of the units.
        names: The row in which each degree's name stands, and the column.
        label: The column of the units' names.
        counts: The column of each degree's counts, from the highest degree on, then of those without a score.
    """

    sheet: str
    first: int
    last: int
    names: tuple[tuple[int, int], ...]
    label: int
    counts: tuple[int, ...]


def draw_degrees(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> CountsByUnit:
    view = office.view
    columns = tally_columns(office, "unit_only")
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last = _spans(office) - 1
    row = head_of_report(book, sheet, office, last, "degrees", enclosed=True)

    numbers = iter(_NUMERALS)

    def section(row: int, title: str) -> int:
        put(book, sheet, row, 0, f"{next(numbers)}. {title}", bold=True, font_size=12, valign="vcenter")
        sheet.set_row_pixels(row, 28)
        return row + 1

    row = section(row, office.say("section.by_unit"))
    units = by_unit(view, view.rules.bands)
    counts = where_counted(office, office.sheet("degrees"), row + 2, len(units))
    row = _tallies(book, sheet, office, row, columns, units)
    row = section(row + 1, office.say("section.by_rank"))
    row = _tallies(
        book, sheet, office, row, tally_columns(office, "rank"), by_rank(view, view.rules.bands, office.lang)
    )
    row = remark(book, sheet, row, office.say("note.share"), columns)
    row = remark(book, sheet, row, office.say("note.basis"), columns)
    if view.unit_results:
        row = section(row + 1, office.say("section.collectives"))
        row = draw_collectives(book, sheet, office, row, _spans(office))

    row = _by_degree(book, sheet, office, row, section)
    sheet.print_area(0, 0, row - 1, last)
    return counts


def _by_degree(
    book: MasterWorkbook, sheet: Worksheet, office: MasterContext, row: int, section: Callable[[int, str], int]
) -> int:
    """Who is commended, then everybody by degree; returns the row after them."""
    view, columns, last = office.view, _people_columns(office), _spans(office) - 1
    if not view.rules.bands:  # nobody scores, so nobody is rated
        return bare_line(book, sheet, row + 1, last, office.say("none.list"))
    best = view.rules.bands[0]
    praised = [result for result in view.results if result.basis == "approved" and result.band == best.code]
    row = section(row + 1, office.say("section.praise", band=best.name(office.lang)))
    if praised:
        row = heading(book, sheet, row, columns, size=LIST_SIZE)
        row = body(book, sheet, row, columns, _people(office, praised), size=LIST_SIZE)
    else:
        row = bare_line(book, sheet, row, last, office.say("none.praise"))

    row = section(row + 1, office.say("section.list"))
    if not any(result.band for result in view.results):
        return bare_line(book, sheet, row, last, office.say("none.list"))
    row = heading(book, sheet, row, columns, size=LIST_SIZE)
    for place, band in enumerate(view.rules.bands):
        members = [result for result in view.results if result.band == band.code]
        if not members:
            continue
        words = office.say("section.band", band=band.name(office.lang), count=len(members))
        fill = shade(PALE, place, len(view.rules.bands))
        across(book, sheet, row, 0, last, words, bold=True, bg_color=fill, border=1, border_color=RULE, indent=1)
        sheet.set_row_pixels(row, height_for(1))
        row = body(book, sheet, row + 1, columns, _people(office, members), size=LIST_SIZE)
    return row


def tally_columns(office: Speaker, what: str) -> list[ListColumn]:
    return [
        office.column("no", 4.3, "count"),
        office.column(what, 24, span=2),
        office.column("to_evaluate", 18, "count"),
        *(
            office.column(key, 8.5, look, band.name(office.lang))
            for band in office.bands
            for key, look in _COUNT_AND_SHARE
        ),
        office.column("unscored", 8.5, "count"),
        office.column("absent", 8.5, "count"),
        office.column("mean", 8.5, "total"),
    ]


def _spans(office: MasterContext) -> int:
    """How many of the sheet's columns its tables take."""
    return sum(column.span for column in tally_columns(office, "unit_only"))


def where_counted(office: Speaker, sheet: str, first: int, units: int) -> CountsByUnit:
    bands = len(office.bands)
    places = tuple(_FIRST_BAND + 2 * place for place in range(bands + 1))
    return CountsByUnit(
        sheet=sheet,
        first=first,
        last=first + units - 1,
        # A degree's name stands above its two columns; "no score" has one column only.
        names=(*((first - 2, place) for place in places[:-1]), (first - 1, places[-1])),
        label=_LABEL,
        counts=places,
    )


def _tallies(
    book: MasterWorkbook,
    sheet: Worksheet,
    office: MasterContext,
    top: int,
    columns: Sequence[ListColumn],
    tallies: Sequence[Tally],
) -> int:
    """Counts by group and their sum; returns the row after them."""
    first = heading(book, sheet, top, columns, size=LIST_SIZE)
    whole = tally(office.say("head.all"), office.view.results, office.bands)
    row = body(
        book,
        sheet,
        first,
        columns,
        (_tally_line(office, n, tally) for n, tally in enumerate(tallies, 1)),
        size=LIST_SIZE,
    )
    return body(book, sheet, row, columns, [_tally_line(office, None, whole)], size=LIST_SIZE, bold=True)


def _tally_line(office: MasterContext, place: int | None, tally: Tally) -> list[Cell]:
    bands: list[Cell] = []
    for band in office.view.rules.bands:
        bands += [tally.bands[band.code], tally.share(band.code)]
    return [place, tally.label, tally.to_evaluate, *bands, tally.unscored, tally.absent, tally.mean]


def _people_columns(office: MasterContext) -> list[ListColumn]:
    """The columns of a list of people, in the widths of the counts above."""
    return [
        office.column("no", 4.3, "count"),
        office.column("name", 24),
        office.column("unit", 24),
        office.column("title", 18),
        office.column("code", 8.5, "centre"),
        office.column("total", 8.5, "total"),
        office.column("basis", 8.5, "centre", span=3),
        office.column("state", 8.5, "centre", span=3),
        office.column("notes", 8.5, span=_spans(office) - 12),
    ]


def _people(office: MasterContext, members: Iterable[Result]) -> Iterator[list[Cell]]:
    for n, row in enumerate(members, 1):
        yield [
            n,
            row.name,
            row.unit_name,
            row.title,
            row.code,
            row.counted_total,
            office.basis(row),
            office.state(row.state),
            office.notes(row),
        ]
