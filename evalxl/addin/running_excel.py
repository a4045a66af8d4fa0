"""What a job does in the running Excel, as one xlwings script. The tests run it unchanged on LibreOffice through their own engine.

It uses only defined names, and must never break the job: a failed action is a line in the log, and the job goes on.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwings

from evalxl.addin.caller import Caller, HandoverResult
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms import kinds
from evalxl.forms.fields import NOT_SCORED, NOT_SEEN
from evalxl.forms.kind import OWN_OUTPUTS
from evalxl.records.publish import is_open, publish
from evalxl.steps.refresh.open_workbook import OpenWorkbook, Said, said

# While a workbook is replaced, its unsaved typed values are in this file of the job's own folder.
SAFE = "typed-{}.json"

_PATIENCE = 20  # times half a second: while somebody is typing in a cell, Excel refuses until Enter is pressed

# A text that neither program reads as a number, a date or a formula.
_PLAIN = re.compile(r"[^\W\d_]+( [^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Position:
    """The selected cell in a workbook."""

    path: Path
    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class _Typed:
    """A cell typed into since the last save: name and row, and its row in the refreshed workbook."""

    name: str
    row: int
    to: int | None
    value: Any


def running(hwnd: str, wb: str, folder: Path, log: Callable[[str], object]) -> RunningProgram | None:
    """The running program of a call: found by its window, else by a workbook open in it, else the only running one."""
    _be_patient()
    apps = list(xlwings.apps)
    matching = [app for app in apps if hwnd and str(app.hwnd) == hwnd]
    matching = matching or [app for app in apps if wb and any(book.name.lower() == wb.lower() for book in app.books)]
    app = matching[0] if matching else apps[0] if len(apps) == 1 else None
    return RunningProgram(app, folder, log) if app is not None else None


def _be_patient() -> None:
    """Limit the retries of xlwings on a busy Excel to ten seconds; by default it retries forever."""
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        vars(windows)["N_COM_ATTEMPTS"] = 100
        with contextlib.suppress(ImportError):
            import pythoncom

            pythoncom.CoInitialize()  # the thread may be any thread of the agent


class RunningProgram(Caller):
    """A running Excel, or a LibreOffice under the same script."""

    def __init__(self, app: Any, folder: Path, log: Callable[[str], object]) -> None:
        self.app = app
        self.folder = folder
        self._log = log
        self._made_way: list[_Position] = []
        self._silent = False
        self._last_word = 0.0

    def open_books(self) -> Mapping[Path, str]:
        forms: dict[Path, str] = {}
        with self._careful("look for open workbooks"):
            for book in self._books():
                with self._careful("look at an open workbook"):
                    if _value_of_name(book, "ev_stamp_kind") == kinds.SCORING.name:
                        forms[Path(book.fullname)] = _value_of_name(book, "ev_stamp_form_id")
        return forms

    def make_way(self, what: str) -> None:
        with self._careful("close masters"):
            for book in self._books():
                if _stamp_of(book).get("week") == what:
                    self._made_way.append(self._stood(book))
                    book.close()

    def report(self, text: str) -> None:
        if self._silent or time.monotonic() - self._last_word < 1:
            return
        self._silent = True  # until it works: a program that does not answer is not asked again
        with self._careful("say how far the job is"):
            self.app.status_bar = text
            self._silent = False
        self._last_word = time.monotonic()

    def put_in_place(self, books: Sequence[OpenWorkbook]) -> HandoverResult:
        carried = HandoverResult()
        for workbook in books:
            became = HandoverResult(left=1)
            with self._careful("put a refreshed workbook in its place"):
                became = self._put_in_place(workbook)
            carried += HandoverResult(kept=1) if self._safe(workbook).exists() else became
        return carried

    def come_back(self) -> None:
        made_way, self._made_way = self._made_way, []
        for stood in made_way:
            with self._careful("open a master again"):
                self._go_to(stood)
        with self._careful("give the status bar back"):
            self.app.status_bar = False

    def go_to(self, path: Path, sheet: str, row: int) -> None:
        with self._careful("go to the result"):
            self._go_to(_Position(path, sheet, row, 1))

    # Private

    @contextlib.contextmanager
    def _careful(self, act: str) -> Iterator[None]:
        try:
            yield
        except Exception as slip:
            self._log(f"could not {act} in the running program: {type(slip).__name__}")

    def _books(self) -> list[Any]:
        """The open workbooks, once the program answers."""
        for attempt in range(_PATIENCE):
            try:
                return [book for book in self.app.books if book.name]
            except Exception:
                if attempt == _PATIENCE - 1:
                    raise
                time.sleep(0.5)
        return []

    def _book_at(self, path: Path) -> Any:
        for book in self._books():
            other = Path(book.fullname)
            if other == path or (other.exists() and path.exists() and other.samefile(path)):
                return book
        return None

    def _stood(self, book: Any) -> _Position:
        book.activate()
        chosen = self.app.selection
        row, column = (chosen.row, chosen.column) if chosen is not None else (1, 1)
        return _Position(Path(book.fullname), book.sheets.active.name, row, column)

    def _go_to(self, place: _Position) -> None:
        book = self._book_at(place.path)
        if book is None:
            self._close_namesake(place.path)
            book = self.app.books.open(str(place.path))
        book.activate()
        if place.sheet in book.sheet_names:
            sheet = book.sheets[place.sheet]
            sheet.activate()
            sheet.range((max(place.row, 1), max(place.column, 1))).select()

    def _close_namesake(self, path: Path) -> None:
        """Close an open workbook of evalxl with the same name: programs open only one per name, and masters of units and office share a name."""
        for book in self._books():
            if book.name.lower() == path.name.lower() and _stamp_of(book):
                book.close()

    def _put_in_place(self, workbook: OpenWorkbook) -> HandoverResult:
        book = self._book_at(workbook.path)
        if book is None or _value_of_name(book, "ev_stamp_form_id") != workbook.shown:
            return HandoverResult(left=1)
        typed = typed_since(book, workbook)
        if any(cell.to is None for cell in typed):
            return HandoverResult(
                left=1
            )  # somebody's row is gone from the refreshed one: nothing that was typed there may be lost
        stood = self._stood(book)
        self._keep_safe(workbook, typed)
        book.close()
        placed = False
        try:
            if _is_released(workbook.path):
                placed = publish(workbook.path, workbook.data, workbook.keeper).state != "waiting"
        finally:
            again = self._type_again(workbook, typed, placed)
            self._go_to(stood)
        return HandoverResult(placed=1, again=again) if placed else HandoverResult(left=1)

    def _type_again(self, workbook: OpenWorkbook, typed: Sequence[_Typed], placed: bool) -> int:
        """Put the typed values back; gives the number of rows to be decided again."""
        book = self.app.books.open(str(workbook.path))
        again = 0
        for cell in typed:
            row = cell.row
            if placed:
                assert cell.to is not None
                row = cell.to
                if (
                    cell.name == "ev_score_decision"
                    and cell.row in workbook.other
                    and said(cell.value) not in ("", NOT_SCORED, NOT_SEEN)
                ):
                    again += 1
                    continue
                if _same(cell.value, workbook.new[cell.name][row]):
                    continue
            _type(book.names[cell.name].refers_to_range[row], cell.value)
        self._safe(workbook).unlink(missing_ok=True)
        return again

    def _keep_safe(self, workbook: OpenWorkbook, typed: Sequence[_Typed]) -> None:
        if typed:
            cells = [[cell.name, cell.row, said(cell.value)] for cell in typed]
            record = {"file": str(workbook.path), "form_id": workbook.shown, "typed": cells}
            self._safe(workbook).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def _safe(self, workbook: OpenWorkbook) -> Path:
        return self.folder / SAFE.format(workbook.shown[:8])


def typed_since(book: Any, workbook: OpenWorkbook) -> list[_Typed]:
    """The cells of an open workbook typed into since it was last saved."""
    typed = []
    for name, saved in workbook.saved.items():
        if name not in book.names:
            continue  # an office's own template may leave columns out
        column = book.names[name].refers_to_range.options(ndim=1, err_to_str=True).value
        for row, (value, before, to) in enumerate(zip(column, saved, workbook.rows[name], strict=False)):
            if not _same(value, before):
                typed.append(_Typed(name, row, to, value))
    return typed


def _same(value: Any, other: Said) -> bool:
    mine = said(value)
    if isinstance(mine, float) and isinstance(other, float):
        return abs(mine - other) < 1e-6
    if isinstance(mine, str) and isinstance(other, str):
        return unicodedata.normalize("NFC", mine) == unicodedata.normalize("NFC", other)
    return False


def _type(cell: Any, value: Any) -> None:
    """Put a value into a cell unchanged: a text stays a text, even if the program would convert it."""
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value.upper() not in ("TRUE", "FALSE")
    if isinstance(value, str) and not plain and cell.number_format != "@":
        value = f"'{value}"
    cell.value = value


def _value_of_name(book: Any, name: str) -> str:
    """The content of a named cell; empty if the workbook does not have the name."""
    return str(book.names[name].refers_to_range.value or "") if name in book.names else ""


def _stamp_of(book: Any) -> Mapping[str, str]:
    """The stamp of one of evalxl's own outputs, from its file; empty for any other workbook."""
    path = Path(book.fullname)
    stamp = peek_stamp(path.read_bytes()) if path.is_file() else {}
    return stamp if stamp.get("kind") in OWN_OUTPUTS else {}


def _is_released(path: Path) -> bool:
    """Whether nobody has a file open any more. A program removes its owner file a moment after closing."""
    for _ in range(10):
        if not is_open(path):
            return True
        time.sleep(0.2)
    return False
