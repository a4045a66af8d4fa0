"""Going on after a run was broken off, a share that is not the share, a changed password, a clerk who had to wait."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from evalxl.domain.history.events import ClosedEvent
from evalxl.domain.weeks import Week
from evalxl.records.ledger import LedgerBrokenError
from evalxl.steps.close import AlreadyClosedError, NotClosedError, close, reopen
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue, withdraw
from evalxl.steps.office.office import Batch, Clock, Office
from evalxl.steps.office.write_session import ClockSetBackError, at_work
from evalxl.steps.views.week_view import week_view
from tests.little_office import LittleOffice, read, tree
from tests.people import type_into


def a_clock(office: Office, year: int = 2100) -> Clock:
    return Clock(datetime(year, 6, 5, 16, tzinfo=office.settings.zone), "văn phòng")


# Closing that was broken off


def test_closing_that_was_broken_off_is_finished_and_says_so(approved: LittleOffice) -> None:
    """It was recorded, and the machine went down before the masters were drawn."""
    office = Office.open(approved.folder)
    with at_work(office, clock := a_clock(office)):
        batch = Batch(office, clock)
        week = Week.parse("2025-W23")
        batch.add(ClosedEvent(reason="", organisation=office.history.week(week).organisation), week)
        batch.write("2025-W23")
    before = approved.masters()

    said = approved.say("close", "2025-W23")

    assert "bị ngắt" in said and f"{len(before)} tệp" in said, said
    assert all(before[name] != data for name, data in approved.masters().items())
    assert "đã chốt rồi" in approved.say("close", "2025-W23", code=2)


def test_a_master_that_is_missing_of_a_closed_week_is_drawn_by_closing_again(approved: LittleOffice) -> None:
    approved.say("close", "2025-W23")
    (master,) = (approved.share / "2025-W23" / "office").glob("*_tong-hop.xlsx")
    master.unlink()

    approved.say("close", "2025-W23")

    assert master.exists()


def test_a_closed_week_that_lacks_nothing_is_closed_already(approved: LittleOffice) -> None:
    approved.say("close", "2025-W23")
    before = tree(approved.folder)

    with pytest.raises(AlreadyClosedError):
        close(office := Office.open(approved.folder), Week.parse("2025-W23"), a_clock(office, 2101))

    assert before == tree(approved.folder)


# The share


@pytest.mark.parametrize(
    "words", [("consolidate", "2025-W23"), ("issue", "2025-W24"), ("close", "2025-W23"), ("withdraw", "2025-W23")]
)
def test_in_the_empty_place_of_a_share_nothing_is_gone(handed_in: LittleOffice, words: tuple[str, ...]) -> None:
    """The drive is not mounted: its folder is there, and empty."""
    share = handed_in.share.rename(handed_in.folder / "away")
    (handed_in.folder / "shared").mkdir()
    before = tree(handed_in.folder / "ledger")

    said = handed_in.say(*words, code=2)

    assert "kiểm tra kết nối mạng" in said and said.strip().count("\n") == 0, said
    assert before == tree(handed_in.folder / "ledger")
    assert not any((handed_in.folder / "shared").iterdir())
    (handed_in.folder / "shared").rmdir()
    share.rename(handed_in.folder / "shared")
    assert handed_in.consolidate()["events"] == 0


def test_a_share_that_was_cleared_of_its_weeks_is_known_by_its_mark(issued: LittleOffice) -> None:
    shutil.rmtree(issued.share / "2025-W23")

    issued.say("issue", "2025-W24")

    assert "không xóa" in (issued.share / "evalxl.txt").read_text(encoding="utf-8-sig")


def test_a_share_whose_mark_somebody_deleted_is_known_by_its_weeks(issued: LittleOffice) -> None:
    (issued.share / "evalxl.txt").unlink()

    issued.consolidate()
    issued.say("issue", "2025-W24")

    assert (issued.share / "evalxl.txt").exists()


def test_a_new_share_is_accepted_when_somebody_says_so(issued: LittleOffice) -> None:
    shutil.rmtree(issued.share)
    issued.share.mkdir()
    (issued.share / "evalxl.txt").touch()

    issued.say("issue", "2025-W23")

    assert issued.form("V1-03").exists()


# The password


@pytest.mark.parametrize("kind", ["form", "unit form", "scoring workbook"])
def test_under_a_new_password_a_workbook_that_went_missing_is_not_taken_for_filled(
    issued: LittleOffice, kind: str
) -> None:
    """What is stamped again has other bytes then; it is still a workbook that nobody has touched."""
    settings = issued.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("unit_reports = false", "unit_reports = true"), encoding="utf-8")
    if "unit_reports = true" not in settings.read_text(encoding="utf-8"):
        settings.write_text("unit_reports = true\n" + text, encoding="utf-8")
    issued.say("issue", issued.week)
    issued.consolidate()
    paths = {
        "form": issued.form("V1-03"),
        "unit form": next(issued.share.rglob("*_VU1_tap-the.xlsx")),
        "scoring workbook": issued.scoring("V1-02"),
    }
    path = paths[kind]
    path.unlink()
    _with_password(settings, "khác")

    issued.say("issue", issued.week)
    issued.consolidate()
    assert path.exists()
    again = path.read_bytes()
    issued.say("issue", issued.week)
    assert issued.consolidate()["events"] == 0

    assert path.read_bytes() == again
    assert issued.say("withdraw", issued.week, "V1-03")  # nobody has filled it
    assert issued.say("verify")


def _with_password(settings: Path, password: str) -> None:
    text = settings.read_text(encoding="utf-8")
    head, mark, rest = text.partition("[protection]")
    assert mark
    settings.write_text(
        f'{head}{mark}\npassword = "{password}"\n' + rest.replace("password =", "# password =", 1), encoding="utf-8"
    )


def test_newly_given_tasks_come_to_a_form_that_was_stamped_again_under_a_new_password(handed_in: LittleOffice) -> None:
    handed_in.say("issue", "2025-W24")
    form = handed_in.form("V1-03", "2025-W24")
    form.unlink()
    _with_password(handed_in.folder / "office.toml", "khác")
    handed_in.say("issue", "2025-W24")

    type_into(handed_in.scoring("V1-02"), {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Việc mới giao"]})
    handed_in.consolidate("2025-W23")
    handed_in.say("issue", "2025-W24")

    assert "Việc mới giao" in read(form, "ev_task_name")


# Two clerks, and the clock


def test_who_waited_for_the_lock_works_on_what_the_other_one_wrote(handed_in: LittleOffice) -> None:
    """Opened before the other one closed the week: nothing is drawn from yesterday's page."""
    mine = Office.open(handed_in.folder)
    handed_in.say("close", "2025-W23")

    with pytest.raises(AlreadyClosedError):
        close(mine, Week.parse("2025-W23"), a_clock(mine))


