"""Backing up the office folder, and restoring it from a backup."""

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
        aside: Where the previous office folder was moved to.
        beyond: Weeks, then periods, with workbooks on the shares that the restored ledger does not know, oldest first.
        unseen: A share cannot be reached now, so its content is unknown.
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
        office.catch_up()  # so that the head named in the backup belongs to the files in it
        return BackedUp(back_up(office.folder, to, clock.now, office.ledger.head))


def restore(backup_folder: Path, office: Path, clock: Clock) -> Restored:
    """Restore a backup as the office folder. An existing office folder is moved aside.

    Raises:
        EvalxlError: there is no complete backup, somebody is at work on the existing office, or the folder cannot be written.
    """
    at_work = lock(office / LOCK, clock.by, shown_moment(clock.now)) if (office / FILE).exists() else nullcontext()
    with at_work:
        made, aside = put_back(backup_folder, office, clock.now, _shares_inside(office))
    beyond, unseen = _beyond(office)
    return Restored(made, office, aside, beyond, unseen)


def _shares_inside(folder: Path) -> list[str]:
    """The shares inside an office folder, relative to it. A restore leaves them alone, because people continue to work there."""
    try:
        paths = folders.roots(load_settings(folder), folder)
    except EvalxlError:
        paths = (folder / "shared",)
    roots = [root.resolve() for root in paths if root.is_dir()]
    inside = folder.resolve()
    return [root.relative_to(inside).as_posix() for root in roots if root != inside and root.is_relative_to(inside)]


def _beyond(folder: Path) -> tuple[tuple[Week | Period, ...], bool]:
    """The weeks and periods that are on the shares but not in the ledger, and whether a share cannot be reached."""
    try:
        office = Office.open(folder)
        unseen = not all(root.is_dir() for root in folders.roots(office.settings, folder))
        return (*weeks_beyond(office), *periods_beyond(office)), unseen
    except (EvalxlError, OSError):
        return (), True  # `verify` reports a ledger or settings that cannot be read


def verify_backup(folder: Path, office: Path, clock: Clock) -> Verified:
    """Prove that a backup is complete and its ledger and archive unaltered. Record the check if it is the office's last backup.

    Args:
        folder: The backup's folder, or a folder with several backups, of which the newest complete one is checked.
        office: The office folder; it need not exist.

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
