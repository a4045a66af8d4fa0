"""Backups: a copy of the office folder with a list of hashes, and the way back.

A backup is a plain folder that anybody can look into. It counts as one only when its list is in it, which is written last. Restoring checks
every file against the list before anything is moved, and moves an office that is in the way aside instead of deleting it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.records.archive import digest_of
from evalxl.records.folders import LOCK
from evalxl.records.publish import OURS_ALONE, CannotWriteError, publish
from evalxl.records.settings import FILE

MANIFEST = "evalxl-backup.json"
LAST = "last-backup.json"
_PREFIX = "evalxl-backup-"


class NoBackupError(EvalxlError):
    """The folder holds no whole backup."""

    key = "slip.no_backup"


class BackupDamagedError(EvalxlError):
    """A file of the backup is not what it was when it was made."""

    key = "slip.backup_damaged"


class BackupInsideError(EvalxlError):
    """A backup inside the office folder would go down with it."""

    key = "slip.backup_inside"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its folder, when it was made, how many files, and the ledger's head then."""

    folder: Path
    made: datetime
    files: int
    head: str


def back_up(office: Path, to: Path, now: datetime, head: str) -> Backup:
    """Copy the office folder.

    Args:
        office: The office folder; the caller holds its lock.
        to: The folder that holds backups; each gets a folder of its own, named by its time.
        now: The moment of the backup.
        head: The ledger's head.

    Raises:
        BackupInsideError, CannotWriteError: it cannot be made there.
    """
    if to.resolve().is_relative_to(office.resolve()):
        raise BackupInsideError(folder=to)
    folder = to / f"{_PREFIX}{now:%Y%m%d-%H%M%S}"
    listed: dict[str, str] = {}
    try:
        for name in sorted(_files(office)):
            try:
                data = (office / name).read_bytes()
            except FileNotFoundError:  # somebody at work on the share took it away meanwhile
                continue
            listed[name] = digest_of(data)
            target = folder / "office" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as slip:
        raise CannotWriteError(path=folder, reason=slip.strerror or type(slip).__name__) from slip
    kept = sorted(
        path.relative_to(office).as_posix() for path in office.rglob("*") if path.is_dir() and not path.is_symlink()
    )
    entry = {"made": now.isoformat(timespec="seconds"), "head": head, "files": listed, "folders": kept}
    publish(folder / MANIFEST, json.dumps(entry, ensure_ascii=False, indent=1).encode(), OURS_ALONE)
    publish(
        office / LAST,
        json.dumps({"made": entry["made"], "folder": str(folder)}, ensure_ascii=False).encode(),
        OURS_ALONE,
    )
    return Backup(folder, now, len(listed), head)


def restore(backup: Path, office: Path, now: datetime) -> tuple[Backup, Path | None]:
    """Put a backup back as the office folder.

    Args:
        backup: The backup's folder, or the folder that holds several, of which the newest whole one counts.
        office: Where the office folder is to be; one that is there is moved aside.
        now: Names the folder that is moved aside.

    Returns:
        The backup, and where the folder that was in the way is now.

    Raises:
        NoBackupError, BackupDamagedError, CannotWriteError: it cannot be restored; nothing was changed.
    """
    folder = _newest(backup)
    entry = _checked(folder)
    made = office.with_name(f".{office.name}.{now:%Y%m%d%H%M%S}.restore")
    aside: Path | None = None
    try:
        for name in entry["folders"]:
            (made / name).mkdir(parents=True, exist_ok=True)
        for name, digest in entry["files"].items():
            # What is written is what was checked, should the backup be changed at this very moment.
            data = (folder / "office" / name).read_bytes()
            if digest_of(data) != digest:
                raise BackupDamagedError(file=folder / "office" / name)
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)
        if office.exists() and any(office.iterdir()):
            aside = office.with_name(f"{office.name}-{now:%Y%m%d-%H%M%S}")
            office.rename(aside)
            (aside / LOCK).unlink(missing_ok=True)  # this very run's
        elif office.exists():
            office.rmdir()
        made.rename(office)
    except OSError as slip:
        shutil.rmtree(made, ignore_errors=True)
        raise CannotWriteError(path=office, reason=slip.strerror or type(slip).__name__) from slip
    except BackupDamagedError:
        shutil.rmtree(made, ignore_errors=True)
        raise
    publish(
        office / LAST,
        json.dumps({"made": entry["made"], "folder": str(folder)}, ensure_ascii=False).encode(),
        OURS_ALONE,
    )
    return Backup(folder, datetime.fromisoformat(entry["made"]), len(entry["files"]), entry["head"]), aside


def _checked(folder: Path) -> dict[str, Any]:
    """A backup's list, once everything in the backup is as the list says: nothing altered, nothing missing, nothing that is not listed.

    Raises:
        BackupDamagedError: something is not.
    """
    try:
        entry = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files, kept = dict(entry["files"]), list(entry.get("folders", ()))
        datetime.fromisoformat(entry["made"])
        names = [PurePosixPath(name) for name in (*files, *kept)]
        if not isinstance(entry["head"], str) or any(
            name.is_absolute() or ".." in name.parts or "\\" in str(name) for name in names
        ):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupDamagedError(file=folder / MANIFEST) from None
    inside = folder / "office"
    for path in sorted(inside.rglob("*")):
        if path.is_symlink() or (not path.is_dir() and path.relative_to(inside).as_posix() not in files):
            raise BackupDamagedError(file=path)
    for name, digest in files.items():
        path = inside / name
        if not path.is_file() or digest_of(path.read_bytes()) != digest:
            raise BackupDamagedError(file=path)
    return {**entry, "files": files, "folders": kept}


def last_backup(office: Path) -> datetime | None:
    """When the office was last backed up; None where it never was."""
    try:
        return datetime.fromisoformat(json.loads((office / LAST).read_text(encoding="utf-8"))["made"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _files(office: Path) -> Iterator[str]:
    for path in office.rglob("*"):
        name = path.relative_to(office).as_posix()
        if path.is_file() and not path.is_symlink() and name not in (LOCK, LAST) and not path.name.startswith("~$"):
            yield name


def _newest(folder: Path) -> Path:
    for candidate in (folder, *sorted(folder.glob(f"{_PREFIX}*"), reverse=True)):
        if (candidate / MANIFEST).is_file() and (candidate / "office" / FILE).is_file():
            return candidate
    raise NoBackupError(folder=folder)
