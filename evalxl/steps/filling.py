"""What is written into the workbooks that go out: identity, prefilled tasks, rows.

Values are by field name; the template knows where they stand. Text that a person typed elsewhere goes out as text and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

from evalxl.domain.early_warnings import word_on
from evalxl.domain.history import Book, History, PersonWeek, WeekHistory
from evalxl.domain.names import code_key, folded
from evalxl.domain.outcome import latest_submission
from evalxl.domain.people import Member, Organisation
from evalxl.domain.results import Result
from evalxl.domain.rulebook import PARTS, RuleBook
from evalxl.domain.scoring import DOING, NOT_DONE, Scores, Task, shown
from evalxl.domain.weeks import Week, shown_date
from evalxl.forms.fields import ADJUST, APPROVE, CAPACITY, NO, NOT_APPROVED, NOT_SCORED, SCORED, YES, Kind
from evalxl.forms.rows import open_names
from evalxl.forms.values import Link, Typed
from evalxl.records.settings import Settings, deadline
from evalxl.steps.judge import booked_values
from evalxl.words import Lang, say


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A task row that is in the form before the person opens it. `origin` is `given`, `carried` or `plan`."""

    name: str
    origin: str
    code: str = ""
    important: bool = False
    due: date | None = None
    complexity: str = ""
    unit_of_measure: str = ""
    assigned: Decimal | None = None

    @property
    def locked(self) -> bool:
        """Name, importance and due date of what the manager gave or what was carried over are locked."""
        return self.origin in ("given", "carried")


def prefilled(history: History, week: Week, code: str) -> tuple[list[Prefilled], int]:
    """The task rows that a person's form begins with, and how many had no room.

    First what the manager gave for this week, then what was left open in the last week that the person reported, then the person's own plan
    of that week. One task stands once, however often it is named.
    """
    rows: list[Prefilled] = []
    names: set[str] = set()

    def add(row: Prefilled) -> None:
        if row.name and folded(row.name) not in names:
            names.add(folded(row.name))
            rows.append(row)

    last = latest_submission(history, week, code)
    for given_week, task in _given(history, week, code):
        if not _reported(history, given_week, week, code, task["name"]):
            due = date.fromisoformat(task["due"]) if task.get("due") else None
            add(Prefilled(task["name"], "given", task.get("code", ""), bool(task.get("important")), due))
    if last is not None:
        this, submission = last
        person = this.person(code)
        for old in submission.tasks:
            word = word_on(old, person.checks)
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
                    )
                )
        for line in submission.plan:
            add(Prefilled(line.name, "plan", line.code, line.important, line.due))
    room = CAPACITY["tasks"]
    return rows[:room], max(0, len(rows) - room)


def _given(history: History, week: Week, code: str) -> Iterator[tuple[Week, Mapping[str, Any]]]:
    """The tasks that managers gave a person for weeks up to this one, in the order of the weeks."""
    for given_week in sorted({Week.parse(entry["for_week"]) for entry in history.assigned.values()}):
        if given_week <= week:
            yield from (
                (given_week, task)
                for task in history.assigned_for(given_week)
                if code_key(task["person"]) == code_key(code)
            )


def _reported(history: History, since: Week, week: Week, code: str, name: str) -> bool:
    """Whether a person has reported on a task since it was given; one that came too late for a week's form stands in the next."""
    for earlier in history.before(week):
        if earlier.week < since:
            return False
        person = earlier.people.get(code_key(code))
        tasks = person.counted.submission.tasks if person is not None and person.counted is not None else ()
        if any(folded(task.name) == folded(name) for task in tasks):
            return True
    return False


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
        **_head("ev_head_", "ev_office_parent", "ev_office_name", "ev_office_contact", "ev_place_date", settings, lang),
        "ev_unit_code": member.unit,
        "ev_unit_name": member.unit_name,
        "ev_week": str(week),
        "ev_week_shown": week.shown(lang),
        "ev_deadline": _due(settings, organisation, week, "self", member.trip_until),
        "ev_last_day": week.sunday,
        "ev_person_code": member.code,
        "ev_person_name": member.name,
        "ev_person_title": member.title or say(f"rank.{member.rank}", lang),
        "ev_person_other_posts": member.other_posts,
        "ev_person_position": _position(organisation, member.position),
        "ev_scorer_name": organisation.name_of(member.scorer) if member.scorer else "",
        "ev_approver_name": organisation.name_of(member.approver) if member.approver else "",
        **_lists(organisation, rules, member.position, lang),
        **task_values(tasks, rules, lang),
    }


