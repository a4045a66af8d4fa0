"""The other codes of a person whose code changed, so that any of them can be asked for."""

from __future__ import annotations

from evalxl.domain.errors import EvalxlError
from evalxl.domain.names import code_key
from evalxl.domain.organisation.former_codes import other_codes
from evalxl.domain.organisation.people import Organisation
from evalxl.steps.office.office import Office


def codes_of(office: Office, code: str) -> tuple[str, ...]:
    """The keys of a person's other codes, from the current workbook. If it cannot be read, from the last week of the ledger."""
    organisation = _latest(office)
    return other_codes(organisation).get(code_key(code), ()) if organisation is not None else ()


def _latest(office: Office) -> Organisation | None:
    weeks = sorted(office.history.weeks, reverse=True)
    try:
        return office.read_organisation(office.rules_of(weeks[0]))[0] if weeks else None
    except EvalxlError:
        return next(
            (organisation for week in weeks if (organisation := office.organisation_of(week)) is not None), None
        )
