"""`python -m tests.faults [--long] [NUMBER …]`: every kind of trouble, or those of these numbers, with its counts; exit code 1 where something did
not hold. `python -m tests.faults [--long] --on FOLDER`: clerks at once in a folder of a share.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.faults import backups, clerks, errors, kill, power, system, tamper
from tests.faults.office import CAN_FORK, Tally, acts, spread, workshop


def run(long: bool, chosen: tuple[int, ...] = ()) -> int:
    """Run everything (or the chosen parts), shortly or at length; gives the exit code."""
    if not CAN_FORK:
        print("left out: this system has no fork")
        return 0
    failed, workers = 0, os.cpu_count() or 1
    with workshop() as folder:
        (folder / "acts").mkdir()
        week = acts(folder / "acts")
        act = {one.name: one for one in week}
        at_desk = cache(lambda: backups.desk(act["scores"], act["close"], folder))
        tasks: list[Callable[[], Tally]] = [
            *(lambda store=store: power.known_store(store) for store in power.STORES),
            lambda: spread(lambda one, at: kill.killed([one], at, 1 if long else 45), week, workers),
            lambda: spread(lambda one, at: errors.failing_again([one], at, 1 if long else 60), week, workers),
            lambda: spread(lambda one, at: errors.failing([one], at, 1 if long else 200), week, workers),
            lambda: spread(lambda one, at: power.cut([one], at, 4 if long else 200), week, workers),
            lambda: tamper.altered_ledger(folder / "ledger", 110_000 if long else 3_000),
            lambda: tamper.altered_archive(folder / "archive", 20_000 if long else 500),
            lambda: tamper.altered_office(act["close"].before, folder),
            lambda: clerks.clerks_at_once(folder / "clerks", 8 if long else 3, 1_000 if long else 100),
            lambda: clerks.clerks_at_once(folder / "dying", 8 if long else 4, 1_000 if long else 100, 0.1),
            lambda: clerks.two_buttons(act["scores"], folder, 25 if long else 2),
            lambda: clerks.clock_set_back(act["scores"], folder),
            lambda: clerks.clock_set_forward(act["scores"], folder),
            lambda: clerks.share_gone(act["scores"], folder),
            lambda: clerks.master_open(act["scores"], folder),
            lambda: clerks.master_held(act["scores"], folder),
            lambda: clerks.really_full(act["scores"], folder),
            lambda: clerks.share_in_trouble(week, folder, 1 if long else 40),
            lambda: backups.killed(at_desk(), folder, 1 if long else 20),
            lambda: backups.failing(at_desk(), folder, 1 if long else 100),
            lambda: backups.cut(at_desk()),
        ]
        if system.can_trace():
            tasks[len(power.STORES) : len(power.STORES)] = [
                lambda: spread(lambda one, at: system.killed([one], at, 1 if long else 60), week, workers),
                lambda: spread(lambda one, at: system.killed_in_threads([one], at, 1 if long else 60), week, workers),
                lambda: spread(lambda one, at: system.failing([one], at, 4 if long else 300), week, workers),
            ]
        for number, task in enumerate(tasks, start=1):
            if chosen and number not in chosen:
                continue
            start = time.monotonic()
            tally = task()
            print(f"{number:2}. {tally}  [{time.monotonic() - start:.0f} s]", flush=True)
            unsound = tally.what.startswith("a store that is") and not tally.what.endswith("and flushed")
            if unsound:
                failed += not tally.failures  # the model must find the faults of these
                continue
            failed += bool(tally.failures)
            for failure in tally.failures[:20]:
                print(f"    {failure}")
    return int(failed > 0)


def run_on(share: Path, long: bool) -> int:
    """Let clerks work at once in a new folder of a share; gives the exit code."""
    with tempfile.TemporaryDirectory(prefix="evalxl-clerks-", dir=share) as folder:
        tally = clerks.clerks_at_once(Path(folder) / "office", 8, 1_000 if long else 50, patience=3_600)
    print(tally, *tally.failures, sep="\n    ")
    return int(bool(tally.failures))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    words = sys.argv[1:]
    long = "--long" in words
    if "--on" in words:
        sys.exit(run_on(Path(words[words.index("--on") + 1]), long))
    sys.exit(run(long, tuple(int(word) for word in words if word.isdigit())))
