"""The office's register; on its first sheet whom the office and the head of the unit talk with under the two-week rule, and what came of it."""

from __future__ import annotations

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.templates import finish, guide, package, register
from evalxl.excel.templates.books import (
    FIRST,
    HEAD,
    NUMBER,
    TEXT_CELL,
    RowColumn,
    draw_list,
    hide_unused,
    letters_of,
    listed,
)
from evalxl.excel.templates.parts import (
    ALERT,
    CENTER,
    GOOD,
    GREEN,
    PALE,
    PINK,
    PLAIN,
    RED,
    TEXT,
    PrintedPage,
    add_page,
    new_book,
    quoted,
    sentence,
    shown_as,
)
from evalxl.forms.fields import CLOSED, PLANNED, TALKED
from evalxl.forms.kind import WorkbookKind, capacity
from evalxl.words import Lang, say

_SMALL = TEXT_CELL.but(size=11)
_CENTRED = _SMALL.but(across="center")

COLUMNS = (
    NUMBER,
    RowColumn("ev_follow_person", "book.person", 60, _SMALL),
    RowColumn("ev_follow_name", "book.name", 88, TEXT_CELL.but(bold=True)),
    RowColumn("ev_follow_unit", "book.unit", 76, _SMALL),
    RowColumn("ev_follow_kind", "follow.kind", 58, _CENTRED),
    RowColumn("ev_follow_first_week", "follow.first_week", 54, _CENTRED),
    RowColumn("ev_follow_second_week", "follow.second_week", 54, _CENTRED),
    RowColumn("ev_follow_evidence", "follow.evidence", 232, _SMALL.but(down="top")),
    RowColumn("ev_follow_talk_with", "follow.talk_with", 100, _SMALL),
    RowColumn("ev_follow_standing", "follow.standing", 82, _SMALL),
    RowColumn("ev_follow_talk_date", "follow.talk_date", 68, prompt="date"),
    RowColumn("ev_follow_took_part", "follow.took_part", 106, prompt="took_part"),
    RowColumn("ev_follow_causes", "follow.causes", 112, prompt="text"),
    RowColumn("ev_follow_measures", "follow.measures", 132, prompt="text"),
    RowColumn("ev_follow_deadline", "follow.deadline", 68, prompt="date"),
    RowColumn("ev_follow_outcome", "follow.outcome", 122, prompt="outcome"),
    RowColumn("ev_follow_state", "follow.state", 76, prompt="follow_state"),
    RowColumn("ev_follow_open_items", "follow.open_items", 86, _SMALL),
)

# What a state needs before the row is booked; `domain.evaluation.follow_ups.needs` says the same.
_NEEDS = {
    "talk_date": (PLANNED, TALKED, CLOSED),
    "took_part": (TALKED, CLOSED),
    "measures": (TALKED,),
    "deadline": (TALKED,),
    "outcome": (CLOSED,),
}


def build(kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int) -> bytes:
    """The template of the register: talks, difficulties and proposals, requests for review."""
    book = new_book()
    page, printed_page, asked, help_page = (
        add_page(book, say(f"paper.sheet.{key}", lang), kind, rules, lang, size)
        for key in ("follow_up", "difficulties", "reviews", "help")
    )
    hidden = finish.hidden_page(book, kind, rules, lang)
    _list(page)
    register.draw_difficulties(printed_page)
    register.draw_reviews(asked)
    guide.register_guide(help_page)
    for made in (page, printed_page, asked):
        finish.protect(made.sheet, look_around=True, filters=True)
    for made in (help_page, hidden):
        finish.protect(made.sheet)
    return package.finished((page, printed_page, asked, help_page, hidden), page.say("follow.title"))


def _list(page: PrintedPage) -> None:
    columns = [
        *COLUMNS[:-1],
        RowColumn(COLUMNS[-1].name, COLUMNS[-1].label, COLUMNS[-1].width, _SMALL, _open_items(page)),
    ]
    at = letters_of(columns)
    end = at["ev_follow_open_items"]
    last = HEAD + capacity("follow_ups")
    hide_unused(page, f"A{FIRST}:{end}{last}", f"${at['ev_follow_person']}{FIRST}")
    draw_list(page, HEAD, columns, tall=62, row_height=64)
    _head(page)
    _looks(page, at, last)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    bottom = _foot(page, last + 1, "N", end)
    finish.paper(page, landscape=True, tall=0, area=f"A1:{end}{bottom}", titles=f"{HEAD}:{HEAD}")
    finish.open_at(page, f"{at['ev_follow_talk_date']}{FIRST}", freeze=f"{at['ev_follow_unit']}{FIRST}", zoom=90)


