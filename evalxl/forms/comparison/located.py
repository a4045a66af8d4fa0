"""Finds the places of the fields in a returned workbook, or the reason why they are unknown.

The file's own names are used if every range has its issued shape and every locked cell, moved accordingly, has its issued content.
Otherwise the template's places are used if every locked cell has its issued content there. Otherwise the file is refused.
Rows of a table are identified by their keys, so a sorted table is still read row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evalxl.domain.findings import Finding
from evalxl.forms.binding import Layout, Place, bind, column_of
from evalxl.forms.comparison.canonical import NOTHING, canonical_cell, shown
from evalxl.forms.comparison.changes import changes
from evalxl.forms.comparison.issued import LONGEST_SHOWN, Issued, Located
from evalxl.forms.comparison.moved_lines import shifted, sorted_in_part
from evalxl.forms.comparison.moves import ALIKE, Moves, moves, unmoved
from evalxl.forms.comparison.twins import twin_errors
from evalxl.forms.fields import Type, Who
from evalxl.forms.workbook import Area, Range, Sheet, Workbook, at_of, covers

FEW = 5  # changed cells; if there are more and the names do not fit, cells were moved

# The key fields of each table.
_KEYS = {
    "tasks": ("ev_task_key",),
    "team": ("ev_row_person",),
    "lines": ("ev_line_person",),
    "approvals": ("ev_row_person",),
    "checks": ("ev_check_person", "ev_check_key"),
    "period_people": ("ev_period_person",),
}


def locate(issued: Issued, book: Workbook) -> Located:
    """The places of the fields in a returned workbook, if people see the cells there."""
    located = _read_places(issued, book)
    if located.altered:
        return replace(located, altered=_in_order(book, _with_cause(issued, book, located)))
    twins = _twins(located, issued, book) or list(twin_errors(issued, book, located))
    unseen = [*twins, *_under_merges(located, issued, book)]
    return replace(located, altered=tuple(unseen)) if unseen else located


def _with_cause(issued: Issued, book: Workbook, located: Located) -> Sequence[Finding]:
    """The changes, replaced by their common cause if there is one: inserted or deleted lines, or a partly sorted table."""
    template = issued.template
    if len(located.altered) == 1:
        return located.altered
    stays = unmoved(template.layout, template.label_contents, template.book, book)
    if (lines := shifted(issued, book, stays, located.altered)) is not None:
        return list(lines.findings())
    if parts := list(sorted_in_part(issued, book, located.layout)):
        sheets = {part.sheet for part in parts}
        return [*parts, *(finding for finding in located.altered if finding.sheet not in sheets)]
    return located.altered


def _in_order(book: Workbook, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings ordered by sheet, then by cell."""
    sheets = {name: place for place, name in enumerate(book.sheets)}
    return tuple(sorted(findings, key=lambda finding: (sheets.get(finding.sheet, -1), at_of(finding.cell))))


def _read_places(issued: Issued, book: Workbook) -> Located:
    template = issued.template
    home = template.layout
    stays = unmoved(home, template.label_contents, template.book, book)
    named, lost = (home, []) if book.names == template.book.names else bind(issued.kind, book.names, issued.entries)
    named = {name: places for name, places in named.items() if name in home}
    at_home = _by_keys(issued, book, stays.layout(home), stays)
    stayed = not lost and all(named.get(name, places) == places for name, places in stays.layout(home).items())
    if stayed and not at_home.altered:
        return at_home
    went = None if lost else moves(home, named, template.label_contents, template.book, book)
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
    """The layout with each table's rows located by their keys, if every locked cell moved with its row."""
    plain = Located(layout, went, tuple(changes(issued, book, layout, went)))
    if not plain.altered:
        return plain
    keyed = _sorted(issued, book, layout)
    if keyed == layout:
        return plain
    if any(not _went_along(issued, change, layout, keyed) for change in changes(issued, book, keyed, went)):
        return plain
    return Located(keyed, went, (), (Finding("rows.sorted"),))


def _went_along(issued: Issued, altered: Finding, layout: Layout, keyed: Layout) -> bool:
    """Whether a changed cell only moved with its row when a table was sorted: a running number, or a formula that refers to its old row or is empty.

    A formula's result is never read.
    """
    if (altered.sheet, altered.cell) in issued.template.running_numbers:
        return True
    moved = {entry.table for entry in issued.entries if layout.get(entry.name) != keyed.get(entry.name)}
    places = (
        place
        for entry in issued.entries
        if entry.table in moved and entry.who is Who.LIVE
        for place in layout.get(entry.name, ())
    )
    bent = altered.kind == "cell.formula_bent" or (altered.kind == "cell.formula_replaced" and not altered.found)
    return bent and any((place.sheet, place.cell) == (altered.sheet, altered.cell) for place in places)


def _sorted(issued: Issued, book: Workbook, layout: Layout) -> Layout:
    """The layout with the rows of each table in issued order, if the keys are the issued keys in another order.

    Formulas stay with their line: they are compared at their place and never read.
    """
    keyed = dict(layout)
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
        for entry in issued.entries:
            if entry.table == table and entry.who is not Who.LIVE and entry.name in layout:
                keyed[entry.name] = tuple(layout[entry.name][row] for row in order)
    return keyed


