"""The approval workbook: one A4 list a week to decide in, and to sign."""

from __future__ import annotations

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.excel.templates import booked, finish, guide, package, task_view
from evalxl.excel.templates.books import (
    LINK_CELL,
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    HeadWords,
    RowColumn,
    hide_unused,
    listed,
    shared_width,
)
from evalxl.excel.templates.decision_list import (
    FIRST,
    ListColumn,
    Once,
    SheetList,
    decision_list,
    foot,
    grouped,
    head,
    open_list,
    screen,
)
from evalxl.excel.templates.form import band_formula
from evalxl.excel.templates.parts import (
    ALERT,
    BLUE,
    GIVEN_INK,
    GOOD,
    GREEN,
    INPUT,
    PALE,
    PINK,
    RED,
    PrintedPage,
    add_page,
    new_book,
    quoted,
    sentence,
)
from evalxl.forms.fields import ADJUST, APPROVE, RETURN, YES
from evalxl.forms.kind import WorkbookKind
from evalxl.words import Lang, say

_TEXT = TEXT_CELL.but(size=10.5)
_SMALL = TEXT_CELL.but(size=10)
_SCORE = SCORE_CELL.but(size=11)
_TOTAL = TOTAL_CELL.but(size=11.5)
_PALE_TOTAL = TOTAL_CELL.but(size=11, bold=False, color=PALE)
_ADJUSTED = INPUT.but(across="center", size=11.5, bold=True, shows="General")
_WORDS = INPUT.but(size=10.5, down="top")

_PRINTED = 167.5  # characters: the widest print area
_MANY_PARTS, _MOST_PARTS = 4, 5  # from here on title and unit are no longer printed


def _columns(page: PrintedPage) -> list[ListColumn]:
    """On the screen first what needs a look, and the form; on paper who, the scores, the decision beside the total, what an adjustment comes to, and
    the words; then what a row still needs, and what the office types from paper.
    """
    total, parts = "{ev_approve_total}{row}", page.rules.parts
    title = ListColumn(RowColumn("ev_row_title", "book.job", 0, _TEXT), 12)
    unit = ListColumn(RowColumn("ev_row_unit", "book.unit", 0, _TEXT.but(size=10, indent=0, across="center")), 7)
    prints = (len(parts) < _MANY_PARTS, len(parts) < _MOST_PARTS)
    scored = [
        ListColumn(RowColumn(f"ev_row_score_{one.code}", "book.scored_part", 0, _SCORE, part=one), 6) for one in parts
    ]
    scored += [ListColumn(RowColumn("ev_row_score_total", "book.scored_total", 0, _TOTAL), 6.8)]
    adjusted = [
        ListColumn(RowColumn(f"ev_approve_{one.code}", "book.group_part", 0, _ADJUSTED, prompt="adjust", part=one), 6.2)
        for one in parts
    ]
    new_band = RowColumn("ev_approve_band", "book.new_band", 0, _TEXT, "=" + band_formula(page.rules, total, page.lang))
    adjusted += [
        ListColumn(
            RowColumn("ev_approve_total", "book.new_total", 0, _TOTAL.but(color=GIVEN_INK), _new_total(page)), 6.8
        ),
        ListColumn(new_band, 12),
    ]
    decision = RowColumn(
        "ev_approve_decision",
        "book.approve_decision",
        0,
        INPUT.but(size=10.5, bold=True, across="center", indent=0),
        prompt="approve_decision",
    )
    printed = [
        ListColumn(NUMBER, 4.2),
        ListColumn(RowColumn("ev_row_name", "book.name", 0, TEXT_CELL.but(bold=True, size=10.5)), 14.8),
        *([title] if prints[0] else []),
        *([unit] if prints[1] else []),
        ListColumn(RowColumn("ev_row_self_total", "book.self_total", 0, _PALE_TOTAL), 6.8),
        *grouped(scored, page.say("book.group_scored")),
        ListColumn(RowColumn("ev_row_band", "book.band", 0, _TEXT), 14.5),
        ListColumn(decision, 11),
        *grouped(adjusted, page.say("book.group_adjusted")),
    ]
    opinion, comment = shared_width(_PRINTED - sum(one.wide for one in printed), 1, 1.5)
    printed += [
        ListColumn(RowColumn("ev_approve_opinion", "book.opinion", 0, _WORDS, prompt="opinion"), opinion),
        ListColumn(RowColumn("ev_row_comment", "book.comment_and_breach", 0, _TEXT), comment),
    ]
    return [
        screen(RowColumn("ev_row_state", "book.remarks", 0, _SMALL.but(size=9.5, indent=0)), 13),
        screen(RowColumn("ev_row_link", "book.link", 0, LINK_CELL.but(size=10)), 6.4),
        *printed,
        screen(RowColumn("ev_approve_open_items", "book.open_items", 0, _SMALL.but(color=RED), _needs(page)), 24),
        screen(RowColumn("ev_row_reply", "book.reply", 0, _SMALL), 22),
        screen(RowColumn("ev_row_breach", "book.row_breach_head", 0, _SMALL), 22),
        screen(RowColumn("ev_row_scorer", "book.scorer_name", 0, _SMALL), 15),
        screen(RowColumn("ev_approve_by_paper", "book.by_paper", 0, INPUT.but(size=10), prompt="by_paper"), 14),
        *([] if prints[0] else [screen(title.column, title.wide)]),
        *([] if prints[1] else [screen(unit.column, unit.wide)]),
        screen(RowColumn("ev_row_person", "book.person", 0, _SMALL), 10),
    ]


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
    page, tasks, printed_page, help_page = (
        add_page(book, say(f"paper.sheet.{key}", lang), kind, rules, lang, size)
        for key in ("approval", "tasks", "booked", "help")
    )
    hidden = finish.hidden_page(book, kind, rules, lang)
    _list(page)
    task_view.draw(tasks)
    booked.draw(printed_page)
    guide.approval_guide(help_page)
    for made in (page, tasks):
        finish.protect(made.sheet, look_around=True, filters=True)
    for made in (help_page, hidden):
        finish.protect(made.sheet)
    return package.finished((page, tasks, printed_page, help_page, hidden), page.say("book.approval_title"))