def unit_form_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    week: Week,
    unit: str,
    scorer: str,
    lang: Lang,
) -> dict[str, Any]:
    """What a unit's own form says when it goes out."""
    entry = organisation.unit(unit)
    return {
        **_head("ev_head_", "ev_office_parent", "ev_office_name", "ev_office_contact", "ev_place_date", settings, lang),
        "ev_unit_code": unit,
        "ev_unit_name": entry.name if entry else unit,
        "ev_week": str(week),
        "ev_week_shown": week.shown(lang),
        "ev_deadline": _due(settings, organisation, week, "self", None),
        "ev_last_day": week.sunday,
        "ev_scorer_name": organisation.name_of(scorer) if scorer else "",
        **_lists(organisation, rules, "", lang),
    }


def task_values(tasks: Sequence[Prefilled], rules: RuleBook, lang: Lang) -> dict[str, Any]:
    """The prefilled task rows, column by column."""
    if not tasks:
        return {}
    levels = {level.code: level.name(lang) for level in rules.complexity}
    return {
        "ev_task_name": [task.name for task in tasks],
        "ev_task_code": [task.code or None for task in tasks],
        "ev_task_important": [YES if task.important else (NO if task.locked else None) for task in tasks],
        "ev_task_complexity": [levels.get(task.complexity) for task in tasks],
        "ev_task_unit": [task.unit_of_measure or None for task in tasks],
        "ev_task_assigned": [task.assigned for task in tasks],
        "ev_task_due": [task.due for task in tasks],
    }


def _head(
    letterhead: str, parent: str, office: str, contact: str, place: str, settings: Settings, lang: Lang
) -> dict[str, Any]:
    return {
        f"{letterhead}nation": say(f"letterhead.{settings.letterhead}_nation", lang),
        f"{letterhead}motto": say(f"letterhead.{settings.letterhead}_motto", lang),
        parent: settings.parent,
        office: settings.name,
        contact: settings.contact,
        place: say("letterhead.place_date", lang, place=settings.place) if settings.place else "",
    }


def _due(settings: Settings, organisation: Organisation, week: Week, step: Any, trip_until: date | None) -> str:
    due = deadline(settings, step, week, organisation)
    if trip_until is not None and trip_until >= due.date():
        due = due.replace(year=trip_until.year, month=trip_until.month, day=trip_until.day)
        later = organisation.add_working_days(trip_until, 1)
        due = due.replace(year=later.year, month=later.month, day=later.day)
    return f"{due:%H:%M} {shown_date(due.date())}"


def _position(organisation: Organisation, code: str) -> str:
    return next((entry.name for entry in organisation.positions if entry.code == code), code)


def _lists(organisation: Organisation, rules: RuleBook, position: str, lang: Lang) -> dict[str, Any]:
    """The lists that the form offers: task codes of the person's position first, then the others."""
    own = [task for task in organisation.tasks if position and task.position == position]
    others = [task for task in organisation.tasks if task not in own]
    return {
        "ev_list_task_code": [task.code for task in (*own, *others)][: CAPACITY["choices_task_code"]],
        "ev_list_complexity": [level.name(lang) for level in rules.complexity][: CAPACITY["choices_complexity"]],
        "ev_list_coefficient": [level.coefficient for level in rules.complexity][: CAPACITY["choices_complexity"]],
    }


# Scoring and approval workbooks


def _book_head(
    settings: Settings, organisation: Organisation, week: Week, owner: str, step: str, lang: Lang
) -> dict[str, Any]:
    post = organisation.post_on(owner, week.thursday)
    return {
        **_head(
            "ev_book_", "ev_book_parent", "ev_book_office", "ev_book_contact", "ev_book_place_date", settings, lang
        ),
        "ev_book_owner": owner,
        "ev_book_owner_name": organisation.name_of(owner),
        "ev_book_owner_title": post.title if post else "",
        "ev_book_week": str(week),
        "ev_book_week_shown": week.shown(lang),
        "ev_book_deadline": _due(settings, organisation, week, step, None),
    }


