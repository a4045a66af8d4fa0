"""A fresh form that replaces a missing one, with what was typed in its last file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalxl.domain.history.history import Event, PersonWeek, WeekHistory
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.binding import stamp_values
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.comparison.kept import kept_cells
from evalxl.forms.kind import kind_named
from evalxl.forms.values import decode_values, encode
from evalxl.steps.issue.issuing import new_form_id
from evalxl.steps.office.office import Office

# Verdicts of files that may hold reliable values. A file that was refused unread is not opened again.
_READ = ("submitted", "draft", "invalid", "conflict")
# The fields that a new issue does not copy from the earlier one.
_OWN = ("seq", "prev", "kind", "week", "at", "by", "sha256", "form_id", "path", "seal", "kept", "adopted")


def lies_elsewhere(office: Office, week_history: WeekHistory, person: PersonWeek) -> bool:
    """Whether a bookable form of the person is under another name or in another folder of the week."""
    return any(
        office.absolute(name).exists()
        for name, received in week_history.present.items()
        if received.verdict in ("submitted", "draft", "conflict", "waiting") and received.form_id in person.issues
    )


def fresh_form(office: Office, person: PersonWeek, path: str) -> Event | None:
    """The issue event of a form that keeps what was typed in the last reliable file; None if there is no such file.

    It is issued as that file was, with the same tasks, so that every row keeps its meaning. It is a draft until the person hands it in.
    """
    for version in reversed(person.versions):
        issue = person.issues.get(version.form_id)
        if version.verdict not in _READ or version.unreadable or issue is None:
            continue
        event = office.event_of(issue)
        if kept := _typed_in(office, event, version.sha256):
            again = {name: value for name, value in event.items() if name not in _OWN}
            own = {"form_id": new_form_id(), "path": path, "seal": office.ledger.head, "kept": kept}
            return again | own
    return None


def _typed_in(office: Office, event: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    kind = kind_named(event["workbook"])
    try:
        template = Template.of(kind, read_workbook(office.archive.get(event["template"])))
        book = read_workbook(office.archive.get(sha256))
    except (Refused, OSError):
        return {}
    values = decode_values(event["values"]) | {f"ev_stamp_{name}": said for name, said in stamp_values(event).items()}
    kept = kept_cells(Issued(template, values, frozenset(event.get("given", ()))), book)
    return {name: encode(value) for name, value in kept.items()}
