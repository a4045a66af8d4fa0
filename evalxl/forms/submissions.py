"""Reads a filled form: its scores, texts and task rows.

Typed values never raise an exception: each error is a finding at its cell. An error in a score makes the whole form invalid
(nothing of it is booked). Other errors are findings beside a booked form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.plausible import doubt_of, doubts_of, leaves_open
from evalxl.domain.evaluation.scoring import DOING, Scores, Task, sum_of_lines
from evalxl.domain.evaluation.submissions import NARRATIVES, Plan, Submission
from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import Part, RuleBook, ScoreLine
from evalxl.domain.weeks import Week, shown_date
from evalxl.forms.binding import Layout, Place
from evalxl.forms.comparison.changes import as_seen
from evalxl.forms.comparison.issued import Issued
from evalxl.forms.fields import CHOICES, OWN_LINE, SUBMITTED, YES
from evalxl.forms.kind import capacity
from evalxl.forms.values import (
    EMPTY,
    SEEN_AND_STORED,
    Problem,
    Typed,
    read_choice,
    read_date,
    read_list,
    read_quantity,
    read_score,
    read_text,
    score_facts,
    typed,
)
from evalxl.forms.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Begun:
    """The issued values of a form, and what its dates are compared with.

    Attributes:
        origins: The origins of prefilled task rows, by key: `given`, `carried` or `plan`.
        week: The form's week; None if dates are not compared.
        calendar: Knows the days off.
        names, due: The issued content of prefilled rows, by key.
        doubtful: Keys of carried-over rows whose due date was already doubtful and is not confirmed.
        codes: The task codes that the form offers, without case; empty if it does not offer all codes.
    """

    origins: Mapping[str, str] = field(default_factory=dict)
    week: Week | None = None
    calendar: Organisation = Organisation((), ())
    names: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, date] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def knows(self, code: str) -> bool:
        """Whether a task code is in the catalogue; True if there is none."""
        return not self.codes or code_key(code) in self.codes


class CellReader:
    """Reads typed cells of one workbook by name and row, and collects findings."""

    def __init__(self, book: Workbook, layout: Layout, rules: RuleBook, issued: Issued | None = None) -> None:
        self.book, self.layout, self.rules, self._issued = book, layout, rules, issued
        self.findings: list[Finding] = []

    def place(self, name: str, row: int = 0) -> Place | None:
        places = self.layout.get(name)
        return places[row] if places and row < len(places) else None

    def typed(self, name: str, row: int = 0) -> Typed:
        place = self.place(name, row)
        cell = self.book.cell(place.sheet, place.at) if place else None
        if cell is None or place is None:
            return EMPTY
        if self._issued is None:
            return typed(cell, self.book.format_of(cell))
        return as_seen(self._issued, self.book, name, row, place, cell)

    def text(self, name: str, row: int = 0) -> str:
        value, problem = read_text(self.typed(name, row))
        self._note(problem, name, row)
        return value

    def choice(self, name: str, choices: str, row: int = 0) -> str:
        value, problem = read_list(self.typed(name, row), choices, "form" if YES in CHOICES[choices] else "")
        self._note(problem, name, row)
        return value

    def complexity(self, row: int) -> str:
        levels = self.rules.complexity
        value, problem = read_choice(
            self.typed("ev_task_complexity", row), tuple(n for c in levels for n in (c.vi, c.en))
        )
        self._note(problem, "ev_task_complexity", row)
        return next((level.code for level in levels if value and value in (level.vi, level.en)), "")

    def date(self, name: str, row: int = 0) -> date | None:
        value, problem = read_date(self.typed(name, row))
        self._note(problem, name, row)
        return value

    def quantity(self, name: str, row: int = 0) -> Decimal | None:
        value, problem = read_quantity(self.typed(name, row))
        self._note(problem, name, row)
        return value

    def score(self, name: str, part: Part | ScoreLine, row: int = 0) -> Decimal | None:
        value, problem = read_score(self.typed(name, row), part, self.rules)
        self._note(problem, name, row, **score_facts(part, self.rules))
        return value

    def note(self, kind: str, name: str = "", row: int = 0, **values: Any) -> None:
        place = self.place(name, row) if name else None
        cell = self.typed(name, row) if name else EMPTY
        if kind in SEEN_AND_STORED:
            values["stored"] = cell.stored
        self.findings.append(
            Finding(
                kind,
                sheet=place.sheet if place else "",
                cell=place.cell if place else "",
                found=cell.as_seen[:200],
                values=values,
            )
        )

    def _note(self, problem: Problem | None, name: str, row: int, **values: Any) -> None:
        if problem:
            self.note(problem.kind, name, row, **values, **({"repaired": problem.repaired} if problem.repaired else {}))


def day_values(day: date, otherwise: str, meant: date | None = None) -> dict[str, str]:
    """The values for messages about a doubtful date; `otherwise` says what to do if the date is right."""
    return {
        "day": shown_date(day),
        "meant": shown_date(meant) if meant else "",
        "otherwise": f"@{otherwise}",
    }


def read_submission(
    book: Workbook, layout: Layout, rules: RuleBook, begun: Begun, issued: Issued | None = None
) -> tuple[Submission, list[Finding]]:
    """The content of a filled form, and the findings about it.

    Args:
        book: The returned workbook.
        layout: The places of its fields.
        rules: The rule book of the form's issue.
        begun: The issued values of the form.
        issued: The issued workbook, with which number formats are compared.
    """
    reader = CellReader(book, layout, rules, issued)
    status = reader.choice("ev_status", "form_status")
    unclear = tuple(reader.findings)
    lines, scores = _scores(reader, rules)
    score_findings = len(reader.findings)
    tasks = tuple(task for row in range(capacity("tasks")) if (task := _task(reader, row, rules, begun)))
    plan = tuple(line for row in range(capacity("plan")) if (line := _plan(reader, row, begun)))
    submission = Submission(
        submitted=status == SUBMITTED,
        scores=scores,
        lines=lines,
        tasks=tasks,
        plan=plan,
        appeal=reader.choice("ev_appeal", "no_yes") == YES,
        appeal_week=reader.text("ev_appeal_week"),
        **{name: reader.text(f"ev_{name}") for name in NARRATIVES},
    )
    if not submission.submitted:
        # A draft is never a fault: what is wrong in it is said when it is handed in. But whoever wrote "nộp rồi" has to know that it is one.
        return submission, list(unclear)
    already = {finding.cell for finding in reader.findings[:score_findings] if finding.level == "error"}
    for name, given, term in _asked_for(rules, lines, scores):
        place = reader.place(name)
        if given is None and not (place and place.cell in already):
            reader.note("form.score_missing", name, label=term)
    if not tasks:
        reader.note("form.no_task", "ev_task_name")
    if submission.appeal and not submission.reply:
        reader.note("appeal.no_reason", "ev_reply")
    if submission.appeal_week and not submission.appeal:
        reader.note("appeal.not_asked", "ev_appeal_week")
    return submission, reader.findings


def _scores(reader: CellReader, rules: RuleBook) -> tuple[dict[str, Decimal], Scores]:
    """What the person gives: by line where a part has lines, whose sum the part is; and by part."""
    lines: dict[str, Decimal] = {}
    parts: dict[str, Decimal | None] = {}
    for part in rules.parts:
        for line in part.lines_of_person:
            if (given := reader.score(f"{OWN_LINE}{line.key}", line)) is not None:
                lines[line.key] = given
        parts[part.code] = (
            sum_of_lines(part.lines_of_person, lines) if part.lines else reader.score(f"ev_self_{part.code}", part)
        )
    return lines, Scores.of(parts)


def _asked_for(
    rules: RuleBook, lines: Mapping[str, Decimal], scores: Scores
) -> Iterator[tuple[str, Decimal | None, str]]:
    """Each score that the form asks for: its cell's name, what was given, and what findings call it."""
    for part in rules.parts:
        if not part.lines:
            yield f"ev_self_{part.code}", scores.part(part.code), part.term
        for line in part.lines_of_person:
            yield f"{OWN_LINE}{line.key}", lines.get(line.key), line.term


