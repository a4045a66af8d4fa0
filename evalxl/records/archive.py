"""The archive: every workbook that was received, byte for byte, under its SHA-256; templates, rule books and organisation snapshots too.

Blobs are written once and never changed. The name is the hash, so equal bytes are one blob and any change is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from evalxl.records.publish import write_new

SUFFIXES = (".xlsx", ".json", ".toml", ".bin")


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


class Archive:
    """The office's archive folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str, suffix: str) -> Path:
        return self.folder / digest[:2] / f"{digest}{suffix}"

    def find(self, digest: str) -> Path | None:
        return next((path for suffix in SUFFIXES if (path := self.path(digest, suffix)).exists()), None)

    def keep(self, data: bytes, suffix: str) -> str:
        """Keep bytes; keeping equal bytes again changes nothing.

        Returns:
            Their SHA-256.
        """
        digest = digest_of(data)
        if self.find(digest) is None:
            write_new(self.path(digest, suffix), data)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a blob.

        Raises:
            FileNotFoundError: the archive has no such blob.
        """
        path = self.find(digest)
        if path is None:
            raise FileNotFoundError(digest)
        return path.read_bytes()

    def altered(self) -> Iterator[Path]:
        """Blobs whose bytes no longer are what their name says."""
        for path in sorted(self.folder.glob("*/*")):
            if path.is_file() and digest_of(path.read_bytes()) != path.stem:
                yield path
