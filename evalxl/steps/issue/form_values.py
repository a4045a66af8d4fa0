"""What is written into the workbooks that go out: identity, prefilled tasks, rows.

Values are by field name; the template knows where they stand. Text that a person typed elsewhere goes out as text and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from evalxl.domain.evaluation.plausible import doubt_of
from evalxl.domain.evaluation.scoring import DOING, NOT_DONE, Task
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.history.history import History, PersonWeek
from evalxl.domain.names import code_key, folded
from evalxl.domain.organisation.delegation import Scope, delegations_of
from evalxl.domain.organisation.former_codes import Others
from evalxl.domain.organisation.org_chart import authority_above
from evalxl.domain.organisation.people import LAST_DAY, CatalogueTask, Member, Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.assigned_tasks import given_tasks, names_given, was_given
from evalxl.domain.week.walk_back import latest
from evalxl.domain.weeks import Week, shown_date, shown_moment
from evalxl.forms.fields import NO, YES
from evalxl.forms.kind import capacity
from evalxl.records.settings import Settings, deadline
from evalxl.words import Lang, say


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A task row that is in the form before the person opens it.

    Attributes:
        origin: `given`, `carried`, `plan` or `recurring`.
        by_manager: The manager gave it, now or in an earlier week.
        doubtful: Its due date can hardly be meant, and the manager has not said its state since.
    """

    name: str
    origin: str
    code: str = ""
    important: bool = False
    due: date | None = None
    complexity: str = ""
    unit_of_measure: str = ""
    assigned: Decimal | None = None
    by_manager: bool = False
    doubtful: bool = False

    @property
    def locked(self) -> bool:
        """Name, importance and due date of what the manager gave are locked, also where it is carried over; one's own may be corrected."""
        return self.by_manager


Recurring = Mapping[str, Sequence[CatalogueTask]]  # by staff code: the recurring tasks of the person's position
Prefilling = Mapping[str, tuple[Sequence[Prefilled], int]]


def recurring_tasks(organisation: Organisation, week: Week, members: Iterable[Member]) -> Recurring:
    """By staff code: the tasks of the catalogue that stand in every form of the person's position."""
    by_position: dict[str, list[CatalogueTask]] = {}
    for task in organisation.tasks_on(week.thursday):
        if task.recurring and task.position:
            by_position.setdefault(task.position, []).append(task)
    return {member.code: by_position[member.position] for member in members if member.position in by_position}


def prefilled(
    history: History,
    week: Week,
    people: Collection[str],
    others: Others = MappingProxyType({}),
    recurring: Recurring = MappingProxyType({}),
) -> Prefilling:
    """By staff code: the task rows that people's forms begin with, and how many had no room."""
    last = latest(history, week, people, lambda person: person if person.counted is not None else None, others)
    given = given_tasks(history, week, people, others)
    ever_given = names_given(history)
    return {
        code: _rows(
            last.get(code), given.get(code_key(code), ()), ever_given.get(code_key(code), ()), recurring.get(code, ())
        )
        for code in people
    }


