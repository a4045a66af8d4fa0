"""What came back against what was issued: every locked cell that is another one is found, and what programs do by habit is not."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.binding import bind
from evalxl.forms.calculations.formulas import plain
from evalxl.forms.comparison.changes import changes, typed_cells
from evalxl.forms.comparison.habits import habits
from evalxl.forms.comparison.issued import Issued, Template, stamped
from evalxl.forms.comparison.located import locate
from evalxl.forms.fields import Who
from evalxl.forms.kind import WorkbookKind, used_rows
from evalxl.forms.values import EMPTY, LinkTarget, Typed
from evalxl.forms.workbook import Cell, Range, Workbook, address
from evalxl.records.package_files import shipped
from tests.standard_parts import FIELDS

DATA = {kind: (shipped("templates") / f"{kind.name}.xlsx").read_bytes() for kind in FIELDS}
TEMPLATES = {kind: Template.of(kind, read_workbook(data, blanks=True)) for kind, data in DATA.items()}
VALUES: dict[WorkbookKind, dict[str, Any]] = {
    kinds.FORM: {
        "ev_person_name": "Vũ Văn An",
        "ev_person_code": "0012",
        "ev_last_day": date(2025, 6, 8),
        "ev_task_name": ["Việc được giao", "Kế hoạch của tôi"],
        "ev_task_important": ["Có", None],
        "ev_list_complexity": ["Đơn giản", "Trung bình"],
        "ev_list_coefficient": [Decimal(1), Decimal("1.25")],
    },
    kinds.UNIT_FORM: {"ev_unit_code": "VU1", "ev_last_day": date(2025, 6, 8)},
    kinds.SCORING: {
        "ev_row_person": ["V1-03", "V1-04"],
        "ev_row_self_total": [Decimal("91.75"), None],
        "ev_row_link": [LinkTarget("Mở phiếu", "../forms/a.xlsx")],
        "ev_score_quality": [Typed("text", "37,5"), None],
        "ev_check_person": ["V1-03"],
        "ev_check_task": ["- Việc\nhai dòng"],
    },
    kinds.FOLLOW_UP: {"ev_follow_person": ["V1-03"], "ev_follow_name": ["Vũ Văn An"]},
    kinds.PERIOD_INPUT: {
        "ev_period_person": ["V1-03"],
        "ev_period_mean": [Decimal("89.5")],
        "ev_period_common": [Typed("text", "27,5")],
    },
    kinds.APPROVAL: {"ev_row_person": ["V1-03"], "ev_row_score_total": [Decimal("89.5")], "ev_approve_all": "Không"},
}
GIVEN = {kinds.FORM: frozenset({0})}


def issued(kind: WorkbookKind = kinds.FORM) -> Issued:
    return Issued(TEMPLATES[kind], VALUES[kind], GIVEN.get(kind, frozenset()))


def came_back(kind: WorkbookKind = kinds.FORM) -> bytes:
    """The bytes that went out."""
    used = used_rows(kind, VALUES[kind])
    return Stencil(DATA[kind], kind).stamp(VALUES[kind], {}, given=GIVEN.get(kind, ()), hidden=used)


def compared(book: Workbook, kind: WorkbookKind = kinds.FORM) -> list[str]:
    layout, _ = bind(kind, book.names)
    return [finding.kind for finding in changes(issued(kind), book, layout)]


def with_cell(book: Workbook, sheet: str, at: tuple[int, int], cell: Cell | None) -> Workbook:
    page = book.sheets[sheet]
    cells = {place: one for place, one in page.cells.items() if place != at} | ({at: cell} if cell else {})
    return replace(book, sheets={**book.sheets, sheet: replace(page, cells=cells)})


def home(name: str, row: int = 0, kind: WorkbookKind = kinds.FORM) -> tuple[str, tuple[int, int]]:
    place = TEMPLATES[kind].layout[name][row]
    return place.sheet, place.at


@pytest.mark.parametrize("kind", FIELDS)
def test_what_went_out_is_what_was_issued(kind: WorkbookKind) -> None:
    book = read_workbook(came_back(kind))

    assert compared(book, kind) == []
    assert habits(issued(kind), book, locate(issued(kind), book)) == []
    for entry in FIELDS[kind]:
        if entry.who is not Who.LIVE:
            assert list(typed_cells(issued(kind), book, TEMPLATES[kind].layout, entry.name)) == []


ROW_OF_NOBODY = 5


def test_rows_of_nobody_go_out_without_formulas_and_one_that_is_lost_from_somebodys_row_is_a_note() -> None:
    name = next(entry.name for entry in FIELDS[kinds.SCORING] if entry.who is Who.LIVE and entry.table == "team")
    book = read_workbook(came_back(kinds.SCORING))
    formulas = TEMPLATES[kinds.SCORING].formulas[name]

    assert None not in formulas
    assert book.cell(*home(name, ROW_OF_NOBODY, kinds.SCORING)) is None
    lost = with_cell(book, *home(name, 1, kinds.SCORING), None)
    asked = issued(kinds.SCORING)

    assert compared(lost, kinds.SCORING) == []
    assert [one.kind for one in habits(asked, book, locate(asked, book))] == []
    assert [one.kind for one in habits(asked, lost, locate(asked, lost))] == ["file.formulas_lost"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("as in the template", []),
        (Cell("number", "100"), ["cell.formula_replaced"]),
        (Cell("number", "1", "1+1"), ["cell.formula_changed"]),
    ],
)
def test_a_formula_in_a_row_of_nobody_is_the_templates_or_none(cell: Cell | str, found: list[str]) -> None:
    """Workbooks that went out before had it there."""
    name = next(entry.name for entry in FIELDS[kinds.SCORING] if entry.who is Who.LIVE and entry.table == "team")
    book, place = read_workbook(came_back(kinds.SCORING)), home(name, ROW_OF_NOBODY, kinds.SCORING)
    put = cell if isinstance(cell, Cell) else TEMPLATES[kinds.SCORING].book.cell(*place)

    assert compared(with_cell(book, *place, put), kinds.SCORING) == found


def test_a_formula_of_the_offices_own_beside_a_table_is_gone_with_a_row_of_nobody_and_not_with_somebodys() -> None:
    shipped, (sheet, (first, _)) = TEMPLATES[kinds.SCORING], home("ev_row_person", 0, kinds.SCORING)
    own = shipped.book
    for row in (first, first + ROW_OF_NOBODY):
        own = with_cell(own, sheet, (row, 60), Cell("number", "", "1+1"))
    book = read_workbook(came_back(kinds.SCORING))
    asked = Issued(Template.of(kinds.SCORING, own), VALUES[kinds.SCORING])
    found = habits(asked, book, locate(asked, book))

    assert [(one.kind, one.cell, one.values) for one in found] == [("file.formulas_lost", f"BH{first}", {"count": 1})]


# Every locked cell


@pytest.mark.parametrize("kind", FIELDS)
def test_every_locked_named_cell_that_was_changed_is_found_with_old_and_new(kind: WorkbookKind) -> None:
    """openpyxl writes into every cell that evalxl writes or calculates, in the first and the last rows of each table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        forged = openpyxl.load_workbook(io.BytesIO(came_back(kind)))
    expected = {}
    for entry in FIELDS[kind]:
        places = TEMPLATES[kind].layout.get(entry.name, ())
        for row in sorted({0, 1, len(places) - 1} & set(range(len(places)))):
            given_cell = row in issued(kind).given and entry.name in (
                "ev_task_name",
                "ev_task_important",
                "ev_task_due",
            )
            if entry.who is Who.PERSON and not given_cell:
                continue
            cell = forged[places[row].sheet][places[row].cell]
            before = cell.value
            cell.value = "đã sửa"
            kind_of_change = "cell.formula_replaced" if entry.who is Who.LIVE else "cell.locked_changed"
            expected[(places[row].sheet, places[row].cell)] = (kind_of_change, before)
    saved = io.BytesIO()
    forged.save(saved)
    book = read_workbook(saved.getvalue())

    found = {(finding.sheet, finding.cell): finding for finding in changes(issued(kind), book, TEMPLATES[kind].layout)}

    assert {place: finding.kind for place, finding in found.items()} == {
        place: kind for place, (kind, _) in expected.items()
    }
    assert {finding.found for finding in found.values()} == {"đã sửa"}
    for place, (change, before) in expected.items():
        if change == "cell.locked_changed" and isinstance(before, str):
            assert found[place].values["issued"] == before
    assert len(found) > 10


