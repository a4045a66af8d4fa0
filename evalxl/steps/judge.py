"""Judging what managers and approvers typed: which rows are booked, and what the others still need.

Every typed row is judged anew in each run, against where the person stands now: a row that only waited for something is booked as soon as it is
there, and a row that is already booked as it stands adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any, Literal

from evalxl.domain.booking import (
    ApprovalRow,
    Need,
    ScoreRow,
    differs,
    needs_of_adjustment,
    needs_of_score,
    with_adjustments,
)
from evalxl.domain.delegation import Right, delegates, may_approve, may_score, stand_in
from evalxl.domain.findings import Finding
from evalxl.domain.history import Book, PersonWeek, TypedCell, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.people import Member, Organisation, Roster
from evalxl.domain.results import Check
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week
from evalxl.forms.binding import Layout
from evalxl.forms.fields import ADJUST, APPROVE, NOT_SCORED, RETURN, SCORED, YES, Kind
from evalxl.forms.rows import RowReader, as_typed, place_in, row_keys
from evalxl.forms.values import EMPTY, Typed, decode
from evalxl.steps.office import Batch, Office

Scope = Literal["score", "approve"]


@dataclass(frozen=True, slots=True)
class Court:
    """Everything that judging a week needs.

    Attributes:
        layouts: The layout of each row workbook's template, by its hash.
        first_seq: The first event of this run; a form received in this run was not yet shown to a manager.
    """

    week: Week
    roster: Roster
    organisation: Organisation
    rules: RuleBook
    today: date
    layouts: Mapping[str, Layout]
    first_seq: int = 0
    members: Mapping[str, Member] = field(default_factory=dict)

    def member(self, code: str) -> Member | None:
        return self.members.get(code_key(code))

    def right(self, member: Member, who: str, scope: Scope) -> Right | None:
        """Whether somebody may score or approve a member this week, and how."""
        given = delegates(self.organisation, self.week, self.today, scope)
        authority = member.scorer if scope == "score" else member.approver
        above = stand_in(self.organisation, member, authority, given, self.week.thursday)
        spelled = next((code for code in self._codes() if code_key(code) == code_key(who)), who)
        return (may_score if scope == "score" else may_approve)(member, spelled, given, above)

    def _codes(self) -> Iterator[str]:
        return (post.code for post in self.organisation.posts)


def judge(batch: Batch, court: Court) -> list[Finding]:
    """Book every row that can be booked; give back what the others need."""
    this = batch.office.history.week(court.week)
    findings: list[Finding] = []
    for book in list(this.books.values()):
        if book.workbook == Kind.SCORING.value:
            findings += _judge_scoring(batch, court, this, book)
    for book in list(this.books.values()):
        if book.workbook == Kind.APPROVAL.value:
            findings += _judge_approval(batch, court, this, book)
    return findings


def pending(office: Office, court: Court) -> list[Finding]:
    """What rows need that are typed but not booked, without booking anything; for masters and status."""
    return judge(_Silent(office), court)


class _Silent(Batch):
    """A batch that books nothing, for looking only."""

    def __init__(self, office: Office) -> None:
        from datetime import datetime

        from evalxl.steps.office import Clock

        super().__init__(office, Clock(datetime.fromtimestamp(0, UTC)))

    def add(self, kind: str, week: Week, **values: Any) -> Any:
        return {"seq": 0}


# Scoring


def _judge_scoring(batch: Batch, court: Court, this: WeekHistory, book: Book) -> list[Finding]:
    findings: list[Finding] = []
    findings += _judge_checks(batch, court, this, book)
    for code in _typed_people(book, "team"):
        reader = _reader(book, court, Kind.SCORING, "team", code, this)
        decision = _decision(book, "team", code, reader, "ev_score_decision")
        word = reader.choice("ev_score_decision") if decision else ""
        member = court.member(code)
        if word in ("", NOT_SCORED):
            findings += [f for f in reader.findings if f.level in ("error", "warning")]
            continue
        if member is None or (right := court.right(member, book.owner, "score")) is None:
            if not _booked_by(this, code, book.owner):
                reader.note("authority.not_scorer", "ev_score_decision", owner=book.owner)
                findings += reader.findings
            continue
        acts_for = member.scorer if right == "delegated" else ""
        person = this.person(code)
        assert decision is not None
        if word == RETURN:
            findings += _return_form(batch, court, book, reader, person, decision, acts_for)
        elif word == SCORED:
            findings += _score(batch, court, book, reader, person, member, decision, acts_for)
    _assign(batch, court, book, findings)
    return findings


def _booked_by(this: WeekHistory, code: str, owner: str) -> bool:
    score = this.person(code).score
    return score is not None and code_key(score.scorer) == code_key(owner)


def _score(
    batch: Batch,
    court: Court,
    book: Book,
    reader: RowReader,
    person: PersonWeek,
    member: Member,
    decision: TypedCell,
    acts_for: str,
) -> list[Finding]:
    row = ScoreRow(
        scores=reader.scores("ev_score"),
        breach=reader.choice("ev_score_breach") == YES,
        breach_note=reader.text("ev_score_breach_note"),
        comment=reader.text("ev_score_comment"),
        explanation=reader.text("ev_score_explanation"),
    )
    unread = [finding for finding in reader.findings if finding.kind == "choice.unknown"]
    version = _version_seen(court, book, person, decision)
    submission = next((v.submission for v in person.versions if v.sha256 == version), None)
    unreadable = {finding.cell for finding in reader.findings if finding.level == "error"}
    for need in needs_of_score(row, submission.scores if submission else None, court.rules):
        if reader.place(need.field)[2] not in unreadable:
            _need(reader, need)
    if reader.refused or unread:  # a breach that cannot be read is not taken for none
        return reader.findings
    content = {
        "by_code": book.owner,
        "scores": row.scores.as_record(),
        "breach": row.breach,
        "breach_note": row.breach_note,
        "comment": row.comment,
        "explanation": row.explanation,
        "version": version,
    }
    if not (_same_score(person, content) and person.returned is None):
        event = batch.add(
            "scored",
            court.week,
            subject=member.code,
            **content,
            acts_for=acts_for,
            repaired=reader.repaired,
            source=_source(reader, "ev_score", decision),
        )
        if code_key(member.scorer) == code_key(member.approver):
            # One person holds both offices: the one sheet records both acts.
            batch.add(
                "approved",
                court.week,
                subject=member.code,
                by_code=book.owner,
                acts_for=acts_for,
                scores=row.scores.as_record(),
                score_seq=event["seq"],
                same_person=True,
                source=_source(reader, "ev_score", decision),
            )
    return reader.findings


def _version_seen(court: Court, book: Book, person: PersonWeek, decision: TypedCell) -> str:
    """The form that a score refers to: the latest valid one received before the manager scored.

    What arrives in the very run in which the score arrives was not received before it, unless the row had shown no form at all: then the
    manager has read it in the folder.
    """
    if person.counted is None:
        return ""
    issue = book.issues.get(decision.form_id)
    shown = issue.versions.get(person.code, "") if issue else ""
    if person.score is not None and person.score.version and person.returned is None:
        return person.score.version
    if shown and person.counted.seq >= court.first_seq and court.first_seq:
        return shown
    return person.counted.sha256


def _same_score(person: PersonWeek, content: Mapping[str, Any]) -> bool:
    score = person.score
    return score is not None and (
        code_key(score.scorer) == code_key(content["by_code"])
        and score.scores.as_record() == content["scores"]
        and (score.breach, score.breach_note) == (content["breach"], content["breach_note"])
        and (score.comment, score.explanation) == (content["comment"], content["explanation"])
        and score.version == content["version"]
    )


def _return_form(
    batch: Batch,
    court: Court,
    book: Book,
    reader: RowReader,
    person: PersonWeek,
    decision: TypedCell,
    acts_for: str,
) -> list[Finding]:
    reason = reader.text("ev_score_comment")
    if not reason:
        reader.note("return.reason_missing", "ev_score_comment")
    if person.counted is None:
        reader.note("return.nothing_to_return", "ev_score_decision")
    if reader.refused:
        return reader.findings
    batch.add(
        "returned",
        court.week,
        subject=reader.code,
        stage="score",
        by_code=book.owner,
        acts_for=acts_for,
        reason=reason,
        source=_source(reader, "ev_score", decision),
    )
    return []


def _judge_checks(batch: Batch, court: Court, this: WeekHistory, book: Book) -> list[Finding]:
    """What the manager says of task rows counts at once: it is no decision, and the person's word stands where it is empty."""
    findings: list[Finding] = []
    for (table, key), cells in list(book.rows.items()):
        if table != "checks" or not cells:
            continue
        code, _, task_key = key.rpartition("/")
        reader = _reader(book, court, Kind.SCORING, "checks", key, this, code)
        member = court.member(code)
        if member is None or court.right(member, book.owner, "score") is None:
            reader.note("authority.not_scorer", next(iter(cells)), owner=book.owner)
            findings += reader.findings
            continue
        check = {
            "task": str(_shown(book, cells, "ev_check_task", key)),
            "important": reader.choice("ev_check_important"),
            "status": reader.choice("ev_check_status"),
            "recognised": reader.choice("ev_check_recognised"),
            "cause_accepted": reader.choice("ev_check_cause_accepted"),
            "faults": reader.whole("ev_check_faults"),
            "delays": reader.whole("ev_check_delays"),
        }
        findings += reader.findings
        if this.person(code).checks.get(task_key, Check()) != Check(**check):  # type: ignore[arg-type]
            batch.add("checked", court.week, subject=member.code, key=task_key, by_code=book.owner, **check)
    return findings