_SAID_OF_A_TASK = (
    "ev_task_code",
    "ev_task_unit",
    "ev_task_assigned",
    "ev_task_done",
    "ev_task_due",
    "ev_task_finished",
    "ev_task_status",
    "ev_task_product",
    "ev_task_evidence",
    "ev_task_cause",
)


def _task(reader: CellReader, row: int, rules: RuleBook, begun: Begun) -> Task | None:
    name, key = reader.text("ev_task_name", row), f"{row + 1:02d}"
    if not name and begun.origins.get(key) == "carried" and (name := begun.names.get(key, "")):
        reader.note("task.carried_removed", "ev_task_name", row, key=key)
    if not name:
        if not all(reader.typed(field, row).blank for field in _SAID_OF_A_TASK):
            reader.note("task.no_name", "ev_task_name", row)
        return None
    complexity = reader.complexity(row)
    task = Task(
        key=key,
        name=name,
        code=reader.text("ev_task_code", row),
        important=reader.choice("ev_task_important", "yes_no", row) == YES,
        unplanned=reader.choice("ev_task_unplanned", "yes_no", row) == YES,
        complexity=complexity,
        coefficient=rules.coefficient_for(complexity),
        unit_of_measure=reader.text("ev_task_unit", row),
        assigned=reader.quantity("ev_task_assigned", row),
        done=reader.quantity("ev_task_done", row),
        due=reader.date("ev_task_due", row),
        finished=reader.date("ev_task_finished", row),
        status=reader.choice("ev_task_status", "task_status", row),
        product=reader.text("ev_task_product", row),
        evidence=reader.text("ev_task_evidence", row),
        cause=reader.text("ev_task_cause", row),
        origin=begun.origins.get(key, ""),
    )
    if begun.week is not None:
        task = _with_doubts(reader, row, task, begun.week, begun)
    if task.code and not begun.knows(task.code):
        reader.note("task.code_unknown", "ev_task_code", row)
    if task.completed and not task.product:
        reader.note("task.no_product", "ev_task_product", row, key=key)
    if task.completed and not task.evidence:
        reader.note("task.no_evidence", "ev_task_evidence", row, key=key)
    if not task.status:
        reader.note("task.no_status", "ev_task_status", row, key=key, standing=DOING)
    return task


