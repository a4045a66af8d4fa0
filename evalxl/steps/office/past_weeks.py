"""Compact rows of past weeks, for reports that span many weeks. They hold results, not events.

For a long ledger the rows are stored as columns beside its index, under the week's last event. A week is folded again only when an event is added to it.
Only the weeks in use are in memory. Without stored rows, each week is folded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter

from evalxl.domain.evaluation.week_view import Result, Warning
from evalxl.domain.history.history import History, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.former_codes import codes_now
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.periods.columnar_rows import SHARES, joined, pack_details, pack_results, rows_of, share_of, unpacked
from evalxl.domain.periods.weekly_table import Table, one_table, table_of, under_one_code, weekly_table
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week import week_results as outcome
from evalxl.domain.week.two_week_history import EarlierWeeks, Judged, WeekFromRows, warnings
from evalxl.domain.weeks import Period, Week
from evalxl.records.long_ledger import LongLedger
from evalxl.steps.office.office import NotIssuedError, Office, facts_of_week

Answer = TypeVar("Answer")


class PersonPlace(NamedTuple):
    """The unit of a person in a week."""

    code: str
    name: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class PastRows:
    """The rows of a week, in memory.

    Attributes:
        scored_by: For each row, the code of the person who gave the score; None without a score.
    """

    rows: tuple[Result, ...]
    scored_by: tuple[str | None, ...]


@dataclass(frozen=True)
class PastWeek:
    """A past week.

    Attributes:
        last_seq, last_at: Number and time of the week's last event.
        people: The number of people to be evaluated.
        unit_rows: Rows of the units that report as units.
        kept: Gives a stored value of the week by name; None when it is not stored, or no longer valid.
    """

    office: Office
    history: History
    week: Week
    last_seq: int
    last_at: datetime | None
    by: tuple[str, str]
    people: int
    unit_rows: tuple[Result, ...]
    kept: Callable[[str], Any] = lambda _: None

    @property
    def organisation(self) -> Organisation:
        return self.office.organisation_by(self.by[0]).on(self.week.thursday)

    @property
    def rules(self) -> RuleBook:
        return self.office.rules_by(self.by[1])

    @property
    def roster(self) -> Roster:
        return self.office.roster_by(self.week, *self.by)

    @property
    def last_day(self) -> date:
        return self.organisation.last_day(self.week)

    @cached_property
    def _folded(self) -> PastRows:
        return _fold(self.office, self.history, self.week, self.by)

    @property
    def at_hand(self) -> bool:
        """Whether the rows are in memory."""
        return "_folded" in self.__dict__

    def plain(self) -> Sequence[Result]:
        """The rows, possibly without tasks, checks and remarks."""
        stored = self.kept("wide")
        return self._folded.rows if stored is None else rows_of(stored, self.week)

    def table(self, same: dict[str, str]) -> Table:
        """The week's part of the weekly table. `same` holds texts of earlier weeks, so that equal texts share memory."""
        stored = self.kept("wide")
        return weekly_table(self._folded.rows) if stored is None else table_of(stored, self.week, same)

    def people_standing(self) -> Iterator[PersonPlace]:
        """The unit of everybody to be evaluated, in display order."""
        stored = self.kept("wide")
        if stored is None:
            yield from (PersonPlace(row.code, row.name, row.unit, row.unit_name) for row in self._folded.rows)
        else:
            columns = (unpacked(stored[name]) for name in ("code", "name", "unit", "unit_name"))
            yield from map(PersonPlace, *columns)

    def standing(self) -> Iterator[PersonPlace]:
        """The units that report, then the unit of everybody to be evaluated."""
        yield from (PersonPlace(row.code, row.name, row.unit, row.unit_name) for row in self.unit_rows)
        yield from self.people_standing()

    def rows(self) -> Sequence[Result]:
        """The complete rows. They are read again at each call, so go through them week by week."""
        rows: list[tuple[int, Result]] = []
        for share in range(SHARES):
            stored = self.kept(f"narrow/{share}")
            if stored is None:
                return self._folded.rows
            rows += joined(stored, self.week)
        return [row for _, row in sorted(rows, key=lambda numbered: numbered[0])]

    def share(self, number: int) -> list[tuple[int, Result]]:
        """The rows of one of the `SHARES` of the people, each with its position. A share has the same people in every week."""
        stored = self.kept(f"narrow/{number}")
        if stored is None:
            return [numbered for numbered in enumerate(self._folded.rows) if share_of(numbered[1].code) == number]
        return joined(stored, self.week)

    def by_who_scored(self) -> Iterator[Result]:
        """The rows with the person who gave the score. A delegate's score says nothing about the manager who was away."""
        stored = self.kept("scored_by")
        scored_by = self._folded.scored_by if stored is None else stored
        for row, scorer in zip(self.rows(), scored_by, strict=True):
            yield row if scorer in (None, row.scorer) else replace(row, scorer=scorer)

    def judged(self) -> WeekFromRows:
        """The week as rules that look back see it."""
        return WeekFromRows(self.week, self.rules, self.last_day, self.rows())

    def warnings(self) -> tuple[Warning, ...]:
        """The warnings of the two-week rule in the week. The rule also looks at weeks before the period."""
        ledger, mark = self.office.ledger, _mark_of_all(self.office, self.history, self.week)
        stored = ledger.kept(self.week, "warned", mark) if mark and isinstance(ledger, LongLedger) else None
        if stored is not None:
            return tuple(_warning(warning) for warning in stored)

        past = past_of(self.office, self.history, self.week)
        warned = warnings(self.judged(), past, self.organisation, self.history.heard)
        if mark and isinstance(ledger, LongLedger):
            ledger.keep(self.week, mark, {"warned": [_record(warning) for warning in warned]})
        return warned


