"""What a leader enters for a period: the criteria that the rule book asks of each person, and a note on potential and training that is never scored.

Where the rule book rates periods by the mean of the weeks, there is nothing to score: the columns of the rating are there, hidden, and the note is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Criterion, Ratios, RuleBook, ScoreLine
from evalxl.excel.templates import finish, guide, inputs, package
from evalxl.excel.templates.books import (
    FIRST,
    HEAD,
    LINES_HEAD,
    NUMBER,
    SCORE_CELL,
    TEXT_CELL,
    TOTAL_CELL,
    RowColumn,
    draw_list,
    foot,
    hide_unused,
    letters_of,
    listed,
    sum_of_cells,
    tallest,
)
from evalxl.excel.templates.parts import (
    CENTER,
    GOOD,
    GREEN,
    GREY,
    INPUT,
    PALE,
    PINK,
    PLAIN,
    RED,
    TEXT,
    PrintedPage,
    TemplateLook,
    add_page,
    new_book,
    quoted,
    sentence,
    shown_as,
)
from evalxl.forms.fields import CRITERION, ENTERED, PERIOD_LINE, PERIOD_SUGGESTED, PERIOD_SUM, YES
from evalxl.forms.kind import WorkbookKind
from evalxl.words import Lang, say

_SMALL = TEXT_CELL.but(size=11)
_RATIO = SCORE_CELL.but(size=11, shows="0.0")
_TYPED = INPUT.but(across="center", bold=True, shows="General")
_PERCENT = INPUT.but(across="center", shows="General")
# Without ratios in the rule book nobody needs these.
_OF_RATIOS = (
    *("ev_period_quantity", "ev_period_quality", "ev_period_timeliness", "ev_period_leads"),
    *("ev_period_task_points", "ev_period_total"),
)


def build(kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int) -> bytes:
    """The template of what a leader enters for a period."""
    book = new_book()
    page = add_page(book, say("paper.sheet.period_input", lang), kind, rules, lang, size)
    lines = [add_page(book, say("paper.sheet.lines", lang), kind, rules, lang, size)] if rules.period_lines else []
    help_page = add_page(book, say("paper.sheet.help", lang), kind, rules, lang, size)
    hidden = finish.hidden_page(book, kind, rules, lang)
    _list(page, rules.period.ratios)
    for made in lines:
        _lines(made)
    guide.period_guide(help_page)
    for made in (page, *lines):
        finish.protect(made.sheet, look_around=True, filters=True)
    for made in (help_page, hidden):
        finish.protect(made.sheet)
    return package.finished((page, *lines, help_page, hidden), page.say("period.title"))


def _columns(page: PrintedPage, method: Ratios | None) -> tuple[RowColumn, ...]:
    wide = 132 if method else 330
    return (
        NUMBER,
        RowColumn("ev_period_person", "book.person", 60, _SMALL),
        RowColumn("ev_period_name", "book.name", 98, TEXT_CELL.but(bold=True)),
        RowColumn("ev_period_title", "book.job", 82, _SMALL),
        RowColumn("ev_period_unit", "book.unit", 82, _SMALL),
        RowColumn("ev_period_weeks", "period.weeks", 48, SCORE_CELL.but(size=11)),
        RowColumn("ev_period_mean", "period.mean", 54, TOTAL_CELL.but(bold=False)),
        RowColumn("ev_period_quantity", "period.quantity", 50, _RATIO),
        RowColumn("ev_period_quality", "period.quality", 50, _RATIO),
        RowColumn("ev_period_timeliness", "period.timeliness", 50, _RATIO),
        RowColumn("ev_period_leads", "period.leads", 44, _SMALL.but(across="center")),
        *(column for criterion in (method.shares if method else ()) for column in _criterion(page, criterion)),
        RowColumn("ev_period_task_points", "period.task_points", 58, TOTAL_CELL, _task_points(method)),
        *(column for criterion in (method.points if method else ()) for column in _criterion(page, criterion)),
        RowColumn("ev_period_total", "period.total", 54, TOTAL_CELL, _total(method)),
        RowColumn("ev_period_note", "period.note", wide, prompt="period_note"),
        RowColumn("ev_period_decision", "book.decision", 74, prompt="period_decision"),
        RowColumn("ev_period_open_items", "book.open_items", 92, _SMALL, _open_items(page, method)),
    )


def _criterion(page: PrintedPage, criterion: Criterion) -> Iterator[RowColumn]:
    """Where a criterion is typed, or the sum of its lines stands, and before it what suggests it."""
    most = inputs.comma(shown(criterion.maximum)) if page.lang == "vi" else shown(criterion.maximum)
    heads = criterion.label("paper.period.criterion", page.lang, maximum=most)
    if criterion.suggested:
        by = "weeks" if criterion.suggested_by.startswith("weeks") else "ratio"
        yield RowColumn(f"{PERIOD_SUGGESTED}{criterion.code}", f"period.suggested_{by}", 56, SCORE_CELL.but(size=11))
    name = f"{CRITERION}{criterion.code}"
    if criterion.lines:
        row = "MATCH({ev_period_person}{row},ev_period_line_person,0)"
        formula = f'=IFERROR(INDEX({PERIOD_SUM}{criterion.code},{row}),"")'
        yield RowColumn(name, "", 62, SCORE_CELL.but(bold=True), formula, heads=heads)
    else:
        share = criterion.counts == "share"
        yield RowColumn(name, "", 70 if share else 62, _PERCENT if share else _TYPED, heads=heads)


def _lines(page: PrintedPage) -> None:
    """The lines of the criteria, for the same people."""
    lined = [criterion for criterion in page.rules.criteria if criterion.lines]

    def heads(line: ScoreLine) -> str:
        most = inputs.comma(shown(line.maximum)) if page.lang == "vi" else shown(line.maximum)
        return page.say("lines.given", name=line.name(page.lang), maximum=most)

    def of(criterion: Criterion) -> Iterator[RowColumn]:
        for line in criterion.lines:
            yield RowColumn(f"{PERIOD_LINE}{line.key}", "", 86, prompt="score", heads=heads(line))
        total = page.say("lines.sum", name=criterion.label("paper.period.need_criterion", page.lang))
        formula = sum_of_cells(criterion.lines, PERIOD_LINE)
        yield RowColumn(f"{PERIOD_SUM}{criterion.code}", "", 70, SCORE_CELL.but(bold=True), formula, heads=total)

    columns = (
        NUMBER,
        RowColumn("ev_period_line_person", "book.person", 68),
        RowColumn("ev_period_line_name", "book.name", 118, TEXT_CELL.but(bold=True)),
        *(column for criterion in lined for column in of(criterion)),
    )
    at, first = letters_of(columns), LINES_HEAD + 1
    last, end = LINES_HEAD + page.room("period_lines"), at[f"{PERIOD_SUM}{lined[-1].code}"]
    hide_unused(page, f"A{first}:{end}{last}", f"${at['ev_period_line_person']}{first}")
    draw_list(page, LINES_HEAD, columns, tall=tallest(columns), row_height=24)
    page.put(f"A1:{end}1", page.say("lines.title"), CENTER.but(bold=True, size=14))
    page.put(f"A2:{end}2", page.say("lines.note_period"), PLAIN.but(size=11, italic=True))
    page.height(1, 22)
    page.height(2, 18)
    for criterion in lined:
        if criterion.asked != "everybody":
            cells = [at[f"{PERIOD_LINE}{line.key}"] for line in criterion.lines]
            asked = _asked(criterion, f"INDEX(ev_period_leads,ROW()-{LINES_HEAD})")
            page.when(f"{cells[0]}{first}:{cells[-1]}{last}", f"NOT({asked})", fill=GREY, color=PALE)
    for line in page.rules.period_lines:
        letter, cell = at[f"{PERIOD_LINE}{line.key}"], f"{at[f'{PERIOD_LINE}{line.key}']}{first}"
        page.when(f"{letter}{first}:{letter}{last}", f"AND(LEN({cell})>0,NOT({inputs.valid(cell, line)}))", fill=PINK)
    page.sheet.auto_filter.ref = f"A{LINES_HEAD}:{end}{last}"
    finish.paper(page, landscape=True, tall=0, titles=f"{LINES_HEAD}:{LINES_HEAD}")
    finish.open_at(page, f"D{first}", freeze=f"D{first}", zoom=90)


def _list(page: PrintedPage, method: Ratios | None) -> None:
    columns = _columns(page, method)
    at = letters_of(columns)
    end, last = at["ev_period_open_items"], HEAD + page.room("period_people")
    hide_unused(page, f"A{FIRST}:{end}{last}", f"${at['ev_period_person']}{FIRST}")
    draw_list(page, HEAD, columns, tall=max(92.0, tallest(columns)) if method else 48, row_height=48)
    most = shown(method.tasks) if method else ""
    page.sheet[f"{at['ev_period_task_points']}{HEAD}"].value = page.say("period.task_points", tasks=most)
    for criterion in page.rules.criteria:
        if not criterion.lines:
            letter = at[f"{CRITERION}{criterion.code}"]
            prompt = "period_percent" if criterion.counts == "share" else "period_points"
            inputs.number(page, f"{letter}{FIRST}:{letter}{last}", criterion, prompt)
    if method is None:
        for name in _OF_RATIOS:
            page.sheet.column_dimensions[at[name]].hidden = True
    _head(page, at)
    _looks(page, at, last, method)
    page.sheet.auto_filter.ref = f"A{HEAD}:{end}{last}"
    bottom = foot(page, last + 1, at["ev_period_note"], end, "scorer")
    finish.paper(page, landscape=True, tall=0, area=f"A1:{end}{bottom}", titles=f"{HEAD}:{HEAD}")
    typed = (f"{CRITERION}{row.code}" for row in (*method.points, *method.shares) if not row.lines) if method else ()
    start = next(iter(typed), "ev_period_note")
    finish.open_at(page, f"{at[start]}{FIRST}", freeze=f"{at['ev_period_title']}{FIRST}", zoom=90)


def _head(page: PrintedPage, at: dict[str, str]) -> None:
    """Letterhead left and right; between them title, period, owner, and how many rows are entered."""
    line, end = CENTER.but(shrink=True, shows=TEXT), at["ev_period_open_items"]
    page.cell("ev_book_parent", "A1:D1", line)
    page.cell("ev_book_office", "A2:D2", line.but(bold=True))
    rule = '=IF(LEN(ev_book_nation)=0,"",IF(LEN(ev_book_motto)=0,"*","_______"))'
    page.put("A3:D3", rule, CENTER.but(bold=True, down="top"))
    page.cell("ev_period", "A4:D4", PLAIN.but(shows=shown_as(page.say("period.code"))))
    first, last = at["ev_period_unit"], at["ev_period_total"]
    if page.rules.period.ratios is None:
        last = at["ev_period_note"]
    page.put(f"{first}1:{last}1", page.say("period.title"), CENTER.but(bold=True, size=14))
    page.cell("ev_period_shown", f"{first}2:{last}2", CENTER.but(italic=True, size=13, shows=TEXT))
    page.cell(
        "ev_book_owner_name", f"{first}3:{at['ev_period_quantity']}3", _owner(page, "book.scorer").but(shrink=True)
    )
    page.cell("ev_book_owner_title", f"{at['ev_period_quality']}3:{last}3", PLAIN.but(shows=TEXT))
    page.cell("ev_book_owner", f"{first}4:{at['ev_period_mean']}4", _owner(page, "book.owner_code").but(bold=False))
    everybody = 'SUMPRODUCT((ev_period_person<>"")*1)'
    done = f'SUMPRODUCT((ev_period_person<>"")*(ev_period_decision="{ENTERED}")*(ev_period_open_items=""))'
    count = "=" + sentence(page.say("period.left"), n=done, all=everybody)
    page.cell("ev_book_left", f"{at['ev_period_quantity']}4:{last}4", PLAIN.but(bold=True, color=RED), count)
    page.when(f"{at['ev_period_quantity']}4:{last}4", f"{done}={everybody}", color=GREEN)
    east = at["ev_period_note"] if page.rules.period.ratios else at["ev_period_decision"]
    page.cell("ev_book_nation", f"{east}1:{end}1", line.but(bold=True))
    page.cell("ev_book_motto", f"{east}2:{end}2", line.but(bold=True, underline=True))
    page.when(f"{east}1:{end}1", "LEN(ev_book_motto)=0", underline=True)
    contact = PLAIN.but(across="right", shows=shown_as(page.say("common.contact")), size=11)
    page.cell("ev_book_contact", f"{east}4:{end}4", contact)
    legend = "period.legend" if page.rules.period.ratios else "period.legend_notes"
    page.put(f"A5:{end}5", page.say(legend), PLAIN.but(size=11))
    # Whom to ask takes two lines: the column of the note is not wide where there are ratios, and not free beside it elsewhere.
    heights = (31.0, 34.0) if page.rules.period.ratios else (31.0, 20.0)
    for row, points in ((1, 21.0), (2, 17.0), (3, 17.0), (4, heights[0]), (5, heights[1])):
        page.height(row, points)


def _owner(page: PrintedPage, label: str) -> TemplateLook:
    return PLAIN.but(bold=True, shows=shown_as(page.say(label)))


def _looks(page: PrintedPage, at: dict[str, str], last: int, method: Ratios | None) -> None:
    """Rows that are entered in colour, in pink what a row still needs; the criteria for leaders are grey for everybody else."""
    decision, items = at["ev_period_decision"], at["ev_period_open_items"]
    said = f'${decision}{FIRST}="{ENTERED}"'
    page.when(f"{decision}{FIRST}:{decision}{last}", f"AND({said},LEN(${items}{FIRST})=0)", fill=GOOD, color=GREEN)
    page.when(f"{items}{FIRST}:{items}{last}", f"LEN(${items}{FIRST})>0", color=RED)
    if method is None:
        return
    for criterion in page.rules.criteria:
        letter = at[f"{CRITERION}{criterion.code}"]
        needed = f"{said},LEN(TRIM(${letter}{FIRST}))=0"
        if criterion.asked != "everybody":
            asked = _asked(criterion, f"${at['ev_period_leads']}{FIRST}")
            page.when(f"{letter}{FIRST}:{letter}{last}", f"NOT({asked})", fill=GREY, color=PALE)
            needed += f",{asked}"
        page.when(f"{letter}{FIRST}:{letter}{last}", f"AND({needed})", fill=PINK)


def _asked(criterion: Criterion, leads: str) -> str:
    """The condition that a criterion is asked of a row's person."""
    return f'{leads}{"=" if criterion.asked == "leaders" else "<>"}"{YES}"'


