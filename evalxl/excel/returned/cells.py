"""Reads the cells of one worksheet part in one strict pass.

A lenient reader could read other numbers than a person sees. So rows and cells must be in order, and none may occur twice.
Each cell has at most one value, of the kind that its type says. Nothing outside the sheet's data or of another namespace counts.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from evalxl.excel.returned.beside_data import LOWEST, Beside
from evalxl.excel.returned.notation import (
    AREA,
    COLUMNS,
    KINDS,
    MAX_COLUMN,
    MAX_ROW,
    MAX_TEXT,
    area_of,
    check_formula,
    column_number,
    measure,
    moved,
    unescape,
    whole,
)
from evalxl.excel.returned.plain_rows import PlainSheet, plain_rows
from evalxl.excel.returned.words_in_runs import PARTS_OF_WORDS, Words
from evalxl.excel.returned.xml_pass import Refused, parse
from evalxl.forms.workbook import Area, At, Cell, Range, Sheet, address

MAX_CELLS = 80_000
MAX_AREA = 1_000_000  # cells of the rectangle around all cells: some readers allocate memory for each
MAX_SHARED = 3_000_000  # characters of all shared formulas after expansion
MAX_ARRAYS = 2000  # array formulas and data tables of a sheet

_MOST_KEPT, _LONGEST_KEPT = 64, 65_536  # cached texts around the data: their number, and the characters of one
_LANGUAGE_OF_DATA = frozenset(("row", "c", "v", "f", "is"))
_DATA_TABLE = "TABLE()"  # the formula that programs show for the cells of a data table
_CALCULATED = Cell("number", "")  # by a formula that stands elsewhere


def read_sheet(name: str, state: str, text: bytes, strings: list[str]) -> Sheet:
    """The cells of a worksheet part.

    Raises:
        Refused: no spreadsheet program writes such a part; names the cell if it is known.
    """
    plain = plain_rows(text)
    sheet = _read_plainly(plain, strings) if plain is not None else None
    return replace(sheet, name=name, state=state) if sheet is not None else read_strictly(name, state, text, strings)


def read_strictly(name: str, state: str, text: bytes, strings: list[str], blanks: bool = False) -> Sheet:
    """The cells of a worksheet part, read cell by cell in one pass, however the part is written.

    Args:
        blanks: Whether the styles of empty cells are kept too.

    Raises:
        Refused: as `read_sheet`.
    """
    reader = _SheetReader(strings, blanks)
    try:
        parse(text, reader.start, reader.end, reader.text)
        reader.finish()
    except Refused as refused:
        raise refused.at(name, reader.place()) from refused.__cause__
    return replace(reader.sheet(), name=name, state=state)


def _read_plainly(plain: PlainSheet, strings: list[str]) -> Sheet | None:
    """A sheet whose rows were read by `plain_rows`; None if the strict pass must find the error, or if the rows were not the sheet's data."""
    try:
        around = (_kept_around if len(plain.around) <= _LONGEST_KEPT else _around)(plain.around)
    except Refused:
        return None
    if around is None:
        return None
    cells: dict[At, Cell] = {}
    for row in plain.rows:
        for at, cell, number in row.cells:
            if number < 0:
                cells[at] = cell
                continue
            raw = strings[number] if number < len(strings) else None
            if raw is None or len(raw) > MAX_TEXT:
                return None
            if raw or cell.formula is not None:
                cells[at] = Cell(cell.kind, raw, cell.formula, cell.style)
    hidden = frozenset(row.number for row in plain.rows if row.hidden)
    flat = frozenset(row.number for row in plain.rows if _is_flat(row.height, row.hidden, around.low))
    return replace(around, cells=cells, hidden_rows=hidden, flat_rows=flat) if len(cells) <= MAX_CELLS else None


def _is_flat(height: float, hidden: bool, low: bool) -> bool:
    return not hidden and (low if height < 0 else height < LOWEST)


def _around(text: bytes) -> Sheet | None:
    """The parts of a worksheet around its data, read without the data; None if what was left out was not the sheet's data."""
    reader = _SheetReader([])
    parse(text, reader.start, reader.end, reader.text)
    return reader.sheet() if reader.seen_data else None


_kept_around = lru_cache(maxsize=_MOST_KEPT)(_around)