def _rows(
    last: tuple[Week, PersonWeek] | None,
    given: Sequence[Mapping[str, Any]],
    ever_given: Collection[str],
    recurring: Sequence[CatalogueTask] = (),
) -> tuple[list[Prefilled], int]:
    """What one person's form begins with.

    First what the manager gave for this week, then what was left open in the last week that the person reported, then the person's own plan
    of that week, then the recurring tasks of the position. One task stands once, however often it is named.

    Args:
        last: The last week that the person reported; None for a newcomer.
        given: The tasks that managers gave and that the person has not reported yet.
        ever_given: The names of all that managers ever gave the person.
        recurring: Those that nobody touched in the last week are not carried over: they begin anew.
    """
    anew = {folded(task.name) for task in recurring}
    rows: list[Prefilled] = []
    names: set[str] = set()

    def add(row: Prefilled) -> None:
        if row.name and folded(row.name) not in names:
            names.add(folded(row.name))
            rows.append(row)

    for task in given:
        due = date.fromisoformat(task["due"]) if task.get("due") else None
        add(Prefilled(task["name"], "given", task.get("code", ""), bool(task.get("important")), due, by_manager=True))
    if last is not None and last[1].counted is not None:
        submission = last[1].counted.submission
        for old in submission.tasks:
            word = word_on(old, last[1].checks)
            if folded(old.name) in anew and _untouched(old):
                continue
            if word.status in (DOING, NOT_DONE):
                add(
                    Prefilled(
                        old.name,
                        "carried",
                        old.code,
                        word.important,
                        old.due,
                        old.complexity,
                        old.unit_of_measure,
                        old.assigned,
                        by_manager=was_given(old.name, ever_given),
                        doubtful=not word.state_checked and _odd(old, last[0]),
                    )
                )
        for line in submission.plan:
            add(Prefilled(line.name, "plan", line.code, line.important, line.due))
    for task_of_all in recurring:
        measure = task_of_all.unit_of_measure
        add(Prefilled(task_of_all.name, "recurring", task_of_all.code, False, None, task_of_all.complexity, measure))
    room = capacity("tasks")
    return rows[:room], max(0, len(rows) - room)


def _untouched(old: Task) -> bool:
    """Whether nobody wrote anything of a task that stood in the form."""
    return (
        not (old.due or old.important or old.product or old.evidence or old.cause or old.done) and old.status == DOING
    )


def _odd(old: Task, week: Week) -> bool:
    """Whether a task's due date can hardly be meant. What an older version took in was not compared then."""
    if old.due is None:
        return False
    return old.doubtful or (old.origin != "carried" and doubt_of(old.due, week) is not None)


# The personal form


def form_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    week: Week,
    member: Member,
    tasks: Sequence[Prefilled],
    lang: Lang,
) -> dict[str, Any]:
    """What a person's form says when it goes out."""
    return {
        **letterhead(
            "ev_head_", "ev_office_parent", "ev_office_name", "ev_office_contact", "ev_place_date", settings, lang
        ),
        "ev_unit_code": member.unit,
        "ev_unit_name": member.unit_name,
        "ev_week": str(week),
        "ev_week_shown": week.shown(lang),
        "ev_deadline": due_text(settings, organisation, week, "self", member.trip_until),
        "ev_last_day": organisation.last_day(week),
        "ev_person_code": member.code,
        "ev_person_name": member.name,
        "ev_person_title": member.title or say(f"rank.{member.rank}", lang),
        "ev_person_other_posts": member.other_posts,
        "ev_person_position": _position(organisation, member.position),
        "ev_scorer_name": _named(organisation, week, member, "score", lang),
        "ev_approver_name": _named(organisation, week, member, "approve", lang),
        **_lists(organisation, rules, week, member.position, lang),
        **task_values(tasks, rules, lang),
    }


def unit_form_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    week: Week,
    unit: Member,
    tasks: Sequence[Prefilled],
    lang: Lang,
) -> dict[str, Any]:
    """What a unit's own form says when it goes out."""
    return {
        **letterhead(
            "ev_head_", "ev_office_parent", "ev_office_name", "ev_office_contact", "ev_place_date", settings, lang
        ),
        "ev_unit_code": unit.unit,
        "ev_unit_name": unit.name,
        "ev_week": str(week),
        "ev_week_shown": week.shown(lang),
        "ev_deadline": due_text(settings, organisation, week, "self", None),
        "ev_last_day": organisation.last_day(week),
        "ev_scorer_name": _named(organisation, week, unit, "score", lang),
        **_lists(organisation, rules, week, "", lang),
        **task_values(tasks, rules, lang),
    }


