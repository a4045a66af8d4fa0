"""When each step of a week is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from evalxl.domain.evaluation.deadlines import STEPS, DayAndHour, DeadlineStep, Timetable, deadline_of, own_deadline
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week
from tests.domain.drawn import TET_2026, organisation

HANOI = timezone(timedelta(hours=7))
USUAL = Timetable(DayAndHour(4, 17, 0), DayAndHour(0, 12, 0), DayAndHour(0, 17, 0), DayAndHour(1, 17, 0))


def due(step: DeadlineStep, week: Week, office: Organisation) -> str:
    return deadline_of(USUAL, step, week, office, HANOI).strftime("%d/%m/%Y %H:%M")


def test_the_form_is_due_on_friday_and_the_rest_in_the_week_after() -> None:
    office = organisation("A", "01 | Lê An | A | official")

    assert due("self", Week(2025, 23), office) == "06/06/2025 17:00"
    assert due("score", Week(2025, 23), office) == "09/06/2025 12:00"
    assert due("approve", Week(2025, 23), office) == "09/06/2025 17:00"
    assert due("close", Week(2025, 23), office) == "10/06/2025 17:00"


def test_a_deadline_is_told_in_the_time_of_the_office() -> None:
    office = organisation("A", "01 | Lê An | A | official")

    assert deadline_of(USUAL, "self", Week(2025, 23), office, HANOI) == datetime(2025, 6, 6, 17, tzinfo=HANOI)


def test_a_deadline_in_tet_moves_to_the_first_working_day_after_it() -> None:
    """The week before Tết 2026 is scored and approved on the Monday on which people come back."""
    office = organisation("A", "01 | Lê An | A | official", days_off=TET_2026)

    assert due("self", Week(2026, 7), office) == "13/02/2026 17:00"
    assert due("score", Week(2026, 7), office) == "23/02/2026 12:00"
    assert due("approve", Week(2026, 7), office) == "23/02/2026 17:00"
    assert due("close", Week(2026, 7), office) == "23/02/2026 17:00"


def test_nobody_is_asked_to_score_before_the_forms_are_due() -> None:
    """After a Friday off the forms come on Monday at 17:00; Monday noon is then too early for the scores."""
    office = organisation("A", "01 | Lê An | A | official", days_off="02/05/2025 | in_lieu")

    assert due("self", Week(2025, 18), office) == "05/05/2025 17:00"
    assert due("score", Week(2025, 18), office) == "06/05/2025 12:00"


@pytest.mark.parametrize("week", [Week(2025, number) for number in range(1, 53)])
def test_the_steps_are_due_one_after_the_other_in_every_week(week: Week) -> None:
    office = organisation(
        "A", "01 | Lê An | A | official", days_off="01/05/2025|holiday\n02/05/2025|in_lieu\n05/05/2025|holiday"
    )
    dates = [deadline_of(USUAL, step, week, office, HANOI) for step in STEPS]

    assert dates == sorted(dates)


@pytest.mark.parametrize("text", ["T6 17:00", "t6 17h00", "T6, 17:00"])
def test_a_deadline_is_written_as_offices_write_it(text: str) -> None:
    assert DayAndHour.parse(text) == DayAndHour(4, 17, 0)


@pytest.mark.parametrize("text", ["", "T8 17:00", "T6", "17:00", "T6 24:00", "T6 17:60", "Friday 17:00"])
def test_anything_else_is_no_deadline(text: str) -> None:
    assert DayAndHour.parse(text) is None


def test_after_a_trip_or_a_return_a_form_is_due_later_and_never_earlier() -> None:
    """The week's Friday at 17:00; on the first working day after a trip at the same hour; what comes back within one working day is not late."""
    office = organisation("A", "01 | Lê An | A | official", days_off="09/06/2025 | in_lieu")
    friday = datetime(2025, 6, 6, 17, tzinfo=HANOI)

    def own(trip_until: date | None = None, returned_at: datetime | None = None) -> str:
        return f"{own_deadline(friday, trip_until, returned_at, 1, office):%d %H:%M}"

    assert own() == "06 17:00"
    assert own(trip_until=date(2025, 6, 7)) == "10 17:00"  # the Monday is a day off
    assert own(trip_until=date(2025, 6, 4)) == "06 17:00"
    assert own(returned_at=datetime(2025, 6, 6, 18, tzinfo=HANOI)) == "11 00:00"  # to the end of Tuesday
    assert own(returned_at=datetime(2025, 6, 10, 17, 30, tzinfo=UTC)) == "13 00:00"  # already Wednesday here
    assert own(returned_at=datetime(2025, 6, 3, 8, tzinfo=HANOI)) == "06 17:00"
    assert own(date(2025, 6, 12), datetime(2025, 6, 6, 18, tzinfo=HANOI)) == "13 17:00"
