"""How long the statistics and signals of a year take, and how much memory.

    python -m tests.benchmarks.statistics [PEOPLE] [WEEKS]

The people write own words and six tasks a week; teams of twenty are scored by one manager each. Beside it, in the same process, plain pandas over flat
task rows counts what a position did, to see what the exactness costs.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import pandas as pd

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.organisation.people import CatalogueTask, Organisation, Position
from evalxl.domain.weeks import Period
from tests.domain.analysis.at_hand import fairness_of, propose, repeated_texts, staffing_over
from tests.domain.offices_that_score import RULES, scored, spoken

TEAM, TASKS, CODES = 20, 6, 60
Answer = TypeVar("Answer")
LEVELS = tuple(level.vi for level in RULES.complexity)
OFFICE = Organisation(
    units=(),
    posts=(),
    positions=tuple(Position(f"VT{n:02d}", f"Vị trí {n}", posts=12) for n in range(40)),
    tasks=tuple(CatalogueTask(f"NV-{n:02d}", f"Nhiệm vụ {n}", f"VT{n % 40:02d}") for n in range(CODES)),
)


def year(people: int, weeks: int) -> list[list[Result]]:
    """Every week's rows; a sixth of the tasks comes back in the next week."""
    draw = Random(1)
    found = []
    open_ones: dict[int, list[Task]] = {}
    for week in Period.parse("2025").weeks()[:weeks]:
        rows = []
        for person in range(people):
            scorer = f"S{person // TEAM:03d}"
            row = scored(draw, week, f"P{person:05d}", scorer, draw.gauss(84, 5), 1.5, spoken(draw, 40))
            tasks = [replace(task, origin="carried") for task in open_ones.get(person, ())]
            for n in range(len(tasks), TASKS):
                code = f"NV-{(person % 40 + 40 * (n % 2)) % CODES:02d}"
                due = week.monday + timedelta(draw.randrange(12))
                name, level = f"Việc {n} của tuần {week}", draw.choice(LEVELS)
                tasks.append(Task("", name, code=code, complexity=level, due=due, product="Văn bản"))
            statuses = [draw.choice((DONE, DONE, DONE, DONE, DONE_LATE, DOING)) for _ in tasks]
            tasks = [
                replace(task, key=f"{n:02d}", status=status, evidence=f"Công văn số {draw.randrange(999)}")
                for n, (task, status) in enumerate(zip(tasks, statuses, strict=True))
            ]
            open_ones[person] = [task for task in tasks if task.status == DOING]
            rows.append(replace(row, tasks=tuple(tasks), position=f"VT{person % 40:02d}"))
        found.append(rows)
    return found


def plain(flat: pd.DataFrame) -> pd.DataFrame:
    """What a position did, as a competent analyst counts it."""
    last = flat.drop_duplicates(["person", "code", "name"], keep="last")
    done = last["status"].isin([DONE, DONE_LATE])
    due = done | (last["due"] <= date(2025, 12, 26))
    table = last.assign(done=done, due=due, on_time=last["status"].eq(DONE))
    return table.groupby("position")[["done", "due", "on_time"]].sum()


def timed(what: str, call: Callable[[], Answer]) -> Answer:
    start, worked = time.perf_counter(), time.process_time()
    answer = call()
    print(f"  {what:<56} {time.perf_counter() - start:6.2f} s, CPU {time.process_time() - worked:5.2f} s")
    return answer


def main(people: int, weeks: int) -> None:
    """Print the times."""
    by_week = year(people, weeks)
    rows = [row for week in by_week for row in week]
    tasks = sum(len(row.tasks) for row in rows)
    print(f"{people} people, {weeks} weeks: {len(rows):,} forms, {tasks:,} task rows")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    staffing = timed("task statistics of all positions", lambda: staffing_over(rows, RULES, OFFICE))
    found = timed("coefficients with 400 draws", lambda: propose(rows, RULES, OFFICE))
    timed("own words beside last week's and all colleagues'", lambda: repeated_texts(rows))
    signals = timed("all signals (the words among them)", lambda: fairness_of(rows, RULES).signals)
    columns = ["person", "position", "code", "name", "status", "due"]
    flat = pd.DataFrame(
        [(row.code, row.position, t.code, t.name, t.status, t.due) for row in rows for t in row.tasks], columns=columns
    )
    table = timed("plain pandas: positions alone, over flat rows", lambda: plain(flat))
    assert [each.counted.due for each in staffing.positions] == table["due"].tolist()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory: {before / 1024:.0f} MB with all forms, {memory / 1024:.0f} MB at most")
    print(f"  {staffing.whole.counted.works:,} pieces of work; {found.cases:,} regressed; {len(signals)} signals")


if __name__ == "__main__":
    main(*(int(number) for number in (sys.argv[1:] or (500, 52))))
