"""Draws and publishes only what changed: an output that stands as it was drawn, and would be drawn from the same values, is left as it is.

What an output is drawn from is told by the `repr` of its values, by the language and folders that all outputs share, and by the installed program.
An output that somebody altered, or that is missing, is drawn again.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TypeVar

from evalxl.excel.drawing_pool import drawing_pool
from evalxl.records.package_files import program_mark
from evalxl.records.publish import Published, publish_all, stands
from evalxl.steps.office.office import Office

Common = TypeVar("Common")
Piece = TypeVar("Piece")


def draw_changed(
    office: Office,
    load: Callable[[], Callable[[Common, Piece], bytes]],
    common: Common,
    pieces: Iterable[tuple[Path, Piece]],
    seconds: float,
    anew: bool = False,
) -> list[Published]:
    """Draw and publish the outputs that changed.

    Args:
        load: Imports the function that draws one output. It is called only if there is something to draw.
        common: The values that all outputs share.
        pieces: The path and the values of each output. Equal values must have an equal `repr` in every process.
        seconds: Approximate time for drawing one output.
        anew: Draw all of them.

    Returns:
        What became of each output, in the order of the pieces.
    """
    paths: list[Path] = []
    drawn_from: dict[Path, str] = {}
    to_publish: deque[Path] = deque()  # of what is being drawn, in order

    def changed() -> Iterator[Piece]:
        for path, piece in pieces:
            paths.append(path)
            source = _digest(common, piece)
            if anew or not stands(path, source, office.keeper):
                drawn_from[path] = source
                to_publish.append(path)
                yield piece

    to_draw = changed()
    published: dict[Path, Published] = {}
    for first in to_draw:
        pool = office.drawing_pool or drawing_pool(office.settings.workers)
        with closing(pool(load(), common, chain((first,), to_draw), seconds)) as drawn:
            files = ((to_publish.popleft(), data) for data in drawn)
            published = {file.path: file for file in publish_all(files, office.keeper, drawn_from=drawn_from)}
    return [published.get(path) or Published(path, "unchanged") for path in paths]


def _digest(common: object, piece: object) -> str:
    return hashlib.sha256(f"{program_mark()}\n{common!r}\n{piece!r}".encode("utf-8", "surrogatepass")).hexdigest()
