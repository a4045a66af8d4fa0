"""A line that was inserted or deleted, and a table that was sorted: one finding with its cure, whatever stands behind it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from evalxl.excel.returned.examine import Examined, examine
from evalxl.excel.returned.reading import read_workbook
from evalxl.forms import kinds
from evalxl.forms.binding import stamp_values
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.comparison.kept import kept_cells
from tests.excel.returned.test_examine import EVENT, TEMPLATE, VALUES, books, filled
from tests.people import cells

TASKS = "Nhiệm vụ"


def saved(change: Callable[[Workbook], object]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(filled()))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def seen(change: Callable[[Workbook], object]) -> Examined:
    return examine(saved(change), books())


def briefs(found: Examined) -> list[str]:
    return [f"{finding.brief()} {finding.values.get('lines', '')}".rstrip() for finding in found.findings]


def insert_rows(book: Workbook, sheet: str, row: int, count: int = 1) -> None:
    """As Excel does it: names go along, and a name across the new row grows."""
    book[sheet].insert_rows(row, count)
    for defined in book.defined_names.values():
        place = re.fullmatch(rf"'?{sheet}'?!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?", defined.attr_text or "")
        if place:
            top, bottom = int(place[2]), int(place[4] or place[2])
            top, bottom = (line + count if line >= row else line for line in (top, bottom))
            end = f":${place[3]}${bottom}" if place[3] else ""
            defined.attr_text = f"'{sheet}'!${place[1]}${top}{end}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda book: book[TASKS].insert_rows(8), f"form.rows_inserted {TASKS}!A8 8"),
        (lambda book: insert_rows(book, TASKS, 8), f"form.rows_inserted {TASKS}!A8 8"),
        (lambda book: insert_rows(book, TASKS, 9, 3), f"form.rows_inserted {TASKS}!A9 9 - 11"),
        (lambda book: book["Phiếu"].insert_rows(10), "form.rows_inserted Phiếu!A10 10"),
        (lambda book: book[TASKS].insert_cols(4), f"form.columns_inserted {TASKS}!D1 D"),
        (lambda book: book[TASKS].delete_rows(9), f"form.rows_deleted {TASKS}!A9 9"),
        (lambda book: book[TASKS].delete_cols(1), f"form.columns_deleted {TASKS}!A1 A"),
    ],
)
def test_a_line_that_was_inserted_or_deleted_is_told_in_one_line_with_its_cure(
    change: Callable[[Workbook], object], told: str
) -> None:
    found = seen(change)

    assert (found.verdict, briefs(found)) == ("invalid", [told])


def test_the_cure_of_an_inserted_row_works_word_for_word() -> None:
    found = seen(lambda book: (book[TASKS].insert_rows(8), book[TASKS].delete_rows(8)))

    assert found.verdict == "submitted"


def test_a_changed_cell_beside_an_inserted_row_is_told_too() -> None:
    def change(book: Workbook) -> None:
        book[TASKS].insert_rows(12)
        cells(book, "ev_person_name")[0].value = "Người khác"

    kinds = [finding.kind for finding in seen(change).findings]
    assert kinds == ["cell.locked_changed", "form.rows_inserted"]


def test_what_was_typed_is_kept_where_an_inserted_row_is_empty_and_not_where_it_holds_something() -> None:
    values = VALUES | {f"ev_stamp_{name}": said for name, said in stamp_values(EVENT).items()}
    issue = Issued(Template.of(kinds.FORM, read_workbook(TEMPLATE)), values, frozenset([0]))
    empty = kept_cells(issue, read_workbook(saved(lambda book: book[TASKS].insert_rows(7))))
    held = kept_cells(
        issue,
        read_workbook(saved(lambda book: (book[TASKS].insert_rows(7), book[TASKS].__setitem__("B7", "Việc chen")))),
    )

    assert [cell and cell.raw for cell in empty["ev_task_name"]] == [None, "Rà soát văn bản"]
    assert empty["ev_self_quality"].raw == "37"
    assert held == {}


def test_cells_are_listed_in_the_order_of_the_sheet() -> None:
    def change(book: Workbook) -> None:
        for row in (17, 9, 30, 10):
            book[TASKS][f"A{row}"].value = "x"

    assert [finding.cell for finding in seen(change).findings] == ["A9", "A10", "A17", "A30"]


def test_a_table_that_was_sorted_in_part_is_told_so() -> None:
    """The key went along and the locked name of a given task did not."""

    def change(book: Workbook) -> None:
        keys = cells(book, "ev_task_key")
        words = [cell.value for cell in keys[:4]][::-1]
        for cell, word in zip(keys, words, strict=False):
            cell.value = word

    assert [finding.kind for finding in seen(change).findings] == ["rows.sorted_in_part"]


def test_a_table_whose_rows_went_along_with_their_formulas_is_read_by_its_keys() -> None:
    names = [name for name in EVENT["values"] if name.startswith("ev_task")]
    assert names

    def change(book: Workbook) -> None:
        for name in book.defined_names:
            if name.startswith("ev_task_"):
                column = cells(book, name)
                for cell, value in zip(column, [cell.value for cell in column][::-1], strict=True):
                    cell.value = value

    found = seen(change)
    assert found.verdict == "submitted"
    assert "rows.sorted" in {finding.kind for finding in found.findings}
    assert found.content is not None
    assert [task["name"] for task in found.content["tasks"]] == ["Được giao", "Rà soát văn bản"]
