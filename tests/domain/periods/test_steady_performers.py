"""Who is steadily strong."""

from __future__ import annotations

from decimal import Decimal

from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.steady_performers import steady_people
from evalxl.domain.weeks import Period
from tests.domain.periods.test_rollups import RULES, result, rolled


def test_a_high_mean_with_one_bad_week_or_a_missing_form_is_not_steady() -> None:
    weeks = {
        "STEADY": ("92", "93", "92", "92"),
        "SWINGS": ("100", "80", "100", "98"),
        "BAD": ("100", "100", "100", "70"),
        **{f"MIDDLE{n}": ("80", "81", "80", "81") for n in range(8)},
        "GAP": ("95", "95", "95", ""),
        "NEW": ("", "", "", "95"),
    }
    rows = [
        result(f"2025-W{23 + n}", code, "approved" if total else "not_submitted", total or "0")
        for code, totals in weeks.items()
        for n, total in enumerate(totals)
    ]

    assert [each.row.code for each in steady_people(list(rolled(*rows).values()), RULES)] == ["STEADY"]


def test_nobody_is_steady_in_a_period_of_three_weeks() -> None:
    rows = [result(f"2025-W{week}", "A", total="95") for week in (23, 24, 25)]

    assert steady_people(list(rolled(*rows).values()), RULES) == ()


def of_weeks(**people: str) -> list[PeriodResult]:
    """Everybody's approved totals, week by week."""
    rows = [
        result(f"2025-W{10 + n}", code, total=total)
        for code, totals in people.items()
        for n, total in enumerate(totals.split())
    ]
    return list(rolled(*rows, period=Period.parse("2025-H1")).values())


def test_how_much_somebody_swings_is_the_mean_distance_from_the_own_mean() -> None:
    (one,) = steady_people(of_weeks(A="92 94 92 94"), RULES)

    assert (one.mean, one.lowest, one.highest, one.swing) == (Decimal(93), Decimal(92), Decimal(94), Decimal(1))


def test_whoever_was_there_in_half_of_the_weeks_of_the_others_is_compared_and_in_fewer_not() -> None:
    """Of ten weeks five are half; four are not, though four are enough where nobody has more."""
    ten, five, four = " ".join(["80"] * 10), "95 95 95 95 95", "96 96 96 96"

    assert [one.row.code for one in steady_people(of_weeks(A=ten, B=five, C=four), RULES)] == ["B"]
    assert [one.row.code for one in steady_people(of_weeks(C=four), RULES)] == ["C"]


def test_a_week_that_is_not_approved_yet_makes_nobody_steady_or_unsteady() -> None:
    approved = [result(f"2025-W{10 + n}", "A", total="92") for n in range(4)]
    low = result("2025-W14", "A", "scored", total="60")
    (one,) = steady_people(list(rolled(*approved, low, period=Period.parse("2025-H1")).values()), RULES)

    assert (one.mean, one.lowest, one.swing) == (Decimal(92), Decimal(92), Decimal(0))
