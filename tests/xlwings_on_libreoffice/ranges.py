"""Cells: what stands in them, and how they look. Whole blocks are read and written in one call each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tests.xlwings_on_libreoffice.connection import FILTERS, enum, properties, uno_module, url_of
from tests.xlwings_on_libreoffice.edges import FORWARD, edge, joined, mirrored
from tests.xlwings_on_libreoffice.formats import (
    DATE_FORMAT,
    MOMENT_FORMAT,
    TRUTH_FORMAT,
    kinds_in,
)
from tests.xlwings_on_libreoffice.formulas import formula_of, set_formula
from tests.xlwings_on_libreoffice.looks import Looks
from tests.xlwings_on_libreoffice.values import Area, CellError, Moment, letters, moment_of, quoted

if TYPE_CHECKING:
    from tests.xlwings_on_libreoffice.books import Name
    from tests.xlwings_on_libreoffice.sheets import Sheet

_VALUE, _DATE, _TEXT, _NOTE, _FORMULA, _HARD, _STYLES = 1, 2, 4, 8, 16, 32, 64
_CONTENT = _VALUE | _DATE | _TEXT | _FORMULA
_ERROR = 4  # of FormulaResult


class LockedCellsError(Exception):
    """A script wrote into locked cells of a protected sheet, which Excel refuses."""


class Range(Looks):
    """A rectangle of cells."""

    options: Any = None
    arg1_input = ""

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self._sheet = sheet
        self.area = area

    @classmethod
    def of(cls, sheet: Sheet, cells: Any) -> Range:
        """A rectangle as UNO knows it."""
        at = cells.RangeAddress
        rows, columns = at.EndRow - at.StartRow + 1, at.EndColumn - at.StartColumn + 1
        return cls(sheet, Area(at.StartRow + 1, at.StartColumn + 1, rows, columns))

    @property
    def api(self) -> Any:
        area = self.area
        if not (area.rows and area.columns):
            return None
        return self._sheet.api.getCellRangeByPosition(
            area.column - 1, area.row - 1, area.last_column - 1, area.last_row - 1
        )

    @property
    def _first(self) -> Any:
        return self._sheet.api.getCellByPosition(self.area.column - 1, self.area.row - 1)

    @property
    def _document(self) -> Any:
        return self._sheet.book.api

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def row(self) -> int:
        return self.area.row

    @property
    def column(self) -> int:
        return self.area.column

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.rows, self.area.columns

    @property
    def coords(self) -> tuple[Any, ...]:
        return self._sheet, *self.shape_at()

    def shape_at(self) -> tuple[int, int, int, int]:
        """Row, column, rows, columns."""
        return self.area.row, self.area.column, self.area.rows, self.area.columns

    def __len__(self) -> int:
        return self.area.rows * self.area.columns

    def __call__(self, arg1: Any, arg2: Any = None) -> Range:
        """A cell in it, by number or by row and column; or by address, counted from its first cell."""
        if arg2 is None and isinstance(arg1, int):
            row, column = divmod(arg1 - 1, self.area.columns)
        else:
            row, column = int(arg1) - 1, int(arg2) - 1
        return self._sheet.range((self.area.row + row, self.area.column + column))

    # What stands in it

    @property
    def raw_value(self) -> Any:
        """The values of a block; of one cell its value. A date is told by its format, as in Excel, and so is a truth value."""
        if self.api is None:
            return None
        rows = [list(row) for row in self.api.getDataArray()]
        for area, convert in self._special():
            for row in range(area.row, area.last_row + 1):
                line = rows[row - self.area.row]
                for column in range(area.column - self.area.column, area.last_column - self.area.column + 1):
                    if isinstance(line[column], float):
                        line[column] = convert(line[column])
        for cell in self._errors():
            at = cell.CellAddress
            rows[at.Row + 1 - self.area.row][at.Column + 1 - self.area.column] = CellError(str(cell.String))
        return rows if len(self) > 1 else rows[0][0]

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        """Write a block, or fill it with one value. Text that begins with = is a formula, an apostrophe before it is taken off, as in Excel."""
        if self.api is None:
            return
        self._refuse_locked()
        rows = data if isinstance(data, (list, tuple)) else [[data] * self.area.columns] * self.area.rows
        if rows and not isinstance(rows[0], (list, tuple)):
            rows = [rows]
        target = Range(self._sheet, Area(self.area.row, self.area.column, len(rows), len(rows[0])))
        as_text = [area for area, kind in kinds_in(self._document, target.api) if kind == "text"]
        plain: list[list[Any]] = []
        special: list[tuple[int, int, Any]] = []
        for down, row in enumerate(rows):
            line: list[Any] = []
            for right, value in enumerate(row):
                kept = isinstance(value, str) and _within(as_text, target.row + down, target.column + right)
                plain_value = value
                if isinstance(value, str) and not kept and value[:1] in ("=", "'"):
                    plain_value = "" if value[0] == "=" else value[1:]
                elif isinstance(value, Moment):
                    plain_value = value.serial
                elif isinstance(value, (bool, int)):
                    plain_value = float(value)
                if (isinstance(value, str) and not kept and value[:1] == "=") or isinstance(value, (bool, Moment)):
                    special.append((down, right, value))
                line.append("" if plain_value is None else plain_value)
            plain.append(line)
        target.api.setDataArray(tuple(tuple(line) for line in plain))
        for down, right, value in special:
            cell = Range(self._sheet, Area(target.row + down, target.column + right, 1, 1))
            if isinstance(value, str):
                set_formula(self._document, cell._first, value)
            else:
                cell._show_as(value)

    def _special(self) -> list[tuple[Area, Callable[[float], Any]]]:
        """Where numbers mean dates or truth values."""
        kinds: dict[str, Callable[[float], Any]] = {"date": moment_of, "truth": bool}
        return [(area, kinds[kind]) for area, kind in kinds_in(self._document, self.api) if kind in kinds]

    def _errors(self) -> list[Any]:
        found, cells = self.api.queryFormulaCells(_ERROR), []
        each = found.Cells.createEnumeration()
        while each.hasMoreElements():
            cells.append(each.nextElement())
        return cells

    def _show_as(self, value: Any) -> None:
        """Give a cell that got a date or a truth value a format that says so, where it has none."""
        kinds = {kind for _, kind in kinds_in(self._document, self.api)}
        if isinstance(value, bool) and "truth" not in kinds:
            self.number_format = TRUTH_FORMAT
        elif isinstance(value, Moment) and "date" not in kinds:
            self.number_format = MOMENT_FORMAT if value.timed else DATE_FORMAT

    def _refuse_locked(self) -> None:
        if not self._sheet.api.isProtected():
            return
        formats = self.api.getUniqueCellFormatRanges()
        for number in range(formats.Count):
            if formats.getByIndex(number).CellProtection.IsLocked:
                raise LockedCellsError(f"the sheet {self._sheet.name} is protected, and {self.address} is locked")

    @property
    def formula(self) -> Any:
        """Formulas as Excel writes them, in English; of a cell without one what it holds."""
        if len(self) == 1:
            return formula_of(self._document, self._first)
        return tuple(
            tuple(
                formula_of(self._document, self._sheet.api.getCellByPosition(column - 1, row - 1))
                for column in range(self.area.column, self.area.last_column + 1)
            )
            for row in range(self.area.row, self.area.last_row + 1)
        )

    @formula.setter
    def formula(self, value: Any) -> None:
        """One formula fills a block, and what it refers to moves along, as in Excel."""
        self._refuse_locked()
        rows = value if isinstance(value, (list, tuple)) else None
        if rows and not isinstance(rows[0], (list, tuple)):
            rows = [rows]
        first = Range(self._sheet, Area(self.area.row, self.area.column, 1, 1))
        if rows is None:
            set_formula(self._document, first._first, value)
            if len(self) > 1:
                origin = first.api.RangeAddress
                for down in range(self.area.rows):
                    for right in range(self.area.columns):
                        if down or right:
                            cell = self._sheet.api.getCellByPosition(
                                self.area.column - 1 + right, self.area.row - 1 + down
                            )
                            self._sheet.api.copyRange(cell.CellAddress, origin)
            return
        for down, row in enumerate(rows):
            for right, one in enumerate(row):
                cell = self._sheet.api.getCellByPosition(self.area.column - 1 + right, self.area.row - 1 + down)
                set_formula(self._document, cell, one)

    @property
    def formula2(self) -> Any:
        return self.formula

    @formula2.setter
    def formula2(self, value: Any) -> None:
        self.formula = value

    @property
    def has_array(self) -> bool:
        return bool(self._first.supportsService("com.sun.star.sheet.SheetCell") and self.api.getArrayFormula())

    def clear_contents(self) -> None:
        self._refuse_locked()
        self.api.clearContents(_CONTENT | _NOTE)

    def clear_formats(self) -> None:
        self.api.clearContents(_HARD | _STYLES)

    def clear(self) -> None:
        self.clear_contents()
        self.clear_formats()

    # Where it ends

    def end(self, direction: str) -> Range:
        """Where Ctrl and an arrow key lead to from its first cell: the end of a filled block, else the next filled cell, else the edge."""
        area = self.area
        down_or_up = direction in ("down", "up")
        rows, columns = self._sheet.size
        here, last = (area.row, rows) if down_or_up else (area.column, columns)
        forward = direction in FORWARD
        low, high = (here, last) if forward else (1, here)
        strip = Area(low, area.column, high - low + 1, 1) if down_or_up else Area(area.row, low, 1, high - low + 1)
        spans = [
            (span.StartRow + 1, span.EndRow + 1) if down_or_up else (span.StartColumn + 1, span.EndColumn + 1)
            for span in Range(self._sheet, strip).api.queryContentCells(_CONTENT).RangeAddresses
        ]
        to = edge(joined(spans), here, last) if forward else -edge(mirrored(spans), -here, -1)
        at = (to, area.column) if down_or_up else (area.row, to)
        return self._sheet.range(at)

    @property
    def current_region(self) -> Range:
        cursor = self._sheet.api.createCursorByRange(self.api)
        cursor.collapseToCurrentRegion()
        return Range.of(self._sheet, cursor)

    def merge(self, across: bool = False) -> None:
        for row in self._each_row() if across else [self]:
            row.api.merge(True)

    def _each_row(self) -> list[Range]:
        return [
            Range(self._sheet, Area(row, self.area.column, 1, self.area.columns))
            for row in range(self.area.row, self.area.last_row + 1)
        ]

    def unmerge(self) -> None:
        self.api.merge(False)

    @property
    def merge_cells(self) -> bool:
        return bool(self.merge_area.area != Area(self.area.row, self.area.column, 1, 1))

    @property
    def merge_area(self) -> Range:
        cursor = self._sheet.api.createCursorByRange(self._first)
        cursor.collapseToMergedArea()
        return Range.of(self._sheet, cursor)

    # Where it is, and moving it about

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        address = self.area.address(row_absolute, col_absolute)
        if not external:
            return address
        return f"{quoted(f'[{self._sheet.book.name}]{self._sheet.name}')}!{address}"

    @property
    def address(self) -> str:
        return self.area.address()

    @property
    def name(self) -> Name | None:
        """The name of just these cells."""
        names = self._sheet.book.names
        for number in range(len(names)):
            name = names(number + 1)
            cells = name.api.ReferredCells
            if cells is not None and cells.AbsoluteName == self.api.AbsoluteName:
                return name
        return None

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.book.names.add(value, f"={quoted(self._sheet.name)}!{self.address}")

    def select(self) -> None:
        self._sheet.activate()
        self._document.CurrentController.select(self.api)

    def copy(self, destination: Any = None) -> None:
        """Copy to another place of the same workbook; there is no clipboard without a window."""
        if destination is None:
            raise NotImplementedError("a destination is needed: without a window there is no clipboard")
        target = destination.impl if hasattr(destination, "impl") else destination
        self._sheet.api.copyRange(target._first.CellAddress, self.api.RangeAddress)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        mode = "RIGHT" if shift == "right" else "DOWN"
        self._sheet.api.insertCells(self.api.RangeAddress, enum("sheet.CellInsertMode", mode))

    def delete(self, shift: str | None = None) -> None:
        mode = "LEFT" if shift == "left" else "UP"
        self._sheet.api.removeRange(self.api.RangeAddress, enum("sheet.CellDeleteMode", mode))

    def to_pdf(self, path: str, quality: Any = None) -> None:
        only = uno_module().Any("[]com.sun.star.beans.PropertyValue", properties(Selection=self.api))
        self._document.storeToURL(url_of(path), properties(FilterName=FILTERS[".pdf"], Overwrite=True, FilterData=only))

    def __repr__(self) -> str:
        return f"<cells {letters(self.area.column)}{self.area.row}, {self.area.rows} x {self.area.columns}>"


def _within(areas: Sequence[Area], row: int, column: int) -> bool:
    return any(area.row <= row <= area.last_row and area.column <= column <= area.last_column for area in areas)
