"""What the workbooks with a row per person have in common: the head, the list, the signature.

The head takes few rows, so that the frozen part leaves room for people; the signature stands below the list, so that it follows the last
person where the rows behind are hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Part, ScoreLine
from evalxl.excel.templates import inputs
from evalxl.excel.templates.parts import (
    BLUE,
    CENTER,
    GREEN,
    HEADER,
    INPUT,
    LINK,
    LOCKED,
    PLAIN,
    RED,
    SCORE,
    TEXT,
    TOTAL,
    PrintedPage,
    TemplateLook,
    input_look,
    lines_in,
    quoted,
    shown_as,
)
from evalxl.forms.fields import Field, Type, Who
from evalxl.words import say

HEAD = 6  # the row of column headers of a list with a letterhead above it
FIRST = HEAD + 1
LINES_HEAD = 3  # the row of column headers of a list with only a title and a note above it

TEXT_CELL = LOCKED.but(shows=TEXT, size=11.5)
SCORE_CELL = LOCKED.but(across="center", shows=SCORE)
TOTAL_CELL = LOCKED.but(across="center", shows=TOTAL, bold=True, size=11)
TYPED_SCORE = INPUT.but(across="center", bold=True, shows=SCORE)
LINK_CELL = TEXT_CELL.but(color=LINK, underline=True, across="center")


@dataclass(frozen=True, slots=True)
class RowColumn:
    """A column of a list.

    Attributes:
        name: The field's name; empty for the row numbers and for helpers.
        label: Its header, a key of the catalogue; of a part's column one that speaks of any part.
        width: In points.
        look: How its cells look; None for what the field's type asks for.
        formula: What the cells calculate; `{row}` is the row's number, `{ev_…}` the letter of that column.
        prompt: The input message, a key of the catalogue; None for no validation of its own.
        part: The rule book's part that the column has scores of.
        heads: What stands above it instead of the label.
    """

    name: str
    label: str
    width: float
    look: TemplateLook | None = None
    formula: str = ""
    prompt: str | None = None
    part: Part | None = None
    heads: str = ""

    def heading(self, page: PrintedPage) -> str:
        """What stands above the column."""
        if self.heads:
            return self.heads
        if self.part is None:
            return page.say(self.label)
        return self.part.label(f"paper.{self.label}", page.lang, maximum=shown(self.part.maximum))


def tallest(columns: Sequence[RowColumn]) -> float:
    """The height of a header row above lines: the longest name of a line sets it."""
    return max(48.0, *(15.0 * lines_in(column.heads, column.width - 8, 11) + 10 for column in columns if column.heads))


def sum_of_cells(lines: Sequence[ScoreLine], prefix: str) -> str:
    """The sum of a row's lines, a formula; empty until each of them is there and may be given."""
    cells = [f"{{{prefix}{line.key}}}{{row}}" for line in lines]
    valid = ",".join(inputs.valid(cell, line) for line, cell in zip(lines, cells, strict=True))
    return f'=IF(COUNT({",".join(cells)})={len(cells)},IF(AND({valid}),ROUND({"+".join(cells)},9),""),"")'


NUMBER = RowColumn("", "common.no", 32, LOCKED.but(across="center"))


def letters_of(columns: Sequence[RowColumn]) -> dict[str, str]:
    """Each field's column letter."""
    return {column.name: get_column_letter(index) for index, column in enumerate(columns, 1) if column.name}


def draw_list(
    page: PrintedPage, head: int, columns: Sequence[RowColumn], tall: float, row_height: float, **facts: str
) -> int:
    """A list: headers, cells, names, validations. A row without its first field is as white as paper.

    Args:
        head: The row of the headers.
        tall: Height of the header row.
        row_height: Height of a row before its text makes it grow; 0 for one line.
        facts: What input messages speak of.

    Returns:
        The last row.
    """
    page.widths(*(column.width for column in columns))
    page.height(head, tall)
    for index, column in enumerate(columns, 1):
        page.put(f"{get_column_letter(index)}{head}", column.heading(page), HEADER)
    return draw_cells(page, head + 1, columns, row_height, **facts)


def draw_cells(page: PrintedPage, first: int, columns: Sequence[RowColumn], row_height: float, **facts: str) -> int:
    """The cells of a list from a row on, with names and validations; returns the last row.

    Args:
        row_height: Height of a row before its text makes it grow; 0 for one line.
        facts: What input messages speak of.
    """
    letters = letters_of(columns)
    rows = next(page.kind.rows_of(page.entry(column.name), page.size) for column in columns if column.name)
    last = first + rows - 1
    if row_height:
        page.rows(first, rows, row_height)
    for index, column in enumerate(columns, 1):
        letter = get_column_letter(index)
        entry = page.entry(column.name) if column.name else None
        if entry is None:
            for row in range(first, last + 1):
                content = _content(column, letters, row) or row - first + 1
                page.put(f"{letter}{row}", content, column.look or LOCKED)
            continue
        formula = _content(column, letters, "{row}")
        page.column(entry.name, f"{letter}{first}", column.look or _look_of(entry), formula)
        if entry.who is Who.PERSON and column.prompt is not None:
            _validate(page, entry, f"{letter}{first}:{letter}{last}", column.prompt, facts)
    return last


def _content(column: RowColumn, letters: dict[str, str], row: int | str) -> str:
    return column.formula.format_map(letters | {"row": str(row)}) if column.formula else ""


def _look_of(entry: Field) -> TemplateLook:
    if entry.who is Who.PERSON:
        return TYPED_SCORE if entry.part else input_look(entry, 11.5)
    return SCORE_CELL if entry.type is Type.SCORE else TEXT_CELL


