"""Workbooks of one week, filled honestly and saved by the programs that people have: whichever saved one, the same is booked and nobody is alarmed.

`week.tar.xz` holds the office folder, with the ledger and the archive and without its share; `saved.tar.xz` the files, named `WORKBOOK.HOW.PROGRAM.xlsx`:

- `typed`: the program opened the workbook as it went out, typed everything and saved it
- `saved`: the program opened a workbook that was filled already, and saved it

`WORKBOOK.toml` beside them says what is booked of each, and what is noted of which program.
"""

from __future__ import annotations

import tarfile
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Period, Week
from evalxl.excel.returned.examine import Examined, WeekBooks
from evalxl.forms import kinds
from evalxl.forms.fields import Type
from evalxl.forms.kind import WorkbookKind, kind_named
from evalxl.forms.rows import RowReader, field_of
from evalxl.forms.values import EMPTY, Typed
from evalxl.steps.office.office import Office
from tests.little_office import LittleOffice

HERE = Path(__file__).parent
WEEK, PERIOD = Week.parse("2025-W24"), Period.parse("2025-06")
WORKBOOKS = {
    "form": kinds.FORM,
    "scoring": kinds.SCORING,
    "approval": kinds.APPROVAL,
    "register": kinds.FOLLOW_UP,
    "period": kinds.PERIOD_INPUT,
}


@cache
def saved_files() -> Mapping[str, bytes]:
    """The files by name, without the ending."""
    with tarfile.open(HERE / "saved.tar.xz") as package:
        found = {entry.name: package.extractfile(entry) for entry in package.getmembers()}
        return {name.removesuffix(".xlsx"): file.read() for name, file in sorted(found.items()) if file is not None}


@cache
def expected(workbook: str) -> Mapping[str, Any]:
    return tomllib.loads((HERE / f"{workbook}.toml").read_text(encoding="utf-8"))


def unpack(to: Path) -> LittleOffice:
    """The office of the week, made in a folder."""
    with tarfile.open(HERE / "week.tar.xz") as package:
        package.extractall(to, filter="data")
    (to / "office" / "shared").mkdir()
    return LittleOffice(to / "office", str(WEEK))


def books_of(folder: Path, when: Week | Period) -> WeekBooks:
    """What a worker that reads the files of a week or a period has to know."""
    office = Office.open(folder)
    this = office.history.week(when) if isinstance(when, Week) else office.history.period(when)
    issues = {issue.form_id: office.event_of(issue) for issue in this.issues().values()}
    return WeekBooks(
        week=str(when),
        issues=issues,
        templates={event["template"]: office.archive.get(event["template"]) for event in issues.values()},
        rules={event["rules"]: office.archive.get(event["rules"]) for event in issues.values()},
    )


def booked(seen: Examined, rules: RuleBook) -> dict[str, Any]:
    """What is booked of a file: a form's content, or by row and name what was typed in a row workbook."""
    if seen.content is not None:
        return dict(seen.content)
    rows: dict[str, Any] = {}
    for one in seen.typed:
        rows.setdefault(f"{one['table']} {one['row']}", {})[one["name"]] = _read(kind_named(seen.workbook), one, rules)
    return rows


def _read(workbook: WorkbookKind, one: Mapping[str, Any], rules: RuleBook) -> str:
    """A typed cell as the booking of its row reads it."""
    name, value = one["name"], Typed.from_record(one["value"])
    place = ("", one["sheet"], one["cell"])
    reader = RowReader(workbook, "", rules, lambda asked: value if asked == name else EMPTY, lambda _: place)
    entry = field_of(workbook, name)
    if entry.type is Type.SCORE:
        prefix, _, part = name.rpartition("_")
        read: Any = reader.scores(prefix).part(part)
    elif entry.type is Type.DATE:
        read = reader.date(name)
    elif entry.type is Type.CHOICE and entry.choices in ("task_code", "team"):
        read = reader.text(name)
    elif entry.type is Type.CHOICE:
        read = reader.choice(name)
    elif entry.type in (Type.NUMBER, Type.WHOLE):
        read = reader.whole(name)
    else:
        read = reader.text(name)
    assert {finding.level for finding in reader.findings} <= {"note"}, (name, reader.findings)
    return str(read)
