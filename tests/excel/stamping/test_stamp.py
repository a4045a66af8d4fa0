"""Stamping: a template's copy with somebody's values in it, and nothing else changed."""

from __future__ import annotations

import base64
import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator, predict
from python_calamine import CalamineWorkbook

from evalxl.excel.returned.cells import read_sheet
from evalxl.excel.returned.notation import unescape
from evalxl.excel.returned.reading import read_workbook, sheet_parts
from evalxl.excel.stamping.stamp import NoRoomError, Stencil, clean
from evalxl.excel.stamping.template_slots import cut, joined, without_blanks, without_results
from evalxl.excel.templates.finish import password_hash
from evalxl.forms import kinds
from evalxl.forms.kind import capacity
from evalxl.forms.values import LinkTarget, Typed, serial
from evalxl.forms.workbook import address
from evalxl.records.package_files import shipped
from tests.little_office import LittleOffice, _made  # noqa: F401
from tests.second_week import issued_workbooks, second_week

FORM = (shipped("templates") / "form.xlsx").read_bytes()
SCORING = (shipped("templates") / "scoring.xlsx").read_bytes()
AWKWARD = [
    "a < b & c > d",
    "\"trích\" và 'nháy' ]]>",
    "=1+1",
    "+84 24 1234",
    "-  gạch đầu dòng",
    "@nguyen",
    "hai\ndòng",
    "😀 Ủy ban, Uỷ ban, Hoà, Hòa",
    "_x0041_ không phải chữ A",
    "  hai dấu cách  ",
    "0012",
    "TRUE",
    "#N/A",
    "1E5",
    "\t",
]


