"""A short run of the office at random and of the mixed week; the long one is `python -m tests.conservation --long`."""

from __future__ import annotations

from pathlib import Path

from tests.conservation import mixed
from tests.conservation.machine import OfficeMachine, play


def test_whatever_people_do_nothing_is_lost_and_everybody_stands_where_the_rules_say() -> None:
    play(offices=7, steps=30, always_the_same=True)

    print(dict(OfficeMachine.done))
    assert OfficeMachine.done["runs"] > 10


def test_every_good_form_is_booked_however_many_spoiled_files_lie_beside_it(tmp_path: Path) -> None:
    week = mixed.play(tmp_path, good=30, spoiled=24)

    print(week)
    assert week.failures == []
    assert week.booked == 30
