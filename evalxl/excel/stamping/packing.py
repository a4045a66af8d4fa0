"""Builds a zip package from entries that are already deflated. Equal entries give equal bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date

LEVEL = 1  # deflate level: forms are small, and the share is the slower part

# Every entry has this date, so that equal values give equal bytes.
_DAY = date(2025, 6, 1)


class PackedPart:
    """One zip entry, deflated."""

    __slots__ = ("crc", "data", "text")

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.crc = zlib.crc32(text)
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        self.data = packer.compress(text) + packer.flush()


def package_of(entries: Iterable[tuple[str, PackedPart]], day: date = _DAY) -> bytes:
    """The zip with these entries, in this order, all with the same date."""
    written = (day.year - 1980) << 9 | day.month << 5 | day.day
    out: list[bytes] = []
    directory: list[bytes] = []
    offset = count = 0
    for name, packed in entries:
        encoded = name.encode()
        flags = 0 if name.isascii() else 0x800
        head = _fields(written, flags, packed, len(encoded))
        out += (b"PK\x03\x04", head, encoded, packed.data)
        place = offset.to_bytes(4, "little")
        directory += (b"PK\x01\x02", (20).to_bytes(2, "little"), head, bytes(10), place, encoded)
        offset += 30 + len(encoded) + len(packed.data)
        count += 1
    central = b"".join(directory)
    end = (
        b"PK\x05\x06"
        + bytes(4)
        + count.to_bytes(2, "little") * 2
        + len(central).to_bytes(4, "little")
        + offset.to_bytes(4, "little")
        + bytes(2)
    )
    return b"".join([*out, central, end])


def _fields(written: int, flags: int, packed: PackedPart, name_length: int) -> bytes:
    """The 26 bytes that a local header and a directory entry share (APPNOTE 4.3.7)."""
    return b"".join(
        (
            (20).to_bytes(2, "little"),  # the version that is needed
            flags.to_bytes(2, "little"),
            (8).to_bytes(2, "little"),
            (0).to_bytes(2, "little"),
            written.to_bytes(2, "little"),
            packed.crc.to_bytes(4, "little"),
            len(packed.data).to_bytes(4, "little"),
            len(packed.text).to_bytes(4, "little"),
            name_length.to_bytes(2, "little"),
            (0).to_bytes(2, "little"),
        )
    )
