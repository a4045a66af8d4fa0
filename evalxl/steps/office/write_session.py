"""A session that may write to an office: its shares exist, nobody else is writing, the ledger is up to date, and the clock is not behind it.

Every step that writes goes through `at_work`. The checks run after the lock is taken, because waiting for the lock would make their answers outdated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import Week, shown_moment
from evalxl.records import folders
from evalxl.records.identity import read_id, write_id
from evalxl.records.lock import lock
from evalxl.records.publish import publish
from evalxl.steps.office.office import Clock, Office, share_mark
from evalxl.words import say

# A clock that is a little slow, or in another time zone, does not stop the office.
_SLOW = timedelta(days=1)


class ClockSetBackError(EvalxlError):
    """The machine's clock is earlier than the ledger by more than a day."""

    key = "slip.clock_set_back"


class ShareEmptyError(EvalxlError):
    """A share exists but holds nothing that was ever issued into it: the drive is not mounted, or another folder has its name."""

    key = "slip.share_empty"


@contextlib.contextmanager
def at_work(office: Office, clock: Clock, week: Week | None = None, drawn_anew: bool = False) -> Iterator[None]:
    """Hold the lock of the office while a step decides and writes.

    Args:
        week: The week in work. The clock must not be behind its last entry.
        drawn_anew: Everything is drawn again, in a share that may be new.

    Raises:
        EvalxlError: a share is missing, empty or read-only, somebody else is at work, or the clock was set back.
    """
    folders.require_share(office.settings, office.folder)
    with lock(office.lock_path(), clock.by, shown_moment(clock.now)):
        office.catch_up()
        if not drawn_anew:
            require_same_shares(office)
        if week is not None:
            require_clock(office, week, clock.now)
        if not read_id(office.folder):
            write_id(office.folder, office.id)
        yield


def require_clock(office: Office, week: Week, now: datetime) -> None:
    """Make sure that a new entry is not dated before earlier entries of the ledger.

    Raises:
        ClockSetBackError: the clock is behind.
    """
    last = office.history.week(week).last_at
    if last is not None and is_ahead(office, week, now):
        raise ClockSetBackError(last=shown_moment(last), week=week, name=str(week))


def is_ahead(office: Office, week: Week, now: datetime) -> bool:
    """Whether the last entry of a week is later than this clock. One of the two clocks is wrong, and only a person knows which."""
    last = office.history.week(week).last_at
    return last is not None and last - now >= _SLOW


def require_same_shares(office: Office) -> None:
    """Make sure that each share is the one that forms were issued into.

    A drive that is not mounted leaves an empty folder, and every form would seem to be gone. A share is recognised by the
    mark file that issuing leaves in it, or by the folder of any issued week.

    Raises:
        ShareEmptyError: a share has neither.
    """
    folders.require_there(office.settings, office.folder)
    for mark, root in office.roots():
        if root == folders.inbox_path(office.folder) or folders.share_mark_path(root).exists():
            continue  # nothing is issued into the inbox
        weeks = _weeks_in(office, mark)
        newest = next(weeks, None)
        if newest is not None and not any((root / str(week)).exists() for week in chain((newest,), weeks)):
            raise ShareEmptyError(folder=root, file=folders.SHARE_MARK)


def _weeks_in(office: Office, mark: str) -> Iterator[Week]:
    """The weeks whose workbooks were issued into a share, newest first."""
    for week in sorted(office.history.weeks, reverse=True):
        issues = office.history.week(week).issues()
        if any(share_mark(issue.path) == mark.removesuffix("}/") for issue in issues.values()):
            yield week


def mark_shares(office: Office) -> list[Path]:
    """Write a mark file into each share that forms go out to. The share is recognised by it, and it tells people what the folder is."""
    lines = [say("share.mark", lang, office=office.settings.name) for lang in ("vi", "en")]
    text = b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in lines).encode()
    return [
        publish(folders.share_mark_path(root), text, office.keeper).path
        for root in folders.form_shares(office.settings, office.folder)
    ]
