"""Reads a workbook from its bytes in one guarded, streaming pass over the XML, values and formulas together.

The reading is strict (see `cells` and `xml_pass`). The meaning of the content is not known here.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from evalxl.excel.returned.cells import read_sheet, read_strictly
from evalxl.excel.returned.drawn import drawn_over
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.notation import check_formula, column_number, unescape
from evalxl.excel.returned.styles import Styles, read_styles
from evalxl.excel.returned.words_in_runs import PARTS_OF_WORDS, Words
from evalxl.excel.returned.xml_pass import End, Refused, Start, Text, main_part, parse, relations, resolve
from evalxl.forms.workbook import Range, Sheet, Workbook

MAX_SHEETS = 100
_TRUE = ("1", "true")
_DRAWN = ("/drawing", "/vmldrawing")

_REFERENCE = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!:]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$", re.I)
_REMARKS = re.compile(r"(^|/)(threaded)?comments?/?[^/]*\.xml$", re.I)
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))


def read_workbook(data: bytes, blanks: bool = False) -> Workbook:
    """The content of a file.

    Args:
        blanks: Whether the styles of empty cells are read too, as for a template.

    Raises:
        Refused: the guard or the strict reader refuses the file; the finding says why.
    """
    return read_parts(open_package(data), blanks)


def read_parts(parts: Mapping[str, bytes], blanks: bool = False) -> Workbook:
    """The content of parts that the guard has passed; otherwise as `read_workbook`."""
    outline = _Outline(parts)
    strings = _shared_strings(parts.get(outline.path("/sharedStrings"), b""))
    styles = read_styles(parts.get(outline.path("/styles"), b""), parts.get(outline.path("/theme"), b""))
    sheets: dict[str, Sheet] = {}
    looks: set[str] = set()
    for name, state, path in outline.worksheets():
        if looks_like(name) in looks:
            raise Refused("file.twin_sheets", path, sheet=name)
        looks.add(looks_like(name))
        read = (
            read_strictly(name, state, parts[path], strings, True)
            if blanks
            else read_sheet(name, state, parts[path], strings)
        )
        sheets[name] = _with_what_lies_over(read, path, parts, styles)
    document = _document_properties(parts)
    return Workbook(
        sheets=sheets,
        names={name: place for name, text in outline.names.items() if (place := split_reference(text))},
        properties=_custom_properties(parts),
        formats=styles.formats,
        locks=styles.locks,
        looks=styles.looks,
        odd=styles.odd,
        garbled=styles.garbled,
        producer=document.get("Application", ""),
        modified_by=document.get("lastModifiedBy", ""),
        modified=document.get("modified", ""),
        pictures=sum("/media/" in part for part in parts),
        remarks=sum(_REMARKS.search(part) is not None for part in parts),
        local_names=tuple(outline.local_names()),
    )


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by sheet name."""
    return {name: path for name, _, path in _Outline(parts).worksheets()}


def looks_like(name: str) -> str:
    """A sheet's name, normalised so that names that look the same are equal. macOS programs write marks apart from their letters."""
    return " ".join(unicodedata.normalize("NFC", name).translate(_UNSEEN).casefold().split())


def split_reference(text: str) -> Range | None:
    """`'Nhiệm vụ'!$A$5:$A$44` as a range; None if the text is not one range of one sheet."""
    match = _REFERENCE.match(text.strip())
    if not match:
        return None
    sheet = unicodedata.normalize("NFC", (match[1] or match[2]).replace("''", "'"))
    top, left = int(match[4]), column_number(match[3])
    bottom, right = (int(match[6]), column_number(match[5])) if match[5] else (top, left)
    return Range(sheet, top, left, bottom, right)


