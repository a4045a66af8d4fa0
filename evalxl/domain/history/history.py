"""The history: what the ledger's events add up to.

For every week, where each person and each returned workbook stands. `events.fold` makes it from the ledger's events in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from evalxl.domain.evaluation.difficulties import Difficulty, keys_told, weeks_telling
from evalxl.domain.evaluation.follow_ups import FollowUp
from evalxl.domain.evaluation.period_inputs import PeriodEntry
from evalxl.domain.evaluation.review_requests import Appeal
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.submissions import Submission, submission_from_record
from evalxl.domain.evaluation.week_view import Check
from evalxl.domain.findings import OUR_FAULT, Finding
from evalxl.domain.history.closed_periods import ClosedPeriod, closed_periods_of
from evalxl.domain.history.retention import Cleaned
from evalxl.domain.names import code_key, subject_of_unit, unit_of_subject
from evalxl.domain.versions.returned_workbooks import Issue, ReturnedWorkbook
from evalxl.domain.versions.save_order import Saved, own_time
from evalxl.domain.weeks import Period, Week

Event = Mapping[str, Any]
Verdict = Literal[
    "submitted", "same", "draft", "invalid", "refused", "duplicate", "superseded", "conflict", "waiting", "read"
]


def subject_of(event: Event) -> str:
    """Whom an event is about: a staff code, or a unit's with its mark; a unit's form is issued and received under the unit's code alone."""
    subject = str(event.get("subject", ""))
    return subject_of_unit(subject) if subject and event.get("workbook") == "unit_form" else subject


@dataclass(slots=True)
class Received:
    """A workbook that came back, and what became of it.

    Attributes:
        mtime, own: The file's time and its own, as `order` tells them; empty where they are not known.
        same_as: The version that a file is although its bytes are others, by hash: what was typed in both is the same.
        aside: Whether a program laid it beside a form that was gone.
    """

    seq: int
    at: datetime
    file: str
    sha256: str
    verdict: Verdict
    form_id: str = ""
    workbook: str = ""
    subject: str = ""
    content: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    late: bool = False
    mtime: str = ""
    own: str = ""
    same_as: str = ""
    aside: bool = False
    modified_by: str = ""
    unreadable: bool = False  # not even its stamp: it is the subject's by its place, and only to be told
    _submission: Submission | None = field(default=None, repr=False)

    @property
    def saved(self) -> Saved:
        """When the file was saved. A file whose time is not known came when it was received."""
        at = datetime.fromisoformat(self.mtime) if self.mtime else self.at
        return Saved(self.file, at, own_time(self.own))

    @property
    def by_our_fault(self) -> bool:
        """Whether it was not read because the program itself has failed: each run tries it again."""
        return any(finding.kind == OUR_FAULT for finding in self.findings)

    @property
    def submission(self) -> Submission:
        """What a form said; read from the event once."""
        if self._submission is None:
            assert self.content is not None
            self._submission = submission_from_record(self.content)
        return self._submission


@dataclass(slots=True)
class Booked:
    """Scores that a manager gave and that count; `version` is the hash of the form that they refer to, empty without one."""

    seq: int
    at: datetime
    scorer: str
    acts_for: str
    scores: Scores
    breach: bool
    breach_note: str
    comment: str
    explanation: str
    version: str
    source: Mapping[str, Any]
    repaired: bool = False


@dataclass(slots=True)
class Approved:
    """An approval; it binds to the score event `score_seq`."""

    seq: int
    at: datetime
    approver: str
    acts_for: str
    scores: Scores
    adjusted: bool
    opinion: str
    by_paper: str
    score_seq: int
    same_person: bool
    source: Mapping[str, Any]
    repaired: bool = False
    stands_for: str = (
        ""  # whose row the next authority above took, because the delegate would have decided about himself
    )

    @property
    def in_own_right(self) -> bool:
        return not self.acts_for and not self.stands_for


@dataclass(slots=True)
class Returned:
    """A row that was sent back: by the scorer (`score`: the form is open again) or by the approver (`approve`: the scorer's row is)."""

    seq: int
    at: datetime
    stage: Literal["score", "approve"]
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Voided:
    """An approval whose content changed afterwards; what was approved is kept, so that the approver is shown old and new.

    Attributes:
        score: The scores that were approved, with the form that they refer to.
        by: `scored` where they were scored again, `returned` where the form was sent back to the person.
        seq, at: The event that changed them.
    """

    approval: Approved
    score: Booked
    by: Literal["scored", "returned"]
    seq: int
    at: datetime


