"""A short summary of a past week: who has a result, reported tasks, what was told, its organisation and rules, unit means, whether it is closed.

For a long ledger the summary is stored as JSON beside it. It is always computed as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalxl.domain.weeks import Week
from evalxl.steps.office.office import fact_of_week

if TYPE_CHECKING:
    from evalxl.steps.office.office import Office


def is_open(office: Office, week: Week) -> bool:
    """Whether forms went out for a week and the week is open: not closed by itself or with its period."""
    is_issued, closed, was_closed = fact_of_week(office, office.history, week, "stands")
    return is_issued and not closed and (was_closed or not office.history.closed_with_period(week))


def standing_of(office: Office, week: Week) -> tuple[bool, bool]:
    """Whether forms went out for a week, and whether it is closed."""
    is_issued, closed, _ = fact_of_week(office, office.history, week, "stands")
    return is_issued, closed


def is_reopened(office: Office, week: Week) -> bool:
    """Whether a week was closed once and is open again."""
    _, closed, was_closed = fact_of_week(office, office.history, week, "stands")
    return bool(was_closed) and not closed
