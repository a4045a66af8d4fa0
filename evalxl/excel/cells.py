"""The cells of one worksheet part, in one strict pass.

Strict where a lenient reader could be shown other numbers than a person sees: rows and cells are in order, none stands twice, each has one
value at most, of the sort that its type says, and nothing outside the sheet's data or of another namespace counts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from evalxl.excel.strict import Refused, parse
from evalxl.forms.workbook import Area, At, Cell, CellKind, Sheet, Validation, address, column_letters

MAX_CELLS = 60_000
MAX_ROW, MAX_COLUMN = 3000, 200
MAX_MERGES = 2000
MAX_AREA = 1_000_000  # cells of the rectangle around everything: some readers keep a place for each
MAX_TEXT = 65_536  # characters of one cell; Excel takes half of that
MAX_RULE = 1000  # characters kept of a validation's formula
MAX_RULES, MAX_RULED = 1000, 10_000  # validations of a sheet, and the areas of all of them
MAX_SHARED = 3_000_000  # characters of shared formulas, written out

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
# What a formula does when a workbook is opened: starts a program, or asks a server. Texts in it are left out before it is looked at.
_QUOTED = re.compile(r'"[^"]*"')
_SHEET = re.compile(r"'(?:[^']|'')*'")
_ASKS = re.compile(
    r"\b(WEBSERVICE|RTD|IMAGE|IMPORT(?:DATA|XML|HTML|FEED|RANGE)|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|DDE)\s*\(",
    re.I,
)
_OTHER_BOOK = re.compile(r"\[[^\[\]]+\][^\[\]!]*!")
_TEXTS_BESIDE = frozenset(("formula", "formula1", "formula2", "f", "sqref"))
_LANGUAGE_OF_DATA = frozenset(("row", "c", "v", "f", "is", "t", "r", "rPr", "rPh", "phoneticPr"))
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
        Refused: the part is not one that a spreadsheet program writes; says at which cell, where it is one.
    """
    reader = _SheetReader(strings)
    try:
        parse(text, reader.start, reader.end, reader.text)
        reader.check_area()
    except Refused as refused:
        raise refused.at(name, reader.place()) from refused.__cause__
    return Sheet(
        name,
        state,
        reader.cells,
        reader.protected,
        tuple(reader.validations),
        tuple(reader.merges),
        frozenset(reader.hidden_rows),
        frozenset(reader.hidden_columns),
        reader.far,
    )


def unescape(text: str) -> str:
    """Office writes a control character as `_x000D_`; this is the character. Half a character is left as it is written."""
    return _ESCAPED.sub(_meant, text) if "_x" in text else text


