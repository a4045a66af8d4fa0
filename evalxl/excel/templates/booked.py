"""The sheet *Đã ghi nhận* of scoring and approval workbooks: what was booked in the owner's name, and how to object. Nothing is typed here."""

from __future__ import annotations

from evalxl.excel.templates import finish
from evalxl.excel.templates.books import NUMBER, SCORE_CELL, TEXT_CELL, TOTAL_CELL, RowColumn, hide_unused, shared_width
from evalxl.excel.templates.decision_list import ListColumn, SheetList, screen
from evalxl.excel.templates.page_layout import on_paper, open_below
from evalxl.excel.templates.parts import CENTER, GREEN, LOCKED, PLAIN, RED, TEXT, PrintedPage, quoted
from evalxl.forms.shared_fields import EACH_BOOKED
from evalxl.words import say

HEADS = 4  # the first of the three rows of headers

_SMALL = TEXT_CELL.but(size=10.5)
_SCORE = SCORE_CELL.but(size=10.5)
_PRINTED = 169.0  # characters


def _columns(page: PrintedPage) -> list[ListColumn]:
    parts = page.rules.parts
    scores = [
        ListColumn(RowColumn(f"{EACH_BOOKED}{one.code}", "booked.part", 0, _SCORE, part=one), 6.2) for one in parts
    ]
    total = [ListColumn(RowColumn("ev_booked_total", "booked.total", 0, TOTAL_CELL), 6.8)] if parts else []
    decided = [*_DECISION, *scores, *total]
    wide = shared_width(_PRINTED - sum(one.wide for one in decided), 1, 1, 0.55)
    words = (("words", _SMALL), ("source", _SMALL), ("standing", _SMALL))
    return [
        *decided,
        *(
            ListColumn(RowColumn(f"ev_booked_{name}", f"booked.{name}", 0, look), room)
            for (name, look), room in zip(words, wide, strict=True)
        ),
        screen(RowColumn("ev_booked_person", "booked.person", 0, _SMALL), 10),
    ]


_DECISION = (
    ListColumn(NUMBER, 4.2),
    ListColumn(RowColumn("ev_booked_event", "booked.event", 0, LOCKED.but(across="center", size=10.5)), 7),
    ListColumn(RowColumn("ev_booked_at", "booked.at", 0, _SMALL.but(across="center")), 11),
    ListColumn(RowColumn("ev_booked_week", "booked.week", 0, _SMALL), 16),
    ListColumn(RowColumn("ev_booked_name", "booked.name", 0, _SMALL.but(bold=True)), 15),
    ListColumn(RowColumn("ev_booked_decision", "booked.decision", 0, _SMALL), 16),
)


def draw(page: PrintedPage) -> None:
    """The sheet, drawn for the page's kind of workbook."""
    drawn = SheetList(page, _columns(page), page.kind.booked_in, HEADS)
    first = drawn.first
    hide_unused(page, f"A{first}:{drawn.end}{drawn.last}", f"${drawn.at['ev_booked_event']}{first}")
    drawn.draw(28)
    page.put(f"A1:{drawn.east}1", page.say("booked.title"), CENTER.but(bold=True, size=14))
    page.cell("ev_booked_note", f"A2:{drawn.east}2", PLAIN.but(size=11.5, shows=TEXT, down="top"))
    page.height(1, 22)
    page.height(2, 36, grows=True)
    page.height(3, 5)
    standing = drawn.rows("ev_booked_standing")
    counts = f"${drawn.at['ev_booked_standing']}{first}={quoted(say('booked.counts', page.lang))}"
    page.when(standing, counts, color=GREEN)
    page.when(standing, f"NOT({counts})", color=RED)
    on_paper(page, f"A1:{drawn.east}{drawn.last}", titles=drawn.titles)
    open_below(page, f"A{first}", 1, f"A{first}")
    finish.protect(page.sheet, look_around=True, filters=True)
