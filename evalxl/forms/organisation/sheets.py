"""The sheets of the organisation workbook as tables, and the places of codes in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import FIRST_DAY, LAST_DAY
from evalxl.domain.weeks import parse_date
from evalxl.forms.organisation.columns import REQUIRED_SHEETS, SHEETS, SHEETS_ALSO, column_name, sheet_name
from evalxl.forms.tables import Headed, Table, TableCell, headed, sheets_named
from evalxl.forms.workbook import address

Row = tuple[TableCell, ...]


def places(sheets: Mapping[str, Table], sheet: str) -> Callable[..., tuple[str, str]]:
    """The places where each code of a sheet is defined.

    Errors in the organisation may be found long after the workbook was read. The places say where to correct them.

    Returns:
        A function from a code, a column and an optional day to sheet and cell. It gives the column's cell in the code's row valid on the day,
        else in its first row; the code's own cell if the sheet lacks the column; two empty texts if no row has the code.
    """
    table = sheet_table(sheets, sheet, [])
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows if table else ():
        rows[code_key(table.cell(row, "code").text if table else "")].append(row)

    def place(code: str, column: str, day: date | None = None) -> tuple[str, str]:
        several = rows.get(code_key(code), [])
        if table is None or not several:
            return "", ""
        holds = (row for row in several if day is not None and _first(table, row) <= day <= _last(table, row))
        row = next(holds, several[0])
        return table.name, (table.cell(row, column).address or table.cell(row, "code").address)

    return place


def _first(table: Headed, row: Row) -> date:
    return (cell := table.cell(row, "first")).day or parse_date(cell.text) or FIRST_DAY


def _last(table: Headed, row: Row) -> date:
    return (cell := table.cell(row, "last")).day or parse_date(cell.text) or LAST_DAY


def sheet_table(sheets: Mapping[str, Table], sheet: str, findings: list[Finding]) -> Headed | None:
    """A sheet with its header row; None if the sheet is missing or unusable."""
    label = f"@organisation_sheet.{sheet}"
    names = (sheet_name(sheet, "vi"), sheet_name(sheet, "en"), *SHEETS_ALSO.get(sheet, ()))
    if not (named := sheets_named(sheets, names)):
        if sheet in REQUIRED_SHEETS:
            findings.append(
                Finding("organisation.missing_sheet", sheet=sheet_name(sheet, "vi"), values={"name": label})
            )
        return None
    table = headed(
        named[0],
        {
            column.key: (column_name(sheet, column.key, "vi"), column_name(sheet, column.key, "en"), *column.also)
            for column in SHEETS[sheet]
        },
        [column.key for column in SHEETS[sheet] if column.required],
    )
    if sheet not in REQUIRED_SHEETS and not table.rows and len(named[0].rows) < 2:
        return None
    top = table.header[0].address if table.header else address((1, 1))
    if len(named) > 1:
        findings.append(Finding("organisation.sheet_twice", sheet=named[1].name, values={"first": named[0].name}))
    for key in table.missing or (() if table.places else ("code",)):
        column = {"column": f"@organisation_column.{sheet}.{key}"}
        findings.append(Finding("organisation.missing_column", sheet=table.name, cell=top, values=column))
    for cell in table.twice:
        findings.append(Finding("organisation.column_twice", sheet=table.name, cell=cell.address, found=cell.text))
    if sheet in REQUIRED_SHEETS and not table.missing and not table.rows:
        findings.append(Finding("organisation.no_rows", sheet=table.name, cell=top, values={"name": label}))
    return None if table.missing else table
