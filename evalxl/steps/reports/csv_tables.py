"""Tables as CSV, a file each: UTF-8 with BOM, comma, a header, Windows line ends, numbers with a decimal point.

Text that a spreadsheet program would take as a formula gets an apostrophe in front (`steps.reports.csv_escaping`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.tables import TableSchema, Value
from evalxl.records.publish import Growing, Published
from evalxl.steps.reports.csv_escaping import inert

_BOM = b"\xef\xbb\xbf"


class CsvTables:
    """The tables written so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Growing] = {}

    def add(self, schema: TableSchema, rows: Iterable[Sequence[Value]]) -> None:
        if schema.name not in self._files:
            self._files[schema.name] = Growing(self._folder / f"{schema.name}.csv")
            self._files[schema.name].add(_BOM + _lines([schema.names]))
        self._files[schema.name].add(_lines([_field(value) for value in row] for row in rows))

    def finish(self) -> None:
        """Nothing is left to do: the files are whole."""

    def publish(self) -> dict[str, Published]:
        return {table: file.publish() for table, file in self._files.items()}

    def digests(self) -> dict[str, tuple[str, int]]:
        """SHA-256 and size of each table's file."""
        return {table: (file.sha256, file.size) for table, file in self._files.items()}

    def drop(self) -> None:
        for file in self._files.values():
            file.drop()


def table_bytes(schema: TableSchema, rows: Iterable[Sequence[Value]]) -> bytes:
    """A whole table as CSV."""
    return _BOM + _lines([schema.names, *([_field(value) for value in row] for row in rows)])


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def _field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, date):
        return value.isoformat()
    return inert(value) if isinstance(value, str) else str(value)
