"""An office restyles the standard templates in LibreOffice and runs a week on them: no line of code knows that anything was moved."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.excel.returned.reading import read_workbook
from evalxl.records.package_files import shipped
from tests.libreoffice import Document
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice
from tests.people import GOOD_FORM, cells, read
from tests.real_client.desk import entries, examined, fill, kinds, type_rows, week_books


def restyle_form(form: Document) -> None:
    """Own lines above everything, a wider page, the task columns in another order, sheets with other names."""
    form.insert_rows("Phiếu", before=1, count=2)
    form.insert_columns("Phiếu", before="B")
    form.overwrite("Phiếu", "A1", "Mẫu số 07-VP của Vụ")
    form.rename_sheet("Phiếu", "Phiếu tuần (mẫu của Vụ)")
    form.insert_rows("Nhiệm vụ", before=2, count=3)
    last = form.size("ev_task_name")[0] - 1
    columns = {name: [form.place(name, row)[1] for row in (0, last)] for name in ("ev_task_product", "ev_task_status")}
    status, product = (letters(columns[name][0]) for name in ("ev_task_status", "ev_task_product"))
    top, bottom = (int(re.sub(r"\D", "", at)) for at in columns["ev_task_product"])
    # Product and status change places, header and all; the columns at the far right serve as a place to put things down.
    for source, target in ((status, "X"), (product, status), ("X", product)):
        form.move_cells("Nhiệm vụ", f"{source}{top - 1}:{source}{bottom}", f"{target}{top - 1}")
    form.insert_columns("Nhiệm vụ", before="C", count=2)
    form.rename_sheet("Nhiệm vụ", "Việc 'trong' tuần")


def restyle_scoring(book: Document) -> None:
    book.insert_rows("Chấm điểm", before=1, count=4)
    book.insert_columns("Chấm điểm", before="H")
    book.insert_rows("Nhiệm vụ", before=1)
    book.insert_columns("Giao việc", before="A")
    book.overwrite("Chấm điểm", "A1", "Mẫu số 08-VP của Vụ")


def restyle_approval(book: Document) -> None:
    book.insert_rows("Phê duyệt", before=6, count=2)
    book.insert_columns("Phê duyệt", before="P", count=2)
    book.rename_sheet("Phê duyệt", "Duyệt")


RESTYLED = {"form": restyle_form, "scoring": restyle_scoring, "approval": restyle_approval}


def letters(cell: str) -> str:
    return re.sub(r"\d", "", cell)


@pytest.fixture(scope="module")
def templates(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's own templates, as LibreOffice saved them."""
    folder = tmp_path_factory.mktemp("restyled")
    for kind, restyle in RESTYLED.items():
        with libreoffice.open(shipped("templates") / f"{kind}.xlsx") as document:
            for sheet in document.sheets():
                document.unprotect(sheet)
            restyle(document)
            for sheet in document.sheets():
                document.protect(sheet)
            document.save_as(folder / f"{kind}.xlsx")
    return folder


@pytest.fixture
def restyled(made: LittleOffice, templates: Path) -> LittleOffice:
    """The little office with its own templates; nothing is issued yet."""
    for path in templates.iterdir():
        (made.folder / "templates" / path.name).write_bytes(path.read_bytes())
    return made


@pytest.mark.parametrize("kind", RESTYLED)
def test_the_check_finds_nothing_wrong_with_a_restyled_template(restyled: LittleOffice, kind: str) -> None:
    path = restyled.folder / "templates" / f"{kind}.xlsx"
    standard = read_workbook((shipped("templates") / f"{kind}.xlsx").read_bytes())
    own = read_workbook(path.read_bytes())

    restyled.say("templates", "check", str(path), code=0)

    # What the ledger holds is on a sheet of its own, which is not restyled.
    names = [name for name in standard.names if name.startswith("ev_") and not name.startswith("ev_booked_")]
    moved = [name for name in names if own.names[name] != standard.names[name]]
    assert len(moved) > len(names) * 2 / 3
    assert "hidden" in {sheet.state for sheet in own.sheets.values()}
    assert own.properties["evalxl.kind"] == kind


def test_a_week_on_restyled_templates_ends_as_on_the_standard_ones(
    libreoffice: LibreOffice, restyled: LittleOffice, _issued: LittleOffice, tmp_path: Path
) -> None:
    standard = _issued.copy(tmp_path / "standard")
    restyled.say("issue", restyled.week)
    tables = []
    for office, real in ((standard, False), (restyled, True)):
        office.hand_in("V1-03")
        if real:
            office.in_time(fill(libreoffice, office.form("V1-04"), GOOD_FORM))
        else:
            office.hand_in("V1-04")
        office.consolidate()
        rows = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}
        if real:
            with libreoffice.open(office.scoring("V1-02")) as book:
                assert not book.type_into("ev_row_person", 0, "V1-01")
                type_rows(book, "ev_row_person", {"V1-03": rows, "V1-04": rows}, "ev_score_")
                assert book.text("ev_book_left").startswith("Đã chấm 2/2")
                given = {"person": "V1-03", "task": "Chuẩn bị hội nghị", "due": "2025-06-13", "important": "Có"}
                assert book.fill([(f"ev_assign_{name}", 0, value) for name, value in given.items()]) == []
                book.save()
        else:
            office.score("V1-02", {"V1-03": rows, "V1-04": rows})
        office.consolidate()
        office.approve(
            "V1-01", {"V1-03": {"decision": "Phê duyệt có điều chỉnh", "quality": 37, "opinion": "Tốt"}}, all_rest=True
        )
        office.consolidate()
        tables.append(office.table("results"))

    assert tables[0] == tables[1]
    assert {row["code"]: row["state"] for row in tables[1] if row["code"].startswith("V1-0")} == {
        "V1-01": "not_submitted",
        "V1-02": "not_submitted",
        "V1-03": "approved",
        "V1-04": "approved",
    }
    assert restyled.findings() == []
    _the_next_week_has_the_given_task(libreoffice, restyled)


