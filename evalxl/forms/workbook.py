"""A workbook as plain values: what the excel room reads and what the forms room understands.

Rows and columns count from 1, as in Excel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["number", "text", "boolean", "error", "date"]
# How a number is shown; `other` is a format of somebody's own that shows something else than what is stored.
Format = Literal["general", "text", "date", "percent", "other"]
At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with something in it.

    Attributes:
        raw: The value as the file writes it: a number's digits, a text's characters.
        formula: The formula's text without `=`; None where there is none. `raw` of a formula cell is a cached value and is never used.
        style: Index into the workbook's formats and locks.
    """

    kind: CellKind
    raw: str
    formula: str | None = None
    style: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """A place: a rectangle of one sheet, all bounds inclusive."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def cells(self) -> Iterator[At]:
        return ((row, col) for row in range(self.top, self.bottom + 1) for col in range(self.left, self.right + 1))


Area = tuple[int, int, int, int]  # top, left, bottom, right, all inclusive


def covers(area: Area, at: At) -> bool:
    return area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3]


@dataclass(frozen=True, slots=True)
class Validation:
    """What a program lets into some cells: the kind of rule, its formulas, and where it applies (nothing: not known)."""

    kind: str
    formulas: tuple[str, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell style shows what stands in a cell.

    Attributes:
        code: The number format.
        another: A second number format of the same number, where the file says two; programs take one or the other.
        font, size: Name, and points.
        ink, paper: The colours of text and fill as RRGGBB; empty where they are not known.
        repeats: Whether the text is repeated until it fills the cell.
    """

    code: str = "General"
    another: str = ""
    font: str = ""
    size: float = 11.0
    ink: str = "000000"
    paper: str = "FFFFFF"
    repeats: bool = False


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Conditional:
    """A number format that applies to some cells under a condition, which is not known here; or a rule that shows a sign instead of the value.

    Attributes:
        style: Index into the workbook's styles for such cells; -1 where the format is written in the rule.
    """

    areas: tuple[Area, ...]
    style: int = -1
    code: str = ""
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Weblink:
    """Where a click on some cells leads: a file, and a place in it or in the same workbook."""

    area: Area
    target: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet.

    Attributes:
        state: `visible`, `hidden` or `veryHidden`.
        hidden_rows, hidden_columns: Lines that are not shown.
        flat_rows, flat_columns: Lines that are shown with no height or width to speak of.
        low: Whether rows that say nothing of their height have none.
        blanks: The styles of cells that hold nothing, where they were asked for.
        conditionals: Number formats under conditions.
        drawings: The cells that pictures, boxes and charts lie over.
        far: The last blank that stands so far away that it was left out.
    """

    name: str
    state: str
    cells: Mapping[At, Cell]
    protected: bool = False
    validations: tuple[Validation, ...] = ()
    merges: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    far: At | None = None
    flat_rows: frozenset[int] = frozenset()
    flat_columns: frozenset[int] = frozenset()
    low: bool = False
    blanks: Mapping[At, int] = field(default_factory=dict)
    conditionals: tuple[Conditional, ...] = ()
    drawings: tuple[Area, ...] = ()
    links: tuple[Weblink, ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a file says.

    Attributes:
        names: Workbook-wide defined names that are one range.
        local_names: Names of ours that a sheet has for itself: sheet, name, and the range if it is one.
        properties: Custom document properties.
        formats, locks, looks: Per cell style: how its number is shown, whether the cell is locked, and what it looks like.
        odd: The styles that may show something else than the value, or are hard to see.
        garbled: A number format that the program spoiled when it saved, read as it was meant; empty where there is none.
        producer: The program that saved the file last, as the file says (`docProps/app.xml`).
        modified_by, modified: Who saved it last and when (`dcterms:modified`), as the file says.
        pictures, remarks: How many parts hold pictures, and remarks beside cells; what they say is not read.
    """

    sheets: Mapping[str, Sheet]
    names: Mapping[str, Range]
    properties: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[Format, ...] = ()
    locks: tuple[bool, ...] = ()
    looks: tuple[Look, ...] = ()
    odd: frozenset[int] = frozenset()
    garbled: str = ""
    producer: str = ""
    modified_by: str = ""
    modified: str = ""
    pictures: int = 0
    remarks: int = 0
    local_names: tuple[tuple[str, str, Range | None], ...] = ()

    def cell(self, sheet: str, at: At) -> Cell | None:
        page = self.sheets.get(sheet)
        return page.cells.get(at) if page else None

    def format_of(self, cell: Cell) -> Format:
        return self.formats[cell.style] if cell.style < len(self.formats) else "general"

    def look_of(self, style: int) -> Look:
        return self.looks[style] if style < len(self.looks) else PLAIN

    def is_locked(self, cell: Cell) -> bool:
        return self.locks[cell.style] if cell.style < len(self.locks) else True


def column_letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(at: At) -> str:
    """`(8, 4)` as people read it: `D8`."""
    return f"{column_letters(at[1])}{at[0]}"


def at_of(cell: str) -> At:
    """The row and column of an address as people read it, so that B9 comes before B10; (0, 0) where there is none."""
    letters = cell.rstrip("0123456789")
    if not letters.isalpha() or not letters.isascii() or letters == cell:
        return 0, 0
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - 64
    return int(cell[len(letters) :]), column
