"""From pages to a file: properties, and bytes that are the same on every day and every machine."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.protection import WorkbookProtection

from evalxl.excel.templates.parts import PrintedPage
from evalxl.forms.shared_fields import STAMP

PROPERTIES = tuple(entry.name.replace("ev_stamp_", "evalxl.") for entry in STAMP)

# Templates bear one fixed date, so that the same rules always give the same bytes.
BORN = datetime(2025, 6, 1, tzinfo=UTC)
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

# openpyxl would write Excel's own name, and its version.
_PROGRAM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>evalxl</Application></Properties>"
)


def finished(pages: Sequence[PrintedPage], title: str) -> bytes:
    """The workbook's bytes; the same pages always give the same bytes."""
    book, kind = pages[0].book, pages[0].kind
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is book.worksheets[0]
    book.security = WorkbookProtection(lockStructure=True)
    book.calculation.fullCalcOnLoad = True
    book.properties.creator = book.properties.lastModifiedBy = "evalxl"
    book.properties.title = title
    book.properties.created = BORN.replace(tzinfo=None)
    properties: Any = book
    for name in PROPERTIES:
        properties.custom_doc_props.append(StringProperty(name=name, value=kind.name if name == "evalxl.kind" else ""))
    raw = io.BytesIO()
    book.save(raw)
    growing = {f"xl/worksheets/sheet{number}.xml": page.growing for number, page in enumerate(pages, 1)}
    return repacked(raw.getvalue(), growing)


def repacked(data: bytes, growing: Mapping[str, Collection[int]]) -> bytes:
    """The package with everything taken out that depends on the day or on the machine.

    Args:
        growing: By sheet part, the rows that have a height to begin with and yet grow with their text.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        first = ("[Content_Types].xml", "_rels/.rels")
        for name in sorted(names, key=lambda name: (name not in first, names.index(name))):
            text = plain_xml(source.read(name))
            if name == "docProps/core.xml":
                text = _MODIFIED.sub(rf"\g<1>{BORN:%Y-%m-%dT%H:%M:%SZ}\g<2>", text)
            elif name == "docProps/app.xml":
                text = _PROGRAM
            elif name == "xl/styles.xml":
                text = _FONT.sub(_in_order, text)
            elif name in growing:
                text = _without_triangles(_ROW.sub(partial(_grows, growing[name]), text))
            entry = zipfile.ZipInfo(name, (BORN.year, BORN.month, BORN.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, _DECLARATION + text.encode(), compresslevel=9)
    return out.getvalue()


_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROW = re.compile(r'<row r="(\d+)"[^>]*?( customHeight="1")')
_USED = re.compile(r'<dimension ref="([^"]+)"')
_FONT = re.compile(r"(<font>)(.*?)(</font>)")
_FONT_ORDER = (
    "b",
    "i",
    "strike",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
)


def _grows(rows: Collection[int], row: re.Match[str]) -> str:
    return row[0].replace(row[2], "") if int(row[1]) in rows else row[0]


def _without_triangles(sheet: str) -> str:
    """No green corners in Excel where a code or a row's key is digits in a text cell: that is how it should be."""
    place = _USED.search(sheet)
    head, closing, tail = sheet.rpartition("</worksheet>")
    assert place and head.endswith(("</headerFooter>", "</sheetProtection>", "/>")) and not tail
    ignored = f'<ignoredErrors><ignoredError sqref="{place[1]}" numberStoredAsText="1"/></ignoredErrors>'
    return head + ignored + closing


def _in_order(font: re.Match[str]) -> str:
    """A font's parts in the order in which Excel writes them and validators want them."""
    parts = re.findall(r"<(\w+)[^>]*/>", font[2])
    found = dict(zip(parts, re.findall(r"<\w+[^>]*/>", font[2]), strict=True))
    return font[1] + "".join(found[part] for part in _FONT_ORDER if part in found) + font[3]


def plain_xml(data: bytes) -> str:
    """XML in one spelling: namespaces declared at the root, empty elements closed at once, no declaration.

    Which spelling openpyxl writes depends on whether lxml is installed; and a namespace that is declared inside is lost when the
    element that holds it is replaced.
    """
    spaces: dict[str, str] = {}
    pieces: list[str] = []
    opened = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal opened
        close()
        spaces.update({name: uri for name, uri in attributes.items() if name.partition(":")[0] == "xmlns"})
        inner = "".join(
            f' {name}="{escape(value, _IN_QUOTES)}"'
            for name, value in attributes.items()
            if name.partition(":")[0] != "xmlns"
        )
        pieces.extend((f"<{tag}", inner))
        opened = True

    def end(tag: str) -> None:
        nonlocal opened
        if opened:
            pieces.append("/>")
            opened = False
        else:
            pieces.append(f"</{tag}>")

    def text(words: str) -> None:
        close()
        pieces.append(escape(words))

    def close() -> None:
        nonlocal opened
        if opened:
            pieces.append(">")
            opened = False

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(data, True)
    declared = "".join(f' {name}="{spaces[name]}"' for name in sorted(spaces))
    return pieces[0] + declared + "".join(pieces[1:])


_IN_QUOTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
