"""What the operators and functions of formulas make of values, as spreadsheet programs do it (ECMA-376 part 1, 18.17.7).

Numbers are exact decimals. Where programs differ among themselves, or go by the language of the PC, there is no answer: which of two texts comes first, a
text that may be taken for a number, a number with decimals in a text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from evalxl.forms.expressions import NotUnderstoodError
from evalxl.forms.workbook import column_letters

LONGEST = 32_767  # characters of a text in a cell
DECIMAL_SIGN = "\ue000"  # stands in a text for the sign of the PC: a comma or a point

Value = Decimal | str | bool | None  # None is an empty cell


class FormulaError(Exception):
    """An error that the cell shows, such as #VALUE! or #N/A."""


@dataclass(frozen=True, slots=True)
class Array:
    """The values of several cells, or what was worked out for each of them: row by row, each row from left to right."""

    rows: int
    columns: int
    values: tuple[Value, ...]


def each(function: Callable[..., Value], *found: Value | Array) -> Value | Array:
    """A function of values, or of the values of arrays place by place; a single value goes with each of an array.

    Raises:
        NotUnderstoodError: arrays of several shapes, or one of many values is an error.
        FormulaError: the only value is one.
    """
    arrays = [one for one in found if isinstance(one, Array)]
    if not arrays:
        return function(*found)
    rows, columns = arrays[0].rows, arrays[0].columns
    if any((one.rows, one.columns) != (rows, columns) for one in arrays):
        raise NotUnderstoodError
    lists = [one.values if isinstance(one, Array) else (one,) * (rows * columns) for one in found]
    try:
        return Array(rows, columns, tuple(map(function, *lists)))
    except FormulaError:
        raise NotUnderstoodError from None


# Values as a formula takes them


def number(value: Value) -> Decimal:
    if isinstance(value, str):
        if any(map(str.isdigit, value)):
            raise NotUnderstoodError
        raise FormulaError
    return Decimal(value or 0)


def text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        written = f"{value.normalize():f}"
        if len(written) > 15:  # programs differ in how they write such a number
            raise NotUnderstoodError
        return written.replace(".", DECIMAL_SIGN)
    return value


def truth(value: Value) -> bool:
    if isinstance(value, str):
        raise FormulaError
    return bool(value)


def whole(value: Value) -> int:
    return int(number(value))


# Operators


def _same(one: Value, other: Value) -> bool:
    """Whether two values are equal: texts in whatever letter case, an empty cell and nothing of either kind."""
    if one is None or other is None:
        return (other if one is None else one) in (None, "", 0)
    if isinstance(one, str) and isinstance(other, str):
        if DECIMAL_SIGN in one + other:
            raise NotUnderstoodError
        same = one.casefold() == other.casefold()
        if not same and unicodedata.normalize("NFC", one).casefold() == unicodedata.normalize("NFC", other).casefold():
            raise NotUnderstoodError  # letters that are written in two ways
        return same
    return type(one) is type(other) and one == other


def _less(one: Value, other: Value) -> bool:
    """Whether a value comes before another: numbers before texts before truth values."""
    ranks = [2 if isinstance(value, bool) else int(isinstance(value, str)) for value in (one, other)]
    if ranks[0] != ranks[1] and one is not None and other is not None:
        return ranks[0] < ranks[1]
    if ranks != [0, 0]:
        raise NotUnderstoodError
    return number(one) < number(other)


def _divided(one: Value, other: Value) -> Decimal:
    if number(other) == 0:
        raise FormulaError
    return number(one) / number(other)


def _joined(one: Value, other: Value) -> str:
    joined = text(one) + text(other)
    if len(joined) > LONGEST:
        raise NotUnderstoodError
    return joined


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": _same,
    "<>": lambda one, other: not _same(one, other),
    "<": _less,
    ">": lambda one, other: _less(other, one),
    "<=": lambda one, other: not _less(other, one),
    ">=": lambda one, other: not _less(one, other),
    "&": _joined,
    "+": lambda one, other: number(one) + number(other),
    "-": lambda one, other: number(one) - number(other),
    "*": lambda one, other: number(one) * number(other),
    "/": _divided,
}
SIGNS: dict[str, Callable[[Value], Value]] = {
    "-": lambda value: -number(value),
    "+": lambda value: value,
    "%": lambda value: number(value) / 100,
}


# Functions of one value, which may be worked out for each of many


def _trimmed(value: Value) -> str:
    """Without blanks at both ends, and with one between two words; other white space stays."""
    return " ".join(word for word in text(value).split(" ") if word)


def _cleaned(value: Value) -> str:
    """Without the characters that nobody can print."""
    return "".join(letter for letter in text(value) if letter >= " ")


