"""Finds filled twins: sheets that look like a sheet of the workbook and are filled beside it. They are not read, so the person must be told.

People copy a sheet as a draft and type into the copy; programs and forgers change a label or two. A sheet is a twin if most of its labels
have the same letters, or are in the same cells. It matters if something was typed where the workbook's own cells are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalxl.domain.findings import Finding
from evalxl.forms.comparison.canonical import NOTHING, Canonical, canonical_cell
from evalxl.forms.fields import Who
from evalxl.forms.workbook import At, Sheet, Workbook, address

if TYPE_CHECKING:
    from evalxl.forms.comparison.issued import Issued, Located

LIKE = 0.6  # the share of equal labels (letters only) that makes a sheet a twin
SAME_CELLS = 0.9  # the share of label cells filled with text in a twin whose labels were translated
FEWEST = 10  # the fewest labels of a sheet that can have a twin


@dataclass(frozen=True, slots=True)
class Twin:
    """A filled twin: the sheet, the sheet that is read, the twin's first differing cell, and whether the sheet that is read has nothing typed."""

    page: Sheet
    read: str
    cell: str
    untouched: bool


def filled_twins(issued: Issued, book: Workbook, located: Located) -> Iterator[Twin]:
    """Each visible sheet that looks like a fillable sheet and differs from it in the fillable cells."""
    sheets = located.went.sheets
    others = [page for name, page in book.sheets.items() if name not in sheets.values() and page.state == "visible"]
    for page in others:
        for home, now in sheets.items():
            if issued.template.book.sheets[home].state != "visible" or not _is_like(page, home, issued):
                continue
            cells = _typed_there(issued, book, located, page, home)
            if cells:
                yield Twin(page, now, address(min(cells)), not _typed_here(issued, book, located, home))
                break


def twin_errors(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Errors for a form that is not booked because only its twin is filled, or because its own sheet is hidden."""
    for twin in filled_twins(issued, book, located):
        hidden = book.sheets[twin.read].state != "visible"
        if hidden or (twin.untouched and issued.kind.is_form):
            yield Finding("form.twin_sheet", sheet=twin.page.name, cell=twin.cell, values={"read": twin.read})


def twin_warnings(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Warnings for a filled twin beside a sheet that is read."""
    for twin in filled_twins(issued, book, located):
        yield Finding("form.twin_filled", sheet=twin.page.name, cell=twin.cell, values={"read": twin.read})


def _is_like(page: Sheet, home: str, issued: Issued) -> bool:
    labels = [
        (place.at, content)
        for place, content in issued.template.label_contents
        if place.sheet == home and content[0] == "t"
    ]
    wanted = Counter(_letters(content) for _, content in labels)
    del wanted[""]
    if wanted.total() < FEWEST:
        return False
    there = {at: content for at, cell in page.cells.items() if (content := canonical_cell(cell))[0] == "t"}
    alike = (wanted & Counter(_letters(content) for content in there.values())).total()
    return alike >= LIKE * wanted.total() or sum(at in there for at, _ in labels) >= SAME_CELLS * len(labels)


def _letters(content: Canonical) -> str:
    return "".join(mark for mark in content[1].casefold() if mark.isalnum())


def _typed_there(issued: Issued, book: Workbook, located: Located, page: Sheet, home: str) -> list[At]:
    """The cells of a twin that differ both from the issue and from the sheet that is read."""
    filled = []
    for at, expected, now in _open_cells(issued, book, located, home):
        content = canonical_cell(page.cells.get(at))
        if content not in (NOTHING, expected, now):
            filled.append(at)
    return filled


def _typed_here(issued: Issued, book: Workbook, located: Located, home: str) -> bool:
    return any(now not in (NOTHING, expected) for _, expected, now in _open_cells(issued, book, located, home))


def _open_cells(
    issued: Issued, book: Workbook, located: Located, home: str
) -> Iterator[tuple[At, Canonical, Canonical]]:
    """The fillable cells of a sheet: issued place, issued content and present content of each."""
    for entry in issued.entries:
        homes = issued.template.layout.get(entry.name, ())
        if entry.who is not Who.PERSON or not homes or homes[0].sheet != home:
            continue
        places = located.layout.get(entry.name, ())
        expected = issued.expected(entry.name, len(homes))
        for place, stood, now in zip(homes, expected, places, strict=False):
            yield place.at, stood, canonical_cell(book.cell(now.sheet, now.at))
