"""The standard templates keep what they promise, and an office's own template is told what it lacks."""

from __future__ import annotations

import base64
import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook

from evalxl.domain.evaluation.row_requirements import (
    ApprovalRow,
    ScoreRow,
    differs,
    needs_of_adjustment,
    needs_of_score,
    with_adjustments,
)
from evalxl.domain.evaluation.scoring import STATUSES, Scores, Task
from evalxl.domain.evaluation.scoring import shown as shown_score
from evalxl.domain.evaluation.suggestions import suggested
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_parts
from evalxl.excel.stamping.row_heights import RowHeights, with_height
from evalxl.excel.stamping.stamp import Stencil
from evalxl.excel.templates import LARGER, STANDARD, build, check
from evalxl.excel.templates.finish import password_hash, protect
from evalxl.excel.templates.inputs import ERROR_LIMIT, PROMPT_LIMIT, TITLE_LIMIT, TooLongForExcelError, checked
from evalxl.excel.templates.package import plain_xml
from evalxl.forms import kinds
from evalxl.forms.binding import bind, rooms_of
from evalxl.forms.comparison.changes import changes
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.fields import (
    ADJUST,
    APPROVE,
    CHOICES,
    DRAFT,
    NO,
    NOT_APPROVED,
    RETURN,
    SCORED,
    STYLE_GIVEN,
    SUBMITTED,
    YES,
    Who,
)
from evalxl.forms.kind import WorkbookKind, table_named
from evalxl.words import say
from tests.counted_guide import guide_that_counts
from tests.libreoffice import Office
from tests.standard_parts import FIELDS, PARTS, in_parts

RULES = read_rulebook((files("evalxl") / "rulebooks" / "cv-8679-2025.toml").read_bytes(), "cv-8679-2025.toml")
TEMPLATES = Path(__file__).parents[2] / "templates"
KINDS = (kinds.FORM, kinds.UNIT_FORM, kinds.SCORING, kinds.APPROVAL, kinds.FOLLOW_UP, kinds.PERIOD_INPUT)
FILES = sorted(STANDARD)
SUNDAY = date(2025, 6, 8)


class Built(dict[str, bytes]):
    """The standard templates by file name, each built when a test asks for it: other tests are collected beside these."""

    def __missing__(self, name: str) -> bytes:
        self[name] = build(STANDARD[name][0], RULES, STANDARD[name][1])
        return self[name]


class OfKind(dict[WorkbookKind, bytes]):
    """The Vietnamese ones by their kind."""

    def __missing__(self, kind: WorkbookKind) -> bytes:
        return BUILT[f"{kind.name}.xlsx"]


BUILT, OF_KIND = Built(), OfKind()


