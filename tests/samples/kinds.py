"""How filled workbooks go wrong in offices: the 31 kinds that were seen, each as a file made from one issued form.

`spoiled/template.xlsx` is the template of that form, kept as it was: a form of an older template is read by its own template for ever.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import openpyxl

from evalxl.excel.returned.guard import open_package
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from tests.excel.packages import MAIN, PACKAGE, RELATIONS, packed
from tests.hostile.good import Form, filled, issued

FOLDER = Path(__file__).parent / "spoiled"
TEMPLATE = FOLDER / "template.xlsx"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
WORDS = '<c r="{r}" s="{s}" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
NUMBER = '<c r="{r}" s="{s}"><v>%s</v></c>'

Make = Callable[[Form], bytes]


@cache
def the_form() -> Form:
    """The issued form of the samples, filled well."""
    return Form(filled(data=issued(template=TEMPLATE.read_bytes())))


def several(form: Form, *changes: Callable[[Form], bytes]) -> bytes:
    for change in changes:
        form = Form(change(form))
    return form.data


def put(name: str, xml: str, row: int = 0) -> Make:
    return lambda form: form.with_cell(name, xml, row)


def part(path: str, change: Callable[[str], str]) -> Make:
    return lambda form: form.packed({path: change(form.parts[path].decode()).encode()})


def _words_in_other_letters(form: Form) -> bytes:
    """As a Mac writes them: every mark a character of its own, blanks that do not break, blanks that are not seen."""
    loose = lambda text: unicodedata.normalize("NFD", text).replace(" ", "\u00a0") + "\u200b"  # noqa: E731
    return several(
        form,
        put("ev_status", WORDS % loose("Đã nộp")),
        put("ev_task_status", WORDS % loose("Hoàn thành"), 1),
        put("ev_conduct_note", WORDS % loose("Chấp hành tốt giờ làm việc.")),
    )


_WORDS = re.compile(rb'"(?:[^"]|"")*"|[^"]+')  # a formula's words, and what stands between them


def _renamed_sheet(form: Form) -> bytes:
    """Excel writes the new name wherever the old one stood, but not into the words of a formula."""
    old, new = "Nhiệm vụ", "Việc trong tuần"

    def renamed(piece: re.Match[bytes]) -> bytes:
        return piece[0] if piece[0].startswith(b'"') else piece[0].replace(old.encode(), new.encode())

    sheets = {
        path: text.replace(old.encode(), new.encode()) for path, text in form.parts.items() if "workbook.xml" in path
    }
    listed = sheets["xl/workbook.xml"].decode()
    first, second = re.findall(r"<sheet [^>]*/>", listed)[:2]
    listed = listed.replace(first, "<!>").replace(second, first).replace("<!>", second)
    more = {
        path: re.sub(rb"<f[^>]*>[^<]*</f>", lambda m: _WORDS.sub(renamed, m[0]), text)
        for path, text in form.parts.items()
        if "worksheets/sheet" in path
    }
    return form.packed({**sheets, **more, "xl/workbook.xml": listed.encode()})


def _pasted_anew(form: Form) -> bytes:
    """What stands in the form, pasted into a new workbook."""
    book = openpyxl.Workbook()
    source = openpyxl.load_workbook(io.BytesIO(form.data)).worksheets[0]
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None and not str(cell.value).startswith("="):
                book.worksheets[0][cell.coordinate] = cell.value
    saved = io.BytesIO()
    book.save(saved)
    return form.packed({**dict.fromkeys(form.parts), **open_package(saved.getvalue())})


def _row_inserted(form: Form) -> bytes:
    """A row more above the scores: what stands below moves down, and the names with it."""
    path, sheet = form.part_of("ev_self_quality"), form.names["ev_self_quality"].sheet
    first = form.names["ev_self_quality"].top - 1

    def down(number: str) -> str:
        return str(int(number) + 1) if int(number) >= first else number

    text = form.parts[path].decode()
    text = re.sub(r'<row r="(\d+)"', lambda m: f'<row r="{down(m[1])}"', text)
    text = re.sub(r'<c r="([A-Z]+)(\d+)"', lambda m: f'<c r="{m[1]}{down(m[2])}"', text)
    text = re.sub(
        r'( (?:sq)?ref=")([^"]*)',
        lambda m: m[1] + re.sub(r"([A-Z]+)(\d+)", lambda one: one[1] + down(one[2]), m[2]),
        text,
    )
    names = re.sub(
        rf"('{sheet}'!)([$A-Z]+)(\d+)(?::([$A-Z]+)(\d+))?",
        lambda m: m[1] + m[2] + down(m[3]) + (f":{m[4]}{down(m[5])}" if m[4] else ""),
        form.parts["xl/workbook.xml"].decode(),
    )
    return form.packed({path: text.encode(), "xl/workbook.xml": names.encode()})


def _merged(name: str, first: int, last: int) -> Make:
    def make(form: Form) -> bytes:
        path = form.part_of(name)
        place = f'<mergeCell ref="{form.cell_of(name, first)}:{form.cell_of(name, last)}"/>'
        return form.packed(
            {path: re.sub(rb"(<mergeCells[^>]*>)", rb"\g<1>" + place.encode(), form.parts[path], count=1)}
        )

    return make


def _pasted_over(form: Form) -> bytes:
    """Values and looks of another table over the cells: lists and limits are gone."""
    path = form.part_of("ev_task_status")
    return several(
        form,
        put("ev_task_status", WORDS % "Xong rồi", 1),
        put("ev_task_assigned", WORDS % "ba cái", 1),
        part(path, lambda text: re.sub(r"<dataValidations.*?</dataValidations>", "", text, flags=re.S)),
    )


def _saved_by_wps(form: Form) -> bytes:
    """A size of one cell, no remembered results, no protection, another program's name."""

    def poor(text: str) -> str:
        text = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text)
        return re.sub(r"<sheetProtection[^>]*/>", "", text)

    sheets = [path for path in form.parts if "worksheets/sheet" in path]
    app = f'<Properties xmlns="{RELATIONS.replace("relationships", "extended-properties")}"><Application>WPS Office</Application></Properties>'
    return form.packed(
        {**{path: poor(form.parts[path].decode()).encode() for path in sheets}, "docProps/app.xml": app.encode()}
    )


