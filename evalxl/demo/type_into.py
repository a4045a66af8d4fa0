"""Types values into the open cells of an issued workbook by field name, as a program would save it, without a workbook library.

Only the sheets with typed values are written again, with row heights that fit the text. Every other part, link, style and
property stays as issued. So the demo fills thousands of workbooks in the time in which openpyxl fills a few dozen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_parts, sheet_parts
from evalxl.excel.returned.xml_pass import EMPTY_PART
from evalxl.excel.stamping.packing import PackedPart, package_of
from evalxl.excel.stamping.row_heights import RowHeights, with_height
from evalxl.excel.stamping.stamp import text_cell
from evalxl.forms.binding import bind
from evalxl.forms.fields import Who, fields_in
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.values import serial
from evalxl.forms.workbook import At, address

_SAVED = date(2025, 6, 2)  # the date of every zip entry, so that equal values give equal bytes
_STYLE = re.compile(rb'\ss="(\d+)"')
_CELLS = re.compile(rb"<sheetData>.*</sheetData>", re.S)

# Parts without typed values are the same in all workbooks of one template.
_as_issued = lru_cache(maxsize=64)(PackedPart)

Typing = Mapping[str, Any]
Parts = tuple[tuple[str, bytes], ...]


def fill(issued: bytes, kind: WorkbookKind, typed: Typing) -> bytes:
    """The bytes of a workbook after somebody typed into it and saved it.

    Args:
        issued: The workbook as it is on the share.
        kind: The kind of workbook.
        typed: By field name: a text, a number or a date, or a list for the column. None leaves a cell, "" empties it.

    Raises:
        Refused: the bytes are no workbook that the guard accepts.
        KeyError: the kind has no such field, or the field is locked.
    """
    parts = open_package(issued)
    places, heights = _places(kind, _outline(parts)), _heights(_looks(parts))
    cells: dict[str, dict[At, Any]] = {}
    for name, value in typed.items():
        column = value if isinstance(value, list) else [value]
        for (path, at), one in zip(places[name], column, strict=False):
            if one is not None:
                cells.setdefault(path, {})[at] = one
    changed = {path: b"".join(_typed_in(path, parts[path], typed, heights)) for path, typed in cells.items()}
    return saved({**parts, **changed}, changed)


def saved(parts: Mapping[str, bytes], fresh: Collection[str] = ()) -> bytes:
    """The bytes of a workbook with these parts. They differ from the issued bytes even if nothing was typed.

    Args:
        fresh: The parts that are hardly ever shared with another workbook.
    """
    packed = ((name, PackedPart(text) if name in fresh else _as_issued(text)) for name, text in parts.items())
    return package_of(packed, _SAVED)


def fill_one(_: None, piece: tuple[bytes, WorkbookKind, Typing]) -> bytes:
    """As `fill`, for a drawing pool."""
    return fill(*piece)


def _outline(parts: Mapping[str, bytes]) -> Parts:
    """The parts that list the sheets and names. They are the same in all workbooks of one template."""
    says = ("_rels/.rels", "workbook.xml", "workbook.xml.rels")
    return tuple((name, text if name.endswith(says) else EMPTY_PART) for name, text in sorted(parts.items()))


@lru_cache(maxsize=16)
def _places(kind: WorkbookKind, outline: Parts) -> Mapping[str, tuple[tuple[str, At], ...]]:
    """The open cells of a kind's fields, each with its part and position."""
    skeleton = dict(outline)
    names = read_parts(skeleton).names
    layout, _ = bind(kind, names)
    paths = sheet_parts(skeleton)
    open_fields = (entry.name for entry in fields_in(kind, names) if entry.who is Who.PERSON and entry.name in layout)
    return {name: tuple((paths[place.sheet], place.at) for place in layout[name]) for name in open_fields}


def _looks(parts: Mapping[str, bytes]) -> Parts:
    """The parts that row heights depend on: styles, and the sheets without their cells. They are the same in all workbooks of one template."""
    sheets = {name: text for name, text in parts.items() if b"<sheetData" in text}
    bare = {name: _CELLS.sub(b"<sheetData/>", text) for name, text in sheets.items()}
    return (("xl/styles.xml", parts.get("xl/styles.xml", b"<x/>")), *sorted(bare.items()))


@lru_cache(maxsize=16)
def _heights(looks: Parts) -> RowHeights:
    return RowHeights(dict(looks), [name for name, _ in looks[1:]])


def _typed_in(path: str, sheet: bytes, cells: Mapping[At, Any], heights: RowHeights) -> Iterator[bytes]:
    """A sheet with some of its cells replaced, piece by piece. Rows and their cells must be in order."""
    last = 0
    for row, in_row in groupby(sorted(cells), key=lambda at: at[0]):
        begin, stop = _tag(sheet, f'<row r="{row}"', last)
        spans = list(_spans(sheet, in_row, stop))
        points = max(heights.points(path, at, style, str(cells[at])) for at, style, _, _ in spans)
        yield sheet[last:begin]
        yield with_height(sheet[begin:stop], points)
        last = stop
        for at, style, begin, stop in spans:
            yield sheet[last:begin]
            yield _cell(at, style, cells[at])
            last = stop
    yield sheet[last:]


def _spans(sheet: bytes, row: Iterator[At], last: int) -> Iterator[tuple[At, str, int, int]]:
    """The positions of the cells of a row: where each begins and ends, with its style."""
    for at in row:
        begin, stop = _tag(sheet, f'<c r="{address(at)}"', last)
        style = _STYLE.search(sheet, begin, stop)
        if sheet[stop - 2 : stop] != b"/>":
            stop = sheet.index(b"</c>", stop) + 4
        yield at, style[1].decode() if style else "0", begin, stop
        last = stop


def _tag(sheet: bytes, opening: str, last: int) -> tuple[int, int]:
    begin = sheet.index(opening.encode(), last)
    return begin, sheet.index(b">", begin) + 1


def _cell(at: At, style: str, value: Any) -> bytes:
    head = f'<c r="{address(at)}" s="{style}"'
    if isinstance(value, date):
        value = serial(value)
    if isinstance(value, (int, Decimal)):
        return f"{head}><v>{value}</v></c>".encode()
    return text_cell(head, str(value))
