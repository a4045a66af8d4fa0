"""Writes files that people open: a new file is written beside the old one, flushed, read back, and then replaces it.

A file that is open in Excel cannot be replaced on Windows. The new one is put beside it as *(chờ ghi)*, and the next run publishes it.

Every file on a share is replaced or removed through this module. The caller passes a `Keeper`, which sees the bytes that are there at that moment:
a file that evalxl did not write is archived first.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from evalxl.domain.errors import EvalxlError
from evalxl.records.keeper import OURS_ALONE as OURS_ALONE
from evalxl.records.keeper import Keeper as Keeper
from evalxl.records.open_files import holder_of as holder_of
from evalxl.records.open_files import is_open as is_open
from evalxl.records.open_files import owner_file as owner_file
from evalxl.records.parallel_writes import ParallelWrites
from evalxl.records.unfinished import beside, drop
from evalxl.records.unfinished import is_unfinished as is_unfinished
from evalxl.records.unfinished import sweep as sweep
from evalxl.records.unfinished import was_broken_off as was_broken_off

WAITING = " (chờ ghi)"
_WAITS = re.compile(r" \(chờ ghi(?: \d)?\)$")
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between tries: a virus scanner releases the file in this time

# Error codes for a file that somebody has open: the first from Windows, the last three from Samba through whatever mounts it.
_HELD = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EEXIST, errno.ETXTBSY})
# These error codes never mean that a file system has no hard links.
_FULL_OR_SHUT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})

_LOOKS = 4  # attempts to read a file that keeps changing, before it is left as it is
# Windows: attributes of a file that a sync client fetches only when somebody opens it.
ELSEWHERE = 0x1000 | 0x40000 | 0x400000  # OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS


class CannotWriteError(EvalxlError):
    """A folder cannot be written: it is missing, read-only or full."""

    key = "slip.cannot_write"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file.

    `written`; `unchanged`; `left` because somebody saved something there meanwhile; or `waiting` at `beside` because `holder` has it open.
    """

    path: Path
    state: str
    holder: str = ""
    beside: Path | None = None


def write_new(path: Path, data: bytes, workshop: Path | None = None, contested: bool = False) -> None:
    """Write a file that must not exist yet. It is there whole or not at all, even after a power cut.

    Args:
        path: The final path.
        data: Its bytes.
        workshop: The folder on the same disk in which the file is made; None for the file's own folder.
        contested: Others may write it at the same moment. On a share without hard links it is then written in place and is empty for a moment.

    Raises:
        FileExistsError: another process wrote it meanwhile.
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
            if contested and os.name == "posix":  # renaming would replace a file that another process wrote meanwhile
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


def publish(path: Path, data: bytes, keeper: Keeper, leave: bool = False, drawn_from: str = "") -> Published:
    """Put a file where people open it, replacing an older one.

    Args:
        path: Where it belongs.
        data: Its bytes; equal bytes are not written again.
        keeper: Archives the file there if somebody else wrote it; `OURS_ALONE` for paths that only evalxl writes.
        leave: Keep a file that somebody saved there meanwhile, as for workbooks that people fill. Otherwise it is archived and replaced.
        drawn_from: The SHA-256 of everything that it was drawn from, so that `stands` can tell later that it need not be drawn again.

    Raises:
        CannotWriteError: the folder cannot be written.
    """
    temporary: Path | None = None
    try:
        make_folder(path.parent)
        sweep(path.parent, keeper)
        keeper.goes_out(path, hashlib.sha256(data).hexdigest(), drawn_from)
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


def stands(path: Path, drawn_from: str, keeper: Keeper) -> bool:
    """Whether a file is, byte by byte, the one that evalxl last drew there, and was drawn from just this. What waits beside it is then outdated and removed.

    Args:
        drawn_from: The SHA-256 of everything that it would be drawn from now.
    """
    digest = keeper.last_drawn(path, drawn_from)
    try:
        if not digest or _digest_of(path).hex() != digest:
            return False
        sweep(path.parent, keeper)
        _drop_waiting(path, keeper)
    except OSError:
        return False  # publishing tells what is wrong
    return True


def remove(path: Path, keeper: Keeper) -> bool:
    """Remove a file and the files that wait beside it.

    Returns:
        Whether it is gone; False if somebody has it open or is changing it.

    Raises:
        CannotWriteError: the folder does not allow removing it, or it could not be archived before.
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
    """Write a file into a folder and remove it after closing it: some shares cannot remove an open file.

    Raises:
        OSError: nothing can be written there.
    """
    temporary = beside(folder / "evalxl")
    try:
        write_flushed(temporary, b"")
    finally:
        drop(temporary)


