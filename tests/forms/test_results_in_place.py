"""A result in the place of its formula: what the person sees is right, so the workbook is read with a note; anything else there refuses it."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import openpyxl
import pytest

from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import read_rulebook
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.stamping.stamp import Stencil
from evalxl.excel.templates import build
from evalxl.forms import kinds
from evalxl.forms.comparison.appearance import shown_otherwise
from evalxl.forms.comparison.changes import changes
from evalxl.forms.comparison.habits import habits
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.comparison.located import locate
from evalxl.forms.kind import WorkbookKind, used_rows
from evalxl.forms.workbook import Cell, Workbook
from evalxl.records.package_files import shipped
from tests.people import cells
from tests.standard_parts import FIELDS

# What went out, and what was typed into it.
WENT_OUT: dict[WorkbookKind, dict[str, Any]] = {
    kinds.FORM: {
        "ev_person_name": "Vũ Văn An",
        "ev_list_complexity": ["Đơn giản", "Trung bình"],
        "ev_list_coefficient": [Decimal(1), Decimal("1.25")],
    },
    kinds.SCORING: {
        "ev_row_person": ["V1-03", "V1-04"],
        "ev_row_name": ["Vũ Văn An", "Vũ Văn Ánh"],
        "ev_row_self_quality": [Decimal(40), Decimal(31)],
        "ev_row_self_progress": [Decimal(36), Decimal(30)],
        "ev_row_self_conduct": [Decimal(18), Decimal("12.5")],
    },
    kinds.APPROVAL: {
        "ev_row_person": ["V1-03", "V1-04"],
        "ev_row_score_quality": [Decimal(36), Decimal(31)],
        "ev_row_score_progress": [Decimal(36), Decimal(30)],
        "ev_row_score_conduct": [Decimal(17), Decimal("12.5")],
        "ev_row_score_total": [Decimal(89), Decimal("73.5")],
        "ev_approve_all": "Không",
    },
    kinds.FOLLOW_UP: {"ev_follow_person": ["V1-03"], "ev_follow_state": ["Mới"]},
    kinds.PERIOD_INPUT: {
        "ev_period_person": ["V1-03", "V1-04"],
        "ev_period_quantity": [Decimal(90), None],
        "ev_period_quality": [Decimal("81.5"), None],
        "ev_period_timeliness": [Decimal(98), None],
    },
}
WENT_OUT[kinds.UNIT_FORM] = {name: value for name, value in WENT_OUT[kinds.FORM].items() if name != "ev_person_name"}
FORM = {
    "ev_self_quality": 36.1,
    "ev_self_progress": 36.2,
    "ev_self_conduct": 17.7,
    "ev_task_name": ["Báo cáo tuần", "Họp giao ban"],
    "ev_task_status": ["Hoàn thành", "Chưa hoàn thành"],
    "ev_task_complexity": ["Trung bình", None],
    "ev_status": "Đã nộp",
}
TYPED: dict[WorkbookKind, dict[str, Any]] = {
    kinds.FORM: FORM,
    kinds.UNIT_FORM: FORM,
    kinds.SCORING: {
        "ev_score_quality": [36, 31],
        "ev_score_progress": [36, None],
        "ev_score_conduct": [17, None],
        "ev_score_decision": ["Đã chấm", None],
        "ev_assign_person": ["V1-04"],
        "ev_assign_task": ["Chuẩn bị hội nghị"],
    },
    kinds.APPROVAL: {"ev_approve_decision": ["Phê duyệt có điều chỉnh"], "ev_approve_quality": [37.5]},
    kinds.FOLLOW_UP: {"ev_follow_state": ["Đã xong"]},
    kinds.PERIOD_INPUT: {
        "ev_period_common": [27.5, None],
        "ev_period_decision": ["Đã ghi", None],
    },
}
At = tuple[str, int]  # a name and a row; a label without a name by its sheet and cell
BAND = "Hoàn thành xuất sắc nhiệm vụ"
# What each workbook shows then, worked out by hand, and what is another thing.
SHOWN: dict[WorkbookKind, dict[At | str, tuple[Any, tuple[Any, ...]]]] = {
    kinds.FORM: {
        ("ev_self_total", 0): ("90,00", (90.5, 89.99, "90,5", "90 điểm", True, "#N/A", BAND)),
        ("ev_self_band", 0): (BAND, ("Hoàn thành tốt nhiệm vụ", f"{BAND}.", 90)),
        ("ev_suggested_quality", 0): ("", (40,)),
        ("ev_open_items", 0): ("Đã điền đủ.", ("Phiếu đã điền đủ.",)),
        ("ev_task_coefficient", 0): (1.25, (1, 1.26)),
        ("ev_task_coefficient", 1): ("1", ("1,25",)),
        ("ev_task_coefficient", 39): (1, (0,)),
        "Phiếu!A39": ("Vũ Văn An", ("Vũ Văn Ánh",)),
    },
    kinds.SCORING: {
        ("ev_row_score_total", 0): (89, (98,)),
        ("ev_row_difference", 0): (-4, (4,)),
        ("ev_row_difference", 1): (0, (1,)),
        ("ev_row_open_items", 1): ("Còn thiếu: điểm tiến độ; điểm tác phong.", ("Đủ. Đề nghị chọn Đã chấm.",)),
        ("ev_book_left", 0): ("Đã chấm 1/2", ("Đã chấm 2/2",)),
        "Giao việc!C4": ("Vũ Văn Ánh", ("Vũ Văn An",)),
    },
    kinds.APPROVAL: {
        ("ev_approve_total", 0): (90.5, (89,)),
        ("ev_approve_band", 0): (BAND, ("Hoàn thành tốt nhiệm vụ",)),
        ("ev_approve_open_items", 0): (
            "Còn thiếu: lý do điều chỉnh (ghi ở Ý kiến phê duyệt).",
            ("Còn thiếu: lý do trả lại (ghi ở Ý kiến phê duyệt).",),
        ),
        ("ev_book_left", 0): ("Đã quyết định 0/2", ("Đã quyết định 1/2",)),
    },
    kinds.FOLLOW_UP: {
        ("ev_follow_open_items", 0): ("Còn thiếu: kết quả thực hiện", ("Còn thiếu: hạn thực hiện",)),
        ("ev_book_left", 0): ("Đã xong 0/1", ("Đã xong 1/1",)),
    },
    kinds.PERIOD_INPUT: {
        ("ev_period_task_points", 0): (62.883333333333333, (62.88, 70)),  # 269.5 / 3 * 70 %, which has no end
        ("ev_period_total", 0): ("90,38", (90.38,)),  # as it is shown, and as it is not
        ("ev_book_left", 0): ("Đã ghi 1/2", ("Đã ghi 2/2",)),
    },
}
SHOWN[kinds.UNIT_FORM] = {at: shown for at, shown in SHOWN[kinds.FORM].items() if at != "Phiếu!A39"}


@cache
def template(kind: WorkbookKind) -> tuple[bytes, Template]:
    rules = "nd-335-2025" if kind is kinds.PERIOD_INPUT else "cv-8679-2025"
    data = (
        build(kind, read_rulebook((shipped("rulebooks") / f"{rules}.toml").read_bytes(), rules))
        if kind is kinds.PERIOD_INPUT
        else (shipped("templates") / f"{kind.name}.xlsx").read_bytes()
    )
    return data, Template.of(kind, read_workbook(data, blanks=True))


@cache
def filled(kind: WorkbookKind) -> bytes:
    values = WENT_OUT[kind]
    out = Stencil(template(kind)[0], kind).stamp(values, {}, hidden=used_rows(kind, values))
    book = loaded(out)
    for name, value in TYPED[kind].items():
        for cell, one in zip(cells(book, name), value if isinstance(value, list) else [value], strict=False):
            cell.value = one if one is not None else cell.value
    return saved(book)


def loaded(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell_at(book: Any, at: At | str) -> Any:
    if isinstance(at, str):
        sheet, _, cell = at.partition("!")
        return book[sheet][cell]
    return cells(book, at[0])[at[1]]


def found(kind: WorkbookKind, data: bytes) -> tuple[list[Finding], list[Finding]]:
    """Why the workbook is refused, and what is noted of one that is read."""
    issued, book = Issued(template(kind)[1], WENT_OUT[kind]), read_workbook(data)
    located = locate(issued, book)
    refused = [*located.altered, *(shown_otherwise(issued, book, located) if not located.altered else ())]
    return refused, habits(issued, book, located) if not refused else []


@pytest.mark.parametrize("kind", FIELDS)
def test_results_in_the_place_of_their_formulas_are_one_note_a_sheet(kind: WorkbookKind) -> None:
    book = loaded(filled(kind))
    replaced: dict[str, list[str]] = {}
    for at, (right, _) in SHOWN[kind].items():
        cell = cell_at(book, at)
        assert str(cell.value).startswith("="), at
        cell.value = right
        replaced.setdefault(cell.parent.title, []).append(cell.coordinate)

    refused, notes = found(kind, saved(book))

    assert refused == []
    assert {(one.kind, one.level) for one in notes} == {("file.formulas_lost", "note")}
    assert {one.sheet: one.values["count"] for one in notes} == {sheet: len(at) for sheet, at in replaced.items()}
    assert all(one.cell in replaced[one.sheet] for one in notes)


@pytest.mark.parametrize("kind", FIELDS)
def test_every_other_value_in_the_place_of_a_formula_refuses_the_workbook(kind: WorkbookKind) -> None:
    issued, layout = Issued(template(kind)[1], WENT_OUT[kind]), template(kind)[1].layout
    tries = [(at, wrong) for at, (_, others) in SHOWN[kind].items() for wrong in others]
    while tries:
        book, altered = loaded(filled(kind)), {}
        for at in dict.fromkeys(at for at, _ in tries):
            wrong = next(wrong for one, wrong in tries if one == at)
            tries.remove((at, wrong))
            cell = cell_at(book, at)
            cell.value = wrong
            altered[cell.parent.title, cell.coordinate] = wrong

        refused = changes(issued, read_workbook(saved(book)), layout)

        assert {(one.sheet, one.cell) for one in refused} == set(altered)
        assert {one.kind for one in refused} == {"cell.formula_replaced"}


@pytest.mark.parametrize("name", ["ev_self_total", "ev_task_coefficient"])
@pytest.mark.parametrize(
    ("code", "refuses"),
    [
        ('"9"0.0', True),
        (";;;", True),
        ("0%", True),
        ("d/m/yyyy", True),
        ("General", False),
        ("0.0", False),
        ("@", False),
    ],
)
def test_a_result_that_shows_another_number_by_its_format_refuses_the_workbook(
    name: str, code: str, refuses: bool
) -> None:
    """Of a formula no format matters: whoever opens the workbook gets what it comes to. Of a value it is what people see."""
    book = loaded(filled(kinds.FORM))
    cell = cell_at(book, (name, 0))
    cell.value, cell.number_format = {"ev_self_total": 90, "ev_task_coefficient": 1.25}[name], code

    refused, _ = found(kinds.FORM, saved(book))

    assert [one.kind for one in refused] == (["cell.locked_shown_otherwise"] if refuses else [])
    cell.value = "=1+1"
    assert [one.kind for one in found(kinds.FORM, saved(book))[0]] == ["cell.formula_changed"]


def test_a_result_goes_along_when_its_rows_are_sorted_and_refuses_the_workbook_when_it_stays_behind() -> None:
    """A formula stays with its line, and speaks of who stands there now."""
    issued, data = Issued(template(kinds.SCORING)[1], WENT_OUT[kinds.SCORING]), filled(kinds.SCORING)
    book = read_workbook(data)
    sheet, (first, total) = (place := issued.template.layout["ev_row_score_total"][0]).sheet, place.at
    page = book.sheets[sheet]
    other = {first: first + 1, first + 1: first}
    entries = issued.template.entries
    columns = {place.at[1] for name, (place, *_) in issued.template.layout.items() if entries[name].table == "team"}

    def after_sorting(result: int) -> list[str]:
        """What is said when the two people have changed places, and line `result` has the first one's total."""
        cells = {
            (other.get(row, row) if cell.formula is None and column in columns else row, column): cell
            for (row, column), cell in page.cells.items()
        }
        cells[result, total] = Cell("number", "89")
        sorted_rows = replace(book, sheets={**book.sheets, sheet: replace(page, cells=cells)})
        located = locate(issued, sorted_rows)
        return [one.kind for one in (*located.altered, *located.notes)]

    assert after_sorting(first + 1) == ["rows.sorted"]
    assert "rows.sorted" not in after_sorting(first)


