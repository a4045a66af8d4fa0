"""Paper: sheets of values that an office looks at, filters, prints and files.

A book holds values, never formulas, and is one typeface throughout. Text that a person typed is always written as text: a line that
starts with "=" or looks like an address stays the line that was typed. A value that is not there is an empty cell, never a zero.
Widths are in Excel's characters, heights in pixels; rows and columns count from zero.

A list has columns for paper and, right of them, columns for the screen alone. It is printed at the scale that its printed columns allow. Below the heading
stands a row that numbers the printed columns, which carries the filter's buttons, so that they cover no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from math import ceil
from typing import Any, Literal, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evalxl.domain.names import visible, visible_lines
from evalxl.excel.looks import colours
from evalxl.excel.looks.paper import LANDSCAPE, LEAST_LISTS
from evalxl.excel.masters.measure import height_for, lines_of, stored_width

TYPEFACE = "Times New Roman"
SIZE, LIST_SIZE = 11, 10  # points of text: on pages, and in lists, which are printed at about 80 %
INK, FAINT, RULE = f"#{colours.INK}", f"#{colours.FAINT}", f"#{colours.RULE}"
HEADING, LINK = f"#{colours.HEADER}", f"#{colours.LINK}"

Tone = Literal["plain", "good", "calm", "notice", "alarm", "faint"]
TONES: Mapping[Tone, str] = {
    "plain": f"#{colours.WHITE}",
    "good": f"#{colours.DONE}",
    "calm": f"#{colours.GIVEN}",
    "notice": "#FFF1D6",
    "alarm": f"#{colours.ALERT}",
    "faint": "#EBEDF0",
}

# From the highest degree of completion to the lowest: strong for charts, pale for cells. They differ in lightness, blue stands against
# orange, and the lowest is hatched in charts: a black-and-white print and a colour-blind reader tell them apart.
STRONG = (*(f"#{colour}" for colour in colours.BANDS[:3]), f"#{colours.HATCHING}")
PALE = tuple(f"#{colour}" for colour in colours.HEAT)

_INCH = 25.4  # millimetres
_NUMBERED = 21  # pixels of the row that numbers the columns
TEXT_LIMIT = 32767  # Excel's, in UTF-16 units

# A text that begins with one of these becomes a formula when somebody opens the cell to look at it and presses Enter.
_LIVE = tuple("=+-@＝＋－＠")
_RUN = re.compile("(?<=^<)|(?<=_)(?=x)")  # apart, these are not what XlsxWriter and Excel look for in a text
_IN_A_LINK = str.maketrans({mark: f"%{ord(mark):02x}" for mark in '%# "<>[]^`{}|'})


@dataclass(frozen=True, slots=True)
class Marked:
    """A word with a colour behind it; the word alone says everything."""

    text: str
    fill: str


@dataclass(frozen=True, slots=True)
class Link:
    """A word that opens something: another workbook (a path as this book's folder sees it), there a place."""

    text: str
    path: str
    place: str = ""


Plain = str | int | Decimal | datetime | None
Cell = Plain | Marked | Link
Look = Literal["text", "centre", "score", "total", "points", "count", "share", "moment", "day"]

_LOOKS: Mapping[Look, Mapping[str, Any]] = {
    "text": {"align": "left", "indent": 1},
    "centre": {"align": "center"},
    "score": {"align": "center", "num_format": "0.0#"},
    "total": {"align": "center", "num_format": "0.00", "bold": True},
    "points": {"align": "center", "num_format": "+0.00;-0.00;0.00"},
    "count": {"align": "center", "num_format": "#,##0"},
    "share": {"align": "center", "num_format": "0.0%"},
    "moment": {"align": "center", "num_format": "hh:mm dd/mm/yyyy"},
    "day": {"align": "center", "num_format": "dd/mm/yyyy"},
}


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a table.

    Attributes:
        width: In characters; of each of the sheet's columns that it spans.
        look: How its values are shown.
        group: A heading above its own, shared with its neighbours.
        span: How many of the sheet's columns it takes.
        screen: It is for the screen alone. Such columns are the last ones and lie outside the printed page.
    """

    heading: str
    width: float
    look: Look = "text"
    group: str = ""
    span: int = 1
    screen: bool = False


class Looks(Protocol):
    """What a sheet is being written in: it has the looks of the cells."""

    def look(self, **properties: Any) -> Any: ...


class MasterWorkbook:
    """A workbook in the making."""

    def __init__(self) -> None:
        self._bytes = BytesIO()
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.workbook = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                # Without "none" the typeface would follow the theme's, which is another one.
                "default_format_properties": {"font_name": TYPEFACE, "font_size": 11, "font_scheme": "none"},
            },
        )
        # Wide enough for all the sheets' tabs to be seen.
        self.workbook.set_size(1920, 1080)
        self.workbook.set_tab_ratio(85)

    def look(self, **properties: Any) -> Format:
        """The format with these properties; equal ones are one."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self.workbook.add_format({"font_color": INK, **properties})
        return self._looks[key]

    def about(self, title: str, company: str, created: datetime, stamp: Mapping[str, str]) -> None:
        """What the file says of itself. The moment is given: equal contents make equal bytes."""
        self.workbook.set_properties(
            {
                "title": clean(title),
                "company": clean(company),
                "author": "evalxl",
                "created": created.replace(tzinfo=None, microsecond=0),
            }
        )
        for name in sorted(name for name in stamp if stamp[name]):
            self.workbook.set_custom_property(name, stamp[name], "text")

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, set up for A4 landscape and as wide as the page."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        margins = LANDSCAPE
        sheet.set_margins(margins.left / _INCH, margins.right / _INCH, margins.top / _INCH, margins.bottom / _INCH)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        return sheet

    def foot(self, text: str) -> None:
        """The printed footer of every sheet."""
        for sheet in self.workbook.worksheets():
            sheet.set_footer(text, {"margin": 0.35})

    def head(self, text: str) -> None:
        """The printed header of every sheet; none where there is nothing to say."""
        for sheet in self.workbook.worksheets() if text else ():
            sheet.set_header(text, {"margin": 0.15})

    def close(self) -> bytes:
        self.workbook.close()
        return self._bytes.getvalue()


def clean(text: str) -> str:
    """A text as a cell can hold it: what nobody would see in it is named, and it is cut at Excel's limit."""
    text = visible_lines(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > TEXT_LIMIT // 2:
        text = text.encode("utf-16-le")[: 2 * TEXT_LIMIT].decode("utf-16-le", "ignore")
    return text


def cut(text: str, length: int) -> str:
    """The beginning of a text, on one line, with an ellipsis where something is left out."""
    line = " ".join(clean(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip(" ,;.") + "…"


def put(book: Looks, sheet: Worksheet, row: int, column: int, value: Cell, **properties: Any) -> None:
    """Write one value; what is not there becomes an empty cell."""
    if isinstance(value, Marked):
        properties["bg_color"], value = value.fill, value.text
    if isinstance(value, Link):
        look = book.look(**{**properties, "font_color": LINK, "underline": 1})
        address, place = value.path.translate(_IN_A_LINK), clean(value.place)
        # Excel takes no longer address, and a name of one letter looks like a drive's; the word stays without its link. So does a file
        # with a name that deceives.
        if 1 < len(address) < 1000 and len(place) < 1000 and visible(value.path) == value.path:
            target = f"external:{address}#{place}" if place else f"external:{address}"
            sheet.write_url(row, column, target, look, clean(value.text))
            return
        value = value.text if value.path else None
    _write(sheet, row, column, value, book.look(**properties, **_quoted(value)))


def _quoted(value: Cell) -> Mapping[str, bool]:
    """The mark of a text that must stay one; nothing for any other value."""
    return {"quote_prefix": True} if isinstance(value, str) and value.lstrip().startswith(_LIVE) else {}


def _write(sheet: Worksheet, row: int, column: int, value: Plain, look: Any) -> None:
    if isinstance(value, str):
        text = clean(value)
        if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter would take it for markup of its own
            runs = [one for piece in _RUN.split(text) for one in (look, piece)]
            sheet.write_rich_string(row, column, *runs, look)
        elif text:
            sheet.write_string(row, column, text, look)
        else:
            sheet.write_blank(row, column, None, look)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), look)
    elif value is None or (isinstance(value, Decimal) and not value.is_finite()):
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_number(row, column, float(value), look)


def across(
    book: Looks, sheet: Worksheet, row: int, first: int, last: int, value: Cell, *, rows: int = 1, **properties: Any
) -> None:
    """Write one value over several cells."""
    if (rows, first) != (1, last):
        sheet.merge_range(row, first, row + rows - 1, last, "", book.look(**properties))
    put(book, sheet, row, first, value, **properties)


def set_widths(sheet: Worksheet, columns: Iterable[ListColumn]) -> None:
    place = 0
    for column in columns:
        sheet.set_column(place, place + column.span - 1, column.width)
        place += column.span


def printed(columns: Iterable[ListColumn]) -> list[ListColumn]:
    """The columns that lie on the printed page."""
    return [column for column in columns if not column.screen]


def last_printed(columns: Iterable[ListColumn]) -> int:
    """The last of the sheet's columns on the printed page."""
    return sum(column.span for column in printed(columns)) - 1


def scale_to_paper(sheet: Worksheet, columns: Iterable[ListColumn]) -> int:
    """Print a list at the largest scale at which its columns have room on A4 landscape; returns the scale in per cent.

    A list that is too wide for readable letters, as a year's weeks are, goes on to a page beside the first one.
    """
    scale = LANDSCAPE.scale(sum(stored_width(column.width) * column.span for column in printed(columns)))
    scale = max(scale, ceil(100 * LEAST_LISTS / LIST_SIZE))
    sheet.set_print_scale(scale)
    return scale


def heading(
    book: Looks, sheet: Worksheet, row: int, columns: Sequence[ListColumn], *, filtered: bool = False, size: int = SIZE
) -> int:
    """Write a table's heading; returns the row after it.

    Every column's own heading stands in the last row of words, shared ones in the row above.

    Args:
        filtered: Number the columns in a row below, which carries the filter's buttons.
        size: Of the letters, in points.
    """
    base: dict[str, Any] = {
        "bold": True,
        "align": "center",
        "text_wrap": True,
        "bg_color": HEADING,
        "border_color": RULE,
        "left": 1,
        "right": 1,
        "font_size": size,
    }
    grouped = any(column.group for column in columns)
    if grouped:
        place = 0
        for (group, screen), members in groupby(columns, key=lambda column: (column.group, column.screen)):
            for width in _widths_of_group(group, list(members)):
                look = {**base, **_of_screen(screen), "top": 1, "bottom": 1 if group else 0, "valign": "vcenter"}
                across(book, sheet, row, place, place + width - 1, group, **look)
                place += width
        widths: dict[tuple[str, bool], float] = {}
        for column in columns:
            key = column.group, column.screen
            widths[key] = widths.get(key, 0) + column.width * column.span
        needed = max(lines_of(group, width, True, size) for (group, _), width in widths.items())
        sheet.set_row_pixels(row, height_for(needed, size))
        row += 1
    needed = max(_lines(column.heading, column, size, bold=True) for column in columns)
    sheet.set_row_pixels(row, height_for(needed, size))
    place = 0
    for column in columns:
        top = 0 if grouped and not column.group else 1
        look = {**base, **_of_screen(column.screen), "top": top, "bottom": 1, "valign": "vcenter"}
        across(book, sheet, row, place, place + column.span - 1, column.heading, **look)
        place += column.span
    return _number_columns(book, sheet, row + 1, columns) if filtered else row + 1


def _of_screen(screen: bool) -> Mapping[str, str]:
    return {"bg_color": f"#{colours.SCREEN_ONLY}"} if screen else {}


def _number_columns(book: Looks, sheet: Worksheet, row: int, columns: Sequence[ListColumn]) -> int:
    """(1), (2), (3) … under the printed columns; the filter's buttons stand right of the numbers."""
    look: dict[str, Any] = {
        "italic": True,
        "align": "left",
        "valign": "vcenter",
        "border": 1,
        "border_color": RULE,
        "font_size": 10,
    }
    place = 0
    for number, column in enumerate(columns, 1):
        fill = colours.SCREEN_ONLY if column.screen else colours.NUMBERING
        words = None if column.screen else f"({number})"
        across(book, sheet, row, place, place + column.span - 1, words, **look, bg_color=f"#{fill}")
        place += column.span
    sheet.set_row_pixels(row, _NUMBERED)
    return row + 1


def _widths_of_group(group: str, members: Sequence[ListColumn]) -> list[int]:
    spans = [column.span for column in members]
    return [sum(spans)] if group else spans


def body(
    book: Looks,
    sheet: Worksheet,
    row: int,
    columns: Sequence[ListColumn],
    lines: Iterable[Sequence[Cell]],
    *,
    size: int = SIZE,
    **properties: Any,
) -> int:
    """Write a table's rows; returns the row after them."""
    frame = {"border": 1, "border_color": RULE, "text_wrap": True, "valign": "vcenter", "font_size": size, **properties}
    places, place = [], 0
    for column in columns:
        look = {**frame, **_LOOKS[column.look]}
        places.append((place, column, look, book.look(**look)))
        place += column.span
    for line in lines:
        needed = 1
        for value, (place, column, look, plain) in zip(line, places, strict=True):
            if column.span > 1 or isinstance(value, (Marked, Link)):
                across(book, sheet, row, place, place + column.span - 1, value, **look)
            else:
                quoted = _quoted(value)
                _write(sheet, row, place, value, book.look(**look, **quoted) if quoted else plain)
            if isinstance(value, (str, Marked)):
                needed = max(needed, _lines(value, column, size))
        sheet.set_row_pixels(row, height_for(needed, size))
        row += 1
    return row


def _lines(value: str | Marked, column: ListColumn, size: int, bold: bool = False) -> int:
    text = value if isinstance(value, str) else value.text
    indented = 0 if bold else _LOOKS[column.look].get("indent", 0)
    return lines_of(text, column.width * column.span, bold, size, indented)


def bare_line(book: Looks, sheet: Worksheet, row: int, last: int, text: str) -> int:
    """What stands in the place of a table without rows."""
    across(book, sheet, row, 0, last, text, italic=True, border=1, border_color=RULE, align="center", valign="vcenter")
    sheet.set_row_pixels(row, 30)
    return row + 1


def footer(left: str, centre: str, right: str) -> str:
    """A printed footer; the centre may hold Excel's codes, the sides are text.

    Excel takes 255 characters; the sides are cut rather than the whole footer lost.
    """

    def plain(text: str, length: int) -> str:
        return cut(text, length).replace("&", "&&")

    font = f'&"{TYPEFACE},{{}}"&10 '
    return (
        f"&L{font.format('Regular')}{plain(left, 40)}"
        f"&C{font.format('Regular')}{centre}"
        f"&R{font.format('Italic')}{plain(right, 70)}"
    )
