"""The power goes: what a run wrote is replayed up to some call, and what had not been flushed is lost, halved or zeroed, in turn.

The model is a strict one: the bytes of a file are safe after its fsync, a name (of a file or a folder, a rename, a removal) after the fsync of
the folder in which it stands. Whatever is not safe may be there or not, each for itself.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import CHANGES, Call, tree
from tests.faults.office import Act, Tally, is_scratch, lay, recovered, state_of


@dataclass(eq=False)
class _File:
    """A file's bytes as the program sees them, and as they are safe on the disk."""

    now: bytes = b""
    safe: bytes = b""


@dataclass
class Surface:
    """A disk between the program and the power cut: what is there, what is safe, and the changes of names that are not safe yet."""

    names: dict[str, _File] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    safe_names: dict[str, _File] = field(default_factory=dict)
    safe_folders: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, files: Mapping[str, bytes], folders: Iterable[str]) -> Surface:
        there = {name: _File(data, data) for name, data in files.items()}
        return cls(there, set(folders), dict(there), set(folders))

    def do(self, call: Call) -> None:
        match call.kind:
            case "create":
                if call.path in self.names:
                    self.names[call.path].now = b""
                else:
                    self.names[call.path] = _File()
            case "write":
                self.names[call.path].now += call.data
            case "link":
                self.names[call.to] = self.names[call.path]
            case "rename":
                self.names[call.to] = self.names.pop(call.path)
            case "unlink":
                self.names.pop(call.path, None)
            case "mkdir":
                self.folders.add(call.path)
            case "fsync" if call.path in self.names:
                self.names[call.path].safe = self.names[call.path].now
            case "fsync":
                self._names_are_safe(call.path)

    def _names_are_safe(self, folder: str) -> None:
        def inside(name: str) -> bool:
            return name.rpartition("/")[0] == folder

        self.safe_names = {n: f for n, f in self.safe_names.items() if not inside(n)}
        self.safe_names |= {n: f for n, f in self.names.items() if inside(n)}
        self.safe_folders |= {name for name in self.folders if inside(name)}

    def after_the_cut(self) -> Iterator[dict[str, bytes]]:
        """What may be on the disk when the power is back: every way of losing bytes with every way of losing names."""
        for bytes_of, names in itertools.product(_BYTES, self._ways_of_names()):
            lost = self.folders - self.safe_folders if names is not self.names else set()
            yield {
                name: bytes_of(file)
                for name, file in names.items()
                if not any(name.startswith(f"{folder}/") for folder in lost)
            }

    def _ways_of_names(self) -> Iterator[dict[str, _File]]:
        yield self.names
        yield self.safe_names
        changed = [n for n in {**self.names, **self.safe_names} if self.names.get(n) is not self.safe_names.get(n)]
        if len(changed) > 1:  # one change of a name is lost, the others are not; and the other way round
            for one in changed:
                for most, other in ((self.names, self.safe_names), (self.safe_names, self.names)):
                    mixed = dict(most)
                    mixed.pop(one, None)
                    if one in other:
                        mixed[one] = other[one]
                    yield mixed


def _zeroed(file: _File) -> bytes:
    return file.safe if file.now == file.safe else bytes(len(file.now))


