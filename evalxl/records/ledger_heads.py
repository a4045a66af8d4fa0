"""The chain of a ledger's heads, one for each of its files: enough to see later that a ledger went on from there."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from evalxl.records.ledger import ledger_files

_PIECE = 1 << 16  # bytes that are read from the end of a file at a time


def ledger_heads(folder: Path, until: str) -> tuple[tuple[int, str], ...]:
    """Number of the last event and head of each file of a checked ledger, the oldest first.

    Args:
        until: The head of the last file that counts; what another process wrote after it is left out.
    """
    heads: list[tuple[int, str]] = []
    for path in ledger_files(folder):
        line = _last_line(path)
        heads.append((int(json.loads(line)["seq"]), hashlib.sha256(line).hexdigest()))
        if heads[-1][1] == until:
            break
    return tuple(heads)


def _last_line(path: Path) -> bytes:
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END) - 1  # without its line end
        begin, line = end, b""
        while begin > 0 and b"\n" not in line:
            size = min(_PIECE, begin)
            begin -= size
            file.seek(begin)
            line = file.read(size) + line
        return line.rpartition(b"\n")[2]
