"""The list of people in which a manager or an approver decides, and which is signed: head, columns on paper and for the screen, place to sign.

The columns that are printed and numbered stand together; those for the screen alone lie left of them (what a person looks at first) and right of
them (what helps, and what only the office types). Above the list stand whose it is, how much is left, and the cells that speak for all rows:
that much stays on the screen, the letterhead above it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from openpyxl.utils import column_index_from_string, get_column_letter

from evalxl.excel.templates import inputs
from evalxl.excel.templates.books import HeadWords, RowColumn, draw_cells, letters_of
from evalxl.excel.templates.page_layout import (
    BOOK_LETTERHEAD,
    HEADER_ROWS,
    TITLE,
    WEEK,
    ColumnHead,
    Signer,
    header_rows,
    letterhead,
    on_paper,
    open_below,
    place_to_sign,
)
from evalxl.excel.templates.parts import (
    GOOD,
    GREEN,
    INPUT,
    LINK,
    PALE,
    PLAIN,
    RED,
    TEXT,
    PrintedPage,
    shown_as,
)
from evalxl.forms.fields import NO, YES

OWNER_ROW, ONCE_ROW, HEADS = 6, 7, 8  # the first row that stays on the screen, the cells for all rows, the headers
FIRST = HEADS + HEADER_ROWS


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the list.

    Attributes:
        column: What its cells hold.
        wide: Its width in characters.
        group: A heading that it shares with its neighbours.
        printed: Whether it is on the paper; else it is for the screen alone.
    """

    column: RowColumn
    wide: float
    group: str = ""
    printed: bool = True


@dataclass(frozen=True, slots=True)
class Once:
    """A cell that speaks for all rows: its field, the words before it, and the column in which it stands."""

    name: str
    words: str
    column: str


@dataclass(frozen=True, slots=True)
class SheetList:
    """The columns of a list, with their letters.

    Attributes:
        heads: The first of its three rows of headers.
        at: The letter of each field's column.
        west, east: The first and the last printed column.
        end: The last column.
    """

    page: PrintedPage
    columns: Sequence[ListColumn]
    table: str
    heads: int
    at: Mapping[str, str] = field(init=False)
    west: str = field(init=False)
    east: str = field(init=False)
    end: str = field(init=False)

    def __post_init__(self) -> None:
        printed = [number for number, one in enumerate(self.columns, 1) if one.printed]
        object.__setattr__(self, "at", letters_of([one.column for one in self.columns]))
        object.__setattr__(self, "west", get_column_letter(printed[0]))
        object.__setattr__(self, "east", get_column_letter(printed[-1]))
        object.__setattr__(self, "end", get_column_letter(len(self.columns)))

    @property
    def first(self) -> int:
        """The first row of the list."""
        return self.heads + HEADER_ROWS

    @property
    def last(self) -> int:
        """The last row of the list."""
        return self.first - 1 + self.page.room(self.table)

    @property
    def titles(self) -> str:
        """The rows that every printed page repeats."""
        return f"{self.heads}:{self.first - 1}"

    def rows(self, name: str, until: str = "") -> str:
        """The cells of a column, or of columns from one to another."""
        return f"{self.at[name]}{self.first}:{self.at[until or name]}{self.last}"

    def draw(self, row_height: float, **facts: str) -> None:
        """Widths, headers, cells.

        Args:
            row_height: Height of a row before its text makes it grow.
            facts: What input messages speak of.
        """
        page = self.page
        page.columns(*(one.wide for one in self.columns))
        heads = [
            ColumnHead(get_column_letter(number), one.column.heading(page), one.group, one.printed)
            for number, one in enumerate(self.columns, 1)
        ]
        header_rows(page, self.heads, heads, self.last)
        draw_cells(page, self.first, [one.column for one in self.columns], row_height, **facts)

    def cuts(self, *shares: float) -> list[tuple[str, str]]:
        """The printed columns cut into blocks, each about so large a share of their width: the first and the last column of each."""
        first, last = column_index_from_string(self.west), column_index_from_string(self.east)
        whole = self.page.width(self.west, self.east)
        edges, filled, sought = [first], 0.0, 0.0
        for after, share in zip(range(len(shares) - 1, 0, -1), shares, strict=False):
            sought += share * whole
            column = edges[-1]
            while column < last and filled + self.columns[column - 1].wide / 2 < sought:
                filled += self.columns[column - 1].wide
                column += 1
            edges.append(min(max(column, edges[-1] + 1), last + 1 - after))  # each block after it has a column
        edges.append(last + 1)
        return [(get_column_letter(left), get_column_letter(right - 1)) for left, right in pairwise(edges)]


def decision_list(page: PrintedPage, columns: Sequence[ListColumn], table: str) -> SheetList:
    """The list with a letterhead above it."""
    return SheetList(page, columns, table, HEADS)


