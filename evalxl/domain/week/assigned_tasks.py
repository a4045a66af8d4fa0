"""Tasks that managers gave for a week. They stay open until the person reports on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from evalxl.domain.history.history import Event, History, WeekHistory, subject_of
from evalxl.domain.names import code_key, folded, same_words, subject_of_unit
from evalxl.domain.organisation.former_codes import Others
from evalxl.domain.week.walk_back import under_any_code
from evalxl.domain.weeks import Week

GivenTasks = Mapping[str, Sequence[Mapping[str, Any]]]


def given_tasks(
    history: History, week: Week, people: Iterable[str], others: Others = MappingProxyType({})
) -> GivenTasks:
    """By person: the tasks given for weeks up to this one that the person has not reported since, in the order of the weeks.

    A task that was given too late for a week's form goes into the next form.
    """
    codes = {code_key(code): code for code in people}
    named = {other: key for key in codes for other in others.get(key, ())} | {key: key for key in codes}
    hears = under_any_code(history.heard, others)
    found: dict[str, list[tuple[Week, Mapping[str, Any]]]] = {}
    entries = ((Week.parse(entry.for_week), entry.tasks) for entry in history.assigned.values())
    for since, tasks in sorted(entries, key=lambda one: one[0]):
        for task in tasks if since <= week else ():
            if (key := named.get(code_key(task["person"]))) is not None:
                found.setdefault(key, []).append((since, task))
    heard = {key: hears(codes[key]) for key in found}
    # Oldest first: nearly every task is reported in its own week or the next one.
    for earlier in reversed(history.before(week)):
        asked = [key for key, weeks in heard.items() if weeks is None or earlier in weeks]
        asked = [key for key in asked if any(since <= earlier for since, _ in found[key])]
        every = [one for key in asked for one in (key, *others.get(key, ()))]
        names = _names(history, earlier, every) if asked else {}
        for key in asked:
            said = [name for one in (key, *others.get(key, ())) for name in names.get(one, ())]
            found[key] = [
                (since, task) for since, task in found[key] if since > earlier or folded(task["name"]) not in said
            ]
    return {key: [task for _, task in tasks] for key, tasks in found.items()}


def names_given(history: History) -> Mapping[str, Collection[str]]:
    """By code key: the names of all tasks that managers ever gave a person."""
    found: dict[str, list[str]] = {}
    for entry in history.assigned.values():
        for task in entry.tasks:
            found.setdefault(code_key(task["person"]), []).append(task["name"])
    return found


def was_given(name: str, given: Iterable[str]) -> bool:
    """Whether a task is one that a manager gave. Differences in spelling are ignored."""
    return any(same_words(name, one) for one in given)


def rows_given(event: Event, ever_given: Callable[[], Mapping[str, Collection[str]]]) -> list[int]:
    """The task rows of a form whose name, importance and due date the manager decides.

    Older versions also locked carried-over tasks of the person. Correcting those no longer makes a form invalid.
    """
    given: list[int] = list(event.get("given", ()))
    carried = [row for row in given if event["origins"].get(f"{row + 1:02d}") == "carried"]
    if not carried:
        return given
    names, mine = event["values"]["ev_task_name"], ever_given().get(code_key(subject_of(event)), ())
    return [row for row in given if row not in carried or was_given(names[row], mine)]


def _names(history: History, week: Week, people: Iterable[str]) -> Mapping[str, Collection[str]]:
    return history.named(week) if history.named is not None else names_reported(history.week(week), people)


def names_reported(week_history: WeekHistory, people: Iterable[str] | None = None) -> Mapping[str, Collection[str]]:
    """By code key: the names of the tasks that people or units reported in a week, folded so that spelling does not matter.

    Args:
        people: The people whose tasks are wanted; None for everybody.
    """
    everybody = (*week_history.people, *map(subject_of_unit, week_history.units)) if people is None else people
    counted = {key: person_week.counted for key in everybody if (person_week := week_history.known(key)) is not None}
    return {
        key: [folded(task.name) for task in form.submission.tasks] for key, form in counted.items() if form is not None
    }
