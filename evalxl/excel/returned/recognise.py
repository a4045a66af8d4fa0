"""Recognises the type of a file that is not an .xlsx workbook, by its first bytes or its parts, never by its name.

A person who reads "this is a PDF" knows what to do. A person who reads "not an .xlsx workbook" calls the office.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = re.compile(re.escape("EncryptedPackage".encode("utf-16-le")), re.I)
_OLD_BOOK = re.compile(b"|".join(re.escape(f"{name}\0".encode("utf-16-le")) for name in ("Workbook", "Book")), re.I)
_OLD_BARE = (
    b"\x09\x08\x10\0",
    b"\x09\x08\x08\0",
    b"\x09\x04\x06\0",
    b"\x09\x02\x06\0",
    b"\x09\0\x04\0",
)  # older than OLE

_SIGNS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%PDF", b"{\\rtf"), "file.is_document"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "file.is_archive"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), "file.is_picture"),
)
_WEB_PAGE = re.compile(rb"<\s*(!doctype\s+html|html|head|body|table|meta|div|\?xml|!--|workbook)", re.I)


def what_it_is(data: bytes) -> str:
    """The finding's kind for bytes that are not a zip file."""
    if data.startswith(_OLE):
        if _ENCRYPTED.search(data):  # such files ignore letter case
            return "file.encrypted"
        return "file.old_format" if _OLD_BOOK.search(data) else "file.is_document"
    if data.startswith(_OLD_BARE):
        return "file.old_format"
    if not data.strip(b"\0"):
        return "file.not_downloaded"
    for signs, kind in _SIGNS:
        if data.startswith(signs):
            return kind
    head = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if _WEB_PAGE.match(head):
        return "file.is_web_page"
    return "file.is_text" if _is_text(data[:2000]) else "file.not_xlsx"


def what_zip_it_is(names: Collection[str]) -> str:
    """The finding's kind for a zip file without the parts of an .xlsx workbook."""
    if any(name.endswith("xl/workbook.bin") for name in names):
        return "file.is_binary_workbook"
    if "mimetype" in names and "content.xml" in names:
        return "file.is_opendocument"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "file.is_document"
    if not names or any(name.startswith(("[Content_Types]", "xl/")) or name.endswith(".iwa") for name in names):
        return "file.not_xlsx"
    return "file.is_archive"


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in data)
