"""The organisation on one day: who is in post, who heads which unit, and who stands above whom.

Authority comes from being entered as the head of a unit or as its leader in charge, not from rank. A deputy in charge (*quyền*,
*phụ trách*) decides as a director does. Nobody is above himself: if the derived person is the person himself, it goes one step up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evalxl.domain.names import code_key
from evalxl.domain.organisation.former_codes import codes_now
from evalxl.domain.organisation.people import Organisation, Post, Unit
from evalxl.domain.rulebook import RANKS, RuleBook

BOARD_LEADER, DEPUTY_DIRECTOR = "board_leader", "deputy_director"


def unit_order(organisation: Organisation) -> dict[str, int]:
    """The position of each unit in lists: in the order entered, each followed by the units under it."""
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
    for unit in organisation.units:  # units in a circle of parents have no root
        walk(unit.code)
    return order


def units_under(organisation: Organisation, unit: str) -> set[str]:
    """A unit and all units under it."""
    units = {unit}
    while more := {entry.code for entry in organisation.units if entry.parent in units} - units:
        units |= more
    return units


def authority_above(organisation: Organisation, code: str, day: date, apart_from: str = "") -> str:
    """The next authority above a person: who takes the rows that the person must not decide.

    That is the scorer entered for the person; else, going up the units, the first head or leader in charge above
    the person. Empty if there is nobody.

    Args:
        organisation: The organisation.
        code: The person to look above.
        day: The week's Thursday.
        apart_from: The person whose row it is, who is skipped.
    """
    standing = stand(organisation, day)
    post = standing.posts.get(code)
    if post is None:
        return ""
    entered = [post.scorer] if post.scorer in standing.posts and post.scorer != code else []
    return first_of([*entered, *line_of_authority(standing, post)], apart_from)


def talk_with(organisation: Organisation, code: str, day: date) -> tuple[str, ...]:
    """Who talks with a person under the two-week rule, besides a representative of the office: the head of the person's unit.

    If the person is the head, or the unit has none, it is the leader in charge. For a division without a leader of its own, it is the head
    of the unit above.
    """
    standing = stand(organisation, day)
    post = standing.posts.get(codes_now(organisation).get(code_key(code), code))
    found = first_of(line_of_authority(standing, post), post.code) if post else ""
    return (found,) if found else ()


@dataclass(frozen=True, slots=True)
class OrgStanding:
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]  # by staff code: the posts on the day
    headed: Mapping[str, tuple[Unit, ...]]  # by staff code: the units whose head the person is

    def upwards(self, code: str) -> tuple[Unit, ...]:
        """A unit and the units above it, nearest first. A circle of parents ends where it began."""
        line: list[Unit] = []
        while (unit := self.units.get(code)) and unit not in line:
            line.append(unit)
            code = unit.parent
        return tuple(line)

    def head(self, unit: Unit) -> Post | None:
        return self.posts.get(unit.head)

    def leader(self, unit: Unit) -> Post | None:
        return self.posts.get(unit.leader)


def stand(organisation: Organisation, day: date) -> OrgStanding:
    posts: dict[str, Post] = {}
    for post in organisation.posts:
        if post.on(day) and (post.code not in posts or _height(post) < _height(posts[post.code])):
            posts[post.code] = post  # a person with two posts is evaluated in the highest
    headed: dict[str, tuple[Unit, ...]] = {}
    units = [unit for unit in organisation.units if unit.on(day)]
    for unit in units:
        if unit.head in posts:
            headed[unit.head] = (*headed.get(unit.head, ()), unit)
    return OrgStanding({unit.code: unit for unit in units}, posts, headed)


def _height(post: Post) -> int:
    return RANKS.index(post.rank) if post.rank in RANKS else len(RANKS)


def line_of_authority(standing: OrgStanding, post: Post) -> list[str]:
    """Who stands above a person, nearest first: the unit's head, its leader in charge, the head of the unit above, and so on."""
    line = [code for unit in standing.upwards(post.unit) for code in (unit.head, unit.leader) if code in standing.posts]
    # People before the person's own place in the line are below the person.
    return line[len(line) - line[::-1].index(post.code) :] if post.code in line else line


def departments(standing: OrgStanding, line: Sequence[Unit], rules: RuleBook) -> set[str]:
    """The units of a line that are departments, bureaus or offices: those whose head approves.

    The organisation does not say what kind a unit is. It says who heads it.
    - Headed by a director or a leader of the board, it is one.
    - Headed by a deputy director, it is one too (*phụ trách*), unless it is inside another: a deputy bureau director who heads a
      division is still a deputy there.
    - Headed by anybody else in charge, it is one only if nothing but the board is above it. A division is no department.
    """
    found: set[str] = set()
    for place in reversed(range(len(line))):
        unit = line[place]
        if (head := standing.head(unit)) is None:
            continue
        above = [higher for higher in line[place + 1 :] if not is_board(standing, higher)]
        if head.rank in (BOARD_LEADER, *rules.approval.heads_by_leader_in_charge):
            is_one = True
        elif head.rank == DEPUTY_DIRECTOR:
            is_one = not any(higher.code in found or higher.code == head.unit for higher in above)
        else:
            is_one = not any(standing.head(higher) or standing.leader(higher) for higher in above)
        if is_one:
            found.add(unit.code)
    return found


def is_board(standing: OrgStanding, unit: Unit) -> bool:
    """Whether it is the leaders' own unit, and not a department that a leader heads in addition."""
    head = standing.head(unit)
    return head is not None and head.rank == BOARD_LEADER and head.unit == unit.code


def first_of(codes: Iterable[str], apart_from: str) -> str:
    return next((code for code in codes if code and code != apart_from), "")
