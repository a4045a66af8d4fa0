"""Files that came back, and how they are recorded in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evalxl.domain.findings import Finding, as_record
from evalxl.domain.history.history import Received
from evalxl.domain.versions.save_order import Saved, own_time
from evalxl.domain.weeks import Period, Week
from evalxl.excel.examine import Examined
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


def add_moved(batch: Batch, when: Week | Period, new_file: NewFile, before: Received) -> None:
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
    **more: Any,
) -> None:
    seen = new_file.examined
    assert seen is not None
    if verdict == "read":
        more.setdefault("typed", list(seen.typed))
    if seen.content is not None and verdict not in ("duplicate", "same"):
        more["content"] = seen.content
        more["cells"] = {name: [sheet, cell] for name, (sheet, cell, _) in seen.cells.items() if "self" in name}
    batch.add(
        "received",
        when,
        verdict=verdict,
        file=new_file.file,
        sha256=new_file.sha256,
        mtime=new_file.mtime.isoformat(timespec="seconds"),
        own=seen.own,
        form_id=seen.form_id,
        workbook=seen.workbook,
        **({"subject": seen.subject} if seen.subject else {}),
        producer=seen.producer,
        modified_by=seen.modified_by,
        aside=new_file.aside,
        late=late,
        **({"slip": seen.slip} if seen.slip else {}),
        unreadable=seen.unreadable,
        findings=[as_record(finding) for finding in (findings or seen.findings)],
        **more,
    )
