"""What is said of rows that managers and approvers type: every fault is made in a row of its own, everybody does what the finding says, and the row is booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.advice.advice import found
from tests.little_office import LittleOffice, make_little_office
from tests.people import type_into

MANAGER, APPROVER = "V1-02", "V1-01"
SCORES: Mapping[str, Any] = {"quality": 36, "progress": 36, "conduct": 17, "decision": "Đã chấm"}
LOW: Mapping[str, Any] = {**SCORES, "quality": 12, "progress": 12, "conduct": 12, "explanation": "Theo minh chứng"}
Typed = Mapping[str, Any]


@dataclass(frozen=True)
class RowFault:
    """A fault in one row.

    Attributes:
        typed: What is typed into the row at first; empties what is "".
        again: What the finding says to type.
        state: Where the person stands afterwards.
        form: Whether the person has handed in a form.
    """

    kind: str
    typed: Typed
    again: Typed
    state: str = "scored"
    form: bool = True


SCORING: list[RowFault] = [
    RowFault("score.missing", {**SCORES, "conduct": ""}, {"conduct": 17}),
    RowFault("score.breach_note_missing", {**SCORES, "breach": "Có", "comment": "Đã nhắc"}, {"breach_note": "Vắng họp ngày 04/6"}),
    RowFault("score.breach_unanswered", {**SCORES, "breach_note": "Vắng họp"}, {"breach": "Có", "comment": "Đã nhắc"}),
    RowFault("score.breach_unanswered", {**SCORES, "breach_note": "Vắng họp"}, {"breach_note": ""}),
    RowFault("score.left_open", {**SCORES, "decision": "Chưa chấm"}, {"decision": "Đã chấm"}),
    RowFault("score.comment_missing", LOW, {"comment": "Chưa đạt yêu cầu"}),
    RowFault("score.explanation_missing", {**SCORES, "quality": 25}, {"explanation": "Theo minh chứng", "comment": "Cần cố gắng"}),
    RowFault("score.reason_without_self_missing", SCORES, {"explanation": "Đi học, không gửi được phiếu"}, form=False),
    RowFault("return.reason_missing", {"decision": "Trả lại"}, {"comment": "Bổ sung minh chứng"}, state="returned"),
    RowFault("return.nothing_to_return", {"decision": "Trả lại", "comment": "Chưa có"}, {"decision": "Chưa chấm"}, state="not_submitted", form=False),
    RowFault("choice.unknown", {**SCORES, "decision": "xong xuôi"}, {"decision": "Đã chấm"}),
    RowFault("score.is_formula", {**SCORES, "quality": "=30+6"}, {"quality": 36}),
]  # fmt: skip
APPROVAL: list[RowFault] = [
    RowFault("approval.opinion_missing", {"decision": "Phê duyệt có điều chỉnh", "quality": 35}, {"opinion": "Theo minh chứng"}, "approved"),
    RowFault("approval.nothing_adjusted", {"decision": "Phê duyệt có điều chỉnh", "opinion": "Nhất trí"}, {"decision": "Phê duyệt"}, "approved"),
    RowFault("approval.nothing_adjusted", {"decision": "Phê duyệt có điều chỉnh", "opinion": "Nhất trí"}, {"quality": 35}, "approved"),
    RowFault("approval.adjusted_without_saying", {"decision": "Phê duyệt", "quality": 35}, {"decision": "Phê duyệt có điều chỉnh", "opinion": "Theo minh chứng"}, "approved"),
    RowFault("approval.adjusted_without_saying", {"decision": "Phê duyệt", "quality": 35}, {"quality": ""}, "approved"),
    RowFault("approval.paper_without_decision", {"by_paper": "Danh sách 05"}, {"decision": "Phê duyệt"}, "approved"),
    RowFault("approval.left_open", {"opinion": "Nhất trí"}, {"decision": "Phê duyệt"}, "approved"),
    RowFault("return.reason_missing", {"decision": "Trả lại"}, {"opinion": "Xem lại điểm"}, "returned"),
]  # fmt: skip


class Desk:
    """A manager's team of thirty, with a person for each fault."""

    def __init__(self, office: LittleOffice) -> None:
        self.office = office
        people = iter([f"V1-{number:02d}" for number in range(3, 33)])
        self.scoring = {next(people): one for one in SCORING}
        self.approval = {next(people): one for one in APPROVAL}
        self.late, self.twice, self.early, self.moved, self.other = (next(people) for _ in range(5))
        self.seen: list[dict[str, set[str]]] = []

    def press(self) -> dict[str, set[str]]:
        said = found(self.office, self.office.consolidate())
        self.seen.append(said)
        return said

    def score(self, rows: Mapping[str, Typed]) -> None:
        self.office.score(MANAGER, rows)

    def approve(self, rows: Mapping[str, Typed]) -> None:
        self.office.approve(APPROVER, rows)

    def give(self, **columns: list[Any]) -> None:
        """What the manager types into the sheet of tasks for next week."""
        type_into(self.office.scoring(MANAGER), {f"ev_assign_{name}": column for name, column in columns.items()})


