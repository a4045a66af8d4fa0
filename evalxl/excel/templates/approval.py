"""The approval workbook: one A4 list a week to decide in, and to sign."""

from __future__ import annotations

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.templates import booked, finish, guide, inputs, package
from evalxl.excel.templates.books import (
    FIRST,
    HEAD,
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    Column,
    draw_list,
    foot,
    head,
    hide_unused,
    letters_of,
    mark_collectives,
)
from evalxl.excel.templates.parts import ALERT, GOOD, GREEN, INPUT, PINK, PLAIN, RED, Page, add_page, new_book, sentence
from evalxl.forms.fields import ADJUST, APPROVE, CAPACITY, NO, RETURN, YES, Kind
from evalxl.words import Lang, say

_SCORE = SCORE_CELL.but(size=11.5)
_TOTAL = TOTAL_CELL.but(size=11.5)
_ADJUSTED = INPUT.but(across="center", size=11.5, shows="General")

COLUMNS = (
    NUMBER,
    Column("ev_row_person", "book.person", 60),
    Column("ev_row_name", "book.name", 90, TEXT_CELL.but(bold=True)),
    Column("ev_row_title", "book.job", 72),
    Column("ev_row_unit", "book.unit", 56),
    Column("ev_row_state", "book.state", 78),
    Column("ev_row_self_total", "book.self_total", 44, _TOTAL.but(bold=False)),
    Column("ev_row_score_quality", "book.scored_quality", 42, _SCORE),
    Column("ev_row_score_progress", "book.scored_progress", 42, _SCORE),
    Column("ev_row_score_conduct", "book.scored_conduct", 42, _SCORE),
    Column("ev_row_score_total", "book.scored_total", 46, _TOTAL),
    Column("ev_row_band", "book.band", 72),
    Column("ev_row_comment", "book.comment", 136),
    Column("ev_row_breach", "book.row_breach_head", 84),
    Column("ev_row_reply", "book.reply", 76),
    Column("ev_row_scorer", "book.scorer_name", 70),
    Column("ev_approve_decision", "book.approve_decision", 76, prompt="approve_decision"),
    Column("ev_approve_quality", "book.approve_quality", 42, _ADJUSTED, prompt="adjust"),
    Column("ev_approve_progress", "book.approve_progress", 42, _ADJUSTED, prompt="adjust"),
    Column("ev_approve_conduct", "book.approve_conduct", 42, _ADJUSTED, prompt="adjust"),
    Column("ev_approve_opinion", "book.opinion", 118, prompt="opinion"),
    Column("ev_approve_by_paper", "book.by_paper", 74, prompt="by_paper"),
)


def build(rules: RuleBook, lang: Lang) -> bytes:
    """The template of an approval workbook."""
    book = new_book()
    page, told, help_page = (
        add_page(book, say(f"paper.sheet.{key}", lang), Kind.APPROVAL, rules, lang)
        for key in ("approval", "booked", "help")
    )
    hidden = finish.hidden_page(book, Kind.APPROVAL, rules, lang)
    _list(page)
    booked.draw(told)
    guide.book_guide(help_page)
    finish.protect(page.sheet, look_around=True, filters=True)
    for made in (help_page, hidden):
        finish.protect(made.sheet)
    return package.finished((page, told, help_page, hidden), page.say("book.approval_title"))


def _list(page: Page) -> None:
    at = letters_of(COLUMNS)
    end = at["ev_approve_by_paper"]
    last = HEAD + CAPACITY["approvals"]
    hide_unused(page, f"A{FIRST}:{end}{last}", f"${at['ev_row_person']}{FIRST}")
    mark_collectives(page, at, last)
    draw_list(page, HEAD, COLUMNS, tall=92, row_height=33)
    head(page, ("E", "L", "N", "U", "V"), _left(page), _nothing_left())
    page.put("A5:N5", page.say("book.legend_approval"), PLAIN.but(size=11))
    page.put("O5:T5", page.say("book.approve_all"), PLAIN.but(bold=True, across="right"))
    entry = page.cell("ev_approve_all", "U5", INPUT.but(bold=True, across="center"), NO)
    inputs.choice(page, entry, "U5", "approve_all")
    page.when("U5", f'ev_approve_all="{YES}"', fill=GOOD, color=GREEN)
    page.height(5, 20)
    _looks(page, at, last)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    # What the office types from a signed list has no place on the list itself, nor have the links.
    paper = at["ev_approve_opinion"]
    bottom = foot(page, last + 1, "P", paper, "approver")
    finish.paper(page, landscape=True, tall=0, area=f"A1:{paper}{bottom}", titles=f"{HEAD}:{HEAD}")
    finish.open_at(page, "U5", freeze=f"{at['ev_row_title']}{FIRST}", zoom=90)


def _looks(page: Page, at: dict[str, str], last: int) -> None:
    """Decisions in colour, and what an adjustment or a return still needs in pink."""
    decision, opinion = at["ev_approve_decision"], at["ev_approve_opinion"]
    said = f"${decision}{FIRST}"
    rows = f"{decision}{FIRST}:{decision}{last}"
    page.when(rows, f'OR({said}="{APPROVE}",{said}="{ADJUST}")', fill=GOOD, color=GREEN)
    page.when(rows, f'{said}="{RETURN}"', fill=ALERT, color=RED)
    reason = f'AND(OR({said}="{ADJUST}",{said}="{RETURN}"),LEN(TRIM(${opinion}{FIRST}))=0)'
    page.when(f"{opinion}{FIRST}:{opinion}{last}", reason, fill=PINK)
    first, final = at["ev_approve_quality"], at["ev_approve_conduct"]
    scores = f"${first}{FIRST}:${final}{FIRST}"
    page.when(f"{first}{FIRST}:{final}{last}", f'AND({said}="{ADJUST}",COUNT({scores})=0)', fill=PINK)


def _left(page: Page) -> str:
    everybody = 'SUMPRODUCT((ev_row_person<>"")*1)'
    words = "+".join(f'(ev_approve_decision="{word}")' for word in (APPROVE, ADJUST, RETURN))
    decided = f'IF(ev_approve_all="{YES}",{everybody},SUMPRODUCT((ev_row_person<>"")*({words})))'
    return "=" + sentence(page.say("book.approved"), n=decided, all=everybody)


def _nothing_left() -> str:
    open_rows = "*".join(f'(ev_approve_decision<>"{word}")' for word in (APPROVE, ADJUST, RETURN))
    return f'OR(ev_approve_all="{YES}",SUMPRODUCT((ev_row_person<>"")*{open_rows})=0)'
