"""What came back against what was issued.

The expected workbook follows from two things that the ledger keeps: the template's bytes and the values that were stamped into them. Each
locked cell is compared with it in a canonical form that forgives what programs do by habit when they save (line ends, blanks and letter case
of formulas, the fifteenth digit) and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, bind
from evalxl.forms.fields import FIELDS, Kind, Who
from evalxl.forms.values import EMPTY, Link, Typed, exact, serial, typed
from evalxl.forms.workbook import Cell, Range, Workbook, address

Values = Mapping[str, Any]  # name -> value, or list of values down the column (None: nothing stamped)

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
    def canonical(self) -> Mapping[str, tuple[str, ...]]:
        """What stands in each field's cells, row by row, in canonical form."""
        return {
            name: tuple(_canonical_cell(self.book.cell(place.sheet, place.at)) for place in places)
            for name, places in self.layout.items()
        }

    @cached_property
    def labels(self) -> tuple[tuple[Place, Cell, str], ...]:
        """The locked cells that no field has: labels, guides and helpers, each with its canonical form."""
        named = {(place.sheet, place.at) for places in self.layout.values() for place in places}
        return tuple(
            (Place(sheet.name, at), cell, _canonical_cell(cell))
            for sheet in self.book.sheets.values()
            for at, cell in sheet.cells.items()
            if (sheet.name, at) not in named and self.book.is_locked(cell)
        )

    def expected(self, name: str, row: int, value: Any) -> str:
        """What stood in a field's cell when it went out: the stamped value, else what the template has there."""
        if value is not None:
            return _canonical_value(value)
        rows = self.canonical.get(name, ())
        return rows[row] if row < len(rows) else ""


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: the template, the stamped values, and the task rows that were locked (by row index)."""

    template: Template
    values: Values
    given: frozenset[int] = frozenset()

    @property
    def kind(self) -> Kind:
        return self.template.kind


def stamped(values: Values, name: str, row: int) -> Any:
    """The value that was stamped into a cell; None where the template's own content stood."""
    value = values.get(name)
    if isinstance(value, list):
        return value[row] if row < len(value) else None
    return value if row == 0 else None


def changes(issued: Issued, book: Workbook, layout: Layout) -> list[Finding]:
    """Every locked cell of a returned workbook that is not as it was issued, with old and new.

    Args:
        issued: What the ledger says was issued.
        book: The returned workbook.
        layout: Where the fields stand in it.
    """
    findings: list[Finding] = []
    homes_of = issued.template.layout
    moved = layout is not homes_of and any(layout.get(name) != places for name, places in homes_of.items())
    for entry in FIELDS[issued.kind]:
        homes = homes_of.get(entry.name, ())
        for row, place in enumerate(layout.get(entry.name, ())):
            if entry.who is Who.PERSON and not (row in issued.given and entry.name in _TABLE_LOCKED_ROWS):
                continue
            cell = book.cell(place.sheet, place.at)
            if entry.who is Who.LIVE:
                original = issued.template.book.cell(homes[row].sheet, homes[row].at) if row < len(homes) else None
                findings += _formula_change(original, place, cell, moved)
                continue
            expected = issued.template.expected(entry.name, row, stamped(issued.values, entry.name, row))
            found = _canonical_cell(cell)
            if found != expected:
                findings.append(_changed("cell.locked_changed", place, expected, found))
    findings += _lost_labels(issued.template, book) if moved else _changed_labels(issued.template, book)
    return findings + [
        Finding("cell.under_merge", sheet=place.sheet, cell=place.cell, found=_canonical_cell(cell)[:200])
        for place, _ in _covered(issued, book, layout)
        if (cell := book.cell(place.sheet, place.at)) is not None
    ]


def typed_cells(issued: Issued, book: Workbook, layout: Layout, name: str, row: int) -> Typed | None:
    """What a person typed into an open cell; None where it is as it was issued."""
    places = layout.get(name, ())
    if row >= len(places):
        return None
    cell = book.cell(places[row].sheet, places[row].at)
    expected = issued.template.expected(name, row, stamped(issued.values, name, row))
    if (cell is None and not expected) or _canonical_cell(cell) == expected:
        return None
    return typed(cell, book.format_of(cell)) if cell else EMPTY


def habits(issued: Issued, book: Workbook, layout: Layout | None = None) -> list[Finding]:
    """What programs drop when they save, what people put in beside their words, and sheets without fields that a person dropped: no alarms."""
    sheets = issued.template.book.sheets
    layout = issued.template.layout if layout is None else layout
    notes = []
    merges = {(merge.sheet, merge.top, merge.left): merge for _, merge in _covered(issued, book, layout)}
    for merge in merges.values():
        first, last = address((merge.top, merge.left)), address((merge.bottom, merge.right))
        notes.append(Finding("cell.merged", sheet=merge.sheet, cell=first, found=f"{first}:{last}"))
    notes += _in_hidden_rows(issued, book, layout)
    notes += [
        Finding("file.far_blanks", sheet=sheet.name, cell=address(sheet.far))
        for sheet in book.sheets.values()
        if sheet.far is not None
    ]
    if book.pictures > issued.template.book.pictures:
        notes.append(Finding("file.has_pictures"))
    if book.remarks > issued.template.book.remarks:
        notes.append(Finding("file.has_remarks"))
    here = [sheet for sheet in book.sheets.values() if sheet.name in sheets]
    if any(not sheet.protected and sheets[sheet.name].protected for sheet in here):
        notes.append(Finding("file.protection_lost"))
    if any(sheet.validations == 0 and sheets[sheet.name].validations for sheet in here):
        notes.append(Finding("file.validation_lost"))
    if any(sheet.state == "visible" and sheets[sheet.name].state != "visible" for sheet in here):
        notes.append(Finding("file.hiding_lost"))
    return notes + [Finding("file.sheet_missing", sheet=name) for name in sheets if name not in book.sheets]


