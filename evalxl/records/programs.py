"""Programs of this machine that are started by name."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path


def on_path(name: str, which: Callable[[str], str | None] = shutil.which) -> Path | None:
    """A program of the search path; None if it is not there.

    Windows searches the current folder first. That may be the share, where anybody can leave an `unopkg.exe`.
    So a program in the current folder is never taken.
    """
    program = which(name)
    if program is None or not Path(program).is_absolute():
        return None
    with contextlib.suppress(OSError):  # the current folder may be gone
        if Path(program).parent == Path.cwd():
            return None
    return Path(program)
