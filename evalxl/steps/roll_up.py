"""Rolling up: the weeks of a month, quarter, half-year or year in one workbook.

Everything comes from the ledger alone. A period that was closed keeps the figures that it had then: they are drawn from the ledger as it stood, and what
came after is shown as later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from evalxl.domain import outcome
from evalxl.domain.authority import roster as roster_of
from evalxl.domain.events import fold
from evalxl.domain.history import History
from evalxl.domain.people import Organisation, Roster
from evalxl.domain.results import Result, Warning
from evalxl.domain.rollups import PeriodResult, PeriodView, came_later, proposals, roll_up, weekly_table
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.statistics import WeekOfRows, positions_over
from evalxl.domain.weeks import Period, Week
from evalxl.forms.fields import Kind
from evalxl.records import folders
from evalxl.records.publish import Published, publish
from evalxl.steps.office import NotIssuedError, Office
from evalxl.steps.view import past_of


@dataclass(frozen=True, slots=True)
class GoneBy:
    """A week of the period as the ledger has it."""

    week: Week
    organisation: Organisation
    roster: Roster
    rules: RuleBook
    rows: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A period's view, and where its master was written."""

    view: PeriodView
    master: Published


def roll_up_period(office: Office, period: Period) -> RolledUp:
    """Write the master of a period.

    Raises:
        NotIssuedError: the ledger knows nothing of any of its weeks.
    """
    from evalxl.excel.masters.period import draw_period  # XlsxWriter is slow to import

    view = view_of(office, period)
    path = folders.period_path(office.settings, office.folder, period)
    stamp = {"evalxl.kind": Kind.PERIOD.value, "evalxl.seal": view.head}
    base = office.relative(path).rpartition("/")[0]
    roots = {mark: root.absolute().as_posix() for mark, root in office.roots()}
    return RolledUp(view, publish(path, draw_period(view, office.lang, stamp, base, roots)))


def view_of(office: Office, period: Period) -> PeriodView:
    """What a period says.

    Raises:
        NotIssuedError: the ledger knows nothing of any of its weeks.
    """
    closed = office.history.closed_periods.get(str(period))
    now = weeks_of(office, office.history, period)
    if closed is None:
        return _view(office, office.history, period, now)
    then = history_of(office, period)
    frozen = _view(office, then, period, weeks_of(office, then, period))
    results = _rolled(period, now)
    return replace(frozen, closed_at=closed.at, later=came_later(frozen.results, results))


def history_of(office: Office, period: Period) -> History:
    """The history that a period's figures go by: as it was when the period was closed; of an open one, as it is."""
    closed = office.history.closed_periods.get(str(period))
    return office.history if closed is None else fold(office.ledger.events[: closed.seq])


def weeks_of(office: Office, history: History, period: Period) -> list[GoneBy]:
    """The weeks of a period for which something was issued, each under its own organisation and rules."""
    found = []
    for week in period.weeks():
        this = history.weeks.get(week)
        if this is None or not this.issues():
            continue
        organisation = office.organisation_by(this.organisation)
        rules = office.rules_by(this.rulebook)
        roster = roster_of(organisation, week, rules)[0]
        found.append(GoneBy(week, organisation, roster, rules, outcome.results(this, roster, rules)))
    if not found:
        raise NotIssuedError(week=period, name=str(period.weeks()[0]))
    return found


def _rolled(period: Period, weeks: Sequence[GoneBy]) -> tuple[PeriodResult, ...]:
    return roll_up(weekly_table(row for week in weeks for row in week.rows), period, weeks[-1].rules)


def _view(office: Office, history: History, period: Period, weeks: Sequence[GoneBy]) -> PeriodView:
    last, settings = weeks[-1], office.settings
    results = _rolled(period, weeks)
    histories = [history.weeks[week.week] for week in weeks]
    known = {week.week for week in weeks}
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
        difficulties=tuple(row for week in weeks for row in week.rows if row.difficulties or row.proposals),
        positions=positions_over(
            [WeekOfRows(week.rows, week.rules, week.organisation.last_day(week.week)) for week in weeks],
            {entry.code: entry.name for entry in last.organisation.positions},
        ),
        people={post.code: post.name for week in weeks for post in week.organisation.posts},
        head=office.ledger.head_after(max(this.last_seq for this in histories)),
        closed_at=None,
        recorded_at=max((this.last_at for this in histories if this.last_at is not None), default=None),
        letterhead=settings.letterhead,
        place=settings.place,
    )


def _units(weeks: Sequence[GoneBy]) -> tuple[tuple[str, str], ...]:
    """Every unit that had somebody to be evaluated, under its latest name, in the organisation's order."""
    found: dict[str, str] = {}
    for week in reversed(weeks):
        for code, name in outcome.units_with_people(week.organisation, week.rows):
            found.setdefault(code, name)
    return tuple(found.items())


def _warnings(office: Office, history: History, weeks: Sequence[GoneBy]) -> Iterator[Warning]:
    """What the two-week rule said in each week of the period; it looks back to weeks before the period too."""
    judged = {week.week: outcome.Judged(history.weeks[week.week], week.roster, week.rules) for week in weeks}
    for week in weeks:
        past = chain(
            (judged[earlier] for earlier in sorted(judged, reverse=True) if earlier < week.week),
            past_of(office, history, weeks[0].week),
        )
        yield from outcome.warnings(judged[week.week], outcome.Past(past), week.organisation, week.rows)