def _by_rank(method: Ratios, criteria: Sequence[Criterion], formula: Callable[[list[str]], str]) -> str:
    """A formula over the criteria that are asked of the row's person: one for leaders, one for all others where theirs are not the same."""

    def cells(leads: bool) -> list[str]:
        return [f"${{{CRITERION}{row.code}}}{{row}}" for row in criteria if row.is_asked_of(leads)]

    of_leaders, of_others = cells(leads=True), cells(leads=False)
    if of_leaders == of_others:
        return formula(of_leaders)
    return f'IF(${{ev_period_leads}}{{row}}="{YES}",{formula(of_leaders)},{formula(of_others)})'


def _task_points(method: Ratios | None) -> str:
    """The mean of the ratios, of leaders with their criteria, in points."""
    if method is None:
        return '=""'
    ratios, most = "${ev_period_quantity}{row}:${ev_period_timeliness}{row}", shown(method.tasks)

    def mean(shares: list[str]) -> str:
        average = f"AVERAGE({','.join((ratios, *shares))})*{most}/100"
        return f'IF(COUNT({",".join(shares)})<{len(shares)},"",{average})' if shares else average

    whole = _by_rank(method, method.shares, mean)
    return f'=IF(OR(LEN(${{ev_period_person}}{{row}})=0,COUNT({ratios})<3),"",{whole})'


def _total(method: Ratios | None) -> str:
    if method is None:
        return '=""'
    tasks = "${ev_period_task_points}{row}"

    def total(points: list[str]) -> str:
        cells = [tasks, *points]
        return f'IF(COUNT({",".join(cells)})<{len(cells)},"",{"+".join(cells)})'

    return "=" + _by_rank(method, method.points, total)


def _open_items(page: PrintedPage, method: Ratios | None) -> str:
    """What a row that says it is entered still needs, in words."""
    if method is None:
        return '=""'
    said = f'${{ev_period_decision}}{{row}}="{ENTERED}"'
    pieces = []
    for criterion in (*method.points, *method.shares):
        needed = f"{said},LEN(TRIM(${{{CRITERION}{criterion.code}}}{{row}}))=0"
        if criterion.asked != "everybody":
            needed += f",{_asked(criterion, '${ev_period_leads}{row}')}"
        item = quoted(criterion.label("paper.period.need_criterion", page.lang) + "; ")
        pieces.append(f'IF(AND({needed}),{item},"")')
    return f"={listed(pieces, page.say('book.row_needs'))}"
