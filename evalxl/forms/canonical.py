"""The canonical form of a cell: what it says, without what programs do by habit when they save.

Line ends, blanks at the end of a line, the fifteenth digit, `TRUE()` for TRUE and a date written out are habits. Everything else, also a
number that became a text, is another value.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evalxl.forms.formulas import plain
from evalxl.forms.values import LinkTarget, Typed, day_shown, exact, serial
from evalxl.forms.workbook import Cell

Canonical = tuple[str, str]  # what it is (number, text, formula), and what it says

NOTHING: Canonical = ("", "")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no workbook can hold them


def canonical_cell(cell: Cell | None) -> Canonical:
    """What stands in a cell; a formula's remembered result is never asked."""
    if cell is None:
        return NOTHING
    if cell.formula is not None and cell.formula not in ("TRUE()", "FALSE()"):
        return "=", plain(cell.formula)
    if cell.kind == "number":
        value = exact(cell.raw)
        return "n", cell.raw if value is None else f"{float(value):.12g}"
    if cell.kind == "boolean":
        return "n", "1" if cell.raw.upper() in ("1", "TRUE") else "0"
    if cell.kind == "date":
        return _canonical_date(cell.raw)
    return _canonical_text(cell.raw)


def canonical_value(value: Any) -> Canonical:
    """What a stamped value says in its cell."""
    if isinstance(value, str):
        return _canonical_text(value)
    if isinstance(value, Typed):
        return canonical_cell(Cell("number" if value.goes_out_as_number else "text", value.goes_out_as))
    if isinstance(value, LinkTarget):
        return _canonical_text(value.text)
    if isinstance(value, date):
        return "n", str(serial(value))
    return "n", f"{float(value):.12g}"


def shown(said: Canonical, is_day: bool = False) -> str:
    """What a cell says, as people read it; the number of a day as the day."""
    if is_day and said[0] == "n":
        return day_shown(Decimal(said[1])) or said[1]
    return f"={said[1]}" if said[0] == "=" else said[1]


def _canonical_date(raw: str) -> Canonical:
    """Some programs write a date out instead of its number."""
    try:
        day = date.fromisoformat(raw[:10])
    except ValueError:
        return _canonical_text(raw)
    return ("n", str(serial(day))) if raw[10:].strip("T0:.Z") == "" else ("d", raw)


def serial_of(raw: str) -> Decimal | None:
    """The number that spreadsheets keep for a moment that a program wrote out; None for what is none."""
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    day = Decimal(serial(moment.date()))
    return day + Decimal(moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400


def _canonical_text(text: str) -> Canonical:
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():  # line ends, other blanks, marks that nobody sees: most texts have none
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
        text = "\n".join(line.rstrip(" \t") for line in _CONTROL.sub("", text).split("\n"))
    text = text.strip()
    return ("t", text) if text else NOTHING
