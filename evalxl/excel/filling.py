"""Filling: an issued workbook with values typed into its open cells by field name, as a program would save it, without a workbook library.

Only the sheets that are typed into are put together anew; every other part, every link, style and property stays as it was issued. So the demo
fills thousands of workbooks in the time in which openpyxl fills a few dozen.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from evalxl.excel.guard import open_package
from evalxl.excel.reading import read_parts, sheet_parts
from evalxl.excel.stamp import clean
from evalxl.forms.binding import bind
from evalxl.forms.fields import FIELDS, Kind, Who
from evalxl.forms.values import serial
from evalxl.forms.workbook import At, address

_SAVED = (2025, 6, 1, 0, 0, 0)  # every entry of the zip bears this time, so that equal typing gives equal bytes
_STYLE = re.compile(rb'\ss="(\d+)"')

Typing = Mapping[str, Any]
Outline = tuple[tuple[str, bytes], ...]


def fill(issued: bytes, kind: Kind, typed: Typing) -> bytes:
    """The bytes of a workbook after somebody typed into it and saved it.

    Args:
        issued: The workbook as it lies in the share.
        kind: What kind of workbook it is.
        typed: By field name: a text, a number or a date, or a list down the column; None leaves a cell, "" empties it.

    Raises:
        Refused: the bytes are no workbook that the guard lets pass.
        KeyError: the kind has no such field, or nobody may type into it.
    """
    parts = open_package(issued)
    places = _places(kind, _outline(parts))
    cells: dict[str, dict[At, Any]] = {}
    for name, value in typed.items():
        column = value if isinstance(value, list) else [value]
        for (path, at), one in zip(places[name], column, strict=False):
            if one is not None:
                cells.setdefault(path, {})[at] = one
    return _zip({name: _typed_in(text, cells[name]) if name in cells else text for name, text in parts.items()})


def _outline(parts: Mapping[str, bytes]) -> Outline:
    """The parts that say which sheets and names there are: the same in all workbooks of one template."""
    says = ("_rels/.rels", "workbook.xml", "workbook.xml.rels")
    return tuple((name, text if name.endswith(says) else b"<x/>") for name, text in sorted(parts.items()))


@lru_cache(maxsize=16)
def _places(kind: Kind, outline: Outline) -> Mapping[str, tuple[tuple[str, At], ...]]:
    """The open cells of a kind's fields: the part and the place of each."""
    skeleton = dict(outline)
    layout, _ = bind(kind, read_parts(skeleton).names)
    paths = sheet_parts(skeleton)
    open_fields = (entry.name for entry in FIELDS[kind] if entry.who is Who.PERSON and entry.name in layout)
    return {name: tuple((paths[place.sheet], place.at) for place in layout[name]) for name in open_fields}


def _typed_in(sheet: bytes, cells: Mapping[At, Any]) -> bytes:
    """A sheet with some of its cells typed anew; a sheet's cells stand in the order of rows and columns."""
    return b"".join(_pieces(sheet, cells))


def _pieces(sheet: bytes, cells: Mapping[At, Any]) -> Iterator[bytes]:
    last = 0
    for at in sorted(cells):
        begin = sheet.index(f'<c r="{address(at)}"'.encode(), last)
        stop = sheet.index(b">", begin) + 1
        style = _STYLE.search(sheet, begin, stop)
        if sheet[stop - 2 : stop] != b"/>":
            stop = sheet.index(b"</c>", stop) + 4
        yield sheet[last:begin]
        yield _cell(at, style[1].decode() if style else "0", cells[at])
        last = stop
    yield sheet[last:]


def _cell(at: At, style: str, value: Any) -> bytes:
    head = f'<c r="{address(at)}" s="{style}"'
    if isinstance(value, date):
        value = serial(value)
    if isinstance(value, (int, Decimal)):
        return f"{head}><v>{value}</v></c>".encode()
    text = clean(str(value))
    if not text:
        return f"{head}/>".encode()
    return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'.encode()


def _zip(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, _SAVED), text, zipfile.ZIP_DEFLATED, compresslevel=1)
    return out.getvalue()
