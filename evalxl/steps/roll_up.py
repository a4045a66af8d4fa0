"""Rolling up: the weeks of a month, quarter, half-year or year in one workbook.

Everything comes from the ledger alone. A period that was closed keeps the figures that it had then: they are drawn from the ledger as it stood, and what
came after is shown as later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalxl.domain import outcome
from evalxl.domain.collectives import people_means
from evalxl.domain.complexity import propose
from evalxl.domain.difficulties import DifficultyLine, lines_over
from evalxl.domain.fairness import Fairness, fairness_of
from evalxl.domain.findings import Finding
from evalxl.domain.follow_ups import with_states
from evalxl.domain.history import History, PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.people import Organisation, Roster
from evalxl.domain.period_inputs import PeriodEntry
from evalxl.domain.ratings import Rating, rated, ratings
from evalxl.domain.results import Result, Warning
from evalxl.domain.rollups import PeriodResult, PeriodView, came_later, proposals, roll_up, weekly_table
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.staffing import staffing_over
from evalxl.domain.statistics import WeekOfRows
from evalxl.domain.steady import steady_people
from evalxl.domain.weeks import Period, Week
from evalxl.forms.fields import Kind
from evalxl.records import folders
from evalxl.records.publish import Published, publish
from evalxl.steps.at_work import at_work
from evalxl.steps.office import Batch, Clock, NotIssuedError, Office
from evalxl.steps.period_forms import draw_period_forms
from evalxl.steps.period_inputs import gather, send_out
from evalxl.steps.progress import Progress, go_on, unwatched
from evalxl.steps.register_filling import grouped
from evalxl.steps.view import past_of


@dataclass(frozen=True, slots=True)
class GoneBy:
    """A week of the period as the ledger has it: what is counted of it, and not everything that happened in it.

    Attributes:
        last_seq, last_at: The last event that it rests on.
        scored_by: By staff code without case: who scored indeed.
    """

    week: Week
    last_seq: int
    last_at: datetime | None
    scored_by: Mapping[str, str]
    organisation: Organisation
    roster: Roster
    rules: RuleBook
    rows: tuple[Result, ...]
    unit_rows: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A period's view, and where its master was written; beside it the workbook of task statistics and that of signals.

    Attributes:
        inputs: Workbooks for what leaders enter that were written now.
        forms: Forms of the period's evaluation that were written now.
        findings: What is to be said of the workbooks that came back.
    """

    view: PeriodView
    master: Published
    beside: tuple[Published, ...] = ()
    signals: int = 0
    inputs: tuple[Path, ...] = ()
    forms: int = 0
    findings: tuple[Finding, ...] = ()


def roll_up_period(office: Office, period: Period, clock: Clock, progress: Progress = unwatched) -> RolledUp:
    """Take in what leaders entered for a period, refresh their workbooks, and write its master.

    Raises:
        NotIssuedError: the ledger knows nothing of any of its weeks.
        EvalxlError: a share is away, or somebody is at work.
    """
    weeks_of(office, office.history, period)
    with at_work(office, clock):
        go_on(progress, "gathering", 0, 1)
        inputs, findings = _inputs(office, period, clock)
        progress("drawing", 0, 1)
        return replace(draw_roll_up(office, period), inputs=inputs, findings=findings)


def _inputs(office: Office, period: Period, clock: Clock) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """What leaders enter comes in, and goes out again; for a closed period nothing goes out any more."""
    batch = Batch(office, clock)
    weeks = weeks_of(office, office.history, period)
    last = weeks[-1]
    gathered = gather(batch, period, last.roster, last.organisation, last.rules)
    batch.write(str(period))
    if str(period) in office.history.closed_periods:
        return (), tuple(gathered.findings)
    results = _rolled(period, weeks)
    found = _ratings(office.history, period, weeks, results)
    sent = send_out(batch, period, last.roster, last.organisation, last.rules, results, found, gathered.digests)
    return tuple(sent.written), (*gathered.findings, *sent.busy)


