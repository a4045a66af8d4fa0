"""Workbooks and their names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.xlwings_on_libreoffice.connection import (
    FILTERS,
    LibreOfficeError,
    named_values,
    path_of,
    properties,
    url_of,
)
from tests.xlwings_on_libreoffice.ranges import Range
from tests.xlwings_on_libreoffice.sheets import Sheet, Sheets
from tests.xlwings_on_libreoffice.values import area_of, quoted

if TYPE_CHECKING:
    from tests.xlwings_on_libreoffice.apps import App


class Books(base_classes.Books):
    """The open workbooks of one LibreOffice."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.desktop.Components

    def active_or_none(self) -> Book | None:
        documents = self.app.documents()
        active = self.app.active
        if active is not None and active.uid in [document.RuntimeUID for document in documents]:
            return Book(self.app, active.api)
        return Book(self.app, documents[-1]) if documents else None

    @property
    def active(self) -> Book:
        book = self.active_or_none()
        if book is None:
            raise LibreOfficeError("no workbook is open")
        return book

    def __call__(self, name_or_index: str | int) -> Book:
        books = list(self)
        if isinstance(name_or_index, int):
            return books[name_or_index - 1]
        for book in books:
            if book.name.lower() == name_or_index.lower():
                return book
        raise KeyError(name_or_index)

    def __contains__(self, name: str) -> bool:
        return any(book.name.lower() == name.lower() for book in self)

    def __len__(self) -> int:
        return len(self.app.documents())

    def __iter__(self) -> Iterator[Book]:
        return (Book(self.app, document) for document in self.app.documents())

    def add(self) -> Book:
        return self._opened(
            self.app.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ()), "a new one"
        )

    def open(
        self,
        fullname: str,
        update_links: Any = None,
        read_only: bool | None = None,
        format: Any = None,
        password: str | None = None,
        *others: Any,
        **more: Any,
    ) -> Book:
        """Open a file. Excel's other wishes (converter, delimiter, …) mean nothing here."""
        wishes: dict[str, Any] = {"ReadOnly": bool(read_only), "MacroExecutionMode": 0, "UpdateDocMode": 0}
        if password:
            wishes["Password"] = password
        try:
            document = self.app.desktop.loadComponentFromURL(url_of(fullname), "_blank", 0, properties(**wishes))
        except Exception as slip:
            raise LibreOfficeError(f"LibreOffice could not open {fullname}: {type(slip).__name__}") from slip
        return self._opened(document, fullname)

    def _opened(self, document: Any, name: str) -> Book:
        # Where somebody else holds the file, or the password is wrong, LibreOffice without a window answers with nothing.
        if document is None:
            raise LibreOfficeError(f"LibreOffice could not open {name}: is it a workbook that nobody else holds?")
        if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            document.close(False)
            raise LibreOfficeError(f"{name} is no workbook")
        book = Book(self.app, document)
        book.activate()
        return book


class Book(base_classes.Book):
    """An open workbook."""

    def __init__(self, app: App, document: Any) -> None:
        self._app = app
        self._document = document
        self.uid = str(document.RuntimeUID)

    @property
    def api(self) -> Any:
        return self._document

    @property
    def app(self) -> App:
        return self._app

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    @property
    def fullname(self) -> str:
        """The path; of a workbook that was never saved its title."""
        return path_of(self._document.URL) if self._document.URL else str(self._document.Title)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self, self._document.NamedRanges)

    def activate(self) -> None:
        self._app.active = self
        window = self._document.CurrentController.Frame.ContainerWindow
        window.setFocus()

    def close(self) -> None:
        """Close without saving, and without asking."""
        if self._app.active is not None and self._app.active.uid == self.uid:
            self._app.active = None
        self._document.close(False)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save in place; with a path under that name from now on, as the kind of file that its suffix says."""
        if path is None and self._document.hasLocation() and password is None:
            self._document.store()
            return
        target = os.path.realpath(path or (self.fullname if self._document.hasLocation() else f"{self.name}.xlsx"))
        suffix = Path(target).suffix.lower()
        if suffix not in FILTERS or suffix == ".pdf":
            raise ValueError(f"a workbook cannot be saved as {suffix or 'a file without a suffix'}")
        wishes: dict[str, Any] = {"FilterName": FILTERS[suffix], "Overwrite": True}
        if password and suffix in (".xlsx", ".xlsm"):
            wishes["EncryptionData"] = named_values(CryptoType="Standard", OOXPassword=password)
        elif password:
            wishes["Password"] = password
        self._document.storeAsURL(url_of(target), properties(**wishes))

    def to_pdf(self, path: str, quality: Any = None) -> None:
        self._document.storeToURL(url_of(path), properties(FilterName=FILTERS[".pdf"], Overwrite=True))

    def sheet_of(self, cells: Any) -> Sheet:
        return Sheet(self, cells.Spreadsheet)


class Names(base_classes.Names):
    """The defined names of a workbook, or of one of its sheets."""

    def __init__(self, book: Book, ranges: Any) -> None:
        self.book = book
        self._ranges = ranges

    @property
    def api(self) -> Any:
        return self._ranges

    def _key(self, name: str) -> str | None:
        """As it is written: names are the same in any case."""
        if self._ranges.hasByName(name):
            return name
        return next((each for each in self._ranges.ElementNames if each.lower() == name.lower()), None)

    def __call__(self, name_or_index: str | int) -> Name:
        key = (
            self._ranges.ElementNames[name_or_index - 1] if isinstance(name_or_index, int) else self._key(name_or_index)
        )
        if key is None:
            raise KeyError(name_or_index)
        return Name(self, key)

    def contains(self, name_or_index: str | int) -> bool:
        if isinstance(name_or_index, int):
            return 1 <= name_or_index <= len(self)
        return self._key(name_or_index) is not None

    def __len__(self) -> int:
        return int(self._ranges.Count)

    def add(self, name: str, refers_to: str) -> Name:
        """Name cells, by a reference as Excel writes it: `='Sheet 1'!$A$1:$B$2`."""
        if (old := self._key(name)) is not None:
            self._ranges.removeByName(old)
        origin = self.book.api.Sheets.getByIndex(0).getCellByPosition(0, 0).CellAddress
        self._ranges.addNewByName(name, self.content(refers_to), origin, 0)
        return Name(self, name)

    def content(self, refers_to: str) -> str:
        """A reference as LibreOffice writes it."""
        said = refers_to.removeprefix("=")
        sheet, mark, address = said.rpartition("!")
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        page = self.book.sheets(name) if mark else self.book.sheets.active
        area = area_of(address, *page.size)
        if area is None:
            raise ValueError(f"only cells can be named, not {refers_to}")
        return str(Range(page, area).api.AbsoluteName)


class Name(base_classes.Name):
    """A defined name."""

    def __init__(self, names: Names, name: str) -> None:
        self._names = names
        self._name = name

    @property
    def api(self) -> Any:
        return self._names.api.getByName(self._name)

    def delete(self) -> None:
        self._names.api.removeByName(self._name)

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.setName(value)
        self._name = value

    @property
    def refers_to(self) -> str:
        cells = self.api.ReferredCells
        if cells is None:
            return f"={self.api.Content}"
        found = self.refers_to_range
        return f"={quoted(found.sheet.name)}!{found.address}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.setContent(self._names.content(value))

    @property
    def refers_to_range(self) -> Range:
        cells = self.api.ReferredCells
        if cells is None:
            raise LibreOfficeError(f"the name {self._name} stands for no cells")
        return Range.of(self._names.book.sheet_of(cells), cells)
