"""Who is awaited now: the delegate while a delegation is in force, or the person who takes a row that the delegate must not decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from evalxl.domain.evaluation.week_view import Missing, Result
from evalxl.domain.organisation.delegation import delegates_on
from evalxl.domain.organisation.org_chart import authority_above
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week


def with_delegates(
    missing: Iterable[Missing], rows: Iterable[Result], organisation: Organisation, week: Week, today: date
) -> tuple[Missing, ...]:
    """The awaited steps, with the delegate in place of a scorer or approver whose delegation is in force today.

    The delegate's own row waits for the next authority above the person who delegated.
    """
    given = {scope: delegates_on(organisation, today, scope) for scope in ("score", "approve")}
    answers = {row.code: row.reports for row in rows} if any(given.values()) else {}

    def instead(entry: Missing) -> str:
        receiver = given.get(entry.step, {}).get(entry.waits_for, "")
        own = answers.get(entry.code, entry.code)
        if receiver and receiver == own:
            receiver = authority_above(organisation, entry.waits_for, week.thursday, apart_from=own)
        return receiver or entry.waits_for

    return tuple(replace(entry, waits_for=instead(entry)) if entry.step in given else entry for entry in missing)
