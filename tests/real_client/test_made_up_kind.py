"""A kind of workbook that only this file knows: what a head of unit agrees with each of the unit's people for the week.

It is issued, filled in a real LibreOffice, read back, held against what was issued, booked, and shown in the masters. No other module knows it,
so nothing else has to be changed for a new kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.domain.history.events import BookedEvent
from evalxl.domain.history.history import History, WeekHistory
from evalxl.domain.rulebook import RuleBook
from evalxl.excel.masters.office import MasterContext
from evalxl.excel.masters.sheet_kit import ListColumn, MasterWorkbook, body, heading, set_widths
from evalxl.excel.templates import finish, package
from evalxl.excel.templates.parts import HEADER, INPUT, LOCKED, TEXT, add_page, new_book
from evalxl.forms.field import Field, Type, Who
from evalxl.forms.kind import Table, WorkbookKind
from evalxl.forms.rows import put_back
from evalxl.forms.shared_fields import STAMP
from evalxl.forms.values import Typed
from evalxl.records import folders
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext, row_reader, typed_rows
from evalxl.steps.kinds.at_work import KindAtWork, at_work_with
from evalxl.steps.refresh.week_to_draw import WeekToDraw, WorkbookToDraw
from evalxl.words import Lang
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice
from tests.people import cells, read
from tests.real_client.desk import fill

PERSON, PROMISE, DAYS = "ev_pledge_person", "ev_pledge_text", "ev_pledge_days"
TABLE = "pledges"


def template(kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int) -> bytes:
    page = add_page(new_book(), "Cam kết", kind, rules, lang, size)
    hidden = finish.hidden_page(page.book, kind, rules, lang, size)
    for letter, name, label in (("A", PERSON, "Mã cán bộ"), ("B", PROMISE, "Cam kết"), ("C", DAYS, "Số ngày")):
        page.put(f"{letter}1", label, HEADER)
        page.column(name, f"{letter}2", LOCKED.but(shows=TEXT) if name == PERSON else INPUT.but(shows="General"))
    page.widths(60, 240, 60)
    for one in (page, hidden):
        finish.protect(one.sheet)
    return package.finished((page, hidden), "Cam kết")


def due(now: WeekToDraw) -> Iterator[WorkbookToDraw]:
    """A workbook for each head of a unit, with the unit's people."""
    where = (now.office.settings, now.office.folder, now.week)
    for unit in now.organisation.units:
        people = [row.code for row in now.rows if row.unit == unit.code and row.code != unit.head]
        if people:
            book = now.this.book(PLEDGE.name, unit.head)
            values: dict[str, Any] = {PERSON: people}
            for name in (PROMISE, DAYS):
                typed = (book.typed((TABLE, code), name) for code in people)
                values[name] = [put_back(Typed.from_record(one.value), PLEDGE, name) if one else None for one in typed]
            path = folders.workbook_path(PLEDGE, *where, unit.head, unit.code)
            yield WorkbookToDraw(PLEDGE, unit.head, path, values, {})


def book_pledges(court: DecisionContext, _: History, this: WeekHistory) -> Iterator[BookingResult]:
    """A pledge with its days is booked; one without waits for them."""
    for book in this.books_of(PLEDGE.name):
        judgement = BookingResult()
        for code in typed_rows(book, TABLE):
            reader = row_reader(book, court, PLEDGE, TABLE, code)
            promise, days = reader.text(PROMISE), reader.whole(DAYS)
            if promise and days is None and not reader.refused:
                reader.note("number.unreadable", DAYS)
            values = {"promise": promise, "days": days}
            booked = book.booked.get((TABLE, code))
            if not reader.findings and (booked is None or dict(booked.values) != values):
                last = max(book.rows[(TABLE, code)].values(), key=lambda cell: cell.seq)
                source = {"form_id": last.form_id, "received": last.seq}
                judgement.decisions.append(
                    BookedEvent(
                        workbook=PLEDGE.name,
                        table=TABLE,
                        row=code,
                        subject=code,
                        by_code=book.owner,
                        values=values,
                        source=source,
                    )
                )
            judgement.findings += reader.findings
        yield judgement


