"""The outcome of a week: a row per person from the history and the roster, and who is awaited.

Masters, exports, receipts and status show these values and compute nothing themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.evaluation.week_view import Basis, Listed, Missing, Result, State
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ReceivedEvent, ScoredEvent
from evalxl.domain.history.history import PersonWeek, Voided, WeekHistory
from evalxl.domain.names import code_key, folded, subject_of_unit
from evalxl.domain.organisation.org_chart import unit_order
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.typed_rows import ScoreWords
from evalxl.domain.weeks import Week


def state_of(person: PersonWeek | None, member: Member, rules: RuleBook) -> State:
    """The state of a person in a week."""
    if person is not None:
        if person.approval is not None:
            return "approved"
        if person.returned is not None:
            return "returned"
        if person.score is not None:
            return "scored" if rules.parts else "seen"
        if person.counted is not None:
            return "submitted"
    if member.absence:
        return "absent"
    if person is not None and person.newest is not None:
        if person.newest.verdict == "invalid":
            return "invalid"
        if person.newest.verdict == "draft":
            return "draft"
    return "not_submitted"


def state_key(state: State, rules: RuleBook) -> str:
    """A state as the catalogue says it; what waits for scores in one week waits to be looked through in another."""
    return "state.submitted_only" if state == "submitted" and not rules.parts else f"state.{state}"


def result_of(person: PersonWeek | None, member: Member, week: Week, rules: RuleBook, conflict: bool = False) -> Result:
    """One person's row.

    Args:
        conflict: Whether the person has several forms of which it is not known which was saved last.
    """
    state = state_of(person, member, rules)
    if person is None:
        person = PersonWeek(member.code)
    submission = person.counted.submission if person.counted else None
    self_scores, scored, approved = (
        Scores.of(dict.fromkeys(rules.codes)) if act is None else act.scores.under(rules)
        for act in (submission, person.score, person.approval)
    )
    total, basis = _counted(state, self_scores, scored, approved)
    score, approval, returned = person.score, person.approval, person.returned
    return Result(
        week=week,
        code=member.code,
        name=member.name,
        unit=member.unit,
        unit_name=member.unit_name,
        title=member.title,
        rank=member.rank,
        position=member.position,
        scorer=member.scorer,
        approver=member.approver,
        state=state,
        self_scores=self_scores,
        scored=scored,
        approved=approved,
        self_lines=submission.lines if submission else {},
        scored_lines=score.lines if score else {},
        counted_total=total,
        basis=basis,
        band=rules.band_for(total).code if total is not None else "",
        flags=(*_flags(person, member, basis), *(("conflict",) if conflict else ())),
        absence=member.absence,
        form=_form_path(person),
        scoring=str(score.source["cells"]["decision"]["file"]) if score else "",
        tasks=submission.tasks if submission else (),
        checks=person.checks,
        conduct_note=submission.conduct_note if submission else "",
        difficulties=submission.difficulties if submission else "",
        proposals=submission.proposals if submission else "",
        reply=submission.reply if submission else "",
        **_words_of(score),
        opinion=approval.opinion if approval else "",
        reason=returned.reason if returned else "",
        head=member.head,
    )


def _words_of(score: ScoredEvent | None) -> dict[str, Any]:
    """What the manager wrote, with what was chosen said in words."""
    if score is None:
        return ScoreWords().said()
    chosen = {"breach_kind": "", "breach_day": None, "earned_by": ""}
    return ScoreWords.of(score).said() | {"comment": score.comment_said, "breach_note": score.breach_said} | chosen


def _counted(state: State, own: Scores, scored: Scores, approved: Scores) -> tuple[Decimal | None, Basis]:
    """The total that decides the band: the approved one, else the manager's, else the self score.

    A person who was absent or has handed in nothing valid has no total. A missing week is never a zero.
    """
    if approved.total is not None:
        return approved.total, "approved"
    if scored.total is not None:
        return scored.total, "scored"
    if state in ("submitted", "returned") and own.total is not None:
        return own.total, "self"
    return None, "none"


def _flags(person: PersonWeek, member: Member, basis: Basis) -> Iterator[str]:
    score, approval, counted = person.score, person.approval, person.counted
    if counted is not None and counted.late:
        yield "late"
    repairs = counted is not None and any(finding.level == "repair" for finding in counted.findings)
    if repairs or (score is not None and score.repaired) or (approval is not None and approval.repaired):
        yield "repaired"
    if member.absence and counted is not None:
        yield "absent_note"
    if score is not None and not score.version:
        yield "no_self"
    if approval is not None and approval.same_person:
        yield "same_person"
    if (score is not None and score.acts_for) or (approval is not None and approval.acts_for):
        yield "delegated"
    if approval is not None and approval.adjusted:
        yield "adjusted"
    if person.newer is not None:
        yield "newer_version"
    if person.corrected_later:
        yield "corrected_later"
    if approval is not None and approval.by_paper:
        yield "by_paper"
    if basis in ("scored", "self"):
        yield "provisional"
    if any(received.unreadable for received in person.astray.values()) or _came_unreadable(person):
        yield "unreadable"


def _came_unreadable(person: PersonWeek) -> bool:
    """Whether the last that came could not be read, and nothing else counts."""
    return person.counted is None and person.newest is not None and person.newest.unreadable


def _form_path(person: PersonWeek) -> str:
    if person.counted is not None:
        return person.counted.file
    return person.issue.path if person.issue else ""


def results(week_history: WeekHistory, roster: Roster, rules: RuleBook) -> tuple[Result, ...]:
    """A row per person to be evaluated, including absent and missing people, in the roster's order."""
    return tuple(_rows(week_history, roster.members, rules))


