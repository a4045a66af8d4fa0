"""The archive: received bytes are kept once, under their hash."""

from __future__ import annotations

import subprocess
import sys
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


def test_two_runs_that_keep_the_same_bytes_at_once_both_have_them(tmp_path: Path) -> None:
    """One of the two finds, when it is done, that the blob has appeared meanwhile."""

    class Blind(Archive):
        def find(self, digest: str) -> Path | None:
            return None

    Archive(tmp_path).keep(b"x", ".xlsx")

    assert digest_of(b"x") == Blind(tmp_path).keep(b"x", ".xlsx")
    assert b"x" == Archive(tmp_path).get(digest_of(b"x"))


def test_what_a_broken_off_run_left_half_written_is_no_blob_and_is_swept_away(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from evalxl.records.archive import Archive\n"
        "os.link = lambda *_: os._exit(0)\n"
        "Archive(Path(sys.argv[1])).keep(b'half', '.xlsx')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    (half,) = tmp_path.glob(".*.tmp")
    archive = Archive(tmp_path)
    assert ([], []) == (list(archive.blobs()), list(archive.altered()))

    archive.keep(b"x", ".xlsx")

    assert not half.exists()
    assert 1 == len(list(archive.blobs()))
