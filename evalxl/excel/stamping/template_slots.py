"""Cuts a sheet's XML at the stamped cells, and joins it again with other cells in their places.

Everything between the cuts stays the same, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.parsers import expat

from evalxl.excel.returned.notation import column_number
from evalxl.excel.stamping.row_heights import with_height
from evalxl.forms.workbook import At


@dataclass(frozen=True, slots=True)
class Slot:
    """One stamped cell of a sheet: its style, and its bytes in the template."""

    at: At
    style: str
    original: bytes


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A table row's opening tag, so that an unused row can be hidden."""

    number: int
    original: bytes


Piece = bytes | Slot | SlotRow

_HIDDEN = re.compile(rb'\shidden="[^"]*"')
_ROW_END = re.compile(rb"(</row\s*>)")
_BLANK = re.compile(rb"<c\s[^<>]*/>")
_FORMULA = re.compile(rb"<c\s[^<>]*>\s*<f>[^<]*</f>\s*(?:<v\s*/>)?\s*</c>")  # one not shared with another cell
_BARE_ROW = re.compile(rb"<row\s[^<>]*(?:/>|></row>)")
_RESULT = re.compile(rb"(<c\b[^>]*>)(\s*<f\b[^>]*(?:/>|>[^<]*</f>))\s*<v>[^<]*</v>")
_KIND = re.compile(rb'\st="[^"]*"')


class Pieces(list[Piece]):
    """A sheet in pieces. The index of the pieces is computed once, not for every workbook."""

    @cached_property
    def originals(self) -> list[bytes]:
        return [piece if isinstance(piece, bytes) else piece.original for piece in self]

    @cached_property
    def places(self) -> Mapping[At, int]:
        """By cell: the index of its piece."""
        return {piece.at: place for place, piece in enumerate(self) if isinstance(piece, Slot)}

    @cached_property
    def rows(self) -> Mapping[int, int]:
        """By row: the index of the piece that opens it."""
        return {piece.number: place for place, piece in enumerate(self) if isinstance(piece, SlotRow)}

    @cached_property
    def unused(self) -> Mapping[int, tuple[bytes, ...]]:
        """By row: its pieces for an unused row, from the one that opens it: hidden, without blank cells and without formulas.

        Tables have room for the largest unit, so nine of ten cells would be unused, and every reader of the workbook would go through them.
        """
        unused_rows: dict[int, tuple[bytes, ...]] = {}
        for number, place in self.rows.items():
            row = [_HIDDEN.sub(b"", self.originals[place])[:-1] + b' hidden="1">']
            after: list[bytes] = []
            while not after:
                cells, *after = _ROW_END.split(self.originals[place + len(row)], maxsplit=1)
                row.append(_FORMULA.sub(b"", _BLANK.sub(b"", cells)) + b"".join(after))
            unused_rows[number] = tuple(row)
        return unused_rows

    @cached_property
    def nobodys(self) -> Mapping[int, bytes]:
        """By row: the pieces of `unused`, joined."""
        return {number: b"".join(row) for number, row in self.unused.items()}


def cut(text: bytes, wanted: set[At]) -> Pieces:
    """A sheet's XML cut at the wanted cells. A missing cell or row gets an empty slot."""
    return Pieces(_Cutter(text, wanted).pieces())


def joined(
    pieces: Pieces,
    cells: Mapping[At, bytes],
    hidden: frozenset[int],
    heights: Mapping[int, float],
    spare: frozenset[int] = frozenset(),
) -> bytes:
    """The sheet with other cells in the given places, some cut rows hidden, and others high enough for their text (in points).

    Hidden rows are unused and lose their blank cells and formulas, except spare rows that somebody may fill later.
    """
    out, rows = pieces.originals.copy(), pieces.rows
    for row, height in heights.items():
        if row in rows:
            out[rows[row]] = with_height(pieces.originals[rows[row]], height)
    apart = spare.union(row for row, _ in cells)
    for row in hidden & apart & rows.keys():
        unused = pieces.unused[row][: 1 if row in spare else None]
        out[rows[row] : rows[row] + len(unused)] = unused
    for at, xml in cells.items():
        if (place := pieces.places.get(at)) is not None:
            out[place] = xml
    sheet: list[bytes] = []
    last = 0
    for row in sorted(rows.keys() & (hidden - apart)):
        sheet += out[last : rows[row]]
        sheet.append(pieces.nobodys[row])
        last = rows[row] + len(pieces.unused[row])
    return b"".join((*sheet, *out[last:]))


