"""The form: a person's (or a unit's) self-evaluation of one week.

The first sheet is the A4 page that is filed; the task table has a sheet of its own, because forty rows of sixteen columns need a
landscape page and would push the scores out of sight. On the first sheet the last column holds everything that people write, unmerged,
so that its rows grow with the text; labels, hints and small inputs lie left of it. What is required comes in the order of the work: the
scores, the words on conduct, the state of the form.

Right of the print area stands what is for the screen only: the deadline, the way to the tasks, the whole scoring guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, shown
from evalxl.domain.rulebook import GuideRange, Part, RuleBook
from evalxl.excel.looks.paper import PORTRAIT
from evalxl.excel.looks.text import height, lines
from evalxl.excel.templates import finish, guide, inputs, package, suggestions
from evalxl.excel.templates.inputs import comma
from evalxl.excel.templates.open_items import NAMED, LineRows, open_items
from evalxl.excel.templates.page_layout import FORM_LETTERHEAD, WEEK, Signer, letterhead, on_paper, place_to_sign
from evalxl.excel.templates.parts import (
    CENTER,
    GOOD,
    GREEN,
    HEAD,
    HEADER,
    INPUT,
    LINK,
    LOCKED,
    NUMBERING,
    PALE,
    PINK,
    PLAIN,
    RED,
    SCORE,
    TOTAL,
    PrintedPage,
    TemplateLook,
    add_page,
    input_look,
    new_book,
    quoted,
    sentence,
    shown_as,
)
from evalxl.excel.templates.tasks import FIRST_TASK, READY, ROOMY, TASKS, draw_tasks, table_input, table_rule
from evalxl.forms.fields import DRAFT, OWN_LINE, SUBMITTED, SUGGESTED, YES
from evalxl.forms.kind import WorkbookKind, capacity
from evalxl.words import Lang, say

# The columns of the first page in characters: number; what it is; what is suggested; what is typed in one word; what is written. Then a gap
# and the screen's own column.
COLUMNS = (4.3, 22.0, 9.5, 14.0, 59.7, 1.2, 60.0)
WIDE = COLUMNS[4]
LAST, SIDE_COLUMN = "E", "G"

SECTION = TemplateLook(bold=True, fill=HEAD, border=True, indent=1)
LABEL = LOCKED.but(bold=True)
SMALL = 10.5
HINT = LOCKED.but(italic=True, size=SMALL, color=PALE)
MEANS = LOCKED.but(size=11)
COUNT = LOCKED.but(across="center")
SCORE_CELL = INPUT.but(size=16, bold=True, across="center", shows=SCORE)
SCREEN = PLAIN.but(size=SMALL)

# The rows of the first page; those below the scores follow from how many there are.
TITLE_ROW, IDENTITY, PART_1 = 4, 6, 10


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the sections below the first part begin."""

    part_2: int
    status: int
    words: int
    plan: int
    sign: int

    @property
    def first_plan(self) -> int:
        return self.plan + 1

    @classmethod
    def under(cls, rules: RuleBook) -> _Rows:
        of_tasks = [part for part in rules.parts if part.of_tasks]
        rows = {
            half: sum(1 + len(part.lines) for part in rules.parts if part.of_tasks is half) for half in (True, False)
        }
        # The heading and the summary; above scores their header.
        part_2 = PART_1 + 2 + bool(of_tasks) + rows[True]
        # The heading and the words; scores and their total.
        status = part_2 + 2 + rows[False] + bool(rules.parts)
        words = status + 1
        plan = words + 4
        return cls(part_2, status, words, plan, plan + 1 + capacity("plan"))


def _line_rows(rules: RuleBook) -> LineRows:
    """By part: the first and the last row of its lines."""
    found: dict[str, tuple[int, int]] = {}
    for of_tasks, row in ((True, PART_1 + 3), (False, _Rows.under(rules).part_2 + 2)):
        for part in rules.parts:
            if part.of_tasks is of_tasks:
                if part.lines:
                    found[part.code] = (row + 1, row + len(part.lines))
                row += 1 + len(part.lines)
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
    finish.helper(
        hidden,
        12,
        "evalxl_rows_shown",
        f"=MIN({TASKS},MAX({READY},MIN({ROOMY},evalxl_rows_used+4),evalxl_rows_used+1))",
    )
    suggestions.draw_helpers(hidden)
    planned = '((ev_plan_name<>"")+(ev_plan_code<>"")+(ev_plan_due<>"")>0)*(ROW(ev_plan_name)-MIN(ROW(ev_plan_name))+1)'
    finish.helper(
        hidden, 13, "evalxl_plan_shown", f"=MIN({capacity('plan')},MAX({PLANNED},SUMPRODUCT(MAX({planned}))+1))"
    )


