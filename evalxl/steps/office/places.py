"""Where a workbook that is drawn belongs, and what becomes of the one that an earlier version put there under another name.

In a closed week or period a workbook keeps the name it has: links, minutes and registers name it. In an open one the workbook under the new name takes its
place, once the old one's bytes are archived and while nobody has it open.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evalxl.domain.weeks import Period, Week
from evalxl.excel.peek_stamp import glance
from evalxl.forms.fields import Kind
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import is_open, remove
from evalxl.steps.office.office import Office

_DRAWN = (Kind.MASTER.value, Kind.PERIOD.value)


def is_settled(office: Office, when: Week | Period) -> bool:
    """Whether a week or period is closed, so that its workbooks keep their names."""
    history = office.history
    return history.is_closed(when) if isinstance(when, Week) else str(when) in history.closed_periods


def place_of(office: Office, when: Week | Period, path: Path) -> Path:
    """Where a workbook is to be written: under its name; in a closed week or period under the one that it has there."""
    return folders.lying_path(path) if is_settled(office, when) else path


def take_former_away(office: Office, paths: Iterable[Path]) -> None:
    """Take away what an earlier version has drawn under other names; what is open, or was not drawn by us, stays."""
    for path in paths:
        former = folders.former_path(path)
        if former is None or not path.exists() or not former.is_file() or is_open(former):
            continue
        data = bytes_of(former)
        if glance(data).get("kind") in _DRAWN:
            remove(former, office.keeper)
