"""What was issued, and where its cells stand in a workbook that came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, bind, column_of, used_rows
from evalxl.forms.canonical import NOTHING, Canonical, canonical_cell, canonical_value
from evalxl.forms.fields import FIELDS, SPARE_ROWS, Field, Kind, Type, Who
from evalxl.forms.moves import Moves
from evalxl.forms.values import LinkTarget
from evalxl.forms.workbook import At, Cell, Look, Workbook

Values = Mapping[str, Any]  # name -> value, or list of values down the column (None: nothing stamped)

# The cells of a workbook by sheet and place: the field, and its row.
Fields = Mapping[tuple[str, At], tuple[Field, int]]

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
    def calculating(self) -> Mapping[str, frozenset[At]]:
        """By sheet: the cells that calculate."""
        return {sheet: frozenset(place.at for place, _, _ in cells) for sheet, cells in self.calculated.items()}

    @cached_property
    def label_homes(self) -> Mapping[tuple[str, At], Place]:
        """The places of the labels by sheet and cell."""
        return {(place.sheet, place.at): place for place, _, _ in self.labels}

    @cached_property
    def live_homes(self) -> Mapping[tuple[str, At], Place]:
        """The places of the fields that calculate by sheet and cell."""
        return {(place.sheet, place.at): place for name in self.formulas for place in self.layout[name]}

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


def fields_of(kind: Kind, layout: Mapping[str, Iterable[Place]]) -> Fields:
    """The cells that decide something, of a layout."""
    return {
        (place.sheet, place.at): (entry, row)
        for entry in FIELDS[kind]
        if matters(entry)
        for row, place in enumerate(layout.get(entry.name, ()))
    }


@dataclass(frozen=True, slots=True)
class Located:
    """Where the fields stand.

    Attributes:
        layout: The place of each field, a table's rows in the order in which they were issued.
        went: Where all other cells stand.
        altered: Why the file cannot be booked: the locked cells that are other ones, cells of which nobody knows where they belong.
        notes: What else is to be said about the places.
    """

    layout: Layout
    went: Moves
    altered: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def is_text(entry: Field) -> bool:
    """Whether a field takes words, so that a number typed there is what it looks like."""
    return entry.type in (Type.TEXT, Type.NARRATIVE) or entry.choices in ("task_code", "team")


def matters(entry: Field) -> bool:
    """Whether a cell decides something: identity, name, score, date or choice, and whatever evalxl wrote; not a formula, and not a person's own words."""
    return entry.who is Who.EVALXL or (entry.who is Who.PERSON and not is_text(entry)) or entry.name == "ev_task_name"
