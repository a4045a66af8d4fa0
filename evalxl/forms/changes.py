"""What came back against what was issued.

The expected workbook follows from two things that the ledger keeps: the template's bytes and the values that were stamped into them. Each
locked cell is compared with it in its canonical form, which forgives what programs do by habit when they save and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from evalxl.domain.findings import Finding
from evalxl.forms.appearance import typed_as_seen
from evalxl.forms.binding import Layout, Place, column_of
from evalxl.forms.calculation import Calculation
from evalxl.forms.canonical import NOTHING, canonical_cell, canonical_value, shown
from evalxl.forms.fields import FIELDS, Type
from evalxl.forms.formulas import plain, skeleton
from evalxl.forms.issued import LONGEST_SHOWN, Issued, Template
from evalxl.forms.moves import Moves, moves, unmoved
from evalxl.forms.number_formats import plain_number, shown_number
from evalxl.forms.values import Typed
from evalxl.forms.workbook import Cell, Workbook, address
from evalxl.forms.worksheet_functions import Value


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
    calculation = Calculation(issued, book, layout, went)
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
                found = _formula_change(formula, homes[row], place, cell, calculation)
                findings += found if row < used.get(entry.table, len(homes)) else _formula_put_in(cell, found)
            elif cell is None and expected == NOTHING:
                continue
            elif issued.is_locked(entry, row) and (stands := canonical_cell(cell)) != expected:
                is_day = entry.type is Type.DATE
                findings.append(_changed("cell.locked_changed", place, shown(expected, is_day), shown(stands, is_day)))
    findings += _changed_labels(issued, book, calculation)
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


def _changed_labels(issued: Issued, book: Workbook, calculation: Calculation) -> Iterator[Finding]:
    """Labels, guides and helpers that are other ones; a sheet that is gone with all of them had no field, and is a note elsewhere."""
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
        elif (found := canonical_cell(cell)) != expected:
            is_day = issued.template.book.format_of(original) == "date"
            yield _changed("cell.locked_changed", place, shown(expected, is_day), shown(found, is_day))


def _formula_change(
    formula: str, home: Place, place: Place, cell: Cell | None, calculation: Calculation
) -> Iterator[Finding]:
    """A formula that is another one now. Where only the cells that it refers to are others, cells were cut or dragged.

    A value in its place that is what the formula shows is no change: some programs leave nothing else of a formula.
    """
    if canonical_cell(cell) == NOTHING:
        return  # some programs drop formulas, and whoever reads the numbers does not ask them
    if cell is None or cell.formula is None:
        if cell is None or not _is_result(cell, calculation.result(place), calculation.issued.template.code_at(home)):
            yield _changed("cell.formula_replaced", place, f"={formula}", cell.raw if cell else "")
    elif cell.formula != formula and plain(cell.formula) != plain(
        expected := calculation.went.formula(formula, home.sheet)
    ):
        kind = "cell.formula_bent" if skeleton(cell.formula) == skeleton(expected) else "cell.formula_changed"
        yield _changed(kind, place, f"={expected}", f"={cell.formula}")


def _is_result(cell: Cell, result: Value, code: str | None) -> bool:
    """Whether a value is what a formula shows: the number itself, also written as a text, or the words.

    Args:
        result: What the formula comes to; None where that is not known.
        code: The number format with which it was issued.
    """
    said = canonical_cell(cell)
    if isinstance(result, str):
        return cell.kind == "text" and said == canonical_value(result)
    if isinstance(result, bool) or result is None:
        return result is not None and cell.kind == "boolean" and said == ("n", str(int(result)))
    if cell.kind == "text":
        written = {plain_number(result), shown_number(code or "General", result).text}
        return said[1].replace(",", ".") in {one.replace(",", ".") for one in written}
    return cell.kind == "number" and said == canonical_value(result)


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
