"""The lock: one file, created exclusively, that says who is at work, on which machine, since when."""

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

_MOMENT = 0.02  # seconds in which who takes the lock has written who that is
_PATIENCE = 3.0  # seconds after which a lock that says nothing is one that nobody is taking any more
_PAUSES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries to give it back


class SomebodyAtWorkError(EvalxlError):
    """Another person, or another window, is at work on this office."""

    key = "slip.somebody_at_work"
    exit_code = 3


class LockSaysNothingError(SomebodyAtWorkError):
    """The lock is there and does not say whose it is: it is being taken on another machine, or was left behind empty."""

    key = "slip.lock_says_nothing"


@contextlib.contextmanager
def lock(path: Path, holder: str, since: str) -> Iterator[None]:
    """Hold the office's lock.

    Args:
        path: The lock file.
        holder: Who takes it.
        since: When, as text for people.

    Raises:
        SomebodyAtWorkError: another process has it. The lock of a process of this machine that is no more is taken over.
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
            if not other:  # it is being taken, or given back, this very moment
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
        _give_back(path)


def _give_back(path: Path) -> None:
    """Remove the lock. While somebody else reads in it who holds it, Windows and some shares leave it there."""
    for pause in (*_PAUSES, None):
        try:
            path.unlink()
        except FileNotFoundError:
            return
        except OSError:
            if pause is None:
                return  # it is taken over once this process is no more
            time.sleep(pause)
        else:
            return


def _at_work(entry: Mapping[str, object], path: Path) -> SomebodyAtWorkError:
    said = {name: str(entry.get(name, "")) for name in ("holder", "machine", "since")}
    return SomebodyAtWorkError(file=path, **said) if all(said.values()) else LockSaysNothingError(file=path)


def _taken(path: Path, entry: bytes) -> bool:
    """Take the lock: where there are hard links, it is there with its holder's name from its first moment.

    Elsewhere it says nothing for a moment; and who was held up for long in that moment has lost it to somebody else.
    """
    try:
        write_new(path, entry, contested=True)
    except FileExistsError:
        return False
    return os.name != "posix" or _read(path) == entry


def _stays_empty(path: Path) -> bool:
    """Whether a lock says nothing for longer than anybody needs to write who it is."""
    deadline = time.monotonic() + _PATIENCE
    first = _mark(path)
    while first is not None and _mark(path) == first:
        if time.monotonic() > deadline:
            return True
        time.sleep(_MOMENT)
    return False


def _mark(path: Path) -> tuple[int, int] | None:
    """By which an empty file is told from one in its place; None where there is none, or where it says something."""
    try:
        state = path.stat()
    except OSError:
        return None
    return None if state.st_size else (state.st_ino, state.st_mtime_ns)


def _cleared(path: Path, other: bytes) -> bool:
    """Remove the lock of a process that is no more, unless somebody else is about to do so; True: try again.

    Who may remove it is settled by a claim named after that very lock: two who saw the same one cannot both remove it, and with it
    the lock of the other.
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
    """Remove the claims of runs that were broken off while they made one."""
    with contextlib.suppress(OSError):
        for claim in path.parent.glob(f"{path.name}-*"):
            if _left_behind(_entry(_read(claim) or b"")):
                claim.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """What a lock says; None where it is gone, or on its way: Windows refuses to open what is being removed."""
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
    """Whether a lock is of a process of this machine that is no more; another one may bear its number now."""
    pid = entry.get("pid")
    if entry.get("machine") != socket.gethostname() or not isinstance(pid, int):
        return False
    then, now = entry.get("born") or "", born(pid)
    return not alive(pid) or ("" not in (then, now) and then != now)