def _meant(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if 0xD800 <= number < 0xE000 else chr(number)


def areas(text: str) -> tuple[Area, ...]:
    """`B6:B45 D6` as areas; what is no place of cells is left out."""
    return tuple(_area(match) for piece in text.split() if (match := _AREA.fullmatch(piece)))


def _area(match: re.Match[str]) -> Area:
    top, left = int(match[2]), column_number(match[1])
    return top, left, int(match[4] or top), column_number(match[3]) if match[3] else left


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


@lru_cache(maxsize=4096)
def whole(text: str) -> int:
    """A row's number, a style's or a shared text's: plain digits, nothing else that Python would take for a number. There are few, and every cell has one.

    Raises:
        Refused: it is something else.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Refused("file.bad_xml")
    return int(text)


_COLUMNS = {column_letters(number): number for number in range(1, MAX_COLUMN + 1)}


class _SheetReader:
    """Takes the events of one pass."""

    def __init__(self, strings: list[str]) -> None:
        self.cells: dict[At, Cell] = {}
        self.protected = False
        self.validations: list[Validation] = []
        self.merges: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.far: At | None = None
        self._ruled = 0  # areas of all validations
        self._beside: list[str] = []  # a text outside the sheet's data, and the element that it stands in
        self._within = ""
        self._strings = strings
        self._depth = 0  # of the elements around the sheet's data
        self._seen_data = False
        self._bottom = self._right = 0  # of the blanks far away
        self._in_data = self._in_cell = self._in_words = self._phonetic = False
        self._plain = self._runs = self._in_run = False  # of words in a cell: whole, in pieces, within a piece
        self._given = ""
        self._row, self._column = 0, 0
        self._row_digits = "0"
        self._attributes: dict[str, str] = {}  # of the cell
        self._value: list[str] = []
        self._values = 0
        self._formula: list[str] | None = None
        self._shared = ""
        self._masters: dict[str, tuple[At, str]] = {}
        self._written = 0
        self._taking: list[str] | None = None

    def place(self) -> str:
        """Where the reader is, as far as it is in the sheet's data."""
        return address((self._row, self._column)) if self._in_data and self._row and self._column else ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._in_data:
            self._start_beside(tag, attributes)
        elif self._taking is not None:
            raise Refused("file.bad_xml", tag)  # an element within a value
        elif tag == "c":
            self._start_cell(attributes)
        else:
            self._start_data(tag, attributes)

    def _start_beside(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if tag == "sheetData" and self._depth == 2:
            if self._seen_data:
                raise Refused("file.twin_cells")
            self._in_data = self._seen_data = True
        elif tag == "sheetProtection":
            self.protected = attributes.get("sheet", "0") in ("1", "true")
        elif tag.rpartition(" ")[2] == "dataValidation":
            self._rule(attributes.get("type", "none"), attributes.get("sqref", ""))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden", "0") in ("1", "true"):
            first, last = whole(attributes.get("min", "")), whole(attributes.get("max", ""))
            self.hidden_columns |= set(range(first, min(last, MAX_COLUMN) + 1))
        elif self._taking is None and tag.rpartition(" ")[2] in _TEXTS_BESIDE:
            self._taking = self._beside = []
            self._within = tag

    def _merge(self, reference: str) -> None:
        match = _AREA.fullmatch(reference)
        if not match:
            raise Refused("file.bad_xml", reference)
        if len(self.merges) >= MAX_MERGES:
            raise Refused("file.too_many_cells", reference)
        self.merges.append(_area(match))

    def _rule(self, kind: str, places: str) -> None:
        if len(self.validations) >= MAX_RULES:
            raise Refused("file.too_many_cells", places)
        self.validations.append(Validation(kind, (), self._places(places)))

    def _places(self, text: str) -> tuple[Area, ...]:
        found = areas(text)
        self._ruled += len(found)
        if self._ruled > MAX_RULED:
            raise Refused("file.too_many_cells")
        return found

    def _start_data(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "v" or tag == "is":
            self._values += 1
            if self._values > 1 or self._in_words or not self._in_cell:
                raise Refused("file.twin_cells")
            self._given = tag
            if tag == "v":
                self._taking = self._value
            else:
                self._in_words = True
                self._plain = self._runs = self._in_run = False
        elif tag == "t":
            # One text, or several runs of it: of both together one reader takes the first, another all.
            if not self._in_words or (not self._phonetic and self._plain):
                raise Refused("file.twin_cells")
            self._taking = [] if self._phonetic else self._value
            self._plain = self._plain or not (self._phonetic or self._in_run)
            if self._plain and self._runs:
                raise Refused("file.twin_cells")
        elif tag == "f":
            if self._formula is not None or self._in_words or not self._in_cell:
                raise Refused("file.twin_cells")
            self._formula = self._taking = []
            self._shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "r" and self._in_words:
            self._in_run = self._runs = True
            if self._plain:
                raise Refused("file.twin_cells")
        elif tag not in _LANGUAGE_OF_DATA and not self._in_words:
            raise Refused("file.bad_xml", tag)

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = whole(attributes["r"]) if "r" in attributes else self._row + 1
        if row <= self._row or self._in_cell:
            raise Refused("file.twin_cells")
        self._row, self._column, self._row_digits = row, 0, str(row)
        if "hidden" in attributes and attributes["hidden"] in ("1", "true") and row <= MAX_ROW:
            self.hidden_rows.add(row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            if letters + self._row_digits != reference:
                raise Refused("file.twin_cells")
            column = _COLUMNS.get(letters) or column_number(letters)
        if column <= self._column or self._in_cell:
            raise Refused("file.twin_cells")
        self._column = column
        self._attributes = attributes
        self._in_cell = True

    def text(self, data: str) -> None:
        if self._taking is not None:
            self._taking.append(data)

    def end(self, tag: str) -> None:
        if not self._in_data:
            self._depth -= 1
            if self._taking is not None and tag == self._within:
                self._taking = None
                self._end_beside(tag.rpartition(" ")[2], "".join(self._beside).strip())
        elif tag == "c":
            self._in_cell = False
            if self._values or self._formula is not None:  # most cells of a workbook are blank ones with a style
                self._end_cell()
                self._value, self._values, self._formula = [], 0, None
        elif tag in ("v", "t", "f"):
            self._taking = None
        elif tag == "is":
            self._in_words = False
        elif tag == "r":
            self._in_run = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "sheetData":
            self._in_data = False
            self._formula = None
            self._depth -= 1

    def _end_beside(self, tag: str, said: str) -> None:
        """A formula or the places of a rule, which newer programs write in a language of their own."""
        if tag != "sqref":
            check_formula(said)
        if not self.validations:
            return
        rule = self.validations[-1]
        if tag in ("formula1", "formula2"):
            self.validations[-1] = replace(rule, formulas=(*rule.formulas, said[:MAX_RULE])[:2])
        elif tag == "sqref" and not rule.areas:
            self.validations[-1] = replace(rule, areas=self._places(said))

    def _end_cell(self) -> None:
        said = self._attributes.get("t", "n")
        kind = _KINDS.get(said)
        if kind is None:
            raise Refused("file.bad_xml", said)
        raw = "".join(self._value)
        if self._values and (self._given == "is") != (said == "inlineStr") and raw:
            raise Refused("file.twin_cells")  # a text where a number is announced, or the other way round
        formula = None if self._formula is None else self._written_out("".join(self._formula))
        if raw == "" and formula is None:
            return
        if said == "s" and raw:
            number = whole(raw.strip())
            if number >= len(self._strings):
                raise Refused("file.bad_xml", raw)
            raw = self._strings[number]
            if raw == "" and formula is None:
                return
        elif said in ("inlineStr", "str"):
            raw = unescape(raw)
        if self._row > MAX_ROW or self._column > MAX_COLUMN:
            if formula is not None or raw.strip():
                raise Refused("file.outside_grid", raw)
            # A blank that somebody left far away by a slip.
            self.far = (self._row, self._column)
            self._bottom, self._right = max(self._bottom, self._row), max(self._right, self._column)
            return
        if len(self.cells) >= MAX_CELLS:
            raise Refused("file.too_many_cells")
        if len(raw) > MAX_TEXT or (formula is not None and len(formula) > MAX_TEXT):
            raise Refused("file.text_too_long")
        self.cells[(self._row, self._column)] = Cell(kind, raw, formula, whole(self._attributes.get("s", "0")))

    def check_area(self) -> None:
        """A blank may lie far away, but not so far that the rectangle up to it fills another reader's memory."""
        if self.far is None:
            return
        bottom = max(self._bottom, max((row for row, _ in self.cells), default=0))
        right = max(self._right, max((column for _, column in self.cells), default=0))
        if bottom * right > MAX_AREA:
            raise Refused("file.outside_grid").at("", address(self.far))

    def _written_out(self, formula: str) -> str:
        """A formula that is shared down a column stands in its first cell only; here each cell gets its own."""
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


@lru_cache(maxsize=4096)
def check_formula(formula: str) -> None:
    """Whoever opens the workbook, in the office or elsewhere, must start nothing and ask no server by it.

    Raises:
        Refused: the formula starts a program, asks a server, or looks into another workbook.
    """
    bare = _QUOTED.sub("", formula)
    if "|" in bare and "|" in _SHEET.sub("", bare):
        raise Refused("file.has_dde", formula)
    if "(" in bare and _ASKS.search(bare):
        raise Refused("file.has_connections", formula)
    if "[" in bare and _OTHER_BOOK.search(bare):
        raise Refused("file.has_external_links", formula)


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
