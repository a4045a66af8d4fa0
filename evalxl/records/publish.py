"""Writing files that people open: beside, flushed, read back, then replaced; never copied over.

A file that somebody has open in Excel cannot be replaced on Windows: the new one is put beside it as *(chờ ghi)*, and the next run publishes it.

This is the one door through which a file on a share is written over or taken away. Whoever goes through it brings a `Keeper`, who sees the bytes
that lie there at that moment: what evalxl did not write is in the archive before it goes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evalxl.domain.errors import EvalxlError
from evalxl.records.keeper import OURS_ALONE as OURS_ALONE
from evalxl.records.keeper import Keeper as Keeper
from evalxl.records.open_files import holder_of as holder_of
from evalxl.records.open_files import is_open as is_open
from evalxl.records.open_files import owner_file as owner_file
from evalxl.records.parallel_writes import AtOnce
from evalxl.records.unfinished import beside, drop
from evalxl.records.unfinished import is_unfinished as is_unfinished
from evalxl.records.unfinished import sweep as sweep
from evalxl.records.unfinished import was_broken_off as was_broken_off

WAITING = " (chờ ghi)"
_WAITS = re.compile(r" \(chờ ghi(?: \d)?\)$")
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between tries: a virus scanner lets go within these

# How systems and shares say that somebody has a file open: Windows the first, Samba the last three, by way of whatever mounts it.
_HELD = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EEXIST, errno.ETXTBSY})
# No file system says in these words that it has no hard links.
_FULL_OR_SHUT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})

_LOOKS = 4  # at a file that changes while it is looked at, before it is left as it is
# Windows: what a sync client keeps elsewhere until somebody opens it.
ELSEWHERE = 0x1000 | 0x40000 | 0x400000  # OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS


class CannotWriteError(EvalxlError):
    """A folder cannot be written: not there, read-only, or full."""

    key = "slip.cannot_write"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file: `written`, `unchanged`, `left` because somebody saved something there meanwhile, or `waiting` because `holder` has it
    open; then `beside` is where it waits.
    """

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
        temporary = beside((workshop or path.parent) / path.name)
        write_flushed(temporary, data)
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
        drop(temporary)


def publish(path: Path, data: bytes, keeper: Keeper, leave: bool = False) -> Published:
    """Put a file where people open it, replacing an older one.

    Args:
        path: Where it belongs.
        data: Its bytes; equal bytes are not written again.
        keeper: Keeps what lies there, should somebody else have written it; `OURS_ALONE` where nobody else can have.
        leave: What somebody saved there meanwhile stays; else it is archived and written over. For workbooks that people fill.

    Raises:
        CannotWriteError: the folder cannot be written.
    """
    temporary: Path | None = None
    try:
        make_folder(path.parent)
        sweep(path.parent, keeper)
        keeper.goes_out(path, hashlib.sha256(data).hexdigest())
        if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
            _drop_waiting(path, keeper)
            return Published(path, "unchanged")
        temporary = beside(path)
        write_flushed(temporary, data)
        if temporary.read_bytes() != data:
            raise CannotWriteError(path=path.parent, reason="read back")
        return _put(temporary, path, keeper, leave)
    except OSError as slip:
        raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip
    finally:
        drop(temporary)


def remove(path: Path, keeper: Keeper) -> bool:
    """Take a file away, and what waited beside it.

    Returns:
        Whether it is gone; not where somebody has it open, or changes it at this moment.

    Raises:
        CannotWriteError: it may not be taken away in this folder, or could not be archived before.
    """
    try:
        if is_open(path):
            return False
        _keep_first(path, keeper)
        path.unlink(missing_ok=True)
        _drop_waiting(path, keeper)
    except OSError as slip:
        if slip.errno in _HELD:
            return False
        raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip
    return True


def try_writing(folder: Path) -> None:
    """Write a file into a folder, and take it away once it is closed: some shares take none away that is open.

    Raises:
        OSError: nothing can be written there.
    """
    temporary = beside(folder / "evalxl")
    try:
        write_flushed(temporary, b"")
    finally:
        drop(temporary)


