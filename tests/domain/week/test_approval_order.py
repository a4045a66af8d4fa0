"""The list to sign has on top what an approver should look at first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.history.events import ReturnedEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.approval_order import exceptions_first
from evalxl.domain.weeks import Week
from tests.standard_parts import in_parts

WEEK = Week(2025, 23)


def scores(quality: str, progress: str = "32", conduct: str = "16") -> Scores:
    return in_parts(Decimal(quality), Decimal(progress), Decimal(conduct))


def row(code: str, scored: Scores = in_parts(), **more: Any) -> Result:  # noqa: B008
    own = more.pop("self_scores", scored)
    return Result(WEEK, code, code, "VP", "Văn phòng", "", "official", "", "01", "02", "scored", own, scored, **more)


def test_exceptions_stand_on_top_and_within_each_group_the_roster_keeps_its_order(rules: RuleBook) -> None:
    this = WeekHistory(WEEK)
    sent_back = ReturnedEvent(subject="returned", by_code="02", stage="approve", reason="Xem lại", source={})
    this.people["returned"] = PersonWeek("returned", returned=sent_back)
    rows = [
        row("missing"),
        row("plain", scores("32")),
        row("high", scores("40", "40", "18")),
        row("breach", scores("32"), breach=True),
        row("low", scores("10", "10", "10")),
        row("apart", scores("32"), self_scores=scores("40")),
        row("replied", scores("32")),
        row("without-a-form", scores("32"), flags=("no_self",)),
        row("returned", scores("32")),
        row("plain-too", scores("33")),
    ]
    ordered = [one.code for one in exceptions_first(rows, this, rules, {"replied"})]

    assert ordered == [
        *("breach", "low", "apart", "replied", "without-a-form", "returned"),
        *("high", "plain", "plain-too", "missing"),
    ]


def test_what_an_approver_has_to_know_brings_a_row_to_the_top(rules: RuleBook) -> None:
    flags = ("no_self", "adjusted", "newer_version", "absent_note")
    rows = [row("plain", scores("32")), *(row(flag, scores("32"), flags=(flag,)) for flag in (*flags, "late"))]
    this = WeekHistory(WEEK, people={"voided": PersonWeek("voided")})

    assert [one.code for one in exceptions_first(rows, this, rules, ())] == [*flags, "plain", "late"]
    edge = [row("49,5", scores("10", "29", "10.5")), row("90", scores("40", "32", "18")), row("50", scores("10", "30", "10"))]  # fmt: skip
    ordered = [one.code for one in exceptions_first([*edge, row("89,5", scores("40", "32", "17.5"))], this, rules, ())]
    assert ordered == ["49,5", "90", "50", "89,5"]
