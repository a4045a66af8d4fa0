"""Finds and reads the files in the folders where workbooks come back.

Anybody can write into these folders. Only regular files are read, each once. Links and pipes are never read.
Neither is a file that a sync client has not fetched yet: it would hold up the whole run until the network delivers it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evalxl.records.folders import is_overview_page
from evalxl.records.publish import ELSEWHERE, is_waiting

LARGEST = 100 * 1024 * 1024  # bytes; the limit for a workbook that evalxl itself wrote
DEEPEST = 30  # folders within folders; nobody keeps forms deeper

# Reparse points that lead elsewhere: a symbolic link, a junction; sync clients have others.
_LINKS = (0xA000000C, 0xA0000003)

_NOISE_ENDINGS = (".lnk", ".url")
_NOISE_NAMES = ("thumbs.db", "desktop.ini")

# Files that programs create beside a workbook: Excel while it saves (`5F3A1B00.tmp`), its backups (`Backup of x.xlk`) and recovered files
# (`x(AutoRecovered).xlsx`, `x (Autosaved).xlsx`, `.xar`), LibreOffice's backups (`.bak`), and files that begin with ~ or a point.
_ASIDE_ENDINGS = (".tmp", ".xlk", ".bak", ".xar")
_ASIDE_WORDS = ("autorecover", "autosaved")
# Folders of servers and sync clients with earlier states: `.snapshot`, `~snapshot`, `.stversions`, `#recycle`, `@Recycle`, `$RECYCLE.BIN`.
_ASIDE_FOLDERS = (".", "~", "#", "@", "$")


@dataclass(frozen=True, slots=True)
class Arrival:
    """The bytes of a file and its time of change. If it was not read, `obstacle` is the kind of finding that says why."""

    data: bytes = b""
    modified: datetime = datetime.min.replace(tzinfo=UTC)
    obstacle: str = ""


def lying_in(folder: Path, unlisted: list[Path], aside: list[Path] | None = None) -> Iterator[Path]:
    """Every file below a folder that somebody may have put there to be read. A folder is given only if it is not entered.

    Lock files, programs' own files, receipts and waiting masters are left out.

    Args:
        folder: A week's folder; it need not be there.
        unlisted: Receives the folders that cannot be listed: the files in them only seem to be gone.
        aside: Receives the files and folders that programs created; such folders are not entered.
    """
    laid = aside if aside is not None else []

    def left_out(slip: OSError) -> None:
        if not isinstance(slip, FileNotFoundError):
            unlisted.append(Path(slip.filename))

    top = len(folder.parts)
    for root, inner, names in os.walk(folder, onerror=left_out):
        too_deep = len(Path(root).parts) - top >= DEEPEST
        shut = [name for name in inner if too_deep or _is_link(Path(root, name))]
        laid += [Path(root, name) for name in sorted(inner) if name not in shut and is_aside_folder(name)]
        inner[:] = sorted(name for name in inner if name not in shut and not is_aside_folder(name))
        for name in sorted((*names, *shut)):
            path = Path(root, name)
            if is_aside(name) and name not in shut:
                laid.append(path)
            elif not is_noise(path):
                yield path


def lying_aside(aside: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """The files that programs created, and those in folders they created. The flag says whether the file lies in such a folder."""
    for path in aside:
        if not path.is_dir():
            yield path, False
            continue
        for root, inner, names in os.walk(path):
            inner[:] = sorted(name for name in inner if not _is_link(Path(root, name)))
            yield from ((Path(root, name), True) for name in sorted(names))


def is_aside(name: str) -> bool:
    """Whether a program created the file by itself, beside another one. It never competes with a file that a person saved."""
    folded = name.casefold()
    return (
        folded.startswith(("~", ".")) or folded.endswith(_ASIDE_ENDINGS) or any(word in folded for word in _ASIDE_WORDS)
    ) and folded not in _NOISE_NAMES


def is_aside_folder(name: str) -> bool:
    """Whether servers or sync clients keep earlier states in a folder."""
    return name.startswith(_ASIDE_FOLDERS)


def is_noise(path: Path) -> bool:
    """Whether a file is skipped by rule, without a verdict."""
    name = path.name
    return (
        is_aside(name)
        or name.lower().endswith(_NOISE_ENDINGS)
        or name.lower() in _NOISE_NAMES
        or (path.suffix == ".txt" and "receipts" in path.parts)
        or is_overview_page(name)
        or is_waiting(path)
    )


def read_once(path: Path, most: int) -> Arrival | None:
    """The bytes of a file, at most one more than `most`; None if the file disappeared meanwhile."""
    if not _can_be_named(path):
        return Arrival(obstacle="file.bad_name")
    try:
        if obstacle := obstacle_of(path.lstat()):
            return Arrival(obstacle=obstacle)
        # The file may have been exchanged since `lstat`: do not follow a link, do not wait for a pipe.
        handle = os.open(path, os.O_RDONLY | _flag("O_BINARY") | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK"))
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                return Arrival(obstacle="file.not_a_file")
            data = file.read(most + 1)
            after = os.fstat(handle)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return Arrival(obstacle="file.busy")
    if not _same(before, after) or (len(data) != after.st_size and len(data) <= most):
        return Arrival(obstacle="file.busy")
    return Arrival(data, datetime.fromtimestamp(after.st_mtime, UTC))


def bytes_of(path: Path) -> bytes:
    """The bytes of a workbook on a share; empty if there is none, or if it is not a regular file."""
    arrival = read_once(path, LARGEST)
    return arrival.data if arrival is not None else b""


def obstacle_of(status: os.stat_result) -> str:
    """Why a directory entry must not be opened, from its status: a kind of finding. Empty if it may be opened."""
    if stat.S_ISDIR(status.st_mode) and not stat.S_ISLNK(status.st_mode) and not _leads_elsewhere(status):
        return "file.too_deep"
    if not stat.S_ISREG(status.st_mode) or _leads_elsewhere(status):
        return "file.not_a_file"
    if getattr(status, "st_file_attributes", 0) & ELSEWHERE:
        return "file.not_downloaded"
    return ""


def _leads_elsewhere(status: os.stat_result) -> bool:
    return getattr(status, "st_reparse_tag", 0) in _LINKS


def _is_link(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode) or _leads_elsewhere(status)


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def _can_be_named(path: Path) -> bool:
    """Whether the name is text: the ledger, receipts and masters have to name the file."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _flag(name: str) -> int:
    """A flag of `os.open`; 0 if the system does not have it."""
    return int(getattr(os, name, 0))
