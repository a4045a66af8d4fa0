"""What approvers decide: when a decision is booked, what it still needs, and who may take it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.little_office import LittleOffice, make_little_office, read
from tests.people import saved_at, type_into

# What the approver types in each row. Everybody is scored 36, 36, 17 (89). Then: the state, the approved total, the flags, the finding's
# kind, and the cell that it names.
DECIDED: dict[str, tuple[dict[str, Any], str, str, str, str, str]] = {
    "V1-03": ({"decision": "Phê duyệt"}, "approved", "89", "", "", ""),
    "V1-04": ({"decision": "Duyệt"}, "approved", "89", "", "", ""),
    "V1-05": ({"decision": "phê  duyệt "}, "approved", "89", "repaired", "", ""),
    "V1-06": (
        {"decision": "Phê duyệt có điều chỉnh", "quality": 30, "opinion": "Sản phẩm phải sửa"},
        "approved", "83", "adjusted", "", "",
    ),
    "V1-07": ({"decision": "Điều chỉnh", "quality": 30}, "scored", "", "provisional", "approval.opinion_missing", "opinion"),
    "V1-08": (
        {"decision": "Điều chỉnh", "opinion": "Không đổi gì"}, "scored", "", "provisional", "approval.nothing_adjusted", "quality",
    ),
    "V1-09": (
        {"decision": "Phê duyệt", "progress": 30}, "scored", "", "provisional", "approval.adjusted_without_saying", "decision",
    ),
    "V1-10": (
        {"decision": "Điều chỉnh", "quality": 45, "opinion": "Rất tốt"}, "scored", "", "provisional", "score.out_of_bounds", "quality",
    ),
    "V1-11": ({"decision": "Trả lại"}, "scored", "", "provisional", "return.reason_missing", "opinion"),
    "V1-12": ({"decision": "Trả lại", "opinion": "Xem lại tiến độ"}, "returned", "", "provisional", "", ""),
    "V1-13": ({"decision": "Phê duyệt", "by_paper": "Danh sách 05, 10/6/2025"}, "approved", "89", "by_paper", "", ""),
    "V1-14": ({"by_paper": "Danh sách 05"}, "scored", "", "provisional", "approval.paper_without_decision", "decision"),
    "V1-15": ({"decision": "ok"}, "scored", "", "provisional", "choice.unknown", "decision"),
    "V1-16": (
        {"decision": "Điều chỉnh", "quality": "36,5", "progress": 37, "opinion": "Có thêm minh chứng"},
        "approved", "90.5", "repaired adjusted", "", "",
    ),
    "V1-17": ({"opinion": "chưa quyết"}, "scored", "", "provisional", "approval.left_open", "decision"),
    "V1-18": ({"decision": "Phê duyệt"}, "submitted", "", "provisional", "approval.before_scoring", "decision"),
}  # fmt: skip
NOT_SCORED = "V1-18"


@dataclass(frozen=True)
class Week:
    office: LittleOffice
    rows: dict[str, dict[str, str]]
    findings: list[dict[str, str]]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    office = make_little_office(tmp_path_factory.mktemp("approval") / "office", officials=16)
    office.say("issue", office.week)
    office.hand_in(*DECIDED)
    office.consolidate()
    office.scored(*(code for code in DECIDED if code != NOT_SCORED))
    office.consolidate()
    office.approve("V1-01", {code: typed for code, (typed, *_) in DECIDED.items()})
    office.consolidate()
    return Week(office, {row["code"]: row for row in office.table("results")}, office.table("findings"))


@pytest.mark.parametrize("code", DECIDED)
def test_a_decision_is_booked_when_it_has_what_it_needs(week: Week, code: str) -> None:
    """An adjustment and a return need a reason; nothing is approved before it was scored; the scores of the manager stay visible."""
    _, state, total, flags, kind, name = DECIDED[code]
    row = week.rows[code]
    found = [one for one in week.findings if one["code"] == code and one["level"] in ("error", "warning")]

    assert (row["state"], row["approved_total"], row["flags"]) == (state, total, flags)
    assert row["scored_total"] == ("" if code == NOT_SCORED else "89")
    assert row["counted_basis"] == ("approved" if total else "self" if code == NOT_SCORED else "scored")
    assert row["counted_total"] == (total or ("91" if code == NOT_SCORED else "89"))
    assert [one["kind"] for one in found] == ([kind] if kind else [])
    if kind:
        people = read(week.office.approval("V1-01"), "ev_row_person")
        place = week.office.cell_of(week.office.approval("V1-01"), f"ev_approve_{name}", people.index(code))
        assert (found[0]["sheet"], found[0]["cell"]) == place
        assert f"/approval/{week.office.week}_V1-01_phe-duyet.xlsx" in found[0]["file"]


def test_no_row_moves_once_the_approver_has_begun(week: Week) -> None:
    """A return is an exception; it would stand on top had the list not been begun."""
    people = read(week.office.approval("V1-01"), "ev_row_person")

    assert people[0] != "V1-11" and people.index("V1-11") > 0
    assert read(week.office.approval("V1-01"), "ev_approve_decision")[people.index("V1-11")] == "Trả lại"


def test_the_band_follows_the_approved_total(week: Week) -> None:
    assert week.rows["V1-16"]["band"] == "excellent"
    assert week.rows["V1-06"]["band"] == "good"


def test_the_approver_finds_everything_as_it_was_left(week: Week) -> None:
    path = week.office.approval("V1-01")
    people = read(path, "ev_row_person")
    decisions = read(path, "ev_approve_decision")
    opinions = read(path, "ev_approve_opinion")

    assert decisions[people.index("V1-15")] == "ok"
    assert decisions[people.index("V1-11")] == "Trả lại"
    assert decisions[people.index("V1-12")] == "Chưa phê duyệt"  # carried out
    assert decisions[people.index("V1-17")] == "Chưa phê duyệt"
    assert opinions[people.index("V1-17")] == "chưa quyết"
    assert read(path, "ev_approve_quality")[people.index("V1-10")] == 45


def test_an_adjustment_is_shown_to_the_scorer(week: Week) -> None:
    shown = week.office.row(week.office.scoring("V1-02"), "V1-06")["ev_row_state"]

    assert "83" in shown
    assert "Sản phẩm phải sửa" in shown


def test_a_plain_approval_takes_every_column_of_the_manager(approved: LittleOffice) -> None:
    row = approved.result("V1-03")

    assert [row[f"approved_{part}"] for part in ("quality", "progress", "conduct", "total")] == ["36", "36", "17", "89"]
    assert (row["state"], row["counted_basis"], row["band"], row["flags"]) == ("approved", "approved", "good", "")
    assert approved.findings() == []


def test_approve_all_leaves_alone_what_was_decided_and_what_came_later(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """It covers the undecided rows that stood, with their scores, in the copy in which it was typed.

    A decision that cannot be read is not undecided.
    """
    office = make_little_office(tmp_path_factory.mktemp("all") / "office", officials=6)
    office.say("issue", office.week)
    codes = [f"V1-{number:02d}" for number in range(3, 9)]
    office.hand_in(*codes)
    office.consolidate()
    office.scored(*codes[:5])
    office.consolidate()
    office.approve(
        "V1-01",
        {
            "V1-04": {"decision": "Trả lại", "opinion": "Xem lại"},
            "V1-05": {"decision": "Điều chỉnh", "quality": 30, "opinion": "Giảm"},
            "V1-06": {"decision": "để xem"},
        },
        all_rest=True,
    )
    office.scored(codes[5])
    office.consolidate()
    states = {row["code"]: (row["state"], row["approved_total"]) for row in office.table("results")}

    assert states["V1-03"] == ("approved", "89")
    assert states["V1-04"] == ("returned", "")
    assert states["V1-05"] == ("approved", "83")
    assert states["V1-06"] == ("scored", "")
    assert states["V1-07"] == ("approved", "89")
    assert states["V1-08"] == ("scored", "")
    assert read(office.approval("V1-01"), "ev_approve_all")[0] == "Không"
    assert office.row(office.approval("V1-01"), "V1-08")["ev_approve_decision"] == "Chưa phê duyệt"


def test_a_returned_row_is_decided_again_by_the_scorer_and_then_by_the_approver(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Trả lại", opinion="Xem lại tiến độ")
    scored.consolidate()
    missing = {row["code"]: row for row in scored.table("missing")}
    assert missing["V1-03"]["step"] == "score"
    assert scored.result("V1-03")["scored_total"] == "89"

    scored.score("V1-02", {"V1-03": {"decision": "Đã chấm"}})  # unchanged: the scorer stands by it
    scored.consolidate()
    assert scored.result("V1-03")["state"] == "scored"
    assert scored.row(scored.approval("V1-01"), "V1-03")["ev_approve_decision"] == "Chưa phê duyệt"

    scored.approved("V1-03")
    scored.consolidate()
    assert scored.result("V1-03")["state"] == "approved"
    assert scored.findings() == []


def test_an_approver_may_think_better_of_it(approved: LittleOffice) -> None:
    """An approval is changed to an adjustment, or the row is returned, in the same workbook."""
    approved.approve("V1-01", {"V1-03": {"decision": "Điều chỉnh", "quality": 30, "opinion": "Xem lại"}})
    approved.consolidate()
    assert (approved.result("V1-03")["approved_total"], approved.result("V1-03")["flags"]) == ("83", "adjusted")

    approved.approve("V1-01", {"V1-03": {"decision": "Trả lại", "opinion": "Chấm lại"}})
    approved.consolidate()
    assert approved.result("V1-03")["state"] == "returned"
    assert approved.result("V1-03")["approved_total"] == ""


def test_a_change_after_approval_has_to_be_approved_again(approved: LittleOffice) -> None:
    approved.score("V1-02", {"V1-03": {"quality": 35, "explanation": "Sản phẩm phải sửa nhiều lần"}})
    approved.consolidate()
    row = approved.result("V1-03")

    assert (row["state"], row["approved_total"], row["counted_basis"], row["counted_total"]) == (
        "scored",
        "",
        "scored",
        "88",
    )
    assert approved.finding("approval.voided", "V1-03")["level"] == "warning"
    assert approved.row(approved.approval("V1-01"), "V1-03")["ev_approve_decision"] == "Chưa phê duyệt"

    approved.approved("V1-03")
    approved.consolidate()
    assert approved.result("V1-03")["approved_total"] == "88"
    assert approved.findings("V1-03") == []


def test_an_approver_who_is_none_any_more_is_refused(scored: LittleOffice) -> None:
    """The right one was entered after the workbook had gone out, and the other decides in a copy when that is known."""
    home = scored.copy_of(scored.approval("V1-01"))
    scored.person("V1-03")["approver"] = "LD-02"
    scored.reorganise()
    scored.consolidate()
    scored._rows(home, {code: {"decision": "Phê duyệt"} for code in ("V1-03", "V1-04")}, "ev_approve_")
    shutil.copy(home, scored.share / scored.week / home.name)
    scored.consolidate()

    assert scored.result("V1-03")["state"] == "scored"
    assert scored.finding("authority.not_approver", "V1-03")["level"] == "error"
    assert scored.result("V1-04")["state"] == "approved"
    assert scored.people_in(scored.approval("LD-02")) == ["V1-03"]
    assert scored.people_in(scored.approval("V1-01")) == ["V1-04"]


@pytest.mark.parametrize(("scope", "may"), [("Phê duyệt", True), (None, True), ("Chấm điểm", False)])
def test_a_delegate_approves_only_within_the_scope(scored: LittleOffice, scope: str | None, may: bool) -> None:
    """From its first day the delegate gets a workbook with the rows still open; what is decided there is flagged."""
    scored.organisation["delegations"].append(
        {"from person": "V1-01", "to person": "VP-01", "scope": scope, "from": "5/6/2025", "to": "12/6/2025"}
    )
    scored.reorganise()
    scored.consolidate()

    assert scored.approval("VP-01").exists() is may
    if may:
        scored.approve("VP-01", {"V1-03": {"decision": "Phê duyệt"}})
        scored.consolidate()
        assert (scored.result("V1-03")["state"], scored.result("V1-03")["flags"]) == ("approved", "delegated")
        assert scored.row(scored.approval("V1-01"), "V1-03")["ev_approve_decision"] == "Phê duyệt"


@pytest.mark.parametrize(("day", "may"), [(9, False), (10, True), (11, True)])
def test_a_delegation_applies_from_its_first_day(made: LittleOffice, day: int, may: bool) -> None:
    made.organisation["delegations"].append(
        {"from person": "V1-02", "to person": "VP-01", "scope": "Chấm điểm", "from": "2025-06-10", "to": "2025-06-30"}
    )
    made.reorganise()
    made.issue_at(datetime(2025, 6, 2, 8))
    saved_at(made.fill("V1-03"), datetime(2025, 6, 5, 9))
    made.consolidate_at(datetime(2025, 6, day, 8))
    path = made.share / made.week / "VP" / "scoring" / f"{made.week}_VP-01_cham-diem.xlsx"

    assert ("V1-03" in made.people_in(path)) is may


def test_what_the_absent_one_saved_stays_booked(scored: LittleOffice) -> None:
    scored.organisation["delegations"].append(
        {"from person": "V1-02", "to person": "VP-01", "from": "5/6/2025", "to": "12/6/2025"}
    )
    scored.reorganise()
    scored.hand_in("0012")
    scored.consolidate()

    assert [scored.result(code)["state"] for code in ("V1-03", "V1-04")] == ["scored", "scored"]
    assert not set(scored.people_in(scored.scoring("VP-01"))) & {"V1-03", "V1-04"}
    assert scored.findings() == []


def test_an_approval_in_a_copy_is_bound_to_the_scores_that_the_copy_showed(scored: LittleOffice) -> None:
    """The scorer changes a score while the approver decides at home."""
    path = scored.approval("V1-01")
    home = path.with_name("bản ở nhà.xlsx")
    shutil.copy(path, home)
    scored.score("V1-02", {"V1-03": {"quality": 35}})
    scored.consolidate()
    type_into(home, {"ev_approve_all": "Có"})
    scored.consolidate()

    assert scored.result("V1-03")["state"] == "scored"
    assert scored.finding("approval.content_changed", "V1-03")
    assert scored.result("V1-04")["state"] == "approved"
    assert read(path, "ev_approve_all")[0] == "Không"
