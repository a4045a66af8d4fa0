"""The engine, and the LibreOffices that it speaks to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xlwings import base_classes

from tests.xlwings_on_libreoffice.books import Book, Books
from tests.xlwings_on_libreoffice.connection import Connection, properties
from tests.xlwings_on_libreoffice.ranges import Range
from tests.xlwings_on_libreoffice.sheets import Sheet
from tests.xlwings_on_libreoffice.values import into_cell, out_of_cell


class Engine:
    """What xlwings asks of an engine."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self, connect: str = "", soffice: str = "") -> None:
        self.apps = Apps(self, connect, soffice)

    def prepare_xl_data_element(self, value: Any, options: Any) -> Any:
        """Make a value ready for a cell."""
        return into_cell(value)

    def clean_value_data(
        self,
        data: Sequence[Sequence[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """Make what stood in cells ready for a script."""
        return [
            [out_of_cell(one, datetime_builder, empty_as, number_builder, err_to_str) for one in row] for row in data
        ]


class Apps(base_classes.Apps):
    """The LibreOffices that were started here or reached; the last one is the active one."""

    def __init__(self, engine: Engine, connect: str, soffice: str) -> None:
        self.engine = engine
        self._connect, self._soffice = connect, soffice
        self._running: list[App] = []

    def _all(self) -> list[App]:
        if self._connect and not self._running:
            self._running.append(App(self, Connection(connect=self._connect)))
        return self._running

    def keys(self) -> list[int]:
        return [app.pid for app in self._all()]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:
        app = App(self, Connection(soffice=str(spec or self._soffice)))
        self._running.append(app)
        if add_book:
            app.books.add()
        return app

    def forget(self, app: App) -> None:
        self._running = [one for one in self._running if one is not app]

    @staticmethod
    def cleanup() -> None:
        """Nothing is left behind that would need it."""

    def __iter__(self) -> Iterator[App]:
        return iter(self._all()[::-1])

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, pid: int) -> App:
        for app in self._all():
            if app.pid == pid:
                return app
        raise KeyError(pid)


class App(base_classes.App):
    """One running LibreOffice."""

    def __init__(self, apps: Apps, connection: Connection) -> None:
        self._apps = apps
        self.connection = connection
        self.desktop = connection.desktop
        self.engine = apps.engine
        self.active: Any = None  # the document that was made, opened or activated last
        self._status: Any = None
        self._said: Any = False
        self._flags = {"screen_updating": True, "display_alerts": True, "enable_events": True, "interactive": True}

    @property
    def api(self) -> Any:
        return self.desktop

    @property
    def pid(self) -> int:
        return self.connection.pid

    @property
    def hwnd(self) -> int:
        """Told apart by its process: without a window there is no handle."""
        return self.connection.pid

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        book = self.books.active_or_none()
        if book is None:
            return None
        selected = book.api.CurrentController.getSelection()
        if selected is None or not hasattr(selected, "RangeAddress"):
            return None
        return Range.of(Sheet(book, selected.Spreadsheet), selected)

    def activate(self, steal_focus: bool = False) -> None:
        others = [app for app in self._apps._running if app is not self]
        self._apps._running = [*others, self]

    @property
    def visible(self) -> bool:
        """Never: it runs without a window."""
        return False

    @visible.setter
    def visible(self, visible: bool) -> None:
        pass

    def quit(self) -> None:
        for book in list(self.books):
            book.close()
        self._apps.forget(self)
        self.connection.close()

    def kill(self) -> None:
        self._apps.forget(self)
        self.connection.kill()

    @property
    def version(self) -> str:
        provider = self.connection.service("com.sun.star.configuration.ConfigurationProvider")
        access = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", properties(nodepath="/org.openoffice.Setup/Product")
        )
        return str(access.ooSetupVersion)

    # Switches that Excel has; here they are remembered and change nothing: without a window there is nothing to hold back.

    @property
    def screen_updating(self) -> bool:
        return self._flags["screen_updating"]

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self._flags["screen_updating"] = value

    @property
    def display_alerts(self) -> bool:
        return self._flags["display_alerts"]

    @display_alerts.setter
    def display_alerts(self, value: bool) -> None:
        self._flags["display_alerts"] = value

    @property
    def enable_events(self) -> bool:
        return self._flags["enable_events"]

    @enable_events.setter
    def enable_events(self, value: bool) -> None:
        self._flags["enable_events"] = value

    @property
    def interactive(self) -> bool:
        return self._flags["interactive"]

    @interactive.setter
    def interactive(self, value: bool) -> None:
        self._flags["interactive"] = value

    @property
    def calculation(self) -> str:
        book = self.books.active_or_none()
        return "automatic" if book is None or book.api.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.books:
            book.api.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        for book in self.books:
            book.api.calculateAll()

    @property
    def status_bar(self) -> Any:
        """What a script said; False where the program speaks for itself again, as in Excel."""
        return self._said

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        if self._status is not None:
            self._status.end()
        self._status, self._said = None, value
        book = self.books.active_or_none()
        if value is not False and book is not None:
            self._status = book.api.CurrentController.Frame.createStatusIndicator()
            self._status.start(str(value), 100)

    def documents(self) -> list[Any]:
        """The workbooks that are open, in the order in which they were opened."""
        found, each = [], self.desktop.Components.createEnumeration()
        while each.hasMoreElements():
            document = each.nextElement()
            if document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(document)
        return sorted(found, key=lambda document: int(document.RuntimeUID))

    def book(self, document: Any) -> Book:
        return Book(self, document)
