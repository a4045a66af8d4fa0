"""Which version of a form counts, which were superseded, and what differs. And the origin of a booked value that a copy contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.domain.history.history import PersonWeek, Received, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.versions.form_versions import differing
from evalxl.forms.values import Typed
from evalxl.steps.intake.row_versions import is_still_open, lying_held
from evalxl.steps.intake.weigh_versions import cell_of
from evalxl.steps.office.office import Office
from evalxl.steps.views.provenance import Origin


def versions_told(office: Office, week_history: WeekHistory, person: PersonWeek) -> Iterator[Origin]:
    """The versions of a person's form, compared with the one that counts. Empty if only one came."""
    valid = [
        one
        for one in person.versions
        if one.content is not None and one.verdict in ("submitted", "superseded", "conflict")
    ]
    counted = person.counted
    if counted is None or len(valid) < 2:
        return
    yield Origin("explain.version_counts", "", counted.file, sha256=counted.sha256, event=counted.seq)
    for one in valid:
        if one.sha256 != counted.sha256:
            names = differing(counted.content or {}, one.content or {})
            cells = ", ".join(filter(None, (cell_of(office, person, name) for name in names)))
            yield Origin(_what(person, one), cells, one.file, sha256=one.sha256, event=one.seq)


def _what(person: PersonWeek, one: Received) -> str:
    if one is person.newer:
        return "explain.version_newer"
    return "explain.version_conflict" if one.verdict == "conflict" else "explain.version_superseded"


def rows_kept(week_history: WeekHistory, person: PersonWeek) -> Iterator[Origin]:
    """Where copies of managers' workbooks contradict what is booked for a person, each with the event in which the booked value was typed."""
    for book in week_history.books.values():
        for file, one in lying_held(week_history, book):
            key = one.key[1].partition("/")[0]
            stands = book.typed(one.key, one.name)
            if stands is None or code_key(key) != code_key(person.code) or not is_still_open(book, one, one.key):
                continue
            kept, said = (Typed.from_record(cell.value).as_seen for cell in (stands, one.cell))
            yield Origin("explain.row_kept", kept, stands.file, stands.sheet, stands.cell, event=stands.seq)
            yield Origin("explain.row_not_taken", said, file, one.cell.sheet, one.cell.cell, event=one.cell.seq)
