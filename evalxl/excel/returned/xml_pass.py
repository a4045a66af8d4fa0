"""Parses a package's XML strictly, and finds the package's parts.

It refuses everything that no spreadsheet program writes: a document type declaration, another encoding than UTF-8, deep nesting,
comments between the cells, a second relation with the same id. Only elements of the part's own namespace count: content that other programs
ignore is never taken for a cell.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

from evalxl.domain.findings import Finding

MAX_PART = 10 * 1024 * 1024  # bytes
MAX_DEPTH = 64
MAX_NAMES = 500
MAX_ELEMENTS = 500_000  # of one part; a full scoring workbook has a tenth of it

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]

# The namespaces of the parts that are read, as Excel writes them and in the strict variant of the standard.
_LANGUAGES = frozenset(
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/relationships",
        "http://schemas.openxmlformats.org/package/2006/content-types",
        "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
        "http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
        "http://purl.oclc.org/ooxml/officeDocument/customProperties",
        "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
        "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
    )
)
EMPTY_PART = b'<empty xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
_UTF_8 = ("utf8", "usascii", "ascii")


class Refused(Exception):
    """The file must not be read further. The finding says why and what was found."""

    def __init__(self, kind: str, found: str = "", **values: str) -> None:
        super().__init__(kind)
        seen = "".join(mark if mark.isprintable() else "?" for mark in found[:200])
        self.finding = Finding(kind, found=seen, values=values)

    def at(self, sheet: str, cell: str) -> Refused:
        """The refusal with its place filled in, unless it was already known."""
        known = self.finding
        self.finding = known.at(sheet=known.sheet or sheet, cell=known.cell or cell)
        return self


class _Tags(dict[str, str]):
    """Cached names of the elements of one part: a part has few names and many elements. The cache holds no more names than a spreadsheet program writes."""

    own = ""

    def __missing__(self, name: str) -> str:
        tag = name.removeprefix(self.own)
        if len(self) < MAX_NAMES:
            self[name] = tag
        return tag


def parse(text: bytes, start: Start, end: End | None = None, data: Text | None = None) -> None:
    """Parse with expat. Elements of the root's namespace get their bare name, all others their namespace before it.

    Raises:
        Refused: the XML is not well-formed, or no spreadsheet program writes it.
    """
    if len(text) > MAX_PART:
        raise Refused("file.unpacks_too_large")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:64]:
        raise Refused("file.other_encoding")  # UTF-16, which expat would detect by itself
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = count = 0
    tags = _Tags()

    def on_root(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        language, _, tag = name.rpartition(" ")
        if language not in _LANGUAGES:
            raise Refused("file.bad_xml", name)
        tags.own = f"{language} "
        depth = count = 1
        parser.StartElementHandler = on_start
        start(tag, attributes)

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > MAX_DEPTH:
            raise Refused("file.bad_xml")
        if count > MAX_ELEMENTS:
            raise Refused("file.too_many_cells")
        start(tags[name], attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(tags[name])

    def on_aside(*_: Any) -> None:
        # One reader reads `3<!-- -->8` as 38, another as 3.
        if depth:
            raise Refused("file.bad_xml")

    def on_doctype(*_: Any) -> None:
        raise Refused("file.has_doctype")

    def on_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower().replace("-", "") not in _UTF_8:
            raise Refused("file.other_encoding", encoding)

    parser.StartElementHandler = on_root
    parser.EndElementHandler = on_end
    if data:
        parser.CharacterDataHandler = data
    parser.CommentHandler = on_aside
    parser.ProcessingInstructionHandler = on_aside
    parser.StartDoctypeDeclHandler = on_doctype
    parser.XmlDeclHandler = on_declaration
    try:
        parser.Parse(text, True)
    except expat.ExpatError as slip:
        raise Refused("file.bad_xml") from slip


def resolve(folder: str, target: str) -> str:
    """The target part of a relation of a part in `folder`."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


# A workbook has only one relation of each of these kinds. With two, each program would choose for itself.
_ONCE = ("/officeDocument", "/sharedStrings", "/styles")


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """The relations of a part by id: type and target.

    Raises:
        Refused: an id occurs twice, or a relation to a part that must be unique.
    """
    folder, name = posixpath.split(part)
    text = parts.get(posixpath.join(folder, "_rels", name + ".rels"))
    related: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            identity = attributes.get("Id", "")
            if identity in related:
                raise Refused("file.odd_package", identity)
            related[identity] = (attributes.get("Type", ""), attributes.get("Target", ""))

    if text is not None:
        parse(text, start)
    for ending in _ONCE:
        if sum(kind.endswith(ending) for kind, _ in related.values()) > 1:
            raise Refused("file.odd_package", ending[1:])
    return related


def main_part(parts: Mapping[str, bytes]) -> str:
    """The workbook's own part.

    Raises:
        Refused: the package has none.
    """
    targets = [target for kind, target in relations(parts, "").values() if kind.endswith("/officeDocument")]
    main = targets[0].lstrip("/") if targets else ""
    if main not in parts:
        raise Refused("file.not_xlsx", main)
    return main
