"""The counts of a week are the same wherever somebody reads them, and so are the means."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalxl.domain.weeks import Period, Week
from evalxl.records import folders
from evalxl.records.settings import load_settings
from tests.addin.pressing import Button
from tests.little_office import LittleOffice, make_little_office

NOW = datetime.fromisoformat("2025-06-09T10:00:00+07:00")


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """Of twelve people three handed in, one of whom was scored and approved; P-03 was scored without a form; V1-01 is on leave; 0012 left a draft."""
    office = make_little_office(tmp_path_factory.mktemp("counts") / "office")
    office.organisation["absences"] = [{"code": "V1-01", "kind": "Nghỉ phép", "from": "2025-06-02", "to": "2025-06-08"}]
    office.reorganise()
    office.moment = NOW
    office.say("issue", office.week)
    office.hand_in("V1-03", "V1-04", "P-02")
    office.in_time(office.fill("0012", status="Đang soạn"))
    office.consolidate()
    office.scored("V1-03")
    office.scored("P-03", explanation="Không nộp phiếu")
    office.consolidate()
    office.approved("V1-03")
    office.consolidate()
    return office


def tiles(path: Path) -> dict[str, Any]:
    """The five numbers of the first sheet, by what stands above them."""
    sheet = openpyxl.load_workbook(path)["Tổng quan"]
    found = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in ("Phải đánh giá", "Đã nộp phiếu", "Đã chấm điểm", "Đã phê duyệt"):
                found[cell.value] = sheet.cell(cell.row + 1, cell.column).value
    return found


def master(office: LittleOffice, unit: str = "") -> Path:
    settings, meant = load_settings(office.folder), Week.parse(office.week)
    if unit:
        return folders.unit_master_path(settings, office.folder, meant, unit)
    return folders.office_master_path(settings, office.folder, meant)


def test_masters_status_briefing_buttons_and_json_say_the_same(week: LittleOffice) -> None:
    told = week.json("status", week.week)
    counts = told["counts"]
    assert counts == {
        "due": 11, "handed_in": 3, "no_form": 1, "missing": 7, "scored": 2, "approved": 1, "returned": 0, "absent": 1, "late": 0,
    }  # fmt: skip
    assert week.consolidate()["counts"] == counts

    assert tiles(master(week)) == {"Phải đánh giá": 11, "Đã nộp phiếu": 3, "Đã chấm điểm": 2, "Đã phê duyệt": 1}
    line = (
        "Phải đánh giá 11: đã nộp 3, chấm không có phiếu 1, chưa nộp 7; đã chấm 2, đã phê duyệt 1; vắng mặt có lý do 1."
    )
    assert line in week.say("status", week.week) and line in week.say("consolidate", week.week)
    assert told["briefing"] in week.say("status", week.week)
    numbers = re.findall(r"\d+ người[^;,.]*", told["briefing"].partition("có ")[2])
    assert numbers[:5] == [
        "11 người phải đánh giá",
        "3 người đã nộp phiếu (trong đó 0 phiếu nộp muộn)",
        "7 người chưa nộp hoặc phiếu chưa hợp lệ",
        "1 người được chấm khi không có phiếu",
        "1 người vắng mặt có lý do",
    ]
    desk = Button(week.folder.parent / "home", week.folder, NOW)
    assert "3/11 người đã nộp, 1 người đã được phê duyệt" in desk.press("consolidate").said
    assert "chưa nộp 7, bị trả lại 0, chưa chấm 2, chưa phê duyệt 1" in desk.press("who-is-missing").said


def test_the_counts_are_those_of_the_table_of_results(week: LittleOffice) -> None:
    states = [row["state"] for row in week.table("results")]
    counts = week.json("status", week.week)["counts"]

    assert counts["due"] == len(states) - states.count("absent")
    assert counts["missing"] == sum(state in ("not_submitted", "draft", "invalid") for state in states)
    assert counts["approved"] == states.count("approved")


def test_a_units_master_counts_its_own_people_in_the_same_way(week: LittleOffice) -> None:
    assert tiles(master(week, "P1")) == {"Phải đánh giá": 3, "Đã nộp phiếu": 1, "Đã chấm điểm": 1, "Đã phê duyệt": 0}


def test_a_mean_is_rounded_in_one_way_everywhere(tmp_path: Path) -> None:
    """79.625 is a half in the third place: 79,63 on every page."""
    office = make_little_office(tmp_path / "office")
    for number, (week, quality) in enumerate((("2025-W23", "36.25"), ("2025-W24", "36"))):
        office.week, office.moment = week, datetime.fromisoformat(f"2025-06-{number * 7 + 9:02d}T10:00:00+07:00")
        office.say("issue", week)
        office.hand_in("V1-03", self_quality=float(quality), self_progress=27, self_conduct=16.5)
        office.consolidate()
    settings = load_settings(office.folder)
    told = office.json("roll-up", "2025-06")
    said = office.say("explain", "2025-06", "V1-03")
    path = folders.period_path(settings, office.folder, Period.parse("2025-06"))
    sheet = openpyxl.load_workbook(path)["Tổng quan"]
    shown = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)]

    assert [row["mean"] for row in told["results"] if row["code"] == "V1-03"] == ["79.625"]
    assert "79,63" in said and "79,62 " not in said
    assert 79.63 in shown and not [one for one in shown if round(one, 2) != one]
    assert json.loads(json.dumps(told))
