"""An approver whose row was not booked reads why in the refreshed workbook, not only the office in its list."""

from __future__ import annotations

import pytest

from tests.little_office import LittleOffice


@pytest.fixture
def scored(handed_in: LittleOffice) -> LittleOffice:
    handed_in.scored("V1-03", "V1-04")
    handed_in.consolidate()
    return handed_in


def state_of(office: LittleOffice, code: str) -> str:
    return str(office.row(office.approval("V1-01"), code)["ev_row_state"])


def test_what_an_adjustment_lacks_stands_in_the_approvers_row_until_it_is_mended(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Phê duyệt có điều chỉnh", quality=30)
    scored.approved("V1-04")
    scored.consolidate()

    said = state_of(scored, "V1-03")
    assert "Chưa ghi nhận" in said and scored.finding("approval.opinion_missing", "V1-03")["message"] in said
    assert "Chưa ghi nhận" not in state_of(scored, "V1-04")
    row = scored.row(scored.approval("V1-01"), "V1-03")
    assert (row["ev_approve_decision"], row["ev_approve_quality"]) == ("Phê duyệt có điều chỉnh", 30)  # as typed

    scored.approved("V1-03", decision="Phê duyệt có điều chỉnh", quality=30, opinion="Theo kết luận")
    scored.consolidate()
    assert scored.result("V1-03")["approved_total"] == "83"
    assert "Chưa ghi nhận" not in state_of(scored, "V1-03")


def test_a_word_that_is_in_no_list_is_told_to_who_typed_it(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="đồng ý")
    scored.consolidate()

    assert scored.finding("choice.unknown", "V1-03")["message"] in state_of(scored, "V1-03")


def test_a_press_that_learns_nothing_draws_nothing_anew(scored: LittleOffice) -> None:
    scored.approved("V1-03", decision="Trả lại")
    scored.consolidate()
    before = scored.approval("V1-01").read_bytes()

    assert scored.consolidate()["events"] == 0
    assert scored.approval("V1-01").read_bytes() == before
