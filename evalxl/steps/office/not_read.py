"""Files that were not read by the program's own fault: what the log learns of them."""

from __future__ import annotations

import logging

from evalxl.domain.weeks import Period, Week
from evalxl.excel.examine import Examined

_log = logging.getLogger(__name__)


def log_if_not_read(seen: Examined, when: Week | Period | str, sha256: str) -> None:
    """Write down where the program failed over a file.

    Whose it is stands there as a staff code, and the file by its hash, which is its name in the archive: the file's own name may hold a person's.
    """
    if seen.by_our_fault:
        whose = " ".join(part for part in (seen.workbook, seen.subject) if part) or "?"
        _log.error("%s %s %s: not read by our own fault\n%s", when, whose, sha256, seen.traceback)
