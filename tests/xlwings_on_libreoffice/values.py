"""What stands in cells, between Python and LibreOffice: dates are numbers there, truth values too, and errors are no values at all."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_DAY = 86400
_FIRST = dt.datetime(1899, 12, 30)

# Excel's own references; `$` may stand before either half.
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]*)")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]*):\$?([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class CellError:
    """An error in a cell, by the word that is shown: `#DIV/0!`."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time on its way into a cell: the number, and whether it has a time of day."""

    serial: float
    timed: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; rows and columns count from 1."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.columns - 1

    def over(self, other: Area) -> Area:
        """The smallest rectangle that holds both."""
        row, column = min(self.row, other.row), min(self.column, other.column)
        last_row, last_column = max(self.last_row, other.last_row), max(self.last_column, other.last_column)
        return Area(row, column, last_row - row + 1, last_column - column + 1)

    def address(self, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """As Excel writes it: `$A$1:$B$2`, one cell without the colon."""

        def cell(row: int, column: int) -> str:
            return f"{'$' * column_absolute}{letters(column)}{'$' * row_absolute}{row}"

        first = cell(self.row, self.column)
        return first if self.rows == self.columns == 1 else f"{first}:{cell(self.last_row, self.last_column)}"


def letters(column: int) -> str:
    """A column's letters: 28 is AB."""
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def column_of(said: str) -> int:
    """The column that letters say."""
    number = 0
    for letter in said.upper():
        number = number * 26 + ord(letter) - 64
    return number


def area_of(address: str, rows: int, columns: int) -> Area | None:
    """The rectangle that an address of a sheet of that size says; None where it is none."""
    if whole := _COLUMNS.fullmatch(address):
        first, last = sorted(column_of(said) for said in whole.groups())
        return Area(1, first, rows, last - first + 1)
    if whole := _ROWS.fullmatch(address):
        top, bottom = sorted(int(said) for said in whole.groups())
        return Area(top, 1, bottom - top + 1, columns)
    cells = [_CELL.fullmatch(part) for part in address.split(":")]
    if len(cells) > 2 or not all(cells):
        return None
    areas = [Area(int(cell[2]), column_of(cell[1]), 1, 1) for cell in cells if cell]
    return areas[0].over(areas[-1])


def quoted(sheet: str) -> str:
    """A sheet's name as a reference has it: between apostrophes, unless it is a plain word."""
    plain = re.fullmatch(r"(\[[\w.]+\])?[A-Za-z_][A-Za-z0-9_]*", sheet) and not _CELL.fullmatch(sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def moment_of(serial: float) -> dt.datetime:
    """The moment that a number means in a cell with a date's format; to the millisecond, which is what a cell can hold."""
    days = math.floor(serial)
    milliseconds = round((serial - days) * _DAY * 1000)
    return _FIRST + dt.timedelta(days=days, milliseconds=milliseconds)


def into_cell(value: Any) -> Any:
    """What of a Python value goes into a cell: number, text, truth value, moment, or "" for nothing."""
    if value is None or isinstance(value, (str, bool, Moment)):
        return "" if value is None else value
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas has nothing there
        return ""
    if isinstance(value, dt.datetime):
        since = value.replace(tzinfo=None) - _FIRST
        return Moment(since.days + (since.seconds + since.microseconds / 1e6) / _DAY, timed=value.time() != dt.time())
    if isinstance(value, dt.date):
        return Moment(float((value - _FIRST.date()).days), timed=False)
    if isinstance(value, (int, float, Decimal)):
        return "" if isinstance(value, float) and math.isnan(value) else float(value)
    item = getattr(value, "item", None)  # a number or truth value of numpy
    if callable(item):
        return into_cell(item())
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


def out_of_cell(
    value: Any, moment: Callable[..., Any], empty: Any, number: Callable[[float], Any] | None, error_as_text: bool
) -> Any:
    """What a script gets for what stands in a cell, under the options of `Range.options`."""
    if value == "" or value is None:
        return empty
    if isinstance(value, CellError):
        return value.text if error_as_text else None
    if isinstance(value, dt.datetime):
        parts = {part: getattr(value, part) for part in ("year", "month", "day", "hour", "minute", "second")}
        return moment(**parts, microsecond=value.microsecond, tzinfo=None)
    if number is not None and isinstance(value, float):
        return number(value)
    return value
