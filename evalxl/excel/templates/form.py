"""The form: a person's (or a unit's) self-evaluation of one week.

The first sheet is the A4 page that is filed; the task table has a sheet of its own, because forty rows of sixteen columns need a
landscape page and would push the scores out of sight. On the first sheet one wide column holds everything that people write, unmerged,
so that its rows grow with the text; labels and small inputs lie left and right of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, shown
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.excel.templates import finish, guide, inputs, package, suggestions
from evalxl.excel.templates.inputs import comma
from evalxl.excel.templates.open_items import NAMED, LineRows, open_items
from evalxl.excel.templates.parts import (
    CENTER,
    GOOD,
    GREEN,
    GREY,
    HEAD,
    HEADER,
    INPUT,
    LINK,
    LOCKED,
    PALE,
    PINK,
    PLAIN,
    RED,
    SCORE,
    TEXT,
    TOTAL,
    YELLOW,
    PrintedPage,
    TemplateLook,
    add_page,
    input_look,
    lines_in,
    new_book,
    quoted,
    sentence,
    shown_as,
)
from evalxl.excel.templates.tasks import FIRST_TASK, READY, TASKS, draw_tasks, table_input, table_rule
from evalxl.forms.fields import DRAFT, OWN_LINE, SUBMITTED, SUGGESTED, YES
from evalxl.forms.kind import WorkbookKind, capacity
from evalxl.words import Lang, say

SECTION = TemplateLook(bold=True, fill=HEAD, border=True)
SIDE = LOCKED.but(bold=True)
HINT = LOCKED.but(italic=True, size=10, color=PALE, down="top")
GUIDE = LOCKED.but(size=10.5, down="center")
SCORE_CELL = INPUT.but(size=16, bold=True, across="center", shows=SCORE)
WIDE, SMALL, NARROW, NUMBER, RIGHT = 444.0, 96.0, 80.0, 32.0, 146.0

# The rows of the first page; those below the scores follow from how many there are.
STATUS, IDENTITY, LEGEND, PART_1 = 6, 7, 14, 16


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the sections below the first part begin."""

    part_2: int
    words: int
    plan: int
    sign: int

    @classmethod
    def under(cls, rules: RuleBook) -> _Rows:
        of_tasks = [part for part in rules.parts if part.of_tasks]
        lines = {half: sum(len(part.lines) for part in rules.parts if part.of_tasks is half) for half in (True, False)}
        # The heading and the summary; above scores their header; of a part that is suggested, the suggestion below its score.
        part_2 = PART_1 + 2 + bool(of_tasks) + sum(2 if part.measure else 1 for part in of_tasks)
        part_2 += lines[True]
        # The heading and the words; scores and their total.
        words = part_2 + 2 + len(rules.parts) - len(of_tasks) + bool(rules.parts) + lines[False]
        return cls(part_2, words, words + 6, words + 9 + capacity("plan"))

    @property
    def first_plan(self) -> int:
        return self.plan + 2

    @property
    def last(self) -> int:
        return self.sign + 5


def _line_rows(rules: RuleBook) -> LineRows:
    """By part: the first and the last row of its lines."""
    found: dict[str, tuple[int, int]] = {}
    for of_tasks, row in ((True, PART_1 + 3), (False, _Rows.under(rules).part_2 + 2)):
        for part in rules.parts:
            if part.of_tasks is of_tasks:
                if part.lines:
                    found[part.code] = (row + 1, row + len(part.lines))
                row += (2 if part.measure else 1) + len(part.lines)
    return found


def build(kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int) -> bytes:
    """The template of a personal form or a unit form; `size` is the capacity of its list of task codes."""
    book = new_book()
    page = add_page(book, say("paper.sheet.form", lang), kind, rules, lang)
    tasks = add_page(book, say("paper.sheet.tasks", lang), kind, rules, lang)
    help_page = add_page(book, say("paper.sheet.help", lang), kind, rules, lang)
    hidden = finish.hidden_page(book, kind, rules, lang, size)
    _lists_and_helpers(hidden)
    _first_page(page, tasks.sheet.title)
    draw_tasks(tasks)
    guide.form_guide(help_page)
    for made in (page, tasks, help_page, hidden):
        finish.protect(made.sheet)
    return package.finished((page, tasks, help_page, hidden), page.say("form.title"))


