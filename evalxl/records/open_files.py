"""Tells whether a spreadsheet program has a file open, and for whom, from the files that programs keep beside it."""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path


def is_open(path: Path) -> bool:
    """Whether a spreadsheet program says that it has the file open: Excel's owner file, LibreOffice's lock file."""
    return owner_file(path) is not None


def owner_file(path: Path) -> Path | None:
    """The file that a spreadsheet program keeps beside an open file; None if there is none."""
    beside = (path.parent / f"~${path.name}", path.parent / f".~lock.{path.name}#")
    return next((mark for mark in beside if mark.exists()), None)


def holder_of(path: Path) -> str:
    """Who has the file open, from the owner file beside it; empty if it does not say."""
    for beside in (path.parent / f"~${path.name}", path.parent / f".~lock.{path.name}#"):
        with contextlib.suppress(OSError):
            if not stat.S_ISREG(beside.lstat().st_mode):
                continue
            with beside.open("rb") as file:
                data = file.read(200)
            if beside.name.startswith("~$") and data:
                return data[1 : 1 + data[0]].decode("cp1252", "replace").strip()
            return data.decode("utf-8", "replace").split(",")[0].strip()
    return ""
