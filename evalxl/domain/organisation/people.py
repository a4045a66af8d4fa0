"""The organisation as values, and who stands where on a given day.

The organisation is what the office staff keep in `organisation.xlsx`: rows with effective dates. A `Member` is one person as the
rules see the person in one week: unit, scorer and approver are those in force on the week's Thursday.
Codes are compared by `names.code_key`; the values here hold each code as the organisation spells it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from evalxl.domain.names import code_key, folded, unit_of_subject
from evalxl.domain.weeks import Week

FIRST_DAY = date.min
LAST_DAY = date.max


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of Units: what a department, bureau, division or office is from one day to another, both inclusive.

    `head` and `leader` are staff codes. `level` is kept as the office entered it.
    """

    code: str
    name: str
    parent: str = ""
    head: str = ""
    leader: str = ""
    level: str = ""
    first: date = FIRST_DAY
    last: date = LAST_DAY

    def on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Post:
    """One row of People: what somebody is from one day to another, both inclusive."""

    code: str
    name: str
    unit: str
    rank: str
    title: str = ""
    other_posts: str = ""
    position: str = ""
    scorer: str = ""
    co_scorer: str = ""
    approver: str = ""
    email: str = ""
    first: date = FIRST_DAY
    last: date = LAST_DAY
    account: str = ""  # what programs write into a file as who saved it; more than one are separated by `;`
    category: str = ""  # whom a rule book applies to (Đối tượng); more than one are separated by `;`
    peers: str = ""  # the group with similar tasks; empty: the rank
    former: str = ""  # the codes that the person had before; more than one are separated by `;`

    @property
    def former_codes(self) -> tuple[str, ...]:
        return tuple(code.strip() for code in self.former.split(";") if code.strip())

    def on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Position:
    """A job position (vị trí việc làm); `posts` is the number of people assigned to it."""

    code: str
    name: str
    complexity: str = ""
    posts: int = 0


@dataclass(frozen=True, slots=True)
class CatalogueTask:
    """One row of Tasks: a task of a job position, from one day on.

    Attributes:
        coefficient: A decimal number as text; empty: that of the complexity.
        recurring: The task stands in every form of its position.
    """

    code: str
    name: str
    position: str = ""
    product: str = ""
    unit_of_measure: str = ""
    complexity: str = ""
    group: str = ""
    coefficient: str = ""
    recurring: bool = False
    first: date = FIRST_DAY


@dataclass(frozen=True, slots=True)
class Authority:
    """One row of Authorities: who scores and who decides where a person is evaluated under a second rule book, from one day on.

    `decider` is a person or a body, as the office wrote it.
    """

    code: str
    rulebook: str = ""
    scorer: str = ""
    decider: str = ""
    first: date = FIRST_DAY


