"""Booking what the office wrote about difficulties and proposals: whom it passed one on to, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.evaluation.difficulties import Difficulty, needs
from evalxl.domain.history.events import AnsweredEvent
from evalxl.domain.history.history import History, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import DifficultyAnswer
from evalxl.domain.versions.returned_workbooks import TypedCell
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext
from evalxl.steps.booking.register_rows import decide_row, register_reader, source_of_row


def decide_difficulties(context: DecisionContext, history: History, week_history: WeekHistory) -> BookingResult:
    """What the typed rows say anew, and what they still need."""
    booking_result = BookingResult()
    known = {code_key(key): difficulty for key, difficulty in history.difficulties.items()}
    for (table, key), cells in list(history.register.rows.items()):
        difficulty = known.get(key)
        if table != "difficulties" or not cells or difficulty is None or min(difficulty.weeks) > context.week:
            continue
        if context.week in difficulty.weeks or not difficulty.answered_before(context.week):
            booking_result += _decide(context, week_history, difficulty, key, cells)
    return booking_result


def _decide(
    context: DecisionContext,
    week_history: WeekHistory,
    known: Difficulty,
    key: str,
    cells: Mapping[str, TypedCell],
) -> BookingResult:
    booked = known.by(None)
    reader = register_reader(context, week_history, "difficulties", key, known.subject, booked, cells)
    answer = reader.row(DifficultyAnswer)
    answered = AnsweredEvent(subject=known.subject, key=known.key, source=source_of_row(cells), **answer.said())
    in_vain = answer.state == "new" and (answer.passed_to or answer.answer)
    left_open = ("difficulty.left_new", "ev_difficulty_state") if in_vain else None
    return decide_row(reader, needs(answer), left_open, None if answer.says_as(booked) else answered)
