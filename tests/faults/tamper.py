"""Somebody alters the ledger or the archive: flips, deletions, swaps, insertions, cut tails, older copies put back, blobs replaced.

Each is done to a copy in memory, written out, and `verify` must find it. A cut tail with the outside head cut too holds in itself: it is found
from the heads that the forms in the share bear.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from evalxl.records.archive import Archive, digest_of
from evalxl.records.ledger import Ledger, check_chain
from evalxl.steps.reports.verify import verify
from tests.faults.office import Tally

Files = dict[str, bytes]


def a_ledger(folder: Path, runs: int = 24, lot: random.Random | None = None) -> Ledger:
    """A ledger of some runs, as they come in an office."""
    lot = lot or random.Random(23)
    (folder / "ledger").mkdir(parents=True)
    ledger = Ledger(folder / "ledger", folder / "head.txt")
    for run in range(runs):
        events = [
            {"kind": "received", "what": f"đợt {run}, phiếu {n}", "sha256": digest_of(bytes([run, n]))}
            for n in range(lot.randint(1, 5))
        ]
        ledger.append(events, f"2025-W{20 + run % 30}")
    return ledger


def altered_ledger(folder: Path, count: int, seed: int = 29) -> Tally:
    """Alter a ledger in `count` ways drawn by lot, each alone."""
    tally, lot = Tally("a ledger that somebody altered"), random.Random(seed)
    a_ledger(folder / "right", lot=lot)
    right = {path.name: path.read_bytes() for path in sorted((folder / "right" / "ledger").iterdir())}
    head = (folder / "right" / "head.txt").read_bytes()
    work = folder / "work"
    (work / "ledger").mkdir(parents=True)
    for name, data in right.items():
        (work / "ledger" / name).write_bytes(data)
    (work / "head.txt").write_bytes(head)
    assert check_chain(work / "ledger", work / "head.txt") == ()
    ways = (
        _flip,
        _flip_head,
        _drop_file,
        _swap_files,
        _drop_line,
        _swap_lines,
        _double_line,
        _insert_line,
        _cut_tail,
        _cut_bytes,
        _older_copy,
        _copy_beside,
        _rename,
    )
    for number in range(count):
        way = ways[number % len(ways)]
        files, witness = dict(right), head
        if way is _flip_head:
            witness = _flipped(head, lot)
        else:
            way(files, lot)
        changed = {name for name in {*files, *right} if files.get(name) != right.get(name)}
        if not changed and witness == head:
            continue
        _put(work, files, changed, witness)
        tally.points += 1
        if not check_chain(work / "ledger", work / "head.txt"):
            tally.failures.append(f"{way.__name__.strip('_')} not found: {sorted(changed)}")
        _put(work, right, changed, head)
    return tally


def _put(work: Path, files: Files, changed: set[str], witness: bytes) -> None:
    for name in changed:
        with suppress(FileNotFoundError):
            (work / "ledger" / name).unlink()
        if name in files:
            (work / "ledger" / name).write_bytes(files[name])
    (work / "head.txt").write_bytes(witness)


def _flipped(data: bytes, lot: random.Random) -> bytes:
    at = lot.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << lot.randrange(8))]) + data[at + 1 :]


def _flip_head(files: Files, lot: random.Random) -> None:
    """The head outside is flipped instead of a file."""


def _flip(files: Files, lot: random.Random) -> None:
    name = lot.choice(list(files))
    files[name] = _flipped(files[name], lot)


def _drop_file(files: Files, lot: random.Random) -> None:
    del files[lot.choice(list(files))]


def _swap_files(files: Files, lot: random.Random) -> None:
    one, two = lot.sample(list(files), 2)
    files[one], files[two] = files[two], files[one]


def _lines(change: Callable[[list[bytes], random.Random], None]) -> Callable[[Files, random.Random], None]:
    def altered(files: Files, lot: random.Random) -> None:
        name = lot.choice(list(files))
        lines = files[name].splitlines(keepends=True)
        change(lines, lot)
        files[name] = b"".join(lines)

    altered.__name__ = change.__name__
    return altered


@_lines
def _drop_line(lines: list[bytes], lot: random.Random) -> None:
    del lines[lot.randrange(len(lines))]


@_lines
def _swap_lines(lines: list[bytes], lot: random.Random) -> None:
    lot.shuffle(lines)


@_lines
def _double_line(lines: list[bytes], lot: random.Random) -> None:
    at = lot.randrange(len(lines))
    lines.insert(at, lines[at])


@_lines
def _insert_line(lines: list[bytes], lot: random.Random) -> None:
    at = lot.randrange(len(lines) + 1)
    lines.insert(at, lines[min(at, len(lines) - 1)].replace("phiếu".encode(), "phiếu giả".encode()))


def _cut_tail(files: Files, lot: random.Random) -> None:
    for name in sorted(files)[-lot.randint(1, len(files) - 1) :]:
        del files[name]


def _cut_bytes(files: Files, lot: random.Random) -> None:
    name = lot.choice(list(files))
    files[name] = files[name][: lot.randrange(len(files[name]))]


def _older_copy(files: Files, lot: random.Random) -> None:
    """Files from some number on are those of the days before."""
    names = sorted(files)
    start = lot.randrange(1, len(names))
    for name, older in zip(names[start:], names[: len(names) - start], strict=True):
        files[name] = files[older]


def _copy_beside(files: Files, lot: random.Random) -> None:
    """A sync client's conflict copy."""
    name = lot.choice(list(files))
    files[name.replace(".jsonl", " (1).jsonl")] = files[name]


