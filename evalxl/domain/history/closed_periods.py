"""Periods that were closed: as of when their figures are, and which weeks had never been issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evalxl.domain.weeks import Period, Week


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """When a period was closed, and the last event of that: what came after is later.

    Attributes:
        never_issued: The weeks for which nothing had been issued then, as far as the event says so.
    """

    seq: int
    at: datetime
    never_issued: tuple[Week, ...] = ()


def closed_periods_of(closed: Iterable[str], week: Week) -> tuple[Period, ...]:
    """The closed periods that a week lies in, the shortest first.

    Args:
        closed: What the closed periods are called.
    """
    found = (period for one in closed if week in (period := Period.parse(one)))
    return tuple(sorted(found, key=lambda period: (period.last - period.first, period.first)))
