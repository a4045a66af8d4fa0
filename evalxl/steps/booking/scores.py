"""Judging scoring workbooks: scores, returns, checked tasks and tasks given for the next week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evalxl.domain.evaluation.plausible import doubt_of
from evalxl.domain.evaluation.row_requirements import (
    ScoreRow,
    describes_breach,
    needs_of_score,
)
from evalxl.domain.evaluation.scoring import Task
from evalxl.domain.evaluation.suggestions import as_checked, outside_guide
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ApprovedEvent, AssignedEvent, CheckedEvent, ReturnedEvent, ScoredEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key, shown_code, subject_of_unit
from evalxl.domain.organisation.delegation import Right
from evalxl.domain.organisation.people import Member
from evalxl.domain.typed_rows import Check
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook, TypedCell
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.fields import NOT_SCORED, RETURN, SCORED, YES
from evalxl.forms.rows import RowReader, row_keys
from evalxl.forms.submissions import day_values
from evalxl.forms.values import UNREAD_WORDS
from evalxl.steps.booking.decision_context import (
    JUST_SCORED,
    BookingResult,
    DecisionContext,
    decided_later,
    decision_of,
    last_decided,
    right_then,
    row_reader,
    said_later,
    said_once,
    say_need,
    score_names,
    source_of,
    typed_rows,
    typed_since_decided,
)


def decide_scores(context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook) -> BookingResult:
    """What the rows of a manager's workbook decide, and what they still need."""
    booking_result = _decide_checks(context, week_history, book)
    findings = booking_result.findings
    findings += said_once(book, kinds.SCORING)
    for code in sorted(typed_rows(book, "team")):
        reader = row_reader(book, context, kinds.SCORING, "team", code, week_history)
        decision = decision_of(book, "team", code, reader, "ev_score_decision")
        word = reader.choice("ev_score_decision") if decision else ""
        member = context.member(code)
        if word in ("", NOT_SCORED):
            findings += [f for f in reader.findings if f.level in ("error", "warning")]
            if not reader.findings and member and context.right(member, book.owner, "score"):
                findings += _left_open(context, week_history, book, code)
            continue
        right = context.right(member, book.owner, "score") if member is not None else None
        then = (
            right_then(context, week_history, book, ("team", code), code, "score")
            if member is not None and not right
            else None
        )
        if member is None or (right is None and then is None):
            settled = decided_later(
                context, week_history, book, "team", code
            )  # by whoever may, as the finding asks for
            if not settled and not _stands_as_booked(week_history, reader, word, code, book.owner):
                reader.note("authority.not_scorer", "ev_score_decision", owner=book.owner)
                findings += reader.findings
            continue
        if decided_later(context, week_history, book, "team", code):
            continue
        held, of = then or (right, member)
        acts_for = of.scorer if held == "delegated" else ""
        person = week_history.person(code)
        assert decision is not None
        if word == RETURN:
            booking_result += _return_form(book, reader, person, decision, acts_for)
        elif word == SCORED:
            both = bool(context.rules.parts) and _approves_too(context, week_history, book, member, code, right)
            scored = _score(context, book, code, reader, person, member, decision, acts_for, both)
            if right is None and reader.refused:  # what is missing is no matter of somebody who cannot score any more
                scored.findings.clear()
            booking_result += scored
    booking_result += _assign(context, book)
    return booking_result


def _approves_too(
    context: DecisionContext,
    week_history: WeekHistory,
    book: ReturnedWorkbook,
    member: Member,
    code: str,
    right: Right | None,
) -> bool:
    """Whether one person holds both offices: the one sheet then records both acts. Who stands in for the scoring alone does not approve."""
    if right is None:
        return right_then(context, week_history, book, ("team", code), code, "approve") is not None
    one = code_key(member.scorer) == code_key(member.approver)
    return one and context.right(member, book.owner, "approve") is not None


def _left_open(context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook, code: str) -> list[Finding]:
    """What a row says in vain while it is left at *Chưa chấm*: all scores, or a breach under *Không*."""
    person = week_history.person(code)
    typed = typed_since_decided(book, "team", code)
    if not typed or (person.score is not None and person.returned is None):
        return []
    reader = row_reader(book, context, kinds.SCORING, "team", code, week_history)
    row = score_row(reader)
    scores = score_names(context.rules)
    filled = not any(reader.cell(name).blank for name in scores) and any(name in typed for name in scores)
    described = describes_breach(row) and "ev_score_breach_note" in typed
    if not (filled or described):
        return []
    if filled:
        reader.note("score.left_open", "ev_score_decision")
    if described:
        reader.note("score.breach_unanswered", "ev_score_breach")
    return [finding for finding in reader.findings if finding.level in ("error", "warning")]


