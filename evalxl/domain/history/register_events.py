"""Applying the events of the office's register, which span weeks: talks, difficulties and requests for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from evalxl.domain.evaluation.difficulties import said_in
from evalxl.domain.evaluation.follow_ups import FollowUp, key_of
from evalxl.domain.evaluation.review_requests import Appeal
from evalxl.domain.evaluation.review_requests import key_of as key_of_appeal
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.history.events import (
    AnsweredEvent,
    AppealedEvent,
    FollowedEvent,
    LedgerEvent,
    ReceivedEvent,
    ReviewedEvent,
    WarnedEvent,
)
from evalxl.domain.history.history import History
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Week


def _warned(history: History, event: WarnedEvent) -> None:
    warning = Warning(
        code=event.subject,
        kind=event.degree,
        first_week=Week.parse(event.first_week),
        second_week=Week.parse(event.second_week),
        evidence=tuple(event.evidence),
        talk_with=tuple(event.talk_with),
        skipped=tuple(Week.parse(week) for week in event.skipped),
    )
    known = history.follow_ups.setdefault(code_key(key_of(warning)), FollowUp(warning, event.unit))
    known.warning, known.seq, known.dropped = warning, event.seq, event.dropped


def _followed(history: History, event: FollowedEvent) -> None:
    history.follow_ups[code_key(f"{event.subject}/{event.second_week}")].entries.append(event)


def add_difficulties(history: History, week: Week, event: ReceivedEvent) -> None:
    """Add the difficulties that a form reports. The same words in a later week are the same difficulty."""
    for difficulty in said_in(event.holder, week, event.content or {}):
        known = history.difficulties.setdefault(difficulty.key, difficulty)
        if week not in known.weeks:
            known.weeks.append(week)


def _answered(history: History, event: AnsweredEvent) -> None:
    history.difficulties[event.key].answers.append(event)


def _appealed(history: History, event: AppealedEvent) -> None:
    meant = Week.parse(event.appealed)
    new = Appeal(
        subject=event.subject,
        week=meant,
        asked_in=Week.parse(event.week),
        asked_on=date.fromisoformat(event.asked_on),
        reason=event.reason,
        deadline=date.fromisoformat(event.deadline),
        late=event.late,
        withdrawn=event.withdrawn,
        seq=event.seq,
    )
    key = code_key(key_of_appeal(new.subject, meant))
    known = history.appeals.get(key)
    new.decisions = known.decisions if known else []
    history.appeals[key] = new


def _reviewed(history: History, event: ReviewedEvent) -> None:
    history.appeals[code_key(key_of_appeal(event.subject, Week.parse(event.appealed)))].decisions.append(event)


OVER_WEEKS: Mapping[type[LedgerEvent], Callable[[History, Any], None]] = {
    WarnedEvent: _warned,
    FollowedEvent: _followed,
    AnsweredEvent: _answered,
    AppealedEvent: _appealed,
    ReviewedEvent: _reviewed,
}
