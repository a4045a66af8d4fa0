"""Reads a workbook's custom properties without reading the workbook.

They distinguish evalxl's own outputs from returned files, and name the owner of a form that the guard refuses.
They are a hint, never a proof.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO
from xml.sax.saxutils import unescape

_MAX_DIRECTORY = 100_000  # bytes of the zip's directory; ours are below 3,000
_END = b"PK\x05\x06"
_END_WITHIN = 0xFFFF + 22  # bytes: the end of a zip file with the longest comment after it
_MAX_PROPERTIES = 100_000  # bytes; ours are below 3,000
_PROPERTY = re.compile(rb'name="evalxl\.([a-z_]+)"[^>]*>\s*<(?:[^:>\s]+:)?lpwstr\b[^>]*>([^<]*)<')

_BROKEN = (OSError, KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


def peek_stamp(data: bytes) -> Mapping[str, str]:
    """The stamp's properties by name, without the prefix `evalxl.`; empty if the file has none or cannot be opened."""
    return peek_stamp_in(io.BytesIO(data))


def peek_stamp_in(file: BinaryIO) -> Mapping[str, str]:
    """The stamp's properties of an open file. Only the end of the file and the properties are read."""
    try:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _END_WITHIN))
        tail = file.read()
    except OSError:
        return {}
    end = tail.rfind(_END)
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > _MAX_DIRECTORY:
        return {}
    try:
        with zipfile.ZipFile(file) as package:
            info = package.getinfo("docProps/custom.xml")
            text = package.read(info) if info.file_size <= _MAX_PROPERTIES else b""
    except _BROKEN:
        return {}
    return {name.decode(): unescape(value.decode("utf-8", "replace")) for name, value in _PROPERTY.findall(text)}
