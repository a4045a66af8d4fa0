"""Coefficients that history speaks for: found where they were planted, silent where cases are few, never applied."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import exp, log
from random import Random

import numpy as np
import pytest

from evalxl.domain.analysis.coefficient_proposals import FEWEST_CASES, Fitted, fit
from evalxl.domain.evaluation.scoring import DOING, DONE, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.organisation.people import CatalogueTask, Organisation
from tests.domain.analysis.at_hand import propose
from tests.domain.periods.test_rollups import result
from tests.samples_of_weeks import rules

RULES = rules()
OFFICE = Organisation(units=(), posts=(), tasks=(CatalogueTask("NV-01", "Báo cáo"), CatalogueTask("NV-02", "Đề án")))


def cases(seed: int, planted: list[float], wild: float = 0.0, slope: float = 0.4) -> dict[str, list]:
    draw = Random(seed)
    found: dict[str, list] = {"effort": [], "quantity": [], "groups": [], "people": []}
    for person in range(25):
        own = draw.gauss(0, 0.2)
        for _ in range(30):
            group, quantity = draw.randrange(len(planted)), draw.choice([1, 1, 2, 5, 10])
            effort = planted[group] * quantity**slope * exp(own + draw.gauss(0, 0.5))
            values = (effort * (300 if group == 0 and draw.random() < wild else 1), quantity, group, f"P{person}")
            for column, value in zip(found.values(), values, strict=True):
                column.append(value)
    return found


def level(planted: list[float], groups: list[int]) -> list[float]:
    """As the proposals are brought to a mean of one."""
    middle = np.average(np.log(planted), weights=np.bincount(groups))
    return [float(exp(log(one) - middle)) for one in planted]


@pytest.mark.parametrize("wild", [0.0, 0.05])
def test_what_was_planted_is_found_and_wild_cases_do_not_move_it_far(wild: float) -> None:
    planted = [1.0, 1.5, 2.5, 4.0]
    drawn = cases(1, planted, wild)
    fitted = fit(**drawn, level=[1.0] * 4)

    for (middle, low, high), true in zip(fitted.coefficients, level(planted, drawn["groups"]), strict=True):
        assert middle == pytest.approx(true, rel=0.12)
        assert low < middle < high
    assert fitted.slope == pytest.approx(0.4, abs=0.06)


def test_the_intervals_hold_what_was_planted_about_as_often_as_they_say() -> None:
    planted, held = [1.0, 1.6, 2.5], 0
    for seed in range(30):
        drawn = cases(seed, planted)
        fitted = fit(**drawn, level=[1.0] * 3)
        true = level(planted, drawn["groups"])
        held += sum(low <= one <= high for (_, low, high), one in zip(fitted.coefficients, true, strict=True))

    assert 0.85 <= held / 90 <= 1


def test_the_proposals_keep_the_level_of_what_is_in_force() -> None:
    drawn = cases(2, [1.0, 3.0])
    ones, doubled = fit(**drawn, level=[1.0, 1.0]), fit(**drawn, level=[2.0, 2.0])

    for (one, *_), (two, *_) in zip(ones.coefficients, doubled.coefficients, strict=True):
        assert two == pytest.approx(2 * one)


def test_neither_the_order_of_cases_nor_the_run_changes_anything() -> None:
    drawn = cases(3, [1.0, 2.0])
    places = list(range(len(drawn["effort"])))
    Random(5).shuffle(places)
    shuffled = {name: [column[place] for place in places] for name, column in drawn.items()}

    def shown(fitted: Fitted) -> list[str]:
        return [f"{value:.6f}" for line in fitted.coefficients for value in line]

    assert shown(fit(**drawn, level=[1.0, 1.0])) == shown(fit(**shuffled, level=[1.0, 1.0]))


def weeks(people: int, tasks: int = 6) -> list[Result]:
    """Simple work takes a week, complex work two; everybody has the same number of rows a week."""
    rows = []
    for person in range(people):
        for number in range(tasks):
            first, second = 2 * number + 20, 2 * number + 21
            hard = Task("01", f"Khó {number}", code="NV-02", complexity="Phức tạp", status=DOING)
            easy = Task("02", f"Dễ {number}", code="NV-01", complexity="Đơn giản", status=DONE, done=Decimal(1))
            other = replace(easy, name=f"Dễ nữa {number}")
            done = replace(hard, status=DONE, origin="carried")
            for week, mine in ((first, (hard, easy)), (second, (done, other))):
                rows.append(replace(result(f"2025-W{week}", f"P{person}"), tasks=mine))
    return rows


def test_work_that_takes_twice_as_long_has_twice_the_coefficient_at_the_level_in_force() -> None:
    found = propose(weeks(8), RULES, OFFICE)
    simple, complex_ = found.levels

    assert (simple.code, complex_.code) == ("simple", "complex")
    assert simple.coefficient and complex_.coefficient
    assert complex_.coefficient / simple.coefficient == pytest.approx(2)
    assert (simple.cases, complex_.cases, simple.people, simple.now) == (96, 48, 8, 1)
    assert [each.code for each in found.codes] == ["NV-01", "NV-02"]


def test_a_few_peoples_work_makes_no_proposal_but_is_counted() -> None:
    found = propose(weeks(4), RULES, OFFICE)

    assert all(each.coefficient is None for each in (*found.levels, *found.codes))
    assert found.levels[0].cases == 48 > FEWEST_CASES


def test_a_period_without_work_proposes_nothing() -> None:
    assert propose([], RULES, OFFICE).levels == ()


def test_a_row_of_which_nothing_was_done_is_no_case() -> None:
    rows = weeks(8)
    nothing = [replace(row, tasks=tuple(replace(task, done=Decimal(0)) for task in row.tasks)) for row in rows[:2]]
    unsaid = [replace(row, tasks=tuple(replace(task, done=None) for task in row.tasks)) for row in rows[:2]]

    every, without, one_each = (
        propose([*some, *rows[2:]], RULES, OFFICE).levels for some in (rows[:2], nothing, unsaid)
    )
    assert sum(level.cases for level in every) - sum(level.cases for level in without) == 3
    assert sum(level.cases for level in one_each) == sum(level.cases for level in every)
