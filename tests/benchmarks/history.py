"""A long history: how long opening, asking and rolling up take with a year of thousands of people in the ledger, and how much memory.

    python -m tests.benchmarks.history [PEOPLE] [WEEKS] [FOLDER]

The ledger is made up, through the records room's own writer: for each person and week a form that went out and came back with five tasks, a score and an
approval. Beside it plain pandas reads the weekly rows of the last month from one CSV and takes the same means. Each figure is of a process of its own, with
the most memory that it took; a folder that is named is kept and used again.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import psutil

from evalxl.domain.organisation.people import Organisation, Post
from evalxl.domain.periods.rollups import roll_up
from evalxl.domain.periods.weekly_table import GRAIN, weekly_table
from evalxl.domain.weeks import Period, Week
from evalxl.forms.organisation.reading import canonical
from evalxl.records import folders, long_ledger
from evalxl.records.archive import Archive, digest_of
from evalxl.records.cache import cache_folder
from evalxl.records.ledger_index import LedgerIndex
from evalxl.records.long_ledger import LongLedger
from evalxl.records.rulebooks import find_rulebook
from evalxl.steps.office.office import Office, rulebook_text
from evalxl.steps.office.past_weeks import weeks_of
from evalxl.steps.views.week_view import week_view
from tests.benchmarks.week import fresh_office, organisation

LAST_DAY = date(2026, 1, 5)
YEAR = Period.parse("2025")
TASKS = 5


def made_up(folder: Path, people: int, weeks: int) -> None:
    """An office with a ledger of so many people and weeks."""
    fresh_office(folder, people)
    crew = organisation(people)
    rules = find_rulebook(folder, "cv-8679-2025")
    archive, draw = Archive(folder / folders.ARCHIVE), Random(1)
    snapshot = json.dumps(canonical(crew), ensure_ascii=False, sort_keys=True).encode()
    book = archive.keep(rulebook_text(Office.open(folder), rules), ".toml")
    by = {"rules": book, "organisation": archive.keep(snapshot, ".json"), "rulebook": rules.stamp}
    ledger = LongLedger(folder / folders.LEDGER, folders.witness_of(folder), index(folder))
    for week in YEAR.weeks()[:weeks]:
        for part in _files(crew, week, by, draw, len(ledger.events)):
            ledger.append(part, str(week))


def _files(
    crew: Organisation, week: Week, by: dict[str, str], draw: Random, seq: int
) -> Iterator[list[dict[str, Any]]]:
    """The ledger's files of one week: what went out, what came back, scores, approvals, the closing."""
    monday = datetime.fromisoformat(f"{week.monday}T08:00:00+07:00")
    posts = [post for post in crew.posts if post.rank != "board_leader"]

    def event(kind: str, days: int, **more: Any) -> dict[str, Any]:
        at = (monday + timedelta(days)).isoformat(timespec="seconds")
        return {"kind": kind, "week": str(week), "at": at, "by": "benchmark", **more}

    out = [
        event("rules", 0, sha256=by["rules"], rulebook=by["rulebook"]),
        event("organisation", 0, sha256=by["organisation"]),
    ]
    yield [*out, *(event("issued", 0, **_form(post, week, by)) for post in posts)]
    seq += len(out) + len(posts)
    there = [post for post in posts if draw.random() > 0.03]
    yield [event("received", 4, **_filled(post, week, draw)) for post in there]
    seq += len(there)
    scores = {post.code: _scores(draw) for post in there}
    yield [event("scored", 7, **_booked(post, week, scores[post.code]), version=_sha(post, week)) for post in there]
    yield [
        event("approved", 7, **_booked(post, week, scores[post.code]), score_seq=seq + number)
        for number, post in enumerate(there, 1)
    ]
    yield [event("closed", 8, organisation=by["organisation"], reason="")]


def _sha(post: Post, week: Week) -> str:
    return digest_of(f"{post.code}/{week}".encode())


def _form(post: Post, week: Week, by: dict[str, str]) -> dict[str, Any]:
    shown = {"ev_person_code": post.code, "ev_person_name": post.name, "ev_unit_code": post.unit, "ev_week": str(week)}
    lists = {"ev_list_task_code": [f"NV-{n:02d}" for n in range(32)], "ev_office_name": "Ban Công tác Minh Họa"}
    return {
        "form_id": _sha(post, week)[:32],
        "workbook": "form",
        "subject": post.code,
        "values": shown | lists,
        "path": _path(post, week),
        "sha256": _sha(post, week)[::-1],
        "template": by["rules"],
        "rulebook": by["rulebook"],
        "rules": by["rules"],
        "seal": _sha(post, week),
    }


def _path(post: Post, week: Week) -> str:
    return f"{week}/{post.unit}/forms/{week}_{post.code}_tran-thi.xlsx"


