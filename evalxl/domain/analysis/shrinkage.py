"""Means of groups beside all groups', drawn to their centre as far as chance alone makes them differ (empirical Bayes)."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Shrunken(NamedTuple):
    """A group's mean beside all groups'.

    Attributes:
        raw, centre: The group's own, and that of all.
        off: The difference, shrunken; `sure` is its standard deviation.
        cases: What the mean is of.
    """

    raw: float
    centre: float
    off: float
    sure: float
    cases: int

    def certain(self, times: float) -> bool:
        """Whether it lies so many standard deviations off."""
        return abs(self.off) >= max(times * self.sure, 1e-9)


Groups = Mapping[str, Shrunken]


def shrunken(means: pd.Series[float], variances: pd.Series[float], cases: pd.Series[int], most: float = inf) -> Groups:
    """Means drawn to their centre, as far as chance alone makes them differ (empirical Bayes; DerSimonian and Laird's estimate).

    Args:
        means: One per group.
        variances: Of each mean, by chance alone; above 0.
        cases: What each mean is of.
        most: What one group counts for at most in how much groups differ: else one far off makes all others look less doubtful.
    """
    if not len(means):
        return {}
    weights = 1 / variances
    centre = float((weights * means).sum() / weights.sum())
    chance = float((weights * (means - centre) ** 2).clip(upper=most).sum()) - (len(means) - 1)
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    between = max(0.0, chance / room) if room > 1e-12 else 0.0
    weights = 1 / (variances + between)
    centre = float((weights * means).sum() / weights.sum())
    kept = between / (between + variances)
    off, sure = kept * (means - centre), (kept * variances) ** 0.5
    columns = zip(means.index, means, off, sure, cases, strict=True)
    return {str(key): Shrunken(float(raw), centre, float(o), float(e), int(n)) for key, raw, o, e, n in columns}