def scoring_values(
    settings: Settings,
    organisation: Organisation,
    this: WeekHistory,
    owner: str,
    rows: Sequence[Result],
    links: Mapping[str, Path],
    at: Path,
    lang: Lang,
) -> dict[str, Any]:
    """What a manager's scoring workbook says: a row per person, with what was typed in it so far.

    Args:
        rows: The manager's team, in the order shown.
        links: Each person's form.
        at: Where the workbook will lie, which links are relative to.
    """
    book = this.books.get((Kind.SCORING.value, code_key(owner))) or Book(Kind.SCORING.value, owner)
    values: dict[str, Any] = {
        **_book_head(settings, organisation, this.week, owner, "score", lang),
        "ev_row_person": [row.code for row in rows],
        "ev_row_name": [row.name for row in rows],
        "ev_row_unit": [row.unit for row in rows],
        "ev_row_title": [row.title or say(f"rank.{row.rank}", lang) for row in rows],
        "ev_row_state": [_standing(this.people.get(code_key(row.code)), row, lang) for row in rows],
        **_scores("ev_row_self", [row.self_scores for row in rows]),
        "ev_row_link": [link_to(links.get(row.code), at, say("book.open_form", lang)) for row in rows],
    }
    for name in open_names(Kind.SCORING, "team"):
        values[name] = [_open_cell(book, this, "team", row.code, name) for row in rows]
    values["ev_score_decision"] = [
        _decision(book, "team", row.code, "ev_score_decision", _score_decision(this, row.code)) for row in rows
    ]
    values |= _check_values(book, this, rows, lang)
    for name in open_names(Kind.SCORING, "assignments"):
        typed = {
            int(key): Typed.from_record(cells[name].value)
            for (table, key), cells in book.rows.items()
            if table == "assignments" and name in cells
        }
        if typed:
            values[name] = [typed.get(number) for number in range(max(typed) + 1)]
    return values


def _check_values(book: Book, this: WeekHistory, rows: Sequence[Result], lang: Lang) -> dict[str, Any]:
    pairs = [(row, task) for row in rows for task in row.tasks][: CAPACITY["checks"]]
    values: dict[str, Any] = {
        "ev_check_person": [row.code for row, _ in pairs],
        "ev_check_name": [row.name for row, _ in pairs],
        "ev_check_key": [task.key for _, task in pairs],
        "ev_check_task": [task.name for _, task in pairs],
        "ev_check_said": [_said(task, lang) for _, task in pairs],
        "ev_check_product": [_joined(task.product, task.evidence) for _, task in pairs],
        "ev_check_cause": [task.cause for _, task in pairs],
    }
    for name in open_names(Kind.SCORING, "checks"):
        values[name] = [_check_cell(book, this, row.code, task, name) for row, task in pairs]
    return values


def _check_cell(book: Book, this: WeekHistory, code: str, task: Task, name: str) -> Any:
    typed = book.typed(("checks", f"{code}/{task.key}"), name)
    if typed is not None:
        back = Typed.from_record(typed.value)
        return None if back.blank else back
    check = this.person(code).checks.get(task.key)
    if check is None or check.task != task.name:
        return None
    value = getattr(check, name.removeprefix("ev_check_"))
    return value if value not in ("", None) else None


def approval_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    this: WeekHistory,
    owner: str,
    rows: Sequence[Result],
    lang: Lang,
) -> dict[str, Any]:
    """What an approver's workbook says: a row per person, with what was typed in it so far."""
    book = this.books.get((Kind.APPROVAL.value, code_key(owner))) or Book(Kind.APPROVAL.value, owner)
    values: dict[str, Any] = {
        **_book_head(settings, organisation, this.week, owner, "approve", lang),
        "ev_row_person": [row.code for row in rows],
        "ev_row_name": [row.name for row in rows],
        "ev_row_unit": [row.unit for row in rows],
        "ev_row_title": [row.title or say(f"rank.{row.rank}", lang) for row in rows],
        "ev_row_state": [_standing(this.people.get(code_key(row.code)), row, lang) for row in rows],
        "ev_row_self_total": [row.self_scores.total for row in rows],
        **_scores("ev_row_score", [row.scored for row in rows]),
        "ev_row_band": [
            rules.band_for(total).name(lang) if (total := row.scored.total) is not None else "" for row in rows
        ],
        "ev_row_comment": [_joined(row.comment, row.explanation) for row in rows],
        "ev_row_breach": [row.breach_note if row.breach else "" for row in rows],
        "ev_row_scorer": [organisation.name_of(row.scorer) if row.scorer else "" for row in rows],
        "ev_approve_all": NO,
    }
    for name in open_names(Kind.APPROVAL, "approvals"):
        values[name] = [_open_cell(book, this, "approvals", row.code, name) for row in rows]
    values["ev_approve_decision"] = [_approve_decision(book, this, row.code) for row in rows]
    return values


