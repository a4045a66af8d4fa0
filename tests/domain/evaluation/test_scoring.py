"""Scores are exact decimals; a suggestion follows from the task rows and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import (
    DOING,
    DONE,
    DONE_LATE,
    NOT_DONE,
    STATUSES,
    Scores,
    Task,
    shown,
    to_step,
)
from evalxl.domain.evaluation.suggestions import suggested
from evalxl.domain.rulebook import RuleBook
from tests.standard_parts import in_parts

SUNDAY = date(2025, 6, 8)

points = st.decimals(0, 40, places=2)
tasks = st.builds(
    Task,
    key=st.just("01"),
    name=st.just("Việc"),
    status=st.sampled_from([*STATUSES, ""]),
    due=st.none() | st.dates(SUNDAY - timedelta(days=9), SUNDAY + timedelta(days=9)),
    product=st.sampled_from(["", "Tờ trình"]),
    coefficient=st.sampled_from([Decimal(1), Decimal("1.2"), Decimal("1.35"), Decimal(2)]),
)


def in_order(quality: Decimal | None, progress: Decimal | None) -> dict[str, Decimal | None]:
    return {"quality": quality, "progress": progress}


def task(status: str = DONE, due: date | None = SUNDAY, product: str = "Báo cáo", coefficient: str = "1") -> Task:
    return Task("01", "Việc", status=status, due=due, product=product, coefficient=Decimal(coefficient))


def test_a_missing_score_is_never_a_zero() -> None:
    assert in_parts(Decimal(40), Decimal(40)).total is None
    assert in_parts(Decimal(40), None, Decimal(20)).total is None
    assert Scores().total is None
    assert in_parts(Decimal(0), Decimal(0), Decimal(0)).total == 0
    assert in_parts(Decimal(0), Decimal(0), Decimal(0)).complete
    assert not in_parts(Decimal(0), Decimal(0)).complete


@given(points, points, points)
def test_the_total_is_the_exact_sum_of_the_three_parts(quality: Decimal, progress: Decimal, conduct: Decimal) -> None:
    scores = in_parts(quality, progress, conduct)

    assert scores.total is not None
    assert Fraction(scores.total) == Fraction(quality) + Fraction(progress) + Fraction(conduct)


def test_tenths_do_not_drift_over_the_line_of_a_band(rules: RuleBook) -> None:
    total = in_parts(Decimal("36.1"), Decimal("36.2"), Decimal("17.7")).total

    assert total == 90
    assert rules.band_for(total).code == "excellent"


@given(st.builds(in_parts, points | st.none(), points | st.none(), points | st.none()))
def test_scores_come_back_from_the_ledger_as_they_went_in(scores: Scores) -> None:
    assert Scores.from_record(scores.as_record()) == scores


@pytest.mark.parametrize(
    ("value", "text"),
    [("37.50", "37.5"), ("40", "40"), ("40.00", "40"), ("0", "0"), ("0.00", "0"), ("1E+2", "100"), ("100", "100"), ("0.05", "0.05")],
)  # fmt: skip
def test_a_score_is_written_without_trailing_zeros(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text


def test_a_row_without_a_status_counts_as_being_done() -> None:
    assert task("").standing == DOING
    assert not task("").completed
    assert task(DONE_LATE).completed
    assert not task(NOT_DONE).completed


def test_nothing_is_suggested_without_a_row_that_counts(rules: RuleBook) -> None:
    next_week = SUNDAY + timedelta(days=1)

    assert suggested([], rules, SUNDAY) == in_order(None, None)
    assert suggested([task(DOING, next_week), task(NOT_DONE, None)], rules, SUNDAY) == in_order(None, None)


def test_what_is_late_costs_progress_and_what_lacks_a_product_costs_quality(rules: RuleBook) -> None:
    rows = [task(DONE), task(DONE_LATE), task(DONE, product=""), task(NOT_DONE)]

    assert suggested(rows, rules, SUNDAY) == in_order(Decimal(20), Decimal(20))


def test_what_is_done_before_it_is_due_counts_as_due(rules: RuleBook) -> None:
    assert suggested([task(DONE, SUNDAY + timedelta(days=30))], rules, SUNDAY) == in_order(Decimal(40), Decimal(40))
    assert suggested([task(DONE, None)], rules, SUNDAY) == in_order(Decimal(40), Decimal(40))


def test_the_week_ends_on_its_last_day_inclusive(rules: RuleBook) -> None:
    assert suggested([task(DOING, SUNDAY)], rules, SUNDAY) == in_order(Decimal(0), Decimal(0))
    assert suggested([task(DOING, SUNDAY + timedelta(days=1))], rules, SUNDAY) == in_order(None, None)


def test_a_complex_task_weighs_more(rules: RuleBook) -> None:
    rows = [task(DONE, coefficient="3"), task(NOT_DONE, coefficient="1")]

    assert suggested(rows, rules, SUNDAY) == in_order(Decimal(30), Decimal(30))


@given(rows=st.lists(tasks, max_size=40))
def test_suggestions_equal_a_second_computation_in_fractions(rules: RuleBook, rows: list[Task]) -> None:
    counted = [row for row in rows if row.status in (DONE, DONE_LATE) or (row.due and row.due <= SUNDAY)]

    def by_weight(chosen: list[Task]) -> Decimal | None:
        if not counted:
            return None
        share = Fraction(sum(row.coefficient for row in chosen)) / Fraction(sum(row.coefficient for row in counted))
        halves = 40 * share * 2
        # The nearest half point; what lies in the middle goes up.
        return Decimal((2 * halves.numerator + halves.denominator) // (2 * halves.denominator)) / 2

    with_product = [row for row in counted if row.status in (DONE, DONE_LATE) and row.product]
    on_time = [row for row in counted if row.status == DONE]

    assert suggested(rows, rules, SUNDAY) == in_order(by_weight(with_product), by_weight(on_time))


@given(rows=st.lists(tasks, min_size=1, max_size=40))
def test_suggestions_stay_in_bounds_and_on_the_step(rules: RuleBook, rows: list[Task]) -> None:
    for part, value in suggested(rows, rules, SUNDAY).items():
        assert value is None or (0 <= value <= rules.part(part).maximum and value % rules.step == 0)


def test_halves_of_the_step_go_up_as_in_excel() -> None:
    step = Decimal("0.5")

    assert to_step(Decimal("12.25"), step) == Decimal("12.5")
    assert to_step(Decimal("12.75"), step) == Decimal("13")
    assert to_step(Decimal("12.2499"), step) == Decimal("12")


def test_scores_from_the_ledger_lack_what_the_rule_book_has_and_they_have_not(rules: RuleBook) -> None:
    told = Scores.from_record({"conduct": "18", "quality": "36"})

    assert told.under(rules).codes == ("quality", "progress", "conduct")
    assert told.under(rules).values == (Decimal(36), None, Decimal(18))
    assert told.under(rules).total is None
    assert told == told.under(rules)
    assert not Scores().complete
