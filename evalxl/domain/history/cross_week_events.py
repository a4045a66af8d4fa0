"""Events that concern more than one week: the office's register, tasks for later weeks, periods.

In a long ledger these events are always read. All other events are read with their week.
"""

from __future__ import annotations

from evalxl.domain.evaluation.difficulties import said_in
from evalxl.domain.history.closed_periods import ClosedPeriod
from evalxl.domain.history.events import (
    AssignedEvent,
    CleanedEvent,
    ClosedEvent,
    IssuedEvent,
    LedgerEvent,
    ReceivedEvent,
    WithdrawnEvent,
)
from evalxl.domain.history.history import Event, History, subject_of
from evalxl.domain.history.register_events import OVER_WEEKS, add_difficulties
from evalxl.domain.history.retention import cleaned_by
from evalxl.domain.history.workbook_events import issue_from, take_in_of_period, type_into
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Week

_OVER_WEEKS = {kind.of_kind for kind in OVER_WEEKS}


def crosses_weeks(event: Event) -> bool:
    """Whether an event concerns more than its own week: rows of the register, tasks for later weeks, periods."""
    if "week" not in event:
        return "period" in event or event["kind"] == "cleaned"
    if event["kind"] in _OVER_WEEKS or event.get("workbook") == "follow_up":
        return True
    if event["kind"] == "received":
        return _is_heard(event)
    return event["kind"] in ("assigned", "withdrawn") or "period" in event


def _is_heard(event: Event) -> bool:
    """Whether a form reports difficulties or proposals. They stay in the register until they are answered."""
    content = event.get("content") or {}
    return event["verdict"] == "submitted" and any(
        said_in(subject_of(event), Week.parse(event["week"]), content) if content else ()
    )


def take_without_week(history: History, event: LedgerEvent, record: Event) -> None:
    """Apply an event that belongs to a period, or to the whole office."""
    if isinstance(event, CleanedEvent):
        history.cleaned |= dict(cleaned_by(event))
    else:
        take_in_of_period(history, event, record)


def apply_cross_week(history: History, event: LedgerEvent, record: Event) -> None:
    """Apply an event for which `crosses_weeks` is true."""
    if not event.week:
        take_without_week(history, event, record)
        return
    if event.period:
        history.closed_periods.pop(event.period, None)
    if type(event) in OVER_WEEKS:
        OVER_WEEKS[type(event)](history, event)
    match event:
        case AssignedEvent():
            history.assigned[(event.week, code_key(event.by_code))] = event
        case ClosedEvent() if event.period:
            never = tuple(map(Week.parse, event.never_issued))
            history.closed_periods[event.period] = ClosedPeriod(event.seq, event.written, never)
        case WithdrawnEvent() if event.form_id in history.register.issues:
            history.register.issues[event.form_id].withdrawn = True
        case IssuedEvent(workbook="follow_up"):
            history.register.issues[event.form_id] = issue_from(event, history.register.issues)
        case ReceivedEvent(workbook="follow_up", verdict="read"):
            _type_into_register(history, event)
        case ReceivedEvent(verdict="submitted"):
            add_difficulties(history, Week.parse(event.week), event)


def _type_into_register(history: History, event: ReceivedEvent) -> None:
    """Apply what was typed into a register. The registers of all weeks are one: what is typed this week also stands in next week's."""
    rows = [{**one, "row": code_key(one["row"])} for one in event.typed or ()]  # spellings of one code are one row
    type_into(history.register, event, rows)