def loaded(data: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not keep a print area that is a formula
        return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(book: openpyxl.Workbook, name: str) -> list[Any]:
    """The cells of a name, from top to bottom."""
    ((sheet, area),) = book.defined_names[name].destinations
    found = book[sheet][area.replace("$", "")]
    return [row[0] for row in found] if isinstance(found, tuple) else [found]


def sheet_of(book: openpyxl.Workbook, name: str) -> Worksheet:
    return cells(book, name)[0].parent


def validations(book: openpyxl.Workbook) -> Iterator[DataValidation]:
    for sheet in book.worksheets:
        yield from sheet.data_validations.dataValidation


# --- the files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_the_files_that_ship_are_what_build_makes(name: str) -> None:
    """Part by part: another zlib packs the same bytes in another way."""
    shipped, built = ((zipfile.ZipFile(io.BytesIO(data))) for data in ((TEMPLATES / name).read_bytes(), BUILT[name]))

    assert [entry.filename for entry in shipped.infolist()] == [entry.filename for entry in built.infolist()]
    for entry in built.infolist():
        assert shipped.read(entry.filename) == built.read(entry.filename), entry.filename
        assert shipped.getinfo(entry.filename).date_time == entry.date_time


@pytest.mark.parametrize("name", sorted(LARGER))
def test_the_larger_templates_are_what_the_program_makes_and_lack_nothing(name: str) -> None:
    kind, lang, size = LARGER[name]
    data = (TEMPLATES / name).read_bytes()
    made = build(kind, RULES, lang, size)

    shipped, built = (zipfile.ZipFile(io.BytesIO(one)) for one in (data, made))
    assert {one: shipped.read(one) for one in shipped.namelist()} == {one: built.read(one) for one in built.namelist()}
    layout, findings = bind(kind, read_parts(open_package(data)).names)
    assert not findings
    rooms = rooms_of(kind, layout)
    assert {table: rooms[table] for table in rooms if table_named(table).grows} == {
        table: table_named(table).capacity(size) for table in rooms if table_named(table).grows
    }
    if lang == "vi":
        assert check(data, kind, RULES) == []


def test_equal_rules_give_equal_bytes() -> None:
    assert build(kinds.FORM, RULES) == BUILT["form.xlsx"]


def test_xml_has_one_spelling_whoever_wrote_it() -> None:
    """openpyxl spells its XML in one way with lxml and in another without."""
    one = b'<a xmlns="u"><b x="1 &quot;2&quot;"></b><v:c xmlns:v="w">&amp;\n</v:c></a>'
    other = b'<?xml version=\'1.0\'?>\n<a xmlns:v="w" xmlns="u"><b x=\'1 "2"\' /><v:c>&#38;&#10;</v:c></a>'

    assert plain_xml(one) == plain_xml(other)
    assert plain_xml(one) == '<a xmlns="u" xmlns:v="w"><b x="1 &quot;2&quot;"/><v:c>&amp;\n</v:c></a>'


@pytest.mark.parametrize("name", FILES)
def test_excel_finds_nothing_to_repair(name: str, tmp_path: Path) -> None:
    """One kind of remark is accepted: text inside cells (`inlineStr`), which Excel moves to a table of its own on the next save."""
    path = tmp_path / name
    path.write_bytes(BUILT[name])

    result = OpenXmlValidator(max_errors=0).validate(path)

    found = [str(error) for error in result.errors]
    assert [line for line in found if "inline-string" not in line] == []


@pytest.mark.parametrize("name", FILES)
def test_every_field_stands_where_its_name_says(name: str) -> None:
    kind, _ = STANDARD[name]

    layout, findings = bind(kind, read_parts(open_package(BUILT[name])).names)

    assert findings == []
    assert {entry.name: kind.rows_of(entry) for entry in FIELDS[kind]}.items() <= {
        name: len(places) for name, places in layout.items()
    }.items()


@pytest.mark.parametrize("name", FILES)
def test_a_standard_template_lacks_nothing(name: str) -> None:
    kind, _ = STANDARD[name]

    assert check(BUILT[name], kind, RULES) == []
    assert check(BUILT[name], None, RULES) == []


@pytest.mark.parametrize("name", FILES)
def test_the_stamp_fits_into_every_template(name: str) -> None:
    kind, _ = STANDARD[name]
    stencil = Stencil(BUILT[name], kind)

    stamped = read_parts(open_package(stencil.stamp({"ev_stamp_week": "2025-W23"}, {"evalxl.week": "2025-W23"})))

    assert stencil.findings == []
    assert stamped.properties["evalxl.week"] == "2025-W23"
    assert stamped.properties["evalxl.kind"] == kind.name


# --- what is in them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_people_can_type_where_they_should_and_nowhere_else(kind: WorkbookKind) -> None:
    book = loaded(OF_KIND[kind])

    for entry in FIELDS[kind]:
        for cell in cells(book, entry.name):
            assert cell.protection.locked is (entry.who is not Who.PERSON), f"{entry.name} {cell.coordinate}"
    for sheet in book.worksheets:
        assert (sheet.protection.sheet, sheet.protection.objects, sheet.protection.scenarios) == (True, True, True)
        assert not sheet.protection.formatRows  # allowed: a row may be made taller
    assert book.security.lockStructure
    assert book["evalxl"].sheet_state == "veryHidden"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_filled_before_it_is_issued(kind: WorkbookKind) -> None:
    book = loaded(OF_KIND[kind])
    defaults = {
        "ev_status": [DRAFT],
        **{name: [NO] for name in ("ev_approve_all", "ev_score_all", "ev_take_self")},
        "ev_task_key": [f"{row:02d}" for row in range(1, 41)],
    }

    for entry in FIELDS[kind]:
        held = [cell.value for cell in cells(book, entry.name)]
        if entry.who is Who.LIVE:
            assert all(str(value).startswith("=") for value in held), entry.name
        else:
            assert held == defaults.get(entry.name, [None] * kind.rows_of(entry)), entry.name


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_on_the_first_sheet_with_the_cursor_in_an_open_cell(kind: WorkbookKind) -> None:
    book = loaded(OF_KIND[kind])
    sheet = book.active

    assert sheet is book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    assert [selection.activeCell for selection in sheet.sheet_view.selection][-1]
    assert not sheet[sheet.sheet_view.selection[-1].activeCell or "A1"].protection.locked
    assert sheet.page_setup.paperSize == 9
    fitted = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert fitted or (sheet.page_setup.scale or 0) > 70


def test_the_form_opens_in_its_first_required_cell_and_all_that_is_required_follows_from_there() -> None:
    """The link to the tasks stands above: who goes on with Tab never comes there before the end."""
    book = loaded(OF_KIND[kinds.FORM])
    sheet = book.worksheets[0]
    required = ("ev_self_quality", "ev_self_progress", "ev_conduct_note", "ev_self_conduct", "ev_status")

    stops = [cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked]

    first = sheet.sheet_view.selection[0].activeCell
    assert first == cells(book, "ev_self_quality")[0].coordinate
    here = stops.index(str(first))
    assert stops[here : here + len(required)] == [cells(book, name)[0].coordinate for name in required]
    assert len(stops[:here]) == 1


@pytest.mark.parametrize("name", FILES)
def test_no_message_is_longer_than_excel_takes(name: str) -> None:
    for rule in validations(loaded(BUILT[name])):
        assert len(rule.promptTitle or "") <= TITLE_LIMIT
        assert len(rule.errorTitle or "") <= TITLE_LIMIT
        assert len(rule.prompt or "") <= PROMPT_LIMIT
        assert len(rule.error or "") <= ERROR_LIMIT


def test_a_message_that_excel_would_not_take_is_a_programmers_slip() -> None:
    with pytest.raises(TooLongForExcelError):
        checked(DataValidation(promptTitle="x" * (TITLE_LIMIT + 1)))


@pytest.mark.parametrize("kind", KINDS)
def test_lines_that_begin_with_a_dash_stay_text(kind: WorkbookKind) -> None:
    book = loaded(OF_KIND[kind])

    for entry in FIELDS[kind]:
        if entry.who is Who.PERSON and entry.type.value in ("text", "narrative"):
            assert {cell.number_format for cell in cells(book, entry.name)} == {"@"}, entry.name


def test_english_labels_keep_the_words_that_the_reader_knows() -> None:
    book = loaded(BUILT["form.en.xlsx"])

    assert book.sheetnames == ["Form", "Tasks", "Guide", "evalxl"]
    assert cells(book, "ev_status")[0].value == DRAFT
    lists = {rule.formula1 for rule in validations(book) if rule.type == "list"}
    assert '"' + ",".join(CHOICES["task_status"]) + '"' in lists


def test_no_cell_of_the_manager_is_in_the_form() -> None:
    names = set(loaded(OF_KIND[kinds.FORM]).defined_names)

    assert not [name for name in names if name.startswith(("ev_score_", "ev_approve_", "ev_row_", "ev_check_"))]


def test_a_password_is_written_as_a_hash_that_only_it_gives() -> None:
    sheet = openpyxl.Workbook().worksheets[0]

    protect(sheet, "chống sửa nhầm")

    salt = base64.b64decode(str(sheet.protection.saltValue))
    kept = base64.b64decode(str(sheet.protection.hashValue))
    assert sheet.protection.algorithmName == "SHA-512"
    assert kept == password_hash("chống sửa nhầm", salt, int(sheet.protection.spinCount or 0))
    assert kept != password_hash("chống sửa nhấm", salt, int(sheet.protection.spinCount or 0))


# --- what an office's own template lacks ----------------------------------------------------------------------------

Spoil = Callable[[openpyxl.Workbook], object]


def _without(name: str) -> Spoil:
    return lambda book: book.defined_names.pop(name)


def _renamed(name: str, place: str) -> Spoil:
    return lambda book: book.defined_names.update({name: DefinedName(name, attr_text=place)})


def _locked(name: str, locked: bool) -> Spoil:
    def spoil(book: openpyxl.Workbook) -> None:
        for cell in cells(book, name):
            cell.protection = Protection(locked=locked)

    return spoil


def _rule_of(book: openpyxl.Workbook, name: str) -> DataValidation:
    cell = cells(book, name)[0]
    return next(rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref)


def _ruled(name: str, **changed: object) -> Spoil:
    def spoil(book: openpyxl.Workbook) -> None:
        for attribute, value in changed.items():
            setattr(_rule_of(book, name), attribute, value)

    return spoil


def _unruled(name: str) -> Spoil:
    return lambda book: sheet_of(book, name).data_validations.dataValidation.remove(_rule_of(book, name))


def _merged(name: str) -> Spoil:
    def spoil(book: openpyxl.Workbook) -> None:
        cell = cells(book, name)[1]
        cell.parent.merge_cells(
            start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column
        )

    return spoil


def _typed_over(name: str, value: object) -> Spoil:
    def spoil(book: openpyxl.Workbook) -> None:
        cells(book, name)[0].value = value

    return spoil


def _open_sheet(name: str) -> Spoil:
    def spoil(book: openpyxl.Workbook) -> None:
        sheet_of(book, name).protection.sheet = False

    return spoil


SPOILED: dict[str, tuple[WorkbookKind, Spoil, str]] = {
    "a missing name": (kinds.FORM, _without("ev_self_quality"), "template.missing_name"),
    "no sample of a given task": (kinds.FORM, _without(STYLE_GIVEN), "template.missing_name"),
    "a name that leads nowhere": (kinds.FORM, _renamed("ev_reply", "#REF!"), "template.broken_name"),
    "a name over too few rows": (
        kinds.FORM,
        _renamed("ev_task_name", "'Nhiệm vụ'!$B$7:$B$45"),
        "template.wrong_shape Nhiệm vụ!B7:B45",
    ),
    "a name over two columns": (
        kinds.SCORING,
        _renamed("ev_score_comment", "'Chấm điểm'!$S$7:$T$66"),
        "template.wrong_shape Chấm điểm!S7:T66",
    ),
    "columns of one table in different rows": (
        kinds.FORM,
        _renamed("ev_task_cause", "'Nhiệm vụ'!$J$8:$J$47"),
        "template.rows_apart Nhiệm vụ!J8:J47 template.locked_input Nhiệm vụ!J47",
    ),
    "a manager's score in the form": (
        kinds.FORM,
        _renamed("ev_score_quality", "'Phiếu'!$G$1"),
        "template.foreign_name Phiếu!G1",
    ),
    "an open cell of the program": (kinds.FORM, _locked("ev_person_code", False), "template.unlocked Phiếu!E6"),
    "an open total": (kinds.FORM, _locked("ev_self_total", False), "template.unlocked Phiếu!D18"),
    "an open self score in the scoring workbook": (
        kinds.SCORING,
        _locked("ev_row_self_quality", False),
        "template.unlocked Chấm điểm!F11:F70",
    ),
    "a locked input": (kinds.FORM, _locked("ev_conduct_note", True), "template.locked_input Phiếu!E16"),
    "a sheet without protection": (
        kinds.APPROVAL,
        _open_sheet("ev_approve_all"),
        "template.unprotected_sheet Phê duyệt!C1",
    ),
    "a maximum of other rules": (
        kinds.FORM,
        _ruled("ev_self_conduct", formula2="30"),
        "template.wrong_validation Phiếu!D17",
    ),
    "a score without bounds": (kinds.FORM, _unruled("ev_self_quality"), "template.no_validation Phiếu!D13"),
    "bounds that only warn": (
        kinds.SCORING,
        _ruled("ev_score_progress", errorStyle="warning"),
        "template.soft_validation Chấm điểm!I11:I70",
    ),
    "a list with other words": (
        kinds.FORM,
        _ruled("ev_task_status", formula1='"Xong,Chưa xong"'),
        "template.wrong_validation Nhiệm vụ!D7:D46",
    ),
    "a list from elsewhere": (
        kinds.SCORING,
        _ruled("ev_assign_person", formula1="'Chấm điểm'!$C$7:$C$66"),
        "template.wrong_validation Giao việc!B4:B123",
    ),
    "merged cells in a table": (kinds.FORM, _merged("ev_task_product"), "template.merged_in_table Nhiệm vụ!F8"),
    "a number where the total is calculated": (
        kinds.FORM,
        _typed_over("ev_self_total", 90),
        "template.no_formula Phiếu!D18",
    ),
    "no place for the stamp": (
        kinds.FORM,
        lambda book: book.custom_doc_props.props.clear(),  # type: ignore[attr-defined]
        "template.no_properties",
    ),
}


@pytest.mark.parametrize("case", sorted(SPOILED))
def test_an_own_template_is_told_what_it_lacks_and_where(case: str) -> None:
    kind, spoil, expected = SPOILED[case]
    book = loaded(OF_KIND[kind])
    spoil(book)

    found = check(saved(book), kind, RULES)

    assert " ".join(finding.brief() for finding in {one.kind: one for one in found}.values()) == expected
    for finding in found:
        for lang in ("vi", "en"):
            assert "{" not in finding.message(lang) + finding.remedy(lang)  # type: ignore[arg-type]


def test_a_restyled_template_lacks_nothing() -> None:
    """Another sheet name, rows above, another look, words in cells of a list: all this is the office's own affair."""
    book = loaded(OF_KIND[kinds.UNIT_FORM])
    sheet = book["Phiếu"]
    sheet["A4"].value = "BÁO CÁO TUẦN CỦA ĐƠN VỊ"
    sheet["H1"].value, sheet["H2"].value = CHOICES["form_status"]
    _rule_of(book, "ev_status").formula1 = "'Phiếu'!$H$1:$H$2"

    assert check(saved(book), None, RULES) == []


def test_other_rules_need_another_template() -> None:
    parts = tuple(
        part.model_copy(update={"maximum": maximum})
        for part, maximum in zip(RULES.parts, (Decimal(40), Decimal(30), Decimal(30)), strict=True)
    )
    other = RULES.model_copy(update={"parts": parts})

    assert [finding.brief() for finding in check(OF_KIND[kinds.FORM], None, other)] == [
        "template.wrong_validation Phiếu!D14",
        "template.wrong_validation Phiếu!D17",
    ]
    assert check(build(kinds.FORM, other), None, other) == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"", "template.unreadable"), (b"PK\x03\x04", "template.unreadable"), (None, "template.unknown_kind")],
)
def test_what_is_no_template_is_told_so(data: bytes | None, kind: str) -> None:
    found = check(saved(openpyxl.Workbook()) if data is None else data, None, RULES)

    assert [finding.kind for finding in found] == [kind]


