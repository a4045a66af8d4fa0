"""What is wrong with a printed workbook: letters too small to read, headings alone, rows cut in two, signatures without a list.

A workbook is printed by LibreOffice, which says in the PDF's outline where each sheet begins. Letters of one word may lie in several pieces of
the PDF (those with marks in a font of their own), so rows are told by marks of plain letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from evalxl.excel.looks.text import width_of_words
from tests.libreoffice import Office


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of one size that stand in one line; places in points from the lower left corner."""

    text: str
    size: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The printed pages of one sheet."""

    name: str
    pages: tuple[tuple[Piece, ...], ...]

    def words(self, page: int) -> str:
        """The plain letters of a page, without blanks."""
        return "".join("".join(piece.text.split()) for piece in self.pages[page])

    def pages_with(self, mark: str) -> list[int]:
        return [number for number in range(len(self.pages)) if mark in self.words(number)]


def printed(office: Office, workbook: Path, pdf: Path) -> dict[str, PrintedSheet]:
    """A workbook's sheets as they lie on paper."""
    office.convert_to_pdf(workbook, pdf)
    reader = PdfReader(pdf)
    starts: list[tuple[str, int]] = []
    for entry in reader.outline:
        assert not isinstance(entry, list)
        number = reader.get_destination_page_number(entry)
        assert number is not None
        starts.append((str(entry["/Title"]), number))
    ends = [number for _, number in starts[1:]] + [len(reader.pages)]
    return {
        name: PrintedSheet(name, tuple(_pieces(reader.pages[number]) for number in range(first, end)))
        for (name, first), end in zip(starts, ends, strict=True)
    }


def _pieces(page: Any) -> tuple[Piece, ...]:
    found: list[Piece] = []

    def take(text: str, _: Sequence[float], at: Sequence[float], __: Any, size: float) -> None:
        if text.strip():
            found.append(Piece(text.strip(), round(size * at[3], 2), at[4], at[5]))

    page.extract_text(visitor_text=take)
    return tuple(found)


def small_letters(sheet: PrintedSheet, least: float) -> dict[float, int]:
    """By size: how many letters are printed below a size."""
    found: dict[float, int] = {}
    for page in sheet.pages:
        for piece in page:
            if piece.size < least:
                found[piece.size] = found.get(piece.size, 0) + len("".join(piece.text.split()))
    return found


def sizes(sheet: PrintedSheet) -> tuple[float, float]:
    """The smallest and the largest letters."""
    found = [piece.size for page in sheet.pages for piece in page]
    return min(found), max(found)


def faults_of_list(
    sheet: PrintedSheet, rows: Sequence[Sequence[str]], header: str = "(2)", signature: str = ""
) -> list[str]:
    """What is wrong with the pages of a list.

    Args:
        rows: Marks of each row, one a cell; all of a row stand on one page.
        header: A mark in the header's last row, on each page that has rows.
        signature: A mark in the place to sign; empty for none.
    """
    faults: list[str] = []
    on_page: dict[int, int] = {}
    for number, marks in enumerate(rows, 1):
        pages = [set(sheet.pages_with(mark)) for mark in marks]
        common = set.intersection(*pages)
        if not common:
            faults.append(f"row {number} is cut in two or not whole")
        for page in common:
            on_page[page] = on_page.get(page, 0) + 1
    for page in range(len(sheet.pages)):
        has_header = header in sheet.words(page)
        if on_page.get(page) and not has_header:
            faults.append(f"page {page + 1} has no header")
        if has_header and not on_page.get(page) and page and not _says_nothing_else(sheet, page):
            faults.append(f"page {page + 1} has a lonely header")
    for page in sheet.pages_with(signature) if signature else ():
        if on_page.get(page, 0) < 2:
            faults.append(f"the place to sign on page {page + 1} has fewer than two rows above it")
    return faults


def _says_nothing_else(sheet: PrintedSheet, page: int) -> bool:
    """Whether below the header only empty rows follow, which stand ready: their numbers."""
    return re.search(r"\d\d", sheet.words(page)) is not None


def lonely_at_the_end(sheet: PrintedSheet, marks: Sequence[str]) -> list[str]:
    """The headings, told by a mark of theirs, that are the last thing on a page."""
    faults = []
    for number, page in enumerate(sheet.pages[:-1], 1):
        body = [piece for piece in page if piece.y > 45]  # above the footer
        last = "".join("".join(piece.text.split()) for piece in body if piece.y < min(one.y for one in body) + 16)
        faults += [f"{mark} is alone at the end of page {number}" for mark in marks if mark in last]
    return faults


def cut_words(headings: Mapping[str, float], size: float) -> list[str]:
    """The headings with a word that has no room in a column so many characters wide."""
    return [words for words, width in headings.items() if width_of_words(words, size) > width + 0.3]
