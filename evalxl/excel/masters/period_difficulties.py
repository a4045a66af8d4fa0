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
        office.column("unit", 18),
        office.column("name", 17),
        *difficulty_columns(office),
        office.column("code", 10, screen=True),
    ]

    def line(place: int, line: DifficultyLine) -> list[Cell]:
        name, code = (line.name, line.subject) if line.name else (office.term("head.collective"), "")
        return [place, line.unit_name, name, *difficulty_cells(office, line), code]

    lines = [line(n, each) for n, each in enumerate(office.view.difficulties, 1)]
    fill_list(book, sheet, office, "difficulties", columns, lines, [office.say("note.difficulties")])
