"""Scores, totals and suggestions, in exact decimals.

Totals and bands are always computed here from typed scores; what a formula in a workbook shows is never used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from evalxl.domain.rulebook import PARTS, RuleBook

DONE = "Hoàn thành"
DONE_LATE = "Hoàn thành trễ hạn"
DOING = "Đang thực hiện"
NOT_DONE = "Chưa hoàn thành"
STATUSES = (DONE, DONE_LATE, DOING, NOT_DONE)


@dataclass(frozen=True, slots=True)
class Scores:
    """The three parts of one evaluation; None where a part is not there yet."""

    quality: Decimal | None = None
    progress: Decimal | None = None
    conduct: Decimal | None = None

    @property
    def complete(self) -> bool:
        return None not in (self.quality, self.progress, self.conduct)

    @property
    def total(self) -> Decimal | None:
        """The unrounded total; None unless all three parts are there: a missing score is never a zero."""
        if self.quality is None or self.progress is None or self.conduct is None:
            return None
        return self.quality + self.progress + self.conduct

    def part(self, code: str) -> Decimal | None:
        value: Decimal | None = getattr(self, code)
        return value

    def as_record(self) -> dict[str, str]:
        return {code: shown(value) for code in PARTS if (value := self.part(code)) is not None}

    @classmethod
    def from_record(cls, record: dict[str, str]) -> Scores:
        return cls(**{code: Decimal(value) for code, value in record.items()})


def mean(totals: Iterable[Decimal]) -> Decimal | None:
    """The mean of what is there; None of nothing: who has no score is in no mean, and no mean is no zero."""
    known = list(totals)
    return sum(known, Decimal(0)) / len(known) if known else None


_NOISE, _CENT = Decimal("1e-12"), Decimal("0.01")


def two_places(value: Decimal) -> Decimal:
    """A mean or a share as people are shown it: two places, a half up.

    Every mean is rounded here, so that one number is not 79,62 on one page and 79,63 on the other. What division left in the last of 28 digits is
    taken off first.
    """
    return value.quantize(_NOISE, rounding=ROUND_HALF_EVEN).quantize(_CENT, rounding=ROUND_HALF_UP)


def shown(value: Decimal) -> str:
    """A score without trailing zeros or exponent: `37.5`, `40`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Task:
    """One task row of a form, as the person wrote it.

    Attributes:
        key: The row's number, `01` to `40`.
        status: One of `STATUSES`; empty counts as *Đang thực hiện*.
        origin: `given` by the manager, `carried` over from last week, `plan`ned last week, or empty: the person's own.
        doubtful: One of its dates can hardly be meant, so the row feeds no two-week rule until the manager has said its state.
    """

    key: str
    name: str
    code: str = ""
    important: bool = False
    unplanned: bool = False
    complexity: str = ""
    coefficient: Decimal = Decimal(1)
    unit_of_measure: str = ""
    assigned: Decimal | None = None
    done: Decimal | None = None
    due: date | None = None
    finished: date | None = None
    status: str = ""
    product: str = ""
    evidence: str = ""
    cause: str = ""
    origin: str = ""
    doubtful: bool = False

    @property
    def standing(self) -> str:
        """The status that counts: a row without one is *Đang thực hiện*."""
        return self.status or DOING

    @property
    def completed(self) -> bool:
        """*Hoàn thành trễ hạn* is completed."""
        return self.standing in (DONE, DONE_LATE)


def suggested(tasks: Iterable[Task], rules: RuleBook, last_day: date) -> tuple[Decimal | None, Decimal | None]:
    """The suggested quality and progress, shown beside the self scores and never forced.

    progress = its maximum × completed on time / (due in or before the week, or completed);
    quality = its maximum × completed with a product / (completed, or due); weighted by coefficient, rounded to the step.

    Args:
        tasks: The form's task rows.
        rules: Gives maxima and the step.
        last_day: The week's last working day: what is due on a day off after it is due in the next week.

    Returns:
        Quality and progress; None without any row that counts.
    """
    base = on_time = with_product = Decimal(0)
    for task in tasks:
        if not (task.completed or (task.due is not None and task.due <= last_day)):
            continue
        base += task.coefficient
        if task.standing == DONE:
            on_time += task.coefficient
        if task.completed and task.product:
            with_product += task.coefficient
    if not base:
        return None, None
    return (
        to_step(rules.part("quality").maximum * with_product / base, rules.step),
        to_step(rules.part("progress").maximum * on_time / base, rules.step),
    )


def to_step(value: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of the step; halves go up, as in Excel's MROUND."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