def head(drawn: SheetList, words: HeadWords, left: str, done: str, once: Sequence[Once], legend: str) -> None:
    """Letterhead, title and week; whose list it is, what is left and until when; the cells for all rows; on the screen the owner's other workbooks.

    Args:
        left: The formula of what is left to do.
        done: The condition under which nothing is.
        legend: How the list is used, for the screen alone.
    """
    page, west, east = drawn.page, drawn.west, drawn.east
    body, _, country = drawn.cuts(0.36, 0.24, 0.40)
    letterhead(page, BOOK_LETTERHEAD, body, country)
    page.put(f"{west}4:{east}4", words.title, TITLE)
    page.cell("ev_book_week_shown", f"{west}5:{east}5", WEEK)
    owner, post, count, deadline = drawn.cuts(0.27, 0.23, 0.22, 0.28)
    bold = PLAIN.but(bold=True, size=12)
    page.cell("ev_book_owner_name", _span(owner, OWNER_ROW), bold.but(shows=shown_as(words.owner)))
    page.cell("ev_book_owner_title", _span(post, OWNER_ROW), PLAIN.but(size=12, shows=TEXT))
    page.cell("ev_book_left", _span(count, OWNER_ROW), bold.but(color=RED, across="center"), left)
    page.when(_span(count, OWNER_ROW), done, color=GREEN)
    due = bold.but(across="right", shows=shown_as(words.deadline))
    page.cell("ev_book_deadline", _span(deadline, OWNER_ROW), due)
    _once(drawn, once)
    _beside(drawn, legend)
    for row, points in ((4, 21.0), (5, 17.0), (OWNER_ROW, 18.0), (ONCE_ROW, 19.0)):
        page.height(row, points, grows=True)


def _span(block: tuple[str, str], row: int) -> str:
    first, last = f"{block[0]}{row}", f"{block[1]}{row}"
    return first if first == last else f"{first}:{last}"


def _once(drawn: SheetList, once: Sequence[Once]) -> None:
    """Each cell for all rows in a column that is typed in, with its words left of it."""
    page, start = drawn.page, column_index_from_string(drawn.west)
    for one in once:
        cell, before = f"{one.column}{ONCE_ROW}", column_index_from_string(one.column) - 1
        words = (get_column_letter(start), get_column_letter(before))
        page.put(_span(words, ONCE_ROW), one.words, PLAIN.but(size=11, across="right", color=PALE))
        entry = page.cell(one.name, cell, INPUT.but(bold=True, across="center", size=10, wrap=False), NO)
        inputs.choice(page, entry, cell, one.name.removeprefix("ev_"))
        page.when(cell, f'{one.name}="{YES}"', fill=GOOD, color=GREEN)
        start = before + 2


def _beside(drawn: SheetList, legend: str) -> None:
    """What stands on the screen alone: codes left of the list, how it is used and links to other workbooks right of it."""
    page, small = drawn.page, PLAIN.but(size=10, color=PALE)
    right = get_column_letter(column_index_from_string(drawn.east) + 1)
    page.cell("ev_book_owner", f"A{OWNER_ROW}", small.but(shows=TEXT, shrink=True))
    page.cell("ev_book_week", f"A{ONCE_ROW}", small.but(shows=TEXT, shrink=True))
    page.put(f"{right}3:{drawn.end}5", legend, small.but(down="top"))
    page.cell(
        "ev_book_contact",
        f"{right}{OWNER_ROW}:{drawn.end}{OWNER_ROW}",
        small.but(shows=shown_as(page.say("common.contact"))),
    )
    links = get_column_letter(column_index_from_string(drawn.end) + 1)
    page.sheet.column_dimensions[links].width = 24
    page.put(f"{links}{OWNER_ROW}", page.say("book.others"), small.but(italic=True, wrap=False))
    page.column(
        "ev_book_others", f"{links}{ONCE_ROW}", PLAIN.but(color=LINK, underline=True, size=11, shows=TEXT, wrap=False)
    )


def foot(drawn: SheetList, title: str) -> None:
    """The place to sign below the list, the paper, and where the sheet opens: at the first cell to type into."""
    page = drawn.page
    signer = drawn.cuts(0.62, 0.38)[1]
    where = Signer(*signer, page.say(f"common.{title}"), "ev_book_owner_name")
    bottom = place_to_sign(page, drawn.last + 1, [where], "ev_book_place_date")
    on_paper(page, f"{drawn.west}1:{drawn.east}{bottom}", titles=drawn.titles)


def open_list(drawn: SheetList, cell: str, name: str) -> None:
    """Open the sheet at the first cell of a column, with the columns up to the one of names frozen."""
    freeze = get_column_letter(column_index_from_string(drawn.at[name]) + 1)
    open_below(drawn.page, f"{drawn.at[cell]}{FIRST}", OWNER_ROW, f"{freeze}{FIRST}")


def screen(column: RowColumn, wide: float) -> ListColumn:
    """A column for the screen alone."""
    return ListColumn(column, wide, printed=False)


def grouped(columns: Sequence[ListColumn], group: str) -> list[ListColumn]:
    """Columns under one heading."""
    return [replace(one, group=group) for one in columns]
