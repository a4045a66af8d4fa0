"""Plain tables that people keep by hand: sheets with one header row, as values.

Sheets and headers are matched as words (`names.folded`), in any order. Unknown ones are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from evalxl.domain.names import folded

# The header row is searched in the first rows: people put at most a few titles above it.
HEADER_WITHIN = 10


class TableCell(NamedTuple):
    """A cell as shown: `text` without surrounding blanks, and `day` if the cell is a date."""

    text: str = ""
    address: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's cells. Blank rows are left out. All rows are equally long: blank cells are included, so that each has its address."""

    name: str
    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Headed:
    """A table whose header row was found.

    Attributes:
        places: The position of each known column, by its key.
        rows: The rows below the header with content in a known column.
        header: The header's cells.
        missing: Keys of required columns that no header names.
        twice: Second headers of a column that already has one; the first counts.
    """

    name: str
    places: Mapping[str, int]
    rows: tuple[tuple[TableCell, ...], ...]
    header: tuple[TableCell, ...]
    missing: tuple[str, ...]
    twice: tuple[TableCell, ...]

    def cell(self, row: Sequence[TableCell], key: str) -> TableCell:
        """The row's cell of a column; an empty one if the sheet lacks the column."""
        place = self.places.get(key)
        return TableCell() if place is None else row[place]


def sheets_named(tables: Mapping[str, Table], names: Iterable[str]) -> list[Table]:
    """The sheets with one of the names, in the workbook's order."""
    wanted = {folded(name) for name in names}
    return [table for table in tables.values() if folded(table.name) in wanted]


def headed(table: Table, headers: Mapping[str, Sequence[str]], required: Sequence[str]) -> Headed:
    """Find the header row and the position of each column.

    The header row is the first that names all required columns. If none does, or none is required, it is the row that names most
    columns, so that the missing ones can be reported.

    Args:
        table: The sheet.
        headers: For each column's key, its possible names.
        required: Keys of the columns that must be there.
    """
    keys = {_header(name): key for key, names in headers.items() for name in names}
    best, best_at = (dict[str, int](), tuple[TableCell, ...]()), -1
    for at, row in enumerate(table.rows[:HEADER_WITHIN]):
        places, twice = _places(row, keys)
        if len(places) > len(best[0]):
            best, best_at = (places, twice), at
        if required and all(key in places for key in required):
            best, best_at = (places, twice), at
            break
    places, twice = best
    body = table.rows[best_at + 1 :] if best_at >= 0 else ()
    return Headed(
        name=table.name,
        places=places,
        rows=tuple(row for row in body if any(row[place].text for place in places.values())),
        header=table.rows[best_at] if best_at >= 0 else (),
        missing=tuple(key for key in required if key not in places),
        twice=twice,
    )


def _places(row: Sequence[TableCell], keys: Mapping[str, str]) -> tuple[dict[str, int], tuple[TableCell, ...]]:
    places: dict[str, int] = {}
    twice = []
    for place, cell in enumerate(row):
        named = (keys.get(part) for part in (_header(cell.text), *map(_header, cell.text.split("/"))))
        key = next((key for key in named if key), None)
        if key in places:
            twice.append(cell)
        elif key:
            places[key] = place
    return places, tuple(twice)


def _header(text: str) -> str:
    # Offices mark required columns with a star and explain others in brackets.
    return folded(re.sub(r"\([^)]*\)\s*$", "", text.replace("*", " ")))
