"""Going back through earlier weeks for many people at once, week by week.

A week of thousands of people is large and is folded on demand. So each week is visited once for all people who still need an answer,
and released before the next earlier week is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from types import MappingProxyType
from typing import TypeVar

from evalxl.domain.history.history import History, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.former_codes import Others
from evalxl.domain.weeks import Week

Seen = TypeVar("Seen")
Answer = TypeVar("Answer")
# By staff code: the weeks with any event of the person. A newcomer, or somebody long away, cannot have been evaluated in another week.
# None if that is not known.
Heard = Callable[[str], Collection[Week] | None]


def go_back(
    weeks: Iterable[Week],
    make: Callable[[Week], Seen | None],
    people: Iterable[str],
    ask: Callable[[Seen, str], bool],
    heard: Heard = lambda _: None,
) -> None:
    """Go back week by week until everybody has an answer. A week in which nobody can have one is not made.

    Args:
        weeks: Newest first.
        make: Gives a week; None if there is nothing in it.
        people: Staff codes.
        ask: Notes what a week says about a person. Returns True if that is enough, so earlier weeks are not asked for this person.
    """
    left = {code: heard(code) for code in people}
    for week in weeks:
        if not left:
            return
        asked = [code for code, known in left.items() if known is None or week in known]
        seen = make(week) if asked else None
        if seen is not None:
            for code in asked:
                if ask(seen, code):
                    del left[code]
        del seen  # released before the next one is made


def under_any_code(heard: Heard, others: Others) -> Heard:
    """The weeks with any event of a person, under any of the person's codes."""

    def of(code: str) -> Collection[Week] | None:
        found = [heard(one) for one in (code, *others.get(code_key(code), ()))]
        known = [weeks for weeks in found if weeks is not None]
        return (
            known[0]
            if len(found) == len(known) == 1
            else {*chain.from_iterable(known)}
            if len(found) == len(known)
            else None
        )

    return of if others else heard


def latest(
    history: History,
    week: Week,
    people: Iterable[str],
    says: Callable[[PersonWeek], Answer | None],
    others: Others = MappingProxyType({}),
) -> Mapping[str, tuple[Week, Answer]]:
    """By staff code: the answer of the latest earlier week that has one for the person, and that week. People without an answer are left out.

    Args:
        others: The other codes of people whose code changed.
    """
    found: dict[str, tuple[Week, Answer]] = {}

    def ask(week_history: WeekHistory, code: str) -> bool:
        known = (week_history.known(one) for one in (code, *others.get(code_key(code), ())))
        said = next((answer for person in known if person is not None and (answer := says(person)) is not None), None)
        if said is not None:
            found[code] = (week_history.week, said)
        return said is not None

    go_back(history.before(week), history.week, people, ask, under_any_code(history.heard, others))
    return found
