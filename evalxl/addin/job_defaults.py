"""Finds the office, week and period of a job if the request does not name them.

They are taken from the open workbook and the date, if these are certain. Nothing is guessed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from evalxl.addin.machine import OFFICE, Machine
from evalxl.addin.protocol import Request, read_text
from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import NoSuchWeekError, Period, Week
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.settings import FILE, deadline, load_settings
from evalxl.steps.office.office import Office
from evalxl.steps.office.week_summary import is_open


class NoOfficeChosenError(EvalxlError):
    """No office has been chosen for the buttons yet."""

    key = "addin.no_office"


class WeekNeededError(EvalxlError):
    """A week to be opened again must be named: no rule may choose it."""

    key = "addin.week_needed"


def chosen_office(machine: Machine) -> Path | None:
    """The office folder that was chosen for the buttons on this machine."""
    try:
        text = read_text(machine.addin_home / OFFICE).strip()
    except (OSError, ValueError):
        return None
    return Path(text) if text else None


def office_for(named: Path | None, request: Request, machine: Machine) -> Path:
    """The office folder of a job.

    In this order: the folder named in the call (`--office`, else EVALXL_OFFICE), in the request, the one chosen for the buttons; then the office
    whose own share holds the open workbook, or in whose folder the program was started.

    Raises:
        NoOfficeChosenError: none of these exists.
    """
    if named is not None:
        return named
    if request.office:
        return Path(request.office)
    office = chosen_office(machine) or _office_around(request.workbook)
    if office is None and Path(FILE).is_file():
        office = Path()
    if office is None:
        raise NoOfficeChosenError
    return office


def _office_around(workbook: str) -> Path | None:
    """The office folder around a workbook, if the share is inside the office folder. A path tells nothing more."""
    path = Path(workbook)
    if not workbook or not path.is_absolute():
        return None
    for folder in path.parents:
        if (folder / FILE).is_file():
            try:
                settings = load_settings(folder)
            except EvalxlError:
                return folder
            return folder if any(path.is_relative_to(root) for root in folders.roots(settings, folder)) else None
    return None


def week_for(office: Office, request: Request, now: datetime) -> Week:
    """The week of a job.

    First the week named in the request. Otherwise issuing takes this week. Other jobs take the week in the open workbook's stamp,
    else `week_by_clock`. If nothing was issued for that week, they take the newest open week; closing does not, since nobody should
    close a week without knowing it.

    Raises:
        NoSuchWeekError: the request names an invalid week.
        WeekNeededError: a week is to be opened again, and neither request nor workbook names it.
    """
    if request.week:
        return Week.parse(request.week)
    if request.job == "issue":
        return Week.of(now.astimezone(office.settings.zone).date())
    if (stamped := stamped_week(request.workbook)) is not None:
        return stamped
    if request.job == "reopen":
        raise WeekNeededError
    week = week_by_clock(office, now)
    if request.job != "close" and not office.history.week(week).issues():
        return _newest_open(office) or week
    return week


def _newest_open(office: Office) -> Week | None:
    """The newest issued week that is not closed, for an office that corrects last month or tries the program out."""
    newest_first = sorted(office.history.weeks, reverse=True)
    return next((week for week in newest_first if is_open(office, week)), None)


def stamped_week(workbook: str) -> Week | None:
    """The week of a workbook written by evalxl; None for any other file and for one that cannot be read now."""
    if not workbook:
        return None
    try:
        text = peek_stamp(bytes_of(Path(workbook))).get("week", "")
        return Week.parse(text) if text else None
    except (OSError, ValueError, NoSuchWeekError):
        return None


def week_by_clock(office: Office, now: datetime) -> Week:
    """The week that the office is working on.

    That is last week while it is open, if its closing deadline has not passed or nothing was issued for this week yet. Otherwise it is
    this week.
    """
    this_week = Week.of(now.astimezone(office.settings.zone).date())
    last_week = this_week.after(-1)
    gone = office.history.week(last_week)
    organisation = office.organisation_of(last_week)
    if organisation is None or not gone.issues() or office.history.is_closed(last_week):
        return this_week
    in_time = now <= deadline(office.settings, "close", last_week, organisation)
    return last_week if in_time or not office.history.week(this_week).issues() else this_week


def period_for(office: Office, request: Request, now: datetime) -> Period:
    """The period of a roll-up: the one in the request, else the month of `week_for`.

    Raises:
        NoSuchWeekError: the request names an invalid period.
    """
    if request.period:
        return Period.parse(request.period)
    day = week_for(office, request, now).thursday
    return Period.parse(f"{day.year}-{day.month:02d}")
