"""The guard refuses dangerous files, with a named reason, before any library sees the bytes.

A returned file is untrusted. The guard opens the zip itself. The directory, each entry's own header and the packed data must agree,
with no bytes before, between or after. So no two programs can find two different workbooks in one file.
Then it checks part names, content types and relations for code, external access and embedded objects, and gives back the parts.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

from evalxl.excel.returned.recognise import what_it_is, what_zip_it_is
from evalxl.excel.returned.xml_pass import MAX_PART, Refused, parse

MAX_FILE = 20 * 1024 * 1024  # bytes; larger files are refused unread
MAX_TOTAL = 40 * 1024 * 1024
MAX_PARTS = 400
MAX_RATIO = 200  # the largest ratio of unpacked to packed size, for parts above 200 KB

__all__ = ["MAX_FILE", "MAX_PART", "Refused", "open_package"]

_END = b"PK\x05\x06"
_LARGE_END, _LARGE_PLACE = b"PK\x06\x06", b"PK\x06\x07"
_DESCRIPTORS = {12: "<3L", 16: "<4x3L", 20: "<L2Q", 24: "<4xL2Q"}  # formats of an entry's descriptor
_ENCRYPTED, _DESCRIBED, _UTF_8, _MASKED = 0x1, 0x8, 0x800, 0x2041
_TYPES = "[Content_Types].xml"

_FORBIDDEN = (
    (re.compile(r"vbaproject|vbadata|macrosheets|dialogsheets", re.I), "file.has_macros"),
    (re.compile(r"(^|/)(activex|ctrlprops|customui)", re.I), "file.has_active_content"),
    (re.compile(r"(^|/)embeddings/", re.I), "file.has_embedded_object"),
    (re.compile(r"(^|/)externallinks/", re.I), "file.has_external_links"),
    (
        re.compile(r"(^|/)(connections\.xml|querytables/|webextensions/|webpublish|volatiledependencies)", re.I),
        "file.has_connections",
    ),
)
# The content type of workbooks that may hold macros (.xlsm, .xltm), whether they hold any or not.
_MAY_HOLD_MACROS = re.compile(r"application/vnd\.ms-excel\.(sheet|template)\.macroenabled\.main\+xml", re.I)
# A part's name may be anything: its content type and the relations to it decide what a program does with it.
_CONTENT = (
    (re.compile(r"macro|vba|dialogsheet", re.I), "file.has_macros"),
    (re.compile(r"activex|controlproperties|customui|ribbon", re.I), "file.has_active_content"),
    (re.compile(r"oleobject", re.I), "file.has_embedded_object"),
    (re.compile(r"externallink", re.I), "file.has_external_links"),
    (re.compile(r"connections|querytable|webextension|volatiledependencies", re.I), "file.has_connections"),
)
_RELATED = (
    (re.compile(r"/(vbaproject|wordvbadata|xl(intl)?macrosheet|dialogsheet)$", re.I), "file.has_macros"),
    (re.compile(r"/(control|ctrlprop|activexcontrolbinary|extensibility)$", re.I), "file.has_active_content"),
    (re.compile(r"/(oleobject|package)$", re.I), "file.has_embedded_object"),
    (re.compile(r"/(externallink\w*|attachedtemplate)$", re.I), "file.has_external_links"),
    (re.compile(r"/(connections|querytable|webextension\w*|volatiledependencies)$", re.I), "file.has_connections"),
)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]{2}", re.I)
_ODD_NAME = re.compile(r"^/|//|[\\:\x00-\x1f\x7f]|(^|/)\.{1,2}(/|$)|[. ](/|$)")


def open_package(data: bytes) -> Mapping[str, bytes]:
    """The parts of an xlsx file by name.

    Raises:
        Refused: the bytes are not a harmless xlsx package; the finding says why.
    """
    directory = _directory(data)
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error) as slip:
        raise Refused("file.damaged") from slip
    _check_names(entries)
    _check_sizes(entries)
    _check_layout(data, entries, directory)
    parts = {entry.filename: _unpacked(data, entry) for entry in entries if not entry.is_dir()}
    if _TYPES not in parts or not any(name.endswith("workbook.xml") for name in parts):
        raise Refused(what_zip_it_is(parts))
    may_hold_macros = _check_types(parts[_TYPES], parts)
    for name, text in parts.items():
        if name.lower().endswith(".rels"):
            _check_relations(text)
    if may_hold_macros:
        raise Refused("file.macro_format")
    return parts


def _directory(data: bytes) -> tuple[int, int]:
    """Where the zip's directory begins, and the number of its entries.

    The directory must end at the end of the file. Bytes or a comment after it could hold a second directory that another program might use.
    """
    if not data:
        raise Refused("file.empty")
    if len(data) > MAX_FILE:
        raise Refused("file.too_large")
    if not data.startswith(b"PK"):
        raise Refused(what_it_is(data))
    end = len(data) - 22
    if end < 0 or data[end : end + 4] != _END:
        at = data.rfind(_END)
        raise Refused("file.odd_package" if 0 <= at <= end else "file.cut_off")
    disk, first_disk, here, count, size, start, remark = struct.unpack_from("<4H2LH", data, end + 4)
    stop = end
    if end >= 20 and data[end - 20 : end - 16] == _LARGE_PLACE:
        (stop,) = struct.unpack_from("<8xQ", data, end - 20)
        if stop + 56 != end - 20 or data[stop : stop + 4] != _LARGE_END:
            raise Refused("file.odd_package")
        large = struct.unpack_from("<12x2L4Q", data, stop + 4)
        small = (disk, first_disk, here, count, size, start)
        most = (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
        if any(mine not in (theirs, limit) for mine, theirs, limit in zip(small, large, most, strict=True)):
            raise Refused("file.odd_package")
        disk, first_disk, here, count, size, start = large
    if disk or first_disk or remark or here != count or start + size != stop or not _fills(data, start, stop, count):
        raise Refused("file.odd_package")
    return start, count


def _fills(data: bytes, at: int, stop: int, count: int) -> bool:
    """Whether this number of entries fills the directory exactly to its last byte: `zipfile` accepts a cut-off last entry."""
    for _ in range(count):
        if at + 46 > stop or data[at : at + 4] != b"PK\x01\x02":
            return False
        at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    return at == stop


def _check_names(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise Refused("file.too_many_parts")
    for entry in entries:
        for pattern, kind in _FORBIDDEN:
            if pattern.search(entry.orig_filename.replace("\\", "/")):
                raise Refused(kind, entry.filename)
    names: set[str] = set()
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.orig_filename).casefold()
        if name in names or entry.orig_filename != entry.filename or _ODD_NAME.search(name.removesuffix("/")):
            raise Refused("file.odd_package", entry.filename)
        names.add(name)


def _check_sizes(entries: Sequence[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise Refused("file.unpacks_too_large")
    for entry in entries:
        if entry.flag_bits & _MASKED:
            raise Refused("file.encrypted", entry.filename)
        too_large = entry.file_size > MAX_PART and "/media/" not in entry.filename
        if too_large or (entry.file_size > 200_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)):
            raise Refused("file.unpacks_too_large", entry.filename)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("file.odd_package", entry.filename)
        if entry.is_dir() and (entry.file_size or entry.compress_size):
            raise Refused("file.odd_package", entry.filename)


def _check_layout(data: bytes, entries: Sequence[zipfile.ZipInfo], directory: tuple[int, int]) -> None:
    """Check that each entry directly follows the one before it, and that its own header agrees with the directory."""
    start, count = directory
    if len(entries) != count:
        raise Refused("file.odd_package")
    if not entries:
        raise Refused("file.not_xlsx")
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    stops = [*(entry.header_offset for entry in ordered[1:]), start]
    at = 0
    for entry, stop in zip(ordered, stops, strict=True):
        if entry.header_offset != at or not _says_the_same(data, entry, stop):
            raise Refused("file.odd_package", entry.filename)
        at = stop


def _says_the_same(data: bytes, entry: zipfile.ZipInfo, stop: int) -> bool:
    at = entry.header_offset
    if data[at : at + 4] != b"PK\x03\x04" or at + 30 > stop:
        return False
    flags, method, crc, packed, size, name, extra = struct.unpack_from("<2x2H4x3L2H", data, at + 4)
    written = data[at + 30 : at + 30 + name]
    if written != entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF_8 else "cp437", "replace"):
        return False
    if method != entry.compress_type or (flags ^ entry.flag_bits) & (_MASKED | _DESCRIBED):
        return False
    in_directory = (entry.CRC, entry.compress_size, entry.file_size)
    unsaid = (0, 0xFFFFFFFF) if flags & _DESCRIBED else (0xFFFFFFFF,)
    if any(
        local != central and local not in unsaid
        for local, central in zip((crc, packed, size), in_directory, strict=True)
    ):
        return False
    rest = stop - (at + 30 + name + extra + entry.compress_size)
    if not flags & _DESCRIBED:
        return rest == 0 and bool(crc == entry.CRC)
    shape = _DESCRIPTORS.get(rest)
    return shape is not None and bool(in_directory == struct.unpack_from(shape, data, stop - rest))


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a part, after checking their number and checksum."""
    name, extra = struct.unpack_from("<2H", data, entry.header_offset + 26)
    at = entry.header_offset + 30 + name + extra
    text = data[at : at + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            text = unpacking.decompress(text, entry.file_size + 1)
        except zlib.error as slip:
            raise Refused("file.damaged", entry.filename) from slip
        if len(text) == entry.file_size and not unpacking.eof:
            text += unpacking.decompress(unpacking.unconsumed_tail, 1)
        if not unpacking.eof or unpacking.unused_data:
            raise Refused("file.damaged", entry.filename)
    if len(text) != entry.file_size or zlib.crc32(text) != entry.CRC:
        raise Refused("file.damaged", entry.filename)
    return text


def _check_types(text: bytes, names: Iterable[str]) -> bool:
    """Check that no part has a refused content type. Types that no part has are ignored: some programs (SheetJS) list them.

    Returns:
        Whether the workbook's format may hold macros. Parts and relations show whether it does.
    """
    endings = {name.rpartition(".")[2].lower() for name in names}
    may_hold_macros = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal may_hold_macros
        if tag == "Default" and attributes.get("Extension", "").lower() not in endings:
            return
        content_type, part = (
            attributes.get("ContentType", ""),
            attributes.get("PartName", attributes.get("Extension", "")),
        )
        if _MAY_HOLD_MACROS.fullmatch(content_type.strip()):
            may_hold_macros = True
            return
        for pattern, kind in _CONTENT:
            if pattern.search(content_type):
                raise Refused(kind, part)

    parse(text, start)
    return may_hold_macros


def _check_relations(text: bytes) -> None:
    def start(_: str, attributes: dict[str, str]) -> None:
        kind, target = attributes.get("Type", "").strip(), attributes.get("Target", "").strip()
        for pattern, refusal in _RELATED:
            if pattern.search(kind):
                raise Refused(refusal, target)
        # A hyperlink that a person typed or evalxl wrote is harmless: no program follows it by itself.
        outside = attributes.get("TargetMode", "").strip().lower() == "external" or _OUTSIDE.match(target)
        if outside and not kind.endswith("/hyperlink"):
            raise Refused("file.has_external_links", target)

    parse(text, start)
