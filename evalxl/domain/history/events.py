"""The events of the ledger: one declaration for each kind.

Scores, numbers, days and findings are values of the domain in an event, and JSON values in its line (`record`). An event and the one that is read from
its line are equal. An event that books a row that somebody typed inherits the row (`domain/typed_rows`).

- A field without a default is always written. Every other field is left out of the line while it has its default value.
- An event is validated when it is made, and when it is read from the ledger (`event_from`).
- A field that is added to a kind needs a default, and a field that goes is ignored when it is read. So ledgers written so far are read as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, PlainValidator, ValidationError

from evalxl.domain.evaluation.booked_rows import BookedRow
from evalxl.domain.evaluation.period_inputs import PeriodEntry
from evalxl.domain.evaluation.row_requirements import ScoreRow
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.submissions import Submission, lines_record, submission_from_record
from evalxl.domain.evaluation.week_view import Degree
from evalxl.domain.findings import OUR_FAULT, Finding, as_record, findings_from
from evalxl.domain.names import subject_of_unit
from evalxl.domain.rulebook import COMMON, OF_LINE
from evalxl.domain.typed_rows import (
    ApprovalWords,
    Check,
    Decision,
    DifficultyAnswer,
    DifficultyState,
    FollowState,
    FollowUpEntry,
    ReviewState,
)
from evalxl.domain.versions.save_order import Saved, own_time

Record = Mapping[str, Any]
# Objects and lists that nobody looks into here. They are not copied: a workbook's values are large.
JsonObject = InstanceOf[dict[str, Any]]
JsonList = InstanceOf[list[dict[str, Any]]]
Findings = Annotated[tuple[Finding, ...], PlainValidator(findings_from)]
Places = JsonObject  # `form_id`, `received` (the number of an event) and `cells`: by name the file, sheet and cell

Verdict = Literal[
    "submitted", "same", "draft", "invalid", "refused", "duplicate", "superseded", "conflict", "waiting", "read"
]
Stage = Literal["score", "approve"]


class LedgerEvent(BaseModel, frozen=True):
    """Any event. What a run adds when it writes the event is empty in an event that is not in the ledger yet.

    Attributes:
        seq: The number of the event in the ledger, from 1.
        prev: The hash of the line before it.
        at: When it was written (ISO 8601 with the office's offset from UTC).
        by: The operator.
        week: The ISO week that it belongs to.
        period: The period that it belongs to; beside a week: the period with which the week was closed or reopened.
        format: In the first line of a file: the format of the ledger.
        label: In the first line of a file that is not named after its first event: what it is named after.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)
    of_kind: ClassVar[str] = ""
    added_when_written: ClassVar[frozenset[str]] = frozenset(("seq", "prev", "at", "by", "format", "label"))
    _may_lack: ClassVar[Mapping[str, Any]] = {}

    seq: int = 0
    prev: str = ""
    at: str = ""
    by: str = ""
    week: str = ""
    period: str = ""
    format: int = 1
    label: str = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in cls.model_fields.items()
            if not field.is_required()
        }
        cls._may_lack = defaults | {"kind": None}
        cls.of_kind = defaults["kind"]

    def record(self) -> dict[str, Any]:
        """The fields of this event as the ledger stores them, without those that the run adds."""
        lacking, said = self._may_lack, ((name, getattr(self, name)) for name in type(self).model_fields)
        return {
            name: _in_json(value)
            for name, value in said
            if name not in self.added_when_written and (name not in lacking or value != lacking[name])
        }

    @property
    def written(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(self.at)


def _in_json(value: Any) -> Any:
    """A field's value as the line of an event has it."""
    if isinstance(value, Scores):
        return value.as_record()
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_record(finding) for finding in value]
    if isinstance(value, dict) and any(isinstance(one, Decimal) for one in value.values()):
        return lines_record(value)
    return value


# The organisation and the rules of a week


class OrganisationEvent(LedgerEvent, frozen=True):
    """The organisation that the week goes by.

    Attributes:
        sha256: The hash of the organisation's snapshot in the archive.
    """

    kind: Literal["organisation"] = "organisation"
    sha256: str


class RulesEvent(LedgerEvent, frozen=True):
    """The rule book that the week goes by.

    Attributes:
        sha256: The hash of the rule book's text in the archive.
        rulebook: Its name and edition, as stamped into every workbook.
        head: The letterhead of the week's pages: the names of the office at that time.
    """

    kind: Literal["rules"] = "rules"
    sha256: str
    rulebook: str
    head: dict[str, str] = Field(default_factory=dict)


