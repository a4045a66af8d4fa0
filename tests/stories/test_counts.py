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
from evalxl.words import say
from tests.addin.pressing import Button
from tests.little_office import LittleOffice, make_little_office, opened

NOW = datetime.fromisoformat("2025-06-09T10:00:00+07:00")


# Where each person of the office stands at the end, and which way to hand nothing in, to be refused or to be sent back led there.
STATES = {
    "TK-01": "invalid",  # the file was cut off
    "V1-01": "not_submitted",
    "V1-02": "approved",  # one person scores and approves
    "V1-03": "approved",
    "V1-04": "approved",  # with an adjustment
    "V1-05": "scored",
    "V1-06": "returned",  # by the approver
    "V1-07": "returned",  # by the manager
    "V1-08": "submitted",  # the manager typed 45 of 40 points
    "V1-09": "scored",  # the approver adjusted without a reason
    "V1-10": "invalid",  # 45 of 40 points
    "0012": "draft",
    "C-01": "not_submitted",
    "P-01": "absent",
    "P-02": "submitted",
    "P-03": "scored",  # without a form
    "VP-01": "submitted",
    "VP-02": "submitted",  # absent, and handed in all the same
}
UNITS = {"": "", "LĐ": ("TK-01",), "VU1": ("V1-", "0012"), "CUC": ("C-01", "P-"), "P1": ("P-",), "VP": ("VP-",)}


def expected(*beginnings: str) -> dict[str, int]:
    """The counts of the people whose codes begin so."""
    of = [STATES[code] for code in STATES if code.startswith(beginnings or "")]
    no_form = "P-03".startswith(beginnings or "")
    counts = {
        "due": len(of) - of.count("absent"),
        "no_form": int(no_form),
        "missing": sum(state in ("not_submitted", "draft", "invalid") for state in of),
        "scored": of.count("scored") + of.count("approved"),
        "approved": of.count("approved"),
        "returned": of.count("returned"),
        "absent": of.count("absent"),
        "late": 0,
    }
    return counts | {"handed_in": counts["due"] - counts["missing"] - counts["no_form"]}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    """A week in which every way to stand somewhere was gone by somebody: see `STATES`."""
    office = make_little_office(tmp_path_factory.mktemp("counts") / "office", officials=8)
    leave = [
        {"code": code, "kind": "Nghỉ phép", "from": "2025-06-02", "to": "2025-06-08"} for code in ("P-01", "VP-02")
    ]
    office.organisation["absences"] = leave[:1]
    office.reorganise()
    office.moment = NOW
    office.say("issue", office.week)
    office.organisation["absences"] = leave  # VP-02's comes after the forms
    office.reorganise()
    office.hand_in(*(f"V1-{number:02d}" for number in range(2, 10)), "P-02", "VP-01", "VP-02")
    office.hand_in("V1-10", self_quality=45)
    office.in_time(office.fill("0012", status="Đang soạn"))
    cut = office.form("TK-01")
    cut.write_bytes(cut.read_bytes()[:3000])
    office.consolidate()
    office.scored("V1-02", "V1-03", "V1-04", "V1-05", "V1-06", "V1-09")
    office.scored("V1-08", quality=45)
    office.scored("V1-07", decision="Trả lại", comment="Bổ sung minh chứng")
    office.scored("P-03", explanation="Không nộp phiếu")
    office.consolidate()
    adjusted = {"decision": "Phê duyệt có điều chỉnh", "quality": 37}
    office.approve(
        "V1-01",
        {
            "V1-03": {"decision": "Phê duyệt"},
            "V1-04": {**adjusted, "opinion": "Làm thêm việc đột xuất"},
            "V1-06": {"decision": "Trả lại", "opinion": "Xem lại điểm tiến độ"},
            "V1-09": adjusted,
        },
    )
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
    assert counts == expected()
    assert week.consolidate()["counts"] == counts

    line = "Phải đánh giá 17: đã nộp 11, chấm không có phiếu 1, chưa nộp 5; đã chấm 6, đã phê duyệt 3; vắng mặt có lý do 1."
    assert line in week.say("status", week.week, code=1) and line in week.say("consolidate", week.week, code=1)
    assert told["briefing"] in week.say("status", week.week, code=1)
    numbers = re.findall(r"\d+ người[^;,.]*", told["briefing"].partition("có ")[2])
    assert numbers[:6] == [
        "17 người phải đánh giá",
        "11 người đã nộp phiếu (trong đó 0 phiếu nộp muộn)",
        "5 người chưa nộp hoặc phiếu chưa hợp lệ",
        "1 người được chấm khi không có phiếu",
        "1 người vắng mặt có lý do",
        "3 người đã được phê duyệt",
    ]
    desk = Button(week.folder.parent / "home", week.folder, NOW)
    assert "11/17 người đã nộp, 3 người đã được phê duyệt; 14 việc chưa hoàn tất" in desk.press("consolidate").said
    assert "chưa nộp 5, bị trả lại 2, chưa chấm 4, chưa phê duyệt 3" in desk.press("who-is-missing").said


