"""The notation of a worksheet part: references, plain numbers, types of values, control characters, formulas; and the limits of what is read."""

from __future__ import annotations

import re
from functools import lru_cache

from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.workbook import Area, CellKind, column_letters

MAX_ROW, MAX_COLUMN = 6000, 200
MAX_TEXT = 65_536  # characters of one cell; Excel takes half of that
KINDS: dict[str, CellKind] = {
    "n": "number",
    "b": "boolean",
    "e": "error",
    "str": "text",
    "inlineStr": "text",
    "s": "text",
    "d": "date",
}

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile(r"[A-Z]{1,3}")
AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}))?")
# Formulas that start a program or ask a server when a workbook is opened. Texts in the formula are removed before the check.
_QUOTED = re.compile(r'"[^"]*"')
_SHEET = re.compile(r"'(?:[^']|'')*'")
_ASKS = re.compile(
    r"\b(WEBSERVICE|RTD|IMAGE|IMPORT(?:DATA|XML|HTML|FEED|RANGE)|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|DDE)\s*\(",
    re.I,
)
# `[1]Sheet!A1`, `'[1]Two words'!A1`, `[1]!name`. `[0]` is the workbook itself; `Table[Column]` is a column of a table.
_OTHER_BOOK = re.compile(
    r"""(?<![\w.\])])\[(?!0+\])[^\[\]]+\][\w.:?]*!|'(?:[^'\[]|'')*\[(?!0+\])[^\[\]']+\](?:[^'\[\]]|'')*'!"""
)


def unescape(text: str) -> str:
    """A text with `_x000D_`, as Office writes control characters, turned into the characters. Half a surrogate pair stays as written."""
    return _ESCAPED.sub(_meant, text) if "_x" in text else text


def _meant(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if 0xD800 <= number < 0xE000 else chr(number)


def areas(text: str) -> tuple[Area, ...]:
    """`B6:B45 D6` as areas. Anything that is not a reference to cells is left out."""
    return tuple(area_of(match) for piece in text.split() if (match := AREA.fullmatch(piece)))


def area_of(match: re.Match[str]) -> Area:
    top, left = int(match[2]), column_number(match[1])
    return top, left, int(match[4] or top), column_number(match[3]) if match[3] else left


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column: `AA` and `aa` are 27, since every reader accepts small letters.

    Raises:
        Refused: no column has this name.
    """
    letters = letters.upper() if letters.isascii() else letters
    if not _LETTERS.fullmatch(letters):
        raise Refused("file.twin_cells")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=4096)
def whole(text: str) -> int:
    """The number of a row, a style or a shared text: plain digits, and nothing else that Python's `int` accepts. Cached: few values occur in every cell.

    Raises:
        Refused: the text is not plain digits.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Refused("file.bad_xml")
    return int(text)


@lru_cache(maxsize=1024)
def measure(text: str) -> float:
    """A height in points or a width in letters; -1 if there is none."""
    try:
        return max(float(text), 0.0) if text else -1.0
    except ValueError:
        return -1.0


COLUMNS = {column_letters(number): number for number in range(1, MAX_COLUMN + 1)}


@lru_cache(maxsize=4096)
def check_formula(formula: str) -> None:
    """Check that opening a workbook with this formula starts no program and asks no server.

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
    """A formula copied a number of rows down and columns to the right: relative references move along."""

    def place(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[0]
        column = match[3] if match[2] else column_letters(column_number(match[3]) + columns)
        row = match[5] if match[4] else str(int(match[5]) + rows)
        return f"{match[2]}{column}{match[4]}{row}"

    return _PLACES.sub(place, formula)