def _stands_as_booked(week_history: WeekHistory, reader: RowReader, word: str, code: str, owner: str) -> bool:
    """Whether a row of somebody who was the scorer once says no more than was booked then: a workbook may be saved again at any time."""
    event = last_decided(week_history, code, owner, "scored", "returned")
    if event is None:
        return False
    if word == RETURN:
        reason = reader.text("ev_score_comment")
        return isinstance(event, ReturnedEvent) and event.reason == reason
    row = score_row(reader)
    return isinstance(event, ScoredEvent) and event.says_as(row)


def score_row(reader: RowReader) -> ScoreRow:
    """What a manager typed in a row."""
    lines = reader.lines()
    return reader.row(ScoreRow, lines=lines, scores=reader.scored(lines))


def _score(
    context: DecisionContext,
    book: ReturnedWorkbook,
    key: str,
    reader: RowReader,
    person: PersonWeek,
    member: Member,
    decision: TypedCell,
    acts_for: str,
    both: bool,
) -> BookingResult:
    row = score_row(reader)
    unread = [finding for finding in reader.findings if finding.kind in UNREAD_WORDS]
    version = _version_seen(book, key, person)
    submission = next((v.submission for v in person.versions if v.sha256 == version), None)
    unreadable = {finding.cell for finding in reader.findings if finding.level == "error"}
    own = (submission.scores, submission.lines) if submission else (None, {})
    for need in needs_of_score(row, own[0], context.rules, own[1]):
        if reader.place(need.field)[2] not in unreadable:
            say_need(reader, need)
    booking_result = BookingResult(findings=reader.findings)
    if reader.refused or unread:  # a breach that cannot be read is not taken for none
        return booking_result
    if submission is not None and not row.explanation:
        _outside_guide(context, reader, row, as_checked(submission.tasks, person.checks))
    scored = ScoredEvent(
        subject=member.code,
        by_code=book.owner,
        acts_for=acts_for,
        **row.said(),
        version=version,
        repaired=reader.repaired,
        source=source_of(reader, "ev_score", decision),
    )
    if not (_same_score(person, scored) and person.returned is None):
        booking_result.decisions.append(scored)
        if both:
            booking_result.decisions.append(_approved_with(scored))
    return booking_result


def _outside_guide(context: DecisionContext, reader: RowReader, row: ScoreRow, tasks: Sequence[Task]) -> None:
    """Ask for a reason where a score lies outside the range of the guide's line for the tasks, as the manager has checked them."""
    last_day = context.organisation.last_day(context.week)
    for outside in outside_guide(row.scores.given, tasks, context.rules, last_day):
        reader.note("score.outside_guide", "ev_score_explanation", **outside.as_values())


def _approved_with(scored: ScoredEvent) -> ApprovedEvent:
    """The approval of scores by the person who gave them."""
    return ApprovedEvent(
        subject=scored.subject,
        by_code=scored.by_code,
        acts_for=scored.acts_for,
        scores=scored.scores,
        score_seq=JUST_SCORED,
        same_person=True,
        source=scored.source,
    )


def _version_seen(book: ReturnedWorkbook, key: str, person: PersonWeek) -> str:
    """The form that a score refers to: the latest valid one received before the manager scored.

    What arrives with the row or after it was not received before it, unless the row had shown no form at all, or one that was sent back: then
    the manager has read the new one in the folder. So it stays, however often the button is pressed, until the manager types in the row again.
    """
    if person.counted is None:
        return ""
    if person.score is not None and person.score.version and person.returned is None:
        return person.score.version
    latest = max(book.rows[("team", key)].values(), key=lambda cell: cell.seq)
    issue = book.issues.get(latest.form_id)
    shown = issue.versions.get(person.code, "") if issue else ""
    standing = any(v.sha256 == shown and v.seq > person.returned_seq for v in person.versions)
    return shown if standing and person.counted.seq > latest.seq else person.counted.sha256


def _same_score(person: PersonWeek, scored: ScoredEvent) -> bool:
    score = person.score
    return score is not None and (
        code_key(score.by_code) == code_key(scored.by_code)
        and score.says_as(scored)
        and score.version == scored.version
    )


