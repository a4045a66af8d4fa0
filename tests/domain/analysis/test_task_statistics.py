"""Task statistics by job position, by the manager's word where it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.analysis.task_statistics import positions
from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, STATUSES, Task
from evalxl.domain.evaluation.week_view import STATES, PositionLine, Result, State
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Week
from tests.domain.conftest import STANDARD

WEEK = Week(2025, 23)
NAMES = {"TH": "Tổng hợp", "VT": "Văn thư"}
REPORT = Task(
    "01", "Báo cáo", status=DONE, product="Báo cáo số 12", done=Decimal(2), due=date(2025, 6, 6), important=True
)


def result(
    code: str, *tasks: Task, position: str = "TH", state: State = "scored", checks: dict[str, Check] | None = None
) -> Result:
    return Result(
        WEEK,
        code,
        "Lê An",
        "V1",
        "Vụ 1",
        "",
        "official",
        position,
        "V1T",
        "V1T",
        state,
        tasks=tasks,
        checks=checks or {},
    )


def line(rules: RuleBook, *tasks: Task, **checks: Check) -> PositionLine:
    by_key = {key.removeprefix("k"): check for key, check in checks.items()}
    return positions([result("01", *tasks, checks=by_key)], NAMES, rules)[0]


def test_a_position_is_counted_over_its_people(rules: RuleBook) -> None:
    late = Task("02", "Kế hoạch", status=DONE_LATE, due=date(2025, 6, 5), product="Kế hoạch 3", unplanned=True)
    open_task = Task("03", "Đề án", status=DOING, due=date(2025, 6, 30), done=Decimal("0.5"))
    overdue = Task("04", "Tờ trình", status=NOT_DONE, due=date(2025, 6, 8))

    found = positions([result("01", REPORT, late), result("02", open_task, overdue)], NAMES, rules)

    assert found == (
        PositionLine(
            position="TH",
            name="Tổng hợp",
            people=2,
            tasks=4,
            products=2,
            volume=Decimal("3.5"),  # 2 reports, one plan without a quantity, half a project
            due=3,
            on_time=1,
            important=1,
            unplanned=1,
        ),
    )


def test_what_is_completed_before_it_is_due_counts_as_due_and_on_time(rules: RuleBook) -> None:
    early = line(rules, replace(REPORT, due=date(2025, 6, 30)), replace(REPORT, key="02", due=None))

    assert [early.due, early.on_time] == [2, 2]


def test_positions_stand_in_the_offices_order_and_those_without_one_last(rules: RuleBook) -> None:
    people = [result("01", REPORT, position=position) for position in ("", "ZZ", "VT", "AA", "TH")]

    found = positions(people, NAMES, rules)

    assert [(one.position, one.name) for one in found] == [
        ("TH", "Tổng hợp"),
        ("VT", "Văn thư"),
        ("AA", "AA"),
        ("ZZ", "ZZ"),
        ("", ""),
    ]


@pytest.mark.parametrize("state", STATES)
def test_only_reports_that_count_are_counted(rules: RuleBook, state: State) -> None:
    counts = state in ("submitted", "scored", "returned", "approved", "seen")

    found = positions([result("01", REPORT, state=state)], NAMES, rules)[0]

    assert [found.people, found.tasks, found.volume] == ([1, 1, 2] if counts else [0, 0, 0])


def test_the_managers_word_is_counted(rules: RuleBook) -> None:
    boasted = line(rules, REPORT, k01=Check("Báo cáo", status=NOT_DONE, important="Không"))
    modest = line(
        rules, replace(REPORT, status=DOING, important=False), k01=Check("Báo cáo", status=DONE, important="Có")
    )
    elsewhere = line(rules, REPORT, k01=Check("Việc khác", status=NOT_DONE, important="Không"))

    assert (boasted.due, boasted.on_time, boasted.products, boasted.important) == (1, 0, 0, 0)
    assert (modest.due, modest.on_time, modest.products, modest.important) == (1, 1, 1, 1)
    assert elsewhere == line(rules, REPORT)


def test_a_product_that_the_manager_refused_is_not_counted(rules: RuleBook) -> None:
    refused = line(rules, REPORT, k01=Check("Báo cáo", recognised="Không"))

    assert [refused.products, refused.volume] == [0, 0]
    assert line(rules, REPORT, k01=Check("Báo cáo", recognised="Có")) == line(rules, REPORT)
    assert line(rules, replace(REPORT, product="")).products == 0


def test_the_quantity_is_weighted_by_complexity() -> None:
    text = STANDARD.read_text("utf-8").replace('en = "Complex"\ncoefficient = 1.0', 'en = "Complex"\ncoefficient = 1.5')
    weighted = read_rulebook(text.encode(), "own.toml")

    assert line(weighted, replace(REPORT, complexity="Phức tạp")).volume == 3
    assert line(weighted, replace(REPORT, coefficient=Decimal("1.2"))).volume == Decimal("2.4")


tasks = st.builds(
    Task,
    key=st.just("01"),
    name=st.just("Việc"),
    important=st.booleans(),
    status=st.sampled_from([*STATUSES, ""]),
    due=st.none() | st.dates(date(2025, 6, 1), date(2025, 6, 20)),
    product=st.sampled_from(["", "Tờ trình"]),
    done=st.none() | st.decimals(0, 9, places=1),
)
results = st.lists(
    st.builds(
        lambda number, rows, position, state: result(f"{number:02d}", *rows, position=position, state=state),
        st.integers(1, 5),
        st.lists(tasks, max_size=4),
        st.sampled_from(["", "TH", "VT", "ZZ"]),
        st.sampled_from(STATES),
    ),
    max_size=8,
)


@given(people=results)
def test_every_row_is_counted_under_one_position(rules: RuleBook, people: list[Result]) -> None:
    found = positions(people, NAMES, rules)
    counted = [one for one in people if one.state in ("submitted", "scored", "returned", "approved", "seen")]

    assert sum(one.tasks for one in found) == sum(len(one.tasks) for one in counted)
    assert {one.position for one in found} == {one.position for one in people}
    for one in found:
        assert one.on_time <= one.due <= one.tasks
        assert max(one.products, one.important, one.unplanned) <= one.tasks
        assert one.people <= one.tasks
