"""Who answers for what lies at a place before evalxl writes over it or takes it away."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Keeper(Protocol):
    """Answers for what lies at a place before it is written over or taken away. Called from several threads at once."""

    def goes_out(self, path: Path, digest: str) -> None:
        """Remember that evalxl writes bytes with this SHA-256 to a place; told before they are there."""

    def keep_first(self, path: Path, data: bytes) -> bool:
        """Make sure that bytes may go: evalxl wrote them, or the archive holds them.

        Returns:
            Whether they were known; not where they had to be archived now.

        Raises:
            CannotWriteError: they may not, and cannot be archived.
        """


class _OursAlone:
    """For places where nobody but evalxl writes, and where nothing of people lies: ledger, settings of add-ins, backups, exports."""

    def goes_out(self, path: Path, digest: str) -> None: ...

    def keep_first(self, path: Path, data: bytes) -> bool:
        return True


OURS_ALONE = _OursAlone()
