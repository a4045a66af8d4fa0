"""The register in the demo. The office plans and holds talks and checks the result, sometimes late. It answers difficulties and requests for review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from evalxl.demo.content import content
from evalxl.demo.fill_workbooks import Row
from evalxl.demo.stage import Act, Stage, books, type_book
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.fields import CLOSED, PLANNED, TALKED
from evalxl.forms.register import ANSWERED, CONSIDERING, KEPT, PASSED_ON
from evalxl.words import say

WEEKS_TO_DO, SLOW_WEEKS_TO_DO = 3, 6  # weeks until the measures are carried out
SLOW = 0.3
ANSWERS, PASSES_ON = 0.45, 0.75
LONGEST_WAIT = 4  # weeks until the oldest difficulty has its answer


def keep_register(stage: Stage, act: Act, moment: datetime) -> None:
    """The office enters the state of each talk since the week in which it became due, and its answers."""
    for _, book in books(stage, act, kinds.FOLLOW_UP):
        rows = zip(
            book.values["ev_follow_person"],
            book.values["ev_follow_second_week"],
            book.values["ev_follow_kind"],
            book.values["ev_follow_talk_with"],
            strict=True,
        )
        typed = [
            _row(act, Random(f"{code}/{second}/talk"), Week.parse(second), talk_with)
            if code in act.scenes and kind == say("master.warning.warning", stage.office.lang)
            else {}
            for code, second, kind, talk_with in rows
        ]
        columns = _columns(typed)
        told = stage.office.history.difficulties
        keys = book.values.get("ev_difficulty_key", ())
        columns |= _columns([_answer(key, _weeks(min(told[key].weeks), act.week)) for key in keys])
        columns |= _columns([_review(standing) for standing in book.values.get("ev_review_standing", ())])
        if columns:
            type_book(stage, book, columns, moment)


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {name: [row.get(name) for row in rows] for name in sorted({name for row in rows for name in row})}


def _weeks(first: Week, now: Week) -> int:
    return (now.monday - first.monday).days // 7


def _answer(key: str, weeks: int) -> Row:
    """What the office enters for a difficulty reported `weeks` weeks ago: an answer, whom it was passed on to, or nothing yet."""
    random = Random(f"{key}/answer")
    chance, patience = random.random(), random.randint(1, LONGEST_WAIT)
    if chance < ANSWERS or weeks >= patience:
        return {"ev_difficulty_answer": random.choice(content().answers), "ev_difficulty_state": ANSWERED}
    if chance < PASSES_ON:
        return {"ev_difficulty_passed_to": random.choice(content().passed_to), "ev_difficulty_state": PASSED_ON}
    return {}


def _review(standing: str) -> Row:
    """The row of a request: it is considered in its week, and answered in the next."""
    row: Row = {"ev_review_decided_by": content().decides, "ev_review_state": CONSIDERING}
    if standing:
        row |= {"ev_review_outcome": KEPT, "ev_review_answer": content().review_answer, "ev_review_state": ANSWERED}
    return row


def _row(act: Act, random: Random, second: Week, talk_with: str) -> Row:
    weeks = _weeks(second, act.week)
    talk = second.after().monday + timedelta(days=random.randint(2, 4))
    slow = random.random() < SLOW
    if weeks == 0:
        return {"ev_follow_talk_date": talk, "ev_follow_state": PLANNED}
    row: dict[str, Any] = {
        "ev_follow_talk_date": talk,
        "ev_follow_took_part": "; ".join([*talk_with.split("\n"), content().the_person]),
        "ev_follow_causes": random.choice(content().talk_causes),
        "ev_follow_measures": random.choice(content().talk_measures),
        "ev_follow_deadline": talk + timedelta(days=14),
        "ev_follow_state": TALKED,
    }
    if weeks >= (SLOW_WEEKS_TO_DO if slow else WEEKS_TO_DO):
        row |= {"ev_follow_outcome": random.choice(content().talk_outcomes), "ev_follow_state": CLOSED}
    return row