@pytest.fixture(scope="module")
def stencil() -> Stencil:
    return Stencil(FORM, kinds.FORM)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def repacked(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """A template with some parts replaced, added, or (empty) taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**parts(data), **changed}.items():
            if text:
                package.writestr(name, text)
    return out.getvalue()


def raws(data: bytes, stencil: Stencil, name: str) -> list[str]:
    """What our own reader finds in a field's cells."""
    book = read_workbook(data)
    return [cell.raw if (cell := book.cell(place.sheet, place.at)) else "" for place in stencil.layout[name]]


def by_others(data: bytes, stencil: Stencil, name: str) -> list[tuple[Any, Any]]:
    """What openpyxl and python-calamine find in a field's cells."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    second = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = []
    for place in stencil.layout[name]:
        rows = second.get_sheet_by_name(place.sheet).to_python(skip_empty_area=False)
        found.append((book[place.sheet][place.cell].value, rows[place.at[0] - 1][place.at[1] - 1]))
    return found


# What is stamped is what is read

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=150, deadline=None)
@given(name=texts, tasks=st.lists(st.none() | texts, max_size=capacity("tasks")))
def test_any_text_comes_back_as_it_went_out(name: str, tasks: list[str | None]) -> None:
    stencil = _stencil()
    data = stencil.stamp({"ev_person_name": name, "ev_task_name": tasks}, {})

    assert raws(data, stencil, "ev_person_name") == [clean(name)]
    padded = [*tasks, *[None] * (capacity("tasks") - len(tasks))]
    assert raws(data, stencil, "ev_task_name") == ["" if text is None else clean(text) for text in padded]


_made_once: list[Stencil] = []


def _stencil() -> Stencil:
    """Hypothesis takes no fixture that it would have to trust."""
    if not _made_once:
        _made_once.append(Stencil(FORM, kinds.FORM))
    return _made_once[0]


@settings(max_examples=150, deadline=None)
@given(
    number=st.integers(-(10**12), 10**12) | st.decimals(-(10**6), 10**6, places=4) | st.just(Decimal("1E+2")),
    day=st.dates(date(1950, 1, 1)),
)
def test_any_number_and_date_comes_back_exactly(number: int | Decimal, day: date) -> None:
    stencil = _stencil()
    data = stencil.stamp({"ev_list_coefficient": [number], "ev_last_day": day}, {})

    assert Decimal(raws(data, stencil, "ev_list_coefficient")[0]) == number
    assert raws(data, stencil, "ev_last_day") == [str(serial(day))]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_are_the_same_text_for_every_reader(stencil: Stencil, text: str) -> None:
    data = stencil.stamp({"ev_person_name": text, "ev_task_name": [text]}, {})

    for name in ("ev_person_name", "ev_task_name"):
        assert raws(data, stencil, name)[0] == text
        first, second = by_others(data, stencil, name)[0]
        assert unescape(str(first)) == text
        assert {str(second), unescape(str(second))} & {text, text.strip()}
    assert not any(cell.formula for cell in read_workbook(data).sheets["Nhiệm vụ"].cells.values() if text in cell.raw)


def test_numbers_and_dates_are_read_by_others_too(stencil: Stencil) -> None:
    data = stencil.stamp(
        {"ev_list_coefficient": [Decimal("1.25")], "ev_last_day": date(2025, 6, 8), "ev_task_due": [date(2025, 6, 5)]},
        {},
    )

    assert by_others(data, stencil, "ev_list_coefficient")[0] == (1.25, 1.25)
    first, second = by_others(data, stencil, "ev_task_due")[0]
    assert (first.date(), second) == (date(2025, 6, 5), date(2025, 6, 5))


def test_a_text_that_no_workbook_can_hold_loses_only_what_it_cannot_hold(stencil: Stencil) -> None:
    data = stencil.stamp({"ev_person_name": "A\x00\x0bn\ufffe\r\nB", "ev_task_name": ["x" * 40_000]}, {})

    assert raws(data, stencil, "ev_person_name") == ["An\nB"]
    assert len(raws(data, stencil, "ev_task_name")[0]) == 32_767


def test_a_value_that_is_none_leaves_the_templates_cell(stencil: Stencil) -> None:
    data = stencil.stamp({"ev_status": None, "ev_task_key": [None, "77"]}, {})

    assert raws(data, stencil, "ev_status") == ["Đang soạn"]
    assert raws(data, stencil, "ev_task_key")[:3] == ["01", "77", "03"]


@pytest.mark.parametrize(
    ("back", "kind", "raw"),
    [
        (Typed("number", "37.5"), "number", "37.5"),
        (Typed("number", "45813", "date"), "number", "45813"),
        (Typed("text", "37,5"), "text", "37,5"),
        (Typed("number", "100", "general", True), "text", "100"),
        (Typed("text", "=SUM(A1)", "general", True), "text", "=SUM(A1)"),
        (Typed("boolean", "1"), "text", "1"),
        (Typed("error", "#REF!"), "text", "#REF!"),
        (Typed("number", '1"/><evil'), "text", '1"/><evil'),
        (Typed("number", "INF"), "text", "INF"),
    ],
)
def test_what_was_typed_is_put_back_as_typed_and_calculates_nothing(
    stencil: Stencil, back: Typed, kind: str, raw: str
) -> None:
    data = stencil.stamp({"ev_self_quality": back}, {})

    place = stencil.layout["ev_self_quality"][0]
    cell = read_workbook(data).cell(place.sheet, place.at)
    assert cell is not None
    assert (cell.kind, cell.raw, cell.formula) == (kind, raw, None)


# Nothing else is changed


def test_equal_values_give_equal_bytes(stencil: Stencil) -> None:
    values = {"ev_person_name": "Vũ Văn An", "ev_task_name": ["Việc"], "ev_last_day": date(2025, 6, 8)}
    properties = {"evalxl.form_id": "f1", "evalxl.week": "2025-W23"}
    again = Stencil(FORM, kinds.FORM)

    data = stencil.stamp(values, properties, given=[0])

    assert stencil.stamp(dict(reversed(values.items())), properties, given=[0]) == data
    assert again.stamp(values, properties, given=[0]) == data
    assert again.stamp({**values, "ev_person_name": "Vũ Văn Ẩn"}, properties, given=[0]) != data


def test_parts_without_stamped_cells_are_the_templates_byte_for_byte(stencil: Stencil) -> None:
    data = stencil.stamp({"ev_person_name": "An", "ev_task_name": ["Việc"]}, {"evalxl.form_id": "f1"})
    before, after = parts(FORM), parts(data)
    stamped = {
        sheet_parts(before)[place.sheet]
        for name in ("ev_person_name", "ev_task_name")
        for place in stencil.layout[name][:1]
    }

    assert set(after) == set(before)
    assert {name for name in before if before[name] != after[name]} == stamped | {"docProps/custom.xml"}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time[:3] for entry in package.infolist()} == {(2025, 6, 1)}


def test_only_the_stamped_cells_of_a_sheet_differ(stencil: Stencil) -> None:
    data = stencil.stamp({"ev_person_name": "An"}, {})
    before, after = read_workbook(FORM), read_workbook(data)
    place = stencil.layout["ev_person_name"][0]

    differing = [
        (name, address(at))
        for name, sheet in after.sheets.items()
        for at in {*sheet.cells, *before.sheets[name].cells}
        if sheet.cells.get(at) != before.sheets[name].cells.get(at)
    ]
    assert differing == [(place.sheet, place.cell)]


def test_styles_of_stamped_cells_stay_and_given_tasks_are_locked(stencil: Stencil) -> None:
    values = {"ev_task_name": ["Được giao", "Của mình"], "ev_task_due": [date(2025, 6, 5), date(2025, 6, 6)]}
    book = read_workbook(stencil.stamp(values, {}, given=[0]))

    def locked(name: str, row: int) -> bool:
        place = stencil.layout[name][row]
        cell = book.cell(place.sheet, place.at)
        assert cell is not None
        return book.is_locked(cell)

    assert [locked("ev_task_name", row) for row in (0, 1)] == [True, False]
    assert [locked("ev_task_due", row) for row in (0, 1)] == [True, False]
    due = stencil.layout["ev_task_due"][0]
    cell = book.cell(due.sheet, due.at)
    assert cell is not None and book.format_of(cell) == "date"
    important = stencil.layout["ev_task_important"][0]
    sheet = parts(stencil.stamp(values, {}, given=[0]))[sheet_parts(parts(FORM))[important.sheet]]
    style = re.search(rf'<c r="{important.cell}" s="(\d+)"'.encode(), sheet)
    assert style is not None and book.locks[int(style[1])], "a given task's empty cells are locked too"


def test_a_template_without_a_sample_of_given_tasks_still_gives_a_proper_form() -> None:
    names = re.sub(
        rb'<definedName name="ev_style_given(?:_date)?"[^>]*>[^<]*</definedName>', b"", parts(FORM)["xl/workbook.xml"]
    )
    stencil = Stencil(repacked(FORM, {"xl/workbook.xml": names}), kinds.FORM)

    data = stencil.stamp({"ev_task_name": ["Được giao"]}, {}, given=[0])

    assert raws(data, stencil, "ev_task_name")[0] == "Được giao"
    assert not any(re.search(rb'<c [^>]*\bs=""', text) for text in parts(data).values())


# Rows and cells that a sheet does not have

SHEET = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="2" max="3" style="7"/></cols><sheetData><row r="2"/><row r="4" s="3" customFormat="1">\
<c r="B4" s="5"><v>1</v></c><c r="D4"/></row><row r="6" hidden="false"><c r="A6" t="s"><v>0</v></c></row></sheetData></worksheet>"""


def test_missing_rows_and_cells_are_put_in_their_places() -> None:
    wanted = {(1, 1), (2, 2), (3, 2), (4, 1), (4, 2), (4, 4), (4, 5), (6, 2), (9, 9)}
    pieces = cut(SHEET, wanted)

    text = joined(
        pieces, {at: f'<c r="{address(at)}"><v>{at[0]}{at[1]}</v></c>'.encode() for at in wanted}, frozenset(), {}
    )

    cells = read_sheet("s", "visible", text, ["chung"]).cells
    assert {at: cell.raw for at, cell in cells.items()} == {at: f"{at[0]}{at[1]}" for at in wanted} | {(6, 1): "chung"}
    assert joined(cut(SHEET, {(4, 2), (4, 4)}), {}, frozenset(), {}) == SHEET


def test_a_missing_cell_looks_like_its_row_or_else_like_its_column() -> None:
    slots = {
        piece.at: piece.style
        for piece in cut(SHEET, {(1, 1), (1, 2), (4, 3), (4, 4), (6, 3), (6, 4)})
        if hasattr(piece, "style")
    }

    assert slots == {(1, 1): "0", (1, 2): "7", (4, 3): "3", (4, 4): "0", (6, 3): "7", (6, 4): "0"}


places = st.tuples(st.integers(1, 6), st.integers(1, 5))


@given(there=st.sets(places), wanted=st.sets(places), closed=st.booleans())
def test_whatever_is_there_and_whatever_is_wanted_the_sheet_stays_in_order(
    there: set[tuple[int, int]], wanted: set[tuple[int, int]], closed: bool
) -> None:
    rows = sorted({row for row, _ in there} | ({3} if closed else set()))
    body = "".join(
        f'<row r="{row}">{"".join(f"""<c r="{address(at)}"><v>1</v></c>""" for at in sorted(there) if at[0] == row)}</row>'
        for row in rows
    ).replace('<row r="3"></row>', '<row r="3"/>')
    text = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'.encode()

    stamped = joined(
        cut(text, wanted), {at: f'<c r="{address(at)}"><v>2</v></c>'.encode() for at in wanted}, frozenset(), {}
    )

    cells = read_sheet("s", "visible", stamped, []).cells  # refuses what is out of order or stands twice
    assert {at: cell.raw for at, cell in cells.items()} == {**dict.fromkeys(there, "1"), **dict.fromkeys(wanted, "2")}


@pytest.mark.parametrize("tag", [b'<row r="6">', b'<row r="6" hidden="false" ht="12">', b'<row r="6" hidden="0"/>'])
def test_a_row_of_nobody_is_hidden_however_the_template_writes_its_row(tag: bytes) -> None:
    closing = b"" if tag.endswith(b"/>") else b"</row>"
    text = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + tag
        + closing
        + b"</sheetData></worksheet>"
    )

    shown = joined(cut(text, {(6, 1)}), {}, frozenset({6}), {})

    assert shown.count(b"hidden=") == shown.count(b'hidden="1"') == 1
    read_sheet("s", "visible", shown, [])