def _halved(file: _File) -> bytes:
    return file.safe if file.now == file.safe else file.now[: len(file.now) // 2]


def _garbled(file: _File) -> bytes:
    return file.safe if file.now == file.safe else hashlib.sha256(file.now).digest() * (len(file.now) // 32 + 1)


def _up_to(part: float) -> Callable[[_File], bytes]:
    return lambda file: file.safe if file.now == file.safe else file.now[: int(len(file.now) * part)]


def _half_zeroed(file: _File) -> bytes:
    half = len(file.now) // 2
    return file.safe if file.now == file.safe else file.now[:half] + bytes(len(file.now) - half)


_BYTES: tuple[Callable[[_File], bytes], ...] = (
    *(lambda file: file.now, lambda file: file.safe, _halved, _zeroed),
    *(_garbled, _half_zeroed, _up_to(0.1), _up_to(0.25), _up_to(0.75), _up_to(0.99)),
)


def states(
    files: Mapping[str, bytes], folders: Iterable[str], calls: Iterable[Call]
) -> Iterator[tuple[int, Surface, dict[str, bytes]]]:
    """Every state of the disk after a power cut at every call."""
    surface = Surface.of(files, folders)
    for number, call in enumerate(calls, start=1):
        surface.do(call)
        for state in surface.after_the_cut():
            yield number, surface, state


def cut(acts: Iterable[Act], folder: Path, again_in: int = 1, seed: int = 11) -> Tally:
    """Cut the power at every call of each act, in every way.

    In each state the ledger and the archive must hold what was acknowledged, and no workbook may be half written. One in `again_in` of the
    different states is also put on a disk, where the act is done again and must leave what it leaves undisturbed.
    """
    tally, lot = Tally("the power cut at every call"), random.Random(seed)
    again = 0
    for act in acts:
        seen: set[str] = set()
        before = tree(act.before)
        folders = [path.relative_to(act.before).as_posix() for path in act.before.rglob("*") if path.is_dir()]
        calls = [call for call in act.calls if call.kind in CHANGES]
        for number, surface, state in states(before, folders, calls):
            tally.points += 1
            where = f"{act.name}, call {number} ({calls[number - 1].kind} {calls[number - 1].path})"
            key = state_of(state)
            if key in seen:
                continue
            seen.add(key)
            tally.failures += [f"{where}: {one}" for one in unsound(act, state, before, surface)]
            if lot.randrange(again_in) == 0:
                again += 1
                twin = folder / f"cut-{act.name}"
                shutil.copytree(act.before, twin, ignore=lambda at, names: [n for n in names if Path(at, n).is_file()])
                lay(state, act.before, twin)
                tally.failures += [f"{where}: {one}" for one in recovered(act, twin, _acknowledged(surface))]
                shutil.rmtree(twin)
        tally.states += len(seen)
    tally.what += f" (done again from {again})"
    return tally


def unsound(act: Act, state: Mapping[str, bytes], before: Mapping[str, bytes], surface: Surface) -> list[str]:
    """What does not hold in a state: half a file, a ledger without what it was told, a blob that is missing or is not what its name says."""
    wrong = []
    for name, data in state.items():
        if is_scratch(name) or data in (before.get(name), act.after.get(name)):
            continue
        if name == "ledger-head.txt" and data in [call.data for call in act.calls if "ledger-head" in call.path]:
            continue
        wrong.append(f"half written: {name}")
    wrong += [
        f"acknowledged, but lost: {name}" for name, data in _acknowledged(surface).items() if state.get(name) != data
    ]
    wrong += [f"gone: {name}" for name in before if name in act.after and name not in state]
    blobs = {name.rpartition("/")[2].partition(".")[0] for name in state if name.startswith("archive/")}
    for name, data in state.items():
        if name.startswith("ledger/") and not is_scratch(name):
            wanted = {blob for blob in _blobs_of(act) if blob.encode() in data}
            wrong += [f"the ledger names what is not in the archive: {blob}" for blob in wanted - blobs]
    return wrong


def _blobs_of(act: Act) -> set[str]:
    return {name.rpartition("/")[2].partition(".")[0] for name in act.after if name.startswith("archive/")}


def _acknowledged(surface: Surface) -> dict[str, bytes]:
    """What stands in ledger and archive with bytes and name flushed."""
    return {
        name: file.safe
        for name, file in surface.safe_names.items()
        if name.startswith(("ledger/", "archive/")) and not is_scratch(name) and surface.names.get(name) is file
        and not any(name.startswith(f"{folder}/") for folder in surface.folders - surface.safe_folders)
    }  # fmt: skip


# Stores that are known to be unsound: the model must find their faults, or it finds none anywhere.


def _commit(store: str, number: int, data: bytes) -> list[Call]:
    new = f"{number}.tmp"
    written = [Call("create", new), Call("write", new, data=data)]
    match store:
        case "written over":
            return [Call("create", "book"), Call("write", "book", data=data), Call("fsync", "book")]
        case "replaced, not flushed":
            return [*written, Call("rename", new, "book"), Call("fsync", "")]
        case "replaced, folder not flushed":
            return [*written, Call("fsync", new), Call("rename", new, "book")]
        case _:
            return [*written, Call("fsync", new), Call("rename", new, "book"), Call("fsync", "")]


def known_store(store: str, commits: int = 4) -> Tally:
    """Cut the power while a store takes some commits: after each state the book is one of those committed, and none acknowledged is lost."""
    tally = Tally(f"a store that is {store}")
    versions = [hashlib.sha256(str(number).encode()).hexdigest().encode() * 4 for number in range(commits + 1)]
    calls: list[Call] = []
    done_at = []
    for number in range(1, commits + 1):
        calls += _commit(store, number, versions[number])
        done_at.append(len(calls))
    for number, _, state in states({"book": versions[0]}, [], calls):
        tally.points += 1
        acknowledged = sum(end <= number for end in done_at)
        if state.get("book") not in versions[acknowledged : acknowledged + 2]:
            tally.failures.append(f"call {number}")
    return tally


STORES = ("written over", "replaced, not flushed", "replaced, folder not flushed", "replaced and flushed")
