"""Units that are evaluated themselves: who scores and approves them, and how their results stand beside their people's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from evalxl.domain.evaluation.week_view import Basis, Result
from evalxl.domain.organisation.authority import lacking_of_units, roster
from evalxl.domain.organisation.delegation import may_score, stand_in
from evalxl.domain.organisation.people import Absence, Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.unit_results import Collective, far_from_people, people_means
from evalxl.domain.weeks import Week
from tests.domain.drawn import organisation
from tests.domain.organisation.test_authority import BOARD_PEOPLE, BOARD_UNITS, THURSDAY, WEEK


@pytest.fixture(scope="module")
def board() -> Organisation:
    return organisation(BOARD_UNITS, BOARD_PEOPLE)


def deciding(office: Organisation, rules: RuleBook, week: Week = WEEK) -> dict[str, tuple[str, str]]:
    """Scorer and approver of every unit, by its code without the mark."""
    return {unit.unit: (unit.scorer, unit.approver) for unit in roster(office, week, rules)[0].collectives}


def with_unit(office: Organisation, code: str, **changed: str) -> Organisation:
    return replace(office, units=tuple(replace(u, **changed) if u.code == code else u for u in office.units))


def test_the_leader_in_charge_scores_and_confirms_a_division_too(board: Organisation, rules: RuleBook) -> None:
    """The divisions have no leader in charge of their own: the bureau's is theirs. The leaders' own unit is not evaluated."""
    assert deciding(board, rules) == {
        "V1": ("L2", "L2"),
        "CUC": ("L3", "L3"),
        "CA": ("L3", "L3"),
        "CB": ("L3", "L3"),
        "CV": ("L3", "L3"),
        "V2": ("L2", "L2"),
        "VP": ("L1", "L1"),
    }


def test_another_in_charge_of_a_division_scores_and_the_leader_of_the_board_confirms(
    board: Organisation, rules: RuleBook
) -> None:
    assert deciding(with_unit(board, "CA", leader="CP1"), rules)["CA"] == ("CP1", "L3")


def test_nobody_scores_the_unit_that_he_heads(board: Organisation, rules: RuleBook) -> None:
    """A leader who heads a bureau beside being in charge of it passes it on; without anybody above, the office is told."""
    headed = with_unit(board, "CUC", head="L3")
    office = with_unit(headed, "CUC", parent="LD")
    collectives = roster(headed, WEEK, rules)[0].collectives

    assert deciding(office, rules)["CUC"] == ("L1", "L1")
    assert [finding.brief() for finding in lacking_of_units(collectives)] == ["organisation.unit_no_scorer"]
    assert deciding(headed, rules)["CA"] == ("L3", "L3")


def test_a_leader_who_left_before_thursday_scores_no_unit(board: Organisation, rules: RuleBook) -> None:
    left = replace(
        board,
        posts=tuple(replace(p, last=WEEK.thursday - timedelta(days=1)) if p.code == "L3" else p for p in board.posts),
    )

    assert deciding(left, rules)["CA"] == ("CT", "CT")
    assert deciding(left, rules)["CUC"] == ("", "")


def test_a_delegate_never_scores_the_unit_that_he_heads(board: Organisation, rules: RuleBook) -> None:
    units = {unit.unit: unit for unit in roster(board, WEEK, rules)[0].collectives}
    given = {"L2": "V1T"}
    above = stand_in(board, units["V1"], "L2", given, THURSDAY)

    assert (above, stand_in(board, units["V2"], "L2", given, THURSDAY)) == ("L1", "V1T")
    assert [may_score(units["V1"], who, given, above) for who in ("L2", "V1T", "L1", "V2P")] == [
        "own",
        None,
        "above",
        None,
    ]


def test_a_unit_is_excused_only_where_everybody_in_it_is(board: Organisation, rules: RuleBook) -> None:
    days = WEEK.monday, WEEK.sunday
    away = tuple(Absence(code, "leave", *days) for code in ("V2P", "V2Q", "V2C"))

    def excused(absences: tuple[Absence, ...]) -> bool:
        found = roster(replace(board, absences=absences), WEEK, rules)[0].collectives
        return bool(next(unit for unit in found if unit.unit == "V2").absence)

    assert excused(away) and not excused(away[1:])


@dataclass(frozen=True)
class Counted:
    unit: str
    counted_total: Decimal | None


def test_a_bureaus_mean_is_of_its_divisions_too_and_a_missing_week_is_no_zero(board: Organisation) -> None:
    rows = [Counted("CUC", Decimal(90)), Counted("CA", Decimal(80)), Counted("CA", None), Counted("V1", Decimal(10))]

    assert people_means(rows, ["CUC", "CA", "CB"], board) == {"CUC": Decimal(85), "CA": Decimal(80)}


@pytest.mark.parametrize(
    ("total", "basis", "told"),
    [
        ("80.01", "approved", []),
        ("80", "approved", ["collective.far_below"]),
        ("80", "scored", ["collective.far_below"]),
        ("100", "scored", ["collective.far_above"]),
        ("60", "self", []),
    ],
)
def test_ten_points_apart_are_pointed_out_once_somebody_has_scored_the_unit(
    rules: RuleBook, total: str, basis: Basis, told: list[str]
) -> None:
    row = Result(
        WEEK, "unit:V1", "Vụ", "V1", "Vụ", "", "", "", "L2", "L2", "scored", counted_total=Decimal(total), basis=basis
    )

    found = [*far_from_people([Collective(row, Decimal(90))], rules), *far_from_people([Collective(row, None)], rules)]

    assert [finding.brief() for finding in found] == told
