"""Looking back from a week: the two-week rule for everybody in it, and the trend of the means.

A past week comes from the history, or from its rows if they are in memory. Both give the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import chain, islice
from typing import Protocol

from evalxl.domain.evaluation.two_week_rule import WeekFacts, judge
from evalxl.domain.evaluation.week_view import Result, UnitPoint, Warning
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.former_codes import Others, other_codes
from evalxl.domain.organisation.org_chart import talk_with
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.walk_back import Heard, go_back, under_any_code
from evalxl.domain.week.week_results import result_of, results
from evalxl.domain.weeks import Week

TREND_WEEKS = 12


class Judged(Protocol):
    """A week as rules that look back see it: the rows and the rules they were evaluated by."""

    @property
    def week(self) -> Week: ...

    @property
    def rules(self) -> RuleBook: ...

    @property
    def last_day(self) -> date:
        """The last working day; Sunday if the week has none."""

    @property
    def rows(self) -> Sequence[Result]:
        """Everybody's rows, in display order."""

    def row(self, code: str) -> Result | None:
        """The row of a staff code; None for somebody who was not to be evaluated."""


@dataclass(frozen=True)
class WeekFromRows:
    """A week whose rows are in memory."""

    week: Week
    rules: RuleBook
    last_day: date
    rows: Sequence[Result]

    @cached_property
    def _by_code(self) -> Mapping[str, Result]:
        return {code_key(row.code): row for row in self.rows}

    def row(self, code: str) -> Result | None:
        return self._by_code.get(code_key(code))


@dataclass(frozen=True)
class WeekFromHistory:
    """A week read from the history."""

    this: WeekHistory
    roster: Roster
    rules: RuleBook

    @cached_property
    def members(self) -> Mapping[str, Member]:
        return {code_key(member.code): member for member in self.roster.members}

    @property
    def week(self) -> Week:
        return self.this.week

    @property
    def last_day(self) -> date:
        return (self.roster.working_days or (self.week.sunday,))[-1]

    @property
    def rows(self) -> Sequence[Result]:
        return results(self.this, self.roster, self.rules)

    def row(self, code: str) -> Result | None:
        member = self.members.get(code_key(code))
        return None if member is None else result_of(self.this.known(code), member, self.week, self.rules)


class EarlierWeeks:
    """Earlier weeks, newest first, each made on demand. The two-week rule seldom looks back further than two weeks."""

    def __init__(
        self, weeks: Iterable[Week], make: Callable[[Week], Judged | None], bare: Callable[[Week], Judged | None]
    ) -> None:
        """
        Args:
            weeks: Newest first.
            make: Gives a week; None if nothing was issued for it.
            bare: Gives a week as it is for people without any event in it.
        """
        self.weeks, self.one, self.bare = tuple(weeks), make, cache(bare)


def warnings(
    judged_week: WeekFromRows, past: EarlierWeeks, organisation: Organisation, heard: Heard = lambda _: None
) -> tuple[Warning, ...]:
    """The warnings of the two-week rule for everybody in a week.

    Args:
        judged_week: The week.
        past: The weeks before it.
        organisation: Names the people who have to talk.
        heard: Gives the weeks with any event of a person. It avoids going through every week of a long history for a newcomer.
    """
    warnings = []
    others = other_codes(organisation)
    heard = under_any_code(heard, others)
    latest = _last_two(judged_week, past, others, heard)
    talked = [
        row
        for row in judged_week.rows
        if (facts := latest[row.code]) and facts[-1].week == judged_week.week and judge(facts, judged_week.rules)
    ]
    since = {row.code: min(facts.week for facts in latest[row.code] if facts.evaluated) for row in talked}
    for row in talked:
        skipped = _unheard(row.code, since[row.code], past, others, heard(row.code))
        facts = sorted((*latest[row.code], *skipped), key=lambda week_facts: week_facts.week)
        warning = judge(facts, judged_week.rules)
        if warning is not None:
            warning = judge([*_with_gaps(facts, organisation)], judged_week.rules) or warning
            warnings.append(replace(warning, talk_with=talk_with(organisation, row.code, judged_week.week.thursday)))
    return tuple(sorted(warnings, key=lambda warning: warning.kind != "warning"))