ASSIGNED = ("assign.no_task", "assign.no_person", "assign.code_unknown", "assign.not_in_team")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Four presses of the button: faults in rows, their cures and faults of the approver, the approver's cures, and a last word."""
    office = make_little_office(tmp_path_factory.mktemp("rows") / "office", officials=30)
    desk = Desk(office)
    office.say("issue", office.week)
    without = {code for code, one in desk.scoring.items() if not one.form} | {desk.late}
    for code in (*desk.scoring, *desk.approval, desk.late, desk.twice, desk.early, desk.moved, desk.other):
        if code not in without:
            office.hand_in(code)
    office.hand_in("P-02")
    office.consolidate()

    desk.score({code: one.typed for code, one in desk.scoring.items()})
    desk.score(dict.fromkeys((*desk.approval, desk.twice, desk.moved), SCORES))
    desk.score({desk.late: {**SCORES, "explanation": "Đi công tác"}})
    desk.give(
        person=[desk.twice, None, desk.twice, "P-02"],
        task=[None, "Soạn công văn", "Báo cáo quý", "Họp giao ban"],
        code=["BC", None, "ZZ-9", None],
    )
    people = len(office.people_in(office.scoring(MANAGER)))
    type_into(office.scoring(MANAGER), {"ev_score_comment": [None] * (people + 1) + ["lạc dòng"]})
    desk.approve({desk.early: {"decision": "Phê duyệt"}})
    desk.press()

    desk.score({code: one.again for code, one in desk.scoring.items()})
    desk.score({desk.early: SCORES})
    desk.give(person=[None, desk.twice, None, desk.other], task=["Rà soát hồ sơ"], code=[None, None, "BC"])
    type_into(office.scoring(MANAGER), {"ev_score_comment": [None] * (people + 1) + [""]})
    office.hand_in(desk.late)
    office.in_time(office.fill(desk.twice, self_quality=35), hours=3)
    desk.approve({code: one.typed for code, one in desk.approval.items()})
    desk.press()

    desk.approve({code: one.again for code, one in desk.approval.items()})
    desk.approve({desk.early: {"decision": "Phê duyệt"}})
    desk.score({desk.late: {"decision": "Đã chấm"}, desk.twice: {"decision": "Trả lại", "comment": "Dùng bản mới"}})
    desk.press()

    desk.score({desk.twice: {**SCORES, "quality": 35}})
    desk.press()
    return desk


def _of(said: Mapping[str, set[str]], code: str) -> set[str]:
    return said.get(code, set())


def _faults(desk: Desk) -> Iterator[str]:
    """The rows in which it did not go as the finding says."""
    states = {one["code"]: one["state"] for one in desk.office.table("results")}
    for press, rows in enumerate((desk.scoring, desk.approval)):
        for code, one in rows.items():
            if one.kind not in _of(desk.seen[press], code):
                yield f"{code} {one.kind} was not made, but {_of(desk.seen[press], code)}"
            if one.kind in _of(desk.seen[press + 1], code):
                yield f"{code} {one.kind} is told still"
            if states[code] != one.state:
                yield f"{code} {one.kind}: {states[code]}"


def test_whoever_does_what_is_said_of_a_row_has_it_booked(desk: Desk) -> None:
    assert not (wrong := list(_faults(desk))), "\n".join(wrong)

    # Who came too early, too late, or again.
    one, two, three, four = desk.seen
    for kind, code, before, after in (
        ("approval.before_scoring", desk.early, one, three),
        ("score.awaits_confirmation", desk.late, two, three),
        ("form.newer_version", desk.twice, two, four),
    ):
        assert (kind in _of(before, code), kind in _of(after, code)) == (True, False), kind
    results = {row["code"]: row for row in desk.office.table("results")}
    assert [results[code]["state"] for code in (desk.early, desk.late, desk.twice)] == ["approved", "scored", "scored"]
    assert results[desk.twice]["self_quality"] == "35"

    # Tasks that were not given are given, and what stood in nobody's row is gone.
    said = [{kind for kinds in press.values() for kind in kinds} for press in (one, two)]
    assert {*ASSIGNED, "row.nobody"} <= said[0]
    assert {*ASSIGNED, "row.nobody"} & said[1] == set()
