"""Formulas as texts: normalises differences between programs, and adjusts references to moved cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from evalxl.forms.workbook import At, column_letters

# Texts in a formula, quoted names of sheets, and the rest.
_PIECES = re.compile(r"""("(?:[^"]|"")*")|'((?:[^']|'')*)'|[^"']+|["']""")
_HABITS = re.compile(r"\s+|\$|_XLFN\.|_XLWS\.")
_TRUTHS = re.compile(r"\b(TRUE|FALSE)\(\)")
# A text, or a reference to a cell with the sheet before it, which is no part of a name or a function.
_REFERENCE = re.compile(
    r"""("(?:[^"]|"")*")|(?:('(?:[^']|'')+'|[\w.]+)!)?(?<![\w.$\\])(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.(!])"""
)
_LOST = re.compile(r"""("(?:[^"]|"")*")|(?:(?:'(?:[^']|'')+'|[\w.]+)!)?#REF!""")

# From a sheet and a cell of it to its present place.
Follow = Callable[[str, At], tuple[str, At]]


@lru_cache(maxsize=1024)
def plain(formula: str) -> str:
    """A formula without what programs write differently: letter case, blanks, dollar signs, quotes of sheets, prefixes of newer functions,
    and `FALSE()` for `FALSE`. The texts in it stay as they are.
    """
    pieces = []
    for match in _PIECES.finditer(formula.lstrip("=+ ")):
        if match[1] is not None:
            pieces.append(match[1])
        elif match[2] is not None:
            pieces.append(match[2].upper())
        else:
            pieces.append(_TRUTHS.sub(r"\1", _HABITS.sub("", match[0].upper())))
    return "".join(pieces)


def following(formula: str, sheet: str, follow: Follow) -> str:
    """A formula with its references adjusted to moved cells.

    Args:
        formula: The issued formula.
        sheet: Its sheet.
        follow: Gives the present place of a cell.
    """

    def moved(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[0]
        named = match[2].strip("'").replace("''", "'") if match[2] else sheet
        now, (row, column) = follow(named, (int(match[6]), column_number(match[4].upper())))
        prefix = f"'{now.replace(chr(39), chr(39) * 2)}'!" if match[2] else ""
        return f"{prefix}{match[3]}{column_letters(column)}{match[5]}{row}"

    return _REFERENCE.sub(moved, formula)


@lru_cache(maxsize=1024)
def skeleton(formula: str) -> str:
    """A formula without its references: equal for two formulas that differ only in references, as after cutting or dragging a cell."""
    return plain(_REFERENCE.sub(_nowhere, _LOST.sub(_nowhere, formula)))


def _nowhere(match: re.Match[str]) -> str:
    return match[0] if match[1] is not None else "#"


def column_number(letters: str) -> int:
    """`AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
