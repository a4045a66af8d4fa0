"""The approval workbook: one A4 list a week to decide in, and to sign."""

from __future__ import annotations

from openpyxl.utils import column_index_from_string, get_column_letter

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.excel.templates import booked, finish, guide, inputs, package
from evalxl.excel.templates.books import (
    FIRST,
    HEAD,
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    HeadWords,
    RowColumn,
    draw_list,
    foot,
    head,
    hide_unused,
    letters_of,
    listed,
    mark_collectives,
)
from evalxl.excel.templates.form import band_formula
from evalxl.excel.templates.parts import (
    ALERT,
    GOOD,
    GREEN,
    INPUT,
    LOCKED,
    PINK,
    PLAIN,
    RED,
    PrintedPage,
    add_page,
    new_book,
    quoted,
    sentence,
)
from evalxl.forms.fields import ADJUST, APPROVE, NO, RETURN, YES
from evalxl.forms.kind import WorkbookKind
from evalxl.words import Lang, say

_SCORE = SCORE_CELL.but(size=11.5)
_TOTAL = TOTAL_CELL.but(size=11.5)
_ADJUSTED = INPUT.but(across="center", size=11.5, shows="General")

_WHO = (
    NUMBER,
    RowColumn("ev_row_person", "book.person", 60),
    RowColumn("ev_row_name", "book.name", 90, TEXT_CELL.but(bold=True)),
    RowColumn("ev_row_title", "book.job", 72),
    RowColumn("ev_row_unit", "book.unit", 56),
    RowColumn("ev_row_state", "book.state", 78),
    RowColumn("ev_row_self_total", "book.self_total", 44, _TOTAL.but(bold=False)),
)
_RESULT = (
    RowColumn("ev_row_score_total", "book.scored_total", 46, _TOTAL),
    RowColumn("ev_row_band", "book.band", 72),
    RowColumn("ev_row_comment", "book.comment", 136),
    RowColumn("ev_row_breach", "book.row_breach_head", 84),
    RowColumn("ev_row_reply", "book.reply", 76),
    RowColumn("ev_row_scorer", "book.scorer_name", 70),
    RowColumn("ev_approve_decision", "book.approve_decision", 76, prompt="approve_decision"),
)


def _columns(page: PrintedPage) -> tuple[RowColumn, ...]:
    """What is printed and signed; beside it what an adjustment comes to and what a row still needs, and what the office types from paper."""
    total = "{ev_approve_total}{row}"
    parts = page.rules.parts
    return (
        *_WHO,
        *(RowColumn(f"ev_row_score_{part.code}", "book.scored_part", 42, _SCORE, part=part) for part in parts),
        *_RESULT,
        *(
            RowColumn(f"ev_approve_{part.code}", "book.approve_part", 42, _ADJUSTED, prompt="adjust", part=part)
            for part in parts
        ),
        RowColumn("ev_approve_opinion", "book.opinion", 118, prompt="opinion"),
        RowColumn("ev_approve_open_items", "book.open_items", 190, LOCKED.but(size=11, color=RED), _needs(page)),
        RowColumn("ev_approve_total", "book.new_total", 52, _TOTAL, _new_total(page)),
        RowColumn("ev_approve_band", "book.new_band", 118, TEXT_CELL, "=" + band_formula(page.rules, total, page.lang)),
        RowColumn("ev_approve_by_paper", "book.by_paper", 74, prompt="by_paper"),
    )


def _pairs(rules: RuleBook) -> tuple[tuple[Part, str, str], ...]:
    """Each part with its score and the approver's beside it, as a row's formula names them."""
    return tuple(
        (part, f"{{ev_row_score_{part.code}}}{{row}}", f"{{ev_approve_{part.code}}}{{row}}") for part in rules.parts
    )


def _out_of_bounds(part: Part, own: str) -> str:
    """The condition under which the approver typed something else than a score of a part."""
    maximum = shown(part.maximum)
    return f"IF(LEN({own})=0,1=0,NOT(AND(ISNUMBER({own}),N({own})>=0,N({own})<={maximum})))"


def _new_total(page: PrintedPage) -> str:
    """What the row comes to with what the approver typed, as `domain.evaluation.row_requirements.with_adjustments`; empty where nothing is adjusted, or wrongly."""
    pairs = _pairs(page.rules)
    wrong = ",".join(_out_of_bounds(part, own) for part, _, own in pairs)
    scored, adjusted = ",".join(given for _, given, _ in pairs), ",".join(own for _, _, own in pairs)
    parts = "+".join(f"IF(ISNUMBER({own}),{own},{given})" for _, given, own in pairs)
    return f'=IF(AND(COUNT({scored})={len(pairs)},COUNT({adjusted})>0,NOT(OR({wrong}))),ROUND({parts},9),"")'