# --- the first page -------------------------------------------------------------------------------------------------


def _first_page(page: PrintedPage, tasks_title: str) -> None:
    page.columns(*COLUMNS)
    unit = page.kind.of_unit
    letterhead(page, FORM_LETTERHEAD, ("A", "D"), (LAST, LAST), size=13)
    title = page.say("form.title_unit" if unit else "form.title")
    page.put(f"A{TITLE_ROW}:{LAST}{TITLE_ROW}", title, CENTER.but(size=16, bold=True))
    week = WEEK.but(shows=shown_as(page.say("form.week_shown")))
    page.cell("ev_week_shown", f"A{TITLE_ROW + 1}:{LAST}{TITLE_ROW + 1}", week)
    page.height(TITLE_ROW, 24)
    page.height(TITLE_ROW + 1, 18)
    _identity(page)
    _part_1(page)
    _part_2(page)
    _status(page, tasks_title)
    _words(page)
    _plan(page)
    _screen_only(page, tasks_title)
    last = _signatures(page)
    # Where long texts push the plan over, the next page begins with its header.
    plan = _Rows.under(page.rules).plan
    on_paper(page, f"A1:{LAST}{last}", titles=f"{plan}:{plan}", paper=PORTRAIT)
    first = next((f"ev_self_{part.code}" for part in page.rules.parts if not part.lines), "")
    lined = [row for row, _ in _line_rows(page.rules).values()]
    place = _place(page, first) if first else f"D{lined[0]}" if lined else _place(page, "ev_conduct_note")
    finish.open_at(page, place)
    page.sheet.sheet_view.topLeftCell = f"A{TITLE_ROW}"


def _place(page: PrintedPage, name: str) -> str:
    """The cell of a name on this page."""
    return str(page.book.defined_names[name].attr_text).rpartition("!")[2].replace("$", "")


def _identity(page: PrintedPage) -> None:
    """Who, and who assesses and approves, in two halves; codes that only the office needs stand beside the page."""
    if page.kind.of_unit:
        left = [("ev_unit_name", "unit_of_unit")]
        right = [("ev_scorer_name", "scorer")]
    else:
        left = [
            ("ev_person_name", "name"),
            ("ev_person_title", "job"),
            ("ev_person_position", "position"),
            ("ev_person_other_posts", "other_posts"),
        ]
        right = [("ev_person_code", "code"), ("ev_unit_name", "unit"), ("ev_scorer_name", "scorer")]
        if page.rules.parts:  # what nobody scores, nobody approves
            right.append(("ev_approver_name", "approver"))
    for column, fields in (("A{row}:D{row}", left), ("E{row}", right)):
        for row, (name, label) in enumerate(fields, IDENTITY):
            look = PLAIN.but(shows=shown_as(page.say(f"form.{label}")), bold=row == IDENTITY and fields is left)
            page.cell(name, column.format(row=row), look)
    for row in range(IDENTITY, PART_1):
        page.height(row, 17 if row < IDENTITY + max(len(left), len(right)) else 3, grows=True)


def _screen_only(page: PrintedPage, tasks_title: str) -> None:
    """Beside the page: when it is due, whom to call, what the colours mean, the way to the tasks, the whole guide."""
    at, row = SIDE_COLUMN, TITLE_ROW
    page.cell(
        "ev_deadline",
        f"{at}{row}",
        PLAIN.but(bold=True, size=13, color=RED, shows=shown_as(page.say("common.deadline"))),
    )
    page.cell("ev_office_contact", f"{at}{row + 1}", SCREEN.but(shows=shown_as(page.say("common.contact"))))
    page.cell("ev_week", f"{at}{row + 2}", SCREEN.but(shows=shown_as(page.say("form.week"))))
    page.cell("ev_unit_code", f"{at}{row + 3}", SCREEN.but(shows=shown_as(page.say("form.unit_code"))))
    _link(page, f"{at}{row + 4}", tasks_title)
    page.put(f"{at}{row + 5}:{at}{row + 6}", page.say("common.secret"), SCREEN.but(italic=True, bold=True))
    page.put(f"{at}{row + 7}:{at}{row + 8}", page.say("form.legend"), SCREEN.but(italic=True))
    said = [
        "\n".join([f"{part.name(page.lang).upper()} {page.say('form.maximum', maximum=shown(part.maximum))}", *listed])
        for part in page.rules.parts
        if (listed := _guide_lines(page, part))
    ]
    if said:
        last = _Rows.under(page.rules).first_plan + PLANNED - 1
        text = "\n".join([page.say("form.guide_aside"), *said])
        page.put(f"{at}{row + 9}:{at}{last}", text, SCREEN.but(size=10, fill=NUMBERING, down="top", indent=1))


