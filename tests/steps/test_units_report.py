"""Units that report themselves (*tập thể*): the unit's form, the leader in charge who scores it, and its result beside its people's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.little_office import LittleOffice, make_little_office, opened, read
from tests.people import cells, type_into

UNIT_FORM = {
    "ev_self_quality": 35, "ev_self_progress": 35, "ev_self_conduct": 18, "ev_status": "Đã nộp",
    "ev_task_name": ["Kế hoạch quý III", "Rà soát quy chế"], "ev_task_status": ["Hoàn thành", "Đang thực hiện"],
    "ev_task_product": ["Kế hoạch", "Dự thảo"], "ev_task_evidence": ["12-KH/V1", "13-DT/V1"],
    "ev_plan_name": ["Sơ kết sáu tháng"],
}  # fmt: skip
SCORED = {"quality": 34, "progress": 34, "conduct": 17, "decision": "Đã chấm"}  # 85


def unit_form(office: LittleOffice, unit: str, week: str = "") -> Path:
    week = week or office.week
    return office.share / week / unit / "forms" / f"{week}_{unit}_tap-the.xlsx"


def report(office: LittleOffice, *units: str, **changed: Any) -> None:
    """The heads fill their units' forms on the Thursday of the week."""
    for unit in units:
        path = unit_form(office, unit)
        type_into(path, {**UNIT_FORM, **{f"ev_{name}": value for name, value in changed.items()}})
        office.in_time(path)


def unit_row(path: Path, unit: str) -> int:
    """Where the unit itself stands in a scoring or approval workbook: a person may have the same code."""
    codes, titles = read(path, "ev_row_person"), read(path, "ev_row_title")
    return next(n for n, code in enumerate(codes) if code == unit and titles[n] == "Tập thể")


def type_in_row(path: Path, unit: str, prefix: str, **typed: Any) -> None:
    at, book = unit_row(path, unit), openpyxl.load_workbook(path)
    for name, value in typed.items():
        cells(book, f"ev_{prefix}_{name}")[at].value = value
    book.save(path)


def score_unit(office: LittleOffice, leader: str, unit: str, **typed: Any) -> None:
    type_in_row(office.scoring(leader), unit, "score", **{**SCORED, **typed})


def units_in(path: Path) -> list[str]:
    titles = read(path, "ev_row_title")
    return [code for n, code in enumerate(read(path, "ev_row_person")) if code and titles[n] == "Tập thể"]


def own(office: LittleOffice, unit: str) -> dict[str, str]:
    return next(row for row in office.table("units") if row["code"] == unit)


def units_report(office: LittleOffice) -> LittleOffice:
    settings = office.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("unit_reports = false", "unit_reports = true"), encoding="utf-8")
    return office


@pytest.fixture(scope="module")
def _reported(_made: LittleOffice, tmp_path_factory: pytest.TempPathFactory) -> LittleOffice:
    office = units_report(_made.copy(tmp_path_factory.mktemp("units") / "office"))
    office.say("issue", office.week)
    report(office, "VU1", "P1")
    office.consolidate()
    return office


@pytest.fixture
def reported(_reported: LittleOffice, tmp_path: Path) -> LittleOffice:
    """Units report too; VU1 and P1 have handed in their own forms, nobody else anything."""
    return _reported.copy(tmp_path / "office")


def test_the_leader_in_charge_finds_the_units_among_the_rows_to_score(_reported: LittleOffice) -> None:
    """LD-02 is in charge of VU1; LD-01 of CUC, and so of its division P1 too, and of VP. The leaders' own unit is not evaluated, as they are not."""
    assert units_in(_reported.scoring("LD-02")) == ["VU1"]
    assert units_in(_reported.scoring("LD-01")) == ["CUC", "P1", "VP"]
    assert not unit_form(_reported, "LĐ").exists()

    row = _reported.row(_reported.scoring("LD-02"), "VU1")
    assert (row["ev_row_name"], row["ev_row_title"], row["ev_row_self_total"]) == ("Vụ Một", "Tập thể", 88)
    assert row["ev_row_state"] == "Đã nộp, chờ chấm"
    assert read(unit_form(_reported, "P1"), "ev_scorer_name") == ["Nguyễn Văn Ưu"]