def _lists_and_helpers(hidden: PrintedPage) -> None:
    finish.list_source(hidden, "evalxl_task_codes", "ev_list_task_code")
    finish.list_source(hidden, "evalxl_complexity", "ev_list_complexity")
    finish.list_source(hidden, "evalxl_weeks", "ev_list_week")
    used = "+".join(
        f'(ev_task_{name}<>"")' for name in ("name", "code", "unit", "due", "status", "product", "evidence")
    )
    finish.helper(
        hidden,
        11,
        "evalxl_rows_used",
        f"=SUMPRODUCT(MAX((({used})>0)*(ROW(ev_task_name)-MIN(ROW(ev_task_name))+1)))",
    )
    finish.helper(hidden, 12, "evalxl_rows_shown", f"=MIN({TASKS},MAX({READY},evalxl_rows_used+4))")
    suggestions.draw_helpers(hidden)
    planned = '((ev_plan_name<>"")+(ev_plan_code<>"")+(ev_plan_due<>"")>0)*(ROW(ev_plan_name)-MIN(ROW(ev_plan_name))+1)'
    finish.helper(hidden, 13, "evalxl_plan_shown", f"=MIN({capacity('plan')},MAX(5,SUMPRODUCT(MAX({planned}))+2))")


# --- the first page -------------------------------------------------------------------------------------------------


def _first_page(page: PrintedPage, tasks_title: str) -> None:
    page.widths(NUMBER, SMALL, NARROW, WIDE, RIGHT)
    _letterhead(page, tasks_title)
    _identity(page)
    _part_1(page, tasks_title)
    _part_2(page)
    _words(page)
    _plan(page)
    _signatures(page)
    finish.paper(page, landscape=False, tall=1, area=f"A1:E{_Rows.under(page.rules).last}")
    finish.open_at(page, f"E{STATUS}")


def _letterhead(page: PrintedPage, tasks_title: str) -> None:
    unit = page.kind.of_unit
    page.cell("ev_office_parent", "A1:C1", CENTER.but(shrink=True, size=12, shows=TEXT))
    page.cell("ev_head_nation", "D1:E1", CENTER.but(shrink=True, size=12, bold=True, shows=TEXT))
    page.cell("ev_office_name", "A2:C2", CENTER.but(shrink=True, size=12, bold=True, shows=TEXT))
    page.cell("ev_head_motto", "D2:E2", CENTER.but(shrink=True, size=13, bold=True, underline=True, shows=TEXT))
    # A Party letterhead is one line, underlined; the office's name is followed by an asterisk. A State letterhead has rules.
    page.when("D1:E1", "LEN(ev_head_motto)=0", underline=True)
    page.put(
        "A3:C3",
        '=IF(LEN(ev_head_nation)=0,"",IF(LEN(ev_head_motto)=0,"*","_______"))',
        CENTER.but(bold=True, down="top"),
    )
    page.cell("ev_place_date", "D3:E3", CENTER.but(size=13, italic=True, shows=TEXT))
    page.put("A4:E4", page.say("form.title_unit" if unit else "form.title"), CENTER.but(size=16, bold=True))
    page.cell("ev_week_shown", "A5:E5", CENTER.but(size=13, italic=True, shows=shown_as(page.say("form.week_shown"))))
    page.height(1, 17)
    page.height(2, 18)
    page.height(3, 19)
    page.height(4, 28)
    page.height(5, 20)
    page.put("A6:C6", page.say("form.status"), SIDE.but(across="center", size=13))
    page.cell(
        "ev_open_items",
        "D6",
        LOCKED.but(bold=True, fill="", color=RED),
        open_items(page, tasks_title, _line_rows(page.rules)),
    )
    entry = page.cell("ev_status", "E6", INPUT.but(bold=True, across="center", size=13), DRAFT)
    inputs.choice(page, entry, "E6", "status", page.say("prompt.status_title"))
    page.when("D6", f"ev_open_items={quoted(page.say('form.filled'))}", color=GREEN)
    page.when("E6", f'ev_status="{SUBMITTED}"', fill=GOOD, color=GREEN)
    page.height(6, 33)


