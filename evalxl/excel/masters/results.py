"""*Kết quả*: a row per person to be evaluated, in the office's order, printed as a list that is signed and filed."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Result
from evalxl.excel.masters.office import MasterContext, head_of_report, remark, signatures
from evalxl.excel.masters.sheet_kit import Cell, ListColumn, MasterWorkbook, bare_line, body, heading, set_widths

LINKS = 2  # the last columns; they are for the screen and stay off the printed page


def draw_results(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    columns = _columns(office)
    set_widths(sheet, columns)
    printed = len(columns) - 1 - LINKS
    top = head_of_report(book, sheet, office, printed, "results", enclosed=True)
    first = heading(book, sheet, top, columns, filtered=True)
    sheet.repeat_rows(top, first - 1)
    sheet.freeze_panes(first, 3)
    if office.view.results:
        row = body(
            book, sheet, first, columns, (_line(office, n, result) for n, result in enumerate(office.view.results, 1))
        )
        sheet.autofilter(first - 1, 0, row - 1, len(columns) - 1)
    else:
        row = bare_line(book, sheet, first, printed, office.say("none.results"))
    if office.view.rules.parts:
        row = remark(book, sheet, row, office.say("note.empty_scores"))
        row = remark(book, sheet, row, office.say("note.basis"))
    row = signatures(book, sheet, office, row + 1, printed)
    sheet.print_area(0, 0, row - 1, printed)


def _columns(office: MasterContext) -> list[ListColumn]:
    def scores(group: str) -> list[ListColumn]:
        shared, parts = office.say(f"head.{group}"), office.view.rules.parts
        if not parts:
            return []
        return [
            *(office.part_column(part, 6, "score", shared) for part in parts),
            office.column("sum", 6.9, "total", shared),
        ]

    counted = office.say("head.counted")
    return [
        office.column("no", 4.3, "count"),
        office.column("code", 10),
        office.column("name", 20),
        office.column("unit", 17.5),
        office.column("title", 17),
        *scores("self"),
        *scores("scored"),
        *scores("approved"),
        *(
            [
                office.column("total", 7.6, "total", counted),
                office.column("basis", 14.5, "centre", counted),
                office.column("band", 16.5, "centre", counted),
            ]
            if office.view.rules.parts
            else []
        ),
        office.column("state", 12, "centre"),
        office.column("notes", 20),
        office.column("form", 7, "centre"),
        office.column("scoring", 7, "centre"),
    ]


def _line(office: MasterContext, place: int, result: Result) -> list[Cell]:
    return [
        place,
        result.code,
        result.name,
        result.unit_name,
        result.title,
        *_parts(office, result.self_scores),
        *_parts(office, result.scored),
        *_parts(office, result.approved),
        *([result.counted_total, office.basis(result), office.band(result.band)] if office.view.rules.parts else []),
        office.state(result.state),
        office.notes(result),
        office.link(result.form),
        office.link(result.scoring),
    ]


def _parts(office: MasterContext, scores: Scores) -> list[Cell]:
    codes = office.view.rules.codes
    return [*map(scores.part, codes), scores.total] if codes else []
