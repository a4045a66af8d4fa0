"""What a scoring or approval workbook says about delegations: for whom a delegate acts and until when, and why another manager's row is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import Scope, delegates
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week
from evalxl.steps.issue.form_values import say_days
from evalxl.words import Lang, say


def said_of_delegations(
    values: Mapping[str, Any],
    organisation: Organisation,
    week: Week,
    owner: str,
    rows: Sequence[Result],
    scope: Scope,
    today: date,
    lang: Lang,
) -> dict[str, Any]:
    """The owner's title and the states of the rows, with notes about delegations. Empty if there are none.

    Args:
        values: The values of the workbook without these notes.
        today: Decides which delegations apply.
    """
    given = delegates(organisation, week, today, scope)
    said = [_of_row(organisation, week, owner, row, scope, given, lang) for row in rows]
    if not any(said):
        return {}
    states = [_joined(". ", state, text) for state, text in zip(values["ev_row_state"], said, strict=True)]
    givers = dict.fromkeys(_authority(row, scope) for row, text in zip(rows, said, strict=True) if text)
    instead = [
        say(f"book.delegate_{scope}", lang, name=organisation.name_of(entry.giver), code=entry.giver)
        + f" {say_days(entry.first, entry.last, lang)}"
        + (f" ({entry.basis})" if entry.basis else "")
        for giver in givers
        for entry in organisation.delegations
        if entry.giver == giver and code_key(entry.receiver) == code_key(owner) and entry.scope in (scope, "both")
        if entry.first <= today
    ]
    return {"ev_row_state": states, "ev_book_owner_title": _joined("; ", values["ev_book_owner_title"], *instead)}


def _authority(row: Result, scope: Scope) -> str:
    return row.scorer if scope == "score" else row.approver


def _of_row(
    organisation: Organisation, week: Week, owner: str, row: Result, scope: Scope, given: Mapping[str, str], lang: Lang
) -> str:
    """Why the row is in this workbook although somebody else scores or approves the person."""
    authority = _authority(row, scope)
    if not authority or code_key(authority) == code_key(owner):
        return ""
    receiver = given.get(authority, "")
    key = "delegate_row" if code_key(receiver) == code_key(owner) else "next_above" if receiver == row.reports else ""
    return say(f"book.{key}", lang, name=organisation.name_of(authority)) if key else ""


def _joined(between: str, *texts: str) -> str:
    return between.join(text for text in texts if text)
