"""What the office writes in a row of its register. A kind of row is declared once, as a dataclass.

The fields of the dataclass are the open cells of the row, in reading order, and the values of its event in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Self

from evalxl.domain.weeks import Week


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What a row says after one booking.

    Attributes:
        week: The week in whose register it was written.
        seq: The number of its event.
        days: The fields that are days. All others are texts, or words of a list.
    """

    days: ClassVar[tuple[str, ...]] = ()

    week: Week | None = None
    seq: int = 0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The fields that the office types."""
        return tuple(field.name for field in fields(cls) if field.name not in ("week", "seq"))

    @classmethod
    def booked(cls, record: Mapping[str, Any], week: Week, seq: int) -> Self:
        """The entry in an event. What is empty is missing there."""
        said = {name: record[name] for name in cls.names() if record.get(name)}
        return cls(week, seq, **said | {name: date.fromisoformat(said[name]) for name in cls.days if name in said})

    def said(self) -> dict[str, Any]:
        """What it says, as the event has it."""
        said = {name: getattr(self, name) for name in self.names()}
        return said | {name: said[name].isoformat() if said[name] else "" for name in self.days}

    def says_as(self, other: Self) -> bool:
        """Whether both say the same, whenever they were written."""
        return replace(self, week=None, seq=0) == replace(other, week=None, seq=0)
