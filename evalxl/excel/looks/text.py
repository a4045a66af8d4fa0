"""How many lines a text takes in a cell, and how high its row must be.

Excel grows a row with its text only while somebody types; LibreOffice, printers and merged cells do not. So the height is computed, from the
widths of the letters of Times New Roman in thousandths of its size. A Vietnamese letter is as wide as the plain one below its marks. The answer
may be a line too many, seldom one too few.

Widths of columns are in characters as the file stores them: 7 pixels each, the digit of the normal font (Times New Roman 11). Sizes and heights
are in points.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

PIXELS = 7  # a character of a column's width
TALLEST = 409.0  # Excel's tallest row
_PADDING, _INDENT = 6, 13  # pixels that a cell leaves free beside its text, and that one step of indentation takes
_LINE = 1.19  # the height of a line as a share of the font size
_REGULAR, _BOLD = 0.96, 0.93  # of a line are used: screens and printers round widths up
_SPACE = 250
_POINT = 4 / 3  # pixels
_WIDTHS = {
    letter: width
    for width, letters in {
        250: " .,",
        278: "ijlt/:;\\",
        333: "fr()[]-I!'`",
        389: "sJ",
        444: "acez?",
        556: "FPS",
        611: "ELTZ",
        667: "BCR",
        722: "ADGHKNOQUVXYĐw",
        778: "m&",
        833: "%",
        889: "M",
        921: "@",
        944: "W",
    }.items()
    for letter in letters
}


def height(lines: int, size: float, small: bool = False) -> float:
    """The height in points of a row with so many lines; from three on with one line to spare, since programs break lines differently.

    Args:
        small: Whether the sheet is printed below 82 %, where the rounding of lines costs more.
    """
    spare = 1 if lines > 2 else 0
    return min(TALLEST, round((lines + spare) * size * _LINE + (4 if small else 3), 1))


def height_of(text: str, width: float, size: float, *, bold: bool = False, indent: int = 0) -> float:
    """The height in points that a text needs in a cell."""
    return height(lines(text, width, size, bold=bold, indent=indent), size)


def lines(text: str, width: float, size: float, *, bold: bool = False, indent: int = 0) -> int:
    """How many lines a text takes in a cell.

    Words are not parted unless one alone is longer than a line.

    Args:
        width: Of the column, or of all columns that the cell spans, in characters.
        size: Of the font.
        indent: Steps by which the text is indented.
    """
    room = (PIXELS * width - _PADDING - _INDENT * indent) * (_BOLD if bold else _REGULAR)
    room = max(1000.0, 1000 * room / (size * _POINT))
    # Even the widest letters fit.
    if len(text) * 944 <= room and "\n" not in text:
        return 1
    return _lines(text, room) if len(text) < 100 else _count(text, room)


def _count(text: str, room: float) -> int:
    return sum(_lines_of_paragraph(paragraph, room) for paragraph in text[: 40 * int(TALLEST)].split("\n"))


# Names of units, titles, states come again and again.
_lines = lru_cache(maxsize=8192)(_count)


def width_of_words(heading: str, size: float = 11) -> float:
    """The width in characters that a bold heading needs so that none of its words is parted."""
    longest = max((sum(map(_width, word)) for word in heading.split()), default=0)
    return (longest / 1000 * size * _POINT / _BOLD + _PADDING) / PIXELS


def _lines_of_paragraph(paragraph: str, room: float) -> int:
    count, used = 1, 0.0
    for word in paragraph.split(" "):
        length = sum(map(_width, word))
        if used and used + _SPACE + length > room:
            count, used = count + 1, 0.0
        elif used:
            used += _SPACE
        used += length
        while used > room:
            count, used = count + 1, used - room
    return count


@cache
def _width(letter: str) -> int:
    plain = unicodedata.normalize("NFD", letter)[0]
    # Letters that are not here are as wide as a digit; those of East Asia as wide as they are high.
    return _WIDTHS.get(plain, 1000 if unicodedata.east_asian_width(plain) in "WF" else 500)
