"""The week of a little office under faults: a short run of each kind of trouble. The long runs are `python -m tests.faults --long`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import backups, clerks, errors, kill, power, system, tamper
from tests.faults.office import CAN_FORK, Act, Tally, acts, workshop
from tests.little_office import make_little_office

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
    holds(kill.killed(week, folder, every=100), 12)


def test_the_process_itself_is_killed_at_a_system_call_and_its_run_is_done_again(week: list[Act], folder: Path) -> None:
    if not system.can_trace():
        pytest.skip("left out: strace is not installed, or may not follow other processes here")
    holds(system.killed(week[1:4], folder, every=30), 3)
    holds(system.killed_in_threads(week[1:4], folder, every=30), 3)
    holds(system.failing(week[3:4], folder, every=80, errors=("ENOSPC",)), 2)


def test_a_second_fault_while_it_is_done_again_loses_nothing_either(week: list[Act], folder: Path) -> None:
    holds(errors.failing_again(week[3:], folder, every=110), 4)


def test_a_failing_disk_is_said_in_one_sentence_and_the_run_is_done_again(week: list[Act], folder: Path) -> None:
    holds(errors.failing(week[1:5], folder, every=400), 8)


def test_a_power_cut_loses_nothing_that_was_acknowledged(week: list[Act], folder: Path) -> None:
    holds(power.cut([named(week, "approvals"), named(week, "close")], folder, again_in=200), 3_000)


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
    holds(clerks.share_in_trouble(week[1:3], folder, every=80), 8)


def test_masters_that_are_open_in_excel_wait_beside(week: list[Act], folder: Path) -> None:
    holds(clerks.master_open(named(week, "scores"), folder), 2)


def test_masters_that_windows_will_not_replace_wait_beside_or_are_tried_again(week: list[Act], folder: Path) -> None:
    holds(clerks.master_held(named(week, "scores"), folder), 8)


def test_after_a_clock_that_was_ahead_nothing_is_written_before_it_is_looked_at(week: list[Act], folder: Path) -> None:
    holds(clerks.clock_set_forward(named(week, "scores"), folder), 2)


def test_week_53_is_a_week_like_any_other(folder: Path) -> None:
    """2026 has one; the week after it is the first of 2027."""
    office = make_little_office(folder / "office")
    office.week = "2026-W53"
    office.say("issue", "2026-W53")
    office.hand_in("V1-03")

    office.consolidate()
    office.say("issue", "2027-W01")
    office.say("close", "2026-W53", "--yes")

    assert office.result("V1-03")["state"] == "submitted"
    assert "2026-W53" in next(path.name for path in (office.folder / "ledger").iterdir())
    office.say("verify")


def test_a_disk_that_is_really_full_holds_nothing_half(week: list[Act], folder: Path) -> None:
    tally = clerks.really_full(named(week, "scores"), folder, spares=(0, 32))

    assert tally.failures == []


def test_a_backup_that_is_broken_off_harms_neither_the_office_nor_the_backup_before(
    week: list[Act], folder: Path
) -> None:
    desk = backups.desk(named(week, "scores"), named(week, "close"), folder)

    holds(backups.killed(desk, folder, every=40), 8)
    holds(backups.failing(desk, folder, every=400), 8)
    holds(backups.cut(desk), 20)
