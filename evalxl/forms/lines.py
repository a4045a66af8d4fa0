"""Rows and columns that somebody inserted or deleted, and tables that were sorted in part: one finding with its cure, not one for every cell behind.

What stands in the locked cells tells which line of the issued workbook a line of the returned one is. Nothing is read from such a workbook: what was typed
may have moved along or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, column_of
from evalxl.forms.canonical import NOTHING, Canonical, canonical_cell
from evalxl.forms.changes import changes
from evalxl.forms.fields import FIELDS
from evalxl.forms.issued import Issued
from evalxl.forms.moves import Moves
from evalxl.forms.workbook import Workbook, column_letters

MOST = 60  # lines that somebody may have inserted or deleted in one place
ENOUGH = 3  # cells that are other ones, from which on they are looked at together
LEFT = 5  # cells that may be other ones beside
_GONE = 1_000_000  # where a deleted line stands: nowhere in a sheet of ours

_Line = Sequence[tuple[int, Canonical]]  # what stands in a line: the place across, and what it says


@dataclass(frozen=True, slots=True)
class Shifted:
    """Where the lines of a sheet went.

    Attributes:
        axis: 0 where rows were inserted or deleted, 1 for columns.
        inserted: First and last inserted line, as the returned workbook counts.
        deleted: First and last deleted line, as the issued workbook counts.
        went: Where every cell stands.
        rest: What else is altered.
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
    """The lines that were inserted or deleted, where these alone explain most of what is altered.

    Args:
        stays: What each sheet is called now.
    """
    for name, now in stays.sheets.items():
        if sum(finding.sheet == now for finding in altered) < ENOUGH:
            continue
        stood = _stood(issued, name)
        for axis in (0, 1):
            found = _along(issued, book, stays, name, axis, stood)
            if found is not None and len(found.rest) <= LEFT and 3 * len(found.rest) < len(altered):
                return found
    return None


def _stood(issued: Issued, sheet: str) -> dict[Place, Canonical]:
    """What stood in the locked cells of a sheet when it went out, formulas apart."""
    template = issued.template
    found = {place: said for place, said in template.said if place.sheet == sheet and said[0] != "="}
    for entry in FIELDS[issued.kind]:
        places = template.layout.get(entry.name, ())
        if not places or places[0].sheet != sheet or not issued.may_be_locked(entry):
            continue
        for row, (place, said) in enumerate(zip(places, issued.expected(entry.name, len(places)), strict=True)):
            if issued.is_locked(entry, row) and said[0] != "=":
                found[place] = said
    return {place: said for place, said in found.items() if said != NOTHING}


def _along(
    issued: Issued, book: Workbook, stays: Moves, sheet: str, axis: int, stood: Mapping[Place, Canonical]
) -> Shifted | None:
    here: dict[int, list[tuple[int, Canonical]]] = {}
    for place, said in stood.items():
        here.setdefault(place.at[axis], []).append((place.at[1 - axis], said))
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
    rest = tuple(one for one in changed if one.kind == "cell.locked_changed" and not _nowhere(one))
    return Shifted(sheet, axis, tuple(inserted), tuple(deleted), went, rest)


def _nowhere(finding: Finding) -> bool:
    """Whether a finding is of a cell in a deleted line."""
    letters = finding.cell.rstrip("0123456789")
    return int(finding.cell[len(letters) :] or 0) >= _GONE or len(letters) > 3


def _shifts(here: Mapping[int, _Line], there: Mapping[int, Mapping[int, Canonical]]) -> dict[int, int] | None:
    """How far each line with locked cells went; None where one is not to be found in its order."""
    shift, taken = 0, 0
    found: dict[int, int] = {}
    lost = 0
    for line in sorted(here):
        fits = [by for by in _near(shift) if line + by > taken and _is_it(here[line], there.get(line + by, {}))]
        if not fits:
            lost += 1  # deleted, or another one now
            continue
        shift = fits[0]
        found[line], taken = shift, line + shift
    return found if lost <= MOST and len(found) > lost else None


def _near(shift: int) -> Iterator[int]:
    yield shift
    for far in range(1, MOST + 1):
        yield shift + far
        yield shift - far


def _is_it(line: _Line, now: Mapping[int, Canonical]) -> bool:
    return sum(now.get(across) == said for across, said in line) * 2 > len(line)


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
    known = [one for one in shifts if one <= line]
    return shifts[max(known)] if known else 0


def sorted_in_part(issued: Issued, book: Workbook, layout: Layout) -> Iterator[Finding]:
    """Tables in which a locked column stands in another order and the rest of its row did not go along."""
    tables: dict[str, str] = {}
    for entry in FIELDS[issued.kind]:
        places = layout.get(entry.name, ())
        if not entry.table or not places or not issued.may_be_locked(entry):
            continue
        wanted = issued.expected(entry.name, len(places))
        locked = [row for row in range(len(places)) if issued.is_locked(entry, row) and wanted[row][0] != "="]
        stands = [canonical_cell(cell) for cell in column_of(book, places)]
        before, now = [wanted[row] for row in locked], [stands[row] for row in locked]
        moved = [row for row, (one, two) in enumerate(zip(before, now, strict=True)) if one != two]
        if len(moved) > 1 and Counter(before) == Counter(now):
            tables.setdefault(entry.table, places[locked[moved[0]]].sheet + "!" + places[locked[moved[0]]].cell)
    for place in dict.fromkeys(tables.values()):
        sheet, _, cell = place.rpartition("!")
        yield Finding("rows.sorted_in_part", sheet=sheet, cell=cell)
