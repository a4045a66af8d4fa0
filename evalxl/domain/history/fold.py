"""From the ledger's events to the history.

`fold` reads events in order. Every decision was made when the event was written, so the same ledger always gives the
same history.

What each kind of event says is declared in `events`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from evalxl.domain.history.cross_week_events import apply_cross_week, crosses_weeks, take_without_week
from evalxl.domain.history.events import (
    ApprovedEvent,
    AssignedEvent,
    BookedEvent,
    CheckedEvent,
    ClosedEvent,
    CountedEvent,
    GoneEvent,
    IssuedEvent,
    LedgerEvent,
    OrganisationEvent,
    PageEvent,
    ReceivedEvent,
    ReopenedEvent,
    ReturnedEvent,
    RulesEvent,
    ScoredEvent,
    WithdrawnEvent,
    event_from,
)
from evalxl.domain.history.history import (
    Event,
    History,
    PersonWeek,
    Voided,
    WeekHistory,
)
from evalxl.domain.history.lazy_weeks import WeeksByNeed
from evalxl.domain.history.register_events import OVER_WEEKS
from evalxl.domain.history.workbook_events import booked_row, gone, issue_from, place_file, take_typed
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import Check
from evalxl.domain.versions.returned_workbooks import CarriedOutDecision
from evalxl.domain.weeks import Week

_week = lru_cache(Week.parse)  # the events of a week come one after the other


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
    for record in beyond:
        apply_cross_week(history, event_from(record), record)
    return history


def apply_event(history: History, record: Event) -> None:
    """Add one more event to a history."""
    event = event_from(record)
    if not event.week:
        take_without_week(history, event, record)
        return
    week = _week(event.week)
    week_history = history.weeks.get(week)
    history.weeks[week] = week_history = week_history or WeekHistory(week, first_seq=event.seq)
    _take(week_history, event, record)
    if crosses_weeks(record):
        apply_cross_week(history, event, record)


def _week_of(week: Week, events: Iterable[Event]) -> WeekHistory:
    week_history = WeekHistory(week)
    for record in events:
        week_history.first_seq = week_history.first_seq or record["seq"]
        take_in_week(week_history, record)
    return week_history


def take_in_week(week_history: WeekHistory, record: Event) -> None:
    """Add one more event to its week."""
    _take(week_history, event_from(record), record)


def _take(week_history: WeekHistory, event: LedgerEvent, record: Event) -> None:
    week_history.last_at = event.written
    week_history.last_seq = event.seq
    week_history.log.append(record)
    if type(event) not in OVER_WEEKS:
        _TAKERS[type(event)](week_history, event)


def _organisation(week: WeekHistory, event: OrganisationEvent) -> None:
    week.organisation = event.sha256


def _rules(week: WeekHistory, event: RulesEvent) -> None:
    week.rulebook = event.sha256
    week.head = event.head


def _issued(week: WeekHistory, event: IssuedEvent) -> None:
    workbook, subject = event.workbook, event.subject
    is_form = workbook in ("form", "unit_form")
    issues = week.holder(workbook, subject).issues if is_form else week.book(workbook, subject).issues
    issues[event.form_id] = issue_from(event, issues)


def _withdrawn(week: WeekHistory, event: WithdrawnEvent) -> None:
    issue = week.issue_of(event.form_id)
    if issue:
        issue.withdrawn = True


def _received(week: WeekHistory, event: ReceivedEvent) -> None:
    _mended(week, event.file)
    place_file(week, event)
    if event.subject and (event.unreadable or event.verdict == "refused"):
        week.holder(event.workbook, event.subject).astray[event.file] = event
    if event.moved_from:
        _follow(week, event)
    elif event.workbook in ("form", "unit_form") and event.subject:
        _take_version(week, week.holder(event.workbook, event.subject), event)
    elif event.verdict == "read":
        take_typed(week, event)


def _gone(week: WeekHistory, event: GoneEvent) -> None:
    _mended(week, event.file)
    gone(week, event)


def _mended(week: WeekHistory, file: str) -> None:
    """Forget a file that was only reported, once it was replaced or removed."""
    before = week.present.get(file)
    if before is not None and before.subject and (before.unreadable or before.verdict == "refused"):
        week.holder(before.workbook, before.subject).astray.pop(file, None)


def _follow(week: WeekHistory, moved: ReceivedEvent) -> None:
    """Follow a renamed or moved file. It is no new version; its version has another path now."""
    for person in week.holders():
        for version in person.versions:
            if version.sha256 == moved.sha256 or (version.sha256 == moved.same_as and version.file == moved.moved_from):
                _restate(week, person, version, file=moved.file)


def _restate(week: WeekHistory, person: PersonWeek, version: ReceivedEvent, **now: Any) -> None:
    """Put a version as a later event has it in the place of the version as it came."""
    restated = version.model_copy(update=now)
    person.versions = [restated if one is version else one for one in person.versions]
    person.counted = restated if person.counted is version else person.counted
    person.newest = restated if person.newest is version else person.newest
    if week.present.get(version.file) is version:
        week.present[version.file] = restated


def _take_version(week: WeekHistory, person: PersonWeek, version: ReceivedEvent) -> None:
    if version.verdict in ("duplicate", "waiting"):
        return
    if version.verdict == "same":
        _save_again(week, person, version)
        return
    # A form that was withdrawn, or superseded when it came, does not change the state of the person.
    if version.verdict not in ("refused", "superseded") and not version.behind:
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


def _save_again(week: WeekHistory, person: PersonWeek, again: ReceivedEvent) -> None:
    """Update a version that was saved again with the same content. It is no new version, and its path is the last one saved."""
    for version in person.versions:
        if version.sha256 == again.same_as:
            if again.saved_again:
                now = {"file": again.file, "mtime": again.mtime, "own": again.own, "findings": again.findings}
                _restate(week, person, version, **now)
        elif version.file == again.file and version.verdict == "submitted" and version is not person.counted:
            # the form that came after scoring was changed back to the scored one
            _restate(week, person, version, verdict="superseded")


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


def _checked(week: WeekHistory, event: CheckedEvent) -> None:
    week.person(event.subject).checks[event.key] = Check.of(event)


def _assigned(week: WeekHistory, event: AssignedEvent) -> None:
    week.book("scoring", event.by_code).assigned = list(event.tasks)


def _scored(week: WeekHistory, event: ScoredEvent) -> None:
    person = week.person(event.subject)
    _void(person, event)
    person.score = event
    if event.version and (person.counted is None or person.counted.sha256 != event.version):
        same = (v for v in reversed(person.versions) if v.sha256 == event.version)
        person.counted = next(same, person.counted)
    person.returned = None
    person.corrected_later = person.corrected_later or bool(week.closings)


def _void(person: PersonWeek, by: ScoredEvent | ReturnedEvent) -> None:
    """Void an approval when the approved content changes. What the approver saw is kept until the next decision."""
    if person.approval is not None and person.score is not None:
        person.voided = Voided(person.approval, person.score, by)
    elif person.voided is not None:
        person.voided = replace(person.voided, event=by)
    person.approval = None


def _returned(week: WeekHistory, event: ReturnedEvent) -> None:
    person = week.person(event.subject)
    if event.stage == "approve":
        person.voided = None  # the approver has seen the change and decided
    else:
        _void(person, event)
        if person.newer is not None:
            # A form that came after scoring counts once the row is returned.
            person.counted = person.newer
    person.returned = event
    person.approval = None
    person.corrected_later = person.corrected_later or bool(week.closings)
    _spend_decision(week, "scoring", person.code, "ev_score_decision", event.seq)
    _spend_decision(week, "approval", person.code, "ev_approve_decision", event.seq)
    if event.stage == "score":
        person.score = None
        person.returned_seq = event.seq


def _approved(week: WeekHistory, event: ApprovedEvent) -> None:
    person = week.person(event.subject)
    person.approval = event
    person.returned = None
    person.voided = None
    person.corrected_later = person.corrected_later or bool(week.closings)


def _counted(week: WeekHistory, event: CountedEvent) -> None:
    week.count = {**event.record(), "seq": event.seq}


def _page(week: WeekHistory, event: PageEvent) -> None:
    week.person(event.subject).pages.setdefault(event.check, event.seq)


def _closed(week: WeekHistory, event: ClosedEvent) -> None:
    week.closed = True
    week.closed_at = event.written
    week.closings += 1


def _reopened(week: WeekHistory, _: ReopenedEvent) -> None:
    week.closed = False


_TAKERS: Mapping[type[LedgerEvent], Callable[[WeekHistory, Any], None]] = {
    OrganisationEvent: _organisation,
    RulesEvent: _rules,
    IssuedEvent: _issued,
    WithdrawnEvent: _withdrawn,
    ReceivedEvent: _received,
    GoneEvent: _gone,
    CheckedEvent: _checked,
    AssignedEvent: _assigned,
    ScoredEvent: _scored,
    ReturnedEvent: _returned,
    ApprovedEvent: _approved,
    BookedEvent: booked_row,
    CountedEvent: _counted,
    PageEvent: _page,
    ClosedEvent: _closed,
    ReopenedEvent: _reopened,
}