def _identity(page: PrintedPage) -> None:
    """Who, which unit, which week: codes and dates on the left, words on the right."""
    unit = page.kind.of_unit
    codes = [("ev_unit_code", "unit_code"), ("ev_week", "week")]
    words = [("ev_unit_name", "unit_of_unit" if unit else "unit"), ("ev_scorer_name", "scorer")]
    if not unit:
        codes.insert(0, ("ev_person_code", "code"))
        words[:0] = [("ev_person_name", "name"), ("ev_person_title", "job"), ("ev_person_position", "position")]
        words.insert(3, ("ev_person_other_posts", "other_posts"))
        if page.rules.parts:  # what nobody scores, nobody approves
            words.append(("ev_approver_name", "approver"))
    for row, (name, label) in enumerate(codes, IDENTITY):
        page.cell(name, f"A{row}:C{row}", PLAIN.but(shows=shown_as(page.say(f"form.{label}"))))
    for row, (name, label) in enumerate(words, IDENTITY):
        look = PLAIN.but(
            shows=shown_as(page.say(f"form.{label}")),
            bold=name in ("ev_person_name", "ev_unit_name") and row == IDENTITY,
        )
        page.cell(name, f"D{row}:E{row}", look)
    row = IDENTITY + len(codes)
    for name, label in (("ev_deadline", "deadline"), ("ev_office_contact", "contact")):
        look = PLAIN.but(shows=shown_as(page.say(f"common.{label}")), down="top", bold=label == "deadline")
        page.cell(name, f"A{row}:C{row + 1}", look)
        row += 2
    for line in range(IDENTITY, row):
        page.height(line, 17)
    page.put(f"A{LEGEND}", None, TemplateLook(fill=YELLOW, border=True))
    page.put(f"B{LEGEND}:C{LEGEND}", page.say("form.legend_open"), PLAIN.but(size=10.5))
    page.put(f"D{LEGEND}:E{LEGEND}", page.say("form.legend_locked"), PLAIN.but(size=10.5))
    page.put(f"A{LEGEND + 1}:E{LEGEND + 1}", page.say("common.secret"), PLAIN.but(size=11, italic=True, bold=True))
    for line in range(row, LEGEND):
        page.height(line, 3)
    page.height(LEGEND, 16)
    page.height(LEGEND + 1, 18)


def _part_1(page: PrintedPage, tasks_title: str) -> None:
    parts = [part for part in page.rules.parts if part.of_tasks]
    row = PART_1
    page.put(f"A{row}:E{row}", _title_of(page, 1, page.rules.maximum_of(tasks=True)), SECTION)
    page.put(f"A{row + 1}:D{row + 1}", _summary(page), LOCKED.but(size=11))
    page.height(row, 18)
    page.height(row + 1, 32)
    _link(page, f"E{row + 1}", tasks_title)
    if not parts:
        return
    page.put(f"A{row + 2}:C{row + 2}", page.say("form.criterion"), HEADER)
    page.put(f"D{row + 2}", page.say("form.guide"), HEADER)
    page.put(f"E{row + 2}", page.say("form.self_score"), HEADER)
    at = row + 3
    for part in parts:
        _score(page, at, part, part.name(page.lang))
        at = _lines(page, at + 1, part)
        if part.measure is not None:
            page.cell(
                f"{SUGGESTED}{part.code}",
                f"E{at}",
                LOCKED.but(italic=True, across="center", size=11, shows=f'"{page.say("form.suggested")}"General'),
                suggestions.suggested(page.rules, part),
            )
            at += 1


def _title_of(page: PrintedPage, half: int, maximum: Decimal) -> str:
    """The title of one half of the report; with its points at most, where it has any."""
    return page.say(f"form.part{half}", maximum=shown(maximum)) if maximum else page.say(f"form.part{half}_plain")