@pytest.mark.parametrize(
    "new",
    [
        None,
        Cell("text", "Vũ Văn Ẩn"),
        Cell("text", "vũ văn an"),
        Cell("text", "Vũ Văn An\nVũ Văn Ẩn"),
        Cell("text", "Vũ Văn An", '"Vũ Văn An"'),
        Cell("number", "0"),
    ],
)
def test_an_identity_that_is_another_one_is_found(new: Cell | None) -> None:
    book = with_cell(read_workbook(came_back()), *home("ev_person_name"), new)

    assert compared(book) == ["cell.locked_changed"]


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("ev_person_name", Cell("text", "Vu\u0303 Va\u0306n An")),
        ("ev_person_name", Cell("text", " Vũ Văn An \r\n")),
        ("ev_person_name", Cell("text", "Vũ\u00a0Văn An")),
        ("ev_person_code", Cell("text", "0012")),
        ("ev_last_day", Cell("number", "45816.0")),
        ("ev_last_day", Cell("number", "4.5816E4")),
    ],
)
def test_what_programs_do_to_a_value_by_habit_is_no_change(name: str, new: Cell) -> None:
    assert compared(with_cell(read_workbook(came_back()), *home(name), new)) == []


def test_a_number_of_fifteen_digits_is_the_same_number() -> None:
    book = read_workbook(came_back())
    place = home("ev_list_coefficient", 1)

    assert compared(with_cell(book, *place, Cell("number", "1.2500000000000002"))) == []
    assert compared(with_cell(book, *place, Cell("number", "1.2501"))) == ["cell.locked_changed"]


