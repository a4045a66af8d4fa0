"""The files that an export is written to, by format: CSV or Parquet (a file per table), one SQLite database, or one workbook (a sheet per table)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol, get_args

from evalxl.domain.errors import EvalxlError
from evalxl.domain.tables import TableSchema, Value
from evalxl.records.publish import CannotWriteError, MadeBeside, Published
from evalxl.steps.reports.csv_tables import CsvTables

Format = Literal["csv", "parquet", "sqlite", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)

MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NoSuchFormatError(EvalxlError):
    """There is no export of this format."""

    key = "slip.no_such_format"


@dataclass(frozen=True, slots=True)
class About:
    """What the one file of an export is called and says of itself.

    Attributes:
        stem: Its name, without the suffix.
        moment: When the ledger last learned something of it, so that equal exports are equal files.
    """

    stem: str
    title: str
    company: str
    moment: datetime
    stamp: Mapping[str, str]


class TableFiles(Protocol):
    """Tables in the making. Nothing stands at its place before `publish`; `drop` removes what was not published."""

    def add(self, schema: TableSchema, rows: Iterable[Sequence[Value]]) -> None: ...
    def finish(self) -> None: ...
    def publish(self) -> Mapping[str, Published]: ...
    def digests(self) -> Mapping[str, tuple[str, int]]: ...
    def drop(self) -> None: ...


def table_files(kind: Format, folder: Path, about: About) -> TableFiles:
    """An empty set of tables.

    Raises:
        AnalysisMissingError: Parquet is asked for, and the extra `analysis` is not installed.
        CannotWriteError: the folder cannot be written.
    """
    if kind == "parquet":
        from evalxl.records.tables_parquet import ParquetTables

        return ParquetTables(folder)
    if kind == "sqlite":
        from evalxl.records.tables_sqlite import SqliteTables

        return SqliteTables(folder / f"{about.stem}.sqlite")
    if kind == "xlsx":
        return _WorkbookTables(folder / f"{about.stem}.xlsx", about)
    return CsvTables(folder)


def format_named(name: str) -> Format:
    """The format of a name.

    Raises:
        NoSuchFormatError: there is none.
    """
    for kind in FORMATS:
        if kind == name.strip().casefold():
            return kind
    raise NoSuchFormatError(name=name, formats=", ".join(FORMATS))


class _WorkbookTables:
    """One workbook."""

    def __init__(self, path: Path, about: About) -> None:
        from evalxl.excel.table_workbook import TableWorkbook

        self._made, self._tables = MadeBeside(path), dict[str, None]()
        properties = {"title": about.title, "company": about.company, "created": about.moment.replace(tzinfo=None)}
        self._workshop = TemporaryDirectory(prefix="evalxl-")
        self._book = TableWorkbook(self._made.temporary, properties, about.stamp, Path(self._workshop.name))

    def add(self, schema: TableSchema, rows: Iterable[Sequence[Value]]) -> None:
        self._tables[schema.name] = None
        self._book.add(schema, rows)

    def finish(self) -> None:
        try:
            self._book.close()
        except OSError as slip:
            raise CannotWriteError(path=self._made.path.parent, reason=slip.strerror or type(slip).__name__) from slip

    def publish(self) -> dict[str, Published]:
        published = self._made.publish()
        return dict.fromkeys(self._tables, published)

    def digests(self) -> dict[str, tuple[str, int]]:
        return dict.fromkeys(self._tables, (self._made.sha256, self._made.size))

    def drop(self) -> None:
        self._workshop.cleanup()
        self._made.drop()
