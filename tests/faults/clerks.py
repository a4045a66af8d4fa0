"""Two clerks at once, a clock set back, a share that cannot be written or goes away, a full disk, a master that somebody has open."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from evalxl.records.ledger import Ledger, check_chain
from evalxl.records.lock import lock
from tests.faults.disk import CHANGES, ERRORS, Plan, tree
from tests.faults.errors import judged, unclear
from tests.faults.kill import acknowledged
from tests.faults.office import THURSDAY, Act, Tally, command, recovered, whole

# A clerk in a process of its own: takes the lock, books an event, until all are booked.
_CLERK = """
import sys, time, random
from pathlib import Path
from evalxl.records.ledger import Ledger
from evalxl.records.lock import SomebodyAtWorkError, lock
folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
lot = random.Random(name)
done = 0
while done < count:
    try:
        with lock(folder / "lock", name, "14:00"):
            ledger = Ledger(folder / "ledger", folder / "head.txt")
            if lot.random() < float(sys.argv[4]):
                import os
                os._exit(3)
            ledger.append([{"kind": "noted", "who": name, "number": done + n} for n in range(25)], "2025-W23")
            done += 25
    except SomebodyAtWorkError:
        time.sleep(lot.random() / 200)
"""


def clerks_at_once(folder: Path, clerks: int, events: int, dying: float = 0.0, patience: float = 120.0) -> Tally:
    """Clerks in processes book events as fast as they can; with `dying`, some die while they hold the lock.

    None is lost, none is there twice, and the chain holds. Who is not done after `patience` seconds is ended.
    """
    tally = Tally(f"{clerks} clerks at once" + (", some die at work" if dying else ""))
    (folder / "ledger").mkdir(parents=True)
    at_work = [
        subprocess.Popen([sys.executable, "-c", _CLERK, str(folder), f"clerk {n}", str(events), str(dying if n else 0)])
        for n in range(clerks)
    ]
    deadline = time.monotonic() + patience
    # Each that has died is buried at once, else the system counts it among the living.
    while None in [clerk.poll() for clerk in at_work]:
        time.sleep(0.005)
        if time.monotonic() > deadline:
            for clerk in at_work:
                clerk.kill()
    for clerk in at_work:
        if clerk.wait() not in (0, 3 if dying else 0):
            tally.failures.append(f"a clerk ended with {clerk.returncode}")
    booked = [(event["who"], event["number"]) for event in Ledger(folder / "ledger", folder / "head.txt").events]
    tally.points = len(booked)
    if len(booked) != len(set(booked)):
        tally.failures.append(f"{len(booked) - len(set(booked))} events are there twice")
    if not dying and len(booked) != clerks * events:
        tally.failures.append(f"{clerks * events - len(booked)} events are lost")
    if sum(who == "clerk 0" for who, _ in booked) != events:
        tally.failures.append("the clerk who did not die lost events")
    with lock(folder / "lock", "the next", "15:00"):  # takes over from the last who died
        pass
    tally.failures += [one.key for one in check_chain(folder / "ledger", folder / "head.txt")]
    tally.failures += [
        f"left over: {name}" for name in tree(folder) if name.startswith("lock") or name.endswith(".tmp")
    ]
    return tally


def two_buttons(act: Act, folder: Path, times: int = 1) -> Tally:
    """Two clerks press the button in the same moment: one works, the other is told who does, or finds everything done."""
    tally = Tally("two press the button at once")
    for number in range(times):
        twin = folder / f"two-{number}"
        shutil.copytree(act.before, twin)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            other = command(twin, *act.words)
            os.write(write, f"{other.code}\n{other.said}".encode())
            os._exit(0)
        mine = command(twin, *act.words)
        os.close(write)
        os.waitpid(child, 0)
        with os.fdopen(read, encoding="utf-8") as pipe:
            code, said = pipe.read().split("\n", 1)
        tally.points += 1
        for ended, told in ((mine.code, mine.said), (int(code), said)):
            tally.codes[ended] = tally.codes.get(ended, 0) + 1
            if ended not in (act.code, 3):
                tally.failures.append(f"ended with {ended}: {told.strip()}")
            if ended == 3 and "văn phòng" not in told:
                tally.failures.append(f"does not say who is at work: {told.strip()}")
        tally.failures += recovered(act, twin, {})
        shutil.rmtree(twin)
    return tally


def clock_set_back(act: Act, folder: Path) -> Tally:
    """A machine whose clock is wrong by months writes nothing, and says so."""
    tally = Tally("the clock set back")
    for days in (2, 30, 365, 20 * 365):
        twin = folder / f"clock-{days}"
        shutil.copytree(act.before, twin)
        before = tree(twin)
        ran = command(twin, *act.words, now=THURSDAY - timedelta(days=days))
        tally.points += 1
        if ran.code != 2 or tree(twin) != before:
            tally.failures.append(
                f"{days} days back: exit {ran.code}, {'unchanged' if tree(twin) == before else 'changed'}"
            )
        else:
            tally.failures += unclear(ran.said)
        tally.failures += recovered(act, twin, acknowledged(before))
        shutil.rmtree(twin)
    return tally


def share_in_trouble(acts: list[Act], folder: Path, every: int = 1) -> Tally:
    """The share alone fails from some call on: write-protected, full, not allowed, or away; the office's own disk works."""
    tally = Tally("the share alone fails")
    for act in acts:
        before, seen = tree(act.before), set[str]()
        calls = [call for call in act.calls if call.kind in CHANGES and call.path.startswith("shared")]
        for name in ("EROFS", "ENOSPC", "EACCES", "EIO"):
            for at in range(1, len(calls) + 1, every):
                twin = folder / "share"
                shutil.copytree(act.before, twin)
                plan = Plan(at=at, error=ERRORS[name], for_ever=True, below=str(twin / "shared"))
                wrong = judged(act, twin, command(twin, *act.words, plan=plan), before, seen, tally)
                tally.failures += [f"{act.name}, {name} from call {at} on: {one}" for one in wrong]
                shutil.rmtree(twin)
    return tally


