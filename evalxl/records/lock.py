"""The office's lock: one file, created exclusively, that names the holder, the machine and the start."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.records.processes import alive, born
from evalxl.records.publish import CannotWriteError, was_broken_off, write_new

_MOMENT = 0.02  # seconds within which a process writes its name into a lock it takes
_PATIENCE = 3.0  # seconds after which an empty lock counts as abandoned
_PAUSES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries to remove it


class SomebodyAtWorkError(EvalxlError):
    """Another person or another window holds the lock of this office."""

    key = "slip.somebody_at_work"
    exit_code = 3


class LockSaysNothingError(SomebodyAtWorkError):
    """The lock does not name its holder: another machine is taking it, or it was left behind empty."""

    key = "slip.lock_says_nothing"


@contextlib.contextmanager
def lock(path: Path, holder: str, since: str) -> Iterator[None]:
    """Hold the office's lock.

    Args:
        path: The lock file.
        holder: Who takes it.
        since: When, as text for people.

    Raises:
        SomebodyAtWorkError: another process holds it. The lock of an ended process of this machine is taken over.
    """
    entry = {"holder": holder, "since": since, **_this_process()}
    mine = json.dumps(entry, ensure_ascii=False).encode()
    try:
        broken_off = was_broken_off(path)
        for _ in range(5):
            if _taken(path, mine):
                _drop_claims(path)
                break
            other = _read(path)
            if not other:  # it is being taken or removed at this moment
                time.sleep(_MOMENT)
                continue
            if not _left_behind(_entry(other)) or not _cleared(path, other):
                raise _at_work(_entry(other), path)
        else:
            other = _read(path) or b""
            if other or not (broken_off and _stays_empty(path)) or not _cleared(path, b"") or not _taken(path, mine):
                raise _at_work(_entry(other), path)
    except OSError as slip:
        raise CannotWriteError(path=path.parent, reason=slip.strerror or "") from slip
    try:
        yield
    finally:
        _release(path)


def _release(path: Path) -> None:
    """Remove the lock. Windows and some shares refuse while another process reads it."""
    for pause in (*_PAUSES, None):
        try:
            path.unlink()
        except FileNotFoundError:
            return
        except OSError:
            if pause is None:
                return  # it is taken over once this process has ended
            time.sleep(pause)
        else:
            return


def _at_work(entry: Mapping[str, object], path: Path) -> SomebodyAtWorkError:
    owner = {name: str(entry.get(name, "")) for name in ("holder", "machine", "since")}
    return SomebodyAtWorkError(file=path, **owner) if all(owner.values()) else LockSaysNothingError(file=path)


def _taken(path: Path, entry: bytes) -> bool:
    """Try to take the lock. With hard links it holds its holder's name from its first moment.

    Without them it is empty for a moment. A process that is delayed in that moment may lose the lock to another one.
    """
    try:
        write_new(path, entry, contested=True)
    except FileExistsError:
        return False
    return os.name != "posix" or _read(path) == entry


def _stays_empty(path: Path) -> bool:
    """Whether a lock stays empty for longer than a process needs to write its name."""
    deadline = time.monotonic() + _PATIENCE
    first = _mark(path)
    while first is not None and _mark(path) == first:
        if time.monotonic() > deadline:
            return True
        time.sleep(_MOMENT)
    return False


def _mark(path: Path) -> tuple[int, int] | None:
    """An empty file's inode and time, which distinguish it from a later file at the same path; None if it is missing or not empty."""
    try:
        state = path.stat()
    except OSError:
        return None
    return None if state.st_size else (state.st_ino, state.st_mtime_ns)


def _cleared(path: Path, other: bytes) -> bool:
    """Remove the lock of an ended process, unless another process is about to do so. True: try again.

    A claim file named after the lock's bytes decides who may remove it. Otherwise two processes that saw the same lock could both remove it,
    and the second would remove the new lock of the first.
    """
    claim = path.with_name(f"{path.name}-{hashlib.sha256(other).hexdigest()[:12]}")
    try:
        write_new(claim, json.dumps(_this_process()).encode())
    except FileExistsError:
        if _left_behind(_entry(_read(claim) or b"")):
            claim.unlink(missing_ok=True)
            return True
        return False
    try:
        if _read(path) == other:
            path.unlink()
    finally:
        with contextlib.suppress(OSError):
            claim.unlink()
    return True


def _drop_claims(path: Path) -> None:
    """Remove the claims of interrupted runs."""
    with contextlib.suppress(OSError):
        for claim in path.parent.glob(f"{path.name}-*"):
            if _left_behind(_entry(_read(claim) or b"")):
                claim.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """The bytes of a lock; None if it is gone or being removed (Windows then refuses to open it)."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, PermissionError):
        return None


def _entry(data: bytes) -> Mapping[str, object]:
    try:
        entry = json.loads(data)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _this_process() -> dict[str, object]:
    return {"machine": socket.gethostname(), "pid": os.getpid(), "born": born(os.getpid())}


def _left_behind(entry: Mapping[str, object]) -> bool:
    """Whether a lock belongs to an ended process of this machine. Another process may have the same id now."""
    pid = entry.get("pid")
    if entry.get("machine") != socket.gethostname() or not isinstance(pid, int):
        return False
    then, now = entry.get("born") or "", born(pid)
    return not alive(pid) or ("" not in (then, now) and then != now)
