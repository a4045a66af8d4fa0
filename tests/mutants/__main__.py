"""Alters filled workbooks, lets evalxl read and LibreOffice see them, and prints what was booked otherwise than shown without a word: `python -m tests.mutants`."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import read_rulebook
from evalxl.excel.returned.examine import Examined, WeekBooks, examine
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds as workbooks
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.rows import RowReader
from evalxl.forms.values import Typed
from evalxl.records.package_files import shipped
from tests.drawn_workbooks import Drawn, books_of, drawn
from tests.libreoffice import Office as LibreOffice
from tests.mutants.kinds import Cells, Kind, kinds
from tests.mutants.package import Package

WORKBOOKS = (workbooks.FORM, workbooks.SCORING, workbooks.APPROVAL, workbooks.FOLLOW_UP, workbooks.PERIOD_INPUT)
# The names of the cells that an alteration is tried on.
NAMES: dict[WorkbookKind, dict[Cells, tuple[str, ...]]] = {
    workbooks.FORM: {
        "score": ("ev_self_quality", "ev_self_progress", "ev_self_conduct"),
        "date": ("ev_plan_due",),
        "choice": ("ev_status",),
        "identity": ("ev_person_code", "ev_person_name"),
    },
    workbooks.SCORING: {
        "score": ("ev_score_quality", "ev_score_progress", "ev_score_conduct"),
        "date": ("ev_assign_due",),
        "choice": ("ev_score_decision",),
        "identity": ("ev_row_person", "ev_row_name"),
        "locked score": ("ev_row_self_quality", "ev_row_self_total"),
    },
    workbooks.APPROVAL: {
        "score": ("ev_approve_quality", "ev_approve_progress", "ev_approve_conduct"),
        "choice": ("ev_approve_decision",),
        "identity": ("ev_row_person", "ev_row_name"),
        "locked score": ("ev_row_score_quality", "ev_row_score_total"),
    },
    workbooks.FOLLOW_UP: {
        "date": ("ev_follow_talk_date", "ev_follow_deadline"),
        "choice": ("ev_follow_state", "ev_difficulty_state"),
        "identity": ("ev_follow_person", "ev_follow_name", "ev_difficulty_person", "ev_difficulty_name"),
    },
    workbooks.PERIOD_INPUT: {
        "choice": ("ev_period_decision",),
        "identity": ("ev_period_person", "ev_period_name"),
        "locked score": ("ev_period_mean",),
    },
}
# What a row of a workbook with rows is known by.
PEOPLE = ("ev_row_person", "ev_follow_person", "ev_period_person")
# Under the letter, which asks for no points of a period, their columns go out hidden.
HIDDEN_AT_ISSUE = ("a column of width 0", workbooks.PERIOD_INPUT)
RULES = read_rulebook((shipped("rulebooks") / "cv-8679-2025.toml").read_bytes(), "drawn")
SEEDS = 5  # workbooks of each kind that are altered


@dataclass(frozen=True)
class Mutant:
    kind: Kind
    workbook: WorkbookKind
    seed: int
    name: str
    row: int

    def __str__(self) -> str:
        return f"{self.workbook.name} {self.seed}, {self.name} row {self.row}: {self.kind.name}"


@dataclass
class Tally:
    """What became of the mutants."""

    tried: int = 0
    kinds: set[str] = field(default_factory=set)
    silent: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        lines = [
            f"{self.tried} mutants of {len(self.kinds)} kinds: booked otherwise than shown without a word {len(self.silent)}, honest ones refused {len(self.refused)}"
        ]
        return "\n".join(
            [*lines, *(f"  silent: {one}" for one in self.silent), *(f"  refused: {one}" for one in self.refused)]
        )


def mutants(number: int, seed: int = 1) -> Iterator[Mutant]:
    """So many mutants, every kind in turn."""
    draw = Random(seed)
    ways = [
        (kind, workbook, cells)
        for kind in kinds()
        for workbook in WORKBOOKS
        for cells in kind.cells
        if cells in NAMES[workbook] and (kind.name, workbook) != HIDDEN_AT_ISSUE
    ]
    draw.shuffle(ways)
    for n in range(number):
        kind, workbook, cells = ways[n % len(ways)]
        which = draw.randrange(SEEDS)
        name = draw.choice(NAMES[workbook][cells])
        values = _filled(workbook, which)[0].values
        people = next((values[column] for column in PEOPLE if column in values), ["one"])
        yield Mutant(kind, workbook, which, name, 0 if cells == "date" else draw.randrange(len(people)))


@cache
def _filled(workbook: WorkbookKind, seed: int) -> tuple[Drawn, bytes, WeekBooks, Examined]:
    """A workbook as people filled it, with scores that are not whole, and what evalxl reads in it."""
    one = drawn(workbook, seed)
    fill = dict(one.fill)
    if workbook is workbooks.APPROVAL:
        rows = len(fill["ev_approve_decision"])
        fill["ev_approve_decision"] = ["Phê duyệt có điều chỉnh"] * rows
        for part, value in (("quality", "33.5"), ("progress", "31.5"), ("conduct", "16.5")):
            fill[f"ev_approve_{part}"] = [Decimal(value)] * rows
    for name, value in fill.items():
        if name.endswith(("_quality", "_progress", "_conduct", "_common")):
            fill[name] = (
                [Decimal("7.5") + n % 9 for n, _ in enumerate(value)] if isinstance(value, list) else Decimal("17.5")
            )
    data = Stencil(one.data, workbook).stamp(fill, {})
    books = books_of([one])
    read = examine(data, books)
    assert read.verdict in ("submitted", "read"), (workbook, seed, read.findings)
    return one, data, books, read


def run(number: int, libreoffice: LibreOffice, folder: Path, seed: int = 1) -> Tally:
    """Try so many mutants."""
    tally = Tally()
    for n, mutant in enumerate(mutants(number, seed)):
        tally.tried += 1
        tally.kinds.add(mutant.kind.name)
        one, data, books, before = _filled(mutant.workbook, mutant.seed)
        package = Package(data)
        sheet, at = package.place(mutant.name, mutant.row)
        mutant.kind.alter(package, sheet, at, Random(f"{seed} {n}"))
        altered = package.packed()
        read = examine(altered, books)
        said = list(read.findings)
        booked = _booked(mutant, read, one, (sheet, at), said)
        told = any(_names(finding, at) for finding in said)
        alarms = [finding for finding in said if finding.level == "error"]
        if mutant.kind.honest and (read.verdict != before.verdict or alarms or booked is None):
            tally.refused.append(f"{mutant}: {read.verdict} {[finding.kind for finding in said]}")
            continue
        if read.verdict not in ("submitted", "read") or booked is None or told:
            tally.said["said"] += 1
            continue
        path = folder / f"{n}.xlsx"
        path.write_bytes(altered)
        if mutant.kind.covered:
            tally.silent.append(str(mutant))
        elif mutant.kind.by_page:
            before_page = _page(libreoffice, data, folder / "before.xlsx")
            if _page(libreoffice, altered, path) != before_page:
                tally.silent.append(str(mutant))
        else:
            seen = _seen(libreoffice, path, sheet, at)
            path.write_bytes(data)
            if not shows(seen, booked) and seen != _seen(libreoffice, path, sheet, at):
                tally.silent.append(f"{mutant}: shown {seen!r}, booked {booked!r}")
        path.unlink(missing_ok=True)
    return tally


def _seen(libreoffice: LibreOffice, path: Path, sheet: str, at: str) -> str:
    with libreoffice.open(path) as document:
        return document.text(sheet, at)


def _names(finding: Finding, at: str) -> bool:
    """Whether a finding leads to a cell: it names it, or counts it among more cells of its row or column than it names."""
    if finding.cell == at or at in re.split(r"[^A-Z0-9]+", " ".join(map(str, finding.values.values()))):
        return True
    column, row = at.rstrip("0123456789"), at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return "(+" in str(finding.values.get("cells")) and bool(re.fullmatch(rf"{column}\d+|[A-Z]+{row}", finding.cell))


def _booked(mutant: Mutant, read: Examined, one: Drawn, place: tuple[str, str], said: list[Finding]) -> Any:
    """What is booked of the cell: the typed value that was taken, or what a locked cell stands for; None where it was not taken.

    Args:
        said: Is given what reading the cell finds.
    """
    if mutant.name not in one.fill and mutant.name in one.values:
        value = one.values[mutant.name]
        return value[mutant.row] if isinstance(value, list) else value
    if mutant.workbook is workbooks.FORM:
        content = read.content or {}
        if mutant.name == "ev_status":
            return "Đã nộp" if read.verdict == "submitted" else None
        if mutant.name == "ev_plan_due":
            return _date(content["plan"][0].get("due")) if content.get("plan") else None
        score = (content.get("scores") or {}).get(mutant.name.removeprefix("ev_self_"))
        return Decimal(str(score)) if score is not None else None
    typed = next(
        (one for one in read.typed if one["name"] == mutant.name and (one["sheet"], one["cell"]) == place), None
    )
    if typed is None:
        return None
    reader = RowReader(mutant.workbook, "", RULES, lambda _: Typed.from_record(typed["value"]), lambda _: ("", *place))
    value: Any
    if mutant.name.endswith(("_due", "_date", "_deadline")):
        value = reader.date(mutant.name)
    elif mutant.name.endswith(("_decision", "_state")):
        value = reader.choice(mutant.name)
    else:
        prefix, _, part = mutant.name.rpartition("_")
        value = reader.scores(prefix).part(part)
    said += reader.findings
    return None if reader.refused or value == "" else value


def _date(raw: Any) -> date | None:
    if raw is None:
        return None
    text = str(raw)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text[:10]):
        return date.fromisoformat(text[:10])
    return date(1899, 12, 30) + timedelta(days=int(float(text)))


def shows(seen: str, booked: Any) -> bool:
    """Whether what LibreOffice shows means what is booked: the same number, day or words."""
    said = " ".join(seen.replace("\u00a0", " ").split())
    if isinstance(booked, Decimal):
        return _number(said) == booked
    if isinstance(booked, date):
        digits = re.findall(r"\d+", said)
        return (
            bool(digits)
            and all(int(one) in (booked.day, booked.month, booked.year, booked.year % 100) for one in digits)
            and re.sub(r"[\d/.\- ]", "", said) == ""
        )
    return said == " ".join(str(booked).split())


_NUMBER = re.compile(r"(-?)\s*(\d+(?:[.,]\d+)?)(?:E([+-]?\d+)|\s+(\d+)/(\d+)|/(\d+))?")


def _number(said: str) -> Decimal | None:
    """The one number of a text, as a reader understands it; None where there is none, more than one, or anything that is read as a part of it."""
    found = list(_NUMBER.finditer(said))
    rest = _NUMBER.sub("", said)
    marks = re.search(r"[\u202a-\u202e\u2066-\u2069]", said)
    if len(found) != 1 or re.search(r"[\d%‰₀-₉⁰-⁹]", rest) or marks or not said.isprintable():
        return None
    sign, whole, power, top, bottom, below = found[0].groups()
    value = Fraction(whole.replace(",", ".")) * Fraction(10) ** int(power or 0) / int(below or 1)
    value += Fraction(int(top), int(bottom)) if top else 0
    return Decimal(value.numerator) / Decimal(value.denominator) * (-1 if sign else 1)


def _page(libreoffice: LibreOffice, data: bytes, path: Path) -> str:
    """The words of the printed workbook."""
    path.write_bytes(data)
    libreoffice.convert_to_pdf(path, path.with_suffix(".pdf"))
    return subprocess.run(
        ["pdftotext", "-layout", str(path.with_suffix(".pdf")), "-"], capture_output=True, check=True
    ).stdout.decode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="6,000 mutants")
    parser.add_argument("--number", type=int, default=0, help="how many; 600 where nothing is said")
    parser.add_argument("--seed", type=int, default=1, help="other mutants by another number")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        libreoffice = LibreOffice(Path(folder) / "libreoffice")
        try:
            tally = run(asked.number or (6_000 if asked.long else 600), libreoffice, Path(folder), asked.seed)
        finally:
            libreoffice.close()
    print(tally)
    return 1 if tally.silent or tally.refused else 0


if __name__ == "__main__":
    sys.exit(main())
