"""Delegations: who acts instead of a scorer or approver, and who may score or approve whom, on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from evalxl.domain.organisation.org_chart import authority_above
from evalxl.domain.organisation.people import Delegation, Member, Organisation
from evalxl.domain.weeks import Week

# In one's own right, by delegation, or as the next authority above when the delegate would decide about himself (without a delegation).
Right = Literal["own", "delegated", "above"]
Scope = Literal["score", "approve"]


def delegates(organisation: Organisation, week: Week, today: date, scope: Scope) -> Mapping[str, str]:
    """The delegations that apply now to a week's rows: from giver to delegate.

    A delegation applies from its first day while it is in force. It also applies later to the weeks that were decided under it, so that
    what the delegate typed on the last day still counts. A week is decided from its Thursday to the Tuesday after it, or to the next working
    day if that Tuesday is a day off. Of two delegations by one person, the one in force today counts, then the one that began last.
    A delegation is not passed on: a delegate's own delegation covers only the delegate's own rows.
    """
    decided = organisation.next_working_day(week.sunday + timedelta(days=2))

    def applies(entry: Delegation) -> bool:
        if entry.scope not in (scope, "both") or entry.giver == entry.receiver or entry.first > today:
            return False
        return entry.last >= today or (entry.first <= decided and entry.last >= week.thursday)

    in_force = [entry for entry in organisation.delegations if applies(entry) and _in_post(organisation, entry, today)]
    in_force.sort(key=lambda entry: (entry.last >= today, entry.first))
    return {entry.giver: entry.receiver for entry in in_force}


def delegates_on(organisation: Organisation, day: date, scope: Scope) -> Mapping[str, str]:
    """The delegations in force on one day, from giver to delegate, for decisions that are not made week by week.

    Of two delegations by one person, the one that began last counts.
    """
    in_force = [
        entry
        for entry in organisation.delegations
        if entry.scope in (scope, "both") and entry.giver != entry.receiver and entry.first <= day <= entry.last
        if _in_post(organisation, entry, day)
    ]
    return {entry.giver: entry.receiver for entry in sorted(in_force, key=lambda entry: entry.first)}


def delegations_of(organisation: Organisation, giver: str, week: Week, scope: Scope) -> tuple[Delegation, ...]:
    """The delegations by `giver` in force on any day from the week's Monday until it is decided, in the order in which they begin."""
    decided = organisation.next_working_day(week.sunday + timedelta(days=2))
    delegations = (
        entry
        for entry in organisation.delegations
        if entry.giver == giver and entry.scope in (scope, "both") and entry.receiver != giver
        if entry.first <= decided and entry.last >= week.monday
    )
    return tuple(sorted(delegations, key=lambda entry: entry.first))


def stand_in(organisation: Organisation, member: Member, authority: str, given: Mapping[str, str], day: date) -> str:
    """Who acts in place of a member's scorer or approver: the delegate. For the delegate's own row it is the next authority above the giver.

    The row of the unit that the delegate heads is the delegate's own row too.

    Empty if nothing is delegated.

    Args:
        organisation: The organisation.
        member: The person or unit of the row.
        authority: The member's scorer or approver.
        given: The delegations that apply, from `delegates`.
        day: The week's Thursday.
    """
    receiver = given.get(authority, "")
    if receiver != member.answers:
        return receiver
    return authority_above(organisation, authority, day, apart_from=member.answers)


def may_score(member: Member, who: str, given: Mapping[str, str], above: str = "") -> Right | None:
    """Whether and how `who` may score a member: in one's own right, by delegation, as the next authority, or not at all. Nobody scores himself.

    Args:
        member: The person or unit of the row.
        who: The person who typed the scores.
        given: The delegations of scope `score` that apply, from `delegates`.
        above: Who takes the row if the delegate is the member (`stand_in`).
    """
    return _right(member, who, member.scorer, given, above)


def may_approve(member: Member, who: str, given: Mapping[str, str], above: str = "") -> Right | None:
    """Whether and how `who` may approve a member's result. As `may_score`, with the delegations of scope `approve`."""
    return _right(member, who, member.approver, given, above)


def _right(member: Member, who: str, authority: str, given: Mapping[str, str], above: str) -> Right | None:
    if not who or who == member.answers or not authority:
        return None
    if who == authority:
        return "own"
    receiver = given.get(authority, "")
    if receiver == member.answers:
        return "above" if who == above else None
    return "delegated" if who == receiver else None


def _in_post(organisation: Organisation, entry: Delegation, today: date) -> bool:
    """Whether the delegate is in a post on the delegation's days up to today."""
    return organisation.post_on(entry.receiver, min(today, entry.last)) is not None