def _named(organisation: Organisation, week: Week, member: Member, scope: Scope, lang: Lang) -> str:
    """Who scores or approves, by name; with the delegate, where a delegation is in force while the week is decided."""
    authority = member.scorer if scope == "score" else member.approver
    if not authority:
        return ""
    found = [organisation.name_of(authority)]
    for entry in delegations_of(organisation, authority, week, scope):
        days = say_days(entry.first, entry.last, lang)
        if entry.receiver != member.answers:
            found.append(say("form.delegated_to", lang, name=organisation.name_of(entry.receiver), days=days))
        elif above := authority_above(organisation, authority, week.thursday, apart_from=member.answers):
            found.append(say("form.next_above", lang, name=organisation.name_of(above), days=days))
    return "; ".join(found)


def say_days(first: date, last: date, lang: Lang) -> str:
    """From when to when something holds, as people say it."""
    ends = "open" if last == LAST_DAY else "both"
    return say(f"days.{ends}", lang, first=shown_date(first), last="" if last == LAST_DAY else shown_date(last))


def task_values(tasks: Sequence[Prefilled], rules: RuleBook, lang: Lang) -> dict[str, Any]:
    """The prefilled task rows, column by column."""
    if not tasks:
        return {}
    levels = {level.code: level.name(lang) for level in rules.complexity}
    return {
        "ev_task_name": [task.name for task in tasks],
        "ev_task_code": [task.code or None for task in tasks],
        "ev_task_important": [YES if task.important else (None if task.origin == "plan" else NO) for task in tasks],
        "ev_task_complexity": [levels.get(task.complexity) for task in tasks],
        "ev_task_unit": [task.unit_of_measure or None for task in tasks],
        "ev_task_assigned": [task.assigned for task in tasks],
        "ev_task_due": [task.due for task in tasks],
    }


def letterhead(
    letterhead: str, parent: str, office: str, contact: str, place: str, settings: Settings, lang: Lang
) -> dict[str, Any]:
    return {
        f"{letterhead}nation": say(f"letterhead.{settings.letterhead}_nation", lang),
        f"{letterhead}motto": say(f"letterhead.{settings.letterhead}_motto", lang),
        parent: settings.parent.upper(),
        office: settings.name.upper(),
        contact: settings.contact,
        place: say("letterhead.place_date", lang, place=settings.place) if settings.place else "",
    }


def due_text(settings: Settings, organisation: Organisation, week: Week, step: Any, trip_until: date | None) -> str:
    due = deadline(settings, step, week, organisation)
    if trip_until is not None and trip_until >= due.date():
        due = due.replace(year=trip_until.year, month=trip_until.month, day=trip_until.day)
        later = organisation.add_working_days(trip_until, 1)
        due = due.replace(year=later.year, month=later.month, day=later.day)
    return shown_moment(due)


def _position(organisation: Organisation, code: str) -> str:
    return next((entry.name for entry in organisation.positions if entry.code == code), code)


def _lists(organisation: Organisation, rules: RuleBook, week: Week, position: str, lang: Lang) -> dict[str, Any]:
    """The lists that the form offers: task codes of the person's position first, then the others; the weeks before."""
    catalogue = organisation.tasks_on(week.thursday)
    own = [task for task in catalogue if position and task.position == position]
    others = [task for task in catalogue if task not in own]
    return {
        "ev_list_task_code": [task.code for task in (*own, *others)],
        "ev_list_complexity": [level.name(lang) for level in rules.complexity],
        "ev_list_week": [str(week.after(-back)) for back in range(1, capacity("choices_week") + 1)],
        "ev_list_coefficient": [level.coefficient for level in rules.complexity],
    }


_LISTS = {
    "ev_list_task_code": "choices_task_code",
    "ev_list_complexity": "choices_complexity",
    "ev_list_coefficient": "choices_complexity",
}


def within(values: Mapping[str, Any], rooms: Mapping[str, int]) -> dict[str, Any]:
    """The same values, with lists no longer than the form has room for. What they leave out is reported by `check` and `issue`.

    Args:
        rooms: The number of rows of each list of the template, by its table.
    """
    cut = {name: values[name][: rooms[table]] for name, table in _LISTS.items() if table in rooms and name in values}
    return {**values, **cut}
