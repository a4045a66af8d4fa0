"""Files that hang, eat memory or end the process cost their own verdict, and nothing else."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evalxl.excel.returned.examine import Examined, WeekBooks
from evalxl.excel.returned.workers import (
    FileLimits,
    examine_in_worker,
    examine_when_told,
    in_workers,
    kept_workers,
)
from tests.examine_here import examine_here
from tests.excel.returned.test_examine import books, filled

NOBODY = WeekBooks("2025-W23", {}, {}, {})
MB = 1024 * 1024
QUICK = FileLimits(seconds=1.5, memory=200 * MB)


def as_told(data: bytes) -> Examined:
    """Stands for reading a file: does what the file says."""
    word, _, more = data.decode().partition(" ")
    if word == "hang":
        time.sleep(60)
    if word == "grow":
        kept = []
        while True:
            kept.append(bytearray(8 * MB))
            time.sleep(0.001)
    if word == "abort":
        os.abort()
    if word == "once":  # the machine slept, or somebody ended the process
        marker = Path(more)
        if not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
    return Examined("read", subject=word)


def verdicts(*files: str, limits: FileLimits = QUICK, workers: int = 2) -> list[str]:
    examiner = in_workers(workers, limits, as_told)
    seen = examiner(NOBODY, (file.encode() for file in files))
    return [one.subject or one.findings[0].kind for one in seen]


def test_each_file_gets_its_verdict_in_the_order_of_the_files() -> None:
    files = [f"p{number}" for number in range(90)]
    assert verdicts(*files) == files


@pytest.mark.parametrize(
    ("told", "kind"), [("hang", "file.too_costly"), ("grow", "file.too_costly"), ("abort", "file.reader_died")]
)
def test_a_file_that_harms_its_reader_is_refused_and_the_others_are_read(told: str, kind: str) -> None:
    assert verdicts("a", "b", told, "c", "d") == ["a", "b", kind, "c", "d"]


def test_where_the_system_keeps_no_limit_of_memory_the_worker_watches_itself() -> None:
    limits = FileLimits(seconds=30, memory=100 * MB, address_space=False)
    assert verdicts("a", "grow", "b", limits=limits) == ["a", "file.too_costly", "b"]


def test_a_reader_that_ended_by_chance_reads_the_file_again(tmp_path: Path) -> None:
    assert verdicts("a", f"once {tmp_path / 'tried'}", "b") == ["a", "once", "b"]


def test_no_worker_is_started_when_nothing_came() -> None:
    def never(_: bytes) -> Examined:
        raise AssertionError

    assert list(in_workers(2, QUICK, never)(NOBODY, iter(()))) == []


@pytest.mark.parametrize("examiner", [examine_here, in_workers(1)])
def test_a_worker_reads_a_form_as_this_process_would(examiner: Callable[..., object]) -> None:
    (seen,) = examiner(books(), [filled()])  # type: ignore[misc]
    assert seen.verdict == "submitted" and seen.content["scores"]


def test_workers_that_stay_read_each_week_by_what_they_are_told_of_it() -> None:
    """The same file, in a week that knows its form, in one that does not, and in the first again."""
    this, other = books(), WeekBooks(books().week, {}, {}, {})
    files = [filled()] * 9
    with kept_workers(2) as examiner:
        first, second, third = (list(examiner(week, files)) for week in (this, other, this))

    assert {seen.verdict for seen in (*first, *third)} == {"submitted"}
    assert {seen.findings[0].kind for seen in second} == {"form.unknown"}
    assert len(first) == len(second) == len(third) == 9


def test_workers_that_stay_know_what_became_of_an_issue_since() -> None:
    week = books()
    withdrawn = replace(week, issues={form_id: {**issue, "withdrawn": True} for form_id, issue in week.issues.items()})
    with kept_workers(2) as examiner:
        first, second, third = (list(examiner(told, [filled()])) for told in (week, withdrawn, week))

    assert [seen.verdict for seen in (*first, *second, *third)] == ["submitted", "refused", "submitted"]
    assert [finding.kind for finding in second[0].findings] == ["form.withdrawn"]


def test_a_worker_that_was_not_told_of_a_week_says_so_and_refuses_nobody() -> None:
    assert examine_when_told(filled(), b"a week").verdict == "not told"
    assert examine_when_told(filled(), b"a week", pickle.dumps(books())).verdict == "submitted"
    assert examine_when_told(filled(), b"a week").verdict == "submitted"
    assert examine_when_told(filled(), b"another").verdict == "not told"


def broken(data: bytes) -> Examined:
    """A form, in an office whose records name a template that is not there: a slip of ours."""
    return examine_in_worker(filled())


def test_a_slip_of_ours_over_a_file_is_no_fault_of_the_file_and_says_where_it_happened_but_nothing_typed() -> None:
    without_template = WeekBooks("2025-W23", books().issues, {}, books().rules)
    (seen,) = in_workers(1, QUICK, broken)(without_template, [b""])

    assert (seen.verdict, seen.findings[0].kind) == ("refused", "file.our_fault")
    assert seen.slip.startswith("KeyError < ") and "examine.py:" in seen.slip
    assert "examine.py" in seen.traceback and seen.traceback.endswith("builtins.KeyError")
    assert "Nguyễn" not in seen.slip + seen.traceback


def never_told(*_: object) -> None:
    """What a worker is to know cannot be unpacked: it ends before it has seen a file."""
    raise RuntimeError


class NotToBeUnpacked(dict[str, bytes]):
    def __reduce__(self) -> tuple[Callable[..., None], tuple[()]]:
        return never_told, ()


def test_where_no_worker_can_begin_no_file_is_to_blame() -> None:
    week = WeekBooks("2025-W23", {}, NotToBeUnpacked(), {})
    seen = list(in_workers(1, QUICK)(week, [b"", b""]))

    assert [one.findings[0].kind for one in seen] == ["file.our_fault"] * 2
    assert all(one.traceback for one in seen)
