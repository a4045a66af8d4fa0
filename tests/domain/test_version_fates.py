"""Which version of a form counts: the one that was saved last, by whichever press of the button each of them was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.versions.form_versions import Version, differing, fates
from evalxl.domain.versions.save_order import Saved

MORNING = datetime(2025, 6, 5, 9, tzinfo=UTC)


def says(quality: int) -> dict[str, Any]:
    return {"scores": {"quality": str(quality)}, "tasks": [], "plan": []}


def version(quality: int, own: float | None, at: float, file: str = "", **more: Any) -> Version:
    """A version by what it says and its two times in minutes."""
    moment = None if own is None else MORNING + timedelta(minutes=own)
    saved = Saved(file or f"{quality}.xlsx", MORNING + timedelta(minutes=at), moment)
    return Version(saved, says(quality), **more)


class Person:
    """What was seen of one person so far, as a run after the other records it."""

    def __init__(self) -> None:
        self.standing: Version | None = None
        self.before: list[Version] = []
        self.told: list[Version] = []

    def see(self, *new: Version) -> None:
        rivals = [*self.told, *new]
        found = fates(self.standing, self.before, rivals)
        self.told = []
        for one, fate in zip(rivals, found, strict=True):
            if fate == "counts":
                self.before += [self.standing] if self.standing is not None else []
                self.standing = replace(one, told=False, again=False)
            elif fate in ("superseded", "older"):
                self.before.append(one)
            elif fate == "conflict":
                self.told.append(replace(one, told=True, again=False))

    @property
    def counts(self) -> str:
        return self.standing.content["scores"]["quality"] if self.standing is not None else ""


presses = st.lists(st.integers(1, 4), min_size=1, max_size=6)


def seen(files: Sequence[Version], at_once: Sequence[int]) -> Person:
    """The files are found in this order, so many at each press."""
    person, rest = Person(), list(files)
    for count in [*at_once, *[1] * len(rest)]:
        if rest:
            person.see(*rest[:count])
            del rest[:count]
    return person


@given(st.lists(st.integers(1, 600), min_size=1, max_size=7, unique=True), st.randoms(), presses)
def test_of_versions_saved_one_after_another_the_last_counts_whenever_each_was_seen(
    minutes: list[int], dice: Any, at_once: list[int]
) -> None:
    files = [version(n, minute, minute + 0.5) for n, minute in enumerate(sorted(minutes))]
    last = files[-1].content["scores"]["quality"]
    dice.shuffle(files)

    person = seen(files, at_once)

    assert person.counts == last
    assert person.told == []


@given(
    st.lists(st.tuples(st.none() | st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=5, unique=True),
    st.randoms(),
    presses,
)
def test_an_earlier_state_never_takes_the_place_of_a_later_one(
    times: list[tuple[int | None, int]], dice: Any, at_once: list[int]
) -> None:
    files = [version(n, *time) for n, time in enumerate(times)]
    dice.shuffle(files)
    person, rest = Person(), list(files)
    for count in [*at_once, *[1] * len(rest)]:
        stood = person.standing
        person.see(*rest[:count])
        del rest[:count]
        if stood is not None and person.standing is not stood:
            assert person.standing is not None
            assert fates(person.standing, [], [stood]) != ["counts"]


@given(
    st.lists(st.tuples(st.none() | st.integers(1, 60), st.integers(1, 60)), min_size=2, max_size=5, unique=True),
    st.randoms(),
)
def test_what_becomes_of_each_does_not_depend_on_the_order_in_which_one_run_finds_them(
    times: list[tuple[int | None, int]], dice: Any
) -> None:
    files = [version(n, *time) for n, time in enumerate(times)]
    mixed = list(files)
    dice.shuffle(mixed)

    found = dict(zip((one.saved.file for one in files), fates(None, [], files), strict=True))
    again = dict(zip((one.saved.file for one in mixed), fates(None, [], mixed), strict=True))

    assert found == again


def test_of_two_that_cannot_be_told_what_is_booked_stays_until_one_is_saved_again() -> None:
    person = Person()
    person.see(version(30, 60, 0))
    person.see(version(31, 0, 60))
    assert (person.counts, len(person.told)) == ("30", 1)

    person.see(version(32, 120, 120, "31.xlsx", again=True))
    assert (person.counts, person.told) == ("32", [])


def test_of_two_that_cannot_be_told_the_one_that_counts_may_be_saved_again_unchanged() -> None:
    person = Person()
    person.see(version(30, 60, 0))
    person.see(version(31, 0, 60))

    person.see(version(30, 120, 120))
    assert (person.counts, person.told) == ("30", [])


def test_a_third_that_cannot_be_told_from_either_settles_nothing() -> None:
    """Only a version saved over one of the two, or after both, decides between them."""
    person = Person()
    person.see(version(30, 60, 0))
    person.see(version(31, 0, 60))
    person.see(version(33, 30, 30))
    assert (person.counts, [one.content["scores"]["quality"] for one in person.told]) == ("30", ["31", "33"])

    person.see(version(34, 20, 20, "30.xlsx", again=False))
    assert person.counts == "30"


def test_what_is_saved_over_the_version_that_counts_settles_the_conflict_whatever_its_times() -> None:
    person = Person()
    person.see(version(30, 60, 0))
    person.see(version(31, 0, 60))

    person.see(version(32, 30, 30, "30.xlsx"))  # after the one by the file's time, before it by its own
    assert (person.counts, person.told) == ("32", [])


def test_the_version_that_counts_saved_again_in_its_place_settles_the_conflict_whatever_its_times() -> None:
    person = Person()
    person.see(version(30, 60, 0))
    person.see(version(31, 0, 60))

    person.see(version(30, 20, 90))  # a program that wrote local time
    assert (person.counts, person.told) == ("30", [])


def test_of_two_that_came_at_once_the_one_that_is_left_counts() -> None:
    person = Person()
    person.see(version(30, 60, 0), version(31, 0, 60))
    assert (person.counts, len(person.told)) == ("", 2)

    del person.told[0]  # somebody has taken it away
    person.see()
    assert (person.counts, person.told) == ("31", [])


def test_what_is_saved_over_is_the_next_version_though_a_program_wrote_local_time() -> None:
    """WPS wrote 16:00 of Hà Nội as if it were UTC; Excel saves an hour later, and truly writes 10:00 UTC."""
    first, second = version(30, 7 * 60, 0, "a.xlsx"), version(31, 60, 60, "a.xlsx")

    assert fates(first, [], [second]) == ["counts"]


def test_an_older_state_laid_over_changes_nothing_until_a_cell_is_typed_again() -> None:
    first, second = version(30, 0, 0, "a.xlsx"), version(31, 60, 60, "a.xlsx")
    back = version(30, 0, 90, "a.xlsx")  # the file's time is that of the copying

    assert fates(second, [first], [back]) == ["older"]
    assert fates(second, [first], [version(32, 30, 30, "a.xlsx")]) == ["older"]
    assert fates(second, [first], [replace(version(30, 120, 120, "a.xlsx"), again=True)]) == ["counts"]


def test_a_sync_clients_copy_is_no_rival_where_it_says_what_was_overtaken() -> None:
    first, second = version(30, 0, 0, "a.xlsx"), version(31, 60, 60, "a.xlsx")
    copy = "a-DESKTOP-7G3K1QA.xlsx"

    assert fates(second, [first], [version(30, 0, 0, copy)]) == ["superseded"]
    assert fates(second, [], [version(30, 0, 0, copy)]) == ["conflict"]
    assert fates(second, [], [version(32, 90, 90, copy)]) == ["conflict"]
    assert fates(second, [], [version(31, 90, 90, copy)]) == ["same"]


def test_where_the_one_that_counted_was_taken_away_the_one_that_was_left_counts() -> None:
    away = version(30, 60, 0, "a.xlsx", lies=False)

    assert fates(away, [], [version(31, 0, 60, "b.xlsx")]) == ["counts"]
    assert fates(away, [], [version(31, 0, -60, "b.xlsx")]) == ["superseded"]
    assert fates(away, [], [version(31, 0, 60, "b-DESKTOP-AB12.xlsx")]) == ["conflict"]


def test_a_form_that_comes_back_takes_the_place_of_what_a_program_had_laid_beside_it() -> None:
    left = version(30, 60, 60, "5F3A1B00.tmp", aside=True)

    assert fates(left, [], [version(31, 0, 0, "a.xlsx")]) == ["counts"]


def test_where_two_forms_differ_is_named_by_field_and_row() -> None:
    one: Mapping[str, Any] = {
        "scores": {"quality": "30", "progress": "36"},
        "tasks": [{"key": "01", "name": "Báo cáo", "unit_of_measure": "tờ"}, {"key": "03", "name": "Rà soát"}],
        "plan": [{"name": "Họp"}],
        "reply": "Không",
    }
    other: Mapping[str, Any] = {
        "scores": {"quality": "31", "progress": "36"},
        "tasks": [{"key": "01", "name": "Báo cáo", "unit_of_measure": "trang", "origin": "plan"}],
        "plan": [],
    }

    assert differing(one, one) == []
    assert differing(one, other) == [
        "ev_self_quality",
        "ev_task_unit/01",
        "ev_task_name/03",
        "ev_plan_name/01",
        "ev_reply",
    ]
