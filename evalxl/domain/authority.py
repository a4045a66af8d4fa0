"""Who is evaluated in a week, who scores and who approves: the approval authority of the letter, as far as it can be derived.

Authority comes from being entered as the head of a unit or as its leader in charge, not from rank: a deputy in charge (*quyền*,
*phụ trách*) decides as a director does. What the organisation enters for a person always goes before what is derived here. All is asked
of one day, the week's Thursday. Nobody stands above himself: who would be oneself goes one step up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from evalxl.domain.findings import Finding
from evalxl.domain.names import name_key
from evalxl.domain.people import LAST_DAY, Absence, Delegation, Member, Organisation, Post, Roster, Unit
from evalxl.domain.rulebook import RANKS, RuleBook
from evalxl.domain.weeks import Week, shown_date

BOARD_LEADER, DEPUTY_DIRECTOR = "board_leader", "deputy_director"

Right = Literal["own", "delegated"]


def roster(organisation: Organisation, week: Week, rules: RuleBook) -> tuple[Roster, list[Finding]]:
    """Everybody to be evaluated in a week, each with unit, scorer and approver as they stand on its Thursday.

    A leader of the board without an entered scorer is not evaluated: the letter names nobody who approves one. A week without a working
    day (Tết) evaluates nobody, and neither does a week in which a person has none of the working days: who joins on the eve of a holiday.

    Returns:
        The roster in the order of units and of Vietnamese names, and what keeps somebody from being scored or approved. The findings
        carry staff codes; their places in the organisation workbook are known to its reader.
    """
    working_days = organisation.working_days(week)
    standing = _stand(organisation, week.thursday)
    days = _days_of_people(organisation, working_days)
    absences: dict[str, list[Absence]] = defaultdict(list)
    for absence in organisation.absences:
        absences[absence.code].append(absence)

    members: list[Member] = []
    findings: list[Finding] = []
    for post in standing.posts.values():
        entered = post.scorer if post.scorer != post.code else ""
        if not days.get(post.code) or (post.rank in rules.approval.not_evaluated and not entered):
            continue
        member = _member(organisation, standing, rules, post, days[post.code], absences[post.code])
        members.append(member)
        findings += _lacking(standing, post, member, week.thursday)
    order = unit_order(organisation)
    members.sort(key=lambda member: (order.get(member.unit, len(order)), name_key(member.name), member.code))
    place = {member.code: number for number, member in enumerate(members)}
    findings.sort(key=lambda finding: place[finding.code])
    findings += _scorer_cycles(members)
    findings += _unit_findings(standing, members, week.thursday)
    return Roster(week, tuple(members), working_days), findings


def unit_order(organisation: Organisation) -> dict[str, int]:
    """Where each unit stands in lists: as the office entered them, each followed by the units under it."""
    known = {unit.code for unit in organisation.units}
    under: dict[str, list[str]] = defaultdict(list)
    for unit in organisation.units:
        under[unit.parent if unit.parent in known else ""].append(unit.code)
    order: dict[str, int] = {}

    def walk(code: str) -> None:
        if code not in order:
            order[code] = len(order)
            for inner in under[code]:
                walk(inner)

    for code in under[""]:
        walk(code)
    for unit in organisation.units:  # units in a circle of parents hang under nothing
        walk(unit.code)
    return order


def authority_above(organisation: Organisation, code: str, day: date, apart_from: str = "") -> str:
    """The next authority above a person: who takes the rows that the person must not decide.

    That is the scorer entered for the person; else, along the line of units upwards, the first head or leader in charge who stands above
    the person. Empty where nobody does.

    Args:
        organisation: Who stands where.
        code: The person to look above.
        day: The week's Thursday.
        apart_from: The person whose row it is, who is passed over.
    """
    standing = _stand(organisation, day)
    post = standing.posts.get(code)
    if post is None:
        return ""
    entered = [post.scorer] if post.scorer in standing.posts and post.scorer != code else []
    return _first([*entered, *_line_of_authority(standing, post)], apart_from)


def talk_with(organisation: Organisation, code: str, day: date) -> tuple[str, ...]:
    """Who, beside a representative of the office, talks with a person under the two-week rule: the head of the person's unit.

    Where the person is the head, or the unit has none, the leader in charge takes the place; for a division without one of its own, the head
    of the unit above.
    """
    standing = _stand(organisation, day)
    post = standing.posts.get(code)
    found = _first(_line_of_authority(standing, post), code) if post else ""
    return (found,) if found else ()


def delegates(
    organisation: Organisation, week: Week, today: date, scope: Literal["score", "approve"]
) -> Mapping[str, str]:
    """The delegations that apply now to a week's rows: who gave, and who acts instead.

    A delegation applies from its first day on: while it is in force, and for the weeks that were decided under it also afterwards, so that
    what the delegate typed on the last day still counts. A week is decided from its Thursday to the Tuesday after it, or to the next working
    day where that Tuesday is a day off. Of two delegations by one person, the one in force today counts, then the one begun last.
    Nothing is handed on: a delegate's own delegation covers only the delegate's own rows.
    """
    decided = organisation.next_working_day(week.sunday + timedelta(days=2))

    def applies(entry: Delegation) -> bool:
        if entry.scope not in (scope, "both") or entry.giver == entry.receiver or entry.first > today:
            return False
        return entry.last >= today or (entry.first <= decided and entry.last >= week.thursday)

    in_force = [entry for entry in organisation.delegations if applies(entry) and _in_post(organisation, entry, today)]
    in_force.sort(key=lambda entry: (entry.last >= today, entry.first))
    return {entry.giver: entry.receiver for entry in in_force}


def stand_in(organisation: Organisation, member: Member, authority: str, given: Mapping[str, str], day: date) -> str:
    """Who acts in place of a member's scorer or approver: the delegate; for the delegate's own row, the next authority above the giver.

    Empty where nothing is delegated.

    Args:
        organisation: Who stands where.
        member: Whose row it is.
        authority: The member's scorer or approver.
        given: The delegations that apply, from `delegates`.
        day: The week's Thursday.
    """
    receiver = given.get(authority, "")
    if receiver != member.code:
        return receiver
    return authority_above(organisation, authority, day, apart_from=member.code)


def may_score(member: Member, who: str, given: Mapping[str, str], above: str = "") -> Right | None:
    """Whether and how somebody may score a member: in the own right, by delegation, or not at all; never oneself.

    Args:
        member: Whose row it is.
        who: Who typed the scores.
        given: The delegations of scope `score` that apply, from `delegates`.
        above: Who takes the row where the delegate is the member (`stand_in`).
    """
    return _right(member, who, member.scorer, given, above)


def may_approve(member: Member, who: str, given: Mapping[str, str], above: str = "") -> Right | None:
    """Whether and how somebody may approve a member's result; as `may_score`, with the delegations of scope `approve`."""
    return _right(member, who, member.approver, given, above)


