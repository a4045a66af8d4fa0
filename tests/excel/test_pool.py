"""The processes that read and draw for us."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from evalxl.excel.pool import Pool

if __name__ == "__main__":
    with Pool(1) as pool:
        print(pool.send(len, "abc").result())
"""


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
