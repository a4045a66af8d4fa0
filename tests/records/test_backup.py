"""Backups: what was saved comes back byte for byte, and nothing that is there is lost for it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evalxl.records.backup import (
    LAST,
    BackupDamagedError,
    BackupInsideError,
    NoBackupError,
    back_up,
    check_backup,
    last_backup,
    note_checked,
    restore,
)

NOW = datetime(2025, 6, 10, 17, 0)
LATER = datetime(2025, 6, 17, 17, 0)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "văn phòng"
    (folder / "ledger").mkdir(parents=True)
    (folder / "office.toml").write_text('name = "Ban"\n', encoding="utf-8")
    (folder / "ledger" / "000001_2025-W23.jsonl").write_bytes(b"{}\n")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_restored_office_is_the_office_that_was_backed_up(office: Path, tmp_path: Path) -> None:
    saved = contents(office)
    back_up(office, tmp_path / "usb", NOW, "abc")

    made, aside = restore(tmp_path / "usb", tmp_path / "mới", LATER)

    back = contents(tmp_path / "mới")
    back.pop(LAST)
    assert saved == back
    assert (NOW, "abc", None) == (made.made, made.head, aside)


def test_an_office_in_the_way_is_moved_aside_and_not_deleted(office: Path, tmp_path: Path) -> None:
    back_up(office, tmp_path / "usb", NOW, "abc")
    (office / "ledger" / "000002_2025-W24.jsonl").write_bytes(b"later\n")

    _, aside = restore(tmp_path / "usb", office, LATER)

    assert aside is not None
    assert b"later\n" == (aside / "ledger" / "000002_2025-W24.jsonl").read_bytes()
    assert not (office / "ledger" / "000002_2025-W24.jsonl").exists()


def test_the_newest_whole_backup_counts(office: Path, tmp_path: Path) -> None:
    back_up(office, tmp_path / "usb", NOW, "old")
    (tmp_path / "usb" / "evalxl-backup-20991231-000000" / "office").mkdir(parents=True)  # cut off while it was written

    made, _ = restore(tmp_path / "usb", tmp_path / "mới", LATER)

    assert "old" == made.head


def test_a_damaged_backup_changes_nothing(office: Path, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "usb", NOW, "abc")
    (made.folder / "office" / "office.toml").write_bytes(b"x")
    before = contents(office)

    with pytest.raises(BackupDamagedError):
        restore(tmp_path / "usb", office, LATER)

    assert before == contents(office)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that may not be listed")
def test_a_folder_that_cannot_be_listed_is_said_and_never_left_out(office: Path, tmp_path: Path) -> None:
    (office / "ledger").chmod(0o000)
    try:
        with pytest.raises(PermissionError, match="ledger"):
            back_up(office, tmp_path / "usb", NOW, "abc")
    finally:
        (office / "ledger").chmod(0o700)
    with pytest.raises(NoBackupError):
        check_backup(tmp_path / "usb")


def test_a_folder_without_a_backup_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(NoBackupError):
        restore(tmp_path, tmp_path / "mới", NOW)


def test_a_backup_does_not_go_into_the_office_itself(office: Path) -> None:
    with pytest.raises(BackupInsideError):
        back_up(office, office / "backups", NOW, "abc")


def test_the_office_knows_when_it_was_last_backed_up(office: Path, tmp_path: Path) -> None:
    assert last_backup(office) is None

    back_up(office, tmp_path / "usb", NOW, "abc")

    last = last_backup(office)
    assert last is not None and (NOW, None) == (last.made, last.checked)


def test_a_backup_that_was_proved_whole_is_remembered_as_checked(office: Path, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "usb", NOW, "abc")

    assert (made.folder, "abc", []) == check_backup(tmp_path / "usb")
    note_checked(office, tmp_path / "elsewhere", LATER)
    last = last_backup(office)
    assert last is not None and last.checked is None

    note_checked(office, made.folder, LATER)
    last = last_backup(office)
    assert last is not None and (NOW, LATER) == (last.made, last.checked)


def test_what_did_not_change_is_one_file_with_the_backup_before_and_never_with_the_office(
    office: Path, tmp_path: Path
) -> None:
    first = back_up(office, tmp_path / "usb", NOW, "abc")
    (office / "office.toml").write_text('name = "Ban khác"\n', encoding="utf-8")
    second = back_up(office, tmp_path / "usb", LATER, "abc")

    same, other = "ledger/000001_2025-W23.jsonl", "office.toml"
    assert (first.folder / "office" / same).samefile(second.folder / "office" / same)
    assert not (second.folder / "office" / same).samefile(office / same)
    assert not (first.folder / "office" / other).samefile(second.folder / "office" / other)
    assert (0, 1) == (first.linked, second.linked)
    for made in (first, second):
        assert [] == check_backup(made.folder)[2]


def test_two_backups_in_one_second_are_two(office: Path, tmp_path: Path) -> None:
    """A backup is never written into, whatever the clock says: the one that is whole stays so while the next is being made."""
    first = back_up(office, tmp_path / "usb", NOW, "abc")
    saved = contents(first.folder)
    (office / "office.toml").write_text('name = "Ban khác"\n', encoding="utf-8")
    second = back_up(office, tmp_path / "usb", NOW, "def")

    assert saved == contents(first.folder)
    assert (second.folder, "def", []) == check_backup(tmp_path / "usb")


def test_a_file_that_rotted_in_the_backup_before_is_not_linked(office: Path, tmp_path: Path) -> None:
    first = back_up(office, tmp_path / "usb", NOW, "abc")
    (first.folder / "office" / "office.toml").write_bytes(b"rotten")

    second = back_up(office, tmp_path / "usb", LATER, "abc")

    assert [] == check_backup(second.folder)[2]


def test_a_disk_without_links_gets_copies(office: Path, tmp_path: Path) -> None:
    """As FAT and some shares: the previous backup lies on another disk, which no link reaches."""
    if not Path("/dev/shm").is_dir() or Path("/dev/shm").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs a second file system")
    with TemporaryDirectory(dir="/dev/shm") as other:
        back_up(office, Path(other), NOW, "abc")
        usb = tmp_path / "usb"
        usb.mkdir()
        (usb / "evalxl-backup-20250610-170000").symlink_to(next(Path(other).iterdir()))
        second = back_up(office, usb, LATER, "abc")

        assert 0 == second.linked
        assert [] == check_backup(second.folder)[2]


def test_files_come_back_with_their_times(office: Path, tmp_path: Path) -> None:
    """The time of a file says which version is the later one."""
    os.utime(office / "office.toml", ns=(10**18, 10**18))
    back_up(office, tmp_path / "usb", NOW, "abc")

    restore(tmp_path / "usb", tmp_path / "mới", LATER)

    assert 10**18 == (tmp_path / "mới" / "office.toml").stat().st_mtime_ns


def test_a_share_inside_the_office_folder_is_not_set_back(office: Path, tmp_path: Path) -> None:
    share = office / "shared" / "2025-W23"
    share.mkdir(parents=True)
    (share / "form.xlsx").write_bytes(b"as issued")
    (share / "lost.xlsx").write_bytes(b"lost since")
    back_up(office, tmp_path / "usb", NOW, "abc")
    (share / "form.xlsx").write_bytes(b"filled")
    (share / "new.xlsx").write_bytes(b"issued since")
    (share / "lost.xlsx").unlink()

    restore(tmp_path / "usb", office, LATER, ["shared"])

    assert {"form.xlsx": b"filled", "new.xlsx": b"issued since", "lost.xlsx": b"lost since"} == contents(share)
