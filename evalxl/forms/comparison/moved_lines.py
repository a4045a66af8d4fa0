"""Detects inserted or deleted rows and columns, and partly sorted tables. It reports one finding with its remedy, not one for every cell after it.

The content of the locked cells identifies the issued line of each returned line. No value is read from such a workbook:
typed values may or may not have moved along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, column_of
from evalxl.forms.comparison.canonical import NOTHING, Canonical, canonical_cell
from evalxl.forms.comparison.changes import changes
from evalxl.forms.comparison.issued import Issued
from evalxl.forms.comparison.moves import Moves
from evalxl.forms.workbook import Workbook, column_letters

MOST = 60  # the most lines inserted or deleted in one place
ENOUGH = 3  # the fewest changed cells for which a common cause is sought
LEFT = 5  # the most changed cells that the cause may leave unexplained
_GONE = 1_000_000  # the number for a deleted line: beyond every sheet of evalxl

_Line = Sequence[tuple[int, Canonical]]  # the contents of a line: position across the line, and content


@dataclass(frozen=True, slots=True)
class Shifted:
    """The moved lines of a sheet.

    Attributes:
        axis: 0 where rows were inserted or deleted, 1 for columns.
        inserted: First and last inserted line, as numbered in the returned workbook.
        deleted: First and last deleted line, as numbered in the issued workbook.
        went: The present place of every cell.
        rest: The other changes.
    """

    sheet: str
    axis: int
    inserted: tuple[tuple[int, int], ...]
    deleted: tuple[tuple[int, int], ...]
    went: Moves
    rest: tuple[Finding, ...]

    def findings(self) -> Iterator[Finding]:
        what = "columns" if self.axis else "rows"
        sheet = self.went.sheets[self.sheet]
        for kind, spans in (("inserted", self.inserted), ("deleted", self.deleted)):
            for first, last in spans:
                cell = f"{column_letters(first)}1" if self.axis else f"A{first}"
                lines = self._named(first) if first == last else f"{self._named(first)} - {self._named(last)}"
                yield Finding(f"form.{what}_{kind}", sheet=sheet, cell=cell, values={"lines": lines})
        yield from self.rest

    def _named(self, line: int) -> str:
        return column_letters(line) if self.axis else str(line)


def shifted(issued: Issued, book: Workbook, stays: Moves, altered: Sequence[Finding]) -> Shifted | None:
    """The inserted or deleted lines, if they alone explain most of the changes.

    Args:
        stays: The present name of each sheet.
    """
    for name, now in stays.sheets.items():
        if sum(finding.sheet == now for finding in altered) < ENOUGH:
            continue
        stood = _stood(issued, name)
        for axis in (0, 1):
            moved = _along(issued, book, stays, name, axis, stood)
            if moved is not None and len(moved.rest) <= LEFT and 3 * len(moved.rest) < len(altered):
                return moved
    return None


def _stood(issued: Issued, sheet: str) -> dict[Place, Canonical]:
    """The issued content of a sheet's locked cells, without formulas."""
    template = issued.template
    contents = {
        place: content for place, content in template.label_contents if place.sheet == sheet and content[0] != "="
    }
    for entry in issued.entries:
        places = template.layout.get(entry.name, ())
        if not places or places[0].sheet != sheet or not issued.may_be_locked(entry):
            continue
        for row, (place, content) in enumerate(zip(places, issued.expected(entry.name, len(places)), strict=True)):
            if issued.is_locked(entry, row) and content[0] != "=":
                contents[place] = content
    return {place: content for place, content in contents.items() if content != NOTHING}


