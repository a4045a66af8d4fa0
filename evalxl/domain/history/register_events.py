"""Applying the events of the office's register, which span weeks: talks, difficulties and requests for review."""

from __future__ import annotations

from datetime import date

from evalxl.domain.evaluation.difficulties import DifficultyAnswer, said_in
from evalxl.domain.evaluation.follow_ups import FollowUp, FollowUpEntry, key_of
from evalxl.domain.evaluation.review_requests import Appeal, Decision
from evalxl.domain.evaluation.review_requests import key_of as key_of_appeal
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.history.history import Event, History, subject_of
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Week


def _warned(history: History, event: Event) -> None:
    warning = Warning(
        code=event["subject"],
        kind=event["degree"],
        first_week=Week.parse(event["first_week"]),
        second_week=Week.parse(event["second_week"]),
        evidence=tuple(event.get("evidence", ())),
        talk_with=tuple(event.get("talk_with", ())),
        skipped=tuple(Week.parse(week) for week in event.get("skipped", ())),
    )
    known = history.follow_ups.setdefault(code_key(key_of(warning)), FollowUp(warning, event.get("unit", "")))
    known.warning, known.seq, known.dropped = warning, event["seq"], event.get("dropped", False)


def _followed(history: History, event: Event) -> None:
    known = history.follow_ups[code_key(f"{event['subject']}/{event['second_week']}")]
    entry = FollowUpEntry(
        week=Week.parse(event["week"]),
        seq=event["seq"],
        state=event["state"],
        talk_date=date.fromisoformat(event["talk_date"]) if "talk_date" in event else None,
        took_part=event.get("took_part", ""),
        causes=event.get("causes", ""),
        measures=event.get("measures", ""),
        deadline=date.fromisoformat(event["deadline"]) if "deadline" in event else None,
        outcome=event.get("outcome", ""),
    )
    known.entries.append(entry)


def add_difficulties(history: History, week: Week, event: Event) -> None:
    """Add the difficulties that a form reports. The same words in a later week are the same difficulty."""
    for said in said_in(subject_of(event), week, event.get("content") or {}):
        known = history.difficulties.setdefault(said.key, said)
        if week not in known.weeks:
            known.weeks.append(week)


def _answered(history: History, event: Event) -> None:
    answer = DifficultyAnswer(
        week=Week.parse(event["week"]),
        seq=event["seq"],
        state=event["state"],
        passed_to=event.get("passed_to", ""),
        answer=event.get("answer", ""),
    )
    history.difficulties[event["key"]].answers.append(answer)


def _appealed(history: History, event: Event) -> None:
    meant = Week.parse(event["appealed"])
    new = Appeal(
        subject=event["subject"],
        week=meant,
        asked_in=Week.parse(event["week"]),
        asked_on=date.fromisoformat(event["asked_on"]),
        reason=event.get("reason", ""),
        deadline=date.fromisoformat(event["deadline"]),
        late=event.get("late", False),
        withdrawn=event.get("withdrawn", False),
        seq=event["seq"],
    )
    key = code_key(key_of_appeal(new.subject, meant))
    known = history.appeals.get(key)
    new.decisions = known.decisions if known else []
    history.appeals[key] = new


def _reviewed(history: History, event: Event) -> None:
    decision = Decision(
        week=Week.parse(event["week"]),
        seq=event["seq"],
        state=event["state"],
        decided_by=event.get("decided_by", ""),
        outcome=event.get("outcome", ""),
        answer=event.get("answer", ""),
    )
    history.appeals[code_key(key_of_appeal(event["subject"], Week.parse(event["appealed"])))].decisions.append(decision)


OVER_WEEKS = {
    "warned": _warned,
    "followed": _followed,
    "answered": _answered,
    "appealed": _appealed,
    "reviewed": _reviewed,
}
