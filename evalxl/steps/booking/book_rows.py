"""Decides which rows of managers, approvers and the office are booked, and what the other rows still need.

Every typed row is checked again in each run against the person's present state. A row that waited for something is booked as soon as
that is there. A row that is already booked unchanged adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ApprovedEvent, LedgerEvent
from evalxl.domain.weeks import Period, Week
from evalxl.forms import kinds
from evalxl.steps.booking.approvals import judge_approval
from evalxl.steps.booking.decision_context import JUST_SCORED, DecisionContext, Judgement
from evalxl.steps.booking.difficulties import judge_difficulties
from evalxl.steps.booking.follow_ups import judge_follow_ups
from evalxl.steps.booking.held_cells import judge_held
from evalxl.steps.booking.review_requests import judge_appeals
from evalxl.steps.booking.scores import judge_scoring
from evalxl.steps.office.office import Batch, Office


def judge(batch: Batch, court: DecisionContext) -> list[Finding]:
    """Book every row that can be booked. Return findings on what the others need."""
    findings: list[Finding] = []
    for judgement in _judgements(batch.office, court):
        write(batch, court.week, judgement.decisions)
        findings += judgement.findings
    return findings


def pending(office: Office, court: DecisionContext) -> list[Finding]:
    """Findings on what typed rows need before they can be booked, without booking anything. For masters and status."""
    return [finding for judgement in _judgements(office, court) for finding in judgement.findings]


def write(batch: Batch, when: Week | Period, decisions: Iterable[LedgerEvent]) -> None:
    """Add decisions to the events of a run, in order."""
    last = 0
    for decision in decisions:
        if isinstance(decision, ApprovedEvent) and decision.score_seq == JUST_SCORED:
            decision = decision.model_copy(update={"score_seq": last})
        last = batch.add(decision, when)["seq"]


def _judgements(office: Office, court: DecisionContext) -> Iterator[Judgement]:
    """The judgement of each workbook and of the register. Each is made from the history as it is when the caller has written those before."""
    history, this = office.history, office.history.week(court.week)
    for kind, judged in ((kinds.SCORING, judge_scoring), (kinds.APPROVAL, judge_approval)):
        for book in list(this.books.values()):
            if book.workbook == kind.name:
                yield judged(court, this, book)
    yield Judgement(findings=judge_held(office, this))
    for judged_in_register in (judge_follow_ups, judge_difficulties, judge_appeals):
        yield judged_in_register(court, history, this)
