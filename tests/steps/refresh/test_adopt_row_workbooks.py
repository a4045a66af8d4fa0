"""Row workbooks of a lost ledger."""

from __future__ import annotations

from pathlib import Path

from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.binding import bind
from evalxl.forms.fields import fields_under
from evalxl.records.package_files import shipped
from evalxl.steps.refresh.adopt_row_workbooks import values_in
from evalxl.steps.refresh.week_to_draw import WorkbookToDraw
from tests.standard_parts import STANDARD


def test_a_workbook_for_many_people_is_taken_up_with_its_last_row() -> None:
    people = [f"V1-{number:03d}" for number in range(1, 62)]
    shown = {"ev_book_owner": "V1-02", "ev_row_person": people, "ev_row_name": [f"Vũ Văn {code}" for code in people]}
    template = (shipped("templates") / "scoring-200.xlsx").read_bytes()
    book = read_workbook(Stencil(template, kinds.SCORING).stamp(shown, {}))
    fields = fields_under(kinds.SCORING, STANDARD)

    due = WorkbookToDraw(kinds.SCORING, "V1-02", Path(), shown, {})
    found = values_in(book, bind(kinds.SCORING, book.names, fields)[0], fields, due)

    assert found is not None
    assert found["ev_row_person"] == people
