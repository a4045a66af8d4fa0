"""The roles in a week of the demo: who forgets, who is late, whose file is spoiled, what is returned to whom.

The usual events of an office happen at least once a week each. They are drawn from a generator seeded by the week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from evalxl.domain.organisation.people import Member, Roster

COPIES = "TH-0003"  # a manager who never changes self scores: over a quarter this becomes a signal for leaders
_ORDINARY = ("official", "employee", "deputy_division_head", "division_head")


@dataclass(frozen=True, slots=True)
class Cast:
    """The roles of one week, by staff code. An empty role is not used.

    Attributes:
        missing: Hands in nothing. `unheard` also hands in nothing, and is scored without a form.
        late: Hands in on Monday.
        draft: Leaves the form at *Đang soạn*. too_high: types a score above the maximum. password: saves the form with a password.
        old_format: Leaves an old `.xls`, renamed, beside the form. twice: leaves a copy of the form beside it.
        newer: Hands in again after the manager has scored.
        returned: Gets the form back from the manager. questioned: the approver returns the manager's row.
        apart: The manager's score is far from the self score.
        adjusted, by_paper: How the approver decides.
        idle_scorers, idle_approver: Have not begun yet, in the week that stays open.
    """

    missing: str
    unheard: str
    late: str
    draft: str
    too_high: str
    password: str
    old_format: str
    twice: str
    newer: str
    returned: str
    questioned: str
    apart: str
    adjusted: str
    by_paper: str
    idle_scorers: tuple[str, ...] = ()
    idle_approver: str = ""


def cast_of(roster: Roster, troubles: Mapping[str, str], stays_open: bool, quiet: bool) -> Cast:
    """The roles of a week.

    Args:
        troubles: People whose weeks go badly. They get no other role.
        stays_open: The week is the last one: some managers and one approver have not begun.
        quiet: Nothing is sent back.
    """
    random = Random(f"{roster.week}/cast")
    pool = [
        member
        for member in roster.members
        if not member.absence and member.rank in _ORDINARY and member.code not in troubles and member.scorer
    ]
    random.shuffle(pool)
    approvers = Counter(member.approver for member in pool if member.approver != member.scorer)
    busiest = [code for code, _ in sorted(approvers.items(), key=lambda item: (-item[1], item[0]))]
    idle_approver = busiest[1] if stays_open and len(busiest) > 1 else ""

    def take(approved_apart: bool = False) -> str:
        """A person without a role yet. If `approved_apart`, a person whose approver is not the scorer."""
        for member in pool:
            apart = member.approver not in (member.scorer, idle_approver)
            if apart or not approved_apart:
                pool.remove(member)
                return member.code
        return ""

    decided = {name: take(approved_apart=True) for name in ("adjusted", "by_paper")}
    sent_back = {name: "" if quiet else take(approved_apart=True) for name in ("questioned", "returned")}
    others = ("missing", "unheard", "late", "draft", "too_high", "password", "old_format", "twice", "newer", "apart")
    played = {**decided, **sent_back, **{name: take() for name in others}}
    return Cast(
        **played,
        idle_scorers=_idle(pool, roster, {*played.values(), *troubles}) if stays_open else (),
        idle_approver=idle_approver,
    )


def _idle(pool: Sequence[Member], roster: Roster, playing: set[str]) -> tuple[str, ...]:
    """Two managers whose teams have no role that needs them; else those with the fewest such roles."""
    busy = Counter(member.scorer for member in roster.members if member.code in playing)
    scorers = sorted({member.scorer for member in pool}, key=lambda code: (busy[code], code))
    return tuple(scorers[:2])


def troubles_of(rosters: Sequence[Roster]) -> list[dict[str, str]]:
    """The people whose weeks go badly, week by week: `both`, `tasks` or `breach` by staff code.

    A story takes two consecutive weeks: one person gets a warning, two others are watched. There is one story at the beginning, one at the
    end, which people look at first, and one every six weeks.
    """
    found: list[dict[str, str]] = [{} for _ in rosters]
    last = len(rosters) - 2
    for start in sorted({0, max(last, 0), *range(6, max(last - 1, 0), 6)}):
        weeks = range(start, min(start + 2, len(rosters)))
        free = [
            member.code
            for member in rosters[start].members
            if member.rank == "official"
            and all(_is_there(rosters[week], member) and member.code not in found[week] for week in weeks)
        ]
        warned, slow, careless = Random(f"{rosters[start].week}/story").sample(free, 3)
        for place, week in enumerate(weeks):
            found[week] |= {warned: "both", slow: "tasks", careless: ("tasks", "breach")[place]}
    return found


def _is_there(roster: Roster, member: Member) -> bool:
    there = roster.member(member.code)
    return there is not None and not there.absence and there.scorer == member.scorer
