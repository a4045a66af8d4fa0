"""The help sheets: what each workbook is for, step by step, with a worked example, on one A4 page each.

Figures are the rule book's, and the example is calculated by the same functions that judge the office's forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, Task, shown, to_step
from evalxl.domain.evaluation.suggestions import suggested
from evalxl.domain.rulebook import Criterion, Part, RuleBook
from evalxl.excel.templates import finish, inputs
from evalxl.excel.templates.inputs import comma
from evalxl.excel.templates.parts import BLUE, CENTER, HEADER, PLAIN, PrintedPage, TemplateLook, lines_in
from evalxl.forms.fields import NO, YES

SECTION = TemplateLook(bold=True, size=13)
CELL = TemplateLook(border=True, size=11.5)
WIDTHS = (62.0, 176.0, 78.0, 66.0, 100.0, 128.0)
LAST = "F"

_SUNDAY = date(2025, 6, 8)


class _Writer:
    """Writes down a help sheet, line by line."""

    def __init__(self, page: PrintedPage, title: str) -> None:
        self.page = page
        self.row = 1
        page.widths(*WIDTHS)
        self._across(title, CENTER.but(bold=True, size=15), 26)
        rules = page.rules
        source = rules.source_vi if page.lang == "vi" else rules.source_en
        self._across(page.say("guide.source", source=source), CENTER.but(italic=True, size=12), 18)

    def _across(self, text: str, look: TemplateLook, points: float) -> None:
        self.page.put(f"A{self.row}:{LAST}{self.row}", text, look)
        self.page.height(self.row, points)
        self.row += 1

    def section(self, key: str) -> None:
        self.page.height(self.row, 5)
        self.row += 1
        self._across(self.page.say(key), SECTION, 20)

    def lines(self, texts: Iterable[str]) -> None:
        for text in texts:
            lines = lines_in(text, sum(WIDTHS) - 10, 12)
            self._across(text, PLAIN.but(down="top"), 16.5 * lines + 2)

    def table(
        self, spans: list[str], rows: list[list[str]], looks: dict[tuple[int, int], TemplateLook] | None = None
    ) -> None:
        """A small table; the first row is its header. A span is a column, or columns to merge (`B:C`)."""
        for number, texts in enumerate(rows):
            tallest = 1
            for place, (span, text) in enumerate(zip(spans, texts, strict=True)):
                first, _, last = span.partition(":")
                width = sum(WIDTHS["ABCDEF".index(first) : "ABCDEF".index(last or first) + 1])
                tallest = max(tallest, lines_in(text, width - 8, 11.5 if number else 12))
                at = f"{first}{self.row}:{last}{self.row}" if last else f"{first}{self.row}"
                look = HEADER if not number else (looks or {}).get((number, place), CELL)
                self.page.put(at, text, look)
            self.page.height(self.row, 15.5 * tallest + 3)
            self.row += 1


def form_guide(page: PrintedPage) -> None:
    """How to fill the form."""
    say = page.say
    out = _Writer(page, say("guide.form_title"))
    out.section("guide.steps")
    count = _count(page)
    third = "guide.form_step_3" if count else "guide.form_step_3_plain"
    steps = ["guide.form_step_1", "guide.form_step_2", third, "guide.form_step_4", "guide.form_step_5"]
    out.lines(say(step, count=count) for step in steps)
    out.section("guide.columns")
    columns = (
        ("important", "tasks.important"),
        ("unplanned", "tasks.unplanned"),
        ("complexity", "tasks.complexity"),
        ("volume", "tasks.group_volume"),
        ("status", "tasks.status"),
        ("evidence", "tasks.evidence"),
    )
    out.table(
        ["A:B", "C:F"],
        [
            [say("guide.column"), say("guide.meaning")],
            *([say(label), say(f"guide.column_{name}")] for name, label in columns),
        ],
    )
    if page.rules.lines:
        out.section("guide.lines")
        out.lines([say("guide.lines_form")])
    out.section("guide.example")
    _example(out)
    if page.rules.bands:
        out.section("guide.bands")
        out.lines(_bands(page))
    out.section("guide.notes")
    step = shown(page.rules.step)
    decimal = say("guide.note_decimal", step=comma(step) if page.lang == "vi" else step)
    out.lines(
        (
            say("guide.note_paste"),
            *([decimal] if count else []),
            say("guide.note_true"),
            say("guide.note_secret"),
        )
    )
    finish.paper(page, landscape=False, tall=1)


def _example(out: _Writer) -> None:
    """Four tasks of a week, what they suggest, and what the person makes of it."""
    page, say = out.page, out.page.say
    rules = page.rules
    thursday, friday = date(2025, 6, 5), date(2025, 6, 6)
    tasks = (
        Task("01", say("guide.task_1"), important=True, due=thursday, status=DONE, product=say("guide.product_1")),
        Task("02", say("guide.task_2"), important=True, due=friday, status=DONE_LATE, product=say("guide.product_2")),
        Task("03", say("guide.task_3"), due=friday, status=DOING),
        Task("04", say("guide.task_4"), unplanned=True, status=DONE, product=say("guide.product_4")),
    )
    days = {thursday: say("guide.due_thursday"), friday: say("guide.due_friday"), None: ""}
    header = [say(f"tasks.{name}") for name in ("key", "name", "important", "due", "status", "product")]
    rows = [
        [task.key, task.name, YES if task.important else NO, days[task.due], task.status, task.product]
        for task in tasks
    ]
    given = {(1, place): CELL.but(fill=BLUE, bold=True) for place in (1, 2, 3)}
    out.table(list("ABCDEF"), [header, *rows], given)
    if not rules.parts:
        return
    base = str(sum(1 for task in tasks if task.completed or task.due))
    reached: dict[str, int] = {
        "progress": sum(1 for task in tasks if task.status == DONE),
        "quality": sum(1 for task in tasks if task.completed and task.product),
    }
    found = suggested(tasks, rules, _SUNDAY)
    for measure, count in reached.items():
        for part in rules.parts:
            if part.measure == measure:
                facts = {"maximum": shown(part.maximum), "part": count, "base": base}
                figure = _figure(page, found[part.code] or Decimal(0))
                out.lines([say(f"guide.example_{measure}", name=_short(page, part), result=figure, **facts)])
    own = {part: found.get(part.code) or to_step(part.maximum * Decimal("0.9"), rules.step) for part in rules.parts}
    total = sum(own.values(), Decimal(0))
    scores = ", ".join(f"{_short(page, part)} {_figure(page, score)}" for part, score in own.items())
    facts = {"scores": scores, "total": _figure(page, total), "band": rules.band_for(total).name(page.lang)}
    out.lines([say("guide.example_scores" if found else "guide.example_own", **facts)])


def _short(page: PrintedPage, part: Part) -> str:
    """A part's name within a sentence."""
    name = part.label("master.head.part", page.lang)
    return name[:1].lower() + name[1:]


