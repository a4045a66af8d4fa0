"""What came back against what was issued.

The expected workbook follows from two things that the ledger keeps: the template's bytes and the values that were stamped into them. Each
locked cell is compared with it in a canonical form that forgives what programs do by habit when they save (line ends, blanks and letter case
of formulas, the fifteenth digit) and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place
from evalxl.forms.fields import FIELDS, Kind, Who
from evalxl.forms.values import EMPTY, Link, Typed, exact, serial, typed
from evalxl.forms.workbook import Cell, Workbook, address

Values = Mapping[str, Any]  # name -> value, or list of values down the column (None: nothing stamped)

_TABLE_LOCKED_ROWS = ("ev_task_name", "ev_task_important", "ev_task_due")


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: the template as read, its layout, the stamped values, and the task rows that were locked (by row index)."""

    kind: Kind
    template: Workbook
    layout: Layout
    values: Values
    given: frozenset[int] = frozenset()


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
    named: set[tuple[str, tuple[int, int]]] = set()
    moved = False
    for entry in FIELDS[issued.kind]:
        expected_places = issued.layout.get(entry.name, ())
        for row, place in enumerate(layout.get(entry.name, ())):
            home = expected_places[row] if row < len(expected_places) else place
            named.add((home.sheet, home.at))
            moved = moved or home != place
            if entry.who is Who.PERSON and not (row in issued.given and entry.name in _TABLE_LOCKED_ROWS):
                continue
            cell = book.cell(place.sheet, place.at)
            if entry.who is Who.LIVE:
                findings += _formula_change(issued, home, place, cell)
                continue
            value = stamped(issued.values, entry.name, row)
            expected = _canonical_value(value) if value is not None else _canonical(issued.template, home)
            found = _canonical_cell(cell)
            if found != expected:
                findings.append(_changed("cell.locked_changed", place, expected, found))
    if not moved:
        findings += _unnamed_changes(issued, book, named)
    return findings


def typed_cells(issued: Issued, book: Workbook, layout: Layout, name: str, row: int) -> Typed | None:
    """What a person typed into an open cell; None where it is as it was issued."""
    places = layout.get(name, ())
    if row >= len(places):
        return None
    cell = book.cell(places[row].sheet, places[row].at)
    value = stamped(issued.values, name, row)
    expected = _canonical_value(value) if value is not None else _canonical(issued.template, issued.layout[name][row])
    if _canonical_cell(cell) == expected:
        return None
    return typed(cell, book.format_of(cell)) if cell else EMPTY


def habits(issued: Issued, book: Workbook) -> list[Finding]:
    """What programs drop when they save: notes, never alarms."""
    notes = []
    here = [sheet for sheet in book.sheets.values() if sheet.name in issued.template.sheets]
    if any(not sheet.protected and issued.template.sheets[sheet.name].protected for sheet in here):
        notes.append(Finding("file.protection_lost"))
    if any(sheet.validations == 0 and issued.template.sheets[sheet.name].validations for sheet in here):
        notes.append(Finding("file.validation_lost"))
    if any(sheet.state == "visible" and issued.template.sheets[sheet.name].state != "visible" for sheet in here):
        notes.append(Finding("file.hiding_lost"))
    return notes


def _formula_change(issued: Issued, home: Place, place: Place, cell: Cell | None) -> list[Finding]:
    original = issued.template.cell(home.sheet, home.at)
    if original is None or original.formula is None:
        return []
    if cell is None or cell.formula is None:
        return [_changed("cell.formula_replaced", place, "", cell.raw if cell else "")]
    if original.formula and cell.formula and home == place and _formula(cell.formula) != _formula(original.formula):
        return [_changed("cell.formula_changed", place, original.formula, cell.formula)]
    return []


def _unnamed_changes(issued: Issued, book: Workbook, named: set[tuple[str, tuple[int, int]]]) -> list[Finding]:
    """Labels and helper cells of the template, where nothing was moved."""
    findings = []
    for sheet in issued.template.sheets.values():
        here = book.sheets.get(sheet.name)
        if here is None:
            findings.append(Finding("file.sheet_missing", sheet=sheet.name))
            continue
        for at, original in sheet.cells.items():
            if (sheet.name, at) in named or not issued.template.is_locked(original):
                continue
            cell = here.cells.get(at)
            if original.formula is not None:
                findings += _formula_change(issued, Place(sheet.name, at), Place(sheet.name, at), cell)
            elif _canonical_cell(original) != (found := _canonical_cell(cell)):
                findings.append(
                    _changed("cell.locked_changed", Place(sheet.name, at), _canonical_cell(original), found)
                )
    return findings


def _changed(kind: str, place: Place, old: str, new: str) -> Finding:
    return Finding(kind, sheet=place.sheet, cell=address(place.at), found=new[:200], values={"issued": old[:200]})


def _canonical(book: Workbook, place: Place) -> str:
    return _canonical_cell(book.cell(place.sheet, place.at))


def _canonical_cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.formula is not None and cell.formula not in ("TRUE()", "FALSE()"):
        return "=" + _formula(cell.formula)
    if cell.kind == "number":
        value = exact(cell.raw)
        return f"{float(value):.12g}" if value is not None else cell.raw
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
    return re.sub(r"[ \t]+(?=\n|$)", "", text).strip()


def _formula(text: str) -> str:
    """A formula without what programs write differently: case, blanks, quotes of sheets, the of: and _xlfn prefixes, dollar signs."""
    bare = re.sub(r"\s+|'|\$|_xlfn\.|_xlws\.|of:", "", text)
    return bare.upper().replace(";", ",").lstrip("=+")
