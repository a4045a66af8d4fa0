"""Rows that are written plainly are read apart, each once; what comes out is to the letter what the strict pass finds, or it is left to that pass."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from random import Random

import pytest

from evalxl.domain.findings import Finding
from evalxl.excel.returned.cells import read_sheet, read_strictly
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.plain_rows import PlainRow, plain_rows
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.kind import known_kinds
from evalxl.forms.workbook import Cell, Sheet
from evalxl.records.package_files import shipped
from tests.excel.packages import MAIN, packed, workbook_parts
from tests.excel.packages import sheet as sheet_of
from tests.libreoffice import Office as LibreOffice

STRINGS = [f"Chữ {number}" for number in range(400)]
MUTATIONS = int(os.environ.get("EVALXL_MUTATIONS", "3000"))

# What makes readers differ when it stands where nobody expects it.
PIECES = (
    '<c r="B5"><v>1</v></c>',
    '<c r="C7" t="inlineStr"><is><t>khác</t></is></c>',
    '<row r="9">',
    '<row r="9"/>',
    "</row>",
    "</c>",
    "<v>9</v>",
    "<v/>",
    "<f>1+1</f>",
    "<f/>",
    "<f></f>",
    '<f ca="1"/>',
    "<is/>",
    "<is><t/></is>",
    '<f t="shared" si="0"/>',
    "<f>WEBSERVICE(1)</f>",
    "<is><t>a</t></is>",
    "<is><r><t>a</t></r></is>",
    "<!-- -->",
    "<?x y?>",
    "<![CDATA[3]]>",
    "<![CDATA[",
    "]]>",
    "<sheetData>",
    "</sheetData>",
    "<sheetData/>",
    '<x xmlns="y"/>',
    ' xmlns="y"',
    ' hidden="1"',
    ' hidden="true"',
    ' r="3"',
    ' s="4"',
    ' t="s"',
    ' t="str"',
    ' x14ac:dyDescent="0.25"',
    "&amp;",
    "&#49;",
    "&x;",
    "&",
    "<",
    ">",
    '"',
    "'",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\x01",
    "\ufffe",
    "\ufeff",
    "é",
    "９",
    "0",
    "_x0041_",
)


def told(read: Sheet | Finding) -> object:
    """What came out; the order of the cells counts, since findings follow it."""
    return read if isinstance(read, Finding) else (read, list(read.cells))


def both(text: bytes) -> tuple[object, object]:
    found: list[Sheet | Finding] = []
    for read in (read_sheet, read_strictly):
        try:
            found.append(read("Phiếu", "visible", text, STRINGS))
        except Refused as refused:
            found.append(refused.finding)
    return told(found[0]), told(found[1])


def sheets_of(data: bytes) -> dict[str, bytes]:
    return {name: text for name, text in open_package(data).items() if "/worksheets/sheet" in name}


@cache
def templates() -> dict[str, bytes]:
    """Every sheet of every template."""
    return {
        f"{kind}/{name}": text
        for kind in known_kinds()
        if (folder := shipped("templates") / f"{kind.name}.xlsx").exists()
        for name, text in sheets_of(folder.read_bytes()).items()
    }


def test_every_sheet_of_every_template_is_written_plainly_and_read_alike() -> None:
    assert len(templates()) > 20
    for name, text in templates().items():
        plainly, strictly = both(text)
        assert plain_rows(text) is not None, name
        assert plainly == strictly, name


def test_what_libreoffice_saves_is_written_plainly_and_read_alike(libreoffice: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes((shipped("templates") / "form.xlsx").read_bytes())
    with libreoffice.open(path) as form:
        form.save()
    for name, text in sheets_of(path.read_bytes()).items():
        plainly, strictly = both(text)
        assert plain_rows(text) is not None, name
        assert plainly == strictly, name


def test_a_sheet_that_somebody_tampered_with_is_read_as_the_strict_pass_reads_it() -> None:
    """Bytes are turned, pieces are cut out, doubled, exchanged, and put in where nobody expects them."""
    random = Random(20261121)
    texts = sorted(templates().values(), key=len)[:14]
    plain = 0
    for number in range(MUTATIONS):
        text = mutated(random.choice(texts), random)
        plainly, strictly = both(text)
        plain += plain_rows(text) is not None and isinstance(plainly, tuple)
        assert plainly == strictly, number
    assert MUTATIONS // 20 < plain < MUTATIONS


def mutated(text: bytes, random: Random) -> bytes:
    """The text with one to three changes, most of them in its data."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        begin, end = (text.find(mark) for mark in (b"<sheetData>", b"</sheetData>"))
        first, last = (begin, end) if 0 <= begin < end and random.random() < 0.85 else (0, len(text) - 1)
        at = random.randint(first, last)
        if random.random() < 0.5:  # at an element's or attribute's bounds
            at = next((place for place in range(at, last) if text[place : place + 1] in b'<>" ='), at)
        there = at + random.choice((1, 1, 5, 20, 60, 200, 900))
        change = random.randrange(6)
        if change == 0:
            text = text[:at] + bytes((text[at] ^ 1 << random.randrange(8),)) + text[at + 1 :]
        elif change == 1:
            text = text[:at] + text[there:]
        elif change == 2:
            text = text[:there] + text[at:there] + text[there:]
        elif change == 3:
            further = there + random.choice((1, 20, 200))
            text = text[:at] + text[there:further] + text[at:there] + text[further:]
        else:
            text = text[:at] + random.choice(PIECES).encode() + text[at:]
    return text


