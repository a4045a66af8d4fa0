"""What a formula comes to, as spreadsheet programs work it out; and what has no known result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evalxl.excel.returned.reading import read_workbook
from evalxl.forms import kinds
from evalxl.forms.binding import Place
from evalxl.forms.comparison.calculation import Calculation
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.comparison.moves import Moves
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.workbook import Cell, Range, Sheet, Workbook
from evalxl.records.package_files import shipped
from tests.standard_parts import FIELDS

STANDS = {
    "A1": Cell("number", "37.5"),
    "A2": Cell("text", "Hoàn thành"),
    "A3": Cell("text", "  Họp   giao ban "),
    "A4": Cell("number", "0.1"),
    "A5": Cell("number", "0.2"),
    "A6": Cell("boolean", "1"),
    "A7": Cell("text", "12"),
    "A8": Cell("date", "2025-06-05T00:00:00"),
    "A9": Cell("error", "#N/A"),
    "B1": Cell("text", "Đơn giản"),
    "B2": Cell("text", "Phức tạp"),
    "C1": Cell("number", "1"),
    "C2": Cell("number", "1.25"),
}
TYPED = 7  # the style of a formula that somebody typed, which was not issued
NAMES = {"levels": "B1:B2", "coefficients": "C1:C2", "numbers": "A4:A5", "blanks": "D1:D3", "one": "A1"}


def at_of(cell: str) -> tuple[int, int]:
    return int(cell[1:]), ord(cell[0]) - 64


def area(cells: str) -> Range:
    first, _, last = cells.partition(":")
    (top, left), (bottom, right) = at_of(first), at_of(last or first)
    return Range("Trang", top, left, bottom, right)


def result(formula: str, **stands: Cell) -> Any:
    """What Z99 of a sheet shows with a formula in it, while other cells hold what was typed."""
    cells = {at_of(cell): one for cell, one in {**STANDS, **stands}.items()}
    names = {name: area(cells) for name, cells in NAMES.items()}
    issued = {at: cell for at, cell in cells.items() if cell.formula is not None and cell.style != TYPED}
    open_cells = (False,)  # typed by the person, so what stands there now counts
    book = Workbook({"Trang": Sheet("Trang", "visible", cells)}, names, locks=open_cells)
    template = Workbook(
        {"Trang": Sheet("Trang", "visible", {**issued, (99, 26): Cell("number", "", formula, 1)})},
        names,
        locks=open_cells,
    )
    calculation = Calculation(Issued(Template(kinds.FORM, template, {}), {}), book, {}, Moves({"Trang": "Trang"}))
    found = calculation.result(Place("Trang", (99, 26)))
    return float(found) if isinstance(found, Decimal) else found


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("1+2*3^0", None),  # no power is used, so none is known
        ("1+2*3-4/2", 5.0),
        ("-A1+50%", -37.0),
        ("--2", 2.0),
        ("(1+2)*3", 9.0),
        ("A4+A5", 0.3),
        ('"Còn "&COUNT(A1:A8)&" ô"', "Còn 4 ô"),
        ('"a""b"&TRUE', 'a"bTRUE'),
        ("LEN(A3)", 17.0),
        ("LEN(A1)", 4.0),  # with whichever decimal sign
        ("LEN(TRIM(A1))>0", True),
        ("TRIM(A3)", "Họp giao ban"),
        ('LEN(CLEAN("a"))', 1.0),
        ('A2="HOÀN THÀNH"', True),
        ('A2<>"hoàn thành"', False),
        ('D1=""', True),
        ("D1=0", True),
        ("D1", 0.0),
        ("A1>=37.5", True),
        ('"a">1', True),
        ("IF(ISNUMBER(A2),A2+1,\"\")", ""),
        ("IF(A1>100,1)", False),
        ("IFERROR(INDEX(coefficients,MATCH(\"phức tạp\",levels,0)),1)", 1.25),
        ("IFERROR(INDEX(coefficients,MATCH(\"khác\",levels,0)),1)", 1.0),
        ("ROUND(2.5,0)", 3.0),
        ("ROUND(-2.5,0)", -3.0),
        ("ROUND(1.005,2)", 1.01),
        ("ROUND(1234.5,-2)", 1200.0),
        ("MAX(A1:A9)", None),  # one of them is an error
        ("MAX(A1:A7)", 37.5),
        ("MIN(D1:D3)", 0.0),
        ("SUM(numbers)*10", 3.0),
        ("AVERAGE(A4:A5,1)", 1.3 / 3),
        ("AVERAGE(blanks)", None),
        ("COUNTA(A1:A3,D1)", 3.0),
        ("SUMPRODUCT((levels<>\"\")*(coefficients>1))", 1.0),
        ("SUMPRODUCT((LEN(TRIM(blanks))>0)*1)", 0.0),
        ("SUMPRODUCT(MAX((levels<>\"\")*(ROW(levels)-MIN(ROW(levels))+1)))", 2.0),
        ("ADDRESS(SUMPRODUCT(MIN(ROW(levels))),SUMPRODUCT(MIN(COLUMN(levels))),4)", "B1"),
        ('SUBSTITUTE("a;|",";|",".")', "a."),
        ('LEFT(LOWER("Không CÓ"),5)', "không"),
        ('LEFT("không có",9)="không có "', False),
        ("AND(A1>0,NOT(A1>40))", True),
        ("OR(A1<0,A6)", True),
        ("ABS(N(A2)-1)", 1.0),
        ("A8", 45813.0),
        ("'Trang'!$A$1+Trang!A1", 75.0),
        ("_xlfn.SUM(one,1)", 38.5),
    ],
)  # fmt: skip
def test_a_formula_comes_to_what_a_program_shows(formula: str, shown: object) -> None:
    found = result(formula)

    assert type(found) is type(shown)
    assert found == (pytest.approx(shown, abs=1e-12) if isinstance(shown, float) else shown)


@pytest.mark.parametrize(
    "formula",
    [
        "TODAY()",  # the clock
        "TEXT(A1,\"0,0\")",  # the language of the PC
        '"điểm "&A1',  # the decimal sign of the PC
        'A1&""="37.5"',
        "A7+1",  # a text that programs may take for a number
        'A2<"Z"',  # the order of letters
        "A2+1",  # #VALUE!
        "1/0",
        "A9",
        "levels",  # which of several cells depends on the program
        "LEN(levels)",
        "IF(levels=\"\",1,2)",
        "SUMPRODUCT(numbers*coefficients*levels)",
        "SUMPRODUCT(numbers*blanks)",  # areas of two shapes
        'MATCH("Đ*",levels,0)',  # a text that stands for many
        "unknown_name",
        "Khác!A1",  # a sheet that is not there
        "[1]Trang!A1",  # another workbook
        "{1,2}",
        "A1:A2:A3",
        "E1",  # a formula that somebody typed into an open cell
        "SUM(A1:XFD1048576)",
        "ROW(A1:XFD1048576)",
        "(" * 100 + "1" + ")" * 100,
        "Z99+1",  # itself
        "IF(1,,2)",
        "1 1",
        '"',
        "",
    ],
)  # fmt: skip
def test_what_is_not_the_same_everywhere_has_no_known_result(formula: str) -> None:
    assert result(formula, E1=Cell("number", "5", "2+3", TYPED)) is None


def test_a_formula_over_a_formula_goes_by_what_was_issued_and_not_by_what_is_remembered() -> None:
    assert result("E1*2", E1=Cell("number", "99", "A1+0.5")) == 76.0
    assert result("E1*2", E1=Cell("number", "99", "E2+1"), E2=Cell("number", "99", "E1+1")) is None


def test_rows_that_each_go_on_from_the_one_above_have_a_result_or_none_and_never_stop_the_run() -> None:
    chain = {f"E{row}": Cell("number", "", f"E{row - 1}+1" if row > 1 else "A4") for row in range(1, 90)}
    long = {f"F{row}": Cell("number", "", f"F{row - 1}+1" if row > 1 else "A4") for row in range(1, 2000)}

    assert result("E30", **chain) == 29.1
    assert result("F1999", **long) is None


@pytest.mark.parametrize("kind", FIELDS)
def test_every_formula_of_the_templates_has_a_known_result(kind: WorkbookKind) -> None:
    """As it goes out, with nothing typed. What it comes to with something typed is held against LibreOffice elsewhere."""
    data = (shipped("templates") / f"{kind.name}.xlsx").read_bytes()
    template = Template.of(kind, read_workbook(data, blanks=True))
    sheets = {name: name for name in template.book.sheets}
    calculation = Calculation(Issued(template, {}), template.book, template.layout, Moves(sheets))
    places = [place for cells in template.calculated.values() for place, _, _ in cells]

    assert places
    assert [place for place in places if calculation.result(place) is None] == []
