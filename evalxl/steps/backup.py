"""Backing up the office folder, and going on from a backup."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.weeks import shown_moment
from evalxl.records.backup import Backup, back_up
from evalxl.records.backup import restore as put_back
from evalxl.records.folders import LOCK
from evalxl.records.lock import lock
from evalxl.records.settings import FILE
from evalxl.steps.office import Clock, Office


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made."""

    backup: Backup


@dataclass(frozen=True, slots=True)
class Restored:
    """An office that was restored; `aside` is where the folder that was in the way is now."""

    backup: Backup
    office: Path
    aside: Path | None


def backup(office: Office, to: Path, clock: Clock) -> BackedUp:
    """Copy the office folder while nobody else is at work.

    Raises:
        EvalxlError: somebody is at work, or the copy cannot be written.
    """
    with lock(office.lock_path(), clock.by, shown_moment(clock.now)):
        office.catch_up()  # the head that the backup names is that of the files which it holds
        return BackedUp(back_up(office.folder, to, clock.now, office.ledger.head))


def restore(backup_folder: Path, office: Path, clock: Clock) -> Restored:
    """Put a backup back as the office folder; an office that is there is moved aside.

    Raises:
        EvalxlError: there is no whole backup, somebody is at work on the office that is there, or the folder cannot be written.
    """
    at_work = lock(office / LOCK, clock.by, shown_moment(clock.now)) if (office / FILE).exists() else nullcontext()
    with at_work:
        made, aside = put_back(backup_folder, office, clock.now)
    return Restored(made, office, aside)
