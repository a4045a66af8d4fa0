"""Escaping of text in CSV files: it stays text when a spreadsheet program opens the file, and the escaping can be undone.

A CSV cannot say that a field is text. An apostrophe is put wherever a spreadsheet program would see the beginning of a formula: at the beginning
of a field, and after every character at which a program with another list separator (`;` on many machines) would begin a new cell. One apostrophe is
also put before apostrophes typed at such places. Removing one apostrophe at each of these places gives exactly what was typed.
"""

from __future__ import annotations

import re

# Where a cell may begin; quotes and blanks before the text; then what spreadsheet programs take as a formula, including full-width characters.
_BEGIN = r"(^|[;|\t\r\n\v\f\x85\u2028\u2029])([\s\"]*)"
_LIVE = "([=+\\-@\uff1d\uff0b\uff0d\uff20])"
_TYPED = re.compile(_BEGIN + "('*)" + _LIVE)
_MARKED = re.compile(_BEGIN + "'('*)" + _LIVE)

RULE = (
    "An apostrophe stands before text that a spreadsheet program would take for a formula: before = + - @ (also full-width) at the beginning of a "
    "field and after ; | tab or line break, blanks and quotes between them apart. Taking away one apostrophe at each of these places gives the text as it was."
)
PATTERN = r"""(^|[;|\t\r\n\v\f\x85\u2028\u2029])([\s"]*)'('*)([=+\-@\uff1d\uff0b\uff0d\uff20])  ->  \1\2\3\4"""


def inert(text: str) -> str:
    """The text as it goes into a CSV file."""
    return _TYPED.sub(r"\1\2'\3\4", text)


def as_typed(field: str) -> str:
    """What was typed, from a field of a CSV file."""
    return _MARKED.sub(r"\1\2\3\4", field)
