"""What is booked of workbooks whose kinds have no event of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BookedRow:
    """What is booked of one row.

    Attributes:
        workbook, table, row: The kind of workbook, and the row in it.
        subject: Whom it is about; empty where it is about nobody.
        values: What it says, by name.
    """

    workbook: str
    table: str
    row: str
    subject: str
    values: dict[str, Any]
