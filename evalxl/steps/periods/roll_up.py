"""Rolling up: the weeks of a month, quarter, half-year or year in one workbook.

Everything comes from the ledger alone. A closed period keeps its figures: they are computed from the ledger as it was at the closing, and later
entries are shown as later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from evalxl.domain.analysis.coefficient_proposals import Proposals, propose_from
from evalxl.domain.analysis.scoring_signals import Fairness, fairness_over
from evalxl.domain.analysis.staffing import NO_STAFFING, Staffing, WeekSpan, staffing_of
from evalxl.domain.evaluation.difficulties import DifficultyLine, lines_over
from evalxl.domain.evaluation.follow_ups import with_states
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import EnteredEvent
from evalxl.domain.history.history import History, PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating, rated, ratings
from evalxl.domain.periods.rollups import PeriodView, came_later, proposals, roll_up, tentative
from evalxl.domain.periods.steady_performers import steady_people
from evalxl.domain.periods.weekly_table import weekly_table
from evalxl.domain.rulebook import parts_of_books
from evalxl.domain.week import week_results as outcome
from evalxl.domain.week.unit_results import people_means
from evalxl.domain.weeks import Period
from evalxl.forms.kind import PERIOD
from evalxl.records import folders
from evalxl.records.publish import Published, publish
from evalxl.steps.office.office import Batch, Clock, Office
from evalxl.steps.office.past_weeks import PastWeek, parts_of, table_over, weeks_of, worked_out
from evalxl.steps.office.places import place_of, take_former_away
from evalxl.steps.office.progress import Progress, report_or_stop, unwatched
from evalxl.steps.office.week_summary import is_reopened
from evalxl.steps.office.write_session import at_work
from evalxl.steps.periods.period_forms import draw_period_forms
from evalxl.steps.periods.period_workbooks import gather, send_out
from evalxl.steps.refresh.period_to_draw import PeriodToDraw
from evalxl.steps.refresh.register_values import grouped


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A period's view, and the paths of its master and of the workbooks of task statistics and signals beside it.

    Attributes:
        inputs: Workbooks for leaders' entries that were written now.
        forms: Forms of the period's evaluation that were written now.
        findings: The findings of the returned workbooks.
    """

    view: PeriodView
    master: Published
    beside: tuple[Published, ...] = ()
    signals: int = 0
    inputs: tuple[Path, ...] = ()
    forms: int = 0
    findings: tuple[Finding, ...] = ()


def roll_up_period(office: Office, period: Period, clock: Clock, progress: Progress = unwatched) -> RolledUp:
    """Take in what leaders entered for a period, refresh their workbooks, and write the period's master.

    Raises:
        NotIssuedError: nothing was issued for any of its weeks.
        EvalxlError: a share is missing, or somebody is at work.
    """
    with at_work(office, clock):
        report_or_stop(progress, "gathering", 0, 1)
        inputs, findings = _inputs(office, period, clock)
        progress("drawing", 0, 1)
        return replace(draw_roll_up(office, period), inputs=inputs, findings=findings)


def collect_for(office: Office, period: Period, clock: Clock) -> None:
    """Take in what leaders entered for a period and refresh their workbooks. `draw_roll_up` draws the master.

    Raises:
        NotIssuedError, EvalxlError: as `roll_up_period`.
    """
    with at_work(office, clock):
        _inputs(office, period, clock)


def _inputs(office: Office, period: Period, clock: Clock) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """Read the leaders' workbooks and issue them again. For a closed period nothing is issued any more."""
    batch = Batch(office, clock)
    weeks = weeks_of(office, office.history, period)
    last = weeks[-1]
    where = (period, last.roster, last.organisation, last.rules)

    def now() -> PeriodToDraw:
        results = _rolled(period, weeks)
        return PeriodToDraw(office, *where, results, _ratings(office.history, period, weeks, results))

    gathered = gather(batch, *where, now=now)
    batch.write(str(period))
    if str(period) in office.history.closed_periods:
        return (), tuple(gathered.findings)
    sent = send_out(batch, now(), gathered.digests)
    return tuple(sent.written), (*gathered.findings, *sent.busy)


