"""Weeks and periods.

A week is an ISO week: it starts on Monday and belongs to the year, and to the month, of its Thursday.
It is written `2025-W23` and shown as *Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)*, never by its number alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evalxl.domain.errors import EvalxlError
from evalxl.words import Lang, say

_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d{2})|[Qq]([1-4])|[Hh]([12])|(9)[Mm]))?")

# The calendar ends in the middle of the last week of 9999, so no week or period of that year is taken.
_LAST_YEAR = 9998


class NoSuchWeekError(EvalxlError):
    """The operator named a week or period that does not exist."""

    key = "slip.no_such_week"


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week; weeks sort by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Week:
        """Read `2025-W23`, or any date in the week (`2025-06-04`, `4/6/2025`).

        Raises:
            NoSuchWeekError: the text is neither, or the year has no such week.
        """
        if match := _WEEK.fullmatch(text.strip()):
            year, number = int(match[1]), int(match[2])
            try:
                day: date | None = date.fromisocalendar(year, number, 1)
            except ValueError:
                raise NoSuchWeekError(text=text) from None
        else:
            day = parse_date(text)
        if day is None or (week := cls.of(day)).year > _LAST_YEAR:
            raise NoSuchWeekError(text=text)
        return week

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def thursday(self) -> date:
        """The day that decides the week's month, unit, scorer and approver."""
        return date.fromisocalendar(self.year, self.number, 4)

    @property
    def sunday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 7)

    def days(self) -> Iterator[date]:
        """Monday to Sunday."""
        return (self.monday + timedelta(days=n) for n in range(7))

    def after(self, weeks: int = 1) -> Week:
        """The week so many weeks later (earlier, where negative)."""
        return Week.of(self.thursday + timedelta(weeks=weeks))

    def shown(self, lang: Lang = "vi") -> str:
        """As people read it: the number with its dates."""
        return say(
            "term.week_shown",
            lang,
            number=self.number,
            first=shown_date(self.monday),
            last=shown_date(self.sunday),
        )


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter, half-year, nine months or year: the weeks whose Thursday lies in it."""

    name: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2025-06`, `2025-Q2`, `2025-H1`, `2025-9M` or `2025`.

        Raises:
            NoSuchWeekError: the text names no period.
        """
        match = _PERIOD.fullmatch(text.strip())
        if not match:
            raise NoSuchWeekError(text=text)
        year = int(match[1])
        if not 1 <= year <= _LAST_YEAR:
            raise NoSuchWeekError(text=text)
        if match[2]:
            month = int(match[2])
            if not 1 <= month <= 12:
                raise NoSuchWeekError(text=text)
            return cls(f"{year}-{month:02d}", *_months(year, month, 1))
        if match[3]:
            return cls(f"{year}-Q{match[3]}", *_months(year, 3 * int(match[3]) - 2, 3))
        if match[4]:
            return cls(f"{year}-H{match[4]}", *_months(year, 6 * int(match[4]) - 5, 6))
        if match[5]:
            return cls(f"{year}-9M", *_months(year, 1, 9))
        return cls(f"{year}", *_months(year, 1, 12))

    def __str__(self) -> str:
        return self.name

    def shown(self, lang: Lang = "vi") -> str:
        """*Tháng 6 năm 2025*, *Quý II năm 2025*, *6 tháng đầu năm 2025*, *9 tháng đầu năm 2025*, *Năm 2025*."""
        year, _, part = self.name.partition("-")
        if part == "9M":
            return say("period.nine_months", lang, year=year)
        kind = {"Q": "quarter", "H": "half"}.get(part[:1], "month" if part else "year")
        number = int(part.lstrip("QH")) if part else 0
        numeral = ("", "I", "II", "III", "IV")[number] if kind == "quarter" else str(number)
        key = f"period.{kind}{number}" if kind == "half" else f"period.{kind}"
        return say(key, lang, year=year, number=numeral)

    def weeks(self) -> tuple[Week, ...]:
        week = Week.of(self.first)
        if week.thursday < self.first:
            week = week.after()
        weeks = []
        while week.thursday <= self.last:
            weeks.append(week)
            week = week.after()
        return tuple(weeks)

    def __contains__(self, week: Week) -> bool:
        return self.first <= week.thursday <= self.last


def parse_week_or_period(text: str) -> Week | Period:
    """What `close`, `reopen` and `export` take.

    Raises:
        NoSuchWeekError: the text names neither.
    """
    return Period.parse(text) if _PERIOD.fullmatch(text.strip()) else Week.parse(text)


def parse_date(text: str) -> date | None:
    """Read `yyyy-mm-dd` or `d/m/yyyy`, as people type dates; None for anything else."""
    text = text.strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def shown_date(day: date) -> str:
    """A date as Vietnamese documents write it: a zero before days below 10 and before months 1 and 2 (NĐ 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def shown_moment(moment: datetime) -> str:
    """An hour and its date: `15:45 01/6/2026`."""
    return f"{moment:%H:%M} {shown_date(moment.date())}"


def spoken_moment(moment: datetime, lang: Lang = "vi") -> str:
    """A moment in a sentence: *17:05 ngày 10/6/2025*."""
    return say("term.moment", lang, time=f"{moment:%H:%M}", date=shown_date(moment.date()))


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    end = month + count
    after = date(year + (end - 1) // 12, (end - 1) % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)
