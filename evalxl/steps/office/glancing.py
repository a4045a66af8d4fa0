"""A glance at a file that lies somewhere: what its properties say of it, and nothing else is read."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from evalxl.excel.peek_stamp import glance_into
from evalxl.records.arrivals import obstacle_of


def glance_at(path: Path) -> Mapping[str, str]:
    """What the properties of a file say of it, of which nothing else is read; empty where it is no file that may be opened."""
    try:
        if obstacle_of(path.lstat()) or not stat.S_ISREG(path.stat().st_mode):
            return {}
        with path.open("rb") as file:
            return glance_into(file)
    except (OSError, ValueError):
        return {}
