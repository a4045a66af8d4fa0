"""`python -m tests.hostile [--long]`: every hostile file, damage at random, and a week with all of it, with their counts; exit code 1 where something did not hold."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from evalxl.excel.returned.examine import Examined
from tests.hostile import flips
from tests.hostile.cases import booked, cases, wrong
from tests.hostile.good import answer, good
from tests.hostile.mixed import mixed

CAN_FORK = "fork" in multiprocessing.get_all_start_methods()
MOST_SECONDS, MOST_MEGABYTES = 2.0, 300


@dataclass
class Answers:
    """What came of the table."""

    files: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[float, str] = (0.0, "")

    def __str__(self) -> str:
        largest = f"; largest {self.largest[0]:.0f} MB ({self.largest[1]})" if self.largest[0] else ""
        return (
            f"hostile files: {self.files}, {dict(self.verdicts)}, {len(self.kinds)} kinds of findings, {len(self.wrong)} wrong answers; "
            f"slowest {self.slowest[0]:.2f} s ({self.slowest[1]}){largest}"
        )


def answers(processes: bool = False) -> Answers:
    """Ask for every file; with `processes`, each in one of its own, whose memory is measured."""
    result = Answers()
    for case in cases():
        data = case.make(good())
        seen, seconds, megabytes = _in_a_process(data) if processes else (*_timed(data), 0.0)
        result.files += 1
        result.slowest = max(result.slowest, (seconds, case.name))
        result.largest = max(result.largest, (megabytes, case.name))
        if seen is None:
            result.wrong.append(f"{case.name}: the process died")
            continue
        result.verdicts[seen.verdict] += 1
        result.kinds.update({finding.kind for finding in seen.findings})
        slip = wrong(case, seen)
        if seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES:
            slip = slip or f"{case.name}: {seconds:.1f} s, {megabytes:.0f} MB"
        result.wrong += [slip] if slip else []
    return result


def _timed(data: bytes) -> tuple[Examined, float]:
    began = time.process_time()
    return answer(data), time.process_time() - began


def _in_a_process(data: bytes) -> tuple[Examined | None, float, float]:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def work() -> None:
        import resource

        seen, seconds = _timed(data)
        theirs.send((seen, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    process = context.Process(target=work)
    process.start()
    theirs.close()
    try:
        result: tuple[Examined | None, float, float] = mine.recv()
    except EOFError:
        result = (None, 0.0, 0.0)
    process.join()
    return result


def run(long: bool) -> int:
    """Run everything, shortly or at length; gives the exit code."""
    failed = 0
    booked()
    asked = answers(processes=long and CAN_FORK)
    print(asked, flush=True)
    for kind, count in asked.kinds.most_common():
        print(f"    {kind}: {count}")
    failed += _told(asked.wrong)
    for tally in (
        lambda: flips.bits(100_000 if long else 2_000),
        lambda: flips.lengths(1 if long else 50),
        lambda: flips.directory(long),
    ):
        began = time.monotonic()
        done = tally()
        print(f"{done}  [{time.monotonic() - began:.0f} s]", flush=True)
        failed += _told(done.different)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        week = mixed(Path(folder), people=2_000 if long else 0)
        print(f"{week}  [{time.monotonic() - began:.0f} s]", flush=True)
        failed += _told([*week.differences, *week.twice])
    return int(failed > 0)


def _told(failures: list[str]) -> bool:
    for failure in failures[:20]:
        print(f"    {failure}")
    return bool(failures)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(run("--long" in sys.argv[1:]))
