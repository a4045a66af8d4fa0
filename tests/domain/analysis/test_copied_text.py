"""Words that came again: found among hundreds of people, and the office's own phrases count for nobody."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from evalxl.domain.analysis.copied_text import alike, runs_of, same_comments, shared_texts
from evalxl.domain.evaluation.week_view import Result
from tests.domain.analysis.at_hand import repeated_texts
from tests.domain.offices_that_score import spoken
from tests.domain.periods.test_rollups import result

LONG = "Chấp hành nghiêm nội quy, giờ làm việc; chủ động phối hợp với các đơn vị, trả lời công việc ngay trong ngày."


def said(week: int, code: str, text: str, **more: object) -> Result:
    return replace(result(f"2025-W{week}", code), conduct_note=text, **more)


def test_the_same_words_are_the_same_whatever_the_case_the_numbers_and_the_dots() -> None:
    assert alike(runs_of(LONG), runs_of(LONG.upper().replace(",", " - ") + " 25/6")) == 1
    assert alike(runs_of(LONG), runs_of(spoken(Random(1)))) == 0


def test_short_texts_are_nobodys() -> None:
    assert runs_of("Chấp hành tốt giờ làm việc") == frozenset()


def test_last_weeks_words_are_found_and_a_week_away_does_not_hide_them() -> None:
    rows = [said(23, "A", LONG), said(25, "A", LONG + " Tốt."), said(26, "A", spoken(Random(2)))]

    assert (found := repeated_texts(rows)["a"]).pairs == 2 and found.repeated == 1


def test_a_text_of_a_colleague_is_found_among_five_hundred_people() -> None:
    draw = Random(3)
    texts = {f"P{n:03d}": runs_of(spoken(draw, 40)) for n in range(500)}
    texts["P400"] = texts["P007"]

    assert shared_texts(texts) == [("P007", "P400")]


def test_a_phrase_that_the_whole_office_uses_is_nobodys_copy() -> None:
    assert shared_texts({f"P{n}": runs_of(LONG) for n in range(30)}) == []


def test_a_draft_is_not_read() -> None:
    assert repeated_texts([said(23, "A", LONG, state="draft")]) == {}


def test_one_comment_of_four_words_for_two_people_is_seen_and_shorter_ones_are_not() -> None:
    rows = [said(23, code, "", comment="Tiến độ đúng hạn") for code in "AB"]
    rows += [
        said(23, "C", "", comment="Làm việc tốt"),
        said(23, "E", "", comment="Làm việc tốt"),
        said(23, "D", "", comment="Báo cáo số 5 trình đúng hạn"),
    ]

    assert {code: same for (_, code), same in same_comments(rows).items()} == {"a": True, "b": True, "d": False}
