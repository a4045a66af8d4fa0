"""The organisation that a week goes by when a step begins: what the workbook says now, with what the week keeps of what it went by until now."""

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
    """The organisation that a week goes by from now on, with the workbook's slips and what the week keeps although the workbook says otherwise.

    Raises:
        OrganisationHasSlipsError: the workbook has slips that leave no organisation to work with.
    """
    now, slips = office.read_organisation(rules)
    organisation, kept = kept_in(office, week, now, today)
    return organisation, [*slips, *(say_kept(one, week) for one in kept)]


def kept_in(office: Office, week: Week, now: Organisation, today: date) -> tuple[Organisation, tuple[Kept, ...]]:
    """The organisation that a week goes by where the workbook says `now`, and what the week keeps of what it went by until now."""
    this = office.history.week(week)
    before = office.organisation_by(this.organisation) if this.organisation else None
    saved = organisation_saved_at(office.folder)
    saved_on = today if saved is None else min(today, datetime.fromtimestamp(saved, office.settings.zone).date())
    return in_force(now, before, week, saved_on, this.with_workbooks())
