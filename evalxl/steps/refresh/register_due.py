"""The office's register as it should be now."""

from __future__ import annotations

from collections.abc import Iterator

from evalxl.forms import kinds
from evalxl.records import folders
from evalxl.steps.refresh.register_values import register_values
from evalxl.steps.refresh.week_to_draw import WeekToDraw, WorkbookToDraw


def register_due(now: WeekToDraw) -> Iterator[WorkbookToDraw]:
    """The register, if it has a row or was issued before."""
    if any(now.register.counts.values()) or (kinds.FOLLOW_UP.name, "") in now.this.books:
        yield from register_anyway(now)


def register_anyway(now: WeekToDraw) -> Iterator[WorkbookToDraw]:
    """The register, also an empty one. It belongs to the office, not to a person."""
    office, kind = now.office, kinds.FOLLOW_UP
    path = folders.workbook_path(kind, office.settings, office.folder, now.week)
    values = register_values(now.settings, now.organisation, office.history, now.week, now.register, office.lang)
    yield WorkbookToDraw(kind, "", path, values, {})
