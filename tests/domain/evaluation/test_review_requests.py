"""A request for review stands until it is answered, with its deadline; what is overdue stands on top."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evalxl.domain.evaluation.review_requests import Appeal, is_left_open, key_of, lines_of, needs
from evalxl.domain.history.events import ReviewedEvent
from evalxl.domain.typed_rows import Decision
from evalxl.domain.weeks import Week

W23, W24, W25, W26 = (Week(2025, number) for number in (23, 24, 25, 26))


def asked(code: str, *decisions: Decision, deadline: date = date(2025, 6, 20), withdrawn: bool = False) -> Appeal:
    asked_on = date(2025, 6, 13)
    return Appeal(code, W23, W24, asked_on, "Lý do", deadline, withdrawn=withdrawn, decisions=list(decisions))


def by_key(*appeals: Appeal) -> dict[str, Appeal]:
    return {key_of(one.subject, one.week).casefold(): one for one in appeals}


def decided(week: Week, state: Any, **said: Any) -> ReviewedEvent:
    given: Any = {"subject": "01", "appealed": "2025-W23", "source": {}}
    return ReviewedEvent(**given, week=str(week), state=state, decided_by="Vụ trưởng", **said)


ANSWERED = decided(W25, "answered", outcome="kept", answer="Đã đối chiếu")


def test_it_is_carried_until_the_week_after_its_answer() -> None:
    appeals = by_key(asked("01", ANSWERED))

    assert lines_of(appeals, W23, date(2025, 6, 10)) == []
    assert [line.carried for line in lines_of(appeals, W24, date(2025, 6, 14))] == [False]
    assert [line.decision.state for line in lines_of(appeals, W24, date(2025, 6, 14), as_of=W24)] == ["received"]
    assert [line.open for line in lines_of(appeals, W25, date(2025, 6, 24))] == [False]
    assert lines_of(appeals, W26, date(2025, 6, 30), touched=["01/2025-w23"]) == []


def test_overdue_ones_stand_on_top_and_answered_ones_are_never_overdue() -> None:
    appeals = by_key(asked("01", ANSWERED), asked("02", deadline=date(2025, 6, 27)), asked("03"))
    lines = lines_of(appeals, W25, date(2025, 6, 24))

    assert [(line.subject, line.overdue) for line in lines] == [("03", True), ("02", False), ("01", False)]


def test_the_deadline_day_itself_is_in_time() -> None:
    assert not lines_of(by_key(asked("01")), W24, date(2025, 6, 20))[0].overdue
    assert lines_of(by_key(asked("01")), W24, date(2025, 6, 21))[0].overdue


def test_one_that_was_taken_back_stands_only_where_the_office_has_begun() -> None:
    begun = decided(W24, "considering")

    assert lines_of(by_key(asked("01", withdrawn=True)), W24, date(2025, 6, 21)) == []
    assert [line.overdue for line in lines_of(by_key(asked("01", begun, withdrawn=True)), W24, date(2025, 6, 21))] == [
        False
    ]


def test_an_answer_needs_who_decides_an_outcome_and_a_reason() -> None:
    assert [need.field for need in needs(Decision(state="considering"))] == ["ev_review_decided_by"]
    assert [need.field for need in needs(Decision(state="answered"))] == [
        "ev_review_decided_by",
        "ev_review_outcome",
        "ev_review_answer",
    ]
    assert list(needs(ANSWERED)) == []


@pytest.mark.parametrize(
    ("decision", "left"),
    [
        (Decision(), False),
        (Decision(decided_by="Vụ trưởng"), True),
        (Decision(answer="Đã đối chiếu"), True),
        (Decision(outcome="kept"), True),
        (Decision(state="considering", decided_by="Vụ trưởng"), False),
        (Decision(state="considering", decided_by="Vụ trưởng", answer="Đang đối chiếu"), False),
        (Decision(state="considering", decided_by="Vụ trưởng", outcome="kept"), True),
        (ANSWERED, False),
    ],
)
def test_a_decision_written_down_and_not_marked_as_answered_is_asked_about(decision: Decision, left: bool) -> None:
    assert is_left_open(decision) is left


def test_two_decisions_say_the_same_whenever_and_in_whichever_register_they_were_written() -> None:
    assert ANSWERED.says_as(ANSWERED.model_copy(update={"week": str(W26), "seq": 12}))
    assert not ANSWERED.says_as(decided(W25, "answered", outcome="corrected", answer="Đã đối chiếu"))
    assert not ANSWERED.says_as(decided(W25, "considering", outcome="kept", answer="Đã đối chiếu"))


def test_a_request_that_was_typed_into_stands_from_the_week_in_which_it_was_asked() -> None:
    appeals, touched = by_key(asked("01", withdrawn=True)), ["01/2025-w23"]

    assert lines_of(appeals, W23, date(2025, 6, 10), touched=touched) == []
    assert len(lines_of(appeals, W24, date(2025, 6, 14), touched=touched)) == 1
