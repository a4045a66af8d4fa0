"""Where the cells of an issued workbook stand in the one that came back.

Rows and columns that were inserted or deleted move everything below or beside them alike, names and all. So the names tell where the lines that
have fields went, and the labels tell it of the lines between. Where the names do not fit together, nothing is known for certain: `moves`
says so, and no value is read from such a place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from evalxl.forms.binding import Layout, Place
from evalxl.forms.canonical import Canonical, canonical_cell
from evalxl.forms.formulas import following
from evalxl.forms.workbook import At, Sheet, Workbook

FAR = 60  # lines that somebody may have inserted below the last field
ALIKE = 0.8  # of a sheet's labels, by which a sheet with another name is known

Labels = Sequence[tuple[Place, Canonical]]
Lines = Mapping[int, Counter[Canonical]]


@dataclass(frozen=True, slots=True)
class Moves:
    """How far each line of each issued sheet was moved, and what the sheet is called now (absent: it is gone)."""

    sheets: Mapping[str, str]
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def place(self, place: Place) -> Place:
        """Where a cell of the issued workbook stands now."""
        return Place(*self.follow(place.sheet, place.at))

    def follow(self, sheet: str, at: At) -> tuple[str, At]:
        row, column = at
        return self.sheets.get(sheet, sheet), (
            row + _far(self.rows.get(sheet, ()), row),
            column + _far(self.columns.get(sheet, ()), column),
        )

    def formula(self, formula: str, sheet: str) -> str:
        """A formula of an issued sheet as it reads now."""
        return following(formula, sheet, self.follow) if self.rows or self.sheets.get(sheet) != sheet else formula

    @property
    def nothing(self) -> bool:
        """Whether everything that is still there stands where it stood."""
        return not self.rows and all(sheet == now for sheet, now in self.sheets.items())

    def layout(self, home: Layout) -> Layout:
        return (
            home
            if self.nothing
            else {name: tuple(self.place(place) for place in places) for name, places in home.items()}
        )


def unmoved(home: Layout, labels: Labels, issued: Workbook, book: Workbook) -> Moves:
    """Everything stands where it stood; only a sheet may have another name."""
    return Moves(_sheets(home, {}, labels, issued, book))


def moves(home: Layout, named: Layout, labels: Labels, issued: Workbook, book: Workbook) -> Moves | None:
    """Where everything stands by the names of the returned workbook.

    Args:
        home: The places of the fields in the template.
        named: Their places by the names of the returned workbook.
        labels: The template's cells without a field, each with its canonical form.
        issued: The template.
        book: The returned workbook.

    Returns:
        The moves; None where the names do not fit together: two fields of one line that are on different lines now, lines in another order.
    """
    sheets = _sheets(home, named, labels, issued, book)
    rows: dict[str, Sequence[int]] = {}
    columns: dict[str, Sequence[int]] = {}
    pairs = [(one, two) for name, places in home.items() for one, two in zip(places, named.get(name, ()), strict=False)]
    if len(set(sheets.values())) < len(sheets) or any(sheets.get(one.sheet) != two.sheet for one, two in pairs):
        return None
    for sheet, now in sheets.items():
        here = [(place.at, said) for place, said in labels if place.sheet == sheet and said[0] != "="]
        there = [(at, said) for at, cell in book.sheets[now].cells.items() if (said := canonical_cell(cell))[0] != "="]
        for axis, found in ((0, rows), (1, columns)):
            anchors = _anchors((one.at[axis], two.at[axis]) for one, two in pairs if one.sheet == sheet)
            if anchors is None:
                return None
            shifts = _shifts(anchors, _lines(here, axis), _lines(there, axis))
            if shifts is None:
                return None
            found[sheet] = shifts
    return Moves(sheets, rows, columns)


def _far(shifts: Sequence[int], line: int) -> int:
    return shifts[min(line, len(shifts) - 1)] if shifts else 0


def _sheets(home: Layout, named: Layout, labels: Labels, issued: Workbook, book: Workbook) -> dict[str, str]:
    """What each sheet is called now: as the names say, else as it was called, else the one that has its labels."""
    found: dict[str, str] = {}
    for name, places in named.items():
        if name in home:
            found.setdefault(home[name][0].sheet, places[0].sheet)
    for sheet in issued.sheets:
        if sheet in book.sheets and sheet not in found.values():
            found.setdefault(sheet, sheet)
    for sheet in issued.sheets:
        if sheet not in found:
            wanted = Counter(said for place, said in labels if place.sheet == sheet)
            others = [page for name, page in book.sheets.items() if name not in found.values()]
            best = max(others, key=lambda page: (wanted & _said(page)).total(), default=None)
            if best is not None and wanted and (wanted & _said(best)).total() >= ALIKE * wanted.total():
                found[sheet] = best.name
    return {sheet: now for sheet, now in found.items() if now in book.sheets}


def _said(page: Sheet) -> Counter[Canonical]:
    return Counter(canonical_cell(cell) for cell in page.cells.values())


def _anchors(pairs: Iterable[tuple[int, int]]) -> dict[int, int] | None:
    """Where the lines with fields are now; None where one line is at two places, or lines have changed places."""
    found: dict[int, int] = {}
    for line, now in pairs:
        if found.setdefault(line, now) != now:
            return None
    lines = sorted(found)
    return found if all(found[one] < found[two] for one, two in pairwise(lines)) else None


def _lines(cells: Iterable[tuple[At, Canonical]], axis: int) -> dict[int, Counter[Canonical]]:
    found: dict[int, Counter[Canonical]] = {}
    for at, said in cells:
        found.setdefault(at[axis], Counter())[said] += 1
    return found


def _shifts(anchors: Mapping[int, int], here: Lines, there: Lines) -> tuple[int, ...] | None:
    """How far each line was moved: as its fields say; a line without fields as its neighbour, unless its labels say otherwise."""
    last = max((*anchors, *here), default=0)
    shifts = [0] * (last + 1)
    shift = taken = 0
    ahead = sorted(anchors, reverse=True)
    for line in range(1, last + 1):
        if line in anchors:
            ahead.pop()
            shift = anchors[line] - line
        elif line in here:
            choices = _between(shift, anchors[ahead[-1]] - ahead[-1]) if ahead else _around(shift)
            shift = max(choices, key=lambda by: (here[line] & there.get(line + by, Counter())).total())
        if line in anchors or line in here:
            if line + shift <= taken:
                return None
            taken = line + shift
        shifts[line] = shift
    return tuple(shifts)


def _between(now: int, then: int) -> list[int]:
    return list(range(now, then + 1)) if then >= now else list(range(now, then - 1, -1))


def _around(now: int) -> list[int]:
    return sorted(range(now - FAR, now + FAR + 1), key=lambda by: (abs(by - now), -by))
