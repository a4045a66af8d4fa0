"""*Kết quả*: a row per person to be evaluated, in the office's order, printed as a list that is signed and filed.

The page has what is signed. What only helps at the screen (links, codes, parts of the self score) stands right of it. Where a rule book has many parts,
the title and then the unit leave the page, so that its letters stay readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.rulebook import Part
from evalxl.excel.masters.measure import stored_width
from evalxl.excel.masters.office import MasterContext, head_of_report, keep_rows_with_signature, remark, signatures
from evalxl.excel.masters.sheet_kit import (
    LIST_SIZE,
    Cell,
    ListColumn,
    MasterWorkbook,
    bare_line,
    body,
    heading,
    last_printed,
    printed,
    scale_to_paper,
    set_widths,
)

# A column, and what a person's row has in it. The row's number comes beside the result.
_Column = tuple[ListColumn, Callable[[int, Result], Cell]]

_WIDEST = 187.0  # characters: printed at 76 %, so letters of 10 points have 7.6
_LONG_NOTE = 12  # letters; from here on a number is shorter
_LEAVE_THE_PAGE = ("title", "unit")


def draw_results(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    numbered = _numbered(office)
    laid_out = _columns(office, numbered)
    columns = [column for column, _ in laid_out]
    set_widths(sheet, columns)
    scale = scale_to_paper(sheet, columns)
    last = last_printed(columns)
    top = head_of_report(book, sheet, office, last, "results", enclosed=True)
    first = heading(book, sheet, top, columns, filtered=True, size=LIST_SIZE)
    sheet.repeat_rows(top, first - 1)
    # On the screen the letterhead lies above what is shown at first, which begins with the heading.
    sheet.set_top_left_cell(top, 0)
    sheet.freeze_panes(first - top, 2, first, 2)
    if office.view.results:
        lines = ([cell(n, result) for _, cell in laid_out] for n, result in enumerate(office.view.results, 1))
        row = body(book, sheet, first, columns, lines, size=LIST_SIZE)
        sheet.autofilter(first - 1, 0, row - 1, len(columns) - 1)
    else:
        row = bare_line(book, sheet, first, last, office.say("none.results"))
    end = row
    if numbered:
        words = "; ".join(f"{number} {note}" for note, number in numbered.items())
        row = remark(book, sheet, row, office.say("note.numbered", notes=words), columns)
    if office.view.rules.parts:
        row = remark(book, sheet, row, office.say("note.empty_scores"), columns)
        row = remark(book, sheet, row, office.say("note.basis"), columns)
    row = signatures(book, sheet, office, row + 1, last)
    sheet.print_area(0, 0, row - 1, last)
    keep_rows_with_signature(sheet, (top, first, end), row, scale)


def _numbered(office: MasterContext) -> dict[str, str]:
    """The long notes that several people have: each gets a number, which a line below the list explains."""
    counts = Counter(note for result in office.view.results for note in office.each_note(result))
    frequent = [note for note, count in counts.items() if count > 2 and len(note) > _LONG_NOTE]
    return {note: f"({number})" for number, note in enumerate(frequent, 1)}


def _notes(office: MasterContext, result: Result, numbered: Mapping[str, str]) -> str:
    return "; ".join(numbered.get(note, note) for note in office.each_note(result))


def _columns(office: MasterContext, numbered: Mapping[str, str]) -> list[_Column]:
    """The columns for the page, then those for the screen alone."""
    scored = bool(office.view.rules.parts)
    counted = office.say("head.counted")
    columns: list[_Column] = [
        (office.column("no", 3.5, "count"), lambda n, _: n),
        (office.column("name", 18), lambda _, result: result.name),
        (office.column("unit", 18), lambda _, result: result.unit_name),
        (office.column("title", 16.5), lambda _, result: result.title),
    ]
    if scored:
        columns += [
            *_scores(office, "self", lambda result: result.self_scores),
            *_scores(office, "scored", lambda result: result.scored),
            *_scores(office, "approved", lambda result: result.approved),
            (office.column("total", 6.3, "total", counted), lambda _, result: result.counted_total),
            (office.column("band", 25, "centre", counted), lambda _, result: office.band(result.band)),
        ]
    columns += [
        (office.column("state", 12, "centre"), lambda _, result: office.state(result.state)),
        (office.column("notes", 14), lambda _, result: _notes(office, result, numbered)),
        (office.column("form", 6, "centre", screen=True), lambda _, result: office.link(result.form)),
        (office.column("scoring", 6, "centre", screen=True), lambda _, result: office.link(result.scoring)),
        (office.column("code", 10, screen=True), lambda _, result: result.code),
    ]
    if scored:
        columns.append(
            (office.column("basis", 14.5, "centre", screen=True), lambda _, result: office.basis(result)),
        )
    return _in_order(office, columns)


def _scores(office: MasterContext, group: str, of: Callable[[Result], Scores]) -> list[_Column]:
    """What one step gave: on the page each part and the sum; of the self scores the sum alone."""
    shared, on_screen = office.say(f"head.{group}"), group == "self"

    def given(part: Part) -> _Column:
        column = office.part_column(part, 5.3, "score", shared, screen=on_screen)
        return column, lambda _, result: of(result).part(part.code)

    whole = office.column("self_sum", 5.9, "total") if on_screen else office.column("sum", 6, "total", shared)
    return [*map(given, office.view.rules.parts), (whole, lambda _, result: of(result).total)]


def _in_order(office: MasterContext, columns: list[_Column]) -> list[_Column]:
    """The page's columns first. If they are too wide for readable letters, the title leaves the page, then the unit."""
    for name in _LEAVE_THE_PAGE:
        page = printed(column for column, _ in columns)
        if sum(stored_width(column.width) for column in page) <= _WIDEST:
            break
        words = office.say(f"head.{name}")
        columns = [
            (replace(column, screen=True) if column.heading == words else column, cell) for column, cell in columns
        ]
    return sorted(columns, key=lambda column: column[0].screen)
