"""From the ledger's events to the history.

`fold` reads events in order. Every decision was made when the event was written, so the same ledger always gives the
same history.

Events (each with `seq`, `kind`, `at`, `by` and mostly `week`):

- `organisation`, `rules`: the organisation and rule book of the week (hashes of blobs in the archive)
- `issued`, `withdrawn`: a workbook went out, or was taken back; `adopted` in it: a lost ledger had issued it, and it was recorded again
- `received`, `gone`: a workbook came back, with its verdict; or is no longer in the folder
- `checked`, `assigned`: what a manager said of a task row, and the tasks given for the next week
- `scored`, `returned`, `approved`: booked decisions; the subject is a staff code, or a unit's with its mark (`unit:VP`)
- `counted`: the files that a run found, by kind
- `warned`, `followed`: the two-week rule asks for a talk (or does so no more), and what the office wrote of it in the register
- `answered`: what the office wrote of a difficulty or proposal in the register
- `appealed`, `reviewed`: a review of a result was asked for (or is not asked for any more), and what was decided
- `page`: a page to sign was made, with what it says and its check code
- `closed`, `reopened`
- `cleaned`: archived bytes of weeks and periods past their retention time were deleted by a decision; it has neither `week` nor `period`

Events of a period have a `period` and no `week`: `issued`, `received`, `gone`, and

- `entered`: what a leader entered for a person: common criteria, criteria for leaders, a note
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Check
from evalxl.domain.history.cross_week_events import apply_cross_week, crosses_weeks, take_without_week
from evalxl.domain.history.history import (
    Approved,
    Booked,
    Event,
    History,
    PersonWeek,
    Received,
    Returned,
    Voided,
    WeekHistory,
)
from evalxl.domain.history.lazy_weeks import WeeksByNeed
from evalxl.domain.history.register_events import OVER_WEEKS
from evalxl.domain.history.workbook_events import gone, issue_from, place_file, take_typed
from evalxl.domain.names import code_key
from evalxl.domain.versions.returned_workbooks import CarriedOutDecision
from evalxl.domain.weeks import Week


def fold(events: Iterable[Event]) -> History:
    """The history that events add up to."""
    history = History()
    for event in events:
        apply_event(history, event)
    return history


def history_by_need(
    weeks: Iterable[Week], of_week: Callable[[Week], Iterable[Event]], beyond: Iterable[Event]
) -> History:
    """The same history, with each week folded when it is first asked for.

    Args:
        weeks: The weeks of the ledger.
        of_week: Gives the events of one week, in order.
        beyond: The events that concern more than their own week, in order.
    """
    history = History(weeks=WeeksByNeed(weeks, lambda week: _week_of(week, of_week(week))))
    for event in beyond:
        apply_cross_week(history, event)
    return history


def apply_event(history: History, event: Event) -> None:
    """Add one more event to a history."""
    if "week" not in event:
        take_without_week(history, event)
        return
    week = Week.parse(event["week"])
    week_history = history.weeks.get(week)
    history.weeks[week] = week_history = week_history or WeekHistory(week, first_seq=event["seq"])
    take_in_week(week_history, event)
    if crosses_weeks(event):
        apply_cross_week(history, event)


def _week_of(week: Week, events: Iterable[Event]) -> WeekHistory:
    week_history = WeekHistory(week)
    for event in events:
        week_history.first_seq = week_history.first_seq or event["seq"]
        take_in_week(week_history, event)
    return week_history


def take_in_week(week_history: WeekHistory, event: Event) -> None:
    """Add one more event to its week."""
    week_history.last_at = datetime.fromisoformat(event["at"])
    week_history.last_seq = event["seq"]
    week_history.log.append(event)
    if event["kind"] not in OVER_WEEKS:
        _TAKERS[event["kind"]](week_history, event)


def _organisation(week: WeekHistory, event: Event) -> None:
    week.organisation = event["sha256"]


def _rules(week: WeekHistory, event: Event) -> None:
    week.rulebook = event["sha256"]
    week.head = event.get("head", {})


def _issued(week: WeekHistory, event: Event) -> None:
    workbook, subject = event["workbook"], event["subject"]
    is_form = workbook in ("form", "unit_form")
    issues = week.holder(workbook, subject).issues if is_form else week.book(workbook, subject).issues
    issues[event["form_id"]] = issue_from(event, issues)


def _withdrawn(week: WeekHistory, event: Event) -> None:
    issue = week.issue_of(event["form_id"])
    if issue:
        issue.withdrawn = True


def _received(week: WeekHistory, event: Event) -> None:
    _mended(week, event["file"])
    received = place_file(week, event)
    if received.subject and (received.unreadable or received.verdict == "refused"):
        week.holder(received.workbook, received.subject).astray[received.file] = received
    if "moved_from" in event:
        _follow(week, received, event["moved_from"])
    elif received.workbook in ("form", "unit_form") and received.subject:
        _take_version(week, week.holder(received.workbook, received.subject), received, event)
    elif received.verdict == "read":
        take_typed(week, received, event["typed"])


def _gone(week: WeekHistory, event: Event) -> None:
    _mended(week, event["file"])
    gone(week, event)


def _mended(week: WeekHistory, file: str) -> None:
    """Forget a file that was only reported, once it was replaced or removed."""
    before = week.present.get(file)
    if before is not None and before.subject and (before.unreadable or before.verdict == "refused"):
        week.holder(before.workbook, before.subject).astray.pop(file, None)


def _follow(week: WeekHistory, moved: Received, before: str) -> None:
    """Follow a renamed or moved file. It is no new version; its version has another path now."""
    for person in week.holders():
        for version in person.versions:
            if version.sha256 == moved.sha256 or (version.sha256 == moved.same_as and version.file == before):
                version.file = moved.file


def _take_version(week: WeekHistory, person: PersonWeek, version: Received, event: Event) -> None:
    if version.verdict in ("duplicate", "waiting"):
        return
    if version.verdict == "same":
        _save_again(person, version, event.get("saved_again", False))
        return
    # A form that was withdrawn, or superseded when it came, does not change the state of the person.
    if version.verdict not in ("refused", "superseded") and not event.get("behind"):
        person.newest = version
    settled = [
        v for v in person.versions if v.sha256 != version.sha256 or not (v.verdict == "conflict" or v.by_our_fault)
    ]
    person.versions = [*settled, version]
    if version.verdict != "submitted":
        return
    returned_to_person = person.returned is not None and person.returned.stage == "score"
    if person.score is None or person.score.version == "" or returned_to_person:
        person.counted = version
        if returned_to_person:
            person.returned = None
        if week.closings:
            person.corrected_later = True
    if person.awaits_confirmation:
        _spend_decision(week, "scoring", person.code, "ev_score_decision", version.seq)


def _save_again(person: PersonWeek, again: Received, later: bool) -> None:
    """Update a version that was saved again with the same content. It is no new version, and its path is the last one saved."""
    for version in person.versions:
        if version.sha256 == again.same_as:
            if later:
                version.file, version.mtime, version.own, version.findings = (
                    again.file,
                    again.mtime,
                    again.own,
                    again.findings,
                )
        elif version.file == again.file and version.verdict == "submitted" and version is not person.counted:
            version.verdict = "superseded"  # the form that came after scoring was changed back to the scored one


def _spend_decision(week: WeekHistory, workbook: str, code: str, name: str, seq: int) -> None:
    """Mark a decision as carried out or superseded, so that it has to be made again."""
    table = "team" if workbook == "scoring" else "approvals"
    for book in week.books.values():
        if book.workbook == workbook:
            for key, cells in book.rows.items():
                if key[0] == table and code_key(key[1]) == code_key(code):
                    cell = cells.pop(name, None)
                    before = book.spent.get(key, CarriedOutDecision(seq))
                    form_id, value = (cell.form_id, tuple(cell.value)) if cell else (before.form_id, before.value)
                    book.spent[key] = CarriedOutDecision(seq, form_id, value)


def _checked(week: WeekHistory, event: Event) -> None:
    values = {name: event[name] for name in Check.__dataclass_fields__ if name in event}
    week.person(event["subject"]).checks[event["key"]] = Check(**values)


def _assigned(week: WeekHistory, event: Event) -> None:
    week.book("scoring", event["by_code"]).assigned = list(event["tasks"])


def _scored(week: WeekHistory, event: Event) -> None:
    person = week.person(event["subject"])
    score = Booked(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        scorer=event["by_code"],
        acts_for=event.get("acts_for", ""),
        scores=Scores.from_record(event["scores"]),
        breach=event.get("breach", False),
        breach_note=event.get("breach_note", ""),
        comment=event.get("comment", ""),
        explanation=event.get("explanation", ""),
        version=event.get("version", ""),
        source=event["source"],
        repaired=event.get("repaired", False),
    )
    _void(person, "scored", score.seq, score.at)
    person.score = score
    if score.version and (person.counted is None or person.counted.sha256 != score.version):
        same = (v for v in reversed(person.versions) if v.sha256 == score.version)
        person.counted = next(same, person.counted)
    person.returned = None
    person.corrected_later = person.corrected_later or bool(week.closings)


def _void(person: PersonWeek, by: Literal["scored", "returned"], seq: int, at: datetime) -> None:
    """Void an approval when the approved content changes. What the approver saw is kept until the next decision."""
    if person.approval is not None and person.score is not None:
        person.voided = Voided(person.approval, person.score, by, seq, at)
    elif person.voided is not None:
        person.voided = replace(person.voided, by=by, seq=seq, at=at)
    person.approval = None


def _returned(week: WeekHistory, event: Event) -> None:
    person, at = week.person(event["subject"]), datetime.fromisoformat(event["at"])
    if event["stage"] == "approve":
        person.voided = None  # the approver has seen the change and decided
    else:
        _void(person, "returned", event["seq"], at)
        if person.newer is not None:
            # A form that came after scoring counts once the row is returned.
            person.counted = person.newer
    person.returned = Returned(event["seq"], at, event["stage"], event["by_code"], event["reason"])
    person.approval = None
    person.corrected_later = person.corrected_later or bool(week.closings)
    _spend_decision(week, "scoring", person.code, "ev_score_decision", event["seq"])
    _spend_decision(week, "approval", person.code, "ev_approve_decision", event["seq"])
    if event["stage"] == "score":
        person.score = None
        person.returned_seq = event["seq"]


def _approved(week: WeekHistory, event: Event) -> None:
    person = week.person(event["subject"])
    person.approval = Approved(
        seq=event["seq"],
        at=datetime.fromisoformat(event["at"]),
        approver=event["by_code"],
        acts_for=event.get("acts_for", ""),
        scores=Scores.from_record(event["scores"]),
        adjusted=event.get("adjusted", False),
        opinion=event.get("opinion", ""),
        by_paper=event.get("by_paper", ""),
        score_seq=event["score_seq"],
        same_person=event.get("same_person", False),
        source=event["source"],
        repaired=event.get("repaired", False),
        stands_for=event.get("stands_for", ""),
    )
    person.returned = None
    person.voided = None
    person.corrected_later = person.corrected_later or bool(week.closings)


def _counted(week: WeekHistory, event: Event) -> None:
    week.count = event


def _page(week: WeekHistory, event: Event) -> None:
    week.person(event["subject"]).pages.setdefault(event["check"], event["seq"])


def _closed(week: WeekHistory, event: Event) -> None:
    week.closed = True
    week.closed_at = datetime.fromisoformat(event["at"])
    week.closings += 1


def _reopened(week: WeekHistory, _: Event) -> None:
    week.closed = False


_TAKERS = {
    "organisation": _organisation,
    "rules": _rules,
    "issued": _issued,
    "withdrawn": _withdrawn,
    "received": _received,
    "gone": _gone,
    "checked": _checked,
    "assigned": _assigned,
    "scored": _scored,
    "returned": _returned,
    "approved": _approved,
    "counted": _counted,
    "page": _page,
    "closed": _closed,
    "reopened": _reopened,
}
