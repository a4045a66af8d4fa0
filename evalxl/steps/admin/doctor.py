"""Checks whether this machine is ready: Python and packages, the office folder, the share, read permissions, fonts.

Each line is one question with a plain answer. A line that is not in order says what to do.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from evalxl.domain.errors import EvalxlError
from evalxl.forms.kind import known_kinds
from evalxl.records import folders
from evalxl.records.ledger import LedgerNewerError, check_chain
from evalxl.records.package_files import shipped
from evalxl.records.rights import wide_readers
from evalxl.records.settings import Settings, load_settings
from evalxl.steps.issue.unknown_workbooks import periods_beyond, weeks_beyond
from evalxl.steps.office.office import Office

PACKAGES = ("openpyxl", "XlsxWriter", "python-calamine", "pydantic", "pandas", "typer", "rich")

MOST_FOLDERS = 30  # that are listed one by one

Answer = Literal["ok", "look", "bad"]


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """One answer: a catalogue key under `doctor.`, its facts, and whether it is in order."""

    key: str
    facts: dict[str, str]
    answer: Answer = "ok"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All answers. A missing office is also an answer, because the machine may be checked before there is one."""

    lines: tuple[DoctorLine, ...]


def doctor(office: Path, today: date) -> Diagnosis:
    """Check this machine, and the office if there is one."""
    lines = [*_program(today)]
    try:
        settings = load_settings(office)
    except EvalxlError as slip:
        return Diagnosis(
            (
                *lines,
                DoctorLine("doctor.no_office", {"why": slip.sentence("vi"), "why_en": slip.sentence("en")}, "look"),
            )
        )
    return Diagnosis((*lines, *_office(office, settings), *_shares(office, settings)))


def _program(today: date) -> Iterator[DoctorLine]:
    running = sys.version_info
    yield DoctorLine(
        "doctor.python",
        {"version": platform.python_version(), "system": platform.platform(terse=True)},
        "ok" if running >= (3, 11) else "bad",
    )
    for package in PACKAGES:
        try:
            yield DoctorLine("doctor.package", {"name": package, "version": version(package)})
        except PackageNotFoundError:
            yield DoctorLine("doctor.package_missing", {"name": package}, "bad")
    names = sorted(path.name for path in shipped("templates").glob("*.xlsx"))
    yield DoctorLine("doctor.templates", {"count": str(len(names))}, "ok" if names else "bad")
    yield DoctorLine("doctor.clock", {"today": f"{today:%d/%m/%Y}"}, "ok" if today.year >= 2025 else "bad")
    yield _font()