def _right(member: Member, who: str, authority: str, given: Mapping[str, str], above: str) -> Right | None:
    if not who or who == member.code or not authority:
        return None
    if who == authority:
        return "own"
    receiver = given.get(authority, "")
    acting = above if receiver == member.code else receiver
    return "delegated" if who == acting else None


# The organisation on one day.


@dataclass(frozen=True, slots=True)
class _Standing:
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]  # by staff code: who is in post on the day
    headed: Mapping[str, tuple[Unit, ...]]  # by staff code: the units whose head the person is

    def upwards(self, code: str) -> tuple[Unit, ...]:
        """A unit and the units above it, nearest first; a circle of parents ends where it began."""
        line: list[Unit] = []
        while (unit := self.units.get(code)) and unit not in line:
            line.append(unit)
            code = unit.parent
        return tuple(line)

    def head(self, unit: Unit) -> Post | None:
        return self.posts.get(unit.head)

    def leader(self, unit: Unit) -> Post | None:
        return self.posts.get(unit.leader)


def _stand(organisation: Organisation, day: date) -> _Standing:
    posts: dict[str, Post] = {}
    for post in organisation.posts:
        if post.on(day) and (post.code not in posts or _height(post) < _height(posts[post.code])):
            posts[post.code] = post  # two posts: the person is evaluated by the highest
    headed: dict[str, tuple[Unit, ...]] = {}
    for unit in organisation.units:
        if unit.head in posts:
            headed[unit.head] = (*headed.get(unit.head, ()), unit)
    return _Standing({unit.code: unit for unit in organisation.units}, posts, headed)


def _height(post: Post) -> int:
    return RANKS.index(post.rank) if post.rank in RANKS else len(RANKS)


def _line_of_authority(standing: _Standing, post: Post) -> list[str]:
    """Who stands above a person, nearest first: the unit's head, its leader in charge, the head of the unit above, and so on."""
    line = [code for unit in standing.upwards(post.unit) for code in (unit.head, unit.leader) if code in standing.posts]
    # Whoever is named before the person's own place in the line stands below it.
    return line[len(line) - line[::-1].index(post.code) :] if post.code in line else line


