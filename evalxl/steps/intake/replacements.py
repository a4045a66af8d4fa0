"""What happens to the remaining copy of a file when another copy is removed.

Nothing is examined here. The remaining file was examined when it came, and its event holds the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evalxl.domain.findings import Finding, as_record
from evalxl.domain.history.events import ReceivedEvent, event_from
from evalxl.domain.history.history import Event, IssuedAndReturned, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Period, Week
from evalxl.steps.office.office import Batch


def take_the_place(
    batch: Batch, when: Week | Period, history: IssuedAndReturned, left: Mapping[str, ReceivedEvent]
) -> None:
    """When the first of two identical files is removed or changed, the second stops being a duplicate and takes over its verdict."""
    office = batch.office
    for name, received in sorted(left.items()):
        heirs = [
            duplicate
            for file, duplicate in history.present.items()
            if file not in left
            and duplicate.verdict == "duplicate"
            and (duplicate.sha256, duplicate.unreadable) == (received.sha256, received.unreadable)
            and (not duplicate.unreadable or code_key(duplicate.subject) == code_key(received.subject))
        ]
        if received.verdict == "duplicate" or not heirs:
            continue
        heir = min(heirs, key=lambda duplicate: duplicate.seq)
        event = office.ledger.events[received.seq - 1]
        add_again(batch, when, event, file=heir.file, mtime=heir.mtime, moved_from=name)


def say_again(
    batch: Batch,
    week: Week,
    week_history: WeekHistory,
    before: ReceivedEvent,
    verdict: str,
    findings: Iterable[Finding],
) -> None:
    """Record the verdict of a file that was undecided so far. Everything else stays as in its first event."""
    event = next(e for e in reversed(week_history.log) if e["seq"] == before.seq)
    add_again(batch, week, event, verdict=verdict, findings=[as_record(finding) for finding in findings])


def add_again(batch: Batch, when: Week | Period, event: Event, **changed: Any) -> None:
    """Record a file once more, as in an earlier event but for what changed. Where the file was before is not repeated."""
    record = {name: value for name, value in event.items() if name not in ("week", "period", "moved_from")}
    batch.add(event_from(record | changed), when)
