"""Every locked cell altered: all of it is found, and the finding names sheet, cell, old and new.

    python -m tests.forged             a short run
    python -m tests.forged --long      more than 100,000 altered cells

Each locked cell of each workbook is altered in five ways, in the file's own XML: another text, another number, nothing, a formula that remembers the
right result, the same in another type. All cells of a workbook are altered at once; in some workbooks also each cell alone. The counts
are printed; the exit code is 1 if an altered cell was not found.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from xml.sax.saxutils import escape

from evalxl.excel.returned.examine import WeekBooks, examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_parts, sheet_parts
from evalxl.excel.stamping.template_slots import Slot, cut, joined
from evalxl.forms import kinds
from evalxl.forms.comparison.issued import LONGEST_SHOWN
from evalxl.forms.comparison.located import locate
from evalxl.forms.values import day_shown
from evalxl.forms.workbook import At, Cell, Workbook, address
from tests.drawn_workbooks import Drawn, books_of, drawn
from tests.excel.packages import packed
from tests.standard_parts import FIELDS

WAYS = ("another text", "another number", "nothing", "a formula with the right result", "another type")
WORKBOOKS = {kinds.FORM: 200, kinds.UNIT_FORM: 10, kinds.SCORING: 3, kinds.APPROVAL: 3}

Where = tuple[str, At]


@dataclass
class Told:
    """What came out of a run."""

    altered: Counter[str] = field(default_factory=Counter)
    alone: int = 0
    wrong: list[str] = field(default_factory=list)


def locked_cells(one: Drawn) -> dict[Where, Cell | None]:
    """Every locked cell of a workbook that has something in it or a name, with what went out in it."""
    issued, book = one.issued, read_parts(open_package(one.data))
    places = [(place.sheet, place.at) for place, _, _ in issued.template.labels]
    for entry in FIELDS[one.kind]:
        for row, place in enumerate(issued.template.layout.get(entry.name, ())):
            if issued.is_locked(entry, row):
                places.append((place.sheet, place.at))
    return {where: book.cell(*where) for where in places}


def edited(cell: Cell | None, way: str) -> Cell | None:
    """A cell altered in one of the ways; the cell itself where the way alters nothing."""
    formula = cell.formula if cell else None
    if way == "another text":
        return Cell("text", "Đã sửa")
    if way == "another number":
        return Cell("number", "1234.5")
    if way == "nothing":
        return None
    if cell is None:
        return Cell("text", "", '""') if way.startswith("a formula") else Cell("boolean", "0")
    if way.startswith("a formula"):
        text = (
            f'{formula}&""'
            if formula
            else cell.raw
            if cell.kind == "number"
            else '"' + cell.raw.replace('"', '""') + '"'
        )
        return replace(cell, formula=text)
    if formula is not None:
        return Cell("text", f"={formula}")
    if cell.kind == "number":
        return Cell("text", cell.raw)
    return Cell("number", cell.raw) if cell.raw.isascii() and cell.raw.isdecimal() else Cell("boolean", "1")


class Forge:
    """One workbook, of which any cells can be altered in its XML."""

    def __init__(self, one: Drawn) -> None:
        self.one = one
        self.cells = locked_cells(one)
        self.parts = dict(open_package(one.data))
        self.paths = sheet_parts(self.parts)
        self.pieces = {
            path: cut(self.parts[path], {at for name, at in self.cells if name == sheet})
            for sheet, path in self.paths.items()
        }

    def altered(self, edits: dict[Where, Cell | None]) -> dict[str, bytes]:
        """The parts with these cells in them."""
        found = dict(self.parts)
        for sheet, path in self.paths.items():
            styles = {piece.at: piece.style for piece in self.pieces[path] if isinstance(piece, Slot)}
            cells = {at: _xml(at, styles[at], cell) for (name, at), cell in edits.items() if name == sheet}
            if cells:
                found[path] = joined(self.pieces[path], cells, frozenset(), {})
        return found


def _xml(at: At, style: str, cell: Cell | None) -> bytes:
    head = f'<c r="{address(at)}" s="{style}"'
    if cell is None:
        return f"{head}/>".encode()
    if cell.formula is None and cell.kind == "text":
        return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(cell.raw)}</t></is></c>'.encode()
    kind = {"number": "n", "boolean": "b", "text": "str"}.get(cell.kind, "str")
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula is not None else ""
    return f'{head} t="{kind}">{formula}<v>{escape(cell.raw)}</v></c>'.encode()


def _same(cell: Cell | None, other: Cell | None) -> bool:
    return (cell is None and other is None) or cell == other


def forge_all(forge: Forge, told: Told) -> None:
    """Alter all locked cells at once, in each way."""
    for way in WAYS:
        edits = {where: new for where, cell in forge.cells.items() if not _same(cell, new := edited(cell, way))}
        book = read_parts(forge.altered(edits))
        told.altered[way] += len(edits)
        told.wrong += [f"{forge.one.kind.name} {way}: {line}" for line in _missed(forge, book, edits)]


def forge_each(forge: Forge, books: WeekBooks, told: Told, every: int = 1) -> None:
    """Alter one locked cell and no other, again and again, through the whole examination."""
    number = 0
    for way in WAYS:
        for where, cell in forge.cells.items():
            number += 1
            new = edited(cell, way)
            if number % every or _same(cell, new):
                continue
            parts = forge.altered({where: new})
            told.alone += 1
            missed = list(_missed(forge, read_parts(parts), {where: new}))
            seen = examine(packed(parts), books)
            if missed or seen.verdict != "invalid" or seen.content is not None or seen.typed:
                told.wrong.append(f"{forge.one.kind.name} {way} alone: {where} {seen.verdict} {missed}")


def _missed(forge: Forge, book: Workbook, edits: dict[Where, Cell | None]) -> Iterator[str]:
    """The altered cells that are not found, or with another old or new; and cells that were found and not altered."""
    found = {(finding.sheet, finding.cell): finding for finding in locate(forge.one.issued, book).altered}
    for (sheet, at), new in edits.items():
        finding = found.pop((sheet, address(at)), None)
        before = forge.cells[sheet, at]
        if finding is None and before.formula is not None and new is None:
            continue  # a formula that is gone is one note a sheet: programs drop them, and evalxl works it out again
        if finding is None:
            yield f"{sheet}!{address(at)} was not found"
        elif _said(finding.found) not in _ways(new) or _said(str(finding.values["issued"])) not in _ways(before):
            yield f"{sheet}!{address(at)}: {finding.values['issued']!r} -> {finding.found!r}"
    for sheet, cell in found:
        yield f"{sheet}!{cell} was found and not altered"


def _ways(cell: Cell | None) -> set[str]:
    """How a cell may be told: as what stands in it, and the number of a day as the day."""
    is_number = cell is not None and cell.kind == "number" and cell.formula is None
    return {_said(_shown(cell)), _said(day_shown(Decimal(cell.raw)) if is_number and cell else _shown(cell))}


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.kind == "number" and cell.formula is None:
        return f"{float(cell.raw):.12g}"
    return f"={cell.formula}" if cell.formula is not None else cell.raw


def _said(text: str) -> str:
    """A text without blanks and letter case, as long as findings show one."""
    return "".join(text.split()).replace("$", "").upper()[: LONGEST_SHOWN // 2]


def forge(count: int, each: int, told: Told) -> Told:
    """Alter the cells of many workbooks.

    Args:
        count: How many workbooks, in hundredths of the long run; at least one of each kind.
        each: Of the first workbook of a kind, one cell in so many is altered alone.
        told: What came out so far.
    """
    for kind, most in WORKBOOKS.items():
        workbooks = [drawn(kind, seed) for seed in range(max(1, most * count // 100))]
        books = books_of(workbooks)
        for number, one in enumerate(workbooks):
            made = Forge(one)
            forge_all(made, told)
            if number == 0:
                forge_each(made, books, told, each)
    return told


def main(arguments: Sequence[str]) -> int:
    """Run, and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.forged")
    parser.add_argument("--long", action="store_true")
    long = parser.parse_args(arguments).long
    began = time.monotonic()
    told = forge(6, 97, Told()) if long else forge(0, 499, Told())
    for way, number in told.altered.items():
        print(f"{number:8,}  {way}")
    print(f"{told.altered.total():8,} altered cells, and {told.alone:,} alone in their workbook; ", end="")
    print(f"{len(told.wrong)} not found or not told right; {time.monotonic() - began:.0f} s")
    for line in told.wrong[:20]:
        print("  " + line)
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