# Workbooks go out and come back


class IssuedEvent(LedgerEvent, frozen=True):
    """A workbook went out.

    Attributes:
        form_id: The id stamped into the workbook.
        workbook: The kind of workbook.
        subject: The staff or unit code that it is for; empty for the office's register.
        path: Its place on the share.
        sha256: The hash of its bytes, which follow from the template and the values.
        template: The hash of its template in the archive.
        rules: The hash of its rule book in the archive.
        rulebook: The rule book's name and edition.
        values: By name the value of each cell, or the values of each column. None if `since` and `changes` say it.
        since: The form id of the earlier issue that `changes` refers to.
        changes: What changed since that issue (see `changed_values`).
        seal: The ledger's head when it was issued.
        office: The id of the office.
        given: The rows of a form with a locked task, from 0.
        origins: By key of a task: whether the manager gave it, it was carried over, or it was planned.
        doubtful: The keys of carried over tasks with a date that can hardly be meant.
        basis: By staff code: the number of the score event that an approval row shows.
        versions: By staff code: the hash of the form that a row shows.
        kept: By name the cells that were typed in an earlier file and stand in this one.
        left_out: How many of the person's tasks have no row in it.
        trial: It was issued in a trial.
        adopted: File and hash of the workbook that alone proves this issue, because a lost ledger had recorded it.
    """

    kind: Literal["issued"] = "issued"
    form_id: str
    workbook: str
    subject: str
    path: str
    sha256: str
    template: str
    rulebook: str
    rules: str = ""
    values: JsonObject | None = None
    since: str = ""
    changes: JsonObject = Field(default_factory=dict)
    seal: str = ""
    office: str = ""
    given: list[int] = Field(default_factory=list)
    origins: dict[str, str] = Field(default_factory=dict)
    doubtful: list[str] = Field(default_factory=list)
    basis: dict[str, int] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    kept: JsonObject = Field(default_factory=dict)
    left_out: int = 0
    trial: bool = False
    adopted: dict[str, str] | None = None


class WithdrawnEvent(LedgerEvent, frozen=True):
    """A form that went out was taken back."""

    kind: Literal["withdrawn"] = "withdrawn"
    form_id: str
    subject: str = ""


class ReceivedEvent(LedgerEvent, frozen=True):
    """A file came back, with its verdict.

    Attributes:
        file: Its place on the share.
        sha256: The hash of its bytes in the archive.
        mtime: When the file was saved, by the file system.
        own: When it was saved, by the workbook itself.
        form_id: The id stamped into the workbook.
        workbook: The kind of workbook, as stamped.
        subject: The staff or unit code stamped into it.
        producer: The program that saved it last, as the file says.
        modified_by: Who saved it last, as the file says.
        content: What a form says.
        cells: By name of a score: the sheet and cell of a form in which it stands.
        typed: Every cell that somebody typed into a manager's workbook, with `held` where it does not count.
        findings: What was found in it.
        late: It came after the deadline.
        same_as: The hash of the version with the same content.
        saved_again: It gives that version a new time.
        behind: Another file of the person was saved later.
        aside: It is a backup or temporary file, read because the form itself was missing.
        unreadable: Not even its stamp can be read.
        slip: Where evalxl itself failed to read it.
        moved_from: The former place of the file, or of an identical one whose verdict this file takes over.
    """

    kind: Literal["received"] = "received"
    verdict: Verdict
    file: str
    sha256: str
    mtime: str = ""
    own: str = ""
    form_id: str = ""
    workbook: str = ""
    subject: str = ""
    producer: str = ""
    modified_by: str = ""
    content: JsonObject | None = None
    cells: dict[str, list[str]] = Field(default_factory=dict)
    typed: JsonList | None = None
    findings: Findings = ()
    late: bool = False
    same_as: str = ""
    saved_again: bool = False
    behind: bool = False
    aside: bool = False
    unreadable: bool = False
    slip: str = ""
    moved_from: str = ""

    @property
    def holder(self) -> str:
        """Whose form it is: a staff code, or a unit code with its mark. In the stamp of a unit's form the code has no mark."""
        return subject_of_unit(self.subject) if self.subject and self.workbook == "unit_form" else self.subject

    @property
    def saved(self) -> Saved:
        """When the file was saved. If its time is unknown, the time at which it was received."""
        at = datetime.fromisoformat(self.mtime) if self.mtime else self.written
        return Saved(self.file, at, own_time(self.own))

    @property
    def by_our_fault(self) -> bool:
        """Whether evalxl itself failed to read it. Each run tries it again."""
        return any(finding.kind == OUR_FAULT for finding in self.findings)

    @cached_property
    def submission(self) -> Submission:
        """The content of a form."""
        assert self.content is not None
        return submission_from_record(self.content)