def weeks_of(office: Office, history: History, period: Period) -> list[PastWeek]:
    """The weeks of a period for which something was issued, each with its own organisation and rules.

    Raises:
        NotIssuedError: nothing was issued for any week of the period.
    """
    past_weeks = [
        past_week for week in period.weeks() if week in history.weeks and (past_week := gone_by(office, history, week))
    ]
    if not past_weeks:
        raise NotIssuedError(week=period, name=str(period.weeks()[0]))
    return past_weeks


def past_of(office: Office, history: History, week: Week) -> EarlierWeeks:
    """The earlier weeks of a history, newest first, each with its own roster and rules. For a long ledger they come from stored rows."""

    def judged_week(earlier: Week) -> Judged | None:
        if not office.mark_of(history, earlier):
            return office.judged(history.week(earlier))
        past_week = gone_by(office, history, earlier)
        return past_week.judged() if past_week is not None else None

    def bare(earlier: Week) -> Judged | None:
        organisation, rulebook = office.goes_by(history, earlier)
        return office.judged(WeekHistory(earlier, organisation, rulebook))

    return EarlierWeeks(history.before(week), judged_week, bare)


def parts_of(weeks: Sequence[PastWeek]) -> Iterator[list[tuple[int, Result]]]:
    """The rows of some weeks, one share of the people at a time. A share of a whole year is small enough for memory."""
    for number in range(SHARES):
        yield [numbered for week in weeks for numbered in week.share(number)]


def table_over(weeks: Sequence[PastWeek]) -> Table:
    """The weekly table of some weeks."""
    same: dict[str, str] = {}
    tables: list[Table] = []
    for at_hand, some in groupby(weeks, key=lambda week: week.at_hand):
        if at_hand:  # one large table is faster than many small ones
            tables.append(weekly_table(row for week in some for row in week.plain()))
        else:
            tables += (week.table(same) for week in some)
    return under_one_code(one_table(tables), codes_now(weeks[-1].organisation))


def worked_out(weeks: Sequence[PastWeek], what: str, kind: type[Answer], work: Callable[[], Answer]) -> Answer:
    """A figure over whole weeks of everybody. It is stored, and computed again only when one of the weeks gets a new event.

    Args:
        what: The name under which it is stored.
        kind: Its type, which must be writable as JSON.
    """
    first, last = weeks[0], weeks[-1]
    ledger, marks = (
        last.office.ledger,
        [past_week.office.mark_of(past_week.history, past_week.week) for past_week in weeks],
    )
    if not isinstance(ledger, LongLedger) or not all(marks):
        return work()
    form = TypeAdapter(kind)
    mark, name = sha256("/".join(marks).encode()).hexdigest(), f"{what} {first.week}"
    stored = ledger.kept(last.week, name, mark)
    if stored is not None:
        return form.validate_python(stored, strict=False)
    answer = work()
    ledger.keep(last.week, mark, {name: form.dump_python(answer, mode="json")})
    return answer


