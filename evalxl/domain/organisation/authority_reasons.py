"""Why somebody scores or approves a person or a unit: a cell names him, or he is the head or leader in charge of a unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evalxl.domain.names import unit_of_subject
from evalxl.domain.organisation.delegation import Scope, delegates_on
from evalxl.domain.organisation.org_chart import BOARD_LEADER, OrgStanding, stand
from evalxl.domain.organisation.people import Member, Organisation, Post, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week

SCOPES: tuple[Scope, ...] = ("score", "approve")


@dataclass(frozen=True, slots=True)
class Reason:
    """The right to score or approve a person, and its reason.

    Attributes:
        code: Who has the right; empty if nobody can be found.
        key: The catalogue row with the reason.
        unit: The unit that the right comes from, as its head or leader in charge; empty if a cell names the person.
        delegate: Who acts instead on the day; empty if nothing is delegated.
    """

    code: str
    key: str
    unit: str = ""
    delegate: str = ""


@dataclass(frozen=True, slots=True)
class Judges:
    """Who scores and who approves a person or a unit in a week, and why.

    Attributes:
        code: Staff code, or the code of a unit.
        rank: Empty for a unit.
        not_evaluated: A leader of the board, whom nobody scores.
    """

    code: str
    name: str
    unit: str
    unit_name: str
    title: str
    rank: str
    score: Reason
    approve: Reason
    absence: str = ""
    not_evaluated: bool = False


def judges(
    organisation: Organisation, roster: Roster, week: Week, rules: RuleBook, units: Iterable[Member] = ()
) -> Iterator[Judges]:
    """Who scores and approves whom in a week: people in the roster's order, then the units that report, then leaders who are not evaluated."""
    standing = stand(organisation, week.thursday)
    score, approve = (delegates_on(organisation, week.thursday, scope) for scope in SCOPES)
    for member in roster.members:
        post = standing.posts[member.code]
        first = _first(post, standing, rules)
        scores = _reason(standing, post.unit, member.scorer, score, "head", post.scorer, post.scorer)
        approves = _reason(standing, post.unit, member.approver, approve, first, post.approver, post.scorer)
        yield _judges_of(post, member.unit_name, scores, approves, member.absence)
    for one in units:
        code = unit_of_subject(one.code)
        scores, approves = (
            _reason(standing, code, who, given, "leader")
            for who, given in ((one.scorer, score), (one.approver, approve))
        )
        yield Judges(code, one.name, code, one.unit_name, "", "", scores, approves, one.absence)
    evaluated = {member.code for member in roster.members}
    for post in standing.posts.values():
        if post.rank in rules.approval.not_evaluated and post.code not in evaluated:
            unit = standing.units.get(post.unit)
            nobody = Reason("", "why.not_evaluated")
            yield _judges_of(post, unit.name if unit else post.unit, nobody, nobody, not_evaluated=True)


def _judges_of(
    post: Post, unit_name: str, score: Reason, approve: Reason, absence: str = "", not_evaluated: bool = False
) -> Judges:
    return Judges(
        post.code, post.name, post.unit, unit_name, post.title, post.rank, score, approve, absence, not_evaluated
    )


def _first(post: Post, standing: OrgStanding, rules: RuleBook) -> str:
    """Which role approves first: the leader in charge for heads, secretaries and assistants; the head for all others."""
    by_leader = post.rank in rules.approval.others_by_leader_in_charge or post.code in standing.headed
    return "leader" if by_leader else "head"


def _reason(
    standing: OrgStanding,
    unit: str,
    code: str,
    given: Mapping[str, str],
    first: str,
    entered: str = "",
    served: str = "",
) -> Reason:
    """Why `code` has a right over a person or a unit. `entered` is who is entered for the right, `served` who is entered as scorer."""
    delegate = given.get(code, "")
    if not code:
        return Reason("", "why.nobody")
    if code == entered:
        return Reason(code, "why.entered", delegate=delegate)
    if code == served and standing.posts[code].rank == BOARD_LEADER:
        return Reason(code, "why.served", delegate=delegate)
    line = standing.upwards(unit)
    for role in (first, "leader" if first == "head" else "head"):
        for one in line:
            if getattr(one, role) == code:
                return Reason(code, f"why.{role}", one.name, delegate)
    return Reason(code, "why.above", delegate=delegate)
