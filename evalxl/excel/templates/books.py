"""The scoring workbook of a manager and the approval workbook of an approver: one row a person.

Each is one list: the head in few rows, so that the frozen part leaves room for people; the signature below the table, so that it
follows the last person where the rows behind are hidden.
"""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from evalxl.domain.rulebook import RuleBook
from evalxl.domain.scoring import shown
from evalxl.excel.templates import finish, guide, inputs
from evalxl.excel.templates.parts import (
    CENTER,
    GREEN,
    HEADER,
    INPUT,
    LINK,
    LOCKED,
    PINK,
    PLAIN,
    RED,
    SCORE,
    TEXT,
    TOTAL,
    Page,
    add_page,
    input_look,
    new_book,
    quoted,
    sentence,
    shown_as,
)
from evalxl.forms.fields import ADJUST, APPROVE, CAPACITY, NO, RETURN, SCORED, YES, Kind, field
from evalxl.words import Lang, say

# The columns of a part's self score and of the manager's beside it.
PAIRS = {"quality": ("H", "I"), "progress": ("J", "K"), "conduct": ("L", "M")}
HEAD = 6  # the row of column headers; the table begins below
FIRST = HEAD + 1
ALERT, DONE = "FFF8CBAD", "FFD5EBD8"


def build(kind: Kind, rules: RuleBook, lang: Lang) -> bytes:
    """The template of a scoring or an approval workbook."""
    book = new_book()
    key = "scoring" if kind is Kind.SCORING else "approval"
    page = add_page(book, say(f"paper.sheet.{key}", lang), kind, rules, lang)
    pages = [page]
    if kind is Kind.SCORING:
        pages += [add_page(book, say(f"paper.sheet.{key}", lang), kind, rules, lang) for key in ("tasks", "assign")]
    help_page = add_page(book, say("paper.sheet.help", lang), kind, rules, lang)
    hidden = finish.hidden_page(book, kind, rules, lang)
    if kind is Kind.SCORING:
        _scoring(page)
        _checks(pages[1])
        finish.list_source(hidden, "evalxl_team", "ev_row_person")
        _assignments(pages[2], hidden)
    else:
        _approval(page)
    guide.book_guide(help_page)
    for made in pages:
        finish.protect(made.sheet, look_around=True, filters=True)
    for made in (help_page, hidden):
        finish.protect(made.sheet)
    return finish.finished((*pages, help_page, hidden), page.say(f"book.{key}_title"))


# --- heads and feet -------------------------------------------------------------------------------------------------


