"""Closing a week or a period, and opening it again; both are recorded. Closing changes nobody's state."""

from __future__ import annotations

from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import Period, Week
from evalxl.records import folders
from evalxl.records.lock import lock
from evalxl.steps.consolidate import draw_masters, write_receipts
from evalxl.steps.office import Batch, Clock, NotIssuedError, Office
from evalxl.steps.view import look


class AlreadyClosedError(EvalxlError):
    key = "slip.already_closed"


class NotClosedError(EvalxlError):
    key = "slip.not_closed"


class ReasonNeededError(EvalxlError):
    """Nothing is opened again without a reason: it stands in the audit report."""

    key = "slip.reason_needed"


def close(office: Office, what: Week | Period, clock: Clock) -> None:
    """Freeze a week, or every issued week of a period.

    Raises:
        NotIssuedError: nothing was issued for it.
        AlreadyClosedError: it is closed.
    """
    _settle(office, what, clock, closing=True, reason="")


def reopen(office: Office, what: Week | Period, clock: Clock, reason: str) -> None:
    """Open a week or a period again.

    Raises:
        ReasonNeededError: no reason is given.
        NotClosedError: it is not closed.
    """
    if not reason.strip():
        raise ReasonNeededError(name=what)
    _settle(office, what, clock, closing=False, reason=reason.strip())


def _settle(office: Office, what: Week | Period, clock: Clock, closing: bool, reason: str) -> None:
    folders.require_share(office.settings, office.folder)
    with lock(office.lock_path(), clock.by, f"{clock.now:%H:%M %d/%m/%Y}"):
        weeks = (what,) if isinstance(what, Week) else what.weeks()
        issued = [week for week in weeks if office.history.week(week).issues()]
        if not issued:
            raise office.not_issued(what) if isinstance(what, Week) else NotIssuedError(week=what, name=str(weeks[0]))
        due = [week for week in issued if office.history.week(week).closed is not closing]
        if not due and isinstance(what, Period) and (str(what) in office.history.closed_periods) is not closing:
            due = issued[-1:]  # every week was closed by itself; the period is closed with the last of them
        if not due:
            raise AlreadyClosedError(name=what) if closing else NotClosedError(name=what)
        batch = Batch(office, clock)
        for week in due:
            batch.add(
                "closed" if closing else "reopened",
                week,
                reason=reason,
                organisation=office.history.week(week).organisation,
                **({"period": str(what)} if isinstance(what, Period) else {}),
            )
        batch.write(str(what))
        for week in due:
            seen = look(office, week, clock.now.astimezone(office.settings.zone).date())
            draw_masters(office, seen)
            write_receipts(office, seen)
