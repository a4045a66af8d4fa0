"""The sheet *Đã ghi nhận* of scoring and approval workbooks: what was booked in the owner's name, and how to object. Nothing is typed here."""

from __future__ import annotations

from evalxl.excel.templates import finish
from evalxl.excel.templates.books import (
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    RowColumn,
    draw_list,
    hide_unused,
    letters_of,
)
from evalxl.excel.templates.parts import CENTER, GREEN, LOCKED, PLAIN, RED, TEXT, PrintedPage, quoted
from evalxl.forms.shared_fields import EACH_BOOKED
from evalxl.words import say

HEAD = 4  # the row of column headers

_SMALL = TEXT_CELL.but(size=11)
_SCORE = SCORE_CELL.but(size=11)


def _columns(page: PrintedPage) -> tuple[RowColumn, ...]:
    parts = page.rules.parts
    scores = [RowColumn(f"{EACH_BOOKED}{part.code}", "booked.part", 42, _SCORE, part=part) for part in parts]
    total = [RowColumn("ev_booked_total", "booked.total", 46, TOTAL_CELL)] if parts else []
    return (*_DECISION, *scores, *total, *_WHY)


_DECISION = (
    NUMBER,
    RowColumn("ev_booked_event", "booked.event", 48, LOCKED.but(across="center", size=11)),
    RowColumn("ev_booked_at", "booked.at", 66, _SMALL.but(across="center")),
    RowColumn("ev_booked_week", "booked.week", 108, _SMALL),
    RowColumn("ev_booked_person", "booked.person", 60, _SMALL),
    RowColumn("ev_booked_name", "booked.name", 96, _SMALL.but(bold=True)),
    RowColumn("ev_booked_decision", "booked.decision", 104, _SMALL),
)
_WHY = (
    RowColumn("ev_booked_words", "booked.words", 170, _SMALL),
    RowColumn("ev_booked_source", "booked.source", 160, _SMALL),
    RowColumn("ev_booked_standing", "booked.standing", 96, _SMALL),
)


def draw(page: PrintedPage) -> None:
    """The sheet, drawn for the page's kind of workbook."""
    columns = _columns(page)
    at = letters_of(columns)
    end = at["ev_booked_standing"]
    first, last = HEAD + 1, HEAD + page.kind.rows_of(page.entry("ev_booked_event"), page.size)
    hide_unused(page, f"A{first}:{end}{last}", f"${at['ev_booked_event']}{first}")
    draw_list(page, HEAD, columns, tall=34, row_height=30)
    page.put(f"A1:{end}1", page.say("booked.title"), CENTER.but(bold=True, size=14))
    page.cell("ev_booked_note", f"A2:{end}2", PLAIN.but(size=11.5, shows=TEXT, down="top"))
    page.height(1, 22)
    page.height(2, 36)
    page.height(3, 5)
    standing = at["ev_booked_standing"]
    counts = f"{standing}{first}={quoted(say('booked.counts', page.lang))}"
    page.when(f"{standing}{first}:{standing}{last}", counts, color=GREEN)
    page.when(f"{standing}{first}:{standing}{last}", f"NOT({counts})", color=RED)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    finish.paper(page, landscape=True, tall=0, titles=f"{HEAD}:{HEAD}")
    finish.open_at(page, f"A{first}", freeze=f"A{first}", zoom=90)
    finish.protect(page.sheet, look_around=True, filters=True)
