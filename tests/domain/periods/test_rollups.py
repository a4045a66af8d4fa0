"""What weeks add up to: reproduced from the export's own columns by other means, on generated years."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pandas as pd
import pytest

from evalxl.domain.evaluation.week_view import Basis, Result, State
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.rollups import came_later, proposals, roll_up, tentative
from evalxl.domain.periods.weekly_table import weekly_table
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Period, Week
from tests.samples_of_weeks import rules
from tests.standard_parts import in_parts

RULES = rules()
JUNE = Period.parse("2025-06")
STATES: tuple[State, ...] = (
    *("approved",) * 8,
    *("scored", "submitted", "returned", "not_submitted", "draft", "invalid", "absent"),
)


def result(week: str, code: str, state: State = "approved", total: str = "80", **more: object) -> Result:
    """A person's week; the total is spread over the three parts."""
    points = Decimal(total)
    conduct = min(points, Decimal(20))
    quality = min(points - conduct, Decimal(40))
    given = in_parts(quality, points - conduct - quality, conduct)
    basis: Basis = {"approved": "approved", "scored": "scored", "submitted": "self", "returned": "self"}.get(
        state, "none"
    )  # type: ignore[assignment]
    row = Result(
        week=Week.parse(week),
        code=code,
        name=f"Người {code}",
        unit="VU1",
        unit_name="Vụ 1",
        title="Chuyên viên",
        rank="official",
        position="",
        scorer="V1-01",
        approver="V1-01",
        state=state,
        self_scores=given if basis != "none" else in_parts(),
        scored=given if basis in ("approved", "scored") else in_parts(),
        approved=given if basis == "approved" else in_parts(),
        counted_total=points if basis != "none" else None,
        basis=basis,
    )
    return replace(row, **more)


def rolled(*rows: Result, period: Period = JUNE, under: RuleBook = RULES) -> dict[str, PeriodResult]:
    return {row.code: row for row in roll_up(weekly_table(rows), period, under)}


def test_a_period_is_the_mean_of_its_approved_weeks_and_missing_weeks_are_counted_but_no_zeros() -> None:
    row = rolled(
        result("2025-W23", "A", total="80.5"),
        result("2025-W24", "A", "absent"),
        result("2025-W25", "A", "not_submitted"),
        result("2025-W26", "A", total="91"),
    )["A"]

    assert (row.counted_total, row.basis, row.band) == (Decimal("85.75"), "approved", "good")
    assert (row.evaluated, row.awaiting, row.absent, row.missing, row.provisional) == (2, 0, 1, 1, False)
    assert [mark.total for mark in row.marks] == [Decimal("80.5"), None, None, Decimal(91)]


def test_with_open_approvals_the_period_is_provisional_and_rests_on_what_is_approved() -> None:
    row = rolled(result("2025-W23", "A", total="80"), result("2025-W24", "A", "scored", "100"))["A"]

    assert (row.counted_total, row.evaluated, row.awaiting, row.provisional) == (Decimal(80), 1, 1, True)
    assert "provisional" in row.flags and row.state == "scored"


def test_without_any_approval_the_mean_says_what_it_rests_on() -> None:
    rows = rolled(
        result("2025-W23", "A", "scored", "70"),
        result("2025-W24", "A", "submitted", "90"),
        result("2025-W23", "B", "scored", "70"),
        result("2025-W23", "C", "draft"),
    )

    assert [(rows[code].counted_total, rows[code].basis) for code in "ABC"] == [
        (Decimal(80), "self"),
        (Decimal(70), "scored"),
        (None, "none"),
    ]
    assert (rows["C"].band, rows["C"].state) == ("", "draft")


def test_a_mean_just_below_a_line_stays_below_it_however_it_is_shown() -> None:
    weeks = [result(f"2025-W{number}", "A", total=total) for number, total in ((23, "90"), (24, "90"), (25, "89.99"))]
    row = rolled(*weeks)["A"]

    assert row.counted_total is not None and f"{row.counted_total:.2f}" == "90.00"
    assert row.band == "good"


