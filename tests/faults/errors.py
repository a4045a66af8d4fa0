"""A disk that fails: full, broken, not allowed, write-protected; once, or from some call on for ever; at every call."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.faults.disk import CHANGES, ERRORS, LOOKS, Call, Plan, tree
from tests.faults.kill import acknowledged
from tests.faults.office import Act, Tally, command, log, recovered, state_of, whole


def calls_that_can_fail(act: Act, error: str) -> list[Call]:
    """A full or write-protected disk can still be read; a broken one cannot."""
    kinds = CHANGES | LOOKS if error in ("EIO", "EACCES") else CHANGES
    return [call for call in act.calls if call.kind in kinds]


def failing(
    acts: Iterable[Act],
    folder: Path,
    every: int = 1,
    errors: Sequence[str] = tuple(ERRORS),
    ways: Sequence[bool] = (False, True),
) -> Tally:
    """Let every (`every`-th) call of each act fail with each error, once and for ever, and do the act again on a disk that works.

    The command ends as if nothing had happened, or with one sentence and exit code 2; what is in the ledger stays, and the act done again
    leaves what it leaves undisturbed.
    """
    tally = Tally("a failing disk: " + ", ".join(errors))
    for act in acts:
        before, seen = tree(act.before), set[str]()
        for number, name in enumerate(errors):
            calls = calls_that_can_fail(act, name)
            for for_ever in ways:
                for at in range(1 + (number + for_ever) % every, len(calls) + 1, every):
                    twin = folder / f"failing-{act.name}"
                    shutil.copytree(act.before, twin)
                    plan = Plan(at=at, error=ERRORS[name], for_ever=for_ever)
                    wrong = _try(act, twin, plan, before, seen, tally)
                    where = f"{act.name}, {name}{' for ever' if for_ever else ''} at call {at} ({calls[at - 1].kind} {calls[at - 1].path})"
                    tally.failures += [f"{where}: {one}" for one in wrong]
                    shutil.rmtree(twin)
        tally.states += len(seen)
    return tally


def _try(act: Act, twin: Path, plan: Plan, before: dict[str, bytes], seen: set[str], tally: Tally) -> list[str]:
    shutil.rmtree(twin.parent / "state", ignore_errors=True)
    ran = command(twin, *act.words, plan=plan)
    tally.points += 1
    tally.codes[ran.code] = tally.codes.get(ran.code, 0) + 1
    wrong = []
    if ran.code == 2:
        wrong += unclear(ran.said)
    elif ran.code not in (0, 1):
        wrong.append(f"ended with {ran.code}: {ran.said.strip()} {log(twin.parent)}")
    files = tree(twin)
    wrong += whole(act, files, before)
    if (state := state_of(files)) not in seen:
        seen.add(state)
        wrong += recovered(act, twin, acknowledged(files))
    return wrong


def unclear(said: str) -> list[str]:
    """A slip is said in one sentence that tells what to do; it is never a traceback, nor a crash that only a log explains."""
    said = said.strip()
    wrong = []
    if "\n" in said or "Traceback" in said or not said:
        wrong.append(f"is not one sentence: {said}")
    if "ngoài dự kiến" in said:
        wrong.append(f"crashed: {said}")
    if "ề nghị" not in said and "hãy" not in said.lower():
        wrong.append(f"does not say what to do: {said}")
    return wrong
