"""A pool of processes that draws workbooks in parallel when there is enough work to pay for starting them.

A page or a master is drawn from values alone, so its bytes are the same in every process. Few workbooks are drawn in this process:
they are ready before another process would have started. Workbooks that a process failed to draw are drawn here.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Protocol, TypeVar

from pebble import ProcessExpired

from evalxl.excel.pool import Pool

Common = TypeVar("Common")
Piece = TypeVar("Piece")

_PAYS = 2.0  # seconds of drawing below which starting processes takes longer than it saves
_AT_A_TIME = 0.05  # seconds of drawing in one task of a process


class DrawingPool(Protocol):
    """Draws many workbooks and gives them back in the order of the pieces. If it is closed early, it cancels its tasks."""

    def __call__(
        self, draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float
    ) -> Generator[bytes, None, None]:
        """Draw each piece.

        Args:
            draw: Draws one workbook; a function of a module.
            common: The values that all workbooks share; keep it small, it is sent to the processes.
            pieces: The values of each workbook; taken as they are needed.
            seconds: Approximate time for one workbook.
        """


def draw_here(
    draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float = 0
) -> Generator[bytes, None, None]:
    """Draw in this process."""
    return (draw(common, piece) for piece in pieces)


def drawing_pool(workers: int = 0) -> DrawingPool:
    """A drawing pool for one call. It starts processes only if that pays.

    Args:
        workers: The most processes; 0 lets the machine decide.
    """
    most = _most(workers)

    def draw_many(
        draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float
    ) -> Generator[bytes, None, None]:
        source, enough = iter(pieces), int(_PAYS / seconds)
        first = list(islice(source, enough)) if most > 1 else []
        if len(first) < enough or most < 2:
            yield from draw_here(draw, common, chain(first, source))
            return
        with kept_drawing_pool(workers) as started:
            yield from started(draw, common, chain(first, source), seconds)

    return draw_many


@contextlib.contextmanager
def kept_drawing_pool(workers: int = 0) -> Iterator[DrawingPool]:
    """A drawing pool that stays for later calls, for callers that draw many weeks. It starts with the first piece."""
    most = _most(workers)
    with Pool(most) as pool:

        def draw_many(
            draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float
        ) -> Generator[bytes, None, None]:
            source, size = iter(pieces), max(1, round(_AT_A_TIME / seconds))
            chunks = iter(lambda: list(islice(source, size)), [])
            under_way = deque((chunk, pool.send(draw_all, draw, common, chunk)) for chunk in islice(chunks, 2 * most))
            try:
                while under_way:
                    chunk, future = under_way.popleft()
                    drawn = _drawn(future)
                    for following in islice(chunks, 1):
                        under_way.append((following, pool.send(draw_all, draw, common, following)))
                    yield from draw_here(draw, common, chunk) if drawn is None else drawn
            finally:
                for _, future in under_way:
                    future.cancel()

        yield draw_many if most > 1 else draw_here


def _most(workers: int) -> int:
    return workers or min(os.cpu_count() or 1, 8)


def _drawn(future: Future[list[bytes]]) -> list[bytes] | None:
    """The workbooks that a process drew; None if the process died: the machine was short of memory, or somebody ended it."""
    try:
        return future.result()
    except (ProcessExpired, BrokenProcessPool):
        return None


def draw_all(draw: Callable[[Common, Piece], bytes], common: Common, pieces: Sequence[Piece]) -> list[bytes]:
    """Draw some pieces one after another; runs in a process of the pool."""
    return list(draw_here(draw, common, pieces))
