"""The client itself: what LibreOffice does with a small protected workbook, so that other tests may rely on it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from tests.libreoffice import LibreOfficeError, Office

SHEET = "Phiếu tuần"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """
    |   | A     | B                  |
    | 1 | Điểm  | ev_self_quality    | open, 0 to 40
    | 2 |       | ev_self_progress   | open
    | 3 | Tổng  | ev_self_total      | locked formula
    | 4 |       | ev_status          | open, a list
    | 5 |       | ev_task_name, 0    | open text
    | 6 |       | ev_task_name, 1    | open text
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet["A1"] = "Điểm"
    sheet["B3"] = "=B1+B2"
    for row in (1, 2, 4, 5, 6):
        sheet.cell(row, 2).protection = Protection(locked=False)
    for row in (5, 6):
        sheet.cell(row, 2).number_format = "@"
    bounds = DataValidation(type="decimal", operator="between", formula1="0", formula2="40", showErrorMessage=True)
    words = DataValidation(type="list", formula1='"Đang soạn,Đã nộp"', showErrorMessage=True)
    bounds.add("B1")
    words.add("B4")
    sheet.add_data_validation(bounds)
    sheet.add_data_validation(words)
    for name, place in {
        "ev_self_quality": "$B$1",
        "ev_self_progress": "$B$2",
        "ev_self_total": "$B$3",
        "ev_status": "$B$4",
        "ev_task_name": "$B$5:$B$6",
    }.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"'{SHEET}'!{place}")
    sheet.protection.sheet = True
    sheet.protection.password = "sua-nham"
    path = tmp_path / "phiếu của tôi.xlsx"
    book.save(path)
    return path


def test_a_locked_cell_refuses_and_an_open_one_takes_what_is_typed(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        assert document.is_protected(SHEET)
        assert not document.type(SHEET, "A1", "9")
        assert not document.type_into("ev_self_total", 0, "100")
        assert document.type_into("ev_self_quality", 0, "37.5")

        assert document.text(SHEET, "A1") == "Điểm"
        assert document.value("ev_self_quality") == 37.5
        assert document.value("ev_self_progress") is None


def test_a_total_follows_what_is_typed(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        refused = document.fill(
            [("ev_self_quality", 0, "37.5"), ("ev_self_progress", 0, "30"), ("ev_self_total", 0, "90")]
        )

        assert refused == [("ev_self_total", 0, "90")]
        assert document.value("ev_self_total") == 67.5
        assert document.formula("ev_self_total") == "=B1+B2"


def test_a_text_cell_keeps_a_line_that_starts_with_a_dash(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        assert document.type_into("ev_task_name", 1, "- Dự thảo công văn")

        assert document.column("ev_task_name") == [None, "- Dự thảo công văn"]


def test_keys_meet_the_validation_that_typing_by_command_passes_by(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        assert not document.key("ev_self_quality", 0, "99")
        assert not document.key("ev_self_quality", 0, "abc")
        assert not document.key("ev_self_total", 0, "7")
        assert not document.key("ev_status", 0, "Xong")
        assert document.key("ev_self_quality", 0, "8.5")
        assert document.key("ev_status", 0, "Đã nộp")

        assert document.value("ev_self_quality") == 8.5
        assert document.value("ev_status") == "Đã nộp"


def test_enter_goes_from_open_cell_to_open_cell(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        document.go_to("ev_self_progress")
        document.press("1", "2", "RETURN")

        assert document.value("ev_self_progress") == 12
        assert document.cursor() == document.place("ev_status") == (SHEET, "B4")


def test_delete_empties_an_open_cell_only(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        document.type_into("ev_self_quality", 0, "5")

        assert document.clear("ev_self_quality")
        assert not document.clear(SHEET, "A1")


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_what_was_saved_is_read_by_a_second_library(libreoffice: Office, form: Path, tmp_path: Path, kind: str) -> None:
    with libreoffice.open(form) as document:
        document.fill([("ev_self_quality", 0, "37.5"), ("ev_self_progress", 0, "30"), ("ev_status", 0, "Đã nộp")])
        saved = document.save_as(tmp_path / f"saved.{kind}")

    rows = CalamineWorkbook.from_path(str(saved)).get_sheet_by_name(SHEET).to_python()
    assert [row[1] for row in rows[:4]] == [37.5, 30, 67.5, "Đã nộp"]


def test_saving_in_place_keeps_names_and_protection(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        document.type_into("ev_self_quality", 0, "37.5")
        document.save()

    book = openpyxl.load_workbook(form)
    assert book[SHEET]["B1"].value == 37.5
    assert book[SHEET].protection.sheet
    assert book.defined_names["ev_task_name"].attr_text == f"'{SHEET}'!$B$5:$B$6"


def test_a_decimal_comma_is_a_number_for_a_vietnamese_and_a_text_for_an_american(
    libreoffice: Office, form: Path
) -> None:
    with libreoffice.locale("vi-VN"), libreoffice.open(form) as document:
        document.type_into("ev_self_quality", 0, "37,5")
        assert document.value("ev_self_quality") == 37.5

    with libreoffice.open(form) as document:
        document.type_into("ev_self_quality", 0, "37,5")
        assert document.value("ev_self_quality") == "37,5"


def test_an_office_restyles_a_sheet_and_the_names_follow(libreoffice: Office, form: Path, tmp_path: Path) -> None:
    with libreoffice.open(form) as document:
        with pytest.raises(LibreOfficeError):
            document.unprotect(SHEET, "another password")
        document.unprotect(SHEET, "sua-nham")
        document.insert_rows(SHEET, before=1, count=2)
        document.move_cells(SHEET, "B7:B8", "D20")
        document.protect(SHEET, "sua-nham")
        restyled = document.save_as(tmp_path / "restyled.xlsx")

    with libreoffice.open(restyled) as document:
        assert document.place("ev_self_quality") == (SHEET, "B3")
        assert document.place("ev_task_name", 1) == (SHEET, "D21")
        assert document.type_into("ev_task_name", 1, "Việc")
        assert not document.type_into("ev_self_total", 0, "1")


def test_a_forger_writes_past_protection(libreoffice: Office, form: Path) -> None:
    with libreoffice.open(form) as document:
        document.overwrite("ev_self_total", 0, 100)

        assert document.value("ev_self_total") == 100


def test_a_form_is_printed(libreoffice: Office, form: Path, tmp_path: Path) -> None:
    libreoffice.convert_to_pdf(form, tmp_path / "form.pdf")

    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_that_is_no_workbook_is_said_so(libreoffice: Office, form: Path) -> None:
    with pytest.raises(LibreOfficeError):
        libreoffice.open(form.with_name("not there.xlsx"))
    with libreoffice.open(form) as document, pytest.raises(LibreOfficeError, match="ev_nothing"):
        document.value("ev_nothing")


@pytest.mark.usefixtures("libreoffice")
def test_a_libreoffice_that_does_not_answer_is_killed_and_the_next_question_starts_another(
    form: Path, tmp_path: Path
) -> None:
    office = Office(tmp_path)
    try:
        office.open(form).close()
        office.timeout = 0
        with pytest.raises(LibreOfficeError, match="did not answer"):
            office.open(form)
        office.timeout = 60
        with office.open(form, read_only=True) as document:
            assert document.text(SHEET, "A1") == "Điểm"
    finally:
        office.close()
