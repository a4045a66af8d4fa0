"""Compares what a person sees in the cells of a returned workbook with the stored values.

A number format, a box over a cell or a row without height can hide a value or show another one.
If another value is shown, the cell is refused, or the whole workbook if the cell is locked. If a cell is only hard to see, it gets a warning.
Nothing is reported for an appearance that the office itself issued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Place
from evalxl.forms.comparison.canonical import NOTHING, canonical_cell, serial_of
from evalxl.forms.comparison.issued import Fields, is_text
from evalxl.forms.fields import Field, Type, Who
from evalxl.forms.number_formats import ShownNumber, is_plain, is_white, shown_number, shown_words, spelling
from evalxl.forms.values import EMPTY, Typed, clean_text, exact, typed
from evalxl.forms.workbook import At, Cell, Look, Range, Sheet, Workbook, address, covers

if TYPE_CHECKING:
    from evalxl.forms.comparison.issued import Issued, Located

NAMED_CELLS = 5  # cells named in one warning; the others are counted
SMALLEST = 4.0  # points: the smallest readable text
_LINES = 50  # rows and columns of one link that are checked
_NEAR = 24  # of 255: two colours look the same if each of their parts differs by at most this
_SYMBOLS = ("wingdings", "webdings", "symbol", "marlett", "mt extra", "zapfdingbats", "dingbats", "opensymbol")
_NUMBERS = (Type.SCORE, Type.NUMBER, Type.WHOLE)
_ROUNDED = (Type.SCORE, Type.NUMBER)  # may have decimals that a format does not show


# Number formats


def typed_as_seen(
    book: Workbook, place: Place, cell: Cell | None, entry: Field, issued_code: Callable[[], str | None]
) -> Typed:
    """A typed cell, with the text that its number format shows.

    Args:
        issued_code: Gives the number format of the issued cell; called only if needed.
    """
    if cell is None:
        return EMPTY
    stored = typed(cell, book.format_of(cell))
    if stored.formula or cell.kind == "error":
        return stored
    shown = _seen(book, place.sheet, place.at, cell, issued_code)
    if shown is None:
        if cell.kind == "text" or not (is_text(entry) or entry.type in _ROUNDED):
            return stored
        shown = _shown(book.look_of(cell.style).code, cell)
    lies = shown.lies or (entry.type is Type.DATE and shown.rounded)  # a rounded date would be another day
    if lies and stored.format not in (("date", "percent") if entry.type in _NUMBERS else ()):
        return Typed(stored.kind, stored.raw, "other", seen=shown.text[:200])
    return _kept(stored, cell, entry, shown)


def _kept(stored: Typed, cell: Cell, entry: Field, shown: ShownNumber) -> Typed:
    """The typed cell to keep if the cell shows its value. A number in a text field is kept as it looks; a number shown rounded with its shown text."""
    if is_text(entry) and cell.kind != "text":
        return Typed("text", shown.text) if shown.text else stored
    if entry.type in _ROUNDED and shown.rounded and stored.format == "general":
        return Typed(stored.kind, stored.raw, stored.format, seen=shown.text[:200])
    return stored


def _seen(book: Workbook, sheet: str, at: At, cell: Cell, issued_code: Callable[[], str | None]) -> ShownNumber | None:
    """What the person sees; None if it is simply the value. If several formats may apply, the first one that shows another value counts."""
    page = book.sheets[sheet]
    if cell.style not in book.odd and not page.conditionals:
        return None
    look = book.look_of(cell.style)
    conditional = [
        conditional_format.code
        for conditional_format in page.conditionals
        if conditional_format.code and any(covers(area, at) for area in conditional_format.areas)
    ]
    if is_plain(look.code) and not look.another and not conditional:
        return None
    shown = _shown(look.code, cell)
    for code in (look.code, look.another, *conditional):
        if code and (misleading := _shown(code, cell)).lies and not _as_issued(code, issued_code()):
            return misleading
    return ShownNumber(shown.text, False, shown.rounded, shown.sort)


def _as_issued(code: str, issued: str | None) -> bool:
    return issued is not None and (code == issued or spelling(code) == spelling(issued))


def _shown(code: str, cell: Cell) -> ShownNumber:
    """A cell's value as a format shows it."""
    if cell.kind == "boolean":
        truth = "TRUE" if cell.raw.strip().upper() in ("1", "TRUE") else "FALSE"
        hidden = not is_plain(code) and not shown_number(code, Decimal(truth == "TRUE")).text
        return ShownNumber("" if hidden else truth, hidden)
    value = exact(cell.raw) if cell.kind == "number" else serial_of(cell.raw) if cell.kind == "date" else None
    if value is not None:
        return shown_number(code, value)
    return shown_words(code, clean_text(cell.raw)) if cell.kind == "text" else ShownNumber(cell.raw)


