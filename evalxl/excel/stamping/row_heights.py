"""Computes the height that a row needs for the text stamped into it.

Excel and LibreOffice fit a row to its text only while somebody types. For a text that is already in the file
LibreOffice uses the height in the file. So the file must hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from evalxl.excel.looks import text as metrics
from evalxl.forms.workbook import At

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HEIGHT = re.compile(rb'\sht="([\d.]+)"')
_AREA = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")
_LABEL = re.compile(r'"([^"]*)"@')  # a number format that prints a label before the text

_COLUMN = 9.14  # characters: the default width of a column
USUAL = 17.5  # points: one line of the letters in which people type has room in a row without a height of its own


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """A cell style that wraps its text."""

    size: float
    bold: bool
    indent: int
    label: str


class RowHeights:
    """The widths and fonts of a template that its row heights depend on.

    Args:
        parts: The template's parts.
        paths: Its sheets.
    """

    def __init__(self, parts: Mapping[str, bytes], paths: Iterable[str]) -> None:
        styles = ElementTree.fromstring(parts.get("xl/styles.xml", b"<x/>"))
        self._looks = _wrapping(styles)
        # Widths are counted in digits of the normal font; in another than ours they are as many pixels wider or narrower.
        digit = round(_normal_size(styles) * 4 / 3 * 0.5)
        self._widths: dict[str, dict[int, float]] = {}
        self._merged: dict[str, Mapping[At, int]] = {}
        for path in paths:
            columns, merges = _columns_and_merges(parts[path])
            self._widths[path] = {column: width * digit / metrics.PIXELS for column, width in columns.items()}
            self._merged[path] = merges

    def width(self, path: str, first: int, last: int) -> float:
        """The total width of consecutive columns of a sheet, in characters of our normal font."""
        return sum(self._widths[path].get(column, _COLUMN) for column in range(first, last + 1))

    def points(self, path: str, at: At, style: str, text: str) -> float:
        """The height in points that a text needs in a cell; 0 if the cell does not wrap or spans several rows."""
        look = self._looks.get(style)
        last = self._merged[path].get(at, at[1])
        if look is None or not last:
            return 0.0
        width = self.width(path, at[1], last)
        count = metrics.lines(look.label + text, width, look.size, bold=look.bold, indent=look.indent)
        return metrics.height(count, look.size)


def with_height(tag: bytes, points: float) -> bytes:
    """A row's opening tag with at least this height. A custom height stays, and a row without a height that needs no more than a usual one."""
    if points <= 0 or b'customHeight="1"' in tag or b'customHeight="true"' in tag:
        return tag
    height = _HEIGHT.search(tag)
    if (float(height[1]) if height else USUAL) >= points:
        return tag
    bare = _HEIGHT.sub(b"", tag)
    tail = b"/>" if bare.endswith(b"/>") else b">"
    return bare[: -len(tail)] + f' ht="{points:g}"'.encode() + tail


def _wrapping(styles: ElementTree.Element) -> dict[str, _Wrapping]:
    """The cell styles that wrap their text."""
    fonts = [(_size(font), font.find(f"{_MAIN}b") is not None) for font in styles.findall(f"{_MAIN}fonts/{_MAIN}font")]
    formats = {
        entry.get("numFmtId", ""): entry.get("formatCode", "")
        for entry in styles.findall(f"{_MAIN}numFmts/{_MAIN}numFmt")
    }
    wrapping: dict[str, _Wrapping] = {}
    for number, look in enumerate(styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf")):
        alignment = look.find(f"{_MAIN}alignment")
        if alignment is not None and alignment.get("wrapText") in ("1", "true"):
            label = _LABEL.fullmatch(formats.get(look.get("numFmtId", ""), ""))
            indent = int(alignment.get("indent", "0"))
            wrapping[str(number)] = _Wrapping(*fonts[int(look.get("fontId", "0"))], indent, label[1] if label else "")
    return wrapping


def _normal_size(styles: ElementTree.Element) -> float:
    """The size of the normal font, whose digits are the unit of column widths."""
    font = styles.find(f"{_MAIN}fonts/{_MAIN}font")
    return 11.0 if font is None else _size(font)


def _size(font: ElementTree.Element) -> float:
    size = font.find(f"{_MAIN}sz")
    return 11.0 if size is None else float(size.get("val", "11"))


def _columns_and_merges(sheet: bytes) -> tuple[dict[int, float], Mapping[At, int]]:
    """Column widths; and of merged cells the last column that they span, 0 for those over several rows, to which no row is fitted."""
    head, _, rest = sheet.partition(b"<sheetData")
    widths: dict[int, float] = {}
    for tag in re.findall(rb"<col\b[^>]*>", head):
        column_range = dict(re.findall(r'(\w+)="([^"]*)"', tag.decode()))
        if "width" in column_range:
            for column in range(int(column_range["min"]), min(int(column_range["max"]), 200) + 1):
                widths[column] = float(column_range["width"])
    merged: dict[At, int] = {}
    for area in re.findall(rb'<mergeCell\b[^>]*\bref="([^"]*)"', rest):
        if match := _AREA.fullmatch(area.decode()):
            at, last = (int(match[2]), _number(match[1])), _number(match[3])
            merged[at] = last if match[2] == match[4] else 0
    return widths, merged


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
