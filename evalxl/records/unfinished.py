"""Files that are being written: how they are named until they are whole, and the sweeping of those that a broken-off run has left."""

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
_LONGEST = 60  # letters of a file's name in the name of what is being written
_swept: set[tuple[int, str]] = set()


def beside(path: Path) -> Path:
    """Where a file is made before it is put in its place: in the same folder, named by who makes it."""
    sweep(path.parent, OURS_ALONE)
    name = path.name
    if len(name) > _LONGEST:  # two long names of one folder may begin alike, and be written at once
        name = f"{name[: _LONGEST - 8]}{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return path.with_name(f".{name}.{_machine()}-{os.getpid()}{_UNFINISHED}")


def is_unfinished(path: Path) -> bool:
    """Whether a file is one that a run was writing, or would have been, had it not been broken off."""
    return path.name.startswith(".") and path.name.endswith(_UNFINISHED)


def sweep(folder: Path, keeper: Keeper) -> None:
    """Remove what a broken-off run left half written; once a process for each folder.

    A file of a process of this machine goes when the process is no more, another machine's when it is a day old. A whole workbook that has
    such a name is no half of one: it is kept first, should somebody else have made it.
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
    """Whether a process of this machine that is no more was about to write a file: what it had made lies beside, as long as nobody sweeps there."""
    made = (_MAKER.search(one.name) for one in path.parent.glob(f".{path.name}.*{_UNFINISHED}"))
    return any(maker and maker[1] == _machine() and not alive(int(maker[2])) for maker in made)


@cache
def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode("utf-8", "replace")).hexdigest()[:8]


def drop(path: Path | None) -> None:
    """Take away what was being written, if it is still there."""
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
