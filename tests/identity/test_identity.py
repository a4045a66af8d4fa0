"""The short run of the attacks; `python -m tests.identity --long` tries everybody with everybody."""

from __future__ import annotations

import pytest

from tests.identity.__main__ import rounds
from tests.identity.tally import Tally


@pytest.fixture(scope="module")
def tallies() -> list[Tally]:
    return list(rounds(long=False))


def test_nothing_that_pretends_to_be_somebody_elses_is_booked_and_all_of_it_is_told(tallies: list[Tally]) -> None:
    print(*tallies, sep="\n")

    assert [failure for tally in tallies for failure in tally.failures] == []


def test_each_kind_of_attack_was_tried_beside_rightful_acts_that_are_booked(tallies: list[Tally]) -> None:
    assert len(tallies) == 9
    assert all(tally.tried - tally.held > 0 for tally in tallies)
    assert sum(tally.tried - tally.held for tally in tallies) > 12_000
    assert sum(tally.held for tally in tallies) > 600
