"""The office's id, which distinguishes its workbooks from those of other offices.

It is made once, lies beside the settings, and is part of every backup. It is not a secret and proves nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

from evalxl.records.publish import OURS_ALONE, publish

FILE = "office-id.txt"
_ID = re.compile(r"[0-9a-f]{16}")


def new_id() -> str:
    """An id that no other office has."""
    return secrets.token_hex(8)


def id_from(form_id: str) -> str:
    """The id of an office made by an earlier version, from the first workbook it issued. It is the same after any restore."""
    return hashlib.sha256(form_id.encode()).hexdigest()[:16]


def read_id(office: Path) -> str:
    """The id stored in an office folder; empty if there is none."""
    try:
        text = (office / FILE).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return text if _ID.fullmatch(text) else ""


def write_id(office: Path, office_id: str) -> None:
    """Keep the id in the office folder.

    Raises:
        CannotWriteError: the folder cannot be written.
    """
    publish(office / FILE, f"{office_id}\n".encode(), OURS_ALONE)
