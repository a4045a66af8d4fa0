"""An approval binds to what it approved: whatever changes afterwards, it is void, and everybody who has to know is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import openpyxl
import pytest

from tests.little_office import LittleOffice, person
from tests.people import type_into
from tests.steps.test_booked import sheet

GOOD_ROW = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}


def _corrected(office: LittleOffice) -> None:
    office.score("V1-02", {"V1-03": {"quality": 35}})
    office.consolidate()


def _other_comment(office: LittleOffice) -> None:
    office.score("V1-02", {"V1-03": {"comment": "Cần chủ động hơn"}})
    office.consolidate()


def _other_reason(office: LittleOffice) -> None:
    office.score("V1-02", {"V1-03": {"explanation": "Sản phẩm phải sửa"}})
    office.consolidate()


def _breach(office: LittleOffice) -> None:
    office.score("V1-02", {"V1-03": {"breach": "Có", "breach_note": "03/6 đi muộn", "comment": "Đã nhắc"}})
    office.consolidate()


def _later_version_counted(office: LittleOffice) -> None:
    """A version that came after scoring counts after Trả lại, and is scored as before."""
    office.hand_in("V1-03", self_quality=34)
    office.consolidate()
    assert office.result("V1-03")["state"] == "approved"
    office.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Chấm theo bản mới"}})
    office.consolidate()
    office.score("V1-02", {"V1-03": {"decision": "Đã chấm", "comment": ""}})
    office.consolidate()


def _reopened_and_handed_in_anew(office: LittleOffice) -> None:
    office.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Ghi rõ minh chứng"}})
    office.consolidate()
    office.hand_in("V1-03", self_progress=33)
    office.consolidate()
    office.score("V1-02", {"V1-03": {"decision": "Đã chấm", "comment": ""}})
    office.consolidate()


def _delegate_scored(office: LittleOffice) -> None:
    """A scored row is not in the delegate's workbook; the one who gave the delegation still can correct it."""
    office.organisation["delegations"].append(
        {"from person": "V1-02", "to person": "VP-01", "scope": "Chấm điểm", "from": "2/6/2025", "to": "30/6/2025"}
    )
    office.reorganise()
    office.consolidate()
    assert office.result("V1-03")["state"] == "approved"
    office.score("V1-02", {"V1-03": {"conduct": 16}})
    office.consolidate()


def _other_scorer(office: LittleOffice) -> None:
    """The organisation is corrected: somebody else was the scorer, and scores otherwise."""
    office.person("V1-03").update({"scorer": "P-01", "from": "2/6/2025"})
    office.reorganise()
    office.consolidate()
    assert office.result("V1-03")["state"] == "approved"
    office.score("P-01", {"V1-03": {"progress": 34}})
    office.consolidate()


def _other_copy(office: LittleOffice) -> None:
    """A score is corrected in a copy of the workbook that lay somewhere else."""
    home = office.scoring("V1-02").with_name("bản ở nhà.xlsx")
    shutil.copy(office.scoring("V1-02"), home)
    book = openpyxl.load_workbook(home)
    at = office.cell_of(home, "ev_score_quality", office.people_in(home).index("V1-03"))
    book[at[0]][at[1]] = 34.5
    book.save(home)
    office.consolidate()


