"""Refuses changes to a closed week, with an error that says what to reopen."""

from __future__ import annotations

from evalxl.domain.errors import EvalxlError
from evalxl.domain.history.closed_periods import closed_periods_of
from evalxl.domain.weeks import Week
from evalxl.steps.office.office import Office


class WeekClosedError(EvalxlError):
    """The week is closed: nothing more is issued or taken in."""

    key = "slip.week_closed"


class PeriodClosedError(WeekClosedError):
    """The week was never issued and lies in a closed period. Reopening the period opens the week."""

    key = "slip.period_closed"


def require_open(office: Office, week: Week) -> None:
    """Make sure that a week is open.

    Raises:
        WeekClosedError: the week is closed, by itself or with its period.
    """
    history = office.history
    if not history.is_closed(week):
        return
    periods = closed_periods_of(history.closed_periods, week)
    if periods and not history.week(week).issues():
        raise PeriodClosedError(week=week, period=periods[0], name=str(periods[0]))
    raise WeekClosedError(week=week, name=str(week))
