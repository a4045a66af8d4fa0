"""The lock: one file, created exclusively, that says who is at work, on which machine, since when."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.records.publish import CannotWriteError


class SomebodyAtWorkError(EvalxlError):
    """Another person, or another window, is at work on this office."""

    key = "slip.somebody_at_work"
    exit_code = 3


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
    entry = {"holder": holder, "machine": socket.gethostname(), "since": since, "pid": os.getpid()}
    for attempt in (1, 2):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            other = _entry(path)
            if attempt == 1 and other.get("machine") == entry["machine"] and not _alive(other.get("pid")):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
                continue
            raise SomebodyAtWorkError(
                holder=other.get("holder", "?"),
                machine=other.get("machine", "?"),
                since=other.get("since", "?"),
                file=path,
            ) from None
        except OSError as slip:
            raise CannotWriteError(path=path.parent, reason=slip.strerror or "") from slip
        break
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(entry, file, ensure_ascii=False)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def _entry(path: Path) -> dict[str, object]:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _alive(pid: object) -> bool:
    if not isinstance(pid, int):
        return True
    if os.name == "nt":  # asking by signal would end the process there
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