def _head(page: Page, cuts: tuple[str, str, str, str, str], key: str) -> None:
    """Letterhead left and right, title and owner between them, links to the owner's other workbooks at the far right.

    Args:
        cuts: The last columns of the left block, of the two halves of the middle block, of the right block, and the link column.
    """
    left, half, middle, right, links = cuts
    owner = get_column_letter(_number(left) + 1)
    second = get_column_letter(_number(half) + 1)
    third = get_column_letter(_number(middle) + 1)
    page.cell("ev_book_parent", f"A1:{left}1", CENTER.but(shows=TEXT))
    page.cell("ev_book_office", f"A2:{left}2", CENTER.but(bold=True, shows=TEXT))
    page.put(
        f"A3:{left}3",
        '=IF(LEN(ev_book_nation)=0,"",IF(LEN(ev_book_motto)=0,"*","_______"))',
        CENTER.but(bold=True, down="top"),
    )
    deadline = page.say("book.deadline_score" if page.kind is Kind.SCORING else "book.deadline_approve")
    page.cell("ev_book_deadline", f"A4:{left}4", PLAIN.but(bold=True, shows=shown_as(deadline)))
    page.put(f"{owner}1:{middle}1", page.say(f"book.{key}_title"), CENTER.but(bold=True, size=14))
    page.cell("ev_book_week_shown", f"{owner}2:{half}2", CENTER.but(italic=True, size=13, shows=TEXT))
    page.cell("ev_book_week", f"{second}2:{middle}2", CENTER.but(shows=shown_as(page.say("book.week"))))
    who = page.say("book.scorer" if page.kind is Kind.SCORING else "book.approver")
    page.cell("ev_book_owner_name", f"{owner}3:{half}3", PLAIN.but(bold=True, shows=shown_as(who)))
    page.cell("ev_book_owner_title", f"{second}3:{middle}3", PLAIN.but(shows=TEXT))
    page.cell("ev_book_left", f"{owner}4:{half}4", LOCKED.but(bold=True, fill="", border=False, color=RED), _left(page))
    page.cell("ev_book_owner", f"{second}4:{middle}4", PLAIN.but(shows=shown_as(page.say("book.owner_code"))))
    page.cell("ev_book_nation", f"{third}1:{right}1", CENTER.but(bold=True, shows=TEXT))
    page.cell("ev_book_motto", f"{third}2:{right}2", CENTER.but(bold=True, underline=True, shows=TEXT))
    page.when(f"{third}1:{right}1", "LEN(ev_book_motto)=0", underline=True)
    page.cell("ev_book_contact", f"{third}4:{right}4", PLAIN.but(shows=shown_as(page.say("common.contact"))))
    page.put(f"{links}1", page.say("book.others"), PLAIN.but(italic=True, across="right", size=11, wrap=False))
    page.column(
        "ev_book_others",
        f"{links}2",
        PLAIN.but(color=LINK, underline=True, across="right", size=11, shows=TEXT, wrap=False),
    )
    page.height(1, 21)
    for row in (2, 3, 4):
        page.height(row, 17)


def _left(page: Page) -> str:
    person = 'SUMPRODUCT((ev_row_person<>"")*1)'
    if page.kind is Kind.SCORING:
        done = f'SUMPRODUCT((ev_row_person<>"")*(ev_score_decision="{SCORED}"))'
        return "=" + sentence(page.say("book.scored"), n=done, all=person)
    words = "+".join(f'(ev_approve_decision="{word}")' for word in (APPROVE, ADJUST, RETURN))
    done = f'IF(ev_approve_all="{YES}",{person},SUMPRODUCT((ev_row_person<>"")*({words})))'
    return "=" + sentence(page.say("book.approved"), n=done, all=person)


def _foot(page: Page, row: int, left: str, right: str, title: str) -> None:
    """Place, date and signature."""
    page.height(row, 8)
    page.cell("ev_book_place_date", f"{left}{row + 1}:{right}{row + 1}", CENTER.but(italic=True, size=13, shows=TEXT))
    page.put(f"{left}{row + 2}:{right}{row + 2}", page.say(f"common.{title}"), CENTER.but(bold=True, size=13))
    page.put(f"{left}{row + 3}:{right}{row + 3}", page.say("common.sign"), CENTER.but(italic=True))
    for line in range(row + 1, row + 7):
        page.height(line, 17)
    page.put(
        f"{left}{row + 7}:{right}{row + 7}",
        '=IF(LEN(ev_book_owner_name)=0,"",ev_book_owner_name)',
        CENTER.but(bold=True, size=13),
    )
    page.height(row + 7, 18)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _headers(page: Page, row: int, labels: dict[str, str], height: float) -> None:
    for letter, text in labels.items():
        page.put(f"{letter}{row}", text, HEADER)
    page.height(row, height)


def _numbered(page: Page, first: int, rows: int) -> None:
    for row in range(first, first + rows):
        page.put(f"A{row}", row - first + 1, LOCKED.but(across="center"))


# --- scoring --------------------------------------------------------------------------------------------------------


