"""What is booked of workbooks whose kinds have no event of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BookedRow:
    """What is booked of one row.

    Attributes:
        workbook, table, row: The kind of workbook, and the row in it.
        subject: Whom it is about; empty where it is about nobody.
        by: Whose workbook it was typed in.
        seq: The event that booked it.
        values: What it says, by name.
    """

    workbook: str
    table: str
    row: str
    subject: str
    by: str
    seq: int
    values: Mapping[str, Any]
