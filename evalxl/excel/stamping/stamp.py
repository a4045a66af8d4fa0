"""Stamps one person's values into a copy of a template, without a workbook library.

The template's compressed parts are copied as they are. Only the sheets with stamped cells and the custom properties are built anew.
So an office's own template keeps all its content, and a form takes a fraction of a millisecond. Equal values give equal bytes.
"""

from __future__ import annotations

import base64
import posixpath
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from evalxl.domain.names import shown_code
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_parts, sheet_parts
from evalxl.excel.returned.xml_pass import main_part
from evalxl.excel.stamping.packing import PackedPart, package_of
from evalxl.excel.stamping.page_ends import PageEnd, page_end
from evalxl.excel.stamping.page_headings import says_file_name, with_heading, with_owner
from evalxl.excel.stamping.row_heights import RowHeights
from evalxl.excel.stamping.template_slots import Slot, cut, joined, without_blanks, without_results
from evalxl.forms.binding import Layout, bind
from evalxl.forms.fields import STYLE_GIVEN, STYLE_GIVEN_DATE, fields_in
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.values import LinkTarget, Typed, serial
from evalxl.forms.workbook import At, Workbook, address

_PROPERTY = re.compile(rb"<property\b[^>]*?(?:/>|>.*?</property>)", re.S)
_NAME = re.compile(rb"""\bname=["']([^"']*)["']""")
_NUMBER = re.compile(rb"""\bpid=["'](\d+)["']""")
_PROTECTION = re.compile(rb"(<sheetProtection\b[^>]*?)/?>(?:</sheetProtection>)?")
_PASSWORD = re.compile(rb'\s(?:password|algorithmName|hashValue|saltValue|spinCount)="[^"]*"')
_CALCULATION = re.compile(rb"<calcPr\b([^>]*?)/?>(?:</calcPr>)?")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NoRoomError(Exception):
    """More is to go out than a template has cells for. Whoever fills a table says beforehand what has no room."""

    def __init__(self, name: str, count: int, room: int) -> None:
        super().__init__(f"{count} values for {name}, which has {room} cells")


