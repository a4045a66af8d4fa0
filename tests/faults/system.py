"""The same through the operating system: `strace` kills the real process at its n-th call that writes, or lets that call fail.

Nothing of Python lies in between, so this also proves that the layer of `disk` misses no call.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.faults.disk import ERRORS, tree
from tests.faults.errors import judged
from tests.faults.kill import acknowledged, first_of
from tests.faults.office import Act, Tally, command, recovered, state_of, whole

_CALLS = "write,pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,utimensat,ftruncate"


def can_trace() -> bool:
    """Whether this machine has strace and lets it attach."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def _attached(log: Path, injected: Sequence[str]) -> Callable[[int], Callable[[], None]]:
    """Attach strace to a process that waits for it."""

    def watched(pid: int) -> Callable[[], None]:
        words = ["strace", "-qq", "-p", str(pid), "-o", str(log), "-e", f"trace={_CALLS}"]
        tracer = subprocess.Popen([*words, *(word for one in injected for word in ("-e", f"inject={one}"))])
        while b"TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_bytes() and tracer.poll() is None:
            time.sleep(0.001)

        def ended() -> None:
            tracer.wait()

        return ended

    return watched


def calls_of(act: Act, folder: Path) -> list[str]:
    """The calls of an act that write, as the system sees them, by name."""
    twin, log = folder / "count", folder / "strace.log"
    shutil.copytree(act.before, twin)
    command(twin, *act.words, watched=_attached(log, ()))
    shutil.rmtree(twin)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.partition("(")[0] for line in lines if " = " in line]


def _from(calls: Sequence[str], at: int, what: str) -> list[str]:
    """What to tell strace, which counts each kind of call for itself, so that all calls from some on are meant."""
    names = _CALLS.split(",")
    return [f"{name}:{what}:when={calls[: at - 1].count(name) + 1}+" for name in names]


def _only(calls: Sequence[str], at: int, what: str) -> list[str]:
    """The same for one call alone."""
    return [f"{calls[at - 1]}:{what}:when={calls[:at].count(calls[at - 1])}"]


def killed(acts: Iterable[Act], folder: Path, every: int = 1) -> Tally:
    """Kill the process at every (`every`-th) system call that writes; then do the act again."""
    tally = Tally("killed by the system at every call that writes")
    for act in acts:
        before, seen = tree(act.before), set[str]()
        calls = calls_of(act, folder)
        for at in range(first_of(act, every), len(calls) + 1, every):
            twin = folder / f"strace-{act.name}-{at}"
            shutil.copytree(act.before, twin)
            ran = command(twin, *act.words, watched=_attached(folder / "strace.log", _only(calls, at, "signal=KILL")))
            tally.points += 1
            tally.codes[ran.code] = tally.codes.get(ran.code, 0) + 1
            files = tree(twin)
            wrong = [] if ran.code == 137 else [f"was not killed but ended with {ran.code}: {ran.said}"]
            wrong += whole(act, files, before)
            if (state := state_of(files)) not in seen:
                seen.add(state)
                wrong += recovered(act, twin, acknowledged(files))
            tally.failures += [f"{act.name}, system call {at}: {one}" for one in wrong]
            shutil.rmtree(twin)
        tally.states += len(seen)
    return tally


def failing(acts: Iterable[Act], folder: Path, every: int = 1, errors: Sequence[str] = tuple(ERRORS)) -> Tally:
    """Let every (`every`-th) system call that writes fail with each error, once and for ever; then do the act again."""
    tally = Tally("failed by the system: " + ", ".join(errors))
    for act in acts:
        before, seen = tree(act.before), set[str]()
        calls = calls_of(act, folder)
        for number, name in enumerate(errors):
            for way, of in enumerate((_only, _from)):
                for at in range(1 + (2 * number + way) % every, len(calls) + 1, every):
                    twin = folder / f"strace-failing-{act.name}"
                    shutil.copytree(act.before, twin)
                    watched = _attached(folder / "strace.log", of(calls, at, f"error={name}"))
                    wrong = judged(act, twin, command(twin, *act.words, watched=watched), before, seen, tally)
                    tally.failures += [
                        f"{act.name}, {name}{' for ever' * way} at system call {at} ({calls[at - 1]}): {one}"
                        for one in wrong
                    ]
                    shutil.rmtree(twin)
        tally.states += len(seen)
    return tally
