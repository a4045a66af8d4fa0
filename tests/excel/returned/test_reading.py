"""Reading a workbook's bytes: what honest programs write is read, and what could show two readers two numbers is refused."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from evalxl.excel.returned.notation import MAX_ROW, column_number, moved
from evalxl.excel.returned.reading import read_parts, read_workbook, sheet_parts, split_reference
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.workbook import Cell, Range, Validation, Workbook, column_letters
from evalxl.records.package_files import shipped
from tests.excel.packages import MAIN, row, sheet, workbook_parts

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"


def read(rows: str, **more: Any) -> Workbook:
    return read_parts(workbook_parts(sheet(rows), **more))


def cells(rows: str, **more: Any) -> dict[tuple[int, int], Cell]:
    return dict(read(rows, **more).sheets["Trang 1"].cells)


def refusal(rows: str, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        read(rows, **more)
    return refused.value.finding.kind


# What honest programs write


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ('<c r="A1"><v>37.5</v></c>', Cell("number", "37.5")),
        ('<c r="A1" t="n" s="2"><v>45813</v></c>', Cell("number", "45813", None, 2)),
        ('<c r="A1" t="s"><v>0</v></c>', Cell("text", "Vũ Văn An")),
        ('<c r="A1" t="s"><v> 1 </v></c>', Cell("text", "đậm, nhạt")),
        ('<c r="A1" t="s"><v>2</v></c>', Cell("text", "hai\ndòng\r")),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> có cách </t></is></c>', Cell("text", " có cách ")),
        ('<c r="A1" t="inlineStr"><is><r><t>một</t></r><r><t> hai</t></r></is></c>', Cell("text", "một hai")),
        ('<c r="A1" t="str"><f>A2&amp;"x"</f><v>kết quả</v></c>', Cell("text", "kết quả", 'A2&"x"')),
        ('<c r="A1"><f>SUM(B1:B3)</f></c>', Cell("number", "", "SUM(B1:B3)")),
        ('<c r="A1" t="b"><v>1</v></c>', Cell("boolean", "1")),
        ('<c r="A1" t="e"><v>#REF!</v></c>', Cell("error", "#REF!")),
        ('<c r="A1" t="d"><v>2025-06-05</v></c>', Cell("date", "2025-06-05")),
        ('<c r="A1" t="str"><v>_x0041__x000D__x005F_</v></c>', Cell("text", "A\r_")),
    ],
)
def test_a_cell_is_read_as_it_is_written(cell: str, read_as: Cell) -> None:
    strings = (
        "<si><t>Vũ Văn An</t></si><si><r><rPr><b/></rPr><t>đậm</t></r><r><t xml:space='preserve'>, nhạt</t></r></si>"
        "<si><t>hai\ndòng_x000D_</t></si>"
    )
    assert cells(row(cell), strings=strings) == {(1, 1): read_as}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"/>',
        '<c r="A1" s="4"></c>',
        '<c r="A1" t="s"/>',
        '<c r="A1"><v></v></c>',
        '<c r="A1" t="inlineStr"><is/></c>',
    ],
)
def test_a_cell_with_nothing_in_it_is_no_cell(cell: str) -> None:
    assert cells(row(cell)) == {}


def test_rows_and_cells_without_numbers_stand_one_after_the_other() -> None:
    found = cells(
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="4"><c r="B4"><v>4</v></c><c><v>5</v></c></row><row><c><v>6</v></c></row>'
    )

    assert {at: cell.raw for at, cell in found.items()} == {
        (1, 1): "1",
        (1, 3): "3",
        (4, 2): "4",
        (4, 3): "5",
        (5, 1): "6",
    }


def test_help_for_pronunciation_is_no_part_of_a_text() -> None:
    """A reader that took it along would read 317 where a person sees 37."""
    told = '<c r="A1" t="inlineStr"><is><r><t>3</t></r><rPh sb="0" eb="1"><t>1</t></rPh><r><t>7</t></r></is></c>'
    strings = '<si><t>3</t><rPh sb="0" eb="1"><t>1</t></rPh><phoneticPr fontId="0"/></si>'

    assert [cell.raw for cell in cells(row(told, '<c r="B1" t="s"><v>0</v></c>'), strings=strings).values()] == [
        "37",
        "3",
    ]


@pytest.mark.parametrize("sort", ['t="array"', 't="dataTable" dt2D="0" dtr="0" r1="A1"'])
@pytest.mark.parametrize("holder", ["A1", "C2"])
def test_every_cell_that_one_formula_calculates_is_a_formula_whichever_cell_holds_it(sort: str, holder: str) -> None:
    formula = f"<f {sort} ref='B1:B4'>D1:D4</f><v>9</v>"
    first, second = (formula, "") if holder == "A1" else ("", formula)
    rows = (
        f'<row r="1"><c r="A1">{first}</c><c r="B1"><v>38</v></c></row><row r="2"><c r="B2" s="3"/><c r="C2">{second}</c></row>'
        '<row r="3"><c r="B3" t="inlineStr"><is><t>chữ</t></is></c></row>'
    )
    found = cells(rows)

    assert [(at, cell.raw) for at, cell in sorted(found.items()) if cell.formula == "D1:D4" and at[1] == 2] == [
        ((1, 2), "38"),
        ((2, 2), ""),
        ((3, 2), "chữ"),
        ((4, 2), ""),
    ]


def test_a_formula_within_an_area_keeps_its_own_text_and_an_area_without_words_says_that_it_is_a_table() -> None:
    own = (
        '<row r="1"><c r="A1"><f t="dataTable" ref="A2:A3" r1="B1"/></c></row><row r="2"><c r="A2"><f>1+1</f></c></row>'
    )

    assert {at: cell.formula for at, cell in cells(own).items()} == {(1, 1): "", (2, 1): "1+1", (3, 1): "TABLE()"}


def test_areas_of_formulas_without_end_fill_no_memory() -> None:
    whole = '<c r="A1"><f t="array" ref="A1:XFD1048576">1</f></c>'
    many = "".join(f'<row r="{n}"><c r="A{n}"><f t="array" ref="A{n}">1</f></c></row>' for n in range(1, 2500))

    assert refusal(row(whole)) == "file.too_many_cells"
    assert refusal(many) == "file.too_many_cells"
    assert refusal(row('<c r="A1"><f t="array" ref="here">1</f></c>')) == "file.bad_xml"


def test_programs_that_put_a_prefix_before_every_name_are_read() -> None:
    text = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>B1</x:f><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>'

    assert read_parts(workbook_parts(text)).sheets["Trang 1"].cells == {(1, 1): Cell("number", "3", "B1")}


def test_protection_rules_merged_cells_and_hidden_lines_are_read() -> None:
    text = sheet(
        '<row r="3" hidden="1"/>',
        before='<cols><col min="2" max="3" hidden="1"/><col min="4" max="4"/></cols>',
        after='<sheetProtection sheet="1"/><mergeCells><mergeCell ref="A1:B2"/></mergeCells><dataValidations>'
        '<dataValidation type="list" sqref="C6:C9 E6"><formula1>"Có,Không"</formula1></dataValidation>'
        '<dataValidation type="decimal" sqref="D$1"><formula1>0</formula1><formula2> 40 </formula2></dataValidation>'
        "</dataValidations>",
    )
    page = read_parts(workbook_parts(text, sheet("", after='<sheetProtection sheet="false"/>'))).sheets

    assert page["Trang 1"].protected
    assert page["Trang 1"].merges == ((1, 1, 2, 2),)
    assert page["Trang 1"].validations == (
        Validation("list", ('"Có,Không"',), ((6, 3, 9, 3), (6, 5, 6, 5))),
        Validation("decimal", ("0", "40"), ((1, 4, 1, 4),)),
    )
    assert (page["Trang 1"].hidden_rows, page["Trang 1"].hidden_columns) == ({3}, {2, 3})
    assert not page["Trang 2"].protected


def test_a_rule_that_a_newer_program_writes_in_its_own_language_is_read_too() -> None:
    """As Excel writes a list that stands on another sheet."""
    more = (
        '<extLst xmlns:y="urn:y" xmlns:x="urn:x"><ext><y:dataValidations><y:dataValidation type="list"><y:formula1><x:f>\'Mục\'!A1:A9</x:f>'
        "</y:formula1><x:sqref>C6:C9</x:sqref></y:dataValidation></y:dataValidations><y:line><x:f>A1</x:f></y:line></ext></extLst>"
    )
    page = read_parts(workbook_parts(sheet(row('<c r="A1"><f>B1</f><v>3</v></c>'), after=more))).sheets["Trang 1"]

    assert page.validations == (Validation("list", ("'Mục'!A1:A9",), ((6, 3, 9, 3),)),)
    assert page.cells == {(1, 1): Cell("number", "3", "B1")}
    with pytest.raises(Refused) as refused:
        read_parts(workbook_parts(sheet("", after=more.replace("A1:A9", "[1]x!A1"))))
    assert refused.value.finding.kind == "file.has_external_links"


def test_a_formula_that_a_column_shares_is_written_out_for_each_cell() -> None:
    """Excel writes such a formula once, with the first cell."""
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:B3" si="0">B1+$C1+C$1+$C$1+LOG10(B1)+ev_total1&amp;"B1"&amp;\'Tờ B1\'!B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c><c r="B2"><f t="shared" si="0"/></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="7"/></c></row>'
    )
    found = cells(rows)

    assert found[(2, 1)].formula == "B2+$C2+C$1+$C$1+LOG10(B2)+ev_total1&\"B1\"&'Tờ B1'!B2"
    assert found[(2, 2)].formula == "C2+$C2+D$1+$C$1+LOG10(C2)+ev_total1&\"B1\"&'Tờ B1'!C2"
    assert found[(3, 1)].formula == ""  # whose first cell is not there: equal to no formula that was issued


@pytest.mark.parametrize("name", ["form.xlsx", "scoring.xlsx", "approval.xlsx"])
def test_formulas_move_as_openpyxl_moves_them(name: str) -> None:
    book = read_workbook((shipped("templates") / name).read_bytes())
    formulas = {cell.formula for page in book.sheets.values() for cell in page.cells.values() if cell.formula}

    assert formulas
    for formula in formulas:
        wanted = Translator(f"={formula}", "C100").translate_formula("E107").removeprefix("=")
        assert moved(formula, 7, 2) == wanted


def test_names_are_ranges_of_the_whole_workbook() -> None:
    names = (
        '<definedName name="ev_one">\'Tờ "của" tôi\'!$B$3</definedName><definedName name="ev_column">Phiếu!$A$5:$A$44</definedName>'
        "<definedName name=\"ev_quote\">'Việc ''trong'' tuần'!$AA$7</definedName><definedName name=\"ev_bare\">Phiếu!C4</definedName>"
        '<definedName name="ev_local" localSheetId="0">Phiếu!$A$1</definedName><definedName name="ev_lost">#REF!$A$1</definedName>'
        '<definedName name="ev_two">Phiếu!$A$1,Phiếu!$B$1</definedName><definedName name="ev_formula">OFFSET(Phiếu!$A$1,1,0)</definedName>'
        '<definedName name="ev_text">"x"</definedName>'
    )

    assert read("", names=names).names == {
        "ev_one": Range('Tờ "của" tôi', 3, 2, 3, 2),
        "ev_column": Range("Phiếu", 5, 1, 44, 1),
        "ev_quote": Range("Việc 'trong' tuần", 7, 27, 7, 27),
        "ev_bare": Range("Phiếu", 4, 3, 4, 3),
        "ev_lost": Range("#REF", 1, 1, 1, 1),
    }


@given(st.integers(1, 18_278))
def test_columns_have_the_letters_that_excel_gives_them(number: int) -> None:
    assert column_number(column_letters(number)) == number


@given(
    st.text(st.characters(exclude_characters="'!:", exclude_categories=["Cs", "Cc"]), min_size=1)
    .map(str.strip)
    .filter(bool),
    st.integers(1, 9999),
    st.integers(1, 702),
)
def test_any_sheet_name_in_quotes_is_found_again(name: str, line: int, column: int) -> None:
    for title in (unicodedata.normalize("NFC", one) for one in (name, f"{name}'s", f"a'b {name}")):
        quoted = title.replace("'", "''")
        assert split_reference(f"'{quoted}'!${column_letters(column)}${line}") == Range(
            title, line, column, line, column
        )


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ('<xf numFmtId="0"/>', "general"),
        ('<xf numFmtId="2"/>', "general"),
        ('<xf numFmtId="9"/>', "percent"),
        ('<xf numFmtId="14"/>', "date"),
        ('<xf numFmtId="22"/>', "date"),
        ('<xf numFmtId="49"/>', "text"),
        ('<xf numFmtId="164"/>', "date"),  # [$-42A]dd/mm/yyyy
        ('<xf numFmtId="165"/>', "percent"),  # 0.0%
        ('<xf numFmtId="166"/>', "general"),  # "Điểm đã có: "0.0
        ('<xf numFmtId="167"/>', "text"),  # "Mã: "@
        ('<xf numFmtId="168"/>', "general"),  # [Red]General
        ('<xf numFmtId="170"/>', "general"),  # a number that nothing explains
    ],
)
def test_a_style_says_whether_a_number_is_a_date(style: str, shown: str) -> None:
    codes = ("[$-42A]dd/mm/yyyy", "0.0%", "&quot;Điểm đã có: &quot;0.0", "&quot;Mã: &quot;@", "[Red]General")
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n, code in enumerate(codes, 164))
    styles = f'<numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{style}</cellXfs>'

    assert read("", styles=styles).formats == (shown,)


def test_a_cell_is_locked_unless_its_style_says_otherwise() -> None:
    styles = '<cellXfs><xf/><xf><protection locked="0"/></xf><xf><protection locked="false" hidden="1"/></xf><xf><protection/></xf></cellXfs>'
    book = read("", styles=styles)

    assert book.locks == (True, False, False, True)
    assert book.is_locked(Cell("text", "x", None, 9))


def test_who_saved_a_file_and_what_its_properties_say() -> None:
    custom = f"<Properties xmlns='{OFFICE}/custom-properties'><property name='evalxl.week'><lpwstr> 2025-W23 </lpwstr></property><property name='So'><i4>7</i4></property></Properties>"
    more = {
        "docProps/custom.xml": custom,
        "docProps/app.xml": f"<Properties xmlns='{OFFICE}/extended-properties'><Application>Microsoft Excel</Application><AppVersion>16</AppVersion></Properties>",
        "docProps/core.xml": "<coreProperties xmlns='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'><creator>A</creator><lastModifiedBy>B &amp; C</lastModifiedBy></coreProperties>",
    }
    book = read("", more=more)

    assert book.properties == {"evalxl.week": "2025-W23", "So": "7"}
    assert (book.producer, book.modified_by) == ("Microsoft Excel", "B & C")


def test_a_sheet_that_is_only_a_chart_is_no_sheet() -> None:
    parts = workbook_parts(sheet(""), sheet(""))
    relations = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        b'/worksheet" Target="worksheets/sheet2', b'/chartsheet" Target="worksheets/sheet2'
    )

    assert list(read_parts(parts).sheets) == ["Trang 1"]
    assert sheet_parts(parts) == {"Trang 1": "xl/worksheets/sheet1.xml"}


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 40), st.integers(1, 30)),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
            lambda text: text[0] not in "="
        )
        | st.integers(-(10**9), 10**9)
        | st.floats(-1e9, 1e9)
        | st.booleans(),
        max_size=30,
    )
)
def test_whatever_openpyxl_saves_is_read_alike(values: dict[tuple[int, int], Any]) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for (line, column), value in values.items():
        page.cell(line, column).value = value
    saved = io.BytesIO()
    book.save(saved)

    found = read_workbook(saved.getvalue()).sheets["Sheet"].cells

    assert found.keys() == values.keys()
    for at, value in values.items():
        if isinstance(value, bool):
            assert (found[at].kind, found[at].raw) == ("boolean", str(int(value)))
        elif isinstance(value, str):
            assert found[at].raw == value or "_x" in value or found[at].kind == "error"
        else:
            assert float(found[at].raw) == pytest.approx(value, rel=1e-14)


# What is refused


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="2"/><row/><row r="3"/>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"/><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="B1"/><c><v>1</v></c><c r="C1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A01"><v>1</v></c></row>',
        '<row r="1"><c r="$A$1"><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>3</v><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>3</v><is><t>7</t></is></c></row>',
        '<row r="1"><c r="A1"><f>1</f><f>2</f></c></row>',
        '<row r="1"><c r="A1"><c r="B1"><v>1</v></c></c></row>',
        '<row r="1"><c r="A1"><row r="2"><c r="A2"><v>1</v></c></row></c></row>',
        '<row r="1"><c r="A1"><v>3</v><t>7</t></c></row>',
        '<row r="1"><c r="A1"><is><t>38</t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>38</v></c></row>',
        '<row r="1"><v>38</v></row>',
    ],
)
def test_cells_that_two_readers_could_read_differently_are_refused(rows: str) -> None:
    assert refusal(rows) == "file.twin_cells"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="z"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>0_0</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>٠</v></c></row>',
        '<row r="１"><c r="A１"><v>1</v></c></row>',
        '<row r="1e0"/>',
        '<row r="-1"/>',
        '<row r="99999999999999"/>',
        '<row r="1"><c r="A1" s="x"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</c></row>',
        '<row r="1"><c xmlns="urn:other" r="A1"><v>1</v></c></row>',
        '<row r="1"><x:c xmlns:x="urn:other" r="A1"><v>1</v></x:c></row>',
        '<row r="1"><c r="A1"><v>3<!-- -->8</v></c></row>',
        '<row r="1"><c r="A1"><v>3<?x?>8</v></c></row>',
        '<row r="1"><c r="A1"><v>3<b/>8</v></c></row>',
        "<row r='1'>&entity;</row>",
    ],
)
def test_what_no_program_writes_is_refused(rows: str) -> None:
    assert refusal(rows, strings="<si><t>duy nhất</t></si>") == "file.bad_xml"


def test_cells_outside_the_sheets_data_do_not_count() -> None:
    hidden = '<extLst><ext><c r="A1"><v>99</v></c><row r="9"><c r="B9"><v>1</v></c></row></ext></extLst>'
    text = sheet('<row r="1"><c r="A1"><v>1</v></c></row>', before=hidden, after=hidden)

    assert read_parts(workbook_parts(text)).sheets["Trang 1"].cells == {(1, 1): Cell("number", "1")}


@pytest.mark.parametrize(
    "cell",
    [f'<row r="{MAX_ROW + 1}"><c r="A{MAX_ROW + 1}"><v>1</v></c></row>', '<row r="1"><c r="XFD1"><v>1</v></c></row>'],
)
def test_content_far_outside_the_form_is_refused_and_far_styles_are_not(cell: str) -> None:
    assert refusal(cell) == "file.outside_grid"
    assert cells(cell.replace("<v>1</v>", "")) == {}


def test_a_shared_formula_that_would_fill_the_memory_is_refused() -> None:
    rows = f'<row r="1"><c r="A1"><f t="shared" si="0">{"B1+" * 2600}1</f></c></row>' + "".join(
        f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(2, 1000)
    )

    assert refusal(rows) == "file.too_many_cells"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b'<!DOCTYPE worksheet [<!ENTITY a "ha">]><worksheet><sheetData/></worksheet>', "file.has_doctype"),
        (b"<!DOCTYPE worksheet SYSTEM 'http://x/y.dtd'><worksheet/>", "file.has_doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16"), "file.other_encoding"),
        ("<worksheet/>".encode("utf-16-le"), "file.other_encoding"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet/>', "file.other_encoding"),
        (b'<?xml version="1.0" encoding="windows-1258"?><worksheet/>', "file.other_encoding"),
        (f'<worksheet xmlns="{MAIN}">'.encode() + b"\xff\xfe</worksheet>", "file.bad_xml"),
        (f'<a xmlns="{MAIN}">'.encode() + b"<a>" * 64 + b"</a>" * 65, "file.bad_xml"),
        (b"<worksheet/>", "file.bad_xml"),
        (b'<worksheet xmlns="urn:other"/>', "file.bad_xml"),
        (f'<worksheet xmlns="{MAIN}"><sheetData></worksheet>'.encode(), "file.bad_xml"),
        (f'<worksheet xmlns="{MAIN}"/><worksheet/>'.encode(), "file.bad_xml"),
        (f'<worksheet xmlns="{MAIN}"><!-- --></worksheet>'.encode(), "file.bad_xml"),
        (b"", "file.bad_xml"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/custom.xml", "xl/styles.xml"]
)
def test_xml_of_a_sort_that_no_program_writes_is_refused(part: str, text: bytes, kind: str) -> None:
    if not text and part == "xl/styles.xml":
        return  # a workbook may have no styles
    parts = {**workbook_parts(sheet("")), part: text}

    with pytest.raises(Refused) as refused:
        read_parts(parts)
    assert refused.value.finding.kind == kind


@pytest.mark.parametrize(
    "twin",
    ["PHIẾU", unicodedata.normalize("NFD", "Phiếu"), "Phiếu ", "Phi\u200bếu", unicodedata.normalize("NFD", "phiẾu")],
)
def test_two_sheets_whose_names_look_the_same_are_refused(twin: str) -> None:
    with pytest.raises(Refused) as refused:
        read_parts(workbook_parts(sheet(""), sheet(""), titles=("Phiếu", twin)))
    assert refused.value.finding.kind == "file.twin_sheets"


def test_a_sheet_whose_marks_stand_apart_from_their_letters_is_the_sheet_of_that_name() -> None:
    """As programs on macOS write it."""
    apart = unicodedata.normalize("NFD", "Nhiệm vụ")
    names = f"<definedName name=\"ev_status\">'{apart}'!$A$1</definedName>"
    book = read_parts(workbook_parts(sheet(row('<c r="A1"><v>1</v></c>')), names=names, titles=(apart,)))

    assert list(book.sheets) == ["Nhiệm vụ"]
    assert book.names["ev_status"] == Range("Nhiệm vụ", 1, 1, 1, 1)


def test_a_name_of_ours_that_one_sheet_has_for_itself_is_told_apart_and_two_of_one_name_are_refused() -> None:
    local = '<definedName name="EV_status" localSheetId="0">\'Trang 1\'!$B$2</definedName>'
    twice = "<definedName name=\"ev_status\">'Trang 1'!$A$1</definedName>" * 2

    book = read_parts(workbook_parts(sheet(""), names=local))
    assert (book.names, book.local_names) == ({}, (("Trang 1", "EV_status", Range("Trang 1", 2, 2, 2, 2)),))
    with pytest.raises(Refused):
        read_parts(workbook_parts(sheet(""), names=twice))


@pytest.mark.parametrize(
    ("part", "kind"), [("xl/worksheets/sheet1.xml", "file.damaged"), ("xl/workbook.xml", "file.not_xlsx")]
)
def test_a_workbook_without_its_parts_is_refused(part: str, kind: str) -> None:
    parts = workbook_parts(sheet(""))
    del parts[part]

    with pytest.raises(Refused) as refused:
        read_parts(parts)
    assert refused.value.finding.kind == kind
