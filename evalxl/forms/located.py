"""Where the fields of a returned workbook stand, or why nobody can say.

They stand where the file's own names say, if every range has the shape that it was issued with and every locked cell stands at its moved place as
it was issued; else where the template has them, if every locked cell stands there; else the file is refused. Rows of a table are known by
their keys: a table that somebody sorted is read row by row all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, bind, column_of
from evalxl.forms.canonical import NOTHING, canonical_cell, shown
from evalxl.forms.changes import changes
from evalxl.forms.fields import FIELDS, Type, Who
from evalxl.forms.issued import LONGEST_SHOWN, Issued, Located
from evalxl.forms.lines import shifted, sorted_in_part
from evalxl.forms.moves import ALIKE, Moves, moves, unmoved
from evalxl.forms.twins import twin_errors
from evalxl.forms.workbook import Area, Range, Sheet, Workbook, at_of, covers

FEW = 5  # cells that are other ones than issued; where more are, and the names do not fit, cells were moved

# What each row of a table is known by.
_KEYS = {
    "tasks": ("ev_task_key",),
    "team": ("ev_row_person",),
    "approvals": ("ev_row_person",),
    "checks": ("ev_check_person", "ev_check_key"),
    "period_people": ("ev_period_person",),
}


def locate(issued: Issued, book: Workbook) -> Located:
    """Where the fields of a returned workbook stand, if what stands there is what people see."""
    located = _found(issued, book)
    if located.altered:
        return replace(located, altered=_in_order(book, _told_together(issued, book, located)))
    twins = _twins(located, issued, book) or list(twin_errors(issued, book, located))
    unseen = [*twins, *_under_merges(located, issued, book)]
    return replace(located, altered=tuple(unseen)) if unseen else located


def _told_together(issued: Issued, book: Workbook, located: Located) -> Sequence[Finding]:
    """What is altered, with its cause in one line where one is to be seen: lines that were inserted or deleted, a table that was sorted in part."""
    template = issued.template
    if len(located.altered) == 1:
        return located.altered
    stays = unmoved(template.layout, template.said, template.book, book)
    if (lines := shifted(issued, book, stays, located.altered)) is not None:
        return list(lines.findings())
    if parts := list(sorted_in_part(issued, book, stays.layout(template.layout))):
        sheets = {part.sheet for part in parts}
        return [*parts, *(one for one in located.altered if one.sheet not in sheets)]
    return located.altered


def _in_order(book: Workbook, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """In the order of the sheets, and of the cells in a sheet."""
    sheets = {name: place for place, name in enumerate(book.sheets)}
    return tuple(sorted(findings, key=lambda one: (sheets.get(one.sheet, -1), at_of(one.cell))))


def _found(issued: Issued, book: Workbook) -> Located:
    template = issued.template
    home = template.layout
    stays = unmoved(home, template.said, template.book, book)
    named, lost = (home, []) if book.names == template.book.names else bind(issued.kind, book.names)
    named = {name: places for name, places in named.items() if name in home}
    at_home = _by_keys(issued, book, stays.layout(home), stays)
    stayed = not lost and all(named.get(name, places) == places for name, places in stays.layout(home).items())
    if stayed and not at_home.altered:
        return at_home
    went = None if lost else moves(home, named, template.said, template.book, book)
    by_names = None if went is None else _by_keys(issued, book, went.layout(home), went)
    if by_names is not None and not by_names.altered:
        return by_names
    if not at_home.altered:
        astray = tuple(_astray(issued, book, at_home.layout, named))
        return Located(at_home.layout, stays, astray, (*at_home.notes, Finding("names.lost")))
    if by_names is not None and len(by_names.altered) < len(at_home.altered):
        return by_names
    if stayed or len(at_home.altered) <= FEW:
        return at_home
    first = at_home.altered[0]
    return replace(at_home, altered=(Finding("form.cells_moved", sheet=first.sheet, cell=first.cell), *at_home.altered))


def _by_keys(issued: Issued, book: Workbook, layout: Layout, went: Moves) -> Located:
    """The layout with each table's rows where their keys are, if every locked cell of the rows went along."""
    plain = Located(layout, went, tuple(changes(issued, book, layout, went)))
    if not plain.altered:
        return plain
    keyed = _sorted(issued, book, layout)
    if keyed == layout:
        return plain
    if any(not _went_along(issued, one, layout, keyed) for one in changes(issued, book, keyed, went)):
        return plain
    return Located(keyed, went, (), (Finding("rows.sorted"),))


