"""Who stands in whose scoring and approval workbook of a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import delegates, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.week.week_results import reporting
from evalxl.domain.weeks import Week


def teams(
    week_history: WeekHistory, roster: Roster, organisation: Organisation, rows: Mapping[str, Result], today: date
) -> tuple[dict[str, list[Member]], dict[str, list[Member]]]:
    """The rows of each workbook, by scorer and by approver.

    A delegate gets the rows that are still open, in addition to the own team. If scorer and approver are one person, there is one
    sheet and no approval row, unless the row was scored by a delegate who may not approve.
    """
    scored_by: dict[str, list[Member]] = {}
    approved_by: dict[str, list[Member]] = {}
    given_score = delegates(organisation, roster.week, today, "score")
    given_approve = delegates(organisation, roster.week, today, "approve")
    for member in (*roster.members, *reporting(week_history, roster)):
        row = rows[member.code]
        if row.state == "absent":
            continue
        person = week_history.person(member.code)
        if member.scorer:
            scored_by.setdefault(member.scorer, []).append(member)
            instead = stand_in(organisation, member, member.scorer, given_score, roster.week.thursday)
            mine = person.score is not None and code_key(person.score.by_code) == code_key(instead)
            if instead and instead != member.scorer and (person.score is None or mine):
                scored_by.setdefault(instead, []).append(member)
        if member.approver and (code_key(member.approver) != code_key(member.scorer) or _scored_for(person, member)):
            approved_by.setdefault(member.approver, []).append(member)
            instead = stand_in(organisation, member, member.approver, given_approve, roster.week.thursday)
            mine = person.approval is not None and code_key(person.approval.by_code) == code_key(instead)
            if instead and instead != member.approver and (person.approval is None or mine):
                approved_by.setdefault(instead, []).append(member)
    return scored_by, approved_by


def _scored_for(person: PersonWeek, member: Member) -> bool:
    """Whether a delegate scored for a manager who is also the approver. A delegate for scoring alone leaves the approval to the manager."""
    if person.score is None or code_key(person.score.by_code) == code_key(member.approver):
        return False
    return person.approval is None or not person.approval.same_person


def unit_of(organisation: Organisation, owner: str, week: Week, team: Sequence[Member]) -> str:
    """A manager's own unit; if there is none, the unit of the team."""
    post = organisation.post_on(owner, week.thursday)
    return post.unit if post is not None else team[0].unit