def _rows(week_history: WeekHistory, members: Iterable[Member], rules: RuleBook) -> Iterator[Result]:
    conflicts = week_history.conflicts()
    for member in members:
        yield result_of(
            week_history.known(member.code), member, week_history.week, rules, code_key(member.code) in conflicts
        )


def reporting(week_history: WeekHistory, roster: Roster) -> tuple[Member, ...]:
    """The units that report in a week as units: those with a form of their own."""
    return tuple(
        unit
        for unit in roster.collectives
        if (known := week_history.known(unit.code)) is not None and known.issue is not None
    )


def unit_results(week_history: WeekHistory, roster: Roster, rules: RuleBook) -> tuple[Result, ...]:
    """A row per unit that reports in the week, in the organisation's order. The codes have the unit mark."""
    return tuple(_rows(week_history, reporting(week_history, roster), rules))


@dataclass(frozen=True, slots=True)
class WeekRows:
    """Everybody's rows of a week, and those of the units that report as units."""

    people: tuple[Result, ...]
    units: tuple[Result, ...]

    @property
    def all(self) -> tuple[Result, ...]:
        return (*self.people, *self.units)


def rows_of_week(week_history: WeekHistory, roster: Roster, rules: RuleBook) -> WeekRows:
    """The rows of a week as it is now."""
    return WeekRows(results(week_history, roster, rules), unit_results(week_history, roster, rules))


def where_they_lie(week_history: WeekHistory, rows: tuple[Result, ...]) -> tuple[Result, ...]:
    """The rows with the present place of the scoring workbook, if it was issued again under another name or to another share."""
    moved = {
        issue.path: now.path
        for book in week_history.books.values()
        if (now := book.issue) is not None
        for issue in book.issues.values()
        if issue.path != now.path
    }
    return tuple(replace(row, scoring=moved.get(row.scoring, row.scoring)) for row in rows) if moved else rows


def missing(week_history: WeekHistory, rows: Sequence[Result]) -> tuple[Missing, ...]:
    """The person that each step waits for, and why. A person who has to choose between two forms is awaited in addition to other steps.

    If evalxl failed to read a file by its own fault, it waits for nobody: `waits_for` is empty.
    """
    missings: list[Missing] = []
    not_read = {
        (received.workbook, code_key(received.subject))
        for received in week_history.present.values()
        if received.by_our_fault
    }
    for row in rows:
        if "conflict" in row.flags:
            missings.append(Missing(row.code, "self", "missing.conflict", row.reports))
        entry = _missing(week_history, week_history.known(row.code), row)
        if entry is not None and (_AWAITED_IN.get(entry.step, ""), code_key(entry.waits_for)) in not_read:
            entry = Missing(row.code, entry.step, f"missing.{_AWAITED_IN[entry.step]}_not_read", "")
        if entry is not None and not ("conflict" in row.flags and entry.step == "self"):
            missings.append(entry)
    return tuple(missings)


