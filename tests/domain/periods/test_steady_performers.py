"""Who is steadily strong."""

from __future__ import annotations

from evalxl.domain.periods.steady_performers import steady_people
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
