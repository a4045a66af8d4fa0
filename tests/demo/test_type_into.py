"""Filling by field name is typing: what is typed is read back, what was issued stays, and nobody types where nobody may."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from evalxl.demo.type_into import fill
from evalxl.excel.returned.examine import examine
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.binding import bind
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.values import LinkTarget, serial
from evalxl.forms.workbook import Cell, Workbook
from evalxl.records.package_files import shipped
from tests.drawn_workbooks import books_of, drawn

STAMP = {"ev_stamp_kind": "form", "ev_stamp_form_id": "f1", "ev_stamp_week": "2025-W23", "ev_stamp_subject": "VP-0007"}
PROPERTIES = {"evalxl.kind": "form", "evalxl.form_id": "f1", "evalxl.week": "2025-W23", "evalxl.subject": "VP-0007"}


def issued(kind: WorkbookKind, values: dict[str, object], given: tuple[int, ...] = ()) -> bytes:
    template = (shipped("templates") / f"{kind.name}.xlsx").read_bytes()
    return Stencil(template, kind).stamp(values | STAMP, PROPERTIES, given)


def cell(book: Workbook, kind: WorkbookKind, name: str, row: int = 0) -> Cell | None:
    place = bind(kind, book.names)[0][name][row]
    return book.cell(place.sheet, place.at)


def raw(book: Workbook, kind: WorkbookKind, name: str, row: int = 0) -> str:
    found = cell(book, kind, name, row)
    return found.raw if found else ""


def test_what_is_typed_is_read_back_as_what_it_is() -> None:
    form = issued(kinds.FORM, {"ev_person_code": "VP-0007"})

    book = read_workbook(
        fill(
            form,
            kinds.FORM,
            {
                "ev_self_quality": Decimal("37.5"),
                "ev_self_progress": "37,5",
                "ev_conduct_note": '- Đúng giờ & "gọn" <nhanh>\n- Không vắng',
                "ev_task_due": [None, date(2025, 6, 4)],
            },
        )
    )

    quality, progress = cell(book, kinds.FORM, "ev_self_quality"), cell(book, kinds.FORM, "ev_self_progress")
    assert quality is not None
    assert progress is not None
    assert (quality.kind, quality.raw) == ("number", "37.5")
    assert (progress.kind, progress.raw) == ("text", "37,5")
    assert raw(book, kinds.FORM, "ev_conduct_note") == '- Đúng giờ & "gọn" <nhanh>\n- Không vắng'
    assert raw(book, kinds.FORM, "ev_task_due", 1) == str(serial(date(2025, 6, 4)))
    assert cell(book, kinds.FORM, "ev_task_due") is None


def test_everything_else_stays_as_it_was_issued() -> None:
    form = issued(kinds.FORM, {"ev_person_code": "VP-0007", "ev_task_name": ["Việc được giao"]}, given=(0,))

    before = read_workbook(form)
    after = read_workbook(fill(form, kinds.FORM, {"ev_task_status": ["Hoàn thành"], "ev_status": "Đã nộp"}))

    assert after.properties == before.properties
    assert after.names == before.names
    assert after.locks == before.locks
    changed = {
        (sheet.name, at)
        for sheet in before.sheets.values()
        for at in {*sheet.cells, *after.sheets[sheet.name].cells}
        if sheet.cells.get(at) != after.sheets[sheet.name].cells.get(at)
    }
    layout = bind(kinds.FORM, before.names)[0]
    typed = (layout["ev_task_status"][0], layout["ev_status"][0])
    assert changed == {(place.sheet, place.at) for place in typed}


def test_links_of_a_scoring_workbook_still_lead_to_the_forms() -> None:
    links = [LinkTarget("Mở phiếu", "../forms/2025-W23_VP-0007_ho-canh-dieu.xlsx")]
    book = issued(kinds.SCORING, {"ev_row_person": ["VP-0007"], "ev_row_link": links})

    filled = fill(book, kinds.SCORING, {"ev_score_quality": [Decimal(36)]})

    assert raw(read_workbook(filled), kinds.SCORING, "ev_row_link") == "Mở phiếu"
    assert _part(filled, "rels", b"ho-canh-dieu") == _part(book, "rels", b"ho-canh-dieu")


def test_typing_twice_keeps_what_was_typed_before_and_an_empty_text_clears_a_cell() -> None:
    form = fill(issued(kinds.FORM, {}), kinds.FORM, {"ev_self_quality": 37, "ev_difficulties": "Thiếu số liệu"})

    book = read_workbook(fill(form, kinds.FORM, {"ev_difficulties": "", "ev_self_progress": 36}))

    assert raw(book, kinds.FORM, "ev_self_quality") == "37"
    assert raw(book, kinds.FORM, "ev_self_progress") == "36"
    assert cell(book, kinds.FORM, "ev_difficulties") is None


def test_a_row_grows_with_a_long_text_as_it_does_while_somebody_types() -> None:
    form = issued(kinds.FORM, {})
    long = "Đơn vị phối hợp gửi số liệu chậm hai ngày, phải chờ ý kiến của cơ quan cấp trên rồi mới hoàn thiện được báo cáo."

    sheet = _part(fill(form, kinds.FORM, {"ev_task_cause": [long]}), "worksheets", b'r="6"', b"Nguy")

    assert _height(sheet, 7) > _height(_part(form, "worksheets", b'r="6"', b"Nguy"), 7)
    assert _height(sheet, 8) == _height(_part(form, "worksheets", b'r="6"', b"Nguy"), 8)


@pytest.mark.parametrize("kind", [kinds.FORM, kinds.UNIT_FORM, kinds.SCORING, kinds.APPROVAL])
def test_no_row_vanishes_under_what_is_issued_and_typed_and_saved_once_more(kind: WorkbookKind) -> None:
    """Rows that say nothing of their height, and texts that need no more than a line: both were once given a height of zero."""
    one = drawn(kind, 1)
    filled = fill(one.data, kind, one.fill)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        openpyxl.load_workbook(io.BytesIO(filled)).save(saved := io.BytesIO())

    for data in (one.data, filled, saved.getvalue()):
        assert {sheet.name: sheet.flat_rows for sheet in read_workbook(data).sheets.values() if sheet.flat_rows} == {}
        assert "cell.hard_to_see" not in {finding.kind for finding in examine(data, books_of([one])).findings}


@pytest.mark.parametrize("name", ["ev_person_code", "ev_self_total", "ev_task_coefficient", "ev_score_quality"])
def test_nobody_types_into_a_cell_that_is_not_open(name: str) -> None:
    with pytest.raises(KeyError):
        fill(issued(kinds.FORM, {}), kinds.FORM, {name: "1"})


def _part(data: bytes, folder: str, *holds: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = (package.read(name) for name in package.namelist() if folder in name)
        return next(part for part in parts if all(one in part for one in holds))


def _height(sheet: bytes, row: int) -> float:
    found = re.search(rb'<row r="%d"[^>]*\bht="([\d.]+)"' % row, sheet)
    assert found
    return float(found[1])
