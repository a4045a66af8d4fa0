"""Turns workbooks into PDF with the LibreOffice of this machine, if there is one."""

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
_AT_ONCE = 40  # files per call: command lines of Windows are short
_PATIENCE = 30  # seconds per file, and as many for starting


def find_libreoffice() -> Path | None:
    """LibreOffice's program; None if it is not installed."""
    program = next((path for name in _NAMES if (path := on_path(name))), None)
    return program or next((Path(place) for place in _PLACES if Path(place).is_file()), None)


def to_pdf(program: Path, files: Sequence[Path], folder: Path) -> list[Path]:
    """Make a PDF of each workbook, with its name, in a folder.

    Args:
        files: Workbooks, all with different names.

    Returns:
        The PDFs made. A workbook that could not be converted has none.
    """
    made: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    # Use a separate profile: somebody may have LibreOffice open.
    with tempfile.TemporaryDirectory(prefix="evalxl-pdf-") as profile:
        for batch in _batches(files):
            call = [
                str(program),
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--nologo", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)),
                *(str(path) for path in batch),
            ]
            try:
                subprocess.run(
                    call,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=_PATIENCE * (1 + len(batch)),
                    check=False,
                    creationflags=0x08000000 if os.name == "nt" else 0,  # no window
                )
            except (OSError, subprocess.TimeoutExpired):
                break
            made += [path for workbook in batch if (path := folder / f"{workbook.stem}.pdf").is_file()]
    return made


def _batches(files: Sequence[Path]) -> Iterable[Sequence[Path]]:
    return (files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE))
