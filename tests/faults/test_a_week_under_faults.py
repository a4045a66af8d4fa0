"""The week of a little office under faults: a short run of each kind of trouble. The long runs are `python -m tests.faults --long`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import clerks, errors, kill, power, tamper
from tests.faults.office import CAN_FORK, Act, Tally, acts, workshop

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="needs fork"),
    pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def week() -> Iterator[list[Act]]:
    with workshop() as folder:
        yield acts(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    with workshop() as made:
        yield made


def holds(tally: Tally, at_least: int) -> None:
    print(tally)
    assert tally.failures == []
    assert tally.points >= at_least


def named(week: list[Act], name: str) -> Act:
    return next(act for act in week if act.name == name)


def test_a_run_that_is_killed_loses_nothing_and_is_done_again(week: list[Act], folder: Path) -> None:
    holds(kill.killed(week, folder, every=45), 8)


def test_a_failing_disk_is_said_in_one_sentence_and_the_run_is_done_again(week: list[Act], folder: Path) -> None:
    holds(errors.failing(week[:4], folder, every=110), 20)


def test_a_power_cut_loses_nothing_that_was_acknowledged(week: list[Act], folder: Path) -> None:
    holds(power.cut(week, folder, again_in=80), 8_000)


@pytest.mark.parametrize("store", power.STORES)
def test_the_power_cuts_find_the_faults_of_stores_that_are_known_to_be_unsound(store: str) -> None:
    tally = power.known_store(store)

    assert (store == "replaced and flushed") is (tally.failures == [])


def test_whatever_is_altered_in_a_ledger_is_found(folder: Path) -> None:
    holds(tamper.altered_ledger(folder / "ledger", 3_000), 2_500)


def test_whatever_is_altered_in_the_archive_is_found(folder: Path) -> None:
    holds(tamper.altered_archive(folder, 500), 500)


def test_a_cut_tail_is_found_from_the_forms_in_the_share(week: list[Act], folder: Path) -> None:
    holds(tamper.altered_office(named(week, "close").before, folder), 10)


def test_clerks_at_once_lose_nothing(folder: Path) -> None:
    holds(clerks.clerks_at_once(folder / "one", 3, 100), 300)


def test_a_clerk_who_dies_at_work_stops_nobody(folder: Path) -> None:
    holds(clerks.clerks_at_once(folder / "one", 4, 100, dying=0.2), 100)


def test_two_who_press_the_button_at_once_leave_what_one_would(week: list[Act], folder: Path) -> None:
    holds(clerks.two_buttons(named(week, "scores"), folder), 1)


def test_with_the_clock_set_back_nothing_is_written(week: list[Act], folder: Path) -> None:
    holds(clerks.clock_set_back(named(week, "scores"), folder), 4)


def test_a_share_that_is_away_has_lost_nothing(week: list[Act], folder: Path) -> None:
    holds(clerks.share_gone(named(week, "scores"), folder), 1)


def test_a_share_that_fails_in_the_middle_is_written_again(week: list[Act], folder: Path) -> None:
    holds(clerks.share_in_trouble(week[:4], folder, every=80), 8)


def test_masters_that_are_open_in_excel_wait_beside(week: list[Act], folder: Path) -> None:
    holds(clerks.master_open(named(week, "scores"), folder), 2)


def test_a_disk_that_is_really_full_holds_nothing_half(week: list[Act], folder: Path) -> None:
    tally = clerks.really_full(named(week, "scores"), folder, spares=(0, 32))

    assert tally.failures == []
