"""Backups: a copy of the office folder with a list of hashes, and the way back.

A backup is a plain folder that anybody can look into. It counts as one only when its list is in it, which is written last, once everything else has
reached the disk. A file that is in the backup before it already is linked to that one, where the disk can do so; never to the office's own file, which goes on
changing. Restoring checks every file against the list before anything is moved, and moves an office that is in the way aside instead of deleting it. A share
that lies inside the office folder is people's: what lies there now is not set back.
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
    """A file of the backup is not what it was when it was made."""

    key = "slip.backup_damaged"


class BackupInsideError(EvalxlError):
    """A backup inside the office folder would go down with it."""

    key = "slip.backup_inside"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its folder, when it was made, how many files, and the ledger's head then; how many files are one with those of the backup before."""

    folder: Path
    made: datetime
    files: int
    head: str
    linked: int = 0


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the office was last backed up, and when that backup was last proved whole; None where it never was."""

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
        OSError: something in the office folder cannot be read, so that it would be missing.
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
    """The folder of a new backup. What was made, or begun, in the same second is never written into: it may be whole, and its files another's too."""
    name = f"{_PREFIX}{now:%Y%m%d-%H%M%S}"
    names = (name, *(f"{name}-{number}" for number in range(2, 1_000)))
    return next((to / one for one in names if not (to / one).exists()), to / name)


@dataclass(frozen=True, slots=True)
class _Before:
    """The backup before, of which files that have not changed are linked."""

    folder: Path
    files: Mapping[str, str]

    @classmethod
    def of(cls, to: Path) -> _Before:
        """The newest whole backup of a folder; an empty one where there is none."""
        with contextlib.suppress(NoBackupError, OSError, ValueError, KeyError, TypeError):
            folder = _newest(to)
            return cls(folder, dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]))
        return cls(to, {})

    def link(self, name: str, digest: str, target: Path) -> bool:
        """Link a file that is the same there; not where the disk has no links, or what lies there is no longer what the list says."""
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
    """Make the names in a folder, and in all below it, outlive a power cut."""
    for path in (*(one for one in _within(folder) if one.is_dir()), folder):
        flush_folder(path)


def _note(office: Path, **said: str) -> None:
    publish(office / LAST, json.dumps(said, ensure_ascii=False).encode(), OURS_ALONE)


def check_backup(backup: Path) -> tuple[Path, str, list[Path]]:
    """Hold everything in a backup against its list.

    Returns:
        The backup's folder, the ledger's head that its list says, and what is not as the list says: altered, missing, or not listed.

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
    """Remember that the office's last backup was proved whole; another backup is not remembered."""
    try:
        said = json.loads((office / LAST).read_text(encoding="utf-8"))
        is_last = Path(said["folder"]).resolve() == backup.resolve()
    except (OSError, ValueError, KeyError, TypeError):
        return
    if is_last:
        _note(office, made=str(said["made"]), folder=str(said["folder"]), checked=now.isoformat(timespec="seconds"))


def restore(backup: Path, office: Path, now: datetime, shares: Iterable[str] = ()) -> tuple[Backup, Path | None]:
    """Put a backup back as the office folder.

    Args:
        backup: The backup's folder, or the folder that holds several, of which the newest whole one counts.
        office: Where the office folder is to be; one that is there is moved aside.
        now: Names the folder that is moved aside.
        shares: The shares inside the office folder, relative to it: what lies there now counts, and what is missing there is put back.

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
    """Lay what lies on a share now over what the backup has of it."""
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
    """A backup's list, once everything in the backup is as the list says: nothing altered, nothing missing, nothing that is not listed.

    Raises:
        BackupDamagedError: something is not.
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
    """What in a backup is not as its list says."""
    inside = folder / "office"
    for path in sorted(_within(inside)):
        if path.is_symlink() or (not path.is_dir() and path.relative_to(inside).as_posix() not in files):
            yield path
    for name, digest in files.items():
        path = inside / name
        if not path.is_symlink() and (not path.is_file() or digest_of(path.read_bytes()) != digest):
            yield path


def last_backup(office: Path) -> LastBackup | None:
    """When the office was last backed up; None where it never was."""
    try:
        said = json.loads((office / LAST).read_text(encoding="utf-8"))
        checked = said.get("checked")
        return LastBackup(datetime.fromisoformat(said["made"]), datetime.fromisoformat(checked) if checked else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _files(office: Path) -> Iterator[str]:
    for path in _within(office):
        name = path.relative_to(office).as_posix()
        if path.is_file() and not path.is_symlink() and name not in (LOCK, LAST) and not path.name.startswith("~$"):
            yield name


def _within(folder: Path) -> Iterator[Path]:
    """Everything in a folder, at any depth. A folder that cannot be listed is no empty one: what it holds would be missing without a word.

    Raises:
        OSError: one cannot be listed.
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