def test_a_row_of_nobody_has_no_blank_cells_calculates_nothing_and_keeps_what_is_said_in_it() -> None:
    said, sum_up, blank = (
        '<c r="A{0}" t="str"><v>x</v></c>',
        '<c r="C{0}" s="4"><f>A{0}</f></c>',
        '<c r="{1}{0}" s="5"/>',
    )
    shared = '<c r="F{0}"><f t="shared" ref="F5:F7" si="0">A{0}</f></c>'  # others may go by it
    line = f'<row r="{{0}}">{said}{blank.format("{0}", "B")}{sum_up}{blank.format("{0}", "D")}{shared}</row >'
    rows = "".join(line.format(number) for number in (5, 6, 7))
    text = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    wanted = {(row, column) for row in (5, 6, 7) for column in (2, 3, 5)}

    put = {(6, 5): b'<c r="E6"><v>1</v></c>'}
    shown = joined(cut(text.encode(), wanted), put, frozenset({6}), {}).decode()
    spare = joined(cut(text.encode(), wanted), {}, frozenset({6}), {}, frozenset({6})).decode()

    left = f'<row r="6" hidden="1">{said.format(6)}<c r="E6"><v>1</v></c>{shared.format(6)}</row >'
    assert shown == text.replace(line.format(6), left)
    assert spare == text.replace('<row r="6">', '<row r="6" hidden="1">')


