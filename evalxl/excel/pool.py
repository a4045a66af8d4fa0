"""A pool of processes that is made anew when all of them ended at once: for workers that read anybody's files, and hands that draw."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from pebble import ProcessPool

from evalxl.domain.errors import EvalxlError, WorkerSlip, where_it_happened

Done = TypeVar("Done")

# What a clean process has read before the first worker is made of it.
_PRELOADED = ("__main__", "evalxl.excel.workers")


class Pool:
    """Processes that are started when they are needed, and end with the pool."""

    def __init__(self, most: int, start: Callable[..., None] | None = None, *told: Any) -> None:
        """
        Args:
            most: How many processes at most.
            start: What each does first, a function of a module; with what it is told.
        """
        self._most, self._start, self._told = most, start, told
        self._pool = self._new()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new(self) -> ProcessPool:
        return ProcessPool(self._most, initializer=self._start, initargs=self._told, context=_clean_start())

    def send(self, task: Callable[..., Done], *what: Any, seconds: float | None = None) -> Future[Done]:
        """Have a task done.

        Args:
            task: A function of a module.
            seconds: How long it may take; the process that takes longer is ended. None: as long as it takes.

        The future raises `WorkerSlip` for a slip of a programmer in the task: it says where in the other process it happened.
        """
        if not self._pool.active:
            self.__exit__()
            self._pool = self._new()
        return self._pool.schedule(_done, args=(task, *what), timeout=seconds)


def _done(task: Callable[..., Done], *what: Any) -> Done:
    """Do a task in a process. An exception is sent to the other process without its frames, and not every one can be sent: where it happened is."""
    try:
        return task(*what)
    except (EvalxlError, OSError, MemoryError):  # an operator's slip, a disk, the machine: told as in the other process
        raise
    except Exception as slip:
        raise WorkerSlip(where_it_happened(slip)) from None


def _clean_start() -> BaseContext:
    """Processes are never forked from this one, which has threads: they start from a clean one that has read the modules already.

    None of them takes a module from the folder in which somebody happens to work: it may be the share, where anybody can leave a `random.py`.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED])
    return context
