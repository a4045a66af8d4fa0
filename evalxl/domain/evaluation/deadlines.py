"""When each step of a week is due.

`self` lies in the week itself; `score`, `approve` and `close` lie in the week after it. A deadline on a day off moves to the next working
day at the same hour, and none ever lies before the one of the step before it: nobody is asked to score on Monday noon what is
handed in on Monday evening, after a Friday off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week

DeadlineStep = Literal["self", "score", "approve", "close"]
STEPS: tuple[DeadlineStep, ...] = ("self", "score", "approve", "close")

_DAYS = {"t2": 0, "t3": 1, "t4": 2, "t5": 3, "t6": 4, "t7": 5, "cn": 6}
_WRITTEN = re.compile(r"(t[2-7]|cn)[ ,]+(\d{1,2})[:h](\d{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class DayAndHour:
    """A moment of any week, as offices write it: `T6 17:00` (T2 is Monday, CN is Sunday)."""

    weekday: int
    hour: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> DayAndHour | None:
        """Read `T6 17:00` or `T6 17h00`; None for anything else."""
        if not (match := _WRITTEN.fullmatch(text.strip())):
            return None
        hour, minute = int(match[2]), int(match[3])
        return cls(_DAYS[match[1].lower()], hour, minute) if hour < 24 and minute < 60 else None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The four deadlines of every week."""

    self: DayAndHour
    score: DayAndHour
    approve: DayAndHour
    close: DayAndHour

    def of(self, step: DeadlineStep) -> DayAndHour:
        moment: DayAndHour = getattr(self, step)
        return moment


def deadline_of(
    timetable: Timetable, step: DeadlineStep, week: Week, organisation: Organisation, zone: tzinfo
) -> datetime:
    """When a step of a week is due, in the office's time zone.

    Args:
        timetable: The office's deadlines.
        step: The step asked for.
        week: The week that is evaluated.
        organisation: Knows the days off.
        zone: The office's time zone.
    """
    due = _on_a_working_day(timetable, "self", week, organisation)
    for later in STEPS[1 : STEPS.index(step) + 1]:
        own = _on_a_working_day(timetable, later, week, organisation)
        while own < due:
            own = datetime.combine(organisation.next_working_day(own.date() + timedelta(days=1)), own.time())
        due = own
    return due.replace(tzinfo=zone)


def own_deadline(
    due: datetime, trip_until: date | None, returned_at: datetime | None, days: int, organisation: Organisation
) -> datetime:
    """When a person's own form is due.

    Args:
        due: The week's deadline, aware of the office's time zone.
        trip_until: The last day of a business trip over the end of the week: the form is due on the next working day.
        returned_at: When the form was sent back: what comes back within so many working days is not late.
        days: How many those are.
        organisation: Knows the days off.
    """
    if trip_until is not None:
        due = max(due, datetime.combine(organisation.add_working_days(trip_until, 1), due.timetz()))
    if returned_at is not None:
        last = organisation.add_working_days(returned_at.astimezone(due.tzinfo).date(), days)
        due = max(due, datetime.combine(last + timedelta(days=1), time(), due.tzinfo))
    return due


def _on_a_working_day(timetable: Timetable, step: DeadlineStep, week: Week, organisation: Organisation) -> datetime:
    moment = timetable.of(step)
    monday = week.monday if step == "self" else week.after().monday
    day = organisation.next_working_day(monday + timedelta(days=moment.weekday))
    return datetime.combine(day, time(moment.hour, moment.minute))