def _with_relation(kind: str, target: str, path: str, text: bytes) -> Make:
    def make(form: Form) -> bytes:
        more = f'<Relationship Id="rIdZ" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'
        rels = form.parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", more.encode())
        return form.packed({"xl/_rels/workbook.xml.rels": rels, path: text})

    return make


def _far_blank(form: Form) -> bytes:
    path = form.part_of("ev_task_name")
    blank = '<row r="10482"><c r="C10482" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row></sheetData>'
    return form.packed({path: form.parts[path].replace(b"</sheetData>", blank.encode())})


def _foreign_names(form: Form) -> bytes:
    more = (
        '<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">\'Phiếu\'!$A$1:$E$9</definedName>'
        '<definedName name="ev_self_quality" localSheetId="1">\'Phiếu\'!$A$1</definedName>'
        '<definedName name="Danh_sach_cu">#REF!</definedName></definedNames>'
    )
    return form.packed({"xl/workbook.xml": form.parts["xl/workbook.xml"].replace(b"</definedNames>", more.encode())})


def _many_changes(form: Form) -> bytes:
    path = form.part_of("ev_task_key")
    text = form.parts[path].decode()
    for row in range(40):
        cell = form.cell_of("ev_task_key", row)
        text = re.sub(rf'(<c r="{cell}"[^>]*><is><t[^>]*>)[^<]*', rf"\g<1>N{row}", text)
        text = re.sub(rf'(<c r="{cell}"[^>]*><v>)[^<]*', rf"\g<1>9{row}", text)
    return form.packed({path: text.encode()})


def _with_picture(form: Form) -> bytes:
    picture = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489".replace(" ", ""))
    rels = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/image" Target="../media/image1.png"/></Relationships>'
    return form.packed(
        {
            "xl/media/image1.png": picture,
            "xl/drawings/drawing1.xml": b'<wsDr xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>',
            "xl/drawings/_rels/drawing1.xml.rels": rels.encode(),
        }
    )


def _remarks_and_hidden_rows(form: Form) -> bytes:
    path, row = form.part_of("ev_task_name"), form.names["ev_task_name"].top + 1
    text = re.sub(rf'<row r="{row}"([^>]*?)>', rf'<row r="{row}" hidden="1"\1>', form.parts[path].decode(), count=1)
    remark = f'<comments xmlns="{MAIN}"><authors><author>V1-02</author></authors><commentList/></comments>'
    return form.packed({path: text.encode(), "xl/comments1.xml": remark.encode()})


def _odd_styles(form: Form) -> bytes:
    """Looks that only some programs write, and that have stopped others from opening the file."""
    more = '<dxfs count="9"><dxf><fill><patternFill patternType="none"><fgColor rgb="0"/></patternFill></fill></dxf></dxfs><odd xmlns="urn:odd"/></styleSheet>'
    return form.packed({"xl/styles.xml": form.parts["xl/styles.xml"].replace(b"</styleSheet>", more.encode())})


def _in_a_zip(form: Form) -> bytes:
    return packed({"phieu tuan 23.xlsx": form.data})