def _part_1(page: PrintedPage) -> None:
    parts = [part for part in page.rules.parts if part.of_tasks]
    row = PART_1
    page.put(f"A{row}:{LAST}{row}", _title_of(page, 1, page.rules.maximum_of(tasks=True)), SECTION)
    page.put(f"A{row + 1}:{LAST}{row + 1}", _summary(page), LOCKED.but(size=11, italic=True))
    page.height(row, 19)
    page.height(row + 1, 18)
    if not parts:
        return
    for letter, label in zip("ABCDE", ("no_short", "criterion", "suggested", "self_score", "means"), strict=True):
        page.put(f"{letter}{row + 2}", page.say(f"form.{label}"), HEADER)
    page.height(row + 2, 18)
    _scores(page, row + 3, parts)


def _scores(page: PrintedPage, row: int, parts: list[Part], label: str = "") -> int:
    """The rows of some parts, each with its lines below it; returns the row after them."""
    for part in parts:
        _score(page, row, part, label or part.name(page.lang))
        row = _lines(page, row + 1, part)
    return row


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
    """A part: its number, its name and maximum, what the tasks suggest, the score, and what the score means by the guide."""
    own = f"ev_self_{part.code}"
    text = f"{label}\n{page.say('form.maximum', maximum=shown(part.maximum))}"
    page.put(f"A{row}", page.rules.parts.index(part) + 1, COUNT)
    page.put(f"B{row}", text, LABEL)
    if part.measure is None:
        page.put(f"C{row}", "–", COUNT.but(color=PALE))
    else:
        look = COUNT.but(italic=True, color=PALE)
        page.cell(f"{SUGGESTED}{part.code}", f"C{row}", look, suggestions.suggested(page.rules, part))
    if part.lines:
        cells, count = f"D{row + 1}:D{row + len(part.lines)}", len(part.lines_of_person)
        summed = f'=IF(COUNT({cells})={count},ROUND(SUM({cells}),9),"")'
        page.cell(own, f"D{row}", SCORE_CELL.but(fill="", locked=True, rule=LOCKED.rule), summed)
        shared = part.lines_of_person != part.lines
        means: str = page.say("form.lines_summed_shared" if shared else "form.lines_summed")
        page.put(f"E{row}", means, HINT)
    else:
        entry = page.cell(own, f"D{row}", SCORE_CELL)
        inputs.score(page, entry, f"D{row}")
        page.when(f"D{row}", f'AND(ev_status="{SUBMITTED}",NOT({_in_bounds(own, part)}))', fill=PINK)
        means = _means(page, part) if part.guide else ""
        page.put(f"E{row}", means or None, MEANS)
    tall = max(
        lines(text.split("\n")[0], COLUMNS[1], 12, bold=True, indent=1) + 1,
        lines(means, WIDE, SMALL, indent=1) if part.lines else 0,
        *(lines(line.text(page.lang), WIDE, MEANS.size, indent=1) for line in part.guide),
    )
    page.height(row, max(33.0, height(tall, 12)))


def _in_bounds(name: str, part: Part) -> str:
    return f"IF(ISNUMBER({name}),AND({name}>=0,{name}<={shown(part.maximum)}),1=2)"


def _means(page: PrintedPage, part: Part) -> str:
    """The line of the guide that the score falls into, a formula; empty for what is no score of the part."""
    name = f"ev_self_{part.code}"
    expression = '""'
    for one in reversed(part.guide_ranges(page.rules.step)):
        text = quoted(one.line.text(page.lang)[:255])
        expression = f"IF({_in_range(name, one)},{text},{expression})"
    return f'=IF({_in_bounds(name, part)},{expression},"")'


