"""Notes about changes that programs make when they save, and changes by people other than filling the workbook. Notes refuse nothing.

Protection, lists and hiding only help the person who fills the form. Typed values are checked cell by cell anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalxl.domain.findings import Finding
from evalxl.forms.calculations.formulas import plain
from evalxl.forms.comparison.canonical import NOTHING, canonical_cell, shown
from evalxl.forms.comparison.changes import typed_cells
from evalxl.forms.comparison.issued import LONGEST_SHOWN, Issued, Located
from evalxl.forms.comparison.located import covered, outside
from evalxl.forms.comparison.twins import twin_warnings
from evalxl.forms.fields import Who
from evalxl.forms.workbook import At, Sheet, Validation, Workbook, address, covers

NAMED_CELLS = 5  # cells named in one note; the others are counted


def habits(issued: Issued, book: Workbook, located: Located) -> list[Finding]:
    """The notes about a readable returned workbook."""
    return [
        *_lost(issued, book, located),
        *_formulas(issued, book, located),
        *_sheets(issued, book, located),
        *_rules(issued, book, located),
        *_hidden(issued, book, located),
        *_merged(issued, book, located),
        *_beside(issued, book, located),
        *twin_warnings(issued, book, located),
    ]


def _pairs(issued: Issued, book: Workbook, located: Located) -> list[tuple[Sheet, Sheet]]:
    """Each issued sheet with its returned sheet."""
    return [(issued.template.book.sheets[name], book.sheets[now]) for name, now in located.went.sheets.items()]


def _lost(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    pairs = _pairs(issued, book, located)
    if any(before.protected and not now.protected for before, now in pairs):
        yield Finding("file.protection_lost")
    if any(before.state != "visible" and now.state == "visible" for before, now in pairs):
        yield Finding("file.hiding_lost")
    if book.garbled and not issued.template.book.garbled:
        yield Finding("file.formats_garbled", found=book.garbled[:LONGEST_SHOWN])
    for before, now in pairs:
        if before.state == "visible" and now.state != "visible":
            yield Finding("file.sheet_hidden", sheet=now.name)


def _formulas(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Notes for missing formulas and formulas replaced by their results. They are not read, but the person's view no longer follows typed values."""
    used, lines = issued.used(), None
    for home, now in located.went.sheets.items():
        page = book.sheets[now]
        calculating = {at for at, cell in page.cells.items() if cell.formula is not None}
        if located.went.nothing and issued.template.calculating.get(home, frozenset()) <= calculating:
            continue
        lost = []
        for place, table, row in issued.template.calculated.get(home, ()):
            cell = page.cells.get(located.went.place(place).at)
            if (cell is None or cell.formula is None) and row < used.get(table, row + 1):
                lines = issued.lines_of_nobody() if lines is None else lines
                if table or (home, place.at[0]) not in lines:
                    lost.append(located.went.place(place))
        if lost:
            first = min(place.at for place in lost)
            yield Finding("file.formulas_lost", sheet=now, cell=address(first), values={"count": len(lost)})


