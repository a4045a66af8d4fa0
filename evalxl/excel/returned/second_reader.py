"""The second reader: another library reads the typed cells again, and both readings must agree.

A crafted file can show one number to a person and another to a program, or different numbers to two programs.
What two independent readers read alike, a third will too. Only files that the guard and the strict reader have passed come here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import Any

from python_calamine import CalamineWorkbook

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.findings import Finding
from evalxl.forms.binding import Place
from evalxl.forms.values import clean_text, exact
from evalxl.forms.workbook import Cell, Workbook

MOST_TEXT = 8_000_000  # characters of all cells together: this reader keeps a copy of a shared text for every cell

_EPOCH = datetime.combine(date(1899, 12, 30), time())
_DAY = timedelta(days=1)
_NEAR = Decimal("0.000001")  # of a day: times are stored more exactly than that
_AFTER_FEBRUARY_1900 = 61
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def disagreements(data: bytes, book: Workbook, places: Iterable[Place]) -> list[Finding]:
    """The cells that the two readers do not read alike.

    Args:
        data: The file.
        book: The first reader's result.
        places: The cells to compare: those that a person types.

    Returns:
        A finding for each such cell, or one for the file if the second reader cannot read it.
    """
    if sum(len(cell.raw) for sheet in book.sheets.values() for cell in sheet.cells.values()) > MOST_TEXT:
        return [Finding("file.too_large")]
    rows: dict[str, list[list[Any]]] = {}
    findings = []
    try:
        second = CalamineWorkbook.from_filelike(BytesIO(data))
        # Programs of macOS write the marks of a sheet's name apart from their letters.
        called = {unicodedata.normalize("NFC", name): name for name in second.sheet_names}
        for sheet, of_sheet in groupby(places, attrgetter("sheet")):
            if sheet not in rows:
                rows[sheet] = second.get_sheet_by_name(called[sheet]).to_python(skip_empty_area=False)
            cells, lines = book.sheets[sheet].cells, rows[sheet]
            for place in of_sheet:
                row, column = at = place.at
                cell = cells.get(at)
                line = lines[row - 1] if row <= len(lines) else ()
                other = line[column - 1] if column <= len(line) else ""
                if (cell is not None or other != "") and not _alike(cell, other):
                    values = {"first": cell.raw if cell else "", "second": _shown(other)}
                    findings.append(Finding("cell.readers_differ", sheet=sheet, cell=place.cell, values=values))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the library is not an Exception
        return [Finding("file.bad_xml")]
    return findings


def _alike(cell: Cell | None, other: Any) -> bool:
    if cell is not None and (cell.formula is not None or cell.kind == "error"):
        return True  # neither is ever booked
    if cell is None or cell.kind == "text":
        text = cell.raw if cell else ""
        return text == other or _text(text) == _text("" if other is None else other)
    if cell.kind == "boolean":
        return isinstance(other, bool) and other == (cell.raw.strip() in ("1", "true"))
    if cell.kind == "date":
        return isinstance(other, (date, str)) and str(other)[:10] == cell.raw.strip()[:10]
    mine, theirs = exact(cell.raw), _number(other)
    if mine is None or theirs is None:
        return mine is theirs is None
    if mine == theirs or isinstance(other, (int, float)):
        return mine == theirs
    # Spreadsheets have a 29 February 1900; before it the two readings differ by one day. A score shown as a date is such a day.
    apart = abs(mine - theirs)
    return apart < _NEAR or (mine < _AFTER_FEBRUARY_1900 and abs(apart - 1) < _NEAR)


def _text(text: Any) -> str | None:
    """A text without programs' escapes, dirt and differences in line ends, so that both readers agree. None if it is not a text."""
    return clean_text(_ESCAPED.sub("", text)) if isinstance(text, str) else None


def _number(value: Any) -> Decimal | None:
    """A number, or the number behind a date; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return exact(repr(value))
    if isinstance(value, datetime):
        return Decimal((value - _EPOCH) / _DAY)
    if isinstance(value, date):
        return Decimal((value - _EPOCH.date()).days)
    if isinstance(value, time):
        return Decimal(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / _DAY)
    return Decimal(value / _DAY) if isinstance(value, timedelta) else None


def _shown(value: Any) -> str:
    number = _number(value) if isinstance(value, (int, float)) else None
    return str(value) if number is None else shown(number)