class _Outline:
    """The sheets and workbook-wide names in the workbook's own part."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.names: dict[str, str] = {}
        self._known: set[str] = set()
        self._parts = parts
        self._sheets: list[tuple[str, str, str]] = []
        self._name = ""
        self._scope: str | None = None
        self._local: list[tuple[str, str, str]] = []
        self._text: list[str] = []
        main = main_part(parts)
        self._folder = posixpath.dirname(main)
        self._relations = relations(parts, main)
        parse(parts[main], self.start, self.end, self.text)

    def path(self, kind: str) -> str:
        """The only part of its kind in a workbook, such as styles or shared texts."""
        targets = (target for relation, target in self._relations.values() if relation.endswith(kind))
        return next((resolve(self._folder, target) for target in targets), "")

    def worksheets(self) -> Iterator[tuple[str, str, str]]:
        """Name, state and part of each worksheet. Chart sheets are left out."""
        taken: set[str] = set()
        for name, state, relation in self._sheets:
            kind, target = self._relations.get(relation, ("", ""))
            path = resolve(self._folder, target) if target else ""
            if path not in self._parts:
                raise Refused("file.damaged", path)
            if path in taken:
                raise Refused("file.twin_sheets", path, sheet=name)
            taken.add(path)
            if "worksheet" in kind:
                yield name, state, path

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            if attributes.get("date1904") in _TRUE:
                raise Refused("file.other_calendar")
        elif tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            name = unicodedata.normalize("NFC", attributes.get("name", ""))
            self._sheets.append((name, attributes.get("state", "visible"), relation))
            if len(self._sheets) > MAX_SHEETS:
                raise Refused("file.too_many_parts")
        elif tag == "definedName":
            self._text = []
            if attributes.get("xlm") in _TRUE or attributes.get("vbProcedure") in _TRUE:
                raise Refused("file.has_macros", attributes.get("name", ""))
            self._name = attributes.get("name", "")
            self._scope = attributes.get("localSheetId")
            if self._scope is None and self._name:
                if self._name.casefold() in self._known:
                    raise Refused("file.twin_names", self._name)
                self._known.add(self._name.casefold())

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == "definedName":
            formula = "".join(self._text)
            check_formula(formula)
            if self._name and self._scope is None:
                self.names[self._name] = formula
            elif self._name.casefold().startswith("ev_"):  # a local name only looks like ours
                self._local.append((self._scope or "", self._name, formula))
            self._name = ""

    def local_names(self) -> Iterator[tuple[str, str, Range | None]]:
        for scope, name, text in self._local:
            number = int(scope) if scope.isascii() and scope.isdecimal() and len(scope) < 6 else len(self._sheets)
            if number < len(self._sheets):
                yield self._sheets[number][0], name, split_reference(text)


def _shared_strings(part: bytes) -> list[str]:
    strings: list[str] = []
    if not part:
        return strings
    words: Words | None = None
    depth = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal words, depth
        depth += 1
        if words is not None:
            words.start(tag)
        elif tag == "si" and depth == 2:
            words = Words("si")
        elif tag == "si" or tag in PARTS_OF_WORDS:
            raise Refused("file.twin_cells")

    def end(tag: str) -> None:
        nonlocal words, depth
        depth -= 1
        if words is not None and words.end(tag):
            strings.append(unescape(words.content))
            words = None

    def text(data: str) -> None:
        if words is not None:
            words.text(data)

    parse(part, start, end, text)
    return strings


def _with_what_lies_over(sheet: Sheet, path: str, parts: Mapping[str, bytes], styles: Styles) -> Sheet:
    """The sheet with data from other parts: targets of links, drawings over cells, formats of conditions."""
    related = relations(parts, path)
    if not related and not sheet.conditionals:
        return sheet
    folder = posixpath.dirname(path)
    drawn = [resolve(folder, target) for kind, target in related.values() if kind.lower().endswith(_DRAWN)]
    conditions = (
        replace(condition, code=styles.conditional[condition.style])
        if 0 <= condition.style < len(styles.conditional)
        else condition
        for condition in sheet.conditionals
    )
    return replace(
        sheet,
        links=tuple(replace(link, target=unquote(related.get(link.target, ("", ""))[1])) for link in sheet.links),
        drawings=tuple(area for part in drawn if part in parts for area in drawn_over(parts[part])),
        conditionals=tuple(condition for condition in conditions if condition.code or condition.hides),
    )


def _custom_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    text = parts.get("docProps/custom.xml")
    properties: dict[str, str] = {}
    if text is None:
        return properties
    pieces: list[str] = []
    state = {"name": "", "depth": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "property":
            state["name"] = attributes.get("name", "")
            pieces.clear()

    def end(tag: str) -> None:
        if tag == "property":
            if state["name"] in properties:
                raise Refused("file.twin_names", str(state["name"]))
            properties[str(state["name"])] = "".join(pieces).strip()

    parse(text, start, end, pieces.append)
    return properties


_PROPERTIES = {"docProps/app.xml": ("Application",), "docProps/core.xml": ("lastModifiedBy", "modified")}


def _document_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    properties: dict[str, str] = {}
    for part, tags in _PROPERTIES.items():
        if part in parts:
            parse(parts[part], *_only(tags, properties))
    return properties


def _only(tags: Collection[str], properties: dict[str, str]) -> tuple[Start, End, Text]:
    inside = ""

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal inside
        tag = name.rpartition(" ")[2]  # the time of saving has another namespace than its surroundings
        inside = tag if tag in tags else ""

    def end(_: str) -> None:
        nonlocal inside
        inside = ""

    def text(data: str) -> None:
        if inside:
            properties[inside] = properties.get(inside, "") + data

    return start, end, text
