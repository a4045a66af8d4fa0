"""Quantity, quality and timeliness of what was assigned (Nghị định 335/2025/NĐ-CP)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import evalxl
from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.periods.task_ratios import TaskRatios, task_ratios
from evalxl.domain.rulebook import Ratios, read_rulebook
from evalxl.domain.typed_rows import Check
from tests.domain.periods.test_rollups import result
from tests.samples_of_weeks import rules

OTHER = read_rulebook((Path(evalxl.__file__).parent / "rulebooks" / "nd-335-2025.toml").read_bytes(), "nd-335")
ENDS = date(2025, 6, 30)


def method() -> Ratios:
    assert OTHER.period.ratios is not None
    return OTHER.period.ratios


def week(number: int, *tasks: Task, checks: dict[str, Check] | None = None) -> Result:
    return replace(result(f"2025-W{number}", "A"), tasks=tasks, checks=checks or {})


def task(key: str, status: str = DONE, **more: object) -> Task:
    return replace(Task(key, f"Việc {key}", status=status, due=date(2025, 6, 5)), **more)


def ratios(*weeks: Result) -> TaskRatios:
    return task_ratios(weeks, rules(), ENDS, method())


def test_everything_done_in_time_is_the_most() -> None:
    found = ratios(week(23, task("01"), task("02")))

    assert (found.quantity, found.quality, found.timeliness) == (1, 1, 1)
    assert found.points(method()) == 70


def test_a_task_done_in_part_counts_for_its_part_and_late_work_loses_a_quarter() -> None:
    found = ratios(
        week(23, task("01", DONE_LATE), task("02", NOT_DONE), task("03", assigned=Decimal(4), done=Decimal(3)))
    )

    # Six pieces were assigned: one came late, one did not come, three of four were done.
    assert found.quantity == Decimal(4) / 6
    assert found.timeliness == Decimal("3.75") / 6


def test_each_failed_review_and_each_delay_takes_a_quarter_and_never_more_than_all() -> None:
    checks = {
        "01": Check(task="Việc 01", faults=1, delays=2),
        "02": Check(task="Việc 02", faults=9, delays=9),
    }
    found = ratios(week(23, task("01"), task("02"), checks=checks))

    assert (found.quantity, found.quality, found.timeliness) == (1, Decimal("0.375"), Decimal("0.25"))


def test_an_objective_cause_that_the_manager_accepted_is_left_out() -> None:
    checks = {"01": Check(task="Việc 01", cause_accepted="Có"), "02": Check(task="Việc 02", cause_accepted="Không")}
    found = ratios(week(23, task("01", NOT_DONE), task("02", NOT_DONE), task("03"), checks=checks))

    assert (found.tasks, found.excepted, found.quantity) == (2, 1, Decimal("0.5"))


def test_work_that_goes_on_over_weeks_counts_once_as_its_last_week_has_it() -> None:
    first = week(23, task("01", DOING))
    second = week(24, task("03", DONE_LATE, name="Việc 01", origin="carried"))

    assert ratios(first, second).tasks == 1
    assert ratios(first, second).quantity == 1


def test_the_same_work_done_anew_in_every_week_counts_every_time() -> None:
    assert ratios(week(23, task("01")), week(24, task("01")), week(25, task("01"))).tasks == 3


def test_what_is_not_due_yet_is_left_for_the_next_period() -> None:
    found = ratios(week(23, task("01"), task("02", DOING, due=date(2025, 7, 3))))

    assert found.tasks == 1


def test_a_product_that_was_refused_recognition_was_not_done() -> None:
    found = ratios(week(23, task("01"), checks={"01": Check(task="Việc 01", recognised="Không")}))

    assert (found.quantity, found.quality, found.timeliness) == (0, 0, 0)


@pytest.mark.parametrize("state", ["draft", "invalid", "not_submitted", "absent"])
def test_nothing_is_counted_of_a_week_that_was_not_handed_in(state: str) -> None:
    found = ratios(replace(week(23, task("01")), state=state))

    assert (found.tasks, found.mean, found.points(method())) == (0, None, None)


def test_the_second_rule_book_rates_at_ninety_seventy_and_fifty() -> None:
    assert [int(band.at_least) for band in OTHER.period_bands] == [90, 70, 50, 0]
    assert method().maximum == 100
