"""The scoring workbooks: a row per person for the manager."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.domain.history.history import History, WeekHistory
from evalxl.forms import kinds
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext
from evalxl.steps.booking.row_alone import score_alone
from evalxl.steps.booking.scores import decide_scores
from evalxl.steps.kinds.at_work import KindAtWork
from evalxl.steps.refresh.decisions_due import scoring_due


def _book(context: DecisionContext, _: History, week_history: WeekHistory) -> Iterator[BookingResult]:
    return (decide_scores(context, week_history, book) for book in week_history.books_of(kinds.SCORING.name))


SCORING = KindAtWork(kinds.SCORING, due=scoring_due, book=_book, alone=score_alone)
