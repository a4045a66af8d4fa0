"""Computes the height that a row needs for the text stamped into it.

Excel and LibreOffice fit a row to its text only while somebody types. For a text that is already in the file
LibreOffice uses the height in the file. So the file must hold it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from evalxl.forms.workbook import At

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HEIGHT = re.compile(rb'\sht="([\d.]+)"')
_AREA = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")

# As shares of the font size: the mean width of a letter of Vietnamese text in Times New Roman, slightly generous, and the height of a line.
LETTER, BOLD, LINE = 0.46, 0.5, 1.32
PADDING = 6.0  # points that a cell leaves free on both sides
_COLUMN = 48.0  # points: the default width of a column
TALLEST = 409.0  # points; Excel's tallest row


class RowHeights:
    """The widths and fonts of a template that its row heights depend on.

    Args:
        parts: The template's parts.
        paths: Its sheets.
    """

    def __init__(self, parts: Mapping[str, bytes], paths: Iterable[str]) -> None:
        self._fonts = _wrapping_fonts(parts.get("xl/styles.xml", b"<x/>"))
        digit = round((_normal_size(parts.get("xl/styles.xml", b"<x/>"))) * 4 / 3 * 0.5)
        self._widths: dict[str, dict[int, float]] = {}
        self._merged: dict[str, frozenset[At]] = {}
        for path in paths:
            columns, merges = _columns_and_merges(parts[path])
            self._widths[path] = {column: (width * digit + 5) * 0.75 for column, width in columns.items()}
            self._merged[path] = merges

    def width(self, path: str, first: int, last: int) -> float:
        """The total width of consecutive columns of a sheet, in points."""
        return sum(self._widths[path].get(column, _COLUMN) for column in range(first, last + 1))

    def points(self, path: str, at: At, style: str, text: str) -> float:
        """The height in points that a text needs in a cell; 0 if one line is enough, or if the cell does not wrap or is merged."""
        font = self._fonts.get(style)
        if font is None or at in self._merged[path]:
            return 0.0
        size, letter = font
        letters = max(1, int((self._widths[path].get(at[1], _COLUMN) - PADDING) / letter))
        if len(text) <= letters and "\n" not in text:
            return 0.0
        lines = sum(lines_of(line, letters) for line in text.split("\n"))
        return min(round(lines * size * LINE + 2, 2), TALLEST)


def lines_of(text: str, letters: int) -> int:
    """The number of lines of a text at a number of letters per line. It breaks between words, and within a word only if it must."""
    lines, room = 1, letters
    for word in text.split(" "):
        if len(word) > room and room < letters:
            lines, room = lines + 1, letters
        if len(word) > letters:
            more = math.ceil(len(word) / letters) - 1
            lines, room = lines + more, letters - (len(word) - more * letters)
        else:
            room -= len(word)
        room -= 1  # the blank; it may go over the edge
    return lines


def with_height(tag: bytes, points: float) -> bytes:
    """A row's opening tag with at least this height. A custom height stays."""
    if points <= 0 or b'customHeight="1"' in tag or b'customHeight="true"' in tag:
        return tag
    height = _HEIGHT.search(tag)
    if height and float(height[1]) >= points:
        return tag
    bare = _HEIGHT.sub(b"", tag)
    tail = b"/>" if bare.endswith(b"/>") else b">"
    return bare[: -len(tail)] + f' ht="{points:g}"'.encode() + tail


def _wrapping_fonts(styles: bytes) -> dict[str, tuple[float, float]]:
    """For each cell style that wraps its text: the font size and the width of its letters."""
    root = ElementTree.fromstring(styles)
    fonts = [
        (_size(font), _size(font) * (LETTER if font.find(f"{_MAIN}b") is None else BOLD))
        for font in root.findall(f"{_MAIN}fonts/{_MAIN}font")
    ]
    wrapping: dict[str, tuple[float, float]] = {}
    for number, look in enumerate(root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")):
        alignment = look.find(f"{_MAIN}alignment")
        if alignment is not None and alignment.get("wrapText") in ("1", "true"):
            wrapping[str(number)] = fonts[int(look.get("fontId", "0"))]
    return wrapping


def _normal_size(styles: bytes) -> float:
    """The size of the normal font, whose digits are the unit of column widths."""
    font = ElementTree.fromstring(styles).find(f"{_MAIN}fonts/{_MAIN}font")
    return 11.0 if font is None else _size(font)


def _size(font: ElementTree.Element) -> float:
    size = font.find(f"{_MAIN}sz")
    return 11.0 if size is None else float(size.get("val", "11"))


def _columns_and_merges(sheet: bytes) -> tuple[dict[int, float], frozenset[At]]:
    """Column widths, and the merged cells, to which no program fits rows."""
    head, _, rest = sheet.partition(b"<sheetData")
    widths: dict[int, float] = {}
    for tag in re.findall(rb"<col\b[^>]*>", head):
        column_range = dict(re.findall(r'(\w+)="([^"]*)"', tag.decode()))
        if "width" in column_range:
            for column in range(int(column_range["min"]), min(int(column_range["max"]), 200) + 1):
                widths[column] = float(column_range["width"])
    merged: set[At] = set()
    for area in re.findall(rb'<mergeCell\b[^>]*\bref="([^"]*)"', rest):
        if match := _AREA.fullmatch(area.decode()):
            merged.update(
                (row, column)
                for row in range(int(match[2]), int(match[4]) + 1)
                for column in range(_number(match[1]), _number(match[3]) + 1)
            )
    return widths, frozenset(merged)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