@dataclass(frozen=True, slots=True)
class Absence:
    """`kind` is the code of the rule book's absence kind; days are inclusive."""

    code: str
    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Delegation:
    """`scope` is `score`, `approve` or `both`."""

    giver: str
    receiver: str
    scope: str
    basis: str
    first: date
    last: date

    def rivals(self, other: Delegation) -> bool:
        """Whether two delegations hand the same right to two people on the same day."""
        same_right = self.giver == other.giver != "" and (
            self.scope == other.scope or "both" in (self.scope, other.scope)
        )
        return same_right and self.receiver != other.receiver and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class DayOff:
    """`kind` is `holiday` (Nghỉ lễ, Tết), `in_lieu` (Nghỉ bù) or `worked` (Làm bù: a day off becomes a working day)."""

    day: date
    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation workbook without a slip. `digest` is the SHA-256 of its canonical JSON."""

    units: tuple[Unit, ...]
    posts: tuple[Post, ...]
    positions: tuple[Position, ...] = ()
    tasks: tuple[CatalogueTask, ...] = ()
    absences: tuple[Absence, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    days_off: tuple[DayOff, ...] = ()
    authorities: tuple[Authority, ...] = ()

    def on(self, day: date) -> Organisation:
        """The organisation with its units as they are on a day, one row each; so `unit` and everything that goes by parents ask of that day."""
        units = tuple(unit for unit in self.units if unit.on(day))
        return self if units == self.units else replace(self, units=units)

    def tasks_on(self, day: date) -> tuple[CatalogueTask, ...]:
        """The catalogue on a day: of the rows of one code, the one that began last."""
        found: dict[str, CatalogueTask] = {}
        for task in self.tasks:
            if task.first <= day and (task.code not in found or found[task.code].first <= task.first):
                found[task.code] = task
        return tuple(task for task in self.tasks if found.get(task.code) is task)

    def unit(self, code: str) -> Unit | None:
        return next((unit for unit in self.units if unit.code == code), None)

    def post_on(self, code: str, day: date) -> Post | None:
        """What a person is on a day; None before joining and after leaving."""
        return next((post for post in self.posts if post.code == code and post.on(day)), None)

    def accounts(self) -> dict[str, frozenset[str]]:
        """By staff code, folded for comparing: the accounts of everybody for whom the office enters any."""
        found: dict[str, frozenset[str]] = {}
        for post in self.posts:
            if entered := frozenset(folded(one) for one in post.account.split(";") if one.strip()):
                found[code_key(post.code)] = found.get(code_key(post.code), frozenset()) | entered
        return found

    def name_of(self, code: str) -> str:
        """The person's latest name, a unit's where its own result is meant; the code itself for somebody the organisation does not know."""
        if unit := unit_of_subject(code):
            entry = self.unit(unit)
            return entry.name if entry is not None else unit
        found = next((post.name for post in reversed(self.posts) if post.code == code), "")
        return found or next((post.name for post in self.posts if post.former and code in post.former_codes), code)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday but for days off; a day entered as *Làm bù* always is."""
        kinds = {entry.kind for entry in self.days_off if entry.day == day}
        if "worked" in kinds:
            return True
        return day.weekday() < 5 and not kinds

    def working_days(self, week: Week) -> tuple[date, ...]:
        return tuple(day for day in week.days() if self.is_working_day(day))

    def last_day(self, week: Week) -> date:
        """The last day on which something is due in a week: a due date on a day off after it moves into the next week."""
        return (self.working_days(week) or (week.sunday,))[-1]

    def next_working_day(self, day: date) -> date:
        """The day itself where it is a working day, else the first one after it.

        Looks one year ahead at most: an organisation that works on no day at all has no deadline to move, and neither has a trip without
        an end (`LAST_DAY`).
        """
        if (LAST_DAY - day).days < 366:
            return day
        for ahead in range(366):
            if self.is_working_day(later := day + timedelta(days=ahead)):
                return later
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The working day so many working days after a day."""
        for _ in range(count if day < LAST_DAY else 0):
            day = self.next_working_day(day + timedelta(days=1))
        return day


@dataclass(frozen=True, slots=True)
class Member:
    """A person to be evaluated in a week; or a unit itself (*tập thể*), whose code then bears the unit's mark.

    Attributes:
        scorer, approver: Staff codes, entered or derived; never the person's own.
        absence: Code of the absence kind that excuses the whole week; empty where none does.
        trip_until: Last day of a business trip that runs over the end of the week's work; the person's own deadline moves
            to the next working day after it.
        head: For a unit, who heads it and answers for its result.
    """

    code: str
    name: str
    unit: str
    unit_name: str
    title: str
    rank: str
    other_posts: str
    position: str
    scorer: str
    co_scorer: str
    approver: str
    absence: str = ""
    trip_until: date | None = None
    head: str = ""

    @property
    def answers(self) -> str:
        """Who answers for the result, and so never decides about it."""
        return self.head or self.code


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody to be evaluated in a week, in the order of unit and Vietnamese name.

    Empty `members` with `working_days` empty is a *Tuần nghỉ*.

    Attributes:
        collectives: The units that may be evaluated themselves; those that report in the week are the ones that got a form of their own.
    """

    week: Week
    members: tuple[Member, ...]
    working_days: tuple[date, ...]
    collectives: tuple[Member, ...] = ()

    def member(self, code: str) -> Member | None:
        return next((member for member in self.members if member.code == code), None)
