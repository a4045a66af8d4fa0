"""Workbooks as PDF, by the LibreOffice of this machine; where there is none, whoever asks is told so and goes without."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from evalxl.records.programs import on_path

_NAMES = ("soffice", "libreoffice", "soffice.com")
_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_AT_ONCE = 40  # files of one call: command lines of Windows are short
_PATIENCE = 30  # seconds for a file, and as much again for starting


def find_libreoffice() -> Path | None:
    """The program that turns workbooks into PDF; None where it is not there."""
    found = next((path for name in _NAMES if (path := on_path(name))), None)
    return found or next((Path(place) for place in _PLACES if Path(place).is_file()), None)


def to_pdf(program: Path, files: Sequence[Path], folder: Path) -> list[Path]:
    """Make a PDF of each workbook, with its name, in a folder.

    Args:
        files: Workbooks; no two of one name.

    Returns:
        The PDFs that came of it; a workbook that could not be turned into one is missing among them.
    """
    made: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    # A profile of its own: somebody may have LibreOffice open.
    with tempfile.TemporaryDirectory(prefix="evalxl-pdf-") as profile:
        for some in _batches(files):
            call = [
                str(program),
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--nologo", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)),
                *(str(path) for path in some),
            ]
            try:
                subprocess.run(
                    call,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=_PATIENCE * (1 + len(some)),
                    check=False,
                    creationflags=0x08000000 if os.name == "nt" else 0,  # no window
                )
            except (OSError, subprocess.TimeoutExpired):
                break
            made += [path for one in some if (path := folder / f"{one.stem}.pdf").is_file()]
    return made


def _batches(files: Sequence[Path]) -> Iterable[Sequence[Path]]:
    return (files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE))