def _validate(page: PrintedPage, entry: Field, at: str, prompt: str, facts: dict[str, str]) -> None:
    if entry.part:
        inputs.score(page, entry, at, prompt)
    elif entry.choices:
        inputs.choice(page, entry, at, prompt)
    else:
        inputs.other(page, entry, at, prompt, **facts)


def shared_width(texts: float, *shares: float) -> list[float]:
    """A width for texts shared among columns, to a tenth of a character."""
    return [round(texts * share / sum(shares), 1) for share in shares]


def hide_unused(page: PrintedPage, at: str, person: str) -> None:
    """Rows without a person are hidden when the workbook is issued; where a filter brings them back, they are as white as paper."""
    page.when(at, f"LEN({person})=0", blank=True)


def listed(items: Sequence[str], intro: str, end: str = "", nothing: str = '""') -> str:
    """What some items give, as a formula's expression in which each of them stands once: programs work out each row anew at every key.

    Args:
        items: Expressions, each a text that ends in `; `, or empty.
        intro: A text before what is listed.
        end: A text after it.
        nothing: An expression for where no item gives anything.
    """
    mark = "|"
    joined = f'{quoted(intro)}&TRIM({"&".join(items)})&"{mark}"'
    return f'SUBSTITUTE(SUBSTITUTE({joined},{quoted(intro + mark)},{nothing}),";{mark}",{quoted(end)})'


def mark_collectives(page: PrintedPage, at: Mapping[str, str], last: int) -> None:
    """The row of a unit that is evaluated itself is told from a person's at a glance, and not by its title alone."""
    rows = f"{at['ev_row_person']}{FIRST}:{at['ev_row_unit']}{last}"
    page.when(rows, f'${at["ev_row_title"]}{FIRST}="{say("book.collective", page.lang)}"', fill=BLUE)


@dataclass(frozen=True, slots=True)
class HeadWords:
    """What the head of a workbook calls itself, and what stands before its deadline and its owner's name."""

    title: str
    deadline: str
    owner: str


def head(page: PrintedPage, cuts: tuple[str, str, str, str, str], words: HeadWords, left: str, done: str) -> None:
    """Letterhead left and right, title and owner between them, links to the owner's other workbooks at the far right.

    Args:
        cuts: The last columns of the left block, of the two halves of the middle block and of the right block, and the link column.
        left: The formula of what is left to do.
        done: The condition under which nothing is.
    """
    west, half, middle, east, links = cuts
    owner, second, third = (_next(letters) for letters in (west, half, middle))
    line = CENTER.but(shrink=True, shows=TEXT)
    page.cell("ev_book_parent", f"A1:{west}1", line)
    page.cell("ev_book_office", f"A2:{west}2", line.but(bold=True))
    rule = '=IF(LEN(ev_book_nation)=0,"",IF(LEN(ev_book_motto)=0,"*","_______"))'
    page.put(f"A3:{west}3", rule, CENTER.but(bold=True, down="top"))
    page.cell("ev_book_deadline", f"A4:{west}4", PLAIN.but(bold=True, shows=shown_as(words.deadline)))
    page.put(f"{owner}1:{middle}1", words.title, CENTER.but(bold=True, size=14))
    page.cell("ev_book_week_shown", f"{owner}2:{half}2", CENTER.but(italic=True, size=13, shows=TEXT))
    page.cell("ev_book_week", f"{second}2:{middle}2", CENTER.but(shows=shown_as(page.say("book.week"))))
    page.cell("ev_book_owner_name", f"{owner}3:{half}3", PLAIN.but(bold=True, shows=shown_as(words.owner)))
    page.cell("ev_book_owner_title", f"{second}3:{middle}3", PLAIN.but(shows=TEXT))
    page.cell("ev_book_left", f"{owner}4:{half}4", PLAIN.but(bold=True, color=RED), left)
    page.when(f"{owner}4:{half}4", done, color=GREEN)
    page.cell("ev_book_owner", f"{second}4:{middle}4", PLAIN.but(shows=shown_as(page.say("book.owner_code"))))
    page.cell("ev_book_nation", f"{third}1:{east}1", line.but(bold=True))
    page.cell("ev_book_motto", f"{third}2:{east}2", line.but(bold=True, underline=True))
    page.when(f"{third}1:{east}1", "LEN(ev_book_motto)=0", underline=True)
    contact = PLAIN.but(shows=shown_as(page.say("common.contact")), wrap=False, shrink=True)
    page.cell("ev_book_contact", f"{third}4:{east}4", contact)
    page.put(f"{links}1", page.say("book.others"), PLAIN.but(italic=True, across="right", size=11, wrap=False))
    link = PLAIN.but(color=LINK, underline=True, across="right", size=11, shows=TEXT, wrap=False)
    page.column("ev_book_others", f"{links}2", link)
    for row, points in ((1, 21.0), (2, 17.0), (3, 17.0), (4, 17.0)):
        page.height(row, points)


def foot(page: PrintedPage, row: int, first: str, last: str, title: str) -> int:
    """Place, date and signature; returns the last row."""
    page.height(row, 8)
    page.cell("ev_book_place_date", f"{first}{row + 1}:{last}{row + 1}", CENTER.but(italic=True, size=13, shows=TEXT))
    page.put(f"{first}{row + 2}:{last}{row + 2}", page.say(f"common.{title}"), CENTER.but(bold=True, size=13))
    page.put(f"{first}{row + 3}:{last}{row + 3}", page.say("common.sign"), CENTER.but(italic=True))
    name = '=IF(LEN(ev_book_owner_name)=0,"",ev_book_owner_name)'
    page.put(f"{first}{row + 7}:{last}{row + 7}", name, CENTER.but(bold=True, size=13))
    for line in range(row + 1, row + 8):
        page.height(line, 17)
    return row + 7


def _next(letters: str) -> str:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return get_column_letter(number + 1)
