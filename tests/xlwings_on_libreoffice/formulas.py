"""Formulas as Excel writes them (`=SUM(A1,Sheet2!B2)`), into and out of LibreOffice, which writes its own with semicolons and dots."""

from __future__ import annotations

from typing import Any

_EXCEL = 3  # com.sun.star.sheet.AddressConvention.XL_OOX: the grammar of .xlsx files


def _parser(document: Any) -> Any:
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish, parser.FormulaConvention = True, _EXCEL
    return parser


def set_formula(document: Any, cell: Any, value: Any) -> None:
    """Put a formula into a cell; what does not begin with = is typed into it, as Excel does."""
    if isinstance(value, str) and len(value) > 1 and value.startswith("="):
        cell.setTokens(_parser(document).parseFormula(value[1:], cell.CellAddress))
    elif isinstance(value, str):
        cell.setFormula(value)
    elif value is None:
        cell.setFormula("")
    else:
        cell.setValue(float(value))


def formula_of(document: Any, cell: Any) -> str:
    """A cell's formula; of a cell without one what it holds, as text."""
    tokens = cell.getTokens()
    if str(cell.Type.value) != "FORMULA":
        return str(cell.Formula)
    return f"={_parser(document).printFormula(tokens, cell.CellAddress)}"
