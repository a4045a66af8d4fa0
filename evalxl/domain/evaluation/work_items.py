"""Pieces of work: what a person did over some weeks, each counted once.

A task that is not completed comes back in next week's form under its name. Over a month it is still one piece of work, and it is as its last week
has it: summed week by week, its quantity and its delay would count as often as it came back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE, Task
from evalxl.domain.evaluation.two_week_rule import EffectiveTask, word_on
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key, folded
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Week

# The rows of some weeks, by people: each part has whole people, and each row its place in its week. So a year of thousands of people is gone through
# without having all of it at hand.
Parts = Iterable[Sequence[tuple[int, Result]]]

# Nothing of a draft, of an invalid form or of an absent or missing person is counted.
REPORTED = frozenset({"submitted", "scored", "returned", "approved", "seen"})


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One piece of work of one person.

    Attributes:
        week: The person's row of the last week in which it was reported.
        task, check: As that week has them.
        word: What counts of it: the manager's word, else the person's.
        share: How much of the person's working weeks it stood for: each reported week is one, in equal parts for every row in it.
        rows: In how many rows it was reported.
    """

    week: Result
    task: Task
    check: Check
    word: EffectiveTask
    share: Decimal
    rows: int

    @property
    def completed(self) -> bool:
        return self.word.status in (DONE, DONE_LATE)


def works_of(weeks: Iterable[Result]) -> list[WorkItem]:
    """The pieces of work of one person.

    The same work under the same name goes on from week to week until it is completed; a name that is reported anew after that is new work, unless
    the form brought it back (the manager said that it was not completed).

    Args:
        weeks: The person's weeks, in order.
    """
    work_items: list[WorkItem] = []
    latest: dict[str, int] = {}
    for week in weeks:
        if week.state not in REPORTED or not week.tasks:
            continue
        part = Decimal(1) / len(week.tasks)
        for task in week.tasks:
            name = f"{folded(task.code)}/{folded(task.name)}"
            check = week.checks.get(task.key, Check())
            place = latest.get(name)
            before = work_items[place] if place is not None else None
            word = word_on(task, week.checks)
            if place is None or before is None or (before.completed and task.origin != "carried"):
                latest[name] = len(work_items)
                work_items.append(WorkItem(week, task, check, word, part, 1))
            else:
                work_items[place] = WorkItem(week, task, check, word, before.share + part, before.rows + 1)
    return work_items


def people_in(parts: Parts) -> Iterator[tuple[str, tuple[Week, int], list[Result]]]:
    """Everybody by staff code without case: where the person comes in the order of weeks and rows, and the person's weeks in order."""
    for part in parts:
        found: dict[str, tuple[tuple[Week, int], list[Result]]] = {}
        for place, row in sorted(part, key=lambda one: (one[1].week, one[0])):
            found.setdefault(code_key(row.code), ((row.week, place), []))[1].append(row)
        for key, (first, mine) in found.items():
            yield key, first, mine
