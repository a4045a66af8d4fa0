"""How long the bytes of received files are kept. After that they may be deleted by a decision. The ledger keeps the decision, every hash and every result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from evalxl.domain.history.events import CleanedEvent
from evalxl.domain.weeks import Period, Week, parse_week_or_period

Event = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The decision to delete the archived bytes of a week or period: event, time, operator and reason."""

    seq: int
    at: datetime
    by: str
    reason: str


def cleaned_by(event: CleanedEvent) -> Iterator[tuple[str, Cleaned]]:
    """By week or period: the decision in a `cleaned` event."""
    cleaned = Cleaned(event.seq, event.written, event.by, event.reason)
    yield from ((name, cleaned) for name in event.of)


def is_over(when: Week | Period, years: int, today: date) -> bool:
    """Whether a week or period is past its retention time: this many whole calendar years have passed since its own year."""
    year = when.thursday.year if isinstance(when, Week) else when.last.year
    return years > 0 and today.year > year + years


def blobs_of(event: Event) -> Iterator[str]:
    """The hashes of the archived bytes that an event names. Files that were too large were never archived."""
    kind = event["kind"]
    findings = event.get("findings") or ()
    assert isinstance(findings, list | tuple)
    if kind in ("gone", "cleaned") or any(finding["kind"] == "file.too_large" for finding in findings):
        return
    for name in ("template", "rules") if kind == "issued" else ("sha256",):
        if digest := event.get(name, ""):
            yield str(digest)


def received_in(event: Event) -> str:
    """The week or period of a `received` event. Empty for every other event, whose bytes are kept for ever."""
    return str(event.get("week") or event.get("period") or "") if event["kind"] == "received" else ""


def in_order(name: str) -> tuple[date, date]:
    """The sort key for listing weeks and periods."""
    when = parse_week_or_period(name)
    return (when.monday, when.sunday) if isinstance(when, Week) else (when.first, when.last)