def _went_along(issued: Issued, altered: Finding, layout: Layout, keyed: Layout) -> bool:
    """Whether a formula that nobody reads only went along with its row when a table was sorted: it speaks of the row where it stood, or is empty."""
    moved = {entry.table for entry in FIELDS[issued.kind] if layout.get(entry.name) != keyed.get(entry.name)}
    places = (
        place
        for entry in FIELDS[issued.kind]
        if entry.table in moved and entry.who is Who.LIVE
        for place in layout.get(entry.name, ())
    )
    bent = altered.kind == "cell.formula_bent" or (altered.kind == "cell.formula_replaced" and not altered.found)
    return bent and any((place.sheet, place.cell) == (altered.sheet, altered.cell) for place in places)


def _sorted(issued: Issued, book: Workbook, layout: Layout) -> Layout:
    """The layout with the rows of each table in their issued order, where the keys are the issued ones in another order.

    Formulas stay with their line: they are compared where they stand, and never read.
    """
    found = dict(layout)
    for table, names in _KEYS.items():
        columns = [layout.get(name, ()) for name in names]
        if not all(columns):
            continue
        wanted = list(zip(*(issued.expected(name, len(columns[0])) for name in names), strict=True))
        here = list(zip(*(map(canonical_cell, column_of(book, column)) for column in columns), strict=True))
        counts = Counter(wanted)
        nobody = (NOTHING,) * len(names)
        if wanted == here or counts != Counter(here) or any(n > 1 for key, n in counts.items() if key != nobody):
            continue
        where = {key: row for row, key in enumerate(here) if key != nobody}
        free = iter([row for row, key in enumerate(here) if key == nobody])
        order = [next(free) if key == nobody else where[key] for key in wanted]
        for entry in FIELDS[issued.kind]:
            if entry.table == table and entry.who is not Who.LIVE and entry.name in layout:
                found[entry.name] = tuple(layout[entry.name][row] for row in order)
    return found


def _twins(located: Located, issued: Issued, book: Workbook) -> list[Finding]:
    """Places that nobody can see, while something like the workbook is shown elsewhere, are no places to read from.

    A name that a sheet has for itself makes programs show other cells than those that are read: on the field's own sheet, and in formulas.
    """
    sheets = located.went.sheets
    seen = {name: now for name, now in sheets.items() if issued.template.book.sheets[name].state == "visible"}
    hidden = [now for name, now in seen.items() if book.sheets[now].state != "visible" or now != name]
    twins: list[Finding] = []
    if hidden:
        others = [page for name, page in book.sheets.items() if name not in sheets.values()]
        twins += [
            Finding("form.twin_sheet", sheet=page.name, values={"read": now})
            for page in others
            for name, now in seen.items()
            if now in hidden and _looks_like(page, name, issued)
        ]
    for scope, name, place in book.local_names:
        if scope in sheets.values() and _leads_elsewhere(book.sheets[scope], name, place, located.layout):
            twins.append(Finding("names.twin", sheet=scope, values={"name": name}))
    if located.went.rows and not twins:
        twins += _decoys(located, issued, book)
    return twins


def _leads_elsewhere(sheet: Sheet, name: str, place: Range | None, layout: Layout) -> bool:
    """Whether a sheet's own name is one of a field that stands on it, or that its formulas use, and is not where the field stands."""
    said = name.casefold()
    fields = next((places for field, places in layout.items() if field.casefold() == said), ())
    if not fields or (place and _is_where(place, fields)):
        return False
    used = any(cell.formula is not None and said in cell.formula.casefold() for cell in sheet.cells.values())
    return used or fields[0].sheet == sheet.name


def _is_where(place: Range, fields: Sequence[Place]) -> bool:
    rows, columns = [field.at[0] for field in fields], [field.at[1] for field in fields]
    area = (place.top, place.left, place.bottom, place.right)
    return place.sheet == fields[0].sheet and area == (min(rows), min(columns), max(rows), max(columns))


