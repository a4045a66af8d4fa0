"""People at work, for tests: they open an issued workbook, type into its cells by their names, and save it.

openpyxl stands for the person's program here; the tests marked `libreoffice` have a real one type.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import os
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook.workbook import Workbook as Book

from evalxl.cli.main import main
from evalxl.demo.type_into import fill
from evalxl.excel.returned.guard import Refused
from evalxl.excel.returned.workers import Examiner, kept_workers
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.fields import Type
from evalxl.forms.kind import is_kind, kind_named
from tests.standard_parts import FIELDS

GOOD_FORM: Mapping[str, Any] = {
    "ev_self_quality": 37,
    "ev_self_progress": 36,
    "ev_self_conduct": 18,
    "ev_conduct_note": "- Chấp hành tốt giờ làm việc.",
    "ev_task_name": ["Tham mưu báo cáo tuần", "Rà soát văn bản"],
    "ev_task_status": ["Hoàn thành", "Hoàn thành"],
    "ev_task_product": ["Báo cáo số 12", "Danh mục"],
    "ev_task_evidence": ["12-BC/VP", "05-CV/VP"],
    "ev_status": "Đã nộp",
}


def cells(book: Book, name: str) -> list[Any]:
    """The cells of a defined name, top to bottom."""
    ((sheet, reference),) = book.defined_names[name].destinations
    found = book[sheet.replace("''", "'")][reference.replace("$", "")]
    return [cell for row in found for cell in row] if isinstance(found, tuple) else [found]


def type_into(path: Path, values: Mapping[str, Any], to: Path | None = None) -> Path:
    """Open a workbook, type values by name (a list runs down the column, None leaves a cell), save it.

    What a person may type is typed without a workbook library, as in the demo: openpyxl takes most of a test's time. It does everything else.
    """
    to = to or path
    typed = _typed_quickly(path.read_bytes(), values)
    if typed is not None:
        to.write_bytes(typed)
        return says_saved_at(to, datetime.now(UTC))
    book = openpyxl.load_workbook(path)
    for name, value in values.items():
        column = value if isinstance(value, list) else [value]
        for cell, one in zip(cells(book, name), column, strict=False):
            if one is not None:
                cell.value = None if one == "" else one
    book.save(to)
    return to


def _typed_quickly(data: bytes, values: Mapping[str, Any]) -> bytes | None:
    """The workbook with values in cells that are a person's; None where that is not all that is typed."""
    kind = peek_stamp(data).get("kind", "")
    every = [one for value in values.values() for one in _column(value)]
    if not is_kind(kind) or not all(_is_plain(one) for one in every):
        return None
    dates = {entry.name for entry in FIELDS[kind_named(kind)] if entry.type is Type.DATE}
    if any(isinstance(one, date) for name, value in values.items() if name not in dates for one in _column(value)):
        return None  # a program gives such a cell the format of a date
    try:
        return fill(data, kind_named(kind), {name: _typed(value) for name, value in values.items()})
    except (KeyError, Refused, ValueError):
        return None


