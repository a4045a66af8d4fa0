"""Reading a workbook from its bytes: one guarded, streaming pass over the XML, values and formulas together.

Strict where a lenient reader could be shown other numbers than a person sees: rows and cells must be in order, a cell must not stand twice,
unknown kinds of values are refused, a document type declaration or another encoding than UTF-8 is refused.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

from evalxl.excel.guard import Refused, open_package
from evalxl.forms.workbook import At, Cell, CellKind, Format, Range, Sheet, Workbook

MAX_CELLS = 60_000
MAX_DEPTH = 64
MAX_ROW, MAX_COLUMN = 3000, 200

_REFERENCE = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!:]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$")
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_CODES = re.compile(r"[dmyhsDMYHS]")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def read_workbook(data: bytes) -> Workbook:
    """What a file says.

    Raises:
        Refused: the guard or the strict reader refuses the file, by name and reason.
    """
    return read_parts(open_package(data))


def read_parts(parts: Mapping[str, bytes]) -> Workbook:
    """As `read_workbook`, of parts that the guard has passed."""
    folder, relations, main = _main_part(parts)
    outline = _Outline()
    _parse(main, outline.start, outline.end, outline.text)
    strings = _shared_strings(parts, folder, relations)
    formats, locks = _styles(parts, folder, relations)
    sheets: dict[str, Sheet] = {}
    for name, state, relation in outline.sheets:
        target = relations.get(relation)
        path = _resolve(folder, target[1]) if target else ""
        if path not in parts:
            raise Refused("file.damaged")
        if "worksheet" not in (target[0] if target else ""):
            continue
        if any(name.casefold() == other.casefold() for other in sheets):
            raise Refused("file.twin_sheets", sheet=name)
        sheets[name] = _sheet(name, state, parts[path], strings)
    producer, modified_by = _document_properties(parts)
    return Workbook(
        sheets=sheets,
        names=_ranges(outline.names),
        properties=_custom_properties(parts),
        formats=formats,
        locks=locks,
        producer=producer,
        modified_by=modified_by,
    )


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by sheet name."""
    folder, relations, main = _main_part(parts)
    outline = _Outline()
    _parse(main, outline.start, outline.end, outline.text)
    return {name: _resolve(folder, relations[rel][1]) for name, _, rel in outline.sheets if rel in relations}


def split_reference(text: str) -> Range | None:
    """`'Nhiệm vụ'!$A$5:$A$44` as a range; None for anything that is not one range of one sheet."""
    match = _REFERENCE.match(text.strip())
    if not match:
        return None
    sheet = (match[1] or match[2]).replace("''", "'")
    top, left = int(match[4]), column_number(match[3])
    bottom, right = (int(match[6]), column_number(match[5])) if match[5] else (top, left)
    return Range(sheet, top, left, bottom, right)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def unescape(text: str) -> str:
    """Office writes a control character as `_x000D_`; this is the character."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _parse(
    text: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """One expat pass that refuses what no spreadsheet program writes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused("file.bad_xml")
        start(name.rpartition(":")[2], attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name.rpartition(":")[2])

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
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused("file.bad_xml")
    try:
        parser.Parse(text, True)
    except expat.ExpatError as slip:
        raise Refused("file.bad_xml") from slip


def _resolve(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    text = parts.get(posixpath.join(folder, "_rels", name + ".rels"))
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))

    if text is not None:
        _parse(text, start)
    return found


def _main_part(parts: Mapping[str, bytes]) -> tuple[str, dict[str, tuple[str, str]], bytes]:
    targets = [target for kind, target in _relations(parts, "").values() if kind.endswith("/officeDocument")]
    main = targets[0].lstrip("/") if targets else "xl/workbook.xml"
    if main not in parts:
        raise Refused("file.not_xlsx")
    return posixpath.dirname(main), _relations(parts, main), parts[main]


