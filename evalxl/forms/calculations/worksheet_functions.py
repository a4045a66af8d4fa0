"""The operators and functions of formulas, as spreadsheet programs compute them (ECMA-376 part 1, 18.17.7).

Numbers are exact decimals. There is no result if programs differ, or if it depends on the system's language. Examples: the order of two texts, a
text that may be read as a number, a number with decimals in a text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from evalxl.forms.calculations.expressions import NotUnderstoodError
from evalxl.forms.workbook import column_letters

LONGEST = 32_767  # characters of a text in a cell
DECIMAL_SIGN = "\ue000"  # placeholder in a text for the system's decimal sign: a comma or a point

Value = Decimal | str | bool | None  # None is an empty cell


class FormulaError(Exception):
    """An error shown in a cell, such as #VALUE! or #N/A."""


@dataclass(frozen=True, slots=True)
class Array:
    """The values of several cells, or the results for each of them: row by row, each row from left to right."""

    rows: int
    columns: int
    values: tuple[Value, ...]


def elementwise(function: Callable[..., Value], *operands: Value | Array) -> Value | Array:
    """Apply a function to values, or to arrays element by element. A single value is combined with each element of an array.

    Raises:
        NotUnderstoodError: the arrays have different shapes, or one of several results is an error.
        FormulaError: the only result is an error.
    """
    arrays = [operand for operand in operands if isinstance(operand, Array)]
    if not arrays:
        return function(*operands)
    rows, columns = arrays[0].rows, arrays[0].columns
    if any((operand.rows, operand.columns) != (rows, columns) for operand in arrays):
        raise NotUnderstoodError
    lists = [operand.values if isinstance(operand, Array) else (operand,) * (rows * columns) for operand in operands]
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


def _same(left: Value, right: Value) -> bool:
    """Whether two values are equal. Letter case does not matter. An empty cell equals an empty text, zero and FALSE."""
    if left is None or right is None:
        return (right if left is None else left) in (None, "", 0)
    if isinstance(left, str) and isinstance(right, str):
        if DECIMAL_SIGN in left + right:
            raise NotUnderstoodError
        same = left.casefold() == right.casefold()
        if not same and unicodedata.normalize("NFC", left).casefold() == unicodedata.normalize("NFC", right).casefold():
            raise NotUnderstoodError  # letters in two Unicode spellings
        return same
    return type(left) is type(right) and left == right


def _less(left: Value, right: Value) -> bool:
    """Whether a value comes before another: numbers before texts before truth values."""
    ranks = [2 if isinstance(value, bool) else int(isinstance(value, str)) for value in (left, right)]
    if ranks[0] != ranks[1] and left is not None and right is not None:
        return ranks[0] < ranks[1]
    if ranks != [0, 0]:
        raise NotUnderstoodError
    return number(left) < number(right)


def _divided(left: Value, right: Value) -> Decimal:
    if number(right) == 0:
        raise FormulaError
    return number(left) / number(right)


def _joined(left: Value, right: Value) -> str:
    joined = text(left) + text(right)
    if len(joined) > LONGEST:
        raise NotUnderstoodError
    return joined


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": _same,
    "<>": lambda left, right: not _same(left, right),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    "<=": lambda left, right: not _less(right, left),
    ">=": lambda left, right: not _less(left, right),
    "&": _joined,
    "+": lambda left, right: number(left) + number(right),
    "-": lambda left, right: number(left) - number(right),
    "*": lambda left, right: number(left) * number(right),
    "/": _divided,
}
SIGNS: dict[str, Callable[[Value], Value]] = {
    "-": lambda value: -number(value),
    "+": lambda value: value,
    "%": lambda value: number(value) / 100,
}


# Functions of one value, which can be applied to each element of an array


def _trimmed(value: Value) -> str:
    """TRIM: no blanks at both ends, one between two words; other white space stays."""
    return " ".join(word for word in text(value).split(" ") if word)


def _cleaned(value: Value) -> str:
    """CLEAN: without unprintable characters."""
    return "".join(letter for letter in text(value) if letter >= " ")


def _rounded(value: Value, places: Value) -> Decimal:
    """ROUND: half away from zero. The sixteenth digit, which spreadsheets do not keep, has no influence."""
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


# By name: the function, and the fewest and the most values that it takes.
OF_SEVERAL: dict[str, tuple[Callable[..., Value], int, int]] = {
    "ADDRESS": (_address, 3, 3),
    "LEFT": (_left, 1, 2),
    "ROUND": (_rounded, 2, 2),
    "SUBSTITUTE": (_replaced, 3, 3),
}


# Functions over all values of their arguments

Given = Sequence[Value | Array]


def _numbers(given: Given) -> list[Decimal]:
    """The numbers of all arguments: the numbers in arrays, and each single value as a number."""
    numbers: list[Decimal] = []
    for argument in given:
        if isinstance(argument, Array):
            numbers += [value for value in argument.values if isinstance(value, Decimal)]
        else:
            numbers.append(number(argument))
    return numbers


def _truths(given: Given) -> list[bool]:
    """The truth values and numbers of all arguments. Texts and empty cells of arrays are skipped.

    Raises:
        FormulaError: there are none.
    """
    truths: list[bool] = []
    for argument in given:
        if isinstance(argument, Array):
            truths += [bool(value) for value in argument.values if isinstance(value, (bool, Decimal))]
        else:
            truths.append(truth(argument))
    if not truths:
        raise FormulaError
    return truths


def _mean(given: Given) -> Decimal:
    numbers = _numbers(given)
    if not numbers:
        raise FormulaError
    return sum(numbers, Decimal(0)) / len(numbers)


def _all(given: Given) -> Iterable[Value]:
    return chain.from_iterable(argument.values if isinstance(argument, Array) else (argument,) for argument in given)


def _count(given: Given) -> Decimal:
    if any(isinstance(argument, (bool, str)) for argument in given):
        raise NotUnderstoodError  # counted if written in the formula, but skipped in a cell
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
    """SUMPRODUCT of one argument: the sum of its numbers, without texts and truth values."""
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