def _font() -> DoctorLine:
    """Whether Times New Roman is installed, the font of the forms. A substitute with the same widths prints the same."""
    places = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path.home() / ".fonts",
        Path.home() / ".local/share/fonts",
    ]
    if os.name == "nt":
        places = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        places = [Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    patterns = ("*[Tt]imes*.tt[fc]", "*LiberationSerif*.ttf")
    found = any(next(place.rglob(pattern), None) for place in places if place.is_dir() for pattern in patterns)
    return DoctorLine("doctor.font" if found else "doctor.font_missing", {}, "ok" if found else "look")


def _office(office: Path, settings: Settings) -> Iterator[DoctorLine]:
    yield DoctorLine("doctor.office", {"name": settings.name or str(office)})
    try:
        breaks = check_chain(office / folders.LEDGER, folders.witness_of(office))
    except LedgerNewerError:
        yield DoctorLine("doctor.ledger_newer", {}, "bad")
    else:
        yield DoctorLine("doctor.ledger_broken" if breaks else "doctor.ledger", {}, "bad" if breaks else "ok")
        weeks, periods = _beyond(office)
        if weeks:
            yield DoctorLine("doctor.ledger_behind", {"weeks": ", ".join(weeks), "first": weeks[0]}, "look")
        if periods:
            yield DoctorLine(
                "doctor.ledger_behind_period", {"periods": ", ".join(periods), "first": periods[0]}, "look"
            )
    if (office / folders.LOCK).exists():
        yield DoctorLine("doctor.lock", {"file": str(office / folders.LOCK)}, "look")
    free = shutil.disk_usage(office).free // 2**20
    yield DoctorLine("doctor.space", {"free": f"{free:,}".replace(",", ".")}, "ok" if free > 500 else "look")


def _beyond(folder: Path) -> tuple[list[str], list[str]]:
    """Weeks and periods that are on the shares but not in the ledger."""
    try:
        office = Office.open(folder)
        return [str(week) for week in weeks_beyond(office, lately=True)], [
            str(period) for period in periods_beyond(office, lately=True)
        ]
    except (EvalxlError, OSError):
        return [], []


def _shares(office: Path, settings: Settings) -> Iterator[DoctorLine]:
    for root in folders.roots(settings, office):
        if not root.is_dir():
            yield DoctorLine("doctor.share_away", {"folder": str(root)}, "bad")
            continue
        writable = os.access(root, os.W_OK)
        yield DoctorLine(
            "doctor.share" if writable else "doctor.share_readonly", {"folder": str(root)}, "ok" if writable else "bad"
        )
    share = folders.shared(settings, office)
    for name, folder in (("management_folder", settings.management_folder), ("office_folder", settings.office_folder)):
        if not folder:
            yield DoctorLine(f"doctor.{name}_not_set", {"folder": str(share)}, "look")
    if not settings.personal_folders:
        yield DoctorLine("doctor.personal_folders_off", {"folder": str(share)}, "look")
    yield from _readers(office, settings)


def _readers(office: Path, settings: Settings) -> Iterator[DoctorLine]:
    """Every folder that more people can read than `docs/folders.md` allows, with what to do. One line if there is none."""
    found = 0
    for circle, folder in _kept_apart(office, settings):
        who = wide_readers(folder)
        if who is None:
            yield DoctorLine(f"doctor.rights_{circle}", {"folder": str(folder)}, "look")
            found += 1
        elif who:
            found += 1
            if found <= MOST_FOLDERS:
                facts = {"folder": str(folder), "who": " · ".join(who), "wanted": f"@doctor.circle_{circle}"}
                yield DoctorLine("doctor.open_windows" if os.name == "nt" else "doctor.open_posix", facts, "look")
    if found > MOST_FOLDERS:
        yield DoctorLine("doctor.open_more", {"count": str(found - MOST_FOLDERS)}, "look")
    if not found:
        yield DoctorLine("doctor.private", {})


def _kept_apart(office: Path, settings: Settings) -> Iterator[tuple[str, Path]]:
    """The folders with restricted access, each with the group that may read it: the office's own, then those of the latest weeks on the shares."""
    yield "office", office
    yield from (("office", office / inner) for inner in (folders.LEDGER, folders.ARCHIVE) if (office / inner).is_dir())
    circles = (
        ("management", settings.management_folder, folders.management_share(settings, office)),
        ("leaders", settings.office_folder, folders.office_share(settings, office)),
    )
    for circle, is_set, root in circles:
        if is_set and root.is_dir():
            yield circle, root
    for root in folders.roots(settings, office):
        for week in _latest_weeks(root):
            yield from dict.fromkeys(_of_kinds(root, week))
            masters = (*week.glob(f"*/*_{folders.MASTER}.xlsx"), *week.glob("*/master.xlsx"))
            yield from (("management", path) for path in sorted(masters) if path.parent.name != "office")
        if (root / folders.PERIODS).is_dir():
            yield "leaders", root / folders.PERIODS
    for root in folders.roots(settings, office) if settings.personal_folders else ():
        for week in _latest_weeks(root):
            own = (*week.glob("*/forms/*"), *week.glob("*/receipts/*"))
            yield from (("person", path) for path in sorted(own) if path.is_dir())


def _of_kinds(root: Path, week: Path) -> Iterator[tuple[str, Path]]:
    """The folders of a week in which workbooks lie that not everybody of a unit may read."""
    for kind in known_kinds():
        if kind.of == "week" and kind.share != "unit":
            circle = "leaders" if kind.share == "office" else "management"
            places = sorted(root.glob(kind.folder.format(when=week.name, unit="*")))
            yield from ((circle, path) for path in places if path.is_dir())


def _latest_weeks(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if re.fullmatch(r"\d{4}-W\d\d", path.name) and path.is_dir())[-2:]