class _Outline:
    """Sheets and defined names of workbook.xml."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.names: dict[str, str] = {}
        self._name = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id") or key == "id"), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
        elif tag == "definedName":
            # A name of one sheet only is not ours: ours are workbook-wide.
            self._name = "" if "localSheetId" in attributes else attributes.get("name", "")
            self._text = []

    def text(self, text: str) -> None:
        if self._name:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == "definedName" and self._name:
            self.names[self._name] = "".join(self._text)
            self._name = ""


def _ranges(names: Mapping[str, str]) -> dict[str, Range]:
    return {name: place for name, text in names.items() if (place := split_reference(text))}


def _shared_strings(parts: Mapping[str, bytes], folder: str, relations: Mapping[str, tuple[str, str]]) -> list[str]:
    path = next(
        (_resolve(folder, target) for kind, target in relations.values() if kind.endswith("/sharedStrings")), ""
    )
    strings: list[str] = []
    if path not in parts:
        return strings
    pieces: list[str] = []
    state = {"in": False, "phonetic": False}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            state["phonetic"] = True
        elif tag == "t":
            state["in"] = not state["phonetic"]

    def end(tag: str) -> None:
        if tag == "si":
            strings.append(unescape("".join(pieces)))
        elif tag == "rPh":
            state["phonetic"] = False
        elif tag == "t":
            state["in"] = False

    def text(data: str) -> None:
        if state["in"]:
            pieces.append(data)

    _parse(parts[path], start, end, text)
    return strings


def _styles(
    parts: Mapping[str, bytes], folder: str, relations: Mapping[str, tuple[str, str]]
) -> tuple[tuple[Format, ...], tuple[bool, ...]]:
    path = next((_resolve(folder, target) for kind, target in relations.values() if kind.endswith("/styles")), "")
    if path not in parts:
        return (), ()
    codes: dict[str, str] = {}
    numbers: list[str] = []
    locks: list[bool] = []
    state = {"in": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            state["in"] = True
        elif state["in"] and tag == "xf":
            numbers.append(attributes.get("numFmtId", "0"))
            locks.append(True)
        elif state["in"] and tag == "protection" and locks:
            locks[-1] = attributes.get("locked", "1") not in ("0", "false")

    def end(tag: str) -> None:
        if tag == "cellXfs":
            state["in"] = False

    _parse(parts[path], start, end)
    return tuple(_format(number, codes.get(number, "")) for number in numbers), tuple(locks)


def _format(number: str, code: str) -> Format:
    if not code:
        identity = int(number) if number.isdigit() else 0
        if identity in (9, 10):
            return "percent"
        if 14 <= identity <= 22 or 27 <= identity <= 36 or 45 <= identity <= 47 or 50 <= identity <= 58:
            return "date"
        return "text" if identity == 49 else "general"
    bare = _QUOTED.sub("", code)
    if bare == "@":
        return "text"
    if "%" in bare:
        return "percent"
    return "date" if _DATE_CODES.search(bare.replace("General", "")) else "general"


_KINDS: dict[str, CellKind] = {
    "n": "number",
    "b": "boolean",
    "e": "error",
    "str": "text",
    "inlineStr": "text",
    "s": "text",
    "d": "date",
}


class _SheetReader:
    """The cells of one worksheet part."""

    def __init__(self, strings: list[str]) -> None:
        self.cells: dict[At, Cell] = {}
        self.protected = False
        self.validations = 0
        self.merges = 0
        self._strings = strings
        self._row = 0
        self._at: At = (0, 0)
        self._kind = "n"
        self._style = 0
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._taking: list[str] | None = None
        self._any = False
        self._in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or (tag == "t" and self._in_cell):
            self._taking, self._any = self._value, True
        elif tag == "f" and self._in_cell:
            self._formula = []
            self._taking = self._formula
        elif tag == "row":
            row = int(attributes["r"]) if "r" in attributes else self._row + 1
            if row <= self._row:
                raise Refused("file.twin_cells")
            self._row, self._at = row, (row, 0)
        elif tag == "sheetProtection":
            self.protected = attributes.get("sheet", "0") in ("1", "true")
        elif tag == "dataValidation":
            self.validations += 1
        elif tag == "mergeCell":
            self.merges += 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            match = _CELL.fullmatch(reference)
            if not match or int(match[2]) != self._row:
                raise Refused("file.twin_cells")
            column = column_number(match[1])
        else:
            column = self._at[1] + 1
        if column <= self._at[1]:
            raise Refused("file.twin_cells")
        self._at = (self._row, column)
        self._kind = attributes.get("t", "n")
        if self._kind not in _KINDS:
            raise Refused("file.bad_xml")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdigit() else 0
        self._value, self._formula, self._any, self._in_cell = [], None, False, True

    def text(self, data: str) -> None:
        if self._taking is not None:
            self._taking.append(data)

    def end(self, tag: str) -> None:
        if tag in ("v", "t", "f"):
            self._taking = None
        elif tag == "c":
            self._in_cell = False
            if self._any or self._formula is not None:
                self._end_cell()

    def _end_cell(self) -> None:
        row, column = self._at
        if row > MAX_ROW or column > MAX_COLUMN or len(self.cells) >= MAX_CELLS:
            raise Refused("file.outside_grid")
        raw = "".join(self._value)
        if self._kind == "s":
            try:
                raw = self._strings[int(raw)]
            except (ValueError, IndexError):
                raise Refused("file.bad_xml") from None
        elif self._kind in ("inlineStr", "str"):
            raw = unescape(raw)
        formula = None if self._formula is None else "".join(self._formula)
        if raw == "" and formula is None:
            return
        self.cells[self._at] = Cell(_KINDS[self._kind], raw, formula, self._style)


def _sheet(name: str, state: str, text: bytes, strings: list[str]) -> Sheet:
    reader = _SheetReader(strings)
    try:
        _parse(text, reader.start, reader.end, reader.text)
    except ValueError as slip:
        raise Refused("file.bad_xml") from slip
    return Sheet(name, state, reader.cells, reader.protected, reader.validations, reader.merges)


def _custom_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    text = parts.get("docProps/custom.xml")
    found: dict[str, str] = {}
    if text is None:
        return found
    pieces: list[str] = []
    state = {"name": "", "depth": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "property":
            state["name"] = attributes.get("name", "")
            pieces.clear()

    def end(tag: str) -> None:
        if tag == "property":
            found[str(state["name"])] = "".join(pieces).strip()

    _parse(text, start, end, pieces.append)
    return found


def _document_properties(parts: Mapping[str, bytes]) -> tuple[str, str]:
    found: dict[str, str] = {}
    for part, tag in (("docProps/app.xml", "Application"), ("docProps/core.xml", "lastModifiedBy")):
        if part in parts:
            _parse(parts[part], *_only(tag, found))
    return found.get("Application", ""), found.get("lastModifiedBy", "")


def _only(
    tag: str, found: dict[str, str]
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]:
    state = {"in": False}

    def start(name: str, _: dict[str, str]) -> None:
        state["in"] = name == tag

    def end(_: str) -> None:
        state["in"] = False

    def text(data: str) -> None:
        if state["in"]:
            found[tag] = found.get(tag, "") + data

    return start, end, text