def _the_next_week_has_the_given_task(libreoffice: LibreOffice, office: LittleOffice) -> None:
    office.week = "2025-W24"
    office.say("issue", office.week)
    with libreoffice.open(office.form("V1-03")) as form:
        assert form.value("ev_task_name", 0) == "Chuẩn bị hội nghị"
        assert form.text("ev_task_due", 0) == "13/06/2025"
        for name in ("ev_task_name", "ev_task_important", "ev_task_due"):
            assert not form.type_into(name, 0, "Khác")
            assert not form.is_locked(name, 1)


def test_an_issued_form_on_a_restyled_template_is_alive_at_once(
    libreoffice: LibreOffice, restyled: LittleOffice
) -> None:
    """LibreOffice remembered the results of its own empty template; none of them may be shown to a person."""
    restyled.say("issue", restyled.week)
    path = restyled.form("V1-03")
    with libreoffice.open(path) as form:
        shown = " ".join(text for sheet in form.sheets() for text in texts(form, sheet))
        assert "Vũ Văn An (V1-03)" in shown
        assert form.text("ev_open_items").startswith("Còn 4 ô bắt buộc; trước hết ô ")
        assert form.fill(entries(GOOD_FORM)) == []
        assert form.value("ev_self_total") == 91
        form.save()
    with zipfile.ZipFile(restyled.form("V1-04")) as package:
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")
        sheets = [package.read(name) for name in package.namelist() if "/worksheets/" in name]
    assert not any(re.search(rb"</f>\s*<v>[^<]", sheet) for sheet in sheets)

    seen = examined(path, week_books(restyled.folder, restyled.week))

    assert (seen.verdict, kinds(seen)) == ("submitted", [])


def texts(document: Document, sheet: str) -> list[str]:
    """The head of a sheet as it is shown."""
    return [document.text(sheet, f"A{row}") for row in range(1, 8)]


def test_a_restyled_scoring_workbook_hides_the_rows_of_nobody(restyled: LittleOffice) -> None:
    restyled.say("issue", restyled.week)
    restyled.consolidate()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book: Any = openpyxl.load_workbook(restyled.scoring("V1-02"))

    hidden = [cell.parent.row_dimensions[cell.row].hidden for cell in cells(book, "ev_row_person")]

    assert hidden == [False, False] + [True] * (len(hidden) - 2)
    assert [code for code in read(restyled.scoring("V1-02"), "ev_row_person") if code] == ["V1-03", "V1-04"]


def test_a_locked_cell_of_a_restyled_form_that_was_changed_is_found_where_it_stands_now(
    libreoffice: LibreOffice, restyled: LittleOffice
) -> None:
    restyled.say("issue", restyled.week)
    path = restyled.form("V1-03")
    with libreoffice.open(path) as form:
        place = form.place("ev_person_name")
        form.fill(entries(GOOD_FORM))
        form.overwrite("ev_person_name", 0, "Người khác")
        form.save()

    seen = examined(path, week_books(restyled.folder, restyled.week))

    assert seen.verdict == "invalid"
    assert [finding.brief() for finding in seen.findings] == [f"cell.locked_changed {place[0]}!{place[1]}"]
    assert seen.findings[0].found == "Người khác"


def test_a_person_who_takes_protection_off_and_inserts_rows_is_read_where_the_cells_stand_now(
    libreoffice: LibreOffice, issued: LittleOffice
) -> None:
    """Nothing that was issued has changed: every locked cell is there, only lower."""
    path = issued.form("V1-03")
    books = week_books(issued.folder, issued.week)
    with libreoffice.open(path) as form:
        form.fill(entries(GOOD_FORM))
        for sheet in ("Phiếu", "Nhiệm vụ"):
            form.unprotect(sheet)
            form.insert_rows(sheet, before=3, count=2)
        form.save()

    seen = examined(path, books)
    assert (seen.verdict, kinds(seen)) == ("submitted", ["file.protection_lost"])

    with libreoffice.open(path) as form:
        form.overwrite("ev_person_name", 0, "Người khác")
        form.save()
    assert kinds(examined(path, books)) == ["cell.locked_changed"]


def test_stamping_leaves_every_other_part_of_an_own_template_as_it_is(restyled: LittleOffice) -> None:
    restyled.say("issue", restyled.week)
    template = restyled.folder / "templates" / "form.xlsx"

    with zipfile.ZipFile(template) as own, zipfile.ZipFile(io.BytesIO(restyled.form("V1-03").read_bytes())) as form:
        assert sorted(own.namelist()) == sorted(form.namelist())
        assert {name for name in own.namelist() if own.read(name) != form.read(name)} <= {
            "docProps/custom.xml",
            "xl/workbook.xml",
            *(name for name in own.namelist() if name.startswith("xl/worksheets/")),
        }
