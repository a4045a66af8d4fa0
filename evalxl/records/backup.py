"""Makes, checks and restores backups: copies of the office folder with a list of hashes.

A backup is a plain folder. It is valid only if it holds its list, which is written last, after everything else has reached the disk.
A file that did not change is hard-linked to the previous backup if the disk supports it. It is never linked to the office's own file, which goes on changing.
Restoring checks every file against the list before it moves anything. An office folder that is in the way is moved aside, not deleted.
A share inside the office folder belongs to people: its present files are kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.records.archive import digest_of
from evalxl.records.folders import LOCK
from evalxl.records.publish import OURS_ALONE, CannotWriteError, flush_folder, make_folder, publish, write_flushed
from evalxl.records.settings import FILE

MANIFEST = "evalxl-backup.json"
LAST = "last-backup.json"
_PREFIX = "evalxl-backup-"


class NoBackupError(EvalxlError):
    """The folder holds no whole backup."""

    key = "slip.no_backup"


class BackupDamagedError(EvalxlError):
    """A file of the backup has changed since the backup was made."""

    key = "slip.backup_damaged"


class BackupInsideError(EvalxlError):
    """The backup folder lies inside the office folder: both would be lost together."""

    key = "slip.backup_inside"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its folder, when it was made, the number of files, the ledger's head then, and the files linked to the previous backup."""

    folder: Path
    made: datetime
    files: int
    head: str
    linked: int = 0


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the office was last backed up, and when that backup was last checked; None if never."""

    made: datetime
    checked: datetime | None = None


def back_up(office: Path, to: Path, now: datetime, head: str) -> Backup:
    """Copy the office folder.

    Args:
        office: The office folder; the caller holds its lock.
        to: The folder that holds backups; each gets a folder of its own, named by its time.
        now: The moment of the backup.
        head: The ledger's head.

    Raises:
        BackupInsideError, CannotWriteError: it cannot be made there.
        OSError: a file of the office folder cannot be read, so it would be missing.
    """
    if to.resolve().is_relative_to(office.resolve()):
        raise BackupInsideError(folder=to)
    folder = _new_folder(to, now)
    before = _Before.of(to)
    listed: dict[str, str] = {}
    times: dict[str, int] = {}
    linked = 0
    try:
        for name in sorted(_files(office)):
            try:
                status = (office / name).stat()
                data = (office / name).read_bytes()
            except FileNotFoundError:  # somebody at work on the share took it away meanwhile
                continue
            listed[name], times[name] = digest_of(data), status.st_mtime_ns
            target = folder / "office" / name
            make_folder(target.parent)
            if before.link(name, listed[name], target):
                linked += 1
            else:
                write_flushed(target, data)
        kept = sorted(
            path.relative_to(office).as_posix() for path in _within(office) if path.is_dir() and not path.is_symlink()
        )
        entry = {
            "made": now.isoformat(timespec="seconds"),
            "head": head,
            "files": listed,
            "times": times,
            "folders": kept,
        }
        _flush(folder / "office")
        publish(folder / MANIFEST, json.dumps(entry, ensure_ascii=False, indent=1).encode(), OURS_ALONE)
        for above in (folder, to):
            flush_folder(above)
    except OSError as slip:
        if slip.filename and Path(slip.filename).is_relative_to(office):
            raise
        raise CannotWriteError(path=folder, reason=slip.strerror or type(slip).__name__) from slip
    _note(office, made=now.isoformat(timespec="seconds"), folder=str(folder))
    return Backup(folder, now, len(listed), head, linked)


def _new_folder(to: Path, now: datetime) -> Path:
    """The folder of a new backup. A backup made in the same second is never written into: later backups may be linked to its files."""
    first = f"{_PREFIX}{now:%Y%m%d-%H%M%S}"
    names = (first, *(f"{first}-{number}" for number in range(2, 1_000)))
    return next((to / name for name in names if not (to / name).exists()), to / first)


@dataclass(frozen=True, slots=True)
class _Before:
    """The previous backup, to whose files unchanged files are linked."""

    folder: Path
    files: Mapping[str, str]

    @classmethod
    def of(cls, to: Path) -> _Before:
        """The newest valid backup of a folder; an empty one if there is none."""
        with contextlib.suppress(NoBackupError, OSError, ValueError, KeyError, TypeError):
            folder = _newest(to)
            return cls(folder, dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]))
        return cls(to, {})

    def link(self, name: str, digest: str, target: Path) -> bool:
        """Link `target` to an equal file of the previous backup. False if the disk has no links or that file no longer matches the list."""
        if self.files.get(name) != digest:
            return False
        try:
            there = self.folder / "office" / name
            if there.is_symlink() or digest_of(there.read_bytes()) != digest:
                return False
            target.unlink(missing_ok=True)
            os.link(there, target)
        except OSError:
            return False
        return True


def _flush(folder: Path) -> None:
    """Flush a folder and all folders below it, so that the file names survive a power cut."""
    for path in (*(inner for inner in _within(folder) if inner.is_dir()), folder):
        flush_folder(path)


def _note(office: Path, **fields: str) -> None:
    publish(office / LAST, json.dumps(fields, ensure_ascii=False).encode(), OURS_ALONE)


def check_backup(backup: Path) -> tuple[Path, str, list[Path]]:
    """Compare every file of a backup with its list.

    Returns:
        The backup's folder, the ledger's head from its list, and the files that are altered, missing or not listed.

    Raises:
        NoBackupError: there is no whole backup.
    """
    folder = _newest(backup)
    try:
        entry = _list_of(folder)
    except BackupDamagedError:
        return folder, "", [folder / MANIFEST]
    return folder, entry["head"], list(_altered(folder, entry["files"]))


def note_checked(office: Path, backup: Path, now: datetime) -> None:
    """Record that the office's last backup was checked and is whole. For any other backup nothing is recorded."""
    try:
        last = json.loads((office / LAST).read_text(encoding="utf-8"))
        is_last = Path(last["folder"]).resolve() == backup.resolve()
    except (OSError, ValueError, KeyError, TypeError):
        return
    if is_last:
        _note(office, made=str(last["made"]), folder=str(last["folder"]), checked=now.isoformat(timespec="seconds"))


