"""One xlwings script on Excel and on LibreOffice: workbooks, sheets, names, and the program itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.xlwings_on_libreoffice.desk import ScriptError, XlwingsDesk


def test_a_script_written_once_fills_a_workbook(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    def script(xw: Any, app: Any, path: str) -> Any:
        import datetime as dt

        book = app.books.add()
        sheet = book.sheets[0]
        sheet.name = "Tuần 23"
        sheet["A1"].value = [["Mã", "Điểm", "Ngày"], ["V1-03", 37.5, dt.date(2025, 6, 4)], ["V1-04", 40, None]]
        sheet["B4"].formula = "=SUM(B2:B3)"
        sheet["B2:B4"].name = "ev_score_quality"
        sheet["A1:C1"].color = (221, 235, 247)
        book.save(path)
        said = [book.name, book.fullname]
        book.close()
        return said, len(app.books)

    path = tmp_path / "bảng điểm.xlsx"

    assert xlwings_desk.run(script, path=str(path)) == (["bảng điểm.xlsx", str(path)], 0)
    book = openpyxl.load_workbook(path)
    sheet = book["Tuần 23"]
    assert [cell.value for cell in sheet["B"]] == ["Điểm", 37.5, 40, "=SUM(B2:B3)"]
    assert sheet["C2"].is_date
    assert sheet["A1"].fill.start_color.rgb == "FFDDEBF7"
    assert book.defined_names["ev_score_quality"].attr_text == "'Tuần 23'!$B$2:$B$4"


def test_a_workbook_is_opened_saved_and_opened_again(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    """Two workbooks of one name cannot be open at once, as in Excel; LibreOffice alone would allow it."""

    def script(xw: Any, app: Any, first: str, second: str) -> Any:
        book = app.books.add()
        book.sheets[0]["A1"].value = 1
        book.save(second)
        book.save(first)
        book.sheets[0]["A1"].value = 2
        book.save()
        book.close()
        book = xw.Book(first)
        same = app.books.open(first)
        answers = [book.sheets[0]["A1"].value, same == book, app.books.active == book, len(app.books), book.app == app]
        try:
            app.books.open(second)
        except ValueError:
            answers.append("refused")
        return answers

    (tmp_path / "other").mkdir()
    answers = xlwings_desk.run(script, first=str(tmp_path / "a.xlsx"), second=str(tmp_path / "other" / "a.xlsx"))

    assert answers == [2.0, True, True, 1, True, "refused"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_password_is_asked_for(xlwings_desk: XlwingsDesk, tmp_path: Path, kind: str) -> None:
    """Without the password Excel asks for it; here, without a window, the file is refused."""

    def script(xw: Any, app: Any, path: str) -> Any:
        book = app.books.add()
        book.sheets[0]["A1"].value = 37.5
        book.save(path, password="bí mật")
        book.close()
        read = app.books.open(path, password="bí mật").sheets[0]["A1"].value
        app.books.active.close()
        try:
            app.books.open(path)
        except Exception as slip:
            return read, type(slip).__name__
        return read, "opened"

    assert xlwings_desk.run(script, path=str(tmp_path / f"a.{kind}")) == (37.5, "LibreOfficeError")


def test_a_workbook_that_is_read_only_is_read_and_not_saved(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    def script(xw: Any, app: Any, path: str) -> Any:
        book = app.books.add()
        book.sheets[0]["A1"].value = 1
        book.save(path)
        book.close()
        book = app.books.open(path, read_only=True)
        read = book.sheets[0]["A1"].value
        try:
            book.save()
        except Exception as slip:
            return read, type(slip).__name__.rpartition(".")[2]
        return read, "saved"

    read, said = xlwings_desk.run(script, path=str(tmp_path / "a.xlsx"))

    assert read == 1.0
    assert said != "saved"


def test_what_is_no_workbook_is_refused(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    def script(xw: Any, app: Any, path: str) -> Any:
        app.books.open(path)

    with pytest.raises(ScriptError, match="No such file"):
        xlwings_desk.run(script, path=str(tmp_path / "not there.xlsx"))


def test_a_sheet_of_a_workbook_is_printed(xlwings_desk: XlwingsDesk, tmp_path: Path) -> None:
    def script(xw: Any, app: Any, folder: str) -> None:
        book = app.books.add()
        book.sheets[0]["A1"].value = "Kết quả"
        book.sheets.add("#ghi chú")["A1"].value = "left out: its name begins with #"
        book.to_pdf(f"{folder}/book.pdf")
        book.sheets["Sheet1"]["A1"].to_pdf(f"{folder}/cell.pdf")

    xlwings_desk.run(script, folder=str(tmp_path))

    assert [path.read_bytes()[:4] for path in sorted(tmp_path.glob("*.pdf"))] == [b"%PDF"] * 2


def test_sheets_are_added_copied_moved_hidden_and_deleted(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        book = app.books.add()
        book.sheets[0].name = "Một"
        book.sheets.add("Hai", after="Một")
        book.sheets.add("Đầu")
        book.sheets["Một"]["A1"].value = "x"
        copied = book.sheets["Một"].copy(name="Ba")
        answers = [book.sheet_names, copied["A1"].value, book.sheets.active.name]
        book.sheets["Hai"].activate()
        book.sheets["Ba"].visible = False
        answers += [book.sheets.active.name, [sheet.visible for sheet in book.sheets], book.sheets["ba"].index]
        book.sheets["Đầu"].delete()
        book.sheets["Ba"].move(before=book.sheets["Một"])
        other = app.books.add()
        book.sheets["Một"].copy(before=other.sheets[0])
        return [*answers, book.sheet_names, other.sheet_names, other.sheets["Một"].used_range.address]

    assert xlwings_desk.run(script) == [
        ["Một", "Đầu", "Hai", "Ba"],
        "x",
        "Đầu",
        "Hai",
        [True, True, True, False],
        4,
        ["Ba", "Một", "Hai"],
        ["Một", "Sheet1"],
        "$A$1",
    ]


def test_names_are_added_followed_changed_and_deleted(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        book = app.books.add()
        sheet = book.sheets[0]
        sheet.name = "Tuần 23"
        sheet["B2:B4"].value = 5
        book.names.add("ev_row", "='Tuần 23'!$B$2:$B$4")
        sheet["D1"].name = "ev_one"
        answers = [sorted(name.name for name in book.names), book.names["EV_ROW"].refers_to, "ev_row" in book.names]
        answers.append(book.names["ev_row"].refers_to_range.value)
        sheet["B1"].insert("down")
        answers.append(book.names["ev_row"].refers_to_range.address)
        book.names["ev_row"].refers_to = "='Tuần 23'!$A$1"
        answers.append(sheet["ev_row"].address)
        del book.names["ev_row"]
        return [*answers, len(book.names), "ev_row" in book.names]

    assert xlwings_desk.run(script) == [
        ["ev_one", "ev_row"],
        "='Tuần 23'!$B$2:$B$4",
        True,
        [5.0, 5.0, 5.0],
        "$B$3:$B$5",
        "$A$1",
        1,
        False,
    ]


def test_the_program_says_what_a_script_wants_to_be_said(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        app.books.add()
        app.status_bar = "Đang đọc phiếu"
        said = [app.status_bar]
        app.status_bar = False
        with app.properties(screen_updating=False, display_alerts=False):
            said.append(app.screen_updating)
        said += [app.status_bar, app.screen_updating, app.calculation, app.engine.name, app.version.major >= 7]
        return [*said, len(xw.apps), xw.apps.active == app, app.visible]

    assert xlwings_desk.run(script) == [
        "Đang đọc phiếu",
        False,
        False,
        True,
        "automatic",
        "libreoffice",
        True,
        1,
        True,
        False,
    ]


def test_a_script_knows_what_is_selected(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        book = app.books.add()
        book.sheets.add("Hai")["C4:D5"].select()
        chosen = app.selection
        book.sheets["Sheet1"]["B2"].select()
        return chosen.sheet.name, chosen.address, book.selection.address, book.sheets.active.name

    assert xlwings_desk.run(script) == ("Hai", "$C$4:$D$5", "$B$2", "Sheet1")


def test_calculation_waits_where_it_should(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = 1
        sheet["A2"].formula = "=A1*2"
        app.calculation = "manual"
        sheet["A1"].value = 5
        waiting = sheet["A2"].value
        app.calculate()
        return waiting, sheet["A2"].value, app.calculation

    assert xlwings_desk.run(script) == (2.0, 10.0, "manual")


def test_the_caller_of_a_script_is_a_mock_on_libreoffice(xlwings_desk: XlwingsDesk) -> None:
    """`Book.caller` asks Windows; tests set the book that calls."""

    def script(xw: Any, app: Any) -> Any:
        book = app.books.add()
        book.set_mock_caller()
        try:
            return xw.Book.caller() == book
        finally:
            del xw.Book._mock_caller

    assert xlwings_desk.run(script)