class _Held:
    """A returned workbook compared with the issued one: the field of each cell, and its place in the template."""

    def __init__(self, issued: Issued, book: Workbook, located: Located) -> None:
        self.issued, self.book, self.went = issued, book, located.went
        self._layout = located.layout

    @cached_property
    def fields(self) -> Fields:
        return self.issued.fields(self._layout)

    @cached_property
    def labels(self) -> Mapping[tuple[str, At], Place]:
        """The places in the template of locked cells without a field, by their present place."""
        return self._now(self.issued.template.label_homes)

    @cached_property
    def live(self) -> Mapping[tuple[str, At], Place]:
        """The places in the template of fields with formulas, by their present place."""
        return self._now(self.issued.template.live_homes)

    def _now(self, homes: Mapping[tuple[str, At], Place]) -> Mapping[tuple[str, At], Place]:
        if self.went.nothing:
            return homes
        places = ((self.went.place(home), home) for home in homes.values())
        return {(place.sheet, place.at): home for place, home in places}

    def home(self, sheet: str, at: At) -> Place | None:
        """A cell's place in the template; None if it is neither a field nor a label."""
        if known := self.fields.get((sheet, at)):
            homes = self.issued.template.layout.get(known[0].name, ())
            return homes[known[1]] if known[1] < len(homes) else None
        return self.labels.get((sheet, at)) or self.live.get((sheet, at))

    def look_at(self, sheet: str, at: At) -> Look | None:
        """The look of the issued cell."""
        home = self.home(sheet, at)
        return None if home is None else self.issued.template.look_at(home)

    def code_at(self, sheet: str, at: At) -> str | None:
        look = self.look_at(sheet, at)
        return None if look is None else look.code

    def is_locked(self, sheet: str, at: At) -> bool:
        known = self.fields.get((sheet, at))
        return self.issued.is_locked(*known) if known else (sheet, at) in self.labels or (sheet, at) in self.live

    def pages(self) -> Iterator[tuple[Sheet, Sheet]]:
        """Each visible sheet, as issued and as returned."""
        for home, now in self.went.sheets.items():
            before = self.issued.template.book.sheets[home]
            if before.state == "visible":
                yield before, self.book.sheets[now]


def shown_otherwise(issued: Issued, book: Workbook, located: Located) -> list[Finding]:
    """Findings for locked cells whose number format shows another value than was issued, or none. These include labels and values that replaced formulas."""
    held = _Held(issued, book, located)
    return [
        finding
        for _, page in held.pages()
        for at, cell in _odd(page, book)
        if cell.formula is None and cell.kind != "error" and held.is_locked(page.name, at)
        for finding in _lies(held, page, at, cell)
    ]


def _lies(held: _Held, page: Sheet, at: At, cell: Cell) -> Iterator[Finding]:
    shown = _seen(held.book, page.name, at, cell, lambda: held.code_at(page.name, at))
    if shown is None:
        return
    known = held.fields.get((page.name, at))
    is_number = known[0].type in _NUMBERS if known else (page.name, at) in held.live
    other = is_number and shown.sort in ("date", "percent")
    other = other and not _as_issued(held.book.look_of(cell.style).code, held.code_at(page.name, at))
    if shown.lies or other:
        values = {"stored": typed(cell).stored[:200]}
        yield Finding(
            "cell.locked_shown_otherwise", sheet=page.name, cell=address(at), found=shown.text[:200], values=values
        )


