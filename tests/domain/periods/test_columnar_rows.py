"""What is kept of a week as columns is the week: nothing is lost, nothing is rounded, and who counts by it counts the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import pytest
from pandas.testing import assert_frame_equal
from pydantic import TypeAdapter

from evalxl.domain.analysis.coefficient_proposals import propose_from
from evalxl.domain.analysis.scoring_signals import fairness_over
from evalxl.domain.analysis.staffing import WeekSpan, staffing_of
from evalxl.domain.evaluation.scoring import Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.evaluation.work_items import people_in
from evalxl.domain.periods.columnar_rows import SHARES, joined, pack_details, pack_results, rows_of, share_of
from evalxl.domain.periods.rollups import roll_up
from evalxl.domain.periods.task_ratios import by_person, task_ratios
from evalxl.domain.periods.weekly_table import one_table, table_of, weekly_table
from evalxl.domain.rulebook import read_rulebook
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Period, Week
from evalxl.records.package_files import shipped
from tests.benchmarks.statistics import OFFICE, year
from tests.domain.analysis.at_hand import fairness_of, propose, staffing_over
from tests.domain.offices_that_score import RULES
from tests.standard_parts import in_parts

PEOPLE, WEEKS = 60, 9


@cache
def weeks() -> Sequence[Sequence[Result]]:
    """A made-up year's beginning: people come and go, some weeks are unscored, managers check tasks, codes are spelled as they come."""
    draw = Random(7)
    return [[_varied(row, draw) for row in week if draw.random() > 0.05] for week in year(PEOPLE, WEEKS)]


def _written(draw: Random) -> dict[str, Any]:
    """Everything that people wrote of a row, each in words of its own."""
    names = (
        "conduct_note",
        "reply",
        "comment",
        "explanation",
        "breach_note",
        "opinion",
        "reason",
        "proposals",
        "absence",
    )
    return {name: f"Lời {name} {draw.randrange(99)}" for name in names}


def _varied(row: Result, draw: Random) -> Result:
    tasks = tuple(
        replace(
            task,
            code=draw.choice((task.code, task.code.lower())),
            done=draw.choice((None, Decimal("2.50"), Decimal(0))),
        )
        for task in row.tasks
    )
    checks = {
        task.key: Check(
            task.name, status="Chưa hoàn thành", recognised=draw.choice(("", "Không")), faults=draw.choice((None, 2))
        )
        for task in tasks
        if draw.random() < 0.2
    }
    row = replace(row, tasks=tasks, checks=checks, flags=draw.choice(((), ("late",), ("late", "delegated"))))
    what = draw.random()
    if what < 0.1:
        return replace(
            row, state="absent", basis="none", counted_total=None, scored=in_parts(), approved=in_parts(), tasks=()
        )
    if what < 0.2:
        return replace(row, **_written(draw), difficulties="Thiếu máy tính.\nThiếu người.", head="VP-01")
    return replace(
        row, counted_total=Decimal("80.250"), approved=in_parts(Decimal("30.0"), Decimal("30.25"), Decimal("20.000"))
    )


def kept(rows: Sequence[Result]) -> list[Result]:
    """A week after it was written down and read again."""
    shares = (json.loads(json.dumps(pack_details(rows, share))) for share in range(SHARES))
    found = [one for told in shares for one in joined(told, rows[0].week)]
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def parts() -> Iterator[list[tuple[int, Result]]]:
    for share in range(SHARES):
        yield [one for week in weeks() for one in enumerate(kept(week)) if share_of(one[1].code) == share]


def rows() -> list[Result]:
    return [row for week in weeks() for row in week]


def test_a_week_comes_out_as_it_went_in_to_the_last_digit() -> None:
    for week in weeks():
        again = kept(week)
        assert again == list(week)
        assert [repr(row) for row in again] == [repr(row) for row in week]


def test_a_task_with_everything_and_one_with_nothing_come_out_as_they_went_in() -> None:
    full = Task(
        *("01", "Đề án A", "NV-01", True, True, "medium", Decimal("1.30"), "văn bản", Decimal("2.0"), Decimal("1E+1")),
        *(date(2025, 6, 3), date(2025, 6, 4), "Hoàn thành", "Tờ trình", "Số 5", "Chờ ý kiến", "carried"),
    )
    row = replace(
        weeks()[0][0], tasks=(full, Task("02", "Việc")), checks={"01": Check("Đề án A", "Có", faults=0, delays=3)}
    )
    assert repr(kept([row])) == repr([row])
    assert kept([replace(row, tasks=(), checks={})]) == [replace(row, tasks=(), checks={})]


def test_somebody_is_in_the_same_share_however_the_code_is_spelled() -> None:
    assert share_of("vp-01") == share_of("VP-01")
    assert {share_of(f"P{n}") for n in range(200)} == set(range(SHARES))


def test_what_does_not_fit_is_refused() -> None:
    told = dict(pack_results(weeks()[0]))
    with pytest.raises(KeyError):
        rows_of({name: column for name, column in told.items() if name != "band"}, Week(2025, 1))


def test_a_period_counted_part_by_part_is_the_one_counted_at_once() -> None:
    """Means, task statistics, coefficients, ratios, signals: every figure."""
    tables = (table_of(json.loads(json.dumps(pack_results(week))), week[0].week, {}) for week in weeks())
    table = one_table(tables)
    span = WeekSpan({week[0].week: RULES for week in weeks()}, weeks()[-1][0].week.monday + timedelta(4))
    decree = read_rulebook((shipped("rulebooks") / "nd-335-2025.toml").read_bytes(), "nd-335-2025")
    method = decree.period.ratios
    assert method is not None
    period = Period.parse("2025")
    at_once = by_person(rows())

    assert_frame_equal(table, weekly_table(rows()))
    assert roll_up(table, period, RULES) == roll_up(weekly_table(rows()), period, RULES)
    assert staffing_of(parts(), span, OFFICE) == staffing_over(rows(), RULES, OFFICE)
    assert propose_from(parts(), RULES, OFFICE) == propose(rows(), RULES, OFFICE)
    assert fairness_over(map(kept, weeks()), RULES) == fairness_of(rows()[::-1], RULES)
    assert {key: task_ratios(mine, RULES, period.last, method) for key, _, mine in people_in(parts())} == {
        key: task_ratios(mine, RULES, period.last, method) for key, mine in at_once.items()
    }


def test_what_was_worked_out_of_a_period_is_kept_as_it_is() -> None:
    span = WeekSpan({week[0].week: RULES for week in weeks()}, weeks()[-1][0].week.sunday)
    found = (staffing_of(parts(), span, OFFICE), propose(rows(), RULES, OFFICE), fairness_of(rows(), RULES))
    for one in found:
        form = TypeAdapter(type(one))
        assert form.validate_python(json.loads(json.dumps(form.dump_python(one, mode="json")))) == one
