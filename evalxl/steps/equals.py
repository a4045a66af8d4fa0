"""Files that are versions of one thing: what becomes of the one that stays when another is taken away.

Nothing is examined here: what stays was examined when it came, and its event says it all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalxl.domain.history import Gathered, Received
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Period, Week
from evalxl.steps.office import Batch

# What an event that repeats another has of its own.
_OF_THE_RUN = ("seq", "prev", "kind", "week", "period", "at", "by")


def take_the_place(batch: Batch, when: Week | Period, this: Gathered, left: Mapping[str, Received]) -> None:
    """Of equal files the first was taken away or changed: the next is no duplicate any more, it is what that one was."""
    office = batch.office
    for name, received in sorted(left.items()):
        heirs = [
            one
            for file, one in this.present.items()
            if file not in left
            and one.verdict == "duplicate"
            and (one.sha256, one.unreadable) == (received.sha256, received.unreadable)
            and (not one.unreadable or code_key(one.subject) == code_key(received.subject))
        ]
        if received.verdict == "duplicate" or not heirs:
            continue
        heir = min(heirs, key=lambda one: one.seq)
        event = {k: v for k, v in office.ledger.events[received.seq - 1].items() if k not in _OF_THE_RUN}
        batch.add("received", when, **event | {"file": heir.file, "mtime": heir.mtime, "moved_from": name})


def settle_conflicts(batch: Batch, week: Week) -> None:
    """Of two conflicting versions the one that is left counts, once the other was removed."""
    this = batch.office.history.week(week)
    waiting: dict[str, list[Received]] = {}
    for received in this.present.values():
        if received.verdict == "conflict":
            waiting.setdefault(f"{received.workbook}/{code_key(received.subject)}", []).append(received)
    for versions in waiting.values():
        left = versions[0]
        holder = this.holder(left.workbook, left.subject)
        if len({version.sha256 for version in versions}) == 1 and not holder.has_overtaken(left):
            event = next(e for e in reversed(this.log) if e["seq"] == left.seq)
            again = {k: v for k, v in event.items() if k not in (*_OF_THE_RUN, "findings", "verdict", "moved_from")}
            batch.add("received", week, verdict="submitted", findings=_without_conflict(event), **again)


def _without_conflict(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in event.get("findings", ()) if finding["kind"] != "form.conflict"]
