"""Means of several units are worked out from sums: the same number on a unit's page and on the office's."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import mean, two_places
from evalxl.domain.evaluation.week_view import UnitPoint
from evalxl.domain.weeks import Week

scores = st.decimals(0, 100, places=3)
units = st.lists(st.lists(scores, max_size=8), min_size=1, max_size=8)


@given(units)
def test_the_mean_over_units_is_that_of_their_people(totals: list[list[Decimal]]) -> None:
    points = [UnitPoint(str(n), Week(2025, 23), sum(some, Decimal(0)), len(some)) for n, some in enumerate(totals)]
    whole = UnitPoint(
        "", Week(2025, 23), sum((one.total for one in points), Decimal(0)), sum(one.counted for one in points)
    )

    assert whole.mean == mean(total for some in totals for total in some)


@given(st.integers(0, 100_000), st.integers(1, 60))
def test_a_half_goes_up_whatever_division_left_in_the_last_digits(thousandths: int, weeks: int) -> None:
    exact = Decimal(thousandths) / 1000
    again = (exact / weeks) * weeks  # as near as 28 digits go

    assert two_places(again) == two_places(exact) == exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def test_two_places_are_shown_of_a_half() -> None:
    assert [
        str(two_places(Decimal(text))) for text in ("79.625", "79.62499999999999999999999999", "79.624", "84.005")
    ] == [
        "79.63",
        "79.63",
        "79.62",
        "84.01",
    ]
