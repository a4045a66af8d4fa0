"""The office's register of a week: talks, difficulties and proposals, requests for review, and what is written into the workbook.

No typed cell is lost. A row that is carried over keeps what was typed in it in earlier weeks, booked or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from evalxl.domain.evaluation import difficulties
from evalxl.domain.evaluation import review_requests as appeals
from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.follow_ups import FollowUpLine
from evalxl.domain.evaluation.follow_ups import key_of as key_of_talk
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.week_view import Listed, Result, Warning
from evalxl.domain.history.history import History
from evalxl.domain.names import code_key, shown_code, unit_of_subject
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.week.replies import replies, results_of
from evalxl.domain.weeks import Week, shown_date
from evalxl.forms import kinds
from evalxl.forms.fields import YES
from evalxl.forms.kind import capacity, table_named
from evalxl.forms.rows import open_names
from evalxl.records.settings import Settings
from evalxl.steps.booking.register_rows import open_cell, typed_keys
from evalxl.steps.issue.form_values import letterhead
from evalxl.steps.refresh.follow_up_values import talk_values, talks_of
from evalxl.words import Lang, as_read, say


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of a week's register."""

    talks: Sequence[FollowUpLine] = ()
    difficulties: Sequence[DifficultyLine] = ()
    reviews: Sequence[AppealLine] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows that each table of the workbook needs."""
        return {
            "follow_ups": len(self.talks),
            "difficulties": len(self.difficulties),
            "reviews": len(self.reviews),
        }


NO_REGISTER = Register()


def register_of(
    history: History,
    roster: Roster,
    organisation: Organisation,
    warnings: Sequence[Warning],
    rows: Sequence[Result],
    today: date,
) -> Register:
    """The rows of a week's register. None if there is no talk, difficulty or request, and no register was issued before."""
    week = roster.week
    talks = talks_of(history, week, warnings, today)
    lines = difficulties_of(history, week, organisation, rows, touched=typed_keys(history, "difficulties"))
    asked = appeals.lines_of(history.appeals, week, today, touched=typed_keys(history, "reviews"))
    known = any(code_key(key_of_talk(line.warning)) in history.follow_ups for line in talks)
    if not (known or lines or asked or (kinds.FOLLOW_UP.name, "") in history.week(week).books):
        return NO_REGISTER
    return Register(talks, lines, asked)


def difficulties_of(
    history: History,
    week: Week,
    organisation: Organisation,
    rows: Iterable[Result],
    as_of: Week | None = None,
    touched: Iterable[str] = (),
) -> list[DifficultyLine]:
    """The difficulties of a week, grouped.

    Args:
        rows: The week's people and units, in display order.
    """
    lines = difficulties.lines_of(
        history.difficulties, history.difficulties_that_count(), week, as_of=as_of, touched=touched
    )
    return grouped(lines, week, organisation, rows)


def grouped(
    lines: Iterable[DifficultyLine], week: Week, organisation: Organisation, rows: Iterable[Listed]
) -> list[DifficultyLine]:
    """Difficulties by unit, the unit's own first, then by person, difficulties before proposals.

    Args:
        week: The week of the register.
        rows: People and units in display order. If a person has several rows, the last one gives the unit.
    """
    known = {code_key(row.code): row for row in rows}
    people = {code: place for place, code in enumerate(known)}
    units = {unit.code: place for place, unit in enumerate(organisation.units)}
    kinds = list(difficulties.KINDS)
    placed = []
    for line in lines:
        line = _placed(line, week, organisation, known.get(code_key(line.subject)))
        person = people.get(code_key(line.subject), len(people))
        order = (units.get(line.unit, len(units)), bool(line.name), person, code_key(line.subject))
        placed.append(((*order, kinds.index(line.kind), line.weeks[0]), line))
    return [line for _, line in sorted(placed, key=lambda one: one[0])]


def _placed(line: DifficultyLine, week: Week, organisation: Organisation, row: Listed | None) -> DifficultyLine:
    """The difficulty with its unit: the person's unit now. For a person who left, the unit when it was last reported."""
    own = unit_of_subject(line.subject)
    if row is not None:
        return replace(line, unit=row.unit, unit_name=row.unit_name, name="" if own else row.name)
    post = organisation.post_on(line.subject, week.thursday) or organisation.post_on(
        line.subject, line.weeks[-1].thursday
    )
    code = own or (post.unit if post else "")
    unit = organisation.unit(code)
    return replace(
        line,
        unit=code,
        unit_name=unit.name if unit else code,
        name="" if own else organisation.name_of(line.subject),
    )