def _twins(located: Located, issued: Issued, book: Workbook) -> list[Finding]:
    """Findings for hidden places while a copy of the workbook is visible elsewhere: nothing is read from such places.

    A sheet-local name also counts: programs show other cells for it than those that are read, on the field's own sheet and in formulas.
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
    """Whether a sheet-local name is a field's name with another place, and matters: the field is on the sheet, or formulas there use the name."""
    folded = name.casefold()
    fields = next((places for field, places in layout.items() if field.casefold() == folded), ())
    if not fields or (place and _is_where(place, fields)):
        return False
    used = any(cell.formula is not None and folded in cell.formula.casefold() for cell in sheet.cells.values())
    return used or fields[0].sheet == sheet.name


def _is_where(place: Range, fields: Sequence[Place]) -> bool:
    rows, columns = [field.at[0] for field in fields], [field.at[1] for field in fields]
    area = (place.top, place.left, place.bottom, place.right)
    return place.sheet == fields[0].sheet and area == (min(rows), min(columns), max(rows), max(columns))


def covered(located: Located, issued: Issued, book: Workbook) -> Iterator[tuple[Place, Area]]:
    """The open cells covered by newly merged cells, which show only the first cell."""
    for name, now in located.went.sheets.items():
        merges = issued.template.book.sheets[name].merges
        if located.went.nothing and book.sheets[now].merges == merges:
            continue
        known = {_moved(area, name, located.went) for area in merges}
        fresh = [area for area in book.sheets[now].merges if area not in known]
        if not fresh:
            continue
        for entry in issued.entries:
            for place in located.layout.get(entry.name, ()) if entry.who is Who.PERSON else ():
                for area in fresh if place.sheet == now else ():
                    if covers(area, place.at) and place.at != area[:2]:
                        yield place, area


def _moved(area: Area, sheet: str, went: Moves) -> Area:
    top, left, bottom, right = area
    return (*went.follow(sheet, (top, left))[1], *went.follow(sheet, (bottom, right))[1])


def _under_merges(located: Located, issued: Issued, book: Workbook) -> Iterator[Finding]:
    """Findings for content in covered open cells: nobody sees it, so it is not booked."""
    for place in dict.fromkeys(place for place, _ in covered(located, issued, book)):
        cell = book.cell(place.sheet, place.at)
        content = canonical_cell(cell)
        if cell is not None and content != NOTHING:
            text = shown(content, book.format_of(cell) == "date")
            yield Finding("cell.under_merge", sheet=place.sheet, cell=place.cell, found=text[:LONGEST_SHOWN])


def _looks_like(page: Sheet, name: str, issued: Issued) -> bool:
    wanted = Counter(content for place, content in issued.template.label_contents if place.sheet == name)
    contents = Counter(canonical_cell(cell) for cell in page.cells.values())
    return bool(wanted) and (wanted & contents).total() >= ALIKE * wanted.total()


def _decoys(located: Located, issued: Issued, book: Workbook) -> Iterator[Finding]:
    """A finding if a copy of the workbook's content remains at its place before it was moved."""
    wanted = Counter(content for _, content in issued.template.label_contents if len(content[1]) > 8)
    left = [(place, content) for place, content in outside(located, issued, book) if content in wanted]
    if left and len(left) >= min(5, wanted.total()):
        place = left[0][0]
        yield Finding("form.cells_moved", sheet=place.sheet, cell=place.cell)


def outside(located: Located, issued: Issued, book: Workbook) -> Iterator[tuple[Place, tuple[str, str]]]:
    """The content on the workbook's sheets outside fields and labels, which is not read.

    An open cell there belongs to the office and is only printed.
    """
    went, known = located.went, issued.template.known
    if not went.nothing:
        places = (went.place(Place(*where)) for where in known)
        known = frozenset((place.sheet, place.at) for place in places)
    for sheet in went.sheets.values():
        for at, cell in book.sheets[sheet].cells.items():
            if (sheet, at) not in known and book.is_locked(cell) and (content := canonical_cell(cell)) != NOTHING:
                yield Place(sheet, at), content


def _astray(issued: Issued, book: Workbook, layout: Layout, named: Layout) -> Iterator[Finding]:
    """Findings for values typed at the new place of an open cell that was cut or dragged, if the form is read at the old places."""
    for entry in issued.entries:
        if entry.who is Who.PERSON:
            places = layout.get(entry.name, ())
            expected = issued.expected(entry.name, len(places))
            for there, here, stood in zip(named.get(entry.name, ()), places, expected, strict=False):
                content = canonical_cell(book.cell(there.sheet, there.at))
                if there != here and content not in (
                    NOTHING,
                    stood,
                    canonical_cell(book.cell(here.sheet, here.at)),
                ):
                    yield Finding(
                        "cell.moved",
                        sheet=there.sheet,
                        cell=there.cell,
                        found=shown(content, entry.type is Type.DATE)[:LONGEST_SHOWN],
                        values={"issued": here.cell},
                    )
