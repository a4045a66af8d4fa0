"""How high a row must be for its text to be read: Excel grows a row with its text, other programs and joined cells do not.

The widths of the letters are those of Times New Roman in thousandths of its size. A Vietnamese letter is as wide as the plain one
below its marks. The answer may be a line too many, seldom one too few.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

LINE, PADDING, HIGHEST = 18, 4, 545  # pixels; the last is Excel's limit
_EM = 11 * 96 / 72  # pixels of the body's letters
_CAREFUL = 1.04  # screens round the letters' widths up
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


def height_for(lines: int) -> int:
    """Pixels for so many lines of a table's row."""
    return min(HIGHEST, LINE * lines + PADDING)


def lines_of(text: str, width: float, bold: bool = False) -> int:
    """How many lines a text takes in a cell so many characters wide.

    Words are not parted unless one alone is longer than a line.
    """
    if len(text) > 20 * HIGHEST:
        return HIGHEST
    return _lines_of_words(text, width, bold) if len(text) < 100 else _lines_of(text, width, bold)


def _lines_of(text: str, width: float, bold: bool) -> int:
    room = max(1000, (width * 7 - 2) / (_EM / 1000) / _CAREFUL / (1.07 if bold else 1))
    return sum(_lines_of_paragraph(paragraph, room) for paragraph in text.split("\n"))


# Names of units, titles, states come again and again.
_lines_of_words = lru_cache(maxsize=8192)(_lines_of)


def width_of_words(heading: str) -> float:
    """The characters' width that a bold heading needs so that none of its words is parted."""
    longest = max((sum(map(_width, word)) for word in heading.split()), default=0)
    return (longest * 1.07 * _CAREFUL * _EM / 1000 + 3) / 7


def _lines_of_paragraph(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        length = sum(map(_width, word))
        if used and used + 250 + length > room:
            lines, used = lines + 1, 0.0
        elif used:
            used += 250
        used += length
        while used > room:
            lines, used = lines + 1, used - room
    return lines


@cache
def _width(letter: str) -> int:
    plain = unicodedata.normalize("NFD", letter)[0]
    # Letters that are not here are as wide as a digit; those of East Asia as wide as they are high.
    return _WIDTHS.get(plain, 1000 if unicodedata.east_asian_width(plain) in "WF" else 500)
