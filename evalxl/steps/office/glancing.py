"""Reading only the document properties of a file, wherever it lies."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from evalxl.excel.stamping.peek_stamp import glance_into
from evalxl.records.arrivals import obstacle_of


def glance_at(path: Path) -> Mapping[str, str]:
    """The stamp in the document properties of a file. Nothing else is read. Empty when the file must not or cannot be opened."""
    try:
        if obstacle_of(path.lstat()) or not stat.S_ISREG(path.stat().st_mode):
            return {}
        with path.open("rb") as file:
            return glance_into(file)
    except (OSError, ValueError):
        return {}
