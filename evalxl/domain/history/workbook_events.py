"""Applying the events of workbooks that go out and come back, for weeks and periods alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from evalxl.domain.history.changed_values import with_changes
from evalxl.domain.history.events import BookedEvent, EnteredEvent, GoneEvent, IssuedEvent, LedgerEvent, ReceivedEvent
from evalxl.domain.history.history import Event, History, IssuedAndReturned, PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.versions.cell_meaning import meaning
from evalxl.domain.versions.returned_workbooks import DECISIONS, Held, Issue, ReturnedWorkbook, TypedCell
from evalxl.domain.weeks import Period


def issue_from(event: IssuedEvent, issues: Mapping[str, Issue]) -> Issue:
    """An issue from its event.

    Args:
        issues: The earlier issues, by form id. The event of a workbook issued again may hold only the changes since one of them.
    """
    return Issue(
        seq=event.seq,
        form_id=event.form_id,
        workbook=event.workbook,
        subject=event.subject,
        path=event.path,
        sha256=event.sha256,
        template=event.template,
        rulebook=event.rulebook,
        values=with_changes(issues[event.since].values, event.changes) if event.values is None else event.values,
        given=tuple(event.given),
        origins=event.origins,
        basis=event.basis,
        versions=event.versions,
        keeps=bool(event.kept),
        left_out=event.left_out,
        adopted=event.adopted is not None,
    )


def place_file(history: IssuedAndReturned, received: ReceivedEvent) -> None:
    """Record a returned file under its present path."""
    now, before = (history.read, history.present) if received.verdict == "read" else (history.present, history.read)
    now[received.file] = received
    before.pop(received.file, None)


def take_typed(week: IssuedAndReturned, received: ReceivedEvent) -> None:
    type_into(week.book(received.workbook, received.subject), received, received.typed or ())


def type_into(book: ReturnedWorkbook, received: ReceivedEvent, typed: Iterable[Mapping[str, Any]]) -> None:
    """Apply what was typed into a copy. Which cells do not count was decided when the copy came, and is stored with each cell."""
    held, saved = [], received.saved
    for one in typed:
        key = (one["table"], one["row"])
        cell = TypedCell(
            one["value"],
            received.form_id,
            received.seq,
            received.file,
            one["sheet"],
            one["cell"],
            saved,
            received.written,
        )
        if why := one.get("held"):
            if why != "taken":
                held.append(Held(key, one["name"], cell, why))
            continue
        if one["name"] in DECISIONS and book.carried_out(key, received.form_id, one["value"]):
            continue
        row = book.rows.setdefault(key, {})
        if (stood := row.get(one["name"])) is not None:
            cell.before = stood.before
            if stood.value != cell.value and (before := meaning(stood.value)) != meaning(cell.value):
                cell.before = (*stood.before, (stood.form_id, before))
        row[one["name"]] = cell
    book.held.pop(received.file, None)
    if held:
        book.held[received.file] = held


def gone(week: IssuedAndReturned, event: GoneEvent) -> None:
    week.present.pop(event.file, None)
    week.read.pop(event.file, None)


def booked_row(history: IssuedAndReturned, event: BookedEvent) -> None:
    """A row of a kind of workbook without an event of its own, as it was booked last."""
    history.book(event.workbook, event.by_code).booked[(event.table, event.row)] = event


# Periods


def take_in_of_period(history: History, event: LedgerEvent, record: Event) -> None:
    """Apply an event of a workbook of a period. The histories of its weeks do not change."""
    if not event.period or type(event) not in _OF_PERIODS:
        return
    period_history = history.periods.setdefault(event.period, PeriodHistory(Period.parse(event.period)))
    period_history.last_at = event.written
    period_history.last_seq = event.seq
    period_history.log.append(record)
    _OF_PERIODS[type(event)](period_history, event)


def _issued_for_period(period: PeriodHistory, event: IssuedEvent) -> None:
    issues = period.book(event.workbook, event.subject).issues
    issues[event.form_id] = issue_from(event, issues)


def _received_for_period(period: PeriodHistory, event: ReceivedEvent) -> None:
    place_file(period, event)
    if event.verdict == "read" and not event.moved_from:
        take_typed(period, event)


def _entered(period: PeriodHistory, event: EnteredEvent) -> None:
    period.entries.setdefault(code_key(event.subject), []).append(event.entry)


_OF_PERIODS: Mapping[type[LedgerEvent], Callable[[PeriodHistory, Any], None]] = {
    IssuedEvent: _issued_for_period,
    ReceivedEvent: _received_for_period,
    GoneEvent: gone,
    EnteredEvent: _entered,
    BookedEvent: booked_row,
}
