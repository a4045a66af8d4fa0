"""Publishing: a file is there whole or not at all, and one that somebody has open is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalxl.records.publish import (
    OURS_ALONE,
    CannotWriteError,
    Growing,
    holder_of,
    is_open,
    is_waiting,
    newest,
    publish,
    publish_all,
    write_new,
)


def test_a_published_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "W23" / "master.xlsx"

    assert "written" == publish(path, b"one", OURS_ALONE).state
    assert "written" == publish(path, b"two", OURS_ALONE).state

    assert b"two" == path.read_bytes()
    assert ["master.xlsx"] == [entry.name for entry in path.parent.iterdir()]


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    publish(path, b"one", OURS_ALONE)
    os.utime(path, (1, 1))

    assert "unchanged" == publish(path, b"one", OURS_ALONE).state

    assert 1 == path.stat().st_mtime


def test_a_file_that_grows_is_published_when_it_is_whole_and_leaves_nothing_where_it_never_is(tmp_path: Path) -> None:
    path = tmp_path / "export" / "tasks.csv"

    def grown(*parts: bytes) -> Growing:
        file = Growing(path)
        for part in parts:
            file.add(part)
        return file

    first = grown(b"one", b"two")
    assert not path.exists()
    assert "written" == first.publish().state
    assert "unchanged" == grown(b"onetwo").publish().state
    grown(b"half").drop()
    assert b"onetwo" == path.read_bytes()
    (path.parent / ".~lock.tasks.csv#").write_text("Tran Thi B,")
    assert "waiting" == grown(b"three").publish().state
    assert b"three" == newest(path).read_bytes()
    (path.parent / ".~lock.tasks.csv#").unlink()
    assert "written" == grown(b"four").publish().state

    assert ["tasks.csv"] == [entry.name for entry in path.parent.iterdir()]


def test_a_master_open_in_excel_is_left_alone_and_the_new_one_waits_beside_it(tmp_path: Path) -> None:
    """Excel's owner file `~$…` names who has it open; the next run publishes."""
    path = tmp_path / "master.xlsx"
    publish(path, b"old", OURS_ALONE)
    owner = tmp_path / "~$master.xlsx"
    owner.write_bytes(bytes([10]) + b"Tran Thi B" + b" " * 40)

    waiting = publish(path, b"new", OURS_ALONE)

    assert ("waiting", "Tran Thi B") == (waiting.state, waiting.holder)
    assert b"old" == path.read_bytes()
    assert b"new" == (tmp_path / "master (chờ ghi).xlsx").read_bytes()

    owner.unlink()
    assert "written" == publish(path, b"new", OURS_ALONE).state
    assert ["master.xlsx"] == [entry.name for entry in tmp_path.iterdir()]


def test_libreoffice_says_who_has_a_file_open_too(tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    (tmp_path / ".~lock.master.xlsx#").write_text("Lê Văn C,pc01,12:00", encoding="utf-8")

    assert is_open(path)
    assert "Lê Văn C" == holder_of(path)


def test_what_must_be_new_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "000001.jsonl"
    write_new(path, b"one")

    with pytest.raises(FileExistsError):
        write_new(path, b"two")

    assert b"one" == path.read_bytes()
    assert ["000001.jsonl"] == [entry.name for entry in tmp_path.iterdir()]


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")

    with pytest.raises(CannotWriteError) as slip:
        publish(blocked / "master.xlsx", b"one", OURS_ALONE)

    assert str(blocked) in slip.value.sentence("vi")
    assert "\n" not in slip.value.sentence("vi")


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a small file system in memory")
def test_nothing_half_written_is_left_when_the_program_is_killed(tmp_path: Path) -> None:
    """Killed between two of many writes: the file is one of the versions, whole."""
    path = tmp_path / "master.xlsx"
    code = (
        "import sys; from pathlib import Path; from evalxl.records.publish import OURS_ALONE, publish\n"
        "print('ready', flush=True)\n"
        "for n in range(100000): publish(Path(sys.argv[1]), str(n % 10).encode() * 200_000, OURS_ALONE)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        while not path.exists():
            pass
        writer.kill()

    data = path.read_bytes()
    assert (200_000, 1) == (len(data), len(set(data)))


def test_what_a_broken_off_run_left_half_written_is_swept_away_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    code = (
        "import os, sys; from pathlib import Path; from evalxl.records.publish import OURS_ALONE, publish\n"
        "os.fsync = lambda _: os._exit(0)\n"
        "publish(Path(sys.argv[1]), b'half', OURS_ALONE)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert [".tmp"] == [entry.suffix for entry in tmp_path.iterdir()]

    publish(path, b"whole", OURS_ALONE)

    assert ["master.xlsx"] == [entry.name for entry in tmp_path.iterdir()]


def test_one_that_waits_and_is_open_too_is_left_alone_and_taken_away_later(tmp_path: Path) -> None:
    """People open what waits beside the open master."""
    master = tmp_path / "master.xlsx"
    publish(master, b"old", OURS_ALONE)
    (tmp_path / ".~lock.master.xlsx#").touch()
    first = publish(master, b"new", OURS_ALONE)
    assert first.beside is not None
    mark = tmp_path / f".~lock.{first.beside.name}#"
    mark.touch()
    os.utime(first.beside, (1, 1))

    second = publish(master, b"newer", OURS_ALONE)

    assert second.beside is not None
    assert [b"old", b"new", b"newer"] == [path.read_bytes() for path in (master, first.beside, second.beside)]
    assert second.beside == newest(master)
    assert is_waiting(first.beside) and is_waiting(second.beside)
    for lock in (mark, tmp_path / ".~lock.master.xlsx#"):
        lock.unlink()
    publish(master, b"newest", OURS_ALONE)
    assert ["master.xlsx"] == [path.name for path in tmp_path.iterdir()]
    assert master == newest(master)


def test_many_files_go_out_as_each_would_alone_and_are_told_in_their_order(tmp_path: Path) -> None:
    """Long names that begin alike too, which are written beside one another at the same time."""
    long = "một tên rất dài của một đơn vị có nhiều phòng và nhiều tổ công tác"
    files = [(tmp_path / f"u{n % 5}" / f"{long} {n}.txt", f"tệp {n}".encode()) for n in range(60)]
    publish(*files[7], OURS_ALONE)

    done = publish_all(iter(files), OURS_ALONE)

    assert [one.path for one in done] == [path for path, _ in files]
    assert [one.state for one in done] == ["unchanged" if n == 7 else "written" for n in range(60)]
    assert all(path.read_bytes() == data for path, data in files)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(path for path, _ in files)


def test_where_one_of_many_cannot_be_written_it_is_said_and_no_more_are_begun(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_bytes(b"")
    begun = []

    def files() -> Iterator[tuple[Path, bytes]]:
        for n in range(500):
            begun.append(n)
            yield tmp_path / ("no folder" if n == 3 else "folder") / f"{n}.txt", b"x"

    with pytest.raises(CannotWriteError):
        publish_all(files(), OURS_ALONE)

    assert len(begun) < 100