def _return_form(
    book: ReturnedWorkbook,
    reader: RowReader,
    person: PersonWeek,
    decision: TypedCell,
    acts_for: str,
) -> BookingResult:
    reason = reader.text("ev_score_comment")
    if not reason:
        reader.note("return.reason_missing", "ev_score_comment")
    if person.counted is None:
        reader.note("return.nothing_to_return", "ev_score_decision")
    if reader.refused:
        return BookingResult(findings=reader.findings)
    returned = ReturnedEvent(
        subject=reader.code,
        stage="score",
        by_code=book.owner,
        acts_for=acts_for,
        reason=reason,
        source=source_of(reader, "ev_score", decision),
    )
    return BookingResult([returned])


def _decide_checks(context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook) -> BookingResult:
    """What the manager says of task rows counts at once: it is no decision, and the person's word stands where it is empty."""
    booking_result = BookingResult()
    for key in typed_rows(book, "checks"):
        cells = book.rows[("checks", key)]
        code, _, task_key = key.rpartition("/")
        reader = row_reader(book, context, kinds.SCORING, "checks", key, week_history, code)
        member = context.member(code)
        may = member is not None and context.right(member, book.owner, "score") is not None
        if member is None or not (may or right_then(context, week_history, book, ("checks", key), code, "score")):
            reader.note("authority.not_scorer", next(iter(cells)), owner=book.owner)
            booking_result.findings += reader.findings
            continue
        if said_later(context, week_history, book, ("checks", key), member):
            continue
        checked = CheckedEvent(
            subject=member.code,
            by_code=book.owner,
            key=task_key,
            **reader.row(Check, task=str(_shown(book, cells, "ev_check_task", key))).said(),
        )
        booking_result.findings += reader.findings
        if not checked.says_as(week_history.person(code).checks.get(task_key, Check())):
            booking_result.decisions.append(checked)
    return booking_result


def _shown(book: ReturnedWorkbook, cells: Mapping[str, TypedCell], name: str, key: str) -> Any:
    """What the copy in which a row was last typed showed in a locked column."""
    latest = max(cells.values(), key=lambda cell: cell.seq)
    issue = book.issues.get(latest.form_id)
    if issue is None:
        return ""
    keys = row_keys(issue.values, "checks")
    return issue.values.get(name, [])[keys.index(key)] if key in keys else ""


def _assign(context: DecisionContext, book: ReturnedWorkbook) -> BookingResult:
    """The tasks that the manager gives for the next week, where they differ from those given so far."""
    booking_result = BookingResult()
    tasks: list[dict[str, Any]] = []
    next_week, known = _next_working_week(context), {code_key(task.code) for task in context.organisation.tasks}
    for (table, key), _ in sorted(book.rows.items(), key=lambda item: item[0][1].zfill(6)):
        if table != "assignments":
            continue
        reader = row_reader(book, context, kinds.SCORING, "assignments", key)
        name, person = reader.text("ev_assign_task"), reader.text("ev_assign_person").split(" ")[0]
        if not name and not person and all(reader.cell(one).blank for one in ("ev_assign_code", "ev_assign_due")):
            continue
        member = _given_to(context, book.owner, person)
        if not name:
            reader.note("assign.no_task", "ev_assign_task")
        elif not person:
            reader.note("assign.no_person", "ev_assign_person")
        elif member is None:
            reader.note("assign.not_in_team", "ev_assign_person")
        else:
            due, important = reader.date("ev_assign_due"), reader.choice("ev_assign_important") == YES
            code = reader.text("ev_assign_code")
            if due and (doubt := doubt_of(due, next_week)) is not None:
                values = day_values(due, "date.otherwise_nothing", doubt.meant)
                reader.note(doubt.kind, "ev_assign_due", **values)
            if code and known and code_key(code) not in known:
                reader.note("assign.code_unknown", "ev_assign_code")
            tasks.append(
                {
                    "person": member.code,
                    "name": name,
                    "code": code,
                    **({"due": due.isoformat()} if due else {}),
                    "important": important,
                }
            )
        booking_result.findings += reader.findings
    if tasks != book.assigned:
        booking_result.decisions.append(AssignedEvent(by_code=book.owner, for_week=str(next_week), tasks=tasks))
    return booking_result


def _given_to(context: DecisionContext, owner: str, code: str) -> Member | None:
    """Who of a manager's rows a task is for: the person with the code, as the workbook shows it; else the unit with it."""
    for subject in (code, subject_of_unit(code)):
        member = context.member(subject)
        # Nobody types the mark of a unit; the code that stands in the row is what is typed.
        if member is None or code_key(shown_code(member.code)) != code_key(code):
            continue
        if context.right(member, owner, "score") is not None:
            return member
    return None


def _next_working_week(context: DecisionContext) -> Week:
    week = context.week.after()
    for _ in range(8):
        if context.organisation.working_days(week):
            break
        week = week.after()
    return week
