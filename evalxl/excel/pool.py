"""A pool of processes that is made anew when all of them ended at once. Workers that read files and the drawing pool use it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from pebble import ProcessPool

from evalxl.domain.errors import EvalxlError, WorkerSlip, where_it_happened
from evalxl.forms.kind import WorkbookKind, kinds_beside

Done = TypeVar("Done")

# Modules that the clean process imports before workers are forked from it.
_PRELOADED = ("__main__", "evalxl.excel.returned.workers")


class Pool:
    """Processes that start when they are needed and end with the pool."""

    def __init__(self, most: int, start: Callable[..., None] | None = None, *arguments: Any) -> None:
        """
        Args:
            most: The most processes.
            start: A function of a module that each process calls first.
            arguments: Its arguments.
        """
        self._most, self._start, self._arguments = most, start, arguments
        self._pool = self._new()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new(self) -> ProcessPool:
        return ProcessPool(self._most, initializer=self._start, initargs=self._arguments, context=_clean_start())

    def send(self, task: Callable[..., Done], *what: Any, seconds: float | None = None) -> Future[Done]:
        """Send a task to a process.

        Args:
            task: A function of a module.
            seconds: The time limit, after which the process is ended; None for no limit.

        The future raises `WorkerSlip` for a programmer's error in the task: it says where in the other process it happened.
        """
        if not self._pool.active:
            self.__exit__()
            self._pool = self._new()
        # A process learns of kinds of workbooks that are not the package's by unpickling them.
        return self._pool.schedule(_done, args=(kinds_beside(), task, *what), timeout=seconds)


def _done(_: tuple[WorkbookKind, ...], task: Callable[..., Done], *what: Any) -> Done:
    """Do a task in a process. An exception loses its frames on the way to the other process, or cannot be sent. So `WorkerSlip` carries the place."""
    try:
        return task(*what)
    except (EvalxlError, OSError, MemoryError):  # an operator's error, a disk, the machine: raised unchanged
        raise
    except Exception as slip:
        raise WorkerSlip(where_it_happened(slip)) from None


def _clean_start() -> BaseContext:
    """How processes start: forked from a clean process that has imported the modules, never from this one, which has threads.

    They import no module from the current folder: it may be the share, where anybody can leave a `random.py`.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED])
    return context
