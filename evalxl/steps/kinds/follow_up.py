"""The office's register of talks, difficulties and requests for review."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.domain.history.history import History, WeekHistory
from evalxl.forms import kinds
from evalxl.steps.booking.decision_context import DecisionContext, Judgement
from evalxl.steps.booking.difficulties import judge_difficulties
from evalxl.steps.booking.follow_ups import judge_follow_ups
from evalxl.steps.booking.review_requests import judge_appeals
from evalxl.steps.kinds.at_work import KindAtWork
from evalxl.steps.refresh.register_due import register_anyway, register_due


def _book(context: DecisionContext, history: History, week_history: WeekHistory) -> Iterator[Judgement]:
    return (judge(context, history, week_history) for judge in (judge_follow_ups, judge_difficulties, judge_appeals))


FOLLOW_UP = KindAtWork(kinds.FOLLOW_UP, due=register_due, book=_book, lost=register_anyway, after_warnings=True)
