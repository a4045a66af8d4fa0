"""Reading a workbook from its bytes: one guarded, streaming pass over the XML, values and formulas together.

What a file says is strict and plain (see `cells` and `strict`); what it means is not known here.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from evalxl.excel.cells import read_sheet
from evalxl.excel.guard import open_package
from evalxl.excel.notation import check_formula, column_number, unescape
from evalxl.excel.strict import End, Refused, Start, Text, main_part, parse, relations, resolve
from evalxl.excel.words_in_runs import PARTS_OF_WORDS, Words
from evalxl.forms.workbook import Format, Range, Sheet, Workbook

MAX_SHEETS = 100
_TRUE = ("1", "true")
LONGEST_FORMAT = 255  # characters; Excel takes no more

_REFERENCE = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!:]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$", re.I)
_REMARKS = re.compile(r"(^|/)(threaded)?comments?/?[^/]*\.xml$", re.I)
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))
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
    outline = _Outline(parts)
    strings = _shared_strings(parts.get(outline.path("/sharedStrings"), b""))
    formats, locks = _styles(parts.get(outline.path("/styles"), b""))
    sheets: dict[str, Sheet] = {}
    looks: set[str] = set()
    for name, state, path in outline.worksheets():
        if looks_like(name) in looks:
            raise Refused("file.twin_sheets", path, sheet=name)
        looks.add(looks_like(name))
        sheets[name] = read_sheet(name, state, parts[path], strings)
    said = _document_properties(parts)
    return Workbook(
        sheets=sheets,
        names={name: place for name, text in outline.names.items() if (place := split_reference(text))},
        properties=_custom_properties(parts),
        formats=formats,
        locks=locks,
        producer=said.get("Application", ""),
        modified_by=said.get("lastModifiedBy", ""),
        modified=said.get("modified", ""),
        pictures=sum("/media/" in part for part in parts),
        remarks=sum(_REMARKS.search(part) is not None for part in parts),
        local_names=tuple(outline.local_names()),
    )


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by sheet name."""
    return {name: path for name, _, path in _Outline(parts).worksheets()}


def looks_like(name: str) -> str:
    """A sheet's name as people see it: two names that look the same are one. macOS programs write marks apart from their letters."""
    return " ".join(unicodedata.normalize("NFC", name).translate(_UNSEEN).casefold().split())


def split_reference(text: str) -> Range | None:
    """`'Nhiệm vụ'!$A$5:$A$44` as a range; None for anything that is not one range of one sheet."""
    match = _REFERENCE.match(text.strip())
    if not match:
        return None
    sheet = unicodedata.normalize("NFC", (match[1] or match[2]).replace("''", "'"))
    top, left = int(match[4]), column_number(match[3])
    bottom, right = (int(match[6]), column_number(match[5])) if match[5] else (top, left)
    return Range(sheet, top, left, bottom, right)


class _Outline:
    """Sheets and workbook-wide names of the workbook's own part."""

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
        """The part of a kind that a workbook has once: styles, shared texts."""
        targets = (target for one, target in self._relations.values() if one.endswith(kind))
        return next((resolve(self._folder, target) for target in targets), "")

    def worksheets(self) -> Iterator[tuple[str, str, str]]:
        """Name, state and part of each worksheet; sheets that are only a chart are none."""
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
            said = "".join(self._text)
            check_formula(said)
            if self._name and self._scope is None:
                self.names[self._name] = said
            elif self._name.casefold().startswith("ev_"):  # ours are workbook-wide: it only looks like one of them
                self._local.append((self._scope or "", self._name, said))
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
            strings.append(unescape(words.said))
            words = None

    def text(data: str) -> None:
        if words is not None:
            words.text(data)

    parse(part, start, end, text)
    return strings


@lru_cache(maxsize=32)
def _styles(part: bytes) -> tuple[tuple[Format, ...], tuple[bool, ...]]:
    """How each cell style shows a number, and whether it is locked. The forms of one week mostly have one and the same part."""
    if not part:
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

    parse(part, start, end)
    return tuple(_format(number, codes.get(number, "")) for number in numbers), tuple(locks)


def _format(number: str, code: str) -> Format:
    if not code:
        identity = int(number) if number.isdigit() else 0
        if identity in (9, 10):
            return "percent"
        if 14 <= identity <= 22 or 27 <= identity <= 36 or 45 <= identity <= 47 or 50 <= identity <= 58:
            return "date"
        return "text" if identity == 49 else "general"
    bare = _QUOTED.sub("", code[:LONGEST_FORMAT])
    if bare == "@":
        return "text"
    if "%" in bare:
        return "percent"
    return "date" if _DATE_CODES.search(bare.replace("General", "")) else "general"


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
            if state["name"] in found:
                raise Refused("file.twin_names", str(state["name"]))
            found[str(state["name"])] = "".join(pieces).strip()

    parse(text, start, end, pieces.append)
    return found


_PROPERTIES = {"docProps/app.xml": ("Application",), "docProps/core.xml": ("lastModifiedBy", "modified")}


def _document_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, tags in _PROPERTIES.items():
        if part in parts:
            parse(parts[part], *_only(tags, found))
    return found


def _only(tags: Collection[str], found: dict[str, str]) -> tuple[Start, End, Text]:
    inside = ""

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal inside
        tag = name.rpartition(" ")[2]  # the time of saving is of another language than what surrounds it
        inside = tag if tag in tags else ""

    def end(_: str) -> None:
        nonlocal inside
        inside = ""

    def text(data: str) -> None:
        if inside:
            found[inside] = found.get(inside, "") + data

    return start, end, text