def _shown(book: Book, cells: Mapping[str, TypedCell], name: str, key: str) -> Any:
    """What the copy in which a row was last typed showed in a locked column."""
    latest = max(cells.values(), key=lambda cell: cell.seq)
    issue = book.issues.get(latest.form_id)
    if issue is None:
        return ""
    keys = row_keys(issue.values, "checks")
    return issue.values.get(name, [])[keys.index(key)] if key in keys else ""


def _assign(batch: Batch, court: Court, book: Book, findings: list[Finding]) -> None:
    tasks: list[dict[str, Any]] = []
    team = {code_key(member.code): member.code for member in court.roster.members}
    for (table, key), _ in sorted(book.rows.items(), key=lambda item: item[0][1].zfill(6)):
        if table != "assignments":
            continue
        reader = _reader(book, court, Kind.SCORING, "assignments", key)
        name, person = reader.text("ev_assign_task"), reader.text("ev_assign_person").split(" ")[0]
        if not name and not person:
            continue
        member = court.member(person)
        if not name:
            reader.note("assign.no_task", "ev_assign_task")
        elif member is None or court.right(member, book.owner, "score") is None:
            reader.note("assign.not_in_team", "ev_assign_person")
        else:
            due, important = reader.date("ev_assign_due"), reader.choice("ev_assign_important") == YES
            tasks.append(
                {
                    "person": team[code_key(person)],
                    "name": name,
                    "code": reader.text("ev_assign_code"),
                    **({"due": due.isoformat()} if due else {}),
                    "important": important,
                }
            )
        findings += reader.findings
    if tasks != book.assigned:
        batch.add(
            "assigned",
            court.week,
            by_code=book.owner,
            for_week=str(_next_working_week(court)),
            tasks=tasks,
        )


