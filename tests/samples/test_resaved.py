"""Workbooks that real programs saved: whichever saved one, the same is booked, nobody is alarmed, and saving again by another program changes nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from evalxl.excel.returned.examine import WeekBooks, examine
from tests.little_office import LittleOffice
from tests.samples.resaved import PERIOD, WEEK, WORKBOOKS, booked, books_of, expected, saved_files, unpack

FRIDAY = datetime(2025, 6, 13, 14)
TABLES = ("results", "missing", "warnings", "tasks")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, WeekBooks]:
    """By workbook: what went out with it."""
    folder = unpack(tmp_path_factory.mktemp("resaved")).folder
    of_week, of_period = books_of(folder, WEEK), books_of(folder, PERIOD)
    return {name: of_period if name == "period" else of_week for name in WORKBOOKS}


@pytest.fixture
def office(tmp_path: Path) -> LittleOffice:
    return unpack(tmp_path)


def test_every_file_has_its_reading_beside_it() -> None:
    listed = {f"{name}.{saved}" for name in WORKBOOKS for saved in expected(name)["noted"]}

    assert listed == set(saved_files())


@pytest.mark.parametrize("name", saved_files())
def test_a_workbook_that_a_program_saved_is_booked_as_any_other(name: str, books: Mapping[str, WeekBooks]) -> None:
    workbook, _, saved = name.partition(".")
    told, rules = expected(workbook), books[workbook].rulebook(next(iter(books[workbook].rules)))

    seen = examine(saved_files()[name], books[workbook])

    assert (seen.verdict, booked(seen, rules)) == (told["verdict"], told["booked"])
    assert [finding.brief() for finding in seen.findings] == told["noted"][saved]
    assert {finding.level for finding in seen.findings} <= {"note"}


# The whole way


def lay(office: LittleOffice, how: str, beside: str = "", hours: int = 0) -> None:
    """The three workbooks of a week as a program saved them come back: to their places, or beside them under another name."""
    people = {
        "form": ("VU1/forms", "V1-03_vu-van-an"),
        "scoring": ("VU1/scoring", "V1-02_cham-diem"),
        "approval": ("approval", "C-01_phe-duyet"),
    }
    for workbook, (folder, name) in people.items():
        path = office.share / office.week / folder / f"{office.week}_{name}{beside}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(saved_files()[f"{workbook}.{how}"])
        moment = FRIDAY.timestamp() + 3600 * hours
        os.utime(path, (moment, moment))


def press(office: LittleOffice, hour: int = 15) -> dict[str, Any]:
    """What the week says after a press of the button, and what was found that is more than a note."""
    office.consolidate_at(FRIDAY.replace(hour=hour))
    office.moment = FRIDAY.replace(hour=hour)
    alarms = [(one["kind"], one["code"], one["level"]) for one in office.table("findings") if one["level"] != "note"]
    return {"alarms": alarms} | {name: office.table(name) for name in TABLES}


@pytest.mark.parametrize("how", ["typed.libreoffice-switched", "saved.gnumeric", "typed.sheetjs-plain"])
def test_a_week_in_which_a_program_saved_everything_is_booked_without_an_alarm(office: LittleOffice, how: str) -> None:
    lay(office, how)
    told = press(office)
    rows = {row["code"]: row for row in told["results"]}

    assert told["alarms"] == []
    assert (rows["V1-03"]["state"], rows["V1-03"]["self_total"]) == ("submitted", "91.75")
    assert (rows["V1-04"]["state"], rows["V1-04"]["scored_total"]) == ("scored", "88.75")
    assert (rows["P-02"]["state"], rows["P-02"]["approved_total"], rows["P-02"]["flags"]) == (
        "approved",
        "86.75",
        "adjusted",
    )


@pytest.mark.parametrize(
    ("again", "hours"), [("saved.sheetjs-plain", -5), ("saved.sheetjs-plain", 5), ("saved.gnumeric", -5)]
)
def test_what_another_program_saved_again_without_a_change_changes_nothing(
    office: LittleOffice, again: str, hours: int
) -> None:
    """A copy that somebody sent through a portal lies beside the workbook: older or newer, it says what is booked."""
    lay(office, "typed.libreoffice-vi")
    before = press(office)
    lay(office, again, " - Copy", hours)

    assert press(office, 16) == before


def test_two_copies_of_one_content_by_different_programs_are_no_rivals(office: LittleOffice) -> None:
    """Both come with one press; nobody can tell which was saved last, and it does not matter."""
    lay(office, "typed.openpyxl")
    lay(office, "typed.sheetjs-plain", " - Copy")
    told = press(office)

    assert told["alarms"] == []
    assert {row["state"] for row in told["results"] if row["code"] in ("V1-03", "V1-04", "P-02")} == {
        "submitted",
        "scored",
        "approved",
    }
