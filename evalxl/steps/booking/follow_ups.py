"""Booking the follow-up register: what the office wrote about a talk is booked, and an incomplete row gets a finding with the cell.

The registers of all weeks are one. A row is checked in every week that shows it, whichever week's copy it was typed in.
"""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.evaluation.follow_ups import FollowUp, is_left_new, needs
from evalxl.domain.evaluation.plausible import doubt_of
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.history.events import FollowedEvent, WarnedEvent
from evalxl.domain.history.history import History, WeekHistory
from evalxl.domain.typed_rows import FollowUpEntry
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook, TypedCell
from evalxl.domain.weeks import Week
from evalxl.forms.submissions import day_values
from evalxl.forms.values import decode
from evalxl.steps.booking.decision_context import BookingResult, DecisionContext, say_need
from evalxl.steps.booking.register_rows import readable, register_reader, rows_shown, source_of_row


def decide_follow_ups(context: DecisionContext, history: History, week_history: WeekHistory) -> BookingResult:
    """What the typed rows of the register that the week shows say anew, and what they still need."""
    booking_result = BookingResult()
    for (table, key), cells in list(history.register.rows.items()):
        if table != "follow_ups" or not cells:
            continue
        known = history.follow_ups.get(key)
        opened = known or _shown(history.register, key, cells)
        if opened is None or opened.warning.second_week > context.week or opened.closed_before(context.week):
            continue
        if known is None:  # a watch becomes a follow-up when the office writes something about it
            booking_result.decisions.append(follow_up_opened(opened.warning, opened.unit))
        booking_result += _decide(context, week_history, opened, key, cells)
    return booking_result


def follow_up_opened(warning: Warning, unit: str, dropped: bool = False) -> WarnedEvent:
    """The event of what the two-week rule says about a person now."""
    return WarnedEvent(
        subject=warning.code,
        degree=warning.kind,
        first_week=str(warning.first_week),
        second_week=str(warning.second_week),
        evidence=list(warning.evidence),
        talk_with=list(warning.talk_with),
        skipped=[str(skipped) for skipped in warning.skipped],
        unit=unit,
        dropped=dropped,
    )


def _shown(register: ReturnedWorkbook, key: str, cells: Mapping[str, TypedCell]) -> FollowUp | None:
    """A watch as the register showed it when its row was typed into."""
    issue = register.issues.get(max(cells.values(), key=lambda cell: cell.seq).form_id)
    keys = rows_shown(issue, "follow_ups") if issue else []
    if issue is None or key not in keys:
        return None
    row = keys.index(key)

    def said(name: str) -> str:
        return str(decode(issue.values.get(name, [""] * len(keys)))[row] or "")

    first, second = Week.parse(said("ev_follow_first_week")), Week.parse(said("ev_follow_second_week"))
    evidence = tuple(said("ev_follow_evidence").split("\n"))
    return FollowUp(Warning(said("ev_follow_person"), "watch", first, second, evidence, ()), said("ev_follow_unit"))


def _decide(
    context: DecisionContext,
    week_history: WeekHistory,
    known: FollowUp,
    key: str,
    cells: Mapping[str, TypedCell],
) -> BookingResult:
    booked = known.entries[-1] if known.entries else FollowUpEntry()
    reader = register_reader(context, week_history, "follow_ups", key, known.warning.code, booked, cells)
    entry = reader.row(FollowUpEntry)
    unread = {finding.cell for finding in reader.findings if finding.level in ("error", "warning")}
    for need in needs(entry, known.talk_is_due, context.today):
        if reader.place(need.field)[2] not in unread:
            say_need(reader, need)
    if not unread and is_left_new(entry, context.today):
        reader.note("follow_up.left_new", "ev_follow_state")
    for field, day in (("ev_follow_talk_date", entry.talk_date), ("ev_follow_deadline", entry.deadline)):
        if day is not None and (doubt := doubt_of(day, context.week)) is not None:
            reader.note(doubt.kind, field, **day_values(day, "date.otherwise_nothing", doubt.meant))
    news = readable(reader) and not entry.says_as(booked)
    return BookingResult([_followed(known.warning, entry, cells)] if news else [], reader.findings)


def _followed(warning: Warning, entry: FollowUpEntry, cells: Mapping[str, TypedCell]) -> FollowedEvent:
    second_week, source = str(warning.second_week), source_of_row(cells)
    return FollowedEvent(subject=warning.code, second_week=second_week, source=source, **entry.said())
