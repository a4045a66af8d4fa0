"""The suggested score and the guide say the same of a person's tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, STATUSES, Task
from evalxl.domain.evaluation.suggestions import as_checked, facts_of, line_that_holds, outside_guide, suggested
from evalxl.domain.rulebook import BadRuleBookError, RuleBook, read_rulebook
from evalxl.domain.typed_rows import Check
from evalxl.records.package_files import shipped
from tests.counted_guide import guide_that_counts

SUNDAY = date(2025, 6, 8)
rows_of_a_form = st.lists(
    st.builds(
        Task,
        key=st.just("01"),
        name=st.just("Việc"),
        status=st.sampled_from([*STATUSES, ""]),
        important=st.booleans(),
        due=st.none() | st.dates(SUNDAY - timedelta(days=3), SUNDAY + timedelta(days=3)),
        product=st.sampled_from(["", "Tờ trình"]),
        coefficient=st.sampled_from([Decimal(1), Decimal("1.2"), Decimal("1.35"), Decimal(2)]),
    ),
    max_size=40,
)


@cache
def book(name: str) -> RuleBook:
    if name == "counts":
        return guide_that_counts()
    return read_rulebook((shipped("rulebooks") / f"{name}.toml").read_bytes(), name)


def task(status: str = DONE, important: bool = False, product: str = "Báo cáo") -> Task:
    return Task("01", "Việc", status=status, important=important, due=SUNDAY, product=product)


@pytest.mark.parametrize("name", ["cv-8679-2025", "nd-335-2025", "counts"])
@given(rows=rows_of_a_form)
def test_the_suggestion_lies_in_the_range_of_the_line_that_describes_the_tasks(name: str, rows: list[Task]) -> None:
    rules, facts = book(name), facts_of(rows, SUNDAY)
    for code, value in suggested(rows, rules, SUNDAY).items():
        line = line_that_holds(rules.part(code), facts, rules)
        assert (line is None) == (value is None)
        if line is not None and value is not None:
            assert line.low <= value <= line.high
            assert value % rules.step == 0


@given(rows=rows_of_a_form)
def test_the_shipped_guide_leaves_the_share_as_it_is(rows: list[Task]) -> None:
    rules = book("cv-8679-2025")
    bare = rules.model_copy(
        update={
            "parts": tuple(
                part.model_copy(update={"guide": tuple(line.model_copy(update={"when": ()}) for line in part.guide)})
                for part in rules.parts
            )
        }
    )

    assert suggested(rows, rules, SUNDAY) == suggested(rows, bare, SUNDAY)


def test_an_important_task_that_was_late_is_suggested_what_its_line_says() -> None:
    rows = [*(task() for _ in range(6)), task(DONE_LATE, important=True)]

    assert suggested(rows, book("cv-8679-2025"), SUNDAY)["progress"] == Decimal("34.5")
    line = line_that_holds(book("cv-8679-2025").part("progress"), facts_of(rows, SUNDAY), book("cv-8679-2025"))
    assert line is not None
    assert (line.low, line.high) == (30, Decimal("35.5"))
    assert suggested(rows, book("counts"), SUNDAY)["progress"] == Decimal("19.5")


def test_a_score_off_the_step_is_in_the_line_below_the_next_one() -> None:
    rules = book("cv-8679-2025")
    rows = [task(), task(), task(), task(DONE_LATE)]

    assert not outside_guide({"progress": Decimal("35.75"), "quality": Decimal(36)}, rows, rules, SUNDAY)
    (found,) = outside_guide({"progress": Decimal(36), "quality": Decimal(36)}, rows, rules, SUNDAY)
    assert (found.part.code, found.score, found.range.low) == ("progress", 36, 30)
    assert outside_guide({"progress": Decimal("29.5")}, rows, rules, SUNDAY)
    assert not outside_guide({"progress": Decimal(1)}, [], rules, SUNDAY)


def test_the_managers_checks_say_what_counts_of_a_task() -> None:
    rules = book("cv-8679-2025")
    rows = [task(), replace(task(), key="02")]
    checked = as_checked(rows, {"02": Check(task="Việc", status=NOT_DONE, recognised="Không")})

    assert suggested(checked, rules, SUNDAY) == {"quality": Decimal(20), "progress": Decimal(20)}
    assert as_checked([task(""), task(DOING)], {})[0].standing == DOING


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("at_least = 36, when = [{ fact", "at_least = 36, when = [{ fakt", "fact"),
        ("at_least = 0.9 }]", "at_least = 9 }]", "share"),
        (', at_least = 0.9 }]', " }]", "neither"),
        ("when = [{ fact = \"share_with_product\", at_least = 0.5 }], ", "", "hides"),
        ("{ at_least = 30, when", "{ at_least = 37, when", "fall"),
        ("{ at_least = 30, when", "{ at_least = 30.3, when", "steps"),
        ("{ at_least = 0, vi", '{ at_least = 0, when = [{ fact = "late", at_most = 1 }], vi', "none may hold"),
    ],
)  # fmt: skip
def test_a_guide_that_would_leave_tasks_undescribed_is_no_rule_book(old: str, new: str, problem: str) -> None:
    told = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8")
    assert old in told

    with pytest.raises(BadRuleBookError) as slip:
        read_rulebook(told.replace(old, new, 1).encode(), "own.toml")

    assert problem in str(slip.value)


def test_a_copy_with_a_lower_maximum_than_its_guide_is_read_and_suggests_the_bare_share() -> None:
    told = (shipped("rulebooks") / "cv-8679-2025.toml").read_text(encoding="utf-8")
    head, _, rest = told.partition('code = "progress"')
    rules = read_rulebook(
        (head + 'code = "progress"' + rest.replace("maximum = 40", "maximum = 30", 1)).encode(), "own"
    )

    assert suggested([task(), task(DONE_LATE)], rules, SUNDAY)["progress"] == 15
    assert not outside_guide({"progress": Decimal(1)}, [task()], rules, SUNDAY)