def test_a_ledger_that_was_altered_while_somebody_waited_is_not_worked_with(handed_in: LittleOffice) -> None:
    mine = Office.open(handed_in.folder)
    handed_in.say("close", "2025-W23")
    last = max((handed_in.folder / "ledger").iterdir())
    last.write_bytes(last.read_bytes().replace(b"closed", b"opened"))

    with pytest.raises(LedgerBrokenError):
        close(mine, Week.parse("2025-W23"), a_clock(mine))


@pytest.mark.parametrize("step", [issue, close, lambda office, week, clock: withdraw(office, week, "V1-01", clock)])
def test_no_step_writes_with_a_clock_that_is_a_year_behind(
    handed_in: LittleOffice, step: Callable[[Office, Week, Clock], object]
) -> None:
    office = Office.open(handed_in.folder)
    before = tree(handed_in.folder)

    with pytest.raises(ClockSetBackError):
        step(office, Week.parse("2025-W23"), a_clock(office, 2024))

    assert before == tree(handed_in.folder)


def test_an_office_gets_on_after_a_clerk_whose_clock_was_a_year_ahead(handed_in: LittleOffice) -> None:
    """The right clock is refused until somebody says, with a reason, that the entry was wrong; that stands in the ledger."""
    office, week = Office.open(handed_in.folder), Week.parse("2025-W23")
    handed_in.in_time(handed_in.fill("V1-04", self_quality=31), hours=2)
    consolidate(office, week, a_clock(office, 2101))
    with pytest.raises(ClockSetBackError):
        consolidate(office, week, a_clock(office))

    reopen(office, week, a_clock(office), "Đồng hồ của một máy nhanh một năm")

    consolidate(office, week, a_clock(office))
    close(office, week, a_clock(office))
    assert [event["reason"] for event in office.history.week(week).log if event["kind"] == "reopened"] == [
        "Đồng hồ của một máy nhanh một năm"
    ]


def test_a_week_that_a_clock_ahead_closed_is_reopened_by_the_right_one(handed_in: LittleOffice) -> None:
    office, week = Office.open(handed_in.folder), Week.parse("2025-W23")
    close(office, week, a_clock(office, 2101))

    reopen(office, week, a_clock(office), "Đồng hồ của một máy nhanh một năm")

    consolidate(office, week, a_clock(office))
    with pytest.raises(NotClosedError):
        reopen(office, week, a_clock(office), "Không cần")


def test_whoever_reads_along_sees_what_whoever_opens_the_office_now_sees(issued: LittleOffice) -> None:
    week = Week.parse(issued.week)
    along = Office.open(issued.folder)
    before = week_view(along, week, date(2025, 6, 6)).view
    issued.hand_in("V1-03", "V1-04")
    issued.consolidate()

    along.catch_up()

    now = week_view(Office.open(issued.folder), week, date(2025, 6, 6)).view
    assert week_view(along, week, date(2025, 6, 6)).view == now != before