def draw_roll_up(office: Office, period: Period) -> RolledUp:
    """Draw a period's master, what lies beside it, and the forms of its evaluation, from the ledger alone."""
    from evalxl.excel.masters.period import draw_period  # XlsxWriter is slow to import

    view, weeks = seen(office, period)
    path = folders.period_path(office.settings, office.folder, period)
    stamp = {"evalxl.kind": Kind.PERIOD.value, "evalxl.seal": view.head}
    base = office.relative(path).rpartition("/")[0]
    roots = {mark: root.absolute().as_posix() for mark, root in office.roots()}
    master = publish(path, draw_period(view, office.lang, stamp, base, roots))
    beside, signals = _beside(office, view, weeks, stamp)
    rows = [row for week in weeks for row in week.rows]
    entries = history_of(office, period).period(period).counting()
    last_seq = max(week.last_seq for week in weeks)
    forms = draw_period_forms(office, view, rows, weeks[-1].roster, last_seq, entries)
    return RolledUp(view, master, beside, signals, forms=sum(form.state == "written" for form in forms))


def _beside(
    office: Office, view: PeriodView, weeks: Sequence[GoneBy], stamp: Mapping[str, str]
) -> tuple[tuple[Published, ...], int]:
    """The workbooks that lie beside a period's master, and how many signals one of them shows."""
    from evalxl.excel.masters.signals import draw_signals
    from evalxl.excel.masters.staffing import draw_staffing

    rows = [row for week in weeks for row in week.rows]
    proposals = propose(rows, view.rules, weeks[-1].organisation)
    found = signals_of(view, weeks)
    steady = steady_people(view.results, view.rules)
    books = (
        (folders.staffing_path, draw_staffing(view, view.staffing, proposals, office.lang, stamp)),
        (folders.signals_path, draw_signals(view, found, steady, office.lang, stamp, _notes(office, view.period))),
    )
    where = (office.settings, office.folder, view.period)
    return tuple(publish(path(*where), book) for path, book in books), len(found.signals)


def signals_of(view: PeriodView, weeks: Iterable[GoneBy]) -> Fairness:
    """What leaders should look at in how scores were given: for them and the office alone."""
    return fairness_of(list(_by_who_scored(weeks)), view.rules)


def _notes(office: Office, period: Period) -> list[PeriodEntry]:
    """The notes on potential and training. They are in no view: what is drawn for others cannot show them."""
    counting = history_of(office, period).period(period).counting()
    return [entry for _, entry in sorted(counting.items()) if entry.note]


def _by_who_scored(weeks: Iterable[GoneBy]) -> Iterator[Result]:
    """The rows with who scored indeed: what a delegate gave is no habit of the one who was away."""
    for week in weeks:
        for row in week.rows:
            scorer = week.scored_by.get(code_key(row.code))
            yield replace(row, scorer=scorer) if scorer is not None else row


def view_of(office: Office, period: Period) -> PeriodView:
    """What a period says.

    Raises:
        NotIssuedError: the ledger knows nothing of any of its weeks.
    """
    return seen(office, period)[0]


def seen(office: Office, period: Period) -> tuple[PeriodView, list[GoneBy]]:
    """What a period says, and its weeks; of a closed one as they were when it was closed."""
    closed = office.history.closed_periods.get(str(period))
    now = weeks_of(office, office.history, period)
    if closed is None:
        return _view(office, office.history, period, now), now
    then = history_of(office, period)
    weeks = weeks_of(office, then, period)
    frozen = _view(office, then, period, weeks)
    results = _results(office.history, period, now)[1]
    return replace(frozen, closed_at=closed.at, later=came_later(frozen.results, results)), weeks


def history_of(office: Office, period: Period) -> History:
    """The history that a period's figures go by: as it was when the period was closed; of an open one, as it is."""
    closed = office.history.closed_periods.get(str(period))
    return office.history if closed is None else office.history_until(closed.seq)


def weeks_of(office: Office, history: History, period: Period) -> list[GoneBy]:
    """The weeks of a period for which something was issued, each under its own organisation and rules."""
    found = []
    for week in period.weeks():
        this = history.weeks.get(week)
        if this is None or not this.issues():
            continue
        organisation = office.organisation_by(this.organisation)
        rules = office.rules_by(this.rulebook)
        roster = office.roster_by(week, this.organisation, this.rulebook)
        rows, unit_rows = outcome.results(this, roster, rules), outcome.unit_results(this, roster, rules)
        scored_by = {key: person.score.scorer for key, person in this.people.items() if person.score is not None}
        found.append(GoneBy(week, this.last_seq, this.last_at, scored_by, organisation, roster, rules, rows, unit_rows))
    if not found:
        raise NotIssuedError(week=period, name=str(period.weeks()[0]))
    return found


