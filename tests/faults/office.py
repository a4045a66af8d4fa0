"""A week of a little office in acts, each one command from a prepared folder: what is broken off in one of them is done again and compared.

The command runs in a child process, with a clock and form ids that are the same each time; so a run that was broken off and done again should
leave the very files of a run that was not.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import multiprocessing
import os
import pickle
import re
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from evalxl.cli.main import main
from evalxl.excel.returned.examine import examine
from evalxl.records import parallel_writes as at_once
from evalxl.steps.intake import examining
from evalxl.steps.reports.verify import verify
from tests.faults.disk import Call, Disk, Plan, tree
from tests.little_office import LittleOffice, little_organisation, make_little_office
from tests.people import type_into

WEEK, NEXT = "2025-W23", "2025-W24"
THURSDAY = datetime(2025, 6, 5, 16, tzinfo=timezone(timedelta(hours=7)))
_NO_PROCESS = 99_999_999  # no system gives so high a number
CAN_FORK = hasattr(os, "fork")
_WHERE = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None


@dataclass
class Tally:
    """What a kind of trouble came to: how many points were tried, how many states of the disk they came to, and what did not hold."""

    what: str
    points: int = 0
    states: int = 0
    failures: list[str] = field(default_factory=list)
    codes: dict[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        codes = "".join(f", exit {code}: {count}" for code, count in sorted(self.codes.items()))
        states = f" ({self.states} different states)" if self.states else ""
        return f"{self.what}: {self.points} points{states}{codes}, {len(self.failures)} failures"


@dataclass(frozen=True, slots=True)
class Act:
    """One command of the week: the office before it, the command, and every file after it where nothing went wrong."""

    name: str
    before: Path
    words: tuple[str, ...]
    after: Mapping[str, bytes]
    calls: tuple[Call, ...]
    code: int


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command in a child ended: its exit code (137: killed), what it said, and its calls of the disk."""

    code: int
    said: str
    calls: tuple[Call, ...]
    count: int = 0


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for the trials, in memory where there is one: what outlives a power cut is modelled, not waited for."""
    with tempfile.TemporaryDirectory(prefix="evalxl-faults-", dir=_WHERE) as folder:
        yield Path(folder)


def command(
    folder: Path,
    *words: str,
    plan: Plan | None = None,
    now: datetime = THURSDAY,
    record: bool = False,
    watched: Callable[[int], Callable[[], None]] | None = None,
    in_threads: bool = True,
    beside: Path | None = None,
) -> Ran:
    """Run a command on an office in a child process.

    Args:
        plan: What goes wrong on the disk.
        now: The moment that the machine's clock shows.
        record: Whether to give back every call of the disk.
        watched: Is told the number of the process before it begins, and gives back what to do when it has ended.
        beside: A folder elsewhere that the command writes into too: calls there count as well.
        in_threads: Whether some files are written at a time, as ever. Otherwise one after the other and always in the same order, for who counts calls.
    """
    # How it ended comes back through memory, so that no call of the system that belongs to the test is among those that fail.
    answer = mmap.mmap(-1, 1 << 26)
    ready, start = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(start)
        try:
            if watched is not None:
                os.read(ready, 1)
            data = pickle.dumps(_in_child(folder, words, plan, now, record, in_threads, beside))
            answer[: len(data) + 8] = len(data).to_bytes(8, "little") + data
        finally:
            os._exit(0)
    os.close(ready)
    done = watched(child) if watched is not None else lambda: None
    os.close(start)
    _, status = os.waitpid(child, 0)
    done()
    length = int.from_bytes(answer[:8], "little")
    ran = pickle.loads(answer[8 : 8 + length]) if length else Ran(137 if os.WIFSIGNALED(status) else 99, "", ())
    answer.close()
    return ran


def _in_child(
    folder: Path,
    words: tuple[str, ...],
    plan: Plan | None,
    now: datetime,
    record: bool,
    in_threads: bool,
    beside: Path | None,
) -> Ran:
    # In this very process, so that the faults are counted the same each time: workers are no part of the disk.
    examining.in_workers = lambda *_: lambda books, files: (examine(data, books) for data in files)  # type: ignore[assignment,misc]
    if not in_threads:
        at_once.ThreadPoolExecutor = _InThisThread  # type: ignore[assignment,misc]
    os.environ["LOGNAME"] = "văn phòng"
    ids = _ids(folder)
    secrets.token_hex = lambda nbytes=None: next(ids)
    os.environ["XDG_STATE_HOME"] = str(folder.parent / "state")
    disk = Disk((str(folder), str(beside)) if beside is not None else (str(folder),), plan or Plan())
    if plan is not None or record:
        disk.install()
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["--office", str(folder), *words], lambda: now)
    return Ran(code, said.getvalue(), tuple(disk.calls) if record else (), disk.count)


class _InThisThread(Executor):
    """Does at once what it is given, as a pool of no threads."""

    def __init__(self, _: int) -> None: ...

    def submit(self, task: Callable[..., Any], /, *what: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(task(*what, **named))
        except BaseException as failed:
            done.set_exception(failed)
        return done


def _ids(folder: Path) -> Iterator[str]:
    """Form ids as if drawn by lot, but the same in each run over the same ledger."""
    issued = sum(path.read_bytes().count(b'"kind":"issued"') for path in (folder / "ledger").glob("*.jsonl"))
    while True:
        issued += 1
        yield hashlib.sha256(f"form {issued}".encode()).hexdigest()[:32]


# The acts


def small_organisation() -> dict[str, list[dict[str, Any]]]:
    """The board and one department of four, of whom two are scored by the deputy and approved by the director."""
    rows = little_organisation()
    rows["units"] = [row for row in rows["units"] if row["code"] in ("LĐ", "VU1")]
    keep = {"LD-01", "LD-02", "V1-01", "V1-02", "V1-03", "V1-04"}
    rows["people"] = [row for row in rows["people"] if row["code"] in keep]
    return rows


def acts(folder: Path) -> list[Act]:
    """The weeks in acts: forms go out and come back, one is spoiled, scores, approvals, the next week with newly given tasks, a form taken
    back, a row that was returned, closing, opening again, and the next week's forms.
    """
    with redirect_stdout(io.StringIO()):
        office = make_little_office(folder / "week")
    office.organisation = small_organisation()
    office.reorganise()
    with (office.folder / "office.toml").open("a", encoding="utf-8") as file:
        file.write("")
    _set(office.folder / "office.toml", "workers", "1")
    _set(office.folder / "office.toml", "unit_reports", "true")
    done = [_act(folder, office, "issue", "issue", WEEK)]
    office.hand_in("V1-03", "V1-04")
    spoiled = office.form("V1-02")
    spoiled.write_bytes(b"PK\x03\x04" + spoiled.read_bytes()[400:])
    office.in_time(spoiled)
    done.append(_act(folder, office, "forms", "consolidate", WEEK))
    office.scored("V1-03", "V1-04")
    office.hand_in("V1-01")
    done.append(_act(folder, office, "scores", "consolidate", WEEK))
    office.approved("V1-03")
    office.approved("V1-04", decision="Trả lại", opinion="Đề nghị giải trình thêm.")
    done.append(_act(folder, office, "approvals", "consolidate", WEEK))
    done.append(_act(folder, office, "again", "consolidate", WEEK))
    done.append(_act(folder, office, "next", "issue", NEXT))
    given = {"ev_assign_person": ["V1-03"], "ev_assign_task": ["Soạn kế hoạch quý III"]}
    type_into(office.scoring("V1-02"), given)
    done.append(_act(folder, office, "given", "consolidate", WEEK))
    done.append(_act(folder, office, "renewed", "issue", NEXT))
    done.append(_act(folder, office, "withdraw", "withdraw", NEXT, "V1-01"))
    office.scored("V1-04", quality=35, comment="Đã giải trình.")
    done.append(_act(folder, office, "follow-on", "consolidate", WEEK))
    done.append(_act(folder, office, "close", "close", WEEK, "--yes"))
    done.append(_act(folder, office, "reopen", "reopen", WEEK, "--reason", "Bổ sung phiếu đến muộn"))
    office.week = NEXT
    office.hand_in("V1-03")
    done.append(_act(folder, office, "next-forms", "consolidate", NEXT))
    return done


def _set(settings: Path, name: str, value: str) -> None:
    text = re.sub(rf"(?m)^#?\s*{name}\s*=.*\n", "", settings.read_text(encoding="utf-8"))
    settings.write_text(f"{name} = {value}\n{text}", encoding="utf-8")


def _act(folder: Path, office: LittleOffice, name: str, *words: str) -> Act:
    before = folder / f"before-{name}"
    shutil.copytree(office.folder, before)
    warm(before, *words)
    ran = command(office.folder, *words, record=True)
    assert ran.code in (0, 1), ran.said + log(folder)
    calls = tuple(Call(c.kind, _short(c.path, office.folder), _short(c.to, office.folder), c.data) for c in ran.calls)
    return Act(name, before, words, _plain(tree(office.folder)), calls, ran.code)


def warm(before: Path, *words: str) -> None:
    """Do it once in this process on a copy, so that no child has modules to import or templates to read."""
    twin = before.with_name("warm")
    shutil.copytree(before, twin)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        main(["--office", str(twin), *words], lambda: THURSDAY)
        verify(twin)
    shutil.rmtree(twin)


def log(folder: Path) -> str:
    """What the runs of the offices in a folder have logged."""
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("state/evalxl/*.log"))


def _short(path: str, folder: Path) -> str:
    # Whoever does it again must not take another process for the one that was writing: on a machine on which so many are begun, numbers come again.
    nobodys = re.sub(r"-\d+\.tmp$", f"-{_NO_PROCESS}.tmp", path)
    return "" if path == str(folder) else nobodys.removeprefix(f"{folder}/")


def _plain(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != "lock"}


# What must hold


def whole(act: Act, files: Mapping[str, bytes], before: Mapping[str, bytes]) -> list[str]:
    """Right after the fault: every file that people or evalxl look at is the one from before or the one from after, and never a half one."""
    wrong = []
    for name, data in files.items():
        if is_scratch(name) or data in (before.get(name), act.after.get(name)):
            continue
        if name.endswith(".xlsx") and _is_whole_zip(data):
            continue
        if name.endswith(".html") and data.endswith(b"</html>"):
            continue
        if name == "ledger-head.txt" and re.fullmatch(rb"\d+ [0-9a-f]{64}\n", data):
            continue
        wrong.append(f"half written: {name}")
    wrong += [f"gone: {name}" for name in before if name not in files and name in act.after]
    return wrong


def is_scratch(name: str) -> bool:
    """The lock, files that a run was still writing, and notes of what was written: they may be lost, and half a line of them is none."""
    return name == "lock" or name.startswith(("written/", "lock-")) or name.rpartition("/")[2].startswith(".")


def _is_whole_zip(data: bytes) -> bool:
    try:
        return zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    except (zipfile.BadZipFile, OSError):
        return False


def recovered(act: Act, folder: Path, acknowledged: Mapping[str, bytes]) -> list[str]:
    """Do the command again on a disk that works; what is then not as if nothing had happened."""
    ran = command(folder, *act.words)
    # Where nothing of it was left to do, that is said.
    done_already = act.words[0] in ("close", "reopen", "withdraw") and ran.code == 2
    if ran.code != act.code and not done_already:
        return [f"done again, it ends with {ran.code}: {ran.said.strip()}"]
    files = tree(folder)
    wrong = [f"acknowledged, but lost: {name}" for name, data in acknowledged.items() if files.get(name) != data]
    wrong += differences(_plain(files), act.after)
    wrong += [f"not verified: {one.file} {one.key}" for one in verify(folder).altered]
    return wrong


def differences(files: Mapping[str, bytes], expected: Mapping[str, bytes]) -> list[str]:
    """Where an office differs from the undisturbed one."""
    wrong = []
    if ledger_of(files) != ledger_of(expected):
        wrong.append("the ledger says something else")
    for name in sorted({*files, *expected}):
        if (
            name.startswith(("ledger/", "archive/", "written/"))
            or name == "ledger-head.txt"
            or files.get(name) == expected.get(name)
        ):
            continue
        if name not in files or name not in expected:
            wrong.append(f"{'left over' if name in files else 'missing'}: {name}")
        elif not name.endswith((".xlsx", ".html")) or words_of(name, files[name]) != words_of(name, expected[name]):
            wrong.append(f"says something else: {name}")
    wrong += [f"left over: {name}" for name in files if name.startswith("archive/") and is_scratch(name)]
    return wrong


# Numbers, hashes and times by which a run done in two goes differs from one done in one; all else must be equal.
_OF_THE_RUN = ("seq", "prev", "at", "seal", "form_id", "sha256", "label")


def ledger_of(files: Mapping[str, bytes]) -> list[str]:
    """What the ledger says, without what differs from run to run."""
    lines = b"".join(
        data for name, data in sorted(files.items()) if name.startswith("ledger/") and name.endswith(".jsonl")
    )
    # A run done in two goes has counted the files of each.
    events = [event for line in lines.splitlines() if (event := json.loads(line))["kind"] != "counted"]
    return [json.dumps({k: v for k, v in e.items() if k not in _OF_THE_RUN}, sort_keys=True) for e in events]


def words_of(name: str, data: bytes) -> str:
    """What a workbook or a page says, without its stamp and where the office lies."""
    return cells_of(data) if name.endswith(".xlsx") else _HEAD.sub("#", data.decode())


_HEAD = re.compile(
    r'\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b|data-path="[^"]*"'
)  # of the ledger, whole and as a page shows it; a path to copy


@lru_cache(maxsize=512)
def cells_of(data: bytes) -> str:
    """Every part of a workbook, without its stamp: form ids and ledger heads differ where a run was done in two goes."""
    parts = zipfile.ZipFile(io.BytesIO(data))
    text = "\n".join(f"{name}\n{parts.read(name).decode('utf-8', 'replace')}" for name in sorted(parts.namelist()))
    return re.sub(r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8,16}(?=<)", "#", text)


def state_of(files: Mapping[str, bytes]) -> str:
    """A name for a state of the disk: points that leave the same files are recovered from once."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        name = re.sub(r"\.[0-9a-f]{8}-\d+\.tmp$", ".tmp", name)
        digest.update(name.encode() + b"\0" + (b"" if name == "lock" else hashlib.sha256(data).digest()))
    return digest.hexdigest()


def lay(files: Mapping[str, bytes], like: Path, folder: Path) -> None:
    """Make a folder hold these files; those that `like` has too keep their times, by which versions are put in order."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if (like / name).is_file():
            at = (like / name).stat()
            os.utime(target, ns=(at.st_atime_ns, at.st_mtime_ns))


_task: Callable[[Act, Path], Tally]
_acts: list[Act]


def spread(task: Callable[[Act, Path], Tally], acts: list[Act], workers: int) -> Tally:
    """Try each act by itself, in some processes; what they came to is added up."""
    global _task, _acts
    _task, _acts = task, acts
    longest = sorted(range(len(acts)), key=lambda n: -len(acts[n].calls))
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        tallies = pool.map(_one, longest, chunksize=1)
    total = Tally(tallies[0].what)
    for one in tallies:
        total.points += one.points
        total.states += one.states
        total.failures += one.failures
        for code, count in one.codes.items():
            total.codes[code] = total.codes.get(code, 0) + count
    return total


def _one(number: int) -> Tally:
    with workshop() as folder:
        return _task(_acts[number], folder)
