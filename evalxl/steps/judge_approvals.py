"""Judging approval workbooks: approvals, adjustments and returns; each binds to the scores that the row showed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalxl.domain.booking import (
    ApprovalRow,
    differs,
    needs_of_adjustment,
    with_adjustments,
)
from evalxl.domain.findings import Finding
from evalxl.domain.history import Book, PersonWeek, TypedCell, WeekHistory
from evalxl.domain.names import code_key
from evalxl.forms.fields import ADJUST, APPROVE, RETURN, Kind
from evalxl.forms.rows import RowReader
from evalxl.steps.court import (
    Court,
    decision_of,
    row_reader,
    say_need,
    source_of,
    typed_people,
)
from evalxl.steps.office import Batch


def judge_approval(batch: Batch, court: Court, this: WeekHistory, book: Book) -> list[Finding]:
    findings: list[Finding] = []
    for code in typed_people(book, "approvals"):
        reader = row_reader(book, court, Kind.APPROVAL, "approvals", code, this)
        decision = decision_of(book, "approvals", code, reader, "ev_approve_decision")
        word = reader.choice("ev_approve_decision") if decision else ""
        if decision is None or word not in (APPROVE, ADJUST, RETURN):
            if not reader.cell("ev_approve_by_paper").blank and this.person(code).approval is None:
                reader.note("approval.paper_without_decision", "ev_approve_decision")
            findings += [f for f in reader.findings if f.level in ("error", "warning")]
            continue
        member = court.member(code)
        person = this.person(code)
        if member is None or (right := court.right(member, book.owner, "approve")) is None:
            if person.approval is None or code_key(person.approval.approver) != code_key(book.owner):
                reader.note("authority.not_approver", "ev_approve_decision", owner=book.owner)
                findings += reader.findings
            continue
        acts_for = member.approver if right == "delegated" else ""
        findings += _approve(batch, court, book, reader, person, decision, word, acts_for)
    return findings


def _approve(
    batch: Batch,
    court: Court,
    book: Book,
    reader: RowReader,
    person: PersonWeek,
    decision: TypedCell,
    word: str,
    acts_for: str,
) -> list[Finding]:
    issue = book.issues.get(decision.form_id)
    shown_seq = issue.basis.get(person.code) if issue else None
    if (person.score is None and person.returned is None) or shown_seq is None:
        reader.note("approval.before_scoring", "ev_approve_decision")
        return reader.findings
    if person.score is None or shown_seq != person.score.seq:
        reader.note("approval.content_changed", "ev_approve_decision")
        return reader.findings
    if person.returned is not None or person.awaits_confirmation:
        reader.note("approval.waits_for_scorer", "ev_approve_decision")
        return reader.findings
    row = ApprovalRow(
        adjusted=reader.scores("ev_approve"),
        opinion=reader.text("ev_approve_opinion"),
        by_paper=reader.text("ev_approve_by_paper"),
    )
    if word == RETURN:
        if not row.opinion:
            reader.note("return.reason_missing", "ev_approve_opinion")
    elif word == ADJUST:
        unreadable = reader.refused
        for need in needs_of_adjustment(row, person.score.scores):
            if not (unreadable and need.kind == "approval.nothing_adjusted"):
                say_need(reader, need)
    elif differs(row.adjusted, person.score.scores):
        reader.note("approval.adjusted_without_saying", "ev_approve_decision")
    if reader.refused:
        return reader.findings
    source = source_of(reader, "ev_approve", decision)
    if word == RETURN:
        batch.add(
            "returned",
            court.week,
            subject=person.code,
            stage="approve",
            by_code=book.owner,
            acts_for=acts_for,
            reason=row.opinion,
            source=source,
        )
        return []
    content = {
        "by_code": book.owner,
        "scores": with_adjustments(row.adjusted, person.score.scores).as_record(),
        "adjusted": word == ADJUST,
        "opinion": row.opinion,
        "by_paper": row.by_paper,
        "score_seq": person.score.seq,
    }
    if not _same_approval(person, content):
        more = {"acts_for": acts_for, "repaired": reader.repaired, "source": source}
        batch.add("approved", court.week, subject=person.code, **content, **more)
    return reader.findings


def _same_approval(person: PersonWeek, content: Mapping[str, Any]) -> bool:
    approval = person.approval
    return approval is not None and (
        code_key(approval.approver) == code_key(content["by_code"])
        and approval.scores.as_record() == content["scores"]
        and (approval.adjusted, approval.opinion) == (content["adjusted"], content["opinion"])
        and (approval.by_paper, approval.score_seq) == (content["by_paper"], content["score_seq"])
    )