def _in_range(name: str, one: GuideRange) -> str:
    """The condition that a score lies in a line's range; the lines are asked from the most points to the least."""
    from_here = f"{name}>={shown(one.low)}"
    return (
        from_here
        if one.below is not None or one.line.at_most is None
        else f"AND({from_here},{name}<={shown(one.high)})"
    )


def _lines(page: PrintedPage, row: int, part: Part) -> int:
    """The lines of a part, each with its points at most and its score cell; returns the row below them.

    The points at most are a number where the person types the line, which the status line goes by (`open_items.open_lines`).
    """
    for number, line in enumerate(part.lines, 1):
        name, allowed = line.name(page.lang), inputs.allowed_values(page, line)
        at_most = f'"{page.say("form.line_maximum")} "General'
        page.put(f"A{row}", number, COUNT.but(size=11))
        page.put(f"B{row}", page.say("form.line_allowed", values=allowed) if allowed else None, LOCKED.but(size=SMALL))
        page.put(f"E{row}", name, LOCKED.but(size=11.5))
        if line.of_person:
            page.put(f"C{row}", _number(line.maximum), COUNT.but(size=SMALL, shows=at_most))
            entry = page.cell(f"{OWN_LINE}{line.key}", f"D{row}", SCORE_CELL.but(size=13))
            inputs.score(page, entry, f"D{row}")
            wrong = [f'AND(ev_status="{SUBMITTED}",LEN(D{row})=0)']
            if line.allowed:
                wrong.append(f"AND(LEN(D{row})>0,NOT({inputs.one_of(f'D{row}', line)}))")
            for condition in wrong:
                page.when(f"D{row}", condition, fill=PINK)
        else:
            page.put(f"C{row}", f"{page.say('form.line_maximum')} {comma(shown(line.maximum))}", COUNT.but(size=SMALL))
            page.put(f"D{row}", page.say("form.line_of_manager"), COUNT.but(italic=True, size=SMALL))
        tall = max(
            height(lines(name, WIDE, 11.5, indent=1), 11.5),
            height(lines(page.say("form.line_allowed", values=allowed), COLUMNS[1], SMALL, indent=1), SMALL),
            18.0 if line.of_person else 30.0,
        )
        page.height(row, tall)
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
    page.put(f"A{row}:{LAST}{row}", title, SECTION)
    page.height(row, max(19.0, height(lines(title, sum(COLUMNS[:5]), 12, bold=True, indent=1), 12)))
    _narrative(page, row + 1, "ev_conduct_note", "conduct_note", "conduct_hint", 50)
    # One part alone is what the heading above says.
    row = _scores(page, row + 2, parts, page.say("form.conduct_score") if len(parts) == 1 else "")
    if not page.rules.parts:
        return
    scores = [f"ev_self_{part.code}" for part in page.rules.parts]
    page.put(f"A{row}:C{row}", page.say("form.total", maximum=shown(page.rules.maximum)), LABEL.but(fill=NUMBERING))
    page.cell(
        "ev_self_total",
        f"D{row}",
        COUNT.but(bold=True, size=16, fill=NUMBERING, shows=TOTAL),
        f'=IF(COUNT({",".join(scores)})={len(scores)},ROUND({"+".join(scores)},9),"")',
    )
    page.cell(
        "ev_self_band",
        f"E{row}",
        LABEL.but(size=13, fill=NUMBERING, shows=shown_as(page.say("form.band"))),
        "=" + band_formula(page.rules, "ev_self_total", page.lang),
    )
    page.height(row, 24)


def band_formula(rules: RuleBook, total: str, lang: Lang) -> str:
    """The band of a total, as `RuleBook.band_for`: on the line belongs to the higher band. Empty without a total."""
    expression = quoted(rules.bands[-1].name(lang))
    for band in reversed(rules.bands[:-1]):
        expression = f"IF({total}>={shown(band.at_least)},{quoted(band.name(lang))},{expression})"
    return f'IF(ISNUMBER({total}),{expression},"")'