def test_leading_zeros_of_a_code_are_part_of_it() -> None:
    assert compared(with_cell(read_workbook(came_back()), *home("ev_person_code"), Cell("number", "12"))) == [
        "cell.locked_changed"
    ]


def test_a_given_task_is_locked_and_a_planned_one_is_the_persons() -> None:
    book = read_workbook(came_back())

    assert compared(with_cell(book, *home("ev_task_name", 0), Cell("text", "Việc dễ hơn"))) == ["cell.locked_changed"]
    assert compared(with_cell(book, *home("ev_task_due", 0), Cell("number", "45900"))) == ["cell.locked_changed"]
    assert compared(with_cell(book, *home("ev_task_name", 1), Cell("text", "Việc khác"))) == []
    assert compared(with_cell(book, *home("ev_task_status", 0), Cell("text", "Hoàn thành"))) == []


def test_a_label_or_a_line_of_the_guide_that_was_changed_is_found() -> None:
    book = read_workbook(came_back())
    labels = [place for place, cell, _ in TEMPLATES[kinds.FORM].labels if cell.kind == "text" and cell.formula is None]

    assert len(labels) > 50
    for place in labels[::7]:
        assert compared(with_cell(book, place.sheet, place.at, Cell("text", "khác"))) == ["cell.locked_changed"]
        assert compared(with_cell(book, place.sheet, place.at, None)) == ["cell.locked_changed"]


# Formulas


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        (Cell("number", "100"), "cell.formula_replaced"),
        (Cell("number", "100", "100"), "cell.formula_changed"),
        (Cell("number", "100", ""), "cell.formula_changed"),
    ],
)
def test_a_total_typed_over_its_formula_is_found(new: Cell | None, kind: str) -> None:
    assert compared(with_cell(read_workbook(came_back()), *home("ev_self_total"), new)) == [kind]


