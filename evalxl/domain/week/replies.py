"""What a person answers to an earlier result (*Ý kiến của người được đánh giá*): of which week it speaks, and when a review may be asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.history.history import History, PersonWeek, Received, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.week.walk_back import go_back
from evalxl.domain.weeks import Week

Results = Mapping[str, Any]


def latest_word(person: PersonWeek) -> Received | None:
    """The form that says what the person answers now: one that came after scoring changes no score, but what it asks is heard."""
    return person.newer or person.counted


def weeks_meant(history: History, week: Week, said: Mapping[str, str]) -> dict[str, tuple[Week | None, bool]]:
    """By code: the week whose result the form of a week speaks of, and whether what the person wrote names one.

    That is one that was scored. None where the person has no result yet.

    Args:
        said: What stands in the cell for the week. Where it names no week with a result of the person, the last one before the form's is meant.
    """
    named = {code: one for code, text in said.items() if (one := _named(text)) is not None and one <= week}
    found: dict[str, Week] = {}

    def make(one: Week) -> tuple[Week, Results]:
        return one, results_of(history, one)

    def ask(one: tuple[Week, Results], code: str) -> bool:
        if code_key(code) in one[1]["people"]:
            found[code] = one[0]
        return code in found

    def where(code: str) -> Collection[Week] | None:
        return (named[code],) if code in named else history.heard(code)

    before = history.before(week)
    go_back((week,), make, [code for code in named if named[code] == week], ask)
    go_back(before, make, [code for code in said if code not in found], ask, where)
    # Seldom: whoever named a week without a result means the last one with one.
    go_back(before, make, [code for code in named if code not in found], ask, history.heard)
    return {
        code: (found.get(code), not text or (code in named and found.get(code) == named[code]))
        for code, text in said.items()
    }


def results_of(history: History, week: Week) -> Results:
    """What is asked of the results of a week, as it is kept."""
    return results_in(history.week(week)) if history.results is None else history.results(week)


def results_in(this: WeekHistory) -> Results:
    """What is asked of the results of a week, so that it can be kept.

    - `people`: by staff code without case, of everybody who has a result because it was scored, the total that counts and when it was approved,
      which is empty before that
    - `closed`: when the week was closed; empty as long as it is open
    """
    people = {}
    for one in this.holders():
        if one.score is not None:
            total = (one.approval or one.score).scores.total
            approved = one.approval.at.isoformat() if one.approval else ""
            people[code_key(one.code)] = ["" if total is None else shown(total), approved]
    return {"people": people, "closed": this.closed_at.isoformat() if this.closed and this.closed_at else ""}


def _named(text: str) -> Week | None:
    try:
        return Week.parse(text)
    except EvalxlError:
        return None


def last_day_to_ask(results: Results, code: str, close: date, days: int, organisation: Organisation) -> date:
    """Until when a review of a week's result may be asked for: so many working days after the person could know it.

    Args:
        results: Those of the week.
        close: The day on which the week was to be closed, for a week that is not closed.
    """
    known = datetime.fromisoformat(results["closed"]).date() if results["closed"] else close
    _, approved = results["people"].get(code_key(code), ("", ""))
    if approved:
        known = max(known, datetime.fromisoformat(approved).date())
    return organisation.add_working_days(known, days)


def replies(history: History, week: Week, codes: Mapping[str, PersonWeek]) -> dict[str, tuple[str, Week | None, bool]]:
    """By code: what a person answers in the form of a week, of which week it speaks, and whether a review is asked for."""
    words = {code: word.submission for code, person in codes.items() if (word := latest_word(person)) is not None}
    words = {code: word for code, word in words.items() if word.reply or word.appeal}
    meant = weeks_meant(history, week, {code: word.appeal_week if word.appeal else "" for code, word in words.items()})
    return {code: (word.reply, meant[code][0], word.appeal) for code, word in words.items()}
