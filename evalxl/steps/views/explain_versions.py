"""Which version of a form counts, which were superseded, and what differs. And the origin of a booked value that a copy contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.versions.form_versions import differing
from evalxl.forms.values import Typed
from evalxl.steps.intake.row_versions import held_in_files, is_still_open
from evalxl.steps.intake.weigh_versions import cell_of
from evalxl.steps.office.office import Office
from evalxl.steps.views.provenance import Origin


def versions_told(office: Office, week_history: WeekHistory, person: PersonWeek) -> Iterator[Origin]:
    """The versions of a person's form, compared with the one that counts. Empty if only one came."""
    valid = [
        received
        for received in person.versions
        if received.content is not None and received.verdict in ("submitted", "superseded", "conflict")
    ]
    counted = person.counted
    if counted is None or len(valid) < 2:
        return
    yield Origin("explain.version_counts", "", counted.file, sha256=counted.sha256, event=counted.seq)
    for received in valid:
        if received.sha256 != counted.sha256:
            names = differing(counted.content or {}, received.content or {})
            cells = ", ".join(filter(None, (cell_of(office, person, name) for name in names)))
            yield Origin(_what(person, received), cells, received.file, sha256=received.sha256, event=received.seq)


def _what(person: PersonWeek, received: ReceivedEvent) -> str:
    if received is person.newer:
        return "explain.version_newer"
    return "explain.version_conflict" if received.verdict == "conflict" else "explain.version_superseded"


def rows_kept(week_history: WeekHistory, person: PersonWeek) -> Iterator[Origin]:
    """Where copies of managers' workbooks contradict what is booked for a person, each with the event in which the booked value was typed."""
    for book in week_history.books.values():
        for file, held in held_in_files(week_history, book):
            key = held.key[1].partition("/")[0]
            stands = book.typed(held.key, held.name)
            if stands is None or code_key(key) != code_key(person.code) or not is_still_open(book, held, held.key):
                continue
            kept, said = (Typed.from_record(cell.value).as_seen for cell in (stands, held.cell))
            yield Origin("explain.row_kept", kept, stands.file, stands.sheet, stands.cell, event=stands.seq)
            yield Origin("explain.row_not_taken", said, file, held.cell.sheet, held.cell.cell, event=held.cell.seq)
