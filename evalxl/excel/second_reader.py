"""The second reader: what was typed is read once more by another library, and both must say the same.

A crafted file can show one number to a person and another to a program, or different ones to two programs. What two readers that know nothing of
each other read alike, a third will too. Only files that the guard and the strict reader have passed come here.
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
_NEAR = Decimal("0.000001")  # of a day: times are kept to less than that
_AFTER_FEBRUARY_1900 = 61
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def disagreements(data: bytes, book: Workbook, places: Iterable[Place]) -> list[Finding]:
    """The cells that the two readers do not read alike.

    Args:
        data: The file.
        book: What the first reader read in it.
        places: The cells that matter: those that a person types.

    Returns:
        A finding for each such cell; one for the file where the second reader cannot read it at all.
    """
    if sum(len(cell.raw) for sheet in book.sheets.values() for cell in sheet.cells.values()) > MOST_TEXT:
        return [Finding("file.too_large")]
    rows: dict[str, list[list[Any]]] = {}
    found = []
    try:
        second = CalamineWorkbook.from_filelike(BytesIO(data))
        # Programs of macOS write the marks of a sheet's name apart from their letters.
        called = {unicodedata.normalize("NFC", name): name for name in second.sheet_names}
        for sheet, together in groupby(places, attrgetter("sheet")):
            if sheet not in rows:
                rows[sheet] = second.get_sheet_by_name(called[sheet]).to_python(skip_empty_area=False)
            cells, lines = book.sheets[sheet].cells, rows[sheet]
            for place in together:
                row, column = at = place.at
                cell = cells.get(at)
                line = lines[row - 1] if row <= len(lines) else ()
                there = line[column - 1] if column <= len(line) else ""
                if (cell is not None or there != "") and not _alike(cell, there):
                    values = {"first": cell.raw if cell else "", "second": _shown(there)}
                    found.append(Finding("cell.readers_differ", sheet=sheet, cell=place.cell, values=values))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the library is no Exception
        return [Finding("file.bad_xml")]
    return found


def _alike(cell: Cell | None, there: Any) -> bool:
    if cell is not None and (cell.formula is not None or cell.kind == "error"):
        return True  # neither is ever booked
    if cell is None or cell.kind == "text":
        said = cell.raw if cell else ""
        return said == there or _text(said) == _text("" if there is None else there)
    if cell.kind == "boolean":
        return isinstance(there, bool) and there == (cell.raw.strip() in ("1", "true"))
    if cell.kind == "date":
        return isinstance(there, (date, str)) and str(there)[:10] == cell.raw.strip()[:10]
    mine, theirs = exact(cell.raw), _number(there)
    if mine is None or theirs is None:
        return mine is theirs is None
    if mine == theirs or isinstance(there, (int, float)):
        return mine == theirs
    # Spreadsheets have a 29 February 1900; before it their days are told one apart. A score shown as a date is such a day.
    apart = abs(mine - theirs)
    return apart < _NEAR or (mine < _AFTER_FEBRUARY_1900 and abs(apart - 1) < _NEAR)


def _text(text: Any) -> str | None:
    """A text as both readers should have it: programs' escapes, dirt and line ends apart. None for what is no text."""
    return clean_text(_ESCAPED.sub("", text)) if isinstance(text, str) else None


def _number(there: Any) -> Decimal | None:
    """A number, or the number behind a date; None for anything else."""
    if isinstance(there, bool):
        return None
    if isinstance(there, (int, float)):
        return exact(repr(there))
    if isinstance(there, datetime):
        return Decimal((there - _EPOCH) / _DAY)
    if isinstance(there, date):
        return Decimal((there - _EPOCH.date()).days)
    if isinstance(there, time):
        return Decimal(timedelta(hours=there.hour, minutes=there.minute, seconds=there.second) / _DAY)
    return Decimal(there / _DAY) if isinstance(there, timedelta) else None


def _shown(there: Any) -> str:
    number = _number(there) if isinstance(there, (int, float)) else None
    return str(there) if number is None else shown(number)
