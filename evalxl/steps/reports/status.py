"""The status of a week: the step of each person, who is missing and why, which files have findings, and a paragraph for Monday's briefing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evalxl.domain.evaluation.week_view import STATES, State, WeekView
from evalxl.domain.history.file_count import Count
from evalxl.domain.week.week_counts import Counts, counts_of
from evalxl.domain.weeks import Period, Week
from evalxl.records.backup import LastBackup, last_backup
from evalxl.steps.issue.unknown_workbooks import not_issued, periods_beyond, weeks_beyond
from evalxl.steps.office.office import Office
from evalxl.steps.office.week_organisation import organisation_for
from evalxl.steps.reports.since_closed import SinceClosed, since_closed
from evalxl.steps.views.week_view import week_view


@dataclass(frozen=True, slots=True)
class OfficeStatus:
    """The status of a week.

    Attributes:
        view: Everything that the masters show; None for a week without a working day.
        states: People by state.
        counts: The counts of the week, as on every other page.
        bands: People with a counted total, by band.
        files: The files of the last run that recorded something; None before the first one.
        last_backup: When the office was last backed up, and when that backup was last checked; None if never.
        beyond: Weeks, then periods, with workbooks on the shares that the ledger does not know, because it was restored from an older backup.
        since_closed: Files added, changed or removed in the folders of a closed week since the last run. They do not count.
        organisation_changed: The organisation workbook was changed since the last run, so the next run may move rows.
    """

    week: Week
    view: WeekView | None
    states: Mapping[State, int]
    counts: Counts
    bands: Mapping[str, int]
    organisation_changed: bool = False
    last_backup: LastBackup | None = None
    files: Count | None = None
    beyond: tuple[Week | Period, ...] = ()
    since_closed: tuple[SinceClosed, ...] = ()


def status(office: Office, week: Week, today: date) -> OfficeStatus:
    """The status of a week, from the ledger.

    Raises:
        NotIssuedError, LedgerBehindError: nothing was issued for the week, and it has working days.
    """
    if office.organisation_of(week) is None:
        rules = office.rules_of(week)
        organisation, _ = office.read_organisation(rules)
        if not organisation.working_days(week):
            return OfficeStatus(week, None, {}, Counts(), {})
        raise not_issued(office, week)
    view = week_view(office, week, today).view
    states = Counter(row.state for row in view.results)
    return OfficeStatus(
        week=week,
        view=view,
        states={state: states[state] for state in STATES if states[state]},
        counts=counts_of(view.results),
        bands=Counter(row.band for row in view.results if row.band),
        organisation_changed=_organisation_changed(office, week, today),
        last_backup=_last_backup(office),
        beyond=(*weeks_beyond(office, lately=True, apart=week), *periods_beyond(office, lately=True)),
        files=Count.from_record(counted) if (counted := office.history.week(week).count) else None,
        since_closed=since_closed(office, week) if office.history.is_closed(week) else (),
    )


def _last_backup(office: Office) -> LastBackup | None:
    """When the office was last backed up, and that backup checked, by the office's clock: another machine may have written it."""
    last, zone = last_backup(office.folder), office.settings.zone
    if last is None:
        return None
    return LastBackup(last.made.astimezone(zone), last.checked.astimezone(zone) if last.checked else None)


def _organisation_changed(office: Office, week: Week, today: date) -> bool:
    from evalxl.domain.errors import EvalxlError
    from evalxl.records.office import OrganisationNotReadableError, OrganisationOpenError

    try:
        now, _ = organisation_for(office, week, office.rules_of(week), today)
    except (OrganisationOpenError, OrganisationNotReadableError):
        return False  # unknown until it is saved and closed
    except EvalxlError:
        return True
    return now != office.organisation_by(office.history.week(week).organisation)
