"""Signals: planted habits are found, offices without any stay quiet, and small teams are not slandered."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalxl.domain.analysis.scoring_signals import KINDS, Kind
from evalxl.domain.analysis.shrinkage import shrunken
from evalxl.domain.evaluation.scoring import DONE
from tests.domain.analysis.at_hand import fairness_of
from tests.domain.offices_that_score import OF_PEOPLE, RULES, office, spread
from tests.standard_parts import in_parts

QUIET = 5


def signals(rows: list) -> set[tuple[Kind, str, str]]:
    return {(each.kind, each.code, each.other) for each in fairness_of(rows, RULES).signals}


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_habit_is_found_where_it_was_planted(kind: Kind) -> None:
    who = "T03P00" if kind in OF_PEOPLE else "S03"
    found = signals(office(4, **{who: kind}))

    assert any(each == kind and who in (code, other) for each, code, other in found)


def test_offices_without_habits_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """The rate over 200 offices: python -m tests.domain.offices_that_score."""
    found = Counter(each for seed in range(QUIET) for each, _, _ in signals(office(seed)))
    with capsys.disabled():
        print(f" [{QUIET} offices without habits: {sum(found.values())} signals]", end="")

    assert sum(found.values()) <= 1


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = office(5, S03="lenient", S05="round")
    again = list(rows)
    Random(9).shuffle(again)

    assert fairness_of(again, RULES) == fairness_of(rows, RULES)


def test_everybody_who_scores_alike_is_never_signalled() -> None:
    """The same rows for every team: whatever the habit, it is the office's, and no one's."""
    team = [row for row in office(3) if row.scorer == "S00"]
    rows = [
        replace(
            row,
            scorer=f"S{n}",
            code=f"{row.code}-{n}",
            scored=spread(95),
            self_scores=spread(95),
            comment="Hoàn thành tốt nhiệm vụ được giao",
            tasks=(),
            conduct_note="",
        )
        for n in range(6)
        for row in team
    ]

    assert signals(rows) == set()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), copies=st.integers(2, 5))
def test_who_scores_just_like_the_others_is_never_signalled_whatever_they_do(seed: int, copies: int) -> None:
    draw = Random(seed)
    base = office(seed, teams=1, weeks=draw.randint(1, 6))
    rows = [
        replace(row, scorer=f"S{n}", code=f"{row.code}-{n}", conduct_note="") for n in range(copies) for row in base
    ]
    of_scorers = {each for each in signals(rows) if each[0] not in OF_PEOPLE}

    assert of_scorers == set()


def test_a_lenient_manager_does_not_make_every_person_one_who_is_too_modest() -> None:
    found = signals(office(4, S03="lenient"))

    assert ("lenient", "S03", "") in found
    assert not [each for each in found if each[0] in ("self_below", "self_above")]


def test_two_people_are_no_team_to_judge_a_scorer_by() -> None:
    rows = office(4, S03="lenient")
    few = [row for row in rows if row.scorer != "S03" or row.code in ("T03P00", "T03P01")]

    assert not [each for each in signals(few) if each[1] == "S03"]


def test_what_a_delegate_scored_is_the_delegates() -> None:
    rows = [replace(row, scorer="S99") if row.scorer == "S03" else row for row in office(4, S03="lenient")]

    assert {code for kind, code, _ in signals(rows) if kind == "lenient"} == {"S99"}


def test_a_high_score_with_evidence_of_completed_work_is_proven() -> None:
    row = office(1)[0]
    bare = tuple(replace(task, evidence="") for task in row.tasks)
    open_one = tuple(replace(task, status="Đang thực hiện", evidence="Số 1") for task in row.tasks)
    proven = tuple(replace(task, status=DONE, evidence="Số 1") for task in row.tasks)
    told = [fairness_of([replace(row, scored=spread(95), tasks=tasks)], RULES) for tasks in (bare, open_one, proven)]

    assert [line.unproven for fairness in told for line in fairness.scorers] == [1, 1, 0]


def test_a_period_without_scores_has_no_signals() -> None:
    assert fairness_of([], RULES).signals == () == fairness_of([], RULES).scorers


# Shrinking


means = st.lists(st.tuples(st.floats(-20, 20), st.integers(1, 40)), min_size=1, max_size=15)


@given(groups=means)
def test_shrinking_never_moves_a_mean_away_from_the_offices(groups: list[tuple[float, int]]) -> None:
    table = pd.DataFrame(groups, columns=["mean", "size"])

    for one in shrunken(table["mean"], 16 / table["size"], table["size"]).values():
        off = one.raw - one.centre
        assert abs(one.off) <= abs(off) + 1e-9
        assert one.off * off >= 0
        assert one.sure >= 0


def test_of_two_like_means_the_one_of_fewer_people_is_drawn_further() -> None:
    table = pd.DataFrame({"mean": [8.0, 8.0, -5, -4, -4, -3], "size": [3, 20, 10, 10, 10, 10]})
    small, large, *_ = shrunken(table["mean"], 16 / table["size"], table["size"]).values()

    assert small.off < large.off < 8 - large.centre


def test_means_that_differ_no_more_than_by_chance_are_all_the_offices() -> None:
    table = pd.DataFrame({"mean": [0.5, -0.5, 0.2, -0.2], "size": [4, 4, 4, 4]})

    assert {one.off for one in shrunken(table["mean"], 16 / table["size"], table["size"]).values()} == {0}


def test_leniency_is_what_pandas_says_from_plain_rows() -> None:
    """Before shrinking: each person's mean difference from the week's mean, then the scorer's mean over people."""
    rows = office(6, S03="severe")
    flat = pd.DataFrame(
        [(row.scorer, row.code, str(row.week), float(row.scored.total or 0)) for row in rows],
        columns=["scorer", "person", "week", "total"],
    )
    flat["off"] = flat.total - flat.week.map(flat.groupby("week").total.mean())
    plain = flat.groupby(["scorer", "person"]).off.mean().groupby("scorer").mean()
    told = {line.code: float(line.leniency) for line in fairness_of(rows, RULES).scorers}

    assert set(told) == set(plain.index)
    for one, other in zip(sorted(told), sorted(told)[1:], strict=False):
        assert told[one] - told[other] == pytest.approx(plain[one] - plain[other], abs=0.011)


def test_a_row_that_nobody_scored_hides_no_other() -> None:
    rows = office(5, S03="lenient", S05="round")
    first = min(rows, key=lambda row: row.week)
    unscored = replace(first, code="P-99", scored=in_parts(), approved=in_parts())

    assert fairness_of([unscored, *rows], RULES) == fairness_of(rows, RULES)