WAYS: dict[str, tuple[Callable[[LittleOffice], None], str]] = {
    "a score": (_corrected, "điểm chất lượng: 36 → 35; tổng điểm đánh giá: 89 → 88"),
    "a comment": (_other_comment, "nhận xét: (không có) → Cần chủ động hơn"),
    "a reason": (_other_reason, "lý do chênh lệch: (không có) → Sản phẩm phải sửa"),
    "a breach": (_breach, "việc chưa chấp hành nghiêm: (không có) → 03/6 đi muộn"),
    "a later version counted": (_later_version_counted, "tổng điểm tự chấm: 91 → 88"),
    "the form opened again": (_reopened_and_handed_in_anew, "tổng điểm tự chấm: 91 → 88"),
    "a correction while delegated": (_delegate_scored, "tổng điểm đánh giá: 89 → 88"),
    "another scorer": (_other_scorer, "người đánh giá: Hoàng Thị Ngọc → Đỗ Thị Lụa"),
    "a copy of the workbook": (_other_copy, "điểm chất lượng: 36 → 34,5"),
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_changes_after_approval_voids_it_visibly(approved: LittleOffice, way: str) -> None:
    """State, flag, finding, receipt, the sheet of what was booked, and the approver's next workbook with old and new."""
    change, told = WAYS[way]
    change(approved)
    row = approved.result("V1-03")

    assert (row["state"], row["approved_total"], row["counted_basis"]) == ("scored", "", "scored")
    assert "provisional" in row["flags"].split()
    assert approved.finding("approval.voided", "V1-03")["level"] == "warning"
    assert next(m for m in approved.table("missing") if m["code"] == "V1-03")["step"] == "approve"
    assert "không còn hiệu lực" in approved.receipt("V1-03")

    shown = approved.row(approved.approval("V1-01"), "V1-03")
    assert shown["ev_approve_decision"] == "Chưa phê duyệt"
    assert "Lê Đình Ẩn phê duyệt" in shown["ev_row_state"]
    assert told in shown["ev_row_state"]
    assert "Hết hiệu lực" in next(b["standing"] for b in sheet(approved.approval("V1-01")) if b["person"] == "V1-03")

    approved.approve("V1-01", {"V1-03": {"decision": "Phê duyệt"}})
    approved.consolidate()
    assert approved.result("V1-03")["state"] == "approved"
    assert "approval.voided" not in approved.findings("V1-03")
    assert "không còn hiệu lực" not in approved.receipt("V1-03")


def test_a_form_that_is_sent_back_after_approval_voids_it_at_once(approved: LittleOffice) -> None:
    approved.score("V1-02", {"V1-03": {"decision": "Trả lại", "comment": "Ghi rõ minh chứng"}})
    approved.consolidate()
    row = approved.result("V1-03")

    assert (row["state"], row["approved_total"], row["counted_basis"]) == ("returned", "", "self")
    assert approved.finding("approval.voided_by_return", "V1-03")["level"] == "warning"
    state = approved.row(approved.approval("V1-01"), "V1-03")["ev_row_state"]
    assert "Ghi rõ minh chứng" in state
    assert "phê duyệt đó hết hiệu lực" in state
    assert "không còn hiệu lực" in approved.receipt("V1-03")


def test_a_decision_from_a_signed_list_is_void_like_any_other(scored: LittleOffice) -> None:
    scored.approve("V1-01", {"V1-03": {"decision": "Phê duyệt", "by_paper": "12/DS-VP ngày 10/6/2025"}})
    scored.consolidate()
    assert "by_paper" in scored.result("V1-03")["flags"].split()
    _corrected(scored)

    assert (scored.result("V1-03")["state"], scored.result("V1-03")["approved_total"]) == ("scored", "")
    assert "by_paper" not in scored.result("V1-03")["flags"].split()
    assert scored.finding("approval.voided", "V1-03")


def test_an_adjustment_is_void_too_and_the_approver_is_shown_the_own_total(scored: LittleOffice) -> None:
    scored.approve("V1-01", {"V1-03": {"decision": "Điều chỉnh", "quality": 30, "opinion": "Xem lại"}})
    scored.consolidate()
    _corrected(scored)

    assert scored.result("V1-03")["state"] == "scored"
    assert "(tổng 83 điểm)" in scored.row(scored.approval("V1-01"), "V1-03")["ev_row_state"]


def test_an_approver_who_returns_the_row_has_seen_the_change(approved: LittleOffice) -> None:
    _corrected(approved)
    approved.approve("V1-01", {"V1-03": {"decision": "Trả lại", "opinion": "Giữ điểm cũ"}})
    approved.consolidate()

    assert approved.result("V1-03")["state"] == "returned"
    assert approved.findings("V1-03") == []


def test_a_decision_in_an_old_copy_about_what_has_changed_since_is_not_booked(approved: LittleOffice) -> None:
    """The approver thinks better of it at home, and has not seen the new scores."""
    home = approved.approval("V1-01").with_name("bản ở nhà.xlsx")
    shutil.copy(approved.approval("V1-01"), home)
    _corrected(approved)
    row = [None] * approved.people_in(home).index("V1-03")
    type_into(home, {"ev_approve_decision": [*row, "Trả lại"], "ev_approve_opinion": [*row, "Chấm lại"]})
    approved.consolidate()

    assert approved.result("V1-03")["state"] == "scored"
    assert approved.finding("approval.content_changed", "V1-03")["level"] == "error"


@pytest.mark.parametrize(
    "what", ["a version that does not count", "a task checked", "the person moved", "the scorer left"]
)
def test_what_is_not_part_of_what_was_approved_leaves_it_standing(approved: LittleOffice, what: str) -> None:
    """What was decided while the authority held stays booked."""
    if what == "a version that does not count":
        approved.hand_in("V1-03", self_quality=34)
    elif what == "a task checked":
        approved.score("V1-02", {"V1-04": {"comment": None}})
    elif what == "the person moved":
        mover = approved.person("V1-03")
        mover["to"] = "2025-06-05"
        approved.organisation["people"].append(
            {**mover, "unit": "P1", "scorer": None, "from": "2025-06-06", "to": None}
        )
        approved.reorganise()
    else:
        approved.person("V1-02")["to"] = "2025-06-20"
        approved.reorganise()
    approved.consolidate()

    assert (approved.result("V1-03")["state"], approved.result("V1-03")["approved_total"]) == ("approved", "89")


def test_an_approval_of_somebody_who_is_found_not_to_be_the_approver_stands_but_not_unseen(
    approved: LittleOffice,
) -> None:
    """The organisation is corrected after approval: the one who is the approver sees it and decides again."""
    approved.person("V1-03")["approver"] = "LD-02"
    approved.reorganise()
    approved.consolidate()

    assert approved.result("V1-03")["state"] == "approved"
    assert approved.finding("approval.authority_changed", "V1-03")["level"] == "warning"
    shown = approved.row(approved.approval("LD-02"), "V1-03")
    assert shown["ev_approve_decision"] == "Chưa phê duyệt"
    assert "Lê Đình Ẩn đã phê duyệt" in shown["ev_row_state"]

    approved.approve("LD-02", {"V1-03": {"decision": "Phê duyệt"}})
    approved.consolidate()
    assert approved.result("V1-03")["state"] == "approved"
    assert approved.findings("V1-03") == []
    assert sheet(approved.approval("LD-02"))[0]["standing"] == "Đang có hiệu lực"


def test_somebody_moved_to_another_unit_is_scored_and_approved_there_anew(approved: LittleOffice) -> None:
    """The move is entered late, for the week's Thursday: other scorer, other approver."""
    mover = approved.person("V1-03")
    mover["to"] = "2025-06-01"
    approved.organisation["people"].append({**mover, "unit": "P1", "scorer": None, "from": "2025-06-02", "to": None})
    approved.reorganise()
    approved.consolidate()
    assert approved.finding("approval.authority_changed", "V1-03")

    approved.score("P-01", {"V1-03": {"quality": 35}})
    approved.consolidate()
    row = approved.result("V1-03")
    assert (row["unit"], row["state"], row["approved_total"]) == ("P1", "scored", "")
    assert "điểm chất lượng: 36 → 35" in approved.row(approved.approval("C-01"), "V1-03")["ev_row_state"]

    approved.approve("C-01", {"V1-03": {"decision": "Phê duyệt"}})
    approved.consolidate()
    assert approved.result("V1-03")["approved_total"] == "88"


def test_a_form_that_comes_after_approval_without_one_is_confirmed_and_approved_again(handed_in: LittleOffice) -> None:
    handed_in.score("P-01", {"P-03": {**GOOD_ROW, "explanation": "Không có mạng"}})
    handed_in.consolidate()
    handed_in.approved("P-03")
    handed_in.consolidate()
    assert handed_in.result("P-03")["state"] == "approved"

    handed_in.hand_in("P-03")
    handed_in.consolidate()
    assert handed_in.finding("score.awaits_confirmation", "P-03")["level"] == "warning"

    handed_in.score("P-01", {"P-03": {"decision": "Đã chấm"}})
    handed_in.consolidate()
    assert (handed_in.result("P-03")["state"], handed_in.result("P-03")["approved_total"]) == ("scored", "")
    assert "tổng điểm tự chấm: (không có) → 91" in handed_in.row(handed_in.approval("C-01"), "P-03")["ev_row_state"]


def test_somebody_who_joins_is_no_change_of_what_was_approved(approved: LittleOffice) -> None:
    approved.organisation["people"].append(person("V1-30", "Vũ Văn Mới", "VU1", scorer="V1-02"))
    approved.reorganise()
    approved.consolidate()

    assert approved.result("V1-03")["state"] == "approved"
    assert approved.findings("V1-03") == []