def _scoring(page: Page) -> None:
    rows = CAPACITY["team"]
    last = HEAD + rows
    page.widths(26, 68, 98, 76, 62, 92, 54, 42, 46, 42, 46, 42, 46, 46, 50, 54, 84, 112, 146, 108, 68, 122)
    _head(page, ("E", "K", "Q", "U", "V"), "scoring")
    page.put("A5:V5", page.say("book.legend_scoring"), PLAIN.but(size=11))
    page.height(5, 17)
    maxima = {part.code: shown(part.maximum) for part in page.rules.parts}
    labels = dict(zip("BCDEFG", ("person", "name", "job", "unit", "state", "link"), strict=True))
    labels |= dict(zip("HJLN", ("self_quality", "self_progress", "self_conduct", "self_total"), strict=True))
    labels |= dict(
        zip(
            "OPQRSTUV",
            ("score_total", "difference", "breach", "breach_note", "comment", "explanation", "decision", "open_items"),
            strict=True,
        )
    )
    headers = {letter: page.say(f"book.{key}") for letter, key in labels.items()}
    headers |= {
        letter: page.say(f"book.score_{part}", maximum=maxima[part]) for letter, part in zip("IKM", maxima, strict=True)
    }
    _headers(page, HEAD, {"A": page.say("common.no"), **headers}, 108)
    _numbered(page, FIRST, rows)
    page.rows(FIRST, rows, 33)
    at = f"{{}}{FIRST}"
    text = LOCKED.but(shows=TEXT, size=11.5)
    for letter, name in zip("BCDEF", ("person", "name", "title", "unit", "state"), strict=True):
        page.column(f"ev_row_{name}", at.format(letter), text.but(bold=name == "name"))
    page.column("ev_row_link", at.format("G"), text.but(color=LINK, underline=True, across="center"))
    number = LOCKED.but(across="center", shows=SCORE)
    for letter, name in zip("HJL", ("quality", "progress", "conduct"), strict=True):
        page.column(f"ev_row_self_{name}", at.format(letter), number)
    page.column("ev_row_self_total", at.format("N"), number.but(shows=TOTAL, bold=True, size=11))
    for letter, name in zip("IKM", ("quality", "progress", "conduct"), strict=True):
        look = INPUT.but(across="center", bold=True, shows=SCORE)
        entry = page.column(f"ev_score_{name}", at.format(letter), look)
        inputs.score(page, entry, f"{letter}{FIRST}:{letter}{last}")
    page.column(
        "ev_row_score_total",
        at.format("O"),
        number.but(shows=TOTAL, bold=True, size=11),
        '=IF(COUNT(I{row},K{row},M{row})=3,ROUND(I{row}+K{row}+M{row},9),"")',
    )
    parts = [
        f"IF(COUNT({own}{{row}},{boss}{{row}})=2,ROUND({boss}{{row}}-{own}{{row}},9),0)" for own, boss in PAIRS.values()
    ]
    largest, smallest = f"MAX({','.join(parts)})", f"MIN({','.join(parts)})"
    compared = "+".join(f"(COUNT({own}{{row}},{boss}{{row}})=2)" for own, boss in PAIRS.values())
    page.column(
        "ev_row_difference",
        at.format("P"),
        number.but(shows="+0.##;-0.##;0"),
        f'=IF({compared}=0,"",IF({largest}>=-{smallest},{largest},{smallest}))',
    )
    _scoring_words(page, last)
    page.column("ev_row_open_items", at.format("V"), LOCKED.but(size=11, color=RED), "=" + _row_needs(page))
    points = shown(page.rules.reasons.difference_above)
    for own, boss in PAIRS.values():
        page.when(
            f"{boss}{FIRST}:{boss}{last}",
            f"AND(COUNT({own}{FIRST},{boss}{FIRST})=2,ABS({boss}{FIRST}-{own}{FIRST})>{points})",
            fill=ALERT,
            color=RED,
        )
    page.when(
        f"P{FIRST}:P{last}", f"AND(ISNUMBER(P{FIRST}),ABS(N(P{FIRST}))>{points})", fill=ALERT, color=RED, bold=True
    )
    page.when(f"V{FIRST}:V{last}", f"V{FIRST}={quoted(page.say('book.row_ready'))}", color=GREEN)
    page.when(f"U{FIRST}:U{last}", f'U{FIRST}="{SCORED}"', fill=DONE, color=GREEN)
    page.when(f"U{FIRST}:U{last}", f'U{FIRST}="{RETURN}"', fill=ALERT, color=RED)
    page.sheet.auto_filter.ref = f"A{HEAD}:V{last}"
    _foot(page, last + 1, "Q", "U", "scorer")
    finish.paper(page, landscape=True, tall=0, area=f"A1:V{last + 8}", titles=f"{HEAD}:{HEAD}")
    finish.open_at(page, f"I{FIRST}", freeze=f"D{FIRST}", zoom=90)