def without_results(text: bytes) -> bytes:
    """A sheet whose formulas have no cached results: those came from other values, and some programs show them until somebody types."""
    return _RESULT.sub(lambda match: _KIND.sub(b"", match[1]) + match[2], text)


def without_blanks(text: bytes) -> bytes:
    """A hidden sheet without the cells and rows that only have a style."""
    return _BARE_ROW.sub(b"", _BLANK.sub(b"", text))


class _Cutter:
    def __init__(self, text: bytes, wanted: set[At]) -> None:
        self._text = text
        self._rows: dict[int, list[int]] = {}
        for row, column in sorted(wanted):
            self._rows.setdefault(row, []).append(column)
        self._pending = sorted(self._rows)
        self._spans: list[tuple[int, int, list[Piece]]] = []
        self._row = 0
        self._columns: list[int] = []
        self._cell: tuple[int, At, str] | None = None
        self._closed_row = 0  # where a self-closed row's tag ends
        self._row_style = ""
        self._column_styles: list[tuple[int, int, str]] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def pieces(self) -> list[Piece]:
        self._parser.Parse(self._text, True)
        pieces: list[Piece] = []
        last = 0
        for begin, stop, inner in self._spans:
            pieces += (self._text[last:begin], *inner)
            last = stop
        pieces.append(self._text[last:])
        return pieces

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        position = self._parser.CurrentByteIndex
        if tag == "row":
            self._start_row(position, attributes)
        elif tag == "c" and self._columns:
            column = column_number(attributes["r"].rstrip("0123456789"))
            while self._columns and self._columns[0] < column:
                self._spans.append((position, position, [self._absent(self._row, self._columns.pop(0))]))
            if self._columns and self._columns[0] == column:
                self._cell = (position, (self._row, self._columns.pop(0)), attributes.get("s", "0"))
        elif tag == "col" and "style" in attributes:
            self._column_styles.append((int(attributes["min"]), int(attributes["max"]), attributes["style"]))

    def _absent(self, row: int, column: int) -> Slot:
        """The slot of a cell that the sheet does not have. It takes the style of its row, or else of its column."""
        style = self._row_style or next(
            (style for first, last, style in self._column_styles if first <= column <= last), "0"
        )
        return Slot((row, column), style, b"")

    def _start_row(self, position: int, attributes: dict[str, str]) -> None:
        row = int(attributes.get("r", self._row + 1))
        self._insert_rows(position, row)
        self._row, self._columns, self._closed_row = row, [], 0
        self._row_style = attributes.get("s", "") if attributes.get("customFormat") in ("1", "true") else ""
        if self._pending and self._pending[0] == row:
            self._columns = list(self._rows[self._pending.pop(0)])
            stop = self._text.index(b">", position) + 1
            tag = self._text[position:stop]
            if tag.endswith(b"/>"):
                self._closed_row, tag = stop, tag[:-2] + b">"
            self._spans.append((position, stop, [SlotRow(row, tag)]))

    def _insert_rows(self, position: int, before: int) -> None:
        self._row_style = ""
        while self._pending and self._pending[0] < before:
            row = self._pending.pop(0)
            slots = [self._absent(row, column) for column in self._rows[row]]
            self._spans.append((position, position, [SlotRow(row, f'<row r="{row}">'.encode()), *slots, b"</row>"]))

    def _end(self, tag: str) -> None:
        position = self._parser.CurrentByteIndex
        if tag == "c" and self._cell:
            begin, at, style = self._cell
            # expat's position is after a self-closed element, but before the closing tag of any other element.
            closing = self._text.startswith(b"</" + tag.encode(), position)
            stop = self._text.index(b">", position) + 1 if closing else position
            self._spans.append((begin, stop, [Slot(at, style, self._text[begin:stop])]))
            self._cell = None
        elif tag == "row":
            missing: list[Piece] = [self._absent(self._row, column) for column in self._columns]
            if self._closed_row:
                self._spans.append((self._closed_row, self._closed_row, [*missing, b"</row>"]))
            elif missing:
                self._spans.append((position, position, missing))
            self._columns = []
        elif tag == "sheetData":
            self._insert_rows(position, 1 << 30)