def _count(page: PrintedPage) -> str:
    """How many scores there are, as a word; empty for none."""
    return page.say(f"guide.count_{len(page.rules.parts)}") if page.rules.parts else ""


def _figure(page: PrintedPage, value: Decimal) -> str:
    return comma(shown(value)) if page.lang == "vi" else shown(value)


def _bands(page: PrintedPage) -> list[str]:
    """The rule book's bands in words."""
    rules: RuleBook = page.rules
    lines = []
    high = rules.maximum
    for place, band in enumerate(rules.bands):
        last = place == len(rules.bands) - 1
        key = "band_last" if last and place else "band_line" if place else "band_top"
        facts = {"low": _figure(page, band.at_least), "high": _figure(page, high), "name": band.name(page.lang)}
        lines.append("- " + page.say(f"guide.{key}", **facts))
        high = band.at_least
    return lines


def register_guide(page: PrintedPage) -> None:
    """How to keep the register."""
    say, rules = page.say, page.rules
    many = str(rules.two_weeks.many_important_tasks)
    out = _Writer(page, say("guide.follow_up_title"))
    out.section("guide.follow_up_rule")
    out.lines(say(f"guide.follow_up_rule_{line}", many=many) for line in range(1, 5))
    out.section("guide.follow_up_steps")
    days = str(rules.review.answer_working_days)
    out.lines(say(f"guide.follow_up_{step}", days=days) for step in range(1, 10))
    finish.paper(page, landscape=False, tall=1)


