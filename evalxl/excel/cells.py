"""The cells of one worksheet part, in one strict pass.

Strict where a lenient reader could be shown other numbers than a person sees: rows and cells are in order, none stands twice, each has one
value at most, and nothing outside the sheet's data or of another namespace counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from evalxl.excel.strict import Refused, parse
from evalxl.forms.workbook import At, Cell, CellKind, Sheet, column_letters

MAX_CELLS = 60_000
MAX_ROW, MAX_COLUMN = 3000, 200
MAX_TEXT = 65_536  # characters of one cell; Excel takes half of that
MAX_SHARED = 5_000_000  # characters of shared formulas, written out

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_KINDS: dict[str, CellKind] = {
    "n": "number",
    "b": "boolean",
    "e": "error",
    "str": "text",
    "inlineStr": "text",
    "s": "text",
    "d": "date",
}


def read_sheet(name: str, state: str, text: bytes, strings: list[str]) -> Sheet:
    """The cells of a worksheet part.

    Raises:
        Refused: the part is not one that a spreadsheet program writes.
    """
    reader = _SheetReader(strings)
    parse(text, reader.start, reader.end, reader.text)
    return Sheet(name, state, reader.cells, reader.protected, reader.validations, reader.merges)


def unescape(text: str) -> str:
    """Office writes a control character as `_x000D_`; this is the character. Half a character is left as it is written."""
    return _ESCAPED.sub(_meant, text) if "_x" in text else text


def _meant(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if 0xD800 <= number < 0xE000 else chr(number)


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """`AA` is 27.

    Raises:
        Refused: no column has such a name.
    """
    if not _LETTERS.fullmatch(letters):
        raise Refused("file.twin_cells")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def whole(text: str) -> int:
    """A row's number, a style's or a shared text's: plain digits, nothing else that Python would take for a number.

    Raises:
        Refused: it is something else.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Refused("file.bad_xml")
    return int(text)


class _SheetReader:
    """Takes the events of one pass."""

    def __init__(self, strings: list[str]) -> None:
        self.cells: dict[At, Cell] = {}
        self.protected = False
        self.validations = 0
        self.merges = 0
        self._strings = strings
        self._in_data = self._in_cell = self._phonetic = False
        self._row, self._column = 0, 0
        self._row_digits = "0"
        self._kind = "n"
        self._style = "0"
        self._value: list[str] = []
        self._values = 0
        self._formula: list[str] | None = None
        self._shared = ""
        self._masters: dict[str, tuple[At, str]] = {}
        self._written = 0
        self._taking: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._in_data:
            self._start_data(tag, attributes)
        elif tag == "sheetData":
            self._in_data = True
        elif tag == "sheetProtection":
            self.protected = attributes.get("sheet", "0") in ("1", "true")
        elif tag == "dataValidation":
            self.validations += 1
        elif tag == "mergeCell":
            self.merges += 1

    def _start_data(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or (tag == "is" and self._in_cell):
            self._values += 1
            if self._values > 1:
                raise Refused("file.twin_cells")
            if tag == "v":
                self._taking = self._value
        elif tag == "t":
            self._taking = None if self._phonetic else self._value
        elif tag == "f":
            if self._formula is not None:
                raise Refused("file.twin_cells")
            self._formula = self._taking = []
            self._shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "rPh":
            self._phonetic = True

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = whole(attributes["r"]) if "r" in attributes else self._row + 1
        if row <= self._row or self._in_cell or "xmlns" in attributes:
            raise Refused("file.twin_cells")
        self._row, self._column, self._row_digits = row, 0, str(row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            if reference[len(letters) :] != self._row_digits:
                raise Refused("file.twin_cells")
            column = column_number(letters)
        if column <= self._column or self._in_cell or "xmlns" in attributes:
            raise Refused("file.twin_cells")
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._in_cell = True
        if self._values or self._formula is not None:
            self._value, self._values, self._formula = [], 0, None

    def text(self, data: str) -> None:
        if self._taking is not None:
            self._taking.append(data)

    def end(self, tag: str) -> None:
        if tag == "c":
            self._in_cell = False
            if self._values or self._formula is not None:
                self._end_cell()
        elif tag in ("v", "t", "f"):
            self._taking = None
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "sheetData":
            self._in_data = False

    def _end_cell(self) -> None:
        if self._kind not in _KINDS:
            raise Refused("file.bad_xml")
        raw = "".join(self._value)
        formula = None if self._formula is None else self._written_out("".join(self._formula))
        if raw == "" and formula is None:
            return
        if self._row > MAX_ROW or self._column > MAX_COLUMN or len(self.cells) >= MAX_CELLS:
            raise Refused("file.outside_grid")
        if self._kind == "s":
            number = whole(raw.strip())
            if number >= len(self._strings):
                raise Refused("file.bad_xml")
            raw = self._strings[number]
            if raw == "" and formula is None:
                return
        elif self._kind in ("inlineStr", "str"):
            raw = unescape(raw)
        if len(raw) > MAX_TEXT or (formula is not None and len(formula) > MAX_TEXT):
            raise Refused("file.too_large")
        self.cells[(self._row, self._column)] = Cell(_KINDS[self._kind], raw, formula, whole(self._style))

    def _written_out(self, formula: str) -> str:
        """A formula that is shared down a column stands in its first cell only; here each cell gets its own."""
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
            raise Refused("file.too_large")
        return moved(master, at[0] - row, at[1] - column)


# A text, a quoted sheet, or a reference to a cell that is neither part of a name nor a sheet or function.
_PLACES = re.compile(
    r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|(?<![\w.$\\])(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!])"""
)


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads so many rows down and columns to the right: relative references move along."""

    def place(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[0]
        column = match[3] if match[2] else column_letters(column_number(match[3]) + columns)
        row = match[5] if match[4] else str(int(match[5]) + rows)
        return f"{match[2]}{column}{match[4]}{row}"

    return _PLACES.sub(place, formula)
