"""Work that takes several weeks counts once, as its last week has it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from evalxl.domain.evaluation.scoring import DOING, DONE, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.evaluation.work_items import works_of
from evalxl.domain.typed_rows import Check
from tests.domain.periods.test_rollups import result


def week(number: int, *tasks: Task, **more: object) -> Result:
    return replace(result(f"2025-W{number}", "A"), tasks=tasks, **more)


def task(name: str, status: str = DONE, origin: str = "", key: str = "01") -> Task:
    return Task(key, name, code="NV-01", status=status, origin=origin)


def test_open_work_that_comes_back_is_one_piece_and_is_as_its_last_week_has_it() -> None:
    (work,) = works_of([week(23, task("Đề án", DOING)), week(24, task("đề  án", DONE, "carried"))])

    assert work.completed and work.rows == 2 and str(work.week.week) == "2025-W24"
    assert work.share == 2


def test_a_name_that_is_reported_anew_after_it_was_completed_is_new_work() -> None:
    works = works_of([week(23, task("Trực")), week(24, task("Trực", DOING)), week(25, task("Trực", DONE, "carried"))])

    assert [(str(work.week.week), work.rows) for work in works] == [("2025-W23", 1), ("2025-W25", 2)]


def test_completed_work_that_the_manager_sent_on_is_still_the_same() -> None:
    not_yet = {"01": Check("Đề án", status=DOING)}
    works = works_of([week(23, task("Đề án"), checks=not_yet), week(24, task("Đề án", DONE, "carried"))])

    assert len(works) == 1 and works[0].completed


def test_work_that_went_on_before_the_manager_called_it_completed_is_still_the_same() -> None:
    said_later = {"01": Check("Đề án", status=DONE)}
    works = works_of([week(23, task("Đề án", DOING), checks=said_later), week(24, task("Đề án", DONE, "carried"))])

    assert len(works) == 1 and works[0].rows == 2


def test_a_week_is_shared_by_its_rows_and_weeks_that_do_not_count_are_left_out() -> None:
    works = works_of([week(23, task("A"), task("B", key="02")), week(24, task("C"), state="draft")])

    assert [work.share for work in works] == [Decimal("0.5"), Decimal("0.5")]
