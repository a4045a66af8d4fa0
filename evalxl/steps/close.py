"""Closing a week or a period, and reopening it. Both are recorded. Closing changes nobody's state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from evalxl.domain.errors import EvalxlError, in_words
from evalxl.domain.history.closed_periods import closed_periods_of
from evalxl.domain.history.events import ClosedEvent, ReopenedEvent
from evalxl.domain.week.week_counts import LeftOpen, left_open
from evalxl.domain.week.week_results import results, unit_results
from evalxl.domain.weeks import Period, Week, shown_date
from evalxl.records import folders
from evalxl.records.publish import Published
from evalxl.steps.office.office import Batch, Clock, NotIssuedError, Office
from evalxl.steps.office.past_weeks import gone_by
from evalxl.steps.office.progress import Progress, report_or_stop, unwatched
from evalxl.steps.office.week_summary import is_reopened, standing_of
from evalxl.steps.office.write_session import at_work, is_ahead, require_clock
from evalxl.steps.outputs.signed_pages import book_pages, pages_due
from evalxl.steps.outputs.week_outputs import draw_week, without_head
from evalxl.steps.periods.roll_up import draw_roll_up
from evalxl.steps.views.week_view import week_view
from evalxl.words import Lang, say


class AlreadyClosedError(EvalxlError):
    key = "slip.already_closed"


class NotClosedError(EvalxlError):
    key = "slip.not_closed"


class ReasonNeededError(EvalxlError):
    """Nothing is reopened without a reason, which the audit report shows."""

    key = "slip.reason_needed"


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """A week, and the people whose results are still open."""

    week: Week
    left: LeftOpen


@dataclass(frozen=True, slots=True)
class Gaps:
    """Reasons to ask before a week or a period is closed.

    Attributes:
        unended: The weeks whose Sunday is not over yet.
        never_issued: The weeks of the period with working days for which nothing was issued.
        open_weeks: The weeks of the period with open results.
    """

    unended: tuple[Week, ...] = ()
    never_issued: tuple[Week, ...] = ()
    open_weeks: tuple[OpenWeek, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unended or self.never_issued or self.open_weeks)

    def shown(self, lang: Lang = "vi") -> str:
        """The gaps as part of a sentence: `còn 2 tuần chưa phát phiếu (Tuần 24 …), 3 lượt chưa nộp`."""
        said = []
        for key, weeks in (("never_issued", self.never_issued), ("unended", self.unended)):
            if weeks:
                said.append(say(f"closing.gap_{key}", lang, count=len(weeks), weeks=_some(weeks, lang)))
        for one in fields(LeftOpen):
            if count := sum(len(getattr(open_week.left, one.name)) for open_week in self.open_weeks):
                said.append(say(f"closing.gap_{one.name}", lang, count=count))
        return ", ".join(said)


_MOST_NAMED = 2  # weeks in a sentence; the result holds all


def _some(weeks: Sequence[Week], lang: Lang) -> str:
    named = ", ".join(week.shown(lang) for week in weeks[:_MOST_NAMED])
    return named if len(weeks) <= _MOST_NAMED else f"{named}, …"


class NotSureError(EvalxlError):
    """A week that has not ended, or a period with gaps, is closed only if the operator confirms it."""

    key = "slip.close_not_sure"

    def question(self, lang: Lang) -> str:
        """The same text as a question to the operator."""
        why = say(f"closing.why_{self.key.rpartition('close_')[2]}", lang, **in_words(lang, **self.values))
        return say("closing.ask", lang, why=why)


class UnendedError(NotSureError):
    key = "slip.close_unended"


@dataclass(frozen=True, slots=True)
class SettledWeek:
    """What closing or reopening did.

    Attributes:
        what: The week or period that was named.
        weeks: The weeks that were closed or reopened now.
        reason: Why it was reopened.
        gaps: What a closing leaves open; empty for reopening.
        provisional: The closed periods that became provisional, because one of their weeks is open again.
        settled: The closed periods that are no longer provisional.
        made_up: Closings that an interrupted run recorded but did not draw. They were drawn now.
        masters: Every master drawn now. The new version of a master that somebody has open is written beside it.
    """

    what: Week | Period
    closing: bool
    weeks: tuple[Week, ...] = ()
    reason: str = ""
    gaps: Gaps = Gaps()
    provisional: tuple[Period, ...] = ()
    settled: tuple[Period, ...] = ()
    made_up: tuple[Published, ...] = ()
    masters: tuple[Published, ...] = ()


def close(
    office: Office,
    what: Week | Period,
    clock: Clock,
    progress: Progress = unwatched,
    drawn: bool = True,
    sure: bool = False,
) -> SettledWeek:
    """Close a week, or every issued week of a period, and make the pages to sign for everybody and for every unit that reported.

    A closing that was interrupted after it was recorded is completed: what is missing is drawn.

    Args:
        drawn: Whether to draw the outputs. A caller that closes many weeks in a row draws them separately.
        sure: Close it although it has not ended, or has gaps.

    Raises:
        NotIssuedError: nothing was issued for it.
        AlreadyClosedError: it is closed, and all outputs exist.
        NotSureError: the week has not ended, or the period has gaps.
    """
    with at_work(office, clock):
        issued = _issued_weeks(office, what)
        due = [week for week in issued if not standing_of(office, week)[1]]
        if not due and isinstance(what, Period) and str(what) not in office.history.closed_periods:
            due = issued[-1:]  # every week was closed by itself: the period is closed with the last one
        if not due:
            return _made_up(office, what, issued, clock, closing=True)
        report_or_stop(progress, "gathering", 0, len(due))
        for week in due:
            require_clock(office, week, clock.now)
        today = clock.now.astimezone(office.settings.zone).date()
        gaps = _gaps(office, what, issued, today)
        _require_sure(what, gaps, sure)
        batch = Batch(office, clock)
        period = str(what) if isinstance(what, Period) else ""
        never = [str(week) for week in gaps.never_issued] if period else []
        for number, week in enumerate(due):
            report_or_stop(progress, "gathering", number, len(due))
            _book_pages(batch, week)
            batch.add(
                ClosedEvent(reason="", never_issued=never, period=period, organisation=_goes_by(office, week)), week
            )
        reopened = [week for week in due if office.history.week(week).closings > 1]
        batch.write(str(what))
        settled = _periods_of(office, reopened, what)
        masters = [*_drawn(office, due if drawn else (), today, progress), *_drawn_periods(office, what, settled)]
        settled = tuple(period for period in settled if not _reopened_in(office, period))
        return SettledWeek(what, True, tuple(due), gaps=gaps, settled=settled, masters=tuple(masters))


def reopen(
    office: Office, what: Week | Period, clock: Clock, reason: str, progress: Progress = unwatched
) -> SettledWeek:
    """Reopen a week or a period.

    This also works for a week whose last entry is later than the clock, because a clock was wrong when it was written, even if the week is not closed.
    A person confirms it with a reason, and the office can continue with the right clock.
    A closed period with a reopened week keeps its figures, and they become provisional.

    Raises:
        ReasonNeededError: no reason is given.
        NotClosedError: it is not closed.
    """
    if not reason.strip():
        raise ReasonNeededError(name=str(what))
    with at_work(office, clock):
        issued = _issued_weeks(office, what)
        ahead = [week for week in issued if is_ahead(office, week, clock.now)]
        due = [week for week in issued if standing_of(office, week)[1] or week in ahead]
        if not due and isinstance(what, Period) and str(what) in office.history.closed_periods:
            due = issued[-1:]  # every week was reopened by itself: the period is reopened with the last one
        if not due:
            return _made_up(office, what, issued, clock, closing=False)
        batch, today = Batch(office, clock), clock.now.astimezone(office.settings.zone).date()
        period = str(what) if isinstance(what, Period) else ""
        for number, week in enumerate(due):
            report_or_stop(progress, "gathering", number, len(due))
            if week not in ahead:
                require_clock(office, week, clock.now)
            batch.add(ReopenedEvent(reason=reason.strip(), period=period, organisation=_goes_by(office, week)), week)
        batch.write(str(what))
        provisional = _periods_of(office, due, what)
        masters = [*_drawn(office, due, today, progress), *_drawn_periods(office, what, provisional)]
        return SettledWeek(
            what, False, tuple(due), reason=reason.strip(), provisional=provisional, masters=tuple(masters)
        )


def _issued_weeks(office: Office, what: Week | Period) -> list[Week]:
    """The issued weeks of the named week or period.

    Raises:
        NotIssuedError: there is none.
    """
    weeks = (what,) if isinstance(what, Week) else what.weeks()
    issued = [week for week in weeks if week in office.history.weeks and standing_of(office, week)[0]]
    if not issued:
        raise office.not_issued(what) if isinstance(what, Week) else NotIssuedError(week=what, name=str(weeks[0]))
    return issued


def _gaps(office: Office, what: Week | Period, issued: Sequence[Week], today: date) -> Gaps:
    """What a closing leaves open, and which weeks have not ended."""
    left: list[OpenWeek] = []
    for week in issued:
        gone = gone_by(office, office.history, week)
        if gone is not None and not (found := left_open((*gone.plain(), *gone.unit_rows))).nothing:
            left.append(OpenWeek(week, found))
    never = never_issued(office, what, issued) if isinstance(what, Period) else ()
    return Gaps(tuple(week for week in issued if week.sunday >= today), never, tuple(left))


def never_issued(office: Office, period: Period, issued: Collection[Week]) -> tuple[Week, ...]:
    """The weeks of a period with working days for which nothing was issued. Days off are those in the organisation workbook now."""
    last = max(issued)
    try:
        organisation, _ = office.read_organisation(office.rules_of(last))
    except EvalxlError:
        found = office.organisation_of(last)
        assert found is not None  # it was issued
        organisation = found
    return tuple(week for week in period.weeks() if week not in issued and organisation.working_days(week))


def _require_sure(what: Week | Period, gaps: Gaps, sure: bool) -> None:
    if sure:
        return
    if isinstance(what, Week):
        if gaps.unended:
            raise UnendedError(week=what, last=shown_date(what.sunday), name=str(what))
    elif gaps:
        raise NotSureError(what=what, gaps=gaps, name=str(what))


def _goes_by(office: Office, week: Week) -> str:
    """The hash of the organisation of a week."""
    return office.history.week(week).organisation


def _periods_of(office: Office, weeks: Iterable[Week], what: Week | Period) -> tuple[Period, ...]:
    """The other closed periods that contain one of these weeks."""
    found = dict.fromkeys(period for week in weeks for period in closed_periods_of(office.history.closed_periods, week))
    return tuple(period for period in found if period != what)


def _reopened_in(office: Office, period: Period) -> bool:
    weeks = office.history.weeks
    return any(week in weeks and is_reopened(office, week) for week in period.weeks())


def _drawn(office: Office, weeks: Sequence[Week], today: date, progress: Progress) -> Iterator[Published]:
    for number, week in enumerate(weeks):
        progress("drawing", number, len(weeks))
        yield from draw_week(office, week_view(office, week, today), pages=True)


def _drawn_periods(office: Office, what: Week | Period, others: Iterable[Period]) -> Iterator[Published]:
    """The master of the period that was closed or opened, and those of other periods that say something else now, where they were made."""
    there = (period for period in others if folders.period_path(office.settings, office.folder, period).exists())
    for period in (*((what,) if isinstance(what, Period) else ()), *there):
        yield draw_roll_up(office, period).master


def _made_up(office: Office, what: Week | Period, weeks: list[Week], clock: Clock, closing: bool) -> SettledWeek:
    """Draw what the run that recorded it did not live to draw.

    Only the last entry of a week can have been broken off: what came later has drawn the masters anew.
    """
    kind, today = "closed" if closing else "reopened", clock.now.astimezone(office.settings.zone).date()
    drawn: list[Published] = []
    for week in weeks:
        log = office.history.week(week).log
        if log[-1]["kind"] == kind and without_head(office, situation := week_view(office, week, today)):
            drawn += [
                published for published in draw_week(office, situation, pages=True) if published.state != "unchanged"
            ]
    if not drawn:
        raise AlreadyClosedError(what=what, name=str(what)) if closing else NotClosedError(what=what)
    return SettledWeek(what, closing, made_up=tuple(drawn), masters=tuple(drawn))


def _book_pages(batch: Batch, week: Week) -> None:
    """Record everybody's page to sign."""
    judged = batch.office.judged(batch.office.history.week(week))
    assert judged is not None  # it was issued
    what = (judged.this, judged.roster, judged.rules)
    book_pages(batch, week, pages_due(results(*what), unit_results(*what)), judged.rules)
