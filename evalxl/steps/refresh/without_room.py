"""What has no row in the workbooks of a week, because a template has too few.

It follows from the ledger and the office's templates. So the view of the week tells it, in the answer to a run, in masters, status and export alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from evalxl.domain.evaluation.week_view import Result, Warning
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.forms import kinds
from evalxl.forms.kind import capacity
from evalxl.steps.office.capacity import most_rooms
from evalxl.steps.office.office import Office
from evalxl.steps.refresh.register_values import register_of
from evalxl.steps.refresh.teams import teams
from evalxl.steps.refresh.workbook_values import rows_needed


def without_room(
    office: Office,
    roster: Roster,
    organisation: Organisation,
    rows: Sequence[Result],
    warnings: Sequence[Warning],
    today: date,
) -> Iterator[Finding]:
    """Report tasks without a row in a scoring workbook, and rows that the register has no room for. A closed week has no workbooks to draw.

    Args:
        rows: The week's results in the roster's order, then those of the units themselves.
        warnings: The warnings of the two-week rule for the week.
        today: Decides which delegations apply.
    """
    week_history = office.history.week(roster.week)
    if office.history.is_closed(roster.week):
        return
    by_code = {row.code: row for row in rows}
    most = most_rooms(office.folder, office.lang, kinds.SCORING)
    for owner, team in teams(week_history, roster, organisation, by_code, today)[0].items():
        team_rows = [by_code[member.code] for member in team][: most["team"]]
        yield from _of_tasks(owner, most, rows_needed(week_history, owner, team_rows))
    if _may_be_full(office, week_history, warnings):
        register = register_of(office.history, roster, organisation, warnings, rows, today)
        for table, count in register.counts.items():
            if count > capacity(table):
                yield Finding("follow_up.no_room", values={"count": count, "room": capacity(table)})


def _of_tasks(owner: str, most: Mapping[str, int], needed: Mapping[str, int]) -> Iterator[Finding]:
    for table, sheet in (("checks", "tasks"), ("assignments", "assign")):
        if needed[table] > most[table]:
            values = {"count": needed[table], "room": most[table], "part": f"@paper.sheet.{sheet}"}
            yield Finding("book.no_room", code=owner, values=values)


def _may_be_full(office: Office, week_history: WeekHistory, warnings: Sequence[Warning]) -> bool:
    """Whether the office has so many talks, difficulties or requests that its register can be full. It is worked out only then."""
    history = office.history
    told = len(week_history.told()) + len(history.difficulties)
    counts = {
        "follow_ups": len(history.follow_ups) + len(warnings),
        "difficulties": told,
        "reviews": len(history.appeals),
    }
    return any(count > capacity(table) for table, count in counts.items())
