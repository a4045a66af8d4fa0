"""Judging approval workbooks: approvals, adjustments and returns; each binds to the scores that the row showed."""

from __future__ import annotations

from evalxl.domain.evaluation.row_requirements import (
    ApprovalRow,
    differs,
    needs_of_adjustment,
    with_adjustments,
)
from evalxl.domain.history.events import ApprovedEvent, ReturnedEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import Right
from evalxl.domain.organisation.people import Member
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook, TypedCell
from evalxl.forms import kinds
from evalxl.forms.fields import ADJUST, APPROVE, RETURN
from evalxl.forms.rows import RowReader
from evalxl.steps.booking.decision_context import (
    BookingResult,
    DecisionContext,
    decided_later,
    decision_of,
    last_decided,
    right_then,
    row_reader,
    said_once,
    say_need,
    source_of,
    typed_rows,
    typed_since_decided,
)


def decide_approvals(context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook) -> BookingResult:
    """What the rows of an approver's workbook decide, and what they still need."""
    booking_result = BookingResult(findings=[*said_once(book, kinds.APPROVAL)])
    findings = booking_result.findings
    for code in sorted(typed_rows(book, "approvals")):
        reader = row_reader(book, context, kinds.APPROVAL, "approvals", code, week_history)
        decision = decision_of(book, "approvals", code, reader, "ev_approve_decision")
        word = reader.choice("ev_approve_decision") if decision else ""
        if decision is None or word not in (APPROVE, ADJUST, RETURN):
            if not reader.cell("ev_approve_by_paper").blank and week_history.person(code).approval is None:
                reader.note("approval.paper_without_decision", "ev_approve_decision")
            findings += [f for f in reader.findings if f.level in ("error", "warning")]
            if not reader.findings and _left_open(context, week_history, book, code, reader):
                reader.note("approval.left_open", "ev_approve_decision")
                findings += reader.findings
            continue
        member = context.member(code)
        person = week_history.person(code)
        right = context.right(member, book.owner, "approve") if member is not None else None
        then = _right_then(context, week_history, book, word, code) if member is not None and right is None else None
        if member is None or (right is None and then is None):
            approval = person.approval
            settled = decided_later(
                context, week_history, book, "approvals", code
            )  # by whoever may, as the finding asks for
            if not settled and not _stands_as_booked(week_history, reader, word, code, book.owner):
                reader.note("authority.not_approver", "ev_approve_decision", owner=book.owner)
                findings += reader.findings
            elif member and approval and approval.in_own_right and code_key(approval.by_code) == code_key(book.owner):
                # Approved in the own right, and the organisation was corrected since: what was decided stands, but not unseen.
                reader.note("approval.authority_changed", "ev_approve_decision", owner=book.owner, now=member.approver)
                findings += reader.findings
            continue
        if person.voided is not None and _basis(book, decision, person) == person.voided.approval.score_seq:
            again = row_reader(book, context, kinds.APPROVAL, "approvals", code, week_history)
            if _stands_as_booked(week_history, again, word, code, book.owner):
                continue  # this very decision was booked, and is told to be void
        if decided_later(context, week_history, book, "approvals", code):
            continue
        held, of = then or (right, member)
        acts_for = of.approver if held == "delegated" else ""
        stands_for = of.approver if held == "above" else ""
        booking_result += _approve(context, book, reader, person, decision, word, acts_for, stands_for)
    return booking_result


def _right_then(
    context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook, word: str, code: str
) -> tuple[Right, Member] | None:
    """How somebody who was the approver saved a decision that is not booked yet, and whose row it was."""
    reader = row_reader(book, context, kinds.APPROVAL, "approvals", code, week_history)
    if _stands_as_booked(week_history, reader, word, code, book.owner):
        return None
    return right_then(context, week_history, book, ("approvals", code), code, "approve")


