"""Writing files that people open: beside, flushed, read back, then replaced; never copied over.

A file that somebody has open in Excel cannot be replaced on Windows: the new one is put beside it as *(chờ ghi)*, and the next run publishes it.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.errors import EvalxlError

WAITING = " (chờ ghi)"
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between tries: a virus scanner lets go within these


class CannotWriteError(EvalxlError):
    """A folder cannot be written: not there, read-only, or full."""

    key = "slip.cannot_write"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a file: `written`, `unchanged`, or `waiting` because `holder` has it open."""

    path: Path
    state: str
    holder: str = ""


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, so that it is there whole or not at all.

    Raises:
        FileExistsError: somebody else wrote it meanwhile.
        CannotWriteError: the folder cannot be written.
    """
    temporary = _beside(path)
    try:
        _write_flushed(temporary, data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if path.exists():
                raise FileExistsError(path) from None
            temporary.rename(path)
        _flush_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as slip:
        raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def publish(path: Path, data: bytes, modified: float | None = None) -> Published:
    """Put a file where people open it, replacing an older one.

    Args:
        path: Where it belongs.
        data: Its bytes; equal bytes are not written again.
        modified: The file's own time, where it should not be now.

    Raises:
        CannotWriteError: the folder cannot be written.
    """
    try:
        if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
            _drop_waiting(path)
            return Published(path, "unchanged")
        temporary = _beside(path)
        _write_flushed(temporary, data)
        if temporary.read_bytes() != data:
            temporary.unlink()
            raise CannotWriteError(path=path.parent, reason="read back")
        if modified is not None:
            os.utime(temporary, (modified, modified))
        if is_open(path) or not _replace(temporary, path):
            waiting = path.with_name(path.stem + WAITING + path.suffix)
            temporary.replace(waiting)
            return Published(path, "waiting", holder_of(path))
        _drop_waiting(path)
        return Published(path, "written")
    except OSError as slip:
        raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip


def is_open(path: Path) -> bool:
    """Whether a spreadsheet program says that it has the file open: Excel's owner file, LibreOffice's lock file."""
    return (path.parent / f"~${path.name}").exists() or (path.parent / f".~lock.{path.name}#").exists()


def holder_of(path: Path) -> str:
    """Who has the file open, from the owner file beside it; empty where it does not say."""
    for beside in (path.parent / f"~${path.name}", path.parent / f".~lock.{path.name}#"):
        with contextlib.suppress(OSError):
            data = beside.read_bytes()
            if beside.name.startswith("~$") and data:
                return data[1 : 1 + data[0]].decode("cp1252", "replace").strip()
            return data.decode("utf-8", "replace").split(",")[0].strip()
    return ""


def _replace(temporary: Path, path: Path) -> bool:
    for pause in (*_PAUSES, None):
        try:
            temporary.replace(path)
        except PermissionError:
            if pause is None:
                return False
            time.sleep(pause)
        else:
            _flush_folder(path.parent)
            return True
    return False


def _drop_waiting(path: Path) -> None:
    path.with_name(path.stem + WAITING + path.suffix).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name[:60]}.{os.getpid()}.tmp")


def _write_flushed(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
