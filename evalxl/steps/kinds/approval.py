"""The approval workbooks: a row per person for the approver."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.domain.history.history import History, WeekHistory
from evalxl.forms import kinds
from evalxl.steps.booking.approvals import decide_approvals
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext
from evalxl.steps.booking.row_alone import approval_alone
from evalxl.steps.kinds.at_work import KindAtWork
from evalxl.steps.refresh.decisions_due import approval_due


def _book(context: DecisionContext, _: History, week_history: WeekHistory) -> Iterator[BookingResult]:
    return (decide_approvals(context, week_history, book) for book in week_history.books_of(kinds.APPROVAL.name))


APPROVAL = KindAtWork(kinds.APPROVAL, due=approval_due, book=_book, alone=approval_alone)
