"""Made-up exports of many offices: Parquet tables of random results, with the real `datapackage.json` of the program."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from evalxl.domain.rulebook import RuleBook
from evalxl.domain.tables import TableSchema
from evalxl.domain.weeks import Period, parse_week_or_period
from evalxl.records import duck
from evalxl.records.package_files import shipped
from evalxl.records.tables_parquet import TYPES
from evalxl.steps.reports import table_schemas
from evalxl.steps.reports.datapackage import FILE, Origin, package
from evalxl.steps.reports.table_schemas import RulesOfTables
from tests.standard_parts import STANDARD

BOOK = (shipped("rulebooks") / "cv-8679-2025.toml").read_bytes()


def heads_of(number: int, files: int) -> list[tuple[int, str]]:
    """The chain of an office's ledger after so many files; with more files it goes on."""
    return [(10 * place, hashlib.sha256(f"{number}:{place}".encode()).hexdigest()) for place in range(1, files + 1)]


def export_of(
    base: duck.Base,
    folder: Path,
    number: int,
    people: int,
    what: str,
    heads: Sequence[tuple[int, str]] | None = None,
    rules: RuleBook = STANDARD,
    book: bytes = BOOK,
) -> Path:
    """The export of an office's week, or of a period with the rows of its weeks."""
    folder.mkdir(parents=True, exist_ok=True)
    meant = parse_week_or_period(what)
    of = RulesOfTables.of(what, isinstance(meant, Period), [rules])
    tables = {table_schemas.results(of): [what]}
    if isinstance(meant, Period):
        tables[table_schemas.weeks(of)] = [str(week) for week in meant.weeks()]
    files, digests = {}, {}
    for schema, weeks in tables.items():
        path = files[schema.name] = folder / f"{schema.name}.parquet"
        base.execute(
            f"COPY ({_rows(schema, rules, number, people, weeks)}) TO {duck.text(str(path))} (COMPRESSION zstd)"
        )
        data = path.read_bytes()
        digests[schema.name] = (hashlib.sha256(data).hexdigest(), len(data))
    origin = Origin(
        what, f"Cơ quan {number:04}", f"{number:016x}", [(rules.stamp, book)], heads or heads_of(number, 20), False
    )
    (folder / FILE).write_bytes(package(origin, "parquet", tables, files, digests))
    return folder


def _rows(schema: TableSchema, rules: RuleBook, number: int, people: int, weeks: Sequence[str]) -> str:
    """A query for the rows: some absent, some without a form, the others with totals around those of their person."""
    bands = " ".join(f"WHEN total >= {band.at_least} THEN {duck.text(band.code)}" for band in rules.bands)
    told = {
        "week": "week",
        "code": "'P-' || lpad(i::VARCHAR, 4, '0')",
        "name": "'Người số ' || i",
        "unit": "'U' || (i // 25)",
        "rank": "CASE WHEN i % 25 = 0 THEN 'director' WHEN i % 25 < 3 THEN 'deputy_director' ELSE 'official' END",
        "state": "state",
        "counted_total": "total",
        "counted_basis": "CASE state WHEN 'approved' THEN 'approved' WHEN 'submitted' THEN 'self' ELSE 'none' END",
        "band": f"CASE {bands} END",
        **{f"{stage}_total": "total" for stage in ("self", "scored", "approved")},
        **{
            f"{stage}_{part.code}": f"total * {part.maximum / 100}"
            for stage in ("self", "approved")
            for part in rules.parts
        },
    }
    columns = ", ".join(
        f"({told.get(column.name, 'NULL')})::{TYPES[column.type]} AS {duck.name(column.name)}"
        for column in schema.columns
    )
    listed = ", ".join(f"({duck.text(week)}, {place})" for place, week in enumerate(weeks))
    chance = f"hash(i, n, {number}) % 100"
    drawn = f"SELECT i, week, n, CASE WHEN {chance} < 3 THEN 'absent' WHEN {chance} < 6 THEN 'not_submitted' WHEN {chance} < 90 THEN 'approved' ELSE 'submitted' END AS state FROM range({people}) p(i), (VALUES {listed}) w(week, n)"
    total = f"CASE WHEN state IN ('approved', 'submitted') THEN 45 + (hash(i, {number}) % 400) / 10 + (hash(n, i, {number}) % 140) / 10 END"
    return f"SELECT {columns} FROM (SELECT *, {total} AS total FROM ({drawn})) ORDER BY week, i"