def covered(located: Located, issued: Issued, book: Workbook) -> Iterator[tuple[Place, Area]]:
    """The open cells that lie under cells that somebody merged: only the first of these shows what stands in it."""
    for name, now in located.went.sheets.items():
        merges = issued.template.book.sheets[name].merges
        if located.went.nothing and book.sheets[now].merges == merges:
            continue
        known = {_moved(area, name, located.went) for area in merges}
        fresh = [area for area in book.sheets[now].merges if area not in known]
        if not fresh:
            continue
        for entry in FIELDS[issued.kind]:
            for place in located.layout.get(entry.name, ()) if entry.who is Who.PERSON else ():
                for area in fresh if place.sheet == now else ():
                    if covers(area, place.at) and place.at != area[:2]:
                        yield place, area


def _moved(area: Area, sheet: str, went: Moves) -> Area:
    top, left, bottom, right = area
    return (*went.follow(sheet, (top, left))[1], *went.follow(sheet, (bottom, right))[1])


def _under_merges(located: Located, issued: Issued, book: Workbook) -> Iterator[Finding]:
    """What stands in an open cell that is covered by others: nobody sees it, so it is not booked."""
    for place in dict.fromkeys(place for place, _ in covered(located, issued, book)):
        cell = book.cell(place.sheet, place.at)
        said = canonical_cell(cell)
        if cell is not None and said != NOTHING:
            found = shown(said, book.format_of(cell) == "date")
            yield Finding("cell.under_merge", sheet=place.sheet, cell=place.cell, found=found[:LONGEST_SHOWN])


def _looks_like(page: Sheet, name: str, issued: Issued) -> bool:
    wanted = Counter(said for place, said in issued.template.said if place.sheet == name)
    said = Counter(canonical_cell(cell) for cell in page.cells.values())
    return bool(wanted) and (wanted & said).total() >= ALIKE * wanted.total()


def _decoys(located: Located, issued: Issued, book: Workbook) -> Iterator[Finding]:
    """Something like the workbook is left where it stood before it was moved."""
    wanted = Counter(said for _, said in issued.template.said if len(said[1]) > 8)
    left = [(place, said) for place, said in outside(located, issued, book) if said in wanted]
    if left and len(left) >= min(5, wanted.total()):
        place = left[0][0]
        yield Finding("form.cells_moved", sheet=place.sheet, cell=place.cell)


def outside(located: Located, issued: Issued, book: Workbook) -> Iterator[tuple[Place, tuple[str, str]]]:
    """What stands on the workbook's sheets where neither a field nor a label is: nobody reads it.

    A cell that is open for typing there is the office's own, for what is only printed.
    """
    went, known = located.went, issued.template.known
    if not went.nothing:
        places = (went.place(Place(*where)) for where in known)
        known = frozenset((place.sheet, place.at) for place in places)
    for sheet in went.sheets.values():
        for at, cell in book.sheets[sheet].cells.items():
            if (sheet, at) not in known and book.is_locked(cell) and (said := canonical_cell(cell)) != NOTHING:
                yield Place(sheet, at), said


def _astray(issued: Issued, book: Workbook, layout: Layout, named: Layout) -> Iterator[Finding]:
    """What was typed at the new place of an open cell that was cut or dragged away, where the form is read at the old places."""
    for entry in FIELDS[issued.kind]:
        if entry.who is Who.PERSON:
            places = layout.get(entry.name, ())
            expected = issued.expected(entry.name, len(places))
            for there, here, stood in zip(named.get(entry.name, ()), places, expected, strict=False):
                said = canonical_cell(book.cell(there.sheet, there.at))
                if there != here and said not in (
                    NOTHING,
                    stood,
                    canonical_cell(book.cell(here.sheet, here.at)),
                ):
                    yield Finding(
                        "cell.moved",
                        sheet=there.sheet,
                        cell=there.cell,
                        found=shown(said, entry.type is Type.DATE)[:LONGEST_SHOWN],
                        values={"issued": here.cell},
                    )