# Name of the file -> how it is made. Kinds that are no single file (4, 5, 23, 25, 28, 30) are acts, told in test_spoiled.py.
SAMPLES: Mapping[str, Make] = {
    "01_decimal_comma": lambda f: several(f, put("ev_self_quality", WORDS % "38,5"), put("ev_self_progress", WORDS % "38.5"), put("ev_self_conduct", WORDS % " 17,5 ")),
    "01_with_a_unit": put("ev_self_quality", WORDS % "38,5 điểm"),
    "01_as_a_fraction": put("ev_self_quality", WORDS % "38/40"),
    "01_full_width_digits": put("ev_self_quality", WORDS % "３８"),
    "01_two_ways_to_read": put("ev_self_quality", WORDS % "9,999"),
    "02_became_a_date": lambda f: f.with_style("d/m/yyyy", "ev_self_quality", NUMBER % "45785"),
    "03_decomposed_letters": _words_in_other_letters,
    "03_letters_that_look_alike": put("ev_status", WORDS % "Ðã nộp"),
    "09_another_word_for_handed_in": put("ev_status", WORDS % "nộp rồi"),
    "06_sheets_renamed_and_reordered": _renamed_sheet,
    "06_pasted_into_a_new_workbook": _pasted_anew,
    "07_row_inserted": _row_inserted,
    "08_products_merged": _merged("ev_task_product", 1, 3),
    "08_scores_merged": lambda f: _merged_scores(f),
    "09_lists_pasted_over": _pasted_over,
    "10_saved_by_another_program": _saved_by_wps,
    "11_old_xls": lambda _: OLE + bytes(504) + "Workbook".encode("utf-16-le") + b"\0\0" + bytes(1500),
    "11_web_page": lambda _: "<html><head><meta charset='utf-8'></head><table><tr><td>Điểm chất lượng</td><td>38</td></tr></table></html>".encode(),
    "11_csv": lambda _: "Mã cán bộ;Điểm chất lượng\nV1-03;38,5\n".encode(),
    "11_with_macros": lambda f: f.packed({"xl/vbaProject.bin": OLE + bytes(100)}),
    "11_with_a_password": lambda _: OLE + bytes(504) + "EncryptionInfo".encode("utf-16-le") + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(900),
    "12_another_week": lambda _: filled(data=issued(week="2025-W22", template=TEMPLATE.read_bytes())),
    "13_a_colleagues_form": put("ev_person_code", WORDS % "V1-99"),
    "14_above_the_maximum": put("ev_self_quality", NUMBER % "100"),
    "14_negative": put("ev_self_quality", NUMBER % "-5"),
    "14_percent": lambda f: f.with_style("0%", "ev_self_quality", NUMBER % "0.95"),
    "15_coefficient_changed": put("ev_task_coefficient", NUMBER % "3"),
    "15_name_changed": put("ev_person_name", WORDS % "Người khác"),
    "16_total_typed_over": put("ev_self_total", NUMBER % "100"),
    "16_remembered_result_lies": lambda f: f.packed({(p := f.part_of("ev_self_total")): re.sub(rf'(<c r="{f.cell_of("ev_self_total")}"[^>]*><f>[^<]*</f>)(<v>[^<]*</v>|<v/>)?', r"\g<1><v>100</v>", f.parts[p].decode()).encode()}),
    "17_bullet_became_an_error": put("ev_conduct_note", '<c r="{r}" s="{s}" t="e"><f>-Tham_muu</f><v>#NAME?</v></c>'),
    "17_words_that_look_like_a_formula": put("ev_conduct_note", WORDS % "=2+5 việc; - Tham mưu; @VP; +84"),
    "18_blank_far_away": _far_blank,
    "19_form_that_nobody_issued": lambda _: filled(data=issued(form_id="0" * 32, template=TEMPLATE.read_bytes())),
    "20_names_of_others": _foreign_names,
    "20_link_to_another_workbook": _with_relation("externalLink", "externalLinks/externalLink1.xml", "xl/externalLinks/externalLink1.xml", f'<externalLink xmlns="{MAIN}"/>'.encode()),
    "21_handed_in_without_a_score": put("ev_self_progress", '<c r="{r}" s="{s}"/>'),
    "21_handed_in_without_products": lambda f: several(f, put("ev_task_product", '<c r="{r}" s="{s}"/>', 1), put("ev_task_evidence", '<c r="{r}" s="{s}"/>', 1)),
    "22_full_marks_throughout": lambda f: several(f, put("ev_self_quality", NUMBER % "40"), put("ev_self_progress", NUMBER % "40"), put("ev_self_conduct", NUMBER % "20")),
    "24_forty_cells_changed": _many_changes,
    "26_form_in_a_zip": _in_a_zip,
    "27_picture_of_the_evidence": _with_picture,
    "29_remarks_and_a_hidden_row": _remarks_and_hidden_rows,
    "31_looks_of_another_program": _odd_styles,
}  # fmt: skip


def _merged_scores(form: Form) -> bytes:
    path = form.part_of("ev_self_quality")
    place = f'<mergeCell ref="{form.cell_of("ev_self_quality")}:{form.cell_of("ev_self_conduct")}"/>'
    return form.packed({path: re.sub(rb"(<mergeCells[^>]*>)", rb"\g<1>" + place.encode(), form.parts[path], count=1)})


def sample(name: str) -> bytes:
    """The file as it is kept: zips with one time in all their entries, so that making it again changes nothing."""
    data = SAMPLES[name](the_form())
    if not data.startswith(b"PK"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in package.infolist():
            kept.writestr(
                zipfile.ZipInfo(entry.filename, (2025, 6, 5, 16, 0, 0)), package.read(entry), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def corrected(data: bytes) -> bytes:
    """The person types the score that the receipt asked for into the very file that was refused."""
    return Stencil(data, kinds.FORM).stamp({"ev_self_quality": 38}, {})