def draw_pledges(book: MasterWorkbook, office: MasterContext) -> None:
    sheet = book.sheet("Cam kết")
    columns = [ListColumn("Họ và tên", 30), ListColumn("Cam kết", 50), ListColumn("Số ngày", 10, "count")]
    set_widths(sheet, columns)
    rows = [row for row in office.view.booked if row.workbook == PLEDGE.name]
    lines = [[office.person(row.subject), row.values["promise"], row.values["days"]] for row in rows]
    body(book, sheet, heading(book, sheet, 0, columns), columns, lines)


PLEDGE = WorkbookKind(
    name="pledge",
    order=45,
    declared=(
        *STAMP,
        Field(PERSON, Type.TEXT, Who.EVALXL, TABLE),
        Field(PROMISE, Type.NARRATIVE, Who.PERSON, TABLE),
        Field(DAYS, Type.WHOLE, Who.PERSON, TABLE),
    ),
    tables=(Table(TABLE, 20, key=(PERSON,)),),
    folder="{when}/{unit}/pledges",
    ending="cam-ket",
    template=template,
    sheet=draw_pledges,
)
AT_WORK = KindAtWork(PLEDGE, due=due, book=book_pledges)


@pytest.fixture
def office(issued: LittleOffice) -> Iterator[LittleOffice]:
    """A week in which forms are out, in an office that uses the kind."""
    with at_work_with(AT_WORK):
        yield issued


def workbook(office: LittleOffice) -> Path:
    return office.places / office.week / "VU1" / "pledges" / f"{office.week}_V1-01_cam-ket.xlsx"


def sheet_of_master(office: LittleOffice, unit: str = "") -> list[tuple[Any, ...]]:
    rows = openpyxl.load_workbook(office.master(unit))["Cam kết"].iter_rows(min_row=2, values_only=True)
    return [row for row in rows if any(row)]


def test_a_kind_that_one_file_declares_goes_out_comes_back_and_is_booked_and_shown(
    libreoffice: LibreOffice, office: LittleOffice
) -> None:
    office.consolidate()
    path = workbook(office)
    people = [code for code in read(path, PERSON) if code]
    assert people == ["V1-03", "V1-04", "0012", "V1-02"]

    fill(libreoffice, path, {PROMISE: ["Xong đề án", None, "Trả lời đơn thư"], DAYS: ["3"]})
    found = office.consolidate()["findings"]
    assert [(one["kind"], one["code"], one["cell"]) for one in found if one["kind"].startswith("number.")] == [
        ("number.unreadable", "0012", "C4")
    ]
    assert sheet_of_master(office) == [("Vũ Văn An", "Xong đề án", 3)]
    assert sheet_of_master(office, "VU1") == sheet_of_master(office) and sheet_of_master(office, "VP") == []

    # The workbook went out anew with what was typed; a second press adds nothing; what is missing can be typed in it.
    assert read(path, PROMISE)[:3] == ["Xong đề án", None, "Trả lời đơn thư"]
    assert office.consolidate()["events"] == 0
    fill(libreoffice, path, {DAYS: [None, None, "2"]})
    office.consolidate()
    assert sheet_of_master(office) == [("Vũ Văn An", "Xong đề án", 3), ("Đặng Thị Đào", "Trả lời đơn thư", 2)]
    office.say("verify")


def test_a_locked_cell_of_it_that_was_changed_is_found_with_old_and_new(office: LittleOffice) -> None:
    office.consolidate()
    path = workbook(office)
    book = openpyxl.load_workbook(path)
    cells(book, PERSON)[0].value = "P-02"
    cells(book, PROMISE)[0].value = "Xong đề án"
    book.save(path)

    found = [one for one in office.consolidate()["findings"] if one["kind"] == "cell.locked_changed"]

    assert [(one["code"], one["cell"], one["found"]) for one in found] == [("V1-01", "A2", "P-02")]
    assert "V1-03" in found[0]["message"]
    assert sheet_of_master(office) == []