def share_gone(act: Act, folder: Path) -> Tally:
    """The share is not there, or is there and empty of the week, when the button is pressed: nothing is booked as gone."""
    tally = Tally("the share is away")
    twin = folder / "gone"
    shutil.copytree(act.before, twin)
    (twin / "shared").rename(twin / "away")
    before = tree(twin)
    ran = command(twin, *act.words)
    tally.points += 1
    if ran.code != 2 or tree(twin) != before:
        tally.failures.append(f"exit {ran.code}: {ran.said}")
    tally.failures += unclear(ran.said)
    (twin / "away").rename(twin / "shared")
    tally.failures += recovered(act, twin, acknowledged(before))
    shutil.rmtree(twin)
    return tally


def master_open(act: Act, folder: Path) -> Tally:
    """Somebody has the masters open in Excel: they are left alone, the new ones wait beside them, and the next run puts them in place."""
    tally = Tally("masters open in Excel")
    twin = folder / "open"
    shutil.copytree(act.before, twin)
    masters = sorted((twin / "shared").rglob("*_tong-hop.xlsx"))
    owners = [path.with_name(f"~${path.name}") for path in masters]
    before = {path: path.read_bytes() for path in masters}
    for owner in owners:
        owner.write_bytes(b"\x0aTran Thi B")
    ran = command(twin, *act.words)
    tally.points += len(masters)
    if ran.code != act.code:
        tally.failures.append(f"exit {ran.code}: {ran.said}")
    for path in masters:
        waiting = path.with_name(f"{path.stem} (chờ ghi).xlsx")
        if path.read_bytes() != before[path] or not waiting.exists():
            tally.failures.append(f"not left alone: {path}")
    for owner in owners:
        owner.unlink()
    tally.failures += recovered(act, twin, {})
    shutil.rmtree(twin)
    return tally


