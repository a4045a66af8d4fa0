"""The model of a field: types of cells, and who writes a cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal


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
        part: For a score, the code of the rule book's part, or the key of its line, which sets its maximum.
        choices: For a choice, the list of its words (`CHOICES`, or `complexity`, `task_code` for lists issued with the workbook).
        strict: Whether a word outside the list is an error; otherwise the list is only a suggestion.
        optional: Whether an own template may leave it out. Without the others a template cannot be used.
        where: What a rule book has to score in for the field to be there: parts, or lines typed in this kind of workbook.
    """

    name: str
    type: Type
    who: Who
    table: str = ""
    part: str = ""
    choices: str = ""
    strict: bool = True
    optional: bool = False
    where: Literal["", "parts", "lines"] = ""


@dataclass(frozen=True, slots=True)
class ScoredIn:
    """What a rule book scores in, as the names of cells have it.

    Attributes:
        parts: The codes of the parts.
        measured: Those of them that the task rows suggest a score of.
        lines: The keys of the lines that are typed in this kind of workbook.
        shown: The keys of the lines whose points from the person a manager's workbook shows.
        shared: The codes of parts with lines of the manager alone beside those that the person types.
        criteria: The codes of the criteria of a period.
        suggested: Those of them that something suggests.
    """

    parts: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()

    @property
    def summed(self) -> tuple[str, ...]:
        """The codes of the parts or criteria that are the sum of lines typed in this kind of workbook."""
        return tuple(dict.fromkeys(part_of(key) for key in self.lines))

    @property
    def typed(self) -> tuple[str, ...]:
        """The codes of the parts whose points are typed themselves."""
        return tuple(part for part in self.parts if part not in self.summed)


NO_SCORES = ScoredIn()


def part_of(key: str) -> str:
    """The code of the part or criterion that a line's key belongs to."""
    return key.rpartition("__")[0]


@dataclass(frozen=True, slots=True)
class Each:
    """A field for each part, criterion or line of the rule book, named by its code: `ev_self_` stands for `ev_self_quality` and the others.

    Attributes:
        bound: Whether what is typed is held against the maximum of the part or line.
        over: Which of them have such a field, an attribute of `ScoredIn`. Where those of the parts or criteria are typed, one that is the sum
            of lines typed beside it has a locked formula in its place.
        optional: As of a `Field`.
    """

    prefix: str
    who: Who
    table: str = ""
    bound: bool = True
    type: Type = Type.SCORE
    over: Literal["parts", "measured", "lines", "shown", "shared", "summed", "criteria", "suggested"] = "parts"
    optional: bool = False

    def field(self, code: str) -> Field:
        part = code if self.bound else ""
        return Field(f"{self.prefix}{code}", self.type, self.who, self.table, part, optional=self.optional)

    def fields(self, scored: ScoredIn) -> Iterator[Field]:
        codes: tuple[str, ...] = getattr(scored, self.over)
        for code in codes:
            if self.over in ("parts", "criteria") and self.who is Who.PERSON and code in scored.summed:
                yield Field(f"{self.prefix}{code}", Type.TEXT, Who.LIVE, self.table)
            else:
                yield self.field(code)
