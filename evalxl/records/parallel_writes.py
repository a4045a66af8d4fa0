"""Writes files in parallel threads: most of the time goes into waiting for the disk or the share."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache
from types import TracebackType
from typing import Any, TypeVar

Done = TypeVar("Done")

_AT_ONCE = 8


class ParallelWrites:
    """Runs tasks in parallel; on exit all of them are done. After a failure no other task is begun.

    All instances of a process share its threads, so a task must not wait for another task.
    """

    def __init__(self) -> None:
        self._threads = _threads(os.getpid())
        self._under_way: deque[Future[Any]] = deque()

    def do(self, task: Callable[..., Done], *what: Any) -> Future[Done]:
        """Begin a task. Waits if many tasks are running, which limits the memory they hold.

        Raises:
            Exception: the exception of an earlier task.
        """
        future = self._threads.submit(task, *what)
        self._under_way.append(future)
        if len(self._under_way) > 2 * _AT_ONCE:
            self._under_way.popleft().result()
        return future

    def __enter__(self) -> ParallelWrites:
        return self

    def __exit__(self, failed: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        try:
            while self._under_way and failed is None:
                self._under_way.popleft().result()
        finally:
            for future in self._under_way:
                future.cancel()
            wait(self._under_way)


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """The threads of this process, kept for later writes. A forked process gets its own."""
    return ThreadPoolExecutor(_AT_ONCE)
