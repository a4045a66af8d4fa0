"""One xlwings script on Excel and on LibreOffice: what stands in cells. Where Excel does otherwise the test's docstring says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.xlwings_on_libreoffice.desk import ScriptError, XlwingsDesk

pytestmark = pytest.mark.usefixtures("xlwings_desk")


def test_numbers_texts_and_nothing_come_back(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = [[37.5, "Đã chấm", None], [0, "", "0012"]]
        return sheet["A1:C2"].value

    assert xlwings_desk.run(script) == [[37.5, "Đã chấm", None], [0.0, None, "0012"]]


def test_text_that_looks_like_a_number_stays_text(xlwings_desk: XlwingsDesk) -> None:
    """Excel makes a number of "12" and, by its country, of "37,5"; with an apostrophe before it both keep it as text."""

    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = "'37,5"
        sheet["A2"].value = "'=1+1"
        sheet["A3"].number_format = "@"
        sheet["A3"].value = "=1+1"
        sheet["A4"].value = "37,5"
        return sheet["A1:A4"].value

    assert xlwings_desk.run(script) == ["37,5", "=1+1", "=1+1", "37,5"]


def test_dates_and_moments_come_back(xlwings_desk: XlwingsDesk) -> None:
    """A cell without a date's format gets one; Excel takes the one of its country, LibreOffice yyyy-mm-dd."""

    def script(xw: Any, app: Any) -> Any:
        import datetime as dt

        sheet = app.books.add().sheets[0]
        sheet["A1"].value = dt.date(2025, 6, 4)
        sheet["A2"].value = dt.datetime(2025, 6, 4, 17, 5, 30)
        sheet["A3"].number_format = "dd/mm/yyyy"
        sheet["A3"].value = dt.date(1999, 12, 31)
        sheet["A4"].formula = "=A1+1"
        sheet["A4"].number_format = "dd/mm/yyyy"
        return sheet["A1:A4"].value, sheet["A1"].options(dates=dt.date).value, sheet["A3"].number_format.upper()

    assert xlwings_desk.run(script) == (
        [
            dt.datetime(2025, 6, 4),
            dt.datetime(2025, 6, 4, 17, 5, 30),
            dt.datetime(1999, 12, 31),
            dt.datetime(2025, 6, 5),
        ],
        dt.date(2025, 6, 4),
        "DD/MM/YYYY",
    )


def test_truth_values_are_told_by_their_format(xlwings_desk: XlwingsDesk) -> None:
    """Excel knows truth values as such; LibreOffice has numbers in a format, and takes it away with the format."""

    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = [True, False, 1]
        sheet["D1"].formula = "=1=1"
        before = sheet["A1:D1"].value
        sheet["A1"].number_format = "General"
        return before, sheet["A1"].value

    assert xlwings_desk.run(script) == ([True, False, 1.0, True], 1.0)


def test_an_error_is_nothing_or_its_word(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].formula = "=1/0"
        sheet["A2"].formula = "=NA()"
        sheet["A3"].value = "5"
        return sheet["A1:A3"].value, sheet["A1:A2"].options(err_to_str=True).value

    assert xlwings_desk.run(script) == ([None, None, "5"], ["#DIV/0!", "#N/A"])


