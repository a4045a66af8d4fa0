"""What a press of a button means where it does not say all: which office, which week, which period.

A button is pressed beside an open workbook, on some day of a week. What is sure is taken from there; nothing is guessed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from evalxl.addin.machine import OFFICE, Machine
from evalxl.addin.protocol import Request, read_text
from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import NoSuchWeekError, Period, Week
from evalxl.excel.peek_stamp import glance
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.settings import FILE, deadline, load_settings
from evalxl.steps.office.office import Office
from evalxl.steps.office.week_summary import is_open


class NoOfficeChosenError(EvalxlError):
    """Nobody has said yet which office the buttons work for."""

    key = "addin.no_office"


class WeekNeededError(EvalxlError):
    """A week is opened again only where it is named: no rule may choose it."""

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

    In this order: the one named in the call (`--office`, else EVALXL_OFFICE), in the request, the one chosen for the buttons; else the office in
    whose own share the open workbook lies, or in whose folder the program was started.

    Raises:
        NoOfficeChosenError: there is none of these.
    """
    if named is not None:
        return named
    if request.office:
        return Path(request.office)
    found = chosen_office(machine) or _office_around(request.workbook)
    if found is None and Path(FILE).is_file():
        found = Path()
    if found is None:
        raise NoOfficeChosenError
    return found


def _office_around(workbook: str) -> Path | None:
    """The office folder that the workbook lies in, where the share is a folder of it: nothing else can be known from a place."""
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

    In this order: the week named in the request; the one that the open workbook is stamped with, but for issuing, which looks ahead; the one
    that the clock says (`week_by_clock`), or where nothing was issued for that one, the newest open week, but for closing, which nobody should
    do to a week unawares; for issuing, this week.

    Raises:
        NoSuchWeekError: the request names no week.
        WeekNeededError: a week is to be opened again, and neither request nor workbook say which.
    """
    if request.week:
        return Week.parse(request.week)
    if request.job == "issue":
        return Week.of(now.astimezone(office.settings.zone).date())
    if (stamped := stamped_week(request.workbook)) is not None:
        return stamped
    if request.job == "reopen":
        raise WeekNeededError
    found = week_by_clock(office, now)
    if request.job != "close" and not office.history.week(found).issues():
        return _newest_open(office) or found
    return found


def _newest_open(office: Office) -> Week | None:
    """The newest week that forms went out for and that is not closed: an office that sets last month right, or tries the program out."""
    newest_first = sorted(office.history.weeks, reverse=True)
    return next((week for week in newest_first if is_open(office, week)), None)


def stamped_week(workbook: str) -> Week | None:
    """The week that a workbook of ours belongs to; None for any other file, and for one that cannot be read now."""
    if not workbook:
        return None
    try:
        text = glance(bytes_of(Path(workbook))).get("week", "")
        return Week.parse(text) if text else None
    except (OSError, ValueError, NoSuchWeekError):
        return None


def week_by_clock(office: Office, now: datetime) -> Week:
    """The week that the office is at work on.

    That is last week as long as it is open and either the time for closing it has not come or nothing was issued for this week yet; else
    this week.
    """
    this = Week.of(now.astimezone(office.settings.zone).date())
    last = this.after(-1)
    gone = office.history.week(last)
    organisation = office.organisation_of(last)
    if organisation is None or not gone.issues() or office.history.is_closed(last):
        return this
    in_time = now <= deadline(office.settings, "close", last, organisation)
    return last if in_time or not office.history.week(this).issues() else this


def period_for(office: Office, request: Request, now: datetime) -> Period:
    """The period of a roll-up: the one named, else the month of the week that is meant.

    Raises:
        NoSuchWeekError: the request names no period.
    """
    if request.period:
        return Period.parse(request.period)
    day = week_for(office, request, now).thursday
    return Period.parse(f"{day.year}-{day.month:02d}")
