"""What a filled form says: its scores, its words, its task rows.

The reading never raises for what people typed: whatever is wrong is a finding at its cell. An error in a score makes the form invalid as a
whole (nothing of it is booked); errors elsewhere are findings beside a booked form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import PARTS, RuleBook
from evalxl.domain.scoring import DOING, Scores, Task, shown
from evalxl.domain.submissions import NARRATIVES, Plan, Submission
from evalxl.forms.binding import Layout, Place
from evalxl.forms.fields import CAPACITY, SUBMITTED, YES
from evalxl.forms.values import (
    Problem,
    Typed,
    read_choice,
    read_date,
    read_list,
    read_quantity,
    read_score,
    read_text,
    typed,
)
from evalxl.forms.workbook import Workbook


class CellReader:
    """Reads typed cells of one workbook by name and row, and gathers what is wrong with them."""

    def __init__(self, book: Workbook, layout: Layout, rules: RuleBook) -> None:
        self.book, self.layout, self.rules = book, layout, rules
        self.findings: list[Finding] = []

    def place(self, name: str, row: int = 0) -> Place | None:
        places = self.layout.get(name)
        return places[row] if places and row < len(places) else None

    def typed(self, name: str, row: int = 0) -> Typed:
        place = self.place(name, row)
        cell = self.book.cell(place.sheet, place.at) if place else None
        return typed(cell, self.book.format_of(cell) if cell else "general")

    def text(self, name: str, row: int = 0) -> str:
        value, problem = read_text(self.typed(name, row))
        self._note(problem, name, row)
        return value

    def choice(self, name: str, choices: str, row: int = 0) -> str:
        value, problem = read_list(self.typed(name, row), choices)
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

    def score(self, name: str, part: str, row: int = 0) -> Decimal | None:
        rule = self.rules.part(part)
        value, problem = read_score(self.typed(name, row), rule, self.rules)
        self._note(problem, name, row, label=f"@term.{part}", maximum=shown(rule.maximum), step=shown(self.rules.step))
        return value

    def note(self, kind: str, name: str = "", row: int = 0, **values: Any) -> None:
        place = self.place(name, row) if name else None
        found = self.typed(name, row).as_seen if name else ""
        self.findings.append(
            Finding(
                kind,
                sheet=place.sheet if place else "",
                cell=place.cell if place else "",
                found=found[:200],
                values=values,
            )
        )

    def _note(self, problem: Problem | None, name: str, row: int, **values: Any) -> None:
        if problem:
            self.note(problem.kind, name, row, **values, **({"repaired": problem.repaired} if problem.repaired else {}))


def read_submission(
    book: Workbook, layout: Layout, rules: RuleBook, origins: Mapping[str, str]
) -> tuple[Submission, list[Finding]]:
    """What a filled form says, and what is wrong with it.

    Args:
        book: The returned workbook.
        layout: Where its fields stand.
        rules: The rule book that the form was issued under.
        origins: Where prefilled task rows came from, by key: `given`, `carried` or `plan`.
    """
    reader = CellReader(book, layout, rules)
    status = reader.choice("ev_status", "form_status")
    unclear = tuple(reader.findings)
    scores = Scores(**{part: reader.score(f"ev_self_{part}", part) for part in PARTS})
    score_findings = len(reader.findings)
    tasks = tuple(task for row in range(CAPACITY["tasks"]) if (task := _task(reader, row, rules, origins)))
    plan = tuple(line for row in range(CAPACITY["plan"]) if (line := _plan(reader, row)))
    submission = Submission(
        submitted=status == SUBMITTED,
        scores=scores,
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
    for part in PARTS:
        place = reader.place(f"ev_self_{part}")
        if scores.part(part) is None and not (place and place.cell in already):
            reader.note("form.score_missing", f"ev_self_{part}", label=f"@term.{part}")
    if not tasks:
        reader.note("form.no_task", "ev_task_name")
    if submission.appeal and not submission.reply:
        reader.note("appeal.no_reason", "ev_reply")
    return submission, reader.findings


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


def _task(reader: CellReader, row: int, rules: RuleBook, origins: Mapping[str, str]) -> Task | None:
    name = reader.text("ev_task_name", row)
    if not name:
        if not all(reader.typed(field, row).blank for field in _SAID_OF_A_TASK):
            reader.note("task.no_name", "ev_task_name", row)
        return None
    key = f"{row + 1:02d}"
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
        origin=origins.get(key, ""),
    )
    if task.completed and not task.product:
        reader.note("task.no_product", "ev_task_product", row, key=key)
    if task.completed and not task.evidence:
        reader.note("task.no_evidence", "ev_task_evidence", row, key=key)
    if not task.status:
        reader.note("task.no_status", "ev_task_status", row, key=key, standing=DOING)
    return task


def _plan(reader: CellReader, row: int) -> Plan | None:
    name = reader.text("ev_plan_name", row)
    if not name:
        return None
    return Plan(
        name=name,
        code=reader.text("ev_plan_code", row),
        due=reader.date("ev_plan_due", row),
        important=reader.choice("ev_plan_important", "yes_no", row) == YES,
    )