def _summary(page: PrintedPage) -> str:
    def count(name: str, word: str) -> str:
        return f'SUMPRODUCT({NAMED}*(ev_task_{name}="{word}"))'

    return "=" + sentence(
        page.say("form.summary"),
        all=f"SUMPRODUCT({NAMED}*1)",
        done=count("status", DONE),
        late=count("status", DONE_LATE),
        doing=f'SUMPRODUCT({NAMED}*((ev_task_status="")+(ev_task_status="{DOING}")))',
        open=count("status", NOT_DONE),
        important=count("important", YES),
        unplanned=count("unplanned", YES),
    )


def _score(page: PrintedPage, row: int, part: Part, label: str) -> None:
    """A part's name, its guide and its score cell; a suggestion may stand below the score cell, and its lines below it."""
    lines = _guide_lines(page, part)
    if part.lines:
        shared = part.lines_of_person != part.lines
        lines = [page.say("form.lines_summed_shared" if shared else "form.lines_summed"), *lines]
    tall = sum(lines_in(line, WIDE - 8, 10.5) for line in lines) * 14.0 + 6
    text = f"{label}\n{page.say('form.maximum', maximum=shown(part.maximum))}"
    single = part.measure is None
    end = row if single else row + 1
    page.put(f"A{row}:C{end}", text, SIDE.but(across="center"))
    page.put(f"D{row}:D{end}" if not single else f"D{row}", "\n".join(lines), GUIDE)
    if part.lines:
        cells, count = f"E{row + 1}:E{row + len(part.lines)}", len(part.lines_of_person)
        summed = f'=IF(COUNT({cells})={count},ROUND(SUM({cells}),9),"")'
        page.cell(f"ev_self_{part.code}", f"E{row}", SCORE_CELL.but(fill=GREY, locked=True), summed)
    else:
        entry = page.cell(f"ev_self_{part.code}", f"E{row}", SCORE_CELL)
        inputs.score(page, entry, f"E{row}")
        page.when(f"E{row}", f'AND(ev_status="{SUBMITTED}",LEN(E{row})=0)', fill=PINK)
    if part.lines:  # the name and the points at most take two lines; a part with a guide is taller
        tall = max(tall, 18.0 * lines_in(text, NUMBER + SMALL + NARROW - 6, 13))
    page.height(row, tall if single else tall - 18)
    if not single:
        page.height(row + 1, 18)


def _lines(page: PrintedPage, row: int, part: Part) -> int:
    """The lines of a part, each with its points at most and its score cell; returns the row below them.

    The points at most are a number where the person types the line, which the status line goes by (`open_items.open_lines`).
    """
    for number, line in enumerate(part.lines, 1):
        name, allowed = line.name(page.lang), inputs.allowed_values(page, line)
        at_most = f'"{page.say("form.line_maximum")} "General'
        page.put(f"A{row}", number, LOCKED.but(across="center", size=11))
        page.put(f"B{row}", page.say("form.line_allowed", values=allowed) if allowed else None, LOCKED.but(size=10))
        page.put(f"D{row}", name, LOCKED.but(size=11.5))
        if line.of_person:
            page.put(f"C{row}", _number(line.maximum), LOCKED.but(across="center", size=10.5, shows=at_most))
            entry = page.cell(f"{OWN_LINE}{line.key}", f"E{row}", SCORE_CELL.but(size=13))
            inputs.score(page, entry, f"E{row}")
            wrong = [f'AND(ev_status="{SUBMITTED}",LEN(E{row})=0)']
            if line.allowed:
                wrong.append(f"AND(LEN(E{row})>0,NOT({inputs.one_of(f'E{row}', line)}))")
            for condition in wrong:
                page.when(f"E{row}", condition, fill=PINK)
        else:
            text = f"{page.say('form.line_maximum')} {comma(shown(line.maximum))}"
            page.put(f"C{row}", text, LOCKED.but(across="center", size=10.5))
            page.put(f"E{row}", page.say("form.line_of_manager"), LOCKED.but(across="center", italic=True, size=10))
        tall = max(
            lines_in(name, WIDE - 8, 11.5) * 15.0, (15.0 if not allowed else 14.0 * lines_in(allowed, SMALL - 6, 10))
        )
        page.height(row, tall + 4)
        row += 1
    return row


