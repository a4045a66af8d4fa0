"""A little office in its second week, with one workbook of every kind as it goes out: what other tests open, save, audit and alter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.little_office import LittleOffice
from tests.people import type_into

WEEK = "2025-W24"


def second_week(first: LittleOffice, folder: Path) -> LittleOffice:
    """The office after its second week was scored.

    V1-03's form has a task that the manager gave, and V1-03 handed in a copy, so the form itself is as it went out. V1-03 and V1-04 stand in
    V1-02's scoring workbook, with links and tasks, and in V1-01's approval workbook. Units report too.

    Args:
        first: A little office before anything was issued.
        folder: Where the copy is made.
    """
    office = first.copy(folder)
    settings = office.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("unit_reports = false", "unit_reports = true"), encoding="utf-8")
    office.say("issue", office.week)
    office.hand_in("V1-03")
    office.consolidate()
    given = {"person": "V1-03", "task": "Chuẩn bị hội nghị", "due": date(2025, 6, 13), "important": "Có"}
    type_into(office.scoring("V1-02"), {f"ev_assign_{name}": value for name, value in given.items()})
    office.consolidate()
    office.week = WEEK
    office.say("issue", WEEK)
    office.hand_in("V1-04")
    tasks = {"task_name": [None, "Rà soát"], "task_product": ["Báo cáo", "Bảng"]}
    office.in_time(office.fill("V1-03", office.form("V1-03").with_name("An.xlsx"), **tasks))
    office.consolidate()
    office.scored("V1-03", "V1-04")
    office.consolidate()
    return office


def issued_workbooks(office: LittleOffice) -> dict[str, Path]:
    """One workbook of every kind, as it lies in the share and nobody has touched it."""
    return {
        "form": office.form("V1-03"),
        "unit_form": office.share / WEEK / "VU1" / "forms" / f"{WEEK}_VU1_tap-the.xlsx",
        "scoring": office.scoring("V1-02"),
        "approval": office.approval("V1-01"),
    }