# --- row heights for stamped text -----------------------------------------------------------------------------------


def test_a_row_is_as_tall_as_the_text_that_is_stamped_into_it() -> None:
    parts = open_package(OF_KIND[kinds.FORM])
    path = "xl/worksheets/sheet2.xml"
    style = re.search(rb'<c r="B7" s="(\d+)"', parts[path])
    assert style
    heights = RowHeights(parts, [path])

    short, long = (heights.points(path, (7, 2), style[1].decode(), text) for text in ("Họp", "Tổng hợp báo cáo " * 8))

    assert 0 < short < 20
    assert long > 48
    assert with_height(b'<row r="6" ht="32">', long) == f'<row r="6" ht="{long:g}">'.encode()
    assert with_height(b'<row r="6" ht="409">', long) == b'<row r="6" ht="409">'
    assert with_height(b'<row r="6" ht="3">', short) == f'<row r="6" ht="{short:g}">'.encode()
    assert with_height(b'<row r="6">', short) == b'<row r="6">'
    assert with_height(b'<row r="6" ht="12" customHeight="1">', long) == b'<row r="6" ht="12" customHeight="1">'


@pytest.mark.parametrize("tag", [b'<row r="6">', b'<row r="6"/>', b'<row r="6" ht="15" s="2">'])
@pytest.mark.parametrize("points", [0.0, -1.0])
def test_a_row_whose_texts_need_no_more_than_a_line_is_not_given_a_height_of_zero(tag: bytes, points: float) -> None:
    assert with_height(tag, points) == tag


