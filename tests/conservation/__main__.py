"""`python -m tests.conservation [--long] [STEPS]`: the office at random, and the week of good and spoiled forms, with counts; exit code 1 where something did not hold."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

from tests.conservation import mixed
from tests.conservation.machine import MEMORY, OfficeMachine, play


def at_random(steps: int) -> int:
    """Play offices until so many steps were taken; every failure is printed with its story. Gives how many failed.

    In one batch of eight the masters are drawn in full.
    """
    failed, batches, began = 0, 0, time.monotonic()
    while OfficeMachine.done["steps"] < steps:
        try:
            batches += 1
            play(offices=8, steps=20, drawn=batches % 8 == 1)
        except Exception as slip:
            failed += 1
            print("".join(traceback.format_exception(slip)), flush=True)  # the story is told at its end
        counts = ", ".join(f"{what} {count}" for what, count in sorted(OfficeMachine.done.items()))
        print(f"{counts}; failed {failed} [{time.monotonic() - began:.0f} s]", flush=True)
    return failed


def main(words: list[str]) -> int:
    """Run everything, shortly or at length."""
    long = "--long" in words
    steps = next((int(word) for word in words if word.isdecimal()), 10_000 if long else 500)
    with tempfile.TemporaryDirectory(prefix="evalxl-mixed-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        week = mixed.play(Path(folder), 2_000 if long else 60, 600 if long else 40)
    print(week, flush=True)
    return int(bool(week.failures) or at_random(steps) > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
