"""A row of the table: a fault as it is made, and a way to do what its finding says.

Faults are made in one office, each by a person of its own, and one press of a button serves them all: everybody makes the fault, the office consolidates,
everybody does what the finding says, the office issues and consolidates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook

from tests.hostile.cases import cases
from tests.hostile.good import Form
from tests.little_office import LittleOffice, make_little_office, person
from tests.people import GOOD_FORM, cells, saved_at, says_saved_at, type_into

THURSDAY = datetime(2025, 6, 5)
UNITS = ("A", "B", "C", "D")


@dataclass
class Desk:
    """A person's place in an office: where the form lies, and what the person had typed before the fault.

    Attributes:
        office: Whose button is pressed.
        code: The person.
        filled: The form as it was filled well.
        held: What one step of a fault leaves for a later one.
    """

    office: LittleOffice
    code: str
    filled: bytes = b""
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> Path:
        """Where the person's form belongs, be it there or not."""
        if "form" not in self.held:
            self.held["form"] = self.office.form(self.code)
        return Path(self.held["form"])

    @property
    def elsewhere(self) -> Path:
        """A folder of the person's own, which nobody reads."""
        folder = self.office.folder.parent / "máy riêng" / self.code
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def fill(self, **changed: Any) -> Path:
        """Fill the form well, but for what is changed."""
        type_into(self.form, {**GOOD_FORM, **{f"ev_{name}": value for name, value in changed.items()}})
        self.filled = self.form.read_bytes()
        return at(self.form, 1)

    def lay(self, data: bytes, hour: float, path: Path | None = None) -> Path:
        """A file with these very bytes, as the folder had it at some hour of the Thursday."""
        (path or self.form).write_bytes(data)
        return saved_at(path or self.form, THURSDAY.replace(hour=int(hour)))

    def edit(self, change: Callable[[Workbook], object], hour: float, path: Path | None = None) -> Path:
        """Open a workbook, change it, save it."""
        path = path or self.form
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return at(path, hour)

    def type(self, hour: float = 5, **typed: Any) -> Path:
        """Type into the form that lies there, and save it."""
        type_into(self.form, {f"ev_{name}": value for name, value in typed.items()})
        return at(self.form, hour)


def at(path: Path, hour: float) -> Path:
    """A workbook that a program saved at some hour of the Thursday."""
    moment = THURSDAY.replace(hour=int(hour), minute=round(hour % 1 * 60))
    return saved_at(says_saved_at(path, moment), moment)


Act = Callable[[Desk], object]
Result = Mapping[str, str]  # a row of the table of results


@dataclass(frozen=True)
class Row:
    """One kind of finding, a way to come to it, and a way to do what it says.

    Attributes:
        kinds: The kinds of findings that the fault gives; each of them must be gone at the end.
        make: Make the fault.
        do: What the finding says, up to the next press.
        then: What it says to do once the office has pressed *Tạo phiếu tuần* or *Tổng hợp*.
        good: What holds at the end beside the finding's being gone: the person's form counts, where it is not said otherwise.
    """

    kinds: tuple[str, ...]
    make: Act
    do: Act
    then: Act | None = None
    good: Callable[[Result], bool] = lambda result: result["state"] == "submitted"


def row(kinds: str, make: Act, do: Act, then: Act | None = None, good: Callable[[Result], bool] | None = None) -> Row:
    return Row(tuple(kinds.split()), make, do, then, *((good,) if good is not None else ()))


@cache
def hostile(kind: str, name: str = "") -> Act:
    """The fault as the table of hostile files makes it, in the person's own filled form."""
    one = next(case for case in cases() if case.kinds == {kind} and name in case.name)

    def make(desk: Desk) -> None:
        desk.fill()
        desk.lay(one.make(Form(desk.filled)), 2)

    return make


# The office


def office_of(folder: Path, count: int) -> LittleOffice:
    """The little office with as many people more, a head for some of them each, under one leader."""
    office = make_little_office(folder)
    for unit in UNITS:
        office.organisation["units"].append(
            {"code": unit, "name": f"Vụ {unit}", "head": f"{unit}-00", "leader in charge": "LD-01"}
        )
        office.organisation["people"].append(person(f"{unit}-00", f"Mai Thị {unit}", unit, "Cấp trưởng đơn vị"))
    for number in range(count):
        unit = UNITS[number % len(UNITS)]
        office.organisation["people"].append(person(f"{unit}-{number + 1:02d}", f"Phan Văn Số {number}", unit))
    office.reorganise()
    return office


def codes(count: int) -> list[str]:
    return [f"{UNITS[number % len(UNITS)]}-{number + 1:02d}" for number in range(count)]


def found(office: LittleOffice, pressed: Mapping[str, Any]) -> dict[str, set[str]]:
    """The kinds of findings by person; by file where it is nobody's. What could not be read at all is said by the press alone."""
    by: dict[str, set[str]] = {}
    for one in (*office.table("findings"), *pressed["findings"]):
        by.setdefault(one["code"] or one["file"], set()).add(one["kind"])
    return by


# What people do


def moved_away(desk: Desk) -> None:
    """*Chuyển tệp này đi nơi khác.*"""
    desk.form.rename(desk.elsewhere / desk.form.name)


def filled_afresh(desk: Desk) -> None:
    """*Chép phần đã điền sang tệp mới và lưu lại.*"""
    assert desk.form.exists(), "no fresh form lies in its place"
    typed = {name: value for name, value in GOOD_FORM.items() if name not in desk.held.get("not_typed", ())}
    type_into(desk.form, {**typed, **desk.held.get("typed", {})})
    at(desk.form, 8)


def put_right(desk: Desk) -> None:
    """What a person does inside a program, so that the form is again as it was filled; saved under its name."""
    desk.lay(desk.filled, 5)


def opened_and_saved(desk: Desk) -> None:
    """*Mở tệp trong Excel, lưu lại ở định dạng .xlsx; nếu không mở được thì chuyển tệp này đi nơi khác.*"""
    try:
        desk.edit(lambda book: None, 5)
    except Exception:
        moved_away(desk)


def filled_afresh_where_it_was_moved(desk: Desk) -> None:
    if not (desk.elsewhere / desk.form.name).exists():
        return
    filled_afresh(desk)


def retyped(**typed: Any) -> Act:
    """Type something again in cells of the form, and save it."""
    return lambda desk: desk.type(5, **typed)


def cell_of(book: Workbook, name: str, line: int = 0) -> Any:
    return cells(book, name)[line]