def _sheets(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    now = located.went.sheets
    for name in issued.template.book.sheets:
        if name not in now:
            yield Finding("file.sheet_missing", sheet=name)
        elif now[name] != name:
            yield Finding("file.sheet_renamed", sheet=name, found=now[name][:LONGEST_SHOWN])
    for name in book.sheets:
        if name not in now.values():
            yield Finding("file.sheet_added", sheet=name)
    kept = [now[name] for name in issued.template.book.sheets if name in now]
    if kept != [name for name in book.sheets if name in kept]:
        yield Finding("file.sheets_reordered")


def _rules(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Notes for missing or changed drop-down lists and limits of open cells."""
    if not located.went.rows and all(
        before.validations == now.validations for before, now in _pairs(issued, book, located)
    ):
        return
    gone, changed = [], []
    for entry in issued.entries:
        homes, places = issued.template.layout.get(entry.name, ()), located.layout.get(entry.name, ())
        if entry.who is not Who.PERSON or not homes or not places:
            continue
        before = _rule_at(issued.template.book.sheets[homes[0].sheet], homes[0].at)
        if before is None or places[0].sheet not in book.sheets:
            continue
        sheet = book.sheets[places[0].sheet]
        for place in places:
            after = _rule_at(sheet, place.at)
            if after is None:
                gone.append(place)
            elif not located.went.rows and _normalised(after) != _normalised(before):
                changed.append(place)
            elif place is places[0] and _rule_at(sheet, place.at, places[-1].at) is after:
                break  # one rule for the whole column
    if gone:
        yield Finding("file.validation_lost", sheet=gone[0].sheet, cell=gone[0].cell)
    if changed:
        yield Finding("file.validation_changed", sheet=changed[0].sheet, cell=changed[0].cell)


def _rule_at(sheet: Sheet, *cells: At) -> Validation | None:
    """The validation of all these cells. A mere input hint, which accepts everything, does not count."""
    for rule in sheet.validations:
        if rule.kind != "none" and (
            not rule.areas or any(all(covers(area, at) for at in cells) for area in rule.areas)
        ):
            return rule
    return None


def _normalised(rule: Validation) -> tuple[str, ...]:
    """A validation without additions of programs: LibreOffice writes 0 for a missing limit."""
    formulas = [plain(formula) for formula in (*rule.formulas, "0", "0")]
    return (rule.kind, *formulas[: 1 if rule.kind in ("list", "custom") else 2])


def _hidden(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Notes for rows and columns with typed values that somebody hid or filtered. They are read anyway."""
    for before, now in _pairs(issued, book, located):
        rows, columns = now.hidden_rows, now.hidden_columns - before.hidden_columns
        if not rows and not columns:
            continue
        unseen = {at for at in now.cells if at[0] in rows or at[1] in columns}
        typed = [at for at in _typed_on(now, issued, book, located) if at in unseen] if unseen else []
        if typed:
            yield Finding("cell.hidden", sheet=now.name, cell=address(typed[0]), values={"cells": _named(typed)})


def _typed_on(sheet: Sheet, issued: Issued, book: Workbook, located: Located) -> Iterator[At]:
    """The open cells of a sheet with typed values."""
    for entry in issued.entries:
        places = located.layout.get(entry.name, ())
        if entry.who is Who.PERSON and places and places[0].sheet == sheet.name:
            for _, place, _typed in typed_cells(issued, book, located.layout, entry.name):
                if canonical_cell(sheet.cells.get(place.at)) != NOTHING:
                    yield place.at


def _merged(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Notes for merged cells over open ones. Only the first cell holds a value, and it is read for that cell alone."""
    for sheet, area in dict.fromkeys((place.sheet, area) for place, area in covered(located, issued, book)):
        first, last = address(area[:2]), address(area[2:])
        yield Finding("cell.merged", sheet=sheet, cell=first, found=f"{first}:{last}")


def _beside(issued: Issued, book: Workbook, located: Located) -> Iterator[Finding]:
    """Notes for content beside the cells of the form, which say that it is not read."""
    beside: dict[str, list[tuple[At, str]]] = {}
    for place, content in outside(located, issued, book):
        cell = book.cell(place.sheet, place.at)
        is_day = cell is not None and content[0] == "n" and book.format_of(cell) == "date"
        beside.setdefault(place.sheet, []).append((place.at, shown(content, is_day) if is_day else content[1]))
    for sheet, cells in beside.items():
        cells.sort()
        yield Finding(
            "cell.outside",
            sheet=sheet,
            cell=address(cells[0][0]),
            found=cells[0][1][:LONGEST_SHOWN],
            values={"cells": _named(at for at, _ in cells)},
        )
    for page in book.sheets.values():
        if page.far is not None:
            yield Finding("file.far_blanks", sheet=page.name, cell=address(page.far))
    if book.pictures > issued.template.book.pictures:
        yield Finding("file.has_pictures")
    if book.remarks > issued.template.book.remarks:
        yield Finding("file.has_remarks")


def _named(cells: Iterable[At]) -> str:
    names = [address(at) for at in cells]
    more = f" (+{len(names) - NAMED_CELLS})" if len(names) > NAMED_CELLS else ""
    return ", ".join(names[:NAMED_CELLS]) + more
