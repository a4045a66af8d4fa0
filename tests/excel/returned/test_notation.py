"""Formulas that look into other workbooks, and those that only seem to; references in small letters."""

from __future__ import annotations

import re

import pytest

from evalxl.excel.returned.notation import area_of, areas, check_formula, column_number
from evalxl.excel.returned.reading import read_workbook, split_reference
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.workbook import Range
from tests.excel.packages import packed, sheet, workbook_parts

OTHER_WORKBOOKS = [
    "[1]Sheet1!A1",
    "SUM([1]Sheet1!$A$1:$B$2)",
    "'[1]Hai từ'!A1",
    "'[2]Bob''s sheet'!A1+1",
    "'C:\\share\\[Book1.xlsx]Sheet1'!A1",
    "[Book1.xlsx]Sheet1!A1",
    "[1]!Total",
    "SUM(T1[Diem])+[1]Sheet1!A1",
    "'It''s'!A1+'[1]x'!B2",
    "[1]Jan:Mar!A1",
    "=-[10]S!A1",
]
THIS_WORKBOOK = [
    "SUM(T1[Diem])+'Phiếu'!E19",
    "SUM(T1[Diem])+Phieu!E19",
    "T1[[#This Row],[Diem]]*Phieu!E19",
    "SUM(T1[[#All],[a]:[b]])/'Hai từ'!A1",
    "SUM([0]!col1_)",
    "[0]Sheet1!A1",
    'IF(A1="[1]Sheet1!A1",1,0)',
    "'It''s'!A1+T1[a]",
]


@pytest.mark.parametrize("formula", OTHER_WORKBOOKS)
def test_a_formula_that_looks_into_another_workbook_is_refused(formula: str) -> None:
    with pytest.raises(Refused) as refused:
        check_formula(formula)

    assert refused.value.finding.kind == "file.has_external_links"


@pytest.mark.parametrize("formula", THIS_WORKBOOK)
def test_a_column_of_a_table_or_the_workbook_itself_is_no_other_workbook(formula: str) -> None:
    check_formula(formula)


def test_references_in_small_letters_are_read_as_every_program_reads_them() -> None:
    """LibreOffice, Gnumeric, openpyxl and calamine read `a1` as `A1`."""
    rows = '<row r="2"><c r="a2"><v>5</v></c><c r="aB2"><v>6</v></c></row>'
    read = read_workbook(packed(workbook_parts(sheet(rows)))).sheets

    assert column_number("ab") == 28
    assert areas("b6:b45") == (area_of(re.fullmatch(r"([A-Z])(\d)(?::([A-Z])(\d+))?", "B6:B45") or pytest.fail()),)
    assert split_reference("'Phiếu'!$b$6:$b$45") == Range("Phiếu", 6, 2, 45, 2)
    assert {at: cell.raw for at, cell in next(iter(read.values())).cells.items()} == {(2, 1): "5", (2, 28): "6"}


def test_a_cell_that_stands_twice_in_two_letter_cases_is_refused() -> None:
    rows = '<row r="2"><c r="A2"><v>5</v></c><c r="a2"><v>6</v></c></row>'
    with pytest.raises(Refused) as refused:
        read_workbook(packed(workbook_parts(sheet(rows))))

    assert refused.value.finding.kind == "file.twin_cells"
