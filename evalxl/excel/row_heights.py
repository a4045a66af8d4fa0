"""How tall a row has to be for the text that is stamped into it.

Excel and LibreOffice fit a row to its text while somebody types. A text that is already there when the file is opened gets no such help:
LibreOffice takes the height that the file gives. So the file must give it.
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

# Of the font's size: the mean width of a letter of Vietnamese text in Times New Roman, a little generously, and a line's height.
LETTER, BOLD, LINE = 0.46, 0.5, 1.32
PADDING = 6.0  # points that a cell keeps free left and right
_COLUMN = 48.0  # points: a column that says nothing of its width
TALLEST = 409.0  # points; Excel has no taller row


class RowHeights:
    """The widths and fonts of a template, as far as the height of its rows depends on them.

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
        """How wide the columns of a sheet from one to another are, in points."""
        return sum(self._widths[path].get(column, _COLUMN) for column in range(first, last + 1))

    def points(self, path: str, at: At, style: str, text: str) -> float:
        """The height that a text needs in a cell; 0 where it needs no more than a line, or the cell does not wrap or is merged."""
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
    """How many lines a text takes where so many letters go on a line; it is broken between words, and within a word only when it must."""
    lines, room = 1, letters
    for word in text.split(" "):
        if len(word) > room and room < letters:
            lines, room = lines + 1, letters
        if len(word) > letters:
            more = math.ceil(len(word) / letters) - 1
            lines, room = lines + more, letters - (len(word) - more * letters)
        else:
            room -= len(word)
        room -= 1  # the blank; where it does not fit it goes over the edge
    return lines


def with_height(tag: bytes, points: float) -> bytes:
    """A row's opening tag with at least that height; a height that somebody fixed stays."""
    if points <= 0 or b'customHeight="1"' in tag or b'customHeight="true"' in tag:
        return tag
    found = _HEIGHT.search(tag)
    if found and float(found[1]) >= points:
        return tag
    bare = _HEIGHT.sub(b"", tag)
    tail = b"/>" if bare.endswith(b"/>") else b">"
    return bare[: -len(tail)] + f' ht="{points:g}"'.encode() + tail


def _wrapping_fonts(styles: bytes) -> dict[str, tuple[float, float]]:
    """The font size, and the width of its letters, of each cell style that wraps its text."""
    root = ElementTree.fromstring(styles)
    fonts = [
        (_size(font), _size(font) * (LETTER if font.find(f"{_MAIN}b") is None else BOLD))
        for font in root.findall(f"{_MAIN}fonts/{_MAIN}font")
    ]
    found: dict[str, tuple[float, float]] = {}
    for number, look in enumerate(root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")):
        alignment = look.find(f"{_MAIN}alignment")
        if alignment is not None and alignment.get("wrapText") in ("1", "true"):
            found[str(number)] = fonts[int(look.get("fontId", "0"))]
    return found


def _normal_size(styles: bytes) -> float:
    """The size of the normal font, whose digits are the unit of column widths."""
    font = ElementTree.fromstring(styles).find(f"{_MAIN}fonts/{_MAIN}font")
    return 11.0 if font is None else _size(font)


def _size(font: ElementTree.Element) -> float:
    size = font.find(f"{_MAIN}sz")
    return 11.0 if size is None else float(size.get("val", "11"))


def _columns_and_merges(sheet: bytes) -> tuple[dict[int, float], frozenset[At]]:
    """Column widths, and the cells that are merged with others, which no program fits rows to."""
    head, _, rest = sheet.partition(b"<sheetData")
    widths: dict[int, float] = {}
    for tag in re.findall(rb"<col\b[^>]*>", head):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag.decode()))
        if "width" in said:
            for column in range(int(said["min"]), min(int(said["max"]), 200) + 1):
                widths[column] = float(said["width"])
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
