"""What a typed cell says, whichever program wrote it.

Copies of one workbook come back from several programs: one drops the format of a cell, another writes a date out, a third sets the marks of letters apart
or writes the line ends of another system. Wherever copies are compared, two cells that say the same are one. The ledger keeps each as its file had it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

Meaning = tuple[str, ...]

_DAY_ZERO = date(1899, 12, 30)
# From the first day of the year 2000 on, a number is read as a day where a day belongs, whether or not its format shows one; no score is as large.
_FIRST_DAY = 36526


def meaning(value: Sequence[Any]) -> Meaning:
    """What a typed cell says, for comparing.

    Args:
        value: The cell as the ledger keeps it: kind, raw value, what its format is made for, whether it is a formula, and what is seen
            where that is something else.
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
    text = f"{number:.12g}"  # as many digits as all programs keep
    if form == "percent" or (form == "date" and not number >= _FIRST_DAY):
        return "number", text, form
    return "number", text


def _day(raw: str) -> Meaning:
    """Some programs write a day out instead of its number."""
    try:
        day = date.fromisoformat(raw[:10])
    except ValueError:
        return "date", raw
    return ("date", raw) if raw[10:].strip("T0:.Z") else _number(str((day - _DAY_ZERO).days), "date")