def test_a_unit_is_missing_and_gets_a_receipt_as_people_do(_reported: LittleOffice) -> None:
    missing = {
        (row["code"], row["step"], row["reason"]) for row in _reported.table("missing") if row["code"][:5] == "unit:"
    }
    receipt = _reported.receipt("VU1_tap-the")

    assert missing == {
        ("unit:VU1", "score", "not_scored"),
        ("unit:P1", "score", "not_scored"),
        ("unit:CUC", "self", "not_submitted"),
        ("unit:VP", "self", "not_submitted"),
    }
    assert receipt.startswith("BIÊN NHẬN PHIẾU TỰ ĐÁNH GIÁ CỦA TẬP THỂ - Tuần 23")
    assert "Tập thể: Vụ Một (VU1)" in receipt and "Phạm Thị Ý" in receipt
    said = _reported.say("status", _reported.week, code=None)
    assert "  VP Văn phòng: Chưa nộp phiếu tự đánh giá (Lý Văn Phượng)" in said and "unit:" not in said


def test_scored_by_the_leader_in_charge_the_units_result_is_confirmed_too(reported: LittleOffice) -> None:
    """One person holds both offices: the one row records both acts. The people's results are theirs."""
    score_unit(reported, "LD-02", "VU1")
    reported.consolidate()
    row = own(reported, "VU1")

    assert (row["state"], row["counted_total"], row["counted_basis"], row["band"]) == (
        "approved",
        "85",
        "approved",
        "good",
    )
    assert (row["self_total"], row["scored_total"], row["approved_total"], row["flags"]) == (
        "88",
        "85",
        "85",
        "same_person",
    )
    assert {person["state"] for person in reported.table("results")} == {"not_submitted"}
    assert reported.row(reported.scoring("LD-02"), "VU1")["ev_score_decision"] == "Đã chấm"
    assert [code for code in read(reported.scoring("LD-02"), "ev_booked_person") if code] == ["VU1"]
    events = reported.events()
    reported.consolidate()
    assert reported.events() == events
    explained = reported.json("explain", reported.week, "VU1")
    assert any(one["what"] == "scored_quality" and one["by"] == "LD-02" for one in explained["origins"])
    reported.say("verify")


def test_a_unit_that_reported_has_a_page_to_sign_whose_code_leads_back(reported: LittleOffice) -> None:
    score_unit(reported, "LD-02", "VU1")
    reported.consolidate()
    made = reported.json("sheet", reported.week, "unit:VU1", code=0)
    path = reported.share / reported.week / "VU1" / "results" / f"{reported.week}_VU1_phieu-ky-tap-the.xlsx"
    said = [str(cell.value) for row in opened(path).worksheets[0].iter_rows() for cell in row if cell.value is not None]
    told = reported.json("explain", "--code", made["check"], code=0)

    assert (made["code"], Path(made["file"])) == ("unit:VU1", path)
    assert {"PHIẾU KẾT QUẢ CÔNG TÁC TUẦN CỦA TẬP THỂ", "Tập thể: Vụ Một (VU1)"} <= set(said)
    assert said.count("Lê Đình Ẩn") == 1  # the head signs for the unit
    assert (told["code"], told["stands"], told["said"]["scored"]["quality"]) == ("unit:VU1", True, "34")
    assert reported.json("sheet", reported.week, "VU1")["check"] == made["check"]

    reported.say("close", reported.week)
    pages = {page.name for page in (reported.share / reported.week).glob("*/results/*_phieu-ky-tap-the.xlsx")}

    assert pages == {
        f"{reported.week}_{unit}_phieu-ky-tap-the.xlsx" for unit in ("VU1", "P1")
    }  # CUC and VP have not reported
    (reported.folder / "organisation.xlsx").unlink()
    before = path.read_bytes()
    path.unlink()
    reported.say("rebuild")
    assert path.read_bytes() == before


def test_the_pages_of_a_unit_and_a_person_of_one_code_are_two(made: LittleOffice) -> None:
    for rows in made.organisation.values():
        for row in rows:
            row.update({name: "VP" for name, value in row.items() if value == "VP-01"})
    made.reorganise()
    units_report(made).say("issue", made.week)
    report(made, "VP")
    made.consolidate()
    person, unit = (made.json("sheet", made.week, code, code=0) for code in ("VP", "unit:VP"))

    assert (person["code"], unit["code"]) == ("VP", "unit:VP") and person["file"] != unit["file"]
    for one in (person, unit):
        assert made.json("explain", "--code", one["check"], code=0)["code"] == one["code"]


