"""What people type in the rows of workbooks. Each kind of row is declared once, as a dataclass.

A field is an open cell of the row and a value of the event that books the row. So from it follow the column of the workbook (`forms/typed_columns`),
how the cell is read and put back (`forms/rows`), and the field of the event, which inherits the row.

This module imports nothing heavy: the running Excel asks for the columns of workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar, Literal, Self

FollowState = Literal["new", "planned", "talked", "done"]
DifficultyState = Literal["new", "passed_on", "answered"]
ReviewState = Literal["received", "considering", "answered"]
ReviewOutcome = Literal["", "kept", "corrected"]


@dataclass(frozen=True)
class TypedRow:
    """What a row says.

    Attributes:
        prefix: How the names of its cells begin. A name ends with the field.
    """

    prefix: ClassVar[str] = ""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What a row has a word about."""
        return tuple(one.name for one in fields(cls))

    def said(self) -> dict[str, Any]:
        """What it says, by name."""
        return {name: getattr(self, name) for name in self.names()}

    def says_as(self, other: TypedRow) -> bool:
        """Whether the other row says the same, whoever wrote it when and in which copy."""
        return all(getattr(other, name) == value for name, value in self.said().items())

    @classmethod
    def of(cls, row: Self) -> Self:
        """The row alone, without what an event adds to it."""
        return cls(**{name: getattr(row, name) for name in cls.names()})


# A manager's workbook


@dataclass(frozen=True, kw_only=True)
class ScoreWords(TypedRow):
    """What a manager typed about one person beside the points.

    Attributes:
        breach_kind, breach_day: What was not strictly kept, chosen from a list, and its day.
        earned_by: The product that earned a high score.
    """

    prefix = "ev_score_"

    breach: bool = False
    breach_note: str = ""
    comment: str = ""
    explanation: str = ""
    breach_kind: str = ""
    breach_day: date | None = None
    earned_by: str = ""


@dataclass(frozen=True)
class Check(TypedRow):
    """What the manager said of one task row; empty where the person's word stands (*theo tự khai*)."""

    prefix = "ev_check_"

    task: str = ""  # as the row showed it
    important: str = ""
    status: str = ""
    recognised: str = ""
    cause_accepted: str = ""
    faults: int | None = None
    delays: int | None = None


# An approver's workbook


@dataclass(frozen=True)
class ApprovalWords(TypedRow):
    """What an approver typed about one person beside the points."""

    prefix = "ev_approve_"

    opinion: str = ""
    by_paper: str = ""


# The office's register


class RegisterEntry(TypedRow):
    """A row of the office's register. What is booked of it is its event, which knows when.

    Attributes:
        week: The week in whose register it was written; empty for a row in which nothing is booked.
        seq: The number of its event.
    """

    week: str = ""
    seq: int = 0


@dataclass(frozen=True)
class FollowUpEntry(RegisterEntry):
    """What the register says of a follow-up."""

    prefix = "ev_follow_"

    talk_date: date | None = None
    took_part: str = ""
    causes: str = ""
    measures: str = ""
    deadline: date | None = None
    outcome: str = ""
    state: FollowState = "new"


@dataclass(frozen=True)
class DifficultyAnswer(RegisterEntry):
    """What the register says of a difficulty."""

    prefix = "ev_difficulty_"

    passed_to: str = ""
    answer: str = ""
    state: DifficultyState = "new"


@dataclass(frozen=True)
class Decision(RegisterEntry):
    """What the register says of a request for review."""

    prefix = "ev_review_"

    decided_by: str = ""
    outcome: ReviewOutcome = ""
    answer: str = ""
    state: ReviewState = "received"