_AWAITED_IN = {"score": "scoring", "approve": "approval"}  # by step: the workbook in which it is done


def _missing(week_history: WeekHistory, person: PersonWeek | None, row: Result) -> Missing | None:
    if row.state == "not_submitted":
        return Missing(row.code, "self", _why_not_submitted(person), row.reports)
    if row.state == "invalid" and person is not None and person.newest is not None and person.newest.by_our_fault:
        return Missing(row.code, "self", "missing.form_not_read", "")
    if row.state == "invalid" and person is not None and _came_unreadable(person):
        return Missing(row.code, "self", "missing.unreadable", row.reports)
    if row.state in ("draft", "invalid"):
        return Missing(row.code, "self", f"missing.{row.state}", row.reports)
    if row.state == "submitted":
        stuck = _book_is_unreadable(week_history, "scoring", row.scorer)
        waits = "missing.not_scored" if row.is_scored else "missing.not_seen"
        return Missing(row.code, "score", "missing.scoring_unreadable" if stuck else waits, row.scorer)
    if row.state == "returned" and person is not None and person.returned is not None:
        if person.returned.stage == "score":
            return Missing(row.code, "self", "missing.returned_to_person", row.reports)
        return Missing(row.code, "score", "missing.returned_to_scorer", row.scorer)
    if row.state in ("scored", "seen"):
        if person is not None and person.awaits_confirmation:
            return Missing(row.code, "score", "missing.confirmation", row.scorer)
        if row.state == "seen":
            return None
        stuck = _book_is_unreadable(week_history, "approval", row.approver)
        reason = "missing.approval_unreadable" if stuck else "missing.not_approved"
        return Missing(row.code, "approve", reason, row.approver)
    return None


def _why_not_submitted(person: PersonWeek | None) -> str:
    if person is None or person.issue is None:
        return "missing.not_issued"
    kinds = {finding.kind for received in person.astray.values() for finding in received.findings}
    return "missing.other_week" if "form.other_week" in kinds else "missing.not_submitted"


def _book_is_unreadable(week_history: WeekHistory, workbook: str, owner: str) -> bool:
    """Whether the file in the place of an owner's row workbook cannot be read."""
    known = week_history.known(owner)
    return known is not None and any(
        received.workbook == workbook and received.unreadable for received in known.astray.values()
    )


def file_findings(week_history: WeekHistory) -> tuple[Finding, ...]:
    """What is wrong with the files that are in the folder now, and with those that count."""
    findings: list[Finding] = []
    lying = set()
    for received in (*week_history.present.values(), *week_history.read.values()):
        lying.add((received.sha256, received.file))
        if received.same_as:
            lying.add((received.same_as, received.file))
        if received.verdict == "conflict" and week_history.holder(received.workbook, received.subject).has_overtaken(
            received
        ):
            continue  # a third version counts, so nobody has to choose any more
        looked_at = _was_looked_at_since(week_history, received)
        findings += (
            finding
            for finding in _of_file(week_history, received)
            if not (_is_settled(week_history, finding) or (looked_at and finding.kind in _LOOKS))
        )
    for person in week_history.holders():
        # A fault is reported until a new file comes, even if the file was moved away.
        last = person.counted or (person.newest if person.newest and person.newest.verdict == "invalid" else None)
        if last is not None and (last.sha256, last.file) not in lying:
            findings += (finding for finding in _of_file(week_history, last) if not _is_settled(week_history, finding))
        if person.voided is not None:
            findings.append(_voided(person.voided, person))
        if person.newer is not None:
            findings.append(Finding("form.newer_version", code=person.code, file=person.newer.file))
        if person.awaits_confirmation:
            findings.append(Finding("score.awaits_confirmation", code=person.code))
    return tuple(findings)


def _is_settled(week_history: WeekHistory, finding: Finding) -> bool:
    """Whether a finding names another version that is no longer in the folder."""
    return (
        finding.kind in ("form.replaces", "form.earlier_version")
        and finding.values.get("other") not in week_history.present
    )


# Kinds of findings about how a workbook looked when it was saved, whatever was typed into it.
_LOOKS = frozenset(
    (
        "cell.covered",
        "cell.hard_to_see",
        "cell.hidden",
        "cell.link_elsewhere",
        "cell.locked_shown_rounded",
        "cell.merged",
    )
)