def _along(
    issued: Issued, book: Workbook, stays: Moves, sheet: str, axis: int, stood: Mapping[Place, Canonical]
) -> Shifted | None:
    here: dict[int, list[tuple[int, Canonical]]] = {}
    for place, content in stood.items():
        here.setdefault(place.at[axis], []).append((place.at[1 - axis], content))
    there: dict[int, dict[int, Canonical]] = {}
    for at, cell in book.sheets[stays.sheets[sheet]].cells.items():
        there.setdefault(at[axis], {})[at[1 - axis]] = canonical_cell(cell)
    shifts = _shifts(here, there)
    if shifts is None:
        return None
    inserted, deleted = _steps(shifts)
    if not inserted and not deleted:
        return None
    last = max(here)
    by_line = [_GONE if _within(line, deleted) else _shift_of(shifts, line) for line in range(last + 1)]
    rows, columns = ({sheet: by_line}, {}) if axis == 0 else ({}, {sheet: by_line})
    filled = dict.fromkeys(stays.sheets, (0,))
    went = Moves(stays.sheets, {**filled, **rows}, {**filled, **columns})
    changed = changes(issued, book, went.layout(issued.template.layout), went)
    rest = tuple(finding for finding in changed if finding.kind == "cell.locked_changed" and not _nowhere(finding))
    return Shifted(sheet, axis, tuple(inserted), tuple(deleted), went, rest)


def _nowhere(finding: Finding) -> bool:
    """Whether a finding concerns a cell in a deleted line."""
    letters = finding.cell.rstrip("0123456789")
    return int(finding.cell[len(letters) :] or 0) >= _GONE or len(letters) > 3


def _shifts(here: Mapping[int, _Line], there: Mapping[int, Mapping[int, Canonical]]) -> dict[int, int] | None:
    """How far each line with locked cells moved; None if too many are not found in their order."""
    shift, taken = 0, 0
    shifts: dict[int, int] = {}
    lost = 0
    for line in sorted(here):
        fits = [by for by in _near(shift) if line + by > taken and _is_it(here[line], there.get(line + by, {}))]
        if not fits:
            lost += 1  # deleted or changed
            continue
        shift = fits[0]
        shifts[line], taken = shift, line + shift
    return shifts if lost <= MOST and len(shifts) > lost else None


def _near(shift: int) -> Iterator[int]:
    yield shift
    for far in range(1, MOST + 1):
        yield shift + far
        yield shift - far


def _is_it(line: _Line, now: Mapping[int, Canonical]) -> bool:
    return sum(now.get(across) == content for across, content in line) * 2 > len(line)


def _steps(shifts: Mapping[int, int]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    inserted, deleted = [], []
    before, line_before = 0, 0
    for line, shift in sorted(shifts.items()):
        if shift > before:
            inserted.append((line + before, line + shift - 1))
        elif shift < before:
            deleted.append((line - (before - shift), line - 1))
        before, line_before = shift, line
    return inserted, [span for span in deleted if span[0] > 0 and line_before]


def _within(line: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= line <= last for first, last in spans)


def _shift_of(shifts: Mapping[int, int], line: int) -> int:
    known = [shifted_line for shifted_line in shifts if shifted_line <= line]
    return shifts[max(known)] if known else 0


def sorted_in_part(issued: Issued, book: Workbook, layout: Layout) -> Iterator[Finding]:
    """Findings for tables in which a locked column was sorted without the rest of its rows."""
    tables: dict[str, str] = {}
    for entry in issued.entries:
        places = layout.get(entry.name, ())
        if not entry.table or not places or not issued.may_be_locked(entry):
            continue
        wanted = issued.expected(entry.name, len(places))
        locked = [row for row in range(len(places)) if issued.is_locked(entry, row) and wanted[row][0] != "="]
        stands = [canonical_cell(cell) for cell in column_of(book, places)]
        before, now = [wanted[row] for row in locked], [stands[row] for row in locked]
        moved = [row for row, (was, stands_now) in enumerate(zip(before, now, strict=True)) if was != stands_now]
        if len(moved) > 1 and Counter(before) == Counter(now):
            tables.setdefault(entry.table, places[locked[moved[0]]].sheet + "!" + places[locked[moved[0]]].cell)
    for place in dict.fromkeys(tables.values()):
        sheet, _, cell = place.rpartition("!")
        yield Finding("rows.sorted_in_part", sheet=sheet, cell=cell)
