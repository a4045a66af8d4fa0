"""Compares a returned workbook with the issued one.

The expected workbook follows from the template's bytes and the stamped values, both kept in the ledger and archive. Each locked cell is
compared in its canonical form, which ignores only differences that programs make when they save.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, column_of
from evalxl.forms.calculations.formulas import plain, skeleton
from evalxl.forms.calculations.worksheet_functions import Value
from evalxl.forms.comparison.appearance import typed_as_seen
from evalxl.forms.comparison.calculation import Calculation
from evalxl.forms.comparison.canonical import NOTHING, canonical_cell, canonical_value, shown
from evalxl.forms.comparison.issued import LONGEST_SHOWN, Issued, Template
from evalxl.forms.comparison.moves import Moves, moves, unmoved
from evalxl.forms.fields import Type
from evalxl.forms.number_formats import plain_number, shown_number
from evalxl.forms.values import Typed
from evalxl.forms.workbook import Cell, Workbook, address


def moves_by(template: Template, layout: Layout, book: Workbook) -> Moves | None:
    """The present places of all issued cells in a returned workbook with this layout; None if they are not certain."""
    home = template.layout
    if all(layout.get(name) == places for name, places in home.items()):
        return unmoved(home, template.label_contents, template.book, book)
    return moves(home, layout, template.label_contents, template.book, book)


def changes(issued: Issued, book: Workbook, layout: Layout, went: Moves | None = None) -> list[Finding]:
    """A finding for every locked cell of a returned workbook that differs from the issue, with old and new value.

    Args:
        issued: The issued workbook, from the ledger.
        book: The returned workbook.
        layout: The places of the fields in it, row by row.
        went: The present places of all issued cells; taken from the layout if not given.
    """
    template = issued.template
    went = (
        went
        or moves_by(template, layout, book)
        or unmoved(template.layout, template.label_contents, template.book, book)
    )
    calculation = Calculation(issued, book, layout, went)
    findings: list[Finding] = []
    used = issued.used()
    for entry in issued.entries:
        homes = template.layout.get(entry.name, ())
        if not homes or not issued.may_be_locked(entry):
            continue
        places = layout.get(entry.name) or tuple(went.place(home) for home in homes)
        formulas = template.formulas.get(entry.name) or (None,) * len(homes)
        column = zip(places, column_of(book, places), issued.expected(entry.name, len(places)), formulas, strict=False)
        for row, (place, cell, expected, formula) in enumerate(column):
            if formula is not None:
                changed = _formula_change(formula, homes[row], place, cell, calculation)
                findings += changed if row < used.get(entry.table, len(homes)) else _formula_put_in(cell, changed)
            elif cell is None and expected == NOTHING:
                continue
            elif issued.is_locked(entry, row) and (stands := canonical_cell(cell)) != expected:
                is_day = entry.type is Type.DATE
                findings.append(_changed("cell.locked_changed", place, shown(expected, is_day), shown(stands, is_day)))
    findings += _changed_labels(issued, book, calculation)
    return findings


def typed_cells(issued: Issued, book: Workbook, layout: Layout, name: str) -> Iterator[tuple[int, Place, Typed]]:
    """The open cells of a field that differ from the issue: row, place and typed value of each."""
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
        typed = as_seen(issued, book, name, row, place, cell)
        if (
            not same or typed.format == "other"
        ):  # what stands there as it was issued, and shows something else now, is somebody's act
            yield row, place, typed


def as_seen(issued: Issued, book: Workbook, name: str, row: int, place: Place, cell: Cell | None) -> Typed:
    """What a person typed into a field's cell, with the text that its format shows."""
    template = issued.template

    def code() -> str | None:
        homes = template.layout.get(name, ())
        return template.code_at(homes[row]) if row < len(homes) else None

    return typed_as_seen(book, place, cell, template.entries[name], code)


def _changed_labels(issued: Issued, book: Workbook, calculation: Calculation) -> Iterator[Finding]:
    """Findings for changed labels, guides and helpers. A missing sheet without fields is reported as a note elsewhere."""
    went = calculation.went
    stays = went.nothing
    lines = cache(issued.lines_of_nobody)
    for home, original, expected in issued.template.labels:
        if home.sheet not in went.sheets:
            continue
        place = home if stays else went.place(home)
        cell = book.cell(place.sheet, place.at)
        if original.formula is not None:
            if cell is not None or (home.sheet, home.at[0]) not in lines():
                yield from _formula_change(original.formula, home, place, cell, calculation)
        elif cell and (cell.raw, cell.formula, cell.kind) == (original.raw, None, original.kind):
            continue
        elif (content := canonical_cell(cell)) != expected:
            is_day = issued.template.book.format_of(original) == "date"
            yield _changed("cell.locked_changed", place, shown(expected, is_day), shown(content, is_day))


def _formula_change(
    formula: str, home: Place, place: Place, cell: Cell | None, calculation: Calculation
) -> Iterator[Finding]:
    """The finding for a changed formula. If only its references changed, cells were cut or dragged.

    A value that equals the formula's result is no change: some programs keep only the value.
    """
    if canonical_cell(cell) == NOTHING:
        return  # some programs drop formulas, and their results are never read
    if cell is None or cell.formula is None:
        if cell is None or not _is_result(cell, calculation.result(place), calculation.issued.template.code_at(home)):
            yield _changed("cell.formula_replaced", place, f"={formula}", cell.raw if cell else "")
    elif cell.formula != formula and plain(cell.formula) != plain(
        expected := calculation.went.formula(formula, home.sheet)
    ):
        kind = "cell.formula_bent" if skeleton(cell.formula) == skeleton(expected) else "cell.formula_changed"
        yield _changed(kind, place, f"={expected}", f"={cell.formula}")


def _is_result(cell: Cell, result: Value, code: str | None) -> bool:
    """Whether a cell's value equals a formula's result: the number, also written as text, or the text.

    Args:
        result: The formula's result; None if unknown.
        code: The issued number format.
    """
    content = canonical_cell(cell)
    if isinstance(result, str):
        return cell.kind == "text" and content == canonical_value(result)
    if isinstance(result, bool) or result is None:
        return result is not None and cell.kind == "boolean" and content == ("n", str(int(result)))
    if cell.kind == "text":
        written = {plain_number(result), shown_number(code or "General", result).text}
        return content[1].replace(",", ".") in {text.replace(",", ".") for text in written}
    return cell.kind == "number" and content == canonical_value(result)


def _formula_put_in(cell: Cell | None, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings for a formula in an unused row. Such rows are issued without formulas, but earlier versions issued them with formulas."""
    if cell is not None:
        yield from (replace(finding, values={"issued": ""}) for finding in findings)


def _changed(kind: str, place: Place, old: str, new: str) -> Finding:
    return Finding(
        kind,
        sheet=place.sheet,
        cell=address(place.at),
        found=new[:LONGEST_SHOWN],
        values={"issued": old[:LONGEST_SHOWN]},
    )
