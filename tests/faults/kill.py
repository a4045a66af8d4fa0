"""A run that is killed: at every call by which it changes the disk, in the middle of every write."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.faults.disk import CHANGES, Plan, tree
from tests.faults.office import Act, Tally, command, is_scratch, recovered, state_of, whole


def points(act: Act) -> int:
    """How many calls of an act change the disk."""
    return sum(call.kind in CHANGES for call in act.calls)


def first_of(act: Act, every: int) -> int:
    """With which call a run that takes only some begins: with another one in each act."""
    return 1 + sum(act.name.encode()) % min(every, points(act) // 2)


def killed(acts: Iterable[Act], folder: Path, every: int = 1) -> Tally:
    """Kill each act at every (`every`-th) call that writes, look at what is there, and do the act again.

    After each: no file is half written, no event that was in the ledger is lost, and the act done again leaves what it leaves undisturbed.
    """
    tally = Tally("killed at every call that writes")
    for act in acts:
        before, seen = tree(act.before), set[str]()
        for at in range(first_of(act, every), points(act) + 1, every):
            twin = folder / f"killed-{act.name}-{at}"
            shutil.copytree(act.before, twin)
            ran = command(twin, *act.words, plan=Plan(at=at, kill=True))
            tally.points += 1
            # Files go out several at a time: who of them makes a folder, and how many calls that takes, is not the same each time.
            over = ran.code == act.code and ran.count < at
            wrong = [] if ran.code == 137 or over else [f"was not killed but ended with {ran.code}: {ran.said}"]
            wrong += after_a_kill(act, twin, before, seen)
            tally.failures += [f"{act.name}, call {at} ({_told(act, at)}): {one}" for one in wrong]
            shutil.rmtree(twin)
        tally.states += len(seen)
    return tally


def after_a_kill(act: Act, twin: Path, before: Mapping[str, bytes], seen: set[str]) -> list[str]:
    """What does not hold of what a killed run has left, and, where no other has left the same, after the act is done again."""
    files = tree(twin)
    wrong = whole(act, files, before)
    if (state := state_of(files)) not in seen:
        seen.add(state)
        wrong += recovered(act, twin, acknowledged(files))
    return wrong


def acknowledged(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is in the ledger and the archive must stay there, byte for byte."""
    return {
        name: data for name, data in files.items() if name.startswith(("ledger/", "archive/")) and not is_scratch(name)
    }


def _told(act: Act, at: int) -> str:
    call = [call for call in act.calls if call.kind in CHANGES][at - 1]
    return f"{call.kind} {call.path}"
