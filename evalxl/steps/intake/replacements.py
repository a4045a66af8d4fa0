"""What happens to the remaining copy of a file when another copy is removed.

Nothing is examined here. The remaining file was examined when it came, and its event holds the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evalxl.domain.findings import Finding, as_record
from evalxl.domain.history.history import IssuedAndReturned, Received, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Period, Week
from evalxl.steps.office.office import Batch

# The fields that an event does not copy from the event it repeats.
OF_THE_RUN = ("seq", "prev", "kind", "week", "period", "at", "by")


def take_the_place(batch: Batch, when: Week | Period, this: IssuedAndReturned, left: Mapping[str, Received]) -> None:
    """When the first of two identical files is removed or changed, the second stops being a duplicate and takes over its verdict."""
    office = batch.office
    for name, received in sorted(left.items()):
        heirs = [
            duplicate
            for file, duplicate in this.present.items()
            if file not in left
            and duplicate.verdict == "duplicate"
            and (duplicate.sha256, duplicate.unreadable) == (received.sha256, received.unreadable)
            and (not duplicate.unreadable or code_key(duplicate.subject) == code_key(received.subject))
        ]
        if received.verdict == "duplicate" or not heirs:
            continue
        heir = min(heirs, key=lambda duplicate: duplicate.seq)
        event = {k: v for k, v in office.ledger.events[received.seq - 1].items() if k not in OF_THE_RUN}
        batch.add("received", when, **event | {"file": heir.file, "mtime": heir.mtime, "moved_from": name})


def say_again(
    batch: Batch, week: Week, week_history: WeekHistory, before: Received, verdict: str, findings: Iterable[Finding]
) -> None:
    """Record the verdict of a file that was undecided so far. Everything else stays as in its first event."""
    event = next(e for e in reversed(week_history.log) if e["seq"] == before.seq)
    again = {k: v for k, v in event.items() if k not in (*OF_THE_RUN, "findings", "verdict", "moved_from")}
    batch.add("received", week, verdict=verdict, findings=[as_record(finding) for finding in findings], **again)
