"""Tables as an export has them: columns with types and bounds, keys, and rows of plain values. Every format writes the same values from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from evalxl.domain.names import visible_lines

# `points` are scores, means and shares with six places; `number` is whatever quantity people typed.
ColumnType = Literal["text", "points", "number", "count", "date", "yes_no"]
Value = str | Decimal | int | date | bool | None

_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column.

    Attributes:
        required: No row leaves it empty.
        minimum, maximum: Bounds of a number, both inclusive.
        words: The only words that stand in it.
        pattern: What its text matches as a whole (regular expression).
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    words: tuple[str, ...] = ()
    pattern: str = ""

    @property
    def is_number(self) -> bool:
        return self.type in ("points", "number", "count")


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: what its rows look like, and what names a row.

    Attributes:
        key: The columns whose values no two rows have in common; empty where a row may stand twice.
        belongs_to: The table in which the row with the same week and code stands; empty for a table that stands alone.
    """

    name: str
    columns: tuple[TableColumn, ...]
    key: tuple[str, ...] = ()
    belongs_to: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def values(self, row: Mapping[str, Any]) -> Iterator[Value]:
        """A row's values in the order of the columns; None for an empty field."""
        return (_value(column, row.get(column.name)) for column in self.columns)


Rows = Sequence[Sequence[Value]]


def _value(column: TableColumn, value: Any) -> Value:
    if value is None or value == "":
        return None
    if column.type == "text":
        return visible_lines(str(value))
    if column.type == "yes_no":
        return bool(value)
    if column.type == "date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if column.type == "count":
        return int(value)
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number.quantize(_SIX_PLACES) if number.is_finite() else None
