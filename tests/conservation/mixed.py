"""A week in which most forms are good and many files are spoiled: every good form is booked, and the masters are those of the week without the spoiled ones."""

from __future__ import annotations

import io
import random
import shutil
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from evalxl.cli.main import main
from evalxl.demo.type_into import fill
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.steps.consolidate import Consolidated, consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.reports.verify import verify
from tests.conservation.town import garbage
from tests.little_office import draw_organisation, person

WEEK = "2025-W23"
THURSDAY = datetime(2025, 6, 5, 9)


@dataclass
class Mixed:
    """What the week came to."""

    good: int
    spoiled: int
    booked: int = 0
    count: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    megabytes: float = 0.0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        words = ", ".join(f"{word} {number}" for word, number in self.count.items())
        wrong = "".join(f"\n    {failure}" for failure in self.failures[:20])
        return (
            f"{self.good} good forms and {self.spoiled} spoiled files: {self.booked} booked ({words}); "
            f"{self.seconds:.1f} s, {self.megabytes:.0f} MB at most, {len(self.failures)} failures{wrong}"
        )


def play(folder: Path, good: int, spoiled: int) -> Mixed:
    """Take in a week twice, without the spoiled files and with them, and compare."""
    plain = _office(folder / "plain", good)
    shutil.copytree(plain, folder / "mixed")
    week = Mixed(good, spoiled)
    for number, (path, data) in enumerate(_spoiled(folder / "mixed", spoiled)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        assert number < spoiled
    clean = _consolidate(folder / "plain")
    began = time.monotonic()
    done = _consolidate(folder / "mixed")
    week.seconds, week.megabytes = time.monotonic() - began, _peak()
    week.count = done.collected.files.as_record()
    week.booked = done.collected.counts.get("submitted", 0)
    if week.booked != good:
        week.failures.append(f"{good - week.booked} good forms were not booked")
    if week.count["received"] != clean.collected.files.received + spoiled or not done.collected.files.adds_up:
        week.failures.append(f"the count does not add up: {week.count}")
    if (
        week.count["accepted"] != good
        or week.count["refused"] + week.count["waiting"] + week.count["duplicate"] < spoiled
    ):
        week.failures.append(f"a spoiled file was taken for a good one: {week.count}")
    if clean.view.results != done.view.results:
        week.failures.append("a person's result is another")
    week.failures += _differences(folder / "plain", folder / "mixed")
    week.failures += [f"not verified: {one.file} {one.key}" for one in verify(folder / "mixed").altered]
    return week


def _office(folder: Path, people: int) -> Path:
    """An office in which everybody has handed in a good form."""
    with redirect_stdout(io.StringIO()):
        assert main(["init", str(folder)]) == 0
    units = [f"V{number}" for number in range(1, max(1, people // 40) + 1)]
    rows: dict[str, list[dict[str, Any]]] = {
        "units": [{"code": "LĐ", "name": "Lãnh đạo Ban", "head": "LD"}]
        + [{"code": unit, "name": f"Vụ {unit}", "head": f"{unit}-000", "leader in charge": "LD"} for unit in units],
        "people": [person("LD", "Nguyễn Văn Ưu", "LĐ", "Lãnh đạo Ban")]
        + [
            person(f"{unit}-{n:03d}", f"Vũ Văn {unit} {n}", unit, "Công chức" if n else "Cấp trưởng đơn vị")
            for number in range(people)
            for unit, n in [(units[number % len(units)], number // len(units))]
        ],
    }
    draw_organisation(folder / "organisation.xlsx", rows)
    office = Office.open(folder)
    issue(office, Week.parse(WEEK), _clock(office, 8))
    chance = random.Random(8679)
    for path in sorted((folder / "shared" / WEEK).rglob("forms/*.xlsx")):
        typed = {
            "ev_status": "Đã nộp",
            "ev_self_quality": chance.randint(20, 40),
            "ev_self_progress": chance.randint(20, 40),
            "ev_self_conduct": chance.randint(10, 20),
            "ev_task_name": [f"Tham mưu văn bản số {chance.randint(1, 999)}"],
            "ev_task_status": ["Hoàn thành"],
        }
        path.write_bytes(fill(path.read_bytes(), kinds.FORM, typed))
    return folder


def _spoiled(folder: Path, number: int) -> Iterator[tuple[Path, bytes]]:
    """Files that nobody can use, strewn over the folders: torn copies, flipped bytes, other programs' files, forms of nobody."""
    forms = sorted((folder / "shared" / WEEK).rglob("forms/*.xlsx"))
    chance = random.Random(335)
    kinds = len(list(garbage(0)))
    for n in range(number):
        form = chance.choice(forms)
        data = form.read_bytes()
        place = form.with_name(f"{n:04d} {form.stem}.xlsx")
        how = n % (kinds + 5)
        if how < kinds:
            name, data, _ = list(garbage(n + 1))[how]
            if data:
                yield form.with_name(f"{n:04d} {name}"), data
                continue
            data = b"PK\x05\x06" + bytes([n % 251]) * 18
        elif how == kinds:
            data = data[: chance.randrange(10, len(data) - 22)]
        elif how == kinds + 1:
            at = chance.randrange(len(data) // 3)
            data = data[:at] + bytes([data[at] ^ 0xFF]) * 40 + data[at + 40 :]
        elif how == kinds + 2:
            data = _with_part(data, "xl/vbaProject.bin", b"Sub Auto_Open()" + place.name.encode())
        elif how == kinds + 3:
            data = _with_part(data, "xl/externalLinks/externalLink1.xml", f"<x>{n}</x>".encode())
        else:
            data = _with_doctype(data, n)
        yield place, data


def _with_part(data: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, part)
    return out.getvalue()


def _with_doctype(data: bytes, number: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for entry in package.infolist():
            part = package.read(entry)
            if entry.filename == "xl/workbook.xml":
                part = part.replace(b"<workbook", f"<!DOCTYPE x [<!ENTITY a '{number}'>]><workbook".encode(), 1)
            again.writestr(entry.filename, part)
    return out.getvalue()


def _consolidate(folder: Path) -> Consolidated:
    office = Office.open(folder)
    return consolidate(office, Week.parse(WEEK), _clock(office, 9))


def _clock(office: Office, hour: int) -> Clock:
    return Clock(THURSDAY.replace(hour=hour, tzinfo=office.settings.zone), "văn phòng")


def _peak() -> float:
    """The most memory that this process and its workers ever held, in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return tracemalloc.get_traced_memory()[1] / 1e6
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


# What tells of the files themselves: these sheets differ by nature. On the others the ledger's head, which stands in every page's foot.
_OF_FILES = ("Lỗi, lưu ý", "Nhật ký")


def _differences(plain: Path, mixed: Path) -> Iterator[str]:
    """Where the masters of the two weeks differ, cell by cell."""
    for path in sorted((plain / "shared" / WEEK).rglob("*_tong-hop.xlsx")):
        twin = mixed / path.relative_to(plain)
        one, other = _cells(path), _cells(twin)
        for place in sorted({*one, *other}):
            if one.get(place) != other.get(place):
                yield f"{path.relative_to(plain).as_posix()} {place}: {one.get(place)!r} became {other.get(place)!r}"


def _cells(path: Path) -> dict[str, Any]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=False)
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book.worksheets
        if sheet.title not in _OF_FILES
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
