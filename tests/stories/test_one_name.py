"""Excel opens one workbook per name: no two workbooks of an office have the same."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.little_office import LittleOffice
from tests.people import type_into

PRIVATE = ("archive", "templates")


def by_name(office: LittleOffice) -> dict[str, list[str]]:
    """Where the workbooks of an office lie, by name as Excel compares names."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(office.folder.rglob("*.xlsx")):
        place = path.relative_to(office.folder)
        if place.parts[0] not in PRIVATE:
            found[path.name.casefold()].append(place.as_posix())
    return found


@pytest.fixture
def everything(made: LittleOffice) -> LittleOffice:
    """Two weeks and their month, with personal folders, units that report, pages to sign, and what leaders enter."""
    settings = made.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    for was, now in (
        ("unit_reports = false", "unit_reports = true"),
        ("personal_folders = false", "personal_folders = true"),
        ('rulebook = "cv-8679-2025"', 'rulebook = "nd-335-2025"'),
    ):
        assert was in text
        text = text.replace(was, now)
    settings.write_text(text, encoding="utf-8")
    for week in ("2025-W23", "2025-W24"):
        made.week = week
        made.say("issue", week)
        made.hand_in("V1-03", "P-02", "0012")
        unit_form(made, "VU1")
        made.consolidate()
        made.scored("V1-03")
        made.consolidate()
        made.approved("V1-03")
        made.consolidate()
        made.say("close", week, "--yes")
    made.say("roll-up", "2025-06")
    made.say("roll-up", "2025-Q2")
    return made


def unit_form(office: LittleOffice, unit: str) -> Path:
    path = office.share / office.week / unit / "forms" / f"{office.week}_{unit}_tap-the.xlsx"
    scores = {"ev_self_quality": 35, "ev_self_progress": 35, "ev_self_conduct": 18}
    task = {"ev_task_name": ["Kế hoạch"], "ev_task_status": ["Hoàn thành"], "ev_task_product": ["Kế hoạch"]}
    return type_into(path, {**scores, **task, "ev_status": "Đã nộp"})


def test_no_two_workbooks_of_an_office_have_the_same_name(everything: LittleOffice) -> None:
    found = by_name(everything)

    assert {name: places for name, places in found.items() if len(places) > 1} == {}
    kinds = {name.rpartition("_")[2].removesuffix(".xlsx") for name in found}
    assert {
        "cham-diem", "phe-duyet", "tong-hop", "phieu-ky", "phieu-ky-tap-the", "tap-the", "ket-qua", "tieu-chi", "statistics", "signals",
    } <= kinds  # fmt: skip
