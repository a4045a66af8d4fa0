"""The sheet of an approval workbook with the tasks and products behind the rows that are still to be decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE, Task
from evalxl.domain.evaluation.two_week_rule import EffectiveTask, word_on
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import same_words, shown_code
from evalxl.domain.weeks import Week, shown_date
from evalxl.words import Lang, say


def task_view_values(week_history: WeekHistory, rows: Sequence[Result], most: int, lang: Lang) -> dict[str, Any]:
    """The tasks of the rows that are scored and not yet approved, person by person; what needs a look comes first.

    Args:
        most: How many rows the sheet has.
    """
    lines = [line for row in rows for line in _lines(week_history, row, lang)][:most]
    names = ("person", "name", "remark", "task", "said", "product", "cause", "recognised")
    return {f"ev_task_of_{name}": [line[place] for line in lines] for place, name in enumerate(names)}


def _lines(week_history: WeekHistory, row: Result, lang: Lang) -> Iterator[tuple[str, ...]]:
    person = week_history.known(row.code)
    if person is None or person.score is None or person.approval is not None:
        return
    counting = [(task, word_on(task, person.checks)) for task in row.tasks]
    remarked = [(_remarks(task, counts, week_history.week), task, counts) for task, counts in counting]
    for remarks, task, counts in sorted(remarked, key=lambda one: -len(one[0])):
        said = [counts.status]
        if task.due is not None:
            said.append(say("book.due", lang, day=shown_date(task.due)))
        yield (
            shown_code(row.code),
            row.name,
            "; ".join(say(f"task_view.{remark}", lang) for remark in remarks),
            task.name,
            "; ".join(said),
            "\n".join(filter(None, (task.product, task.evidence))),
            task.cause,
            _recognised(person, task),
        )


def _remarks(task: Task, counts: EffectiveTask, week: Week) -> tuple[str, ...]:
    """Why a task needs a look, as keys of the catalogue: important, late or still open past its due date, not recognised."""
    past = task.due is not None and not task.doubtful and task.due <= week.sunday
    remarks = {
        "important": counts.important,
        "late": counts.status == DONE_LATE,
        "overdue": past and counts.status not in (DONE, DONE_LATE),
        "unrecognised": not counts.recognised,
    }
    return tuple(name for name, holds in remarks.items() if holds)


def _recognised(person: PersonWeek, task: Task) -> str:
    """What the manager said of the product; empty where nothing was said."""
    check = person.checks.get(task.key)
    return check.recognised if check is not None and same_words(check.task, task.name) else ""
