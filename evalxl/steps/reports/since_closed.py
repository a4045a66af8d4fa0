"""Changes in the folders of a closed week since it was closed. They do not count, but the office has to know.

The files are taken in by the same code as when the button is pressed, into an office that exists only in memory. So a file that was
only saved again is recognised, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from evalxl.domain.errors import EvalxlError
from evalxl.domain.history.history import Event
from evalxl.domain.weeks import Week
from evalxl.records.archive import LentArchive
from evalxl.steps.intake.receive import take_in_files
from evalxl.steps.office.office import Batch, Clock, Office

# A file without new content, or one that is never read.
_NOTHING_NEW = ("same", "duplicate", "waiting")


@dataclass(frozen=True, slots=True)
class SinceClosed:
    """A file that was added, changed or removed after a week was closed.

    Attributes:
        file: Its path in the office, with `/`.
    """

    file: str
    what: Literal["came", "changed", "gone"]


def since_closed(office: Office, week: Week) -> tuple[SinceClosed, ...]:
    """What changed since the last run. Empty if a share cannot be reached now."""
    looker = Office.open(office.folder)
    looker.archive, looker.examiner = LentArchive(office.archive.folder), office.examiner
    week_history, organisation = looker.history.week(week), looker.organisation_of(week)
    if organisation is None:
        return ()
    before = {name: received.sha256 for name, received in (*week_history.present.items(), *week_history.read.items())}
    roster = looker.roster_of(week, organisation, looker.rules_of(week))
    at = week_history.last_at or datetime.combine(week.thursday, time(), looker.settings.zone)
    batch = Batch(looker, Clock(at))
    try:
        take_in_files(batch, week, roster, organisation)
    except EvalxlError:
        return ()
    return tuple(sorted(_seen(batch, before), key=lambda since_closed: since_closed.file))


def _seen(batch: Batch, before: dict[str, str]) -> Iterator[SinceClosed]:
    came = {event["file"] for event in batch.events if event["kind"] == "received"}
    moved = {event.get("moved_from") for event in batch.events}
    for event in batch.events:
        file = event["file"]
        if event["kind"] == "gone" and file not in came and file not in moved:
            yield SinceClosed(file, "gone")
        elif event["kind"] == "received" and "moved_from" not in event and _is_news(event, before):
            yield SinceClosed(file, "changed" if file in before else "came")


def _is_news(event: Event, before: Mapping[str, str]) -> bool:
    return event["verdict"] not in _NOTHING_NEW and before.get(event["file"]) != event["sha256"]