def _status(page: PrintedPage, tasks_title: str) -> None:
    """The state of the form, the last of what is required, and beside it what is still missing."""
    row = _Rows.under(page.rules).status
    page.put(f"A{row}:C{row}", page.say("form.status").upper(), LABEL)
    entry = page.cell("ev_status", f"D{row}", INPUT.but(bold=True, across="center", size=13), DRAFT)
    inputs.choice(page, entry, f"D{row}", "status", page.say("prompt.status_title"))
    missing = LABEL.but(size=11, color=RED)
    page.cell("ev_open_items", f"E{row}", missing, open_items(page, tasks_title, _line_rows(page.rules)))
    page.when(f"E{row}", f"ev_open_items={quoted(page.say('form.filled'))}", color=GREEN)
    page.when(f"D{row}", f'ev_status="{SUBMITTED}"', fill=GOOD, color=GREEN)
    page.height(row, 30)


def _narrative(page: PrintedPage, row: int, name: str, label: str, hint: str, points: float) -> None:
    """A label, a hint, and an open cell whose row grows with its text."""
    page.height(row, points, grows=True)
    page.put(f"A{row}:B{row}", page.say(f"form.{label}"), LABEL)
    page.put(f"C{row}:D{row}", page.say(f"form.{hint}"), HINT)
    entry = page.cell(name, f"E{row}", input_look(page.entry(name)))
    inputs.other(page, entry, f"E{row}")


def _words(page: PrintedPage) -> None:
    """What is difficult, proposed, replied. Without a heading, which could stand alone at the end of a page."""
    row = _Rows.under(page.rules).words
    _narrative(page, row, "ev_difficulties", "difficulties", "difficulties_hint", 42)
    _narrative(page, row + 1, "ev_proposals", "proposals", "proposals_hint", 34)
    reply = "reply_unit" if page.kind.of_unit else "reply"
    _narrative(page, row + 2, "ev_reply", reply, "reply_hint", 34)
    _appeal(page, row + 3)


def _appeal(page: PrintedPage, row: int) -> None:
    """Whether a review of a result is asked for, and of which week; the reason stands in the reply above."""
    days = str(page.rules.review.working_days)
    page.put(f"A{row}:B{row}", page.say("form.appeal"), LABEL)
    entry = page.cell("ev_appeal", f"C{row}", INPUT.but(bold=True, across="center"))
    inputs.choice(page, entry, f"C{row}", "appeal", page.say("prompt.appeal_title"))
    page.cell("ev_appeal_week", f"D{row}", INPUT.but(across="center"))
    prompts = ("appeal_week", "appeal_week_error", "appeal_week_title")
    inputs.listed(page, f"D{row}", "evalxl_weeks", *prompts, strict=False)
    hint = page.say("form.appeal_hint", days=days)
    page.put(f"E{row}", hint, HINT)
    page.height(row, max(32.0, height(lines(hint, WIDE, SMALL, indent=1), SMALL)))
    page.when(f"C{row}", f'AND(ev_appeal="{YES}",LEN(TRIM(ev_reply))=0)', fill=PINK)


PLANNED = 5  # rows of the plan that stand ready in an empty form
UNSEEN = 3.0  # points: a row that waits below the shown ones, and grows when it is typed into


def _plan(page: PrintedPage) -> None:
    at = _Rows.under(page.rules)
    plan, first = at.plan, at.first_plan
    page.height(plan, 32)
    page.put(f"A{plan}", page.say("form.no_short"), HEADER)
    last = first + capacity("plan") - 1
    for row in range(first, last + 1):
        page.put(f"A{row}", row - first + 1, COUNT)
        page.height(row, 19 if row < first + PLANNED else UNSEEN, grows=True)
    for letter, label in zip("BCDE", ("code", "important", "due", "name"), strict=True):
        name = f"ev_plan_{label}"
        page.put(f"{letter}{plan}", page.say(f"form.plan_{label}"), HEADER)
        page.column(name, f"{letter}{first}", table_input(page, name))
        table_rule(page, name, f"{letter}{first}:{letter}{last}")
    # Rows below the next empty ones are as white as paper.
    page.when(f"A{first}:{LAST}{last}", f"$A{first}>evalxl_plan_shown", blank=True)


def _signatures(page: PrintedPage) -> int:
    unit = page.kind.of_unit
    title = page.say(f"common.{'head_of_unit' if unit else 'reporter'}")
    signers = [
        Signer("A", "B", title, "" if unit else "ev_person_name"),
        Signer("C", "D", page.say("common.scorer"), "ev_scorer_name"),
    ]
    if page.rules.parts:
        signers.append(Signer("E", "E", page.say("common.approver"), "" if unit else "ev_approver_name"))
    return place_to_sign(page, _Rows.under(page.rules).sign, signers)