class _SheetReader:
    """Handles the XML events of one pass."""

    def __init__(self, strings: list[str], blanks: bool = False) -> None:
        self._keeps_blanks = blanks
        self.blanks: dict[At, int] = {}
        self.beside = Beside()
        self.flat_rows: set[int] = set()
        self.cells: dict[At, Cell] = {}
        self.hidden_rows: set[int] = set()
        self.far: At | None = None
        self._strings = strings
        self._depth = 0  # of the elements around the sheet's data
        self.seen_data = False
        self._bottom = self._right = 0  # of the blanks far away
        self._in_data = self._in_cell = False
        self._words: Words | None = None  # of the cell, while the reader is in them
        self._given = ""
        self._row, self._column = 0, 0
        self._row_digits = "0"
        self._attributes: dict[str, str] = {}  # of the cell
        self._value: list[str] = []
        self._values = 0
        self._formula: list[str] | None = None
        self._shared = ""
        self._array: Area | None = None  # of the cell: what its formula calculates
        self._arrays: list[tuple[Area, str]] = []
        self._masters: dict[str, tuple[At, str]] = {}
        self._written = 0
        self._taking: list[str] | None = None

    def sheet(self) -> Sheet:
        """The result: a sheet. Its name and state are not known here."""
        return replace(
            self.beside.sheet(),
            cells=self.cells,
            hidden_rows=frozenset(self.hidden_rows),
            far=self.far,
            flat_rows=frozenset(self.flat_rows),
            blanks=self.blanks,
        )

    def place(self) -> str:
        """The present cell, if the reader is in the sheet's data."""
        return address((self._row, self._column)) if self._in_data and self._row and self._column else ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._in_data:
            self._start_beside(tag, attributes)
        elif self._words is not None:
            self._words.start(tag)
        elif self._taking is not None:
            raise Refused("file.bad_xml", tag)  # an element within a value
        elif tag == "c":
            self._start_cell(attributes)
        else:
            self._start_data(tag, attributes)

    def _start_beside(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if tag == "sheetData" and self._depth == 2:
            if self.seen_data:
                raise Refused("file.twin_cells")
            self._in_data = self.seen_data = True
        else:
            self.beside.start(tag, attributes)

    def _start_data(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "v" or tag == "is":
            self._values += 1
            if self._values > 1 or not self._in_cell:
                raise Refused("file.twin_cells")
            self._given = tag
            if tag == "v":
                self._taking = self._value
            else:
                self._words = Words("is")
        elif tag == "f":
            self._start_formula(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif tag in PARTS_OF_WORDS:
            raise Refused("file.twin_cells")  # text outside a cell: some readers take it
        elif tag not in _LANGUAGE_OF_DATA:
            raise Refused("file.bad_xml", tag)

    def _start_formula(self, attributes: dict[str, str]) -> None:
        if self._formula is not None or not self._in_cell:
            raise Refused("file.twin_cells")
        self._formula = self._taking = []
        sort = attributes.get("t", "normal")
        self._shared = attributes.get("si", "") if sort == "shared" else ""
        self._array = None
        if sort in ("array", "dataTable") and "ref" in attributes:
            match = AREA.fullmatch(attributes["ref"])
            if not match:
                raise Refused("file.bad_xml", attributes["ref"])
            self._array = area_of(match)

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = whole(attributes["r"]) if "r" in attributes else self._row + 1
        if row <= self._row or self._in_cell:
            raise Refused("file.twin_cells")
        self._row, self._column, self._row_digits = row, 0, str(row)
        hidden = "hidden" in attributes and attributes["hidden"] in ("1", "true")
        if hidden and row <= MAX_ROW:
            self.hidden_rows.add(row)
        elif _is_flat(measure(attributes.get("ht", "")), hidden, self.beside.low):
            self.flat_rows.add(row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            if letters + self._row_digits != reference:
                raise Refused("file.twin_cells")
            column = COLUMNS.get(letters) or column_number(letters)
        if column <= self._column or self._in_cell:
            raise Refused("file.twin_cells")
        self._column = column
        self._attributes = attributes
        self._in_cell = True

    def text(self, data: str) -> None:
        if self._words is not None:
            self._words.text(data)
        elif self._taking is not None:
            self._taking.append(data)
        elif not self._in_data:
            self.beside.text(data)

    def end(self, tag: str) -> None:
        if not self._in_data:
            self._depth -= 1
            self.beside.end(tag)
        elif self._words is not None:
            if self._words.end(tag):
                self._value.append(self._words.content)
                self._words = None
        elif tag == "c":
            self._in_cell = False
            if self._values or self._formula is not None:  # most cells of a workbook are blank cells with a style
                self._end_cell()
                self._value, self._values, self._formula = [], 0, None
            elif self._keeps_blanks and self._row <= MAX_ROW and self._column <= MAX_COLUMN:
                self.blanks[(self._row, self._column)] = whole(self._attributes.get("s", "0"))
        elif tag in ("v", "f"):
            self._taking = None
        elif tag == "sheetData":
            self._in_data = False
            self._formula = None
            self._depth -= 1

    def _end_cell(self) -> None:
        announced = self._attributes.get("t", "n")
        kind = KINDS.get(announced)
        if kind is None:
            raise Refused("file.bad_xml", announced)
        raw = "".join(self._value)
        if self._values and (self._given == "is") != (announced == "inlineStr") and raw:
            raise Refused("file.twin_cells")  # a text although the type announces a number, or the reverse
        formula = None if self._formula is None else self._written_out("".join(self._formula))
        if formula is not None and self._array is not None:
            self._calculates(self._array, formula or _DATA_TABLE)
        if raw == "" and formula is None:
            return
        if announced == "s" and raw:
            number = whole(raw.strip())
            if number >= len(self._strings):
                raise Refused("file.bad_xml", raw)
            raw = self._strings[number]
            if raw == "" and formula is None:
                return
        elif announced in ("inlineStr", "str"):
            raw = unescape(raw)
        if self._row > MAX_ROW or self._column > MAX_COLUMN:
            if formula is not None or raw.strip():
                raise Refused("file.outside_grid", raw)
            # A blank cell far away, left by accident.
            self.far = (self._row, self._column)
            self._bottom, self._right = max(self._bottom, self._row), max(self._right, self._column)
            return
        if len(self.cells) >= MAX_CELLS:
            raise Refused("file.too_many_cells")
        if len(raw) > MAX_TEXT or (formula is not None and len(formula) > MAX_TEXT):
            raise Refused("file.text_too_long")
        self.cells[(self._row, self._column)] = Cell(kind, raw, formula, whole(self._attributes.get("s", "0")))

    def finish(self) -> None:
        """Make the checks and changes that need all cells.

        Raises:
            Refused: there are more cells than a workbook of evalxl has.
        """
        self._spread()
        self._check_area()

    def _check_area(self) -> None:
        """Check the rectangle up to a blank cell far away: it must not fill another reader's memory."""
        if self.far is None:
            return
        bottom = max(self._bottom, max((row for row, _ in self.cells), default=0))
        right = max(self._right, max((column for _, column in self.cells), default=0))
        if bottom * right > MAX_AREA:
            raise Refused("file.outside_grid").at("", address(self.far))

    def _calculates(self, area: Area, formula: str) -> None:
        """Note a formula that calculates all cells of an area, wherever it is written."""
        if len(self._arrays) >= MAX_ARRAYS:
            raise Refused("file.too_many_cells")
        self._arrays.append((area, formula))

    def _spread(self) -> None:
        """Give each cell of an area the formula that calculates it: the file may hold only a value for the cell, or nothing."""
        spread = 0
        for (top, left, bottom, right), formula in self._arrays:
            bottom, right = min(bottom, MAX_ROW), min(right, MAX_COLUMN)
            spread += max(bottom - top + 1, 0) * max(right - left + 1, 0)
            if spread > MAX_CELLS:
                raise Refused("file.too_many_cells")
            for at in Range("", top, left, bottom, right).cells():
                cell = self.cells.get(at, _CALCULATED)
                if cell.formula is None:
                    self.cells[at] = replace(cell, formula=formula)

    def _written_out(self, formula: str) -> str:
        """The cell's own formula. A shared formula is written in its first cell only."""
        check_formula(formula)
        if not self._shared:
            return formula
        at = (self._row, self._column)
        if formula:
            self._masters[self._shared] = (at, formula)
            return formula
        if self._shared not in self._masters:
            return ""
        (row, column), master = self._masters[self._shared]
        self._written += len(master)
        if self._written > MAX_SHARED:
            raise Refused("file.too_many_cells")
        return moved(master, at[0] - row, at[1] - column)
