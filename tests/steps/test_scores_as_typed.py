"""What people type into a score cell, and what becomes of it: one week in which everybody types something else."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.little_office import LittleOffice, make_little_office
from tests.people import cells

# By staff code: what is typed as quality (at most 40, step 0.5).
TAKEN: dict[str, tuple[Any, str, str]] = {
    "V1-03": ("37,5", "37.5", "score.repaired"),
    "V1-04": ("37.5", "37.5", "score.repaired"),
    "V1-05": ("  37,5\u00a0", "37.5", "score.repaired"),
    "V1-06": (37.3, "37.3", "score.off_step"),
    "V1-07": (0, "0", ""),
    "V1-08": (40, "40", ""),
    "V1-09": (37.5, "37.5", ""),
    "V1-10": ("40", "40", "score.repaired"),
}
REFUSED: dict[str, tuple[Any, str]] = {
    "V1-11": (45, "score.out_of_bounds"),
    "V1-12": ("38 điểm", "score.has_unit"),
    "V1-13": ("38/40", "score.is_fraction"),
    "V1-14": ("95%", "score.is_percent"),
    "V1-15": (date(2025, 6, 3), "score.is_date"),
    "V1-16": (True, "score.is_boolean"),
    "V1-17": ("=30+7", "score.is_formula"),
    "V1-18": ("３８", "score.other_digits"),
    "V1-19": (-1, "score.out_of_bounds"),
    "V1-20": (40.5, "score.out_of_bounds"),
    "V1-21": ("45", "score.out_of_bounds"),
    "V1-22": ("37,555", "score.ambiguous"),
    "V1-23": ("ba bảy", "score.not_a_number"),
    "V1-24": (0.95, "score.is_percent"),
    "V1-25": ("=V5", "score.is_formula"),
    "V1-26": ("'=38'", "score.not_a_number"),
    "V1-27": ("1e1", "score.not_a_number"),
    "V1-28": (None, "form.score_missing"),
    "V1-29": ("#N/A", "score.is_error"),
}


def _with_cached_value(path: Path, formula: str, value: str) -> None:
    """openpyxl writes formulas without a value; Excel writes the value beside it."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    found = 0
    for name, text in parts.items():
        if name.startswith("xl/worksheets/"):
            parts[name], count = re.subn(
                rb"<f>" + re.escape(formula.encode()) + rb"</f><v\s*/?>(</v>)?",
                b"<f>" + formula.encode() + b"</f><v>" + value.encode() + b"</v>",
                text,
            )
            found += count
    assert found == 1, "the formula is not in the file"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    office = make_little_office(tmp_path_factory.mktemp("dirt") / "office", officials=30)
    office.say("issue", office.week)
    for code, (typed, *_) in {**TAKEN, **REFUSED}.items():
        path = office.fill(code, self_quality="" if typed is None else typed)
        if code == "V1-24":
            book = openpyxl.load_workbook(path)
            cells(book, "ev_self_quality")[0].number_format = "0%"
            book.save(path)
        if code == "V1-17":
            _with_cached_value(path, "30+7", "37")
        office.in_time(path)
    office.fill("V1-30", task_name=["", ""], task_status=["", ""], task_product=["", ""], task_evidence=["", ""])
    office.fill("V1-31", task_status=["", "Hoàn thành"], task_product=["", ""])
    office.consolidate()
    return Week(
        office,
        {row["code"]: row for row in office.table("results")},
        office.table("findings"),
        office.table("tasks"),
        office.cell_of(office.form("V1-03"), "ev_self_quality"),
    )


@dataclass(frozen=True)
class Week:
    """The week as it was exported; `cell` is where the score of quality stands, in every form the same."""

    office: LittleOffice
    rows: dict[str, dict[str, str]]
    findings: list[dict[str, str]]
    tasks: list[dict[str, str]]
    cell: tuple[str, str]

    def found(self, code: str) -> dict[str, dict[str, str]]:
        return {row["kind"]: row for row in self.findings if row["code"] == code}


@pytest.mark.parametrize("code", TAKEN)
def test_a_score_that_can_only_mean_one_thing_is_taken(week: Week, code: str) -> None:
    """Decimal comma and point typed as text are repaired inside 0..max and logged; off the step is booked as typed, with a note."""
    typed, value, kind = TAKEN[code]
    row = week.rows[code]

    assert (row["state"], row["self_quality"]) == ("submitted", value)
    assert ("repaired" in row["flags"].split()) is (kind == "score.repaired")
    assert [found for found in week.found(code) if found.startswith("score.")] == ([kind] if kind else [])
    if kind:
        found = week.found(code)[kind]
        assert found["level"] == ("repair" if kind == "score.repaired" else "note")
        assert (found["sheet"], found["cell"]) == week.cell
        assert found["found"].strip() == str(typed).strip()


@pytest.mark.parametrize("code", REFUSED)
def test_a_score_that_is_no_number_in_bounds_makes_the_form_invalid(week: Week, code: str) -> None:
    """Nothing of the form is booked, and the finding names the cell."""
    _, kind = REFUSED[code]
    row, found = week.rows[code], week.found(code)

    assert row["state"] == "invalid"
    assert [row[name] for name in row if name.startswith(("self_", "counted_total", "band"))] == [""] * 6
    assert row["counted_basis"] == "none"
    assert [name for name in found if name.startswith(("score.", "form."))] == [kind]
    assert found[kind]["level"] == "error"
    assert (found[kind]["sheet"], found[kind]["cell"]) == week.cell
    assert found[kind]["file"].endswith(week.office.form(code).name)
    assert found[kind]["cell"] in week.office.receipt(code)
    assert {task["code"] for task in week.tasks}.isdisjoint({code})


def test_the_exact_total_decides_the_band(week: Week) -> None:
    row = week.rows["V1-06"]

    assert (row["self_total"], row["counted_total"], row["band"]) == ("91.3", "91.3", "excellent")
    assert (row["counted_basis"], row["flags"]) == ("self", "provisional")


def test_a_form_without_a_task_is_invalid(week: Week) -> None:
    assert week.rows["V1-30"]["state"] == "invalid"
    assert week.found("V1-30")["form.no_task"]["level"] == "error"


def test_a_task_without_a_status_counts_as_being_done_and_one_without_a_product_is_a_warning(week: Week) -> None:
    tasks = [row for row in week.tasks if row["code"] == "V1-31"]

    assert [task["status"] for task in tasks] == ["Đang thực hiện", "Hoàn thành"]
    assert week.rows["V1-31"]["state"] == "submitted"
    assert week.found("V1-31")["task.no_product"]["level"] == "warning"
    assert week.found("V1-31")["task.no_status"]["level"] in ("note", "warning")


def test_everybody_else_has_not_handed_in(week: Week) -> None:
    assert week.rows["P-02"]["state"] == "not_submitted"
    assert "late" not in week.rows["V1-03"]["flags"]