def _left_open(
    context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook, code: str, reader: RowReader
) -> bool:
    """Whether scores or an opinion stand in a row in vain, because no decision is chosen."""
    member, person = context.member(code), week_history.person(code)
    typed = typed_since_decided(book, "approvals", code)
    names = (*(f"ev_approve_{part}" for part in context.rules.codes), "ev_approve_opinion")
    said = any(name in typed and not reader.cell(name).blank for name in names)
    return said and person.approval is None and bool(member and context.right(member, book.owner, "approve"))


def _basis(book: ReturnedWorkbook, decision: TypedCell, person: PersonWeek) -> int | None:
    """The score event that the row showed in the copy in which it was decided."""
    issue = book.issues.get(decision.form_id)
    return issue.basis.get(person.code) if issue else None


def _stands_as_booked(week_history: WeekHistory, reader: RowReader, word: str, code: str, owner: str) -> bool:
    """Whether a row of somebody who was the approver once says no more than was booked then."""
    event, opinion = last_decided(week_history, code, owner, "approved", "returned"), reader.text("ev_approve_opinion")
    if word == RETURN or not isinstance(event, ApprovedEvent):
        return word == RETURN and isinstance(event, ReturnedEvent) and event.reason == opinion
    row = approval_row(reader, opinion=opinion)
    return event.adjusted == (word == ADJUST) and not differs(row.points, event.scores) and event.says_as(row)


def approval_row(reader: RowReader, **given: str) -> ApprovalRow:
    """What an approver typed in a row."""
    return reader.row(ApprovalRow, points=reader.scores("ev_approve"), **given)


def _approve(
    context: DecisionContext,
    book: ReturnedWorkbook,
    reader: RowReader,
    person: PersonWeek,
    decision: TypedCell,
    word: str,
    acts_for: str,
    stands_for: str,
) -> BookingResult:
    booking_result = BookingResult(findings=reader.findings)
    shown_seq = _basis(book, decision, person)
    if (person.score is None and person.returned is None) or shown_seq is None:
        reader.note("approval.before_scoring", "ev_approve_decision")
        return booking_result
    if person.score is None or shown_seq != person.score.seq:
        reader.note("approval.content_changed", "ev_approve_decision")
        return booking_result
    if person.returned is not None or person.awaits_confirmation:
        reader.note("approval.waits_for_scorer", "ev_approve_decision")
        return booking_result
    scored = person.score.scores.under(context.rules)
    row = approval_row(reader)
    if word == RETURN:
        if not row.opinion:
            reader.note("return.reason_missing", "ev_approve_opinion")
    elif word == ADJUST:
        unreadable = reader.refused
        for need in needs_of_adjustment(row, scored):
            if not (unreadable and need.kind == "approval.nothing_adjusted"):
                say_need(reader, need)
    elif differs(row.points, scored):
        reader.note("approval.adjusted_without_saying", "ev_approve_decision")
    if reader.refused:
        return booking_result
    source = source_of(reader, "ev_approve", decision)
    if word == RETURN:
        returned = ReturnedEvent(
            subject=person.code,
            stage="approve",
            by_code=book.owner,
            acts_for=acts_for,
            reason=row.opinion,
            source=source,
        )
        return BookingResult([returned])
    approved = ApprovedEvent(
        subject=person.code,
        by_code=book.owner,
        acts_for=acts_for,
        stands_for=stands_for,
        scores=with_adjustments(row.points, scored),
        score_seq=person.score.seq,
        adjusted=word == ADJUST,
        opinion=row.opinion,
        by_paper=row.by_paper,
        repaired=reader.repaired,
        source=source,
    )
    if not _same_approval(person, approved):
        booking_result.decisions.append(approved)
    return booking_result


def _same_approval(person: PersonWeek, approved: ApprovedEvent) -> bool:
    approval = person.approval
    return approval is not None and (
        code_key(approval.by_code) == code_key(approved.by_code)
        and approval.says_as(approved)
        and (approval.scores, approval.adjusted) == (approved.scores, approved.adjusted)
        and approval.score_seq == approved.score_seq
    )