def _departments(standing: _Standing, line: Sequence[Unit], rules: RuleBook) -> set[str]:
    """Which units of a line are departments, bureaus or offices: those whose head approves.

    The organisation does not say what kind a unit is; it says who heads it.
    - Headed by a director or a leader of the board, it is one.
    - Headed by a deputy director, it is one too (*phụ trách*), unless it lies within another: a deputy bureau director who heads a
      division is still a deputy there.
    - Headed by anybody else in charge, it is one only where nothing but the board stands above it: a division is no department.
    """
    found: set[str] = set()
    for place in reversed(range(len(line))):
        unit = line[place]
        if (head := standing.head(unit)) is None:
            continue
        above = [higher for higher in line[place + 1 :] if not _is_board(standing, higher)]
        if head.rank in (BOARD_LEADER, *rules.approval.heads_by_leader_in_charge):
            is_one = True
        elif head.rank == DEPUTY_DIRECTOR:
            is_one = not any(higher.code in found or higher.code == head.unit for higher in above)
        else:
            is_one = not any(standing.head(higher) or standing.leader(higher) for higher in above)
        if is_one:
            found.add(unit.code)
    return found


def _is_board(standing: _Standing, unit: Unit) -> bool:
    """The unit of the leaders themselves; not a department that a leader heads beside the own post."""
    head = standing.head(unit)
    return head is not None and head.rank == BOARD_LEADER and head.unit == unit.code


# Deriving scorer and approver.


def _derived_scorer(standing: _Standing, post: Post) -> str:
    """The head of the unit; for the head, the leader in charge of it; one step up where that is oneself or nobody.

    A division seldom has a leader in charge of its own; its head is then scored by the head of the unit above, who directly uses him,
    and not by the leader of the board who is in charge of the whole bureau.
    """
    return _first(_line_of_authority(standing, post), post.code)


def _derived_approver(standing: _Standing, post: Post, rules: RuleBook) -> str:
    """Who approves where the organisation enters nobody (step 3 of the letter)."""
    line = standing.upwards(post.unit)
    if post.rank in rules.approval.others_by_leader_in_charge:
        return _first(_above_secretaries(standing, post, line), post.code)
    for unit in (*line[:1], *standing.headed.get(post.code, ())):
        if unit.head == post.code and unit.code in _departments(
            standing, upwards := standing.upwards(unit.code), rules
        ):
            return _first(_above_heads(standing, upwards), post.code)
    return _first(_above_all_others(standing, line, rules), post.code)


def _above_heads(standing: _Standing, line: Sequence[Unit]) -> Iterator[str]:
    """For the head of a department: the leader in charge of it, looked for upwards; else the heads of the units above."""
    yield from _leaders(standing, line)
    yield from (unit.head for unit in line[1:] if standing.head(unit))


def _above_secretaries(standing: _Standing, post: Post, line: Sequence[Unit]) -> Iterator[str]:
    """For secretaries and assistants: the leader they serve.

    That is a leader of the board who is entered as scorer; else the leader in charge of their unit, or the leader who heads it; else the
    heads of the units above.
    """
    served = standing.posts.get(post.scorer)
    if served and served.rank == BOARD_LEADER:
        yield served.code
    yield from _leaders(standing, line)
    yield from (head.code for unit in line if (head := standing.head(unit)) and head.rank == BOARD_LEADER)
    yield from (unit.head for unit in line[1:] if standing.head(unit))


def _above_all_others(standing: _Standing, line: Sequence[Unit], rules: RuleBook) -> Iterator[str]:
    """For everybody else: the head of the nearest department, bureau or office upwards.

    Where that one has no head at present, its leader in charge stands in the head's place.
    """
    departments = _departments(standing, line, rules)
    for place, unit in enumerate(line):
        within = any(higher.code in departments and not _is_board(standing, higher) for higher in line[place + 1 :])
        leader = standing.leader(unit)
        if unit.code in departments:
            yield unit.head
        elif not standing.head(unit) and not within and leader and leader.rank == BOARD_LEADER:
            yield leader.code
    yield from _leaders(standing, line)


def _leaders(standing: _Standing, line: Iterable[Unit]) -> Iterator[str]:
    return (unit.leader for unit in line if standing.leader(unit))


def _first(codes: Iterable[str], apart_from: str) -> str:
    return next((code for code in codes if code and code != apart_from), "")


# One person's week.


def _member(
    organisation: Organisation,
    standing: _Standing,
    rules: RuleBook,
    post: Post,
    days: Sequence[date],
    absences: Sequence[Absence],
) -> Member:
    unit = standing.units.get(post.unit)

    def entered(code: str) -> str:
        return code if code in standing.posts and code != post.code else ""

    return Member(
        code=post.code,
        name=post.name,
        unit=post.unit,
        unit_name=unit.name if unit else post.unit,
        title=post.title,
        rank=post.rank,
        other_posts=post.other_posts,
        position=post.position,
        scorer=entered(post.scorer) or _derived_scorer(standing, post),
        co_scorer=entered(post.co_scorer),
        approver=entered(post.approver) or _derived_approver(standing, post, rules),
        absence=_excused(rules, days, absences),
        trip_until=_trip_until(organisation, rules, days, absences),
    )


