"""Closing a week or a period, and opening it again; both are recorded. Closing changes nobody's state."""

from __future__ import annotations

from dataclasses import dataclass

from evalxl.domain.errors import EvalxlError
from evalxl.domain.outcome import results, unit_results
from evalxl.domain.weeks import Period, Week
from evalxl.records.publish import Published
from evalxl.steps.at_a_glance import standing_of
from evalxl.steps.at_work import at_work, is_ahead, require_clock
from evalxl.steps.drawing import draw_week, without_head
from evalxl.steps.office import Batch, Clock, NotIssuedError, Office
from evalxl.steps.progress import Progress, go_on, unwatched
from evalxl.steps.result_sheets import book_pages, pages_due
from evalxl.steps.view import look


class AlreadyClosedError(EvalxlError):
    key = "slip.already_closed"


class NotClosedError(EvalxlError):
    key = "slip.not_closed"


class ReasonNeededError(EvalxlError):
    """Nothing is opened again without a reason: it stands in the audit report."""

    key = "slip.reason_needed"


@dataclass(frozen=True, slots=True)
class Settled:
    """What closing or opening did.

    Attributes:
        weeks: The weeks that were closed or opened now.
        made_up: What an earlier run recorded, was broken off, and did not live to draw; drawn now.
        masters: Every master drawn now; one that somebody has open waits beside.
    """

    weeks: tuple[Week, ...]
    made_up: tuple[Published, ...] = ()
    masters: tuple[Published, ...] = ()


def close(
    office: Office, what: Week | Period, clock: Clock, progress: Progress = unwatched, drawn: bool = True
) -> Settled:
    """Freeze a week, or every issued week of a period, and make the page to sign of everybody and of every unit that reported.

    A closing that was broken off after it was recorded is finished: what it did not live to draw is drawn.

    Args:
        drawn: Whether it is drawn; whoever closes many weeks in a row draws them meanwhile.

    Raises:
        NotIssuedError: nothing was issued for it.
        AlreadyClosedError: it is closed, and nothing of it is missing.
    """
    return _settle(office, what, clock, progress, closing=True, reason="", drawn=drawn)


def reopen(office: Office, what: Week | Period, clock: Clock, reason: str, progress: Progress = unwatched) -> Settled:
    """Open a week or a period again.

    A week whose last entry lies ahead of the clock (somebody's clock was wrong when it was written) is opened too, whether it was closed
    or not: that a person says so, with a reason, is what lets the office go on with the right clock.

    Raises:
        ReasonNeededError: no reason is given.
        NotClosedError: it is not closed.
    """
    if not reason.strip():
        raise ReasonNeededError(name=what)
    return _settle(office, what, clock, progress, closing=False, reason=reason.strip(), drawn=True)


def _settle(
    office: Office, what: Week | Period, clock: Clock, progress: Progress, closing: bool, reason: str, drawn: bool
) -> Settled:
    with at_work(office, clock):
        weeks = (what,) if isinstance(what, Week) else what.weeks()
        stands = {week: standing_of(office, week) for week in weeks if week in office.history.weeks}
        issued = [week for week, (is_issued, _) in stands.items() if is_issued]
        if not issued:
            raise office.not_issued(what) if isinstance(what, Week) else NotIssuedError(week=what, name=str(weeks[0]))
        ahead = [week for week in issued if not closing and is_ahead(office, week, clock.now)]
        due = [week for week in issued if stands[week][1] is not closing or week in ahead]
        if not due and isinstance(what, Period) and (str(what) in office.history.closed_periods) is not closing:
            due = issued[-1:]  # every week was closed by itself; the period is closed with the last of them
        if not due:
            return _made_up(office, what, issued, clock, closing)
        batch, today = Batch(office, clock), clock.now.astimezone(office.settings.zone).date()
        for number, week in enumerate(due):
            go_on(progress, "gathering", number, len(due))
            if week not in ahead:
                require_clock(office, week, clock.now)
            if closing:
                _book_pages(batch, week)
            batch.add(
                "closed" if closing else "reopened",
                week,
                reason=reason,
                organisation=office.history.week(week).organisation,
                **({"period": str(what)} if isinstance(what, Period) else {}),
            )
        batch.write(str(what))
        masters: list[Published] = []
        for number, week in enumerate(due if drawn else ()):
            progress("drawing", number, len(due))
            masters += draw_week(office, look(office, week, today), pages=True)
        return Settled(tuple(due), masters=tuple(masters))


def _made_up(office: Office, what: Week | Period, weeks: list[Week], clock: Clock, closing: bool) -> Settled:
    """Draw what the run that recorded it did not live to draw.

    Only the last entry of a week can have been broken off: what came later has drawn the masters anew.
    """
    kind, today = "closed" if closing else "reopened", clock.now.astimezone(office.settings.zone).date()
    drawn: list[Published] = []
    for week in weeks:
        log = office.history.week(week).log
        if log[-1]["kind"] == kind and without_head(office, seen := look(office, week, today)):
            drawn += [one for one in draw_week(office, seen, pages=True) if one.state != "unchanged"]
    if not drawn:
        raise AlreadyClosedError(name=what) if closing else NotClosedError(name=what)
    return Settled((), tuple(drawn), tuple(drawn))


def _book_pages(batch: Batch, week: Week) -> None:
    """Record everybody's page to sign."""
    judged = batch.office.judged(batch.office.history.week(week))
    assert judged is not None  # it was issued
    what = (judged.this, judged.roster, judged.rules)
    book_pages(batch, week, pages_due(results(*what), unit_results(*what)), judged.rules)
