"""Reading the workbook that the office keeps by hand, as programs save it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from evalxl.domain.errors import EvalxlError
from evalxl.excel.tables import (
    TableDamagedError,
    TableEmptyError,
    TableEncryptedError,
    TableOtherTypeError,
    as_shown,
    read_tables,
)
from evalxl.forms.tables import TableCell


def workbook(**cells: Any) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cán bộ"
    for address, value in cells.items():
        sheet[address] = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def only(data: bytes) -> tuple[tuple[TableCell, ...], ...]:
    return next(iter(read_tables(data).values())).rows


def test_a_cell_is_read_as_it_is_shown_with_its_address() -> None:
    rows = only(workbook(A1="Mã", C1="Từ ngày", A3="  VP\u00a0-\u200b1 ", B3=12.0, C3=datetime(2025, 6, 2, 8, 30)))

    assert rows == (
        (TableCell("Mã", "A1"), TableCell("", "B1"), TableCell("Từ ngày", "C1")),
        (TableCell("VP -1", "A3"), TableCell("12", "B3"), TableCell("02/06/2025", "C3", date(2025, 6, 2))),
    )


def test_a_code_that_excel_holds_as_a_number_keeps_its_leading_zeros() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = 12, 7
    sheet["A1"].number_format = "0000"
    sheet["A2"].number_format = '"VP-"0000'

    assert [row[0].text for row in only(saved(book))] == ["0012", "VP-0007"]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (12, "General", "12"),
        (12.0, "@", "12"),
        (12.5, "0", "12.5"),
        (12, "0000;[Red]-0000", "0012"),
        (12345, "000", "12345"),
        (120034, '00\\-"A"0000', "12-A0034"),
        (7, "[$-42A]000", "007"),
        (1234567890123, "0", "1234567890123"),
        (0.1, "General", "0.1"),
        (1e15, "General", "1000000000000000"),
        (-3, "000", "-3"),
        (5, "#", "5"),
        (1200, "#,##0", "1200"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: float, number_format: str, shown: str) -> None:
    assert as_shown(value, number_format) == shown


def test_a_sheet_formatted_down_to_its_last_rows_is_read_at_once() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet, yellow = book.add_worksheet(), book.add_format({"bg_color": "yellow"})
        sheet.write_string(0, 0, "Mã")
        for row in range(1, 30_000):
            for column in range(5):
                sheet.write_blank(row, column, None, yellow)
        sheet.write_string(30_000, 0, "lạc")

    assert only(out.getvalue()) == ((TableCell("Mã", "A1"),),)


def test_a_used_range_that_is_too_small_hides_nothing() -> None:
    """Some programs write one, and readers that believe it lose rows."""
    data = workbook(A1="Mã", A2="VP", B2="Văn phòng")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"'))

    assert [[cell.text for cell in row] for row in only(out.getvalue())] == [["Mã", ""], ["VP", "Văn phòng"]]


@pytest.mark.parametrize(
    ("data", "slip"),
    [
        (b"", TableEmptyError),
        (b"\0" * 4096, TableEmptyError),
        (workbook(), TableEmptyError),
        (b"M\xc3\xa3,T\xc3\xaan", TableDamagedError),
        (workbook(A1="Mã")[:2000], TableDamagedError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, TableOtherTypeError),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            TableEncryptedError,
        ),
    ],
    ids=["no byte", "zeros", "no cell", "text", "cut off", "xls", "password"],
)
def test_a_file_that_is_no_workbook_is_told_in_one_sentence(data: bytes, slip: type[EvalxlError]) -> None:
    with pytest.raises(slip) as told:
        read_tables(data)

    assert "organisation.xlsx" in told.value.sentence("vi")
    assert "organisation.xlsx" in told.value.sentence("en")


def test_an_opendocument_sheet_is_told_to_be_saved_as_xlsx() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as ods:
        ods.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        ods.writestr("content.xml", "<x/>")

    with pytest.raises(TableOtherTypeError):
        read_tables(out.getvalue())


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("broken", [b"", b"<unclosed", b"\xff\xfe"])
def test_a_workbook_with_a_broken_part_is_damaged(part: str, broken: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(A1="Mã"))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, broken if name == part else old.read(name))

    with pytest.raises(TableDamagedError):
        read_tables(out.getvalue())
