"""How high a row of a master must be for its text to be read, in pixels and in the widths that XlsxWriter is given."""

from __future__ import annotations

from evalxl.excel.looks import text

LINE, PADDING, HIGHEST = 18, 4, 545  # pixels; the last is Excel's limit
_SIZE = 11
_ADDED = 5 / text.PIXELS  # XlsxWriter stores a column this much wider than it is told


def height_for(lines: int) -> int:
    """Pixels for so many lines of a table's row."""
    return min(HIGHEST, LINE * lines + PADDING)


def lines_of(words: str, width: float, bold: bool = False) -> int:
    """How many lines a text takes in a cell so many characters wide.

    Words are not parted unless one alone is longer than a line.
    """
    if len(words) > 20 * HIGHEST:
        return HIGHEST
    return text.lines(words, width + _ADDED, _SIZE, bold=bold)


def width_of_words(heading: str) -> float:
    """The characters' width that a bold heading needs so that none of its words is parted."""
    return text.width_of_words(heading, _SIZE) - _ADDED