def test_a_sheet_that_nobody_sees_goes_out_without_blanks() -> None:
    text = b'<sheetData><row r="1"><c r="A1" s="2"/><c r="B1"><v>1</v></c></row><row r="2" ht="12"><c r="A2" s="2"/></row><row r="3"/></sheetData>'

    assert without_blanks(text) == b'<sheetData><row r="1"><c r="B1"><v>1</v></c></row></sheetData>'


def test_a_row_is_high_enough_for_its_text_unless_somebody_fixed_its_height() -> None:
    text = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="6" ht="12"/><row r="7" ht="12" customHeight="true"/><row r="8" ht="90"/></sheetData></worksheet>'

    tall = joined(cut(text, {(6, 1), (7, 1), (8, 1)}), {}, frozenset(), {6: 40.0, 7: 40.0, 8: 40.0})

    assert re.findall(rb'ht="(\d+)"', tall) == [b"40", b"12", b"90"]


def test_more_than_there_is_room_for_never_goes_out_short_of_a_row() -> None:
    """Whoever fills a table says beforehand what has no room; here it would be lost without a word."""
    stencil, room = Stencil(FORM, kinds.FORM), capacity("plan")
    names = [f"Việc {number}" for number in range(room)]

    with pytest.raises(NoRoomError) as refused:
        stencil.stamp({"ev_plan_name": [*names, "một việc nữa"]}, {})
    with pytest.raises(NoRoomError):
        stencil.stamp({"ev_person_name": ["Vũ Văn An", "Vũ Văn Ánh"]}, {})

    assert str(refused.value) == f"{room + 1} values for ev_plan_name, which has {room} cells"
    assert stencil.stamp({"ev_plan_name": [*names, None, ""]}, {}) == stencil.stamp({"ev_plan_name": names}, {})


