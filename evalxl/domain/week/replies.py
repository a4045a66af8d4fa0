"""A person's reply to an earlier result (*Ý kiến của người được đánh giá*): the week that it concerns, and until when a review may be requested."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import History, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.week.walk_back import go_back
from evalxl.domain.weeks import Week

Results = Mapping[str, Any]


def latest_word(person: PersonWeek) -> ReceivedEvent | None:
    """The form with the person's current reply. A form that came after scoring changes no score, but its request counts."""
    return person.newer or person.counted


def weeks_meant(history: History, week: Week, said: Mapping[str, str]) -> dict[str, tuple[Week | None, bool]]:
    """By code: the scored week that the reply in a week's form concerns, and whether the person named one.

    None if the person has no result yet.

    Args:
        said: The text in the cell for the week. If it names no week with a result of the person, the last one before the form's week is meant.
    """
    named = {code: one for code, text in said.items() if (one := _named(text)) is not None and one <= week}
    found: dict[str, Week] = {}

    def make(week: Week) -> tuple[Week, Results]:
        return week, results_of(history, week)

    def ask(one: tuple[Week, Results], code: str) -> bool:
        if code_key(code) in one[1]["people"]:
            found[code] = one[0]
        return code in found

    def where(code: str) -> Collection[Week] | None:
        return (named[code],) if code in named else history.heard(code)

    before = history.before(week)
    go_back((week,), make, [code for code in named if named[code] == week], ask)
    go_back(before, make, [code for code in said if code not in found], ask, where)
    # Rare: a person who named a week without a result means the last week with one.
    go_back(before, make, [code for code in named if code not in found], ask, history.heard)
    return {
        code: (found.get(code), not text or (code in named and found.get(code) == named[code]))
        for code, text in said.items()
    }


def results_of(history: History, week: Week) -> Results:
    """The summary of the results of a week, stored if possible."""
    return results_in(history.week(week)) if history.results is None else history.results(week)


def results_in(week_history: WeekHistory) -> Results:
    """The summary of the results of a week, in a form that can be stored.

    - `people`: by code key of everybody with a scored result: the total that counts, and when it was approved
      (empty before approval)
    - `closed`: when the week was closed; empty while it is open
    """
    people = {}
    for person_week in week_history.holders():
        if person_week.score is not None:
            total = (person_week.approval or person_week.score).scores.total
            approved = person_week.approval.at if person_week.approval else ""
            people[code_key(person_week.code)] = ["" if total is None else shown(total), approved]
    return {
        "people": people,
        "closed": week_history.closed_at.isoformat() if week_history.closed and week_history.closed_at else "",
    }


def _named(text: str) -> Week | None:
    try:
        return Week.parse(text)
    except EvalxlError:
        return None


def last_day_to_ask(results: Results, code: str, close: date, days: int, organisation: Organisation) -> date:
    """The last day to request a review of a week's result: `days` working days after the person could know it.

    Args:
        results: The results of the week.
        close: The planned closing day, for a week that is not closed.
    """
    known = datetime.fromisoformat(results["closed"]).date() if results["closed"] else close
    _, approved = results["people"].get(code_key(code), ("", ""))
    if approved:
        known = max(known, datetime.fromisoformat(approved).date())
    return organisation.add_working_days(known, days)


def replies(history: History, week: Week, codes: Mapping[str, PersonWeek]) -> dict[str, tuple[str, Week | None, bool]]:
    """By code: the reply in the form of a week, the week that it concerns, and whether a review is requested."""
    words = {code: word.submission for code, person in codes.items() if (word := latest_word(person)) is not None}
    words = {code: word for code, word in words.items() if word.reply or word.appeal}
    meant = weeks_meant(history, week, {code: word.appeal_week if word.appeal else "" for code, word in words.items()})
    return {code: (word.reply, meant[code][0], word.appeal) for code, word in words.items()}
