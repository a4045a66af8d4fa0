"""How a sheet lies on A4: the scale that its width allows, the room for its rows, and where its pages end.

A list is printed at a fixed scale, never fitted to a page: fitting makes the letters as small as the content is long, and Excel ignores page
breaks on a fitted sheet. So the width of the print area decides how large the letters are: `width <= PEOPLE` where people fill or sign
(10.5 points print as 8.8), `width <= LISTS` in the masters' lists (10 points as 7.9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

MM = 72 / 25.4  # points
PEOPLE, LISTS = 170.0, 180.0  # characters: the widest print areas, landscape
LEAST_PEOPLE, LEAST_LISTS = 8.5, 7.5  # points: the smallest letters on paper
_CHARACTERS_PER_MM = 142.8 / 277  # at 100 % in LibreOffice, which has the wider ones; Excel has room for 149 characters
PRINTED_CHARACTER = MM / _CHARACTERS_PER_MM  # points
_SHORT, _LONG = 210.0, 297.0


@dataclass(frozen=True, slots=True)
class Paper:
    """An A4 page and its margins in millimetres."""

    landscape: bool = True
    left: float = 10
    right: float = 10
    top: float = 11
    bottom: float = 14

    @property
    def across(self) -> float:
        """The room between the left and the right margin, in millimetres."""
        return (_LONG if self.landscape else _SHORT) - self.left - self.right

    @property
    def down(self) -> float:
        """The room between the upper and the lower margin, in points."""
        return ((_SHORT if self.landscape else _LONG) - self.top - self.bottom) * MM

    def scale(self, width: float) -> int:
        """The largest scale in per cent, at most 100, at which a print area so many characters wide has room."""
        return min(100, floor(100 * _CHARACTERS_PER_MM * self.across / width))

    def rows(self, scale: int) -> float:
        """The room for rows on one page at a scale, in points of the sheet."""
        return 100 * self.down / scale


LANDSCAPE = Paper()
PORTRAIT = Paper(landscape=False, left=18, right=13, top=13)

# Programs and printers differ a little in how much fits on a page.
_OTHERS = (0.97, 1.0, 1.03)


@dataclass(frozen=True, slots=True)
class Rows:
    """The printed rows of a sheet: (number, height in points), hidden rows left out, from top to bottom.

    Attributes:
        titles: The height of the rows that each page repeats.
        first: The first row of the table.
        sign: The first row of the place to sign, which follows the table.
    """

    heights: Sequence[tuple[int, float]]
    titles: float
    first: int
    sign: int


KEPT = 2  # rows of the table that stand above the place to sign on its page


def break_before_sign(rows: Rows, room: float) -> int:
    """The row before which a page must end by hand, so that whoever signs has rows of the table above the name; 0 for none.

    Args:
        room: For rows on one page, in points of the sheet.
    """
    table = [number for number, _ in rows.heights if rows.first <= number < rows.sign]
    return break_before(rows, table[-KEPT], room) if len(table) > KEPT else 0


def break_before(rows: Rows, kept: int, room: float) -> int:
    """The row `kept` where a page begins below it by itself, so that all from it on stays together; 0 where that needs no break by hand."""
    starts = (start for other in _OTHERS for start in _page_starts(rows, room * other))
    return kept if any(start > kept for start in starts) else 0


def _page_starts(rows: Rows, room: float) -> list[int]:
    """The rows with which the pages after the first begin."""
    starts: list[int] = []
    filled = 0.0
    for number, points in rows.heights:
        if filled + points > room:
            starts.append(number)
            filled = rows.titles
        filled += points
    return starts