def _rolled(period: Period, weeks: Sequence[GoneBy]) -> tuple[PeriodResult, ...]:
    return roll_up(weekly_table(row for week in weeks for row in week.rows), period, weeks[-1].rules)


def _ratings(
    history: History, period: Period, weeks: Sequence[GoneBy], results: Sequence[PeriodResult]
) -> dict[str, Rating]:
    """Where the rules rate by ratios: what everybody's tasks and what leaders entered come to."""
    rules = weeks[-1].rules
    if rules.period.ratios is None:
        return {}
    rows = [row for week in weeks for row in week.rows]
    return ratings(results, rows, history.period(period).counting(), period, rules, rules.period.ratios)


def _results(
    history: History, period: Period, weeks: Sequence[GoneBy]
) -> tuple[tuple[PeriodResult, ...], tuple[PeriodResult, ...], dict[str, Rating]]:
    """Everybody's period by the mean of the weeks, by what the rules rate it by, and the ratings where that is by ratios."""
    means = _rolled(period, weeks)
    found = _ratings(history, period, weeks, means)
    return means, rated(means, found, weeks[-1].rules) if found else means, found


def _view(office: Office, history: History, period: Period, weeks: Sequence[GoneBy]) -> PeriodView:
    last, settings = weeks[-1], office.settings
    means, results, found = _results(history, period, weeks)
    unit_results = roll_up(weekly_table(row for week in weeks for row in week.unit_rows), period, last.rules)
    known = {week.week for week in weeks}
    entered, entered_at = _last_entry(history.period(period))
    told = _difficulties(history, weeks)
    answered = max((line.answer.seq for line in told), default=0)
    return PeriodView(
        period=period,
        office=settings.name,
        parent=settings.parent,
        rules=last.rules,
        units=_units(weeks),
        weeks=tuple(week.week for week in weeks),
        off=tuple(week for week in period.weeks() if week not in known and not last.organisation.working_days(week)),
        results=results,
        proposals=proposals(results, last.rules),
        warnings=tuple(_warnings(office, history, weeks)),
        difficulties=told,
        staffing=staffing_over(
            [WeekOfRows(week.rows, week.rules, week.organisation.last_day(week.week)) for week in weeks],
            last.organisation,
        ),
        people={post.code: post.name for week in weeks for post in week.organisation.posts},
        head=office.ledger.head_after(max(entered, answered, *(week.last_seq for week in weeks))),
        closed_at=None,
        recorded_at=max((at for at in (entered_at, *(week.last_at for week in weeks)) if at), default=None),
        letterhead=settings.letterhead,
        place=settings.place,
        unit_results=unit_results,
        people_means=people_means(means, [row.unit for row in unit_results], last.organisation),
        ratings=found,
    )


def _last_entry(this: PeriodHistory) -> tuple[int, datetime | None]:
    """The last entry that was booked for a period, and when: workbooks that only went out change no figure."""
    last = next((event for event in reversed(this.log) if event["kind"] == "entered"), None)
    return (last["seq"], datetime.fromisoformat(last["at"])) if last is not None else (0, None)


def _difficulties(history: History, weeks: Sequence[GoneBy]) -> tuple[DifficultyLine, ...]:
    """What people and units told the office in the period, and what it has answered until now."""
    last, rows = weeks[-1], [row for week in weeks for row in (*week.unit_rows, *week.rows)]
    told = lines_over(history.difficulties, history.difficulties_that_count(), (week.week for week in weeks))
    return tuple(grouped(told, last.week, last.organisation, rows))


def _units(weeks: Sequence[GoneBy]) -> tuple[tuple[str, str], ...]:
    """Every unit that had somebody to be evaluated, under its latest name, in the organisation's order."""
    found: dict[str, str] = {}
    for week in reversed(weeks):
        for code, name in outcome.units_with_people(week.organisation, week.rows):
            found.setdefault(code, name)
    return tuple(found.items())


def _warnings(office: Office, history: History, weeks: Sequence[GoneBy]) -> Iterator[Warning]:
    """What the two-week rule said in each week of the period; it looks back to weeks before the period too."""
    for week in weeks:
        judged = outcome.Judged(history.week(week.week), week.roster, week.rules)
        past = past_of(office, history, week.week)
        found = outcome.warnings(judged, past, week.organisation, week.rows, office.heard)
        as_of = week.last_at.astimezone(office.settings.zone).date() if week.last_at else week.week.sunday
        yield from with_states(history.follow_ups, found, weeks[-1].week, as_of)