def _days_of_people(organisation: Organisation, working_days: Sequence[date]) -> dict[str, list[date]]:
    """The working days of the week on which each person is in some post: who joins on Wednesday has three."""
    days: dict[str, set[date]] = defaultdict(set)
    for post in organisation.posts:
        days[post.code].update(day for day in working_days if post.on(day))
    return {code: sorted(held) for code, held in days.items()}


def _excused(rules: RuleBook, days: Sequence[date], absences: Sequence[Absence]) -> str:
    """The absence kind that excuses the week; empty unless absences cover all the person's working days in it.

    Two absences that follow each other cover them together; the kind is then the one with more of the days.
    """
    excusing = {kind.code for kind in rules.absence if kind.excuses}
    count: dict[str, int] = {}
    for day in days:
        kind = next(
            (entry.kind for entry in absences if entry.kind in excusing and entry.first <= day <= entry.last), None
        )
        if kind is None:
            return ""
        count[kind] = count.get(kind, 0) + 1
    return max(count, key=lambda kind: count[kind])


def _trip_until(
    organisation: Organisation, rules: RuleBook, days: Sequence[date], absences: Sequence[Absence]
) -> date | None:
    """The last day of a business trip on which the person's last working day of the week lies, trips that follow at once included.

    `LAST_DAY` for a trip without an end.
    """
    moving = {kind.code for kind in rules.absence if kind.moves_deadline}
    trips = [entry for entry in absences if entry.kind in moving]
    until: date | None = None
    day = days[-1]
    while ends := [trip.last for trip in trips if trip.first <= day <= trip.last]:
        until = max(ends)
        if until == LAST_DAY:
            break
        day = organisation.next_working_day(until + timedelta(days=1))
    return until


def _in_post(organisation: Organisation, entry: Delegation, today: date) -> bool:
    """Whether the delegate still is somebody of the office on the delegation's days up to today."""
    return organisation.post_on(entry.receiver, min(today, entry.last)) is not None


# What the office staff have to put right.


def _lacking(standing: _Standing, post: Post, member: Member, day: date) -> Iterator[Finding]:
    name = {"name": member.name}
    for role, entered in (("@authority.scorer", post.scorer), ("@authority.approver", post.approver)):
        if entered and entered not in standing.posts:
            values = {**name, "role": role, "other": entered, "day": shown_date(day)}
            yield Finding("organisation.authority_left", code=member.code, found=entered, values=values)
    if not member.scorer:
        yield Finding("organisation.no_scorer", code=member.code, values=name)
    if not member.approver:
        yield Finding("organisation.no_approver", code=member.code, values=name)


def _scorer_cycles(members: Sequence[Member]) -> Iterator[Finding]:
    """People who score each other in a circle; each circle once, at its first person in the roster's order."""
    by_code = {member.code: member for member in members}
    seen: set[str] = set()
    for member in members:
        path: list[Member] = []
        at: Member | None = member
        while at is not None and at.code not in seen:
            seen.add(at.code)
            path.append(at)
            at = by_code.get(at.scorer)
        if at in path:
            circle = path[path.index(at) :]
            first = circle.index(min(circle, key=members.index))
            circle = [*circle[first:], *circle[: first + 1]]
            shown = " → ".join(f"{one.name} ({one.code})" for one in circle)
            yield Finding("organisation.cycle", code=circle[0].code, values={"circle": shown})


def _unit_findings(standing: _Standing, members: Sequence[Member], day: date) -> Iterator[Finding]:
    """Units, with somebody to be evaluated in or under them, that lie in a circle or whose head or leader has left."""
    used = {unit.code for member in members for unit in standing.upwards(member.unit)}
    circled: set[str] = set()
    for unit in standing.units.values():
        if unit.code not in used:
            continue
        line = standing.upwards(unit.code)
        if line[-1].parent == unit.code and unit.code not in circled:
            circled |= {one.code for one in line}
            shown = " → ".join(one.code for one in (*line, unit))
            yield Finding("organisation.unit_cycle", values={"unit": unit.code, "circle": shown})
        for role, entered in (("@authority.head", unit.head), ("@authority.leader", unit.leader)):
            if entered and entered not in standing.posts:
                values = {"unit": unit.code, "name": unit.name, "role": role, "other": entered, "day": shown_date(day)}
                yield Finding("organisation.unit_authority_left", found=entered, values=values)
