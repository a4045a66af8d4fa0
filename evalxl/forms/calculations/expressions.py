"""Parses a formula into a tree of operations, as far as the templates and offices' own templates need it.

A file stores formulas in one spelling, whatever the language of the program: English function names, commas between arguments, points in
numbers (ECMA-376 part 1, 18.17). Array constants, ranges over several sheets and references to other workbooks are not supported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from evalxl.forms.calculations.formulas import column_number

DEEPEST = 64  # nesting levels of brackets and functions, as in Excel


class NotUnderstoodError(Exception):
    """The formula contains something that is not supported here."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text or a truth value written in the formula."""

    value: Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Cells:
    """A cell or a rectangle of cells, all bounds inclusive; `sheet` is empty for the formula's own sheet."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with two operands; for a sign and for `%` the left one is None."""

    sign: str
    left: Expression | None
    right: Expression


Expression = Constant | Cells | Name | Call | Operation

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"]|"")*")
      | (?P<cells>(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>[^\W\d][\w.]*))!)?
            \$?(?P<left>[A-Za-z]{1,3})\$?(?P<top>[1-9]\d{0,6})(?::\$?(?P<right>[A-Za-z]{1,3})\$?(?P<bottom>[1-9]\d{0,6}))?(?![\w.(!:]))
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<name>[^\W\d][\w.]*)
      | (?P<sign><>|<=|>=|[<>=+\-*/^&%(),])
    )\s*""",
    re.X,
)

# Precedence of operators. A sign before a value has a higher precedence than all of them: -2^2 is 4.
_BINDS = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_TRUTHS = {"TRUE": True, "FALSE": False}


@lru_cache(maxsize=2048)
def expression_of(formula: str) -> Expression:
    """A formula, written without its `=`, as a tree.

    Raises:
        NotUnderstoodError: it contains something that is not supported.
    """
    parser = _Parser(formula)
    expression = parser.operation(1, DEEPEST)
    if parser.here is not None:
        raise NotUnderstoodError
    return expression


class _Parser:
    """Reads a formula from left to right, by the precedence of its operators."""

    def __init__(self, formula: str) -> None:
        self._formula, self._at = formula, 0
        self.here: re.Match[str] | None = None
        self._next()

    def _next(self) -> None:
        if self._at == len(self._formula):
            self.here = None
            return
        self.here = _TOKEN.match(self._formula, self._at)
        if self.here is None:
            raise NotUnderstoodError
        self._at = self.here.end()

    def _sign(self) -> str:
        return (self.here["sign"] or "") if self.here else ""

    def _takes(self, sign: str) -> bool:
        taken = self._sign() == sign
        if taken:
            self._next()
        return taken

    def _needs(self, sign: str) -> None:
        if not self._takes(sign):
            raise NotUnderstoodError

    def operation(self, binds: int, deep: int) -> Expression:
        """Parse operands and the operators between them, down to a given precedence."""
        if deep == 0:
            raise NotUnderstoodError
        left = self._operand(deep)
        while (how := _BINDS.get(sign := self._sign(), 0)) >= binds:
            self._next()
            left = Operation(sign, left, self.operation(how + 1, deep - 1))
        return left

    def _operand(self, deep: int) -> Expression:
        signs = []
        while (sign := self._sign()) in ("+", "-"):
            signs.append(sign)
            self._next()
            if len(signs) > DEEPEST:
                raise NotUnderstoodError
        operand = self._value(deep)
        while self._takes("%"):
            operand = Operation("%", None, operand)
        for sign in reversed(signs):
            operand = Operation(sign, None, operand)
        return operand

    def _value(self, deep: int) -> Expression:
        token = self.here
        if token is None:
            raise NotUnderstoodError
        self._next()
        if token["text"] is not None:
            return Constant(token["text"][1:-1].replace('""', '"'))
        if token["number"] is not None:
            return Constant(Decimal(token["number"]))
        if token["cells"] is not None:
            return _cells(token)
        if token["name"] is not None:
            return self._named(token["name"], deep)
        if token["sign"] != "(":
            raise NotUnderstoodError
        inner = self.operation(1, deep - 1)
        self._needs(")")
        return inner

    def _named(self, name: str, deep: int) -> Expression:
        if not self._takes("("):
            return Constant(_TRUTHS[name.upper()]) if name.upper() in _TRUTHS else Name(name)
        arguments = []
        if not self._takes(")"):
            arguments.append(self.operation(1, deep - 1))
            while self._takes(","):
                arguments.append(self.operation(1, deep - 1))
            self._needs(")")
        return Call(name.upper().removeprefix("_XLFN."), tuple(arguments))


def _cells(token: re.Match[str]) -> Cells:
    sheet = token["quoted"].replace("''", "'") if token["quoted"] else token["sheet"] or ""
    top, left = int(token["top"]), column_number(token["left"].upper())
    if token["right"] is None:
        return Cells(sheet, top, left, top, left)
    bottom, right = int(token["bottom"]), column_number(token["right"].upper())
    return Cells(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))
