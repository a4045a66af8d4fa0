"""The strict pass over a package's XML, and the way from the package to its parts.

Whatever no spreadsheet program writes is refused: a document type declaration, another encoding than UTF-8, elements nested without end.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

from evalxl.domain.findings import Finding

MAX_PART = 10 * 1024 * 1024  # bytes
MAX_DEPTH = 64
MAX_ELEMENTS = 500_000  # of one part; a full scoring workbook has a tenth of it

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Refused(Exception):
    """The file is not one that may be read further; says why as a finding's kind."""

    def __init__(self, kind: str, **values: str) -> None:
        super().__init__(kind)
        self.finding = Finding(kind, values=values)


def parse(text: bytes, start: Start, end: End | None = None, data: Text | None = None) -> None:
    """One expat pass; element names come without their prefix.

    Raises:
        Refused: the XML is not well-formed, or of a sort that no spreadsheet program writes.
    """
    if len(text) > MAX_PART:
        raise Refused("file.too_large")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:64]:
        raise Refused("file.bad_xml")  # UTF-16, which expat would find out for itself
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = count = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > MAX_DEPTH:
            raise Refused("file.bad_xml")
        if count > MAX_ELEMENTS:
            raise Refused("file.too_large")
        start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name.rpartition(":")[2] if ":" in name else name)

    def on_doctype(*_: Any) -> None:
        raise Refused("file.bad_xml")

    def on_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower().replace("-", "") not in ("utf8", "usascii", "ascii"):
            raise Refused("file.bad_xml")

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    if data:
        parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = on_doctype
    parser.XmlDeclHandler = on_declaration
    try:
        parser.Parse(text, True)
    except expat.ExpatError as slip:
        raise Refused("file.bad_xml") from slip


def resolve(folder: str, target: str) -> str:
    """The part that a relation of a part in `folder` leads to."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """The relations of a part by id: type and target."""
    folder, name = posixpath.split(part)
    text = parts.get(posixpath.join(folder, "_rels", name + ".rels"))
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))

    if text is not None:
        parse(text, start)
    return found


def main_part(parts: Mapping[str, bytes]) -> str:
    """The workbook's own part.

    Raises:
        Refused: the package has none.
    """
    targets = [target for kind, target in relations(parts, "").values() if kind.endswith("/officeDocument")]
    main = targets[0].lstrip("/") if targets else "xl/workbook.xml"
    if main not in parts:
        raise Refused("file.not_xlsx")
    return main
