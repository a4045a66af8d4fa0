"""Who is evaluated in a week, who scores and who approves: the approval authority of the letter, as far as it can be derived.

Authority comes from being entered as the head of a unit or as its leader in charge, not from rank. A deputy in charge (*quyền*,
*phụ trách*) decides as a director does. What the organisation enters for a person takes precedence over what is derived here. Everything
is evaluated for one day, the week's Thursday. Nobody is above himself: if the derived person is the person himself, it goes one step up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from evalxl.domain.findings import Finding
from evalxl.domain.names import name_key, subject_of_unit
from evalxl.domain.organisation.org_chart import (
    BOARD_LEADER,
    OrgStanding,
    departments,
    first_of,
    is_board,
    line_of_authority,
    stand,
    unit_order,
)
from evalxl.domain.organisation.people import LAST_DAY, Absence, Member, Organisation, Post, Roster, Unit
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week, shown_date


def roster(organisation: Organisation, week: Week, rules: RuleBook) -> tuple[Roster, list[Finding]]:
    """Everybody to be evaluated in a week, each with unit, scorer and approver as they stand on its Thursday.

    A leader of the board without an entered scorer is not evaluated, because the letter names nobody who approves one. In a week without a working
    day (Tết) nobody is evaluated. A person with none of the working days, who joins on the eve of a holiday, is not evaluated either.

    Returns:
        The roster in the order of units and of Vietnamese names, and the reasons why somebody cannot be scored or approved. The findings
        carry staff codes. The reader of the organisation workbook adds their places.
    """
    names = {unit.code: unit.name for unit in reversed(organisation.units)}
    organisation = organisation.on(week.thursday)
    working_days = organisation.working_days(week)
    standing = stand(organisation, week.thursday)
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
        member = _member(organisation, standing, rules, post, names, days[post.code], absences[post.code])
        members.append(member)
        findings += _lacking(standing, post, member, week.thursday)
    order = unit_order(organisation)
    members.sort(key=lambda member: (order.get(member.unit, len(order)), name_key(member.name), member.code))
    place = {member.code: number for number, member in enumerate(members)}
    findings.sort(key=lambda finding: place[finding.code])
    findings += _scorer_cycles(members)
    findings += _unit_findings(standing, members, week.thursday)
    collectives = tuple(_collectives(standing, members, sorted(standing.units, key=lambda code: order[code])))
    return Roster(week, tuple(members), working_days, collectives), findings


def lacking_of_units(collectives: Iterable[Member]) -> Iterator[Finding]:
    """Units with a result of their own that nobody scores."""
    for unit in collectives:
        if not unit.scorer and not unit.absence:
            yield Finding("organisation.unit_no_scorer", code=unit.code, values={"name": unit.name, "unit": unit.unit})


# Deriving scorer and approver.


def _derived_scorer(standing: OrgStanding, post: Post) -> str:
    """The head of the unit; for the head, the leader in charge of it. If that is the person himself or nobody, one step up.

    A division seldom has a leader in charge of its own. Its head is then scored by the head of the unit above, who directly uses him,
    and not by the leader of the board who is in charge of the whole bureau.
    """
    return first_of(line_of_authority(standing, post), post.code)


def _derived_approver(standing: OrgStanding, post: Post, rules: RuleBook) -> str:
    """Who approves if the organisation enters nobody (step 3 of the letter)."""
    line = standing.upwards(post.unit)
    if post.rank in rules.approval.others_by_leader_in_charge:
        return first_of(_above_secretaries(standing, post, line), post.code)
    for unit in (*line[:1], *standing.headed.get(post.code, ())):
        if unit.head == post.code and unit.code in departments(standing, upwards := standing.upwards(unit.code), rules):
            return first_of(_above_heads(standing, upwards), post.code)
    return first_of(_above_all_others(standing, line, rules), post.code)


def _above_heads(standing: OrgStanding, line: Sequence[Unit]) -> Iterator[str]:
    """For the head of a department: the leader in charge of it, searched upwards; else the heads of the units above."""
    yield from _leaders(standing, line)
    yield from (unit.head for unit in line[1:] if standing.head(unit))


def _above_secretaries(standing: OrgStanding, post: Post, line: Sequence[Unit]) -> Iterator[str]:
    """For secretaries and assistants: the leader they serve.

    That is a leader of the board entered as scorer; else the leader in charge of their unit, or the leader who heads it; else the
    heads of the units above.
    """
    served = standing.posts.get(post.scorer)
    if served and served.rank == BOARD_LEADER:
        yield served.code
    yield from _leaders(standing, line)
    yield from (head.code for unit in line if (head := standing.head(unit)) and head.rank == BOARD_LEADER)
    yield from (unit.head for unit in line[1:] if standing.head(unit))


def _above_all_others(standing: OrgStanding, line: Sequence[Unit], rules: RuleBook) -> Iterator[str]:
    """For everybody else: the head of the nearest department, bureau or office upwards.

    If that one has no head at present, its leader in charge takes the head's place.
    """
    approving = departments(standing, line, rules)
    for place, unit in enumerate(line):
        within = any(higher.code in approving and not is_board(standing, higher) for higher in line[place + 1 :])
        leader = standing.leader(unit)
        if unit.code in approving:
            yield unit.head
        elif not standing.head(unit) and not within and leader and leader.rank == BOARD_LEADER:
            yield leader.code
    yield from _leaders(standing, line)


def _leaders(standing: OrgStanding, line: Iterable[Unit]) -> Iterator[str]:
    return (unit.leader for unit in line if standing.leader(unit))


# Units themselves.


def _collectives(standing: OrgStanding, members: Sequence[Member], units: Iterable[str]) -> Iterator[Member]:
    """Each unit with somebody to be evaluated, as a unit that is evaluated itself. The leaders' own unit is left out, because leaders are not evaluated.

    If everybody in a unit is excused for the week, nobody can report for it, so the unit is excused too.
    """
    within: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        within[member.unit].append(member)
    for code in units:
        unit, people = standing.units[code], within[code]
        if not people or is_board(standing, unit):
            continue
        scorer, approver = _unit_authority(standing, unit)
        yield Member(
            code=subject_of_unit(code),
            name=unit.name,
            unit=code,
            unit_name=unit.name,
            title="",
            rank="",
            other_posts="",
            position="",
            scorer=scorer,
            co_scorer="",
            approver=approver,
            absence=people[0].absence if all(member.absence for member in people) else "",
            head=unit.head if standing.head(unit) else "",
        )


def _unit_authority(standing: OrgStanding, unit: Unit) -> tuple[str, str]:
    """Who scores and who approves a unit's own result: the leader in charge of it, searched upwards; never its head.

    If somebody other than a leader of the board is in charge (a deputy director, of a division), the nearest leader of the board in
    charge above approves, as for heads. Only a leader of the board has this authority.
    """
    line = standing.upwards(unit.code)
    scorer = first_of(_above_heads(standing, line), unit.head)
    leaders = [code for code in _leaders(standing, line) if standing.posts[code].rank == BOARD_LEADER]
    return scorer, first_of(leaders, unit.head) or scorer


# One person's week.


def _member(
    organisation: Organisation,
    standing: OrgStanding,
    rules: RuleBook,
    post: Post,
    names: Mapping[str, str],
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
        unit_name=unit.name if unit else names.get(post.unit, post.unit),
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
    """The working days of the week on which each person is in a post. A person who joins on Wednesday has three."""
    days: dict[str, set[date]] = defaultdict(set)
    for post in organisation.posts:
        days[post.code].update(day for day in working_days if post.on(day))
    return {code: sorted(held) for code, held in days.items()}


def _excused(rules: RuleBook, days: Sequence[date], absences: Sequence[Absence]) -> str:
    """The absence kind that excuses the week; empty unless absences cover all the person's working days in it.

    Two consecutive absences may cover them together. The kind is then the one with more of the days.
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
    """The last day of the business trip that covers the person's last working day of the week, including trips that follow directly.

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


# What the office staff have to correct.


def _lacking(standing: OrgStanding, post: Post, member: Member, day: date) -> Iterator[Finding]:
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
    """People who score each other in a circle. Each circle is reported once, at its first person in the roster's order."""
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


def _unit_findings(standing: OrgStanding, members: Sequence[Member], day: date) -> Iterator[Finding]:
    """Units with people to be evaluated in or under them that do not exist on the day, are in a circle, or whose head or leader has left."""
    for code in dict.fromkeys(member.unit for member in members if member.unit not in standing.units):
        yield Finding("organisation.unit_not_in_force", values={"unit": code, "day": shown_date(day)})
    used = {unit.code for member in members for unit in standing.upwards(member.unit)}
    circled: set[str] = set()
    for unit in standing.units.values():
        if unit.code not in used:
            continue
        line = standing.upwards(unit.code)
        if line[-1].parent == unit.code and unit.code not in circled:
            circled |= {unit.code for unit in line}
            shown = " → ".join(one.code for one in (*line, unit))
            yield Finding("organisation.unit_cycle", values={"unit": unit.code, "circle": shown})
        for role, entered in (("@authority.head", unit.head), ("@authority.leader", unit.leader)):
            if entered and entered not in standing.posts:
                values = {"unit": unit.code, "name": unit.name, "role": role, "other": entered, "day": shown_date(day)}
                yield Finding("organisation.unit_authority_left", found=entered, values=values)
