"""The audit report of a period: what was reopened, returned, decided for another person, adjusted, entered from paper, or came late. It also lists requests
for review and their outcome, answers to people, and entries for a closed period.

Everything comes from the ledger's events alone, each with its number, so that it can be found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from evalxl.domain.history.history import Event, subject_of
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Period, Week
from evalxl.forms.kind import is_form
from evalxl.steps.office.office import NotIssuedError, Office
from evalxl.steps.reports.verify import Verified

Kind = Literal[
    "reopened", "returned", "delegated", "adjusted", "by_paper", "late", "after_scoring", "corrected",
    "review_asked", "review_withdrawn", "review_kept", "review_corrected", "answered", "entered_later",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit report.

    Attributes:
        week: The week concerned. For a review, the week of the result in question; for an entry for a period, that period.
        code: The person concerned, or the unit (`unit:VP`); empty if it concerns the whole week.
        by: Staff code of the person who decided, or the account of the operator. For a review, the name in the register.
        words: The reason or reference that was given.
        event: Its number in the ledger.
    """

    kind: Kind
    week: Week | Period
    code: str
    at: str
    by: str
    words: str
    event: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The entries of a period, in the ledger's order."""

    period: Period
    entries: tuple[AuditEntry, ...]


@dataclass(frozen=True, slots=True)
class Audited:
    """The proof that the ledger is unaltered, and the report. There is no report if the ledger was altered."""

    proved: Verified
    report: AuditReport | None


def audit_report(office: Office, period: Period) -> AuditReport:
    """The audit report of a period.

    Raises:
        NotIssuedError: the ledger knows nothing of it.
    """
    if not any(week in period and office.history.week(week).issues() for week in office.history.weeks):
        raise NotIssuedError(week=period, name=str(period.weeks()[0]))
    return AuditReport(period, tuple(_entries(office.ledger.events, period)))


def _entries(events: Iterable[Event], period: Period) -> Iterator[AuditEntry]:
    scored: set[tuple[str, str]] = set()
    closed: set[str] = set()
    closed_periods: set[str] = set()
    for event in events:
        name = event.get("period", "")
        if event["kind"] == "entered":
            entered = Period.parse(name)
            if period.first <= entered.first and entered.last <= period.last:
                if event.get("acts_for"):
                    yield _entry("delegated", entered, event, event["acts_for"])
                if name in closed_periods:
                    yield _entry("entered_later", entered, event)
        elif name and event["kind"] == "closed":
            closed_periods.add(name)
        elif name and event["kind"] == "reopened":
            closed_periods.discard(name)
        week = event.get("week", "")
        if not week:
            continue
        if kind := _heard(event):
            meant = Week.parse(event.get("appealed", week))
            if meant in period or Week.parse(week) in period:
                yield _entry(kind, meant, event, event.get("reason") or event.get("answer", ""))
        if Week.parse(week) not in period:
            continue
        key = (week, code_key(subject_of(event)))
        for decided, words in _of(event, key in scored, week in closed):
            yield _entry(decided, Week.parse(week), event, words)
        if event["kind"] == "scored":
            scored.add(key)
        elif event["kind"] == "returned" and event["stage"] == "score":
            scored.discard(key)
        elif event["kind"] == "closed":
            closed.add(week)


def _entry(kind: Kind, week: Week | Period, event: Event, words: str = "") -> AuditEntry:
    return AuditEntry(
        kind=kind,
        week=week,
        code=subject_of(event),
        at=event["at"],
        by=str(event.get("decided_by") or event.get("by_code") or event.get("by", "")),
        words=words,
        event=event["seq"],
    )


def _heard(event: Event) -> Kind | None:
    """The kind of an event about what people asked or reported: a request for review, its decision, an answer of the office."""
    if event["kind"] == "appealed":
        return "review_withdrawn" if event.get("withdrawn") else "review_asked"
    if event["kind"] == "reviewed" and event["state"] == "answered":
        return "review_corrected" if event.get("outcome") == "corrected" else "review_kept"
    return "answered" if event["kind"] == "answered" and event["state"] == "answered" else None


def _of(event: Event, was_scored: bool, was_closed: bool) -> Iterator[tuple[Kind, str]]:
    kind: str = event["kind"]
    if kind == "reopened":
        yield "reopened", event.get("reason", "")
    elif kind == "returned":
        yield "returned", event.get("reason", "")
    elif kind == "received" and event["verdict"] == "submitted":
        if event.get("late"):
            yield "late", event["file"]
        if was_scored and is_form(event.get("workbook", "")) and "moved_from" not in event:
            yield "after_scoring", event["file"]
    elif kind in ("scored", "approved"):
        yield from _decided(event)
        if was_closed:
            yield "corrected", ""


def _decided(event: Event) -> Iterator[tuple[Kind, str]]:
    said: dict[str, Any] = dict(event)
    if said.get("acts_for"):
        yield "delegated", said["acts_for"]
    if said.get("adjusted"):
        yield "adjusted", said.get("opinion", "")
    if said.get("by_paper"):
        yield "by_paper", said["by_paper"]
