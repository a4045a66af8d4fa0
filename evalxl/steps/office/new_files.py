"""Files that came back, and how they are recorded in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evalxl.domain.findings import Finding, as_record
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.versions.save_order import Saved, own_time
from evalxl.domain.weeks import Period, Week
from evalxl.excel.returned.examine import Examined
from evalxl.steps.office.office import Batch


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is new or changed since the last run. Its bytes are in the archive, unless the file was too large to read."""

    file: str
    sha256: str
    mtime: datetime
    examined: Examined | None = None
    aside: bool = False

    @property
    def saved(self) -> Saved:
        """When it was saved, to the second, as the ledger will hold it."""
        return Saved(self.file, self.mtime.replace(microsecond=0), own_time(self.examined.own if self.examined else ""))


def add_moved(batch: Batch, when: Week | Period, new_file: NewFile, before: ReceivedEvent) -> None:
    """Record a file that was renamed or moved. Its bytes were there at the last run, so it keeps its verdict."""
    add_received(
        batch,
        when,
        new_file,
        before.verdict,
        before.late,
        before.findings,
        moved_from=before.file,
        same_as=before.same_as,
    )


def add_received(
    batch: Batch,
    when: Week | Period,
    new_file: NewFile,
    verdict: str,
    late: bool = False,
    findings: Sequence[Finding] = (),
    typed: Sequence[Mapping[str, Any]] | None = None,
    **more: Any,
) -> None:
    """Record a file with its verdict.

    Args:
        typed: The typed cells of a manager's workbook, if they are not those that were read in it.
        more: Further fields of the event.
    """
    examined = new_file.examined
    assert examined is not None
    if verdict == "read":
        more["typed"] = list(examined.typed if typed is None else typed)
    if examined.content is not None and verdict not in ("duplicate", "same"):
        more["content"] = examined.content
        more["cells"] = {name: [sheet, cell] for name, (sheet, cell, _) in examined.cells.items() if "self" in name}
    event = {
        "verdict": verdict,
        "file": new_file.file,
        "sha256": new_file.sha256,
        "mtime": new_file.mtime.isoformat(timespec="seconds"),
        "own": examined.own,
        "form_id": examined.form_id,
        "workbook": examined.workbook,
        "subject": examined.subject,
        "producer": examined.producer,
        "modified_by": examined.modified_by,
        "aside": new_file.aside,
        "late": late,
        "slip": examined.slip,
        "unreadable": examined.unreadable,
        "findings": [as_record(finding) for finding in (findings or examined.findings)],
        **more,
    }
    batch.add(ReceivedEvent.model_validate(event), when)
