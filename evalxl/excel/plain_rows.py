"""The rows of a worksheet part that is written plainly, as spreadsheet programs write them.

The forms of one template have most of their rows in common, to the letter: the labels, the guide, the lines that nobody has filled. A row that was met
before is not read again. Whatever is written in another way is left to the strict pass, which alone refuses: what is taken here is taken to be
nothing else than what that pass would find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from evalxl.excel.notation import COLUMNS, KINDS, MAX_ROW, MAX_TEXT, check_formula, measure, unescape
from evalxl.excel.xml_pass import MAX_ELEMENTS, Refused
from evalxl.forms.workbook import At, Cell

# Rows, and characters of one: most have a few hundred. Rows crammed with cells, as nobody writes them, take up fifty megabytes at most.
_MOST_KEPT, _LONGEST_KEPT = 4096, 1024

# From the declaration to the root: nothing in between, such as a document type, and an encoding that is UTF-8.
_OPENING = re.compile(
    rb"""\s*(?:<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?:UTF|utf)-8\2)?(?: standalone=(["'])yes\3)?\s*\?>\s*)?<worksheet[\s>]"""
)
_BEGIN, _END, _EMPTY = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
# What Excel says of a row in a language of its own, which the part has to have a name for.
_FOREIGN = "x14ac:dyDescent"
_WITH_FOREIGN = b'<sheetData><row x14ac:dyDescent="0"/></sheetData>'
# What XML does not hold, or hands on as something else: control characters, line ends of Windows, the end of a CDATA section.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|]]>")
_ROW = re.compile(r'<row r="([1-9][0-9]{0,6})"((?: [A-Za-z:0-9]+="[^"<>&\t\n]*")*) ?(/?)>')
_OF_A_ROW = re.compile(r" ([A-Za-z:0-9]+)=\"([^\"]*)\"")
_KNOWN = frozenset(
    (
        _FOREIGN,
        "spans",
        "ht",
        "hidden",
        "customHeight",
        "s",
        "customFormat",
        "outlineLevel",
        "collapsed",
        "thickTop",
        "thickBot",
    )
)
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,9})")?(?: t="(n|b|e|str|inlineStr|s|d)")?'
    r'(?: ?/>|>(?:<f(?: (?:aca="(?:false|true)"|ca="1"))?>([^<]*)</f>)?'
    r'(?:<v ?/>|<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?(?: ?/>|>([^<]*)</t>)</is>)?</c>)'
)
_ENTITY = re.compile("&(amp|lt|gt|quot|apos);")
_MEANT = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class PlainRow:
    """One row.

    Attributes:
        height: In points; -1 where it is the sheet's default.
        cells: Each that has something in it; and where that is a shared text, its number, else -1.
    """

    number: int
    hidden: bool
    cells: tuple[tuple[At, Cell, int], ...] = ()
    height: float = -1.0


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A part in two: what stands around its data, with empty data in it, and the rows of the data."""

    around: bytes
    rows: list[PlainRow]


class _NotPlain(Exception):
    """The row is written in another way than programs write it."""


def plain_rows(text: bytes) -> PlainSheet | None:
    """A worksheet part in two; None where it is not written plainly.

    It is for whoever reads the rest to see that the data was the sheet's.
    """
    begin, end = text.find(_BEGIN), text.find(_END)
    if not _OPENING.match(text) or not 0 < begin < end:
        return None
    if text.count(b"sheetData") != 2 or text.count(b"<") > MAX_ELEMENTS:
        return None
    try:
        data = text[begin + len(_BEGIN) : end].decode()
        rows = list(_rows_in(data))
    except (UnicodeDecodeError, _NotPlain):
        return None
    empty = _EMPTY if _FOREIGN not in data else _WITH_FOREIGN
    return PlainSheet(text[:begin] + empty + text[end + len(_END) :], rows)


def _rows_in(data: str) -> Iterator[PlainRow]:
    last = 0
    *pieces, rest = data.split("</row>")
    for piece in pieces:
        read = _kept(piece) if len(piece) <= _LONGEST_KEPT else _read(piece)
        if not read.open:
            raise _NotPlain
        for row in read.rows:
            if row.number <= last:
                raise _NotPlain
            last = row.number
            yield row
    after = _read(rest)
    if after.open or any(row.number <= last for row in after.rows[:1]):
        raise _NotPlain
    yield from after.rows


@dataclass(frozen=True, slots=True)
class _Read:
    """Some rows that follow each other: closed ones without cells, and then one that is open."""

    rows: tuple[PlainRow, ...]
    open: bool


def _read(piece: str) -> _Read:
    """The rows of a piece of data that ends before a row's end.

    Raises:
        _NotPlain: it is written in another way.
    """
    if _ODD.search(piece):
        raise _NotPlain
    rows: list[PlainRow] = []
    at = 0
    while at < len(piece):
        found = _ROW.match(piece, at)
        if found is None:
            raise _NotPlain
        number, (hidden, height) = int(found[1]), _said_of(found[2])
        if number > MAX_ROW or (rows and number <= rows[-1].number):
            raise _NotPlain
        if not found[3]:
            rows.append(PlainRow(number, hidden, tuple(_cells(piece, found.end(), number)), height))
            return _Read(tuple(rows), open=True)
        rows.append(PlainRow(number, hidden, height=height))
        at = found.end()
    return _Read(tuple(rows), open=False)


_kept = lru_cache(maxsize=_MOST_KEPT)(_read)


def _said_of(attributes: str) -> tuple[bool, float]:
    """Whether a row is hidden, and its height. It may say nothing but what programs say of rows, each once."""
    pairs = _OF_A_ROW.findall(attributes)
    said = dict(pairs)
    if len(said) != len(pairs) or not said.keys() <= _KNOWN:
        raise _NotPlain
    return said.get("hidden") in ("1", "true"), measure(said.get("ht", ""))


def _cells(piece: str, at: int, row: int) -> Iterator[tuple[At, Cell, int]]:
    """The cells of a row that have something in them, from that place on to the end of the piece."""
    last = 0
    while at < len(piece):
        found = _CELL.match(piece, at)
        if found is None:
            raise _NotPlain
        letters, digits, style, said, formula, value, words = found.groups()
        column = COLUMNS.get(letters, 0)
        if column <= last or int(digits) != row:
            raise _NotPlain
        at, last = found.end(), column
        if value or words or formula is not None:
            cell = _cell(said or "n", value, words, formula, int(style or 0))
            number = int(cell.raw) if said == "s" and value else -1
            if cell.raw or cell.formula is not None:
                yield (row, column), cell, number


def _cell(said: str, value: str | None, words: str | None, formula: str | None, style: int) -> Cell:
    if (value and said == "inlineStr") or (words and said != "inlineStr"):
        raise _NotPlain
    raw = _plain(value or words or "")
    if said == "s" and raw and not (raw.isascii() and raw.isdecimal() and len(raw) < 10):
        raise _NotPlain
    if said in ("inlineStr", "str"):
        raw = unescape(raw)
    if formula is not None:
        formula = _plain(formula)
        try:
            check_formula(formula)
        except Refused:
            raise _NotPlain from None  # the strict pass says which cell it is
    if len(raw) > MAX_TEXT or len(formula or "") > MAX_TEXT:
        raise _NotPlain
    return Cell(KINDS[said], raw, formula, style)


def _plain(text: str) -> str:
    """A text without the marks of XML."""
    if "&" not in text:
        return text
    plain, marks = _ENTITY.subn(lambda found: _MEANT[found[1]], text)
    if marks != text.count("&"):
        raise _NotPlain
    return plain