OPENING = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLAIN = '<row r="2"><c r="A2" s="3"/><c r="B2" t="s"><v>7</v></c><c r="D2"><f>1&lt;2</f><v>1</v></c></row><row r="4" hidden="1"/>'


def test_a_plain_row_says_what_stands_in_it() -> None:
    read = plain_rows(sheet_of(PLAIN).encode())

    assert read is not None
    assert read.rows == [
        PlainRow(2, False, (((2, 2), Cell("text", "7"), 7), ((2, 4), Cell("number", "1", "1<2"), -1))),
        PlainRow(4, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        OPENING.replace("UTF-8", "us-ascii") + sheet_of(PLAIN.replace("1&lt;2", "1&lt;é")),
        OPENING + "<!DOCTYPE worksheet [<!ENTITY x '5'>]>" + sheet_of(PLAIN),
        OPENING + sheet_of(PLAIN.replace('r="4" ', 'r="2" ')),
        OPENING + sheet_of(PLAIN.replace('r="4" ', 'r="4" r="4" ')),
        OPENING + sheet_of(PLAIN.replace('r="4" ', 'r="4" hidden="0" ')),
        OPENING + sheet_of(PLAIN.replace('r="4" ', 'r="4" x14ac:dyDescent="0.2" ')),
        OPENING + sheet_of(PLAIN.replace('r="B2"', 'r="B3"')),
        OPENING + sheet_of(PLAIN.replace('r="B2"', 'r="A2"')),
        OPENING + sheet_of(PLAIN.replace('t="s"', 't="inlineStr"')),
        OPENING + sheet_of(PLAIN.replace("<v>7<", "<v>400<")),
        OPENING + sheet_of(PLAIN.replace("<v>7<", "<v>٧<")),
        OPENING + sheet_of(PLAIN.replace("<v>7<", "<v>7<!-- -->8<")),
        OPENING + sheet_of(PLAIN.replace("1&lt;2", "WEBSERVICE(A1)")),
        OPENING + sheet_of(PLAIN.replace("1&lt;2", "1]]>2")),
        OPENING + sheet_of(PLAIN, before="<sheetPr><![CDATA[").replace("</sheetData>", "</sheetData>]]></sheetPr>"),
        OPENING + sheet_of(PLAIN, before="<x>", after="</x>"),
        OPENING + sheet_of(PLAIN, before='<x xmlns="y">', after="</x>"),
        OPENING + sheet_of(PLAIN, after="<sheetData/>"),
        OPENING + sheet_of(PLAIN).replace(MAIN, "urn:another"),
        OPENING + sheet_of(PLAIN)[:-3],
    ],
)
def test_what_the_strict_pass_refuses_or_reads_otherwise_is_left_to_it(text: str) -> None:
    plainly, strictly = both(text.encode())

    assert plainly == strictly
    assert isinstance(strictly, Finding) or not strictly[0].cells  # type: ignore[index]


@pytest.mark.parametrize("formula", ["<f/>", "<f />", "<f></f>", '<f ca="1"/>', '<f aca="false"></f>'])
@pytest.mark.parametrize("value", ["<v>5</v>", "<v/>", ""])
def test_a_formula_without_words_is_a_formula_all_the_same(formula: str, value: str) -> None:
    plainly, strictly = both(sheet_of(f'<row r="1"><c r="A1">{formula}{value}</c></row>').encode())

    assert plainly == strictly
    assert strictly[0].cells[1, 1].formula == ""  # type: ignore[index]


def test_a_row_that_was_met_before_is_read_with_the_texts_of_its_own_workbook() -> None:
    def words(text: str) -> list[str]:
        parts = workbook_parts(
            sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), strings=f"<si><t>{text}</t></si>"
        )
        (page,) = read_workbook(packed(parts)).sheets.values()
        return [cell.raw for cell in page.cells.values()]

    assert (words("một"), words("hai"), words("")) == (["một"], ["hai"], [])
