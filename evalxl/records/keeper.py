"""The interface that protects files on shares before evalxl replaces or removes them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Keeper(Protocol):
    """Protects the file at a path before evalxl replaces or removes it. Several threads call it at once."""

    def goes_out(self, path: Path, digest: str, drawn_from: str = "") -> None:
        """Record that evalxl is about to write bytes with this SHA-256 to a path.

        Args:
            drawn_from: The SHA-256 of everything that the bytes were drawn from; empty if they are not skipped when nothing changed.
        """

    def last_drawn(self, path: Path, drawn_from: str) -> str:
        """The SHA-256 of the bytes last written to a path, if they were drawn from just this; else empty."""

    def keep_first(self, path: Path, data: bytes) -> bool:
        """Make sure that bytes may be lost: evalxl wrote them, or the archive holds them.

        Returns:
            Whether they were known; False if they had to be archived now.

        Raises:
            CannotWriteError: they are unknown and cannot be archived.
        """


class _OursAlone:
    """For paths that only evalxl writes and that hold nothing typed by people: ledger, settings of add-ins, backups, exports."""

    def goes_out(self, path: Path, digest: str, drawn_from: str = "") -> None: ...

    def last_drawn(self, path: Path, drawn_from: str) -> str:
        return ""

    def keep_first(self, path: Path, data: bytes) -> bool:
        return True


OURS_ALONE = _OursAlone()
