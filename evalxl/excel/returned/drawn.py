"""Reads which cells of a sheet lie under pictures, boxes and charts. The drawings themselves are not read."""

from __future__ import annotations

import re
from functools import lru_cache

from evalxl.excel.returned.xml_pass import parse
from evalxl.forms.workbook import Area

# For drawings that give their size not in cells but in their own unit: how much of a sheet one unit is.
_ROW, _COLUMN = 254_000, 609_600  # of a usual row and column, in English metric units
_MOST = 500  # drawings of a sheet that are kept
_FAR = 100_000

_SHAPE = re.compile(
    r"<v:(?:shape|rect|oval|roundrect|image|group)\b.*?</v:(?:shape|rect|oval|roundrect|image|group)>", re.S
)
_ANCHOR = re.compile(r"<(?:\w+:)?Anchor>([^<]*)</")
_NOTE = re.compile(r"""ObjectType=["']Note["']""")


@lru_cache(maxsize=64)
def drawn_over(part: bytes) -> tuple[Area, ...]:
    """The cells under the drawings of a part. Comments are not drawings. LibreOffice also writes parts without any drawing."""
    if b"urn:schemas-microsoft-com:vml" in part:
        return tuple(_old_shapes(part.decode("utf-8", "replace")))[:_MOST]
    reader = _Anchors()
    parse(part, reader.start, reader.end, reader.text)
    return tuple(reader.areas[:_MOST])


class _Anchors:
    """Reads the anchors of drawings."""

    def __init__(self) -> None:
        self.areas: list[Area] = []
        self._measures: dict[str, int] = {}
        self._corner = self._within = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
            self._measures, self._corner = {}, ""
        elif tag in ("from", "to"):
            self._corner = tag
        elif tag in ("ext", "pos") and not self._corner:
            self._measures |= {f"{tag}.{name}": _whole(value) for name, value in attributes.items()}
        self._within = tag
        self._text = []

    def text(self, data: str) -> None:
        self._text.append(data)

    def end(self, tag: str) -> None:
        if tag in ("col", "row", "colOff", "rowOff") and self._corner and tag == self._within:
            self._measures[f"{self._corner}.{tag}"] = _whole("".join(self._text))
        elif tag == self._corner:
            self._corner = ""
        elif tag == "twoCellAnchor":
            self._add(self._last("row"), self._last("col"))
        elif tag == "oneCellAnchor":
            self._add(*self._far(self._get("from.row") * _ROW, self._get("from.col") * _COLUMN))
        elif tag == "absoluteAnchor":
            self._measures |= {"from.row": self._get("pos.y") // _ROW, "from.col": self._get("pos.x") // _COLUMN}
            self._add(*self._far(self._get("pos.y"), self._get("pos.x")))

    def _get(self, name: str) -> int:
        return self._measures.get(name, 0)

    def _last(self, line: str) -> int:
        """The last covered line. A line that the drawing only touches is not covered."""
        last = self._get(f"to.{line}")
        return last - 1 if not self._get(f"to.{line}Off") and last > self._get(f"from.{line}") else last

    def _far(self, top: int, left: int) -> tuple[int, int]:
        height, width = self._get("ext.cy"), self._get("ext.cx")
        return (top + max(height - 1, 0)) // _ROW, (left + max(width - 1, 0)) // _COLUMN

    def _add(self, bottom: int, right: int) -> None:
        top, left = self._get("from.row"), self._get("from.col")
        self.areas.append((top + 1, left + 1, max(bottom, top) + 1, max(right, left) + 1))


def _old_shapes(text: str) -> list[Area]:
    """The areas of shapes in the format before Excel 2007, in which Excel still writes comments."""
    shapes = []
    for shape in _SHAPE.findall(text):
        anchor = _ANCHOR.search(shape)
        if anchor is None or _NOTE.search(shape):
            continue
        corners = [_whole(number) for number in anchor[1].split(",")]
        if len(corners) == 8:
            left, _, top, _, right, right_more, bottom, bottom_more = corners
            shapes.append((top + 1, left + 1, bottom + (bottom_more > 0), right + (right_more > 0)))
    return shapes


def _whole(text: str) -> int:
    text = text.strip()
    return min(int(text), _FAR * _COLUMN) if text.isascii() and text.isdecimal() and len(text) < 15 else 0
