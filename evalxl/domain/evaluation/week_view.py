"""What one week says: a row per person, and everything that masters, exports, receipts and status show of it.

These are finished values. They are made from the ledger's history alone (`history.py`), so every workbook that shows them can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from evalxl.domain.evaluation.booked_rows import BookedRow
from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.scoring import Scores, Task
from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.typed_rows import Check, FollowState, ScoreWords
from evalxl.domain.weeks import Week
from evalxl.words import Lang

State = Literal["not_submitted", "absent", "draft", "submitted", "invalid", "scored", "returned", "approved", "seen"]
STATES: tuple[State, ...] = (
    "not_submitted",
    "absent",
    "draft",
    "submitted",
    "invalid",
    "scored",
    "returned",
    "approved",
    "seen",  # of a week that nobody scores: its manager has looked it through
)
Degree = Literal["warning", "watch"]  # of the two-week rule: a talk is due, or the person is watched
Basis = Literal["approved", "scored", "self", "none"]
Step = Literal["self", "score", "approve"]  # that somebody is waited for


class Listed(Protocol):
    """Somebody, or a unit, in a list of a week, and in which unit then."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def unit_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Result(ScoreWords):
    """One person's week, with what the manager wrote.

    Attributes:
        counted_total, band: Empty for absent, not submitted, draft and invalid, unless scored.
        band: The rule book's band code.
        self_lines, scored_lines: What the person and the manager gave in the lines of parts, by key.
        form, scoring: Paths of the two workbooks, relative to the week's folder; empty where there is none.
        reason: Why the row was returned.
    """

    week: Week
    code: str
    name: str
    unit: str
    unit_name: str
    title: str
    rank: str
    position: str
    scorer: str
    approver: str
    state: State
    self_scores: Scores = Scores()
    scored: Scores = Scores()
    approved: Scores = Scores()
    self_lines: Mapping[str, Decimal] = field(default_factory=dict)
    scored_lines: Mapping[str, Decimal] = field(default_factory=dict)
    counted_total: Decimal | None = None
    basis: Basis = "none"
    band: str = ""
    flags: tuple[str, ...] = ()
    absence: str = ""
    form: str = ""
    scoring: str = ""
    tasks: tuple[Task, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    conduct_note: str = ""
    difficulties: str = ""
    proposals: str = ""
    reply: str = ""
    opinion: str = ""
    reason: str = ""
    head: str = ""  # of a unit's own row: who heads the unit and has its form written

    @property
    def is_scored(self) -> bool:
        """Whether the week is one that somebody scores; else it only follows the tasks."""
        return bool(self.self_scores.codes or self.scored.codes or self.approved.codes)

    @property
    def reports(self) -> str:
        """Who is waited for until the form has come."""
        return self.head or self.code


@dataclass(frozen=True, slots=True)
class Missing:
    """Who a step waits for, and why. `step` is `self`, `score` or `approve`; `waits_for` the staff code of who has to act.

    `deadline` is the person's own (after a business trip, after a return); empty where the week's deadline of the step holds.
    """

    code: str
    step: Step
    reason: str  # a catalogue key, `missing.not_submitted`
    waits_for: str
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Warning:
    """The two-week rule's result for a person.

    Attributes:
        kind: `warning` (Cần trao đổi) or `watch` (Cần theo dõi).
        evidence: Lines in Vietnamese: which important tasks, which weeks, which breach, whose words.
        talk_with: Staff codes: the head of the unit, or the leader in charge for the head. A representative of the office
            always takes part.
        state, deadline, overdue: Of its follow-up, which the office keeps in the register.
        carried: An open follow-up of an earlier week, of which this week's own evidence says nothing.
    """

    code: str
    kind: Degree
    first_week: Week
    second_week: Week
    evidence: tuple[str, ...]
    talk_with: tuple[str, ...]
    skipped: tuple[Week, ...] = ()
    state: FollowState = "new"
    deadline: date | None = None
    overdue: bool = False
    carried: bool = False


@dataclass(frozen=True, slots=True)
class PositionLine:
    """Task statistics of one job position in one week."""

    position: str
    name: str
    people: int
    tasks: int
    products: int
    volume: Decimal  # quantity done × complexity coefficient
    due: int
    on_time: int
    important: int
    unplanned: int


@dataclass(frozen=True, slots=True)
class UnitPoint:
    """One point of a trend: what counts of a unit's people (or of the office's, under "") in a week.

    Attributes:
        total: The sum of their counted totals: means of several units are worked out from sums, and are exact.
        counted: How many have one.
    """

    unit: str
    week: Week
    total: Decimal
    counted: int

    @property
    def mean(self) -> Decimal | None:
        """The mean of those who have a total; None where nobody has one."""
        return self.total / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line of *Nhật ký*: what a run did. `text_vi`/`text_en` hold no name and no score."""

    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """Everything that a master of the week shows.

    Attributes:
        unit: The unit's code for a unit master; empty for the office master.
        units: Code and name of each unit with somebody to be evaluated, in the organisation's order.
        head: The ledger's head (hex).
        people: Names by staff code, of everybody spoken of.
        recorded_at: When the ledger last learned something of this week (so two masters of one ledger are equal).
    """

    week: Week
    office: str
    parent: str
    unit: str
    unit_name: str
    rules: RuleBook
    units: tuple[tuple[str, str], ...]
    results: tuple[Result, ...]
    missing: tuple[Missing, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Warning, ...]
    positions: tuple[PositionLine, ...]
    trend: tuple[UnitPoint, ...]
    log: tuple[RunLine, ...]
    people: Mapping[str, str]
    deadlines: Mapping[str, datetime]
    head: str
    closed: bool
    recorded_at: datetime | None
    letterhead: str = "party"
    place: str = ""
    unit_results: tuple[Result, ...] = ()  # of the units that report themselves; their codes bear the unit's mark
    people_means: Mapping[str, Decimal] = field(
        default_factory=dict
    )  # beside them, by unit code: the mean of its people
    units_of: Mapping[str, str] = field(default_factory=dict)  # unit of each staff code of the findings
    working: bool = True
    last_day: date | None = None  # the week's last working day
    follow_ups: tuple[Warning, ...] = ()  # carried from earlier weeks and not done yet
    difficulties: tuple[DifficultyLine, ...] = ()  # by unit; the week's own, and earlier ones that are not answered
    appeals: tuple[AppealLine, ...] = ()  # requests for review that the week brought, and earlier ones that are open
    office_id: str = ""
    trial: bool = False  # every page says so
    booked: tuple[BookedRow, ...] = ()  # rows of workbooks whose kinds bring a sheet of their own

    @property
    def year(self) -> int:
        return self.week.thursday.year

    @property
    def without_rows(self) -> WeekView:
        """What every page of the week goes by: its rules and names, and nobody's row."""
        return replace(
            self,
            units=(),
            results=(),
            missing=(),
            findings=(),
            warnings=(),
            positions=(),
            trend=(),
            log=(),
            unit_results=(),
            people_means={},
            units_of={},
            follow_ups=(),
            difficulties=(),
            appeals=(),
            booked=(),
        )

    @property
    def to_follow_up(self) -> tuple[Warning, ...]:
        """What the office has still to do about warnings, overdue ones first: the week's own, and those carried from earlier weeks."""
        begun = (warning for warning in self.warnings if warning.kind == "warning" or warning.state != "new")
        left = [warning for warning in (*begun, *self.follow_ups) if warning.state != "done"]
        return tuple(sorted(left, key=lambda warning: (not warning.overdue, warning.second_week)))

    @property
    def open_appeals(self) -> tuple[AppealLine, ...]:
        """The requests for review that wait for an answer, overdue ones first."""
        return tuple(line for line in self.appeals if line.open)

    def shown(self, lang: Lang) -> str:
        return self.week.shown(lang)
