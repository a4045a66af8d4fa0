"""Reads the styles part: how each cell style shows a cell's content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from evalxl.excel.returned.xml_pass import parse
from evalxl.forms.comparison.appearance import is_odd
from evalxl.forms.format_sections import GENERAL, as_meant
from evalxl.forms.number_formats import BUILT_IN, sort_of, spelling
from evalxl.forms.workbook import Format, Look

# The colours that a file names by number; 64 and 65 are the system's colours for text and background.
_BASIC = "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
_PALETTE = (
    f"{_BASIC} {_BASIC} 800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF"
    " 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99"
    " 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333"
    " 000000 FFFFFF"
).split()
_INK, _PAPER = "000000", "FFFFFF"
# Light and dark are swapped compared with the order in the theme's part.
_THEME = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
    "hlink",
    "folHlink",
)
_THEME_COLOUR = re.compile(rb"<a:(\w+)>\s*<a:(?:srgbClr val|sysClr [^>]*?lastClr)=\"([0-9A-Fa-f]{6})\"")
_OF_OFFICE = "FFFFFF 000000 E7E6E6 44546A 4472C4 ED7D31 A5A5A5 FFC000 5B9BD5 70AD47 0563C1 954F72"
_OFFICE_THEME = dict(zip(_THEME, _OF_OFFICE.split(" "), strict=True))


@dataclass(frozen=True, slots=True)
class Styles:
    """The content of the styles part.

    Attributes:
        formats, locks, looks: Per cell style: how it shows a number, whether the cell is locked, what it looks like.
        odd: The styles that may show another value than the stored one, or are hard to see.
        conditional: The number format of each style used by conditional formats.
        garbled: A number format that LibreOffice spoiled when its language was switched; empty if there is none.
    """

    formats: tuple[Format, ...] = ()
    locks: tuple[bool, ...] = ()
    looks: tuple[Look, ...] = ()
    odd: frozenset[int] = frozenset()
    conditional: tuple[str, ...] = ()
    garbled: str = ""


@lru_cache(maxsize=32)
def read_styles(part: bytes, theme: bytes = b"") -> Styles:
    """The content of a styles part. Cached: most forms of one week have the same part."""
    if not part:
        return Styles()
    reader = _Reader(theme)
    parse(part, reader.start, reader.end)
    return reader.styles()


class _Reader:
    """Reads the elements of the part."""

    def __init__(self, theme: bytes) -> None:
        self._theme = {
            **_OFFICE_THEME,
            **{name.decode(): value.decode().upper() for name, value in _THEME_COLOUR.findall(theme)},
        }
        self._palette = list(_PALETTE)
        self._given = 0  # colours of the file's palette
        self._codes: dict[str, list[str]] = {}
        self._fonts: list[dict[str, str]] = []
        self._papers: list[str] = []
        self._cells: list[dict[str, str]] = []
        self._conditional: list[str] = []
        self._garbled = ""
        self._in = ""  # which list the reader is in

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("numFmts", "fonts", "fills", "cellXfs", "cellStyleXfs", "dxfs", "indexedColors"):
            self._in = tag
        elif self._in == "numFmts" and tag == "numFmt":
            self._codes.setdefault(attributes.get("numFmtId", ""), []).append(self._code(attributes))
        elif self._in == "fonts":
            self._font(tag, attributes)
        elif self._in == "fills":
            self._fill(tag, attributes)
        elif self._in == "cellXfs":
            self._cell(tag, attributes)
        elif self._in == "dxfs" and tag == "dxf":
            self._conditional.append("")
        elif self._in == "dxfs" and tag == "numFmt" and self._conditional:
            self._conditional[-1] = self._code(attributes) or self._built_in(attributes.get("numFmtId", ""))
        elif self._in == "indexedColors" and tag == "rgbColor" and self._given < 64:
            self._palette[self._given] = attributes.get("rgb", "")[-6:].upper()
            self._given += 1

    def end(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""

    def _code(self, attributes: dict[str, str]) -> str:
        code = attributes.get("formatCode", "")
        if (meant := as_meant(code)) != code:
            self._garbled = self._garbled or code
        return meant

    def _font(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "font":
            self._fonts.append({})
        elif self._fonts and tag in ("sz", "name"):
            self._fonts[-1].setdefault(tag, attributes.get("val", ""))
        elif self._fonts and tag == "color":
            self._fonts[-1].setdefault(tag, self._colour(attributes, _INK))

    def _fill(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "fill":
            self._papers.append("")
        elif tag == "patternFill" and self._papers:
            kind = attributes.get("patternType", "none")
            self._papers[-1] = _PAPER if kind == "none" else "solid" if kind == "solid" else ""
        elif tag == "fgColor" and self._papers and self._papers[-1] == "solid":
            self._papers[-1] = self._colour(attributes, _PAPER)

    def _cell(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "xf":
            self._cells.append({"numFmtId": "0", **attributes})
        elif self._cells and tag == "protection":
            self._cells[-1]["locked"] = attributes.get("locked", "1")
        elif self._cells and tag == "alignment":
            self._cells[-1]["horizontal"] = attributes.get("horizontal", "")

    def _colour(self, attributes: dict[str, str], automatic: str) -> str:
        """A colour as RRGGBB; empty if unknown."""
        colour = ""
        if attributes.get("auto") in ("1", "true"):
            colour = automatic
        elif "rgb" in attributes:
            colour = attributes["rgb"][-6:].upper()
        elif attributes.get("theme", "").isdecimal():
            number = int(attributes["theme"])
            colour = self._theme[_THEME[number]] if number < len(_THEME) else ""
        elif attributes.get("indexed", "").isdecimal():
            number = int(attributes["indexed"])
            colour = self._palette[number] if number < len(self._palette) else ""
        try:
            return _tinted(colour, float(attributes.get("tint", "0"))) if len(colour) == 6 else ""
        except ValueError:
            return ""

    def _built_in(self, number: str) -> str:
        return BUILT_IN.get(int(number), GENERAL) if number.isdecimal() and len(number) < 6 else GENERAL

    def styles(self) -> Styles:
        looks = tuple(self._look(cell) for cell in self._cells)
        locks = tuple(cell.get("locked", "1") not in ("0", "false") for cell in self._cells)
        odd = frozenset(number for number, look in enumerate(looks) if is_odd(look))
        formats = tuple(sort_of(look.code) for look in looks)
        return Styles(formats, locks, looks, odd, tuple(self._conditional), self._garbled)

    def _look(self, cell: dict[str, str]) -> Look:
        codes = self._codes.get(cell["numFmtId"]) or [self._built_in(cell["numFmtId"])]
        another = next((code for code in codes[1:] if spelling(code) != spelling(codes[0])), "")
        font = _item(self._fonts, cell.get("fontId", "0")) or {}
        paper = _item(self._papers, cell.get("fillId", "0"))
        try:
            size = float(font.get("sz") or 11)
        except ValueError:
            size = 11.0
        return Look(
            code=codes[0],
            another=another,
            font=font.get("name", ""),
            size=size,
            ink=font.get("color", _INK),
            paper=_PAPER if paper is None else paper,
            repeats=cell.get("horizontal") == "fill",
        )


_Item = TypeVar("_Item")


def _item(items: list[_Item], number: str) -> _Item | None:
    return items[int(number)] if number.isdecimal() and len(number) < 6 and int(number) < len(items) else None


def _tinted(colour: str, tint: float) -> str:
    """A colour made lighter (tint up to 1) or darker (down to -1)."""
    if not tint:
        return colour
    tinted = ""
    for at in (0, 2, 4):
        part = int(colour[at : at + 2], 16)
        tinted += f"{round(part + (255 - part) * tint if tint > 0 else part * (1 + tint)):02X}"
    return tinted