def shown_rounded(issued: Issued, book: Workbook, located: Located) -> list[Finding]:
    """One note per sheet with locked numbers now shown with fewer decimals. LibreOffice turns `0.00` into `000` when its language is switched."""
    held = _Held(issued, book, located)
    cells: dict[str, list[tuple[At, ShownNumber, Cell]]] = {}
    numbers = (entry.name for entry in issued.entries if entry.who is Who.EVALXL and entry.type in _NUMBERS)
    for place in (place for name in numbers for place in located.layout.get(name, ())):
        cell = book.cell(place.sheet, place.at)
        if cell is None or cell.kind != "number" or cell.formula is not None:
            continue
        code = book.look_of(cell.style).code
        if (shown := _shown(code, cell)).rounded and not _as_issued(code, held.code_at(place.sheet, place.at)):
            cells.setdefault(place.sheet, []).append((place.at, shown, cell))
    return [_rounded(sheet, sorted(rounded, key=lambda cell: cell[0])) for sheet, rounded in cells.items()]


def _rounded(sheet: str, cells: list[tuple[At, ShownNumber, Cell]]) -> Finding:
    _, shown, cell = cells[0]
    values = {"stored": typed(cell).stored[:200]}
    note = _of_cells("cell.locked_shown_rounded", sheet, [at for at, _, _ in cells], **values)
    return replace(note, found=shown.text[:200])


def _odd(page: Sheet, book: Workbook) -> Iterator[tuple[At, Cell]]:
    """The cells whose style may show another value or is hard to see, and cells with a number format from a condition."""
    odd = book.odd
    if not page.conditionals:
        return ((at, cell) for at, cell in page.cells.items() if cell.style in odd)
    areas = [area for conditional_format in page.conditionals for area in conditional_format.areas]
    return (
        (at, cell) for at, cell in page.cells.items() if cell.style in odd or any(covers(area, at) for area in areas)
    )


# What is hard to see


def hard_to_see(issued: Issued, book: Workbook, located: Located) -> list[Finding]:
    """Warnings for cells that matter: cells that are hard to see, and links with a new target."""
    held = _Held(issued, book, located)
    return [
        finding
        for before, page in held.pages()
        for look in (_unreadable, _flat, _covered, _leading_elsewhere)
        for finding in look(held, before, page)
    ]


@lru_cache(maxsize=1024)
def is_hard(look: Look) -> str:
    """Why a text in this style is hard to see: a key of the catalogue; empty if it is not."""
    if look.size < SMALLEST:
        return "unseen.small"
    if any(look.font.casefold().startswith(name) for name in _SYMBOLS):
        return "unseen.symbols"
    ink = "FFFFFF" if is_white(look.code) else look.ink
    if ink and look.paper and _alike(ink, look.paper):
        return "unseen.colour"
    return "unseen.repeated" if look.repeats else ""


def is_odd(look: Look) -> bool:
    """Whether a style may show another text than the value, or is hard to see."""
    return not is_plain(look.code) or bool(look.another) or bool(is_hard(look))


def _alike(ink: str, paper: str) -> bool:
    try:
        return all(abs(int(ink[at : at + 2], 16) - int(paper[at : at + 2], 16)) <= _NEAR for at in (0, 2, 4))
    except ValueError:
        return False


def _unreadable(held: _Held, _: Sheet, page: Sheet) -> Iterator[Finding]:
    """Texts in the colour of their background, too small, or in a symbol font; and rules that show a symbol instead of the value."""
    cells: dict[str, list[At]] = {}
    hiding = [
        area
        for conditional_format in page.conditionals
        if conditional_format.hides
        for area in conditional_format.areas
    ]
    for at, cell in _odd(page, held.book):
        why = is_hard(held.book.look_of(cell.style))
        why = why or ("unseen.sign" if any(covers(area, at) for area in hiding) else "")
        if not why or (page.name, at) not in held.fields or cell.formula is not None or canonical_cell(cell) == NOTHING:
            continue
        was = held.look_at(page.name, at)
        if why == "unseen.sign" or was is None or is_hard(was) != why:
            cells.setdefault(why, []).append(at)
    for why, places in cells.items():
        yield _of_cells("cell.hard_to_see", page.name, places, why=f"@{why}")


