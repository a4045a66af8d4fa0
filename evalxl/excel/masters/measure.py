"""How high a row of a master must be for its text to be read, in pixels and in the widths that XlsxWriter is given."""

from __future__ import annotations

from math import ceil

from evalxl.excel.looks import text

LOWEST, HIGHEST = 22, 545  # pixels; the last is Excel's limit
SIZE = 11  # points
_ADDED = 5 / text.PIXELS  # XlsxWriter stores a column this much wider than it is told


def height_for(lines: int, size: int = SIZE) -> int:
    """Pixels for so many lines of a table's row."""
    return min(HIGHEST, max(LOWEST, ceil(text.height(lines, size, small=size < SIZE) * 4 / 3)))


def lines_of(words: str, width: float, bold: bool = False, size: int = SIZE, indent: int = 0) -> int:
    """How many lines a text takes in a cell so many characters wide.

    Words are not parted unless one alone is longer than a line.
    """
    if len(words) > 20 * HIGHEST:
        return HIGHEST
    return text.lines(words, stored_width(width), size, bold=bold, indent=indent)


def stored_width(width: float) -> float:
    """The width of a column as the file stores it, of the one that XlsxWriter is told."""
    return width + _ADDED


def width_of_words(heading: str, size: int = SIZE) -> float:
    """The characters' width that a bold heading needs so that none of its words is parted."""
    return text.width_of_words(heading, size) - _ADDED