# --- in a real LibreOffice ------------------------------------------------------------------------------------------


def test_tab_visits_the_open_cells_only_in_the_order_of_the_work(libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "scoring.xlsx"
    path.write_bytes(OF_KIND[kinds.SCORING])
    order = (
        *(f"ev_score_{name}" for name in ("quality", "progress", "conduct", "decision", "breach", "breach_kind")),
        *(f"ev_score_{name}" for name in ("breach_day", "breach_note", "comment", "earned_by", "explanation")),
    )

    with libreoffice.open(path) as book:
        visited = [book.cursor()]
        for _ in order:
            book.press("TAB")
            visited.append(book.cursor())
        expected = [book.place(name) for name in order] + [book.place("ev_score_quality", 1)]

    assert visited == expected


def test_what_libreoffice_saves_is_not_called_changed(libreoffice: Office, tmp_path: Path) -> None:
    for kind in KINDS:
        path, out = tmp_path / "before.xlsx", tmp_path / f"{kind.name}.xlsx"
        path.write_bytes(OF_KIND[kind])
        libreoffice.convert(path, out)
        before, after = (read_parts(open_package(file.read_bytes())) for file in (path, out))
        moved, findings = bind(kind, after.names)

        assert findings == []
        assert [finding.brief() for finding in changes(Issued(Template.of(kind, before), {}), after, moved)] == []


def _recalculated(libreoffice: Office, path: Path) -> Callable[[str], list[Any]]:
    """The values of a workbook's names after LibreOffice has calculated it."""
    out = path.with_name(f"{path.stem}-calculated.xlsx")
    libreoffice.convert(path, out)
    names = read_parts(open_package(out.read_bytes())).names
    sheets = CalamineWorkbook.from_path(out)
    grids = {name: sheets.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in sheets.sheet_names}

    def column(name: str) -> list[Any]:
        place = names[name]
        grid = grids[place.sheet]
        return [
            grid[row - 1][place.left - 1] if row <= len(grid) and place.left <= len(grid[row - 1]) else ""
            for row in range(place.top, place.bottom + 1)
        ]

    return column


def _same(shown: object, exact: Decimal | None) -> bool:
    return (
        shown == ""
        if exact is None
        else isinstance(shown, float) and abs(Decimal(repr(shown)) - exact) < Decimal("1e-9")
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_form_calculates_what_python_calculates(seed: int, libreoffice: Office, tmp_path: Path) -> None:
    """Totals, bands, suggestions and what is missing, on random fillings; coefficients apart from 1, so that weights bite.

    Every second seed has a guide that counts tasks, whose ranges bound what the shares suggest.
    """
    pick = random.Random(seed)
    standard = guide_that_counts() if seed % 2 else RULES
    coefficients = [Decimal("0.8"), Decimal(1), Decimal("1.3"), Decimal("1.75")]
    rules = standard.model_copy(
        update={
            "complexity": tuple(
                level.model_copy(update={"coefficient": coefficient})
                for level, coefficient in zip(standard.complexity, coefficients, strict=True)
            )
        }
    )
    for number in range(4):
        values, tasks, scores, status = _random_form(pick, rules)
        path = tmp_path / f"form-{number}.xlsx"
        path.write_bytes(Stencil(build(kinds.FORM, rules), kinds.FORM).stamp(values, {}))
        shown = _recalculated(libreoffice, path)
        total = scores.total
        quality, progress = suggested(tasks, rules, SUNDAY).values()

        assert _same(shown("ev_self_total")[0], total)
        assert shown("ev_self_band")[0] == (rules.band_for(total).vi if total is not None else "")
        assert _same(shown("ev_suggested_quality")[0], quality)
        assert _same(shown("ev_suggested_progress")[0], progress)
        assert shown("ev_open_items")[0] == _open_items(rules, scores, tasks, status)


def _random_form(pick: random.Random, rules: RuleBook) -> tuple[dict[str, Any], list[Task], Scores, str]:
    names, levels, statuses, dues, products, important = [], [], [], [], [], []
    tasks = []
    for row in range(pick.choice((0, 1, 3, 8, 40))):
        name = pick.choice(("Việc A", "- việc có gạch đầu dòng", "Việc B\nhai dòng", "  ", ""))
        level = pick.choice(("", *(level.vi for level in rules.complexity)))
        status = pick.choice(("", *STATUSES))
        due = pick.choice((None, SUNDAY, SUNDAY + timedelta(1), SUNDAY - timedelta(pick.randrange(30))))
        product = pick.choice(("", "Báo cáo", "  "))
        important.append(pick.choice(("", "Có", "Không")))
        names.append(name)
        levels.append(level)
        statuses.append(status)
        dues.append(due)
        products.append(product)
        if name.strip():
            coefficient = rules.coefficient_for(level)
            tasks.append(
                Task(
                    f"{row + 1:02d}",
                    name,
                    important=important[-1] == "Có",
                    coefficient=coefficient,
                    status=status,
                    due=due,
                    product=product.strip(),
                )
            )
    scores = in_parts(
        **{
            part.code: pick.choice((None, Decimal(pick.randrange(0, int(part.maximum) * 100 + 1)) / 100, part.maximum))
            if pick.random() < 0.4
            else part.maximum - Decimal(pick.randrange(0, 30)) / 2
            for part in rules.parts
        }
    )
    status = pick.choice((DRAFT, SUBMITTED))
    values = {
        "ev_task_name": names,
        "ev_task_complexity": levels,
        "ev_task_status": statuses,
        "ev_task_due": dues,
        "ev_task_product": products,
        "ev_task_important": important,
        "ev_last_day": SUNDAY,
        "ev_list_complexity": [level.vi for level in rules.complexity],
        "ev_list_coefficient": [level.coefficient for level in rules.complexity],
        "ev_status": status,
        **{f"ev_self_{part}": scores.part(part) for part in PARTS},
    }
    return values, tasks, scores, status


def _open_items(rules: RuleBook, scores: Scores, tasks: list[Task], status: str) -> str:
    """The first open cell by its name, with the reason."""
    book, open_cells = loaded(OF_KIND[kinds.FORM]), []
    for part in rules.parts:
        value, cell = scores.part(part.code), cells(book, f"ev_self_{part.code}")[0].coordinate
        if value is None or not 0 <= value <= part.maximum:
            why = (
                say("paper.form.open_empty")
                if value is None
                else say("paper.form.open_bounds", maximum=shown_score(part.maximum))
            )
            open_cells.append(say("paper.form.open_cell", cell=cell, what=part.vi.lower(), why=why))
    if not tasks:
        task = cells(book, "ev_task_name")[0]
        open_cells.append(say("paper.form.open_task", sheet=task.parent.title, cell=task.coordinate))
    if open_cells:
        return say("paper.form.open_items", n=len(open_cells), first=open_cells[0])
    return say("paper.form.filled" if status == SUBMITTED else "paper.form.filled_draft")


@pytest.mark.parametrize("seed", range(2))
def test_the_scoring_workbook_says_what_a_row_still_needs(seed: int, libreoffice: Office, tmp_path: Path) -> None:
    pick = random.Random(seed)
    rows = [_random_row(pick) for _ in range(60)]
    values: dict[str, list[Any]] = {"ev_row_person": [f"P{number}" for number in range(60)]}
    for part in PARTS:
        values[f"ev_row_self_{part}"] = [own.part(part) for own, _, _ in rows]
        values[f"ev_score_{part}"] = [row.scores.part(part) for _, row, _ in rows]
    values["ev_score_breach"] = ["Có" if row.breach else NO for _, row, _ in rows]
    for name in ("breach_note", "comment", "explanation"):
        values[f"ev_score_{name}"] = [getattr(row, name) for _, row, _ in rows]
    values["ev_score_decision"] = [decision for _, _, decision in rows]
    path = tmp_path / "scoring.xlsx"
    path.write_bytes(Stencil(OF_KIND[kinds.SCORING], kinds.SCORING).stamp(values, {}))

    shown = _recalculated(libreoffice, path)

    booked = sum(decision == SCORED and not _needed(own, row, decision) for own, row, decision in rows)
    returned = sum(decision == RETURN for *_, decision in rows)
    left = say("paper.book.scored", n=booked, all=60) + say("paper.book.sent_back", n=returned)
    assert shown("ev_book_left") == [left]
    for (own, row, decision), said, total, difference in zip(
        rows, shown("ev_row_open_items"), shown("ev_row_score_total"), shown("ev_row_difference"), strict=True
    ):
        assert len([item for item in said.removeprefix(say("paper.book.row_needs")).split(";") if item]) == (
            _needed(own, row, decision)
        ), said
        assert _same(total, row.scores.total)
        apart = [
            given - self_score
            for part in PARTS
            if (given := row.scores.part(part)) is not None and (self_score := own.part(part)) is not None
        ]
        assert _same(difference, max(apart, key=lambda value: (abs(value), value), default=None))


def _random_row(pick: random.Random) -> tuple[Scores, ScoreRow, str]:
    has_form = pick.random() < 0.85
    own: dict[str, Decimal | None] = {}
    given: dict[str, Decimal | None] = {}
    for part in RULES.parts:
        most = int(part.maximum)
        own[part.code] = Decimal(pick.randrange(0, most * 2 + 1)) / 2 if has_form else None
        near = (own[part.code] or Decimal(most)) + Decimal(pick.choice(("0", "0", "-5", "5", "5.5", "-5.01")))
        given[part.code] = max(Decimal(0), min(part.maximum, near)) if pick.random() < 0.9 else None
    row = ScoreRow(
        scores=Scores.of(given),
        breach=pick.random() < 0.2,
        breach_note=pick.choice(("", "Ngày 03/6 vắng họp")),
        comment=pick.choice(("", "Tốt")),
        explanation=pick.choice(("", "Có lý do")),
    )
    return Scores.of(own), row, pick.choice(("Chưa chấm", SCORED, SCORED, RETURN))


def _needed(own: Scores, row: ScoreRow, decision: str) -> int:
    """How many things the sheet should name; one for a row that is complete but not yet marked, which it also says."""
    if decision == RETURN:
        return 0 if row.comment else 1
    if decision != SCORED and row.scores == Scores():
        return 0
    needs = len(list(needs_of_score(row, own if own.complete else None, RULES)))
    return needs or (0 if decision == SCORED else 1)


@pytest.mark.parametrize("everybody", [NO, YES])
def test_the_approval_workbook_says_what_an_adjustment_comes_to_and_counts_only_what_will_be_booked(
    everybody: str, libreoffice: Office, tmp_path: Path
) -> None:
    pick = random.Random(everybody)
    rows = [_random_approval(pick) for _ in range(60)]
    values: dict[str, Any] = {"ev_row_person": [f"P{number}" for number in range(60)], "ev_approve_all": everybody}
    for part in PARTS:
        values[f"ev_row_score_{part}"] = [scored.part(part) for scored, _, _ in rows]
        values[f"ev_approve_{part}"] = [row.points.part(part) for _, row, _ in rows]
    values["ev_row_score_total"] = [scored.total for scored, _, _ in rows]
    values["ev_approve_opinion"] = [row.opinion for _, row, _ in rows]
    values["ev_approve_decision"] = [decision for _, _, decision in rows]
    path = tmp_path / "approval.xlsx"
    path.write_bytes(Stencil(OF_KIND[kinds.APPROVAL], kinds.APPROVAL).stamp(values, {}))

    shown = _recalculated(libreoffice, path)

    booked = [_is_booked(*row, everybody) for row in rows]
    assert shown("ev_book_left") == [say("paper.book.approved", n=sum(booked), all=len(rows))]
    columns = (shown(f"ev_approve_{name}") for name in ("total", "band", "open_items"))
    for (scored, row, decision), will, total, band, said in zip(rows, booked, *columns, strict=False):
        typed = any(row.points.part(part) is not None for part in PARTS)
        wrong = any((row.points.part(part.code) or 0) > part.maximum for part in RULES.parts)
        new = with_adjustments(row.points, scored).total if typed and scored.complete and not wrong else None
        assert _same(total, new)
        assert band == (RULES.band_for(new).vi if new is not None else "")
        begun = decision != NOT_APPROVED or typed or row.opinion.strip()
        if begun and not will:
            assert said.startswith(say("paper.book.row_needs")), (scored, row, decision)
        else:
            assert not said or not will, (scored, row, decision, said)


def _random_approval(pick: random.Random) -> tuple[Scores, ApprovalRow, str]:
    scored = {part.code: Decimal(pick.randrange(0, int(part.maximum) * 2 + 1)) / 2 for part in RULES.parts}
    adjusted: dict[str, Decimal | None] = {}
    for part in RULES.parts:
        other = min(part.maximum, scored[part.code] + Decimal("0.5"))
        adjusted[part.code] = pick.choice((None, None, None, scored[part.code], other, part.maximum + 5))
    shown_scores = Scores.of(scored) if pick.random() < 0.85 else Scores()
    row = ApprovalRow(pick.choice(("", "  ", "Theo kết luận")), points=Scores.of(adjusted))
    return shown_scores, row, pick.choice((NOT_APPROVED, APPROVE, APPROVE, ADJUST, ADJUST, RETURN))


def _is_booked(scored: Scores, row: ApprovalRow, decision: str, everybody: str) -> bool:
    """Whether the reader would book the row."""
    word = APPROVE if everybody == YES and decision == NOT_APPROVED and scored.complete else decision
    wrong = any((value := row.points.part(part.code)) is not None and value > part.maximum for part in RULES.parts)
    said = ApprovalRow(row.opinion.strip(), points=row.points)
    if word == NOT_APPROVED or not scored.complete or wrong:
        return False
    if word == RETURN:
        return bool(said.opinion)
    return not (list(needs_of_adjustment(said, scored)) if word == ADJUST else differs(said.points, scored))


@pytest.mark.parametrize(
    ("kind", "first", "last", "beside"),
    [
        (kinds.SCORING, "ev_row_name", "ev_score_explanation", ("ev_row_state", "ev_row_open_items", "ev_row_person")),
        (
            kinds.APPROVAL,
            "ev_row_name",
            "ev_row_comment",
            ("ev_row_link", "ev_approve_open_items", "ev_approve_by_paper"),
        ),
    ],
)
def test_a_list_to_sign_prints_what_is_signed_at_a_fixed_scale_and_the_rest_is_for_the_screen(
    kind: WorkbookKind, first: str, last: str, beside: tuple[str, ...]
) -> None:
    """The decision stands right after the total, and no letters are smaller than 8.5 points on paper."""
    book = loaded(OF_KIND[kind])
    sheet = book.worksheets[0]
    area = str(sheet.print_area).replace("$", "").rpartition("!")[2]
    west, east = (sheet[end].column for end in area.split(":"))
    at = {name: cells(book, name)[0].column for name in (first, last, *beside)}
    printed = [cell for row in sheet[area] for cell in row if cell.value is not None or cell.column in at.values()]

    assert west + 1 == at[first] and east == at[last]
    assert not [name for name in beside if west <= at[name] <= east]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert min(cell.font.size for cell in printed) * sheet.page_setup.scale / 100 >= 8.5
    total, decision = {
        kinds.SCORING: ("ev_row_score_total", "ev_score_decision"),
        kinds.APPROVAL: ("ev_row_band", "ev_approve_decision"),
    }[kind]
    assert cells(book, decision)[0].column == cells(book, total)[0].column + 1
