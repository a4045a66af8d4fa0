"""Tables in one SQLite database: a table each, with its key; dates are text `yyyy-mm-dd`, yes and no are 1 and 0, an empty field is NULL.

SQLite has no exact decimals: points are numbers of 15 digits, as in a workbook, which is more than the six places that an export has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from evalxl.domain.tables import ColumnType, TableSchema, Value
from evalxl.records.publish import CannotWriteError, MadeBeside, Published

_TYPES: Mapping[ColumnType, str] = {
    "text": "TEXT",
    "points": "NUMERIC",
    "number": "NUMERIC",
    "count": "INTEGER",
    "date": "TEXT",
    "yes_no": "INTEGER",
}


class SqliteTables:
    """The tables written so far.

    Args:
        path: Of the database.
    """

    def __init__(self, path: Path) -> None:
        self._made, self._inserts = MadeBeside(path), dict[str, str]()
        try:
            self._base = sqlite3.connect(self._made.temporary, isolation_level=None)
            self._base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        except sqlite3.Error as slip:
            raise CannotWriteError(path=path.parent, reason=str(slip)) from slip

    def add(self, schema: TableSchema, rows: Iterable[Sequence[Value]]) -> None:
        try:
            if schema.name not in self._inserts:
                self._base.execute(_create(schema))
                places = ", ".join("?" for _ in schema.columns)
                self._inserts[schema.name] = f"INSERT INTO {_name(schema.name)} VALUES ({places})"
            self._base.executemany(self._inserts[schema.name], ([_stored(value) for value in row] for row in rows))
        except sqlite3.OperationalError as slip:  # the disk
            raise CannotWriteError(path=self._made.path.parent, reason=str(slip)) from slip

    def finish(self) -> None:
        try:
            with closing(self._base):
                self._base.execute("COMMIT")
        except sqlite3.OperationalError as slip:
            raise CannotWriteError(path=self._made.path.parent, reason=str(slip)) from slip

    def publish(self) -> dict[str, Published]:
        published = self._made.publish()
        return dict.fromkeys(self._inserts, published)

    def digests(self) -> dict[str, tuple[str, int]]:
        """SHA-256 and size of the database that each table is in."""
        return dict.fromkeys(self._inserts, (self._made.sha256, self._made.size))

    def drop(self) -> None:
        self._base.close()
        self._made.drop()


def _create(schema: TableSchema) -> str:
    columns = [
        f"{_name(column.name)} {_TYPES[column.type]}{' NOT NULL' if column.required else ''}"
        for column in schema.columns
    ]
    if schema.key:
        columns.append(f"PRIMARY KEY ({', '.join(map(_name, schema.key))})")
    if schema.belongs_to:
        columns.append(f"FOREIGN KEY (week, code) REFERENCES {_name(schema.belongs_to)} (week, code)")
    return f"CREATE TABLE {_name(schema.name)} ({', '.join(columns)})"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _stored(value: Value) -> str | int | None:
    if isinstance(value, Decimal):
        return f"{value:f}"  # the column makes a number of it
    if isinstance(value, date):
        return value.isoformat()
    return value
