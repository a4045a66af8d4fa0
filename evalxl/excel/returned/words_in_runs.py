"""Reads the text of a shared string or a cell: one text, or runs with their own styles.

Some readers take the first text, some all of them, some those of inner runs. So an item must have either one text, or runs with one text each.
Anything else is refused, even if many readers would agree on it.
"""

from __future__ import annotations

from evalxl.excel.returned.xml_pass import Refused

PARTS_OF_WORDS = frozenset(("t", "r", "rPh", "rPr", "phoneticPr"))

# Allowed parents of each element.
_INSIDE = {"t": ("", "r", "rPh"), "r": ("",), "rPh": ("",), "rPr": ("r",), "phoneticPr": ("",)}


class Words:
    """Reads the elements within one item.

    Args:
        item: The item's element: `si` for a shared string, `is` within a cell.
    """

    def __init__(self, item: str) -> None:
        self._item = item
        self._open: list[str] = []
        self._pieces: list[str] = []
        self._texts = 0  # of the run, or of the whole item where it has none
        self._runs = self._whole = False

    @property
    def content(self) -> str:
        """The text, without phonetic hints."""
        return "".join(self._pieces)

    def start(self, tag: str) -> None:
        """Handle an opening element.

        Raises:
            Refused: readers disagree on the meaning of an element in this place.
        """
        around = self._open[-1] if self._open else ""
        styling = "rPr" in self._open
        if around == "t" or (tag in _INSIDE and (styling or around not in _INSIDE[tag])) or tag == self._item:
            raise Refused("file.twin_cells")
        if tag == "r":
            self._runs, self._texts = True, 0
        elif tag == "t" and around != "rPh":
            self._texts += 1
            self._whole = self._whole or around == ""
            if self._texts > 1:
                raise Refused("file.twin_cells")
        if self._whole and self._runs:
            raise Refused("file.twin_cells")
        self._open.append(tag)

    def text(self, data: str) -> None:
        if self._open and self._open[-1] == "t" and "rPh" not in self._open:
            self._pieces.append(data)

    def end(self, tag: str) -> bool:
        """Handle a closing element; True if it is the item itself."""
        if not self._open:
            return tag == self._item
        self._open.pop()
        return False
