"""What the formulas of an issued workbook come to with what stands in the returned one.

Nothing of it is booked. It is asked where a program or a person left a value in the place of a formula: the value is harmless if it is what the
formula shows. No result is known of a formula that uses what `worksheet_functions` has not, such as the clock; that refers to a formula somebody typed; or
that comes to an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import cached_property

from evalxl.forms.binding import Layout, Place
from evalxl.forms.canonical import NOTHING, Canonical, serial_of
from evalxl.forms.expressions import Call, Cells, Constant, Expression, Name, NotUnderstoodError, expression_of
from evalxl.forms.fields import FIELDS, Who
from evalxl.forms.issued import Issued
from evalxl.forms.moves import Moves
from evalxl.forms.values import exact
from evalxl.forms.workbook import At, Cell, Range, Workbook
from evalxl.forms.worksheet_functions import (
    DECIMAL_SIGN,
    OF_ONE,
    OF_SEVERAL,
    OPERATORS,
    OVER_ALL,
    SIGNS,
    Array,
    FormulaError,
    Value,
    each,
    nth,
    place_of,
    product_sum,
    truth,
)

MOST_STEPS = 2_000_000  # operations and cells of all formulas of one workbook

_Found = Value | Array | Range


class Calculation:
    """The results of an issued workbook's formulas, each worked out when it is asked, and once.

    Args:
        issued: What was issued.
        book: The returned workbook.
        layout: Where the fields stand in it.
        went: Where all its cells stand.
    """

    def __init__(self, issued: Issued, book: Workbook, layout: Layout, went: Moves) -> None:
        self.issued, self.went = issued, went
        self._book, self._layout = book, layout
        self._results: dict[tuple[str, At], Value | Exception] = {}
        self._steps = 0

    def result(self, place: Place) -> Value:
        """What the formula that was issued in a cell shows; None where its result is not known.

        Args:
            place: Where the cell stands in the returned workbook.
        """
        try:
            found = self._value_at(place.sheet, place.at)
        except (NotUnderstoodError, FormulaError, DecimalException, RecursionError):
            return None
        if isinstance(found, str) and DECIMAL_SIGN in found:
            return None
        return Decimal(0) if found is None else found  # a formula that leads to an empty cell shows zero

    @cached_property
    def _formulas(self) -> Mapping[tuple[str, At], tuple[str, Place]]:
        """By place in the returned workbook: the formula that was issued there, as it reads now, and where it stood."""
        found = {}
        for sheet, page in self.issued.template.book.sheets.items():
            for at, cell in page.cells.items():
                if cell.formula is not None:
                    home = Place(sheet, at)
                    now = self.went.place(home)
                    found[now.sheet, now.at] = (self.went.formula(cell.formula, sheet), home)
        return found

    @cached_property
    def _locked(self) -> Mapping[tuple[str, At], Canonical]:
        """By place: what was issued in the locked cells that do not calculate, whatever stands there now."""
        issued, template = self.issued, self.issued.template
        found: dict[tuple[str, At], Canonical] = {}
        for home, cell, said in template.labels:
            if cell.formula is None:
                place = self.went.place(home)
                found[place.sheet, place.at] = said
        for entry in FIELDS[issued.kind]:
            places = self._layout.get(entry.name, ())
            if entry.who is Who.LIVE or not places or not issued.may_be_locked(entry):
                continue
            for row, (place, said) in enumerate(zip(places, issued.expected(entry.name, len(places)), strict=True)):
                if issued.is_locked(entry, row):
                    found[place.sheet, place.at] = said
        return found

    @cached_property
    def _names(self) -> Mapping[str, Range]:
        """The cells of each defined name, whatever the order of a table's rows, by the name in one letter case."""
        found = {}
        for name, place in self.issued.template.book.names.items():
            sheet, (top, left) = self.went.follow(place.sheet, (place.top, place.left))
            _, (bottom, right) = self.went.follow(place.sheet, (place.bottom, place.right))
            found[name.casefold()] = Range(sheet, top, left, bottom, right)
        for name, places in self._layout.items():
            if not places:
                continue
            rows, columns = zip(*(place.at for place in places), strict=True)
            found[name.casefold()] = Range(places[0].sheet, min(rows), min(columns), max(rows), max(columns))
        return found

    @cached_property
    def _lines_of_nobody(self) -> set[tuple[str, int]]:
        return self.issued.lines_of_nobody()

    def _counts(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise NotUnderstoodError

    def _value_at(self, sheet: str, at: At) -> Value:
        """What a cell shows: its own value, or what its formula comes to."""
        key = (sheet, at)
        if sheet not in self._book.sheets:
            raise NotUnderstoodError
        if key not in self._results:
            self._results[key] = NotUnderstoodError()  # as long as it is worked out: it would refer to itself
            try:
                self._results[key] = self._worked_out(sheet, at)
            except (NotUnderstoodError, FormulaError) as why:
                self._results[key] = why
        found = self._results[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _worked_out(self, sheet: str, at: At) -> Value:
        cell = self._book.cell(sheet, at)
        issued = self._formulas.get((sheet, at))
        if issued is None:
            locked = self._locked.get((sheet, at))
            return _typed(cell) if locked is None else _said(locked)
        formula, home = issued
        if cell is None and (home.sheet, home.at[0]) in self._lines_of_nobody:
            return None  # it went out without it
        return self._one(self._found(expression_of(formula), sheet, False))

    def _found(self, expression: Expression, sheet: str, many: bool) -> _Found:
        """What an expression comes to.

        Args:
            sheet: The sheet that the formula stands on.
            many: Whether it is worked out for each cell of an area, as within SUMPRODUCT.
        """
        self._counts(1)
        if isinstance(expression, Constant):
            return expression.value
        if isinstance(expression, Cells):
            return Range(
                expression.sheet or sheet, expression.top, expression.left, expression.bottom, expression.right
            )
        if isinstance(expression, Name):
            return self._named(expression.name)
        if isinstance(expression, Call):
            return self._called(expression, sheet, many)
        right = self._valued(self._found(expression.right, sheet, many), many)
        if expression.left is None:
            return each(SIGNS[expression.sign], right)
        if expression.sign not in OPERATORS:
            raise NotUnderstoodError
        left = self._valued(self._found(expression.left, sheet, many), many)
        return each(OPERATORS[expression.sign], left, right)

    def _named(self, name: str) -> Range:
        place = self._names.get(name.casefold())
        if place is None:
            raise NotUnderstoodError
        return place

    def _valued(self, found: _Found, many: bool) -> Value | Array:
        """The value of a cell; of several cells only where each of them is worked out."""
        if not isinstance(found, Range):
            return found
        if (found.top, found.left) == (found.bottom, found.right):
            return self._value_at(found.sheet, (found.top, found.left))
        if not many:
            raise NotUnderstoodError
        return self._values_of(found)

    def _values_of(self, place: Range) -> Array:
        rows, columns = place.bottom - place.top + 1, place.right - place.left + 1
        self._counts(rows * columns)
        return Array(rows, columns, tuple(self._value_at(place.sheet, at) for at in place.cells()))

    def _one(self, found: _Found) -> Value:
        value = self._valued(found, False)
        if isinstance(value, Array):
            raise NotUnderstoodError
        return value

    def _called(self, call: Call, sheet: str, many: bool) -> _Found:
        """What a function comes to; of what IF and IFERROR do not choose, nothing is worked out."""
        name, count = call.function, len(call.arguments)
        if name == "IF" and count in (2, 3):
            holds = truth(self._one(self._found(call.arguments[0], sheet, many)))
            if not holds and count == 2:
                return False
            return self._found(call.arguments[1 if holds else 2], sheet, many)
        if name == "IFERROR" and count == 2:
            try:
                return self._one(self._found(call.arguments[0], sheet, many))
            except FormulaError:
                return self._found(call.arguments[1], sheet, many)
        many = many or name == "SUMPRODUCT"
        found = [self._found(argument, sheet, many) for argument in call.arguments]
        if name in OVER_ALL:
            return OVER_ALL[name]([self._values_of(one) if isinstance(one, Range) else one for one in found])
        if name in OF_ONE and count == 1:
            return each(OF_ONE[name], self._valued(found[0], many))
        if name in OF_SEVERAL and OF_SEVERAL[name][1] <= count <= OF_SEVERAL[name][2]:
            return each(OF_SEVERAL[name][0], *(self._valued(one, many) for one in found))
        if name == "SUMPRODUCT" and count == 1:
            return product_sum(self._valued(found[0], True))
        return self._of_places(name, found, many)

    def _of_places(self, name: str, found: list[_Found], many: bool) -> _Found:
        """Functions that ask where cells are."""
        if name in ("ROW", "COLUMN") and len(found) == 1 and isinstance(found[0], Range):
            return self._lines_of(found[0], 1 if name == "COLUMN" else 0, many)
        if name == "INDEX" and len(found) == 2 and isinstance(found[0], Range):
            return nth(self._values_of(found[0]), self._one(found[1]))
        if name == "MATCH" and len(found) == 3 and isinstance(found[1], Range) and self._one(found[2]) == 0:
            return place_of(self._one(found[0]), self._values_of(found[1]))
        raise NotUnderstoodError

    def _lines_of(self, place: Range, axis: int, many: bool) -> Value | Array:
        rows, columns = place.bottom - place.top + 1, place.right - place.left + 1
        if rows * columns > 1 and not many:
            raise NotUnderstoodError
        self._counts(rows * columns)
        lines = tuple(Decimal(at[axis]) for at in place.cells())
        return lines[0] if len(lines) == 1 else Array(rows, columns, lines)


def _said(locked: Canonical) -> Value:
    """What stands in a cell, from its canonical form."""
    kind, said = locked
    if kind in ("n", "t"):
        return Decimal(said) if kind == "n" else said
    if locked != NOTHING:
        raise NotUnderstoodError
    return None


def _typed(cell: Cell | None) -> Value:
    """What stands in a cell in which no formula was issued.

    Raises:
        NotUnderstoodError: somebody typed a formula, or a number that is none.
        FormulaError: it holds an error.
    """
    if cell is None:
        return None
    if cell.formula is not None:
        if cell.formula not in ("TRUE()", "FALSE()"):  # as programs write truth values
            raise NotUnderstoodError
        return cell.formula == "TRUE()"
    if cell.kind == "error":
        raise FormulaError
    if cell.kind == "boolean":
        return cell.raw.strip().upper() in ("1", "TRUE")
    if cell.kind == "text":
        return cell.raw
    number = serial_of(cell.raw) if cell.kind == "date" else exact(cell.raw)
    if number is None:
        raise NotUnderstoodError
    return number
