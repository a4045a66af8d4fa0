"""Dates that can hardly be meant."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.plausible import FAR, doubt_of, doubts_of, leaves_open
from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, STATUSES, Task
from evalxl.domain.evaluation.two_week_rule import WeekFacts, judge
from evalxl.domain.organisation.people import DayOff, Organisation
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Week
from evalxl.records.rulebooks import find_rulebook
from evalxl.records.settings import Settings

WEEK = Week.parse("2025-W23")  # 2 to 8 June
NEW_YEAR = Week.parse("2026-W53")  # 28 December 2026 to 3 January 2027
EVERY_DAY = Organisation((), ())


@pytest.mark.parametrize(
    ("week", "day", "kind", "meant"),
    [
        (WEEK, date(2025, 6, 5), "", None),
        (WEEK, date(2025, 6, 30), "", None),
        (WEEK, date(2025, 4, 28), "", None),
        (WEEK, date(2025, 12, 31), "", None),
        (WEEK, date(2026, 6, 5), "", None),
        (WEEK, date(2025, 5, 6), "date.swapped", date(2025, 6, 5)),
        (WEEK, date(2025, 7, 6), "date.swapped", date(2025, 6, 7)),
        (WEEK, date(2025, 8, 6), "date.swapped", date(2025, 6, 8)),  # the Sunday
        (WEEK, date(2025, 2, 6), "date.swapped", date(2025, 6, 2)),  # the Monday
        (Week.parse("2029-W09"), date(2028, 2, 29), "date.other_year", date(2029, 3, 1)),  # no leap year
        (WEEK, date(2024, 6, 5), "date.other_year", date(2025, 6, 5)),
        (NEW_YEAR, date(2026, 1, 8), "date.other_year", date(2027, 1, 8)),
        (NEW_YEAR, date(2026, 2, 27), "date.other_year", date(2027, 2, 27)),
        (NEW_YEAR, date(2026, 9, 30), "", None),
        (NEW_YEAR, date(2028, 2, 8), "date.far", None),
        (NEW_YEAR, date(2024, 12, 30), "date.far", None),
        (WEEK, date(2052, 6, 5), "date.far", None),
    ],
)
def test_a_date_is_compared_with_its_week(week: Week, day: date, kind: str, meant: date | None) -> None:
    doubt = doubt_of(day, week)

    assert ((doubt.kind, doubt.meant) if doubt else ("", None)) == (kind, meant)


def test_what_has_happened_cannot_lie_a_year_ahead() -> None:
    """In January somebody types 30/12 for what was finished last week, and Excel takes the December to come."""
    week = Week.parse("2027-W01")

    assert doubt_of(date(2027, 12, 30), week) is None
    doubt = doubt_of(date(2027, 12, 30), week, is_past=True)
    assert doubt is not None and (doubt.kind, doubt.meant) == ("date.other_year", date(2026, 12, 30))


@given(ahead=st.integers(-2000, 2000))
def test_a_date_is_far_from_more_than_400_days_on(ahead: int) -> None:
    day = (WEEK.sunday if ahead > 0 else WEEK.monday) + timedelta(days=ahead)
    doubt = doubt_of(day, WEEK)

    if abs(ahead) > FAR:
        assert doubt is not None and doubt.kind == "date.far"
    else:
        assert doubt is None or doubt.kind != "date.far"


def _kinds(task: Task, calendar: Organisation = EVERY_DAY, due_known: bool = False) -> list[tuple[str, str]]:
    return [(which, doubt.kind) for which, doubt in doubts_of(task, WEEK, calendar, due_known)]


def test_finished_after_it_was_due_is_not_completed_in_time() -> None:
    task = Task("01", "A", due=date(2025, 6, 3), finished=date(2025, 6, 5), status=DONE)

    assert _kinds(task) == [("finished", "date.finished_after_due")]
    assert _kinds(Task("01", "A", due=date(2025, 6, 3), finished=date(2025, 6, 5), status=DONE_LATE)) == []
    assert _kinds(Task("01", "A", due=date(2025, 6, 3), finished=date(2025, 6, 3), status=DONE)) == []


def test_what_is_due_on_a_day_off_is_in_time_on_the_next_working_day() -> None:
    task = Task("01", "A", due=date(2025, 6, 7), finished=date(2025, 6, 9), status=DONE)  # a Saturday

    assert _kinds(task) == []
    assert _kinds(task, Organisation((), (), days_off=(DayOff(date(2025, 6, 7), "worked"),)))
    holiday = Organisation((), (), days_off=(DayOff(date(2025, 6, 9), "holiday"),))
    assert _kinds(Task("01", "A", due=date(2025, 6, 7), finished=date(2025, 6, 10), status=DONE), holiday) == []


@pytest.mark.parametrize("status", [DOING, "", NOT_DONE])
def test_a_date_of_completion_under_an_open_state_is_odd(status: str) -> None:
    task = Task("01", "A", finished=date(2025, 6, 5), status=status)

    assert _kinds(task) == [("finished", "date.finished_but_open")]


def test_a_due_date_that_was_compared_with_its_own_week_is_not_odd_for_being_old() -> None:
    task = Task("01", "A", due=date(2024, 1, 8), status=DOING)

    assert _kinds(task) == [("due", "date.far")]
    assert _kinds(task, due_known=True) == []


@given(
    due=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    finished=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    status=st.sampled_from(("", *STATUSES)),
)
def test_any_dates_are_compared_without_a_slip_and_a_date_of_this_week_is_never_odd_itself(
    due: date | None, finished: date | None, status: str
) -> None:
    task = Task("01", "A", due=due, finished=finished, status=status)
    doubts = list(doubts_of(task, WEEK, EVERY_DAY))

    assert len({which for which, _ in doubts}) <= 2
    if due is None or WEEK.monday <= due <= WEEK.sunday:
        assert all(which == "finished" for which, _ in doubts)


# The two-week rule

RULES = find_rulebook(Path(), Settings().rulebook)


def _weeks(*tasks: Task, checks: dict[str, Check] | None = None) -> list[WeekFacts]:
    return [WeekFacts(week, tasks=tasks, checks=checks or {}, code="V1-03") for week in (WEEK, WEEK.after())]


def test_a_date_that_can_hardly_be_meant_feeds_no_two_week_rule_until_the_manager_has_said_the_state() -> None:
    odd = [
        Task(f"0{n}", f"Đề án {n}", important=True, due=date(2024, 6, 10), status=DOING, doubtful=True) for n in (1, 2)
    ]
    said = {task.key: Check(task=task.name, status=DOING) for task in odd}

    assert judge(_weeks(*odd), RULES) is None
    found = judge(_weeks(*odd, checks=said), RULES)
    assert found is not None and found.kind == "watch"


def test_not_completed_by_ones_own_word_counts_whatever_its_dates_are() -> None:
    odd = [
        Task(f"0{n}", f"Đề án {n}", important=True, due=date(2024, 6, 10), status=NOT_DONE, doubtful=True)
        for n in (1, 2)
    ]

    assert judge(_weeks(*odd), RULES) is not None


def test_only_an_odd_due_date_or_a_task_that_may_be_completed_keeps_a_row_out_of_the_rule() -> None:
    open_task = Task("01", "A", due=date(2024, 6, 5), finished=date(2025, 6, 5), status=DOING)
    late = Task("01", "A", due=date(2025, 6, 3), finished=date(2025, 6, 5), status=DONE)

    assert all(leaves_open(which, doubt, open_task) for which, doubt in doubts_of(open_task, WEEK, EVERY_DAY))
    assert not any(leaves_open(which, doubt, late) for which, doubt in doubts_of(late, WEEK, EVERY_DAY))
