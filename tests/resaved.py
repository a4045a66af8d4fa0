"""Re-saved by every program: whatever a program does by habit, nothing is called altered and the same values are read.

    python -m tests.resaved             a short run
    python -m tests.resaved --long      140 workbooks, each saved by every program untouched and filled

LibreOffice types as a person does; then every program opens what was typed and saves it. openpyxl, SheetJS and ExcelJS also type by
themselves. The counts are printed; the exit code is 1 if anything alarmed or was read differently.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalxl.domain.versions.cell_meaning import meaning
from evalxl.excel.returned.examine import Examined, WeekBooks, examine
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from tests.drawn_workbooks import Drawn, books_of, drawn, template
from tests.libreoffice import Office as LibreOffice
from tests.libreoffice import missing as missing_libreoffice
from tests.programs import Node, missing_gnumeric, missing_node, save_by_gnumeric, save_by_openpyxl

# A program saves a workbook as another file, with what it types itself.
Save = Callable[[Path, Path, Mapping[str, Any]], None]

FORMS = 140
TYPES_ITSELF = ("LibreOffice", "openpyxl", "SheetJS", "SheetJS without options", "ExcelJS")


@dataclass
class Programs:
    """The programs of one run."""

    libreoffice: LibreOffice | None = None
    node: Node | None = None
    gnumeric: bool = True

    def all(self) -> dict[str, Save]:
        found: dict[str, Save] = {"openpyxl": lambda path, to, values: save_by_openpyxl(path, to, values)}
        if self.libreoffice is not None:
            found |= {"LibreOffice": self._libreoffice, "LibreOffice by way of ods": self._by_way_of_ods}
        if self.gnumeric:
            found["Gnumeric"] = lambda path, to, _: save_by_gnumeric(path, to)
        if self.node is not None:
            found |= {"SheetJS": self._node("sheetjs"), "ExcelJS": self._node("exceljs")}
            found["SheetJS without options"] = self._node("sheetjs_plain")
        return found

    def _libreoffice(self, path: Path, to: Path, values: Mapping[str, Any]) -> None:
        assert self.libreoffice is not None
        with self.libreoffice.open(path) as document:
            refused = document.fill([(name, row, str(one)) for name, row, one in one_by_one(values)])
            assert refused == [], refused
            document.save_as(to)

    def _by_way_of_ods(self, path: Path, to: Path, values: Mapping[str, Any]) -> None:
        assert self.libreoffice is not None and not values
        self.libreoffice.convert(path, to.with_suffix(".ods"))
        self.libreoffice.convert(to.with_suffix(".ods"), to)

    def _node(self, program: str) -> Save:
        def save(path: Path, to: Path, values: Mapping[str, Any]) -> None:
            assert self.node is not None
            typing = [(*self.place(name, row), one) for name, row, one in one_by_one(values)]
            self.node.save(program, path, to, typing)

        return save

    kind: WorkbookKind = kinds.FORM

    def place(self, name: str, row: int) -> tuple[str, str]:
        place = template(self.kind).layout[name][row]
        return place.sheet, place.cell


def one_by_one(values: Mapping[str, Any]) -> Iterator[tuple[str, int, Any]]:
    """Name, row and value of everything that is typed."""
    for name, value in values.items():
        for row, one in enumerate(value if isinstance(value, list) else [value]):
            if one is not None:
                yield name, row, one


@dataclass
class Told:
    """What came out of a run."""

    saved: Counter[str] = field(default_factory=Counter)
    values: int = 0
    wrong: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.saved.total()


def resave(workbooks: Sequence[Drawn], programs: Programs, folder: Path) -> Told:
    """Have every program save each workbook untouched and filled, and examine what comes back."""
    told, books = Told(), books_of(workbooks)
    for number, one in enumerate(workbooks):
        _resave_one(one, programs, books, told, folder / str(number))
    return told


def _resave_one(one: Drawn, programs: Programs, books: WeekBooks, told: Told, folder: Path) -> None:
    folder.mkdir()
    programs.kind = one.kind
    went_out, filled, back = folder / "out.xlsx", folder / "filled.xlsx", folder / "back.xlsx"
    went_out.write_bytes(one.data)
    saves = programs.all()
    typing = "LibreOffice" if "LibreOffice" in saves else "openpyxl"
    saves[typing](went_out, filled, one.fill)
    expected = examine(filled.read_bytes(), books)
    _judge(one, f"typed by {typing}", expected, expected, told)
    untouched = examine(one.data, books)
    for name, save in saves.items():
        for what, path, values, wanted in (
            ("untouched", went_out, {}, untouched),
            (f"typed by {typing}", filled, {}, expected),
            ("typed by itself", went_out, one.fill, expected),
        ):
            if what == "typed by itself" and (name not in TYPES_ITSELF or name == typing):
                continue
            back.unlink(missing_ok=True)
            save(path, back, values)
            told.saved[f"{name}, {what}"] += 1
            _judge(one, f"{name}, {what}", examine(back.read_bytes(), books), wanted, told)


def _read(seen: Examined) -> tuple[Any, ...]:
    """What is read of a file, however the program wrote it."""
    typed = [{**cell, "value": meaning(cell["value"])} for cell in seen.typed]
    return seen.verdict, seen.content, typed, seen.cells


def _judge(one: Drawn, what: str, seen: Examined, wanted: Examined, told: Told) -> None:
    told.notes.update(finding.kind for finding in seen.findings if finding.level == "note")
    alarms = [finding.brief() for finding in seen.findings if finding.level != "note"]
    same = _read(seen) == _read(wanted)
    told.values += len(seen.cells) + len(seen.typed)
    if alarms or not same or wanted.verdict not in ("waiting", "submitted", "read"):
        difference = [
            str(name) for name in {**seen.cells, **wanted.cells} if seen.cells.get(name) != wanted.cells.get(name)
        ]
        told.wrong.append(f"{one.kind.name} {what}: {seen.verdict} {alarms[:5]} {difference[:5]}")


def mixed(count: int) -> list[Drawn]:
    """Mostly forms, and some of every other kind."""
    others = [kinds.UNIT_FORM, kinds.SCORING, kinds.APPROVAL]
    return [drawn(others[number // 5 % 3] if number % 5 == 4 else kinds.FORM, number) for number in range(count)]


def main(arguments: Sequence[str]) -> int:
    """Run, and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.resaved")
    parser.add_argument("--long", action="store_true")
    count = FORMS if parser.parse_args(arguments).long else 10
    for reason in (missing_libreoffice(), missing_gnumeric(), missing_node()):
        if reason:
            print(f"left out: {reason}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(
            None if missing_libreoffice() else LibreOffice(Path(folder)),
            None if missing_node() else Node(),
            not missing_gnumeric(),
        )
        try:
            told = resave(mixed(count), programs, Path(folder))
        finally:
            if programs.libreoffice is not None:
                programs.libreoffice.close()
            if programs.node is not None:
                programs.node.close()
    for name, number in sorted(told.saved.items()):
        print(f"{number:6,}  {name}")
    print(f"{told.total:6,} workbooks saved, {count:,} issued; {told.values:,} typed values read", end="; ")
    print(f"{len(told.wrong)} alarms or differences; {time.monotonic() - began:.0f} s")
    print("notes: " + ", ".join(f"{kind} {number:,}" for kind, number in sorted(told.notes.items())))
    for line in told.wrong[:20]:
        print("  " + line)
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