def test_formulas_of_which_one_is_a_result_and_another_is_gone_are_read_alike() -> None:
    """The band goes by a total that is not there any more: it is worked out all the same."""
    book = loaded(filled(kinds.FORM))
    cell_at(book, ("ev_self_total", 0)).value = None
    cell_at(book, ("ev_self_band", 0)).value = BAND

    refused, notes = found(kinds.FORM, saved(book))

    assert refused == []
    assert [(one.sheet, one.values["count"]) for one in notes] == [("Phiếu", 2)]


def test_a_cell_that_somebody_emptied_as_the_finding_says_is_read_again() -> None:
    book = loaded(filled(kinds.FORM))
    cell_at(book, ("ev_self_total", 0)).value = 100
    (refused,), _ = found(kinds.FORM, saved(book))
    cell_at(book, ("ev_self_total", 0)).value = None

    assert "xóa nội dung" in refused.remedy("vi")
    assert found(kinds.FORM, saved(book))[0] == []


def test_a_formula_that_nobody_can_work_out_here_is_refused_as_before() -> None:
    """An office's own template may have any: with the day on which it is opened, for one."""
    data = loaded(template(kinds.FORM)[0])
    data["Phiếu"]["A51"].value = '=IF(TODAY()>0,"Vũ Văn An","")'
    own = Template.of(kinds.FORM, read_workbook(saved(data), blanks=True))
    book = loaded(filled(kinds.FORM))
    book["Phiếu"]["A51"].value = "Vũ Văn An"
    seen: Workbook = read_workbook(saved(book))

    altered = locate(Issued(own, WENT_OUT[kinds.FORM]), seen).altered

    assert [(one.kind, one.cell) for one in altered] == [("cell.formula_replaced", "A51")]