def _scoring_words(page: Page, last: int) -> None:
    reasons = page.rules.reasons
    facts = {
        "points": shown(reasons.difference_above),
        "below": shown(reasons.comment_below),
        "from": shown(reasons.comment_from),
    }
    for letter, name in zip("QRSTU", ("breach", "breach_note", "comment", "explanation", "decision"), strict=True):
        full = f"ev_score_{name}"
        entry = page.column(full, f"{letter}{FIRST}", input_look(field(page.kind, full), 11.5))
        at = f"{letter}{FIRST}:{letter}{last}"
        if entry.choices:
            inputs.choice(page, entry, at, "breach" if name == "breach" else "score_decision")
        else:
            inputs.other(page, entry, at, "return_comment" if name == "comment" else name, **facts)


def _row_needs(page: Page) -> str:
    """What a row still needs before it can be booked, in words; empty for a row that nobody has begun."""
    say, rules = page.say, page.rules
    reasons = rules.reasons
    columns = PAIRS
    points = shown(reasons.difference_above)

    def item(condition: str, text: str) -> str:
        return f'IF({condition},{quoted(text + "; ")},"")'

    apart = (
        "OR("
        + ",".join(
            f"IF(COUNT({own}{{row}},{boss}{{row}})=2,ABS(ROUND({boss}{{row}}-{own}{{row}},9))>{points},FALSE)"
            for own, boss in columns.values()
        )
        + ")"
    )
    breach = f'Q{{row}}="{YES}"'
    remarkable = f"IF(ISNUMBER(O{{row}}),OR(O{{row}}<{shown(reasons.comment_below)},O{{row}}>={shown(reasons.comment_from)}),FALSE)"
    empty = {letter: f"LEN(TRIM({letter}{{row}}))=0" for letter in "RST"}
    scores = [
        item(
            f"NOT(AND(ISNUMBER({boss}{{row}}),{boss}{{row}}>=0,{boss}{{row}}<={shown(rules.part(code).maximum)}))",
            say(f"book.row_{code}"),
        )
        for code, (_, boss) in columns.items()
    ]
    needs = [
        *scores,
        item(f"AND(COUNT(H{{row}},J{{row}},L{{row}})<3,{empty['S']},{empty['T']})", say("book.row_no_self")),
        item(f"AND({apart},{empty['T']})", say("book.row_reason", points=points)),
        item(f"AND(OR({apart},{breach},{remarkable}),{empty['S']})", say("book.row_comment")),
        item(f"AND({breach},{empty['R']})", say("book.row_breach")),
    ]
    text = "&".join(needs)
    begun = f'OR(COUNT(I{{row}},K{{row}},M{{row}})>0,U{{row}}="{SCORED}")'
    missing = f"LEN({text})>0"
    told = f'{quoted(say("book.row_needs"))}&LEFT({text},LEN({text})-2)&"."'
    ready = f'IF(U{{row}}="{SCORED}","",{quoted(say("book.row_ready"))})'
    returned = f'IF({empty["S"]},{quoted(say("book.row_needs") + say("book.row_return") + ".")},"")'
    return f'IF(LEN(B{{row}})=0,"",IF(U{{row}}="{RETURN}",{returned},IF({begun},IF({missing},{told},{ready}),"")))'