def _column(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _typed(value: Any) -> Any:
    """A number with a fraction is typed as a number, and not as a text."""
    if isinstance(value, list):
        return [_typed(one) for one in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def _is_plain(value: Any) -> bool:
    """Whether a value means the same to whichever program types it."""
    if isinstance(value, str):
        return not value.startswith(("=", "#")) and value.isprintable()
    return value is None or type(value) in (int, float, date)


def read(path: Path, name: str) -> list[Any]:
    """What stands in the cells of a name."""
    book = openpyxl.load_workbook(path, read_only=True)  # of which one sheet alone is read
    with contextlib.closing(book):
        return [cell.value for cell in cells(book, name)]


@functools.cache
def kept_examiner() -> Examiner:
    """Worker processes that stay for all runs of the tests: starting one takes longer than most runs."""
    return _kept.enter_context(kept_workers(1))


def let_workers_go() -> None:
    _kept.close()


_kept = contextlib.ExitStack()


class OfficeAtWork:
    """An office in a test: runs commands as the office staff do, and lets people fill their workbooks."""

    def __init__(self, folder: Path, week: str = "2025-W23") -> None:
        self.folder, self.week = folder, week
        self.places = folder / "shared"  # the share, for whoever looks for no master, receipt or page
        self.moment: datetime | None = None  # what the clock shows, for a test in which no minute may pass
        self.clock: Callable[[], datetime] = lambda: self.moment or datetime.now()
        self.examiner: Examiner | None = None  # for a test in which something happens while files are read

    @property
    def share(self) -> Path:
        """The share, with everything that is drawn for the weeks."""
        self.draw()
        return self.places

    @share.setter
    def share(self, folder: Path) -> None:
        self.draw()
        self.places = folder

    def draw(self) -> None:
        """Draw what waits for somebody to look at it."""

    def run(self, *words: str) -> int:
        return main(["--office", str(self.folder), *words], self.clock, self.examiner or kept_examiner())

    def form(self, code: str, week: str | None = None) -> Path:
        week = week or self.week
        return next(p for p in (self.places / week).rglob(f"{week}_{code}_*.xlsx") if "forms" in p.parts)

    def scoring(self, code: str) -> Path:
        return next((self.places / self.week).rglob(f"scoring/{self.week}_{code}_cham-diem.xlsx"))

    def approval(self, code: str) -> Path:
        return self.places / self.week / "approval" / f"{self.week}_{code}_phe-duyet.xlsx"

    def master(self, unit: str = "", week: str | None = None) -> Path:
        """The office's master of a week, or a unit's."""
        week = week or self.week
        return self.share / week / (unit or "office") / f"{week}_{unit}_tong-hop.xlsx".replace("__", "_")

    def fill(self, code: str, to: Path | None = None, **changed: Any) -> Path:
        """A person fills the form: the good form, but for what is changed."""
        return type_into(self.form(code), {**GOOD_FORM, **{f"ev_{k}": v for k, v in changed.items()}}, to)

    def manager_of(self, code: str) -> str:
        """Whose scoring workbook has the person's row."""
        for path in (self.places / self.week).rglob("scoring/*.xlsx"):
            if code in read(path, "ev_row_person"):
                return path.stem.removeprefix(f"{self.week}_").removesuffix("_cham-diem")
        raise LookupError(code)

    def score(self, manager: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """A manager types into the rows of some people."""
        self._rows(self.scoring(manager), rows, "ev_score_")

    def approve(self, approver: str, rows: Mapping[str, Mapping[str, Any]], all_rest: bool = False) -> None:
        self._rows(self.approval(approver), rows, "ev_approve_", {"ev_approve_all": "Có"} if all_rest else {})

    def _rows(
        self, path: Path, rows: Mapping[str, Mapping[str, Any]], prefix: str, more: Mapping[str, Any] = {}
    ) -> None:
        people = read(path, "ev_row_person")
        values: dict[str, list[Any]] = {}
        for code, typed in rows.items():
            for name, value in typed.items():
                column = values.setdefault(f"{prefix}{name}", [None] * len(people))
                column[people.index(code)] = value
        type_into(path, {**values, **more})

    def table(self, name: str, what: str | None = None) -> list[dict[str, str]]:
        """A table of the export."""
        to = self.folder.parent / "export"
        assert self.run("export", what or self.week, "--to", str(to)) == 0
        with (to / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def result(self, code: str) -> dict[str, str]:
        return next(row for row in self.table("results") if row["code"] == code)

    def findings(self, code: str | None = None) -> list[str]:
        """Kinds of findings, of everybody or of one person."""
        return [row["kind"] for row in self.table("findings") if code is None or row["code"] == code]

    def events(self) -> int:
        return sum(1 for path in (self.folder / "ledger").glob("*.jsonl") for _ in path.open(encoding="utf-8"))


def says_saved_at(path: Path, moment: datetime | None) -> Path:
    """A workbook as if its program had written this time of saving into it (UTC); None: the program drops all of that."""
    before = path.stat()
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    core = parts.pop("docProps/core.xml", b"")
    if moment is not None and core:
        said = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
        parts["docProps/core.xml"] = _SAID.sub(rb"\g<1>" + said + rb"\g<2>", core)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    os.utime(path, (before.st_atime, before.st_mtime))
    return path


def by_another_clock(path: Path) -> Path:
    """As if the file had come an hour later, and by its own word were older than all others: nobody can tell when it was saved."""
    says_saved_at(path, datetime(2025, 6, 2))
    os.utime(path, (path.stat().st_mtime + 3600,) * 2)
    return path


_SAID = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def saved_at(path: Path, moment: datetime) -> Path:
    """Give a file the time at which it was saved; the time that its program wrote into it stays."""
    stamp = time.mktime(moment.timetuple())
    os.utime(path, (stamp, stamp))
    return path


def saved_later(path: Path, by: timedelta = timedelta(minutes=5)) -> Path:
    """A workbook as if it had been saved some time from now, by both of its times.

    Programs write their own time in whole seconds, and a test saves two files within one.
    """
    return saved_at(says_saved_at(path, datetime.now(UTC) + by), datetime.now() + by)
