"""What a typed row still needs before it is booked, and in which cell it is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from evalxl.domain.evaluation.row_requirements import (
    ApprovalRow,
    ScoreRow,
    describes_breach,
    differs,
    far_apart,
    needs_of_adjustment,
    needs_of_score,
    with_adjustments,
)
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.rulebook import RuleBook
from tests.standard_parts import in_parts


def of(*points: str | None) -> Scores:
    return in_parts(*(None if one is None else Decimal(one) for one in points))


OWN = of("30", "30", "15")
DAY = date(2025, 6, 3)


def needed(rules: RuleBook, scores: Scores, own: Scores | None = OWN, **typed: Any) -> set[str]:
    """The cells in which something is missing."""
    return {
        need.field.removeprefix("ev_score_") for need in needs_of_score(ScoreRow(scores=scores, **typed), own, rules)
    }


@pytest.mark.parametrize(
    ("scores", "own", "typed", "cells"),
    [
        (OWN, OWN, {}, set()),
        (of("30", None, "15"), OWN, {}, {"progress"}),
        (of("35", "30", "15"), OWN, {}, set()),  # 5 points apart need no reason
        (of("35.5", "30", "15"), OWN, {}, {"explanation", "comment"}),
        (of("30", "24.5", "15"), OWN, {}, {"explanation", "comment"}),
        (of("35.5", "30", "15"), OWN, {"explanation": "Không đạt"}, {"comment"}),
        (of("35.5", "30", "15"), OWN, {"explanation": "Không đạt", "comment": "Xem lại"}, set()),
        (of("35.5", "30", "15"), of("30", None, "15"), {"comment": "Tốt"}, {"explanation"}),
        (OWN, None, {}, {"explanation"}),  # nobody handed in
        (OWN, None, {"explanation": "Không nộp"}, set()),
        (OWN, None, {"comment": "Không nộp"}, set()),
        (of("20", "20", "10"), of("20", "20", "10"), {}, set()),  # 50 is not below 50
        (of("20", "20", "9.5"), of("20", "20", "10"), {}, {"comment"}),
        (of("36", "36", "17.5"), of("36", "36", "18"), {}, set()),
        (of("36", "36", "18"), of("36", "36", "18"), {}, {"comment"}),  # from 90
        (OWN, OWN, {"breach": True}, {"breach_note", "comment"}),
        (OWN, OWN, {"breach": True, "breach_note": "Vắng họp"}, {"comment"}),
        (OWN, OWN, {"breach": True, "breach_note": "Vắng họp", "comment": "Đã nhắc"}, set()),
        (OWN, OWN, {"breach_note": "Vắng họp"}, {"breach"}),
        # what is chosen with its day stands for words; *Khác* says nothing by itself, and neither does a kind without its day
        (OWN, OWN, {"breach": True, "breach_kind": "Đi muộn", "breach_day": DAY, "comment": "Đã nhắc"}, set()),
        (OWN, OWN, {"breach": True, "breach_kind": "Đi muộn", "comment": "Đã nhắc"}, {"breach_note"}),
        (OWN, OWN, {"breach": True, "breach_kind": "Khác", "breach_day": DAY, "comment": "Đã nhắc"}, {"breach_note"}),
        (OWN, OWN, {"breach_kind": "Đi muộn"}, {"breach"}),
        (of("36", "36", "18"), of("36", "36", "18"), {"earned_by": "Tờ trình"}, set()),  # from 90 the product is named
        (of("36", "36", "18"), of("30", "36", "18"), {"earned_by": "Tờ trình", "explanation": "Tốt"}, {"comment"}),
    ],
)
def test_a_row_is_booked_once_everything_that_the_rules_ask_for_is_there(
    rules: RuleBook, scores: Scores, own: Scores | None, typed: dict[str, Any], cells: set[str]
) -> None:
    assert needed(rules, scores, own, **typed) == cells


def test_where_nobody_scores_a_row_without_a_form_needs_no_reason(rules: RuleBook) -> None:
    tracked = rules.model_copy(update={"parts": ()})

    assert needed(tracked, Scores(), None) == set()
    assert needed(tracked, Scores(), None, breach=True) == {"breach_note", "comment"}


@pytest.mark.parametrize("note", ["", "Không", "không có gì", "Không có vi phạm", "x", "0", "Tốt", "Chấp hành nghiêm"])
def test_what_is_written_beside_no_breach_where_nothing_happened_is_no_breach(note: str) -> None:
    assert not describes_breach(ScoreRow(breach_note=note, scores=Scores()))


@pytest.mark.parametrize("note", ["Vắng họp 03/6", "Không có vi phạm nhưng đi muộn", "Không báo cáo"])
def test_a_breach_described_beside_no_asks_for_the_answer(note: str) -> None:
    assert describes_breach(ScoreRow(breach_note=note, scores=Scores()))
    assert not describes_breach(ScoreRow(breach=True, breach_note=note, scores=Scores()))


def test_the_first_part_that_is_far_from_the_persons_own_is_named(rules: RuleBook) -> None:
    apart = far_apart(of("30", "36", "3"), OWN, rules)

    assert apart is not None and apart.code == "progress"
    assert far_apart(of(None, "30", "15"), OWN, rules) is None


def test_an_adjustment_needs_a_reason_and_something_adjusted() -> None:
    def cells(adjusted: Scores, opinion: str = "") -> list[str]:
        return [need.kind for need in needs_of_adjustment(ApprovalRow(opinion, points=adjusted), OWN)]

    assert cells(of()) == ["approval.opinion_missing", "approval.nothing_adjusted"]
    assert cells(OWN, "Đã xem") == ["approval.nothing_adjusted"]
    assert cells(of("31"), "Đã xem") == []
    assert cells(of("31")) == ["approval.opinion_missing"]
    assert differs(of(None, None, "14"), OWN) and not differs(of("30"), OWN)
    assert with_adjustments(of(None, "28"), OWN) == of("30", "28", "15")