@dataclass(slots=True)
class PersonWeek:
    """Where one person stands in one week; or one unit, with its own result, whose code then bears the unit's mark (`unit:VP`)."""

    code: str
    issues: dict[str, Issue] = field(default_factory=dict)
    versions: list[Received] = field(default_factory=list)
    counted: Received | None = None
    newest: Received | None = None
    score: Booked | None = None
    approval: Approved | None = None
    returned: Returned | None = None
    voided: Voided | None = None
    returned_seq: int = 0  # the last return to the person: a form received before it was sent back
    checks: dict[str, Check] = field(default_factory=dict)
    corrected_later: bool = False
    astray: dict[str, Received] = field(default_factory=dict)  # by file: what lies there and is only to be told
    pages: dict[str, int] = field(default_factory=dict)  # by check code: the event in which a page to sign was made

    @property
    def issue(self) -> Issue | None:
        """The latest form that went out and was not withdrawn."""
        return next((issue for issue in reversed(list(self.issues.values())) if not issue.withdrawn), None)

    @property
    def newer(self) -> Received | None:
        """The latest valid version that came after the counted one was scored; it counts only after a return.

        A file that was set back to the bytes that were scored is none.
        """
        if self.score is None or self.counted is None:
            return None
        latest = next((v for v in reversed(self.versions) if v.verdict == "submitted"), None)
        return latest if latest is not None and latest.sha256 != self.counted.sha256 else None

    def has_overtaken(self, version: Received) -> bool:
        """Whether something newer than a version counts already."""
        return self.counted is not None and self.counted.seq > version.seq

    @property
    def awaits_confirmation(self) -> bool:
        """A form arrived after the manager scored without one: the manager confirms or changes, and approval waits for it."""
        return self.score is not None and self.score.version == "" and self.counted is not None


@dataclass(slots=True, kw_only=True)
class IssuedAndReturned:
    """Workbooks that went out and what came back of them: of a week, or for a period."""

    books: dict[tuple[str, str], ReturnedWorkbook] = field(default_factory=dict)
    present: dict[str, Received] = field(default_factory=dict)  # by file: what lies there
    # By file: the managers' workbooks as last read; a refresh replaces the file.
    read: dict[str, Received] = field(default_factory=dict)
    last_at: datetime | None = None
    last_seq: int = 0
    log: list[Event] = field(default_factory=list)

    def book(self, workbook: str, owner: str) -> ReturnedWorkbook:
        return self.books.setdefault((workbook, code_key(owner)), ReturnedWorkbook(workbook, owner))

    def issue_of(self, form_id: str) -> Issue | None:
        return next((issues[form_id] for issues in self._issues() if form_id in issues), None)

    def _issues(self) -> Iterator[dict[str, Issue]]:
        yield from (book.issues for book in self.books.values())

    def issues(self) -> dict[str, Issue]:
        """Every workbook that went out, by form id."""
        return {form_id: issue for issues in self._issues() for form_id, issue in issues.items()}


@dataclass(slots=True)
class PeriodHistory(IssuedAndReturned):
    """What leaders enter for one period; `entries` holds what was booked of each person, in order."""

    period: Period
    entries: dict[str, list[PeriodEntry]] = field(default_factory=dict)

    def counting(self) -> dict[str, PeriodEntry]:
        """The entries that count: the last of each person, unless it was taken back."""
        return {key: booked[-1] for key, booked in self.entries.items() if booked[-1].done}


