"""What the log says about files that the program failed to read by its own fault."""

from __future__ import annotations

import logging

from evalxl.domain.weeks import Period, Week
from evalxl.excel.returned.examine import Examined

_log = logging.getLogger(__name__)


def log_if_not_read(seen: Examined, when: Week | Period | str, sha256: str) -> None:
    """Log where the program failed on a file.

    The log names the owner by staff code and the file by its hash, which is its name in the archive. The file name is left out: it may hold a person's name.
    """
    if seen.by_our_fault:
        whose = " ".join(part for part in (seen.workbook, seen.subject) if part) or "?"
        _log.error("%s %s %s: not read by our own fault\n%s", when, whose, sha256, seen.traceback)