def _approve_decision(book: Book, this: WeekHistory, code: str) -> Any:
    """The decision as typed; one that was taken on other scores than those shown now has to be taken again."""
    person = this.person(code)
    typed = book.typed(("approvals", code), "ev_approve_decision")
    if typed is not None and person.score is not None:
        issue = book.issues.get(typed.form_id)
        if issue is not None and issue.basis.get(person.code) == person.score.seq:
            return Typed.from_record(typed.value)
    if person.approval is not None and not person.approval.same_person:
        return ADJUST if person.approval.adjusted else APPROVE
    return NOT_APPROVED


def approval_basis(this: WeekHistory, rows: Sequence[Result]) -> dict[str, int]:
    """The score event that each row shows: what an approval of that copy binds to."""
    return {row.code: person.score.seq for row in rows if (person := this.person(row.code)).score is not None}


def versions_shown(this: WeekHistory, rows: Sequence[Result]) -> dict[str, str]:
    """The form that each row of a scoring workbook shows."""
    return {row.code: counted.sha256 for row in rows if (counted := this.person(row.code).counted) is not None}


def _scores(prefix: str, column: Sequence[Scores]) -> dict[str, list[Decimal | None]]:
    return {
        **{f"{prefix}_{part}": [scores.part(part) for scores in column] for part in PARTS},
        f"{prefix}_total": [scores.total for scores in column],
    }


def _open_cell(book: Book, this: WeekHistory, table: str, code: str, name: str) -> Any:
    """An open cell of a person's row: as typed, else as booked (by an earlier scorer), else empty."""
    typed = book.typed((table, code), name)
    if typed is not None:
        back = Typed.from_record(typed.value)
        return None if back.blank else back
    value = booked_values(this.person(code), table).get(name)
    if name == "ev_score_breach" and not value:
        return NO
    return value if value not in ("", None) else None


def _decision(book: Book, table: str, code: str, name: str, otherwise: str) -> Any:
    typed = book.typed((table, code), name)
    back = Typed.from_record(typed.value) if typed is not None else None
    return back if back is not None and not back.blank else otherwise


def _score_decision(this: WeekHistory, code: str) -> str:
    person = this.person(code)
    booked = person.score is not None and person.returned is None and not person.awaits_confirmation
    return SCORED if booked else NOT_SCORED


def _standing(person: PersonWeek | None, row: Result, lang: Lang) -> str:
    """The state in words, with why a row came back or what a manager should know."""
    text = say(f"state.{row.state}", lang)
    if row.state == "absent":
        return text
    if person is None:
        return text
    if person.returned is not None:
        return say(f"book.returned_{person.returned.stage}", lang, reason=person.returned.reason)
    notes = [text]
    if person.awaits_confirmation:
        notes.append(say("book.awaits_confirmation", lang))
    if person.newer is not None:
        notes.append(say("book.newer_version", lang))
    if person.approval is not None and person.approval.adjusted:
        total = person.approval.scores.total
        notes.append(
            say("book.adjusted", lang, total=shown(total) if total is not None else "", opinion=person.approval.opinion)
        )
    return ". ".join(notes)


def _said(task: Task, lang: Lang) -> str:
    parts = [task.standing]
    if task.important:
        parts.append(say("book.important", lang))
    if task.due:
        parts.append(say("book.due", lang, day=shown_date(task.due)))
    return "; ".join(parts)


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def link_to(target: Path | None, at: Path, text: str) -> Any:
    """A link from a workbook to a file, relative where both lie on one share, so that it works however the share is mounted."""
    if target is None:
        return ""
    try:
        relative = os.path.relpath(target, at.parent)
    except ValueError:  # another drive
        relative = str(target)
    return Link(text, PurePath(relative).as_posix())
