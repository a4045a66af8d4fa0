"""Decides which rows of managers, approvers and the office are booked, and what the other rows still need.

Every typed row is checked again in each run against the person's present state. A row that waited for something is booked as soon as
that is there. A row that is already booked unchanged adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ApprovedEvent, LedgerEvent
from evalxl.domain.weeks import Period, Week
from evalxl.steps.booking.decision_context import JUST_SCORED, BookingResult, DecisionContext
from evalxl.steps.booking.held_cells import held_findings
from evalxl.steps.kinds.at_work import kinds_at_work
from evalxl.steps.office.office import Batch, Office


def book_rows(batch: Batch, context: DecisionContext) -> list[Finding]:
    """Book every row that can be booked. Return findings on what the others need."""
    findings: list[Finding] = []
    for booking_result in _results(batch.office, context):
        write(batch, context.week, booking_result.decisions)
        findings += booking_result.findings
    return findings


def pending(office: Office, context: DecisionContext) -> list[Finding]:
    """Findings on what typed rows need before they can be booked, without booking anything. For masters and status."""
    return [finding for booking_result in _results(office, context) for finding in booking_result.findings]


def write(batch: Batch, when: Week | Period, decisions: Iterable[LedgerEvent]) -> None:
    """Add decisions to the events of a run, in order."""
    last = 0
    for decision in decisions:
        if isinstance(decision, ApprovedEvent) and decision.score_seq == JUST_SCORED:
            decision = decision.model_copy(update={"score_seq": last})
        last = batch.add(decision, when)["seq"]


def _results(office: Office, context: DecisionContext) -> Iterator[BookingResult]:
    """The result of each workbook. Each is made from the history as it is when the caller has written those before."""
    history, week_history = office.history, office.history.week(context.week)
    for kind in kinds_at_work():
        if not kind.after_warnings:
            yield from kind.book(context, history, week_history)
    yield BookingResult(findings=held_findings(office, week_history))
    for kind in kinds_at_work():
        if kind.after_warnings:
            yield from kind.book(context, history, week_history)
