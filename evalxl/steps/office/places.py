"""Where a drawn workbook is written, and what happens to one that an earlier version drew under another name.

In a closed week or period a workbook keeps its name, because links, minutes and registers name it. In an open one the workbook with the new name
replaces it. The old bytes are archived first, and a workbook that somebody has open is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evalxl.domain.weeks import Period, Week
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import MASTER, PERIOD
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import is_open, remove
from evalxl.steps.office.office import Office

_DRAWN = (MASTER, PERIOD)


def is_settled(office: Office, when: Week | Period) -> bool:
    """Whether a week or period is closed, so that its workbooks keep their names."""
    history = office.history
    return history.is_closed(when) if isinstance(when, Week) else str(when) in history.closed_periods


def place_of(office: Office, when: Week | Period, path: Path) -> Path:
    """Where to write a workbook: under its present name, or in a closed week or period under the name it already has there."""
    return folders.lying_path(path) if is_settled(office, when) else path


def take_former_away(office: Office, paths: Iterable[Path]) -> None:
    """Remove workbooks that an earlier version drew under other names. A workbook that is open, or not drawn by evalxl, stays."""
    for path in paths:
        former = folders.former_path(path)
        if former is None or not path.exists() or not former.is_file() or is_open(former):
            continue
        data = bytes_of(former)
        if peek_stamp(data).get("kind") in _DRAWN:
            remove(former, office.keeper)
