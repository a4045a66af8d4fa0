"""How a sheet lies on paper and on the screen: scale, letterhead, header rows with numbers, frozen panes, footer, the place to sign.

The letterhead prints but takes no screen: the frozen pane begins below it. Columns outside the print area are for the screen only, and their
headers have a colour of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from evalxl.excel.looks.paper import LANDSCAPE, Paper
from evalxl.excel.looks.text import height, lines
from evalxl.excel.templates.parts import (
    CENTER,
    FONT,
    HEADER,
    LOCKED,
    NUMBERING,
    SCREEN_ONLY,
    TEXT,
    PrintedPage,
    split,
)

TITLE = CENTER.but(bold=True, size=15)
WEEK = CENTER.but(italic=True, size=12.5, shows=TEXT)
_NUMBER = LOCKED.but(fill=NUMBERING, italic=True, size=10.5, wrap=False, indent=0)
FOOTER_SIZE = 11  # it is scaled with the sheet
_HEADER_SIZE = 11


def on_paper(
    page: PrintedPage, area: str, titles: str = "", paper: Paper = LANDSCAPE, printed: tuple[str, str] | None = None
) -> int:
    """A4 at the largest fixed scale that the columns allow; returns the scale in per cent.

    Args:
        area: The print area; empty where the caller names one that moves (`finish.print_shown`).
        titles: The rows that every page repeats, `7:9`.
        printed: The first and the last printed column, where no area is given.
    """
    first, last = printed or _columns(area)
    scale = paper.scale(page.width(first, last))
    sheet = page.sheet
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if paper.landscape else "portrait"
    sheet.page_setup.scale = scale
    inches = (paper.left, paper.right, paper.top, paper.bottom, 6, 6)
    sheet.page_margins = PageMargins(*(round(mm / 25.4, 4) for mm in inches))
    sheet.print_options.horizontalCentered = True
    if area:
        sheet.print_area = area
    if titles:
        sheet.print_title_rows = titles
    _footer(sheet, page.say("common.page"))
    return scale


def _columns(area: str) -> tuple[str, str]:
    first, _, last = area.partition(":")
    return split(first)[0], split(last)[0]


def _footer(sheet: Worksheet, number: str) -> None:
    """Left the file's name, in whose place the stamp puts the week and the code; right the number of the page."""
    foot: Any = sheet.oddFooter
    foot.left.text, foot.right.text = "&F", number
    for part in (foot.left, foot.right):
        part.size, part.font = FOOTER_SIZE, f"{FONT},Regular"


def open_below(page: PrintedPage, cell: str, top: int, freeze: str) -> None:
    """Open a sheet at a cell, with the rows from `top` to the frozen cell above, and those before `top` (the letterhead) out of sight.

    The program counts the rows that are shown in the upper pane, not those from 1. Who lifts the panes sees the letterhead.
    """
    sheet = page.sheet
    sheet.freeze_panes = freeze
    view = sheet.sheet_view
    assert view.pane is not None
    view.pane.ySplit = split(freeze)[1] - top
    view.topLeftCell = f"A{top}"
    view.zoomScale = 100
    for selection in view.selection:
        selection.activeCell = selection.sqref = cell


# --- the letterhead -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LetterheadFields:
    """The fields that a letterhead shows: names of a kind's cells."""

    parent: str
    office: str
    nation: str
    motto: str
    place_date: str = ""


FORM_LETTERHEAD = LetterheadFields(
    "ev_office_parent", "ev_office_name", "ev_head_nation", "ev_head_motto", "ev_place_date"
)
# Row workbooks have place and date above the signature.
BOOK_LETTERHEAD = LetterheadFields("ev_book_parent", "ev_book_office", "ev_book_nation", "ev_book_motto")


def letterhead(
    page: PrintedPage, fields: LetterheadFields, left: tuple[str, str], right: tuple[str, str], size: float = 14
) -> None:
    """Three rows from the first one on: the body left; the Party's name, or the State's and its motto, right; place and date below.

    A Party letterhead has one underlined line right and a star left; a State letterhead two lines right, the motto underlined, and a rule left.
    The capitals are in the stamped values.

    Args:
        left, right: The first and the last column of each block.
        size: Of the letters; the Party's name and the motto have one point more.
    """
    look = CENTER.but(size=size, shows=TEXT)
    fixed = look.but(shrink=True)  # the words of the Party and the State; a body's long name takes a second line

    def at(block: tuple[str, str], row: int) -> str:
        first, last = f"{block[0]}{row}", f"{block[1]}{row}"
        return first if first == last else f"{first}:{last}"

    page.cell(fields.parent, at(left, 1), look)
    page.cell(fields.office, at(left, 2), look.but(bold=True))
    rule = f'=IF(LEN({fields.nation})=0,"",IF(LEN({fields.motto})=0,"*","_______"))'
    page.put(at(left, 3), rule, CENTER.but(size=size - 2, down="top", wrap=False))
    page.cell(fields.nation, at(right, 1), fixed.but(bold=True))
    page.when(at(right, 1), f"LEN({fields.motto})=0", underline=True)
    page.cell(fields.motto, at(right, 2), fixed.but(bold=True, underline=True))
    if fields.place_date:
        page.cell(fields.place_date, at(right, 3), fixed.but(italic=True))
    for row in (1, 2, 3):
        page.height(row, 18, grows=True)


