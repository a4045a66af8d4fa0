"""Names unfinished files while they are written, and removes those left by interrupted runs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import socket
from functools import cache
from pathlib import Path

from evalxl.records.keeper import OURS_ALONE, Keeper
from evalxl.records.processes import alive

# What is being written: `.name.MACHINE-PROCESS.tmp`.
_UNFINISHED = ".tmp"
_MAKER = re.compile(r"\.([0-9a-f]{8})-(\d+)\.tmp$")
_END_OF_ZIP = b"PK\x05\x06"
_DAY = 24 * 3600
_LONGEST = 60  # letters of the final name that the unfinished name keeps
_swept: set[tuple[int, str]] = set()


def beside(path: Path) -> Path:
    """The unfinished path for a file: in the same folder, with machine and process in its name."""
    sweep(path.parent, OURS_ALONE)
    name = path.name
    if len(name) > _LONGEST:  # two long names in one folder may begin alike and be written at the same time
        name = f"{name[: _LONGEST - 8]}{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return path.with_name(f".{name}.{_machine()}-{os.getpid()}{_UNFINISHED}")


def is_unfinished(path: Path) -> bool:
    """Whether a file's name says that a run is writing it, or was interrupted while writing it."""
    return path.name.startswith(".") and path.name.endswith(_UNFINISHED)


def sweep(folder: Path, keeper: Keeper) -> None:
    """Remove unfinished files of interrupted runs, once per process for each folder.

    A file of this machine is removed when its process has ended, a file of another machine when it is a day old.
    A complete workbook with such a name may be somebody else's: the keeper secures it first.
    """
    if (os.getpid(), str(folder)) in _swept:
        return
    _swept.add((os.getpid(), str(folder)))
    with contextlib.suppress(OSError):
        for path in folder.glob(f".*{_UNFINISHED}"):
            made = _MAKER.search(path.name)
            if made is None:
                continue
            if made[1] == _machine():
                gone = not alive(int(made[2]))
            else:
                gone = path.stat().st_mtime < folder.stat().st_mtime - _DAY
            if gone:
                if keeper is not OURS_ALONE and _END_OF_ZIP in (data := path.read_bytes()):
                    keeper.keep_first(path, data)
                drop(path)


def was_broken_off(path: Path) -> bool:
    """Whether an ended process of this machine was about to write a file. Its unfinished file lies beside until the folder is swept."""
    makers = (_MAKER.search(unfinished.name) for unfinished in path.parent.glob(f".{path.name}.*{_UNFINISHED}"))
    return any(maker and maker[1] == _machine() and not alive(int(maker[2])) for maker in makers)


@cache
def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode("utf-8", "replace")).hexdigest()[:8]


def drop(path: Path | None) -> None:
    """Remove an unfinished file if it is still there."""
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
