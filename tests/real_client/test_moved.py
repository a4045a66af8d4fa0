"""Cells that stand elsewhere: a person took protection off in LibreOffice and inserted, deleted, dragged or sorted. What is certain is read; what is not
is refused with a sentence; no value lands in another person's row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evalxl.excel.returned.examine import Examined, examine
from evalxl.forms import kinds as workbooks
from evalxl.forms.calculations.formulas import column_number
from evalxl.forms.kind import WorkbookKind
from tests.drawn_workbooks import Drawn, books_of, drawn, template
from tests.libreoffice import Document
from tests.libreoffice import Office as LibreOffice
from tests.resaved import one_by_one

WORKBOOKS = {kind: drawn(kind, 3) for kind in (workbooks.FORM, workbooks.SCORING, workbooks.APPROVAL)}
BOOKS = books_of(WORKBOOKS.values())
Act = Callable[[Document], None]


def at(kind: WorkbookKind, name: str, row: int = 0) -> tuple[str, int, str]:
    """Sheet, row and column of a field as it went out."""
    place = template(kind).layout[name][row]
    return place.sheet, place.at[0], place.cell.rstrip("0123456789")


@pytest.fixture(scope="module")
def filled(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> dict[WorkbookKind, Path]:
    """The workbooks as people filled them."""
    folder = tmp_path_factory.mktemp("filled")
    found = {}
    for kind, one in WORKBOOKS.items():
        found[kind] = folder / f"{kind.name}.xlsx"
        found[kind].write_bytes(one.data)
        with libreoffice.open(found[kind]) as document:
            assert document.fill([(name, row, str(value)) for name, row, value in one_by_one(one.fill)]) == []
            document.save()
    return found


@pytest.fixture
def after(
    libreoffice: LibreOffice, filled: dict[WorkbookKind, Path], tmp_path: Path
) -> Iterator[Callable[[WorkbookKind, Act], tuple[Examined, Examined]]]:
    """What a filled workbook says, and what it says after somebody took protection off and did something."""

    def done(kind: WorkbookKind, act: Act) -> tuple[Examined, Examined]:
        with libreoffice.open(filled[kind]) as document:
            for sheet in document.sheets():
                document.unprotect(sheet)
            act(document)
            document.save_as(tmp_path / "after.xlsx")
        return examine(filled[kind].read_bytes(), BOOKS), examine((tmp_path / "after.xlsx").read_bytes(), BOOKS)

    yield done


def kinds(seen: Examined) -> set[str]:
    return {finding.kind for finding in seen.findings} - {"file.protection_lost"}


def said(seen: Examined) -> Any:
    """What was typed, by name and row, without the cell that it stood in."""
    return seen.content or sorted((one["table"], one["row"], one["name"], str(one["value"])) for one in seen.typed)


def rows_above(document: Document) -> None:
    document.insert_rows("Phiếu", before=1, count=3)


def rows_between(document: Document) -> None:
    document.insert_rows("Phiếu", before=at(workbooks.FORM, "ev_difficulties")[1], count=2)
    document.insert_rows("Nhiệm vụ", before=4)


def columns_between(document: Document) -> None:
    document.insert_columns("Nhiệm vụ", before=at(workbooks.FORM, "ev_task_due")[2], count=2)
    document.insert_columns("Phiếu", before="A")


def rows_of_the_guide(document: Document) -> None:
    document.insert_rows("Hướng dẫn", before=5, count=2)


def another_name(document: Document) -> None:
    document.rename_sheet("Phiếu", "Phiếu của tôi")
    document.rename_sheet("Nhiệm vụ", "Việc 'trong' tuần")
    document.rename_sheet("Hướng dẫn", "Cách ghi")


def another_order(document: Document) -> None:
    document.move_sheet("Nhiệm vụ", 0)


def a_copy(document: Document) -> None:
    document.copy_sheet("Phiếu", "Phiếu (2)")


def all_of_it(document: Document) -> None:
    rows_above(document)
    columns_between(document)
    another_name(document)


READ: dict[Act, set[str]] = {
    rows_above: set(),
    rows_between: set(),
    columns_between: set(),
    rows_of_the_guide: set(),
    another_name: {"file.sheet_renamed"},
    another_order: {"file.sheets_reordered"},
    a_copy: {"file.sheet_added"},
    all_of_it: {"file.sheet_renamed"},
}


@pytest.mark.parametrize("act", READ, ids=lambda act: act.__name__)
def test_what_was_moved_as_a_whole_is_read_where_it_stands(after: Any, act: Act) -> None:
    before, seen = after(workbooks.FORM, act)

    assert (seen.verdict, kinds(seen)) == ("submitted", READ[act])
    assert said(seen) == said(before)


@pytest.mark.parametrize("act", [rows_above, columns_between, all_of_it], ids=lambda act: act.__name__)
def test_a_locked_cell_that_was_altered_is_found_where_it_was_moved_to(after: Any, act: Act) -> None:
    def forge(document: Document) -> None:
        act(document)
        document.overwrite("ev_person_name", 0, "Người khác")
        document.overwrite("ev_self_total", 0, "=100")
        document.overwrite("ev_task_coefficient", 2, "=2")

    _, seen = after(workbooks.FORM, forge)

    assert (seen.verdict, seen.content) == ("invalid", None)
    assert sorted((finding.kind, finding.found) for finding in seen.findings) == [
        ("cell.formula_changed", "=100"),
        ("cell.formula_changed", "=2"),
        ("cell.locked_changed", "Người khác"),
    ]


@pytest.mark.parametrize(
    ("kind", "table", "by"),
    [
        (workbooks.FORM, "ev_task_key", "ev_task_name"),
        (workbooks.SCORING, "ev_row_person", "ev_row_name"),
        (workbooks.APPROVAL, "ev_row_person", "ev_row_name"),
    ],
)
def test_a_table_that_somebody_sorted_is_read_by_its_keys(after: Any, kind: WorkbookKind, table: str, by: str) -> None:
    """Every person keeps what was typed beside the own name."""
    one: Drawn = WORKBOOKS[kind]
    used = len(one.values["ev_row_person"]) if kind is not workbooks.FORM else 40
    sheet, first, _ = at(kind, table)
    columns = sorted(
        (
            place[0].cell.rstrip("0123456789")
            for label, place in template(kind).layout.items()
            if place[0].sheet == sheet and place[0].at[0] == first
        ),
        key=lambda letters: (len(letters), letters),
    )
    column = column_number(at(kind, by)[2]) - column_number(columns[0])

    def sort(document: Document) -> None:
        document.sort(sheet, f"{columns[0]}{first}:{columns[-1]}{first + used - 1}", column, descending=True)

    before, seen = after(kind, sort)

    assert kinds(seen) == {"rows.sorted"}
    assert seen.verdict == before.verdict
    assert said(seen) == said(before)
    assert {place[:2] for place in seen.cells.values()} != {place[:2] for place in before.cells.values()} or seen.typed


def test_only_some_columns_sorted_is_never_read_as_another_persons(after: Any) -> None:
    """The names were sorted and what evalxl wrote beside them was not: whose row is whose is not certain."""
    sheet, first, left = at(workbooks.SCORING, "ev_row_person")
    last = first + len(WORKBOOKS[workbooks.SCORING].values["ev_row_person"]) - 1

    _, seen = after(
        workbooks.SCORING, lambda document: document.sort(sheet, f"{left}{first}:{left}{last}", 0, descending=True)
    )

    assert (seen.verdict, seen.typed) == ("invalid", ())
    assert kinds(seen) == {"rows.sorted_in_part"}


def a_row_of_the_table_inserted(document: Document) -> None:
    document.insert_rows("Nhiệm vụ", before=at(workbooks.FORM, "ev_task_key", 3)[1])


def a_row_of_the_table_deleted(document: Document) -> None:
    document.delete_rows("Nhiệm vụ", at(workbooks.FORM, "ev_task_key", 3)[1])


def a_column_deleted(document: Document) -> None:
    document.delete_columns("Nhiệm vụ", at(workbooks.FORM, "ev_task_unit")[2])


def a_label_dragged(document: Document) -> None:
    _, row, _ = at(workbooks.FORM, "ev_self_quality")
    document.move_cells("Phiếu", f"A{row}:A{row}", "H2")


def a_score_dragged(document: Document) -> None:
    sheet, row, column = at(workbooks.FORM, "ev_self_quality")
    document.move_cells(sheet, f"{column}{row}:{column}{row}", f"H{row}")


def a_score_over_another(document: Document) -> None:
    sheet, row, column = at(workbooks.FORM, "ev_self_progress")
    _, other, _ = at(workbooks.FORM, "ev_self_quality")
    document.move_cells(sheet, f"{column}{row}:{column}{row}", f"{column}{other}")


def a_column_dragged(document: Document) -> None:
    sheet, row, column = at(workbooks.FORM, "ev_task_product")
    document.move_cells(sheet, f"{column}{row}:{column}{row + 39}", f"S{row}")


def a_column_dragged_by_a_row(document: Document) -> None:
    sheet, row, column = at(workbooks.FORM, "ev_task_product")
    document.move_cells(sheet, f"{column}{row}:{column}{row + 39}", f"{column}{row + 1}")


def a_row_of_open_cells_dragged(document: Document) -> None:
    """Excel lets a person cut open cells on a protected sheet; the formulas beside them follow."""
    sheet, row, column = at(workbooks.FORM, "ev_task_complexity", 3)
    document.move_cells(sheet, f"{column}{row}:{column}{row}", f"{column}{row + 5}")


REFUSED = [
    a_row_of_the_table_inserted,
    a_row_of_the_table_deleted,
    a_column_deleted,
    a_label_dragged,
    a_score_dragged,
    a_score_over_another,
    a_column_dragged,
    a_column_dragged_by_a_row,
    a_row_of_open_cells_dragged,
]


@pytest.mark.parametrize("act", REFUSED, ids=lambda act: act.__name__)
def test_what_is_not_certain_is_refused_with_a_sentence_that_says_what_to_do(after: Any, act: Act) -> None:
    _, seen = after(workbooks.FORM, act)

    assert (seen.verdict, seen.content) == ("invalid", None)
    assert len(seen.findings) <= 22
    errors = [finding for finding in seen.findings if finding.level == "error"]
    assert errors
    for finding in errors:
        assert finding.remedy("vi") and finding.remedy("en")
    print(act.__name__, sorted(kinds(seen)), errors[0].message())


def test_a_column_of_scores_that_was_dragged_is_not_lost_unseen(after: Any) -> None:
    """Its names went along, the locked cells stayed: neither place may be read as if nothing had happened."""
    sheet, row, column = at(workbooks.SCORING, "ev_score_comment")

    def drag(document: Document) -> None:
        document.move_cells(sheet, f"{column}{row}:{column}{row + 59}", f"AD{row + 1}")

    _, seen = after(workbooks.SCORING, drag)

    assert (seen.verdict, seen.typed) == ("invalid", ())
    assert kinds(seen) & {"cell.moved", "form.cells_moved", "cell.formula_bent"}


def test_hidden_rows_are_read_and_merged_cells_are_told(after: Any) -> None:
    sheet, row, column = at(workbooks.FORM, "ev_task_name", 4)

    before, hidden = after(
        workbooks.FORM, lambda document: document.hide_rows(sheet, at(workbooks.FORM, "ev_task_name")[1], 2)
    )
    _, buried = after(workbooks.FORM, lambda document: document.merge(sheet, f"{column}{row}:{column}{row + 1}"))
    last = at(workbooks.FORM, "ev_task_name", 39)[1]
    _, merged = after(workbooks.FORM, lambda document: document.merge(sheet, f"{column}{last - 1}:{column}{last}"))

    assert said(hidden) == said(before)
    assert kinds(hidden) == {"cell.hidden"}
    assert (buried.verdict, kinds(buried)) == ("invalid", {"cell.under_merge"})
    assert (said(merged), kinds(merged)) == (said(before), {"cell.merged"})


def test_what_was_written_beside_the_form_is_told_and_not_read(after: Any) -> None:
    def write(document: Document) -> None:
        document.overwrite("Phiếu", "H5", "Điểm đánh giá: 40")

    before, seen = after(workbooks.FORM, write)

    assert said(seen) == said(before)
    assert kinds(seen) == {"cell.outside"}