# --- headers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """What stands above a column: its own words, and a heading that it shares with its neighbours.

    Attributes:
        printed: Whether the column lies in the print area; only those are numbered.
    """

    letter: str
    words: str
    group: str = ""
    printed: bool = True


HEADER_ROWS = 3


def header_rows(page: PrintedPage, row: int, heads: Sequence[ColumnHead], last: int) -> int:
    """Two rows of headers and one of numbers, with the filter's buttons on the numbers; returns the first row of the table.

    Heights are those that the words need; a column without a group has its words over both rows.

    Args:
        row: The first of the three rows.
        last: The last row of the table, which the filter takes in; 0 for no filter.
    """
    below, numbers = row + 1, row + 2
    groups = single = parts = 1
    for (group, printed), members in groupby(heads, key=lambda head: (head.group, head.printed)):
        neighbours = list(members)
        look = HEADER.but(size=_HEADER_SIZE) if printed else HEADER.but(size=_HEADER_SIZE, fill=SCREEN_ONLY)
        if group:
            place = f"{neighbours[0].letter}{row}"
            if len(neighbours) > 1:
                place += f":{neighbours[-1].letter}{row}"
            page.put(place, group, look)
            wide = page.width(neighbours[0].letter, neighbours[-1].letter)
            groups = max(groups, lines(group, wide, _HEADER_SIZE, bold=True))
        for head in neighbours:
            needed = lines(head.words, page.width(head.letter, head.letter), _HEADER_SIZE, bold=True)
            if group:
                page.put(f"{head.letter}{below}", head.words, look)
                parts = max(parts, needed)
            else:
                page.put(f"{head.letter}{row}:{head.letter}{below}", head.words, look)
                single = max(single, needed)
    number, across = 0, "left" if last else "center"  # the filter's buttons are on the right
    for head in heads:
        number += head.printed
        fill = NUMBERING if head.printed else SCREEN_ONLY
        page.put(
            f"{head.letter}{numbers}", f"({number})" if head.printed else None, _NUMBER.but(fill=fill, across=across)
        )
    upper, lower = (_plain_height(count) for count in (groups, parts))
    lower = max(lower, _plain_height(single) - upper)
    page.height(row, upper)
    page.height(below, lower)
    page.height(numbers, 15.5)
    if last:
        page.sheet.auto_filter.ref = f"{heads[0].letter}{numbers}:{heads[-1].letter}{last}"
    return numbers + 1


def _plain_height(count: int) -> float:
    """Headers are centred words of our own: no line to spare."""
    return height(min(count, 2), _HEADER_SIZE) + max(0, count - 2) * 13.5


# --- the place to sign ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signer:
    """One who signs: over which columns, as what, and the expression that gives the name (empty for none)."""

    first: str
    last: str
    title: str
    name: str = ""


def place_to_sign(page: PrintedPage, row: int, signers: Sequence[Signer], place_date: str = "") -> int:
    """Place and date, titles, room for signatures, names; returns the last row. The first row only stands off the table.

    Args:
        place_date: The field of place and date, above the last signer; empty where the letterhead has it.
    """
    page.height(row, 5)
    last = signers[-1]
    if place_date:
        look = CENTER.but(italic=True, size=13, shows=TEXT)
        page.cell(place_date, f"{last.first}{row + 1}:{last.last}{row + 1}", look)
    for signer in signers:

        def at(line: int, final: int = 0, signer: Signer = signer) -> str:
            first, last = f"{signer.first}{row + line}", f"{signer.last}{row + (final or line)}"
            return first if first == last else f"{first}:{last}"

        page.put(at(2), signer.title, CENTER.but(bold=True, size=12))
        page.put(at(3), page.say("common.sign"), CENTER.but(italic=True, size=11))
        name = f'=IF(LEN({signer.name})=0,"",{signer.name})' if signer.name else None
        page.put(at(4, 5), name, CENTER.but(bold=True, size=12, down="bottom"))
    for line, points in ((1, 17.0 if place_date else 4.0), (2, 16.0), (3, 15.0), (4, 34.0), (5, 16.0)):
        page.height(row + line, points)
    return row + 5