def register_values(
    settings: Settings, organisation: Organisation, history: History, week: Week, register: Register, lang: Lang
) -> dict[str, Any]:
    """The values of the register: a row per talk, difficulty and request, with what was typed in it so far."""
    letters = letterhead(
        "ev_book_", "ev_book_parent", "ev_book_office", "ev_book_contact", "ev_book_place_date", settings, lang
    )
    return {
        **letters,
        "ev_book_week": str(week),
        "ev_book_week_shown": week.shown(lang),
        **talk_values(organisation, history, week, register.talks[: capacity("follow_ups")], lang),
        **_difficulty_values(history, register.difficulties[: capacity("difficulties")], lang),
        **_review_values(organisation, history, week, register.reviews[: capacity("reviews")], lang),
    }


def _difficulty_values(history: History, lines: Sequence[DifficultyLine], lang: Lang) -> dict[str, Any]:
    if not lines:
        return {}
    values: dict[str, Any] = {
        "ev_difficulty_key": [line.key for line in lines],
        "ev_difficulty_unit": [line.unit_name for line in lines],
        "ev_difficulty_person": [line.subject if line.name else "" for line in lines],
        "ev_difficulty_name": [line.name or say("book.collective", lang) for line in lines],
        "ev_difficulty_kind": [say(f"register.{line.kind}", lang) for line in lines],
        "ev_difficulty_text": [line.text for line in lines],
        "ev_difficulty_weeks": ["\n".join(week.shown(lang) for week in line.weeks) for line in lines],
    }
    for name in open_names(kinds.FOLLOW_UP, "difficulties"):
        values[name] = [open_cell(history, "difficulties", line.key, name, line.answer) for line in lines]
    return values


def _review_values(
    organisation: Organisation, history: History, week: Week, lines: Sequence[AppealLine], lang: Lang
) -> dict[str, Any]:
    if not lines:
        return {}
    units = [bool(unit_of_subject(line.subject)) for line in lines]
    values: dict[str, Any] = {
        "ev_review_person": [shown_code(line.subject) for line in lines],
        **({table_named("reviews").collective: [YES if unit else None for unit in units]} if any(units) else {}),
        "ev_review_name": [organisation.name_of(line.subject) for line in lines],
        "ev_review_unit": [_unit_of(organisation, week, line) for line in lines],
        "ev_review_week": [str(line.week) for line in lines],
        "ev_review_result": _results(history, lines, lang),
        "ev_review_reason": [line.reason for line in lines],
        "ev_review_asked": [
            say("register.asked", lang, day=shown_date(line.asked_on), week=line.asked_in.shown(lang)) for line in lines
        ],
        "ev_review_deadline": [shown_date(line.deadline) for line in lines],
        "ev_review_standing": ["\n".join(_standing(line, lang)) for line in lines],
    }
    for name in open_names(kinds.FOLLOW_UP, "reviews"):
        values[name] = [
            open_cell(
                history,
                "reviews",
                appeals.key_of(line.subject, line.week),
                name,
                line.decision,
            )
            for line in lines
        ]
    return values


def _unit_of(organisation: Organisation, week: Week, line: AppealLine) -> str:
    post = organisation.post_on(line.subject, week.thursday) or organisation.post_on(line.subject, line.week.thursday)
    code = unit_of_subject(line.subject) or (post.unit if post else "")
    unit = organisation.unit(code)
    return unit.name if unit else code


def _results(history: History, lines: Sequence[AppealLine], lang: Lang) -> list[str]:
    """The results for which a review is requested, as they are now."""
    of_week = {week: results_of(history, week)["people"] for week in {line.week for line in lines}}
    found = (of_week[line.week].get(code_key(line.subject), ("", "")) for line in lines)
    return [_result(line.week, total, bool(at), lang) for line, (total, at) in zip(lines, found, strict=True)]


def _result(week: Week, total: str, is_approved: bool, lang: Lang) -> str:
    if not total:
        return week.shown(lang)
    basis = say(f"basis.{'approved' if is_approved else 'scored'}", lang)
    return f"{week.shown(lang)}: {basis} {as_read(total, lang)}"


def _standing(line: AppealLine, lang: Lang) -> Iterable[str]:
    if line.withdrawn:
        yield say("register.withdrawn", lang)
    if line.overdue:
        yield say("register.overdue", lang)
    if line.late:
        yield say("register.late", lang)
    if line.carried:
        yield say("register.carried", lang, week=line.asked_in.shown(lang))


def replies_shown(history: History, week: Week, rows: Iterable[str], lang: Lang) -> dict[str, str]:
    """By code: people's replies to an earlier result, with the week concerned. For scorers and approvers."""
    week_history = history.week(week)
    people = {code: person for code in rows if (person := week_history.known(code)) is not None}
    found = {}
    for code, (text, meant, asks) in replies(history, week, people).items():
        lead = say(
            "register.asks_review" if asks else "register.answers", lang, week=meant.shown(lang) if meant else ""
        )
        found[code] = f"{lead}: {text}" if text and meant else text or (lead if meant else "")
    return found
