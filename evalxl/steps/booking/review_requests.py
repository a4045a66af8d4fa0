"""Requests for review: those in the forms of a week, whether they came in time, and what the office wrote about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from evalxl.domain.evaluation.review_requests import Appeal, is_left_open, key_of, needs
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import AppealedEvent, ReceivedEvent, ReviewedEvent
from evalxl.domain.history.history import History, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.typed_rows import Decision
from evalxl.domain.versions.returned_workbooks import TypedCell
from evalxl.domain.week.replies import last_day_to_ask, latest_word, results_of, weeks_meant
from evalxl.domain.weeks import Week
from evalxl.records.settings import deadline
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext
from evalxl.steps.booking.register_rows import decide_row, register_reader, source_of_row
from evalxl.steps.office.office import Office


def requests_in_forms(office: Office, week: Week, organisation: Organisation) -> list[AppealedEvent]:
    """The new requests in the forms of a week, and the withdrawal of those no longer in them.

    A request that came after the last day is recorded as late. A request that the office has decided stays, whatever the person writes later.
    """
    week_history = office.history.week(week)
    asked = {
        code_key(key_of(asking.person.code, asking.meant)): asking
        for asking in _asking(office, week_history)
        if asking.meant is not None
    }
    due = {key: asking for key, asking in asked.items() if _is_news(office.history.appeals.get(key), week, asking.word)}
    limits = _limits(office, due, organisation)
    appeals, zone = office.history.appeals, office.settings.zone
    appealed_events = [
        _asked(week, asking, *limits[key], organisation, appeals.get(key), zone) for key, asking in due.items()
    ]
    gone = (appeal for key, appeal in appeals.items() if appeal.asked_in == week and key not in asked)
    return appealed_events + [
        _event_of(appeal, withdrawn=True) for appeal in gone if not appeal.withdrawn and not appeal.decisions
    ]


class _Asking(NamedTuple):
    """A form that asks for a review.

    Attributes:
        meant: The week of the result in question; None if the person has no result.
        understood: Whether the person's text names that week.
    """

    person: PersonWeek
    word: ReceivedEvent
    meant: Week | None
    understood: bool


def _asking(office: Office, week_history: WeekHistory) -> list[_Asking]:
    words = [
        (person, word) for person in week_history.holders() if (word := latest_word(person)) and word.submission.appeal
    ]
    said = {person.code: word.submission.appeal_week for person, word in words}
    meant = weeks_meant(office.history, week_history.week, said)
    return [_Asking(person, word, *meant[person.code]) for person, word in words]


def _is_news(known: Appeal | None, week: Week, word: ReceivedEvent) -> bool:
    return known is None or (known.asked_in == week and (known.withdrawn or known.reason != word.submission.reply))


def _limits(office: Office, due: Mapping[str, _Asking], organisation: Organisation) -> dict[str, tuple[date, int]]:
    """The last day for each request, and the number of working days for the answer. Each week is computed once, even for several requests."""
    found = {}
    for meant in sorted({asking.meant for asking in due.values() if asking.meant is not None}, reverse=True):
        review = office.rules_by(office.goes_by(office.history, meant)[1]).review
        then = results_of(office.history, meant)
        close = deadline(office.settings, "close", meant, organisation).date()
        for key, asking in due.items():
            if asking.meant == meant:
                last_day = last_day_to_ask(then, asking.person.code, close, review.working_days, organisation)
                found[key] = (last_day, review.answer_working_days)
    return found


def _asked(
    week: Week,
    asking: _Asking,
    last_day: date,
    answered_within: int,
    organisation: Organisation,
    known: Appeal | None,
    zone: tzinfo,
) -> AppealedEvent:
    person, word, meant, _ = asking
    assert meant is not None
    day = word.written.astimezone(zone).date()
    saved = datetime.fromisoformat(word.mtime).astimezone(zone).date() if word.mtime else day
    due = organisation.add_working_days(day, answered_within)
    appeal = Appeal(
        subject=person.code,
        week=meant,
        asked_in=week,
        asked_on=known.asked_on if known else day,
        reason=word.submission.reply,
        deadline=known.deadline if known else due,
        # Late as for forms: seen after the last day, and saved after it.
        late=known.late if known else day > last_day and saved > last_day,
    )
    return _event_of(appeal, source={"form_id": word.form_id, "received": word.seq, "file": word.file})


def _event_of(appeal: Appeal, withdrawn: bool = False, **more: Any) -> AppealedEvent:
    return AppealedEvent(
        subject=appeal.subject,
        appealed=str(appeal.week),
        asked_on=appeal.asked_on.isoformat(),
        deadline=appeal.deadline.isoformat(),
        reason=appeal.reason,
        late=appeal.late,
        withdrawn=withdrawn,
        **more,
    )


def unclear_appeals(office: Office, week_history: WeekHistory) -> Iterator[Finding]:
    """Report forms that request a review of a week without a result of the person, or of a week that cannot be read."""
    for person, word, meant, understood in _asking(office, week_history):
        said = word.submission.appeal_week
        if meant is None:
            yield Finding("appeal.no_result", code=person.code, file=word.file, found=said)
        elif not understood:
            yield Finding(
                "appeal.week_unknown", code=person.code, file=word.file, found=said, values={"week": str(meant)}
            )


def decide_review_requests(context: DecisionContext, history: History, week_history: WeekHistory) -> BookingResult:
    """What the typed rows of requests say anew, and what they still need."""
    booking_result = BookingResult()
    for (table, key), cells in list(history.register.rows.items()):
        known = history.appeals.get(key)
        if table == "reviews" and cells and known is not None and (known.stands_in(context.week) or known.withdrawn):
            booking_result += _decide(context, week_history, known, key, cells)
    return booking_result


def _decide(
    context: DecisionContext,
    week_history: WeekHistory,
    known: Appeal,
    key: str,
    cells: Mapping[str, TypedCell],
) -> BookingResult:
    booked = known.by(None)
    reader = register_reader(context, week_history, "reviews", key, known.subject, booked, cells)
    decision, source = reader.row(Decision), source_of_row(cells)
    reviewed = ReviewedEvent(subject=known.subject, appealed=str(known.week), source=source, **decision.said())
    left_open = ("appeal.left_open", "ev_review_state") if is_left_open(decision) else None
    return decide_row(reader, needs(decision), left_open, None if decision.says_as(booked) else reviewed)