def draw_roll_up(office: Office, period: Period) -> RolledUp:
    """Draw a period's master, the workbooks beside it, and the forms of its evaluation, from the ledger alone."""
    from evalxl.excel.masters.period import draw_period  # XlsxWriter is slow to import

    view, weeks = seen(office, period)
    path = place_of(office, period, folders.period_path(office.settings, office.folder, period))
    stamp = {"evalxl.kind": PERIOD, "evalxl.seal": view.head}
    base = office.relative(path).rpartition("/")[0]
    roots = {mark: root.absolute().as_posix() for mark, root in office.roots()}
    master = publish(path, draw_period(view, office.lang, stamp, base, roots), office.keeper)
    take_former_away(office, [path])
    beside, signals = _beside(office, view, weeks, stamp)
    entries = history_of(office, period).period(period).counting()
    last_seq = max(week.last_seq for week in weeks)
    forms = draw_period_forms(office, view, parts_of(weeks), weeks[-1].roster, last_seq, entries)
    return RolledUp(view, master, beside, signals, forms=sum(form.state == "written" for form in forms))


def _beside(
    office: Office, view: PeriodView, weeks: Sequence[PastWeek], stamp: Mapping[str, str]
) -> tuple[tuple[Published, ...], int]:
    """The workbooks beside a period's master, and the number of signals shown in one of them."""
    from evalxl.excel.masters.signals import draw_signals
    from evalxl.excel.masters.staffing import draw_staffing

    last = weeks[-1]
    proposals = worked_out(
        weeks, "coefficients", Proposals, lambda: propose_from(parts_of(weeks), last.rules, last.organisation)
    )
    fairness = signals_of(weeks)
    steady = steady_people(view.results, view.rules)
    books = (
        (folders.staffing_path, draw_staffing(view, view.staffing, proposals, office.lang, stamp)),
        (folders.signals_path, draw_signals(view, fairness, steady, office.lang, stamp, _notes(office, view.period))),
    )
    where = (office.settings, office.folder, view.period)
    return tuple(publish(path(*where), book, office.keeper) for path, book in books), len(fairness.signals)


def signals_of(weeks: Sequence[PastWeek]) -> Fairness:
    """The signals about how scores were given, which are for leaders and the office alone."""
    rules = weeks[-1].rules
    return worked_out(
        weeks, "signals", Fairness, lambda: fairness_over((week.by_who_scored() for week in weeks), rules)
    )


def _notes(office: Office, period: Period) -> list[EnteredEvent]:
    """The notes on potential and training. They are in no view, so outputs for others cannot show them."""
    counting = history_of(office, period).period(period).counting()
    return [entry for _, entry in sorted(counting.items()) if entry.note]


def view_of(office: Office, period: Period) -> PeriodView:
    """The view of a period, without warnings and task statistics.

    Raises:
        NotIssuedError: nothing was issued for any of its weeks.
    """
    return seen(office, period, whole=False)[0]


def seen(office: Office, period: Period, whole: bool = True) -> tuple[PeriodView, list[PastWeek]]:
    """The view of a period, and its weeks. For a closed period they are as at the closing.

    Args:
        whole: With warnings and task statistics.
    """
    closed = office.history.closed_periods.get(str(period))
    now = weeks_of(office, office.history, period)
    if closed is None:
        return _view(office, office.history, period, now, whole), now
    then = history_of(office, period)
    weeks = weeks_of(office, then, period)
    frozen = _view(office, then, period, weeks, whole)
    results = _results(office.history, period, now)[1]
    reopened = tuple(week.week for week in now if is_reopened(office, week.week))
    view = replace(
        frozen,
        closed_at=closed.at,
        later=came_later(frozen.results, results),
        never_issued=closed.never_issued or frozen.never_issued,
        reopened=reopened,
        results=tentative(frozen.results, reopened),
        unit_results=tentative(frozen.unit_results, reopened),
    )
    return view, weeks


def history_of(office: Office, period: Period) -> History:
    """The history for a period's figures: for a closed period as it was at the closing, for an open one as it is now."""
    closed = office.history.closed_periods.get(str(period))
    return office.history if closed is None else office.history_until(closed.seq)


def _rolled(period: Period, weeks: Sequence[PastWeek]) -> tuple[PeriodResult, ...]:
    return roll_up(table_over(weeks), period, weeks[-1].rules)


def _ratings(
    history: History, period: Period, weeks: Sequence[PastWeek], results: Sequence[PeriodResult]
) -> dict[str, Rating]:
    """Everybody's rating from tasks and leaders' entries, if the rules rate by ratios."""
    rules = weeks[-1].rules
    if rules.period.ratios is None:
        return {}
    return ratings(results, parts_of(weeks), history.period(period).counting(), period, rules, rules.period.ratios)


