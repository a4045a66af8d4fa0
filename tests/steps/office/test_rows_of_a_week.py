"""A run works out the rows of a week once, and hands them on."""

from __future__ import annotations

from datetime import datetime

from evalxl.domain.history.events import ReturnedEvent
from evalxl.domain.week.week_results import WeekRows
from evalxl.domain.weeks import Week
from evalxl.steps.office.office import Batch, Clock, Office
from tests.little_office import LittleOffice


def test_the_rows_of_a_week_are_worked_out_once_until_the_week_has_another_event(handed_in: LittleOffice) -> None:
    week, office = Week.parse("2025-W23"), Office.open(handed_in.folder)
    organisation, rules = office.organisation_of(week), office.rules_of(week)
    assert organisation is not None
    batch = Batch(office, Clock(datetime(2025, 6, 9, 16, tzinfo=office.settings.zone), "văn phòng"))

    def now() -> WeekRows:
        return office.rows_of(week, office.roster_of(week, organisation, rules), rules)

    first = now()
    assert now() is first

    batch.add(ReturnedEvent(subject="V1-03", by_code="V1-02", stage="score", reason="Bổ sung", source={}), week)

    before, after = ({row.code: row.state for row in rows.people}["V1-03"] for rows in (first, now()))
    assert (before, after) == ("submitted", "returned")
