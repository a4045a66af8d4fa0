"""The guard: what a returned file must not be, refused by name and reason before any library sees the bytes.

A returned file is anybody's bytes. The guard opens the zip itself, checks its structure, sizes and part names, and gives back the parts.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Mapping

from evalxl.excel.strict import MAX_PART, Refused, parse

MAX_FILE = 20 * 1024 * 1024  # bytes; larger files are refused unread
MAX_TOTAL = 40 * 1024 * 1024
MAX_PARTS = 400
MAX_RATIO = 200  # unpacked to packed, for parts above 200 KB

__all__ = ["MAX_FILE", "MAX_PART", "Refused", "open_package"]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = b"PK\x05\x06"

_FORBIDDEN = (
    (re.compile(r"vbaproject|vbadata|macrosheets|dialogsheets", re.I), "file.has_macros"),
    (re.compile(r"(^|/)(activex|ctrlprops)/", re.I), "file.has_active_content"),
    (re.compile(r"(^|/)embeddings/", re.I), "file.has_embedded_object"),
    (re.compile(r"(^|/)externallinks/", re.I), "file.has_external_links"),
    (re.compile(r"(^|/)(connections\.xml|querytables/|webextensions/|webpublish)", re.I), "file.has_connections"),
    (re.compile(r"(^|/)customui", re.I), "file.has_active_content"),
)


def open_package(data: bytes) -> Mapping[str, bytes]:
    """The parts of an xlsx file by name.

    Raises:
        Refused: the bytes are not a harmless xlsx package; the finding says why.
    """
    _sniff(data)
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
        _check_entries(entries, len(data))
        parts = {entry.filename: package.read(entry) for entry in entries if not entry.is_dir()}
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as slip:
        raise Refused("file.damaged") from slip
    if "[Content_Types].xml" not in parts or not any(name.endswith("workbook.xml") for name in parts):
        raise Refused("file.not_xlsx")
    types = parts["[Content_Types].xml"].lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        raise Refused("file.has_macros")
    for name, text in parts.items():
        if name.endswith(".rels"):
            _check_relations(text)
    return parts


def _sniff(data: bytes) -> None:
    if not data:
        raise Refused("file.empty")
    if len(data) > MAX_FILE:
        raise Refused("file.too_large")
    if data.startswith(_OLE):
        raise Refused("file.encrypted" if _ENCRYPTED in data else "file.old_format")
    if not data.startswith(b"PK"):
        if not data.strip(b"\0"):
            raise Refused("file.not_downloaded")
        raise Refused("file.not_xlsx")
    end = data.rfind(_END)
    if end < 0 or len(data) - end < 22 or end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") != len(data):
        raise Refused("file.damaged")


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_PARTS:
        raise Refused("file.too_large")
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise Refused("file.damaged")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise Refused("file.too_large")
    spans = sorted((entry.header_offset, entry.header_offset + 30 + entry.compress_size) for entry in entries)
    if any(end > start for (_, end), (start, _) in itertools.pairwise(spans)) or (spans and spans[-1][1] > size):
        raise Refused("file.damaged")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("file.encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("file.damaged")
        if entry.file_size > MAX_PART and "/media/" not in entry.filename:
            raise Refused("file.too_large")
        if entry.file_size > 200_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refused("file.too_large")
        for pattern, kind in _FORBIDDEN:
            if pattern.search(entry.filename.replace("\\", "/")):
                raise Refused(kind)


def _check_relations(text: bytes) -> None:
    def start(_: str, attributes: dict[str, str]) -> None:
        # A link that a person typed or evalxl wrote is harmless: nothing follows it by itself.
        external = attributes.get("TargetMode", "").strip().lower() == "external"
        if external and not attributes.get("Type", "").endswith("/hyperlink"):
            raise Refused("file.has_external_links")

    parse(text, start)