def restore(backup: Path, office: Path, now: datetime, shares: Iterable[str] = ()) -> tuple[Backup, Path | None]:
    """Put a backup back as the office folder.

    Args:
        backup: The backup's folder, or the folder that holds several; the newest valid one is used.
        office: Where the office folder is to be. An existing folder is moved aside.
        now: Names the folder that is moved aside.
        shares: The shares inside the office folder, relative to it. Files there are kept; missing files are put back.

    Returns:
        The backup, and the new place of the folder that was moved aside.

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
            # The hash is checked on the bytes that are written: the backup may change at this moment.
            data = (folder / "office" / name).read_bytes()
            if digest_of(data) != digest:
                raise BackupDamagedError(file=folder / "office" / name)
            make_folder((made / name).parent)
            write_flushed(made / name, data)
            if (time := entry["times"].get(name)) is not None:
                os.utime(made / name, ns=(time, time))
        for share in shares:
            _lay_over(office / share, made / share)
        _flush(made)
        if office.exists() and any(office.iterdir()):
            aside = office.with_name(f"{office.name}-{now:%Y%m%d-%H%M%S}")
            office.rename(aside)
            (aside / LOCK).unlink(missing_ok=True)  # this very run's
        elif office.exists():
            office.rmdir()
        made.rename(office)
        flush_folder(office.parent)
    except OSError as slip:
        shutil.rmtree(made, ignore_errors=True)
        raise CannotWriteError(path=slip.filename or office, reason=slip.strerror or type(slip).__name__) from slip
    except BackupDamagedError:
        shutil.rmtree(made, ignore_errors=True)
        raise
    publish(
        office / LAST,
        json.dumps({"made": entry["made"], "folder": str(folder)}, ensure_ascii=False).encode(),
        OURS_ALONE,
    )
    return Backup(folder, datetime.fromisoformat(entry["made"]), len(entry["files"]), entry["head"]), aside


def _lay_over(share: Path, made: Path) -> None:
    """Copy the present files of a share over those from the backup."""
    for path in _within(share):
        target = made / path.relative_to(share)
        if path.is_symlink():
            continue
        if path.is_dir():
            make_folder(target)
        elif path.is_file():
            make_folder(target.parent)
            write_flushed(target, path.read_bytes())
            shutil.copystat(path, target)


def _checked(folder: Path) -> dict[str, Any]:
    """A backup's list, after the backup was compared with it.

    Raises:
        BackupDamagedError: a file is altered, missing or not listed.
    """
    entry = _list_of(folder)
    for path in _altered(folder, entry["files"]):
        raise BackupDamagedError(file=path)
    return entry


def _list_of(folder: Path) -> dict[str, Any]:
    try:
        entry = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files, kept, times = dict(entry["files"]), list(entry.get("folders", ())), dict(entry.get("times", {}))
        datetime.fromisoformat(entry["made"])
        names = [PurePosixPath(name) for name in (*files, *kept)]
        if not isinstance(entry["head"], str) or not all(type(time) is int for time in times.values()):
            raise ValueError
        if any(name.is_absolute() or ".." in name.parts or "\\" in str(name) for name in names):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise BackupDamagedError(file=folder / MANIFEST) from None
    return {**entry, "files": files, "folders": kept, "times": times}


def _altered(folder: Path, files: Mapping[str, str]) -> Iterator[Path]:
    """The files of a backup that are altered, missing or not listed."""
    inside = folder / "office"
    for path in sorted(_within(inside)):
        if path.is_symlink() or (not path.is_dir() and path.relative_to(inside).as_posix() not in files):
            yield path
    for name, digest in files.items():
        path = inside / name
        if not path.is_symlink() and (not path.is_file() or digest_of(path.read_bytes()) != digest):
            yield path


def last_backup(office: Path) -> LastBackup | None:
    """When the office was last backed up; None if it never was."""
    try:
        last = json.loads((office / LAST).read_text(encoding="utf-8"))
        checked = last.get("checked")
        return LastBackup(datetime.fromisoformat(last["made"]), datetime.fromisoformat(checked) if checked else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _files(office: Path) -> Iterator[str]:
    for path in _within(office):
        name = path.relative_to(office).as_posix()
        if path.is_file() and not path.is_symlink() and name not in (LOCK, LAST) and not path.name.startswith("~$"):
            yield name


def _within(folder: Path) -> Iterator[Path]:
    """Every file and folder below a folder. A folder that cannot be listed is an error: its files would be missing silently.

    Raises:
        OSError: a folder cannot be listed.
    """

    def failed(slip: OSError) -> None:
        if not isinstance(slip, FileNotFoundError):  # somebody at work on the share took it away meanwhile
            raise slip

    for at, folders, files in os.walk(folder, onerror=failed):
        yield from (Path(at, name) for name in (*folders, *files))


def _newest(folder: Path) -> Path:
    for candidate in (folder, *sorted(folder.glob(f"{_PREFIX}*"), reverse=True)):
        if (candidate / MANIFEST).is_file() and (candidate / "office" / FILE).is_file():
            return candidate
    raise NoBackupError(folder=folder)
