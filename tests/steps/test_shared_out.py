"""What an office has drawn by several processes at a time is what one would have drawn."""

from __future__ import annotations

from datetime import datetime

from evalxl.domain.weeks import Week
from evalxl.excel.drawing_pool import draw_here, kept_drawing_pool
from evalxl.records.archive import digest_of
from evalxl.steps.close import close
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.outputs.signed_pages import draw_pages, pages_due
from evalxl.steps.outputs.week_outputs import draw_masters
from evalxl.steps.views.week_view import week_view
from tests.examine_here import examine_here
from tests.little_office import LittleOffice

WEEK = Week(2025, 23)


def test_a_week_that_was_shared_out_is_the_same_to_the_byte_when_it_is_made_again_here(made: LittleOffice) -> None:
    office = Office.open(made.folder)
    office.examiner = examine_here
    zone = office.settings.zone
    with kept_drawing_pool(2) as office.drawing_pool:
        issued = issue(office, WEEK, Clock(datetime(2025, 6, 2, 8, tzinfo=zone), "ict"))
        consolidate(office, WEEK, Clock(datetime(2025, 6, 6, 17, 30, tzinfo=zone), "ict"))
        close(office, WEEK, Clock(datetime(2025, 6, 10, 18, tzinfo=zone), "ict"))
    office.drawing_pool = draw_here
    seen = week_view(office, WEEK, datetime(2025, 6, 10).date())
    outgoing = Outgoing(office, WEEK, seen.rules)
    went_out = [event for event in office.ledger.events if event["kind"] == "issued"]
    masters, pages = (
        draw_masters(office, seen, anew=True),
        draw_pages(office, seen, pages_due(seen.view.results, seen.view.unit_results)),
    )

    assert {event["workbook"] for event in went_out} >= {"form", "scoring", "approval"}
    for event in went_out:
        data = outgoing.again(event)
        assert data is not None
        assert digest_of(data) == digest_of(office.absolute(event["path"]).read_bytes()) == event["sha256"]
    assert sum(event["workbook"].endswith("form") for event in went_out) == len(issued.written)
    assert {one.state for one in masters} == {"unchanged"} and len(masters) > 3
    assert {page.file.state for page in pages} == {"unchanged"} and len(pages) > 8