@dataclass(slots=True, weakref_slot=True)
class WeekHistory(IssuedAndReturned):
    """One week."""

    week: Week
    organisation: str = ""
    rulebook: str = ""
    head: Mapping[str, str] = field(default_factory=dict)  # what its pages are printed under
    people: dict[str, PersonWeek] = field(default_factory=dict)
    units: dict[str, PersonWeek] = field(default_factory=dict)
    count: Event | None = None  # the files of the last run that learned something
    closed: bool = False
    closings: int = 0
    closed_at: datetime | None = None  # when it was closed last
    first_seq: int = 0
    _told: tuple[int, frozenset[str]] = field(default=(-1, frozenset()), repr=False, compare=False)  # after that event

    def person(self, code: str) -> PersonWeek:
        """Where a person stands, or a unit by the code with its mark."""
        if unit := unit_of_subject(code):
            return self.unit(unit)
        return self.people.setdefault(code_key(code), PersonWeek(code))

    def unit(self, code: str) -> PersonWeek:
        return self.units.setdefault(code_key(code), PersonWeek(subject_of_unit(code)))

    def known(self, code: str) -> PersonWeek | None:
        """As `person`, of whom the ledger knows something; else None."""
        return self.units.get(code_key(unit)) if (unit := unit_of_subject(code)) else self.people.get(code_key(code))

    def holders(self) -> Iterator[PersonWeek]:
        """Everybody with a form in the week: the people, then the units."""
        yield from self.people.values()
        yield from self.units.values()

    def with_workbooks(self) -> set[str]:
        """Keys of the staff codes of whom the ledger knows a workbook: a form that stands, or a manager's workbook."""
        people = {
            key for key, one in self.people.items() if one.issue is not None or one.versions or one.score is not None
        }
        return people | {code_key(book.owner) for book in self.books.values() if book.owner}

    def told(self) -> frozenset[str]:
        """By what the difficulties are known that the counted forms of the week tell of."""
        if self._told[0] != self.last_seq:
            forms = ((one.code, one.counted.submission.told) for one in self.holders() if one.counted is not None)
            self._told = self.last_seq, frozenset(key for code, texts in forms for key in keys_told(code, texts))
        return self._told[1]

    def conflicts(self) -> dict[str, list[Received]]:
        """By code without case: the forms that lie there and nobody can tell of which was saved last."""
        found: dict[str, list[Received]] = {}
        for received in self.present.values():
            if received.verdict == "conflict":
                holder = self.holder(received.workbook, received.subject)
                if not holder.has_overtaken(received):
                    found.setdefault(code_key(holder.code), []).append(received)
        return found

    def holder(self, workbook: str, subject: str) -> PersonWeek:
        """Whose form a workbook of this kind and subject is; the stamp of a unit's form says the unit's code alone."""
        return self.unit(subject) if workbook == "unit_form" else self.person(subject)

    def _issues(self) -> Iterator[dict[str, Issue]]:
        yield from (holder.issues for holder in self.holders())
        yield from (book.issues for book in self.books.values())


@dataclass(slots=True)
class History:
    """Every week that the ledger knows, the tasks that were given for weeks to come, and what goes on over weeks in the office's register.

    Attributes:
        register: The follow-up registers of all weeks as one workbook: a row that is carried on keeps what was typed in it.
        periods: What was entered for periods, by what a period is called.
        told: Says what `WeekHistory.told` says, where that is kept.
        heard: Says in which weeks anything came of a person or was decided, where that is known.
        named: Says what `given_tasks.names_reported` says, where that is kept.
        results: Says what `replies.results_in` says, where that is kept.
        until: Of how many events it was made; what a run adds comes after them.
    """

    weeks: MutableMapping[Week, WeekHistory] = field(default_factory=dict)
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)
    difficulties: dict[str, Difficulty] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    register: ReturnedWorkbook = field(default_factory=lambda: ReturnedWorkbook("follow_up", ""))
    closed_periods: dict[str, ClosedPeriod] = field(default_factory=dict)
    assigned: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
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
        """Whether a week is frozen: by itself, or, where it was never closed or opened again by itself, with its period."""
        this = self.week(week)
        return this.closed or (not this.closings and self.closed_with_period(week))

    def closed_with_period(self, week: Week) -> bool:
        """Whether a period that a week lies in is closed."""
        return bool(closed_periods_of(self.closed_periods, week))

    def before(self, week: Week) -> list[Week]:
        """Earlier weeks, latest first."""
        return sorted((earlier for earlier in self.weeks if earlier < week), reverse=True)

    def difficulties_that_count(self) -> dict[str, tuple[Week, ...]]:
        """By key of a difficulty: the weeks whose counted form says so."""
        tells = self.told or (lambda week: self.week(week).told())
        return weeks_telling(self.difficulties, ((week, tells(week)) for week in sorted(self.weeks)))
