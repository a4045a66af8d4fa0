"""Writing everybody's evaluation form for a month or quarter, if the period's rules rate by ratios."""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.evaluation.work_items import Parts, people_in
from evalxl.domain.history.events import EnteredEvent
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Roster
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.periods.task_ratios import task_lines
from evalxl.forms.kind import PERIOD
from evalxl.records import folders
from evalxl.records.publish import Published, publish
from evalxl.steps.office.office import Office
from evalxl.steps.office.places import place_of, take_former_away

# The decree evaluates by month or by quarter. A year is rated from those.
_MOST_MONTHS = 3


def draw_period_forms(
    office: Office, view: PeriodView, parts: Parts, roster: Roster, last_seq: int, entries: Mapping[str, EnteredEvent]
) -> tuple[Published, ...]:
    """Write the forms.

    Args:
        parts: Everybody's weeks of the period.
        roster: The roster of its last week, with who evaluates and who approves.
        last_seq: The last event of the weeks.
        entries: The entries of the leaders.
    """
    from evalxl.excel.masters.period_form import Evaluated, draw_period_form

    method = view.rules.period.ratios
    first, last = view.period.first, view.period.last
    if method is None or last.month - first.month >= _MOST_MONTHS:
        return ()
    results = {code_key(row.code): row for row in view.results}
    members = {code_key(member.code): member for member in roster.members}
    written = []
    for key, _, mine in people_in(parts):
        row = results[key]
        member, entry = members.get(key), entries.get(key)
        person = Evaluated(
            row=row,
            rating=view.ratings[key],
            lines=task_lines(mine, view.rules, last, method),
            scorer=member.scorer if member else "",
            approver=member.approver if member else "",
            given=entry.lines if entry else {},
            seal=office.ledger.head_after(max(last_seq, entry.seq if entry else 0)),
        )
        path = folders.period_form_path(office.settings, office.folder, view.period, row.unit, row.code)
        path = place_of(office, view.period, path)
        written.append(publish(path, draw_period_form(view, person, method, office.lang, PERIOD), office.keeper))
    take_former_away(office, [published.path for published in written])
    return tuple(written)
