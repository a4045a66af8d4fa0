"""Ratings of a period by ratios of the task rows and by what leaders entered for it (Nghị định 335/2025/NĐ-CP: 100 = common criteria 30 + task results 70).

The total is there only with all of its parts: where a criterion is not entered yet, it is *chưa có*, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from evalxl.domain.evaluation.period_inputs import Entries, PeriodEntry
from evalxl.domain.evaluation.scoring import to_step
from evalxl.domain.evaluation.work_items import Parts, people_in
from evalxl.domain.names import code_key
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.task_ratios import TaskRatios, task_ratios
from evalxl.domain.rulebook import Criterion, Ratios, RuleBook
from evalxl.domain.weeks import Period

_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rating:
    """A person's period by what was done of what was assigned, with what was entered for it.

    Attributes:
        ratios: Quantity, quality, timeliness.
        tasks: Points for task results; None without tasks that count, or where a share was not entered.
        criteria: The shares that count as the ratios do, in per cent, by the criterion's code; with None where it was not entered.
        points: The points that are added to those for the tasks, by the criterion's code; with None where they were not entered.
    """

    ratios: TaskRatios
    tasks: Decimal | None
    criteria: Mapping[str, Decimal | None] = field(default_factory=dict)
    points: Mapping[str, Decimal | None] = field(default_factory=dict)

    @property
    def total(self) -> Decimal | None:
        """The total of 100; *chưa có* where a part of it is missing, which is never a zero."""
        points = [given for given in self.points.values() if given is not None]
        return None if self.tasks is None or len(points) < len(self.points) else self.tasks + sum(points)

    def within_reach(self, method: Ratios) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest total that what is still to be entered can lead to; None without tasks that count."""
        if self.ratios.mean is None:
            return None
        known = [self.ratios.mean] * 3 + [value / _PERCENT for value in self.criteria.values() if value is not None]
        parts = 3 + len(self.criteria)
        lowest = sum(known, Decimal(0)) / parts * method.tasks
        highest = lowest + Decimal(parts - len(known)) / parts * method.tasks
        most = {criterion.code: criterion.maximum for criterion in method.points}
        for code, given in self.points.items():
            lowest += given or 0
            highest += most[code] if given is None else given
        return lowest, highest


def rating_of(ratios: TaskRatios, rank: str, entry: PeriodEntry | None, method: Ratios) -> Rating:
    """What ratios and entry come to: the mean of the ratios and of the shares, all alike, and the points beside it."""
    given = entry.criteria if entry is not None and entry.done else {}
    asked = method.criteria_for(rank)
    criteria = {criterion.code: given.get(criterion.code) for criterion in asked if criterion.counts == "share"}
    points = {criterion.code: given.get(criterion.code) for criterion in asked if criterion.counts == "points"}
    parts = [ratios.quantity, ratios.quality, ratios.timeliness]
    parts += [None if value is None else value / _PERCENT for value in criteria.values()]
    known = [part for part in parts if part is not None]
    tasks = sum(known, Decimal(0)) / len(parts) * method.tasks if len(known) == len(parts) else None
    return Rating(ratios, tasks, criteria, points)


def suggestion_for(criterion: Criterion, row: PeriodResult, rating: Rating | None, rules: RuleBook) -> Decimal | None:
    """What a person's weeks or tasks suggest for a criterion, brought to its maximum; None without them, or where it is not asked of the person.

    Args:
        row: The person's period by the mean of the weeks.
    """
    method = rules.period.ratios
    if method is None or criterion not in method.criteria_for(row.rank):
        return None
    source, _, part = criterion.suggested_by.partition(".")
    if source != "weeks":
        share = getattr(rating.ratios, source) if rating is not None else None
    elif part:
        mean = row.means.get(f"{row.basis}_{part}")
        share = None if mean is None else mean / rules.part(part).maximum
    else:
        share = None if row.counted_total is None else row.counted_total / rules.maximum
    return None if share is None else to_step(min(share, Decimal(1)) * criterion.maximum, rules.step)


def ratings(
    results: Iterable[PeriodResult],
    parts: Parts,
    entries: Entries,
    period: Period,
    coefficients: RuleBook,
    method: Ratios,
) -> dict[str, Rating]:
    """Everybody's rating, by staff code without case."""
    counted = {key: task_ratios(mine, coefficients, period.last, method) for key, _, mine in people_in(parts)}
    found = {}
    for result in results:
        key = code_key(result.code)
        ratios = counted.get(key, TaskRatios())
        found[key] = rating_of(ratios, result.rank, entries.get(key), method)
    return found


def rated(results: Iterable[PeriodResult], found: Mapping[str, Rating], rules: RuleBook) -> tuple[PeriodResult, ...]:
    """The same people with the total of their rating in place of the mean of their weeks; without it they have no total and no band."""
    return tuple(_rated(row, found[code_key(row.code)].total, rules) for row in results)


def _rated(row: PeriodResult, total: Decimal | None, rules: RuleBook) -> PeriodResult:
    if total is None:
        return replace(row, counted_total=None, basis="none", band="")
    basis = "scored" if row.basis == "none" else row.basis
    band = rules.period_band_for(total)
    return replace(row, counted_total=total, basis=basis, band=band.code if band is not None else "")
