"""The two-week rule: who is talked with, on which evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, STATUSES, Task
from evalxl.domain.evaluation.two_week_rule import WeekFacts, judge
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Week
from tests.domain.conftest import STANDARD

FIRST, SECOND = Week(2025, 23), Week(2025, 24)
SUNDAY = FIRST.sunday

REPORT = Task("01", "Báo cáo quý II", important=True, status=NOT_DONE)
PLAN = Task("02", "Kế hoạch thanh tra", important=True, status=NOT_DONE)
MANY = (REPORT, PLAN)


def facts(week: Week, many: bool, breach: bool) -> WeekFacts:
    note = "Vắng họp giao ban ngày 03/6, không báo cáo" if breach else ""
    return WeekFacts(week, tasks=MANY if many else (), breach=breach, breach_note=note, code="01", talk_with=("V1T",))


def judged(rules: RuleBook, *history: WeekFacts) -> Warning | None:
    return judge(history, rules)


def kind(rules: RuleBook, *history: WeekFacts) -> str:
    found = judge(history, rules)
    return found.kind if found else ""


def many(rules: RuleBook, *tasks: Task, **checks: Check) -> bool:
    """Whether these tasks are many important tasks not completed in FIRST; the checks by task key, as `k01=Check(…)`."""
    by_key = {key.removeprefix("k"): check for key, check in checks.items()}
    week = WeekFacts(FIRST, tasks=tasks, checks=by_key)
    return kind(rules, week, replace(week, week=SECOND, last_day=SUNDAY)) == "watch"


# (i) in the first week, (ii) in the first week, (i) in the second, (ii) in the second
TRUTH = {
    (False, False, False, False): "",
    (False, False, False, True): "",
    (False, False, True, False): "",
    (False, False, True, True): "watch",  # both in one week
    (False, True, False, False): "",
    (False, True, False, True): "watch",  # (ii) in both weeks
    (False, True, True, False): "",  # (ii) in one and (i) in the next: the rule says it only the other way round
    (False, True, True, True): "watch",
    (True, False, False, False): "",
    (True, False, False, True): "watch",  # (i) in one and (ii) in the next
    (True, False, True, False): "watch",  # (i) in both weeks
    (True, False, True, True): "watch",
    (True, True, False, False): "watch",  # both in one week
    (True, True, False, True): "watch",
    (True, True, True, False): "watch",
    (True, True, True, True): "warning",
}


@pytest.mark.parametrize("case", list(product([False, True], repeat=4)))
def test_the_two_conditions_in_two_weeks_make_what_the_rule_says(
    rules: RuleBook, case: tuple[bool, bool, bool, bool]
) -> None:
    assert kind(rules, facts(FIRST, *case[:2]), facts(SECOND, *case[2:])) == TRUTH[case]


@pytest.mark.parametrize("case", list(product([False, True], repeat=4)))
@pytest.mark.parametrize("gap", [1, 2, 5])
def test_weeks_that_are_not_evaluated_are_skipped_and_shown(
    rules: RuleBook, case: tuple[bool, bool, bool, bool], gap: int
) -> None:
    away = [WeekFacts(FIRST.after(n + 1), evaluated=False, reason="state.absent") for n in range(gap)]
    second = facts(FIRST.after(gap + 1), *case[2:])

    found = judged(rules, facts(FIRST, *case[:2]), *away, second)

    assert (found.kind if found else "") == TRUTH[case]
    if found:
        assert (found.first_week, found.second_week) == (FIRST, second.week)
        assert found.skipped == tuple(week.week for week in away)
        assert found.evidence[-1] == f"{away[-1].week.shown()}: không tính (Vắng mặt có lý do)."


@pytest.mark.parametrize("case", list(product([False, True], repeat=4)))
def test_only_the_last_two_evaluated_weeks_are_looked_at(rules: RuleBook, case: tuple[bool, bool, bool, bool]) -> None:
    before = facts(FIRST.after(-1), True, True)

    assert kind(rules, before, facts(FIRST, *case[:2]), facts(SECOND, *case[2:])) == TRUTH[case]


def test_weeks_skipped_before_the_first_of_the_two_are_not_shown(rules: RuleBook) -> None:
    away = WeekFacts(FIRST.after(-1), evaluated=False)

    found = judged(rules, away, facts(FIRST, True, True), facts(SECOND, True, True))

    assert found is not None
    assert found.skipped == ()


def test_a_skipped_week_is_not_read_even_if_something_stands_in_it(rules: RuleBook) -> None:
    away = replace(facts(SECOND, True, True), evaluated=False)

    assert kind(rules, facts(FIRST, False, True), away, facts(SECOND.after(), False, False)) == ""


def test_an_absence_after_two_such_weeks_leaves_the_warning_standing(rules: RuleBook) -> None:
    away = WeekFacts(SECOND.after(), evaluated=False)

    found = judged(rules, facts(FIRST, True, True), facts(SECOND, True, True), away)

    assert found is not None
    assert (found.kind, found.first_week, found.second_week) == ("warning", FIRST, SECOND)
    assert found.skipped == (SECOND.after(),)


def test_the_last_week_of_a_year_and_the_first_of_the_next_are_consecutive(rules: RuleBook) -> None:
    found = judged(rules, facts(Week(2026, 53), True, True), facts(Week(2027, 1), True, True))

    assert found is not None
    assert (found.kind, found.first_week, found.second_week) == ("warning", Week(2026, 53), Week(2027, 1))
    assert found.skipped == ()


def test_nothing_is_said_without_an_evaluated_week(rules: RuleBook) -> None:
    assert judge([], rules) is None
    assert judge([WeekFacts(FIRST, evaluated=False)], rules) is None


@pytest.mark.parametrize(
    ("i", "ii", "expected"), [(True, True, "watch"), (True, False, ""), (False, True, ""), (False, False, "")]
)
def test_the_first_evaluated_week_alone_is_at_most_watched(rules: RuleBook, i: bool, ii: bool, expected: str) -> None:
    assert kind(rules, facts(FIRST, i, ii)) == expected


# Condition (i).


def test_one_important_task_alone_is_never_many(rules: RuleBook) -> None:
    assert many(rules, REPORT, PLAN)
    assert not many(rules, REPORT)
    assert not many(rules, REPORT, replace(PLAN, important=False))


def test_many_is_a_figure_of_the_rule_book() -> None:
    text = STANDARD.read_text("utf-8").replace("many_important_tasks = 2", "many_important_tasks = 3")
    strict = read_rulebook(text.encode(), "own.toml")

    assert not many(strict, REPORT, PLAN)
    assert many(strict, REPORT, PLAN, replace(PLAN, key="03", name="Đề án"))


@pytest.mark.parametrize(
    ("status", "due", "counts"),
    [
        (NOT_DONE, None, True),
        (NOT_DONE, SUNDAY + timedelta(days=30), True),
        (DOING, SUNDAY, True),
        (DOING, SUNDAY - timedelta(days=40), True),  # carried over, still open
        (DOING, SUNDAY + timedelta(days=1), False),
        (DOING, None, False),
        ("", SUNDAY, True),  # without a status it is being done
        ("", None, False),
        (DONE_LATE, SUNDAY - timedelta(days=5), False),  # late is completed
        (DONE, SUNDAY, False),
    ],
)
def test_which_important_tasks_are_not_completed(rules: RuleBook, status: str, due: date | None, counts: bool) -> None:
    assert many(rules, REPORT, replace(PLAN, status=status, due=due)) is counts


def test_a_task_due_on_a_day_off_is_due_on_the_next_working_day(rules: RuleBook) -> None:
    saturday = replace(PLAN, status=DOING, due=date(2025, 6, 7))
    week = WeekFacts(FIRST, tasks=(REPORT, saturday), breach=True)

    assert kind(rules, replace(week, last_day=date(2025, 6, 6))) == ""
    assert kind(rules, replace(week, last_day=date(2025, 6, 7))) == "watch"
    assert kind(rules, week) == "watch"


def test_an_objective_cause_excuses_only_if_the_manager_accepted_it(rules: RuleBook) -> None:
    flooded = replace(PLAN, cause="Lũ chia cắt địa bàn")

    assert many(rules, REPORT, flooded)
    assert many(rules, REPORT, flooded, k02=Check(PLAN.name, cause_accepted="Không"))
    assert not many(rules, REPORT, flooded, k02=Check(PLAN.name, cause_accepted="Có"))


def test_the_managers_check_overrides_the_persons_word(rules: RuleBook) -> None:
    modest = replace(PLAN, important=False)
    boasted = replace(PLAN, status=DONE)

    assert many(rules, REPORT, modest, k02=Check(PLAN.name, important="Có"))
    assert not many(rules, REPORT, PLAN, k02=Check(PLAN.name, important="Không"))
    assert many(rules, REPORT, boasted, k02=Check(PLAN.name, status=NOT_DONE))
    assert not many(rules, REPORT, PLAN, k02=Check(PLAN.name, status=DONE_LATE))
    assert not many(rules, REPORT, boasted, k02=Check(PLAN.name, status=DOING))


def test_a_check_of_another_task_in_the_same_row_does_not_count(rules: RuleBook) -> None:
    assert many(rules, REPORT, PLAN, k02=Check("Việc khác", status=DONE))
    assert not many(rules, REPORT, PLAN, k02=Check("kế hoạch  thanh tra", status=DONE))
    assert many(rules, REPORT, PLAN, k03=Check(PLAN.name, status=DONE))


@given(
    tasks=st.lists(
        st.builds(
            Task,
            key=st.sampled_from(["01", "02", "03"]),
            name=st.sampled_from(["A", "B"]),
            important=st.booleans(),
            status=st.sampled_from([*STATUSES, ""]),
            due=st.none() | st.dates(SUNDAY - timedelta(days=9), SUNDAY + timedelta(days=9)),
        ),
        max_size=6,
    ),
    breach=st.booleans(),
)
def test_when_the_manager_calls_every_task_completed_nobody_is_warned(
    rules: RuleBook, tasks: list[Task], breach: bool
) -> None:
    checks = {task.key: Check(task.name, status=DONE_LATE) for task in tasks}
    settled = [task for task in tasks if checks[task.key].task == task.name]
    week = WeekFacts(FIRST, tasks=tuple(settled), checks=checks, breach=breach)

    assert kind(rules, week, replace(week, week=SECOND)) == ("watch" if breach else "")


# The evidence.


def test_the_evidence_names_tasks_weeks_and_the_breach_in_the_managers_words(rules: RuleBook) -> None:
    first = replace(
        facts(FIRST, True, True),
        tasks=(REPORT, replace(PLAN, status="", due=date(2025, 6, 5)), Task("03", "Trả lời văn bản", status=NOT_DONE)),
        checks={"01": Check(REPORT.name, important="Có", status=NOT_DONE)},
    )
    second = replace(facts(SECOND, True, True), talk_with=("V2T",), breach_note="Đi muộn 3 ngày\n(Điều 5 Nội quy)")

    found = judged(rules, first, second)

    assert found is not None
    week_23, week_24 = FIRST.shown(), SECOND.shown()
    breach = "có việc chưa chấp hành nghiêm quy định, nội quy, kỷ luật, kỷ cương, thời giờ làm việc; người đánh giá ghi"
    assert found.evidence == (
        f"{week_23}: nhiệm vụ quan trọng “Báo cáo quý II” chưa hoàn thành.",
        f"{week_23}: nhiệm vụ quan trọng “Kế hoạch thanh tra” đang thực hiện, hạn hoàn thành 05/6/2025 (theo tự khai).",
        f"{week_23}: {breach}: “Vắng họp giao ban ngày 03/6, không báo cáo”.",
        f"{week_24}: nhiệm vụ quan trọng “Báo cáo quý II” chưa hoàn thành (theo tự khai).",
        f"{week_24}: nhiệm vụ quan trọng “Kế hoạch thanh tra” chưa hoàn thành (theo tự khai).",
        f"{week_24}: {breach}: “Đi muộn 3 ngày (Điều 5 Nội quy)”.",
    )
    assert week_23 == "Tuần 23 (từ ngày 02/6/2025 đến ngày 08/6/2025)"
    assert found.code == "01"
    assert found.talk_with == ("V2T",)  # who it is now, after a move between units


def test_a_watch_shows_only_the_conditions_that_were_met(rules: RuleBook) -> None:
    alone = replace(facts(FIRST, False, True), tasks=(REPORT,))

    found = judged(rules, alone, facts(SECOND, False, True))

    assert found is not None
    assert not any("nhiệm vụ quan trọng" in line for line in found.evidence)
    assert len(found.evidence) == 2


@pytest.mark.parametrize(
    ("check", "origin", "self_declared"),
    [
        (Check(), "", True),
        (Check(PLAN.name, important="Có"), "", True),  # the status still is the person's word
        (Check(PLAN.name, status=NOT_DONE), "", True),  # the importance still is
        (Check(PLAN.name, important="Có", status=NOT_DONE), "", False),
        (Check(PLAN.name, status=NOT_DONE), "given", False),  # the manager gave it as important
        (Check(PLAN.name, status=NOT_DONE), "carried", True),
        (Check("Việc khác", important="Có", status=NOT_DONE), "", True),
    ],
)
def test_what_rests_on_the_persons_word_is_marked(
    rules: RuleBook, check: Check, origin: str, self_declared: bool
) -> None:
    week = WeekFacts(FIRST, tasks=(REPORT, replace(PLAN, origin=origin)), checks={"02": check}, breach=True)

    found = judged(rules, week)

    assert found is not None
    assert found.evidence[1].endswith(" (theo tự khai).") is self_declared
