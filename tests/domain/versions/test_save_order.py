"""Which of two files was saved after the other; nobody has to tell by whom it was seen first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.versions.save_order import Saved, comes_after, is_conflict_copy, last_ones, opposite, own_time

MORNING = datetime(2025, 6, 5, 9, tzinfo=UTC)

moments = st.integers(-20, 20).map(lambda seconds: MORNING + timedelta(seconds=seconds))
names = st.sampled_from(["a.xlsx", "a (1).xlsx", "a-DESKTOP-AB12CD3.xlsx", "a-SUA.xlsx"])
files = st.builds(Saved, names, moments, st.none() | moments)


def saved(own: int | None, at: int, name: str = "a.xlsx") -> Saved:
    """A file by the seconds of its own time and of the folder's."""
    return Saved(name, MORNING + timedelta(seconds=at), None if own is None else MORNING + timedelta(seconds=own))


@given(files, files)
def test_of_two_files_never_does_each_come_after_the_other(one: Saved, other: Saved) -> None:
    assert not (comes_after(one, other) and comes_after(other, one))
    assert opposite(one, other) == opposite(other, one)
    assert not comes_after(one, one)


@given(st.lists(files, min_size=1, max_size=6), st.randoms())
def test_which_is_the_last_is_the_same_in_whatever_order_they_are_found(found: list[Saved], dice: object) -> None:
    mixed = list(found)
    dice.shuffle(mixed)  # type: ignore[attr-defined]

    def last(ones: list[Saved]) -> list[Saved]:
        return sorted((ones[n] for n in last_ones(ones)), key=repr)

    assert last(found) == last(mixed)


@given(st.lists(st.integers(-5000, 5000), min_size=2, max_size=6, unique=True), st.randoms())
def test_of_files_saved_one_after_another_the_last_is_one_alone(minutes: list[int], dice: object) -> None:
    found = [saved(minute * 60, minute * 60 + 1, f"{minute}.xlsx") for minute in minutes]

    assert [found[n].file for n in last_ones(found)] == [f"{max(minutes)}.xlsx"]


@pytest.mark.parametrize(
    ("one", "other", "after"),
    [
        (saved(60, 60), saved(0, 0), True),
        (saved(60, 0), saved(0, 60), False),  # opposite
        (saved(60, 60), saved(60, 0), False),  # one program left the own time as it was
        (saved(60, 0), saved(0, 0), True),  # both came by one mail: the folder says the same of both
        (saved(60, 0), saved(0, 1), True),  # a share that keeps even seconds only
        (saved(60, 0), saved(0, 3), False),
        (saved(None, 60), saved(0, 0), True),
        (saved(None, 60), saved(90, 0), True),
        (saved(None, 1), saved(0, 0), False),
        (saved(None, 0), saved(None, 60), False),
    ],
)
def test_one_file_comes_after_another_where_both_times_say_so(one: Saved, other: Saved, after: bool) -> None:
    assert comes_after(one, other) is after


def test_a_name_that_a_sync_client_gave_has_no_order_and_a_name_that_a_person_gave_has_one() -> None:
    older = saved(0, 0)
    for name in ("x-DESKTOP-7G3K1QA.xlsx", "x-LAPTOP-AB12-2.xlsx", "x (Lan's conflicted copy 2025-06-05).xlsx"):
        assert not comes_after(saved(60, 60, name), older)
        assert not comes_after(older, saved(-60, -60, name))
    for name in ("x_MAY-LAN_Jun-05-101500-2025_Conflict.xlsx", "x.sync-conflict-20250605-101500-ABCDEFG.xlsx"):
        assert is_conflict_copy(f"shared/2025-W23/{name}")
    for name in ("x-SUA.xlsx", "x-V2.xlsx", "x (1).xlsx", "x - Copy.xlsx", "Bản sao x.xlsx", "x (sửa lần 2).xlsx"):
        assert comes_after(saved(60, 60, name), older)
        assert not is_conflict_copy(f"a-DESKTOP-AB12CD3/{name}")
    for name in ("2025-W23_IT-LAPTOP-001_le-van-an.xlsx", "2025-W23_K-WIN-0012_cham-diem.xlsx"):  # staff codes
        assert comes_after(saved(60, 60, name), older)
    assert is_conflict_copy("2025-W23_IT-LAPTOP-001_le-van-an-LAPTOP-AB12.xlsx")


def test_the_own_time_is_read_as_programs_write_it() -> None:
    assert own_time("2025-06-05T03:00:00Z") == own_time("2025-06-05T10:00:00+07:00") == own_time("2025-06-05T03:00:00")
    assert own_time("2025-06-05T03:00:00.1234567Z") is not None
    assert own_time("hôm qua") is own_time("") is own_time("0001-01-01T00:00:00+14:00") is None
