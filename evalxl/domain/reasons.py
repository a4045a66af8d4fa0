"""Why somebody scores or approves a person: the cell that names him, or the unit whose head or leader in charge he is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evalxl.domain.delegation import Scope, delegates_on
from evalxl.domain.people import Organisation, Post, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.standing import BOARD_LEADER, Standing, stand
from evalxl.domain.weeks import Week

SCOPES: tuple[Scope, ...] = ("score", "approve")


@dataclass(frozen=True, slots=True)
class Reason:
    """One right over a person.

    Attributes:
        code: Who has it; empty where nobody can be found.
        key: The catalogue's row that says why.
        unit: The unit whose head or leader in charge that is; empty where a cell names him.
        delegate: Who acts instead on the day; empty where nothing is delegated.
    """

    code: str
    key: str
    unit: str = ""
    delegate: str = ""


@dataclass(frozen=True, slots=True)
class Judges:
    """Who scores and who approves a person in a week, and why; `not_evaluated` for a leader of the board, whom nobody scores."""

    post: Post
    unit_name: str
    score: Reason
    approve: Reason
    absence: str = ""
    not_evaluated: bool = False


def judges(organisation: Organisation, roster: Roster, week: Week, rules: RuleBook) -> Iterator[Judges]:
    """Who scores and approves whom in a week, in the roster's order; then the leaders who are not evaluated."""
    standing = stand(organisation, week.thursday)
    score, approve = (delegates_on(organisation, week.thursday, scope) for scope in SCOPES)
    for member in roster.members:
        post = standing.posts[member.code]
        yield Judges(
            post,
            member.unit_name,
            _reason(standing, post, member.scorer, post.scorer, score, first="head"),
            _reason(standing, post, member.approver, post.approver, approve, first=_first(post, standing, rules)),
            member.absence,
        )
    evaluated = {member.code for member in roster.members}
    for post in standing.posts.values():
        if post.rank in rules.approval.not_evaluated and post.code not in evaluated:
            unit = standing.units.get(post.unit)
            nobody = Reason("", "why.not_evaluated")
            yield Judges(post, unit.name if unit else post.unit, nobody, nobody, not_evaluated=True)


def _first(post: Post, standing: Standing, rules: RuleBook) -> str:
    """Which role approves first: the leader in charge, of heads, secretaries and assistants; the head, of all others."""
    by_leader = post.rank in rules.approval.others_by_leader_in_charge or post.code in standing.headed
    return "leader" if by_leader else "head"


def _reason(standing: Standing, post: Post, code: str, entered: str, given: Mapping[str, str], first: str) -> Reason:
    delegate = given.get(code, "")
    if not code:
        return Reason("", "why.nobody")
    if code == entered:
        return Reason(code, "why.entered", delegate=delegate)
    if code == post.scorer and standing.posts[code].rank == BOARD_LEADER:
        return Reason(code, "why.served", delegate=delegate)
    line = standing.upwards(post.unit)
    for role in (first, "leader" if first == "head" else "head"):
        for unit in line:
            if getattr(unit, role) == code:
                return Reason(code, f"why.{role}", unit.name, delegate)
    return Reason(code, "why.above", delegate=delegate)