def test_remembered_results_of_formulas_do_not_go_out() -> None:
    text = (
        b'<c r="A1" s="4" t="str"><f aca="false">IF(A2="","",A2)</f><v>nobody</v></c><c r="A2" t="s"><v>5</v></c>'
        b'<c r="A3"><f>1+1</f><v>2</v></c><c r="A4"><f t="shared" si="0"/><v>3</v></c>'
    )

    assert without_results(text) == (
        b'<c r="A1" s="4"><f aca="false">IF(A2="","",A2)</f></c><c r="A2" t="s"><v>5</v></c>'
        b'<c r="A3"><f>1+1</f></c><c r="A4"><f t="shared" si="0"/></c>'
    )


@pytest.mark.parametrize(
    "said", ["", '<calcPr calcId="191029"/>', '<calcPr fullCalcOnLoad="0" refMode="A1"/>', "<calcPr></calcPr>"]
)
def test_an_issued_workbook_asks_to_be_calculated(said: str) -> None:
    main = re.sub(rb"<calcPr[^>]*/>", said.encode(), parts(FORM)["xl/workbook.xml"])
    data = Stencil(repacked(FORM, {"xl/workbook.xml": main}), kinds.FORM).stamp({}, {})

    assert re.findall(rb"<calcPr[^>]*>", parts(data)["xl/workbook.xml"])[0].count(b'fullCalcOnLoad="1"') == 1
    assert parts(data)["xl/workbook.xml"].count(b"fullCalcOnLoad") == 1


# Links


def test_links_lead_to_their_files_and_leave_the_templates_own(tmp_path: Path) -> None:
    stencil = Stencil(SCORING, kinds.SCORING)
    links = [
        LinkTarget("Mở phiếu", "../forms/2025-W23_V1-03_vu-van-an.xlsx"),
        LinkTarget("Tên & <lạ>", "../../LĐ & \"VP\"/forms/100% #1 'a'.xlsx"),
        LinkTarget("Đến ô", "../forms/x.xlsx#Phiếu!A1"),
        LinkTarget("Không có", ""),
    ]
    data = stencil.stamp(
        {"ev_row_link": links, "ev_book_others": [LinkTarget("Bảng phê duyệt", "../../approval/a.xlsx")]}, {}
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    found = {}
    for place in stencil.layout["ev_row_link"][:4]:
        link = book[place.sheet][place.cell].hyperlink
        found[book[place.sheet][place.cell].value] = (link.target, link.location) if link else None
    assert found == {
        "Mở phiếu": ("../forms/2025-W23_V1-03_vu-van-an.xlsx", None),
        "Tên & <lạ>": ("../../LĐ%20&%20%22VP%22/forms/100%25%20%231%20'a'.xlsx", None),
        "Đến ô": ("../forms/x.xlsx", "Phiếu!A1"),
        "Không có": None,
    }
    other = stencil.layout["ev_book_others"][0]
    assert book[other.sheet][other.cell].hyperlink.target == "../../approval/a.xlsx"
    assert stencil.stamp({}, {}).count(b"TargetMode") == 0


def test_a_template_with_links_of_its_own_keeps_them() -> None:
    """The form links to its task table, and an office may add a link to the rules."""
    path = sheet_parts(parts(SCORING))["Chấm điểm"]
    folder, _, name = path.rpartition("/")
    own = b'<hyperlinks><hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ref="A1" r:id="rId9"/></hyperlinks>'
    rels = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="quy-dinh.pdf" TargetMode="External"/></Relationships>'
    )
    sheet = parts(SCORING)[path].replace(b"<printOptions", own + b"<printOptions")
    stencil = Stencil(repacked(SCORING, {path: sheet, f"{folder}/_rels/{name}.rels": rels}), kinds.SCORING)

    data = stencil.stamp({"ev_row_link": [LinkTarget("Mở", "a.xlsx")]}, {})

    stamped = parts(data)
    assert stamped[path].count(b"<hyperlinks>") == 1
    assert re.findall(rb'Target="([^"]*)"', stamped[f"{folder}/_rels/{name}.rels"]) == [b"quy-dinh.pdf", b"a.xlsx"]


# The stamp, and the password