def test_every_master_and_the_page_count_their_own_people_in_the_same_way(week: LittleOffice) -> None:
    for unit, beginnings in UNITS.items():
        counts = expected(*beginnings)
        assert tiles(master(week, unit)) == {
            "Phải đánh giá": counts["due"],
            "Đã nộp phiếu": counts["handed_in"],
            "Đã chấm điểm": counts["scored"],
            "Đã phê duyệt": counts["approved"],
        }, unit
    # "64,7%, còn 5": who is missing, beside them the one who was scored without a form.
    assert "64,7%, còn 5; 1 chấm không phiếu" in {
        cell.value for row in opened(master(week))["Tổng quan"].iter_rows() for cell in row
    }
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", next(week.share.rglob("*_tong-quan.html")).read_text("utf-8")))
    for said in (
        "Phải đánh giá 17",
        "Đã nộp phiếu 11",
        "Đã chấm điểm 6",
        "Đã phê duyệt 3",
        "còn 14 người chưa được phê duyệt",
    ):
        assert said in page, said


def test_the_lists_hold_whom_the_counts_count(week: LittleOffice) -> None:
    results = {row["code"]: row["state"] for row in week.table("results")}
    assert results == STATES
    missing = week.json("status", week.week)["missing"]
    assert {row["code"] for row in week.table("missing")} == {row["code"] for row in missing}
    assert {row["code"] for row in missing} == {
        code for code, state in STATES.items() if state not in ("approved", "absent")
    }
    for code, state in STATES.items():
        if state not in ("absent", "not_submitted") and code != "P-03":  # of whom a file came
            assert f"Trạng thái: {say(f'state.{state}')}" in week.receipt(code), code

    month = {row["code"]: row for row in week.json("roll-up", "2025-06")["results"]}
    for code, state in STATES.items():
        ways = {
            "absent": "absent",
            "approved": "evaluated",
            "not_submitted": "missing",
            "draft": "missing",
            "invalid": "missing",
        }
        way = ways.get(state, "awaiting")
        assert {name for name in ("evaluated", "awaiting", "absent", "missing") if month[code][name]} == {way}, code


def test_who_typed_a_row_that_was_refused_reads_why_beside_it(week: LittleOffice) -> None:
    for path, code in (week.scoring("V1-02"), "V1-08"), (week.approval("V1-01"), "V1-09"):
        state = week.row(path, code)["ev_row_state"]
        assert re.search(r"Chưa ghi nhận nội dung đã điền: .*ô [A-Z]+\d+: .*Đề nghị", state, re.I), state
    assert "Chưa ghi nhận" not in week.row(week.scoring("V1-02"), "V1-05")["ev_row_state"]


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
