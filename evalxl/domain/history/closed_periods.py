"""Closed periods: the date of their figures, and the weeks that were never issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evalxl.domain.weeks import Period, Week


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """When a period was closed, and the last event of the closing. Later events do not change its figures.

    Attributes:
        never_issued: The weeks for which nothing had been issued by then, if the event names them.
    """

    seq: int
    at: datetime
    never_issued: tuple[Week, ...] = ()


def closed_periods_of(closed: Iterable[str], week: Week) -> tuple[Period, ...]:
    """The closed periods that contain a week, the shortest first.

    Args:
        closed: The names of all closed periods.
    """
    found = (period for one in closed if week in (period := Period.parse(one)))
    return tuple(sorted(found, key=lambda period: (period.last - period.first, period.first)))
