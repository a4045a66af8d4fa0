"""A period rated by what was done of what was assigned, and by what leaders enter for it."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files

import pytest

from evalxl.domain.evaluation.period_inputs import PeriodEntry, needs
from evalxl.domain.history.events import EnteredEvent
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating, rated, rating_of
from evalxl.domain.periods.task_ratios import TaskRatios
from evalxl.domain.rulebook import Ratios, RuleBook, read_rulebook
from evalxl.domain.weeks import Period

DECREE = files("evalxl") / "rulebooks" / "nd-335-2025.toml"
DONE = TaskRatios(3, 0, Decimal(10), Decimal("0.9"), Decimal("0.8"), Decimal("0.7"))


@pytest.fixture(scope="module")
def decree() -> RuleBook:
    return read_rulebook(DECREE.read_bytes(), "nd-335-2025.toml")


@pytest.fixture(scope="module")
def method(decree: RuleBook) -> Ratios:
    assert decree.period.ratios is not None
    return decree.period.ratios


def entered(method: Ratios, rank: str = "official", percent: str = "90", **more: object) -> PeriodEntry:
    shares = {one.code: Decimal(percent) for one in method.criteria_for(rank) if one.counts == "share"}
    return PeriodEntry(criteria={"common": Decimal(28), **shares}, done=True, **more)  # type: ignore[arg-type]


def test_task_results_are_seventy_times_the_mean_of_the_three_ratios(method: Ratios) -> None:
    found = rating_of(DONE, "official", entered(method), method)

    assert (found.tasks, found.points, found.total) == (Decimal(56), {"common": Decimal(28)}, Decimal(84))
    assert found.criteria == {}


def test_of_a_leader_the_criteria_count_like_each_of_the_ratios(method: Ratios) -> None:
    leader = method.leaders[0]
    count = len(method.shares)
    found = rating_of(DONE, leader, entered(method, leader), method)

    assert count and found.tasks == (Decimal("2.4") + Decimal("0.9") * count) / (3 + count) * 70
    one_missing = dict(list(entered(method, leader).criteria.items())[:-1])
    entry = PeriodEntry(criteria=one_missing, done=True)
    assert rating_of(DONE, leader, entry, method).total is None


def test_what_is_not_there_yet_is_never_a_zero(method: Ratios) -> None:
    nothing, taken_back = TaskRatios(), PeriodEntry(criteria={"common": Decimal(28)}, done=False)

    assert rating_of(nothing, "official", entered(method), method).tasks is None
    assert rating_of(nothing, "official", entered(method), method).within_reach(method) is None
    for entry in (None, taken_back):
        found = rating_of(DONE, "official", entry, method)
        assert (found.tasks, found.points, found.total) == (Decimal(56), {"common": None}, None)
        assert found.within_reach(method) == (Decimal(56), Decimal(86))
    assert rating_of(DONE, "official", entered(method), method).within_reach(method) == (Decimal(84), Decimal(84))


def test_what_a_leader_can_still_reach_counts_the_criteria_that_are_missing_as_nothing_or_full(method: Ratios) -> None:
    count, leader = len(method.shares), method.leaders[0]
    known = Rating(DONE, None, {one.code: None for one in method.shares}, {"common": Decimal(30)})
    lowest = Decimal("2.4") / (3 + count) * 70 + 30
    first = method.shares[0].code
    said = PeriodEntry(criteria={"common": Decimal(30), first: Decimal(50)}, done=True)

    assert known.within_reach(method) == (lowest, lowest + Decimal(count) / (3 + count) * 70)
    low, high = rating_of(DONE, leader, said, method).within_reach(method) or (None, None)
    assert low == (Decimal("2.4") + Decimal("0.5")) / (3 + count) * 70 + 30
    assert low is not None and high == low + Decimal(count - 1) / (3 + count) * 70


def test_a_row_that_says_it_is_done_needs_the_common_points_and_a_leaders_criteria(
    method: Ratios, decree: RuleBook, rules: RuleBook
) -> None:
    leader = method.leaders[0]

    def cells(entry: PeriodEntry, rank: str, book: RuleBook = decree) -> list[str]:
        return [need.field for need in needs(entry, rank, book)]

    assert cells(PeriodEntry(done=True), "official") == ["ev_period_common"]
    assert cells(PeriodEntry(criteria={"common": Decimal(0)}, done=True), "official") == []
    assert cells(PeriodEntry(criteria={"common": Decimal(20)}, done=True), leader) == [
        f"ev_period_{one.code}" for one in method.shares
    ]
    assert cells(entered(method, leader), leader) == []
    assert cells(PeriodEntry(), "official") == []
    assert cells(PeriodEntry(done=True), "official", rules) == []


def test_two_entries_say_the_same_whoever_wrote_them_when(method: Ratios) -> None:
    one = entered(method)

    booked = EnteredEvent(subject="V1-03", by_code="V1-02", seq=9, acts_for="V1-01", source={"file": "b"}, **one.said())
    assert one.says_as(booked) and booked.says_as(one)
    assert not one.says_as(entered(method, note="Cần bồi dưỡng"))
    assert not one.says_as(PeriodEntry(criteria={"common": Decimal(27)}, done=True))


def test_the_rating_takes_the_place_of_the_mean_and_without_it_there_is_no_band(
    method: Ratios, decree: RuleBook
) -> None:
    row = _period_row()
    total, none = rating_of(DONE, "official", entered(method), method), rating_of(DONE, "official", None, method)
    (with_total,) = rated([row], {"v1-03": total}, decree)
    (without,) = rated([row], {"v1-03": none}, decree)

    band = decree.period_band_for(Decimal(84))
    assert band is not None and (with_total.counted_total, with_total.band) == (Decimal(84), band.code)
    assert with_total.basis == "approved"
    assert (without.counted_total, without.basis, without.band) == (None, "none", "")
    (from_nothing,) = rated([_period_row("none")], {"v1-03": total}, decree)
    assert from_nothing.basis == "scored"


def _period_row(basis: str = "approved") -> PeriodResult:
    period = Period.parse("2025-06")
    return PeriodResult(
        period,
        "V1-03",
        "Vũ Văn An",
        "VU1",
        "Vụ Một",
        "",
        "official",
        "",
        (),
        {},
        Decimal(70),
        basis,
        "x",
        4,
        0,
        0,
        0,  # type: ignore[arg-type]
    )