def test_the_stamp_stands_in_the_properties_beside_an_offices_own() -> None:
    old = parts(FORM)["docProps/custom.xml"]
    own = b'<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="30" name="So hieu"><vt:lpwstr>07-VP</vt:lpwstr></property>'
    for custom in (
        old.replace(b"</Properties>", own + b"</Properties>"),
        _without_properties(old).replace(b"</Properties>", own + b"</Properties>"),
    ):
        data = Stencil(repacked(FORM, {"docProps/custom.xml": custom}), kinds.FORM).stamp(
            {}, {"evalxl.kind": "form", "evalxl.form_id": "a & <b>", "evalxl.week": "2025-W23"}
        )

        said = read_workbook(data).properties
        assert {
            "So hieu": "07-VP",
            "evalxl.kind": "form",
            "evalxl.form_id": "a & <b>",
            "evalxl.week": "2025-W23",
        }.items() <= said.items()
        numbers = re.findall(rb'pid="(\d+)"', parts(data)["docProps/custom.xml"])
        assert len(numbers) == len(set(numbers)) and min(map(int, numbers)) >= 2


def _without_properties(custom: bytes) -> bytes:
    return re.sub(rb"<property\b.*</property>", b"", custom, flags=re.S)


def test_properties_that_are_not_named_stay_as_they_are(stencil: Stencil) -> None:
    first = stencil.stamp({}, {"evalxl.kind": "form", "evalxl.form_id": "f1"})

    again = Stencil(first, kinds.FORM).stamp({"ev_self_quality": 30}, {})

    assert read_workbook(again).properties["evalxl.form_id"] == "f1"


def test_the_offices_password_is_on_every_sheet_and_no_other(stencil: Stencil) -> None:
    data = Stencil(FORM, kinds.FORM, "sửa nhầm").stamp({}, {})

    sheets = [text for name, text in parts(data).items() if "/worksheets/" in name]
    for sheet in sheets:
        found = dict(re.findall(r'(\w+)="([^"]*)"', re.search(rb"<sheetProtection[^>]*>", sheet)[0].decode()))  # type: ignore[index]
        assert (found["sheet"], found["algorithmName"]) == ("1", "SHA-512")
        digest = password_hash("sửa nhầm", base64.b64decode(found["saltValue"]), int(found["spinCount"]))
        assert base64.b64decode(found["hashValue"]) == digest
    assert len(sheets) == 4
    assert not any(b"hashValue" in text for text in parts(stencil.stamp({}, {})).values())
    assert read_workbook(data).sheets == read_workbook(stencil.stamp({}, {})).sheets


# What validators say of the workbooks that really go out

# Findings of openxml-audit that are accepted, each with the reason why it is harmless in Excel.
ACCEPTED = {
    r"inline-string cell\(s\)": "Texts stand in the cells themselves, as the standard allows (ECMA-376 part 1, 18.18.11) and Excel reads them; "
    "a person's first save moves them to the shared table, which is that save's business.",
}


@pytest.fixture(scope="module")
def workbooks(_made: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:  # noqa: F811
    return issued_workbooks(second_week(_made, tmp_path_factory.mktemp("stamped") / "office"))


@pytest.mark.parametrize("kind", ["form", "unit_form", "scoring", "approval"])
def test_what_goes_out_is_what_excel_opens_without_repair(workbooks: dict[str, Path], kind: str) -> None:
    result = OpenXmlValidator(max_errors=0).validate(workbooks[kind])

    remarks = [f"{error.part_uri}: {error.description}" for error in result.errors]
    assert [one for one in remarks if not any(re.search(pattern, one) for pattern in ACCEPTED)] == []
    assert [pattern for pattern in ACCEPTED if not any(re.search(pattern, one) for one in remarks)] == [], (
        "no longer said"
    )
    assert result.is_valid
    assert predict(result)


def test_the_workbooks_that_are_audited_are_the_full_ones(workbooks: dict[str, Path]) -> None:
    """Given tasks, links, hidden rows: an empty template would prove little."""
    form, scoring = (read_workbook(workbooks[kind].read_bytes()) for kind in ("form", "scoring"))
    task = form.names["ev_task_name"]
    given = form.cell(task.sheet, (task.top, task.left))
    assert given is not None and form.is_locked(given) and given.raw == "Chuẩn bị hội nghị"
    sheet = parts(workbooks["scoring"].read_bytes())[sheet_parts(parts(workbooks["scoring"].read_bytes()))["Chấm điểm"]]
    assert sheet.count(b"<hyperlink ") == 2 and sheet.count(b'hidden="1"') == capacity("team") - 2
    assert len({cell.raw for at, cell in scoring.sheets["Nhiệm vụ"].cells.items() if at[1] == 1}) >= 3
