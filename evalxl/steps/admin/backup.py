"""Backing up the office folder, and going on from a backup."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import Period, Week, shown_moment
from evalxl.records import folders
from evalxl.records.backup import MANIFEST, Backup, back_up, check_backup, note_checked
from evalxl.records.backup import restore as put_back
from evalxl.records.folders import LOCK
from evalxl.records.lock import lock
from evalxl.records.settings import FILE, load_settings
from evalxl.steps.issue.unknown_workbooks import periods_beyond, weeks_beyond
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.reports.verify import Altered, Verified, verify


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made."""

    backup: Backup


@dataclass(frozen=True, slots=True)
class Restored:
    """An office that was restored.

    Attributes:
        aside: Where the folder that was in the way is now.
        beyond: Weeks, then periods, of which workbooks lie on the shares that the restored ledger does not know, oldest first.
        unseen: A share cannot be reached now, so nobody knows what lies there.
    """

    backup: Backup
    office: Path
    aside: Path | None
    beyond: tuple[Week | Period, ...] = ()
    unseen: bool = False


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
        made, aside = put_back(backup_folder, office, clock.now, _shares_inside(office))
    beyond, unseen = _beyond(office)
    return Restored(made, office, aside, beyond, unseen)


def _shares_inside(folder: Path) -> list[str]:
    """The shares that lie inside an office folder, relative to it: people go on working there, whatever becomes of the ledger."""
    try:
        found = folders.roots(load_settings(folder), folder)
    except EvalxlError:
        found = (folder / "shared",)
    roots = [root.resolve() for root in found if root.is_dir()]
    inside = folder.resolve()
    return [root.relative_to(inside).as_posix() for root in roots if root != inside and root.is_relative_to(inside)]


def _beyond(folder: Path) -> tuple[tuple[Week | Period, ...], bool]:
    """The weeks and periods that the shares know and the ledger does not, and whether a share is away."""
    try:
        office = Office.open(folder)
        unseen = not all(root.is_dir() for root in folders.roots(office.settings, folder))
        return (*weeks_beyond(office), *periods_beyond(office)), unseen
    except (EvalxlError, OSError):
        return (), True  # `verify` tells of a ledger or settings that cannot be read


def verify_backup(folder: Path, office: Path, clock: Clock) -> Verified:
    """Prove that a backup is whole and its ledger and archive unaltered, and remember it where it is the office's last one.

    Args:
        folder: The backup's folder, or the folder that holds several, of which the newest whole one counts.
        office: The office folder; it need not be there.

    Raises:
        NoBackupError: there is none.
    """
    backup, head, wrong = check_backup(folder)
    altered = [Altered(path.relative_to(backup).as_posix(), 0, "verify.backup_file") for path in wrong]
    try:
        proved = verify(backup / "office", shares=False)
    except EvalxlError:
        proved = Verified(0, 0, head, (Altered(FILE, 0, "verify.backup_file"),) if not altered else ())
    altered += proved.altered
    if not altered and proved.head != head:
        altered.append(Altered(MANIFEST, 0, "verify.backup_head"))
    if not altered:
        note_checked(office, backup, clock.now)
    return Verified(proved.events, proved.blobs, proved.head, tuple(altered))