def _number(value: Decimal) -> int | float:
    """A number of the rule book as openpyxl writes it."""
    return int(value) if value == int(value) else float(value)


def _guide_lines(page: PrintedPage, part: Part) -> list[str]:
    show = comma if page.lang == "vi" else str
    return [
        page.say(
            "common.score_between", low=show(shown(one.low)), high=show(shown(one.high)), text=one.line.text(page.lang)
        )
        for one in part.guide_ranges(page.rules.step)
    ]


def _link(page: PrintedPage, at: str, tasks_title: str) -> None:
    """A link to the task table. Its cell is open, because links in locked cells do not work where locked cells cannot be selected."""
    target = f"{quote_sheetname(tasks_title)}!B{FIRST_TASK}"
    page.put(
        at,
        page.say("form.tasks_link"),
        TemplateLook(color=LINK, underline=True, across="center", border=True, locked=False),
    )
    page.sheet[at].hyperlink = Hyperlink(ref=at, location=target, tooltip=page.say("form.tasks_link_tip"))
    rule = DataValidation(type="custom", formula1="FALSE", showErrorMessage=True, allow_blank=False)
    rule.error = page.say("form.tasks_link_tip")
    rule.add(at)
    page.sheet.add_data_validation(inputs.checked(rule))


def _part_2(page: PrintedPage) -> None:
    parts = [part for part in page.rules.parts if not part.of_tasks]
    title = _title_of(page, 2, page.rules.maximum_of(tasks=False))
    row = _Rows.under(page.rules).part_2
    page.put(f"A{row}:E{row}", title, SECTION)
    page.height(row, 18 * lines_in(title, NUMBER + SMALL + NARROW + WIDE + RIGHT - 10, 13.5))
    _narrative(page, row + 1, "ev_conduct_note", "conduct_note", "conduct_hint", 66)
    row += 2
    for part in parts:
        # One part alone is what the heading above says.
        _score(page, row, part, page.say("form.conduct_score") if len(parts) == 1 else part.name(page.lang))
        row = _lines(page, row + 1, part)
    if not page.rules.parts:
        return
    scores = [f"ev_self_{part.code}" for part in page.rules.parts]
    page.put(f"A{row}:C{row}", page.say("form.total", maximum=shown(page.rules.maximum)), SIDE.but(across="center"))
    page.cell(
        "ev_self_band",
        f"D{row}",
        LOCKED.but(bold=True, size=13, shows=shown_as(page.say("form.band"))),
        "=" + band_formula(page.rules, "ev_self_total", page.lang),
    )
    page.cell(
        "ev_self_total",
        f"E{row}",
        LOCKED.but(bold=True, size=16, across="center", shows=TOTAL),
        f'=IF(COUNT({",".join(scores)})={len(scores)},ROUND({"+".join(scores)},9),"")',
    )
    page.height(row, 24)


def band_formula(rules: RuleBook, total: str, lang: Lang) -> str:
    """The band of a total, as `RuleBook.band_for`: on the line belongs to the higher band. Empty without a total."""
    expression = quoted(rules.bands[-1].name(lang))
    for band in reversed(rules.bands[:-1]):
        expression = f"IF({total}>={shown(band.at_least)},{quoted(band.name(lang))},{expression})"
    return f'IF(ISNUMBER({total}),{expression},"")'


def _narrative(page: PrintedPage, row: int, name: str, label: str, hint: str, points: float) -> None:
    """A label, an open cell whose row grows with its text, and a hint that keeps the row from shrinking to one line."""
    page.height(row, points, grows=True)
    page.put(f"A{row}:C{row}", page.say(f"form.{label}"), SIDE)
    entry = page.cell(name, f"D{row}", input_look(page.entry(name)))
    inputs.other(page, entry, f"D{row}")
    page.put(f"E{row}", page.say(f"form.{hint}"), HINT)


