"""Requests for review: which ones the forms of a week bring, whether they came in time, and what the office wrote of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from evalxl.domain.appeals import Appeal, Decision, ReviewOutcome, ReviewState, key_of, needs
from evalxl.domain.findings import Finding
from evalxl.domain.history import PersonWeek, Received, TypedCell, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.people import Organisation
from evalxl.domain.replies import last_day_to_ask, latest_word, week_meant
from evalxl.domain.weeks import Week
from evalxl.forms.register import ANSWERED, CONSIDERING, CORRECTED, KEPT, RECEIVED
from evalxl.records.settings import deadline
from evalxl.steps.court import Court, say_need
from evalxl.steps.office import Batch, Office
from evalxl.steps.register_rows import readable, register_reader, source_of_row

STATES: Mapping[str, ReviewState] = {RECEIVED: "received", CONSIDERING: "considering", ANSWERED: "answered"}
WORDS = {state: word for word, state in STATES.items()}
OUTCOMES: Mapping[str, ReviewOutcome] = {KEPT: "kept", CORRECTED: "corrected"}
OUTCOME_WORDS = {outcome: word for word, outcome in OUTCOMES.items()}


def book_appeals(batch: Batch, week: Week, organisation: Organisation) -> None:
    """Record the requests that the forms of a week bring, and those that they do not bring any more.

    One that came after the last day is recorded as late. What the office has decided on stays, whatever the person writes later.
    """
    office = batch.office
    this = office.history.week(week)
    asked: set[str] = set()
    for person in list(this.holders()):
        word = latest_word(person)
        if word is None or not word.submission.appeal:
            continue
        meant, _ = week_meant(office.history, week, person.code, word.submission.appeal_week)
        if meant is None:
            continue
        key = code_key(key_of(person.code, meant))
        asked.add(key)
        known = office.history.appeals.get(key)
        if known is None or (known.asked_in == week and (known.withdrawn or known.reason != word.submission.reply)):
            _ask(batch, week, person, meant, word, organisation, known)
    for key, one in list(office.history.appeals.items()):
        if one.asked_in == week and key not in asked and not one.withdrawn and not one.decisions:
            _add(batch, one, withdrawn=True)


def _ask(
    batch: Batch,
    week: Week,
    person: PersonWeek,
    meant: Week,
    word: Received,
    organisation: Organisation,
    known: Appeal | None,
) -> None:
    office, zone = batch.office, batch.office.settings.zone
    came = word.at.astimezone(zone).date()
    saved = datetime.fromisoformat(word.mtime).astimezone(zone).date() if word.mtime else came
    review, then = office.rules_of(meant).review, office.history.week(meant)
    close = deadline(office.settings, "close", meant, organisation).date()
    last_day = last_day_to_ask(then, person.code, close, review.working_days, organisation)
    due = organisation.add_working_days(came, review.answer_working_days)
    one = Appeal(
        subject=person.code,
        week=meant,
        asked_in=week,
        asked_on=known.asked_on if known else came,
        reason=word.submission.reply,
        deadline=known.deadline if known else due,
        # As with forms: seen after the last day, and saved after it.
        late=known.late if known else came > last_day and saved > last_day,
    )
    _add(batch, one, source={"form_id": word.form_id, "received": word.seq, "file": word.file})


def _add(batch: Batch, one: Appeal, withdrawn: bool = False, **more: Any) -> None:
    batch.add(
        "appealed",
        one.asked_in,
        subject=one.subject,
        appealed=str(one.week),
        asked_on=one.asked_on.isoformat(),
        deadline=one.deadline.isoformat(),
        reason=one.reason,
        late=one.late,
        withdrawn=withdrawn,
        **more,
    )


def unclear_appeals(office: Office, this: WeekHistory) -> Iterator[Finding]:
    """Forms that ask for a review of a week in which the person has no result, or of none that can be read."""
    for person in this.holders():
        word = latest_word(person)
        if word is None or not word.submission.appeal:
            continue
        said = word.submission.appeal_week
        meant, understood = week_meant(office.history, this.week, person.code, said)
        if meant is None:
            yield Finding("appeal.no_result", code=person.code, file=word.file, found=said)
        elif not understood:
            yield Finding(
                "appeal.week_unknown", code=person.code, file=word.file, found=said, values={"week": str(meant)}
            )


def judge_appeals(batch: Batch, court: Court, this: WeekHistory) -> list[Finding]:
    """Book every typed row of requests; give back what the others need."""
    history, findings = batch.office.history, []
    for (table, key), cells in list(history.register.rows.items()):
        known = history.appeals.get(key)
        if table == "reviews" and cells and known is not None and (known.stands_in(court.week) or known.withdrawn):
            findings += _judge(batch, court, this, known, key, cells)
    return findings


def _judge(
    batch: Batch, court: Court, this: WeekHistory, known: Appeal, key: str, cells: Mapping[str, TypedCell]
) -> list[Finding]:
    booked = known.by(None)
    reader = register_reader(court, this, "reviews", key, known.subject, decision_cells(booked), cells)
    decision = Decision(
        state=STATES.get(reader.choice("ev_review_state"), "received"),
        decided_by=reader.text("ev_review_decided_by"),
        outcome=OUTCOMES.get(reader.choice("ev_review_outcome"), ""),
        answer=reader.text("ev_review_answer"),
    )
    for need in needs(decision):
        say_need(reader, need)
    if readable(reader) and not decision.says_as(booked):
        batch.add(
            "reviewed",
            court.week,
            subject=known.subject,
            appealed=str(known.week),
            state=decision.state,
            decided_by=decision.decided_by,
            outcome=decision.outcome,
            answer=decision.answer,
            source=source_of_row(cells),
        )
    return reader.findings


def decision_cells(decision: Decision) -> dict[str, Any]:
    """What is booked of a request, by the names of the register's open cells."""
    return {
        "ev_review_state": WORDS[decision.state],
        "ev_review_decided_by": decision.decided_by,
        "ev_review_outcome": OUTCOME_WORDS.get(decision.outcome),
        "ev_review_answer": decision.answer,
    }
