"""A workbook as plain values: the result of the package `excel` and the input of `forms`.

Rows and columns count from 1, as in Excel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["number", "text", "boolean", "error", "date"]
# How a number is shown; `other` is a custom format that shows another value than the stored one.
Format = Literal["general", "text", "date", "percent", "other"]
At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with content.

    Attributes:
        raw: The value as written in the file: a number's digits, a text's characters.
        formula: The formula's text without `=`; None if there is none. `raw` of a formula cell is a cached value and is never used.
        style: Index into the workbook's formats and locks.
    """

    kind: CellKind
    raw: str
    formula: str | None = None
    style: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of one sheet, all bounds inclusive."""

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
    """A data validation: its kind, its formulas, and the areas where it applies (empty: unknown)."""

    kind: str
    formulas: tuple[str, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell style shows a cell's content.

    Attributes:
        code: The number format.
        another: A second number format under the same number, if the file has two; programs use one or the other.
        font, size: Name, and points.
        ink, paper: The colours of text and fill as RRGGBB; empty if unknown.
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
    """A number format that applies to some cells under a condition (not read here), or a rule that shows a symbol instead of the value.

    Attributes:
        style: Index into the workbook's styles for such cells; -1 if the format is written in the rule.
    """

    areas: tuple[Area, ...]
    style: int = -1
    code: str = ""
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Weblink:
    """A hyperlink of some cells: a file, and a place in it or in the same workbook."""

    area: Area
    target: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet.

    Attributes:
        state: `visible`, `hidden` or `veryHidden`.
        hidden_rows, hidden_columns: Lines that are not shown.
        flat_rows, flat_columns: Lines that are shown with almost no height or width.
        low: Whether rows without a height of their own are invisible.
        blanks: The styles of empty cells, if requested.
        conditionals: Number formats under conditions.
        drawings: The cells under pictures, boxes and charts.
        far: The last blank cell that was left out because it is far away.
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
    """The content of a file.

    Attributes:
        names: Workbook-wide defined names that are one range.
        local_names: Sheet-local names that look like ours: sheet, name, and the range if it is one.
        properties: Custom document properties.
        formats, locks, looks: Per cell style: how it shows a number, whether the cell is locked, and what it looks like.
        odd: The styles that may show another value than the stored one, or are hard to see.
        garbled: A number format that the program spoiled when it saved, read as intended; empty if there is none.
        producer: The program that last saved the file, from the file (`docProps/app.xml`).
        modified_by, modified: Who last saved it and when (`dcterms:modified`), from the file.
        pictures, remarks: The number of parts with pictures, and with comments on cells. Their content is not read.
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
    """The address of a cell as people read it: `(8, 4)` is `D8`."""
    return f"{column_letters(at[1])}{at[0]}"


def at_of(cell: str) -> At:
    """The row and column of an address, for sorting B9 before B10; (0, 0) if there is none."""
    letters = cell.rstrip("0123456789")
    if not letters.isalpha() or not letters.isascii() or letters == cell:
        return 0, 0
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - 64
    return int(cell[len(letters) :]), column
