"""Decides which rows of managers, approvers and the office are booked, and what the other rows still need.

Every typed row is checked again in each run against the person's present state. A row that waited for something is booked as soon as
that is there. A row that is already booked unchanged adds nothing.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.weeks import Period, Week
from evalxl.forms import kinds
from evalxl.steps.booking.approvals import judge_approval
from evalxl.steps.booking.decision_context import (
    DecisionContext,
)
from evalxl.steps.booking.difficulties import judge_difficulties
from evalxl.steps.booking.follow_ups import judge_follow_ups
from evalxl.steps.booking.held_cells import judge_held
from evalxl.steps.booking.review_requests import judge_appeals
from evalxl.steps.booking.scores import judge_scoring
from evalxl.steps.office.office import Batch, Office


def judge(batch: Batch, court: DecisionContext) -> list[Finding]:
    """Book every row that can be booked. Return findings on what the others need."""
    this = batch.office.history.week(court.week)
    findings: list[Finding] = []
    for book in list(this.books.values()):
        if book.workbook == kinds.SCORING.name:
            findings += judge_scoring(batch, court, this, book)
    for book in list(this.books.values()):
        if book.workbook == kinds.APPROVAL.name:
            findings += judge_approval(batch, court, this, book)
    findings += judge_held(batch.office, this)
    findings += judge_follow_ups(batch, court, this)
    findings += judge_difficulties(batch, court, this)
    return findings + judge_appeals(batch, court, this)


def pending(office: Office, court: DecisionContext) -> list[Finding]:
    """Findings on what typed rows need before they can be booked, without booking anything. For masters and status."""
    return judge(_Silent(office), court)


class _Silent(Batch):
    """A batch that books nothing, for checks only."""

    def __init__(self, office: Office) -> None:
        from datetime import datetime

        from evalxl.steps.office.office import Clock

        super().__init__(office, Clock(datetime.fromtimestamp(0, UTC)))

    def add(self, kind: str, when: Week | Period, **values: Any) -> Any:
        return {"seq": 0}
