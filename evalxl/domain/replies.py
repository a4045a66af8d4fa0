"""What a person answers to an earlier result (*Ý kiến của người được đánh giá*): of which week it speaks, and when a review may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from evalxl.domain.errors import EvalxlError
from evalxl.domain.history import History, PersonWeek, Received, WeekHistory
from evalxl.domain.people import Organisation
from evalxl.domain.weeks import Week


def latest_word(person: PersonWeek) -> Received | None:
    """The form that says what the person answers now: one that came after scoring changes no score, but what it asks is heard."""
    return person.newer or person.counted


def result_before(history: History, week: Week, code: str) -> Week | None:
    """The last week before one in which somebody has a result: it was scored."""
    for earlier in history.before(week):
        person = earlier.known(code)
        if person is not None and person.score is not None:
            return earlier.week
    return None


def week_meant(history: History, week: Week, code: str, said: str) -> tuple[Week | None, bool]:
    """The week whose result a form speaks of, and whether what the person wrote names one.

    Args:
        said: What stands in the cell for the week. Where it names no week with a result of the person, the last one before the form's is meant.
    """
    last = result_before(history, week, code)
    if not said:
        return last, True
    try:
        named = Week.parse(said)
    except EvalxlError:
        return last, False
    this = history.weeks.get(named)
    person = this.known(code) if this is not None else None
    if named > week or person is None or person.score is None:
        return last, False
    return named, True


def last_day_to_ask(this: WeekHistory, code: str, close: date, days: int, organisation: Organisation) -> date:
    """Until when a review of a week's result may be asked for: so many working days after the person could know it.

    Args:
        close: The day on which the week was to be closed, for a week that is not closed.
    """
    known = this.closed_at.date() if this.closed and this.closed_at else close
    person = this.known(code)
    if person is not None and person.approval is not None:
        known = max(known, person.approval.at.date())
    return organisation.add_working_days(known, days)


def replies(history: History, week: Week, codes: Mapping[str, PersonWeek]) -> dict[str, tuple[str, Week | None, bool]]:
    """By code: what a person answers in the form of a week, of which week it speaks, and whether a review is asked for."""
    found = {}
    for code, person in codes.items():
        word = latest_word(person)
        if word is None:
            continue
        submission = word.submission
        if submission.reply or submission.appeal:
            meant, _ = week_meant(history, week, code, submission.appeal_week if submission.appeal else "")
            found[code] = (submission.reply, meant, submission.appeal)
    return found
