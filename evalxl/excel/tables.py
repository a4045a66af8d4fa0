"""Reads plain tables, such as the organisation workbook that office staff keep by hand.

The workbook belongs to the office and is trusted, so openpyxl reads it. It may still be damaged, of another type, or formatted
down to the last row.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils import get_column_letter

from evalxl.domain.errors import EvalxlError
from evalxl.forms.tables import Table, TableCell

# A sheet formatted to its last row and column has millions of blank cells: the table ends after this many blank ones.
_BLANK_ROWS = 1_000
_BLANK_CELLS = 200_000
_WIDEST = 100

# openpyxl raises all kinds of exceptions for a damaged workbook.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,
    RuntimeError,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = "".join(chr(code) for code in (*range(32), *range(127, 160)) if not chr(code).isspace())
_UNSEEN = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe\uffff" + _TURNING + _CONTROLS)


class TableDamagedError(EvalxlError):
    """The bytes are not a workbook, or a damaged one."""

    key = "tables.damaged"


class TableEncryptedError(EvalxlError):
    """The workbook needs a password to be opened."""

    key = "tables.encrypted"


class TableOtherTypeError(EvalxlError):
    """An .xls or .ods workbook."""

    key = "tables.other_type"


class TableEmptyError(EvalxlError):
    """The file is empty or has no filled cell."""

    key = "tables.empty"


def read_tables(data: bytes, file: str = "organisation.xlsx") -> dict[str, Table]:
    """All sheets of a workbook by name, each cell as it is shown.

    Args:
        data: The workbook's bytes.
        file: The workbook's name in messages.

    Raises:
        TableEmptyError, TableDamagedError, TableEncryptedError, TableOtherTypeError: the workbook cannot be read.
    """
    if not data.strip(b"\0"):
        raise TableEmptyError(file=file)
    if data.startswith(_OLE):
        raise (TableEncryptedError if "EncryptedPackage".encode("utf-16-le") in data else TableOtherTypeError)(
            file=file
        )
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:120]:
        raise TableOtherTypeError(file=file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(data), read_only=True, data_only=True)
            tables = {sheet.title: Table(sheet.title, _rows(sheet)) for sheet in book.worksheets}
    except _BROKEN:
        raise TableDamagedError(file=file) from None
    if not any(table.rows for table in tables.values()):
        raise TableEmptyError(file=file)
    return tables


def _rows(sheet: Any) -> tuple[tuple[TableCell, ...], ...]:
    # Programs may write a wrong used range, so the cells themselves are read.
    sheet.reset_dimensions()
    kept: list[tuple[int, list[TableCell]]] = []
    width = blank_rows = blank_cells = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = list(_cells(row[:_WIDEST], number))
        while cells and not cells[-1].text:
            cells.pop()
        if cells:
            width = max(width, len(cells))
            kept.append((number, cells))
            blank_rows = blank_cells = 0
            continue
        blank_rows += 1
        blank_cells += len(row)
        if blank_rows >= _BLANK_ROWS or blank_cells >= _BLANK_CELLS:
            break
    letters = [get_column_letter(place) for place in range(1, width + 1)]
    for number, cells in kept:
        cells.extend(TableCell("", f"{letters[place]}{number}") for place in range(len(cells), width))
    return tuple(tuple(cells) for _, cells in kept)


def _cells(row: Iterable[XlsxCell | ReadOnlyCell | EmptyCell], number: int) -> Iterator[TableCell]:
    for place, cell in enumerate(row, 1):
        value = cell.value
        address = f"{get_column_letter(place)}{number}"
        if value is None:
            yield TableCell("", address)
        elif isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            yield TableCell(f"{day.day:02d}/{day.month:02d}/{day.year}", address, day)
        elif isinstance(value, str):
            yield TableCell(_clean(value), address)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield TableCell(as_shown(value, str(cell.number_format)), address)
        else:
            yield TableCell(_clean(str(value)), address)


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNSEEN).split())


def as_shown(value: int | float, number_format: str) -> str:
    """A number as its format shows it, as far as codes need it: 12 formatted `0000` is `0012`.

    Supported are formats of whole numbers with leading zeros and fixed letters between the digits. With any other format the number is
    written plainly, whole numbers without a point.
    """
    plain = f"{Decimal(repr(value)):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    pattern = _pattern(number_format.split(";")[0])
    if "." in plain or "-" in plain or "0" not in "".join(mark for mark, digit in pattern if digit):
        return plain
    digits, shown = plain, ""
    places = sum(digit for _, digit in pattern)
    for mark, digit in reversed(pattern):
        if not digit:
            shown = mark + shown
            continue
        places -= 1
        if digits:
            # The first placeholder takes all remaining digits.
            take = len(digits) if places == 0 else 1
            digits, shown = digits[:-take], digits[-take:] + shown
        elif mark == "0":
            shown = "0" + shown
    return shown


def _pattern(number_format: str) -> list[tuple[str, bool]]:
    """The characters of a whole number's format, and whether each is a placeholder for a digit; empty for any other format."""
    marks: list[tuple[str, bool]] = []
    for match in re.finditer(r'\[[^\]]*\]|"([^"]*)"|\\(.)|_.|\*.|([0#?])|(.)', number_format):
        if match[3]:
            marks.append((match[3], True))
        elif (fixed := match[1] if match[1] is not None else match[2]) is not None:
            marks.append((fixed, False))
        elif match[4] in ("-", " ", "/", "(", ")", ":", "+"):
            marks.append((match[4], False))
        elif match[4]:
            return []
    return marks
