"""What was typed into a form that is not there any more, as far as it is certain: it stands in the fresh form, and nobody types it again.

A form that was spoiled may be certain all the same: where a label was changed and everything else stands where it stood, what belongs where is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.canonical import NOTHING, canonical_cell
from evalxl.forms.changes import changes, typed_cells
from evalxl.forms.fields import CAPACITY, FIELDS, Who
from evalxl.forms.issued import Issued
from evalxl.forms.lines import Shifted, shifted
from evalxl.forms.located import locate
from evalxl.forms.moves import unmoved
from evalxl.forms.values import Typed
from evalxl.forms.workbook import Workbook

# What may be wrong with a form of which it is known all the same what was typed where: a label or a total that is another one.
_HARMLESS = ("cell.locked_changed", "cell.formula_replaced", "cell.formula_changed")
# What the person says of the form as a whole is said of the fresh one when it is complete.
_NOT_KEPT = ("ev_status",)


def kept_cells(issued: Issued, book: Workbook) -> dict[str, Any]:
    """By field: what was typed into the open cells of a form, a table's rows down the column; empty where nothing is certain.

    A formula or an error is no content, and a cell that was emptied goes out as it went out before.
    """
    located = locate(issued, book)
    layout = located.layout
    if located.altered and not _certain(issued, located.altered, stays=located.went.nothing):
        template = issued.template
        stays = unmoved(template.layout, template.said, template.book, book)
        lines = shifted(issued, book, stays, changes(issued, book, stays.layout(template.layout), stays))
        if lines is None or lines.rest or lines.deleted or _holds_content(book, lines):
            return {}
        layout = lines.went.layout(template.layout)
    kept: dict[str, Any] = {}
    for entry in FIELDS[issued.kind]:
        if entry.who is not Who.PERSON or entry.name in _NOT_KEPT:
            continue
        column: list[Typed | None] = [None] * (CAPACITY[entry.table] if entry.table else 1)
        for row, _, value in typed_cells(issued, book, layout, entry.name):
            if not (issued.is_locked(entry, row) or value.formula or value.blank or value.kind == "error"):
                column[row] = value
        if any(column):
            last = max(row for row, value in enumerate(column) if value is not None)
            kept[entry.name] = column[: last + 1] if entry.table else column[0]
    return kept


def _certain(issued: Issued, altered: tuple[Finding, ...], stays: bool) -> bool:
    """Whether what was typed is certain though something was altered: no cell was moved, and no field that says whose or which row it is."""
    named = {
        (place.sheet, place.cell)
        for entry in FIELDS[issued.kind]
        if entry.who is Who.EVALXL or (issued.may_be_locked(entry) and entry.who is Who.PERSON)
        for place in issued.template.layout.get(entry.name, ())
    }
    return stays and all(one.kind in _HARMLESS and (one.sheet, one.cell) not in named for one in altered)


def _holds_content(book: Workbook, lines: Shifted) -> bool:
    """Whether something stands in the lines that were inserted: it belongs to none of the form's."""
    page = book.sheets[lines.went.sheets[lines.sheet]]
    return any(
        first <= at[lines.axis] <= last and canonical_cell(cell) != NOTHING
        for at, cell in page.cells.items()
        for first, last in lines.inserted
    )


def with_kept(values: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a form is stamped with, and over them what was typed into the one before."""
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
