"""What all standard templates are made of: looks, pages, names, validations, protection.

A look is a value; a page puts texts and looks into a sheet and binds names to its cells. Colours mean the same everywhere
(`excel.looks.colours`): pale yellow is for typing, white is locked, pale blue is a task that was given.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from evalxl.domain.rulebook import RuleBook
from evalxl.excel.looks import colours
from evalxl.excel.looks.text import PIXELS, lines
from evalxl.forms.fields import Field, Type, Who, fields_under
from evalxl.forms.kind import SIZES, WorkbookKind
from evalxl.words import Lang, say

FONT = "Times New Roman"
NORMAL = 11  # points: the font of the normal style, whose digit is the unit of column widths


def _opaque(color: str) -> str:
    return f"FF{color}"


INK, PALE, LINK = _opaque(colours.INK), _opaque(colours.FAINT), _opaque(colours.LINK)
RED, GREEN = _opaque(colours.ALERT_INK), _opaque(colours.DONE_INK)
YELLOW, BLUE, HEAD = _opaque(colours.OPEN), _opaque(colours.GIVEN), _opaque(colours.HEADER)
NUMBERING, SCREEN_ONLY, WHITE = _opaque(colours.NUMBERING), _opaque(colours.SCREEN_ONLY), _opaque(colours.WHITE)
GREY = _opaque(colours.NOT_ASKED)
PINK, ALERT, GOOD = _opaque(colours.NEEDED), _opaque(colours.ALERT), _opaque(colours.DONE)
GIVEN_INK = _opaque(colours.GIVEN_INK)
LINES, OPEN_LINES = _opaque(colours.RULE), _opaque(colours.OPEN_RULE)

Horizontal = Literal["left", "center", "right", "general"]
Vertical = Literal["top", "center", "bottom"]


@dataclass(frozen=True, slots=True)
class TemplateLook:
    """How a cell looks, and whether it is locked.

    Attributes:
        rule: The colour of its border.
        indent: Steps by which a text on the left or right stands off the border.
    """

    size: float = 12
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = INK
    fill: str = ""
    border: bool = False
    rule: str = LINES
    across: Horizontal = "left"
    down: Vertical = "center"
    wrap: bool = True
    shrink: bool = False
    indent: int = 0
    shows: str = "General"
    locked: bool = True

    def but(self, **changes: object) -> TemplateLook:
        return replace(self, **changes)  # type: ignore[arg-type]


TEXT, DATE, SCORE, TOTAL = "@", "dd/mm/yyyy", "General", "0.00"

PLAIN = TemplateLook()
CENTER = TemplateLook(across="center")
HEADER = TemplateLook(bold=True, fill=HEAD, border=True, across="center", size=11)
LOCKED = TemplateLook(border=True, indent=1)
INPUT = TemplateLook(fill=YELLOW, border=True, rule=OPEN_LINES, locked=False, shows=TEXT, indent=1)
GIVEN = TemplateLook(fill=BLUE, border=True, bold=True, color=GIVEN_INK, shows=TEXT, indent=1)


def input_look(entry: Field, size: float = 12) -> TemplateLook:
    """The look of a cell that a person types into, by what it holds."""
    if entry.type in (Type.TEXT, Type.NARRATIVE):
        return INPUT.but(size=size, down="top" if entry.type is Type.NARRATIVE else "center")
    if entry.type is Type.CHOICE:
        return INPUT.but(size=size, across="center")
    if entry.type is Type.DATE:
        return INPUT.but(size=size, across="center", shows=DATE)
    return INPUT.but(size=size, across="center", shows=SCORE)


@cache
def _font(size: float, bold: bool, italic: bool, underline: bool, color: str) -> Font:
    return Font(name=FONT, size=size, bold=bold, italic=italic, underline="single" if underline else None, color=color)


@cache
def _fill(color: str) -> PatternFill:
    return PatternFill("solid", fgColor=color) if color else PatternFill()


@cache
def _alignment(across: Horizontal, down: Vertical, wrap: bool, shrink: bool, indent: int) -> Alignment:
    return Alignment(
        horizontal=across, vertical=down, wrap_text=wrap and not shrink, shrink_to_fit=shrink or None, indent=indent
    )


_NO_BOX = Border()
_LOCKED, _OPEN = Protection(locked=True), Protection(locked=False)
# An empty border takes the lines away, and is kept by every program that saves; a white one turns black in LibreOffice. The line above
# stays: it closes the last row that is shown.
_EMPTY_BOX = Border(left=Side(), right=Side(), top=None, bottom=Side())


@cache
def _box(color: str) -> Border:
    side = Side(style="thin", color=color)
    return Border(left=side, right=side, top=side, bottom=side)


def _entries(kind: WorkbookKind, rules: RuleBook) -> dict[str, Field]:
    return _by_name(fields_under(kind, rules))


@cache
def _by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {entry.name: entry for entry in fields}


@dataclass(slots=True)
class PrintedPage:
    """One sheet in the making.

    Attributes:
        growing: The rows whose height is only where they begin: they grow with their text.
        size: For how many people a list of people has rows.
    """

    book: Workbook
    sheet: Worksheet
    lang: Lang
    kind: WorkbookKind
    rules: RuleBook
    growing: set[int] = field(default_factory=set)
    size: int = SIZES[0]

    def entry(self, name: str) -> Field:
        """A field of the kind under the page's rules.

        Raises:
            KeyError: the kind has no such field under these rules.
        """
        return _entries(self.kind, self.rules)[name]

    def room(self, table: str) -> int:
        """How many rows a table has."""
        least = len(self.rules.complexity) if table == "choices_complexity" else 0
        return max(least, self.kind.by_table[table].capacity(self.size))

    def put(self, at: str, content: str | float | None, look: TemplateLook = PLAIN) -> None:
        """A text, number or formula with a look into a cell, or into the top-left cell of a range that is merged."""
        first, _, last = at.partition(":")
        if last:
            for row in self.sheet[at]:
                for cell in row:
                    _dress(cell, look)
            self.sheet.merge_cells(at)
        cell = self.sheet[first]
        _dress(cell, look)
        cell.value = content
        if isinstance(content, str) and content.startswith("=") and look.shows == TEXT:
            cell.number_format = "General"

    def say(self, key: str, **values: object) -> str:
        return say(f"paper.{key}", self.lang, **values)

    def bind(self, name: str, at: str, rows: int = 1) -> None:
        """A workbook-wide name for a cell, or for a column of cells from it down."""
        column, row = split(at)
        place = f"${column}${row}" + (f":${column}${row + rows - 1}" if rows > 1 else "")
        self.book.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(self.sheet.title)}!{place}")

    def cell(self, name: str, at: str, look: TemplateLook, content: str | None = None) -> Field:
        """A field of the kind that is one cell: its name and its look.

        Args:
            at: The cell, or the range to merge.
            content: What stands in the template, a formula or a default.
        """
        entry = self.entry(name)
        assert look.locked is (entry.who is not Who.PERSON), name
        self.put(at, content, look)
        self.bind(name, at.partition(":")[0])
        return entry

    def column(self, name: str, at: str, look: TemplateLook, content: str = "") -> Field:
        """A column of a table: name and look of all its cells. `{row}` in the content is the row's number."""
        entry = self.entry(name)
        assert look.locked is (entry.who is not Who.PERSON), name
        letters, first = split(at)
        rows = self.room(entry.table)
        for row in range(first, first + rows):
            self.put(f"{letters}{row}", content.replace("{row}", str(row)) or None, look)
        self.bind(name, at, rows)
        return entry

    def widths(self, *points: float) -> None:
        """Column widths from A on, in points."""
        self.columns(*(round((width / 0.75 - 5) / PIXELS, 2) for width in points))

    def columns(self, *characters: float) -> None:
        """Column widths from A on, in characters of the workbook's normal font, as the file stores them."""
        for index, width in enumerate(characters, 1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width

    def width(self, first: str, last: str) -> float:
        """The width of consecutive columns in characters."""
        span = range(column_index_from_string(first), column_index_from_string(last) + 1)
        return sum(self.sheet.column_dimensions[get_column_letter(index)].width for index in span)

    def height(self, row: int, points: float, grows: bool = False) -> None:
        """A row's height; a row that grows takes it only until something longer is typed into it."""
        self.sheet.row_dimensions[row].height = points
        if grows:
            self.growing.add(row)

    def when(
        self,
        at: str,
        formula: str,
        fill: str = "",
        color: str = "",
        bold: bool | None = None,
        blank: bool = False,
        underline: bool = False,
    ) -> None:
        """A conditional look for a range; `blank` makes cells as white as paper, without borders."""
        font = None
        if color or bold is not None or underline:
            font = Font(color=color or None, bold=bold, underline="single" if underline else None)
        look = DifferentialStyle(
            font=Font(color=WHITE) if blank else font,
            fill=PatternFill(bgColor=WHITE if blank else fill) if blank or fill else None,
            border=_EMPTY_BOX if blank else None,
        )
        self.sheet.conditional_formatting.add(
            at, Rule(type="expression", formula=[formula], dxf=look, stopIfTrue=blank or None)
        )

    def rows(self, first: int, count: int, points: float) -> None:
        """Heights of table rows, which grow with their text."""
        for row in range(first, first + count):
            self.height(row, points, grows=True)


def _dress(cell: Any, look: TemplateLook) -> None:
    cell.font = _font(look.size, look.bold, look.italic, look.underline, look.color)
    cell.fill = _fill(look.fill)
    cell.border = _box(look.rule) if look.border else _NO_BOX
    indent = look.indent if look.across in ("left", "right") else 0
    cell.alignment = _alignment(look.across, look.down, look.wrap, look.shrink, indent)
    cell.number_format = look.shows
    cell.protection = _LOCKED if look.locked else _OPEN


def split(at: str) -> tuple[str, int]:
    """Column letters and row of a cell's address."""
    letters = at.rstrip("0123456789")
    return letters, int(at[len(letters) :])


def new_book() -> Workbook:
    """An empty workbook whose normal font is the office's, so that column widths are counted in it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    inside: Any = book  # openpyxl has no public way to another normal font
    normal = Font(name=FONT, size=NORMAL, family=1)
    inside._named_styles["Normal"].font = normal
    inside._fonts[0] = normal
    return book


def add_page(
    book: Workbook, title: str, kind: WorkbookKind, rules: RuleBook, lang: Lang, size: int = SIZES[0]
) -> PrintedPage:
    """The workbook's next sheet."""
    sheet = book.create_sheet(title)
    sheet.sheet_view.showGridLines = False
    return PrintedPage(book, sheet, lang, kind, rules, size=size)


def shown_as(label: str) -> str:
    """A number format that prints a label before a text: `Họ và tên: ` before the name that is stamped into the cell.

    So label and value are one line as on paper, an empty value leaves no lonely label, and the cell still holds the bare value.
    """
    return '"' + label.replace('"', "") + '"@'


def sentence(text: str, **places: str) -> str:
    """A text of the catalogue as a formula's expression; each `{place}` becomes the expression given for it."""
    pieces: list[str] = []
    while text:
        before, brace, rest = text.partition("{")
        if before:
            pieces.append(quoted(before))
        if not brace:
            break
        name, _, text = rest.partition("}")
        pieces.append(places[name])
    return "&".join(pieces)


def quoted(text: str) -> str:
    """A text as a formula's literal."""
    assert len(text) <= 255, "Excel takes no longer literal in a formula"
    return '"' + text.replace('"', '""') + '"'


def lines_in(text: str, width: float, size: float) -> int:
    """About how many lines a text takes in a cell of so many points, in Times of that size."""
    return lines(text, width / 0.75 / PIXELS, size)
