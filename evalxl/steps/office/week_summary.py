"""The little that is asked of many weeks gone by: who has a result, which tasks were reported, what was told, what a week goes by, its means, whether
it is closed.

Beside a long ledger it is kept as JSON. A week that has to be gone through for some of it is gone through for all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from evalxl.domain.history.history import History, WeekHistory
from evalxl.domain.week.assigned_tasks import names_reported
from evalxl.domain.week.replies import results_in
from evalxl.domain.week.two_week_history import points_of
from evalxl.domain.weeks import Week

if TYPE_CHECKING:
    from evalxl.steps.office.office import Office


def _points(office: Office, this: WeekHistory) -> list[tuple[str, str, int]]:
    judged = office.judged(this)
    points = points_of(judged) if judged is not None else ()
    return [(one.unit, str(one.total), one.counted) for one in points]


_ASKED: Mapping[str, Callable[[Office, WeekHistory], Any]] = {
    "told": lambda _, this: sorted(this.told()),
    "named": lambda _, this: names_reported(this),
    "results": lambda _, this: results_in(this),
    "goes_by": lambda _, this: [this.organisation, this.rulebook],
    "points": _points,
    "head": lambda _, this: dict(this.head),
    "stands": lambda _, this: [bool(this.issues()), this.closed, bool(this.closings)],
}


def is_open(office: Office, week: Week) -> bool:
    """Whether forms went out for a week and it is not closed, neither by itself nor with its period."""
    is_issued, closed, was_closed = at_a_glance(office, office.history, week, "stands")
    return is_issued and not closed and (was_closed or not office.history.closed_with_period(week))


def standing_of(office: Office, week: Week) -> tuple[bool, bool]:
    """Whether forms went out for a week, and whether it was closed."""
    is_issued, closed, _ = at_a_glance(office, office.history, week, "stands")
    return is_issued, closed


def is_reopened(office: Office, week: Week) -> bool:
    """Whether a week was closed once and is open again."""
    _, closed, was_closed = at_a_glance(office, office.history, week, "stands")
    return bool(was_closed) and not closed


def at_a_glance(office: Office, history: History, week: Week, what: str) -> Any:
    """One of these things of a week as a history has it."""
    mark = office.mark_of(history, week)
    told = office.ledger.kept(week, what, mark) if mark else None
    if told is not None:
        return told
    this = history.week(week)
    if not mark:
        return _ASKED[what](office, this)
    found = glanced(office, this)
    office.ledger.keep(week, mark, found)
    return found[what]


def glanced(office: Office, this: WeekHistory) -> dict[str, Any]:
    """All of it of a week that is at hand, by what it is called."""
    return {name: of(office, this) for name, of in _ASKED.items()}
