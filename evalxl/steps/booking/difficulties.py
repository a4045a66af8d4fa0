"""Booking what the office wrote about difficulties and proposals: whom it passed one on to, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalxl.domain.evaluation.difficulties import Difficulty, DifficultyAnswer, DifficultyState, needs
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.versions.returned_workbooks import TypedCell
from evalxl.forms.register import ANSWERED, NEW, PASSED_ON
from evalxl.steps.booking.decision_context import DecisionContext, say_need
from evalxl.steps.booking.register_rows import readable, register_reader, source_of_row
from evalxl.steps.office.office import Batch

STATES: Mapping[str, DifficultyState] = {NEW: "new", PASSED_ON: "passed_on", ANSWERED: "answered"}
WORDS = {state: word for word, state in STATES.items()}


def judge_difficulties(batch: Batch, court: DecisionContext, week_history: WeekHistory) -> list[Finding]:
    """Book every typed row that can be booked. Return findings on what the others need."""
    history, findings = batch.office.history, []
    known = {code_key(key): one for key, one in history.difficulties.items()}
    for (table, key), cells in list(history.register.rows.items()):
        one = known.get(key)
        if table != "difficulties" or not cells or one is None or min(one.weeks) > court.week:
            continue
        if court.week in one.weeks or not one.answered_before(court.week):
            findings += _judge(batch, court, week_history, one, key, cells)
    return findings


def _judge(
    batch: Batch,
    court: DecisionContext,
    week_history: WeekHistory,
    known: Difficulty,
    key: str,
    cells: Mapping[str, TypedCell],
) -> list[Finding]:
    booked = known.by(None)
    reader = register_reader(court, week_history, "difficulties", key, known.subject, answer_cells(booked), cells)
    answer = DifficultyAnswer(
        state=STATES.get(reader.choice("ev_difficulty_state"), "new"),
        passed_to=reader.text("ev_difficulty_passed_to"),
        answer=reader.text("ev_difficulty_answer"),
    )
    for need in needs(answer):
        say_need(reader, need)
    if readable(reader) and answer.state == "new" and (answer.passed_to or answer.answer):
        reader.note("difficulty.left_new", "ev_difficulty_state")
    if readable(reader) and not answer.says_as(booked):
        batch.add(
            "answered",
            court.week,
            subject=known.subject,
            key=known.key,
            state=answer.state,
            passed_to=answer.passed_to,
            answer=answer.answer,
            source=source_of_row(cells),
        )
    return reader.findings


def answer_cells(answer: DifficultyAnswer) -> dict[str, Any]:
    """The booked values of a difficulty, by the names of the register's open cells."""
    return {
        "ev_difficulty_state": WORDS[answer.state],
        "ev_difficulty_passed_to": answer.passed_to,
        "ev_difficulty_answer": answer.answer,
    }
