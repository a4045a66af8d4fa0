"""Programs of this machine that are started by name."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path


def on_path(name: str, which: Callable[[str], str | None] = shutil.which) -> Path | None:
    """A program of the search path; None where it is not there.

    Windows looks into the folder first in which somebody happens to work. That may be the share, where anybody can leave an `unopkg.exe`:
    what lies there is never taken.
    """
    found = which(name)
    if found is None or not Path(found).is_absolute():
        return None
    with contextlib.suppress(OSError):  # that folder may be gone
        if Path(found).parent == Path.cwd():
            return None
    return Path(found)
