"""The save order of files: which of two files was saved later, or that it is unknown.

A file has two times: its own time (`dcterms:modified`, written by the program that saved it) and the time in the file system. Each of
them may mislead. Mail, web and sync clients set the file's time to now. Some programs do not update the own time, and one writes local
time as if it were UTC. Clocks differ. So one file comes after another only if both times say so (contract, *Versions and states*).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# File systems and servers store a file's time no finer than this.
TOLERANCE = timedelta(seconds=2)

# Names that sync clients give to the losing copy of a conflict, with the part of the name that identifies them:
# - OneDrive: `x-DESKTOP-7G3K1QA.xlsx`, `x-LAPTOP-…`, `x-WIN-…`: the name that Windows gives a machine.
#   A staff code may hold such letters too, but in our file names a `_` and more follows it.
# - Dropbox, Nextcloud, ownCloud, Box: `x (Lan's conflicted copy 2025-06-05).xlsx`; in Vietnamese *xung đột*
# - Syncthing: `x.sync-conflict-20250605-101500-ABCDEFG.xlsx`; Seafile: `x (SFConflict lan 2025-06-05).xlsx`
# - Synology Drive: `x_MAY-LAN_Jun-05-101500-2025_Conflict.xlsx`, `…_CaseConflict`
# - Google Drive: `x [Conflict].xlsx`, `x_conf(1).xlsx`
_CONFLICT_COPY = re.compile(r"conflict|xung đột|_conf\(\d+\)|-(?:desktop|laptop|win)-[a-z0-9]{3,}(?![a-z0-9_])", re.I)


@dataclass(frozen=True, slots=True)
class Saved:
    """When a file was saved, and under which name.

    Attributes:
        file: Its path in the office, with `/`.
        at: The file's time.
        own: Its own time; None where it is unknown.
    """

    file: str
    at: datetime
    own: datetime | None = None

    @property
    def is_conflict_copy(self) -> bool:
        return is_conflict_copy(self.file)


def is_conflict_copy(file: str) -> bool:
    """Whether a sync client gave a file its name, as it does when two people saved at the same time."""
    return _CONFLICT_COPY.search(unicodedata.normalize("NFC", file.rpartition("/")[2])) is not None


def own_time(text: str) -> datetime | None:
    """A time as documents write it (W3CDTF). Without a zone it is taken as UTC. None if the text is no time."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def later(saved: Saved, other: Saved) -> bool:
    """Whether both times of a file are later than those of another. If an own time is unknown, only the file's time is compared."""
    if saved.own is None or other.own is None:
        return saved.at - other.at > TOLERANCE
    return saved.own > other.own and saved.at > other.at - TOLERANCE


def opposite(saved: Saved, other: Saved) -> bool:
    """Whether the two times of a file contradict each other in comparison with another file."""
    if saved.own is None or other.own is None or saved.own == other.own:
        return False
    return saved.at < other.at - TOLERANCE if saved.own > other.own else other.at < saved.at - TOLERANCE


def comes_after(saved: Saved, other: Saved) -> bool:
    """Whether one file was saved after another one. False also if the order is unknown."""
    return not saved.is_conflict_copy and not other.is_conflict_copy and later(saved, other)


def last_ones(files: Sequence[Saved]) -> list[int]:
    """The numbers of the files that no other file comes after. If there are several, it is unknown which was saved last."""
    return [
        number
        for number, saved in enumerate(files)
        if not any(comes_after(other, saved) for place, other in enumerate(files) if place != number)
    ]