def _checks(page: Page) -> None:
    rows = CAPACITY["checks"]
    first, last = 4, 3 + rows
    page.widths(60, 100, 36, 190, 110, 170, 110, 66, 84, 70, 74, 54, 54)
    page.put("A1:M1", page.say("check.title"), CENTER.but(bold=True, size=14))
    page.put("A2:M2", page.say("check.note"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 18)
    locked = ("person", "name", "key", "task", "said", "product", "cause")
    typed = ("important", "status", "recognised", "cause_accepted", "faults", "delays")
    labels = {"person": page.say("book.person"), "name": page.say("book.name")}
    for letter, name in zip("ABCDEFGHIJKLM", (*locked, *typed), strict=True):
        page.put(f"{letter}3", labels.get(name) or page.say(f"check.{name}"), HEADER)
        full = f"ev_check_{name}"
        if name in locked:
            look = LOCKED.but(shows=TEXT, size=11, across="center" if name == "key" else "left", down="top")
            page.column(full, f"{letter}{first}", look)
            continue
        entry = page.column(full, f"{letter}{first}", input_look(field(page.kind, full), 11.5))
        at = f"{letter}{first}:{letter}{last}"
        if entry.choices == "yes_no":
            inputs.choice(page, entry, at, "check_yes_no")
        elif entry.choices:
            inputs.choice(page, entry, at, "check_status")
        else:
            inputs.other(page, entry, at)
    page.height(3, 48)
    page.rows(first, rows, 45)
    page.sheet.auto_filter.ref = f"A3:M{last}"
    finish.paper(page, landscape=True, tall=0, titles="3:3")
    finish.open_at(page, f"H{first}", freeze=f"E{first}", zoom=90)


def _assignments(page: Page, hidden: Page) -> None:
    rows = CAPACITY["assignments"]
    first, last = 4, 3 + rows
    page.widths(32, 80, 150, 380, 90, 90, 80)
    page.put("A1:G1", page.say("assign.title"), CENTER.but(bold=True, size=14))
    page.put("A2:G2", page.say("assign.note"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 18)
    page.put("A3", page.say("common.no"), HEADER)
    for row in range(first, last + 1):
        page.put(f"A{row}", row - first + 1, LOCKED.but(across="center"))
        page.put(
            f"C{row}",
            f'=IF(LEN(B{row})=0,"",IFERROR(INDEX(ev_row_name,MATCH(B{row},ev_row_person,0)),""))',
            LOCKED,
        )
    page.put("C3", page.say("assign.name"), HEADER)
    for letter, name in zip("BDEFG", ("person", "task", "code", "due", "important"), strict=True):
        full = f"ev_assign_{name}"
        page.put(f"{letter}3", page.say(f"assign.{name}"), HEADER)
        look = input_look(field(page.kind, full))
        entry = page.column(full, f"{letter}{first}", look.but(shows=TEXT) if name == "person" else look)
        at = f"{letter}{first}:{letter}{last}"
        if name == "person":
            inputs.listed(page, at, "evalxl_team", "team", "team_error", "team_title", strict=True)
        elif entry.choices:
            inputs.choice(page, entry, at, "yes_no")
        else:
            inputs.other(page, entry, at)
    used = '((ev_assign_person<>"")+(ev_assign_task<>"")>0)*(ROW(ev_assign_task)-MIN(ROW(ev_assign_task))+1)'
    finish.helper(hidden, 11, "evalxl_rows_shown", f"=MIN({rows},SUMPRODUCT(MAX({used}))+12)")
    page.when(f"A{first}:G{last}", f"$A{first}>evalxl_rows_shown", blank=True)
    page.height(3, 34)
    finish.paper(page, landscape=True, tall=0, titles="3:3")
    finish.print_shown(page, "A1", f"G{first}", rows, "evalxl_rows_shown")
    finish.open_at(page, f"B{first}", freeze=f"A{first}")


# --- approval -------------------------------------------------------------------------------------------------------


def _approval(page: Page) -> None:
    rows = CAPACITY["approvals"]
    last = HEAD + rows
    page.widths(26, 68, 98, 80, 62, 84, 48, 46, 46, 46, 48, 84, 150, 100, 84, 84, 46, 46, 46, 130, 74)
    _head(page, ("E", "L", "N", "S", "U"), "approval")
    page.put("A5:N5", page.say("book.legend_approval"), PLAIN.but(size=11))
    page.put("O5:S5", page.say("book.approve_all"), PLAIN.but(bold=True, across="right"))
    entry = page.cell("ev_approve_all", "T5", INPUT.but(bold=True, across="center"), NO)
    inputs.choice(page, entry, "T5", "approve_all")
    page.when("T5", f'ev_approve_all="{YES}"', fill=DONE, color=GREEN)
    page.height(5, 20)
    locked = {
        "B": ("person", "person"),
        "C": ("name", "name"),
        "D": ("title", "job"),
        "E": ("unit", "unit"),
        "F": ("state", "state"),
        "G": ("self_total", "self_total"),
        "H": ("score_quality", "scored_quality"),
        "I": ("score_progress", "scored_progress"),
        "J": ("score_conduct", "scored_conduct"),
        "K": ("score_total", "scored_total"),
        "L": ("band", "band"),
        "M": ("comment", "comment"),
        "N": ("breach", "row_breach_head"),
        "O": ("scorer", "scorer_name"),
    }
    maxima = {part.code: shown(part.maximum) for part in page.rules.parts}
    headers = {letter: page.say(f"book.{key}") for letter, (_, key) in locked.items()}
    headers |= {"A": page.say("common.no"), "P": page.say("book.approve_decision")}
    headers |= {
        letter: page.say(f"book.approve_{part}", maximum=maxima[part])
        for letter, part in zip("QRS", maxima, strict=True)
    }
    headers |= {"T": page.say("book.opinion"), "U": page.say("book.by_paper")}
    _headers(page, HEAD, headers, 92)
    _numbered(page, FIRST, rows)
    page.rows(FIRST, rows, 33)
    for letter, (name, _) in locked.items():
        entry = field(page.kind, f"ev_row_{name}")
        look = LOCKED.but(shows=TEXT, size=11.5, bold=name == "name")
        if letter in "GHIJK":
            look = LOCKED.but(across="center", bold=letter == "K", shows=TOTAL if letter in "GK" else SCORE, size=11.5)
        page.column(entry.name, f"{letter}{FIRST}", look)
    for letter, name in zip(
        "PQRSTU", ("decision", "quality", "progress", "conduct", "opinion", "by_paper"), strict=True
    ):
        full = f"ev_approve_{name}"
        entry = page.column(full, f"{letter}{FIRST}", input_look(field(page.kind, full), 11.5))
        at = f"{letter}{FIRST}:{letter}{last}"
        if entry.part:
            inputs.score(page, entry, at, "adjust")
        elif entry.choices:
            inputs.choice(page, entry, at, "approve_decision")
        else:
            inputs.other(page, entry, at, name)
    page.when(f"P{FIRST}:P{last}", f'OR(P{FIRST}="{APPROVE}",P{FIRST}="{ADJUST}")', fill=DONE, color=GREEN)
    page.when(f"P{FIRST}:P{last}", f'P{FIRST}="{RETURN}"', fill=ALERT, color=RED)
    page.when(
        f"T{FIRST}:T{last}",
        f'AND(OR(P{FIRST}="{ADJUST}",P{FIRST}="{RETURN}"),LEN(TRIM(T{FIRST}))=0)',
        fill=PINK,
    )
    page.when(f"Q{FIRST}:S{last}", f'AND($P{FIRST}="{ADJUST}",COUNT($Q{FIRST}:$S{FIRST})=0)', fill=PINK)
    page.sheet.auto_filter.ref = f"A{HEAD}:U{last}"
    _foot(page, last + 1, "P", "U", "approver")
    finish.paper(page, landscape=True, tall=0, area=f"A1:U{last + 8}", titles=f"{HEAD}:{HEAD}")
    finish.open_at(page, "T5", freeze=f"D{FIRST}", zoom=90)
