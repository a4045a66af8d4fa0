"""Finds the places of a workbook's fields from its defined names.

The template is the layout: a field is where the file's own defined name says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.forms.fields import STYLE_GIVEN, STYLE_GIVEN_DATE, Field, field, fields_in
from evalxl.forms.kind import OWN_OUTPUTS, WorkbookKind, is_kind
from evalxl.forms.workbook import At, Cell, Range, Workbook, address


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a field."""

    sheet: str
    at: At

    @property
    def cell(self) -> str:
        return address(self.at)


Layout = Mapping[str, tuple[Place, ...]]


def bind(
    kind: WorkbookKind, names: Mapping[str, Range], fields: Iterable[Field] | None = None
) -> tuple[Layout, list[Finding]]:
    """The places of a kind's fields.

    Args:
        kind: What kind of workbook it is.
        names: The workbook-wide names of the file.
        fields: Those that it has to have, by the template or the rule book that it was issued with; None for a template, which tells itself.

    Returns:
        The layout of the fields found, and a finding for each name that is missing or of the wrong shape. Names of optional
        fields may be missing.
    """
    layout: dict[str, tuple[Place, ...]] = {}
    room: dict[str, int] = {}
    findings = []
    for entry in fields_in(kind, names) if fields is None else fields:
        place = names.get(entry.name)
        if place is None:
            if not entry.optional:
                findings.append(Finding("names.missing", values={"name": entry.name}))
            continue
        rows = kind.rows_of(entry)
        if entry.table and kind.by_table[entry.table].grows:  # any number of rows, the same in all columns of a table
            rows = room.setdefault(entry.table, place.bottom - place.top + 1)
        if place.left != place.right or place.bottom - place.top + 1 != rows:
            findings.append(Finding("names.bad_shape", sheet=place.sheet, values={"name": entry.name, "rows": rows}))
            continue
        layout[entry.name] = tuple(Place(place.sheet, at) for at in place.cells())
    for name in (STYLE_GIVEN, STYLE_GIVEN_DATE):
        if kind.is_form and name in names:
            layout[name] = (Place(names[name].sheet, (names[name].top, names[name].left)),)
    return layout, findings


def column_of(book: Workbook, places: Sequence[Place]) -> list[Cell | None]:
    """The cells at the places of one field, which are all on one sheet."""
    page = book.sheets.get(places[0].sheet) if places else None
    return [page.cells.get(place.at) for place in places] if page else [None] * len(places)


def kind_of(book: Workbook) -> str:
    """The kind named in a workbook's stamp; empty for a workbook that evalxl did not write."""
    name = book.properties.get("evalxl.kind") or _hidden_stamp(book, "ev_stamp_kind")
    return name if name in OWN_OUTPUTS or is_kind(name) else ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of an issued workbook. It only points to the ledger's record."""

    kind: str
    form_id: str
    week: str
    subject: str


def stamp_values(event: Mapping[str, Any]) -> dict[str, str]:
    """The values of an issued workbook's stamp, from its event in the ledger."""
    return {
        "kind": event["workbook"],
        "form_id": event["form_id"],
        "week": event.get("week") or event["period"],  # for a workbook of a period: the period
        "subject": event["subject"],
        "template": event["template"][:16],
        "rulebook": event["rulebook"],
        "seal": event["seal"],
        **({"office": event["office"]} if event.get("office") else {}),  # version 0.1 stamped none
    }


_POINTERS = ("kind", "form_id", "week", "subject")


def stamp_of(book: Workbook) -> tuple[Stamp | None, bool, bool]:
    """The stamp of a workbook from its two places.

    Returns:
        The stamp (None if neither place has one), whether both places agree, and whether both are there.
        A program may drop one of the two. If they differ, the stamp was altered.
    """
    properties = {name: book.properties.get(f"evalxl.{name}", "") for name in _POINTERS}
    hidden = {name: _hidden_stamp(book, f"ev_stamp_{name}") for name in _POINTERS}
    stamps = [Stamp(**fields) for fields in (properties, hidden) if fields["form_id"]]
    if not stamps:
        return None, True, False
    return stamps[0], all(stamp == stamps[0] for stamp in stamps), len(stamps) == 2


def office_in_stamp(book: Workbook) -> str:
    """The id of the office that issued a workbook; empty if the stamp has none, as in version 0.1."""
    return book.properties.get("evalxl.office") or _hidden_stamp(book, "ev_stamp_office")


def stamp_fields(book: Workbook) -> dict[str, str]:
    """All values of a workbook's stamp, from the copy that is there."""
    names = ("kind", "form_id", "week", "subject", "template", "rulebook", "seal")
    return {name: book.properties.get(f"evalxl.{name}") or _hidden_stamp(book, f"ev_stamp_{name}") for name in names}


def stamp_changes(book: Workbook, event: Mapping[str, Any]) -> list[Finding]:
    """A finding for each value of either copy of the stamp that differs from the issue."""
    findings = []
    for name, issued in stamp_values(event).items():
        property_value = book.properties.get(f"evalxl.{name}", issued)
        if property_value != issued:
            findings.append(
                Finding(
                    "stamp.altered", found=property_value[:200], values={"name": f"evalxl.{name}", "issued": issued}
                )
            )
        place = book.names.get(f"ev_stamp_{name}")
        hidden = _hidden_stamp(book, f"ev_stamp_{name}")
        if place and hidden and hidden != issued:
            at = address((place.top, place.left))
            values = {"name": f"ev_stamp_{name}", "issued": issued}
            findings.append(Finding("stamp.altered", sheet=place.sheet, cell=at, found=hidden[:200], values=values))
    return findings


def _hidden_stamp(book: Workbook, name: str) -> str:
    """A value of the hidden copy: at its defined name, or beside its label if a program dropped the names."""
    place = book.names.get(name)
    if place is None:
        labels = (
            (sheet.name, at) for sheet in book.sheets.values() for at, cell in sheet.cells.items() if cell.raw == name
        )
        label = next(labels, None)
        cell = book.cell(label[0], (label[1][0], label[1][1] + 1)) if label else None
    else:
        cell = book.cell(place.sheet, (place.top, place.left))
    return cell.raw if cell else ""


def rooms_of(kind: WorkbookKind, layout: Layout) -> dict[str, int]:
    """The number of rows of each table in a template with this layout."""
    styles = (STYLE_GIVEN, STYLE_GIVEN_DATE)
    entries = ((field(kind, name), places) for name, places in layout.items() if name not in styles)
    return {entry.table: len(places) for entry, places in entries if entry.table}