def master_held(act: Act, folder: Path) -> Tally:
    """Windows will not replace a file that somebody holds (errors 5, 32 and 33, which Python gives as a right that is missing), nor will Samba
    (busy, or there already, as what mounts it says), with no owner file to tell of it: for a moment, as virus scanners do, it is tried again;
    for good, the new one waits beside.
    """
    tally = Tally("masters that Windows and Samba will not replace")
    for held, error in ((1, errno.EACCES), (3, errno.EBUSY), (6, errno.EACCES), (0, errno.EACCES), (0, errno.EEXIST)):
        twin = folder / f"held-{held}-{error}"
        shutil.copytree(act.before, twin)
        masters = sorted((twin / "shared").rglob("*_tong-hop.xlsx"))
        before = {path: path.read_bytes() for path in masters}
        plan = Plan(at=1, error=error, until=held, for_ever=not held, onto="_tong-hop.xlsx")
        ran = command(twin, *act.words, plan=plan)
        tally.points += len(masters)
        if ran.code != act.code:
            tally.failures.append(f"exit {ran.code}: {ran.said}")
        for path in masters:
            waiting = path.with_name(f"{path.stem} (chờ ghi).xlsx").exists()
            if waiting is not (held == 0) or (path.read_bytes() == before[path]) is not (held == 0):
                tally.failures.append(f"held {held} times: {'waits' if waiting else 'does not wait'}: {path.name}")
        tally.failures += recovered(act, twin, {})
        if any((twin / "shared").rglob("*chờ ghi*")):
            tally.failures.append("still waiting after the next run")
        shutil.rmtree(twin)
    return tally


def clock_set_forward(act: Act, folder: Path) -> Tally:
    """A run with a clock that was a year ahead: what follows with the right clock is refused until it is looked at, and writes nothing."""
    tally = Tally("the clock set forward, then right again")
    for days in (2, 365):
        twin = folder / f"forward-{days}"
        shutil.copytree(act.before, twin)
        first = command(twin, *act.words, now=THURSDAY + timedelta(days=days))
        between = tree(twin)
        ran = command(twin, *act.words)
        tally.points += 1
        if first.code != act.code or ran.code != 2 or tree(twin) != between:
            tally.failures.append(f"{days} days: exit {first.code}, then {ran.code}: {ran.said}")
        tally.failures += unclear(ran.said)
        shutil.rmtree(twin)
    return tally


@contextlib.contextmanager
def small_disk(at: Path, size: str) -> Iterator[bool]:
    """A file system of its own, of that size; False where this user may not mount one."""
    at.mkdir(parents=True, exist_ok=True)
    mounted = sys.platform == "linux" and shutil.which("mount") is not None and os.geteuid() == 0
    if mounted:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(at)], capture_output=True)
        mounted = done.returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(at)], check=True)


def really_full(act: Act, folder: Path, spares: tuple[int, ...] = (0, 8, 24, 64, 128)) -> Tally:
    """A file system that is really full, with some kilobytes to spare, and one that is mounted for reading only: then with room again."""
    tally = Tally("a disk really full, or mounted for reading only")
    used = sum((len(data) // 4096 + 1) * 4096 for data in tree(act.before).values()) // 1024
    for spare in (*spares, -1):
        with small_disk(folder / "small", f"{used * 4 + 4096}k") as mounted:
            if not mounted:
                tally.what += " (left out: no file system can be mounted here)"
                return tally
            twin = folder / "small" / "office"
            shutil.copytree(act.before, twin)
            before = tree(twin)
            if spare < 0:
                subprocess.run(["mount", "-o", "remount,ro", str(folder / "small")], check=True)
            else:
                _fill(folder / "small" / "filling", spare)
            ran = command(twin, *act.words)
            if spare < 0:
                subprocess.run(["mount", "-o", "remount,rw", str(folder / "small")], check=True)
            tally.points += 1
            tally.codes[ran.code] = tally.codes.get(ran.code, 0) + 1
            files = tree(twin)
            wrong = unclear(ran.said) if ran.code == 2 else []
            if ran.code not in (0, 1, 2):
                wrong.append(f"ended with {ran.code}")
            (folder / "small" / "filling").unlink(missing_ok=True)
            wrong += whole(act, files, before) + recovered(act, twin, acknowledged(files))
            tally.failures += [f"{act.name}, {spare} kB to spare: {one}" for one in wrong]
    return tally


def _fill(path: Path, spare: int) -> None:
    free = os.statvfs(path.parent)
    left = free.f_bavail * free.f_frsize - spare * 1024
    with path.open("wb") as file:
        while left > 0:
            file.write(bytes(min(left, 1 << 16)))
            left -= 1 << 16