def _last_two(
    judged_week: WeekFromRows, past: EarlierWeeks, others: Others, heard: Heard
) -> dict[str, list[WeekFacts]]:
    """Everybody's weeks in order, back to the second evaluated one."""
    found: dict[str, list[WeekFacts]] = {row.code: [] for row in judged_week.rows}

    def ask(judged: Judged, code: str) -> bool:
        if (row := _row(judged, code, others)) is not None:
            found[code].append(_facts(judged, row))
        return sum(facts.evaluated for facts in found[code]) == 2

    go_back(past.weeks, past.one, [code for code in found if not ask(judged_week, code)], ask, heard)
    return {code: facts[::-1] for code, facts in found.items()}


def _row(judged: Judged, code: str, others: Others) -> Result | None:
    """A person's row in a week, found by any code the person had, and returned under the present code."""
    for one in (code, *others.get(code_key(code), ())):
        if (row := judged.row(one)) is not None:
            return row if row.code == code else replace(row, code=code)
    return None


def _unheard(
    code: str, since: Week, past: EarlierWeeks, others: Others, heard: Collection[Week] | None
) -> Iterator[WeekFacts]:
    """The weeks in between without any event of a person. The rule skips them, and they are shown."""
    for week in past.weeks:
        if heard is not None and week >= since and week not in heard:
            judged = past.bare(week)
            if judged is not None and (row := _row(judged, code, others)) is not None:
                yield _facts(judged, row)


def _with_gaps(facts: Sequence[WeekFacts], organisation: Organisation) -> Iterator[WeekFacts]:
    """A person's weeks, with the weeks between them without anything about the person. The rule skips those, and they are shown."""
    for number, week_facts in enumerate(facts):
        yield week_facts
        week = week_facts.week.after()
        until = facts[number + 1].week if number + 1 < len(facts) else week
        while week < until:
            reason = "early.not_listed" if organisation.working_days(week) else "early.week_off"
            yield WeekFacts(week, evaluated=False, code=week_facts.code, reason=reason)
            week = week.after()


def _facts(judged: Judged, row: Result) -> WeekFacts:
    return WeekFacts(
        code=row.code,
        week=judged.week,
        evaluated=row.state in ("submitted", "scored", "returned", "approved", "seen"),
        tasks=row.tasks,
        checks=row.checks,
        breach=row.breach,
        breach_note=row.breach_note,
        last_day=judged.last_day,
        reason=f"state.{row.state}",
        many=judged.rules.two_weeks.many_important_tasks,
    )


def points_of(judged: Judged) -> tuple[UnitPoint, ...]:
    """The mean counted total of every unit and of the office (unit "") in a week."""
    by_unit: dict[str, list[Decimal]] = {"": []}
    for row in judged.rows:
        by_unit.setdefault(row.unit, [])
        if row.counted_total is not None:
            by_unit[row.unit].append(row.counted_total)
            by_unit[""].append(row.counted_total)
    return tuple(UnitPoint(unit, judged.week, sum(totals, Decimal(0)), len(totals)) for unit, totals in by_unit.items())


def trend(
    judged_week: WeekFromRows, weeks: Iterable[Week], points: Callable[[Week], tuple[UnitPoint, ...]]
) -> tuple[UnitPoint, ...]:
    """The means of each of the last weeks, in order.

    Args:
        weeks: The weeks before it, newest first.
        points: Gives the means of a week; none if nothing was issued for it.
    """
    earlier = list(islice(filter(None, map(points, weeks)), TREND_WEEKS - 1))
    return (*chain.from_iterable(reversed(earlier)), *points_of(judged_week))
