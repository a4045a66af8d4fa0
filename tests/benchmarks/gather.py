"""Gathering many offices: time and memory of `evalxl gather`, as a process of its own, over made-up exports with real datapackages.

    python -m tests.benchmarks.gather [OFFICES] [PEOPLE] [FOLDER]

For the week, and for the year with every weekly row behind it. Beside the whole run stand its pieces: hashing the files, and the group-by alone. A folder that
is named is kept and used again.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import psutil

from evalxl.cli.main import main as evalxl
from evalxl.records import duck
from tests.exported_offices import export_of

WHATS = ("2025-W23", "2025")


def made_up(folder: Path, offices: int, people: int, what: str) -> Path:
    """The exports of all offices; those that are there already stay."""
    with duck.opened() as base:
        for number in range(1, offices + 1):
            place = folder / what / f"office=CQ{number:04}"
            if not (place / "datapackage.json").is_file():
                export_of(base, place, number, people, what)
    return folder / what


def _measured(work: Callable[[], object], told: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    begun, before = time.perf_counter(), time.process_time()
    work()
    told.put((time.perf_counter() - begun, time.process_time() - before))


def in_a_process(work: Callable[..., object], *arguments: object) -> tuple[float, float, float]:
    """Seconds of the work, seconds of all processors, and the most memory that its process took, in MB."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=_measured, args=(_Call(work, arguments), told))
    process.start()
    watched, most = psutil.Process(process.pid), 0
    while process.is_alive():
        try:
            most = max(most, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    process.join()
    return *told.get(), most / 1e6


class _Call:
    def __init__(self, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
        self.work, self.arguments = work, arguments

    def __call__(self) -> object:
        return self.work(*self.arguments)


def whole(folder: Path, to: Path, what: str) -> int:
    with redirect_stdout(StringIO()):
        return evalxl(["--json", "--lang", "en", "gather", str(folder), "--to", str(to), "--of", what])


def hashing(folder: Path) -> None:
    with ThreadPoolExecutor(8) as readers:
        list(readers.map(lambda path: hashlib.sha256(path.read_bytes()).hexdigest(), folder.rglob("*.parquet")))


def group_by(folder: Path, table: str) -> None:
    with duck.opened("1500MB") as base:
        paths = sorted(folder.rglob(f"{table}.parquet"))
        base.execute(
            f"SELECT filename, week, band, count(*), sum(counted_total) FROM read_parquet({duck.files(paths)}, filename = true) "
            "GROUP BY ALL"
        ).fetchall()


def main() -> None:
    offices, people = (int(word) for word in (*sys.argv[1:3], *("1000", "1000")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(scratch)
        print(f"{offices} offices of {people} people\n")
        print(
            f"{'':10} {'rows':>12} {'MB':>7} {'gather':>9} {'CPU':>9} {'memory':>8} {'hashing':>9} {'group-by':>9} {'memory':>8}"
        )
        for what in WHATS:
            place = made_up(folder, offices, people, what)
            table = "results" if what == WHATS[0] else "weeks"
            size = sum(path.stat().st_size for path in place.rglob("*.parquet")) / 1e6
            with duck.opened() as base:
                paths = duck.files(sorted(place.rglob(f"{table}.parquet")))
                rows = base.execute(f"SELECT count(*) FROM read_parquet({paths})").fetchall()[0][0]
            seconds, busy, memory = in_a_process(whole, place, Path(scratch) / f"to-{what}", what)
            hashed, *_ = in_a_process(hashing, place)
            grouped, _, most = in_a_process(group_by, place, table)
            print(
                f"{what:10} {rows:12,} {size:7.0f} {seconds:7.2f} s {busy:7.2f} s {memory:5.0f} MB {hashed:7.2f} s {grouped:7.2f} s {most:5.0f} MB"
            )


if __name__ == "__main__":
    main()
