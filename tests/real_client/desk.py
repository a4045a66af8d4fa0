"""A person's desk: an issued workbook lies open in LibreOffice, and values are typed into it by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from evalxl.domain.weeks import Week
from evalxl.excel.returned.examine import Examined, WeekBooks, examine
from evalxl.steps.office.office import Office
from tests.libreoffice import CellValue, Document, Entry
from tests.libreoffice import Office as LibreOffice


def entries(values: Mapping[str, Any]) -> list[Entry]:
    """What is typed where: a list runs down the column, None leaves a cell."""
    return [
        (name, row, str(one))
        for name, value in values.items()
        for row, one in enumerate(value if isinstance(value, list) else [value])
        if one is not None
    ]


def fill(libreoffice: LibreOffice, path: Path, values: Mapping[str, Any]) -> Path:
    """Open a workbook, type values by name, save it in place. Every cell must take what is typed."""
    with libreoffice.open(path) as document:
        assert document.fill(entries(values)) == []
        document.save()
    return path


def type_rows(document: Document, people: str, rows: Mapping[str, Mapping[str, Any]], prefix: str) -> None:
    """Type into the rows of some people, told by the column of their codes."""
    codes = document.column(people)
    typed: list[Entry] = [
        (f"{prefix}{name}", codes.index(code), str(value)) for code, row in rows.items() for name, value in row.items()
    ]
    assert document.fill(typed) == []


def exact(value: CellValue) -> Decimal | None:
    """A number that LibreOffice shows, digit by digit; None for an empty cell."""
    return None if value in (None, "") else Decimal(repr(value)).normalize()


def week_books(folder: Path, week: str) -> WeekBooks:
    """What a worker that reads a week's files has to know."""
    office = Office.open(folder)
    issues = {
        issue.form_id: office.event_of(issue) for issue in office.history.week(Week.parse(week)).issues().values()
    }
    return WeekBooks(
        week=week,
        issues=issues,
        templates={event["template"]: office.archive.get(event["template"]) for event in issues.values()},
        rules={event["rules"]: office.archive.get(event["rules"]) for event in issues.values()},
    )


def examined(path: Path, books: WeekBooks) -> Examined:
    return examine(path.read_bytes(), books)


def kinds(seen: Examined) -> list[str]:
    return sorted({finding.kind for finding in seen.findings})


def master_row(path: Path, sheet: str, code: str) -> dict[str, Any]:
    """A person's row of a master as python-calamine reads it: group and column header together, `Điểm tự chấm/Tổng`."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    head = next(number for number, row in enumerate(rows) if "Mã cán bộ" in row)
    groups = _carried(rows[head - 1])
    row = next(row for row in rows[head + 1 :] if row[rows[head].index("Mã cán bộ")] == code)
    return {
        f"{group}/{title}" if group else str(title): value
        for group, title, value in zip(groups, rows[head], row, strict=True)
    }


def _carried(groups: Iterable[Any]) -> list[str]:
    """A merged header stands in its first cell only."""
    found, last = [], ""
    for group in groups:
        last = str(group) or last
        found.append(last)
    return found
