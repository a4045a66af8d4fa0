"""What is printed above and below every page of an issued workbook: that it is a trial, and whose it is."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_ALL = re.compile(rb"<headerFooter\b([^>]*?)(?:/>|>(.*?)</headerFooter>)", re.S)
_HEADER = re.compile(rb"<(odd|even|first)Header\b[^>]*?(?:/>|>(.*?)</\1Header>)", re.S)
_AFTER = re.compile(
    rb"<(rowBreaks|colBreaks|customProperties|cellWatches|ignoredErrors|smartTags|drawing|legacyDrawing|legacyDrawingHF|"
    rb"picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_FILE_NAME = re.compile(rb"(<(odd|even|first)Footer\b[^>]*>)(.*?)(</\2Footer>)", re.S)
_LOOK = '&"Times New Roman,Bold"&14'


def with_heading(sheet: bytes, heading: str) -> bytes:
    """A sheet with a heading on every printed page, on the right if the template already prints something there. An empty heading changes nothing."""
    if not heading:
        return sheet
    existing = _ALL.search(sheet)
    if existing is None:
        place = next((after.start() for after in _AFTER.finditer(sheet)), len(sheet))
        attributes, inner, before, after = b"", b"", sheet[:place], sheet[place:]
    else:
        attributes, inner = existing[1], existing[2] or b""
        before, after = sheet[: existing.start()], sheet[existing.end() :]
    if b"<oddHeader" not in inner:
        inner = b"<oddHeader/>" + inner
    inner = _HEADER.sub(lambda header: _headed(header, heading), inner)
    return before + b"<headerFooter" + attributes + b">" + inner + b"</headerFooter>" + after


def _headed(header: re.Match[bytes], heading: str) -> bytes:
    which, own = header[1], header[2] or b""
    text = own + escape(f"{'&R' if own else '&C'}{_LOOK}{heading}").encode()
    return b"<" + which + b"Header>" + text + b"</" + which + b"Header>"


def says_file_name(sheet: bytes) -> bool:
    """Whether the file's name is printed at the foot of a sheet."""
    return any(b"&amp;F" in foot[3] for foot in _FILE_NAME.finditer(sheet))


def with_owner(sheet: bytes, owner: str) -> bytes:
    """A sheet whose footer names the owner and the week in the place of the file's name, which anybody may change. An empty owner changes nothing."""
    if not owner:
        return sheet
    said = escape(owner.replace("&", "&&")).encode()
    return _FILE_NAME.sub(lambda foot: foot[1] + foot[3].replace(b"&amp;F", said) + foot[4], sheet)
