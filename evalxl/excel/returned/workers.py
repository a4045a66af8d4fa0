"""Workers: processes that examine returned files, with limits of time and memory.

A returned file is untrusted, and its reader may hang, exhaust the memory or crash. So each file is read in a separate process.
A process that fails is replaced, and the file gets a second try (the machine may have slept, somebody may have ended the process).

An exception in our own code is not the file's fault. Its finding is `file.our_fault`, the place goes to the log, and the other files are read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import psutil
from pebble import ProcessExpired

from evalxl.domain.errors import in_one_line, where_it_happened
from evalxl.domain.findings import OUR_FAULT, Finding
from evalxl.excel.pool import Pool
from evalxl.excel.returned.examine import Examined, WeekBooks, examine

Examiner = Callable[[WeekBooks, Iterable[bytes]], Generator[Examined, None, None]]
"""Examines files of a week; what it gives back stands in the order of the files. Closed before its end, it leaves no worker behind."""

_OUT_OF_MEMORY = 86  # exit code of a worker that reached its memory limit
_NEVER_STARTED = 1  # exit code of Python when it cannot start, or fails outside the examination of a file
_RESERVED = 256 * 1024 * 1024  # bytes of address space that threads reserve and never use
_LOOK_EVERY = 0.05  # seconds between two checks of a worker's memory
_FILES_A_WORKER = 10  # fewer files do not pay for starting one more process
_LARGEST_WEEK = 4 * 1024 * 1024  # bytes of a week's data, above which workers are started with it


@dataclass(frozen=True, slots=True)
class FileLimits:
    """The limits for one file.

    Attributes:
        seconds: Time for one file; an ordinary form takes a hundredth of a second.
        memory: Bytes beyond the worker's memory at its start.
        address_space: Whether the system enforces the memory limit too, if it can (not on Windows).
    """

    seconds: float = 30.0
    memory: int = 400 * 1024 * 1024
    address_space: bool = True


def in_workers(
    workers: int = 0, limits: FileLimits | None = None, task: Callable[[bytes], Examined] | None = None
) -> Examiner:
    """An examiner that works in worker processes.

    Args:
        workers: The most processes; 0 lets the machine decide.
        limits: The limits for one file.
        task: Examines one file; a function of a module.
    """
    most = workers or min(os.cpu_count() or 1, 8)
    return lambda books, files: _examine_in_workers(
        books, files, most, limits or FileLimits(), task or examine_in_worker
    )


@contextlib.contextmanager
def kept_workers(workers: int = 0, limits: FileLimits | None = None) -> Iterator[Examiner]:
    """An examiner whose worker processes stay for the next run, for callers that consolidate many times.

    The workers receive a week's data with its first files. A very large week gets its own workers.
    """
    most, limits = workers or min(os.cpu_count() or 1, 8), limits or FileLimits()
    own = in_workers(workers, limits)
    with Pool(most, start_worker, _NO_WEEK, limits) as pool:
        know, packed = _Workers(pool, limits, examine_when_told), _Packing()

        def examiner(books: WeekBooks, files: Iterable[bytes]) -> Generator[Examined, None, None]:
            pickled = pickle.dumps(replace(books, issues=packed.of(books.issues)))
            if len(pickled) > _LARGEST_WEEK:
                return own(books, files)
            return _examine_in(_Telling(know, pickled, 2 * most), files, most * _FILES_A_WORKER)

        yield examiner


def _examine_in_workers(
    books: WeekBooks, files: Iterable[bytes], most: int, limits: FileLimits, task: Callable[[bytes], Examined]
) -> Generator[Examined, None, None]:
    source = iter(files)
    first = list(islice(source, most * _FILES_A_WORKER))
    if not first:
        return
    with Pool(min(most, -(-len(first) // _FILES_A_WORKER)), start_worker, books, limits) as pool:
        yield from _examine_in(_Workers(pool, limits, task), chain(first, source), len(first))


def _examine_in(pool: _Workers | _Telling, files: Iterable[bytes], at_once: int) -> Generator[Examined, None, None]:
    """Send files to workers. At most `at_once` files are in memory."""
    source = iter(files)
    under_way = deque((data, pool.send(data)) for data in islice(source, at_once))
    while under_way:
        data, future = under_way.popleft()
        verdict = pool.outcome(data, future)
        if isinstance(verdict, Finding) or verdict.by_our_fault:
            again = pool.outcome(data, pool.send(data))
            verdict = Examined("refused", findings=(again,)) if isinstance(again, Finding) else again
        for following in islice(source, 1):
            under_way.append((following, pool.send(following)))
        yield verdict


class _Workers:
    """Processes that have a week's data and enforce the limits for one file."""

    def __init__(self, pool: Pool, limits: FileLimits, task: Callable[..., Examined]) -> None:
        self._pool, self._limits, self._task = pool, limits, task

    def send(self, *file: bytes) -> Future[Examined]:
        return self._pool.send(examine_guarded, self._task, *file, seconds=self._limits.seconds)

    def outcome(self, _: bytes, future: Future[Examined]) -> Examined | Finding:
        return _outcome(future)


