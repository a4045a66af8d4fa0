"""The two-week rule against an independent statement of it, on histories drawn at random around the end of a year of 53 weeks.

The statement here reads the drawn weeks as a person would who has the settled rule on paper: it knows no word of the program's own code but
the values that go in and come out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import Task
from evalxl.domain.evaluation.two_week_rule import WeekFacts, judge
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Week

START = Week(2026, 50)
NAMES = ("Đề án", "Báo cáo", "Kế hoạch")
SAID = ("Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện", "Chưa hoàn thành", "")

DRAWN_TASK = st.fixed_dictionaries(
    {
        "important": st.sampled_from([True, True, True, False]),
        "status": st.sampled_from([*SAID, SAID[2], SAID[2], SAID[3]]),
        "due": st.sampled_from([None, -9, 0, 0, 1, 30]),  # days after the week's last working day
        "origin": st.sampled_from(["", "given", "carried"]),
        "check": st.none()
        | st.fixed_dictionaries(
            {
                "of_this_task": st.sampled_from([True, True, True, False]),
                "important": st.sampled_from(["", "", "Có", "Không"]),
                "status": st.sampled_from([*SAID, SAID[3], ""]),
                "cause": st.sampled_from(["", "", "Có", "Không"]),
            }
        ),
    }
)
OPEN: dict[str, Any] = {"important": True, "status": SAID[3], "due": None, "origin": "", "check": None}
DRAWN_WEEK = st.fixed_dictionaries(
    {
        "evaluated": st.sampled_from([True, True, True, False]),
        "breach": st.sampled_from([True, True, False]),
        "last": st.sampled_from([4, 5, 6]),  # the last working day: Friday, Saturday worked instead, Sunday
        # Some weeks are plain, so that all pairs of conditions come up; in others it hangs on one task; some are anything.
        "tasks": st.sampled_from([[], [OPEN, OPEN]])
        | st.tuples(st.just(OPEN), DRAWN_TASK)
        | st.lists(DRAWN_TASK, max_size=3),
    }
)


def drawn(number: int, one: dict[str, Any]) -> WeekFacts:
    week = START.after(number)
    last = week.monday + timedelta(days=one["last"])
    tasks, checks = [], {}
    for place, said in enumerate(one["tasks"]):
        due = None if said["due"] is None else last + timedelta(days=said["due"])
        name = NAMES[place]
        tasks.append(
            Task(
                f"{place:02d}", name, important=said["important"], status=said["status"], due=due, origin=said["origin"]
            )
        )
        if (check := said["check"]) is not None:
            checks[f"{place:02d}"] = Check(
                name if check["of_this_task"] else "Việc khác",
                important=check["important"],
                status=check["status"],
                cause_accepted=check["cause"],
            )
    return WeekFacts(
        week,
        one["evaluated"],
        tuple(tasks),
        checks,
        one["breach"],
        "Đi muộn" if one["breach"] else "",
        ("V",),
        "01",
        last,
    )


def open_important(one: dict[str, Any]) -> list[bool]:
    """For each important task that counts as not completed: whether it rests on the person's own word."""
    found = []
    for said in one["tasks"]:
        check = said["check"] if said["check"] and said["check"]["of_this_task"] else {}
        important = {"Có": True, "Không": False}.get(check.get("important", ""), said["important"])
        status = check.get("status") or said["status"] or "Đang thực hiện"
        late = status == "Đang thực hiện" and said["due"] is not None and said["due"] <= 0
        if important and (status == "Chưa hoàn thành" or late) and check.get("cause") != "Có":
            manager_said_both = bool(check.get("status")) and (
                bool(check.get("important")) or said["origin"] == "given"
            )
            found.append(not manager_said_both)
    return found


def stated(weeks: list[dict[str, Any]]) -> tuple[str, int, int, list[int], int, int] | None:
    """Kind, first and second week, weeks skipped, and how many lines of evidence, of which on the person's own word."""
    at = [number for number, one in enumerate(weeks) if one["evaluated"]]
    if not at:
        return None
    two = at[-2:]
    i = [len(open_important(weeks[number])) >= 2 for number in two]
    ii = [bool(weeks[number]["breach"]) for number in two]
    if len(two) == 2 and all(i) and all(ii):
        kind = "warning"
    elif (
        any(tasks and breach for tasks, breach in zip(i, ii, strict=True))  # both in one week
        or (
            len(two) == 2 and (all(i) or all(ii) or (i[0] and ii[1]))
        )  # one in both; the tasks in one, the breach in the next
    ):
        kind = "watch"
    else:
        return None
    first, second = two[0], two[-1]
    skipped = [number for number in range(first + 1, len(weeks)) if not weeks[number]["evaluated"]]
    words = [own for number, many in zip(two, i, strict=True) if many for own in open_important(weeks[number])]
    return kind, first, second, skipped, len(words) + sum(ii) + len(skipped), sum(words)


@settings(max_examples=500)
@given(weeks=st.lists(DRAWN_WEEK, min_size=1, max_size=4))
def test_the_rule_says_what_the_settled_question_says(rules: RuleBook, weeks: list[dict[str, Any]]) -> None:
    found = judge([drawn(number, one) for number, one in enumerate(weeks)], rules)

    said = None
    if found is not None:
        said = (
            found.kind,
            next(n for n in range(len(weeks)) if START.after(n) == found.first_week),
            next(n for n in range(len(weeks)) if START.after(n) == found.second_week),
            [n for n in range(len(weeks)) if START.after(n) in found.skipped],
            len(found.evidence),
            sum("(theo tự khai)" in line for line in found.evidence),
        )
    assert said == stated(weeks)
