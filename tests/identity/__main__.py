"""`python -m tests.identity [--long]`: every attack on who somebody is, with its counts; exit code 1 where one was booked or not told."""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from tests.identity import authority, files
from tests.identity.tally import Tally


def rounds(long: bool) -> Iterator[Tally]:
    """All attacks; shortly every kind of them, in the long run everybody with everybody."""
    yield from authority.rounds()
    with tempfile.TemporaryDirectory(prefix="evalxl-identity-") as folder:
        yield from files.rounds(Path(folder), long)


def run(long: bool) -> int:
    """Run everything, print the counts, give the exit code."""
    failed = 0
    start = time.monotonic()
    for tally in rounds(long):
        print(f"{tally}  [{time.monotonic() - start:.0f} s]", flush=True)
        failed += bool(tally.failures)
        for failure in tally.failures[:20]:
            print(f"    {failure}")
    return int(failed > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(run("--long" in sys.argv[1:]))