def _next_working_week(court: Court) -> Week:
    week = court.week.after()
    for _ in range(8):
        if court.organisation.working_days(week):
            break
        week = week.after()
    return week


# Approval


def _judge_approval(batch: Batch, court: Court, this: WeekHistory, book: Book) -> list[Finding]:
    findings: list[Finding] = []
    for code in _typed_people(book, "approvals"):
        reader = _reader(book, court, Kind.APPROVAL, "approvals", code, this)
        decision = _decision(book, "approvals", code, reader, "ev_approve_decision")
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
        for need in needs_of_adjustment(row, person.score.scores):
            _need(reader, need)
    elif differs(row.adjusted, person.score.scores):
        reader.note("approval.adjusted_without_saying", "ev_approve_decision")
    if reader.refused:
        return reader.findings
    source = _source(reader, "ev_approve", decision)
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
        batch.add("approved", court.week, subject=person.code, **content, acts_for=acts_for, source=source)
    return reader.findings


def _same_approval(person: PersonWeek, content: Mapping[str, Any]) -> bool:
    approval = person.approval
    return approval is not None and (
        code_key(approval.approver) == code_key(content["by_code"])
        and approval.scores.as_record() == content["scores"]
        and (approval.adjusted, approval.opinion) == (content["adjusted"], content["opinion"])
        and (approval.by_paper, approval.score_seq) == (content["by_paper"], content["score_seq"])
    )


