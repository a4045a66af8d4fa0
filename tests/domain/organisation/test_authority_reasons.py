"""Why somebody scores or approves: a cell names him, he heads the unit, or he is in charge of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evalxl.domain.organisation.authority import roster
from evalxl.domain.organisation.authority_reasons import Judges, judges
from evalxl.domain.organisation.people import Delegation, Organisation
from evalxl.domain.rulebook import RuleBook
from tests.domain.drawn import organisation
from tests.domain.organisation.test_authority import BOARD_PEOPLE, BOARD_UNITS, WEEK


@pytest.fixture(scope="module")
def board() -> Organisation:
    return organisation(BOARD_UNITS, BOARD_PEOPLE)


def told(office: Organisation, rules: RuleBook) -> dict[str, Judges]:
    everybody = roster(office, WEEK, rules)[0]
    return {one.code: one for one in judges(office, everybody, WEEK, rules, everybody.collectives)}


def why(one: Judges) -> tuple[str, str, str, str]:
    """Who scores and why, who approves and why."""
    return one.score.code, one.score.key.removeprefix("why."), one.approve.code, one.approve.key.removeprefix("why.")


def test_everybody_is_told_by_which_right_somebody_decides(board: Organisation, rules: RuleBook) -> None:
    found = told(board, rules)

    assert why(found["V1C"]) == ("V1T", "head", "V1T", "head")
    assert why(found["V1T"]) == ("L2", "leader", "L2", "leader")
    assert why(found["TK1"]) == ("L2", "entered", "L2", "served")
    assert why(found["CA3"]) == ("CA1", "head", "CT", "head")
    assert (found["CA3"].score.unit, found["CA3"].approve.unit) == ("Đơn vị CA", "Đơn vị CUC")
    assert why(found["CUC"]) == ("L3", "leader", "L3", "leader")
    assert not found["V1C"].not_evaluated


def test_who_heads_the_unit_and_is_in_charge_of_it_approves_its_people_as_head_and_its_assistant_as_leader(
    board: Organisation, rules: RuleBook
) -> None:
    """The letter names the leader in charge for secretaries and assistants, the head for everybody else."""
    units = tuple(replace(unit, head="L2", leader="L2") if unit.code == "V1" else unit for unit in board.units)
    posts = tuple(replace(post, rank="assistant") if post.code == "V1N" else post for post in board.posts)
    found = told(replace(board, units=units, posts=posts), rules)

    assert why(found["V1C"])[3] == "head"
    assert why(found["V1N"])[3] == "leader"


def test_a_leader_of_the_board_is_listed_as_not_evaluated(board: Organisation, rules: RuleBook) -> None:
    one = told(board, rules)["L1"]

    assert (one.not_evaluated, one.unit_name, why(one)) == (
        True,
        "Đơn vị LD",
        ("", "not_evaluated", "", "not_evaluated"),
    )


def test_the_delegate_is_named_beside_the_one_who_delegated(board: Organisation, rules: RuleBook) -> None:
    given = Delegation("V1T", "V1P", "score", "", WEEK.monday, WEEK.sunday)
    one = told(replace(board, delegations=(given,)), rules)["V1C"]

    assert (one.score.code, one.score.delegate, one.approve.delegate) == ("V1T", "V1P", "")