def test_a_unit_form_is_returned_comes_again_and_counts_as_a_new_version(reported: LittleOffice) -> None:
    score_unit(reported, "LD-02", "VU1", decision="Trả lại", comment="Chưa nêu kết quả của Kế hoạch quý III")
    reported.consolidate()
    assert own(reported, "VU1")["state"] == "returned"
    assert "Chưa nêu kết quả của Kế hoạch quý III" in reported.receipt("VU1_tap-the")

    report(reported, "VU1", self_quality=33, difficulties="Thiếu số liệu")
    reported.consolidate()
    assert (own(reported, "VU1")["state"], own(reported, "VU1")["self_quality"]) == ("submitted", "33")
    score_unit(reported, "LD-02", "VU1")
    reported.consolidate()
    report(reported, "VU1", self_quality=40)
    reported.consolidate()
    reported.say("roll-up", "2025-06")
    told = opened(reported.share / "periods/2025-06_tong-hop.xlsx")["Khó khăn, kiến nghị"].iter_rows(values_only=True)
    assert any({"Vụ Một", "Tập thể", "Thiếu số liệu"} <= set(row) for row in told)

    assert (own(reported, "VU1")["self_quality"], own(reported, "VU1")["scored_quality"]) == ("33", "34")
    assert "newer_version" in own(reported, "VU1")["flags"]
    assert reported.finding("form.newer_version", "unit:VU1")["file"].endswith("VU1_tap-the.xlsx")
    audit = reported.json("verify", "--report", "2025-06", code=0)["report"]
    assert [one["kind"] for one in audit if one["code"] == "unit:VU1"] == ["returned", "after_scoring"]


def test_where_a_division_has_another_in_charge_the_leader_of_the_board_approves(reported: LittleOffice) -> None:
    reported.organisation["units"][3]["leader in charge"] = "C-01"
    reported.reorganise()
    reported.consolidate()
    assert units_in(reported.scoring("C-01")) == ["P1"]
    score_unit(reported, "C-01", "P1")
    reported.consolidate()
    assert own(reported, "P1")["state"] == "scored"
    approval = reported.approval("LD-01")
    assert units_in(approval) == ["P1"]
    type_in_row(approval, "P1", "approve", decision="Trả lại", opinion="Đề nghị xem lại tiến độ")
    reported.consolidate()
    assert "Đề nghị xem lại tiến độ" in reported.row(reported.scoring("C-01"), "P1")["ev_row_state"]

    score_unit(reported, "C-01", "P1", progress=32)
    reported.consolidate()
    type_in_row(
        reported.approval("LD-01"),
        "P1",
        "approve",
        decision="Phê duyệt có điều chỉnh",
        quality=32,
        opinion="Hai văn bản phải sửa",
    )
    reported.consolidate()
    row = own(reported, "P1")
    assert (row["state"], row["scored_total"], row["approved_total"], row["flags"]) == (
        "approved",
        "83",
        "81",
        "adjusted",
    )


def test_a_unit_and_a_person_of_one_code_are_two(made: LittleOffice) -> None:
    """The chief of office has the code VP, as the office has; both stand in LD-01's workbook."""
    for rows in made.organisation.values():
        for row in rows:
            row.update({name: "VP" for name, value in row.items() if value == "VP-01"})
    made.reorganise()
    units_report(made).say("issue", made.week)
    report(made, "VP", self_quality=30)
    made.hand_in("VP")
    made.consolidate()
    path = made.scoring("LD-01")
    assert (made.row(path, "VP")["ev_row_self_quality"], read(path, "ev_row_self_quality")[unit_row(path, "VP")]) == (
        37,
        30,
    )

    score_unit(made, "LD-01", "VP", quality=28)
    made.consolidate()
    assert (own(made, "VP")["state"], made.result("VP")["state"]) == ("approved", "submitted")
    made.score(
        "LD-01",
        {"VP": {"quality": 37, "progress": 35, "conduct": 17, "decision": "Trả lại", "comment": "Thiếu minh chứng"}},
    )
    made.consolidate()

    assert (own(made, "VP")["approved_total"], made.result("VP")["state"]) == ("79", "returned")
    assert "Thiếu minh chứng" in made.receipt("VP") and "Thiếu minh chứng" not in made.receipt("VP_tap-the")
    assert made.json("explain", made.week, "VP")["state"] == "returned"
    assert made.json("explain", made.week, "unit:VP")["state"] == "approved"
    checks = dict(zip(read(path, "ev_check_name"), read(path, "ev_check_person"), strict=True))
    assert checks["Văn phòng"] == checks["Lý Văn Phượng"] == "VP"
    made.say("verify")


