"""What stood in people's way over a period, and what became of it."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.excel.masters.lists import difficulty_cells, difficulty_columns, fill_list
from evalxl.excel.masters.period_context import PeriodContext
from evalxl.excel.masters.sheet_kit import Cell, MasterWorkbook


def draw_difficulties(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> None:
    """What units and people said stands in their way and what they ask for, unit by unit, and what became of it."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("unit", 22),
        office.column("code", 10),
        office.column("name", 20),
        *difficulty_columns(office),
    ]

    def line(place: int, line: DifficultyLine) -> list[Cell]:
        who = [line.subject, line.name] if line.name else ["", office.term("head.collective")]
        return [place, line.unit_name, *who, *difficulty_cells(office, line)]

    lines = [line(n, each) for n, each in enumerate(office.view.difficulties, 1)]
    fill_list(book, sheet, office, "difficulties", columns, lines, [office.say("note.difficulties")])
