"""Tables as one workbook: a sheet each, named and headed as the tables are; numbers are numbers, dates dates, and text stays text.

Rows are written as they come and are not kept in memory. The workbook holds values and no formulas; nothing is ever read from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from evalxl.domain.errors import EvalxlError
from evalxl.domain.tables import ColumnType, TableColumn, TableSchema, Value
from evalxl.excel.masters.sheet_kit import TEXT_LIMIT, put

_SCALE = 75  # per cent: letters of 8 points; a table that is wider goes on to a page beside the first
_MOST_ROWS = 1_048_576  # of a sheet, with its heading
_FIRST_DAY = date(1900, 3, 1)  # the calendar of a workbook has a day before it that there never was
_WIDTHS: Mapping[ColumnType, float] = {"text": 18, "points": 12, "number": 12, "count": 10, "date": 12, "yes_no": 11}
_WIDE = {"name": 28, "title": 24, "evidence": 50, "message": 60, "remedy": 60, "text": 60, "answer": 40, "file": 40}
_NARROW = {"week": 10, "code": 12, "key": 8, "unit": 10, "level": 9, "cell": 8}


class BeyondAWorkbookError(EvalxlError):
    """A table has more rows, or a field more letters, than a sheet can hold."""

    key = "slip.beyond_a_workbook"


class TableWorkbook:
    """A workbook of tables in the making.

    Args:
        path: Where it is written.
        about: The document's properties: `title`, `company`, `created`.
        stamp: Custom document properties.
        workshop: A folder for rows that wait to be written; the caller removes it.
    """

    def __init__(self, path: Path, about: Mapping[str, Any], stamp: Mapping[str, str], workshop: Path) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(workshop),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": "Times New Roman", "font_size": 11, "font_scheme": "none"},
            },
        )
        self._book.set_properties({"author": "evalxl", **about})
        for key in sorted(stamp):
            self._book.set_custom_property(key, stamp[key], "text")
        self._sheets: dict[str, Worksheet] = {}
        self._next_row: dict[str, int] = {}
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._head = self._book.add_format({"bold": True, "bg_color": "#DCE6F0", "bottom": 1, "valign": "vcenter"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._points = self._book.add_format({"num_format": "0.0#####"})

    def look(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(properties)
        return self._looks[key]

    def add(self, schema: TableSchema, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows of a table below those that are there.

        Raises:
            BeyondAWorkbookError: they do not fit into a sheet.
        """
        if schema.name not in self._sheets:
            self._begin(schema)
        sheet, number = self._sheets[schema.name], self._next_row[schema.name]
        for row in rows:
            if number >= _MOST_ROWS:
                raise BeyondAWorkbookError(table=schema.name)
            for place, value in enumerate(row):
                if value is not None:
                    self._write(sheet, number, place, schema, value)
            number += 1
        self._next_row[schema.name] = number

    def _begin(self, schema: TableSchema) -> None:
        sheet = self._sheets[schema.name] = self._book.add_worksheet(schema.name)
        self._next_row[schema.name] = 1
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_print_scale(_SCALE)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 2)
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, _MOST_ROWS - 1, len(schema.columns) - 1)})
        sheet.set_footer(f"&L{schema.name}&R&P/&N")
        sheet.set_row(0, 21)
        for place, column in enumerate(schema.columns):
            sheet.set_column(place, place, _width(column))
            sheet.write_string(0, place, column.name, self._head)

    def _write(self, sheet: Worksheet, row: int, column: int, schema: TableSchema, value: Value) -> None:
        if isinstance(value, str):
            if len(value) > TEXT_LIMIT // 2 and len(value.encode("utf-16-le")) > 2 * TEXT_LIMIT:
                raise BeyondAWorkbookError(table=schema.name)
            put(self, sheet, row, column, value)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, date):
            if value < _FIRST_DAY:
                sheet.write_string(row, column, value.isoformat())
            else:
                sheet.write_datetime(row, column, datetime.combine(value, time()), self._day)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), self._points)
        else:
            sheet.write_number(row, column, int(value or 0))

    def close(self) -> None:
        """Write the file."""
        for name, sheet in self._sheets.items():
            sheet.autofilter(0, 0, max(1, self._next_row[name] - 1), sheet.dim_colmax)
        self._book.close()


def _width(column: TableColumn) -> float:
    usual = _NARROW.get(column.name) or _WIDE.get(column.name) or _WIDTHS[column.type]
    return max(usual, len(column.name) + 4)  # room for the filter's arrow
