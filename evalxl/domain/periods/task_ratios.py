"""A period rated by its tasks: quantity, quality and timeliness of what was assigned (Nghị định 335/2025/NĐ-CP).

The ratios are counted from the weekly task rows as the manager saw them; where the manager said nothing, the person's word stands. They are never
made of weekly points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE, Task
from evalxl.domain.evaluation.two_week_rule import EffectiveTask
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.evaluation.work_items import WorkItem, works_of
from evalxl.domain.names import code_key
from evalxl.domain.rulebook import Ratios, RuleBook
from evalxl.domain.typed_rows import Check

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class TaskRatios:
    """What was done of what was assigned in a period, weighted by complexity.

    Attributes:
        tasks: Tasks that count: a task that was carried from week to week counts once, as its last week has it.
        excepted: Tasks left out, because they were not completed for an objective cause that the manager accepted.
        assigned: Quantity assigned × coefficient of complexity.
        quantity, quality, timeliness: Each from 0 to 1; None where nothing was assigned that counts.
    """

    tasks: int = 0
    excepted: int = 0
    assigned: Decimal = Decimal(0)
    quantity: Decimal | None = None
    quality: Decimal | None = None
    timeliness: Decimal | None = None

    @property
    def mean(self) -> Decimal | None:
        if self.quantity is None or self.quality is None or self.timeliness is None:
            return None
        return (self.quantity + self.quality + self.timeliness) / 3

    def points(self, rules: Ratios) -> Decimal | None:
        """The points for task results; None where nothing was assigned that counts."""
        return None if self.mean is None else self.mean * rules.tasks


Standing = Literal["counted", "excepted", "not_due"]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One piece of work as the ratios see it.

    Attributes:
        standing: Whether it counts; `excepted` for an objective cause that the manager accepted, `not_due` where it is left for the next period.
        assigned: Quantity assigned × coefficient of complexity.
        done, fit, in_time: What of that was done, was done well, was done in time.
    """

    work: WorkItem
    standing: Standing
    assigned: Decimal
    done: Decimal
    fit: Decimal
    in_time: Decimal


def task_lines(weeks: Iterable[Result], rules: RuleBook, ends: date, method: Ratios) -> tuple[TaskLine, ...]:
    """The tasks of one person, each once.

    A task counts once it is due or completed: what is not due yet in the period is left for the next. A row without quantities is one piece of work.

    Args:
        weeks: The person's weeks, in order.
        rules: Gives the coefficients of complexity.
        ends: The last day of the period.
        method: What a fault and a delay take away.
    """
    return tuple(_line(work, rules, ends, method) for work in works_of(weeks))


def _line(work: WorkItem, rules: RuleBook, ends: date, method: Ratios) -> TaskLine:
    task, check, word = work.task, work.check, work.word
    standing: Standing = "counted"
    if not _done(word):
        if task.due is None or task.due > ends:
            standing = "not_due"
        elif word.cause_accepted:
            standing = "excepted"
    weight = _weight(task, rules)
    fit, in_time = _quality(task, check, word, method), _in_time(task, check, word, method)
    return TaskLine(work, standing, weight, weight * _part_done(task, word), weight * fit, weight * in_time)


def task_ratios(weeks: Iterable[Result], rules: RuleBook, ends: date, method: Ratios) -> TaskRatios:
    """The ratios of one person; the arguments are those of `task_lines`."""
    return ratios_of(task_lines(weeks, rules, ends, method))


def ratios_of(lines: Iterable[TaskLine]) -> TaskRatios:
    """What the lines that count come to."""
    lines = tuple(lines)
    kept = [line for line in lines if line.standing == "counted"]
    assigned = sum((line.assigned for line in kept), Decimal(0))
    excepted = sum(line.standing == "excepted" for line in lines)
    if not assigned:
        return TaskRatios(len(kept), excepted)
    return TaskRatios(
        tasks=len(kept),
        excepted=excepted,
        assigned=assigned,
        quantity=sum((line.done for line in kept), Decimal(0)) / assigned,
        quality=sum((line.fit for line in kept), Decimal(0)) / assigned,
        timeliness=sum((line.in_time for line in kept), Decimal(0)) / assigned,
    )


def _done(word: EffectiveTask) -> bool:
    return word.status in (DONE, DONE_LATE)


def _weight(task: Task, rules: RuleBook) -> Decimal:
    coefficient = rules.coefficient_for(task.complexity) if task.complexity else task.coefficient
    return (task.assigned if task.assigned else _ONE) * coefficient


def _part_done(task: Task, word: EffectiveTask) -> Decimal:
    """How much of the assigned quantity was done; a refused product was not."""
    if not word.recognised:
        return Decimal(0)
    if task.assigned and task.done is not None:
        return min(_ONE, task.done / task.assigned)
    return Decimal(_done(word))


def _quality(task: Task, check: Check, word: EffectiveTask, method: Ratios) -> Decimal:
    return _part_done(task, word) * max(Decimal(0), _ONE - method.per_fault * (check.faults or 0))


def _in_time(task: Task, check: Check, word: EffectiveTask, method: Ratios) -> Decimal:
    """A task that came late was delayed once at least."""
    delays = max(check.delays or 0, 1 if word.status == DONE_LATE else 0)
    return _part_done(task, word) * max(Decimal(0), _ONE - method.per_delay * delays) if _done(word) else Decimal(0)


def by_person(rows: Iterable[Result]) -> dict[str, Sequence[Result]]:
    """Everybody's weeks in order, by staff code without case."""
    found: dict[str, list[Result]] = {}
    for row in sorted(rows, key=lambda row: row.week):
        found.setdefault(code_key(row.code), []).append(row)
    return dict(found)
