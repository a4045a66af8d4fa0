"""A week in which good forms and hostile files lie side by side: what is booked must be what is booked without them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from tests.hostile.cases import cases
from tests.hostile.good import Form
from tests.little_office import LittleOffice, make_little_office, person
from tests.people import GOOD_FORM

# What is said about files and about the run itself is different, as it has to be; all else must be equal.
SHEETS_ABOUT_FILES = ("Lỗi, lưu ý", "Nhật ký", "Tổng quan")
TABLES = ("results", "tasks", "units", "missing", "warnings")
MOST_TEAM = 50


@dataclass
class Mixed:
    """Two offices after one and the same week, with and without the hostile files beside the good ones."""

    good: int
    hostile: int
    counts: Mapping[str, int]
    differences: list[str]
    twice: list[str]

    def __str__(self) -> str:
        return f"mixed: {self.good} good forms and {self.hostile} hostile files, {dict(self.counts)}; {len(self.differences)} differences"


def mixed(folder: Path, people: int = 0, every: int = 1, note: Callable[[str], object] = lambda _: None) -> Mixed:
    """Run the week twice: the little office's, or one of so many people."""
    office = large_office(folder / "clean", people) if people else make_little_office(folder / "clean")
    office.say("issue", office.week)
    codes = [f"X{n:04d}" for n in range(people)] if people else ["V1-03", "V1-04", "P-02"]
    forms = {code: office.form(code) for code in codes}
    for path in forms.values():
        path.write_bytes(Stencil(path.read_bytes(), kinds.FORM).stamp(GOOD_FORM, {}))
        office.in_time(path)
    note("issued and filled")
    twin = LittleOffice(folder / "mixed", office.week)
    shutil.copytree(office.folder, twin.folder)
    hostile = 0
    office.moment = twin.moment = datetime.now()  # receipts tell the minute
    there = twin.form(codes[0]).parent
    form = Form(twin.form(codes[0]).read_bytes())
    for number, case in enumerate(cases()):
        if case.verdict in ("submitted", "draft") or number % every:
            continue  # harmless ones and drafts are other versions of the form
        name = there / f"tệp {number:04d}.xlsx"
        name.write_bytes(case.make(form))
        twin.in_time(name, hours=1)
        hostile += 1
    note("hostile files made")
    office.consolidate()
    note("consolidated without them")
    counts = twin.consolidate()["files"]
    note("consolidated with them")
    again = [] if twin.events() == _pressed_again(twin) else ["a second press added events"]
    return Mixed(len(codes), hostile, counts, _differences(office, twin), again)


def _pressed_again(office: LittleOffice) -> int:
    office.consolidate()
    return office.events()


def _differences(one: LittleOffice, other: LittleOffice) -> list[str]:
    found = [f"table {name}" for name in TABLES if one.table(name) != other.table(name)]
    for path in sorted(one.share.rglob("*_tong-hop.xlsx")):
        twin = other.share / path.relative_to(one.share)
        found += [f"{path.parent.name}: {name}" for name in _other_cells(path, twin)]
    for path in sorted(one.share.rglob("*.txt")):
        if path.name != f"{one.week}_V1-03.txt" and not path.name.startswith(f"{one.week}_X0000"):
            twin = other.share / path.relative_to(one.share)
            found += [] if path.read_bytes() == twin.read_bytes() else [f"receipt {path.name}"]
    return found


def _other_cells(path: Path, twin: Path) -> list[str]:
    books = [openpyxl.load_workbook(BytesIO(each.read_bytes()), read_only=True) for each in (path, twin)]
    names = [name for name in books[0].sheetnames if name not in SHEETS_ABOUT_FILES]
    return [name for name in names if _values(books[0][name]) != _values(books[1][name])]


def _values(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def large_office(folder: Path, people: int) -> LittleOffice:
    """An office of so many officials, in units that one manager can score."""
    office = make_little_office(folder)
    rows = office.organisation
    for unit in range(-(-people // MOST_TEAM)):
        code = f"U{unit:02d}"
        rows["units"].append({"code": code, "name": f"Vụ số {unit}", "head": f"{code}-H", "leader in charge": "LD-02"})
        rows["people"].append(person(f"{code}-H", "Lê Thị Vụ", code, "Cấp trưởng đơn vị", title="Vụ trưởng"))
    for n in range(people):
        rows["people"].append(person(f"X{n:04d}", f"Vũ Văn Số {n}", f"U{n // MOST_TEAM:02d}", title="Chuyên viên"))
    office.reorganise()
    return office
