"""What is said where somebody without the right, or a copy, decides a row: what the finding says settles it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.little_office import LittleOffice, cells

GOOD = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}


def kinds(office: LittleOffice) -> set[str]:
    office.consolidate()
    return set(office.findings())


@pytest.mark.parametrize("way", ["the right one decides", "the office enters a delegation"])
def test_whoever_has_not_the_right_leaves_the_row_to_whom_the_finding_names(scored: LittleOffice, way: str) -> None:
    """P-02's scorer and V1-04's approver are others since Monday; the former ones go on in copies from before."""
    scoring, approval = scored.copy_of(scored.scoring("P-01")), scored.copy_of(scored.approval("V1-01"))
    scored.person("P-02").update({"scorer": "VP-01", "from": "2/6/2025"})
    scored.person("V1-04").update({"approver": "LD-02", "from": "2/6/2025"})
    scored.reorganise()
    scored.consolidate()
    scored.score_in(scoring, {"P-02": GOOD})
    scored._rows(approval, {"V1-04": {"decision": "Phê duyệt"}}, "ev_approve_")
    approval.rename(scored.share / scored.week / approval.name)
    assert {"authority.not_scorer", "authority.not_approver"} <= kinds(scored)

    if way == "the right one decides":
        scored.score("VP-01", {"P-02": {**GOOD, "quality": 35}})
        scored.approve("LD-02", {"V1-04": {"decision": "Phê duyệt"}})
    else:
        for giver, receiver in (("VP-01", "P-01"), ("LD-02", "V1-01")):
            scored.organisation["delegations"].append(
                {"from person": giver, "to person": receiver, "from": "2/6/2025", "to": "31/12/2030"}
            )
        scored.reorganise()

    assert kinds(scored) & {"authority.not_scorer", "authority.not_approver"} == set()
    assert scored.result("P-02")["scored_quality"] == ("35" if way == "the right one decides" else "36")
    assert scored.result("V1-04")["state"] == "approved"


def test_an_approver_decides_again_in_the_new_workbook(approved: LittleOffice) -> None:
    """On what has changed since the copy, and on what was sent back after the approval."""
    home = approved.copy_of(approved.approval("V1-01"))
    approved.score("V1-02", {"V1-03": {"quality": 35}})
    approved._rows(home, {"V1-03": {"decision": "Trả lại", "opinion": "Chấm lại"}}, "ev_approve_")
    home.rename(approved.share / approved.week / home.name)
    assert "approval.content_changed" in kinds(approved)

    approved.approve("V1-01", {"V1-03": {"decision": "Phê duyệt"}})
    assert "approval.content_changed" not in kinds(approved)
    assert (approved.result("V1-03")["state"], approved.result("V1-03")["approved_quality"]) == ("approved", "35")

    approved.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Ghi rõ minh chứng"}})
    assert "approval.voided_by_return" in kinds(approved)

    approved.in_time(approved.fill("V1-03", self_quality=36), hours=5)
    approved.consolidate()
    approved.scored("V1-03")
    approved.consolidate()
    approved.approved("V1-03")
    assert "approval.voided_by_return" not in kinds(approved)
    assert approved.result("V1-03")["state"] == "approved"


def test_links_times_and_sorted_rows_of_a_managers_workbook(handed_in: LittleOffice) -> None:
    book = handed_in.scoring("V1-02")

    def change(alter: Any, path: Path = book) -> None:
        opened = openpyxl.load_workbook(path)
        alter(opened)
        opened.save(path)

    def elsewhere(opened: Any) -> None:
        link = cells(opened, "ev_row_link")[0]
        link.hyperlink.target = "file:///khac.xlsx"

    change(elsewhere)
    assert "cell.link_elsewhere" in kinds(handed_in)
    handed_in.score("V1-02", {"V1-03": {"comment": "Đã xem"}})
    assert "cell.link_elsewhere" in kinds(handed_in)  # it is the same link still
    book.rename(handed_in.folder.parent / "liên kết lạ.xlsx")
    handed_in.consolidate()
    handed_in.score("V1-02", {"V1-03": {"comment": "Đã xem lại"}})
    assert "cell.link_elsewhere" not in kinds(handed_in)

    def sorted_in_part(opened: Any) -> None:
        column = cells(opened, "ev_row_person")
        column[0].value, column[1].value = column[1].value, column[0].value

    change(sorted_in_part)
    assert "rows.sorted_in_part" in kinds(handed_in)
    book.rename(handed_in.folder.parent / "hỏng.xlsx")
    handed_in.consolidate()
    handed_in.scored("V1-04")
    assert "rows.sorted_in_part" not in kinds(handed_in)
    assert handed_in.result("V1-04")["state"] == "scored"


def test_people_who_are_not_on_the_roster_and_accounts_that_are_not_entered(handed_in: LittleOffice) -> None:
    handed_in.person("V1-03")["to"] = "1/6/2025"
    handed_in.person("V1-04")["account"] = "anh.vu"
    handed_in.reorganise()
    opened = openpyxl.load_workbook(handed_in.form("V1-04"))
    opened.properties.lastModifiedBy = "nguoi.khac"
    cells(opened, "ev_difficulties")[0].value = "Máy in hỏng"
    opened.save(handed_in.form("V1-04"))
    handed_in.in_time(handed_in.form("V1-04"), hours=3)
    assert {"person.not_on_roster", "person.other_account"} <= kinds(handed_in)
    assert "nguoi.khac" in json.dumps(handed_in.json("explain", handed_in.week, "V1-04"), ensure_ascii=False)

    del handed_in.person("V1-03")["to"]
    handed_in.reorganise()
    assert "person.not_on_roster" not in kinds(handed_in)
    assert handed_in.result("V1-03")["state"] == "submitted"


def test_a_task_that_was_carried_over_gets_its_name_again_or_is_given_up(handed_in: LittleOffice) -> None:
    handed_in.hand_in(
        "V1-03", "V1-04", task_name=["Đề án A", "Báo cáo B"], task_status=["Đang thực hiện", "Hoàn thành"]
    )
    handed_in.consolidate()
    handed_in.week = "2025-W24"
    handed_in.say("issue", handed_in.week)
    handed_in.hand_in("V1-03", "V1-04", task_name=["", "Việc mới"])
    assert "task.carried_removed" in kinds(handed_in)

    handed_in.in_time(handed_in.fill("V1-03", task_name=["Đề án A", "Việc mới"]), hours=2)
    handed_in.in_time(
        handed_in.fill(
            "V1-04",
            task_name=["Đề án A", "Việc mới"],
            task_status=["Chưa hoàn thành", None],
            task_product=[""],
            task_evidence=[""],
            task_cause=["Không thực hiện nữa"],
        ),
        hours=2,
    )
    assert "task.carried_removed" not in kinds(handed_in)
    assert {handed_in.result(code)["state"] for code in ("V1-03", "V1-04")} == {"submitted"}