class Stencil:
    """A template prepared for stamping.

    Args:
        template: The template's bytes.
        kind: What kind of workbook it is.
        password: Protects the sheets against accidental typing; empty for none.
        heading: The heading of every printed page; empty for none.

    Raises:
        Refused: the template is not a workbook that the guard lets pass.
    """

    def __init__(self, template: bytes, kind: WorkbookKind, password: str = "", heading: str = "") -> None:
        self.kind = kind
        parts = dict(open_package(template))
        self.book: Workbook = read_parts(parts)
        self.layout: Layout
        self.layout, self.findings = bind(kind, self.book.names)
        self._paths = sheet_parts(parts)
        for path in self._paths.values():
            parts[path] = with_heading(_locked_with(without_results(parts[path]), password), heading)
        main = main_part(parts)
        parts[main] = _calculating(parts[main])
        self._packed = {name: PackedPart(text) for name, text in parts.items()}
        self._unseen = {path for name, path in self._paths.items() if self.book.sheets[name].state == "veryHidden"}
        self._order = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
        self._parts = parts
        wanted: dict[str, set[At]] = {}
        for places in self.layout.values():
            for place in places:
                wanted.setdefault(self._paths[place.sheet], set()).add(place.at)
        self._sheets = {path: cut(parts[path], cells) for path, cells in wanted.items()}
        self._styles = {
            path: {part.at: part.style for part in pieces if isinstance(part, Slot)}
            for path, pieces in self._sheets.items()
        }
        self._heights = RowHeights(parts, self._sheets)
        self._page_ends = self._ends()
        self._owned = {path for path in self._sheets if says_file_name(parts[path])}
        self._given = {name: self._style_at(name) for name in (STYLE_GIVEN, STYLE_GIVEN_DATE)}
        self._cache: dict[tuple[str, int], PackedPart] = {}
        self._table_rows: dict[str, Mapping[str, Sequence[set[int]]]] = {}

    def _ends(self) -> dict[str, PageEnd]:
        """The page end of each sheet that has a place to sign below a list, or below a form's plan."""
        lists = [(place, place.at[0] - 1, 0) for place in self.layout.get("ev_book_place_date", ())]
        plan = self.layout.get("ev_plan_name", ())
        forms = [(plan[0], plan[-1].at[0] + 1, plan[0].at[0] - 1)] if plan else []
        ends: dict[str, PageEnd] = {}
        for place, sign, kept_from in (*lists, *forms):
            path = self._paths[place.sheet]
            index = list(self._paths).index(place.sheet)
            if (end := page_end(self._parts, path, index, sign, self._heights, kept_from)) is not None:
                ends[path] = end
        return ends

    def _style_at(self, name: str) -> str | None:
        places = self.layout.get(name)
        return self._styles[self._paths[places[0].sheet]][places[0].at] if places else None

    def _given_style(self, name: str) -> str | None:
        """The style of a locked cell of an assigned task; None if the template has no sample of it."""
        dated = self._given[STYLE_GIVEN_DATE] if name == "ev_task_due" else None
        return self._given[STYLE_GIVEN] if dated is None else dated

    def stamp(
        self,
        values: Mapping[str, Any],
        properties: Mapping[str, str],
        given: Iterable[int] = (),
        hidden: Mapping[str, int] | None = None,
    ) -> bytes:
        """The bytes of one issued workbook.

        Args:
            values: By field name: a value, or a list down the column. Text, number, date, `LinkTarget`, a `Typed` cell put back as typed,
                or None to leave the template's cell.
            properties: Custom document properties, `evalxl.form_id` and so on.
            given: Row indices of task rows that are locked and marked.
            hidden: By table, the number of used rows; the rows below are hidden.

        Raises:
            NoRoomError: a column has more values than cells.
        """
        by_sheet: dict[str, dict[At, bytes]] = {}
        links: dict[str, list[tuple[At, LinkTarget]]] = {}
        heights: dict[str, dict[int, float]] = {}
        rows = set(given)
        for name, value in values.items():
            places = self.layout.get(name)
            if not places:
                continue
            column = value if isinstance(value, list) else [value]
            if any(content not in (None, "") for content in column[len(places) :]):
                raise NoRoomError(name, len(column), len(places))
            for row, (place, content) in enumerate(zip(places, column, strict=False)):
                if content is None:
                    continue
                path = self._paths[place.sheet]
                style = None
                if row in rows and name in ("ev_task_name", "ev_task_important", "ev_task_due"):
                    style = self._given_style(name)
                style = self._styles[path][place.at] if style is None else style
                by_sheet.setdefault(path, {})[place.at] = _cell_xml(place.at, style, content)
                self._make_room(heights.setdefault(path, {}), path, place.at, style, content)
                if isinstance(content, LinkTarget) and content.target:
                    links.setdefault(path, []).append((place.at, content))
        empty_given = self._lock_empty_given(rows, values)
        for path, cells in empty_given.items():
            for at, xml in cells.items():
                by_sheet.setdefault(path, {}).setdefault(at, xml)
        unused = self._unused_rows(hidden or {})
        spare = self._unused_rows(
            {table: used for table, used in (hidden or {}).items() if self.kind.by_table[table].spare}
        )
        changed: dict[str, bytes] = {}
        owner = " · ".join(
            filter(None, (properties.get("evalxl.week"), shown_code(properties.get("evalxl.subject", ""))))
        )
        for path in sorted(set(by_sheet) | set(unused) | self._owned):
            text = joined(
                self._sheets[path],
                by_sheet.get(path, {}),
                unused.get(path, frozenset()),
                heights.get(path, {}),
                spare.get(path, frozenset()),
            )
            if path in self._page_ends:
                text = self._page_ends[path].kept(text)
            if path in links:
                text, relations_path, relations = _with_links(text, path, links[path], self._parts)
                changed[relations_path] = relations
            changed[path] = without_blanks(text) if path in self._unseen else with_owner(text, owner)
        if "docProps/custom.xml" in self._parts:
            changed["docProps/custom.xml"] = _with_properties(self._parts["docProps/custom.xml"], properties)
        return self._zip(changed)

    def _make_room(self, heights: dict[int, float], path: str, at: At, style: str, value: Any) -> None:
        """Make a row high enough for a stamped text: not every program does so for a text that is already in the file."""
        text = value.raw if isinstance(value, Typed) else value
        if isinstance(text, str) and (points := self._heights.points(path, at, style, text)) > heights.get(at[0], 0.0):
            heights[at[0]] = points

    def _lock_empty_given(self, rows: set[int], values: Mapping[str, Any]) -> dict[str, dict[At, bytes]]:
        """Empty locked cells of assigned tasks, with the locked style."""
        locked: dict[str, dict[At, bytes]] = {}
        for name in ("ev_task_important", "ev_task_due"):
            style = self._given_style(name)
            places = self.layout.get(name, ())
            for row in rows:
                if style is not None and row < len(places):
                    at = places[row].at
                    locked.setdefault(self._paths[places[row].sheet], {})[at] = (
                        f'<c r="{address(at)}" s="{style}"/>'.encode()
                    )
        return locked

    def _unused_rows(self, used: Mapping[str, int]) -> dict[str, frozenset[int]]:
        unused: dict[str, set[int]] = {}
        for table, count in used.items():
            for path, rows in self._rows_of(table).items():
                unused.setdefault(path, set()).update(*rows[count:])
        return {path: frozenset(numbers) for path, numbers in unused.items()}

    def _rows_of(self, table: str) -> Mapping[str, Sequence[set[int]]]:
        """By sheet: the sheet's rows that belong to each row of a table."""
        if table not in self._table_rows:
            sheet_rows: dict[str, list[set[int]]] = {}
            for entry in fields_in(self.kind, self.book.names):
                if entry.table == table:
                    places = self.layout.get(entry.name, ())
                    for row, place in enumerate(places):
                        path = self._paths[place.sheet]
                        if path not in sheet_rows:
                            sheet_rows[path] = [set() for _ in places]
                        sheet_rows[path][row].add(place.at[0])
            self._table_rows[table] = sheet_rows
        return self._table_rows[table]

    def _zip(self, changed: Mapping[str, bytes]) -> bytes:
        names = [*self._order, *sorted(set(changed) - set(self._order))]
        return package_of(
            (name, self._packed[name] if name not in changed else self._pack(name, changed[name])) for name in names
        )

    def _pack(self, name: str, text: bytes) -> PackedPart:
        key = (name, zlib.crc32(text))
        packed = self._cache.get(key)
        if packed is None or packed.text != text:
            packed = PackedPart(text)
            if len(self._cache) > 64:
                self._cache.clear()
            self._cache[key] = packed
        return packed


