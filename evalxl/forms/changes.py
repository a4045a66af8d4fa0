"""What came back against what was issued.

The expected workbook follows from two things that the ledger keeps: the template's bytes and the values that were stamped into them. Each
locked cell is compared with it in its canonical form, which forgives what programs do by habit when they save and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.appearance import Fields, fields_of, typed_as_seen
from evalxl.forms.binding import Layout, Place, bind, column_of, used_rows
from evalxl.forms.canonical import NOTHING, Canonical, canonical_cell, canonical_value, shown
from evalxl.forms.fields import FIELDS, SPARE_ROWS, Field, Kind, Type, Who
from evalxl.forms.formulas import plain, skeleton
from evalxl.forms.moves import Moves, moves, unmoved
from evalxl.forms.values import LinkTarget, Typed
from evalxl.forms.workbook import At, Cell, Look, Workbook, address

Values = Mapping[str, Any]  # name -> value, or list of values down the column (None: nothing stamped)

LONGEST_SHOWN = 200  # characters of an old or new value in a finding

_TABLE_LOCKED_ROWS = ("ev_task_name", "ev_task_important", "ev_task_due")


@dataclass(frozen=True)
class Template:
    """A template as read, and what comparing with it needs, worked out once for all forms of a week."""

    kind: Kind
    book: Workbook
    layout: Layout

    @classmethod
    def of(cls, kind: Kind, book: Workbook) -> Template:
        return cls(kind, book, bind(kind, book.names)[0])

    @cached_property
    def canonical(self) -> Mapping[str, tuple[Canonical, ...]]:
        """What stands in each field's cells, row by row, in canonical form."""
        return {
            name: tuple(canonical_cell(self.book.cell(place.sheet, place.at)) for place in places)
            for name, places in self.layout.items()
        }

    @cached_property
    def entries(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {entry.name: entry for entry in FIELDS[self.kind]}

    @cached_property
    def fields(self) -> Fields:
        """The cells that decide something."""
        return fields_of(self.kind, self.layout)

    def look_at(self, place: Place) -> Look | None:
        """What a cell looks like; None where it has no style of its own, or the styles of blank cells were not read."""
        page = self.book.sheets.get(place.sheet)
        if page is None:
            return None
        cell = page.cells.get(place.at)
        style = cell.style if cell is not None else page.blanks.get(place.at)
        return None if style is None else self.book.look_of(style)

    def code_at(self, place: Place) -> str | None:
        """The number format of a cell."""
        look = self.look_at(place)
        return None if look is None else look.code

    @cached_property
    def labels(self) -> tuple[tuple[Place, Cell, Canonical], ...]:
        """The locked cells that no field has: labels, guides and helpers, each with its canonical form."""
        named = {(place.sheet, place.at) for places in self.layout.values() for place in places}
        return tuple(
            (Place(sheet.name, at), cell, canonical_cell(cell))
            for sheet in self.book.sheets.values()
            for at, cell in sheet.cells.items()
            if (sheet.name, at) not in named and self.book.is_locked(cell)
        )

    @cached_property
    def calculated(self) -> Mapping[str, tuple[tuple[Place, str, int], ...]]:
        """By sheet: the cells that calculate, each with its field's table and row, where it is one of a table."""
        found: dict[str, list[tuple[Place, str, int]]] = {}
        for name, formulas in self.formulas.items():
            for row, (place, formula) in enumerate(zip(self.layout[name], formulas, strict=True)):
                if formula is not None:
                    found.setdefault(place.sheet, []).append((place, self.entries[name].table, row))
        for place, cell, _ in self.labels:
            if cell.formula is not None:
                found.setdefault(place.sheet, []).append((place, "", 0))
        return {sheet: tuple(cells) for sheet, cells in found.items()}

    @cached_property
    def label_homes(self) -> Mapping[tuple[str, At], Place]:
        """The places of the labels by sheet and cell."""
        return {(place.sheet, place.at): place for place, _, _ in self.labels}

    @cached_property
    def said(self) -> tuple[tuple[Place, Canonical], ...]:
        """What each label says."""
        return tuple((place, said) for place, _, said in self.labels)

    @cached_property
    def known(self) -> frozenset[tuple[str, At]]:
        """The cells that have a name or something in them."""
        named = {(place.sheet, place.at) for places in self.layout.values() for place in places}
        return frozenset(named | {(sheet.name, at) for sheet in self.book.sheets.values() for at in sheet.cells})

    @cached_property
    def formulas(self) -> Mapping[str, tuple[str | None, ...]]:
        """The formula in each cell of the fields that calculate, row by row."""
        live = [entry.name for entry in FIELDS[self.kind] if entry.who is Who.LIVE and entry.name in self.layout]
        return {
            name: tuple(cell.formula if cell else None for cell in column_of(self.book, self.layout[name]))
            for name in live
        }


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: the template, the stamped values, and the task rows that were locked (by row index)."""

    template: Template
    values: Values
    given: frozenset[int] = frozenset()

    @property
    def kind(self) -> Kind:
        return self.template.kind

    def may_be_locked(self, entry: Field) -> bool:
        """Whether any of a field's cells was locked."""
        return entry.who is not Who.PERSON or (bool(self.given) and entry.name in _TABLE_LOCKED_ROWS)

    def is_locked(self, entry: Field, row: int) -> bool:
        """Whether a field's cell was locked; a task that the manager gave or that was carried over is, in part."""
        return entry.who is not Who.PERSON or (row in self.given and entry.name in _TABLE_LOCKED_ROWS)

    def fields(self, layout: Layout) -> Fields:
        """The cells that decide something, where they stand in a returned workbook."""
        return self.template.fields if layout is self.template.layout else fields_of(self.kind, layout)

    def link(self, entry: Field, row: int) -> str | None:
        """Where a cell was issued to lead; None where no link was stamped into it."""
        value = stamped(self.values, entry.name, row)
        return value.target if isinstance(value, LinkTarget) else None

    def used(self) -> dict[str, int]:
        """By table: how many of its rows are somebody's. Those below went out without what they calculate."""
        return {table: rows for table, rows in used_rows(self.kind, self.values).items() if table not in SPARE_ROWS}

    def lines_of_nobody(self) -> set[tuple[str, int]]:
        """The sheets' rows in which no row of a table is somebody's: the sheet and the number of each, as they went out."""
        used = self.used()
        return {
            (place.sheet, place.at[0])
            for entry in FIELDS[self.kind]
            if entry.table in used
            for place in self.template.layout.get(entry.name, ())[used[entry.table] :]
        }

    def expected(self, name: str, rows: int) -> list[Canonical]:
        """What stood in the first so many rows of a field when it went out: the stamped value, else what the template has there."""
        stood = [*self.template.canonical.get(name, ())[:rows]]
        stood += [NOTHING] * (rows - len(stood))
        value = self.values.get(name)
        for row, one in enumerate(value[:rows] if isinstance(value, list) else [value]):
            if one is not None and row < rows:
                stood[row] = canonical_value(one)
        return stood


def stamped(values: Values, name: str, row: int) -> Any:
    """The value that was stamped into a cell; None where the template's own content stood."""
    value = values.get(name)
    if isinstance(value, list):
        return value[row] if row < len(value) else None
    return value if row == 0 else None


def moves_by(template: Template, layout: Layout, book: Workbook) -> Moves | None:
    """Where everything stands in a returned workbook whose fields have this layout; None where that is not certain."""
    home = template.layout
    if all(layout.get(name) == places for name, places in home.items()):
        return unmoved(home, template.said, template.book, book)
    return moves(home, layout, template.said, template.book, book)


def changes(issued: Issued, book: Workbook, layout: Layout, went: Moves | None = None) -> list[Finding]:
    """Every locked cell of a returned workbook that is not as it was issued, with old and new.

    Args:
        issued: What the ledger says was issued.
        book: The returned workbook.
        layout: Where the fields stand in it, row by row.
        went: Where all its cells stand; what the layout says, where it is not given.
    """
    template = issued.template
    went = went or moves_by(template, layout, book) or unmoved(template.layout, template.said, template.book, book)
    findings: list[Finding] = []
    used = issued.used()
    for entry in FIELDS[issued.kind]:
        homes = template.layout.get(entry.name, ())
        if not homes or not issued.may_be_locked(entry):
            continue
        places = layout.get(entry.name) or tuple(went.place(home) for home in homes)
        formulas = template.formulas.get(entry.name) or (None,) * len(homes)
        column = zip(places, column_of(book, places), issued.expected(entry.name, len(places)), formulas, strict=False)
        for row, (place, cell, expected, formula) in enumerate(column):
            if formula is not None:
                found = _formula_change(formula, homes[row].sheet, place, cell, went)
                findings += found if row < used.get(entry.table, len(homes)) else _formula_put_in(cell, found)
            elif cell is None and expected == NOTHING:
                continue
            elif issued.is_locked(entry, row) and (stands := canonical_cell(cell)) != expected:
                is_day = entry.type is Type.DATE
                findings.append(_changed("cell.locked_changed", place, shown(expected, is_day), shown(stands, is_day)))
    findings += _changed_labels(issued, book, went)
    return findings


def typed_cells(issued: Issued, book: Workbook, layout: Layout, name: str) -> Iterator[tuple[int, Place, Typed]]:
    """What a person typed into the open cells of a field: row, place and value of each that is not as it was issued."""
    places = layout.get(name, ())
    column = zip(places, column_of(book, places), issued.expected(name, len(places)), strict=True)
    odd = book.odd
    unsure = bool(places) and places[0].sheet in book.sheets and bool(book.sheets[places[0].sheet].conditionals)
    for row, (place, cell, expected) in enumerate(column):
        if cell is None and expected == NOTHING:
            continue
        same = canonical_cell(cell) == expected
        if same and (cell is None or not (unsure or cell.style in odd)):
            continue
        said = as_seen(issued, book, name, row, place, cell)
        if (
            not same or said.format == "other"
        ):  # what stands there as it was issued, and shows something else now, is somebody's act
            yield row, place, said


def as_seen(issued: Issued, book: Workbook, name: str, row: int, place: Place, cell: Cell | None) -> Typed:
    """What a person typed into a field's cell, with what its format shows of it."""
    template = issued.template

    def code() -> str | None:
        homes = template.layout.get(name, ())
        return template.code_at(homes[row]) if row < len(homes) else None

    return typed_as_seen(book, place, cell, template.entries[name], code)


def _changed_labels(issued: Issued, book: Workbook, went: Moves) -> Iterator[Finding]:
    """Labels, guides and helpers that are other ones; a sheet that is gone with all of them had no field, and is a note elsewhere."""
    stays = went.nothing
    lines = cache(issued.lines_of_nobody)
    for home, original, expected in issued.template.labels:
        if home.sheet not in went.sheets:
            continue
        place = home if stays else went.place(home)
        cell = book.cell(place.sheet, place.at)
        if original.formula is not None:
            if cell is not None or (home.sheet, home.at[0]) not in lines():
                yield from _formula_change(original.formula, home.sheet, place, cell, went)
        elif cell and (cell.raw, cell.formula, cell.kind) == (original.raw, None, original.kind):
            continue
        elif (found := canonical_cell(cell)) != expected:
            is_day = issued.template.book.format_of(original) == "date"
            yield _changed("cell.locked_changed", place, shown(expected, is_day), shown(found, is_day))


def _formula_change(formula: str, sheet: str, place: Place, cell: Cell | None, went: Moves) -> Iterator[Finding]:
    """A formula that is another one now. Where only the cells that it refers to are others, cells were cut or dragged."""
    if canonical_cell(cell) == NOTHING:
        return  # some programs drop formulas, and whoever reads the numbers does not ask them
    if cell is None or cell.formula is None:
        yield _changed("cell.formula_replaced", place, f"={formula}", cell.raw if cell else "")
    elif cell.formula != formula and plain(cell.formula) != plain(expected := went.formula(formula, sheet)):
        kind = "cell.formula_bent" if skeleton(cell.formula) == skeleton(expected) else "cell.formula_changed"
        yield _changed(kind, place, f"={expected}", f"={cell.formula}")


def _formula_put_in(cell: Cell | None, found: Iterable[Finding]) -> Iterator[Finding]:
    """What is found of a formula in a row of nobody, which went out without it; earlier it went out with it."""
    if cell is not None:
        yield from (replace(one, values={"issued": ""}) for one in found)


def _changed(kind: str, place: Place, old: str, new: str) -> Finding:
    return Finding(
        kind,
        sheet=place.sheet,
        cell=address(place.at),
        found=new[:LONGEST_SHOWN],
        values={"issued": old[:LONGEST_SHOWN]},
    )