def _rounded(value: Value, places: Value) -> Decimal:
    """Half away from zero; the sixteenth digit, which spreadsheets do not keep, does not decide."""
    kept = +Decimal(f"{number(value):.15g}")
    return kept.quantize(Decimal(1).scaleb(-whole(places)), ROUND_HALF_UP)


OF_ONE: dict[str, Callable[[Value], Value]] = {
    "ABS": lambda value: abs(number(value)),
    "CLEAN": _cleaned,
    "ISNUMBER": lambda value: isinstance(value, Decimal),
    "LEN": lambda value: Decimal(len(text(value).encode("utf-16-le")) // 2),
    "LOWER": lambda value: text(value).lower(),
    "N": lambda value: value if isinstance(value, Decimal) else Decimal(value is True),
    "NOT": lambda value: not truth(value),
    "TRIM": _trimmed,
}


# Functions of several values


def _left(value: Value, length: Value = Decimal(1)) -> str:
    return text(value)[: whole(length)]


def _replaced(value: Value, old: Value, new: Value) -> str:
    old_text = text(old)
    replaced = text(value).replace(old_text, text(new)) if old_text else text(value)
    if len(replaced) > LONGEST:
        raise NotUnderstoodError
    return replaced


def _address(row: Value, column: Value, kind: Value) -> str:
    if kind != 4:  # as people read it: D8
        raise NotUnderstoodError
    return f"{column_letters(whole(column))}{whole(row)}"


# By name: the function, the fewest and the most values that it takes.
OF_SEVERAL: dict[str, tuple[Callable[..., Value], int, int]] = {
    "ADDRESS": (_address, 3, 3),
    "LEFT": (_left, 1, 2),
    "ROUND": (_rounded, 2, 2),
    "SUBSTITUTE": (_replaced, 3, 3),
}


# Functions over all values of their arguments

Given = Sequence[Value | Array]


def _numbers(given: Given) -> list[Decimal]:
    """The numbers of all arguments: of arrays those that are numbers, and each single value as a number."""
    found: list[Decimal] = []
    for one in given:
        if isinstance(one, Array):
            found += [value for value in one.values if isinstance(value, Decimal)]
        else:
            found.append(number(one))
    return found


def _truths(given: Given) -> list[bool]:
    """Truth values and numbers; texts and empty cells of arrays are passed over.

    Raises:
        FormulaError: there are none.
    """
    found: list[bool] = []
    for one in given:
        if isinstance(one, Array):
            found += [bool(value) for value in one.values if isinstance(value, (bool, Decimal))]
        else:
            found.append(truth(one))
    if not found:
        raise FormulaError
    return found


def _mean(given: Given) -> Decimal:
    numbers = _numbers(given)
    if not numbers:
        raise FormulaError
    return sum(numbers, Decimal(0)) / len(numbers)


def _all(given: Given) -> Iterable[Value]:
    return chain.from_iterable(one.values if isinstance(one, Array) else (one,) for one in given)


def _count(given: Given) -> Decimal:
    if any(isinstance(one, (bool, str)) for one in given):
        raise NotUnderstoodError  # counted where it is written in the formula, and passed over in a cell
    return Decimal(sum(isinstance(value, Decimal) for value in _all(given)))


OVER_ALL: dict[str, Callable[[Given], Value]] = {
    "AND": lambda given: all(_truths(given)),
    "AVERAGE": _mean,
    "COUNT": _count,
    "COUNTA": lambda given: Decimal(sum(value is not None for value in _all(given))),
    "MAX": lambda given: max(_numbers(given), default=Decimal(0)),
    "MIN": lambda given: min(_numbers(given), default=Decimal(0)),
    "OR": lambda given: any(_truths(given)),
    "SUM": lambda given: sum(_numbers(given), Decimal(0)),
}


def product_sum(given: Value | Array) -> Decimal:
    """SUMPRODUCT of one argument: the sum of its numbers; texts and truth values are none."""
    values = given.values if isinstance(given, Array) else (given,)
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))


def nth(column: Array, place: Value) -> Value:
    """INDEX of a column."""
    if column.columns != 1 or whole(place) == 0:
        raise NotUnderstoodError
    if not 0 < whole(place) <= column.rows:
        raise FormulaError
    return column.values[whole(place) - 1]


def place_of(wanted: Value, column: Array) -> Decimal:
    """MATCH of an equal value in a column."""
    if column.columns != 1 or wanted is None or (isinstance(wanted, str) and any(sign in wanted for sign in "*?~")):
        raise NotUnderstoodError
    for place, value in enumerate(column.values, 1):
        if value is not None and _same(wanted, value):
            return Decimal(place)
    raise FormulaError