def _head(page: PrintedPage) -> None:
    """Letterhead left and right; between them title, week, and how many are done."""
    line = CENTER.but(shrink=True, shows=TEXT)
    page.cell("ev_book_parent", "A1:F1", line)
    page.cell("ev_book_office", "A2:F2", line.but(bold=True))
    rule = '=IF(LEN(ev_book_nation)=0,"",IF(LEN(ev_book_motto)=0,"*","_______"))'
    page.put("A3:F3", rule, CENTER.but(bold=True, down="top"))
    page.put("G1:L1", page.say("follow.title"), CENTER.but(bold=True, size=14))
    page.cell("ev_book_week_shown", "G2:L2", CENTER.but(italic=True, size=13, shows=TEXT))
    page.put("G3:L3", page.say("follow.note"), CENTER.but(italic=True))
    page.cell("ev_book_week", "G4:H4", PLAIN.but(shows=shown_as(page.say("book.week"))))
    everybody = 'SUMPRODUCT((ev_follow_person<>"")*1)'
    done = f'SUMPRODUCT((ev_follow_person<>"")*(ev_follow_state="{CLOSED}")*(ev_follow_open_items=""))'
    count = "=" + sentence(page.say("follow.left"), n=done, all=everybody)
    page.cell("ev_book_left", "I4:L4", PLAIN.but(bold=True, color=RED, across="right"), count)
    page.when("I4:L4", f"{done}={everybody}", color=GREEN)
    page.cell("ev_book_nation", "M1:R1", line.but(bold=True))
    page.cell("ev_book_motto", "M2:R2", line.but(bold=True, underline=True))
    page.when("M1:R1", "LEN(ev_book_motto)=0", underline=True)
    page.cell("ev_book_contact", "M4:R4", PLAIN.but(across="right", shows=shown_as(page.say("common.contact"))))
    page.put("A5:R5", page.say("follow.legend"), PLAIN.but(size=11))
    for row, points in ((1, 21.0), (2, 17.0), (3, 17.0), (4, 17.0), (5, 20.0)):
        page.height(row, points)


def _foot(page: PrintedPage, row: int, first: str, last: str) -> int:
    """Place, date and the signature of the chief of office; returns the last row."""
    page.height(row, 8)
    page.cell("ev_book_place_date", f"{first}{row + 1}:{last}{row + 1}", CENTER.but(italic=True, size=13, shows=TEXT))
    page.put(f"{first}{row + 2}:{last}{row + 2}", say("master.sign.chief", page.lang), CENTER.but(bold=True, size=13))
    page.put(f"{first}{row + 3}:{last}{row + 3}", page.say("common.sign"), CENTER.but(italic=True))
    for line in range(row + 1, row + 8):
        page.height(line, 17)
    return row + 7


def _looks(page: PrintedPage, at: dict[str, str], last: int) -> None:
    """States in colour, and in pink what a row still needs."""
    state = at["ev_follow_state"]
    said = f"${state}{FIRST}"
    states = f"{state}{FIRST}:{state}{last}"
    page.when(states, f'OR({said}="{PLANNED}",{said}="{TALKED}")', bold=True)
    items = at["ev_follow_open_items"]
    done = f'AND({said}="{CLOSED}",LEN(${items}{FIRST})=0)'
    page.when(states, done, fill=GOOD, color=GREEN)
    due = f"${at['ev_follow_deadline']}{FIRST}"
    overdue = f"AND(ISNUMBER({due}),{due}<TODAY(),NOT({done}))"
    for name in ("standing", "deadline"):
        letter = at[f"ev_follow_{name}"]
        page.when(f"{letter}{FIRST}:{letter}{last}", overdue, fill=ALERT, color=RED)
    for name in _NEEDS:
        letter = at[f"ev_follow_{name}"]
        needed = f"AND({_needed(page, name, at, str(FIRST))},LEN(TRIM(${letter}{FIRST}))=0)"
        page.when(f"{letter}{FIRST}:{letter}{last}", needed, fill=PINK)
    page.when(f"{items}{FIRST}:{items}{last}", f"LEN(${items}{FIRST})>0", color=RED)
    page.when(f"A{FIRST}:{at['ev_follow_standing']}{last}", done, color=PALE)


def _needed(page: PrintedPage, name: str, at: dict[str, str], row: str) -> str:
    """The condition under which a row's state asks for a cell. Where no talk is due, a row is closed with an outcome alone."""
    state = f"${at['ev_follow_state']}{row}"
    said = f"OR({','.join(f'{state}={quoted(word)}' for word in _NEEDS[name])})"
    if name == "outcome":
        return said
    talk = quoted(say("master.warning.warning", page.lang))
    return f"AND({said},OR({state}<>{quoted(CLOSED)},${at['ev_follow_kind']}{row}={talk}))"


def _open_items(page: PrintedPage) -> str:
    """What the row still needs, in words."""
    at = letters_of(COLUMNS)
    pieces = []
    for name in _NEEDS:
        empty = f"LEN(TRIM(${at[f'ev_follow_{name}']}{{row}}))=0"
        item = quoted(page.say(f"follow.need_{name}") + "; ")
        pieces.append(f'IF(AND({_needed(page, name, at, "{row}")},{empty}),{item},"")')
    return f"={listed(pieces, page.say('follow.needs'))}"
