"""A disk that fails on demand: every call by which a process touches the office's folders is counted, and one of them goes wrong.

The layer lies between evalxl and the operating system, in a child process of the test alone. What it is told to do, it does at the n-th call:
kill the process (a write is then half done), fail once, fail from then on, or pause. It also records what was written, for the power cuts.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHANGES = frozenset({"create", "write", "fsync", "link", "rename", "unlink", "rmdir", "mkdir", "utime"})
LOOKS = frozenset({"read", "stat", "list", "probe"})
ERRORS = {name: getattr(errno, name) for name in ("ENOSPC", "EIO", "EACCES", "EROFS")}

# Errors that a file system gives for looking at a file; full or write-protected disks can still be read.
_LOOKS_TOO = {errno.EIO, errno.EACCES}


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes wrong: at the `at`-th call (from 1, of those that count), `kill`, or an error number, once or for ever."""

    at: int = 0
    kill: bool = False
    error: int = 0
    for_ever: bool = False
    until: int = 0  # up to and with this call
    below: str = ""  # only calls on paths below this folder count
    onto: str = ""  # only renames onto files whose names end so count: Windows refuses them while somebody has it open


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its kind, the path, the other path of a link or rename, and the bytes of a write."""

    kind: str
    path: str
    to: str = ""
    data: bytes = b""


@dataclass
class Disk:
    """Counts the calls below some folders, and lets the planned one go wrong. `install` it in a child process only: there is no way back."""

    roots: tuple[str, ...]
    plan: Plan = Plan()
    calls: list[Call] = field(default_factory=list)
    count: int = 0
    _at_descriptor: dict[int, str] = field(default_factory=dict)

    def hit(
        self, kind: str, path: str, to: str = "", data: bytes = b"", begin: Callable[[], Any] | None = None
    ) -> None:
        """Count a call; `begin` does half of it, for a process that dies or a disk that fills up in the middle."""
        self.calls.append(Call(kind, path, to, data))
        plan = self.plan
        if (
            not plan.at
            or not self._counts(kind, path)
            or (plan.onto and (kind != "rename" or not to.endswith(plan.onto)))
        ):
            return
        self.count += 1
        if self.count == plan.at or (self.count > plan.at and (plan.for_ever or self.count <= plan.until)):
            if begin is not None and (plan.kill or plan.error == errno.ENOSPC):
                begin()
            if plan.kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(plan.error, os.strerror(plan.error), path)

    def _counts(self, kind: str, path: str) -> bool:
        if self.plan.below and not path.startswith(self.plan.below):
            return False
        return kind in CHANGES or (self.plan.error in _LOOKS_TOO and kind in LOOKS)

    def _ours(self, path: Any) -> str:
        """The path as text where it is below the roots, else nothing."""
        if isinstance(path, int):
            return self._at_descriptor.get(path, "")
        text = os.fsdecode(os.path.abspath(os.fspath(path)))  # noqa: PTH100 (must not look at the disk)
        return text if any(f"{text}/".startswith(f"{root}/") for root in self.roots) else ""

    def install(self) -> None:
        """Put the layer between evalxl and the operating system, in this process, for good."""
        disk = self
        real_open, real_os_open, real_close = io.open, os.open, os.close

        class Writing(io.FileIO):
            """A file that is being written: no buffer, so that each write is a call."""

            where = ""

            def write(self, data: Any) -> int:
                data = bytes(data)
                disk.hit(
                    "write", self.where, data=data, begin=lambda: super(Writing, self).write(data[: len(data) // 2])
                )
                return super().write(data) or 0

        def open_(
            file: Any,
            mode: str = "r",
            buffering: int = -1,
            encoding: str | None = None,
            errors: str | None = None,
            newline: str | None = None,
            closefd: bool = True,
            opener: Any = None,
        ) -> Any:
            path = disk._ours(file)
            if not path or opener is not None or not set(mode) & set("wxa+"):
                if path:
                    disk.hit("read" if opener is None else "probe", path)
                return real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
            if not isinstance(file, int):
                disk.hit("create", path)
            raw = Writing(file, mode.replace("b", "").replace("t", ""))
            raw.where = path
            disk._at_descriptor[raw.fileno()] = path
            if "b" in mode:
                return raw
            return io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=newline)

        def os_open(path: Any, flags: int, *more: Any, **named: Any) -> int:
            ours = disk._ours(path) if "dir_fd" not in named or named["dir_fd"] is None else ""
            if ours:
                disk.hit("create" if flags & os.O_CREAT else "read", ours)
            descriptor = real_os_open(path, flags, *more, **named)
            if ours:
                disk._at_descriptor[descriptor] = ours
            return descriptor

        def close(descriptor: int) -> None:
            disk._at_descriptor.pop(descriptor, None)
            real_close(descriptor)

        def one(kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
            def call(path: Any = ".", *more: Any, **named: Any) -> Any:
                if ours := disk._ours(path):
                    disk.hit(kind, ours)
                return real(path, *more, **named)

            return call

        def two(kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
            def call(path: Any, to: Any, *more: Any, **named: Any) -> Any:
                if ours := disk._ours(path) or disk._ours(to):
                    disk.hit(kind, ours, disk._ours(to))
                return real(path, to, *more, **named)

            return call

        for module, name, ours in (
            *((io, "open", open_), (builtins, "open", open_)),
            *((os, "open", os_open), (os, "close", close), (time, "sleep", lambda _: None)),
        ):
            setattr(module, name, ours)
        for name, kind in (("fsync", "fsync"), ("unlink", "unlink"), ("remove", "unlink"), ("rmdir", "rmdir"), ("mkdir", "mkdir"),
                           ("utime", "utime"), ("stat", "stat"), ("lstat", "stat"), ("scandir", "list"), ("listdir", "list")):  # fmt: skip
            setattr(os, name, one(kind, getattr(os, name)))
        for name, kind in (("link", "link"), ("rename", "rename"), ("replace", "rename")):
            setattr(os, name, two(kind, getattr(os, name)))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
