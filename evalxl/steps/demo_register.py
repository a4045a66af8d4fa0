"""The register of talks in the demo: the office plans a talk, holds it, and sees what came of it; now and then that takes too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from evalxl.domain.weeks import Week
from evalxl.forms.fields import CLOSED, PLANNED, TALKED, Kind
from evalxl.steps import demo_content as content
from evalxl.steps.demo_books import Row
from evalxl.steps.demo_stage import Act, Stage, books, type_book
from evalxl.words import say

WEEKS_TO_DO, SLOW_WEEKS_TO_DO = 3, 6  # after so many weeks the measures are carried out
SLOW = 0.3


def keep_register(stage: Stage, act: Act, moment: datetime) -> None:
    """The office writes down what became of each talk since the week in which it became due."""
    for _, book in books(stage, act, Kind.FOLLOW_UP):
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
        names = sorted({name for row in typed for name in row})
        if names:
            type_book(stage, book, {name: [row.get(name) for row in typed] for name in names}, moment)


def _row(act: Act, random: Random, second: Week, talk_with: str) -> Row:
    weeks = (act.week.monday - second.monday).days // 7
    talk = second.after().monday + timedelta(days=random.randint(2, 4))
    slow = random.random() < SLOW
    if weeks == 0:
        return {"ev_follow_talk_date": talk, "ev_follow_state": PLANNED}
    row: dict[str, Any] = {
        "ev_follow_talk_date": talk,
        "ev_follow_took_part": "; ".join([*talk_with.split("\n"), content.THE_PERSON]),
        "ev_follow_causes": random.choice(content.TALK_CAUSES),
        "ev_follow_measures": random.choice(content.TALK_MEASURES),
        "ev_follow_deadline": talk + timedelta(days=14),
        "ev_follow_state": TALKED,
    }
    if weeks >= (SLOW_WEEKS_TO_DO if slow else WEEKS_TO_DO):
        row |= {"ev_follow_outcome": random.choice(content.TALK_OUTCOMES), "ev_follow_state": CLOSED}
    return row