def test_a_delegate_scores_for_the_leader_but_never_the_unit_that_he_heads(reported: LittleOffice) -> None:
    """LD-01 is away and has V1-01 act for him; LD-02 has V1-01 act too, who heads VU1: that row goes to the authority above LD-02."""
    for giver in ("LD-01", "LD-02"):
        reported.organisation["delegations"].append(
            {"from person": giver, "to person": "V1-01", "from": "2/6/2025", "to": "30/6/2025"}
        )
    reported.reorganise()
    reported.consolidate()
    assert units_in(reported.scoring("V1-01")) == ["CUC", "P1", "VP"]
    assert units_in(reported.scoring("LD-01")) == ["VU1", "CUC", "P1", "VP"]

    score_unit(reported, "V1-01", "P1")
    score_unit(reported, "LD-01", "VU1")
    reported.consolidate()
    assert own(reported, "P1")["flags"].split() == ["same_person", "delegated"]
    assert own(reported, "VU1")["flags"].split() == ["same_person"]  # nothing was given to the next authority


def test_the_leader_in_charge_on_the_weeks_thursday_scores(reported: LittleOffice) -> None:
    """VU1 was put under LD-01; what LD-02 had typed before is told and not booked, and the row stands with LD-01."""
    path = reported.scoring("LD-02")
    reported.organisation["units"][1]["leader in charge"] = "LD-01"
    reported.person("LD-02")["to"] = "4/6/2025"
    reported.reorganise()
    type_in_row(path, "VU1", "score", **SCORED)
    reported.consolidate()

    assert units_in(reported.scoring("LD-01")) == ["VU1", "CUC", "P1", "VP"]
    assert own(reported, "VU1")["state"] == "submitted"
    assert reported.finding("authority.not_scorer", "unit:VU1")["level"] == "error"


def test_a_unit_far_from_the_mean_of_its_people_is_pointed_out(reported: LittleOffice) -> None:
    """VU1's people have 89 on the mean; 79 is ten points less, which the rule book points out, 79.5 is not."""
    reported.hand_in("V1-03", "V1-04")
    reported.consolidate()
    reported.scored("V1-03", "V1-04")
    score_unit(reported, "LD-02", "VU1", quality=30, progress=32, conduct=17.5)
    reported.consolidate()
    assert (own(reported, "VU1")["counted_total"], own(reported, "VU1")["people_mean"]) == ("79.5", "89")
    assert not [row for row in reported.table("findings") if row["kind"].startswith("collective.")]
    assert reported.json("consolidate", reported.week, code=0)

    type_in_row(reported.scoring("LD-02"), "VU1", "score", conduct=17)
    reported.say("consolidate", reported.week, code=1)
    found = reported.finding("collective.far_below", "unit:VU1")
    assert found["level"] == "warning"
    assert found["message"].startswith(
        "Tập thể Vụ Một (mã đơn vị VU1) được 79 điểm, thấp hơn 10 điểm so với bình quân 89 điểm"
    )
    for master in (
        reported.master(),
        reported.master("VU1"),
    ):
        sheet = opened(master)["Mức độ hoàn thành"]
        shown = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
        assert [1, "Vụ Một", "Đã phê duyệt", 88, 79, 79, 89, "Thấp hơn 10", "Hoàn thành tốt nhiệm vụ"] in shown, shown
    reported.say("roll-up", "2025-06")
    sheet = opened(reported.share / "periods/2025-06_tong-hop.xlsx")["Dự kiến xếp loại"]
    rolled = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert [1, "Vụ Một", "Điểm phê duyệt", 1, 0, 0, 79, 89, "Hoàn thành tốt nhiệm vụ"] in rolled, rolled


def test_what_the_unit_left_open_and_was_given_stands_in_its_next_form(reported: LittleOffice) -> None:
    type_into(reported.scoring("LD-02"), {"ev_assign_person": ["VU1"], "ev_assign_task": ["Chuẩn bị hội nghị ngành"]})
    reported.consolidate()
    reported.say("issue", "2025-W24")
    form = unit_form(reported, "VU1", "2025-W24")

    assert [name for name in read(form, "ev_task_name") if name] == [
        "Chuẩn bị hội nghị ngành",
        "Rà soát quy chế",
        "Sơ kết sáu tháng",
    ]


def test_a_unit_of_which_everybody_is_away_reports_nothing(tmp_path: Path) -> None:
    office = make_little_office(tmp_path / "office")
    for code in ("VP-01", "VP-02"):
        office.organisation["absences"].append(
            {"code": code, "kind": "Nghỉ phép", "from": "2/6/2025", "to": "6/6/2025"}
        )
    del office.organisation["units"][1]["leader in charge"]
    office.reorganise()
    said = units_report(office).say("issue", office.week, code=1)
    office.consolidate()

    assert not unit_form(office, "VP").exists()
    assert "unit:VP" not in {row["code"] for row in office.table("missing")}
    assert "Chưa xác định được lãnh đạo phụ trách chấm điểm tập thể Vụ Một (mã đơn vị VU1)" in said
    assert office.finding("organisation.unit_no_scorer", "unit:VU1")["level"] == "error"