# What stands in a row


def _typed_people(book: Book, table: str) -> list[str]:
    return sorted(row for (of, row), cells in book.rows.items() if of == table and cells)


def _reader(
    book: Book,
    court: Court,
    kind: Kind,
    table: str,
    key: str,
    this: WeekHistory | None = None,
    code: str | None = None,
) -> RowReader:
    """A reader of one row: what was typed over all copies, else what is booked.

    A cell's place is where it was typed, else where the row stands in the workbook that lies in the folder.
    """
    person = this.person(code if code is not None else key) if this and table != "assignments" else None
    booked = booked_values(person, table) if person else {}
    issue = book.issue
    layout = court.layouts.get(issue.template, {}) if issue else {}
    row = -1
    if issue and table == "assignments":
        row = int(key)
    elif issue and key in (keys := row_keys(issue.values, table)):
        row = keys.index(key)

    def cell(name: str) -> Typed:
        typed = book.typed((table, key), name)
        if typed is None and name.endswith("_decision"):
            return _shown_decision(book, table, key, name)
        return Typed.from_record(typed.value) if typed else as_typed(booked.get(name))

    def place(name: str) -> tuple[str, str, str]:
        typed = book.typed((table, key), name)
        if typed:
            return typed.file, typed.sheet, typed.cell
        sheet, at = place_in(layout, name, row) if row >= 0 else ("", "")
        return issue.path if issue else "", sheet, at

    subject = code if code is not None else ("" if table == "assignments" else key)
    return RowReader(kind, person.code if person else subject, court.rules, cell, place)


def _shown_decision(book: Book, table: str, key: str, name: str) -> Typed:
    """The decision that a row showed when somebody typed into it, and that was left as it was: what an earlier authority had decided."""
    issue = book.shown_when_typed((table, key))
    keys = row_keys(issue.values, table) if issue else []
    if issue is None or key not in keys:
        return EMPTY
    return as_typed(decode(issue.values[name])[keys.index(key)])


def _decision(book: Book, table: str, code: str, reader: RowReader, name: str) -> TypedCell | None:
    """The row's decision with the copy that it was taken in: typed, or left as shown; None where there is none."""
    typed = book.typed((table, code), name)
    if typed is not None:
        return typed
    shown = reader.cell(name)
    if shown.blank:
        return None
    latest = max(book.rows[(table, code)].values(), key=lambda cell: cell.seq)
    return TypedCell(shown.as_record(), latest.form_id, latest.seq, *reader.place(name))


def booked_values(person: PersonWeek, table: str) -> dict[str, Any]:
    """What is booked for a person, by the names of a row's open cells."""
    if table == "team" and person.score is not None:
        score = person.score
        return {
            **{f"ev_score_{part}": score.scores.part(part) for part in ("quality", "progress", "conduct")},
            "ev_score_breach": YES if score.breach else "",
            "ev_score_breach_note": score.breach_note,
            "ev_score_comment": score.comment,
            "ev_score_explanation": score.explanation,
        }
    return {}


def _need(reader: RowReader, need: Need) -> None:
    reader.note(need.kind, need.field, **dict(need.values))


def _source(reader: RowReader, prefix: str, decision: TypedCell) -> dict[str, Any]:
    """Where the numbers came from, for `explain`: file and form id of the decision, and the cells."""
    cells = {}
    for part in ("quality", "progress", "conduct", "decision"):
        file, sheet, cell = reader.place(f"{prefix}_{part}")
        cells[part] = {"file": file, "sheet": sheet, "cell": cell}
    return {"form_id": decision.form_id, "cells": cells}
