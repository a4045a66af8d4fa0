"""Computes the issued formulas of a workbook with the values of the returned one.

No result is booked. It is needed if a program or a person replaced a formula by a value: the value is harmless if it equals the formula's result.
The result is unknown if a formula uses a function that `worksheet_functions` lacks (such as the clock), refers to a typed formula, or gives an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import cached_property

from evalxl.forms.binding import Layout, Place
from evalxl.forms.calculations.expressions import (
    Call,
    Cells,
    Constant,
    Expression,
    Name,
    NotUnderstoodError,
    expression_of,
)
from evalxl.forms.calculations.worksheet_functions import (
    DECIMAL_SIGN,
    OF_ONE,
    OF_SEVERAL,
    OPERATORS,
    OVER_ALL,
    SIGNS,
    Array,
    FormulaError,
    Value,
    elementwise,
    nth,
    place_of,
    product_sum,
    truth,
)
from evalxl.forms.comparison.canonical import NOTHING, Canonical, serial_of
from evalxl.forms.comparison.issued import Issued
from evalxl.forms.comparison.moves import Moves
from evalxl.forms.fields import Who
from evalxl.forms.values import exact
from evalxl.forms.workbook import At, Cell, Range, Workbook

MOST_STEPS = 2_000_000  # operations and cells of all formulas of one workbook

_Operand = Value | Array | Range


class Calculation:
    """The results of an issued workbook's formulas, each computed once, on demand.

    Args:
        issued: The issued workbook.
        book: The returned workbook.
        layout: The places of the fields in it.
        went: The present places of all issued cells.
    """

    def __init__(self, issued: Issued, book: Workbook, layout: Layout, went: Moves) -> None:
        self.issued, self.went = issued, went
        self._book, self._layout = book, layout
        self._results: dict[tuple[str, At], Value | Exception] = {}
        self._steps = 0

    def result(self, place: Place) -> Value:
        """The result of a cell's issued formula; None if it is unknown.

        Args:
            place: The cell's place in the returned workbook.
        """
        try:
            value = self._value_at(place.sheet, place.at)
        except (NotUnderstoodError, FormulaError, DecimalException, RecursionError):
            return None
        if isinstance(value, str) and DECIMAL_SIGN in value:
            return None
        return Decimal(0) if value is None else value  # a formula that refers to an empty cell shows zero

    @cached_property
    def _formulas(self) -> Mapping[tuple[str, At], tuple[str, Place]]:
        """By place in the returned workbook: the issued formula with its present references, and its issued place."""
        formulas = {}
        for sheet, page in self.issued.template.book.sheets.items():
            for at, cell in page.cells.items():
                if cell.formula is not None:
                    home = Place(sheet, at)
                    now = self.went.place(home)
                    formulas[now.sheet, now.at] = (self.went.formula(cell.formula, sheet), home)
        return formulas

    @cached_property
    def _locked(self) -> Mapping[tuple[str, At], Canonical]:
        """By place: the issued content of locked cells without formulas, whatever they hold now."""
        issued, template = self.issued, self.issued.template
        locked: dict[tuple[str, At], Canonical] = {}
        for home, cell, content in template.labels:
            if cell.formula is None:
                place = self.went.place(home)
                locked[place.sheet, place.at] = content
        for entry in issued.entries:
            places = self._layout.get(entry.name, ())
            if entry.who is Who.LIVE or not places or not issued.may_be_locked(entry):
                continue
            for row, (place, content) in enumerate(zip(places, issued.expected(entry.name, len(places)), strict=True)):
                if issued.is_locked(entry, row):
                    locked[place.sheet, place.at] = content
        return locked

    @cached_property
    def _names(self) -> Mapping[str, Range]:
        """The cells of each defined name, in any order of a table's rows, by the case-folded name."""
        ranges = {}
        for name, place in self.issued.template.book.names.items():
            sheet, (top, left) = self.went.follow(place.sheet, (place.top, place.left))
            _, (bottom, right) = self.went.follow(place.sheet, (place.bottom, place.right))
            ranges[name.casefold()] = Range(sheet, top, left, bottom, right)
        for name, places in self._layout.items():
            if not places:
                continue
            rows, columns = zip(*(place.at for place in places), strict=True)
            ranges[name.casefold()] = Range(places[0].sheet, min(rows), min(columns), max(rows), max(columns))
        return ranges

    @cached_property
    def _lines_of_nobody(self) -> set[tuple[str, int]]:
        return self.issued.lines_of_nobody()

    def _counts(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise NotUnderstoodError

    def _value_at(self, sheet: str, at: At) -> Value:
        """A cell's own value, or the result of its formula."""
        key = (sheet, at)
        if sheet not in self._book.sheets:
            raise NotUnderstoodError
        if key not in self._results:
            self._results[key] = NotUnderstoodError()  # while it is computed: a reference to it would be circular
            try:
                self._results[key] = self._worked_out(sheet, at)
            except (NotUnderstoodError, FormulaError) as why:
                self._results[key] = why
        result = self._results[key]
        if isinstance(result, Exception):
            raise result
        return result

    def _worked_out(self, sheet: str, at: At) -> Value:
        cell = self._book.cell(sheet, at)
        issued = self._formulas.get((sheet, at))
        if issued is None:
            locked = self._locked.get((sheet, at))
            return _typed(cell) if locked is None else _value_of_locked(locked)
        formula, home = issued
        if cell is None and (home.sheet, home.at[0]) in self._lines_of_nobody:
            return None  # it was issued without the formula
        return self._single_value(self._evaluated(expression_of(formula), sheet, False))

    def _evaluated(self, expression: Expression, sheet: str, many: bool) -> _Operand:
        """The result of an expression.

        Args:
            sheet: The formula's sheet.
            many: Whether it is computed for each cell of an area, as within SUMPRODUCT.
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
        right = self._valued(self._evaluated(expression.right, sheet, many), many)
        if expression.left is None:
            return elementwise(SIGNS[expression.sign], right)
        if expression.sign not in OPERATORS:
            raise NotUnderstoodError
        left = self._valued(self._evaluated(expression.left, sheet, many), many)
        return elementwise(OPERATORS[expression.sign], left, right)

    def _named(self, name: str) -> Range:
        place = self._names.get(name.casefold())
        if place is None:
            raise NotUnderstoodError
        return place

    def _valued(self, operand: _Operand, many: bool) -> Value | Array:
        """The value of an operand. Several cells are allowed only if each of them is computed."""
        if not isinstance(operand, Range):
            return operand
        if (operand.top, operand.left) == (operand.bottom, operand.right):
            return self._value_at(operand.sheet, (operand.top, operand.left))
        if not many:
            raise NotUnderstoodError
        return self._values_of(operand)

    def _values_of(self, place: Range) -> Array:
        rows, columns = place.bottom - place.top + 1, place.right - place.left + 1
        self._counts(rows * columns)
        return Array(rows, columns, tuple(self._value_at(place.sheet, at) for at in place.cells()))

    def _single_value(self, operand: _Operand) -> Value:
        value = self._valued(operand, False)
        if isinstance(value, Array):
            raise NotUnderstoodError
        return value

    def _called(self, call: Call, sheet: str, many: bool) -> _Operand:
        """The result of a function. Branches that IF and IFERROR do not choose are not computed."""
        name, count = call.function, len(call.arguments)
        if name == "IF" and count in (2, 3):
            holds = truth(self._single_value(self._evaluated(call.arguments[0], sheet, many)))
            if not holds and count == 2:
                return False
            return self._evaluated(call.arguments[1 if holds else 2], sheet, many)
        if name == "IFERROR" and count == 2:
            try:
                return self._single_value(self._evaluated(call.arguments[0], sheet, many))
            except FormulaError:
                return self._evaluated(call.arguments[1], sheet, many)
        many = many or name == "SUMPRODUCT"
        arguments = [self._evaluated(argument, sheet, many) for argument in call.arguments]
        if name in OVER_ALL:
            return OVER_ALL[name](
                [self._values_of(argument) if isinstance(argument, Range) else argument for argument in arguments]
            )
        if name in OF_ONE and count == 1:
            return elementwise(OF_ONE[name], self._valued(arguments[0], many))
        if name in OF_SEVERAL and OF_SEVERAL[name][1] <= count <= OF_SEVERAL[name][2]:
            return elementwise(OF_SEVERAL[name][0], *(self._valued(argument, many) for argument in arguments))
        if name == "SUMPRODUCT" and count == 1:
            return product_sum(self._valued(arguments[0], True))
        return self._of_places(name, arguments, many)

    def _of_places(self, name: str, arguments: list[_Operand], many: bool) -> _Operand:
        """The result of a function that depends on the position of cells."""
        if name in ("ROW", "COLUMN") and len(arguments) == 1 and isinstance(arguments[0], Range):
            return self._lines_of(arguments[0], 1 if name == "COLUMN" else 0, many)
        if name == "INDEX" and len(arguments) == 2 and isinstance(arguments[0], Range):
            return nth(self._values_of(arguments[0]), self._single_value(arguments[1]))
        if (
            name == "MATCH"
            and len(arguments) == 3
            and isinstance(arguments[1], Range)
            and self._single_value(arguments[2]) == 0
        ):
            return place_of(self._single_value(arguments[0]), self._values_of(arguments[1]))
        raise NotUnderstoodError

    def _lines_of(self, place: Range, axis: int, many: bool) -> Value | Array:
        rows, columns = place.bottom - place.top + 1, place.right - place.left + 1
        if rows * columns > 1 and not many:
            raise NotUnderstoodError
        self._counts(rows * columns)
        lines = tuple(Decimal(at[axis]) for at in place.cells())
        return lines[0] if len(lines) == 1 else Array(rows, columns, lines)


def _value_of_locked(locked: Canonical) -> Value:
    """The value of a locked cell, from its canonical form."""
    kind, content = locked
    if kind in ("n", "t"):
        return Decimal(content) if kind == "n" else content
    if locked != NOTHING:
        raise NotUnderstoodError
    return None


def _typed(cell: Cell | None) -> Value:
    """The value of a cell that was issued without a formula.

    Raises:
        NotUnderstoodError: somebody typed a formula, or an invalid number.
        FormulaError: the cell holds an error.
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
