"""The history: what the ledger's events add up to.

It holds the state of each person and each returned workbook in every week. `fold` makes it from the ledger's events in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evalxl.domain.evaluation.difficulties import Difficulty, keys_told, weeks_telling
from evalxl.domain.evaluation.follow_ups import FollowUp
from evalxl.domain.evaluation.review_requests import Appeal
from evalxl.domain.history.closed_periods import ClosedPeriod, closed_periods_of
from evalxl.domain.history.events import (
    ApprovedEvent,
    AssignedEvent,
    EnteredEvent,
    ReceivedEvent,
    ReturnedEvent,
    ScoredEvent,
)
from evalxl.domain.history.retention import Cleaned
from evalxl.domain.names import code_key, subject_of_unit, unit_of_subject
from evalxl.domain.typed_rows import Check
from evalxl.domain.versions.returned_workbooks import Issue, ReturnedWorkbook
from evalxl.domain.weeks import Period, Week

Event = Mapping[str, Any]


def subject_of(event: Event) -> str:
    """The subject of an event: a staff code, or a unit code with its mark. In the events of a unit's form the code has no mark."""
    subject = str(event.get("subject", ""))
    return subject_of_unit(subject) if subject and event.get("workbook") == "unit_form" else subject


@dataclass(frozen=True, slots=True)
class Voided:
    """An approval whose content changed afterwards. The approved values are kept, so that the approver sees old and new.

    Attributes:
        score: The approved scores, with the form that they refer to.
        event: What changed them: the row was scored again, or the form was sent back to the person.
    """

    approval: ApprovedEvent
    score: ScoredEvent
    event: ScoredEvent | ReturnedEvent


@dataclass(slots=True)
class PersonWeek:
    """The state of one person in one week, or of a unit with its own result. A unit's code has the unit mark (`unit:VP`)."""

    code: str
    issues: dict[str, Issue] = field(default_factory=dict)
    versions: list[ReceivedEvent] = field(default_factory=list)
    counted: ReceivedEvent | None = None
    newest: ReceivedEvent | None = None
    score: ScoredEvent | None = None
    approval: ApprovedEvent | None = None
    returned: ReturnedEvent | None = None
    voided: Voided | None = None
    returned_seq: int = 0  # the last return to the person: a form received before it was sent back
    checks: dict[str, Check] = field(default_factory=dict)
    corrected_later: bool = False
    astray: dict[str, ReceivedEvent] = field(
        default_factory=dict
    )  # by file: files in the folders that are only reported
    pages: dict[str, int] = field(default_factory=dict)  # by check code: the event in which a page to sign was made

    @property
    def issue(self) -> Issue | None:
        """The latest form that went out and was not withdrawn."""
        return next((issue for issue in reversed(list(self.issues.values())) if not issue.withdrawn), None)

    @property
    def newer(self) -> ReceivedEvent | None:
        """The latest valid version that came after the counted one was scored. It counts only after a return.

        A file that was changed back to the scored bytes is no such version.
        """
        if self.score is None or self.counted is None:
            return None
        latest = next((v for v in reversed(self.versions) if v.verdict == "submitted"), None)
        return latest if latest is not None and latest.sha256 != self.counted.sha256 else None

    def has_overtaken(self, version: ReceivedEvent) -> bool:
        """Whether a newer version than this one already counts."""
        return self.counted is not None and self.counted.seq > version.seq

    @property
    def awaits_confirmation(self) -> bool:
        """Whether a form arrived after the manager scored without one. The manager confirms or changes the scores, and approval waits for that."""
        return self.score is not None and self.score.version == "" and self.counted is not None


@dataclass(slots=True, kw_only=True)
class IssuedAndReturned:
    """Workbooks that went out and came back, of a week or a period."""

    books: dict[tuple[str, str], ReturnedWorkbook] = field(default_factory=dict)
    present: dict[str, ReceivedEvent] = field(default_factory=dict)  # by file: what is in the folders
    # By file: the managers' workbooks as last read. A refresh replaces the file.
    read: dict[str, ReceivedEvent] = field(default_factory=dict)
    last_at: datetime | None = None
    last_seq: int = 0
    log: list[Event] = field(default_factory=list)

    def book(self, workbook: str, owner: str) -> ReturnedWorkbook:
        return self.books.setdefault((workbook, code_key(owner)), ReturnedWorkbook(workbook, owner))

    def books_of(self, workbook: str) -> list[ReturnedWorkbook]:
        """The workbooks of one kind."""
        return [book for book in self.books.values() if book.workbook == workbook]

    def issue_of(self, form_id: str) -> Issue | None:
        return next((issues[form_id] for issues in self._issues() if form_id in issues), None)

    def _issues(self) -> Iterator[dict[str, Issue]]:
        yield from (book.issues for book in self.books.values())

    def issues(self) -> dict[str, Issue]:
        """Every workbook that went out, by form id."""
        return {form_id: issue for issues in self._issues() for form_id, issue in issues.items()}


@dataclass(slots=True)
class PeriodHistory(IssuedAndReturned):
    """What leaders enter for one period. `entries` holds the booked entries of each person, in order."""

    period: Period
    entries: dict[str, list[EnteredEvent]] = field(default_factory=dict)

    def counting(self) -> dict[str, EnteredEvent]:
        """The entries that count: the last of each person, unless it was taken back."""
        return {key: booked[-1] for key, booked in self.entries.items() if booked[-1].done}


