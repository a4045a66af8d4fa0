"""How long a week takes, beside the plain openpyxl and pandas way of doing the same.

    python -m tests.benchmarks.week [PEOPLE] [ROUNDS]

Both ways work on the same office and the same files, in turn, in one run; the medians and their ratio are printed. The plain way is what a
competent analyst writes: openpyxl fills a template per person; pandas reads each form, concatenates, writes one workbook. It checks nothing,
keeps nothing, and compares no locked cell.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pandas as pd

from evalxl.domain.organisation.people import Organisation, Post, Unit
from evalxl.domain.weeks import Week
from evalxl.excel.organisation_book import write_organisation
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.records.package_files import shipped
from evalxl.records.rulebooks import find_rulebook
from evalxl.steps.admin.init import init
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.office.office import Clock, Office
from tests.people import GOOD_FORM, cells

WEEK = Week(2025, 23)
CLOCK = Clock(datetime(2025, 6, 6, 10, 0, tzinfo=UTC), "benchmark")
TEAM = 20


def organisation(people: int) -> Organisation:
    """Departments of twenty, each with a director, under one leader of the board."""
    units = [Unit("LD", "Lãnh đạo Ban", head="LD-1")]
    posts = [Post("LD-1", "Nguyễn Văn Một", "LD", "board_leader")]
    for number in range(people):
        unit = f"V{number // TEAM:02d}"
        head = number % TEAM == 0
        if head:
            units.append(Unit(unit, f"Vụ số {number // TEAM}", "LD", f"{unit}-00", "LD-1"))
        name = f"Trần Thị Số {number}"
        posts.append(Post(f"{unit}-{number % TEAM:02d}", name, unit, "director" if head else "official"))
    return Organisation(tuple(units), tuple(posts))


def fresh_office(folder: Path, people: int) -> Path:
    init(folder)
    rules = find_rulebook(folder, "cv-8679-2025")
    (folder / "organisation.xlsx").write_bytes(write_organisation(organisation(people), "vi", rules))
    return folder


def fill_all(folder: Path) -> list[Path]:
    """Everybody fills the form; the typed cells are put in as a program would save them."""
    paths = sorted((folder / "shared" / str(WEEK)).rglob("forms/*.xlsx"))
    for path in paths:
        data = path.read_bytes()
        path.write_bytes(Stencil(data, kinds.FORM).stamp(GOOD_FORM, {}))
    return paths


def plain_issue(template: Path, to: Path, people: list[tuple[str, str]], once: bool) -> None:
    """The plain way to write a form per person: openpyxl loads the template (once, or each time), fills it and saves it."""
    to.mkdir(parents=True)
    book = openpyxl.load_workbook(template)
    for code, name in people:
        if not once:
            book = openpyxl.load_workbook(template)
        for field, value in (("ev_person_code", code), ("ev_person_name", name), ("ev_week", str(WEEK))):
            cells(book, field)[0].value = value
        book.save(to / f"{code}.xlsx")


def plain_consolidate(forms: list[Path], to: Path) -> None:
    """The plain way to read the forms and write one workbook: pandas in a loop, concat, to_excel."""
    frames = [pd.read_excel(path, sheet_name=0, header=None).assign(file=path.name) for path in forms]
    tasks = [pd.read_excel(path, sheet_name=1, header=None).assign(file=path.name) for path in forms]
    with pd.ExcelWriter(to, engine="openpyxl") as writer:
        pd.concat(frames).to_excel(writer, sheet_name="results")
        pd.concat(tasks).to_excel(writer, sheet_name="tasks")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of processor time of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main(people: int = 200, rounds: int = 5) -> None:
    """Run both ways in turn and print the medians."""
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp(prefix="evalxl-benchmark-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    template = shipped("templates") / "form.xlsx"
    measured: dict[str, list[tuple[float, float]]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        measured.setdefault(name, []).append(timed(work))

    try:
        for number in range(rounds):
            office = fresh_office(folder / f"o{number}", people)
            crew = [(post.code, post.name) for post in organisation(people).posts[1:]]
            note("issue · evalxl", lambda office=office: issue(Office.open(office), WEEK, CLOCK))
            note(
                "issue · openpyxl, template loaded once",
                lambda n=number, crew=crew: plain_issue(template, folder / f"a{n}", crew, True),
            )
            if number == 0:
                few = crew[: max(10, people // 10)]
                note(
                    "issue · openpyxl, template loaded each time",
                    lambda few=few: plain_issue(template, folder / "b", few, False),
                )
            consolidate(Office.open(office), WEEK, CLOCK)
            forms = fill_all(office)
            note("consolidate · evalxl", lambda office=office: consolidate(Office.open(office), WEEK, CLOCK))
            note(
                "consolidate · evalxl, nothing new", lambda office=office: consolidate(Office.open(office), WEEK, CLOCK)
            )
            note("consolidate · pandas", lambda forms=forms, n=number: plain_consolidate(forms, folder / f"m{n}.xlsx"))
        each = max(10, people // 10)
        _print(measured, people, each)
    finally:
        shutil.rmtree(folder)


def _print(measured: dict[str, list[tuple[float, float]]], people: int, each: int) -> None:
    print(f"{people} people; medians of the runs; seconds, and milliseconds a form")
    for name, runs in measured.items():
        wall, cpu = (statistics.median(run[part] for run in runs) for part in (0, 1))
        count = each if "each time" in name else people
        print(
            f"  {name:45} {wall:8.3f} s  {1000 * wall / count:8.3f} ms a form  (processor {1000 * cpu / count:8.3f} ms)"
        )
    for ours, theirs in (
        ("issue · evalxl", "issue · openpyxl, template loaded once"),
        ("issue · evalxl", "issue · openpyxl, template loaded each time"),
        ("consolidate · evalxl", "consolidate · pandas"),
    ):
        mine = statistics.median(run[0] for run in measured[ours]) / people
        other = statistics.median(run[0] for run in measured[theirs]) / (each if "each time" in theirs else people)
        print(f"  {theirs.partition(' · ')[2]:45} takes {other / mine:6.1f} times as long as evalxl")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
