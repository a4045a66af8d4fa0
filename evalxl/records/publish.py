"""Writing files that people open: beside, flushed, read back, then replaced; never copied over.

A file that somebody has open in Excel cannot be replaced on Windows: the new one is put beside it as *(chờ ghi)*, and the next run publishes it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import socket
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.records.at_once import AtOnce
from evalxl.records.processes import alive

WAITING = " (chờ ghi)"
_WAITS = re.compile(r" \(chờ ghi(?: \d)?\)$")
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between tries: a virus scanner lets go within these

# How systems and shares say that somebody has a file open: Windows the first, Samba the last three, by way of whatever mounts it.
_HELD = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EEXIST, errno.ETXTBSY})
# No file system says in these words that it has no hard links.
_FULL_OR_SHUT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})

# What is being written: `.name.MACHINE-PROCESS.tmp`.
_UNFINISHED = ".tmp"
_MAKER = re.compile(r"\.([0-9a-f]{8})-(\d+)\.tmp$")
_DAY = 24 * 3600
_LONGEST = 60  # letters of a file's name in the name of what is being written
_swept: set[tuple[int, str]] = set()


class CannotWriteError(EvalxlError):
    """A folder cannot be written: not there, read-only, or full."""

    key = "slip.cannot_write"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file: `written`, `unchanged`, or `waiting` because `holder` has it open; then `beside` is where it waits."""

    path: Path
    state: str
    holder: str = ""
    beside: Path | None = None