class Growing:
    """A file that is written bit by bit, because it is too large to be in memory: beside its place until it is whole, and gone with a run that fails.

    It belongs where nobody but evalxl writes.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._digest, self._temporary = path, hashlib.sha256(), beside(path)
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
                _drop_waiting(self.path, OURS_ALONE)
                return Published(self.path, "unchanged")
            return _put(self._temporary, self.path, OURS_ALONE)
        except OSError as slip:
            raise CannotWriteError(path=self.path.parent, reason=slip.strerror or type(slip).__name__) from slip
        finally:
            self.drop()

    def drop(self) -> None:
        """Take away what was not published."""
        with contextlib.suppress(OSError):
            self._file.close()
        drop(self._temporary)


def _digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _put(temporary: Path, path: Path, keeper: Keeper, leave: bool = False) -> Published:
    became = None if is_open(path) else _replace(temporary, path, keeper, leave)
    if became == "left":
        return Published(path, "left")
    if became is None:
        return Published(path, "waiting", holder_of(path), _put_beside(temporary, path, keeper))
    _drop_waiting(path, keeper)
    return Published(path, "written")


def _keep_first(path: Path, keeper: Keeper) -> bool:
    """Have the bytes that lie at a place kept, right before they go.

    What is asked last is whether the file is still the one that was read: between that and the replacing lies one call of the system.

    Returns:
        Whether they were evalxl's, or in the archive already.

    Raises:
        OSError: somebody has it open or is changing it, or it cannot be read; with an errno of `_HELD` where it is to be left alone.
    """
    known = True
    if keeper is OURS_ALONE:
        return known
    for _ in range(_LOOKS):
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                return known  # a link goes, and what it points to stays; a folder cannot be replaced by a file
            if getattr(status, "st_file_attributes", 0) & ELSEWHERE:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), path)
            data = path.read_bytes()
            known = keeper.keep_first(path, data) and known
            now = path.lstat()
        except FileNotFoundError:
            return known
        before = (status.st_ino, status.st_size, status.st_mtime_ns)
        if before == (now.st_ino, now.st_size, now.st_mtime_ns) and len(data) == now.st_size:
            return known
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), path)


def newest(path: Path) -> Path:
    """Where the newest of a file lies: beside it where somebody has it open, else in its place."""
    there = [beside for beside in _waiting_places(path) if beside.exists()]
    return max(there, key=lambda beside: beside.stat().st_mtime, default=path)


def is_waiting(path: Path) -> bool:
    """Whether a file is one that waits beside another, by its name."""
    return _WAITS.search(path.stem) is not None


def _waiting_places(path: Path) -> list[Path]:
    """Where a file may wait. The first place is the usual one; people open what waits there too."""
    marks = [WAITING, *(f" (chờ ghi {number})" for number in range(2, 10))]
    return [path.with_name(path.stem + mark + path.suffix) for mark in marks]


def _put_beside(temporary: Path, path: Path, keeper: Keeper) -> Path:
    slip: OSError | None = None
    for place in _waiting_places(path):
        try:
            if not is_open(place):
                _keep_first(place, keeper)
                temporary.replace(place)
                return place
        except OSError as held:
            if held.errno not in _HELD:
                raise
            slip = held
    raise slip or PermissionError(path)


def publish_all(files: Iterable[tuple[Path, bytes]], keeper: Keeper, leave: bool = False) -> list[Published]:
    """Publish many files as `publish` does each, some at a time.

    Args:
        files: Paths, all different, with their bytes; may be made as they are written.
        keeper, leave: As `publish` has them.

    Returns:
        What became of each, in their order.

    Raises:
        CannotWriteError: a folder cannot be written; no other file is begun after that.
    """
    with AtOnce() as at_once:
        done = [at_once.do(publish, path, data, keeper, leave) for path, data in files]
    return [one.result() for one in done]


def _replace(temporary: Path, path: Path, keeper: Keeper, leave: bool) -> Literal["written", "left"] | None:
    """Put it in its place; None where somebody holds what lies there."""
    for pause in (*_PAUSES, None):
        try:
            if not _keep_first(path, keeper) and leave:
                return "left"
            temporary.replace(path)
        except OSError as slip:
            if slip.errno not in _HELD:
                raise
            if pause is None:
                return None
            time.sleep(pause)
        else:
            flush_folder(path.parent)
            return "written"
    return None


def _drop_waiting(path: Path, keeper: Keeper) -> None:
    """Take away what waited beside it. The places are taken in their order, so after two empty ones a share is not asked for the others."""
    missing = 0
    for place in _waiting_places(path):
        try:
            if place.exists():
                _keep_first(place, keeper)
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


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each so that a power cut does not take its name away."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


def write_flushed(path: Path, data: bytes) -> None:
    """Write a file in its place, so that its bytes outlive a power cut; its name does once the folder is flushed."""
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
            drop(path)
            raise


def flush_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
