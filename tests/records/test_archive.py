"""The archive: received bytes are kept once, under their hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalxl.records.archive import Archive, digest_of


def test_bytes_come_back_as_they_went_in(tmp_path: Path) -> None:
    archive = Archive(tmp_path)

    digest = archive.keep(b"PK\x03\x04 ...", ".xlsx")

    assert digest == digest_of(b"PK\x03\x04 ...")
    assert b"PK\x03\x04 ..." == archive.get(digest)


def test_equal_bytes_are_one_blob(tmp_path: Path) -> None:
    archive = Archive(tmp_path)

    assert archive.keep(b"x", ".xlsx") == archive.keep(b"x", ".xlsx")

    assert 1 == sum(path.is_file() for path in tmp_path.rglob("*"))


def test_a_changed_blob_is_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.keep(b"x", ".xlsx")
    path = archive.find(digest)
    assert path is not None
    path.write_bytes(b"y")

    assert [path] == list(archive.altered())


def test_a_blob_that_was_never_kept_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Archive(tmp_path).get("0" * 64)
