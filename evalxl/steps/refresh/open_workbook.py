"""A manager's workbook that is open in the program of whoever pressed the button.

On the share it cannot be refreshed while it is open. But the one who pressed is the one who has it: so the refreshed workbook is recorded as issued, and
handed over here with what it takes to put it in the place of the open one: what was saved in that one (the ledger has it), and where each of its rows stands
in the new one. Only what was typed since the last saving has to be carried over; that is seen in the open workbook alone.

Where nobody carries it over, nothing is lost: the file on the share is still the older issue, as after a run that was broken off, and the next run writes the new one.

This module imports nothing heavy: the script that speaks to the running program may run in a Python of its own.
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

# What stands in a cell, as two programs would both say it: a number (a day is its number of days, a truth value 1 or 0), or a text.
Said = float | str

_FIRST_DAY = date(1899, 12, 30)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class OpenWorkbook:
    """A workbook that was issued anew while it is open.

    Attributes:
        path: Where it lies and is open.
        data: The refreshed workbook.
        shown, form_id: The issue that is open, and the refreshed one.
        saved: By the name of each open column: what the file on the share holds, row by row.
        new: The same of the refreshed workbook.
        rows: Where each row stands in the refreshed workbook; None where it has no row any more, or nothing should have been typed there.
        other: Rows of people whose form is another one now: a decision about the one before is no decision about this one.
        keeper: Keeps what was saved at the place since this run read it.
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
    """What a value would be in a cell."""
    if isinstance(value, (bool, int, float, Decimal)):
        return float(value)
    if isinstance(value, datetime):
        since = value.replace(tzinfo=None) - datetime(1899, 12, 30)  # noqa: DTZ001 (cells know no time zone)
        return round(since.total_seconds() / 86400, 6)
    if isinstance(value, date):
        return float((value - _FIRST_DAY).days)
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def as_number(raw: str) -> Said:
    """The number that a program wrote as text, else the text."""
    return float(raw) if _NUMBER.fullmatch(raw.strip()) else said(raw)
