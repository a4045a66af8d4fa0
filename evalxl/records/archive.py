"""The archive holds every received workbook byte for byte, and the templates, rule books and organisation snapshots.

A blob is written once and never changed. Its name is its SHA-256, so equal bytes share one blob and any change is found.
Received files may be deleted when their retention time is over.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from evalxl.records.parallel_writes import ParallelWrites
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
        # Another process may have stored the same bytes meanwhile: the blob is then the same.
        with contextlib.suppress(FileExistsError):
            write_new(self.path(digest, suffix), data, self.folder)
        self._flushed.add(digest)
        return digest

    @contextlib.contextmanager
    def keeping(self) -> Iterator[Callable[[bytes, str, str], None]]:
        """Give a function that stores blobs in parallel, each from bytes, suffix and hash. On exit all of them are stored.

        Raises:
            CannotWriteError: the archive cannot be written.
        """
        given: set[str] = set()
        with ParallelWrites() as writes:

            def keep(data: bytes, suffix: str, digest: str) -> None:
                if digest not in given:  # two threads must not write the same file
                    given.add(digest)
                    writes.do(self.keep, data, suffix)

            yield keep

    def _settle(self, path: Path) -> None:
        """Flush a blob of an earlier run, which may have ended before it flushed. The ledger names only blobs that survive a power cut."""
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
        """Delete a blob by a decision that the ledger holds. An open file stays until the next run."""
        path = self.find(digest)
        if path is not None:
            with contextlib.suppress(PermissionError):
                path.unlink(missing_ok=True)
            self._flushed.discard(digest)

    def blobs(self) -> Iterator[Path]:
        """Every blob, without half-written files of an interrupted run."""
        return (path for path in sorted(self.folder.glob("*/*")) if path.is_file() and not is_unfinished(path))

    def altered(self) -> Iterator[Path]:
        """Blobs whose bytes no longer match the hash in their name."""
        return (path for path in self.blobs() if digest_of(path.read_bytes()) != path.stem)


class LentArchive(Archive):
    """A read-only view of an office's archive. It keeps new blobs in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._held: dict[str, bytes] = {}

    def keep(self, data: bytes, suffix: str) -> str:
        digest = digest_of(data)
        self._held[digest] = data
        return digest

    def get(self, digest: str) -> bytes:
        return self._held[digest] if digest in self._held else super().get(digest)