def test_only_a_formula_is_compared_and_never_its_remembered_result() -> None:
    book = read_workbook(came_back())
    sheet, at = home("ev_self_total")
    cell = book.sheets[sheet].cells[at]

    assert compared(with_cell(book, sheet, at, replace(cell, raw="100"))) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IF(A1>5,FALSE,TRUE)", "if( A1 > 5 , FALSE() , TRUE( ) )".replace("( )", "()")),
        ("SUM($A$1:A2)", "sum(A1:$A$2)"),
        ("'Nhiệm vụ'!A1+Phiếu!B2", "'NHIỆM VỤ'!A1+'Phiếu'!B2"),
        ("IFERROR(A1,0)", "_xlfn.IFERROR(A1,0)"),
        ('A1&"it\'s"', 'A1 & "it\'s"'),
        ("A1+1", "=A1+1"),
        ("A1+1", "+A1+1"),
    ],
)
def test_what_programs_do_to_a_formula_by_habit_is_no_change(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('IF(A1="Đã nộp",1,0)', 'IF(A1="Đã  nộp",1,0)'),
        ('IF(A1="a b",1,0)', 'IF(A1="ab",1,0)'),
        ('A1&"$"', 'A1&""'),
        ('A1&"\'"', 'A1&""'),
        ('A1&"x"', 'A1&"X"'),
        ("MIN(A1,40)", "MAX(A1,40)"),
        ("A1+B1", "A1-B1"),
        ("A1*1", "A1*10"),
        ('"FALSE()"', '"FALSE"'),
        ("{1;2}", "{1,2}"),
    ],
)
def test_another_formula_is_another_formula(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@given(
    st.lists(
        st.sampled_from(["A1", "SUM(B2,$C$3)", "FALSE", '"Đã nộp"', '"it""s  FALSE()"', "'Nhiệm vụ'!A1", "1.5"]),
        min_size=1,
    )
)
def test_blanks_and_letter_case_outside_texts_are_no_change(terms: list[str]) -> None:
    loose = " & ".join(term if term.startswith('"') else term.lower().replace("false", "false()") for term in terms)

    assert plain(loose) == plain("&".join(terms))
    assert plain(loose + '&" "') != plain(loose + '&""')


# Cells that stand elsewhere


def moved_down(book: Workbook, sheet: str, by: int) -> Workbook:
    """As if somebody had taken protection off and inserted rows at the top."""
    page = book.sheets[sheet]
    cells = {(row + by, column): cell for (row, column), cell in page.cells.items()}
    names = {
        name: Range(sheet, place.top + by, place.left, place.bottom + by, place.right)
        if place.sheet == sheet
        else place
        for name, place in book.names.items()
    }
    return replace(book, sheets={**book.sheets, sheet: replace(page, cells=cells)}, names=names)


def test_rows_inserted_above_are_no_change_and_a_changed_cell_is_found_where_it_stands() -> None:
    sheet, at = home("ev_person_name")
    book = moved_down(read_workbook(came_back()), sheet, 3)

    assert compared(book) == []
    forged = with_cell(book, sheet, (at[0] + 3, at[1]), Cell("text", "Người khác"))
    layout, _ = bind(kinds.FORM, forged.names)
    (finding,) = changes(issued(), forged, layout)
    assert (finding.kind, finding.cell) == ("cell.locked_changed", address((at[0] + 3, at[1])))


def test_a_label_that_is_nowhere_any_more_is_missed_although_cells_moved() -> None:
    sheet, _ = home("ev_person_name")
    label = next(
        place for place, cell, _ in TEMPLATES[kinds.FORM].labels if place.sheet == sheet and cell.formula is None
    )
    book = moved_down(read_workbook(came_back()), sheet, 2)

    gone = with_cell(book, sheet, (label.at[0] + 2, label.at[1]), None)

    assert compared(gone) == ["cell.locked_changed"]


def test_a_sheet_without_fields_that_is_gone_is_a_note() -> None:
    """The help sheet was deleted: nothing that counts was on it."""
    book = read_workbook(came_back())
    fields = {place.sheet for places in TEMPLATES[kinds.FORM].layout.values() for place in places}
    (help_sheet,) = set(book.sheets) - fields
    without = replace(book, sheets={name: page for name, page in book.sheets.items() if name != help_sheet})

    assert compared(without) == []
    assert [finding.kind for finding in habits(issued(), without, locate(issued(), without))] == ["file.sheet_missing"]
    assert {finding.level for finding in habits(issued(), without, locate(issued(), without))} == {"note"}


def test_what_programs_drop_is_noted_once_however_many_sheets_lost_it() -> None:
    book = read_workbook(came_back())
    poor = replace(
        book,
        sheets={
            name: replace(page, protected=False, validations=(), state="visible") for name, page in book.sheets.items()
        },
    )

    notes = habits(issued(), poor, locate(issued(), poor))

    assert [note.kind for note in notes] == ["file.protection_lost", "file.hiding_lost", "file.validation_lost"]
    assert {note.level for note in notes} == {"note"}
    assert compared(poor) == []


def test_a_very_hidden_sheet_that_became_hidden_is_not_even_a_note() -> None:
    book = read_workbook(came_back())
    hidden = replace(
        book,
        sheets={
            name: replace(page, state="hidden") if page.state == "veryHidden" else page
            for name, page in book.sheets.items()
        },
    )

    assert habits(issued(), hidden, locate(issued(), hidden)) == []


# What was typed


def test_only_what_differs_from_what_was_issued_was_typed() -> None:
    """A refreshed workbook shows what was typed before: that is put back, and not typed anew."""
    book = read_workbook(came_back(kinds.SCORING))
    layout = TEMPLATES[kinds.SCORING].layout

    def typed(name: str, row: int, cell: Cell | None) -> Typed | None:
        changed = with_cell(book, *home(name, row, kinds.SCORING), cell)
        found = list(typed_cells(issued(kinds.SCORING), changed, layout, name))
        assert [(at, place) for at, place, _ in found] in ([], [(row, layout[name][row])])
        return found[0][2] if found else None

    assert typed("ev_score_quality", 0, Cell("text", " 37,5 ")) is None
    assert typed("ev_score_quality", 0, Cell("number", "37.5")) == Typed("number", "37.5")
    assert typed("ev_score_quality", 0, None) == EMPTY
    assert typed("ev_score_quality", 1, None) is None
    assert typed("ev_score_quality", 1, Cell("text", "  ")) is None
    assert typed("ev_score_quality", 1, Cell("number", "30", "15+15")) == Typed("number", "=15+15", "general", True)
    assert typed("ev_score_breach", 1, Cell("boolean", "1", "TRUE()")) == Typed("boolean", "1")
    assert list(typed_cells(issued(kinds.SCORING), book, {}, "ev_score_quality")) == []


def test_a_stamped_value_is_found_by_its_row() -> None:
    values = {"ev_task_name": ["a", None], "ev_person_name": "An"}

    assert [stamped(values, "ev_task_name", row) for row in range(3)] == ["a", None, None]
    assert [stamped(values, "ev_person_name", row) for row in range(2)] == ["An", None]
    assert stamped(values, "ev_week", 0) is None
