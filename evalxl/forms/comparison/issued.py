"""The issued workbook, and the places of its cells in the returned one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, bind, column_of
from evalxl.forms.comparison.canonical import NOTHING, Canonical, canonical_cell, canonical_value
from evalxl.forms.comparison.moves import Moves
from evalxl.forms.fields import Field, Type, Who, fields_in
from evalxl.forms.kind import WorkbookKind, used_rows
from evalxl.forms.values import LinkTarget
from evalxl.forms.workbook import At, Cell, Look, Workbook

Values = Mapping[str, Any]  # name -> value, or list of values down the column (None: nothing stamped)

# The cells of a workbook by sheet and place: the field, and its row.
Fields = Mapping[tuple[str, At], tuple[Field, int]]

LONGEST_SHOWN = 200  # characters of an old or new value in a finding
_TABLE_LOCKED_ROWS = ("ev_task_name", "ev_task_important", "ev_task_due")


@dataclass(frozen=True)
class Template:
    """A template, with everything needed to compare with it, computed once for all forms of a week."""

    kind: WorkbookKind
    book: Workbook
    layout: Layout

    @classmethod
    def of(cls, kind: WorkbookKind, book: Workbook) -> Template:
        return cls(kind, book, bind(kind, book.names)[0])

    @cached_property
    def canonical(self) -> Mapping[str, tuple[Canonical, ...]]:
        """The content of each field's cells, row by row, in canonical form."""
        return {
            name: tuple(canonical_cell(self.book.cell(place.sheet, place.at)) for place in places)
            for name, places in self.layout.items()
        }

    @cached_property
    def entries(self) -> Mapping[str, Field]:
        """The fields by name; which parts are scored, the template itself says."""
        return {entry.name: entry for entry in fields_in(self.kind, self.book.names)}

    @cached_property
    def fields(self) -> Fields:
        """The cells that matter (see `matters`)."""
        return fields_of(self.entries.values(), self.layout)

    def look_at(self, place: Place) -> Look | None:
        """A cell's look; None if it has no style, or if the styles of blank cells were not read."""
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
        """The locked cells without a field: labels, guides and helpers, each with its canonical form."""
        named = {(place.sheet, place.at) for places in self.layout.values() for place in places}
        return tuple(
            (Place(sheet.name, at), cell, canonical_cell(cell))
            for sheet in self.book.sheets.values()
            for at, cell in sheet.cells.items()
            if (sheet.name, at) not in named and self.book.is_locked(cell)
        )

    @cached_property
    def calculated(self) -> Mapping[str, tuple[tuple[Place, str, int], ...]]:
        """By sheet: the cells with formulas, each with table and row of its field; an empty table if it has none."""
        calculated: dict[str, list[tuple[Place, str, int]]] = {}
        for name, formulas in self.formulas.items():
            for row, (place, formula) in enumerate(zip(self.layout[name], formulas, strict=True)):
                if formula is not None:
                    calculated.setdefault(place.sheet, []).append((place, self.entries[name].table, row))
        for place, cell, _ in self.labels:
            if cell.formula is not None:
                calculated.setdefault(place.sheet, []).append((place, "", 0))
        return {sheet: tuple(cells) for sheet, cells in calculated.items()}

    @cached_property
    def calculating(self) -> Mapping[str, frozenset[At]]:
        """By sheet: the cells with formulas."""
        return {sheet: frozenset(place.at for place, _, _ in cells) for sheet, cells in self.calculated.items()}

    @cached_property
    def label_homes(self) -> Mapping[tuple[str, At], Place]:
        """The places of the labels by sheet and cell."""
        return {(place.sheet, place.at): place for place, _, _ in self.labels}

    @cached_property
    def live_homes(self) -> Mapping[tuple[str, At], Place]:
        """The places of fields with formulas by sheet and cell."""
        return {(place.sheet, place.at): place for name in self.formulas for place in self.layout[name]}

    @cached_property
    def label_contents(self) -> tuple[tuple[Place, Canonical], ...]:
        """The content of each label by which a sheet's lines are known again; not the running numbers of its lists."""
        numbers = self.running_numbers
        return tuple((place, content) for place, _, content in self.labels if (place.sheet, place.cell) not in numbers)

    @cached_property
    def running_numbers(self) -> frozenset[tuple[str, str]]:
        """Sheet and cell of the numbers beside the rows of lists: they stand in another order when a list is sorted."""
        lists = {
            (place.sheet, place.at[0])
            for name, places in self.layout.items()
            if name in self.entries and self.entries[name].table
            for place in places
        }
        return frozenset(
            (place.sheet, place.cell)
            for place, _, content in self.labels
            if content[0] == "n" and (place.sheet, place.at[0]) in lists
        )

    @cached_property
    def known(self) -> frozenset[tuple[str, At]]:
        """The cells that have a name or content."""
        named = {(place.sheet, place.at) for places in self.layout.values() for place in places}
        return frozenset(named | {(sheet.name, at) for sheet in self.book.sheets.values() for at in sheet.cells})

    @cached_property
    def formulas(self) -> Mapping[str, tuple[str | None, ...]]:
        """The formulas of each field with formulas, row by row."""
        live = [entry.name for entry in self.entries.values() if entry.who is Who.LIVE and entry.name in self.layout]
        return {
            name: tuple(cell.formula if cell else None for cell in column_of(self.book, self.layout[name]))
            for name in live
        }


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued workbook: the template, the stamped values, and the locked task rows (by row index)."""

    template: Template
    values: Values
    given: frozenset[int] = frozenset()

    @property
    def kind(self) -> WorkbookKind:
        return self.template.kind

    @property
    def entries(self) -> Collection[Field]:
        """The fields of the workbook."""
        return self.template.entries.values()

    def may_be_locked(self, entry: Field) -> bool:
        """Whether any of a field's cells was locked."""
        return entry.who is not Who.PERSON or (bool(self.given) and entry.name in _TABLE_LOCKED_ROWS)

    def is_locked(self, entry: Field, row: int) -> bool:
        """Whether a field's cell was locked. An assigned or carried-over task is partly locked."""
        return entry.who is not Who.PERSON or (row in self.given and entry.name in _TABLE_LOCKED_ROWS)

    def fields(self, layout: Layout) -> Fields:
        """The cells that matter, at their places in a returned workbook."""
        return self.template.fields if layout is self.template.layout else fields_of(self.entries, layout)

    def link(self, entry: Field, row: int) -> str | None:
        """The target of a cell's stamped link; None if no link was stamped."""
        value = stamped(self.values, entry.name, row)
        return value.target if isinstance(value, LinkTarget) else None

    def used(self) -> dict[str, int]:
        """By table: the number of used rows. The rows below were issued without formulas."""
        return {
            table: rows
            for table, rows in used_rows(self.kind, self.values).items()
            if not self.kind.by_table[table].spare
        }

    def lines_of_nobody(self) -> set[tuple[str, int]]:
        """The issued sheet rows that belong to unused table rows: sheet and row number of each."""
        used = self.used()
        return {
            (place.sheet, place.at[0])
            for entry in self.entries
            if entry.table in used
            for place in self.template.layout.get(entry.name, ())[used[entry.table] :]
        }

    def expected(self, name: str, rows: int) -> list[Canonical]:
        """The issued content of the first `rows` rows of a field: the stamped value, else the template's content."""
        stood = [*self.template.canonical.get(name, ())[:rows]]
        stood += [NOTHING] * (rows - len(stood))
        value = self.values.get(name)
        for row, content in enumerate(value[:rows] if isinstance(value, list) else [value]):
            if content is not None and row < rows:
                stood[row] = canonical_value(content)
        return stood


