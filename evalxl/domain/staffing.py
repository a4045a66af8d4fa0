"""What a job position really does: work, products, volume and load over any period, as a basis for job design and staffing.

Figures are per position, never per person. A piece of work is counted once, as its last week has it (`works`). Load is measured per reported week of
a person: a week of absence and a missing form are no idle weeks, they are left out and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evalxl.domain.names import code_key
from evalxl.domain.people import Organisation
from evalxl.domain.ratios import by_person
from evalxl.domain.results import Result
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.scoring import DONE
from evalxl.domain.statistics import WeekOfRows, volume_of
from evalxl.domain.weeks import Week
from evalxl.domain.works import REPORTED, Work, works_of


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums over pieces of work.

    Attributes:
        works: Pieces of work; a task that came back week after week is one.
        completed: Of them, on time or late.
        products: Completed with a product that the manager did not refuse to recognise.
        volume: Quantity done × coefficient of complexity.
        due: Completed, or due before the period's end: the base of both shares.
        on_time: Completed on time.
    """

    works: int = 0
    completed: int = 0
    products: int = 0
    volume: Decimal = Decimal(0)
    due: int = 0
    on_time: int = 0
    important: int = 0
    unplanned: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.works + other.works,
            self.completed + other.completed,
            self.products + other.products,
            self.volume + other.volume,
            self.due + other.due,
            self.on_time + other.on_time,
            self.important + other.important,
            self.unplanned + other.unplanned,
        )

    @property
    def on_time_share(self) -> Decimal | None:
        return _ratio(self.on_time, self.due)

    @property
    def quality_share(self) -> Decimal | None:
        return _ratio(self.products, self.due)

    @property
    def unplanned_share(self) -> Decimal | None:
        return _ratio(self.unplanned, self.works)


@dataclass(frozen=True, slots=True)
class KindOfWork:
    """What a position did under one task code; empty for work without a code.

    Attributes:
        elsewhere: The catalogue gives the code to another position, or does not have it.
    """

    code: str
    name: str
    counted: Counted
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class PositionWork:
    """One job position over a period.

    Attributes:
        posts: People assigned to it in the organisation; 0 where none is entered.
        strength: People to be evaluated in it, on the mean of the weeks.
        person_weeks: Weeks of its people with a report that counts: what load is measured by.
        absent_weeks, missing_weeks: Weeks of its people that were excused; without a report that counts.
        rows: Task rows in those reports.
        kinds: By task code, the most frequent first.
    """

    position: str
    name: str
    complexity: str
    posts: int
    strength: Decimal
    person_weeks: int
    absent_weeks: int
    missing_weeks: int
    rows: int
    counted: Counted
    kinds: tuple[KindOfWork, ...] = ()

    @property
    def volume_a_week(self) -> Decimal | None:
        return _ratio(self.counted.volume, self.person_weeks)

    @property
    def works_a_week(self) -> Decimal | None:
        return _ratio(self.counted.works, self.person_weeks)


@dataclass(frozen=True, slots=True)
class Staffing:
    """All job positions of a period, in the office's order, and their sum."""

    positions: tuple[PositionWork, ...]
    whole: PositionWork

    def index(self, of: PositionWork) -> Decimal | None:
        """Volume per person and week against the whole office's: 1 is the office's mean."""
        return _against(of.volume_a_week, self.whole.volume_a_week)

    def index_of_works(self, of: PositionWork) -> Decimal | None:
        """The same in pieces of work: it does not hang on units of measure and coefficients."""
        return _against(of.works_a_week, self.whole.works_a_week)


def staffing_over(weeks: Sequence[WeekOfRows], organisation: Organisation) -> Staffing:
    """Every position of somebody to be evaluated in some weeks, and those of the organisation that nobody holds.

    Args:
        weeks: In order. A piece of work belongs to the position that its person had in its last week.
        organisation: Names the positions with their posts, and the catalogue of tasks.
    """
    rows = [row for week in weeks for row in week.results]
    rules = {row.week: week.rules for week in weeks for row in week.results}
    ends = max((week.last_day or week.results[0].week.sunday for week in weeks if week.results), default=date.min)
    works: dict[str, list[Work]] = {}
    for mine in by_person(rows).values():
        for work in works_of(mine):
            works.setdefault(work.week.position, []).append(work)
    held: dict[str, list[Result]] = {}
    for row in rows:
        held.setdefault(row.position, []).append(row)
    catalogue = _Catalogue(organisation)
    count = sum(bool(week.results) for week in weeks)

    def line(position: str, name: str, complexity: str = "", posts: int = 0) -> PositionWork:
        mine = works.get(position, ())
        kinds: dict[str, list[Work]] = {}
        for work in mine:
            kinds.setdefault(code_key(work.task.code), []).append(work)
        told = (catalogue.kind(of, position, lambda each: counted(each, rules, ends)) for of in kinds.values())
        return _position(
            (position, name, complexity, posts),
            held.get(position, ()),
            count,
            tuple(sorted(told, key=lambda kind: (-kind.counted.works, -kind.counted.volume, kind.code))),
        )

    known = [line(each.code, each.name, each.complexity, each.posts) for each in organisation.positions]
    codes = {each.position for each in known}
    others = [line(code, code) for code in sorted(held, key=lambda code: (not code, code)) if code not in codes]
    found = [each for each in (*known, *others) if each.posts or each.position in held]
    posts = sum(each.posts for each in found)
    whole = _position(("", "", "", posts), rows, count, tuple(kind for each in found for kind in each.kinds))
    return Staffing(tuple(found), whole)


def counted(works: Iterable[Work], rules: Mapping[Week, RuleBook], ends: date) -> Counted:
    """Sums over pieces of work, each under the rules of its last week."""
    found = Counted()
    for work in works:
        task, word = work.task, work.word
        due = work.completed or (task.due is not None and task.due <= ends)
        found += Counted(
            works=1,
            completed=int(work.completed),
            products=int(bool(task.product) and work.completed and word.recognised),
            volume=volume_of(task, word, rules[work.week.week]),
            due=int(due),
            on_time=int(word.status == DONE),
            important=int(word.important),
            unplanned=int(task.unplanned),
        )
    return found


def _position(
    head: tuple[str, str, str, int], rows: Sequence[Result], weeks: int, kinds: tuple[KindOfWork, ...]
) -> PositionWork:
    reports = [row for row in rows if row.state in REPORTED and row.tasks]
    absent = sum(row.state == "absent" for row in rows)
    return PositionWork(
        *head,
        strength=_ratio(len(rows), weeks) or Decimal(0),
        person_weeks=len(reports),
        absent_weeks=absent,
        missing_weeks=len(rows) - absent - len(reports),
        rows=sum(len(row.tasks) for row in reports),
        counted=sum((kind.counted for kind in kinds), Counted()),
        kinds=kinds,
    )


class _Catalogue:
    """The office's catalogue of tasks, by code without case."""

    def __init__(self, organisation: Organisation) -> None:
        self._tasks = {code_key(task.code): task for task in organisation.tasks}

    def kind(self, works: Sequence[Work], position: str, count: Callable[[Sequence[Work]], Counted]) -> KindOfWork:
        code = works[0].task.code
        known = self._tasks.get(code_key(code))
        elsewhere = bool(code and position) and (
            known is None or (bool(known.position) and code_key(known.position) != code_key(position))
        )
        return KindOfWork(known.code if known else code, known.name if known else "", count(works), elsewhere)


def _ratio(part: int | Decimal, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


def _against(mine: Decimal | None, office: Decimal | None) -> Decimal | None:
    return mine / office if mine is not None and office else None
