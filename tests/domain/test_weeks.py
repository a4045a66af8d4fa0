"""Weeks are ISO weeks and belong to the month of their Thursday; periods are made of whole weeks."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.weeks import NoSuchWeekError, Period, Week, parse_date, parse_week_or_period, shown_date

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
years = st.integers(1900, 2200)


@given(days)
def test_every_day_lies_in_exactly_one_week_from_monday_to_sunday(day: date) -> None:
    week = Week.of(day)

    assert week.monday <= day <= week.sunday
    assert week.monday.weekday() == 0
    assert list(week.days()) == [week.monday + timedelta(days=n) for n in range(7)]
    assert week.thursday.year == week.year


@given(days)
def test_what_is_written_of_a_week_is_read_as_the_same_week(day: date) -> None:
    week = Week.of(day)

    assert Week.parse(str(week)) == week
    assert Week.parse(str(week).lower()) == week
    assert Week.parse(day.isoformat()) == week
    assert Week.parse(f" {day.day}/{day.month}/{day.year} ") == week
    assert Week.parse(shown_date(day)) == week


def test_a_week_is_read_as_people_type_it() -> None:
    assert Week.parse("2025-W23") == Week(2025, 23)
    assert Week.parse("2025W23") == Week(2025, 23)
    assert Week.parse("2025-w7") == Week(2025, 7)
    assert Week.parse("2025-06-04") == Week(2025, 23)
    assert Week.parse("4/6/2025") == Week(2025, 23)
    assert str(Week(2025, 7)) == "2025-W07"


@pytest.mark.parametrize(
    "text",
    ["", "2025", "2025-W00", "2025-W53", "2025-W54", "2025-23", "W23", "31/6/2025", "2025-13-01", "tuần 23", "0000-W01", "9999-W52",
     "31/12/9999"],
)  # fmt: skip
def test_a_week_that_does_not_exist_is_the_operators_slip(text: str) -> None:
    with pytest.raises(NoSuchWeekError):
        Week.parse(text)


def test_a_year_with_53_weeks_has_its_last_week() -> None:
    assert Week.parse("2026-W53").monday == date(2026, 12, 28)
    assert Week.parse("2026-W53").after() == Week(2027, 1)
    assert Week(2027, 1).after(-1) == Week(2026, 53)
    assert Week(2025, 52).after() == Week(2026, 1)
    assert sorted([Week(2027, 1), Week(2026, 53), Week(2026, 9)]) == [Week(2026, 9), Week(2026, 53), Week(2027, 1)]


@given(days, st.integers(-200, 200))
def test_going_some_weeks_ahead_and_back_ends_at_the_same_week(day: date, count: int) -> None:
    week = Week.of(day)

    assert week.after(count).after(-count) == week
    assert week.after(count).monday - week.monday == timedelta(weeks=count)


def test_a_week_is_shown_with_its_dates_never_by_its_number_alone() -> None:
    assert Week(2025, 23).shown() == "Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)"
    assert Week(2026, 6).shown() == "Tuần 6 (từ ngày 02/02/2026 đến ngày 08/02/2026)"
    assert Week(2025, 23).shown("en") == "Week 23 (02/6/2025 to 08/6/2025)"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2025, 6, 2), "02/6/2025"),
        (date(2025, 6, 8), "08/6/2025"),
        (date(2026, 2, 5), "05/02/2026"),
        (date(2026, 1, 31), "31/01/2026"),
        (date(2025, 12, 31), "31/12/2025"),
        (date(2025, 3, 10), "10/3/2025"),
    ],
)
def test_dates_are_written_as_vietnamese_documents_write_them(day: date, text: str) -> None:
    assert shown_date(day) == text
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "2025", "30/2/2025", "2025-02-30", "6/2025", "04-06-2025", "4.6.2025", "4/6/25"])
def test_what_is_no_date_is_none_and_never_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_a_week_over_the_end_of_a_month_belongs_to_the_month_of_its_thursday() -> None:
    over_july = Week.parse("2025-07-31")  # Thursday 31 July, Sunday 3 August
    over_june = Week.parse("2025-06-30")  # Monday 30 June, Thursday 3 July

    assert over_july in Period.parse("2025-07")
    assert over_july not in Period.parse("2025-08")
    assert over_june in Period.parse("2025-07")
    assert over_june in Period.parse("2025-Q3")
    assert over_june not in Period.parse("2025-H1")


def test_the_first_days_of_january_may_belong_to_the_year_before() -> None:
    new_year = Week.parse("2027-01-01")  # a Friday

    assert new_year == Week(2026, 53)
    assert new_year in Period.parse("2026-12")
    assert new_year not in Period.parse("2027")


@given(years)
def test_months_quarters_and_halves_each_divide_the_weeks_of_the_year(year: int) -> None:
    all_weeks = Period.parse(f"{year}").weeks()

    def together(names: list[str]) -> tuple[Week, ...]:
        return tuple(week for name in names for week in Period.parse(name).weeks())

    assert len(all_weeks) in (52, 53)
    assert all_weeks == tuple(Week(year, number) for number in range(1, len(all_weeks) + 1))
    assert together([f"{year}-{month:02d}" for month in range(1, 13)]) == all_weeks
    assert together([f"{year}-Q{quarter}" for quarter in range(1, 5)]) == all_weeks
    assert together([f"{year}-H1", f"{year}-H2"]) == all_weeks
    assert together([f"{year}-9M", f"{year}-Q4"]) == all_weeks


@given(days)
def test_a_week_lies_in_exactly_the_periods_that_list_it(day: date) -> None:
    week = Week.of(day)
    month = Period.parse(f"{week.thursday:%Y-%m}")

    assert week in month
    assert week in month.weeks()
    assert week.after(6) not in month


def test_periods_have_their_first_and_last_day() -> None:
    assert (Period.parse("2024-02").first, Period.parse("2024-02").last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (Period.parse("2025-Q4").first, Period.parse("2025-Q4").last) == (date(2025, 10, 1), date(2025, 12, 31))
    assert (Period.parse("2025-h2").first, Period.parse("2025-h2").last) == (date(2025, 7, 1), date(2025, 12, 31))
    assert str(Period.parse("2025-h2")) == "2025-H2"


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-00", "2025-Q5", "2025-H3", "0000", "9999", "2025-6", "2025-W23"]
)
def test_a_period_that_does_not_exist_is_the_operators_slip(text: str) -> None:
    with pytest.raises(NoSuchWeekError):
        Period.parse(text)


def test_close_takes_a_week_or_a_period() -> None:
    assert parse_week_or_period("2025-W23") == Week(2025, 23)
    assert parse_week_or_period("2025-06-04") == Week(2025, 23)
    assert parse_week_or_period("2025-06") == Period.parse("2025-06")
    assert parse_week_or_period("2025") == Period.parse("2025")


@pytest.mark.parametrize(
    ("name", "shown"), [("2025-Q1", "I"), ("2025-Q2", "II"), ("2025-Q3", "III"), ("2025-Q4", "IV"), ("2025-06", "6")]
)
def test_a_quarter_is_written_with_the_numeral_of_its_place_in_the_year(name: str, shown: str) -> None:
    assert re.search(rf"(?<!\w){shown}(?!\w).*2025", Period.parse(name).shown("vi"))


def test_a_period_is_called_by_its_own_words() -> None:
    names = ("2025", "2025-H1", "2025-H2", "2025-9M", "2025-Q2", "2025-06")

    assert [Period.parse(name).shown("vi") for name in names] == [
        "Năm 2025", "6 tháng đầu năm 2025", "6 tháng cuối năm 2025", "9 tháng đầu năm 2025", "Quý II năm 2025", "Tháng 6 năm 2025",
    ]  # fmt: skip