def _list(page: PrintedPage) -> None:
    drawn = decision_list(page, _columns(page), "approvals")
    at = drawn.at
    hide_unused(page, f"A{FIRST}:{drawn.end}{drawn.last}", f"${at['ev_row_person']}{FIRST}")
    drawn.draw(28)
    words = HeadWords(page.say("book.approval_title"), page.say("book.deadline_approve"), page.say("book.approver"))
    once = [Once("ev_approve_all", page.say("book.approve_all"), at["ev_approve_decision"])]
    head(drawn, words, _left(page), _nothing_left(), once, page.say("book.legend_approval"))
    _looks(drawn)
    foot(drawn, "approver")
    open_list(drawn, "ev_approve_decision", "ev_row_name")


def _looks(drawn: SheetList) -> None:
    """Decisions in colour, what an adjustment or a return still needs in orange, the bands that need a look."""
    page, at = drawn.page, drawn.at
    said, opinion = f"${at['ev_approve_decision']}{FIRST}", f"${at['ev_approve_opinion']}{FIRST}"
    page.when(drawn.rows("ev_approve_decision"), f'{said}="{APPROVE}"', fill=GOOD, color=GREEN)
    page.when(drawn.rows("ev_approve_decision"), f'{said}="{ADJUST}"', fill=BLUE, color=GIVEN_INK)
    page.when(drawn.rows("ev_approve_decision"), f'{said}="{RETURN}"', fill=ALERT, color=RED)
    reason = f'AND(OR({said}="{ADJUST}",{said}="{RETURN}"),LEN(TRIM({opinion}))=0)'
    page.when(drawn.rows("ev_approve_opinion"), reason, fill=PINK)
    collective = f"${at['ev_row_title']}{FIRST}={quoted(say('book.collective', page.lang))}"
    page.when(drawn.rows("ev_row_name"), collective, fill=BLUE)
    if not page.rules.parts:
        return
    first, final = (f"ev_approve_{page.rules.codes[place]}" for place in (0, -1))
    scores = f"${at[first]}{FIRST}:${at[final]}{FIRST}"
    page.when(drawn.rows(first, final), f'AND({said}="{ADJUST}",COUNT({scores})=0)', fill=PINK)
    total, reasons = f"${at['ev_row_score_total']}{FIRST}", page.rules.reasons
    low, high = shown(reasons.comment_below), shown(reasons.comment_from)
    page.when(drawn.rows("ev_row_band"), f"AND(ISNUMBER({total}),N({total})<{low})", fill=ALERT, color=RED)
    page.when(drawn.rows("ev_row_band"), f"AND(ISNUMBER({total}),N({total})>={high})", fill=BLUE, bold=True)


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