@dataclass(slots=True, weakref_slot=True)
class WeekHistory(IssuedAndReturned):
    """One week."""

    week: Week
    organisation: str = ""
    rulebook: str = ""
    head: Mapping[str, str] = field(default_factory=dict)  # the letterhead of its pages
    people: dict[str, PersonWeek] = field(default_factory=dict)
    units: dict[str, PersonWeek] = field(default_factory=dict)
    count: Event | None = None  # the files of the last run that learned something
    closed: bool = False
    closings: int = 0
    closed_at: datetime | None = None  # when it was closed last
    first_seq: int = 0
    _told: tuple[int, frozenset[str]] = field(default=(-1, frozenset()), repr=False, compare=False)  # up to that event

    def person(self, code: str) -> PersonWeek:
        """The state of a person, or of a unit by its code with the mark."""
        if unit := unit_of_subject(code):
            return self.unit(unit)
        return self.people.setdefault(code_key(code), PersonWeek(code))

    def unit(self, code: str) -> PersonWeek:
        return self.units.setdefault(code_key(code), PersonWeek(subject_of_unit(code)))

    def known(self, code: str) -> PersonWeek | None:
        """As `person`, but None when the ledger knows nothing of them."""
        return self.units.get(code_key(unit)) if (unit := unit_of_subject(code)) else self.people.get(code_key(code))

    def holders(self) -> Iterator[PersonWeek]:
        """Everybody with a form in the week: the people, then the units."""
        yield from self.people.values()
        yield from self.units.values()

    def with_workbooks(self) -> set[str]:
        """Keys of the staff codes with a workbook in the ledger: a form that was not withdrawn, or a manager's workbook."""
        people = {
            key
            for key, person_week in self.people.items()
            if person_week.issue is not None or person_week.versions or person_week.score is not None
        }
        return people | {code_key(book.owner) for book in self.books.values() if book.owner}

    def told(self) -> frozenset[str]:
        """The keys of the difficulties that the counted forms of the week report."""
        if self._told[0] != self.last_seq:
            forms = (
                (person_week.code, person_week.counted.submission.told)
                for person_week in self.holders()
                if person_week.counted is not None
            )
            self._told = self.last_seq, frozenset(key for code, texts in forms for key in keys_told(code, texts))
        return self._told[1]

    def conflicts(self) -> dict[str, list[ReceivedEvent]]:
        """By code key: the forms in conflict, of which it is not known which was saved last."""
        found: dict[str, list[ReceivedEvent]] = {}
        for received in self.present.values():
            if received.verdict == "conflict":
                holder = self.holder(received.workbook, received.subject)
                if not holder.has_overtaken(received):
                    found.setdefault(code_key(holder.code), []).append(received)
        return found

    def holder(self, workbook: str, subject: str) -> PersonWeek:
        """The person or unit whose form has this kind and subject. The stamp of a unit's form has the unit code without the mark."""
        return self.unit(subject) if workbook == "unit_form" else self.person(subject)

    def _issues(self) -> Iterator[dict[str, Issue]]:
        yield from (holder.issues for holder in self.holders())
        yield from (book.issues for book in self.books.values())


@dataclass(slots=True)
class History:
    """Every week of the ledger, the tasks given for later weeks, and the office's register across weeks.

    Attributes:
        register: The registers of all weeks as one workbook. A row that is carried over keeps what was typed in it.
        periods: What was entered for periods, by the name of the period.
        told: Gives the stored value of `WeekHistory.told`, if there is one.
        heard: Gives the weeks in which something came from a person or was decided, if that is known.
        named: Gives the stored value of `assigned_tasks.names_reported`, if there is one.
        results: Gives the stored value of `replies.results_in`, if there is one.
        until: The number of events that it was made of. Events of the present run come after them.
    """

    weeks: MutableMapping[Week, WeekHistory] = field(default_factory=dict)
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)
    difficulties: dict[str, Difficulty] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    register: ReturnedWorkbook = field(default_factory=lambda: ReturnedWorkbook("follow_up", ""))
    closed_periods: dict[str, ClosedPeriod] = field(default_factory=dict)
    assigned: dict[tuple[str, str], AssignedEvent] = field(default_factory=dict)
    periods: dict[str, PeriodHistory] = field(default_factory=dict)
    cleaned: dict[str, Cleaned] = field(default_factory=dict)  # by week or period
    told: Callable[[Week], Collection[str]] | None = None
    heard: Callable[[str], Collection[Week] | None] = lambda _: None
    named: Callable[[Week], Mapping[str, Collection[str]]] | None = None
    results: Callable[[Week], Mapping[str, Any]] | None = None
    until: int = 0

    def period(self, period: Period) -> PeriodHistory:
        """What leaders entered for a period."""
        return self.periods.get(str(period)) or PeriodHistory(period)

    def week(self, week: Week) -> WeekHistory:
        return self.weeks.get(week) or WeekHistory(week)

    def is_closed(self, week: Week) -> bool:
        """Whether a week is closed, by itself or with its period. The period decides only if the week was never closed or reopened by itself."""
        week_history = self.week(week)
        return week_history.closed or (not week_history.closings and self.closed_with_period(week))

    def closed_with_period(self, week: Week) -> bool:
        """Whether a period that contains a week is closed."""
        return bool(closed_periods_of(self.closed_periods, week))

    def before(self, week: Week) -> list[Week]:
        """Earlier weeks, latest first."""
        return sorted((earlier for earlier in self.weeks if earlier < week), reverse=True)

    def difficulties_that_count(self) -> dict[str, tuple[Week, ...]]:
        """By key of a difficulty: the weeks whose counted form reports it."""
        tells = self.told or (lambda week: self.week(week).told())
        return weeks_telling(self.difficulties, ((week, tells(week)) for week in sorted(self.weeks)))
