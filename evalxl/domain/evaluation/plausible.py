"""Dates that can hardly be meant, compared with the week and with each other.

Excel takes a day without a year for one of the current year, and a PC may read the month before the day. Such a date is booked as it stands and
pointed out. It feeds no two-week rule until the manager has said the state of the task.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from evalxl.domain.evaluation.scoring import DOING, DONE, NOT_DONE, Task
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week

FAR = 400  # days from the week
NEAR = 92  # days: how far from the week people mostly plan; a date of another year that lies so near by day and month had the wrong year


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd about a date.

    Attributes:
        kind: The finding's kind.
        meant: The day that was probably meant; None where that is not known.
    """

    kind: str
    meant: date | None = None


def doubt_of(day: date, week: Week, is_past: bool = False) -> Doubt | None:
    """What is odd about a date beside its week; None for a date that can be meant.

    Args:
        is_past: Whether the date tells what has happened, so that it cannot lie far ahead.
    """
    if week.monday <= day <= week.sunday:
        return None
    swapped = _swapped(day)
    if swapped is not None and week.monday <= swapped <= week.sunday:
        return Doubt("date.swapped", swapped)
    later, earlier = _in_year(day, day.year + 1), _in_year(day, day.year - 1)
    if day < week.monday <= later <= week.sunday + timedelta(days=NEAR):
        return Doubt("date.other_year", later)
    if is_past and day > week.sunday >= earlier >= week.monday - timedelta(days=NEAR):
        return Doubt("date.other_year", earlier)
    away = max((week.monday - day).days, (day - week.sunday).days)
    return Doubt("date.far") if away > FAR else None


def doubts_of(task: Task, week: Week, calendar: Organisation, due_known: bool = False) -> Iterator[tuple[str, Doubt]]:
    """What is odd about the dates of a task row: `due` or `finished`, and the doubt.

    Args:
        calendar: Knows the days off: what is due on one is due on the next working day.
        due_known: The due date stood in the row when it went out, and nothing was odd about it then.
    """
    due = doubt_of(task.due, week) if task.due is not None and not due_known else None
    finished = doubt_of(task.finished, week, is_past=True) if task.finished is not None else None
    if due is not None:
        yield "due", due
    if finished is not None:
        yield "finished", finished
    if task.finished is None:
        return
    if task.standing in (DOING, NOT_DONE):
        yield "finished", Doubt("date.finished_but_open")
        return
    in_time = task.due is None or task.finished <= calendar.next_working_day(task.due)
    if task.standing == DONE and not (in_time or due or finished):
        yield "finished", Doubt("date.finished_after_due")


def leaves_open(field: str, doubt: Doubt, task: Task) -> bool:
    """Whether a doubt keeps a task row out of the two-week rule: its due date may be another one, or it may be completed."""
    return field == "due" or (doubt.kind == "date.finished_but_open" and task.standing == DOING)


def _swapped(day: date) -> date | None:
    """The date with day and month the other way round; None where there is no other one."""
    return date(day.year, day.day, day.month) if day.day <= 12 and day.day != day.month else None


def _in_year(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)
