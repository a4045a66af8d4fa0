"""People who are steadily strong: attention to potential and talent (training article of 2019), beside the people to talk with.

A list to look at, in nobody's favour by itself: potential is not scored, and a steady score may be a scorer's habit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.rulebook import RuleBook

FEWEST_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Steady:
    """One of them.

    Attributes:
        mean, lowest, highest: Of the approved weekly totals, whatever the period itself is rated by.
        swing: Their mean distance from the person's mean.
    """

    row: PeriodResult
    mean: Decimal
    lowest: Decimal
    highest: Decimal
    swing: Decimal


def steady_people(rows: Sequence[PeriodResult], rules: RuleBook) -> tuple[Steady, ...]:
    """Who had enough approved weeks and no missing form, was never below the second band, swings no more than half of the office does, and has a mean
    among the highest quarter; the highest mean first."""
    most = max((row.evaluated for row in rows), default=0)
    if not rules.bands:
        return ()
    floor = rules.bands[min(1, len(rules.bands) - 1)].at_least
    able = [_steady(row) for row in rows if row.evaluated >= max(FEWEST_WEEKS, (most + 1) // 2) and not row.missing]
    if not able:
        return ()
    calm = median(steady.swing for steady in able)
    means = sorted((steady.mean for steady in able), reverse=True)
    line = means[(len(means) - 1) // 4]
    steadies = [steady for steady in able if steady.lowest >= floor and steady.swing <= calm and steady.mean >= line]
    return tuple(sorted(steadies, key=lambda steady: (-steady.mean, steady.swing, steady.row.code)))


def _steady(row: PeriodResult) -> Steady:
    totals = [mark.total for mark in row.marks if mark.basis == "approved" and mark.total is not None]
    mean = sum(totals, Decimal(0)) / len(totals)
    swing = sum((abs(total - mean) for total in totals), Decimal(0)) / len(totals)
    return Steady(row, mean, min(totals), max(totals), swing)