def _with_doubts(reader: CellReader, row: int, task: Task, week: Week, begun: Begun) -> Task:
    """The task with a mark if its dates are doubtful; each doubt is a finding.

    An issued due date was already compared with its own week. Only the manager can correct a due date that the manager set:
    the manager's workbook points it out.
    """
    known = task.due is not None and task.due == begun.due.get(task.key)
    doubts = list(doubts_of(task, week, begun.calendar, known and task.origin == "carried"))
    unsettled = known and task.key in begun.doubtful
    if unsettled and task.due is not None:
        values = day_values(task.due, "date.otherwise_checked")
        reader.note("date.unconfirmed", "ev_task_due", row, **values, key=task.key)
    for which, doubt in doubts:
        if which == "due" and known and task.origin == "given":
            continue
        day: date = getattr(task, which)
        values = day_values(day, f"date.otherwise_{'checked' if which == 'due' else 'nothing'}", doubt.meant)
        more = {"standing": task.standing, "due": shown_date(task.due) if task.due else ""}
        reader.note(doubt.kind, f"ev_task_{which}", row, **values, **more, key=task.key)
    doubtful = unsettled or any(leaves_open(which, doubt, task) for which, doubt in doubts)
    return replace(task, doubtful=doubtful) if doubtful else task


_SAID_OF_A_PLAN = ("ev_plan_code", "ev_plan_due")


def _plan(reader: CellReader, row: int, begun: Begun) -> Plan | None:
    name = reader.text("ev_plan_name", row)
    if not name:
        if not all(reader.typed(field, row).blank for field in _SAID_OF_A_PLAN):
            reader.note("plan.no_name", "ev_plan_name", row)
        return None
    due, code, week = reader.date("ev_plan_due", row), reader.text("ev_plan_code", row), begun.week
    if code and not begun.knows(code):
        reader.note("task.code_unknown", "ev_plan_code", row)
    if due is not None and week is not None and (doubt := doubt_of(due, week.after())) is not None:
        reader.note(doubt.kind, "ev_plan_due", row, **day_values(due, "date.otherwise_nothing", doubt.meant))
    return Plan(
        name=name,
        code=code,
        due=due,
        important=reader.choice("ev_plan_important", "yes_no", row) == YES,
    )
