"""Keeps the place to sign on the same printed page as the list's last rows.

A list at a fixed scale gets a page break by hand where otherwise only the signature would go to the next page. Excel ignores page breaks on a
sheet that is fitted to the width of a page, as an office's own template may be. But such a sheet can have a fixed number of pages: it is
printed a little smaller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

from evalxl.excel.looks.paper import PRINTED_CHARACTER, Rows, break_before, break_before_sign
from evalxl.excel.returned.reading import split_reference
from evalxl.excel.returned.xml_pass import main_part
from evalxl.excel.stamping.row_heights import RowHeights

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW = re.compile(rb"<row\b[^>]*>")
_NUMBER = re.compile(rb'\sr="(\d+)"')
_HEIGHT = re.compile(rb'\sht="([\d.]+)"')
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_SETUP = re.compile(rb"<pageSetup\b[^>]*>")
_AS_TALL_AS_NEEDED = re.compile(rb'\sfitToHeight="0"')
_TITLES = re.compile(r".*!\$(\d+):\$(\d+)")
_BREAKS = re.compile(rb"<rowBreaks\b")
_FITTED = re.compile(rb'<pageSetUpPr\b[^>]*\sfitToPage="(?:1|true)"')
_AFTER_BREAKS = re.compile(
    rb"<(colBreaks|customProperties|cellWatches|ignoredErrors|smartTags|drawing|legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|"
    rb"webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_SIDES = {b"8": (841.9, 1190.6), b"9": (595.3, 841.9)}  # points: A3, A4
_OTHERS = (0.95, 1.0, 1.05)  # differences between programs and printers in how much fits on a page


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The measures of a sheet that decide where its pages end.

    Args:
        page: The height of a page available for rows, in points before the sheet is scaled.
        fitted: Whether the sheet is fitted to the width of a page; else its scale is fixed.
        last: The last row of the print area.
        sign: The first row of the place to sign.
        titles: The first and last of the rows that each page repeats; (0, 0) for none.
        plain: The height in points of a row without a height of its own.
        kept_from: The row from which on everything stays on one page, a table's header; 0 where only the table's last rows do.
    """

    page: float
    fitted: bool
    last: int
    sign: int
    titles: tuple[int, int]
    plain: float
    kept_from: int = 0

    def kept(self, sheet: bytes) -> bytes:
        """The sheet with its page break, or its number of pages, set so that no page holds only the place to sign."""
        rows = list(self._rows(sheet))
        repeated = sum(points for number, points in rows if self.titles[0] <= number <= self.titles[1])
        if not self.fitted:
            return self._broken(sheet, Rows(rows, repeated, self.titles[1] + 1, self.sign))
        most = 0
        for scale in _OTHERS:
            pages = self._pages(rows, repeated, self.page * scale)
            if pages[-1] > pages[0]:
                most = min(most or pages[0], pages[0])
        return _SETUP.sub(lambda tag: _AS_TALL_AS_NEEDED.sub(b' fitToHeight="%d"' % most, tag[0]), sheet, count=1)

    def _broken(self, sheet: bytes, rows: Rows) -> bytes:
        first = break_before(rows, self.kept_from, self.page) if self.kept_from else break_before_sign(rows, self.page)
        place = next(_AFTER_BREAKS.finditer(sheet), None)
        if not first or place is None or _BREAKS.search(sheet):  # what an office's template breaks stays so
            return sheet
        mark = f'<rowBreaks count="1" manualBreakCount="1"><brk id="{first - 1}" max="16383" man="1"/></rowBreaks>'
        return sheet[: place.start()] + mark.encode() + sheet[place.start() :]

    def _rows(self, sheet: bytes) -> Iterator[tuple[int, float]]:
        """The rows that are printed, with their heights in points."""
        heights: dict[int, float] = {}
        for tag in _ROW.findall(sheet):
            if (number := _NUMBER.search(tag)) is not None:
                height = _HEIGHT.search(tag)
                points = float(height[1]) if height else self.plain
                heights[int(number[1])] = 0.0 if _HIDDEN.search(tag) else points
        for row in range(1, self.last + 1):
            if (points := heights.get(row, self.plain)) > 0:
                yield row, points

    def _pages(self, rows: list[tuple[int, float]], repeated: float, page: float) -> list[int]:
        """The page of the list's last row, followed by the page of each row of the place to sign."""
        pages: list[int] = []
        number, filled = 1, 0.0
        for (_, points), (following, _) in pairwise([*rows, (self.last + 1, 0.0)]):
            if filled + points > page:
                number, filled = number + 1, repeated
            filled += points
            if following >= self.sign:
                pages.append(number)
        return pages


def page_end(
    parts: Mapping[str, bytes], path: str, index: int, sign: int, heights: RowHeights, kept_from: int = 0
) -> PageEnd | None:
    """The measures that decide where a sheet's pages end; None if it is fitted to the page in height too, or the place to sign is not printed.

    Args:
        parts: The template's parts.
        path: The sheet's part.
        index: The sheet's position in the workbook, from 0.
        sign: The first row of the place to sign.
        heights: The template's widths.
        kept_from: As for `PageEnd`.
    """
    setup = _SETUP.search(parts[path])
    if setup is None:
        return None
    fitted = _FITTED.search(parts[path]) is not None
    if fitted and not _AS_TALL_AS_NEEDED.search(setup[0]):
        return None
    sheet = ElementTree.fromstring(parts[path])
    paper = dict(re.findall(rb'\s(\w+)="([^"]*)"', setup[0]))
    named = _names_of(parts, index)
    area = split_reference(named.get("_xlnm.Print_Area", ""))
    if area is None or not area.top < sign <= area.bottom or paper.get(b"paperSize") not in _SIDES:
        return None
    short, long = _SIDES[paper[b"paperSize"]]
    across, down = (long, short) if paper.get(b"orientation") == b"landscape" else (short, long)
    margins = sheet.find(f"{_MAIN}pageMargins")
    if margins is not None:
        inches = {name: float(value) for name, value in margins.attrib.items()}
        across -= 72 * (inches.get("left", 0) + inches.get("right", 0))
        down -= 72 * (inches.get("top", 0) + inches.get("bottom", 0))
    repeated = _TITLES.fullmatch(named.get("_xlnm.Print_Titles", ""))
    titles = (int(repeated[1]), int(repeated[2])) if repeated else (0, 0)
    wide = heights.width(path, area.left, area.right) * PRINTED_CHARACTER
    scale = min(1.0, across / wide) if fitted else float(paper.get(b"scale", b"100")) / 100
    usual = sheet.find(f"{_MAIN}sheetFormatPr")
    plain = 15.0 if usual is None else float(usual.get("defaultRowHeight", "15"))
    return PageEnd(down / scale, fitted, area.bottom, sign, titles, plain, kept_from)


def _names_of(parts: Mapping[str, bytes], index: int) -> dict[str, str]:
    """The defined names local to a sheet."""
    root = ElementTree.fromstring(parts[main_part(parts)])
    names = root.iterfind(f"{_MAIN}definedNames/{_MAIN}definedName")
    return {name.get("name", ""): name.text or "" for name in names if name.get("localSheetId") == str(index)}
