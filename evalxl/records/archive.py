"""The archive: every workbook that was received, byte for byte, under its SHA-256; templates, rule books and organisation snapshots too.

Blobs are written once and never changed; what was received may be deleted when its time is over. The name is the hash, so equal bytes are one blob and any change is found.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from evalxl.records.parallel_writes import AtOnce
from evalxl.records.publish import OURS_ALONE, CannotWriteError, flush_folder, is_unfinished, sweep, write_new

SUFFIXES = (".xlsx", ".json", ".toml", ".bin")


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


class Archive:
    """The office's archive folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._flushed: set[str] = set()

    def path(self, digest: str, suffix: str) -> Path:
        return self.folder / digest[:2] / f"{digest}{suffix}"

    def find(self, digest: str) -> Path | None:
        return next((path for suffix in SUFFIXES if (path := self.path(digest, suffix)).exists()), None)

    def keep(self, data: bytes, suffix: str) -> str:
        """Keep bytes; keeping equal bytes again changes nothing.

        Returns:
            Their SHA-256.

        Raises:
            CannotWriteError: the archive cannot be written.
        """
        digest = digest_of(data)
        sweep(self.folder, OURS_ALONE)
        if (there := self.find(digest)) is not None:
            self._settle(there)
            return digest
        # Somebody who kept the same bytes meanwhile has written what we would have written.
        with contextlib.suppress(FileExistsError):
            write_new(self.path(digest, suffix), data, self.folder)
        self._flushed.add(digest)
        return digest

    @contextlib.contextmanager
    def keeping(self) -> Iterator[Callable[[bytes, str, str], None]]:
        """Keeps many, some at a time, each by its bytes, suffix and hash; all of them are there when it is left.

        Raises:
            CannotWriteError: the archive cannot be written.
        """
        given: set[str] = set()
        with AtOnce() as at_once:

            def keep(data: bytes, suffix: str, digest: str) -> None:
                if digest not in given:  # two that write one file at once would be in each other's way
                    given.add(digest)
                    at_once.do(self.keep, data, suffix)

            yield keep

    def _settle(self, path: Path) -> None:
        """A blob that an earlier run put there and did not live to flush must outlive a power cut before the ledger names it."""
        if path.stem in self._flushed:
            return
        try:
            flush_folder(path.parent)
            flush_folder(self.folder)
        except OSError as slip:
            raise CannotWriteError(path=path.parent, reason=slip.strerror or type(slip).__name__) from slip
        self._flushed.add(path.stem)

    def get(self, digest: str) -> bytes:
        """The bytes of a blob.

        Raises:
            FileNotFoundError: the archive has no such blob.
        """
        path = self.find(digest)
        if path is None:
            raise FileNotFoundError(digest)
        return path.read_bytes()

    def delete(self, digest: str) -> None:
        """Delete a blob by a decision that the ledger holds; one that somebody has open stays for the next time."""
        path = self.find(digest)
        if path is not None:
            with contextlib.suppress(PermissionError):
                path.unlink(missing_ok=True)
            self._flushed.discard(digest)

    def blobs(self) -> Iterator[Path]:
        """Every blob; what a broken-off run left half written is none."""
        return (path for path in sorted(self.folder.glob("*/*")) if path.is_file() and not is_unfinished(path))

    def altered(self) -> Iterator[Path]:
        """Blobs whose bytes no longer are what their name says."""
        return (path for path in self.blobs() if digest_of(path.read_bytes()) != path.stem)


class LentArchive(Archive):
    """An office's archive for whoever only looks: it reads what is there, and holds what it is given in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._held: dict[str, bytes] = {}

    def keep(self, data: bytes, suffix: str) -> str:
        digest = digest_of(data)
        self._held[digest] = data
        return digest

    def get(self, digest: str) -> bytes:
        return self._held[digest] if digest in self._held else super().get(digest)