class MadeBeside:
    """A file that some library writes to a path of its own: it is made beside its final path, and removed if the run fails.

    It belongs where nobody but evalxl writes.

    Attributes:
        temporary: Where it is made.
        sha256, size: Of what was published.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.temporary, self.sha256, self.size = path, beside(path), "", 0
        try:
            make_folder(path.parent)
            self.temporary.unlink(missing_ok=True)
        except OSError as slip:
            raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip

    def publish(self) -> Published:
        """Move it to its final path, as `publish` does."""
        try:
            with self.temporary.open("r+b") as file:
                os.fsync(file.fileno())
            digest, self.size = _digest_of(self.temporary), self.temporary.stat().st_size
            self.sha256 = digest.hex()
            if self.path.exists() and _digest_of(self.path) == digest:
                _drop_waiting(self.path, OURS_ALONE)
                return Published(self.path, "unchanged")
            return _put(self.temporary, self.path, OURS_ALONE)
        except OSError as slip:
            raise CannotWriteError(path=self.path.parent, reason=slip.strerror or type(slip).__name__) from slip
        finally:
            self.drop()

    def drop(self) -> None:
        """Remove the file if it was not published."""
        drop(self.temporary)


class Growing(MadeBeside):
    """A file that is written in pieces because it is too large for memory."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._digest = hashlib.sha256()
        try:
            self._file = self.temporary.open("xb")
        except OSError as slip:
            raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip

    def add(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as slip:
            raise CannotWriteError(path=self.path.parent, reason=slip.strerror or type(slip).__name__) from slip
        self._digest.update(data)

    def close(self) -> None:
        """No more is added; the file can be read where it is made."""
        self._file.close()

    def publish(self) -> Published:
        """Move it to its final path, as `publish` does.

        Raises:
            CannotWriteError: the folder cannot be written, or what was read back is not what was written.
        """
        try:
            self._file.close()
            if _digest_of(self.temporary) != self._digest.digest():
                raise CannotWriteError(path=self.path.parent, reason="read back")
        except OSError as slip:
            self.drop()
            raise CannotWriteError(path=self.path.parent, reason=slip.strerror or type(slip).__name__) from slip
        except CannotWriteError:
            self.drop()
            raise
        return super().publish()

    def drop(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        super().drop()


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
    """Have the keeper secure the bytes at a path right before they are replaced or removed.

    The last check is whether the file is still the one that was read. Only one system call lies between that check and the replacement.

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
                return known  # a link is replaced, its target stays; a folder cannot be replaced by a file
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
    """The path of the newest state of a file: beside it if somebody has it open, else the path itself."""
    there = [beside for beside in _waiting_places(path) if beside.exists()]
    return max(there, key=lambda beside: beside.stat().st_mtime, default=path)


def is_waiting(path: Path) -> bool:
    """Whether a file's name says that it waits beside another file."""
    return _WAITS.search(path.stem) is not None


def _waiting_places(path: Path) -> list[Path]:
    """The paths where a new state of a file may wait. The first is the usual one; people may have a waiting file open too."""
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


def publish_all(
    files: Iterable[tuple[Path, bytes]],
    keeper: Keeper,
    leave: bool = False,
    drawn_from: Mapping[Path, str] = MappingProxyType({}),
) -> list[Published]:
    """Publish many files in parallel, each as `publish` does.

    Args:
        files: Paths, all different, with their bytes; may be made as they are written.
        keeper, leave: As `publish` has them.
        drawn_from: What `publish` calls so, by path; may be filled while the files are made.

    Returns:
        What became of each file, in the order given.

    Raises:
        CannotWriteError: a folder cannot be written; no other file is begun after that.
    """
    with ParallelWrites() as writes:
        done = [writes.do(publish, path, data, keeper, leave, drawn_from.get(path, "")) for path, data in files]
    return [future.result() for future in done]


def _replace(temporary: Path, path: Path, keeper: Keeper, leave: bool) -> Literal["written", "left"] | None:
    """Move the new file to its path; None if somebody has the old one open."""
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
    """Remove the files that wait beside a path. The waiting paths are used in order, so the search ends after two empty ones."""
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
            missing = 0  # somebody has it open; the next run removes it


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and flush each, so that their names survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


def write_flushed(path: Path, data: bytes) -> None:
    """Write a file to its path so that its bytes survive a power cut. Its name does once the folder is flushed."""
    # Create the file anew: a link at its path would lead the bytes elsewhere.
    path.unlink(missing_ok=True)
    _write_first(path, data)


def _write_first(path: Path, data: bytes) -> None:
    """Write a file to its path; it must not exist yet."""
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            drop(path)
            raise


def flush_folder(folder: Path) -> None:
    """Flush a folder, so that the names in it survive a power cut."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