def _rename(files: Files, lot: random.Random) -> None:
    """Another week, or another way of writing the number, in the name of a file."""
    name = lot.choice(list(files))
    number, _, label = name.partition("_")
    other = f"{number}_2025-W{lot.choice([n for n in range(1, 53) if label != f'2025-W{n:02d}.jsonl']):02d}.jsonl"
    files[lot.choice((other, f"0{name}"))] = files.pop(name)


def altered_archive(folder: Path, count: int, seed: int = 31) -> Tally:
    """Flip, cut, empty, lengthen, replace or rename a blob of an archive, `count` times."""
    tally, lot = Tally("an archive that somebody altered"), random.Random(seed)
    archive = Archive(folder / "archive")
    blobs = [archive.path(archive.keep(lot.randbytes(lot.randint(1, 400)), ".xlsx"), ".xlsx") for _ in range(8)]
    for number in range(count):
        blob = lot.choice(blobs)
        data = blob.read_bytes()
        other = lot.choice([one for one in blobs if one != blob]).read_bytes()
        made = (_flipped(data, lot), data[: lot.randrange(len(data))], b"", data + b"\0", other)[number % 5]
        blob.write_bytes(made)
        tally.points += 1
        if list(archive.altered()) != [blob]:
            tally.failures.append(f"not found: {blob.name}")
        blob.write_bytes(data)
    return tally


def altered_office(office: Path, folder: Path) -> Tally:
    """Cut the tail of a real office's ledger at every file, and the head outside with it: the forms in the share bear heads that are then unknown."""
    tally = Tally("a cut tail, the head outside cut too")
    names = sorted(path.name for path in (office / "ledger").glob("*.jsonl"))
    for keep in range(1, len(names)):
        twin = folder / f"cut-{keep}"
        shutil.copytree(office, twin)
        for name in names[keep:]:
            (twin / "ledger" / name).unlink()
        (twin / "ledger-head.txt").unlink()
        shorter = Ledger(twin / "ledger", twin / "ledger-head.txt")
        (twin / "ledger-head.txt").write_bytes(f"{len(shorter.events)} {shorter.head}\n".encode())
        tally.points += 1
        if "verify.foreign_head" not in {one.key for one in verify(twin).altered}:
            tally.failures.append(f"not found: cut after {names[keep - 1]} of {len(names)}")
        shutil.rmtree(twin)
    for path in sorted((office / "archive").rglob("*.*")):
        twin = folder / "blob"
        shutil.copytree(office, twin)
        (twin / path.relative_to(office)).unlink()
        tally.points += 1
        if "verify.blob_missing" not in {one.key for one in verify(twin).altered}:
            tally.failures.append(f"not found: {path.name} is gone")
        shutil.rmtree(twin)
    return tally
