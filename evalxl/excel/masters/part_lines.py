"""*Tiêu chí*: what was given in the lines of parts, a row per person and line, where the rule book has lines."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.rulebook import Part
from evalxl.excel.masters.office import MasterContext, head_of_list
from evalxl.excel.masters.sheet_kit import Cell, MasterWorkbook, bare_line, body, heading, set_widths


def draw_lines(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """Everybody's lines, the person's beside the manager's; people who gave and were given nothing have none."""
    columns = [
        office.column("code", 10),
        office.column("name", 22),
        office.column("unit", 22),
        office.column("line_part", 20),
        office.column("line", 46),
        office.column("maximum", 8, "score"),
        office.column("self", 9, "score"),
        office.column("scored", 9, "score"),
    ]
    set_widths(sheet, columns)
    last = len(columns) - 1
    first = heading(book, sheet, head_of_list(book, sheet, office, last, "lines"), columns, filtered=True)
    sheet.freeze_panes(first, 2)
    sheet.repeat_rows(first - 1)
    rows = [row for result in office.view.results for row in _of_person(office, result)]
    if not rows:
        bare_line(book, sheet, first, last, office.say("none.results"))
        return
    at = body(book, sheet, first, columns, rows)
    sheet.autofilter(first - 1, 0, at - 1, last)
    sheet.print_area(0, 0, at - 1, last)


def _of_person(office: MasterContext, result: Result) -> Iterator[list[Cell]]:
    who: list[Cell] = [result.code, result.name, result.unit_name]
    for cells in lines_given(office, result, office.view.rules.parts):
        yield [*who, *cells]


def lines_given(office: MasterContext, result: Result, parts: tuple[Part, ...]) -> Iterator[list[Cell]]:
    """Each line in which a person gave or was given points: part, line, maximum, the person's points and the manager's."""
    for part in parts:
        name = part.label("master.head.part", office.lang)
        for line in part.lines:
            own, given = result.self_lines.get(line.key), result.scored_lines.get(line.key)
            if own is not None or given is not None:
                yield [name, line.name(office.lang), line.maximum, own, given]
