"""What somebody else wrote on a share is in the archive before evalxl writes over it or takes it away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evalxl.records.archive import Archive, digest_of
from evalxl.records.kept import ShareKeeper
from evalxl.records.publish import Keeper, publish, remove, sweep


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "share" / "2025-W23").mkdir(parents=True)
    return tmp_path / "share"


def keeper_of(share: Path) -> ShareKeeper:
    office = share.parent
    return ShareKeeper(Archive(office / "archive"), office / "written", lambda path: path.relative_to(share).as_posix())


def archived(share: Path) -> set[bytes]:
    return {path.read_bytes() for path in Archive(share.parent / "archive").blobs()}


def test_what_evalxl_wrote_is_written_over_without_being_kept(share: Path) -> None:
    master = share / "2025-W23" / "master.xlsx"
    for data in (b"one", b"two"):
        publish(master, data, keeper_of(share))
    publish(master, b"three", keeper_of(share))

    assert (b"three", set()) == (master.read_bytes(), archived(share))


def test_what_somebody_typed_into_a_master_is_archived_before_the_next_one_is_written(share: Path) -> None:
    master = share / "2025-W23" / "master.xlsx"
    publish(master, b"one", keeper_of(share))
    master.write_bytes(b"one, and a remark")
    keeper = keeper_of(share)

    publish(master, b"two", keeper)

    assert (b"two", {b"one, and a remark"}) == (master.read_bytes(), archived(share))
    assert {"2025-W23/master.xlsx": digest_of(b"one, and a remark")} == keeper.kept


def test_what_somebody_typed_into_a_workbook_that_waits_is_archived_before_it_goes(share: Path) -> None:
    master = share / "2025-W23" / "master.xlsx"
    publish(master, b"one", keeper_of(share))
    owner = master.with_name("~$master.xlsx")
    owner.write_bytes(b"\x03Hoa")
    waiting = publish(master, b"two", keeper_of(share)).beside
    assert waiting is not None
    waiting.write_bytes(b"two, typed into")
    publish(master, b"three", keeper_of(share))
    assert {b"two, typed into"} == archived(share)
    waiting.write_bytes(b"three, typed into")
    owner.unlink()

    publish(master, b"four", keeper_of(share))

    assert not waiting.exists()
    assert {b"two, typed into", b"three, typed into"} == archived(share)


def test_a_file_of_somebody_else_is_archived_before_it_is_taken_away(share: Path) -> None:
    form = share / "2025-W23" / "form.xlsx"
    form.write_bytes(b"filled")

    assert remove(form, keeper_of(share))

    assert not form.exists()
    assert {b"filled"} == archived(share)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_neither_written_over_nor_taken_away(share: Path) -> None:
    form = share / "2025-W23" / "form.xlsx"
    form.write_bytes(b"filled")
    form.chmod(0)

    assert "waiting" == publish(form, b"new", keeper_of(share)).state
    assert not remove(form, keeper_of(share))
    form.chmod(0o600)
    assert b"filled" == form.read_bytes()


def test_what_is_saved_while_it_is_archived_is_not_lost(share: Path) -> None:
    """A person saves between the reading and the replacing."""
    form = share / "2025-W23" / "form.xlsx"
    form.write_bytes(b"first")

    class Slow(ShareKeeper):
        def keep_first(self, path: Path, data: bytes) -> None:
            super().keep_first(path, data)
            if data == b"first":
                form.write_bytes(b"second, saved meanwhile")

    office = share.parent
    keeper = Slow(Archive(office / "archive"), office / "written", lambda path: path.relative_to(share).as_posix())
    publish(form, b"new", keeper)

    assert b"new" == form.read_bytes()
    assert {b"first", b"second, saved meanwhile"} == archived(share)


def test_a_file_that_never_comes_to_rest_is_left_alone(share: Path) -> None:
    form = share / "2025-W23" / "form.xlsx"
    form.write_bytes(b"0")

    class Restless(ShareKeeper):
        def keep_first(self, path: Path, data: bytes) -> None:
            super().keep_first(path, data)
            if path == form:
                form.write_bytes(data + b"0")

    office = share.parent
    keeper: Keeper = Restless(
        Archive(office / "archive"), office / "written", lambda path: path.relative_to(share).as_posix()
    )

    assert "waiting" == publish(form, b"new", keeper).state
    assert form.read_bytes().startswith(b"00")


def test_an_office_whose_notes_are_gone_archives_once_and_goes_on(share: Path) -> None:
    master = share / "2025-W23" / "master.xlsx"
    publish(master, b"one", keeper_of(share))
    (share.parent / "written" / "2025-W23.txt").unlink()
    keeper = keeper_of(share)

    publish(master, b"two", keeper)
    publish(master, b"three", keeper_of(share))

    assert {b"one"} == archived(share)
    assert {} == keeper.kept  # nobody is told of what may well be evalxl's own


def test_half_a_line_of_the_notes_is_no_note_and_spoils_none(share: Path) -> None:
    master = share / "2025-W23" / "master.xlsx"
    publish(master, b"one", keeper_of(share))
    notes = share.parent / "written" / "2025-W23.txt"
    notes.write_bytes(notes.read_bytes() + b"0123abcd")

    publish(master, b"two", keeper_of(share))
    publish(master, b"three", keeper_of(share))

    assert set() == archived(share)


def test_notes_of_a_thousand_presses_stay_short(share: Path) -> None:
    master = share / "2025-W23" / "master.xlsx"
    notes = share.parent / "written" / "2025-W23.txt"
    notes.parent.mkdir()
    notes.write_text(
        "".join(f"{digest_of(str(n).encode())}  2025-W23/master.xlsx\n" for n in range(3_000)), encoding="utf-8"
    )
    master.write_bytes(b"2999")

    publish(master, b"new", keeper_of(share))

    assert set() == archived(share)
    assert 3 == len(notes.read_text(encoding="utf-8").splitlines())


def test_a_whole_workbook_with_the_name_of_a_half_written_one_is_kept_before_it_is_swept_away(share: Path) -> None:
    half = share / "2025-W23" / ".form.xlsx.01234567-99999999.tmp"
    old = share / "2025-W23" / ".other.xlsx.01234567-99999998.tmp"
    half.write_bytes(b"PK\x03\x04 half")
    old.write_bytes(b"PK\x03\x04 whole PK\x05\x06")
    for path in (half, old):
        os.utime(path, (0, 0))

    sweep(share / "2025-W23", keeper_of(share))

    assert not half.exists() and not old.exists()
    assert {b"PK\x03\x04 whole PK\x05\x06"} == archived(share)