def gone_by(office: Office, history: History, week: Week) -> PastWeek | None:
    """A past week of a history. None when nothing was issued for it."""
    ledger, mark = office.ledger, office.mark_of(history, week)
    if not mark or not isinstance(ledger, LongLedger):
        week_history = history.week(week)
        if not week_history.issues():
            return None
        by = (week_history.organisation, week_history.rulebook)
        units = outcome.unit_results(week_history, office.roster_by(week, *by), office.rules_by(week_history.rulebook))
        folded = _fold(office, history, week, by)
        past_week = PastWeek(
            office, history, week, week_history.last_seq, week_history.last_at, by, len(folded.rows), units
        )
        past_week.__dict__["_folded"] = folded
        return past_week
    about = ledger.kept(week, "about", mark)
    if about is None:
        about = _keep(office, ledger, history, week, mark)
    if not about["issued"]:
        return None
    units = tuple(row for _, row in joined(about["units"], week))
    at = about["last_at"]
    return PastWeek(
        office,
        history,
        week,
        about["last_seq"],
        datetime.fromisoformat(at) if at else None,
        (about["organisation"], about["rulebook"]),
        about["people"],
        units,
        lambda what: ledger.kept(week, what, mark),
    )


def _mark_of_all(office: Office, history: History, week: Week) -> str:
    """The storage key for what depends on a week and all weeks before it."""
    marks = [office.mark_of(history, earlier) for earlier in history.weeks if earlier <= week]
    return sha256("/".join(sorted(marks)).encode()).hexdigest() if all(marks) else ""


def _fold(office: Office, history: History, week: Week, by: tuple[str, str]) -> PastRows:
    week_history = history.week(week)
    rows = outcome.results(week_history, office.roster_by(week, *by), office.rules_by(by[1]))
    people = (week_history.people.get(code_key(row.code)) for row in rows)
    return PastRows(
        rows,
        tuple(person.score.by_code if person is not None and person.score is not None else None for person in people),
    )


def _keep(office: Office, ledger: LongLedger, history: History, week: Week, mark: str) -> Mapping[str, Any]:
    """Fold a week and store its results."""
    week_history = history.week(week)
    by = (week_history.organisation, week_history.rulebook)
    if not week_history.issues():
        about: dict[str, Any] = {"issued": False}
        ledger.keep(week, mark, {"about": about})
        return about
    folded = _fold(office, history, week, by)
    units = outcome.unit_results(week_history, office.roster_by(week, *by), office.rules_by(week_history.rulebook))
    about = {
        "issued": True,
        "last_seq": week_history.last_seq,
        "last_at": week_history.last_at.isoformat() if week_history.last_at else "",
        "organisation": by[0],
        "rulebook": by[1],
        "people": len(folded.rows),
        "units": pack_details(units),
    }
    stored: dict[str, Any] = {f"narrow/{share}": pack_details(folded.rows, share) for share in range(SHARES)}
    stored |= {"wide": pack_results(folded.rows), "scored_by": folded.scored_by}
    ledger.keep(week, mark, stored | facts_of_week(office, week_history) | {"about": about})
    return about


# The fields that follow from the week's evidence. State and deadline belong to the register.
_WARNED = tuple(one.name for one in fields(Warning) if one.name not in ("state", "deadline", "overdue", "carried"))
_WEEKS = ("first_week", "second_week", "skipped")


def _record(warning: Warning) -> Mapping[str, Any]:
    stored = {name: getattr(warning, name) for name in _WARNED if name not in _WEEKS}
    weeks = {"first_week": str(warning.first_week), "second_week": str(warning.second_week)}
    return stored | weeks | {"skipped": [str(week) for week in warning.skipped]}


def _warning(stored: Mapping[str, Any]) -> Warning:
    weeks = {name: Week.parse(stored[name]) for name in ("first_week", "second_week")}
    lists = {name: tuple(stored[name]) for name in ("evidence", "talk_with")}
    return Warning(**dict(stored) | weeks | lists | {"skipped": tuple(map(Week.parse, stored["skipped"]))})