def test_a_total_with_many_decimals_is_summed_exactly() -> None:
    row = rolled(result("2025-W23", "A", total="80.123456789"), result("2025-W24", "A", total="80"))["A"]

    assert row.counted_total == Decimal("80.0617283945")


def test_the_mean_of_months_weighs_every_month_alike_where_the_rule_book_says_so() -> None:
    weeks = [
        result("2025-W23", "A", total="60"),
        result("2025-W24", "A", total="60"),
        result("2025-W28", "A", total="90"),
    ]
    by_months = RULES.model_copy(update={"period": RULES.period.model_copy(update={"mean": "months"})})
    year = Period.parse("2025")

    assert rolled(*weeks, period=year)["A"].counted_total == Decimal(70)
    assert rolled(*weeks, period=year, under=by_months)["A"].counted_total == Decimal(75)


def test_a_move_between_units_is_seen_and_the_last_unit_is_the_persons() -> None:
    row = rolled(result("2025-W23", "A"), result("2025-W24", "A", unit="VP", unit_name="Văn phòng"))["A"]

    assert row.unit == "VP"
    assert [(before.unit, after.unit, str(after.week)) for before, after in row.moves] == [("VU1", "VP", "2025-W24")]


def test_who_left_during_the_period_stands_after_those_of_the_last_week() -> None:
    rows = [result("2025-W23", "A"), result("2025-W23", "B"), result("2025-W24", "B"), result("2025-W24", "C")]

    assert list(rolled(*rows)) == ["B", "C", "A"]


def test_one_code_written_in_two_ways_is_one_person() -> None:
    rows = rolled(result("2025-W23", "a-1", total="70"), result("2025-W24", "A-1", total="80"))

    assert list(rows) == ["A-1"] and rows["A-1"].counted_total == Decimal(75)


@pytest.mark.parametrize("seed", range(5))
def test_a_generated_year_is_reproduced_by_pandas_alone(seed: int) -> None:
    """From plain rows as a spreadsheet would hold them, with other means than the program's."""
    draw = Random(seed)
    weeks = Period.parse("2025").weeks()
    people = [f"P{number:02d}" for number in range(30)]
    rows = [
        result(str(week), code, draw.choice(STATES), str(Decimal(draw.randrange(0, 201)) / 2))
        for code in people
        for week in weeks
        if draw.random() > 0.1
    ]
    mine = rolled(*rows, period=Period.parse("2025"))

    plain = pd.DataFrame(
        [(row.code, row.state, None if row.counted_total is None else float(row.counted_total)) for row in rows],
        columns=["code", "state", "total"],
    )
    approved = plain[plain.state == "approved"].groupby("code").total.agg(["mean", "size"])
    assert set(mine) == set(plain.code)
    for code, row in mine.items():
        states = plain[plain.code == code].state.value_counts()
        assert row.evaluated == states.get("approved", 0)
        assert row.awaiting == sum(states.get(state, 0) for state in ("scored", "submitted", "returned"))
        assert row.absent == states.get("absent", 0)
        assert row.missing == sum(states.get(state, 0) for state in ("not_submitted", "draft", "invalid"))
        assert row.counted_total is not None and abs(float(row.counted_total) - approved.loc[code, "mean"]) < 1e-9
        floors = {band.code: float(band.at_least) for band in RULES.bands}
        assert row.band == next(code for code, floor in floors.items() if float(row.counted_total) >= floor)


# The cap on the highest rating


def of_totals(*totals: str, rank: str = "official") -> list[Result]:
    return [result("2025-W23", f"{rank}-{n:02d}", total=total, rank=rank) for n, total in enumerate(totals)]


def test_the_cap_is_a_share_of_those_who_end_up_one_rating_lower() -> None:
    """Of 12 people who are at least good, 2 may be excellent: 2 is 20 % of the other 10."""
    rows = rolled(*of_totals("95", "94", "93", *["80"] * 9, "60")).values()
    (group,) = proposals(rows, RULES)

    assert (group.unit, group.group, group.rated, group.most, group.over) == ("VU1", "staff", 12, 2, True)
    assert [row.code for row in group.candidates] == ["official-00", "official-01", "official-02"]
    assert group.tied == ()


