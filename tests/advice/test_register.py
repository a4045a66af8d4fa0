"""What is said of the office's register and of requests for review: every fault has a row of its own, and what the finding says books it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from tests.advice.advice import found
from tests.little_office import make_little_office
from tests.steps.test_difficulties import Counter
from tests.steps.test_follow_ups import BREACH, OPEN_TASKS, TALKED

FIRST, SECOND = "2025-W23", "2025-W24"
Typed = Mapping[str, Any]
# By person: the kind, what is typed at first, and what the finding says to type.
TALKS: dict[str, tuple[str, Typed, Typed]] = {
    "V1-03": ("follow_up.left_new", {**TALKED, "state": "Mới"}, {"state": "Đã trao đổi"}),
    "V1-04": ("follow_up.talk_date_missing", {**TALKED, "talk_date": None}, {"talk_date": date(2025, 6, 17)}),
    "V1-05": ("follow_up.talk_to_come", {**TALKED, "talk_date": date(2025, 6, 20)}, {"talk_date": date(2025, 6, 17)}),
    "V1-06": ("follow_up.talk_to_come", {**TALKED, "talk_date": date(2025, 6, 20)}, {"state": "Đã hẹn trao đổi"}),
    "V1-07": ("follow_up.took_part_missing", {**TALKED, "took_part": None}, {"took_part": "Văn phòng; cán bộ"}),
    "V1-08": ("follow_up.measures_missing", {**TALKED, "measures": None}, {"measures": "Báo cáo hằng ngày"}),
    "V1-09": ("follow_up.deadline_missing", {**TALKED, "deadline": None}, {"deadline": date(2025, 6, 27)}),
    "V1-10": ("follow_up.deadline_before_talk", {**TALKED, "deadline": date(2025, 6, 10)}, {"deadline": date(2025, 6, 27)}),
    "V1-11": ("follow_up.outcome_missing", {**TALKED, "state": "Đã xong"}, {"outcome": "Đã hoàn thành"}),
}  # fmt: skip
DIFFICULTIES: dict[str, tuple[str, Typed, Typed]] = {
    "V1-03": ("difficulty.left_new", {"answer": "Sẽ sửa"}, {"state": "Đã trả lời"}),
    "V1-04": ("difficulty.passed_to_missing", {"state": "Đã chuyển"}, {"passed_to": "Phòng Tài vụ"}),
    "V1-05": ("difficulty.answer_missing", {"state": "Đã trả lời"}, {"answer": "Sẽ sửa"}),
}
DECIDED: Typed = {"decided_by": "Vụ trưởng", "outcome": "Giữ nguyên kết quả", "answer": "Theo minh chứng", "state": "Đã trả lời"}  # fmt: skip
REVIEWS: dict[str, tuple[str, Typed, Typed]] = {
    "V1-03": ("appeal.left_open", {**DECIDED, "state": "Đang xem xét"}, {"state": "Đã trả lời"}),
    "V1-04": ("appeal.decided_by_missing", {**DECIDED, "decided_by": None}, {"decided_by": "Vụ trưởng"}),
    "V1-05": ("appeal.outcome_missing", {**DECIDED, "outcome": None}, {"outcome": "Giữ nguyên kết quả"}),
    "V1-06": ("appeal.answer_missing", {**DECIDED, "answer": None}, {"answer": "Theo minh chứng"}),
}
# Of forms: a week chosen without asking, a week without a result, a request of somebody without any result.
NOT_ASKED, UNKNOWN, WITHOUT = "VP-02", "V1-08", "0012"


class Desk(Counter):
    """The register of a week with nine talks, three difficulties and four requests for review."""

    def week_of_all(self, week: str, **by_person: Typed) -> None:
        self.week = week
        monday = Week.parse(week).monday
        self.issue_at(datetime(monday.year, monday.month, monday.day, 8))
        for code in TALKS:
            named = {} if week == FIRST else {"task_name": [None, None], "task_important": [None, None]}
            self.hand_in(code, **{**OPEN_TASKS, **named, **by_person.get(code, {})})
        self.press(Week.parse(week).sunday)
        self.scored(*TALKS, **BREACH)
        self.press()

    def lines(self, table: str, faults: Mapping[str, tuple[str, Typed, Typed]], which: int) -> None:
        """Type into the rows of some people: what is wrong at first, or what the finding says."""
        name = {"follow_ups": "ev_follow", "difficulties": "ev_difficulty", "reviews": "ev_review"}[table]
        (people,) = self.columns(self.register(), kinds.FOLLOW_UP, [f"{name}_person"])
        typed: dict[str, list[Any]] = {}
        for code, fault in faults.items():
            for field, value in fault[which].items():
                column = typed.setdefault(f"{name}_{field}", [None] * len(people))
                column[people.index(code)] = value
        self.type_in(self.register(), kinds.FOLLOW_UP, typed)

    def type_all(self, which: int) -> None:
        self.lines("follow_ups", TALKS, which)
        self.lines("difficulties", DIFFICULTIES, which)
        self.lines("reviews", REVIEWS, which)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, list[dict[str, set[str]]]]:
    made = make_little_office(tmp_path_factory.mktemp("register") / "office", officials=9)
    office = Desk(made.folder)
    office.organisation = made.organisation
    office.week_of_all(FIRST)
    office.moment = datetime(2025, 6, 11, 8)
    office.say("close", FIRST, "--yes")
    asks = {code: {"appeal": "Có", "reply": "Đề nghị xem lại điểm tiến độ"} for code in REVIEWS}
    more = {code: {"difficulties": f"Máy in hỏng ở phòng {code}"} for code in DIFFICULTIES}
    forms = {code: {**asks.get(code, {}), **more.get(code, {})} for code in TALKS}
    forms[UNKNOWN] |= {"appeal": "Có", "appeal_week": "2025-W20", "reply": "Đề nghị xem lại"}
    office.week_of_all(SECOND, **forms)
    office.hand_in(WITHOUT, appeal="Có", reply="Đề nghị xem lại")
    office.hand_in(NOT_ASKED, appeal_week=FIRST, reply="Đề nghị xem lại")
    office.moment = datetime(2025, 6, 17, 18)

    def pressed() -> dict[str, set[str]]:
        office.press(date(2025, 6, 18))
        return found(office, {"findings": []})

    office.type_all(1)
    seen = [pressed()]
    office.type_all(2)
    office.in_time(office.fill(NOT_ASKED, appeal_week=FIRST, reply="Đề nghị xem lại", appeal="Có"), hours=4)
    seen.append(pressed())
    return office, seen


def test_whoever_does_what_is_said_of_the_register_has_every_row_booked(
    told: tuple[Desk, list[dict[str, set[str]]]],
) -> None:
    office, (one, two) = told
    wrong = []
    for faults in (TALKS, DIFFICULTIES, REVIEWS):
        for code, (kind, _, _) in faults.items():
            if kind not in one.get(code, set()):
                wrong.append(f"{code} {kind} was not made, but {one.get(code)}")
            if kind in two.get(code, set()):
                wrong.append(f"{code} {kind} is told still")
    assert not wrong, "\n".join(wrong)
    assert len({event["subject"] for event in office.log("followed")}) == len(TALKS)
    assert len({event["key"] for event in office.log("answered")}) == len(DIFFICULTIES)
    assert len({event["subject"] for event in office.log("reviewed")}) == len(REVIEWS)

    # Requests in forms: without asking for one, for a week without a result, by somebody without any.
    assert ("appeal.not_asked" in one[NOT_ASKED], "appeal.not_asked" in two[NOT_ASKED]) == (True, False)
    assert "appeal.week_unknown" in one[UNKNOWN]
    assert "appeal.no_result" in one[WITHOUT]
