"""Finds out who can read a folder beyond its owner and named accounts; `doctor` shows it to an administrator.

Only wide groups are listed: everybody, and all users of a machine or a domain. Whether a named account may read is the office's decision.
The sources are the mode bits and the access control list on POSIX, and `icacls` on Windows.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

EVERYBODY = "@doctor.everybody"

# Tags and bits of a POSIX access control list as Linux keeps it (linux/posix_acl_xattr.h).
_ACL = "system.posix_acl_access"
_GROUP, _MASK, _OTHER = 0x08, 0x10, 0x20
_WIDE_GROUPS = ("users", "domain users", "nogroup", "nobody")

# Windows: accounts that stand for nearly everybody, as `icacls` names them, the part before the backslash apart.
_WIDE = ("everyone", "users", "authenticated users", "domain users", "guests", "domain guests", "anonymous logon", "interactive", "network")  # fmt: skip
_WIDE_IDS = re.compile(r"\*?S-1-(1-0|5-11|5-7|5-32-545|5-32-546|5-21-[\d-]+-513)", re.I)
_ENTRY = re.compile(r"^(?P<who>.+?):(?P<flags>(?:\([^()]*\))+)$")
_READS = {"F", "M", "RX", "R", "GR", "GA", "RD"}


def wide_readers(folder: Path) -> tuple[str, ...] | None:
    """The wide groups that can read a folder; None if the system does not say."""
    try:
        if os.name == "nt":
            return icacls_readers(_icacls(folder), str(folder))
        return tuple(dict.fromkeys(_posix_readers(folder)))
    except (OSError, subprocess.SubprocessError):
        return None


def _posix_readers(folder: Path) -> Iterator[str]:
    mode = folder.stat().st_mode
    if mode & stat.S_IROTH and all(parent.stat().st_mode & stat.S_IXOTH for parent in _way_to(folder)):
        yield EVERYBODY
    if mode & stat.S_IRGRP and (name := _group(folder.stat().st_gid)).lower() in _WIDE_GROUPS:
        yield name
    for tag, bits, number in acl_entries(_acl_of(folder)):
        if tag == _GROUP and bits & 4 and (name := _group(number)).lower() in _WIDE_GROUPS:
            yield name


def _way_to(folder: Path) -> tuple[Path, ...]:
    return tuple(folder.absolute().parents)


def _acl_of(folder: Path) -> bytes:
    try:
        return os.getxattr(folder, _ACL) if hasattr(os, "getxattr") else b""
    except OSError:  # it has none, or its file system knows none
        return b""


def acl_entries(data: bytes) -> tuple[tuple[int, int, int], ...]:
    """Tag, permissions after the mask, and account number of each entry of an access control list."""
    entries = list(struct.iter_unpack("<HHI", data[4:])) if len(data) >= 4 and len(data) % 8 == 4 else []
    mask = next((bits for tag, bits, _ in entries if tag == _MASK), 7)
    return tuple((tag, bits & mask if tag in (0x02, 0x04, _GROUP) else bits, number) for tag, bits, number in entries)


def _group(number: int) -> str:
    import grp  # not on Windows

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def icacls_readers(text: str, folder: str) -> tuple[str, ...]:
    """The wide groups that may read a folder, from the output of `icacls`. Groups that are denied reading are left out."""
    granted: list[str] = []
    denied: set[str] = set()
    for line in text.splitlines():
        match = _ENTRY.match(line.removeprefix(folder).strip())
        if not match:
            continue
        who, flags = match["who"].strip(), re.findall(r"\(([^()]*)\)", match["flags"])
        rights = {right for flag in flags for right in flag.split(",")}
        if not rights & _READS or not _is_wide(who):
            continue
        if "DENY" in flags:
            denied.add(who.casefold())
        elif who not in granted:
            granted.append(who)
    return tuple(who for who in granted if who.casefold() not in denied)


def _is_wide(who: str) -> bool:
    return who.rpartition("\\")[2].casefold() in _WIDE or _WIDE_IDS.fullmatch(who) is not None


def _icacls(folder: Path) -> str:
    # Start it by its full path: Windows would start one in the current folder first.
    asked = [str(Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / "System32" / "icacls.exe"), str(folder)]
    return subprocess.run(asked, capture_output=True, check=True, timeout=30, encoding="oem" if os.name == "nt" else "utf-8", errors="replace").stdout  # fmt: skip
