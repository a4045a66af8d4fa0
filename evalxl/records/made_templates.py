"""Templates that were built for a rule book, kept in the user's cache folder: building one takes up to seconds, and each press of the button asks for it.

What is kept may be deleted at any time. A file is believed only where its bytes have the hash that its name says.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

FOLDER = "templates"
MOST = 64  # files that are kept; the oldest go first


def kept_template(cache: Path, made_from: str, build: Callable[[], bytes]) -> bytes:
    """A template as it was built before, else as it is built now.

    Args:
        cache: The user's cache folder.
        made_from: All that the template follows from: program version and sources, rule book, kind, language, capacity.
    """
    key = hashlib.sha256(made_from.encode()).hexdigest()[:24]
    folder = cache / FOLDER
    for path in folder.glob(f"{key}-*.xlsx"):
        with contextlib.suppress(OSError):
            data = path.read_bytes()
            if path.stem == f"{key}-{_digest(data)}":
                return data
    data = build()
    with contextlib.suppress(OSError):  # a cache that cannot be written is none
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = folder / f"{key}-{os.getpid()}.tmp"
        beside.write_bytes(data)
        beside.replace(folder / f"{key}-{_digest(data)}.xlsx")
        _let_go(folder)
    return data


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:24]


def _let_go(folder: Path) -> None:
    kept = sorted(folder.glob("*.xlsx"), key=lambda path: path.stat().st_mtime)
    for path in kept[: max(0, len(kept) - MOST)]:
        path.unlink(missing_ok=True)
