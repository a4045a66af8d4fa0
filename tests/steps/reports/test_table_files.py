"""Every format holds the values of the CSV, with types: whatever people typed, in whatever folder."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from evalxl.domain.tables import TableColumn, TableSchema, Value
from evalxl.excel.table_workbook import BeyondAWorkbookError
from evalxl.records import duck
from evalxl.steps.reports.csv_escaping import as_typed
from evalxl.steps.reports.table_files import FORMATS, About, Format, TableFiles, table_files

SCHEMA = TableSchema(
    "rows",
    (
        *(TableColumn("code", required=True), TableColumn("text"), TableColumn("points", "points")),
        *(TableColumn("amount", "number"), TableColumn("count", "count"), TableColumn("due", "date")),
        TableColumn("important", "yes_no"),
    ),
    ("code",),
)
TYPED = [
    "=1+1", "-2 báo cáo", "'=A1", "+84", "@sum", "＝1", "a;=1", "0012", "1e5", "true", "NULL", "null", "2025-06-05", "<r>x</r>", "_x0041_",
    'nói "được"', "a,b", "a\\b", '\\"', "dòng 1\ndòng 2", "tab\tở giữa", " có khoảng trắng ", "Nguyễn Thị Đào", "đ" * 2000, "https://x.vn/?a=1", "#N/A", "{=1}",
]  # fmt: skip
ABOUT = About("số liệu", "Số liệu", "Ban A", datetime(2025, 6, 2), {"evalxl.kind": "master"})


def rows() -> list[dict[str, Any]]:
    full = {"points": Decimal(79) / 3, "amount": Decimal("1234567890.5"), "count": 7, "due": date(2025, 6, 5)}
    return [
        *({"code": f"{place:04}", "text": text, **full, "important": place % 2 == 0} for place, text in enumerate(TYPED)),
        {"code": "trống", "text": "", "points": None},
        {"code": "không", "text": "0", "points": Decimal(0), "amount": Decimal("-0.5"), "count": 0, "important": False},
    ]  # fmt: skip


def written(kind: Format, folder: Path) -> TableFiles:
    files = table_files(kind, folder, ABOUT)
    values = [tuple(SCHEMA.values(row)) for row in rows()]
    files.add(SCHEMA, values[:5])
    files.add(SCHEMA, values[5:])
    files.finish()
    return files


def read_back(kind: Format, path: Path) -> list[tuple[Value, ...]]:
    """What another program finds in the file, as values of the schema's types."""
    if kind == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                tuple(_from_csv(column, row[column.name]) for column in SCHEMA.columns) for row in csv.DictReader(file)
            ]
    if kind == "parquet":
        with duck.opened() as base:
            return base.execute(f"SELECT * FROM read_parquet({duck.file(path)})").fetchall()
    if kind == "sqlite":
        with closing(sqlite3.connect(path)) as base:
            found = base.execute("SELECT * FROM rows").fetchall()
    else:
        sheet = openpyxl.load_workbook(path)["rows"]
        found = [[unescape(value) if isinstance(value, str) else value for value in row] for row in sheet.values][1:]
    return [tuple(_typed(column, value) for column, value in zip(SCHEMA.columns, row, strict=True)) for row in found]


def _from_csv(column: TableColumn, field: str) -> Value:
    if not field:
        return None
    if column.type in ("points", "number"):
        return Decimal(field)
    if column.type == "count":
        return int(field)
    if column.type == "yes_no":
        return {"true": True, "false": False}[field]
    return date.fromisoformat(field) if column.type == "date" else as_typed(field)


def _typed(column: TableColumn, value: Any) -> Value:
    if value is None:
        return None
    if column.type in ("points", "number"):
        assert isinstance(value, int | float)
        return Decimal(str(value))
    if column.type == "yes_no":
        assert value in (0, 1)
        return bool(value)
    if column.type == "date":
        return value.date() if isinstance(value, datetime) else date.fromisoformat(value)
    return value


@pytest.mark.parametrize("kind", FORMATS)
def test_what_was_typed_is_the_same_in_every_format(kind: Format, tmp_path: Path) -> None:
    folder = tmp_path / "office=kết quả [1] *'?"
    files = written(kind, folder)
    assert not [path for path in folder.iterdir() if not path.name.startswith(".")]  # nothing stands at its place yet

    published = files.publish()["rows"]
    files.drop()

    assert [published.path.name] == [path.name for path in folder.iterdir()]
    assert read_back(kind, published.path) == [tuple(SCHEMA.values(row)) for row in rows()]


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_that_fails_leaves_nothing_behind(kind: Format, tmp_path: Path) -> None:
    files = table_files(kind, tmp_path, ABOUT)
    files.add(SCHEMA, [tuple(SCHEMA.values(row)) for row in rows()])

    files.drop()

    assert list(tmp_path.iterdir()) == []


def test_no_text_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    files = written("xlsx", tmp_path)
    sheet = openpyxl.load_workbook(files.publish()["rows"].path)["rows"]

    text = [sheet.cell(row, 2) for row in range(2, 2 + len(TYPED))]
    assert {cell.data_type for cell in text} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix for cell in text if str(cell.value).lstrip().startswith(("=", "+", "-", "@", "＝")))


def test_a_field_that_no_sheet_can_hold_is_refused_and_not_cut(tmp_path: Path) -> None:
    files = table_files("xlsx", tmp_path, ABOUT)

    with pytest.raises(BeyondAWorkbookError):
        files.add(SCHEMA, [("x", "đ" * 32_768, None, None, None, None, None)])
    files.drop()


def test_parquet_says_points_as_exact_decimals(tmp_path: Path) -> None:
    path = written("parquet", tmp_path).publish()["rows"].path

    told = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet({duck.file(path)})").fetchall()
    assert [kind for _, kind, *_ in told] == [
        "VARCHAR", "VARCHAR", "DECIMAL(18,6)", "DECIMAL(38,6)", "BIGINT", "DATE", "BOOLEAN",
    ]  # fmt: skip