def _filled(post: Post, week: Week, draw: Random) -> dict[str, Any]:
    tasks = [
        {
            "key": f"{n:02d}",
            "name": f"Tham mưu văn bản số {draw.randrange(400)} của tuần {week}",
            "product": "Tờ trình",
            "code": f"NV-{draw.randrange(32):02d}",
            "due": str(week.monday + timedelta(draw.randrange(9))),
            "assigned": "2",
            "done": "2",
            "evidence": f"Tờ trình số {draw.randrange(999)}-TTr/VP",
            "complexity": "medium",
            "status": draw.choice(("Hoàn thành", "Hoàn thành", "Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện")),
            **({"important": True} if draw.random() < 0.2 else {}),
        }
        for n in range(1, TASKS + 1)
    ]
    note = f"- Chấp hành nghiêm giờ làm việc tuần {week}.\n- Phối hợp với đồng nghiệp khi được yêu cầu."
    content = {"submitted": True, "scores": _scores(draw), "tasks": tasks, "conduct_note": note, "plan": []}
    if draw.random() < 0.005:
        content["difficulties"] = f"Chờ ý kiến của Sở về hồ sơ số {draw.randrange(99)}."
    return {
        "verdict": "submitted",
        "file": _path(post, week),
        "sha256": _sha(post, week),
        "workbook": "form",
        "form_id": _sha(post, week)[:32],
        "subject": post.code,
        "content": content,
        "producer": "evalxl",
        "mtime": f"{week.monday}T08:00:00+00:00",
    }


def _scores(draw: Random) -> dict[str, str]:
    return {
        part: str(draw.randrange(most - 16, 2 * most + 1) / 2)
        for part, most in (("quality", 40), ("progress", 40), ("conduct", 20))
    }


def _booked(post: Post, week: Week, scores: dict[str, str]) -> dict[str, Any]:
    book = f"{week}/{post.unit}/scoring/{week}_{post.unit}-00_cham-diem.xlsx"
    cells = {
        name: {"file": book, "sheet": "Chấm điểm", "cell": f"M{n}"} for n, name in enumerate((*scores, "decision"), 7)
    }
    return {
        "subject": post.code,
        "by_code": f"{post.unit}-00",
        "scores": scores,
        "source": {"cells": cells, "form_id": _sha(post, week)[:32]},
    }


def first_opening(folder: Path) -> str:
    """Without an index: all files are read and the chain is followed."""
    index(folder).forget()
    return f"{len(Office.open(folder).ledger.events):,} events"


def opening(folder: Path) -> str:
    return f"{len(Office.open(folder).history.weeks)} weeks"


def one_person(folder: Path) -> str:
    """What the last week says of one person."""
    office = Office.open(folder)
    week = max(office.history.weeks)
    return office.history.week(week).person("V00-07").code


def one_week(folder: Path) -> str:
    office = Office.open(folder)
    return f"{len(week_view(office, max(office.history.weeks), LAST_DAY).view.results):,} rows"


def last_month(folder: Path) -> str:
    """The means of the last whole month, and its weekly rows as a CSV for pandas."""
    office = Office.open(folder)
    weeks = weeks_of(office, office.history, month(office))
    table = weekly_table(row for week in weeks for row in week.plain())
    means = roll_up(table, month(office), weeks[-1].rules)
    table[["code", "week", "state", "approved_total"]].to_csv(folder / "weeks.csv", index=False)
    return f"{len(table):,} rows, {sum((row.counted_total or Decimal(0) for row in means), Decimal(0)):.6f}"


def plain_pandas(folder: Path) -> str:
    table = pd.read_csv(folder / "weeks.csv")
    approved = table[table["state"].eq("approved")]
    means = approved.groupby("code")["approved_total"].mean() / GRAIN
    return f"{len(table):,} rows, {means.sum():.6f}"


def month(office: Office) -> Period:
    last = max(office.history.weeks).thursday
    return Period.parse(f"{last:%Y-%m}")


def index(folder: Path) -> LedgerIndex:
    return LedgerIndex.of(folder / folders.LEDGER, cache_folder())


def measured(work: Callable[[Path], str], folder: Path) -> tuple[float, float, float, str]:
    """Wall clock, processor time, most memory in MB, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    told = work(folder)
    memory = psutil.Process().memory_info()
    peak = getattr(memory, "peak_wset", 0) or _peak()
    return time.perf_counter() - wall, time.process_time() - cpu, peak / 2**20, told


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(people: int = 1000, weeks: int = 52, folder: Path | None = None) -> None:
    """Print a line per question."""
    where = folder or Path(tempfile.mkdtemp(prefix="evalxl-history-")) / "office"
    try:
        if not where.exists():
            made_up(where, people, weeks)
        size = sum(path.stat().st_size for path in (where / folders.LEDGER).iterdir())
        print(f"{people:,} people, {weeks} weeks: {size / 2**20:,.0f} MB of ledger")
        if size < long_ledger.LONG:
            print("  a short ledger: it is read whole")
        seconds: dict[str, float] = {}
        for work in (first_opening, opening, one_person, one_week, last_month, plain_pandas):
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
                wall, cpu, memory, told = alone.submit(measured, work, where).result()
            seconds[work.__name__] = cpu
            name = work.__name__.replace("_", " ")
            print(f"  {name:16} {wall:8.2f} s  (processor {cpu:7.2f} s) {memory:7.0f} MB  {told}", flush=True)
        print(
            f"  the last month takes {seconds['last_month'] / seconds['plain_pandas']:.0f} times as long as plain pandas"
        )
    finally:
        index(where).forget()
        if folder is None:
            shutil.rmtree(where.parent)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *map(Path, sys.argv[3:4]))
