"""Tables as Parquet, a file each, written by DuckDB: points are exact decimals, dates dates, an empty field is NULL.

Rows go into a plain CSV first, because DuckDB reads those far faster than it takes rows from Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from evalxl.domain.tables import ColumnType, TableSchema, Value
from evalxl.records import duck
from evalxl.records.publish import Growing, MadeBeside, Published

TYPES: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "points": "DECIMAL(18,6)",
    "number": "DECIMAL(38,6)",
    "count": "BIGINT",
    "date": "DATE",
    "yes_no": "BOOLEAN",
}
SUFFIX = ".parquet"
_LONGEST_ROW = 1 << 24  # bytes


class ParquetTables:
    """The tables written so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schemas: dict[str, TableSchema] = {}
        self._rows: dict[str, Growing] = {}
        self._made: dict[str, MadeBeside] = {}
        with duck.opened():
            pass  # that the extra is missing is said before anything is worked out

    def add(self, schema: TableSchema, rows: Iterable[Sequence[Value]]) -> None:
        if schema.name not in self._rows:
            self._schemas[schema.name] = schema
            self._rows[schema.name] = Growing(self._folder / f"{schema.name}.rows")
        self._rows[schema.name].add("".join(f"{','.join(map(_field, row))}\n" for row in rows).encode())

    def finish(self) -> None:
        """Make the files, beside where they belong."""
        with duck.opened() as base:
            for table, schema in self._schemas.items():
                rows, made = self._rows[table], MadeBeside(self._folder / f"{table}{SUFFIX}")
                self._made[table] = made
                rows.close()
                base.execute(_copy(schema, rows.temporary, made.temporary))

    def publish(self) -> dict[str, Published]:
        return {table: made.publish() for table, made in self._made.items()}

    def digests(self) -> dict[str, tuple[str, int]]:
        """SHA-256 and size of each table's file."""
        return {table: (made.sha256, made.size) for table, made in self._made.items()}

    def drop(self) -> None:
        for file in (*self._rows.values(), *self._made.values()):
            file.drop()


def _field(value: Value) -> str:
    """A field in quotation marks; an empty one without, which is how NULL is told."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return '"' + str(value).replace('"', '""') + '"'


def _copy(schema: TableSchema, rows: Path, parquet: Path) -> str:
    columns = ", ".join(f"{duck.text(column.name)}: {duck.text(TYPES[column.type])}" for column in schema.columns)
    options = (
        *("auto_detect = false", "header = false", "delim = ','", "quote = '\"'", "escape = '\"'", "new_line = '\\n'"),
        *("parallel = false", f"max_line_size = {_LONGEST_ROW}", "allow_quoted_nulls = false"),
        "hive_partitioning = false",  # a folder `office=X` would come as a column
        f"columns = {{{columns}}}",
    )
    source = f"read_csv({duck.file(rows)}, {', '.join(options)})"
    return f"COPY (SELECT * FROM {source}) TO {duck.text(str(parquet))} (FORMAT parquet, COMPRESSION zstd)"