class GoneEvent(LedgerEvent, frozen=True):
    """A file is no longer in the folder."""

    kind: Literal["gone"] = "gone"
    file: str
    sha256: str = ""


# Decisions of managers and approvers. The subject is a staff code, or the code of a unit with its mark (`unit:VP`)


class CheckedEvent(LedgerEvent, Check, frozen=True):
    """What a manager says of a task row. Where a word is empty, the person's own word stands."""

    kind: Literal["checked"] = "checked"
    subject: str
    by_code: str
    key: str


class AssignedEvent(LedgerEvent, frozen=True):
    """The tasks that a manager gives for the next working week."""

    kind: Literal["assigned"] = "assigned"
    by_code: str
    for_week: str
    tasks: JsonList


class DecisionEvent(LedgerEvent, frozen=True):
    """A decision about a person in a row workbook.

    Attributes:
        by_code: Whose workbook it was taken in.
        acts_for: The person who delegated the decision; empty for a decision in the own right.
        source: The copy and the cells in which it was typed.
    """

    subject: str
    by_code: str
    acts_for: str = ""
    source: Places

    kind: str = ""


class ScoredEvent(DecisionEvent, ScoreRow, frozen=True):
    """A manager's scores.

    Attributes:
        scores: By part: the score as an exact decimal.
        lines: The same by the keys of lines, where parts have lines that the manager gives.
        version: The hash of the form that they refer to; empty without a form.
        repaired: A score was written in an unusual way and read without doubt.
    """

    kind: Literal["scored"] = "scored"
    version: str = ""
    repaired: bool = False
    lines: dict[str, Decimal] = Field(default_factory=dict)


class ReturnedEvent(DecisionEvent, frozen=True):
    """A row was sent back: by the scorer to the person, or by the approver to the scorer."""

    kind: Literal["returned"] = "returned"
    stage: Stage
    reason: str


class ApprovedEvent(DecisionEvent, ApprovalWords, frozen=True):
    """An approval.

    Attributes:
        scores: The approved scores.
        score_seq: The number of the `scored` event that it refers to.
        same_person: One person scores and approves; the scoring workbook records both.
        stands_for: Whose row the next higher authority took, because the delegate would have decided about himself.
    """

    kind: Literal["approved"] = "approved"
    scores: Scores
    score_seq: int
    adjusted: bool = False
    same_person: bool = False
    stands_for: str = ""
    repaired: bool = False

    @property
    def in_own_right(self) -> bool:
        return not self.acts_for and not self.stands_for


# Rows of other workbooks


class BookedEvent(DecisionEvent, BookedRow, frozen=True):
    """A row of a workbook whose kind has no event of its own.

    Attributes:
        workbook, table, row: The kind of workbook, and the row in it.
        subject: Whom the row is about; empty where it is about nobody.
        values: What the row says, by name.
    """

    kind: Literal["booked"] = "booked"
    values: JsonObject


# The register of the office


class WarnedEvent(LedgerEvent, frozen=True):
    """The two-week rule asks for a talk, or asks for it no more (`dropped`)."""

    kind: Literal["warned"] = "warned"
    subject: str
    degree: Degree
    first_week: str
    second_week: str
    evidence: list[str] = Field(default_factory=list)
    talk_with: list[str] = Field(default_factory=list)
    skipped: list[str] = Field(default_factory=list)
    unit: str = ""
    dropped: bool = False


class FollowedEvent(LedgerEvent, FollowUpEntry, frozen=True):
    """What the office wrote about a talk."""

    kind: Literal["followed"] = "followed"
    subject: str
    second_week: str
    state: FollowState = Field()
    source: Places


class AnsweredEvent(LedgerEvent, DifficultyAnswer, frozen=True):
    """What the office wrote about a difficulty or a proposal."""

    kind: Literal["answered"] = "answered"
    subject: str
    key: str
    state: DifficultyState = Field()
    source: Places


