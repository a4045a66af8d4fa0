"""Number formats: what a number in a cell means (a date, a truth value, text), and how xlwings writes a format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.xlwings_on_libreoffice.connection import uno_module
from tests.xlwings_on_libreoffice.values import Area

DATE_FORMAT = "yyyy-mm-dd"
MOMENT_FORMAT = "yyyy-mm-dd hh:mm:ss"
TRUTH_FORMAT = "BOOLEAN"

# com.sun.star.util.NumberFormat
_DATE, _TIME, _TEXT, _TRUTH = 2, 4, 256, 1024


def _english() -> Any:
    locale = uno_module().createUnoStruct("com.sun.star.lang.Locale")
    locale.Language, locale.Country = "en", "US"
    return locale


def key_of(document: Any, code: str) -> int:
    """The number by which a document knows a format; made where it does not know it yet."""
    formats, locale = document.NumberFormats, _english()
    key = formats.queryKey(code, locale, False)
    return int(key if key != -1 else formats.addNew(code, locale))


def code_of(document: Any, key: int) -> str:
    """A format as it is written."""
    return str(document.NumberFormats.getByKey(key).FormatString)


def kind_of(document: Any, key: int) -> str:
    """What a format makes of a number: `date`, `truth`, `text`, or `` for none of them."""
    kind = document.NumberFormats.getByKey(key).Type
    if kind & (_DATE | _TIME):
        return "date"
    return "truth" if kind & _TRUTH else "text" if kind & _TEXT else ""


def kinds_in(document: Any, cells: Any) -> Iterator[tuple[Area, str]]:
    """The parts of a block in which numbers mean something else, or where everything is text."""
    formats = cells.getUniqueCellFormatRanges()
    for number in range(formats.Count):
        alike = formats.getByIndex(number)
        kind = kind_of(document, alike.NumberFormat)
        if kind:
            for at in alike.RangeAddresses:
                rows, columns = at.EndRow - at.StartRow + 1, at.EndColumn - at.StartColumn + 1
                yield Area(at.StartRow + 1, at.StartColumn + 1, rows, columns), kind
