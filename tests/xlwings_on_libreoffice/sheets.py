"""Sheets."""

from __future__ import annotations

import numbers
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.xlwings_on_libreoffice.ranges import Range
from tests.xlwings_on_libreoffice.values import Area, area_of

if TYPE_CHECKING:
    from tests.xlwings_on_libreoffice.books import Book, Names


class Sheets(base_classes.Sheets):
    """The sheets of a workbook, in their order."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.api.Sheets

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.api.CurrentController.ActiveSheet)

    def __call__(self, name_or_index: str | int) -> Sheet:
        if isinstance(name_or_index, int):
            if not 1 <= name_or_index <= len(self):
                raise IndexError(name_or_index)
            return Sheet(self.book, self.api.getByIndex(name_or_index - 1))
        for name in self.api.ElementNames:
            if name.lower() == name_or_index.lower():
                return Sheet(self.book, self.api.getByName(name))
        raise KeyError(name_or_index)

    def __contains__(self, name: str) -> bool:
        return name.lower() in (each.lower() for each in self.api.ElementNames)

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, self.api.getByIndex(number)) for number in range(len(self)))

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Insert a sheet, before the active one where nothing else is said, and go to it."""
        at = after.index if after is not None else (before or self.active).index - 1
        name = name or self._free("Sheet")
        self.api.insertNewByName(name, at)
        made = self(name)
        made.activate()
        return made

    def _free(self, word: str) -> str:
        number = len(self) + 1
        while f"{word}{number}" in self:
            number += 1
        return f"{word}{number}"


class Sheet(base_classes.Sheet):
    """A sheet."""

    def __init__(self, book: Book, page: Any) -> None:
        self._book = book
        self._page = page

    @property
    def api(self) -> Any:
        return self._page

    @property
    def book(self) -> Book:
        return self._book

    @property
    def name(self) -> str:
        return str(self._page.Name)

    @name.setter
    def name(self, value: str) -> None:
        self._page.Name = value

    @property
    def names(self) -> Names:
        from tests.xlwings_on_libreoffice.books import Names

        return Names(self._book, self._page.NamedRanges)

    @property
    def index(self) -> int:
        return int(self._page.RangeAddress.Sheet) + 1

    @property
    def size(self) -> tuple[int, int]:
        """Its rows and columns."""
        return int(self._page.Rows.Count), int(self._page.Columns.Count)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """Cells by address, by defined name, by (row, column), or by (row, column, rows, columns)."""
        if isinstance(arg1, numbers.Number) and isinstance(arg2, numbers.Number):
            return Range(self, self._area((arg1, arg2)))
        first = self._area(arg1)
        return Range(self, first if arg2 is None else first.over(self._area(arg2)))

    def _area(self, said: Any) -> Area:
        if isinstance(said, Range):
            return said.area
        if isinstance(said, tuple):
            if 0 in said[:2]:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            row, column, rows, columns = said if len(said) == 4 else (*said, 1, 1)
            return Area(row, column, rows, columns)
        area = area_of(said, *self.size)
        if area is not None:
            return area
        for names in (self.names, self._book.names):
            if names.contains(said):
                found = names(said).refers_to_range
                if found.sheet.name == self.name:
                    return found.area
        raise ValueError(f"the sheet {self.name} has no cells {said}")

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, *self.size))

    @property
    def used_range(self) -> Range:
        cursor = self._page.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return Range.of(self, cursor)

    def activate(self) -> None:
        self._book.api.CurrentController.setActiveSheet(self._page)

    def select(self) -> None:
        self.activate()

    def clear_contents(self) -> None:
        self.used_range.clear_contents()

    def clear_formats(self) -> None:
        self.cells.clear_formats()

    def clear(self) -> None:
        self.clear_contents()
        self.clear_formats()

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def delete(self) -> None:
        if len(self._book.sheets) == 1:
            raise ValueError("a workbook keeps its last sheet")
        self._book.api.Sheets.removeByName(self.name)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copy it before or after a sheet, of this workbook or of another one."""
        beside = after or before
        assert beside is not None
        at = beside.index if after is not None else beside.index - 1
        sheets, target = beside.book.sheets, beside.book.api.Sheets
        name = self.name
        number = 2
        while name in sheets:
            name = f"{self.name} ({number})"
            number += 1
        if beside.book.uid == self._book.uid:
            target.copyByName(self.name, name, at)
        else:
            target.getByIndex(target.importSheet(self._book.api, self.name, at)).Name = name

    def move(self, before: Sheet | None = None, after: Sheet | None = None) -> None:
        beside = after or before
        assert beside is not None
        self._book.api.Sheets.moveByName(self.name, beside.index if after is not None else beside.index - 1)

    @property
    def visible(self) -> bool:
        """A very hidden sheet is a hidden one here."""
        return bool(self._page.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self._page.IsVisible = bool(value)
