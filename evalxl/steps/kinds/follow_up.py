"""The office's register of talks, difficulties and requests for review."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.domain.history.history import History, WeekHistory
from evalxl.forms import kinds
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext
from evalxl.steps.booking.difficulties import decide_difficulties
from evalxl.steps.booking.follow_ups import decide_follow_ups
from evalxl.steps.booking.review_requests import decide_review_requests
from evalxl.steps.kinds.at_work import KindAtWork
from evalxl.steps.refresh.register_due import register_anyway, register_due


def _book(context: DecisionContext, history: History, week_history: WeekHistory) -> Iterator[BookingResult]:
    return (
        decide(context, history, week_history)
        for decide in (decide_follow_ups, decide_difficulties, decide_review_requests)
    )


FOLLOW_UP = KindAtWork(kinds.FOLLOW_UP, due=register_due, book=_book, lost=register_anyway, after_warnings=True)