def _needs(page: PrintedPage) -> str:
    """What a decision still needs before it is booked, in words, as `decide_approvals` has it; empty for a row that is complete or not begun."""
    decision, opinion = "{ev_approve_decision}{row}", "{ev_approve_opinion}{row}"
    pairs = _pairs(page.rules)
    scored = ",".join(given for _, given, _ in pairs)
    adjusted = ",".join(own for _, _, own in pairs)
    differs = "OR(" + ",".join(f"IF(ISNUMBER({own}),{own}<>{given},1=0)" for _, given, own in pairs) + ")"
    no_opinion = f"LEN(TRIM({opinion}))=0"
    undecided = f'AND({decision}<>"{APPROVE}",{decision}<>"{ADJUST}",{decision}<>"{RETURN}")'
    approved = f'OR({decision}="{APPROVE}",AND(ev_approve_all="{YES}",{undecided}))'

    def item(condition: str, key: str, **facts: str) -> str:
        return f'IF({condition},{quoted(page.say(key, **facts) + "; ")},"")'

    needs = [
        item(f'AND({undecided},ev_approve_all<>"{YES}")', "book.need_decision"),
        item(f'AND(OR(NOT({undecided}),ev_approve_all="{YES}"),COUNT({scored})<{len(pairs)})', "book.need_score"),
        *(
            item(
                _out_of_bounds(part, own),
                "book.need_part",
                part=part.name(page.lang).lower(),
                maximum=shown(part.maximum),
            )
            for part, _, own in pairs
        ),
        item(f"AND({approved},{differs})", "book.need_adjust"),
        item(f'AND({decision}="{ADJUST}",NOT({differs}))', "book.need_adjusted"),
        item(f'AND({decision}="{ADJUST}",{no_opinion})', "book.need_reason"),
        item(f'AND({decision}="{RETURN}",{no_opinion})', "book.need_return"),
    ]
    begun = f"OR(NOT({undecided}),COUNTA({adjusted})>0,NOT({no_opinion}))"
    return f'=IF(LEN({{ev_row_person}}{{row}})=0,"",IF({begun},{listed(needs, page.say("book.row_needs"), ".")},""))'


def build(kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int) -> bytes:
    """The template of an approval workbook."""
    book = new_book()
    page, printed_page, help_page = (
        add_page(book, say(f"paper.sheet.{key}", lang), kind, rules, lang, size)
        for key in ("approval", "booked", "help")
    )
    hidden = finish.hidden_page(book, kind, rules, lang)
    _list(page)
    booked.draw(printed_page)
    guide.approval_guide(help_page)
    finish.protect(page.sheet, look_around=True, filters=True)
    for made in (help_page, hidden):
        finish.protect(made.sheet)
    return package.finished((page, printed_page, help_page, hidden), page.say("book.approval_title"))


def _list(page: PrintedPage) -> None:
    columns = _columns(page)
    at = letters_of(columns)
    end = at["ev_approve_by_paper"]
    last = HEAD + page.room("approvals")
    hide_unused(page, f"A{FIRST}:{end}{last}", f"${at['ev_row_person']}{FIRST}")
    mark_collectives(page, at, last)
    draw_list(page, HEAD, columns, tall=92, row_height=33)
    breach, opinion = at["ev_row_breach"], at["ev_approve_opinion"]
    cuts = (at["ev_row_unit"], at["ev_row_band"], breach, opinion, at["ev_approve_open_items"])
    words = HeadWords(page.say("book.approval_title"), page.say("book.deadline_approve"), page.say("book.approver"))
    head(page, cuts, words, _left(page), _nothing_left())
    page.put(f"A5:{breach}5", page.say("book.legend_approval"), PLAIN.but(size=11))
    before = get_column_letter(column_index_from_string(opinion) - 1)
    page.put(f"{at['ev_row_reply']}5:{before}5", page.say("book.approve_all"), PLAIN.but(bold=True, across="right"))
    all_at = f"{opinion}5"
    entry = page.cell("ev_approve_all", all_at, INPUT.but(bold=True, across="center"), NO)
    inputs.choice(page, entry, all_at, "approve_all")
    page.when(all_at, f'ev_approve_all="{YES}"', fill=GOOD, color=GREEN)
    page.height(5, 20)
    _looks(page, at, last)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    # What the office types from a signed list has no place on the list itself, nor have the links.
    bottom = foot(page, last + 1, at["ev_row_scorer"], opinion, "approver")
    finish.paper(page, landscape=True, tall=0, area=f"A1:{opinion}{bottom}", titles=f"{HEAD}:{HEAD}")
    finish.open_at(page, all_at, freeze=f"{at['ev_row_title']}{FIRST}", zoom=90)


def _looks(page: PrintedPage, at: dict[str, str], last: int) -> None:
    """Decisions in colour, and what an adjustment or a return still needs in pink."""
    decision, opinion = at["ev_approve_decision"], at["ev_approve_opinion"]
    said = f"${decision}{FIRST}"
    rows = f"{decision}{FIRST}:{decision}{last}"
    page.when(rows, f'OR({said}="{APPROVE}",{said}="{ADJUST}")', fill=GOOD, color=GREEN)
    page.when(rows, f'{said}="{RETURN}"', fill=ALERT, color=RED)
    reason = f'AND(OR({said}="{ADJUST}",{said}="{RETURN}"),LEN(TRIM(${opinion}{FIRST}))=0)'
    page.when(f"{opinion}{FIRST}:{opinion}{last}", reason, fill=PINK)
    if not page.rules.parts:
        return
    first, final = (at[f"ev_approve_{page.rules.codes[place]}"] for place in (0, -1))
    scores = f"${first}{FIRST}:${final}{FIRST}"
    page.when(f"{first}{FIRST}:{final}{last}", f'AND({said}="{ADJUST}",COUNT({scores})=0)', fill=PINK)


def _left(page: PrintedPage) -> str:
    everybody = 'SUMPRODUCT((ev_row_person<>"")*1)'
    return "=" + sentence(page.say("book.approved"), n=_decided(), all=everybody)


def _decided() -> str:
    """How many rows will be booked: decided by themselves or with all, and in need of nothing."""
    words = "+".join(f'(ev_approve_decision="{word}")' for word in (APPROVE, ADJUST, RETURN))
    with_all = f'(ev_approve_all="{YES}")*ISNUMBER(ev_row_score_total)'
    return f'SUMPRODUCT((ev_row_person<>"")*(ev_approve_open_items="")*((({words})+{with_all})>0))'


def _nothing_left() -> str:
    return f'{_decided()}=SUMPRODUCT((ev_row_person<>"")*1)'
