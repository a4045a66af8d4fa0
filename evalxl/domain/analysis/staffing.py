"""What a job position really does: work, products, volume and load over any period, as a basis for job design and staffing.

Figures are per position, never per person. A piece of work is counted once, as its last week has it (`works`). Load is measured per reported week of
a person: a week of absence and a missing form are no idle weeks, they are left out and shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evalxl.domain.analysis.task_statistics import volume_of
from evalxl.domain.evaluation.scoring import DONE
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.evaluation.work_items import REPORTED, Parts, WorkItem, people_in, works_of
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week


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


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """What the weeks of a period are counted by.

    Attributes:
        rules: Of each week with somebody to be evaluated.
        ends: The last working day of the last one; what is due after it is not due yet.
    """

    rules: Mapping[Week, RuleBook]
    ends: date


def staffing_of(parts: Parts, span: WeekSpan, organisation: Organisation) -> Staffing:
    """Every position of somebody to be evaluated in some weeks, and those of the organisation that nobody holds.

    Args:
        parts: The rows of the weeks, people part by part. A piece of work belongs to the position that its person had in its last week.
        organisation: Names the positions with their posts, and the catalogue of tasks.
    """
    held: defaultdict[str, _Held] = defaultdict(_Held)
    for _, first, mine in people_in(parts):
        for row in mine:
            held[row.position].add(row)
        for place, work in enumerate(works_of(mine)):
            held[work.week.position].kinds[code_key(work.task.code)].add(work, (*first, place), span)
    catalogue = _Catalogue(organisation)
    count = len(span.rules)

    def line(position: str, name: str, complexity: str = "", posts: int = 0) -> PositionWork:
        mine = held.get(position, _Held())
        told = (catalogue.kind(works, position) for works in mine.kinds.values())
        kinds = tuple(sorted(told, key=lambda kind: (-kind.counted.works, -kind.counted.volume, kind.code)))
        return _position((position, name, complexity, posts), mine, count, kinds)

    known = [
        line(position.code, position.name, position.complexity, position.posts) for position in organisation.positions
    ]
    codes = {position_work.position for position_work in known}
    others = [line(code, code) for code in sorted(held, key=lambda code: (not code, code)) if code not in codes]
    position_works = [
        position_work for position_work in (*known, *others) if position_work.posts or position_work.position in held
    ]
    posts = sum(position_work.posts for position_work in position_works)
    everybody = _Held()
    for each in held.values():
        everybody.join(each)
    whole = _position(
        ("", "", "", posts),
        everybody,
        count,
        tuple(kind for position_work in position_works for kind in position_work.kinds),
    )
    return Staffing(tuple(position_works), whole)


class _Works:
    """Sums over works of one kind, each under the rules of its last week, and how the first of them spells its code."""

    def __init__(self) -> None:
        self.code = ""
        self._first: tuple[Week, int, int] | None = None
        self._works = self._completed = self._products = self._due = self._on_time = 0
        self._important = self._unplanned = 0
        self._volume = Decimal(0)

    def add(self, work: WorkItem, place: tuple[Week, int, int], span: WeekSpan) -> None:
        if self._first is None or place < self._first:
            self._first, self.code = place, work.task.code
        task, word, completed = work.task, work.word, work.completed
        self._works += 1
        self._completed += completed
        self._products += bool(task.product) and completed and word.recognised
        self._volume += volume_of(task, word, span.rules[work.week.week])
        self._due += completed or (task.due is not None and task.due <= span.ends)
        self._on_time += word.status == DONE
        self._important += word.important
        self._unplanned += task.unplanned

    @property
    def counted(self) -> Counted:
        return Counted(
            works=self._works,
            completed=self._completed,
            products=self._products,
            volume=self._volume,
            due=self._due,
            on_time=self._on_time,
            important=self._important,
            unplanned=self._unplanned,
        )


class _Held:
    """The weeks of those who held a position, and their work by kind."""

    def __init__(self) -> None:
        self.people_weeks = self.absent = self.reports = self.rows = 0
        self.kinds: defaultdict[str, _Works] = defaultdict(_Works)

    def add(self, row: Result) -> None:
        self.people_weeks += 1
        self.absent += row.state == "absent"
        if row.state in REPORTED and row.tasks:
            self.reports += 1
            self.rows += len(row.tasks)

    def join(self, other: _Held) -> None:
        self.people_weeks += other.people_weeks
        self.absent += other.absent
        self.reports += other.reports
        self.rows += other.rows


def _position(head: tuple[str, str, str, int], held: _Held, weeks: int, kinds: tuple[KindOfWork, ...]) -> PositionWork:
    return PositionWork(
        *head,
        strength=_ratio(held.people_weeks, weeks) or Decimal(0),
        person_weeks=held.reports,
        absent_weeks=held.absent,
        missing_weeks=held.people_weeks - held.absent - held.reports,
        rows=held.rows,
        counted=sum((kind.counted for kind in kinds), Counted()),
        kinds=kinds,
    )


class _Catalogue:
    """The office's catalogue of tasks, by code without case."""

    def __init__(self, organisation: Organisation) -> None:
        self._tasks = {code_key(task.code): task for task in organisation.tasks}

    def kind(self, works: _Works, position: str) -> KindOfWork:
        code = works.code
        known = self._tasks.get(code_key(code))
        elsewhere = bool(code and position) and (
            known is None or (bool(known.position) and code_key(known.position) != code_key(position))
        )
        return KindOfWork(known.code if known else code, known.name if known else "", works.counted, elsewhere)


def _ratio(part: int | Decimal, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


def _against(mine: Decimal | None, office: Decimal | None) -> Decimal | None:
    return mine / office if mine is not None and office else None


NO_STAFFING = Staffing((), _position(("", "", "", 0), _Held(), 0, ()))