def test_equal_means_at_the_cap_are_shown_as_equal_and_not_decided() -> None:
    (group,) = proposals(rolled(*of_totals("95", "93", "93", *["80"] * 9)).values(), RULES)

    assert (group.most, group.tied) == (2, ("official-01", "official-02"))


def test_where_the_cap_lets_one_through_and_two_are_equal_nobody_is_chosen() -> None:
    (group,) = proposals(rolled(*of_totals("95", "95", *["80"] * 5)).values(), RULES)
    assert (group.most, group.tied, group.over) == (1, ("official-00", "official-01"), True)

    (group,) = proposals(rolled(*of_totals("95", "95", *["80"] * 3)).values(), RULES)
    assert (group.most, group.tied) == (0, ())  # it lets nobody through: there is nothing to choose


def test_leaders_and_staff_are_compared_apart_and_units_too() -> None:
    rows = [*of_totals("95", "80"), *of_totals("96", "80", rank="director")]
    rows += [replace(row, unit="VP", code=f"VP-{row.code}") for row in of_totals("91")]
    found = {(group.unit, group.group): group.most for group in proposals(rolled(*rows).values(), RULES)}

    assert found == {("VU1", "staff"): 0, ("VU1", "leaders"): 0, ("VP", "staff"): 0}


def test_rules_without_a_cap_propose_nothing() -> None:
    free = RULES.model_copy(update={"period": RULES.period.model_copy(update={"cap": None})})

    assert proposals(rolled(*of_totals("95")).values(), free) == ()


# After closing


def test_the_state_of_a_period_is_that_of_its_weeks_or_of_what_its_mean_rests_on() -> None:
    def state(*states: State) -> State:
        return rolled(*(result(f"2025-W{23 + n}", "A", one) for n, one in enumerate(states)))["A"].state

    assert state("approved", "approved") == state("approved", "not_submitted") == "approved"
    assert state("absent", "absent") == "absent"
    assert state("submitted", "submitted") == state("absent", "submitted") == "submitted"
    assert state("approved", "scored") == state("absent", "scored") == "scored"
    assert state("absent", "draft") == "draft"


def test_a_flag_of_some_weeks_is_said_once_of_the_period() -> None:
    rows = [
        result(f"2025-W{23 + n}", "A", flags=flags) for n, flags in enumerate([("late", "adjusted"), (), ("late",)])
    ]
    rows.append(result("2025-W23", "B", "scored", flags=("provisional", "delegated")))
    found = rolled(*rows)

    assert found["A"].flags == ("late", "adjusted")
    assert sorted(found["B"].flags) == ["delegated", "provisional"]


def test_whoever_was_to_be_evaluated_in_a_week_that_is_open_again_is_provisional() -> None:
    rows = rolled(result("2025-W23", "A"), result("2025-W24", "A"), result("2025-W23", "B"), result("2025-W24", "C", "scored"))  # fmt: skip
    again = {row.code: row.flags for row in tentative(rows.values(), [Week(2025, 24)])}

    assert again == {"A": ("provisional",), "B": (), "C": rows["C"].flags}
    assert rows["C"].provisional and not rows["A"].provisional


def test_what_came_after_a_period_was_closed_is_shown_beside_what_stays() -> None:
    then = rolled(result("2025-W23", "A", total="80"), result("2025-W23", "B"))
    now = rolled(result("2025-W23", "A", total="95"), result("2025-W23", "B"), result("2025-W23", "C"))
    later = {each.row.code: each for each in came_later(then.values(), now.values())}

    assert set(later) == {"A", "C"}
    assert later["A"].then is not None and later["A"].then.band == "good"
    assert later["A"].now is not None and later["A"].now.band == "excellent"
    assert later["C"].then is None