def test_formulas_are_written_as_in_excel(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        book = app.books.add()
        sheet = book.sheets[0]
        other = book.sheets.add("Tuần 23", after=sheet)
        other["A1"].value = [[1], [2], [3]]
        sheet["A1"].value = [[10], [20], [30]]
        sheet["B1:B3"].formula = "=IF(A1>15,SUM(A1,'Tuần 23'!A1),0)"
        sheet["C1"].value = "=SUM(B1:B3)"
        return sheet["B1:C3"].value, sheet["B2"].formula, sheet["C1"].formula, sheet["A1"].formula

    values, second, total, number = xlwings_desk.run(script)

    assert values == [[0.0, 55.0], [22.0, None], [33.0, None]]
    assert second == "=IF(A2>15,SUM(A2,'Tuần 23'!A2),0)"
    assert total == "=SUM(B1:B3)"
    assert number == "10"


def test_one_value_fills_a_block(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1:B2"].value = "Không"
        sheet["D1"].options(transpose=True).value = [1, 2, 3]
        return sheet["A1:B2"].value, sheet["D1:D3"].value

    assert xlwings_desk.run(script) == ([["Không", "Không"], ["Không", "Không"]], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("start", "direction", "end"),
    [
        ("A1", "down", "$A$3"),
        ("A3", "down", "$A$6"),
        ("A4", "down", "$A$6"),
        ("A7", "down", "$A$1048576"),
        ("A7", "up", "$A$6"),
        ("A6", "up", "$A$3"),
        ("A1", "right", "$C$1"),
        ("C1", "left", "$A$1"),
        ("E1", "left", "$C$1"),
    ],
)
def test_control_and_an_arrow_lead_to_the_same_cell(
    xlwings_desk: XlwingsDesk, start: str, direction: str, end: str
) -> None:
    """
    |   | A | B | C |
    | 1 | x | x | x |
    | 2 | x |   |   |
    | 3 | x |   |   |
    | 6 | x |   |   |
    | 7 | x |   |   |
    """

    def script(xw: Any, app: Any, start: str, direction: str) -> Any:
        sheet = app.books.add().sheets[0]
        for cells in ("A1:C1", "A2:A3", "A6:A7"):
            sheet[cells].value = "x"
        return sheet[start].end(direction).address

    assert xlwings_desk.run(script, start=start, direction=direction) == end


def test_a_long_table_is_read_in_one_go(xlwings_desk: XlwingsDesk) -> None:
    """40,000 cells: its end is asked for, not walked to."""

    def script(xw: Any, app: Any) -> Any:
        import time

        sheet = app.books.add().sheets[0]
        sheet["A1"].value = [[row + column for column in range(20)] for row in range(2000)]
        before = time.perf_counter()
        table = sheet["A1"].expand()
        values = table.value
        return table.address, values[1999][19], time.perf_counter() - before, sheet["A1"].expand("right").address

    address, last, seconds, first_row = xlwings_desk.run(script)

    assert (address, last, first_row) == ("$A$1:$T$2000", 2018.0, "$A$1:$T$1")
    assert seconds < 5


def test_a_range_is_named_by_address_by_numbers_and_by_name(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        book = app.books.add()
        sheet = book.sheets[0]
        sheet["B2:C3"].name = "ev_score_quality"
        said = [
            sheet["B2"],
            sheet.range((2, 2)),
            sheet.range((2, 2), (3, 3)),
            sheet["ev_score_quality"],
            sheet[1, 1],
            sheet["B2:C3"][1, :],
            sheet.range("B2", "C3"),
            sheet["B2:C3"](4),
            sheet["B:B"],
            sheet["2:2"],
        ]
        return [each.address for each in said], sheet["B2:C3"].name.name, sheet["A1"].name

    assert xlwings_desk.run(script) == (
        [
            "$B$2",
            "$B$2",
            "$B$2:$C$3",
            "$B$2:$C$3",
            "$B$2",
            "$B$3:$C$3",
            "$B$2:$C$3",
            "$C$3",
            "$B$1:$B$1048576",
            "$A$2:$XFD$2",
        ],
        "ev_score_quality",
        None,
    )


def test_a_cell_of_no_sheet_is_refused(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        return app.books.add().sheets[0].range("no such name").value

    with pytest.raises(ScriptError, match="no such name"):
        xlwings_desk.run(script)


def test_looks_are_set_and_read(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = "một dòng khá dài"
        sheet["A1"].color = (255, 199, 206)
        sheet["B1"].color = "#00ff00"
        sheet["A1"].number_format = "0.00"
        sheet["A3:B4"].merge()
        sheet["A6"].row_height = 30
        sheet["A7:A8"].rows.hidden = True
        sheet["A1"].wrap_text = True
        seen = [sheet["A1"].color, sheet["B1"].color, sheet["C1"].color, sheet["A1"].number_format]
        seen += [sheet["A3"].merge_area.address, sheet["A3"].merge_cells, sheet["C1"].merge_cells]
        seen += [round(sheet["A6"].row_height), sheet["A7"].rows.hidden, sheet["A9"].rows.hidden]
        sheet["A3:B4"].unmerge()
        sheet.autofit()
        sheet["A1"].clear()
        return [*seen, sheet["A3"].merge_cells, sheet["A1"].value, sheet["A1"].color, sheet["A1:B1"].number_format]

    assert xlwings_desk.run(script) == [
        (255, 199, 206),
        (0, 255, 0),
        None,
        "0.00",
        "$A$3:$B$4",
        True,
        False,
        30,
        True,
        False,
        False,
        None,
        None,
        "General",
    ]


def test_rows_go_in_and_out_and_cells_are_copied(xlwings_desk: XlwingsDesk) -> None:
    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        sheet["A1"].value = [[1], [2], [3]]
        sheet["A2"].insert("down")
        sheet["A1"].copy(sheet["C1"])
        after = sheet["A1:A4"].value
        sheet["A2"].delete("up")
        return after, sheet["A1:A3"].value, sheet["C1"].value, sheet["A1"].current_region.address

    assert xlwings_desk.run(script) == ([1.0, None, 2.0, 3.0], [1.0, 2.0, 3.0], 1.0, "$A$1:$A$3")


def test_a_locked_cell_of_a_protected_sheet_refuses_a_script_too(xlwings_desk: XlwingsDesk) -> None:
    """As Excel does; xlwings has no word for protecting a sheet, `sheet.api` has one, another on each program."""

    def script(xw: Any, app: Any) -> Any:
        sheet = app.books.add().sheets[0]
        protection = sheet["B1"].api.CellProtection
        protection.IsLocked = False
        sheet["B1"].api.CellProtection = protection
        sheet.api.protect("sua-nham")
        sheet["B1"].value = 37.5
        refused = []
        for write in (
            lambda: setattr(sheet["A1"], "value", 1),
            lambda: setattr(sheet["A1:B1"], "value", 1),
            lambda: setattr(sheet["A1"], "formula", "=1"),
            lambda: sheet["A1"].clear_contents(),
        ):
            try:
                write()
            except Exception as slip:
                refused.append(type(slip).__name__)
        return sheet["A1:B1"].value, refused

    assert xlwings_desk.run(script) == ([None, 37.5], ["LockedCellsError"] * 4)