def _words(page: PrintedPage) -> None:
    row = _Rows.under(page.rules).words
    page.put(f"A{row}:E{row}", page.say("form.part3"), SECTION)
    page.height(row, 18)
    _narrative(page, row + 1, "ev_difficulties", "difficulties", "difficulties_hint", 50)
    _narrative(page, row + 2, "ev_proposals", "proposals", "proposals_hint", 50)
    reply = "reply_unit" if page.kind.of_unit else "reply"
    _narrative(page, row + 3, "ev_reply", reply, "reply_hint", 34)
    _appeal(page, row + 4)


def _appeal(page: PrintedPage, row: int) -> None:
    """Whether a review of a result is asked for, and of which week; the reason stands in the reply above."""
    days = str(page.rules.review.working_days)
    page.height(row, 33)
    page.put(f"A{row}:B{row}", page.say("form.appeal"), SIDE)
    entry = page.cell("ev_appeal", f"C{row}", INPUT.but(bold=True, across="center"))
    inputs.choice(page, entry, f"C{row}", "appeal", page.say("prompt.appeal_title"))
    page.put(f"D{row}", page.say("form.appeal_hint", days=days), GUIDE.but(italic=True, color=PALE))
    page.cell("ev_appeal_week", f"E{row}", INPUT.but(across="center"))
    prompts = ("appeal_week", "appeal_week_error", "appeal_week_title")
    inputs.listed(page, f"E{row}", "evalxl_weeks", *prompts, strict=False)
    page.when(f"C{row}", f'AND(ev_appeal="{YES}",LEN(TRIM(ev_reply))=0)', fill=PINK)


def _plan(page: PrintedPage) -> None:
    at = _Rows.under(page.rules)
    plan, first = at.plan, at.first_plan
    page.put(f"A{plan}:E{plan}", page.say("form.part4"), SECTION)
    page.height(plan - 1, 4)
    page.height(plan, 18)
    page.height(plan + 1, 31)
    page.put(f"A{plan + 1}", page.say("common.no"), HEADER)
    last = first + capacity("plan") - 1
    for row in range(first, last + 1):
        page.put(f"A{row}", row - first + 1, LOCKED.but(across="center"))
    for letter, label in zip("BCDE", ("code", "important", "name", "due"), strict=True):
        name = f"ev_plan_{label}"
        page.put(f"{letter}{plan + 1}", page.say(f"form.plan_{label}"), HEADER)
        page.column(name, f"{letter}{first}", table_input(page, name))
        table_rule(page, name, f"{letter}{first}:{letter}{last}")
    page.rows(first, capacity("plan"), 17)
    # Rows below the next empty ones are as white as paper.
    page.when(f"A{first}:E{last}", f"$A{first}>evalxl_plan_shown", blank=True)


def _signatures(page: PrintedPage) -> None:
    unit = page.kind.of_unit
    at = _Rows.under(page.rules)
    blocks = (
        ("A", "C", "head_of_unit" if unit else "reporter", "" if unit else "ev_person_name"),
        ("D", "D", "scorer", "ev_scorer_name"),
        *((("E", "E", "approver", "" if unit else "ev_approver_name"),) if page.rules.parts else ()),
    )
    for first, last, title, name in blocks:
        for row, text, look in (
            (at.sign, page.say(f"common.{title}"), CENTER.but(bold=True, size=12)),
            (at.sign + 1, page.say("common.sign"), CENTER.but(italic=True, size=11)),
            (
                at.last,
                f'=IF(LEN({name})=0,"",{name})' if name else None,
                CENTER.but(bold=True, size=12, down="bottom"),
            ),
        ):
            place = f"{first}{row}" if first == last else f"{first}{row}:{last}{row}"
            page.put(place, text, look)
    page.height(at.sign - 1, 6)
    for row in range(at.sign, at.last + 1):
        page.height(row, 17)
