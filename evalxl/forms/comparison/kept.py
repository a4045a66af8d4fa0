"""Recovers the typed values of a spoiled form for its fresh form, so that nobody types them again.

Only certain values are taken. A spoiled form may still be certain: if only a label changed, the place of every value is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.comparison.canonical import NOTHING, canonical_cell
from evalxl.forms.comparison.changes import changes, typed_cells
from evalxl.forms.comparison.issued import Issued
from evalxl.forms.comparison.located import locate
from evalxl.forms.comparison.moved_lines import Shifted, shifted
from evalxl.forms.comparison.moves import unmoved
from evalxl.forms.fields import Who
from evalxl.forms.values import Typed
from evalxl.forms.workbook import Workbook

# Changes after which the place of every typed value is still known: a changed label or total.
_HARMLESS = ("cell.locked_changed", "cell.formula_replaced", "cell.formula_changed")
# The status of the whole form is not kept: the person sets it again when the fresh form is complete.
_NOT_KEPT = ("ev_status",)


def kept_cells(issued: Issued, book: Workbook) -> dict[str, Any]:
    """The typed values of a form by field, a table's rows down the column; empty if nothing is certain.

    Formulas and errors are not kept. A cell that was emptied gets its issued value again.
    """
    located = locate(issued, book)
    layout = located.layout
    if located.altered and not _certain(issued, located.altered, stays=located.went.nothing):
        template = issued.template
        stays = unmoved(template.layout, template.label_contents, template.book, book)
        lines = shifted(issued, book, stays, changes(issued, book, stays.layout(template.layout), stays))
        if lines is None or lines.rest or lines.deleted or _holds_content(book, lines):
            return {}
        layout = lines.went.layout(template.layout)
    kept: dict[str, Any] = {}
    for entry in issued.entries:
        if entry.who is not Who.PERSON or entry.name in _NOT_KEPT:
            continue
        column: list[Typed | None] = [None] * issued.kind.rows_of(entry)
        for row, _, value in typed_cells(issued, book, layout, entry.name):
            if not (issued.is_locked(entry, row) or value.formula or value.blank or value.kind == "error"):
                column[row] = value
        if any(column):
            last = max(row for row, value in enumerate(column) if value is not None)
            kept[entry.name] = column[: last + 1] if entry.table else column[0]
    return kept


def _certain(issued: Issued, altered: tuple[Finding, ...], stays: bool) -> bool:
    """Whether typed values are certain despite changes: no cell was moved, and no field changed that identifies the person or the row."""
    named = {
        (place.sheet, place.cell)
        for entry in issued.entries
        if entry.who is Who.EVALXL or (issued.may_be_locked(entry) and entry.who is Who.PERSON)
        for place in issued.template.layout.get(entry.name, ())
    }
    return stays and all(
        finding.kind in _HARMLESS and (finding.sheet, finding.cell) not in named for finding in altered
    )


def _holds_content(book: Workbook, lines: Shifted) -> bool:
    """Whether the inserted lines hold content, which belongs to no line of the form."""
    page = book.sheets[lines.went.sheets[lines.sheet]]
    return any(
        first <= at[lines.axis] <= last and canonical_cell(cell) != NOTHING
        for at, cell in page.cells.items()
        for first, last in lines.inserted
    )


def with_kept(values: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The values to stamp into a form, overlaid with the typed values of the form before."""
    merged = dict(values)
    for name, value in kept.items():
        if not isinstance(value, list):
            merged[name] = value
            continue
        before = values.get(name)
        column = list(before) if isinstance(before, list) else []
        column += [None] * (len(value) - len(column))
        merged[name] = [
            new if new is not None else column[row]
            for row, new in enumerate([*value, *[None] * (len(column) - len(value))])
        ]
    return merged