def stamped(values: Values, name: str, row: int) -> Any:
    """The value stamped into a cell; None if the template's content stayed."""
    value = values.get(name)
    if isinstance(value, list):
        return value[row] if row < len(value) else None
    return value if row == 0 else None


def fields_of(entries: Iterable[Field], layout: Mapping[str, Iterable[Place]]) -> Fields:
    """The cells of a layout that matter."""
    return {
        (place.sheet, place.at): (entry, row)
        for entry in entries
        if matters(entry)
        for row, place in enumerate(layout.get(entry.name, ()))
    }


@dataclass(frozen=True, slots=True)
class Located:
    """The places of the fields in a returned workbook.

    Attributes:
        layout: The places of each field, a table's rows in issued order.
        went: The present places of all other cells.
        altered: Why the file cannot be booked: changed locked cells, and cells whose place is unknown.
        notes: Notes about the places.
    """

    layout: Layout
    went: Moves
    altered: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def is_text(entry: Field) -> bool:
    """Whether a field takes text, so that a number typed there is read as it looks."""
    return entry.type in (Type.TEXT, Type.NARRATIVE) or entry.choices in ("task_code", "team")


def matters(entry: Field) -> bool:
    """Whether a cell matters: identity, name, score, date, choice, or anything evalxl wrote; not a formula, not a person's own text."""
    return entry.who is Who.EVALXL or (entry.who is Who.PERSON and not is_text(entry)) or entry.name == "ev_task_name"