def _covered(issued: Issued, book: Workbook, layout: Layout) -> Iterator[tuple[Place, Range]]:
    """The open cells that lie under somebody's merged cells: only the first cell of these shows what stands in it."""
    home = issued.template.book.sheets
    for sheet in book.sheets.values():
        known = {(m.top, m.left, m.bottom, m.right) for m in home[sheet.name].merged} if sheet.name in home else set()
        fresh = [m for m in sheet.merged if (m.top, m.left, m.bottom, m.right) not in known]
        if not fresh:
            continue
        for entry in FIELDS[issued.kind]:
            for place in layout.get(entry.name, ()) if entry.who is Who.PERSON else ():
                row, column = place.at
                for merge in fresh if place.sheet == sheet.name else ():
                    inside = merge.top <= row <= merge.bottom and merge.left <= column <= merge.right
                    if inside and place.at != (merge.top, merge.left):
                        yield place, merge


def _in_hidden_rows(issued: Issued, book: Workbook, layout: Layout) -> Iterator[Finding]:
    """A filter or a slip hides a row; it is read all the same, and said so, since the person may take it for deleted."""
    told: set[str] = set()
    for entry in FIELDS[issued.kind]:
        for row, place in enumerate(layout.get(entry.name, ()) if entry.who is Who.PERSON else ()):
            sheet = book.sheets.get(place.sheet)
            if sheet is None or place.at[0] not in sheet.hidden or sheet.name in told:
                continue
            if book.cell(place.sheet, place.at) is None:
                continue
            typed_there = typed_cells(issued, book, layout, entry.name, row)
            if typed_there is not None and not typed_there.blank:
                told.add(sheet.name)
                yield Finding("file.hidden_rows", sheet=sheet.name, cell=place.cell)


def _formula_change(original: Cell | None, place: Place, cell: Cell | None, moved: bool) -> Iterator[Finding]:
    """A formula of the template that is another one now; where cells were moved the formulas in them follow, and are not compared."""
    if original is None or original.formula is None:
        return
    if cell is None or cell.formula is None:
        yield _changed("cell.formula_replaced", place, "", cell.raw if cell else "")
    elif not moved and cell.formula != original.formula and plain(cell.formula) != plain(original.formula):
        yield _changed("cell.formula_changed", place, original.formula, cell.formula)


def _changed_labels(template: Template, book: Workbook) -> Iterator[Finding]:
    for place, original, expected in template.labels:
        if place.sheet not in book.sheets:
            continue
        cell = book.cell(place.sheet, place.at)
        if original.formula is not None:
            yield from _formula_change(original, place, cell, moved=False)
        elif cell and (cell.raw, cell.formula, cell.kind) == (original.raw, None, original.kind):
            continue
        elif (found := _canonical_cell(cell)) != expected:
            yield _changed("cell.locked_changed", place, expected, found)


def _lost_labels(template: Template, book: Workbook) -> Iterator[Finding]:
    """Where rows or columns were moved, no label has a known place: each must still stand somewhere."""
    here = Counter(
        _canonical_cell(cell) for sheet in book.sheets.values() for cell in sheet.cells.values() if cell.formula is None
    )
    for place, original, expected in template.labels:
        if original.formula is None and place.sheet in book.sheets:
            if not here[expected]:
                yield _changed("cell.locked_changed", place, expected, "")
            else:
                here[expected] -= 1


def _changed(kind: str, place: Place, old: str, new: str) -> Finding:
    return Finding(kind, sheet=place.sheet, cell=address(place.at), found=new[:200], values={"issued": old[:200]})


def _canonical_cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.formula is not None and cell.formula not in ("TRUE()", "FALSE()"):
        return "=" + plain(cell.formula)
    if cell.kind == "number":
        value = exact(cell.raw)
        return cell.raw if value is None else f"{float(value):.12g}"
    if cell.kind == "boolean":
        return "1" if cell.raw.upper() in ("1", "TRUE") else "0"
    return _canonical_text(cell.raw)


def _canonical_value(value: Any) -> str:
    if isinstance(value, str):
        return _canonical_text(value)
    if isinstance(value, Typed):  # put back as it was typed; a formula comes back as its text
        return _canonical_cell(Cell("number" if value.kind == "number" else "text", value.raw))
    if isinstance(value, Link):
        return _canonical_text(value.text)
    if isinstance(value, date):
        return str(serial(value))
    return f"{float(value):.12g}"


def _canonical_text(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return "\n".join(line.rstrip(" \t") for line in _CONTROL.sub("", text).split("\n")).strip()


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no workbook can hold them


# Texts in a formula, quoted names of sheets, and the rest.
_PIECES = re.compile(r"""("(?:[^"]|"")*")|'((?:[^']|'')*)'|[^"']+|["']""")
_HABITS = re.compile(r"\s+|\$|_XLFN\.|_XLWS\.")
_TRUTHS = re.compile(r"\b(TRUE|FALSE)\(\)")


@lru_cache(maxsize=1024)
def plain(formula: str) -> str:
    """A formula without what programs write differently: letter case, blanks, dollar signs, quotes of sheets, prefixes of newer functions,
    and `FALSE()` for `FALSE`. The texts in it stay as they are.
    """
    pieces = []
    for match in _PIECES.finditer(formula.lstrip("=+ ")):
        if match[1] is not None:
            pieces.append(match[1])
        elif match[2] is not None:
            pieces.append(match[2].upper())
        else:
            pieces.append(_TRUTHS.sub(r"\1", _HABITS.sub("", match[0].upper())))
    return "".join(pieces)
