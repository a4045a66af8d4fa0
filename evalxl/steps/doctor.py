"""Is this machine ready: Python and packages, the office folder, the share, who can read what, fonts.

Each line is one question with a plain answer; what is not ready says what to do.
"""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from evalxl.domain.errors import EvalxlError
from evalxl.records import folders
from evalxl.records.ledger import check_chain
from evalxl.records.settings import Settings, load_settings
from evalxl.records.shipped import shipped
from evalxl.steps.office import witness_of

PACKAGES = ("openpyxl", "XlsxWriter", "python-calamine", "pydantic", "pandas", "typer", "rich")

Answer = Literal["ok", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: a catalogue key under `doctor.`, its facts, and whether it is well."""

    key: str
    facts: dict[str, str]
    answer: Answer = "ok"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All answers. An office folder that is not one is an answer too: the machine may be looked at before there is an office."""

    lines: tuple[Line, ...]


def doctor(office: Path, today: date) -> Diagnosis:
    """Look at this machine, and at the office where there is one."""
    lines = [*_program(today)]
    try:
        settings = load_settings(office)
    except EvalxlError as slip:
        return Diagnosis(
            (*lines, Line("doctor.no_office", {"why": slip.sentence("vi"), "why_en": slip.sentence("en")}, "look"))
        )
    return Diagnosis((*lines, *_office(office, settings), *_shares(office, settings)))


def _program(today: date) -> Iterator[Line]:
    running = sys.version_info
    yield Line(
        "doctor.python",
        {"version": platform.python_version(), "system": platform.platform(terse=True)},
        "ok" if running >= (3, 11) else "bad",
    )
    for package in PACKAGES:
        try:
            yield Line("doctor.package", {"name": package, "version": version(package)})
        except PackageNotFoundError:
            yield Line("doctor.package_missing", {"name": package}, "bad")
    names = sorted(path.name for path in shipped("templates").glob("*.xlsx"))
    yield Line("doctor.templates", {"count": str(len(names))}, "ok" if names else "bad")
    yield Line("doctor.clock", {"today": f"{today:%d/%m/%Y}"}, "ok" if today.year >= 2025 else "bad")
    yield _font()


def _font() -> Line:
    """Forms are set in Times New Roman; a substitute of the same widths prints the same."""
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
    return Line("doctor.font" if found else "doctor.font_missing", {}, "ok" if found else "look")


def _office(office: Path, settings: Settings) -> Iterator[Line]:
    yield Line("doctor.office", {"name": settings.name or str(office)})
    breaks = check_chain(office / folders.LEDGER, witness_of(office))
    yield Line("doctor.ledger_broken" if breaks else "doctor.ledger", {}, "bad" if breaks else "ok")
    if (office / folders.LOCK).exists():
        yield Line("doctor.lock", {"file": str(office / folders.LOCK)}, "look")
    free = shutil.disk_usage(office).free // 2**20
    yield Line("doctor.space", {"free": f"{free:,}".replace(",", ".")}, "ok" if free > 500 else "look")
    yield from _readers("office_folder_itself", office)


def _shares(office: Path, settings: Settings) -> Iterator[Line]:
    for root in folders.roots(settings, office):
        if not root.is_dir():
            yield Line("doctor.share_away", {"folder": str(root)}, "bad")
            continue
        writable = os.access(root, os.W_OK)
        yield Line(
            "doctor.share" if writable else "doctor.share_readonly", {"folder": str(root)}, "ok" if writable else "bad"
        )
    share = folders.shared(settings, office)
    for name, folder in (("management_folder", settings.management_folder), ("office_folder", settings.office_folder)):
        if folder:
            path = (
                folders.management_share(settings, office)
                if name == "management_folder"
                else folders.office_share(settings, office)
            )
            yield from _readers(name, path)
        else:
            yield Line(f"doctor.{name}_not_set", {"folder": str(share)}, "look")
    if not settings.personal_folders:
        yield Line("doctor.personal_folders_off", {"folder": str(share)}, "look")


def _readers(name: str, path: Path) -> Iterator[Line]:
    """Whether others than the owner and the group may read a folder, where the system says so by mode bits."""
    if os.name != "posix" or not path.is_dir():
        yield Line(f"doctor.rights_{name}", {"folder": str(path)}, "look")
        return
    open_to_all = bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH))
    yield Line(
        "doctor.open_to_all" if open_to_all else "doctor.private",
        {"folder": str(path)},
        "look" if open_to_all else "ok",
    )
