"""Some writings under way at a time: what takes long is the answer of the disk or the share, for which none has to wait while another one does."""

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


class AtOnce:
    """Does what it is given some at a time, and is done with all of it when it is left. After a failure nothing else is begun.

    All of a process share its threads: what is to be done must not wait for another of these.
    """

    def __init__(self) -> None:
        self._threads = _threads(os.getpid())
        self._under_way: deque[Future[Any]] = deque()

    def do(self, task: Callable[..., Done], *what: Any) -> Future[Done]:
        """Begin a task; waits where many are under way, so that what they hold is never much.

        Raises:
            Exception: what one before it has failed with.
        """
        future = self._threads.submit(task, *what)
        self._under_way.append(future)
        if len(self._under_way) > 2 * _AT_ONCE:
            self._under_way.popleft().result()
        return future

    def __enter__(self) -> AtOnce:
        return self

    def __exit__(self, failed: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        try:
            while self._under_way and failed is None:
                self._under_way.popleft().result()
        finally:
            for one in self._under_way:
                one.cancel()
            wait(self._under_way)


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """The threads of this process, which stay for what is written next; a process that begins as a copy of this one has none of them."""
    return ThreadPoolExecutor(_AT_ONCE)