def _results(
    history: History, period: Period, weeks: Sequence[PastWeek]
) -> tuple[tuple[PeriodResult, ...], tuple[PeriodResult, ...], dict[str, Rating]]:
    """Everybody's period result by the mean of the weeks, the result by the rules' method, and the ratings if that method is ratios."""
    means = _rolled(period, weeks)
    found = _ratings(history, period, weeks, means)
    return means, rated(means, found, weeks[-1].rules) if found else means, found


def _view(
    office: Office, history: History, period: Period, weeks: Sequence[PastWeek], whole: bool = True
) -> PeriodView:
    last, settings = weeks[-1], office.settings_of(weeks[-1].week)
    means, results, found = _results(history, period, weeks)
    unit_results = roll_up(weekly_table(row for week in weeks for row in week.unit_rows), period, last.rules)
    known = {week.week for week in weeks}
    others = [week for week in period.weeks() if week not in known]
    entered, entered_at = _last_entry(history.period(period))
    lines = _difficulties(history, weeks)
    answered = max((line.answer.seq for line in lines), default=0)
    return PeriodView(
        period=period,
        office=settings.name,
        parent=settings.parent,
        rules=last.rules,
        units=_units(weeks),
        weeks=tuple(week.week for week in weeks),
        off=tuple(week for week in others if not last.organisation.working_days(week)),
        never_issued=tuple(week for week in others if last.organisation.working_days(week)),
        results=results,
        proposals=proposals(results, last.rules),
        warnings=tuple(_warnings(office, history, weeks)) if whole else (),
        difficulties=lines,
        staffing=worked_out(weeks, "staffing", Staffing, lambda: _staffing(weeks)) if whole else NO_STAFFING,
        people={post.code: post.name for week in weeks for post in week.organisation.posts},
        head=office.ledger.head_after(max(entered, answered, *(week.last_seq for week in weeks))),
        closed_at=None,
        recorded_at=max((at for at in (entered_at, *(week.last_at for week in weeks)) if at), default=None),
        letterhead=settings.letterhead,
        place=settings.place,
        unit_results=unit_results,
        people_means=people_means(means, [row.unit for row in unit_results], last.organisation),
        ratings=found,
        office_id=office.id,
        trial=settings.trial,
        parts=parts_of_books(week.rules for week in weeks),
    )


def _last_entry(period_history: PeriodHistory) -> tuple[int, datetime | None]:
    """The last entry that was booked for a period, and its time. Events of issuing do not change any figure, so they are ignored."""
    last = next((event for event in reversed(period_history.log) if event["kind"] == "entered"), None)
    return (last["seq"], datetime.fromisoformat(last["at"])) if last is not None else (0, None)


def _difficulties(history: History, weeks: Sequence[PastWeek]) -> tuple[DifficultyLine, ...]:
    """The difficulties that people and units reported in the period, with the answers so far."""
    last = weeks[-1]
    lines = lines_over(history.difficulties, history.difficulties_that_count(), (week.week for week in weeks))
    said = {code_key(line.subject) for line in lines}
    where = (
        (person_place for week in weeks for person_place in week.standing() if code_key(person_place.code) in said)
        if said
        else ()
    )
    return tuple(grouped(lines, last.week, last.organisation, where))


def _units(weeks: Sequence[PastWeek]) -> tuple[tuple[str, str], ...]:
    """Every unit that had somebody to be evaluated, under its latest name, in the organisation's order."""
    found: dict[str, str] = {}
    for week in reversed(weeks):
        for code, name in outcome.units_with_people(week.organisation, week.people_standing()):
            found.setdefault(code, name)
    return tuple(found.items())


def _staffing(weeks: Sequence[PastWeek]) -> Staffing:
    filled = [week for week in weeks if week.people]
    ends = max((week.last_day for week in filled), default=date.min)
    return staffing_of(
        parts_of(weeks), WeekSpan({week.week: week.rules for week in filled}, ends), weeks[-1].organisation
    )


def _warnings(office: Office, history: History, weeks: Sequence[PastWeek]) -> Iterator[Warning]:
    """The warnings of the two-week rule in each week of the period."""
    for week in weeks:
        as_of = week.last_at.astimezone(office.settings.zone).date() if week.last_at else week.week.sunday
        yield from with_states(history.follow_ups, week.warnings(), weeks[-1].week, as_of)
    office.let_go(history)
