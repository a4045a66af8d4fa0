"""The model of a field: kinds of workbooks, types of cells, who writes a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """A kind of workbook, as named in its stamp (`evalxl.kind`)."""

    FORM = "form"
    UNIT_FORM = "unit_form"
    SCORING = "scoring"
    APPROVAL = "approval"
    FOLLOW_UP = "follow_up"
    PERIOD_INPUT = "period_input"
    MASTER = "master"
    PERIOD = "period"


OWN_OUTPUTS = (Kind.MASTER, Kind.PERIOD)


class Type(str, Enum):
    """The type of a cell's content."""

    TEXT = "text"
    NARRATIVE = "narrative"  # text of several lines
    SCORE = "score"
    NUMBER = "number"  # a quantity, zero or more
    WHOLE = "whole"  # a count, zero or more
    DATE = "date"
    CHOICE = "choice"


class Who(str, Enum):
    """Who writes a cell."""

    EVALXL = "evalxl"  # written at issue, locked
    PERSON = "person"  # open for typing; may be prefilled
    LIVE = "live"  # a locked formula, for the person's eyes only: never read


@dataclass(frozen=True, slots=True)
class Field:
    """One defined name of a kind of workbook.

    Attributes:
        table: Name of the table that the column belongs to; empty for a single cell.
        part: For a score, the rule book's part, which sets its maximum.
        choices: For a choice, the list of its words (`CHOICES`, or `complexity`, `task_code` for lists issued with the workbook).
        strict: Whether a word outside the list is an error; otherwise the list is only a suggestion.
    """

    name: str
    type: Type
    who: Who
    table: str = ""
    part: str = ""
    choices: str = ""
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Each:
    """A field for each part of the rule book, named by the part's code: `ev_self_` stands for `ev_self_quality` and the others.

    Attributes:
        bound: Whether what is typed is held against the part's maximum.
    """

    prefix: str
    who: Who
    table: str = ""
    bound: bool = True
    type: Type = Type.SCORE

    def field(self, code: str) -> Field:
        return Field(f"{self.prefix}{code}", self.type, self.who, self.table, part=code if self.bound else "")

    def fields(self, codes: Iterable[str]) -> tuple[Field, ...]:
        return tuple(map(self.field, codes))