def _flat(held: _Held, before: Sheet, page: Sheet) -> Iterator[Finding]:
    """Rows without height and columns without width that hold content."""
    if not page.flat_rows and not page.flat_columns:
        return
    cells = [
        at
        for at, cell in page.cells.items()
        if (at[0] in page.flat_rows or at[1] in page.flat_columns)
        and (page.name, at) in held.fields
        and canonical_cell(cell) != NOTHING
        and (home := held.home(page.name, at)) is not None
        and home.at[0] not in before.flat_rows
        and home.at[1] not in before.flat_columns
    ]
    if cells:
        yield _of_cells("cell.hard_to_see", page.name, cells, why="@unseen.flat")


def _covered(held: _Held, before: Sheet, page: Sheet) -> Iterator[Finding]:
    """Cells under a picture, a box or a chart: those with content, and score cells, where a box may show a score."""
    if not page.drawings or page.drawings == before.drawings:
        return
    cells = []
    used = held.issued.used()
    for (sheet, at), (entry, row) in held.fields.items():
        if sheet != page.name or not any(covers(area, at) for area in page.drawings):
            continue
        is_score = entry.type is Type.SCORE and entry.who is Who.PERSON and row < used.get(entry.table, 1)
        home = held.home(sheet, at)
        stood = home is not None and any(covers(area, home.at) for area in before.drawings)
        if (is_score or canonical_cell(page.cells.get(at)) != NOTHING) and not stood:
            cells.append(at)
    if cells:
        yield _of_cells("cell.covered", page.name, cells)


def _leading_elsewhere(held: _Held, before: Sheet, page: Sheet) -> Iterator[Finding]:
    """Links of locked cells that now lead to another file."""
    for link in page.links:
        top, left, bottom, right = link.area
        now = _file_of(link.target)
        for at in Range("", top, left, min(bottom, top + _LINES), min(right, left + _LINES)).cells():
            if not held.is_locked(page.name, at):
                continue
            was = _link_at(held, before, page.name, at)
            if was is None and (
                (page.name, at) not in held.fields or not now or _repeats_text(page.cells.get(at), link.target)
            ):
                continue
            if now.casefold() != (expected := _file_of(was or "")).casefold():
                values = {"issued": expected[:200]}
                yield Finding("cell.link_elsewhere", sheet=page.name, cell=address(at), found=now[:200], values=values)


def _link_at(held: _Held, before: Sheet, sheet: str, at: At) -> str | None:
    """The link of an issued cell: the stamped one, else the template's; None for no link."""
    known = held.fields.get((sheet, at))
    stamped = held.issued.link(*known) if known else None
    if stamped is not None:
        return stamped
    home = held.home(sheet, at)
    links = (link for link in before.links if home is not None and covers(link.area, home.at))
    return next((link.target for link in links), None)


def _file_of(target: str) -> str:
    """The name of the file that a link leads to. Programs write its path in different ways."""
    path = target.replace("\\", "/").partition("#")[0]
    return clean_text(path.rpartition("/")[2])


def _repeats_text(cell: Cell | None, target: str) -> bool:
    """Whether a link only repeats the cell's text, such as a mail address."""
    return cell is not None and target.removeprefix("mailto:").strip("/") in cell.raw


def _of_cells(kind: str, sheet: str, cells: list[At], **values: str) -> Finding:
    names = [address(at) for at in sorted(cells)]
    more = f" (+{len(names) - NAMED_CELLS})" if len(names) > NAMED_CELLS else ""
    return Finding(kind, sheet=sheet, cell=names[0], values={"cells": ", ".join(names[:NAMED_CELLS]) + more, **values})