def period_guide(page: PrintedPage) -> None:
    """How to enter the criteria of a period."""
    say = page.say
    out = _Writer(page, say("guide.period_title"))
    out.section("guide.period_steps")
    method = page.rules.period.ratios
    out.lines(say(f"guide.period_{step}") for step in range(1, 6))
    if method is not None:
        out.section("guide.period_ratios")
        facts = {"total": shown(method.maximum), "tasks": shown(method.tasks)}
        out.lines(say(f"guide.period_ratio_{line}", **facts) for line in range(1, 4))
        out.lines(line for criterion in (*method.points, *method.shares) for line in _criterion(page, criterion))
    finish.paper(page, landscape=False, tall=1)


def _criterion(page: PrintedPage, criterion: Criterion) -> Iterator[str]:
    """A criterion of a period: what it comes to at most, of whom it is asked, and what its points mean."""
    facts = {"maximum": shown(criterion.maximum), "asked": page.say(f"guide.period_of_{criterion.asked}")}
    yield page.say(f"guide.period_criterion_{criterion.counts}", name=criterion.name(page.lang), **facts)
    for line in criterion.guide:
        text = line.vi if page.lang == "vi" else line.en
        yield page.say("guide.period_criterion_guide", at_least=shown(line.at_least), text=text)


def approval_guide(page: PrintedPage) -> None:
    """How to approve."""
    say = page.say
    out = _Writer(page, say("guide.approval_title"))
    out.section("guide.approval_steps")
    out.lines(say(f"guide.approval_{step}") for step in range(1, 8))
    out.section("guide.approval_bands")
    out.lines(_bands(page))
    finish.paper(page, landscape=False, tall=1)


def scoring_guide(page: PrintedPage) -> None:
    """How to score."""
    say, rules = page.say, page.rules
    if not rules.parts:
        out = _Writer(page, say("guide.seen_title"))
        out.section("guide.scoring_steps")
        out.lines(say(f"guide.seen_{step}") for step in range(1, 6))
        finish.paper(page, landscape=False, tall=1)
        return
    facts = {
        "count": _count(page),
        "points": shown(rules.reasons.difference_above),
        "below": shown(rules.reasons.comment_below),
        "above": shown(rules.reasons.comment_from),
    }
    out = _Writer(page, say("guide.scoring_title"))
    out.section("guide.scoring_steps")
    out.lines(say(f"guide.scoring_{step}", **facts) for step in range(1, 9))
    if any(part.lines_of_manager for part in rules.parts):
        out.lines([say("guide.lines_scoring")])
    out.section("guide.scoring_guide")
    for part in rules.parts:
        name = f"{part.name(page.lang)} {say('form.maximum', maximum=shown(part.maximum))}"
        rows = [[say("guide.points"), name]]
        rows += [
            [f"{_figure(page, one.low)} – {_figure(page, one.high)}", one.line.text(page.lang)]
            for one in part.guide_ranges(rules.step)
        ]
        for scored in part.lines:
            allowed = inputs.allowed_values(page, scored)
            most = f"0 – {_figure(page, scored.maximum)}"
            rows.append([allowed or most, scored.name(page.lang)])
        out.table(["A", "B:F"], rows)
    out.section("guide.scoring_bands")
    out.lines(_bands(page))
    finish.paper(page, landscape=False, tall=1)
