"""What a person sees is what is booked, or it is said: formats, boxes, colours, heights and links of every kind of workbook."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from evalxl.excel.returned.examine import Examined, examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_workbook, sheet_parts
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.number_formats import plain_number
from evalxl.forms.workbook import address, column_letters
from tests.drawn_workbooks import books_of, drawn
from tests.excel.packages import PACKAGE, RELATIONS, packed

KINDS = (kinds.FORM, kinds.UNIT_FORM, kinds.SCORING, kinds.APPROVAL)
BOOKS = books_of([drawn(kind, 0) for kind in KINDS])
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
LINK = f'<Relationship Id="rIdX" Type="{RELATIONS}/hyperlink" Target="{{}}" TargetMode="External"/>'
Parts = dict[str, bytes]
Change = Callable[["Filled"], None]


class Filled:
    """A workbook that somebody filled, and that somebody alters part by part."""

    def __init__(self, kind: WorkbookKind, decided: bool = True) -> None:
        self.kind = kind
        self.parts: Parts = dict(open_package(_filled(kind, decided)))
        book = read_workbook(_filled(kind, decided))
        self.names, self.sheets = book.names, sheet_parts(self.parts)

    def at(self, name: str, row: int = 0) -> tuple[str, tuple[int, int]]:
        place = self.names[name]
        return self.sheets[place.sheet], (place.top + row, place.left)

    def edit(self, part: str, change: Callable[[str], str]) -> None:
        before = self.parts[part].decode()
        after = change(before)
        assert after != before, part
        self.parts[part] = after.encode()

    def restyle(self, name: str, xf: str = "", row: int = 0, number: str = "", font: str = "", fill: str = "") -> None:
        """Give a cell a style of its own, which differs from its own style in what is given."""
        part, at = self.at(name, row)
        cell = re.search(rf'<c r="{address(at)}"(?: s="(\d+)")?', self.parts[part].decode())
        assert cell, (name, row)
        styles = self.parts["xl/styles.xml"].decode()
        found = re.findall(
            r"<xf [^>]*/>|<xf [^>]*>.*?</xf>", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]
        )
        old = found[int(cell[1] or 0)]
        if number:
            styles = re.sub(
                r"(<numFmts[^>]*>)", lambda m: f'{m[1]}<numFmt numFmtId="299" formatCode="{number}"/>', styles, count=1
            )
            old = re.sub(r'numFmtId="\d+"', 'numFmtId="299"', old)
        for what, xml, mark in (("font", font, "fonts"), ("fill", fill, "fills")):
            if xml:
                count = styles[styles.index(f"<{mark}") : styles.index(f"</{mark}>")].count(f"<{what}>")
                styles = styles.replace(f"</{mark}>", f"{xml}</{mark}>")
                old = re.sub(rf'{what}Id="\d+"', f'{what}Id="{count}"', old)
        if xf:
            head = re.match(r"<xf [^>]*?(?=/?>)", old)
            assert head
            old = f"{head[0]}>{xf}</xf>"
        self.parts["xl/styles.xml"] = styles.replace("</cellXfs>", f"{old}</cellXfs>").encode()
        self.edit(part, lambda text: text.replace(cell[0], f'<c r="{address(at)}" s="{len(found)}"', 1))

    def relate(self, part: str, relation: str) -> None:
        folder, _, file = part.rpartition("/")
        path = f"{folder}/_rels/{file}.rels"
        text = self.parts.get(path, f'<Relationships xmlns="{PACKAGE}"></Relationships>'.encode()).decode()
        self.parts[path] = text.replace("</Relationships>", f"{relation}</Relationships>").encode()

    def draw(self, name: str, anchor: str, row: int = 0) -> None:
        """A white box with a number over a cell; `{row}` and `{col}` of the anchor count from 0."""
        part, (line, column) = self.at(name, row)
        self.relate(part, f'<Relationship Id="rIdD" Type="{RELATIONS}/drawing" Target="../drawings/d.xml"/>')
        box = "<x:sp><x:txBody/></x:sp><x:clientData/>"
        anchored = anchor.format(row=line - 1, col=column - 1, box=box, down=line, right=column)
        self.parts["xl/drawings/d.xml"] = f'<x:wsDr xmlns:x="{DRAWING}">{anchored}</x:wsDr>'.encode()

    def told(self) -> Examined:
        return examine(packed(self.parts), BOOKS)

    def found(self) -> dict[str, str]:
        """By kind: where."""
        return {one.kind: one.cell for one in self.told().findings}


@cache
def _filled(kind: WorkbookKind, decided: bool = True) -> bytes:
    one = drawn(kind, 0)
    fill = {name: value for name, value in one.fill.items() if decided or not name.endswith("_decision")}
    return Stencil(one.data, kind).stamp(fill, {})


def cell_of(book: Filled, name: str, row: int = 0) -> str:
    return address(book.at(name, row)[1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_workbook_says_nothing_of_its_looks(kind: WorkbookKind) -> None:
    assert not {one for one in Filled(kind).found() if one.startswith(("cell.", "score.shown"))}


LOCKED = [
    (kinds.FORM, "ev_person_name"),
    (kinds.FORM, "ev_person_code"),
    (kinds.FORM, "ev_task_key"),
    (kinds.UNIT_FORM, "ev_unit_code"),
    (kinds.SCORING, "ev_row_person"),
    (kinds.SCORING, "ev_row_name"),
    (kinds.SCORING, "ev_row_self_quality"),
    (kinds.SCORING, "ev_check_task"),
    (kinds.APPROVAL, "ev_row_name"),
    (kinds.APPROVAL, "ev_row_score_total"),
]


@pytest.mark.parametrize(("kind", "name"), LOCKED)
@pytest.mark.parametrize(
    "code",
    [
        ";;;&quot;Huỳnh Hải Âu&quot;",
        "&quot;92&quot;;&quot;92&quot;;&quot;92&quot;;&quot;92&quot;",
        ";;;",
        "&quot;không &quot;@",
    ],
)
def test_a_locked_cell_that_shows_somebody_else_refuses_the_workbook(kind: WorkbookKind, name: str, code: str) -> None:
    """Two people's names were swapped so on the manager's screen, and the scores were booked the other way round."""
    book = Filled(kind)
    if code.endswith("@") and name.endswith(("_quality", "_total")):
        return  # a word before a number leaves the number as it is
    book.restyle(name, number=code)
    told = book.told()

    assert told.verdict == "invalid"
    assert [(one.kind, one.cell) for one in told.findings] == [("cell.locked_shown_otherwise", cell_of(book, name))]


@pytest.mark.parametrize(("kind", "name"), LOCKED)
@pytest.mark.parametrize("code", ["General", "@", "0.00", "000", "0.0&quot; điểm&quot;", "[Red]General", "_-@_-"])
def test_a_locked_cell_of_another_honest_format_is_read(kind: WorkbookKind, name: str, code: str) -> None:
    book = Filled(kind)
    book.restyle(name, number=code)

    assert "cell.locked_shown_otherwise" not in book.found()


def test_locked_numbers_that_are_shown_rounded_are_one_note_of_their_sheet() -> None:
    """LibreOffice makes `000` of `0.00` where its language is switched while a workbook is open."""
    book = Filled(kinds.SCORING)
    own = drawn(kinds.SCORING, 0).values["ev_row_self_quality"]
    halves = [row for row, score in enumerate(own) if score % 1][:2]
    for row in halves:
        book.restyle("ev_row_self_quality", number="000", row=row)
    told = book.told()
    cells = [cell_of(book, "ev_row_self_quality", row) for row in halves]

    assert told.verdict == "read"
    assert [(one.kind, one.level, one.cell) for one in told.findings] == [
        ("cell.locked_shown_rounded", "note", cells[0])
    ]
    note = told.findings[0]
    assert note.values["cells"] == ", ".join(cells)
    assert (int(note.found), note.values["stored"]) == (int(own[halves[0]]) + 1, plain_number(own[halves[0]]))


def test_a_workbook_whose_formats_libreoffice_spoiled_is_read_with_a_note() -> None:
    """Switched from German, it takes the letters of *Standard* and of a date for words."""
    book = Filled(kinds.SCORING)
    book.restyle("ev_score_quality", number="s&quot;tan&quot;d\\ard")
    book.restyle("ev_row_self_quality", number="s&quot;tan&quot;d\\ard")
    told = book.told()

    assert (told.verdict, [(one.kind, one.level) for one in told.findings]) == (
        "read",
        [("file.formats_garbled", "note")],
    )
    assert told.typed == Filled(kinds.SCORING).told().typed


def test_a_label_that_shows_another_one_refuses_the_workbook() -> None:
    book = Filled(kinds.SCORING)
    part, (row, column) = book.at("ev_score_quality")
    book.edit(
        "xl/styles.xml",
        lambda text: text.replace("</cellXfs>", '<xf numFmtId="299"/></cellXfs>').replace(
            "<numFmts", '<numFmts x="1"', 1
        ),
    )
    styles = book.parts["xl/styles.xml"].decode().replace(' x="1"', "")
    styles = re.sub(
        r"(<numFmts[^>]*>)", r'\1<numFmt numFmtId="299" formatCode=";;;&quot;Điểm tiến độ&quot;"/>', styles, count=1
    )
    count = styles[styles.index("<cellXfs") : styles.index("</cellXfs>")].count("<xf ")
    book.parts["xl/styles.xml"] = styles.encode()
    label = f"{column_letters(column)}{row - 1}"
    book.edit(part, lambda text: re.sub(rf'<c r="{label}" s="\d+"', f'<c r="{label}" s="{count - 1}"', text, count=1))

    assert book.found() == {"cell.locked_shown_otherwise": label}


@pytest.mark.parametrize(
    ("kind", "field"), [(kinds.SCORING, "quality"), (kinds.SCORING, "decision"), (kinds.APPROVAL, "decision")]
)
def test_a_typed_cell_of_a_managers_row_is_kept_with_what_it_shows(kind: WorkbookKind, field: str) -> None:
    prefix = "ev_score" if kind is kinds.SCORING else "ev_approve"
    book = Filled(kind)
    rows = [int(re.sub(r"\D", "", one["cell"])) for one in book.told().typed if one["name"] == f"{prefix}_{field}"]
    row = rows[0] - book.names[f"{prefix}_{field}"].top
    book.restyle(f"{prefix}_{field}", number="&quot;38.5&quot;;;;&quot;Trả lại&quot;", row=row)
    typed = {(one["name"], one["cell"]): one["value"] for one in book.told().typed}

    assert typed[f"{prefix}_{field}", f"{cell_of(book, f'{prefix}_{field}', row)}"][2:] == [
        "other",
        False,
        "Trả lại" if field == "decision" else "38.5",
    ]


def test_a_decision_left_as_issued_that_shows_another_word_is_somebodys_act() -> None:
    book = Filled(kinds.SCORING, decided=False)
    assert not [one for one in book.told().typed if one["name"] == "ev_score_decision"]
    book.restyle("ev_score_decision", number=";;;&quot;Đã chấm&quot;")

    assert [
        one["value"][2]
        for one in book.told().typed
        if one["name"] == "ev_score_decision" and one["cell"] == cell_of(book, "ev_score_decision", 0)
    ] == ["other"]


# Conditions


def conditional(book: Filled, name: str, code: str, rule: str = 'type="cellIs" operator="greaterThan"') -> None:
    part, at = book.at(name)
    styles = book.parts["xl/styles.xml"].decode()
    count = len(re.findall(r"<dxf>|<dxf ", styles))
    book.parts["xl/styles.xml"] = styles.replace(
        "</dxfs>", f'<dxf><numFmt numFmtId="298" formatCode="{code}"/></dxf></dxfs>'
    ).encode()
    rule = f'<conditionalFormatting sqref="{address(at)}"><cfRule {rule} dxfId="{count}" priority="9"><formula>1</formula></cfRule></conditionalFormatting>'
    book.edit(part, lambda text: text.replace("<conditionalFormatting", f"{rule}<conditionalFormatting", 1))


def test_a_conditional_format_that_gives_another_number_refuses_the_score() -> None:
    book = Filled(kinds.FORM)
    conditional(book, "ev_self_quality", "&quot;40&quot;")

    assert (book.told().verdict, book.found()["score.shown_otherwise"]) == ("invalid", cell_of(book, "ev_self_quality"))


def test_a_conditional_format_over_a_name_refuses_the_workbook() -> None:
    book = Filled(kinds.SCORING)
    conditional(book, "ev_row_name", ";;;&quot;Huỳnh Hải Âu&quot;")

    assert list(book.found()) == ["cell.locked_shown_otherwise"]


@pytest.mark.parametrize("code", ["0.0", "[Red]General", "General"])
def test_a_conditional_format_that_changes_no_number_is_nothing(code: str) -> None:
    book = Filled(kinds.FORM)
    conditional(book, "ev_self_quality", code)

    assert not {one for one in book.found() if "shown" in one}


def test_a_condition_in_the_language_of_newer_programs_counts_too() -> None:
    book = Filled(kinds.FORM)
    part, at = book.at("ev_self_quality")
    new = (
        '<extLst><ext xmlns:y="urn:y"><y:conditionalFormattings><y:conditionalFormatting><y:cfRule type="cellIs"><y:dxf>'
        f'<numFmt numFmtId="297" formatCode="&quot;40&quot;"/></y:dxf></y:cfRule><sqref xmlns="urn:z">{address(at)}</sqref>'
        "</y:conditionalFormatting></y:conditionalFormattings></ext></extLst></worksheet>"
    )
    book.edit(part, lambda text: text.replace("</worksheet>", new))

    assert "score.shown_otherwise" in book.found()


def test_a_rule_that_shows_a_sign_instead_of_the_number_is_said() -> None:
    book = Filled(kinds.FORM)
    part, at = book.at("ev_self_quality")
    rule = f'<conditionalFormatting sqref="{address(at)}"><cfRule type="iconSet" priority="9"><iconSet showValue="0"/></cfRule></conditionalFormatting>'
    book.edit(part, lambda text: text.replace("<conditionalFormatting", f"{rule}<conditionalFormatting", 1))

    assert book.found()["cell.hard_to_see"] == address(at)


# Drawings

TWO = "<x:twoCellAnchor><x:from><x:col>{col}</x:col><x:colOff>0</x:colOff><x:row>{row}</x:row><x:rowOff>0</x:rowOff></x:from><x:to><x:col>{right}</x:col><x:colOff>0</x:colOff><x:row>{down}</x:row><x:rowOff>0</x:rowOff></x:to>{box}</x:twoCellAnchor>"
ONE = '<x:oneCellAnchor><x:from><x:col>{col}</x:col><x:colOff>0</x:colOff><x:row>{row}</x:row><x:rowOff>0</x:rowOff></x:from><x:ext cx="900000" cy="200000"/>{box}</x:oneCellAnchor>'


@pytest.mark.parametrize(("kind", "name"), [(kinds.FORM, "ev_self_quality"), (kinds.FORM, "ev_person_name"), (kinds.SCORING, "ev_row_name"), (kinds.SCORING, "ev_score_conduct"), (kinds.APPROVAL, "ev_approve_quality"), (kinds.APPROVAL, "ev_row_score_total")])  # fmt: skip
@pytest.mark.parametrize("anchor", [TWO, ONE])
def test_a_box_over_a_cell_is_said_with_the_cell(kind: WorkbookKind, name: str, anchor: str) -> None:
    book = Filled(kind)
    book.draw(name, anchor)
    before = Filled(kind).told()
    told = book.told()

    assert (told.verdict, told.typed) == (before.verdict, before.typed)
    assert cell_of(book, name) in next(one for one in told.findings if one.kind == "cell.covered").values["cells"]


@pytest.mark.parametrize(
    ("name", "anchor"), [("ev_conduct_note", ONE), ("ev_self_quality", ""), ("ev_difficulties", TWO)]
)
def test_a_picture_beside_them_and_an_empty_drawing_are_nothing(name: str, anchor: str) -> None:
    book = Filled(kinds.FORM)
    book.draw(name, anchor)

    assert "cell.covered" not in book.found()


# Heights, colours, letters


@pytest.mark.parametrize("height", ['ht="0" customHeight="1"', 'ht="0.75" customHeight="1"', 'ht="0"'])
def test_a_row_without_height_is_said_with_the_cell(height: str) -> None:
    book = Filled(kinds.FORM)
    part, (row, _) = book.at("ev_self_quality")
    book.edit(part, lambda text: re.sub(rf'<row r="{row}"[^>]*>', f'<row r="{row}" {height}>', text))

    assert book.found()["cell.hard_to_see"] == cell_of(book, "ev_self_quality")


def test_a_column_without_width_is_said_with_the_cell() -> None:
    book = Filled(kinds.SCORING)
    part, (_, column) = book.at("ev_row_name")
    book.edit(
        part,
        lambda text: re.sub(rf'<col [^>]*min="{column}"[^>]*/>', "", text) if f'min="{column}"' in text else text + " ",
    )
    book.edit(
        part,
        lambda text: text.replace("<cols>", f'<cols><col min="{column}" max="{column}" width="0" customWidth="1"/>'),
    )

    assert book.found()["cell.hard_to_see"] == cell_of(book, "ev_row_name")


def test_rows_that_were_hidden_at_issue_are_nothing_and_hidden_ones_with_typing_are_a_note() -> None:
    book = Filled(kinds.FORM)
    part, (row, _) = book.at("ev_self_quality")
    book.edit(
        part, lambda text: re.sub(rf'<row r="{row}"[^>]*>', f'<row r="{row}" ht="0" hidden="1" customHeight="1">', text)
    )

    assert [one.level for one in book.told().findings if one.kind in ("cell.hidden", "cell.hard_to_see")] == ["note"]


WHITE = '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFFFF"/></patternFill></fill>'


@pytest.mark.parametrize(
    ("font", "fill"),
    [
        ('<font><sz val="11"/><color rgb="FFFFFFFF"/><name val="Times New Roman"/></font>', WHITE),
        ('<font><sz val="11"/><color theme="0"/><name val="Times New Roman"/></font>', WHITE),
        (
            '<font><sz val="11"/><color indexed="9"/><name val="Times New Roman"/></font>',
            '<fill><patternFill patternType="none"/></fill>',
        ),
        ('<font><sz val="11"/><color rgb="FFFCFCFC"/><name val="Times New Roman"/></font>', WHITE),
        ('<font><sz val="1"/><name val="Times New Roman"/></font>', ""),
        ('<font><sz val="11"/><name val="Wingdings"/></font>', ""),
        ('<font><sz val="11"/><name val="Webdings"/></font>', ""),
    ],
)
@pytest.mark.parametrize(
    ("kind", "name"),
    [(kinds.FORM, "ev_self_quality"), (kinds.SCORING, "ev_row_name"), (kinds.APPROVAL, "ev_row_score_total")],
)
def test_letters_that_nobody_can_read_are_said_with_the_cell(
    kind: WorkbookKind, name: str, font: str, fill: str
) -> None:
    book = Filled(kind)
    book.restyle(name, font=font, fill=fill)

    assert book.found()["cell.hard_to_see"] == cell_of(book, name)


def test_other_colours_and_letters_are_nothing() -> None:
    book = Filled(kinds.FORM)
    book.restyle(
        "ev_self_quality", font='<font><sz val="8"/><color rgb="FFFF0000"/><name val="Arial"/></font>', fill=WHITE
    )

    assert "cell.hard_to_see" not in book.found()


def test_a_format_that_writes_white_on_white_and_a_cell_that_repeats_its_content_are_said() -> None:
    white, repeated = Filled(kinds.FORM), Filled(kinds.FORM)
    white.restyle("ev_self_quality", number="[White]0.0", fill=WHITE)
    repeated.restyle("ev_self_quality", xf='<alignment horizontal="fill"/>')

    assert {"cell.hard_to_see"} <= set(white.found())
    assert {"cell.hard_to_see"} <= set(repeated.found())


# Links


def links(book: Filled) -> list[str]:
    """Where the links of the first two rows lead."""
    part, (row, column) = book.at("ev_row_link")
    folder, _, file = part.rpartition("/")
    relations = dict(
        re.findall(r'Id="(rIdEv\d+)"[^>]*Target="([^"]*)"', book.parts[f"{folder}/_rels/{file}.rels"].decode())
    )
    lead = dict(re.findall(r'<hyperlink [^>]*ref="(\w+)" r:id="(\w+)"', book.parts[part].decode()))
    return [relations[lead[address((row + more, column))]] for more in (0, 1)]


def test_links_of_two_rows_that_lead_to_each_others_form_are_said_with_the_cells() -> None:
    book = Filled(kinds.SCORING)
    part, _ = book.at("ev_row_link")
    folder, _, file = part.rpartition("/")
    one, two = links(book)
    assert one != two
    book.edit(f"{folder}/_rels/{file}.rels", lambda text: text.replace(one, "\0").replace(two, one).replace("\0", two))

    assert [one.cell for one in book.told().findings if one.kind == "cell.link_elsewhere"] == [
        cell_of(book, "ev_row_link"),
        cell_of(book, "ev_row_link", 1),
    ]


@pytest.mark.parametrize("way", ["file:///C:/Users/an/Desktop/{}", "../../{}", "\\\\may-chu\\chung\\{}", "{}"])
def test_another_way_to_the_same_file_is_the_same_link(way: str) -> None:
    book = Filled(kinds.SCORING)
    part, _ = book.at("ev_row_link")
    folder, _, file = part.rpartition("/")
    first = links(book)[0]
    book.edit(f"{folder}/_rels/{file}.rels", lambda text: text.replace(first, way.format(first.rpartition("/")[2]), 1))

    assert "cell.link_elsewhere" not in book.found()


def test_a_link_laid_over_a_name_is_said() -> None:
    book = Filled(kinds.SCORING)
    part, at = book.at("ev_row_name")
    book.relate(part, LINK.format("x/khac.xlsx"))
    book.edit(
        part,
        lambda text: text.replace(
            "<hyperlinks>", f'<hyperlinks><hyperlink xmlns:r="{RELATIONS}" ref="{address(at)}" r:id="rIdX"/>', 1
        ),
    )

    assert book.found()["cell.link_elsewhere"] == address(at)


# Twins


def copied(kind: WorkbookKind, change: Callable[[str], str], fill: bool = True, keep: bool = False) -> Examined:
    """A workbook with a copy of its first sheet, whose words were changed; filled is the copy, or (keep) both."""
    one = drawn(kind, 0)
    went_out = dict(open_package(one.data))
    filled = dict(open_package(_filled(kind)))
    book = read_workbook(one.data)
    part = sheet_parts(went_out)[next(name for name, page in book.sheets.items() if page.state == "visible")]
    parts = dict(filled if keep else went_out)
    parts["xl/worksheets/copy.xml"] = change((filled if fill else went_out)[part].decode()).encode()
    workbook = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = re.sub(
        r"</sheets>", f'<sheet xmlns:q="{RELATIONS}" name="Bản nháp" sheetId="77" q:id="rIdCopy"/></sheets>', workbook
    ).encode()
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    relation = f'<Relationship Id="rIdCopy" Type="{RELATIONS}/worksheet" Target="worksheets/copy.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", relation).encode()
    return examine(packed(parts), BOOKS)


def dotted(text: str) -> str:
    """Every text with a dot behind it."""
    return re.sub(r"([^<>])</t>", r"\1.</t>", text)


@pytest.mark.parametrize("change", [str, dotted])
@pytest.mark.parametrize("kind", [kinds.FORM, kinds.UNIT_FORM])
def test_a_form_of_which_only_a_copy_of_the_sheet_is_filled_is_not_taken_for_an_empty_one(
    kind: WorkbookKind, change: Callable[[str], str]
) -> None:
    told = copied(kind, change)

    assert (told.verdict, [one.kind for one in told.findings]) == ("invalid", ["form.twin_sheet"])


@pytest.mark.parametrize("change", [str, dotted])
@pytest.mark.parametrize("kind", [kinds.SCORING, kinds.APPROVAL])
def test_a_managers_copy_of_the_sheet_that_was_filled_is_a_warning(
    kind: WorkbookKind, change: Callable[[str], str]
) -> None:
    told = copied(kind, change)

    assert told.verdict == "read"
    assert "form.twin_filled" in {one.kind for one in told.findings if one.level == "warning"}


def test_a_copy_that_says_the_same_or_nothing_is_a_sheet_more() -> None:
    same, blank = copied(kinds.FORM, str, keep=True), copied(kinds.FORM, str, fill=False, keep=True)

    for told in (same, blank):
        assert told.verdict == "submitted"
        assert "form.twin_filled" not in {one.kind for one in told.findings}


def test_a_copy_filled_otherwise_beside_a_filled_form_is_a_warning() -> None:
    book = Filled(kinds.FORM)
    _, at = book.at("ev_self_quality")
    told = copied(
        kinds.FORM, lambda text: re.sub(rf'(<c r="{address(at)}"[^>]*>)<v>[^<]*</v>', r"\1<v>1.5</v>", text), keep=True
    )

    assert told.verdict == "submitted"
    assert "form.twin_filled" in {one.kind for one in told.findings}
