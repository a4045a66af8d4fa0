"""The canonical form of a cell: its content without differences that programs make when they save.

Such differences are line ends, blanks at the end of a line, the fifteenth digit, `TRUE()` for TRUE and a date written out.
Everything else is another value, also a number that became a text.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evalxl.forms.calculations.formulas import plain
from evalxl.forms.values import LinkTarget, Typed, day_shown, exact, serial
from evalxl.forms.workbook import Cell

Canonical = tuple[str, str]  # type (number, text, formula) and content

NOTHING: Canonical = ("", "")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no workbook can hold them


def canonical_cell(cell: Cell | None) -> Canonical:
    """A cell's content in canonical form. A formula's cached result is never used."""
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
    """A stamped value in canonical form."""
    if isinstance(value, str):
        return _canonical_text(value)
    if isinstance(value, Typed):
        return canonical_cell(Cell("number" if value.goes_out_as_number else "text", value.goes_out_as))
    if isinstance(value, LinkTarget):
        return _canonical_text(value.text)
    if isinstance(value, date):
        return "n", str(serial(value))
    return "n", f"{float(value):.12g}"


def shown(content: Canonical, is_day: bool = False) -> str:
    """A cell's content as people read it; the number of a day as the day."""
    if is_day and content[0] == "n":
        return day_shown(Decimal(content[1])) or content[1]
    return f"={content[1]}" if content[0] == "=" else content[1]


def _canonical_date(raw: str) -> Canonical:
    """Some programs write a date out instead of its number."""
    try:
        day = date.fromisoformat(raw[:10])
    except ValueError:
        return _canonical_text(raw)
    return ("n", str(serial(day))) if raw[10:].strip("T0:.Z") == "" else ("d", raw)


def serial_of(raw: str) -> Decimal | None:
    """The number that spreadsheets store for a moment written as text; None if the text is not a moment."""
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    day = Decimal(serial(moment.date()))
    return day + Decimal(moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400


def _canonical_text(text: str) -> Canonical:
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():  # line ends, unusual blanks, invisible characters: most texts have none
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
        text = "\n".join(line.rstrip(" \t") for line in _CONTROL.sub("", text).split("\n"))
    text = text.strip()
    return ("t", text) if text else NOTHING