def _was_looked_at_since(week_history: WeekHistory, received: ReceivedEvent) -> bool:
    """Whether a manager's or approver's workbook was drawn anew, and its rows were looked at, since a copy that looked different was read.

    The new workbook has no picture over a score and no strange link. But its manager typed the scores in the old one, so what the old one looked like is
    told until the manager saves again, or until whoever approves has seen the scores as they are. Nobody decides after the approver: what the approver's
    workbook looked like is told by the run that read it, and until a later run records something.
    """
    book = week_history.books.get((received.workbook, code_key(received.subject)))
    if received.workbook not in ("scoring", "approval") or book is None or book.issue is None:
        return False
    if book.issue.path != received.file or book.issue.seq <= received.seq:
        return False
    if received.workbook == "approval":
        return week_history.count is not None and week_history.count.get("seq", 0) > book.issue.seq
    people = (week_history.known(str(code)) for code in book.issue.values.get("ev_row_person", ()) if code)
    scored = [person_week for person_week in people if person_week is not None and person_week.score is not None]
    return bool(scored) and all(
        person_week.approval is not None and person_week.approval.seq > received.seq for person_week in scored
    )


def _voided(voided: Voided, person: PersonWeek) -> Finding:
    """The finding for a void approval: who had approved, and which event changed the approved values."""
    old, new = voided.approval.scores.total, person.score.scores.total if person.score else None
    values = {"approver": voided.approval.by_code, "event": voided.event.seq, "at": voided.approval.seq}
    values |= {"old": shown(old) if old is not None else "-", "new": shown(new) if new is not None else "-"}
    return Finding(f"approval.voided{'' if person.score else '_by_return'}", code=person.code, values=values)


def off_roster(week_history: WeekHistory, roster: Roster) -> Iterator[Finding]:
    """Report people who handed in a form but are no longer evaluated in the week: they left, or their entry changed. Nobody is dropped unseen."""
    evaluated = {code_key(member.code) for member in (*roster.members, *roster.collectives)}
    for person in week_history.holders():
        if person.counted is not None and code_key(person.code) not in evaluated:
            yield Finding("person.not_on_roster", code=person.code, file=person.counted.file)


def other_accounts(week_history: WeekHistory, organisation: Organisation) -> Iterator[Finding]:
    """Report files that were saved last by another account than the office entered for their owner.

    People may type at a colleague's machine, so it is only a note. Files of programs that write no account are not reported. Only
    `explain` shows the account itself, since colleagues may read other outputs.
    """
    accounts = organisation.accounts()
    for received in (*week_history.present.values(), *week_history.read.values()) if accounts else ():
        if received.workbook == "unit_form":
            continue  # anybody in the unit may write it
        known = accounts.get(code_key(received.subject))
        if received.modified_by and known and folded(received.modified_by) not in known:
            yield Finding("person.other_account", code=received.subject, file=received.file)


def _of_file(week_history: WeekHistory, received: ReceivedEvent) -> Iterator[Finding]:
    """The findings of a file, with its path. Those of a unit's form concern the unit, not a person with the same code."""
    unit = subject_of_unit(received.subject) if received.workbook == "unit_form" else ""
    for finding in received.findings:
        if not _is_confirmed(week_history, received, finding):
            yield finding.at(file=finding.file or received.file, code=unit or finding.code or received.subject)


def _is_confirmed(week_history: WeekHistory, received: ReceivedEvent, finding: Finding) -> bool:
    """Whether an implausible due date was confirmed, because the manager gave the state of its task."""
    if "otherwise" not in finding.values or received.content is None:
        return False
    key = finding.values.get("key", "")
    task = next((task for task in received.submission.tasks if task.key == key), None)
    checks = week_history.holder(received.workbook, received.subject).checks
    return (
        task is not None
        and finding.values["otherwise"] == "@date.otherwise_checked"
        and word_on(task, checks).state_checked
    )


def units_with_people(organisation: Organisation, rows: Iterable[Listed]) -> tuple[tuple[str, str], ...]:
    """Code and name of each unit with somebody to be evaluated, in the organisation's order."""
    order = unit_order(organisation)
    names: Mapping[str, str] = {row.unit: row.unit_name for row in rows}
    return tuple((code, names[code]) for code in sorted(names, key=lambda code: order.get(code, len(order))))
