"""Plausible dates and words, and nothing typed that decides nothing in silence: from the cell to the finding, and what counts meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import openpyxl
import pytest

from tests.little_office import LittleOffice, cells, opened, read
from tests.people import type_into

ODD = {
    "task_name": ["Đề án A", "Đề án B"],
    "task_important": ["Có", "Có"],
    "task_status": ["Đang thực hiện", "Đang thực hiện"],
    "task_due": [datetime(2024, 6, 10), datetime(2024, 6, 11)],
    "task_product": ["", ""],
    "task_evidence": ["", ""],
}


def _kinds(office: LittleOffice, code: str = "V1-03") -> list[str]:
    return sorted(row["kind"] for row in office.table("findings") if row["code"] == code)


# Dates


@pytest.fixture
def two_weeks(issued: LittleOffice) -> LittleOffice:
    """V1-03 typed due dates without the year in W23 as in W24; what was open was carried over."""
    issued.hand_in("V1-03", **ODD)
    issued.consolidate()
    issued.week = "2025-W24"
    issued.say("issue", issued.week)
    return issued


def _again(office: LittleOffice, **changed: Any) -> None:
    left = {"task_name": [None, None, "Việc thường"], "task_status": ["Đang thực hiện", "Đang thực hiện", "Hoàn thành"]}
    given = {"task_product": [None, None, "Báo cáo"], "task_evidence": [None, None, "12-BC/VP"]}
    office.hand_in("V1-03", **{**left, **given, **changed})
    office.consolidate()


def test_a_due_date_of_another_year_is_pointed_out_and_puts_nobody_on_the_list(two_weeks: LittleOffice) -> None:
    first = two_weeks.table("findings", "2025-W23")
    assert [(row["kind"], row["level"]) for row in first if row["code"] == "V1-03"] == [
        ("date.other_year", "warning")
    ] * 2
    assert "10/6/2024" in first[0]["message"] and "10/6/2025" in first[0]["message"]

    _again(two_weeks)

    assert _kinds(two_weeks) == ["date.unconfirmed"] * 2
    assert not two_weeks.table("warnings")


def test_the_manager_confirms_an_odd_date_by_the_state_of_the_task(two_weeks: LittleOffice) -> None:
    _again(two_weeks)
    book = two_weeks.scoring("V1-02")
    said = [text for text in read(book, "ev_check_said") if text]
    assert "hạn 10/6/2024 (ngày cần kiểm tra lại" in said[0]

    type_into(book, {"ev_check_status": ["Đang thực hiện", "Đang thực hiện"]})
    two_weeks.consolidate()

    assert _kinds(two_weeks) == []
    two_weeks.week = "2025-W25"
    two_weeks.say("issue", two_weeks.week)
    _again(two_weeks)
    assert _kinds(two_weeks) == []  # what was confirmed is carried over as such
    assert [row["kind"] for row in two_weeks.table("warnings")] == ["watch"]


def test_ones_own_task_may_be_put_right_in_the_next_form_and_the_manager_sees_from_what_to_what(
    two_weeks: LittleOffice,
) -> None:
    form = openpyxl.load_workbook(two_weeks.form("V1-03"))
    for name in ("ev_task_name", "ev_task_important", "ev_task_due"):
        assert not cells(form, name)[0].protection.locked

    _again(
        two_weeks,
        task_name=["Đề án A (bản 2)", None, "Việc thường"],
        task_important=["Không", None, None],
        task_due=[datetime(2025, 6, 20), ""],
    )

    assert two_weeks.result("V1-03")["state"] == "submitted" and _kinds(two_weeks) == []
    said = read(two_weeks.scoring("V1-02"), "ev_check_said")
    assert said[0] == (
        "Đang thực hiện; hạn 20/6/2025; phiếu ghi sẵn tên: “Đề án A”; phiếu ghi sẵn hạn: 10/6/2024; phiếu ghi sẵn: quan trọng"
    )
    assert said[1] == "Đang thực hiện; quan trọng; phiếu ghi sẵn hạn: 11/6/2024"


def test_a_carried_over_task_whose_name_is_removed_still_counts(two_weeks: LittleOffice) -> None:
    _again(two_weeks, task_name=["", None, "Việc thường"])

    assert "task.carried_removed" in _kinds(two_weeks)
    assert [row["name"] for row in two_weeks.table("tasks") if row["code"] == "V1-03"] == [
        "Đề án A",
        "Đề án B",
        "Việc thường",
    ]


def test_what_the_manager_gave_stays_locked_also_where_it_is_carried_over(handed_in: LittleOffice) -> None:
    row = {"assign_person": "V1-03", "assign_task": "Chuẩn bị hội nghị", "assign_due": datetime(2025, 6, 12)}
    type_into(handed_in.scoring("V1-02"), {f"ev_{name}": value for name, value in row.items()})
    handed_in.consolidate()
    for week in ("2025-W24", "2025-W25"):
        handed_in.week = week
        handed_in.say("issue", week)
        form = openpyxl.load_workbook(handed_in.form("V1-03"))
        assert (
            cells(form, "ev_task_name")[0].value == "Chuẩn bị hội nghị"
            and cells(form, "ev_task_due")[0].protection.locked
        )
        done = {"task_name": [None, "Việc thường"], "task_status": ["Đang thực hiện", "Hoàn thành"]}
        handed_in.hand_in("V1-03", **done, task_due=[datetime(2025, 6, 30)] if week == "2025-W25" else [None])
        handed_in.consolidate()

    finding = handed_in.finding("cell.locked_changed", "V1-03")
    assert finding["found"] == "30/6/2025" and "12/6/2025" in finding["message"]


def test_dates_that_contradict_the_state_are_pointed_out(issued: LittleOffice) -> None:
    issued.hand_in(
        "V1-03",
        task_due=[datetime(2025, 6, 3), None],
        task_finished=[datetime(2025, 6, 5), datetime(2025, 6, 5)],
        task_status=["Hoàn thành", "Đang thực hiện"],
    )
    issued.consolidate()

    assert _kinds(issued) == ["date.finished_after_due", "date.finished_but_open"]
    assert "03/6/2025" in issued.finding("date.finished_after_due")["message"]


def test_the_managers_own_dates_are_compared_with_the_week_that_they_are_for(handed_in: LittleOffice) -> None:
    row = {"assign_person": "V1-03", "assign_task": "Chuẩn bị hội nghị", "assign_due": datetime(2024, 6, 12)}
    type_into(handed_in.scoring("V1-02"), {f"ev_{name}": value for name, value in row.items()})
    handed_in.consolidate()

    assert "12/6/2025" in handed_in.finding("date.other_year")["message"]


# Words


def test_words_without_marks_are_read_and_said_and_go_back_as_the_word(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {"quality": 36, "progress": 36, "conduct": 17, "decision": "da cham"}})
    handed_in.consolidate()

    assert handed_in.result("V1-03")["state"] == "approved" or handed_in.result("V1-03")["state"] == "scored"
    assert handed_in.finding("choice.repaired")["level"] == "repair"
    assert handed_in.row(handed_in.scoring("V1-02"), "V1-03")["ev_score_decision"] == "Đã chấm"


def test_a_tick_is_no_decision_and_stays_as_it_was_typed(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {"quality": 36, "progress": 36, "conduct": 17, "decision": "x"}})
    type_into(handed_in.scoring("V1-02"), {"ev_check_important": ["x"], "ev_check_recognised": [True]})
    handed_in.consolidate()
    handed_in.consolidate()

    assert handed_in.finding("choice.unknown", "V1-03")["found"] == "x"
    assert handed_in.result("V1-03")["state"] == "submitted"
    book = handed_in.scoring("V1-02")
    assert handed_in.row(book, "V1-03")["ev_score_decision"] == "x"
    assert (read(book, "ev_check_important")[0], read(book, "ev_check_recognised")[0]) == ("Có", "Có")


@pytest.mark.parametrize("said", ["x", "Phê duyệt", True, 1, "tất cả"])
def test_what_is_no_yes_approves_nobody_and_stands_until_it_is_put_right(scored: LittleOffice, said: Any) -> None:
    book = scored.approval("V1-01")
    type_into(book, {"ev_approve_all": said})
    scored.consolidate()
    scored.consolidate()

    assert scored.result("V1-03")["state"] == "scored"
    finding = scored.finding("choice.unknown")
    assert finding["code"] == "V1-01" and finding["cell"] == scored.cell_of(book, "ev_approve_all")[1]
    assert str(cells(opened(book), "ev_approve_all")[0].value) == ("1" if said is True else str(said))

    type_into(book, {"ev_approve_all": "Có"})
    scored.consolidate()
    assert scored.result("V1-03")["state"] == "approved"
    assert "choice.unknown" not in scored.findings()
    assert read(book, "ev_approve_all") == ["Không"]


# Nothing swallowed


def test_scores_left_at_not_scored_are_told_until_the_row_is_decided(handed_in: LittleOffice) -> None:
    handed_in.score("V1-02", {"V1-03": {"quality": 36, "progress": 36}})
    handed_in.consolidate()
    assert _kinds(handed_in) == []  # still being filled

    handed_in.score("V1-02", {"V1-03": {"conduct": 17}})
    handed_in.consolidate()
    assert _kinds(handed_in) == ["score.left_open"]

    handed_in.score("V1-02", {"V1-03": {"decision": "Đã chấm"}})
    handed_in.consolidate()
    assert _kinds(handed_in) == []


def test_a_row_that_was_sent_back_is_not_called_left_open_before_somebody_types_in_it_again(
    scored: LittleOffice,
) -> None:
    scored.approve("V1-01", {"V1-03": {"decision": "Trả lại", "opinion": "Đề nghị xem lại"}})
    scored.consolidate()
    scored.consolidate()
    assert _kinds(scored) == []

    scored.score("V1-02", {"V1-03": {"quality": 35}})
    scored.consolidate()
    assert _kinds(scored) == ["score.left_open"]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Đi muộn 3 buổi 02, 03, 05/6", True),
        ("Không có mặt tại cuộc họp 03/6", True),
        ("Không", False),
        ("Không có vi phạm.", False),
        ("-", False),
    ],
)
def test_a_breach_described_under_no_is_no_silent_no(handed_in: LittleOffice, note: str, told: bool) -> None:
    handed_in.scored("V1-03", breach_note=note)
    handed_in.consolidate()

    assert ("score.breach_unanswered" in _kinds(handed_in)) is told
    assert (handed_in.result("V1-03")["state"] == "submitted") is told


def test_adjusted_scores_without_a_decision_are_told(scored: LittleOffice) -> None:
    scored.approve("V1-01", {"V1-03": {"quality": 30}})
    scored.consolidate()
    assert _kinds(scored) == ["approval.left_open"]

    scored.approve("V1-01", {"V1-03": {"decision": "Phê duyệt có điều chỉnh", "opinion": "Sản phẩm phải sửa nhiều"}})
    scored.consolidate()
    assert _kinds(scored) == [] and scored.result("V1-03")["approved_quality"] == "30"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"person": "P-02", "task": "Việc"}, "assign.not_in_team"),
        ({"person": "Vũ Văn An", "task": "Việc"}, "assign.not_in_team"),
        ({"task": "Việc"}, "assign.no_person"),
        ({"person": "V1-03"}, "assign.no_task"),
        ({"due": datetime(2025, 6, 12)}, "assign.no_task"),
        ({"person": "V1-03", "task": "Việc", "code": "XX"}, "assign.code_unknown"),
    ],
)
def test_a_task_given_to_nobody_or_by_an_unknown_code_is_told(
    handed_in: LittleOffice, row: dict[str, Any], kind: str
) -> None:
    type_into(handed_in.scoring("V1-02"), {f"ev_assign_{name}": value for name, value in row.items()})
    handed_in.consolidate()

    assert kind in handed_in.findings()


def test_a_row_of_the_plan_without_a_name_and_an_unknown_code_are_told(issued: LittleOffice) -> None:
    issued.hand_in("V1-03", plan_due=[datetime(2025, 6, 12)], task_code=["XX"], appeal_week="2025-W22")
    issued.consolidate()

    assert _kinds(issued) == ["appeal.not_asked", "plan.no_name", "task.code_unknown"]