class AppealedEvent(LedgerEvent, frozen=True):
    """A form asks for a review of the result of the week `appealed`, or asks for it no more (`withdrawn`)."""

    kind: Literal["appealed"] = "appealed"
    subject: str
    appealed: str
    asked_on: str
    deadline: str
    reason: str
    late: bool = False
    withdrawn: bool = False
    source: Places = Field(default_factory=dict)


class ReviewedEvent(LedgerEvent, Decision, frozen=True):
    """What the office wrote about a request for review."""

    kind: Literal["reviewed"] = "reviewed"
    subject: str
    appealed: str
    state: ReviewState = Field()
    source: Places


# What leaders enter for a period


class EnteredEvent(DecisionEvent, PeriodEntry, frozen=True):
    """What a leader entered for a person: criteria by code, a note; `done` when it counts. `lines` by key.

    `common` is the criterion of that code in ledgers from before it stood among the others.
    """

    kind: Literal["entered"] = "entered"
    criteria: dict[str, Decimal] = Field(default_factory=dict)
    lines: dict[str, Decimal] = Field(default_factory=dict)
    common: Decimal | None = None

    @property
    def entry(self) -> EnteredEvent:
        """The event with all criteria among the others, and their lines under their codes: of a ledger from before, those of `common` too."""
        former = f"period{OF_LINE}"
        if self.common is None and not any(key.startswith(former) for key in self.lines):
            return self
        common = {} if self.common is None else {COMMON: self.common}
        lines = {key.replace(former, f"{COMMON}{OF_LINE}", 1): points for key, points in self.lines.items()}
        return self.model_copy(update={"criteria": common | self.criteria, "lines": lines, COMMON: None})


# The run, the pages, and closing


class CountedEvent(LedgerEvent, frozen=True):
    """The files of a run, by kind (see `file_count`)."""

    kind: Literal["counted"] = "counted"
    received: int = 0
    accepted: int = 0
    superseded: int = 0
    duplicate: int = 0
    refused: int = 0
    waiting: int = 0
    unchanged: int = 0
    as_issued: int = 0
    books: int = 0
    unread: list[str] = Field(default_factory=list)


class PageEvent(LedgerEvent, frozen=True):
    """A page to sign was made: what it says, and its check code."""

    kind: Literal["page"] = "page"
    subject: str
    check: str
    said: JsonObject


class ClosedEvent(LedgerEvent, frozen=True):
    """A week was closed, by itself or with a period. `never_issued` are the weeks of that period without forms."""

    kind: Literal["closed"] = "closed"
    reason: str
    organisation: str = ""
    never_issued: list[str] = Field(default_factory=list)


class ReopenedEvent(LedgerEvent, frozen=True):
    """A week was reopened, by itself or with a period."""

    kind: Literal["reopened"] = "reopened"
    reason: str
    organisation: str = ""


class CleanedEvent(LedgerEvent, frozen=True):
    """Archived bytes of the weeks and periods `of`, past their retention time, were deleted by a decision. It has neither week nor period."""

    kind: Literal["cleaned"] = "cleaned"
    reason: str
    of: list[str]
    years: int = 0
    files: int = 0


KINDS: Mapping[str, type[LedgerEvent]] = {
    kind.of_kind: kind
    for kind in (
        OrganisationEvent,
        RulesEvent,
        IssuedEvent,
        WithdrawnEvent,
        ReceivedEvent,
        GoneEvent,
        CheckedEvent,
        AssignedEvent,
        ScoredEvent,
        ReturnedEvent,
        ApprovedEvent,
        BookedEvent,
        WarnedEvent,
        FollowedEvent,
        AnsweredEvent,
        AppealedEvent,
        ReviewedEvent,
        EnteredEvent,
        CountedEvent,
        PageEvent,
        ClosedEvent,
        ReopenedEvent,
        CleanedEvent,
    )
}


def event_from(record: Record) -> LedgerEvent:
    """The event that a line of the ledger holds.

    Raises:
        KeyError: its kind is unknown.
        ValidationError: a field that its kind always has is missing, or has another type. The text names no value.
    """
    kind = KINDS[record["kind"]]
    try:
        return kind.model_validate(record)
    except ValidationError:
        known = {name: value for name, value in record.items() if name in kind.model_fields}
        if len(known) == len(record):
            raise
        return kind.model_validate(known)
