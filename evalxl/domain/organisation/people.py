"""The organisation as values, and the post of each person on a given day.

The organisation is what the office staff keep in `organisation.xlsx`: rows with effective dates. A `Member` is one person as
evaluated in one week. Unit, scorer and approver are those in force on the week's Thursday.
Codes are compared by `names.code_key`. The values here hold each code as the organisation spells it.
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
    """One row of Units: a department, bureau, division or office from one day to another, both inclusive.

    `head` and `leader` are staff codes. `level` is stored as the office entered it.
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
    """One row of People: the post of a person from one day to another, both inclusive."""

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
    account: str = ""  # the account that programs write into a file when it is saved; several are separated by `;`
    category: str = ""  # the groups that a rule book applies to (Đối tượng); several are separated by `;`
    peers: str = ""  # the group with similar tasks; empty: the rank
    former: str = ""  # the former codes of the person; several are separated by `;`

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
        coefficient: A decimal number as text. If empty, the coefficient of the complexity applies.
        recurring: The task is in every form of its position.
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
    """One row of Authorities: who scores and who decides for a person who is evaluated under a second rule book, from one day on.

    `decider` is a person or a body, as the office wrote it.
    """

    code: str
    rulebook: str = ""
    scorer: str = ""
    decider: str = ""
    first: date = FIRST_DAY


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence of a person. `kind` is the code of the rule book's absence kind. Both days are inclusive."""

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
        """Whether two delegations give the same right to two people on the same day."""
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
    """The organisation workbook, read without errors. `digest` is the SHA-256 of its canonical JSON."""

    units: tuple[Unit, ...]
    posts: tuple[Post, ...]
    positions: tuple[Position, ...] = ()
    tasks: tuple[CatalogueTask, ...] = ()
    absences: tuple[Absence, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    days_off: tuple[DayOff, ...] = ()
    authorities: tuple[Authority, ...] = ()

    def on(self, day: date) -> Organisation:
        """The organisation with its units as they are on a day, one row each. So `unit` and everything that uses parents refers to that day."""
        units = tuple(unit for unit in self.units if unit.on(day))
        return self if units == self.units else replace(self, units=units)

    def tasks_on(self, day: date) -> tuple[CatalogueTask, ...]:
        """The catalogue on a day: for each code, the row that began last."""
        found: dict[str, CatalogueTask] = {}
        for task in self.tasks:
            if task.first <= day and (task.code not in found or found[task.code].first <= task.first):
                found[task.code] = task
        return tuple(task for task in self.tasks if found.get(task.code) is task)

    def unit(self, code: str) -> Unit | None:
        return next((unit for unit in self.units if unit.code == code), None)

    def post_on(self, code: str, day: date) -> Post | None:
        """The post of a person on a day; None before joining and after leaving."""
        return next((post for post in self.posts if post.code == code and post.on(day)), None)

    def accounts(self) -> dict[str, frozenset[str]]:
        """By staff code: the accounts that the office entered, folded for comparison."""
        found: dict[str, frozenset[str]] = {}
        for post in self.posts:
            if entered := frozenset(folded(one) for one in post.account.split(";") if one.strip()):
                found[code_key(post.code)] = found.get(code_key(post.code), frozenset()) | entered
        return found

    def name_of(self, code: str) -> str:
        """The latest name of a person, or of a unit for a code with the unit mark. The code itself if the organisation does not know it."""
        if unit := unit_of_subject(code):
            entry = self.unit(unit)
            return entry.name if entry is not None else unit
        found = next((post.name for post in reversed(self.posts) if post.code == code), "")
        return found or next((post.name for post in self.posts if post.former and code in post.former_codes), code)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday except days off. A day entered as *Làm bù* always is one."""
        kinds = {entry.kind for entry in self.days_off if entry.day == day}
        if "worked" in kinds:
            return True
        return day.weekday() < 5 and not kinds

    def working_days(self, week: Week) -> tuple[date, ...]:
        return tuple(day for day in week.days() if self.is_working_day(day))

    def last_day(self, week: Week) -> date:
        """The last day on which something is due in a week. A due date on a later day off moves into the next week."""
        return (self.working_days(week) or (week.sunday,))[-1]

    def next_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the first working day after it.

        It looks at most one year ahead. An organisation without any working day has no deadline to move, and neither has a trip without
        an end (`LAST_DAY`).
        """
        if (LAST_DAY - day).days < 366:
            return day
        for ahead in range(366):
            if self.is_working_day(later := day + timedelta(days=ahead)):
                return later
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is `count` working days after a day."""
        for _ in range(count if day < LAST_DAY else 0):
            day = self.next_working_day(day + timedelta(days=1))
        return day


@dataclass(frozen=True, slots=True)
class Member:
    """A person to be evaluated in a week, or a unit (*tập thể*), whose code then has the unit mark.

    Attributes:
        scorer, approver: Staff codes, entered or derived; never the person's own.
        absence: Code of the absence kind that excuses the whole week; empty if none does.
        trip_until: Last day of a business trip that continues past the end of the week's work. The person's own deadline moves
            to the next working day after it.
        head: For a unit, its head, who answers for its result.
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
        """The person who answers for the result and therefore never decides about it."""
        return self.head or self.code


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody to be evaluated in a week, in the order of unit and Vietnamese name.

    Empty `members` with `working_days` empty is a *Tuần nghỉ*.

    Attributes:
        collectives: The units that may be evaluated themselves. Those that report in the week are the ones with a form of their own.
    """

    week: Week
    members: tuple[Member, ...]
    working_days: tuple[date, ...]
    collectives: tuple[Member, ...] = ()

    def member(self, code: str) -> Member | None:
        return next((member for member in self.members if member.code == code), None)
