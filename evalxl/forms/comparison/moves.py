"""Finds the present places of an issued workbook's cells in the returned workbook.

Inserted or deleted rows and columns move all cells and names after them alike. So the names show where the lines with fields moved,
and the labels show it for the lines between. If the names contradict each other, the places are unknown: `moves` returns None,
and no value is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from evalxl.forms.binding import Layout, Place
from evalxl.forms.calculations.formulas import following
from evalxl.forms.comparison.canonical import Canonical, canonical_cell
from evalxl.forms.workbook import At, Sheet, Workbook

FAR = 60  # the most lines inserted below the last field
ALIKE = 0.8  # the share of a sheet's labels that identifies a renamed sheet

Labels = Sequence[tuple[Place, Canonical]]
Lines = Mapping[int, Counter[Canonical]]


@dataclass(frozen=True, slots=True)
class Moves:
    """How far each line of each issued sheet moved, and the sheet's present name (absent: the sheet is gone)."""

    sheets: Mapping[str, str]
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    columns: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def place(self, place: Place) -> Place:
        """The present place of an issued cell."""
        return Place(*self.follow(place.sheet, place.at))

    def follow(self, sheet: str, at: At) -> tuple[str, At]:
        row, column = at
        return self.sheets.get(sheet, sheet), (
            row + _far(self.rows.get(sheet, ()), row),
            column + _far(self.columns.get(sheet, ()), column),
        )

    def formula(self, formula: str, sheet: str) -> str:
        """A formula of an issued sheet with its present references."""
        return following(formula, sheet, self.follow) if self.rows or self.sheets.get(sheet) != sheet else formula

    @property
    def nothing(self) -> bool:
        """Whether all remaining cells are at their issued places."""
        return not self.rows and all(sheet == now for sheet, now in self.sheets.items())

    def layout(self, home: Layout) -> Layout:
        return (
            home
            if self.nothing
            else {name: tuple(self.place(place) for place in places) for name, places in home.items()}
        )


def unmoved(home: Layout, labels: Labels, issued: Workbook, book: Workbook) -> Moves:
    """The moves if all cells are at their issued places; only sheets may be renamed."""
    return Moves(_sheets(home, {}, labels, issued, book))


def moves(home: Layout, named: Layout, labels: Labels, issued: Workbook, book: Workbook) -> Moves | None:
    """The moves of all cells, from the names of the returned workbook.

    Args:
        home: The places of the fields in the template.
        named: Their places by the names of the returned workbook.
        labels: The template's cells without a field, each with its canonical form.
        issued: The template.
        book: The returned workbook.

    Returns:
        The moves; None if the names contradict each other: two fields of one line are now on different lines, or lines changed their order.
    """
    sheets = _sheets(home, named, labels, issued, book)
    rows: dict[str, Sequence[int]] = {}
    columns: dict[str, Sequence[int]] = {}
    pairs = [
        (home_place, now_place)
        for name, places in home.items()
        for home_place, now_place in zip(places, named.get(name, ()), strict=False)
    ]
    if len(set(sheets.values())) < len(sheets) or any(
        sheets.get(home_place.sheet) != now_place.sheet for home_place, now_place in pairs
    ):
        return None
    for sheet, now in sheets.items():
        here = [(place.at, content) for place, content in labels if place.sheet == sheet and content[0] != "="]
        there = [
            (at, content) for at, cell in book.sheets[now].cells.items() if (content := canonical_cell(cell))[0] != "="
        ]
        for axis, by_sheet in ((0, rows), (1, columns)):
            anchors = _anchors(
                (home_place.at[axis], now_place.at[axis])
                for home_place, now_place in pairs
                if home_place.sheet == sheet
            )
            if anchors is None:
                return None
            shifts = _shifts(anchors, _lines(here, axis), _lines(there, axis))
            if shifts is None:
                return None
            by_sheet[sheet] = shifts
    return Moves(sheets, rows, columns)


def _far(shifts: Sequence[int], line: int) -> int:
    return shifts[min(line, len(shifts) - 1)] if shifts else 0


def _sheets(home: Layout, named: Layout, labels: Labels, issued: Workbook, book: Workbook) -> dict[str, str]:
    """The present name of each sheet: from the defined names, else its issued name, else the sheet with its labels."""
    names: dict[str, str] = {}
    for name, places in named.items():
        if name in home:
            names.setdefault(home[name][0].sheet, places[0].sheet)
    for sheet in issued.sheets:
        if sheet in book.sheets and sheet not in names.values():
            names.setdefault(sheet, sheet)
    for sheet in issued.sheets:
        if sheet not in names:
            wanted = Counter(content for place, content in labels if place.sheet == sheet)
            others = [page for name, page in book.sheets.items() if name not in names.values()]
            best = max(others, key=lambda page: (wanted & _contents(page)).total(), default=None)
            if best is not None and wanted and (wanted & _contents(best)).total() >= ALIKE * wanted.total():
                names[sheet] = best.name
    return {sheet: now for sheet, now in names.items() if now in book.sheets}


def _contents(page: Sheet) -> Counter[Canonical]:
    return Counter(canonical_cell(cell) for cell in page.cells.values())


def _anchors(pairs: Iterable[tuple[int, int]]) -> dict[int, int] | None:
    """The present places of the lines with fields; None if one line is at two places, or lines changed their order."""
    anchors: dict[int, int] = {}
    for line, now in pairs:
        if anchors.setdefault(line, now) != now:
            return None
    lines = sorted(anchors)
    return anchors if all(anchors[first] < anchors[second] for first, second in pairwise(lines)) else None


def _lines(cells: Iterable[tuple[At, Canonical]], axis: int) -> dict[int, Counter[Canonical]]:
    contents: dict[int, Counter[Canonical]] = {}
    for at, content in cells:
        contents.setdefault(at[axis], Counter())[content] += 1
    return contents


def _shifts(anchors: Mapping[int, int], here: Lines, there: Lines) -> tuple[int, ...] | None:
    """How far each line moved, from its fields. A line without fields moves like its neighbour unless its labels show otherwise."""
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