def clean(text: str) -> str:
    """A text that XML and spreadsheets can hold: no control characters, no half surrogate pairs, at most 32,767 characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:32767]


def _cell_xml(at: At, style: str, value: Any) -> bytes:
    head = f'<c r="{address(at)}" s="{style}"'
    if isinstance(value, Typed):
        return _typed_xml(head, value)
    if isinstance(value, LinkTarget):
        value = value.text
    if isinstance(value, date):
        value = serial(value)
    if isinstance(value, (int, Decimal, float)) and not isinstance(value, bool):
        return f"{head}><v>{value}</v></c>".encode()
    return text_cell(head, str(value))


def text_cell(head: str, text: str) -> bytes:
    """A text cell, whatever the text looks like."""
    text = clean(text)
    if not text:
        return f"{head}/>".encode()
    return f'{head} t="inlineStr"><is>{text_element(text)}</is></c>'.encode()


def text_element(text: str) -> str:
    """The XML element of a clean text.

    Office reads `_x0041_` in a text as a character. Escaping its first underscore keeps the text that somebody typed.
    """
    return f'<t xml:space="preserve">{_LOOKS_ESCAPED.sub("_x005F_", escape(text))}</t>'


def _typed_xml(head: str, back: Typed) -> bytes:
    """The XML of a typed cell, put back as typed."""
    if back.goes_out_as_number:
        return f"{head}><v>{back.raw.strip()}</v></c>".encode()
    return text_cell(head, back.goes_out_as)


def _locked_with(sheet: bytes, password: str) -> bytes:
    """The sheet with its protection set to a password."""
    if not password:
        return sheet
    return _PROTECTION.sub(lambda match: _PASSWORD.sub(b"", match[1]) + _hashed(password) + b"/>", sheet)


@lru_cache(maxsize=4)
def _hashed(password: str) -> bytes:
    from evalxl.excel.templates.finish import SALT, SPINS, password_hash  # openpyxl is slow to import

    salt, digest = (base64.b64encode(raw).decode() for raw in (SALT, password_hash(password, SALT, SPINS)))
    return f' algorithmName="SHA-512" hashValue="{digest}" saltValue="{salt}" spinCount="{SPINS}"'.encode()


def _calculating(workbook: bytes) -> bytes:
    """The workbook's part with full calculation on load: the formulas have no results for the stamped values yet."""
    existing = _CALCULATION.search(workbook)
    kept = re.sub(rb'\s*fullCalcOnLoad="[^"]*"', b"", existing[1]) if existing else b""
    element = b"<calcPr" + kept + b' fullCalcOnLoad="1"/>'
    if existing:
        return workbook[: existing.start()] + element + workbook[existing.end() :]
    return workbook.replace(b"</definedNames>", b"</definedNames>" + element)


