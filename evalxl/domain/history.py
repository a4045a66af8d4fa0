"""The history: what the ledger's events add up to.

`fold` reads events in order and gives, for every week, where each person and each returned workbook stands. It decides nothing
that was not already decided when the event was written, so the same ledger always gives the same history.

Events (each with `seq`, `kind`, `at`, `by` and mostly `week`):

- `organisation`, `rules`: what the week goes by (hashes of blobs in the archive)
- `issued`, `withdrawn`: a workbook went out, or was taken back
- `received`, `gone`: a workbook came back, with its verdict; or lies there no more
- `checked`, `assigned`: what a manager said of a task row, and the tasks given for the next week
- `scored`, `returned`, `approved`: booked decisions
- `closed`, `reopened`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from evalxl.domain.findings import Finding, from_record
from evalxl.domain.names import code_key
from evalxl.domain.results import Check
from evalxl.domain.scoring import Scores
from evalxl.domain.submissions import Submission, submission_from_record
from evalxl.domain.weeks import Week

Event = Mapping[str, Any]
Verdict = Literal["submitted", "draft", "invalid", "refused", "duplicate", "superseded", "conflict", "waiting", "read"]


@dataclass(slots=True)
class Issue:
    """A workbook that went out."""

    seq: int
    form_id: str
    workbook: str
    subject: str
    path: str
    sha256: str
    template: str
    rulebook: str
    values: Mapping[str, Any]
    given: tuple[int, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    basis: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    withdrawn: bool = False


@dataclass(slots=True)
class Received:
    """A workbook that came back, and what became of it."""

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
    modified_by: str = ""

    @property
    def submission(self) -> Submission:
        assert self.content is not None
        return submission_from_record(self.content)


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


@dataclass(slots=True)
class Returned:
    """A row that was sent back: by the scorer (`score`: the form is open again) or by the approver (`approve`: the scorer's row is)."""

    seq: int
    at: datetime
    stage: Literal["score", "approve"]
    by: str
    reason: str


@dataclass(slots=True)
class PersonWeek:
    """Where one person stands in one week."""

    code: str
    issues: dict[str, Issue] = field(default_factory=dict)
    versions: list[Received] = field(default_factory=list)
    counted: Received | None = None
    newest: Received | None = None
    score: Booked | None = None
    approval: Approved | None = None
    returned: Returned | None = None
    voided: bool = False
    checks: dict[str, Check] = field(default_factory=dict)
    corrected_later: bool = False

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

    @property
    def awaits_confirmation(self) -> bool:
        """A form arrived after the manager scored without one: the manager confirms or changes, and approval waits for it."""
        return self.score is not None and self.score.version == "" and self.counted is not None


@dataclass(slots=True)
class TypedCell:
    """The latest that was typed into one cell of a manager's workbook."""

    value: list[Any]
    form_id: str
    seq: int
    file: str
    sheet: str
    cell: str


_DECISIONS = ("ev_score_decision", "ev_approve_decision")
RowKey = tuple[str, str]  # table and row: ("team", "VP-0007"), ("checks", "VP-0007/03"), ("assignments", "4")


@dataclass(frozen=True, slots=True)
class Spent:
    """A row's decision that was carried out or overtaken: it has to be taken again.

    The copy in which it was typed still says it, and may come back many times while its owner goes on working in it.

    Attributes:
        seq: The event that carried it out; a copy issued later does not show it any more.
        form_id, value: Where it was typed, and what; empty where the row had none.
    """

    seq: int
    form_id: str = ""
    value: tuple[Any, ...] = ()


@dataclass(slots=True)
class Book:
    """A manager's or approver's workbook of a week: its issues, and what was typed over all of its copies."""

    workbook: str
    owner: str
    issues: dict[str, Issue] = field(default_factory=dict)
    rows: dict[RowKey, dict[str, TypedCell]] = field(default_factory=dict)
    spent: dict[RowKey, Spent] = field(default_factory=dict)
    assigned: list[dict[str, Any]] = field(default_factory=list)

    @property
    def issue(self) -> Issue | None:
        return next((issue for issue in reversed(list(self.issues.values())) if not issue.withdrawn), None)

    def typed(self, key: RowKey, name: str) -> TypedCell | None:
        return self.rows.get(key, {}).get(name)

    def shown_when_typed(self, key: RowKey) -> Issue | None:
        """The issue in which a row was typed into last, unless its decision was carried out since."""
        cells = self.rows.get(key)
        if not cells:
            return None
        issue = self.issues.get(max(cells.values(), key=lambda cell: cell.seq).form_id)
        spent = self.spent.get(key)
        return None if issue is None or (spent is not None and issue.seq < spent.seq) else issue


@dataclass(slots=True)
class WeekHistory:
    """One week."""

    week: Week
    organisation: str = ""
    rulebook: str = ""
    people: dict[str, PersonWeek] = field(default_factory=dict)
    units: dict[str, PersonWeek] = field(default_factory=dict)
    books: dict[tuple[str, str], Book] = field(default_factory=dict)
    present: dict[str, Received] = field(default_factory=dict)  # by file: what lies there
    read: dict[str, Received] = field(
        default_factory=dict
    )  # by file: the managers' workbooks as last read; a refresh replaces the file
    closed: bool = False
    closings: int = 0
    first_seq: int = 0
    last_at: datetime | None = None
    log: list[Event] = field(default_factory=list)

    def person(self, code: str) -> PersonWeek:
        return self.people.setdefault(code_key(code), PersonWeek(code))

    def unit(self, code: str) -> PersonWeek:
        return self.units.setdefault(code_key(code), PersonWeek(code))

    def book(self, workbook: str, owner: str) -> Book:
        return self.books.setdefault((workbook, code_key(owner)), Book(workbook, owner))

    def issue_of(self, form_id: str) -> Issue | None:
        return next((issues[form_id] for issues in self._issues() if form_id in issues), None)

    def _issues(self) -> Iterator[dict[str, Issue]]:
        yield from (person.issues for person in self.people.values())
        yield from (unit.issues for unit in self.units.values())
        yield from (book.issues for book in self.books.values())

    def issues(self) -> dict[str, Issue]:
        """Every workbook of the week that went out, by form id."""
        return {form_id: issue for issues in self._issues() for form_id, issue in issues.items()}


@dataclass(slots=True)
class History:
    """Every week that the ledger knows, and the tasks that were given for weeks to come."""

    weeks: dict[Week, WeekHistory] = field(default_factory=dict)
    assigned: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def week(self, week: Week) -> WeekHistory:
        return self.weeks.get(week) or WeekHistory(week)

    def before(self, week: Week) -> Iterator[WeekHistory]:
        """Earlier weeks, latest first."""
        return (self.weeks[earlier] for earlier in sorted(self.weeks, reverse=True) if earlier < week)

    def assigned_for(self, week: Week) -> list[dict[str, Any]]:
        """Tasks that managers gave for a week."""
        return [
            task | {"by": given["by_code"]}
            for given in self.assigned.values()
            if given["for_week"] == str(week)
            for task in given["tasks"]
        ]


def fold(events: Iterable[Event]) -> History:
    """The history that events add up to."""
    history = History()
    for event in events:
        take_in(history, event)
    return history


def take_in(history: History, event: Event) -> None:
    """Add one more event to a history."""
    if "week" not in event:
        return
    week = Week.parse(event["week"])
    if week not in history.weeks:
        history.weeks[week] = WeekHistory(week, first_seq=event["seq"])
    this = history.weeks[week]
    this.last_at = datetime.fromisoformat(event["at"])
    this.log.append(event)
    if event["kind"] == "assigned":
        history.assigned[(event["week"], code_key(event["by_code"]))] = dict(event)
    _TAKERS[event["kind"]](this, event)


def _organisation(week: WeekHistory, event: Event) -> None:
    week.organisation = event["sha256"]


def _rules(week: WeekHistory, event: Event) -> None:
    week.rulebook = event["sha256"]


def _issued(week: WeekHistory, event: Event) -> None:
    issue = Issue(
        seq=event["seq"],
        form_id=event["form_id"],
        workbook=event["workbook"],
        subject=event["subject"],
        path=event["path"],
        sha256=event["sha256"],
        template=event["template"],
        rulebook=event["rulebook"],
        values=event["values"],
        given=tuple(event.get("given", ())),
        origins=event.get("origins", {}),
        basis=event.get("basis", {}),
        versions=event.get("versions", {}),
    )
    if issue.workbook == "form":
        week.person(issue.subject).issues[issue.form_id] = issue
    elif issue.workbook == "unit_form":
        week.unit(issue.subject).issues[issue.form_id] = issue
    else:
        week.book(issue.workbook, issue.subject).issues[issue.form_id] = issue


def _withdrawn(week: WeekHistory, event: Event) -> None:
    issue = week.issue_of(event["form_id"])
    if issue:
        issue.withdrawn = True


def _received(week: WeekHistory, event: Event) -> None:
    received = Received(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        file=event["file"],
        sha256=event["sha256"],
        verdict=event["verdict"],
        form_id=event.get("form_id", ""),
        workbook=event.get("workbook", ""),
        subject=event.get("subject", ""),
        content=event.get("content"),
        findings=tuple(from_record(record) for record in event.get("findings", ())),
        late=event.get("late", False),
        mtime=event.get("mtime", ""),
        modified_by=event.get("modified_by", ""),
    )
    (week.read if received.verdict == "read" else week.present)[received.file] = received
    if "moved_from" in event:
        _follow(week, received)
    elif received.workbook in ("form", "unit_form") and received.subject:
        person = week.person(received.subject) if received.workbook == "form" else week.unit(received.subject)
        _take_version(week, person, received)
    elif received.verdict == "read":
        _take_typed(week, received, event["typed"])


def _follow(week: WeekHistory, moved: Received) -> None:
    """A file that was renamed or moved is no new version: the version that it is lies elsewhere now."""
    for person in (*week.people.values(), *week.units.values()):
        for version in person.versions:
            if version.sha256 == moved.sha256:
                version.file = moved.file


def _take_version(week: WeekHistory, person: PersonWeek, version: Received) -> None:
    if version.verdict in ("duplicate", "waiting"):
        return
    person.newest = version
    settled = [v for v in person.versions if (v.sha256, v.verdict) != (version.sha256, "conflict")]
    person.versions = [*settled, version]
    if version.verdict != "submitted":
        return
    returned_to_person = person.returned is not None and person.returned.stage == "score"
    if person.score is None or person.score.version == "" or returned_to_person:
        person.counted = version
        if returned_to_person:
            person.returned = None
        if week.closings:
            person.corrected_later = True
    if person.awaits_confirmation:
        _spend_decision(week, "scoring", person.code, "ev_score_decision", version.seq)


def _take_typed(week: WeekHistory, received: Received, typed: Iterable[Mapping[str, Any]]) -> None:
    book = week.book(received.workbook, received.subject)
    for one in typed:
        key = (one["table"], one["row"])
        spent = book.spent.get(key)
        again = spent is not None and (spent.form_id, spent.value) == (received.form_id, tuple(one["value"]))
        if one["name"] in _DECISIONS and again:
            continue
        row = book.rows.setdefault(key, {})
        row[one["name"]] = TypedCell(
            one["value"], received.form_id, received.seq, received.file, one["sheet"], one["cell"]
        )


def _spend_decision(week: WeekHistory, workbook: str, code: str, name: str, seq: int) -> None:
    """A decision that was carried out or overtaken has to be taken again."""
    table = "team" if workbook == "scoring" else "approvals"
    for book in week.books.values():
        if book.workbook == workbook:
            for key, cells in book.rows.items():
                if key[0] == table and code_key(key[1]) == code_key(code):
                    cell = cells.pop(name, None)
                    before = book.spent.get(key, Spent(seq))
                    form_id, value = (cell.form_id, tuple(cell.value)) if cell else (before.form_id, before.value)
                    book.spent[key] = Spent(seq, form_id, value)


def _gone(week: WeekHistory, event: Event) -> None:
    week.present.pop(event["file"], None)


def _checked(week: WeekHistory, event: Event) -> None:
    values = {name: event[name] for name in Check.__dataclass_fields__ if name in event}
    week.person(event["subject"]).checks[event["key"]] = Check(**values)


def _assigned(week: WeekHistory, event: Event) -> None:
    week.book("scoring", event["by_code"]).assigned = list(event["tasks"])


def _scored(week: WeekHistory, event: Event) -> None:
    person = week.person(event["subject"])
    score = Booked(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        scorer=event["by_code"],
        acts_for=event.get("acts_for", ""),
        scores=Scores.from_record(event["scores"]),
        breach=event.get("breach", False),
        breach_note=event.get("breach_note", ""),
        comment=event.get("comment", ""),
        explanation=event.get("explanation", ""),
        version=event.get("version", ""),
        source=event["source"],
        repaired=event.get("repaired", False),
    )
    person.score = score
    if score.version and (person.counted is None or person.counted.sha256 != score.version):
        same = (v for v in reversed(person.versions) if v.sha256 == score.version)
        person.counted = next(same, person.counted)
    if person.approval is not None:
        person.approval, person.voided = None, True
    person.returned = None
    person.corrected_later = person.corrected_later or bool(week.closings)


def _returned(week: WeekHistory, event: Event) -> None:
    person = week.person(event["subject"])
    if event["stage"] == "score" and person.newer is not None:
        # What came after scoring counts from the return on.
        person.counted = person.newer
    person.returned = Returned(
        event["seq"], datetime.fromisoformat(event["at"]), event["stage"], event["by_code"], event["reason"]
    )
    person.approval = None
    person.corrected_later = person.corrected_later or bool(week.closings)
    _spend_decision(week, "scoring", person.code, "ev_score_decision", event["seq"])
    _spend_decision(week, "approval", person.code, "ev_approve_decision", event["seq"])
    if event["stage"] == "score":
        person.score = None


def _approved(week: WeekHistory, event: Event) -> None:
    person = week.person(event["subject"])
    person.approval = Approved(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        approver=event["by_code"],
        acts_for=event.get("acts_for", ""),
        scores=Scores.from_record(event["scores"]),
        adjusted=event.get("adjusted", False),
        opinion=event.get("opinion", ""),
        by_paper=event.get("by_paper", ""),
        score_seq=event["score_seq"],
        same_person=event.get("same_person", False),
        source=event["source"],
    )
    person.returned = None
    person.voided = False
    person.corrected_later = person.corrected_later or bool(week.closings)


def _closed(week: WeekHistory, _: Event) -> None:
    week.closed = True
    week.closings += 1


def _reopened(week: WeekHistory, _: Event) -> None:
    week.closed = False


_TAKERS = {
    "organisation": _organisation,
    "rules": _rules,
    "issued": _issued,
    "withdrawn": _withdrawn,
    "received": _received,
    "gone": _gone,
    "checked": _checked,
    "assigned": _assigned,
    "scored": _scored,
    "returned": _returned,
    "approved": _approved,
    "closed": _closed,
    "reopened": _reopened,
}
