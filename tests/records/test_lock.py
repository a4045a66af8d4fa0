"""The lock: one at a time, and the other is told who, where and since when."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evalxl.records.lock import SomebodyAtWorkError, lock
from evalxl.records.processes import born


def test_the_second_clerk_is_told_who_is_at_work(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text(
        json.dumps({"holder": "lan", "machine": "PC-07", "since": "14:02 06/06/2025", "pid": 1}), encoding="utf-8"
    )

    with pytest.raises(SomebodyAtWorkError) as slip, lock(path, "minh", "14:03 06/06/2025"):
        pass

    assert 3 == slip.value.exit_code
    assert all(word in slip.value.sentence("vi") for word in ("lan", "PC-07", "14:02 06/06/2025"))
    assert path.exists()


def test_the_lock_is_gone_when_the_work_is_done(tmp_path: Path) -> None:
    with lock(tmp_path / "lock", "minh", "14:03"):
        assert "minh" == json.loads((tmp_path / "lock").read_text(encoding="utf-8"))["holder"]

    assert [] == list(tmp_path.iterdir())


def test_the_lock_is_gone_when_the_work_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock(tmp_path / "lock", "minh", "14:03"):
        _ = 1 // 0

    assert [] == list(tmp_path.iterdir())


def test_a_lock_left_by_a_run_of_this_machine_that_is_no_more_is_taken_over(tmp_path: Path) -> None:
    """A power cut must not stop the office until somebody deletes a file by hand."""
    entry = {"holder": "minh", "machine": socket.gethostname(), "since": "14:02", "pid": 2**22 + 1}
    (tmp_path / "lock").write_text(json.dumps(entry), encoding="utf-8")

    with lock(tmp_path / "lock", "lan", "14:03"):
        pass

    assert [] == list(tmp_path.iterdir())


@pytest.mark.skipif(not born(os.getpid()), reason="this system does not say when a process began")
def test_a_lock_is_taken_over_when_another_process_bears_its_number_now(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine = {"machine": socket.gethostname(), "pid": os.getpid(), "holder": "lan", "since": "14:02"}

    path.write_text(json.dumps({**mine, "born": born(os.getpid())}), encoding="utf-8")
    with pytest.raises(SomebodyAtWorkError), lock(path, "minh", "14:03"):
        pass
    path.write_text(json.dumps({**mine, "born": "before the machine was started again"}), encoding="utf-8")
    with lock(path, "minh", "14:03"):
        assert "minh" == json.loads(path.read_text(encoding="utf-8"))["holder"]


@pytest.mark.parametrize("said", [b"", b"\0\0\0"])
def test_a_lock_that_cannot_be_read_is_respected(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "lock").write_bytes(said)

    with pytest.raises(SomebodyAtWorkError) as slip, lock(tmp_path / "lock", "lan", "14:03"):
        pass
    assert f"Tệp khóa {tmp_path / 'lock'} không ghi ai đang làm việc" in slip.value.sentence("vi")


def test_the_lock_names_its_holder_from_its_first_moment(tmp_path: Path) -> None:
    """A run that is broken off while it takes the lock leaves none that says nothing and that nobody dares to remove."""
    code = (
        "import os, sys; from pathlib import Path; from evalxl.records.lock import lock\n"
        "os.fsync = lambda _: os._exit(0)\n"
        "with lock(Path(sys.argv[1]), 'minh', '14:02'): pass"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "lock")], check=True)

    with lock(tmp_path / "lock", "lan", "14:03"):
        assert "lan" in (tmp_path / "lock").read_text(encoding="utf-8")

    assert [] == list(tmp_path.iterdir())


def test_a_claim_to_an_abandoned_lock_that_was_abandoned_too_stops_nobody(tmp_path: Path) -> None:
    gone = {"machine": socket.gethostname(), "pid": 2**22 + 1}
    left = json.dumps({**gone, "holder": "minh", "since": "14:02"}).encode()
    (tmp_path / "lock").write_bytes(left)
    (tmp_path / f"lock-{hashlib.sha256(left).hexdigest()[:12]}").write_text(json.dumps(gone), encoding="utf-8")

    with lock(tmp_path / "lock", "lan", "14:03"):
        pass

    assert [] == list(tmp_path.iterdir())


class ReadBySomebody(type(Path())):  # type: ignore[misc]
    """A lock in which somebody is just reading who is at work: Windows and Samba do not take it away then."""

    reads = 0

    def unlink(self, missing_ok: bool = False) -> None:
        if self.name == "lock" and ReadBySomebody.reads > 0:
            ReadBySomebody.reads -= 1
            raise PermissionError(self)
        super().unlink(missing_ok)


def test_a_lock_in_which_somebody_reads_is_given_back_as_soon_as_that_is_over(tmp_path: Path) -> None:
    with lock(ReadBySomebody(tmp_path / "lock"), "minh", "14:03"):
        ReadBySomebody.reads = 3

    assert [] == list(tmp_path.iterdir())


def test_on_a_share_without_hard_links_the_second_clerk_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refused)
    with lock(tmp_path / "lock", "lan", "14:02"):
        with pytest.raises(SomebodyAtWorkError) as slip, lock(tmp_path / "lock", "minh", "14:03"):
            pass
        assert "lan" in slip.value.sentence("vi")

    assert [] == list(tmp_path.iterdir())


def test_a_lock_that_a_broken_off_run_has_left_empty_is_taken_over(tmp_path: Path) -> None:
    """Broken off between making and writing it, where there are no hard links: then the run's own entry still lies beside."""
    path = tmp_path / "lock"
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from evalxl.records import publish\n"
        "os.link = lambda *_: (_ for _ in ()).throw(PermissionError())\n"
        "publish._write_first = lambda path, data, write=publish._write_first: "
        "write(path, data) if path.name.endswith('.tmp') else (path.touch(), os._exit(0))\n"
        "publish.write_new(Path(sys.argv[1]), b'{}', contested=True)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert b"" == path.read_bytes()

    with lock(path, "minh", "14:03"):
        assert "minh" == json.loads(path.read_text(encoding="utf-8"))["holder"]

    assert [] == list(tmp_path.iterdir())
