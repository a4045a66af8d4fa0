"""Hands: the processes that draw workbooks where there are many of them to draw.

A page or a master is drawn from values alone, so it is the same to the byte whoever draws it; and a machine with several processors draws as many at a time.
Where there are few, they are drawn before a process would have started: then nothing is started. Whatever cannot be drawn elsewhere is drawn here.
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
_AT_A_TIME = 0.05  # seconds of drawing that a process is given at a time


class Hands(Protocol):
    """Draws many workbooks; what it gives back stands in the order of the pieces. Closed before its end, it leaves nothing under way."""

    def __call__(
        self, draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float
    ) -> Generator[bytes, None, None]:
        """Draw each piece.

        Args:
            draw: Draws one; a function of a module.
            common: What all of them go by; best no more than they show.
            pieces: What each one shows; taken as they are needed.
            seconds: About how long one takes.
        """


def draw_here(
    draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float = 0
) -> Generator[bytes, None, None]:
    """Draw in this process."""
    return (draw(common, piece) for piece in pieces)


def in_hands(workers: int = 0) -> Hands:
    """Hands that are started where it pays, for what is drawn at once.

    Args:
        workers: How many at most; 0 lets the machine decide.
    """
    most = _most(workers)

    def hands(
        draw: Callable[[Common, Piece], bytes], common: Common, pieces: Iterable[Piece], seconds: float
    ) -> Generator[bytes, None, None]:
        source, enough = iter(pieces), int(_PAYS / seconds)
        first = list(islice(source, enough)) if most > 1 else []
        if len(first) < enough or most < 2:
            yield from draw_here(draw, common, chain(first, source))
            return
        with kept_hands(workers) as started:
            yield from started(draw, common, chain(first, source), seconds)

    return hands


@contextlib.contextmanager
def kept_hands(workers: int = 0) -> Iterator[Hands]:
    """Hands that stay for what is drawn next: for whoever draws many weeks in a row. They are started with the first piece."""
    most = _most(workers)
    with Pool(most) as pool:

        def hands(
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

        yield hands if most > 1 else draw_here


def _most(workers: int) -> int:
    return workers or min(os.cpu_count() or 1, 8)


def _drawn(future: Future[list[bytes]]) -> list[bytes] | None:
    """What a process has drawn; None where the process ended over it: the machine was short of memory, or somebody ended it."""
    try:
        return future.result()
    except (ProcessExpired, BrokenProcessPool):
        return None


def draw_all(draw: Callable[[Common, Piece], bytes], common: Common, pieces: Sequence[Piece]) -> list[bytes]:
    """Draw some pieces one after another, in a process of its own."""
    return list(draw_here(draw, common, pieces))