def write_new(path: Path, data: bytes, workshop: Path | None = None, contested: bool = False) -> None:
    """Write a file that must not be there yet, so that it is there whole or not at all, after a power cut too.

    Args:
        path: Where it belongs.
        data: Its bytes.
        workshop: The folder on the same disk in which the file is made; its own where None.
        contested: Others may write it in the same moment: on a share without hard links it is written in its place, so there it is empty for a moment.

    Raises:
        FileExistsError: somebody else wrote it meanwhile.
        CannotWriteError: the folder cannot be written.
    """
    temporary: Path | None = None
    try:
        make_folder(path.parent)
        temporary = _beside((workshop or path.parent) / path.name)
        _write_flushed(temporary, data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError as slip:  # a file system without hard links
            if slip.errno in _FULL_OR_SHUT:
                raise
            if path.exists():
                raise FileExistsError(path) from None
            if contested and os.name == "posix":  # renaming would replace what somebody else has written meanwhile
                _write_first(path, data)
            else:
                temporary.rename(path)
        flush_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as slip:
        raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip
    finally:
        _drop(temporary)


def publish(path: Path, data: bytes, modified: float | None = None) -> Published:
    """Put a file where people open it, replacing an older one.

    Args:
        path: Where it belongs.
        data: Its bytes; equal bytes are not written again.
        modified: The file's own time, where it should not be now.

    Raises:
        CannotWriteError: the folder cannot be written.
    """
    temporary: Path | None = None
    try:
        make_folder(path.parent)
        sweep(path.parent)
        if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
            _drop_waiting(path)
            return Published(path, "unchanged")
        temporary = _beside(path)
        _write_flushed(temporary, data)
        if temporary.read_bytes() != data:
            raise CannotWriteError(path=path.parent, reason="read back")
        if modified is not None:
            os.utime(temporary, (modified, modified))
        return _put(temporary, path)
    except OSError as slip:
        raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip
    finally:
        _drop(temporary)


def try_writing(folder: Path) -> None:
    """Write a file into a folder, and take it away once it is closed: some shares take none away that is open.

    Raises:
        OSError: nothing can be written there.
    """
    temporary = _beside(folder / "evalxl")
    try:
        _write_flushed(temporary, b"")
    finally:
        _drop(temporary)


class Growing:
    """A file that is written bit by bit, because it is too large to be in memory: beside its place until it is whole, and gone with a run that fails."""

    def __init__(self, path: Path) -> None:
        self.path, self._digest, self._temporary = path, hashlib.sha256(), _beside(path)
        try:
            make_folder(path.parent)
            self._temporary.unlink(missing_ok=True)
            self._file = self._temporary.open("xb")
        except OSError as slip:
            raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip

    def add(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as slip:
            raise CannotWriteError(path=self.path.parent, reason=slip.strerror or type(slip).__name__) from slip
        self._digest.update(data)

    def publish(self) -> Published:
        """Put it where people open it, as `publish` does."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if _digest_of(self._temporary) != self._digest.digest():
                raise CannotWriteError(path=self.path.parent, reason="read back")
            if self.path.exists() and _digest_of(self.path) == self._digest.digest():
                _drop_waiting(self.path)
                return Published(self.path, "unchanged")
            return _put(self._temporary, self.path)
        except OSError as slip:
            raise CannotWriteError(path=self.path.parent, reason=slip.strerror or type(slip).__name__) from slip
        finally:
            self.drop()

    def drop(self) -> None:
        """Take away what was not published."""
        with contextlib.suppress(OSError):
            self._file.close()
        _drop(self._temporary)


def _digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _put(temporary: Path, path: Path) -> Published:
    if is_open(path) or not _replace(temporary, path):
        return Published(path, "waiting", holder_of(path), _put_beside(temporary, path))
    _drop_waiting(path)
    return Published(path, "written")


def newest(path: Path) -> Path:
    """Where the newest of a file lies: beside it where somebody has it open, else in its place."""
    there = [beside for beside in _waiting_places(path) if beside.exists()]
    return max(there, key=lambda beside: beside.stat().st_mtime, default=path)


def is_waiting(path: Path) -> bool:
    """Whether a file is one that waits beside another, by its name."""
    return _WAITS.search(path.stem) is not None


def take_away(path: Path) -> None:
    """Take away a file whose place another one has taken, and what waited beside it; one that somebody has open stays."""
    try:
        if not is_open(path):
            path.unlink(missing_ok=True)
            _drop_waiting(path)
    except OSError as held:
        if held.errno not in _HELD:
            raise CannotWriteError(path=path.parent, reason=held.strerror or type(held).__name__) from held


def _waiting_places(path: Path) -> list[Path]:
    """Where a file may wait. The first place is the usual one; people open what waits there too."""
    marks = [WAITING, *(f" (chờ ghi {number})" for number in range(2, 10))]
    return [path.with_name(path.stem + mark + path.suffix) for mark in marks]


def _put_beside(temporary: Path, path: Path) -> Path:
    slip: OSError | None = None
    for place in _waiting_places(path):
        try:
            if not is_open(place):
                temporary.replace(place)
                return place
        except OSError as held:
            if held.errno not in _HELD:
                raise
            slip = held
    raise slip or PermissionError(path)


def publish_all(files: Iterable[tuple[Path, bytes]]) -> list[Published]:
    """Publish many files as `publish` does each, some at a time.

    Args:
        files: Paths, all different, with their bytes; may be made as they are written.

    Returns:
        What became of each, in their order.

    Raises:
        CannotWriteError: a folder cannot be written; no other file is begun after that.
    """
    with AtOnce() as at_once:
        done = [at_once.do(publish, path, data) for path, data in files]
    return [one.result() for one in done]


def is_open(path: Path) -> bool:
    """Whether a spreadsheet program says that it has the file open: Excel's owner file, LibreOffice's lock file."""
    return owner_file(path) is not None


def owner_file(path: Path) -> Path | None:
    """The file that a spreadsheet program keeps beside one that it has open; None where there is none."""
    beside = (path.parent / f"~${path.name}", path.parent / f".~lock.{path.name}#")
    return next((mark for mark in beside if mark.exists()), None)


def holder_of(path: Path) -> str:
    """Who has the file open, from the owner file beside it; empty where it does not say."""
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


def _replace(temporary: Path, path: Path) -> bool:
    for pause in (*_PAUSES, None):
        try:
            temporary.replace(path)
        except OSError as slip:
            if slip.errno not in _HELD:
                raise
            if pause is None:
                return False
            time.sleep(pause)
        else:
            flush_folder(path.parent)
            return True
    return False


def _drop_waiting(path: Path) -> None:
    """Take away what waited beside it. The places are taken in their order, so after two empty ones a share is not asked for the others."""
    missing = 0
    for place in _waiting_places(path):
        try:
            place.unlink()
            missing = 0
        except FileNotFoundError:
            missing += 1
            if missing == 2:
                return
        except OSError as slip:
            if slip.errno not in _HELD:
                raise
            missing = 0  # somebody has it open; the next run takes it away


def _beside(path: Path) -> Path:
    sweep(path.parent)
    name = path.name
    if len(name) > _LONGEST:  # two long names of one folder may begin alike, and be written at once
        name = f"{name[: _LONGEST - 8]}{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return path.with_name(f".{name}.{_machine()}-{os.getpid()}{_UNFINISHED}")


def is_unfinished(path: Path) -> bool:
    """Whether a file is one that a run was writing, or would have been, had it not been broken off."""
    return path.name.startswith(".") and path.name.endswith(_UNFINISHED)


def sweep(folder: Path) -> None:
    """Remove what a broken-off run left half written; once a process for each folder.

    A file of a process of this machine goes when the process is no more, another machine's when it is a day old.
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
                _drop(path)


def was_broken_off(path: Path) -> bool:
    """Whether a process of this machine that is no more was about to write a file: what it had made lies beside, as long as nobody sweeps there."""
    made = (_MAKER.search(one.name) for one in path.parent.glob(f".{path.name}.*{_UNFINISHED}"))
    return any(maker and maker[1] == _machine() and not alive(int(maker[2])) for maker in made)


@cache
def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode("utf-8", "replace")).hexdigest()[:8]


def _drop(path: Path | None) -> None:
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each so that a power cut does not take its name away."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


def _write_flushed(path: Path, data: bytes) -> None:
    # Made anew: a link that somebody laid at its place would lead the bytes elsewhere.
    path.unlink(missing_ok=True)
    _write_first(path, data)


def _write_first(path: Path, data: bytes) -> None:
    """Write a file in its place, where it must not be yet."""
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            _drop(path)
            raise


def flush_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
