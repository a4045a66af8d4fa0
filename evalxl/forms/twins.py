"""Sheets that look like one of the workbook's and are filled beside it: nobody reads them, so whoever filled one has to hear of it.

People copy a sheet to keep a draft, and type into the copy; programs and forgers change a label or two. What makes a sheet a twin is that most of its labels say
the same, letters alone counted, or stand in the same cells; what makes it matter is that something was typed where the workbook's own cells are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalxl.domain.findings import Finding
from evalxl.forms.canonical import NOTHING, Canonical, canonical_cell
from evalxl.forms.fields import FIELDS, Kind, Who
from evalxl.forms.workbook import At, Sheet, Workbook, address

if TYPE_CHECKING:
    from evalxl.forms.issued import Issued, Located

LIKE = 0.6  # of a sheet's labels, letters alone, by which another is its twin
SAME_CELLS = 0.9  # of its labels' cells that are filled with words in a twin whose labels were translated
FEWEST = 10  # labels of a sheet that can have a twin


@dataclass(frozen=True, slots=True)
class Twin:
    """A filled twin: the sheet, the one that is read, the first cell that says something else there, and whether nothing is typed in the one that is read."""

    page: Sheet
    read: str
    cell: str
    untouched: bool


def filled_twins(issued: Issued, book: Workbook, located: Located) -> Iterator[Twin]:
    """Each visible sheet that looks like one that people fill, and says something else in the cells that they fill."""
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
    """A form of which only the twin is filled, or whose own sheet nobody sees, is not booked."""
    for twin in filled_twins(issued, book, located):
        hidden = book.sheets[twin.read].state != "visible"
        if hidden or (twin.untouched and issued.kind in (Kind.FORM, Kind.UNIT_FORM)):
            yield Finding("form.twin_sheet", sheet=twin.page.name, cell=twin.cell, values={"read": twin.read})


def twin_warnings(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """A filled twin beside a sheet that is read all the same."""
    for twin in filled_twins(issued, book, located):
        yield Finding("form.twin_filled", sheet=twin.page.name, cell=twin.cell, values={"read": twin.read})


def _is_like(page: Sheet, home: str, issued: Issued) -> bool:
    labels = [(place.at, said) for place, said in issued.template.said if place.sheet == home and said[0] == "t"]
    wanted = Counter(_letters(said) for _, said in labels)
    del wanted[""]
    if wanted.total() < FEWEST:
        return False
    there = {at: said for at, cell in page.cells.items() if (said := canonical_cell(cell))[0] == "t"}
    alike = (wanted & Counter(_letters(said) for said in there.values())).total()
    return alike >= LIKE * wanted.total() or sum(at in there for at, _ in labels) >= SAME_CELLS * len(labels)


def _letters(said: Canonical) -> str:
    return "".join(mark for mark in said[1].casefold() if mark.isalnum())


def _typed_there(issued: Issued, book: Workbook, located: Located, page: Sheet, home: str) -> list[At]:
    """The cells of a twin that hold something else than was issued, and than the sheet holds that is read."""
    found = []
    for at, expected, now in _open_cells(issued, book, located, home):
        said = canonical_cell(page.cells.get(at))
        if said not in (NOTHING, expected, now):
            found.append(at)
    return found


def _typed_here(issued: Issued, book: Workbook, located: Located, home: str) -> bool:
    return any(now not in (NOTHING, expected) for _, expected, now in _open_cells(issued, book, located, home))


def _open_cells(
    issued: Issued, book: Workbook, located: Located, home: str
) -> Iterator[tuple[At, Canonical, Canonical]]:
    """The cells of a sheet that people fill: where each stood, what was issued in it, and what it holds now."""
    for entry in FIELDS[issued.kind]:
        homes = issued.template.layout.get(entry.name, ())
        if entry.who is not Who.PERSON or not homes or homes[0].sheet != home:
            continue
        places = located.layout.get(entry.name, ())
        expected = issued.expected(entry.name, len(homes))
        for place, stood, now in zip(homes, expected, places, strict=False):
            yield place.at, stood, canonical_cell(book.cell(now.sheet, now.at))
