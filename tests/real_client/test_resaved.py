"""No false alarms: whatever a program does to a workbook by habit when it saves, the same is read, and nothing is called altered."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.excel.returned.examine import Examined, WeekBooks
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.stamping.stamp import Stencil
from evalxl.excel.templates import STANDARD
from evalxl.forms import kinds as workbooks
from evalxl.forms.calculations.formulas import plain
from evalxl.forms.comparison.changes import changes
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.workbook import address
from evalxl.records.package_files import shipped
from tests.libreoffice import LibreOfficeError
from tests.libreoffice import Office as LibreOffice
from tests.little_office import LittleOffice
from tests.people import GOOD_FORM, type_into
from tests.programs import Node, save_by_gnumeric
from tests.real_client.desk import entries, examined, kinds, week_books
from tests.resaved import Programs, mixed, one_by_one, resave
from tests.second_week import WEEK, issued_workbooks, second_week

FORM = {
    **GOOD_FORM,
    "ev_self_quality": 37.5,
    "ev_self_conduct": 18.25,
    "ev_task_name": [None, "- Soạn tờ trình", "+ Họp giao ban", "Việc & <thẻ> \"trích\" 'dẫn' 😀"],
    "ev_task_important": [None, "Có", "Không"],
    "ev_task_complexity": ["Trung bình", "Phức tạp"],
    "ev_task_assigned": [3, 2.5],
    "ev_task_done": [3, 1],
    "ev_task_due": [None, date(2025, 6, 13), date(2025, 6, 20)],
    "ev_task_finished": [date(2025, 6, 12)],
    "ev_task_status": ["Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện", "Chưa hoàn thành"],
    "ev_task_product": ["Báo cáo số 12", "Tờ trình\nhai dòng", "-"],
    "ev_task_evidence": ["12-BC/VP", "0012"],
    "ev_plan_name": ["Kế hoạch quý III"],
    "ev_plan_due": [date(2025, 6, 20)],
    "ev_difficulties": "- Thiếu người\n- Thiếu máy",
}
SCORING = {
    "ev_score_quality": [36, 37.5],
    "ev_score_progress": [36, 30],
    "ev_score_conduct": [17, 12.5],
    "ev_score_breach": [None, "Có"],
    "ev_score_breach_note": [None, "Đi muộn ngày 10/6"],
    "ev_score_comment": ["- Tốt", "Cần cố gắng\nhơn"],
    "ev_score_decision": ["Đã chấm", "Trả lại"],
    "ev_check_status": ["Hoàn thành"],
    "ev_check_recognised": ["Có", "Không"],
    "ev_check_faults": [0, 2],
    "ev_assign_person": [None, "V1-03"],
    "ev_assign_task": [None, "Chuẩn bị hội nghị"],
    "ev_assign_due": [None, date(2025, 6, 20)],
}
APPROVAL = {
    "ev_approve_decision": ["Phê duyệt có điều chỉnh"],
    "ev_approve_quality": [38.5],
    "ev_approve_opinion": ["Có sáng kiến", "Xem lại điểm tác phong"],
    "ev_approve_by_paper": ["Danh sách số 07"],
    "ev_approve_all": "Có",
}
WORKBOOKS: dict[str, dict[str, Any]] = {"form": FORM, "unit_form": FORM, "scoring": SCORING, "approval": APPROVAL}


@pytest.fixture(scope="module")
def office(_made: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    return second_week(_made, tmp_path_factory.mktemp("second-week") / "office")


@pytest.fixture(scope="module")
def books(office: LittleOffice) -> WeekBooks:
    return week_books(office.folder, WEEK)


def issued(office: LittleOffice, kind: str) -> Path:
    return issued_workbooks(office)[kind]


Way = Callable[[LibreOffice, Path, dict[str, Any], Path], None]


def by_openpyxl(_: LibreOffice, path: Path, values: dict[str, Any], to: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        type_into(path, values, to)


def by_libreoffice(libreoffice: LibreOffice, path: Path, values: dict[str, Any], to: Path) -> None:
    with libreoffice.open(path) as document:
        assert document.fill(entries(values)) == []
        document.save_as(to)


def by_way_of_ods(libreoffice: LibreOffice, path: Path, values: dict[str, Any], to: Path) -> None:
    half = to.with_suffix(".ods")
    with libreoffice.open(path) as document:
        document.save_as(half)
    with libreoffice.open(half) as document:
        assert document.fill(entries(values)) == []
        document.save_as(to)


def by_gnumeric(libreoffice: LibreOffice, path: Path, values: dict[str, Any], to: Path) -> None:
    by_libreoffice(libreoffice, path, values, to.with_suffix(".typed.xlsx"))
    save_by_gnumeric(to.with_suffix(".typed.xlsx"), to)


WAYS: list[Way] = [by_openpyxl, by_libreoffice, by_way_of_ods]
PROGRAMS = [*(way.__name__ for way in WAYS), "by_gnumeric", "by_sheetjs", "by_exceljs"]


@pytest.fixture
def way(request: pytest.FixtureRequest) -> Way:
    """How a program types into a workbook and saves it."""
    if request.param == "by_gnumeric":
        request.getfixturevalue("gnumeric")
        return by_gnumeric
    if request.param in ("by_sheetjs", "by_exceljs"):
        node: Node = request.getfixturevalue("node")

        def by_node(_: LibreOffice, path: Path, values: dict[str, Any], to: Path) -> None:
            layout = read_workbook(path.read_bytes()).names
            typing = []
            for name, row, value in one_by_one(values):
                at = (layout[name].top + row, layout[name].left)
                typing.append((layout[name].sheet, address(at), value))
            node.save(request.param[3:], path, to, typing)

        return by_node
    return next(way for way in WAYS if way.__name__ == request.param)


@pytest.mark.parametrize("way", PROGRAMS, indirect=True)
@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_workbook_that_was_only_saved_says_nothing(
    libreoffice: LibreOffice, office: LittleOffice, books: WeekBooks, tmp_path: Path, kind: str, way: Way
) -> None:
    way(libreoffice, issued(office, kind), {}, tmp_path / "saved.xlsx")

    seen = examined(tmp_path / "saved.xlsx", books)

    assert seen.verdict == ("read" if kind in ("scoring", "approval") else "waiting")
    assert (seen.typed, seen.content) == ((), None)
    if way in WAYS:
        assert kinds(seen) == []
    assert {finding.level for finding in seen.findings} <= {"note"}


@pytest.fixture(scope="module")
def plainly(
    office: LittleOffice, books: WeekBooks, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Examined]:
    """What each filled workbook says as openpyxl saved it."""
    path = tmp_path_factory.mktemp("plainly") / "plainly.xlsx"
    found = {}
    for kind, values in WORKBOOKS.items():
        by_openpyxl(libreoffice, issued(office, kind), values, path)
        found[kind] = examined(path, books)
    return found


@pytest.mark.parametrize("way", PROGRAMS[1:], indirect=True)
@pytest.mark.parametrize("kind", WORKBOOKS)
def test_what_was_typed_is_read_alike_whatever_program_saved_it(
    libreoffice: LibreOffice,
    office: LittleOffice,
    books: WeekBooks,
    plainly: dict[str, Examined],
    tmp_path: Path,
    kind: str,
    way: Way,
) -> None:
    way(libreoffice, issued(office, kind), WORKBOOKS[kind], tmp_path / "saved.xlsx")
    expected = plainly[kind]

    seen = examined(tmp_path / "saved.xlsx", books)

    assert expected.verdict == ("read" if kind in ("scoring", "approval") else "submitted")
    assert expected.content or len(expected.typed) >= 6
    assert {finding.level for finding in expected.findings} <= {"note", "warning"}
    assert seen.verdict == expected.verdict
    assert seen.content == expected.content
    assert seen.typed == expected.typed
    assert seen.cells == expected.cells
    said, more = set(kinds(expected)), {finding.kind for finding in seen.findings if finding.level == "note"}
    assert said <= set(kinds(seen)) <= said | more
    if way in WAYS:
        assert seen.findings == expected.findings


def test_many_drawn_workbooks_are_read_alike_whatever_program_saved_them(
    libreoffice: LibreOffice, gnumeric: None, node: Node, tmp_path: Path
) -> None:
    """A short form of `python -m tests.resaved --long`."""
    told = resave(mixed(3), Programs(libreoffice, node), tmp_path)

    assert told.wrong == []
    assert told.total == 3 * 18
    assert told.values > 1000


@pytest.mark.parametrize("way", [by_libreoffice, by_way_of_ods])
@pytest.mark.parametrize("name", STANDARD)
def test_every_formula_of_the_templates_is_recognised_after_saving(
    libreoffice: LibreOffice, tmp_path: Path, name: str, way: Way
) -> None:
    template = shipped("templates") / name
    way(libreoffice, template, {}, tmp_path / "saved.xlsx")
    ours, saved = read_workbook(template.read_bytes()), read_workbook((tmp_path / "saved.xlsx").read_bytes())

    formulas = {
        (sheet.name, at): cell.formula
        for sheet in ours.sheets.values()
        for at, cell in sheet.cells.items()
        if cell.formula is not None
    }
    other = {
        place: (formula, found)
        for place, formula in formulas.items()
        if (cell := saved.cell(*place)) is None or (found := cell.formula) is None or plain(found) != plain(formula)
    }
    assert len(formulas) >= 3
    assert other == {}


AWKWARD = [
    "a < b & c > d ]]>",
    "=1+1",
    "- gạch đầu dòng",
    "@nguyen",
    "hai\ndòng \n  ba",
    "😀 Ủy ban, Uỷ ban",
    "_x0041_ không phải chữ A, _x005F_ cũng không",
    "0012",
    "37,5",
    "TRUE",
    "#N/A",
    "1E5",
    "05/6/2025",
    "'nháy đầu",
    "\u00a0cách\u00a0cứng",
    "x" * 300,
]


@pytest.mark.parametrize("way", WAYS)
def test_no_text_that_was_issued_is_taken_for_something_else(
    libreoffice: LibreOffice, tmp_path: Path, way: Way
) -> None:
    """Texts that look like formulas, numbers, dates, errors or codes of characters, all in locked cells."""
    data = (shipped("templates") / "form.xlsx").read_bytes()
    template = Template.of(workbooks.FORM, read_workbook(data, blanks=True))
    values = {
        "ev_task_name": AWKWARD,
        "ev_list_task_code": AWKWARD,
        "ev_person_name": AWKWARD[0],
        "ev_list_coefficient": [Decimal("1.1")],
    }
    given = range(len(AWKWARD))
    (tmp_path / "issued.xlsx").write_bytes(Stencil(data, workbooks.FORM).stamp(values, {}, given=given))

    way(libreoffice, tmp_path / "issued.xlsx", {}, tmp_path / "saved.xlsx")

    saved = read_workbook((tmp_path / "saved.xlsx").read_bytes())
    assert changes(Issued(template, values, frozenset(given)), saved, template.layout) == []


def test_the_offices_password_opens_a_sheet_and_no_other_does(libreoffice: LibreOffice, tmp_path: Path) -> None:
    stencil = Stencil((shipped("templates") / "form.xlsx").read_bytes(), workbooks.FORM, "sửa nhầm")
    (tmp_path / "form.xlsx").write_bytes(stencil.stamp({}, {}))

    with libreoffice.open(tmp_path / "form.xlsx") as form:
        with pytest.raises(LibreOfficeError):
            form.unprotect("Phiếu", "mật khẩu khác")
        assert form.is_protected("Phiếu")
        form.unprotect("Phiếu", "sửa nhầm")
        assert not form.is_protected("Phiếu")


def test_what_a_forger_writes_past_protection_is_found_with_old_and_new(
    libreoffice: LibreOffice, office: LittleOffice, books: WeekBooks, tmp_path: Path
) -> None:
    with libreoffice.open(issued(office, "form")) as form:
        form.fill(entries({**FORM, "ev_task_name": None}))
        for name, row, value in (
            ("ev_person_name", 0, "Người khác"),
            ("ev_task_key", 2, "99"),
            ("ev_task_name", 0, "Việc dễ hơn"),
            ("ev_last_day", 0, 45900.0),
            ("ev_self_total", 0, 100.0),
            ("ev_suggested_quality", 0, "=40"),
        ):
            form.overwrite(name, row, value)
        form.save_as(tmp_path / "forged.xlsx")

    seen = examined(tmp_path / "forged.xlsx", books)

    assert seen.verdict == "invalid"
    assert seen.content is None
    found = {(finding.kind, finding.found, finding.values["issued"][:20]) for finding in seen.findings}
    assert {(kind, new) for kind, new, _ in found} == {
        ("cell.locked_changed", "Người khác"),
        ("cell.locked_changed", "99"),
        ("cell.locked_changed", "Việc dễ hơn"),
        ("cell.locked_changed", "31/8/2025"),
        ("cell.formula_replaced", "100"),
        ("cell.formula_changed", "=40"),
    }
    assert {old for _, _, old in found} >= {"Vũ Văn An", "03", "Chuẩn bị hội nghị"}
    assert [old for _, new, old in found if new == "31/8/2025"] == ["13/6/2025"]
    assert all(finding.cell and finding.sheet and finding.code == "V1-03" for finding in seen.findings)


def test_a_manager_who_unprotects_and_sorts_by_hand_is_told_from_which_row_on(
    libreoffice: LibreOffice, office: LittleOffice, books: WeekBooks, tmp_path: Path
) -> None:
    """Two people's codes were exchanged: the scores beside them would be the other's."""
    with libreoffice.open(issued(office, "scoring")) as book:
        first, second = book.column("ev_row_person")[:2]
        book.overwrite("ev_row_person", 0, str(second))
        book.overwrite("ev_row_person", 1, str(first))
        book.save_as(tmp_path / "sorted.xlsx")
    place = read_workbook((tmp_path / "sorted.xlsx").read_bytes()).names["ev_row_person"]

    seen = examined(tmp_path / "sorted.xlsx", books)

    assert seen.verdict == "invalid"
    assert seen.typed == ()
    assert [(finding.kind, finding.sheet, finding.cell) for finding in seen.findings] == [
        ("rows.sorted_in_part", place.sheet, address((place.top, place.left)))
    ]


def test_what_programs_drop_is_noted_and_no_more(office: LittleOffice, books: WeekBooks, tmp_path: Path) -> None:
    """A program without protection, validation and custom properties has saved the form."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        type_into(issued(office, "form"), {**FORM}, tmp_path / "poor.xlsx")
        book: Any = openpyxl.load_workbook(tmp_path / "poor.xlsx")
    for sheet in book.worksheets:
        sheet.protection.sheet = False
        sheet.data_validations.dataValidation = []
        sheet.sheet_state = "visible"
    book.security = None
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    book.save(tmp_path / "poor.xlsx")

    seen = examined(tmp_path / "poor.xlsx", books)

    assert seen.verdict == "submitted"
    assert {"file.protection_lost", "file.validation_lost", "file.hiding_lost", "stamp.one_lost"} <= set(kinds(seen))
    assert {finding.level for finding in seen.findings if finding.kind.startswith(("file.", "stamp."))} == {"note"}