def _with_properties(text: bytes, properties: Mapping[str, str]) -> bytes:
    """The custom document properties with these values set. The others stay."""
    kept = [element for element in _PROPERTY.findall(text) if not _names(element, properties)]
    first = max((int(number) for element in kept for number in _NUMBER.findall(element)), default=1) + 1
    ours = "".join(
        f'<property fmtid="{_CUSTOM}" pid="{number}" name={quoteattr(name)}>'
        f'<vt:lpwstr xmlns:vt="{_TYPES}">{escape(clean(value))}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(properties.items(), first)
    )
    head = _PROPERTY.sub(b"", text)
    if b"</Properties>" not in head:  # a template without properties has an empty element
        head = re.sub(rb"/>\s*$", b"></Properties>", head)
    return head.replace(b"</Properties>", b"".join(kept) + ours.encode() + b"</Properties>")


def _names(element: bytes, properties: Mapping[str, str]) -> bool:
    match = _NAME.search(element)
    return match is not None and match[1].decode() in properties


_CUSTOM = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_AFTER_LINKS = re.compile(
    rb"<(printOptions|pageMargins|pageSetup|headerFooter|rowBreaks|colBreaks|customProperties|cellWatches|ignoredErrors|smartTags|drawing|"
    rb"legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


_UNSAFE = re.compile(r'[ %#?"<>\\^`{|}]')


def _file_and_place(target: str) -> tuple[str, str]:
    """A link's file with special characters escaped as relations need it, and the place in that file."""
    path, mark, place = target.rpartition(".xlsx#")
    file = f"{path}.xlsx" if mark else target
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", file), place if mark else ""


def _with_links(
    text: bytes, path: str, links: Sequence[tuple[At, LinkTarget]], parts: Mapping[str, bytes]
) -> tuple[bytes, str, bytes]:
    """The sheet with hyperlinks, and the path and content of its relations part."""
    elements, relations = [], []
    for number, (at, link) in enumerate(links, start=1):
        target, place = _file_and_place(link.target)
        location = f" location={quoteattr(place)}" if place else ""
        elements.append(f'<hyperlink xmlns:r="{_OFFICE}" ref="{address(at)}" r:id="rIdEv{number}"{location}/>')
        relations.append(
            f'<Relationship Id="rIdEv{number}" Type="{_LINK_TYPE}" Target={quoteattr(target)} TargetMode="External"/>'
        )
    existing = re.search(rb"<hyperlinks\b[^>]*>", text)
    if existing:
        text = text[: existing.end()] + "".join(elements).encode() + text[existing.end() :]
    else:
        after = list(_AFTER_LINKS.finditer(text, text.rindex(b"</sheetData>") if b"</sheetData>" in text else 0))
        where = after[0].start()
        text = text[:where] + b"<hyperlinks>" + "".join(elements).encode() + b"</hyperlinks>" + text[where:]
    folder, name = posixpath.split(path)
    relations_path = posixpath.join(folder, "_rels", name + ".rels")
    old = parts.get(relations_path, b"")
    inner = re.search(rb"<Relationships\b[^>]*>(.*)</Relationships>", old, re.S)
    body = (inner[1] if inner else b"") + "".join(relations).encode()
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONS}">'
    return text, relations_path, head.encode() + body + b"</Relationships>"