class _Telling:
    """Workers that receive a week's data when they do not have it yet. Each file is sent with the hash of that data.

    The first files carry the data. A worker that got none of them, or started later, asks for it and gets its file again.
    """

    def __init__(self, pool: _Workers, pickled: bytes, first: int) -> None:
        self._pool, self._pickled, self._name, self._first = pool, pickled, hashlib.sha256(pickled).digest(), first

    def send(self, data: bytes) -> Future[Examined]:
        self._first -= 1
        return self._pool.send(data, self._name, *((self._pickled,) if self._first >= 0 else ()))

    def outcome(self, data: bytes, future: Future[Examined]) -> Examined | Finding:
        verdict = _outcome(future)
        if isinstance(verdict, Examined) and verdict.verdict == _NOT_TOLD:
            return _outcome(self._pool.send(data, self._name, self._pickled))
        return verdict


def _outcome(future: Future[Examined]) -> Examined | Finding:
    """A worker's result, or the finding why there is none. Never an exception caused by a file."""
    try:
        return future.result()
    except (TookTooLong, MemoryError):  # there may be too little memory left for the process to end by itself
        return Finding("file.too_costly")
    except ProcessExpired as ended:
        if ended.exitcode == _NEVER_STARTED:
            return _not_read(ended)
        return Finding("file.too_costly" if ended.exitcode == _OUT_OF_MEMORY else "file.reader_died")
    except Exception as slip:
        # The pool's processes ended while none of them read a file, or an object could not be sent between processes.
        return _not_read(slip)


class _Packing:
    """Packs the issues of a week for workers. Issues packed in earlier runs are reused."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[Mapping[str, Any], bytes]] = {}

    def of(self, issues: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        now = {}
        for form_id, issue in issues.items():
            known = self._before.get(form_id)
            now[form_id] = known if known is not None and known[0] == issue else (issue, pickle.dumps(issue))
        self._before = now
        return _Packed({form_id: data for form_id, (_, data) in now.items()})


class _Packed(Mapping[str, Mapping[str, Any]]):
    """Issues that are unpacked on access: a worker needs only those of its own files."""

    def __init__(self, packed: dict[str, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, form_id: str) -> Mapping[str, Any]:
        issue: Mapping[str, Any] = pickle.loads(self._packed[form_id])  # from our own process
        return issue

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


_NO_WEEK = WeekBooks("", {}, {}, {})
_NOT_TOLD = "not told"

_books: WeekBooks | None = None
_name = b""


def start_worker(books: WeekBooks, limits: FileLimits) -> None:
    """Give a worker process its week's data and its memory limit."""
    global _books
    _books = books
    if limits.address_space:
        _limit_address_space(limits.memory)
    threading.Thread(target=_watch_memory, args=(limits.memory,), daemon=True).start()


def examine_guarded(task: Callable[..., Examined], *file: bytes) -> Examined:
    """Examine a file in a worker process. An error in our own code costs only this file's verdict.

    The verdict holds the place of the error and nothing that was typed.
    """
    try:
        return task(*file)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # a process that ran out of memory once is unreliable
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as slip:  # a panic of a library is not an Exception
        return _not_read(slip)


def _not_read(slip: BaseException) -> Examined:
    """The verdict of a file on which our own code failed."""
    return Examined(
        "refused", findings=(Finding(OUR_FAULT),), slip=in_one_line(slip), traceback=where_it_happened(slip)
    )


def examine_in_worker(data: bytes) -> Examined:
    """Examine a file of the week that the process has."""
    assert _books is not None
    return examine(data, _books)


def examine_when_told(data: bytes, name: bytes, pickled: bytes = b"") -> Examined:
    """Examine a file of the week whose data has this hash. A worker without the data gives back `_NOT_TOLD`."""
    global _books, _name
    if name != _name:
        if not pickled:
            return Examined(_NOT_TOLD)
        _books, _name = pickle.loads(pickled), name  # from our own process
    return examine_in_worker(data)


def _limit_address_space(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the watching thread remains
        return
    limit: int = psutil.Process().memory_info().vms + memory + _RESERVED
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _watch_memory(memory: int) -> None:
    me = psutil.Process()
    most: Any = me.memory_info().rss + memory
    while True:
        if me.memory_info().rss > most:
            os._exit(_OUT_OF_MEMORY)
        time.sleep(_LOOK_EVERY)
