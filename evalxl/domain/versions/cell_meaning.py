"""The meaning of a typed cell, independent of the program that wrote it.

Copies of one workbook come back from several programs. One drops the format of a cell, another writes a date as text, a third stores diacritics separately
or uses the line ends of another system. When copies are compared, cells with the same meaning are equal. The ledger stores each cell as its file had it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

Meaning = tuple[str, ...]

_DAY_ZERO = date(1899, 12, 30)
# From 2000-01-01 on, a number in a date cell is read as a day, whatever its format. No score is as large.
_FIRST_DAY = 36526


def meaning(value: Sequence[Any]) -> Meaning:
    """The meaning of a typed cell, for comparison.

    Args:
        value: The cell as the ledger stores it: kind, raw value, purpose of its format, whether it is a formula, and the
            displayed value if it differs.
    """
    kind, raw, form, is_formula = value[:4]
    if is_formula:
        return "formula", raw
    if form == "other":
        return "other", kind, raw, *value[4:5]
    if kind == "boolean":
        return "boolean", str(raw.strip().upper() in ("1", "TRUE"))
    if kind == "number":
        return _number(raw, form)
    if kind == "date":
        return _day(raw)
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))
    return ("text", text.strip()) if text.strip() else ()


def _number(raw: str, form: str) -> Meaning:
    try:
        number = float(raw)
    except ValueError:
        return "number", raw, form
    text = f"{number:.12g}"  # all programs keep this many digits
    if form == "percent" or (form == "date" and not number >= _FIRST_DAY):
        return "number", text, form
    return "number", text


def _day(raw: str) -> Meaning:
    """A day written as text, which some programs write instead of its number."""
    try:
        day = date.fromisoformat(raw[:10])
    except ValueError:
        return "date", raw
    return ("date", raw) if raw[10:].strip("T0:.Z") else _number(str((day - _DAY_ZERO).days), "date")
