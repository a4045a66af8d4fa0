"""Backups: what was saved comes back byte for byte, and nothing that is there is lost for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from evalxl.records.backup import (
    LAST,
    BackupDamagedError,
    BackupInsideError,
    NoBackupError,
    back_up,
    last_backup,
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


def test_a_folder_without_a_backup_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(NoBackupError):
        restore(tmp_path, tmp_path / "mới", NOW)


def test_a_backup_does_not_go_into_the_office_itself(office: Path) -> None:
    with pytest.raises(BackupInsideError):
        back_up(office, office / "backups", NOW, "abc")


def test_the_office_knows_when_it_was_last_backed_up(office: Path, tmp_path: Path) -> None:
    assert last_backup(office) is None

    back_up(office, tmp_path / "usb", NOW, "abc")

    assert NOW == last_backup(office)
