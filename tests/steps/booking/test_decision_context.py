"""Which of a manager's typed rows are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from evalxl.domain.history.events import CheckedEvent, ReceivedEvent
from evalxl.domain.history.history import WeekHistory
from evalxl.steps.booking.decision_context import typed_rows
from evalxl.steps.booking.scores import decide_scores
from tests.identity.authority import AUTHORITY, DAYS, NOON, SCORE_ROW, WEEKS, court, typed

CODE = next(code for code, (scorer, approver) in AUTHORITY.items() if scorer != approver)
CONTENT = {"submitted": True, "scores": {}, "tasks": [], "plan": []}


def test_of_a_row_in_two_spellings_of_one_code_the_one_that_was_typed_last_is_judged() -> None:
    book = typed("VP-0001", "scoring", "team", "VP-0007", SCORE_ROW, {})
    first = book.rows[("team", "VP-0007")]
    book.rows[("team", "vp-0007")] = {name: replace(cell, seq=cell.seq + 1) for name, cell in first.items()}

    assert typed_rows(book, "team") == ["vp-0007"]
    assert typed_rows(book, "checks") == []


def test_a_row_is_scored_where_its_code_is_spelled_otherwise_than_in_the_form_of_the_person() -> None:
    here, this = court(WEEKS[0], DAYS[0]), WeekHistory(WEEKS[0])
    at = (NOON - timedelta(days=1)).isoformat()
    form = ReceivedEvent(seq=40, at=at, file="phiếu.xlsx", sha256="sha", verdict="submitted", content=CONTENT)
    this.person(CODE).counted = form
    this.person(CODE).versions.append(form)
    row = {name: value for name, value in SCORE_ROW.items() if name != "score_explanation"} | {"score_comment": "Tốt"}

    judgement = decide_scores(here, this, typed(AUTHORITY[CODE][0], "scoring", "team", CODE.lower(), row, {}))

    assert [event.of_kind for event in judgement.decisions if event.of_kind != "assigned"] == ["scored"]


def test_of_what_manager_and_delegate_say_of_one_task_the_last_word_counts_and_is_booked_once() -> None:
    here, this = court(WEEKS[0], DAYS[1]), WeekHistory(WEEKS[0])
    for later, (who, word) in enumerate([("V1-02", "Có"), ("VP-01", "Không")]):
        book = typed(who, "scoring", "checks", "V1-03/01", {"check_recognised": word}, {})
        book.rows = {
            row: {n: replace(c, seq=c.seq + later) for n, c in cells.items()} for row, cells in book.rows.items()
        }
        this.books[("scoring", who)] = book

    said = [decide_scores(here, this, book).decisions for book in this.books.values()]

    assert [[event.recognised for event in decided if isinstance(event, CheckedEvent)] for decided in said] == [
        [],
        ["Không"],
    ]
