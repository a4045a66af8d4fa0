"""The processes that read and draw for us."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evalxl.domain.errors import EvalxlError
from evalxl.excel.pool import Pool
from evalxl.records.ledger import LedgerBrokenError
from evalxl.records.publish import CannotWriteError

SCRIPT = """
from evalxl.excel.pool import Pool

if __name__ == "__main__":
    with Pool(1) as pool:
        print(pool.send(len, "abc").result())
"""


def no_disk(folder: Path) -> None:
    raise CannotWriteError(path=folder, reason="full")


def broken_tail(file: str) -> None:
    raise LedgerBrokenError(file=file, line=3)


@pytest.mark.parametrize("fails", [no_disk, broken_tail])
def test_a_slip_of_the_operator_comes_back_as_it_is(fails: Callable[[str], None]) -> None:
    with pytest.raises(EvalxlError) as here:
        fails("sổ")
    with Pool(1) as pool, pytest.raises(EvalxlError) as there:
        pool.send(fails, "sổ").result()

    assert type(there.value) is type(here.value)
    assert there.value.sentence("vi") == here.value.sentence("vi")
    assert str(there.value) == str(here.value)


def test_a_module_that_lies_in_the_folder_in_which_somebody_works_is_never_run(tmp_path: Path) -> None:
    script, share, ran = tmp_path / "script.py", tmp_path / "share", tmp_path / "ran"
    script.write_text(SCRIPT, encoding="utf-8")
    share.mkdir()
    for module in ("random", "selectors", "tempfile", "zipfile", "evalxl", "pebble"):
        (share / f"{module}.py").write_text(f"open({str(ran)!r}, 'w').close()\n", encoding="utf-8")

    clean = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run([sys.executable, script], cwd=share, env=clean, capture_output=True, text=True, timeout=120)

    assert done.stdout.strip() == "3", done.stderr
    assert not ran.exists()
