"""The sheet of an approval workbook with the tasks and products of the rows to decide. Nothing is typed here."""

from __future__ import annotations

from evalxl.excel.templates.books import NUMBER, TEXT_CELL, RowColumn, hide_unused
from evalxl.excel.templates.decision_list import ListColumn, SheetList, screen
from evalxl.excel.templates.page_layout import on_paper, open_below
from evalxl.excel.templates.parts import CENTER, PALE, PLAIN, RED, PrintedPage, quoted
from evalxl.words import say

HEADS = 3  # the first of the three rows of headers

_SMALL = TEXT_CELL.but(size=10.5)
_COLUMNS = (
    ListColumn(NUMBER, 4.6),
    ListColumn(RowColumn("ev_task_of_name", "book.name", 0, _SMALL.but(bold=True)), 16),
    ListColumn(RowColumn("ev_task_of_remark", "task_view.remark", 0, _SMALL.but(bold=True)), 17),
    ListColumn(RowColumn("ev_task_of_task", "check.task", 0, _SMALL), 42),
    ListColumn(RowColumn("ev_task_of_said", "task_view.said", 0, _SMALL), 22),
    ListColumn(RowColumn("ev_task_of_product", "check.product", 0, _SMALL), 38),
    ListColumn(RowColumn("ev_task_of_cause", "check.cause", 0, _SMALL), 18),
    ListColumn(RowColumn("ev_task_of_recognised", "check.recognised", 0, _SMALL.but(across="center")), 9.4),
    screen(RowColumn("ev_task_of_person", "book.person", 0, _SMALL), 10),
)


def draw(page: PrintedPage) -> None:
    """The sheet, drawn for the page's kind of workbook."""
    drawn = SheetList(page, _COLUMNS, "task_views", HEADS)
    person, remark = (f"${drawn.at[f'ev_task_of_{name}']}{drawn.first}" for name in ("person", "remark"))
    whole = f"A{drawn.first}:{drawn.end}{drawn.last}"
    hide_unused(page, whole, person)
    drawn.draw(20)
    page.put(f"A1:{drawn.east}1", page.say("task_view.title"), CENTER.but(bold=True, size=14))
    page.put(f"A2:{drawn.east}2", page.say("task_view.note"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 17, grows=True)
    page.when(whole, f"LEN({remark})=0", color=PALE)
    page.when(drawn.rows("ev_task_of_remark"), f"{remark}<>{quoted(say('task_view.important', page.lang))}", color=RED)
    on_paper(page, f"A1:{drawn.east}{drawn.last}", titles=drawn.titles)
    open_below(page, f"A{drawn.first}", 1, f"C{drawn.first}")
