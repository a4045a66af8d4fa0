"""A disk that fails: full, broken, not allowed, write-protected; once, or from some call on for ever; at every call."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evalxl.records.ledger import check_chain
from evalxl.steps.reports.verify import verify
from tests.faults.disk import CHANGES, ERRORS, LOOKS, Call, Plan, tree
from tests.faults.kill import acknowledged
from tests.faults.office import (
    WEEK,
    Act,
    Ran,
    Tally,
    command,
    is_scratch,
    lay,
    ledger_of,
    log,
    recovered,
    state_of,
    whole,
)


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
                    shutil.rmtree(folder / "state", ignore_errors=True)
                    wrong = judged(act, twin, command(twin, *act.words, plan=plan), before, seen, tally)
                    where = f"{act.name}, {name}{' for ever' if for_ever else ''} at call {at} ({calls[at - 1].kind} {calls[at - 1].path})"
                    tally.failures += [f"{where}: {one}" for one in wrong]
                    shutil.rmtree(twin)
        tally.states += len(seen)
    return tally


def failing_again(acts: Iterable[Act], folder: Path, every: int = 1, seed: int = 37) -> Tally:
    """A run that is killed; done again it is killed too, or the disk fails; then it is done once more on a disk that works."""
    tally, lot = Tally("killed, and killed or failing when it is done again"), random.Random(seed)
    for act in acts:
        before, seen = tree(act.before), set[str]()
        writes = [call for call in act.calls if call.kind in CHANGES]
        for at in range(1 + lot.randrange(every), len(writes) + 1, every):
            twin = folder / f"again-{act.name}"
            shutil.copytree(act.before, twin)
            command(twin, *act.words, plan=Plan(at=at, kill=True))
            kept, name = acknowledged(tree(twin)), lot.choice(tuple(ERRORS))
            killed = lot.random() < 0.5
            plan = Plan(lot.randint(1, len(writes)), killed, ERRORS[name], not killed and lot.random() < 0.5)
            wrong = judged(act, twin, command(twin, *act.words, plan=plan), before, seen, tally)
            now = tree(twin)
            wrong += [f"acknowledged, but lost: {one}" for one, data in kept.items() if now.get(one) != data]
            where = f"{act.name}, killed at call {at}, then {'killed' if killed else name}{' for ever' if plan.for_ever else ''} at {plan.at}"
            tally.failures += [f"{where}: {one}" for one in wrong]
            shutil.rmtree(twin)
        tally.states += len(seen)
    return tally


def judged(act: Act, twin: Path, ran: Ran, before: dict[str, bytes], seen: set[str], tally: Tally) -> list[str]:
    """What does not hold after a run on a disk that failed, and after the run that follows on a disk that works."""
    tally.points += 1
    tally.codes[ran.code] = tally.codes.get(ran.code, 0) + 1
    wrong = []
    done_already = act.words[0] in ("close", "reopen", "withdraw") and ledger_of(before) != ledger_of(tree(twin))
    if ran.code == 2:
        wrong += [] if done_already and re.search("rồi|không cần", ran.said) else unclear(ran.said)
    elif ran.code not in (0, 1, 137):
        wrong.append(f"ended with {ran.code}: {ran.said.strip()} {log(twin.parent)}")
    files = tree(twin)
    # Even where nothing is booked later than it would have been: a file that could not be read is counted as one that waits.
    if ran.code == 2:  # it may have come to an end only after it had gone on without that file
        written = ledger_files(files)
        other = [name for name, data in written.items() if data not in (before.get(name), act.after.get(name))]
        went_on_without = bool(other) and not check_chain(twin / "ledger", twin / "ledger-head.txt")
    else:
        went_on_without = ran.code in (0, 1) and ledger_files(files) != ledger_files(act.after)
    wrong += [one for one in whole(act, files, before) if not (went_on_without and "ledger/" in one)]
    if (state := state_of(files)) not in seen:
        seen.add(state)
        wrong += made_up_for(act, twin, files) if went_on_without else recovered(act, twin, acknowledged(files))
    return wrong


def ledger_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.startswith("ledger/") and not is_scratch(name)}


def made_up_for(act: Act, twin: Path, files: dict[str, bytes]) -> list[str]:
    """A run that went on without a file that could not be read books it at the next: in another order, with the same results."""
    ran = command(twin, *act.words)
    wrong = [] if ran.code in (0, 1) else [f"done again, it ends with {ran.code}: {ran.said.strip()}"]
    after = tree(twin)
    wrong += [
        f"acknowledged, but lost: {name}" for name, data in acknowledged(files).items() if after.get(name) != data
    ]
    wrong += [f"not verified: {one.file} {one.key}" for one in verify(twin).altered]
    undisturbed = twin.with_name("undisturbed")
    lay(act.after, act.before, undisturbed)
    if results_of(twin) != results_of(undisturbed):
        wrong.append("the results are not those of the undisturbed run")
    shutil.rmtree(undisturbed)
    return wrong


def results_of(office: Path) -> bytes:
    """The office's table of results."""
    to = office.with_name("tables")
    ran = command(office, "export", WEEK, "--to", str(to))
    table = (to / "results.csv").read_bytes() if ran.code in (0, 1) else ran.said.encode()
    shutil.rmtree(to, ignore_errors=True)
    return table


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
