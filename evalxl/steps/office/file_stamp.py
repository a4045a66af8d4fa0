"""Reading only the document properties of a file, wherever it lies."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from evalxl.excel.stamping.peek_stamp import peek_stamp_in
from evalxl.records.arrivals import obstacle_of


def stamp_at(path: Path) -> Mapping[str, str]:
    """The stamp in the document properties of a file. Nothing else is read. Empty when the file must not or cannot be opened."""
    try:
        if obstacle_of(path.lstat()) or not stat.S_ISREG(path.stat().st_mode):
            return {}
        with path.open("rb") as file:
            return peek_stamp_in(file)
    except (OSError, ValueError):
        return {}
