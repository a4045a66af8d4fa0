"""The organisation of a week when a step begins: the workbook as it is now, with what the week keeps from its earlier organisation."""

from __future__ import annotations

from datetime import date, datetime

from evalxl.domain.findings import Finding
from evalxl.domain.organisation.in_force import Kept, in_force, say_kept
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week
from evalxl.records.office import organisation_saved_at
from evalxl.steps.office.office import Office


def organisation_for(office: Office, week: Week, rules: RuleBook, today: date) -> tuple[Organisation, list[Finding]]:
    """The organisation of a week from now on. The findings hold the workbook's errors and what the week keeps against the workbook.

    Raises:
        OrganisationHasSlipsError: the workbook has errors that leave no organisation to work with.
    """
    now, slips = office.read_organisation(rules)
    organisation, kept = kept_in(office, week, now, today)
    return organisation, [*slips, *(say_kept(kept, week) for kept in kept)]


def kept_in(office: Office, week: Week, now: Organisation, today: date) -> tuple[Organisation, tuple[Kept, ...]]:
    """The organisation of a week when the workbook says `now`, and what the week keeps from its earlier organisation."""
    week_history = office.history.week(week)
    before = office.organisation_by(week_history.organisation) if week_history.organisation else None
    saved = organisation_saved_at(office.folder)
    saved_on = today if saved is None else min(today, datetime.fromtimestamp(saved, office.settings.zone).date())
    return in_force(now, before, week, saved_on, week_history.with_workbooks())
