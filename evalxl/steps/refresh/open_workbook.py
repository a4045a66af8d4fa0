"""A manager's workbook that is open in the program in which the button was pressed.

It cannot be refreshed on the share while it is open. So the refreshed workbook is recorded as issued and
handed over with what is needed to replace the open one: the values saved in the open one (they are in the ledger), and the place of each of its rows
in the new one. Only values typed since the last save have to be carried over. They exist in the open workbook alone.

If nobody carries them over, nothing is lost. The file on the share is still the older issue, as after an interrupted run, and the next run writes the new one.

This module imports nothing heavy, because the script that talks to the running program may run in another Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalxl.records.publish import Keeper

# A cell value in a form common to all programs: a number (a day is its number of days, a truth value 1 or 0), or a text.
Said = float | str

_FIRST_DAY = date(1899, 12, 30)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class OpenWorkbook:
    """A workbook that was issued again while it is open.

    Attributes:
        path: The path of the open file.
        data: The refreshed workbook.
        shown, form_id: The issue that is open, and the refreshed one.
        saved: By the name of each open column: the values in the file on the share, row by row.
        new: The same for the refreshed workbook.
        rows: The index of each row in the refreshed workbook. None if the row is gone, or nothing should have been typed there.
        other: Rows of people whose form has changed. A decision about the earlier form is no decision about the present one.
        keeper: Archives what was saved at the path since this run read it.
    """

    path: Path
    data: bytes = field(repr=False)
    shown: str
    form_id: str
    saved: Mapping[str, Sequence[Said]] = field(repr=False)
    new: Mapping[str, Sequence[Said]] = field(repr=False)
    rows: Mapping[str, Sequence[int | None]] = field(repr=False)
    keeper: Keeper = field(repr=False, compare=False)
    other: frozenset[int] = frozenset()


def said(value: object) -> Said:
    """A value as a cell would hold it."""
    if isinstance(value, (bool, int, float, Decimal)):
        return float(value)
    if isinstance(value, datetime):
        since = value.replace(tzinfo=None) - datetime(1899, 12, 30)  # noqa: DTZ001 (cells know no time zone)
        return round(since.total_seconds() / 86400, 6)
    if isinstance(value, date):
        return float((value - _FIRST_DAY).days)
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def as_number(raw: str) -> Said:
    """The number in a text written by a program; else the text."""
    return float(raw) if _NUMBER.fullmatch(raw.strip()) else said(raw)
