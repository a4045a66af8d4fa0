"""What people tell the office keeps its state over weeks, and stands in a week's list until it is answered."""

from __future__ import annotations

from typing import Any

import pytest

from evalxl.domain.evaluation.difficulties import Difficulty, key_of, lines_of, needs, says_something
from evalxl.domain.history.events import AnsweredEvent
from evalxl.domain.names import subject_of_unit
from evalxl.domain.typed_rows import DifficultyAnswer
from evalxl.domain.weeks import Week

W23, W24, W25 = (Week(2025, number) for number in (23, 24, 25))


@pytest.mark.parametrize("text", ["", " ", "Không", "không có.", "KHÔNG CÓ GÌ", "-", "...", "N/A"])
def test_that_there_is_nothing_to_tell_is_no_difficulty(text: str) -> None:
    assert not says_something(text)


def test_a_short_difficulty_is_one() -> None:
    assert says_something("Không có máy in")
    assert says_something("Mất mạng")


def test_one_difficulty_is_one_wording_of_one_person_or_unit() -> None:
    key = key_of("VP", "difficulty", "Máy in hỏng")

    assert key == key_of("vp", "difficulty", "  MÁY IN\nhỏng ")
    assert key != key_of(subject_of_unit("VP"), "difficulty", "Máy in hỏng")
    assert key != key_of("VP", "proposal", "Máy in hỏng")


def answer_of(week: Week, state: Any, **said: str) -> AnsweredEvent:
    return AnsweredEvent(subject="01", key="K", week=str(week), state=state, source={}, **said)


def told(*answers: DifficultyAnswer, weeks: tuple[Week, ...] = (W23,)) -> dict[str, Difficulty]:
    return {"K": Difficulty("K", "01", "difficulty", "Máy in hỏng", list(weeks), list(answers))}


def standing(known: dict[str, Difficulty], week: Week, **more: object) -> list[tuple[str, bool]]:
    lines = lines_of(known, {"K": tuple(known["K"].weeks)}, week, **more)  # type: ignore[arg-type]
    return [(line.answer.state, line.carried) for line in lines]


def test_it_is_carried_until_the_week_after_its_answer() -> None:
    known = told(answer_of(W24, "answered", answer="Đã sửa"))

    assert standing(known, W23) == [("answered", False)]
    assert standing(known, W23, as_of=W23) == [("new", False)]  # the master of that week knew nothing of it
    assert standing(known, W24) == [("answered", True)]
    assert standing(known, W25) == []


def test_the_same_words_in_a_later_week_keep_the_state() -> None:
    assert standing(told(answer_of(W23, "passed_on", passed_to="Phòng Tài vụ"), weeks=(W23, W25)), W25) == [
        ("passed_on", False)
    ]
    assert standing(told(answer_of(W23, "answered", answer="Đã sửa"), weeks=(W23, W25)), W25) == [("answered", False)]


def test_what_no_counting_form_says_does_not_stand_unless_the_office_typed_into_it() -> None:
    assert lines_of(told(), {"K": ()}, W23) == []
    assert len(lines_of(told(), {"K": ()}, W23, touched=["k"])) == 1


def test_passed_on_needs_to_whom_and_answered_needs_an_answer() -> None:
    assert [need.field for need in needs(DifficultyAnswer(state="passed_on"))] == ["ev_difficulty_passed_to"]
    assert [need.field for need in needs(DifficultyAnswer(state="answered"))] == ["ev_difficulty_answer"]
    assert list(needs(DifficultyAnswer())) == []
