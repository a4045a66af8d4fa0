"""The guard: anybody's bytes are refused by name and reason before any library sees them, or passed on as parts."""

from __future__ import annotations

import io
import random
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalxl.excel.returned import guard
from evalxl.excel.returned.examine import WeekBooks, examine
from evalxl.excel.returned.guard import Refused, open_package
from evalxl.excel.returned.reading import read_workbook
from evalxl.records.package_files import shipped
from tests.excel.packages import MAIN, PACKAGE, packed, sheet, workbook_parts

FORM = (shipped("templates") / "form.xlsx").read_bytes()
FORM_PARTS = open_package(FORM)
NOBODY = WeekBooks("2025-W23", {}, {}, {})

GOOD = workbook_parts(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        open_package(data)
    return refused.value.finding.kind


def with_part(name: str, text: bytes = b"x") -> bytes:
    return packed({**GOOD, name: text})


def with_relation(part: str, relation: str) -> bytes:
    return with_part(part, f'<Relationships xmlns="{PACKAGE}" xmlns:r="{PACKAGE}">{relation}</Relationships>'.encode())


def types(more: str) -> bytes:
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{more}</Types>'.encode()


def twice(name: str) -> bytes:
    """Two entries of one name, as no zip library reads them alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part, text in [*GOOD.items(), (name, b"<worksheet/>")]:
            package.writestr(part, text)
    return out.getvalue()


def altered(data: bytes, change: Callable[[bytearray], None]) -> bytes:
    copy = bytearray(data)
    change(copy)
    return bytes(copy)


def encrypted_entry(data: bytes) -> bytes:
    """The flag of an encrypted entry in the zip's directory."""
    at = data.index(b"PK\x01\x02")
    return altered(data, lambda copy: copy.__setitem__(at + 8, copy[at + 8] | 1))


def overlapping(data: bytes) -> bytes:
    """The directory's second entry points into the first one's bytes: the trick of bombs without nesting."""
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    return altered(data, lambda copy: copy.__setitem__(slice(second + 42, second + 46), data[first + 42 : first + 46]))


def lying_size(data: bytes) -> bytes:
    """The directory says that a part is larger than it is."""
    at = data.index(b"PK\x01\x02")
    return altered(data, lambda copy: copy.__setitem__(slice(at + 24, at + 28), (10**9).to_bytes(4, "little")))


def wrong_checksum(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02")
    return altered(data, lambda copy: copy.__setitem__(at + 16, copy[at + 16] ^ 1))


def longer_in_the_directory(data: bytes, field: int) -> bytes:
    """The directory's last entry says that its name (28), its extra field (30) or its remark (32) goes on behind the directory."""
    at = data.rindex(b"PK\x01\x02")
    return altered(data, lambda copy: copy.__setitem__(at + field, copy[at + field] + 9))


CRAFTED: Mapping[str, tuple[str, bytes]] = {
    "nothing in it": ("file.empty", b""),
    "a hole left by a cloud": ("file.not_downloaded", bytes(4096)),
    "text": ("file.is_text", "Họ và tên;Điểm\nAn;37".encode()),
    "a web page named .xlsx": ("file.is_web_page", b"<html><table><tr><td>37</td></tr></table></html>"),
    "a paper named .xlsx": ("file.is_document", b"%PDF-1.7 ..."),
    "another zip": ("file.is_archive", packed({"ghi-chu.txt": b"x"})),
    "an OpenDocument sheet": ("file.is_opendocument", packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})),
    "a Word document": ("file.is_document", packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})),
    "an old workbook": ("file.old_format", OLE + bytes(500) + "Workbook".encode("utf-16-le") + bytes(500)),
    "an old workbook that names itself in capitals": ("file.old_format", OLE + bytes(500) + "BOOK\0".encode("utf-16-le") + bytes(500)),
    "an old letter": ("file.is_document", OLE + bytes(2000)),
    "a workbook with a password": ("file.encrypted", OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)),
    "an entry with a password": ("file.encrypted", encrypted_entry(packed(GOOD))),
    "too many bytes": ("file.too_large", b"PK\x03\x04" + bytes(guard.MAX_FILE)),
    "copied by half": ("file.cut_off", packed(GOOD)[:-200]),
    "something after its end": ("file.odd_package", packed(GOOD) + b"trailing"),
    "a wrong checksum": ("file.odd_package", wrong_checksum(packed(GOOD))),
    **{
        f"a last entry whose {what} goes on behind the directory": ("file.odd_package", longer_in_the_directory(packed(GOOD), field))
        for what, field in (("extra field", 30), ("remark", 32))
    },
    "entries over each other": ("file.odd_package", overlapping(packed(GOOD))),
    "a size that is a lie": ("file.unpacks_too_large", lying_size(packed(GOOD))),
    "another way of packing": ("file.odd_package", packed(GOOD, zipfile.ZIP_LZMA)),
    "one name twice": ("file.odd_package", twice("xl/workbook.xml")),
    "one name in two letter cases": ("file.odd_package", twice("XL/Workbook.xml")),
    "very many parts": ("file.too_many_parts", packed({**GOOD, **{f"xl/media/{n}.png": b"" for n in range(guard.MAX_PARTS)}})),
    "a huge part": ("file.unpacks_too_large", with_part("xl/worksheets/sheet9.xml", b"\x01\x02" * (guard.MAX_PART // 2 + 1))),
    "a part that unpacks without end": ("file.unpacks_too_large", with_part("xl/worksheets/sheet9.xml", bytes(3_000_000))),
    "huge pictures": ("file.unpacks_too_large", packed({**GOOD, **{f"xl/media/{n}.png": bytes(guard.MAX_TOTAL // 3) for n in range(4)}})),
    "a macro": ("file.has_macros", with_part("xl/vbaProject.bin")),
    "an old macro sheet": ("file.has_macros", with_part("xl/macrosheets/sheet1.xml")),
    "an old dialog": ("file.has_macros", with_part("xl/dialogsheets/sheet1.xml")),
    "an .xlsm without any macro": ("file.macro_format", with_part("[Content_Types].xml", types('<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'))),
    "an .xltm without any macro": ("file.macro_format", with_part("[Content_Types].xml", types('<Override ContentType="application/vnd.ms-excel.template.macroEnabled.main+xml"/>'))),
    "an .xlsm with a macro": ("file.has_macros", packed({**GOOD, "xl/vbaProject.bin": b"x", "[Content_Types].xml": types('<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>')})),
    "an .xlsm whose macro is known by its relation alone": (
        "file.has_macros",
        packed({**GOOD, "xl/x.dat": b"x", "xl/_rels/x.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="http://x/vbaProject" Target="x.dat"/></Relationships>'.encode(), "[Content_Types].xml": types('<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>')}),
    ),
    "an add-in": ("file.has_macros", with_part("[Content_Types].xml", types('<Override ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"/>'))),
    "a type that says macro for all parts of an ending": ("file.has_macros", packed({**GOOD, "xl/data.bin": b"x", "[Content_Types].xml": types('<Default Extension="BIN" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>')})),
    "a control": ("file.has_active_content", with_part("xl/activeX/activeX1.bin")),
    "a form control": ("file.has_active_content", with_part("xl/ctrlProps/ctrlProp1.xml")),
    "a ribbon of its own": ("file.has_active_content", with_part("customUI/customUI14.xml")),
    "an embedded object": ("file.has_embedded_object", with_part("xl/embeddings/oleObject1.bin")),
    "a link to another workbook": ("file.has_external_links", with_part("xl/externalLinks/externalLink1.xml")),
    "a picture from the web": (
        "file.has_external_links",
        with_relation("xl/drawings/_rels/drawing1.xml.rels", '<Relationship Id="r" Type="http://x/relationships/image" Target="http://x/a.png" TargetMode="External"/>'),
    ),
    "a template from a share": (
        "file.has_external_links",
        with_relation("xl/_rels/other.xml.rels", "<Relationship Id='r' TargetMode = 'External' Type='http://x/attachedTemplate' Target='\\\\x\\a'/>"),
    ),
    "a picture from the web, spelt in codes": (
        "file.has_external_links",
        with_relation("xl/drawings/_rels/drawing1.xml.rels", '<r:Relationship Id="r" Target="a>b" Type="http://x/image" TargetMode="&#69;xternal"/>'),
    ),
    "relations that are no XML": ("file.bad_xml", with_part("xl/_rels/x.xml.rels", b'<Relationship TargetMode="1' * 5000)),
    "a link behind backslashes": ("file.has_external_links", with_part("xl\\externalLinks\\externalLink1.xml")),
    "a data connection": ("file.has_connections", with_part("xl/connections.xml")),
    "a query": ("file.has_connections", with_part("xl/queryTables/queryTable1.xml")),
    "a web extension": ("file.has_connections", with_part("xl/webextensions/webextension1.xml")),
}  # fmt: skip


@pytest.mark.parametrize("what", CRAFTED)
def test_a_file_is_refused_by_name_and_reason(what: str) -> None:
    kind, data = CRAFTED[what]
    began = time.process_time()

    assert refusal(data) == kind
    assert time.process_time() - began < 0.5


def test_what_people_and_evalxl_put_into_a_workbook_passes() -> None:
    """A picture of the evidence, a link that somebody typed, a comment, a chart."""
    link = '<Relationship Id="r" Type="http://x/relationships/hyperlink" Target="http://x/" TargetMode="External"/>'
    parts = {
        **GOOD,
        "xl/media/image1.png": random.Random(1).randbytes(guard.MAX_PART + 1),
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>'.encode(),
        "xl/comments1.xml": b"<comments/>",
        "xl/charts/chart1.xml": b"<chart/>",
        "xl/printerSettings/printerSettings1.bin": b"x",
        "xl/calcChain.xml": b"<calcChain/>",
    }

    assert open_package(packed(parts)) == parts
    assert open_package(packed(parts, zipfile.ZIP_STORED)) == parts


def test_the_templates_pass() -> None:
    for path in sorted(shipped("templates").glob("*.xlsx")):
        assert "xl/workbook.xml" in open_package(path.read_bytes())


# What is small on the disk and large in memory or time

DIGITS = random.Random(2)
SHEET = "xl/worksheets/sheet1.xml"
HEAD = f'<worksheet xmlns="{MAIN}">'.encode()


def random_text(size: int) -> bytes:
    """Text that does not shrink when it is packed."""
    return DIGITS.randbytes(size // 2).hex().encode()


def one_cell(text: bytes) -> bytes:
    return (
        HEAD
        + b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
        + text
        + b"</t></is></c></row></sheetData></worksheet>"
    )


BOMBS: Mapping[str, Callable[[], dict[str, bytes]]] = {
    "a comment of megabytes": lambda: {SHEET: HEAD + b"<!--" + random_text(9_000_000) + b"--></worksheet>"},
    "a name of megabytes": lambda: {SHEET: HEAD + b"<a" + random_text(9_000_000) + b"/></worksheet>"},
    "a cell of megabytes": lambda: {SHEET: one_cell(random_text(9_000_000))},
    "a cell of blanks": lambda: {SHEET: one_cell(b"".join(DIGITS.choice((b" ", b"\t")) for _ in range(60_000)) + b"x")},
    "blank cells without end": lambda: {
        SHEET: HEAD + b'<sheetData><row r="1">' + b"".join(b'<c s="%d"/>' % DIGITS.randrange(10**9) for _ in range(600_000)) + b"</row></sheetData></worksheet>"
    },
    "one sheet many times over": lambda: {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="x"><sheets>'.encode() + b"".join(b'<sheet name="s%d" r:id="rId1"/>' % n for n in range(20_000)) + b"</sheets></workbook>"
    },
    "a format of brackets": lambda: {
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">'.encode() + b'<numFmts><numFmt numFmtId="170" formatCode="' + b"[" * 150_000 + b'"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>'
    },
    "a part among the pictures": lambda: {
        "xl/_rels/workbook.xml.rels": GOOD["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"media/sheet1.xml"),
        "xl/media/sheet1.xml": one_cell(random_text(guard.MAX_PART + 1)),
    },
}  # fmt: skip


@pytest.mark.parametrize("what", BOMBS)
def test_a_small_file_that_is_large_inside_is_answered_at_once(what: str) -> None:
    data = packed({**GOOD, **BOMBS[what]()})
    began = time.process_time()

    seen = examine(data, NOBODY)

    assert time.process_time() - began < 2
    assert (seen.verdict, len(seen.findings)) == ("refused", 1)


# However spoiled, a file ends in one finding


def test_a_form_cut_off_anywhere_is_refused() -> None:
    for length in range(0, len(FORM), 97):
        seen = examine(FORM[:length], NOBODY)
        assert (seen.verdict, len(seen.findings)) == ("refused", 1), length


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_form_with_any_bytes_changed_ends_in_a_verdict(data: st.DataObject) -> None:
    copy = bytearray(FORM)
    for _ in range(data.draw(st.integers(1, 4))):
        copy[data.draw(st.integers(0, len(copy) - 1))] = data.draw(st.integers(0, 255))

    seen = examine(bytes(copy), NOBODY)

    assert seen.verdict in ("refused", "own")
    assert seen.verdict == "own" or len(seen.findings) == 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_form_with_any_of_its_xml_changed_ends_in_a_verdict(data: st.DataObject) -> None:
    """The zip is sound; what is in it is not."""
    name = data.draw(
        st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml", "docProps/custom.xml"])
    )
    text = bytearray(FORM_PARTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b"<", b"/>", b"&#x0;", b"-1"])
        )

    seen = examine(packed({**FORM_PARTS, name: bytes(text)}, zipfile.ZIP_STORED), NOBODY)

    assert seen.verdict == "refused" and len(seen.findings) == 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(GOOD)))
def test_any_bytes_as_any_part_end_in_a_verdict(text: bytes, part: str) -> None:
    assert examine(packed({**GOOD, part: text}), NOBODY).verdict == "refused"
    assert examine(text, NOBODY).verdict == "refused"


def test_a_workbook_that_is_read_says_what_it_says() -> None:
    """A file that is not ours is still read to the end: it is refused for being strange, not for being unreadable."""
    assert examine(packed(GOOD), NOBODY).findings[0].kind == "file.not_ours"
    assert read_workbook(packed(GOOD)).sheets["Trang 1"].cells[(1, 1)].raw == "1"


def test_a_kind_with_macros_that_no_part_has_says_nothing() -> None:
    """SheetJS lists in every workbook that it writes which kinds of parts it knows."""
    known = types('<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>')
    parts = {**GOOD, "[Content_Types].xml": known}

    assert open_package(packed(parts)) == parts
