"""The same through the operating system: `strace` kills the real process at its n-th call that writes, or lets that call fail.

Nothing of Python lies in between, so this also proves that the layer of `disk` misses no call. strace counts the calls of each thread for itself. So
that every call has a number, what is otherwise written some files at a time is written one after the other; and where the threads are let run, they
are killed with the first of them that comes to its n-th call.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.faults.disk import ERRORS, tree
from tests.faults.errors import judged
from tests.faults.kill import after_a_kill, first_of
from tests.faults.office import Act, Tally, command

_CALLS = "write,pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,utimensat,ftruncate"


def can_trace() -> bool:
    """Whether this machine has strace and lets it attach."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def _attached(log: Path, injected: Sequence[str]) -> Callable[[int], Callable[[], None]]:
    """Attach strace to a process that waits for it, and to all of its threads."""

    def watched(pid: int) -> Callable[[], None]:
        words = ["strace", "-qq", "-f", "-p", str(pid), "-o", str(log), "-e", f"trace={_CALLS}"]
        tracer = subprocess.Popen([*words, *(word for one in injected for word in ("-e", f"inject={one}"))])
        while b"TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_bytes() and tracer.poll() is None:
            time.sleep(0.001)

        def ended() -> None:
            tracer.wait()

        return ended

    return watched


def calls_of(act: Act, folder: Path) -> list[str]:
    """The calls of an act that write, as the system sees them, by name. All are of one thread."""
    return next(iter(_calls(act, folder, in_threads=False).values()))


def calls_of_a_thread(act: Act, folder: Path) -> list[tuple[str, int]]:
    """The calls to which a thread of an act may come, where there are many: of each name the first, the second and so on."""
    most = Counter[str]()
    for calls in _calls(act, folder, in_threads=True).values():
        most |= Counter(calls)
    return [(name, number) for name, count in most.items() for number in range(1, count + 1)]


def _calls(act: Act, folder: Path, in_threads: bool) -> dict[str, list[str]]:
    """Of each thread the names of its calls."""
    twin, log = folder / "count", folder / "strace.log"
    shutil.copytree(act.before, twin)
    command(twin, *act.words, watched=_attached(log, ()), in_threads=in_threads)
    shutil.rmtree(twin)
    of: dict[str, list[str]] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        thread, call = line.split(maxsplit=1)
        # A call during which another thread made one stands on two lines.
        if "(" in call.partition(" ")[0]:
            of.setdefault(thread, []).append(call.partition("(")[0])
    return of


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
        calls = calls_of(act, folder)
        points = [_only(calls, at, "signal=KILL") for at in range(first_of(act, every), len(calls) + 1, every)]
        _kill(act, folder, points, tally, in_threads=False)
    return tally


def killed_in_threads(acts: Iterable[Act], folder: Path, every: int = 1) -> Tally:
    """Kill the process with the first of its threads that comes to its n-th call of a kind, for every (`every`-th) n; then do the act again."""
    tally = Tally("killed by the system in whichever thread is there first")
    for act in acts:
        calls = calls_of_a_thread(act, folder)
        points = [f"{name}:signal=KILL:when={n}" for name, n in calls[first_of(act, every) % len(calls) :: every]]
        _kill(act, folder, [[point] for point in points], tally, in_threads=True)
    return tally


def _kill(act: Act, folder: Path, points: Iterable[Sequence[str]], tally: Tally, in_threads: bool) -> None:
    before, seen = tree(act.before), set[str]()
    for number, point in enumerate(points):
        twin = folder / f"strace-{act.name}-{number}"
        shutil.copytree(act.before, twin)
        watched = _attached(folder / "strace.log", point)
        ran = command(twin, *act.words, watched=watched, in_threads=in_threads)
        tally.points += 1
        tally.codes[ran.code] = tally.codes.get(ran.code, 0) + 1
        # With threads none may have come to that call this time.
        ended = ran.code == 137 or (in_threads and ran.code == act.code)
        wrong = [] if ended else [f"was not killed but ended with {ran.code}: {ran.said}"]
        wrong += after_a_kill(act, twin, before, seen)
        tally.failures += [f"{act.name}, {point[0]}: {one}" for one in wrong]
        shutil.rmtree(twin)
    tally.states += len(seen)


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
                    wrong = judged(
                        act, twin, command(twin, *act.words, watched=watched, in_threads=False), before, seen, tally
                    )
                    tally.failures += [
                        f"{act.name}, {name}{' for ever' * way} at system call {at} ({calls[at - 1]}): {one}"
                        for one in wrong
                    ]
                    shutil.rmtree(twin)
        tally.states += len(seen)
    return tally
