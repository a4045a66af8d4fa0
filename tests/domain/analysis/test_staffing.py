"""What positions do, reproduced from flat task rows by pandas alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pandas as pd
import pytest

from evalxl.domain.analysis.staffing import Staffing
from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.organisation.people import CatalogueTask, Organisation, Position
from evalxl.domain.weeks import Period
from tests.domain.analysis.at_hand import staffing_over
from tests.domain.periods.test_rollups import result
from tests.samples_of_weeks import rules

RULES = rules()
WEEKS = Period.parse("2025-06").weeks()
OFFICE = Organisation(
    units=(),
    posts=(),
    positions=(
        Position("TH", "Tổng hợp", "complex", 4),
        Position("VT", "Văn thư", "simple", 2),
        Position("LX", "Lái xe"),
    ),
    tasks=(CatalogueTask("NV-01", "Báo cáo", "TH"), CatalogueTask("NV-02", "Công văn", "VT")),
)


def over(rows: list[Result]) -> Staffing:
    return staffing_over(rows, RULES, OFFICE)


def row(week: int, code: str, *tasks: Task, position: str = "TH", **more: object) -> Result:
    return replace(result(f"2025-W{week}", code), tasks=tasks, position=position, **more)


def test_load_is_per_reported_week_and_absence_is_no_idleness() -> None:
    a, b = Task("01", "A", status=DONE), Task("02", "B", status=DONE)
    found = over(
        [
            row(23, "1", a, b),
            row(24, "1", replace(a, name="C"), replace(b, name="D")),
            row(23, "2", a, position="VT"),
            row(24, "2", position="VT", state="absent"),
            row(25, "2", position="VT", state="not_submitted"),
        ]
    )
    first, second = found.positions

    assert (first.person_weeks, second.person_weeks, second.absent_weeks, second.missing_weeks) == (2, 1, 1, 1)
    assert (first.works_a_week, second.works_a_week) == (2, 1)
    assert found.whole.works_a_week == Decimal(5) / 3
    assert found.index_of_works(first) == Decimal(6) / 5


def test_posts_stand_beside_the_people_and_a_post_that_nobody_holds_is_seen() -> None:
    found = over([row(23, "1", Task("01", "A", status=DONE)), row(24, "1", Task("01", "B", status=DONE))])

    assert [(each.position, each.posts, each.strength) for each in found.positions] == [("TH", 4, 1), ("VT", 2, 0)]
    assert found.index(found.positions[1]) is None


def test_overdue_work_that_came_back_for_three_weeks_is_late_once() -> None:
    late = Task("01", "Đề án", status=NOT_DONE, due=date(2025, 6, 4), origin="carried")
    counted = over([row(week, "1", late) for week in (23, 24, 25)]).whole.counted

    assert (counted.works, counted.due, counted.on_time) == (1, 1, 0)


def test_what_a_position_does_is_told_by_task_code_with_what_is_not_in_its_catalogue() -> None:
    codes = ["NV-01", "nv-01", "NV-02", "", "ZZ"]
    tasks = [Task(f"{n:02d}", f"Việc {n}", code=code, status=DONE) for n, code in enumerate(codes)]
    (position, _) = over([row(23, "1", *tasks)]).positions

    told = [(kind.code, kind.name, kind.counted.works, kind.elsewhere) for kind in position.kinds]
    assert told[0] == ("NV-01", "Báo cáo", 2, False)
    assert set(told[1:]) == {("", "", 1, False), ("NV-02", "Công văn", 1, True), ("ZZ", "", 1, True)}


@pytest.mark.parametrize("seed", range(5))
def test_a_generated_month_is_reproduced_by_pandas_alone(seed: int) -> None:
    draw = Random(seed)
    rows, flat, names = [], [], 0
    for person in range(12):
        position = draw.choice(["TH", "VT", ""])
        open_ones: list[Task] = []
        for week in WEEKS:
            state = draw.choice(["approved"] * 6 + ["absent", "draft", "submitted"])
            tasks: list[Task] = []
            for old in open_ones:
                tasks.append(replace(old, origin="carried"))
            for _ in range(draw.randint(1, 4)):
                names += 1
                due = draw.choice([None, week.monday + timedelta(draw.randint(0, 12))])
                code, unplanned = draw.choice(["NV-01", "NV-02", ""]), draw.random() < 0.2
                tasks.append(Task("", f"Việc {names}", code=code, due=due, unplanned=unplanned))
            tasks = [
                replace(
                    task,
                    key=f"{n:02d}",
                    status=draw.choice([DONE, DONE, DONE_LATE, DOING, NOT_DONE]),
                    product=draw.choice(["", "Văn bản"]),
                    done=draw.choice([None, Decimal(draw.randint(1, 9))]),
                )
                for n, task in enumerate(tasks)
            ]
            rows.append(row(week.number, f"P{person}", *tasks, position=position, state=state))
            if state in ("approved", "submitted"):
                open_ones = [task for task in tasks if task.status in (DOING, NOT_DONE)]
                flat += [
                    (position, f"P{person}", str(week), t.name, t.status, t.due, t.product, t.done, t.unplanned)
                    for t in tasks
                ]
    columns = ["position", "person", "week", "name", "status", "due", "product", "done", "unplanned"]
    table = pd.DataFrame(flat, columns=columns)
    last = table.sort_values("week").drop_duplicates(["person", "name"], keep="last")
    last["completed"] = last.status.isin([DONE, DONE_LATE])
    due = pd.to_datetime(last.due)
    last["counts"] = last.completed | (due <= pd.Timestamp(WEEKS[-1].monday + timedelta(4)))
    last["volume"] = pd.to_numeric(last.done).fillna(last.completed.astype(int))
    found = {each.position: each for each in over(rows).positions}

    for position, mine in last.groupby("position"):
        each = found[str(position)]
        assert each.counted.works == len(mine)
        assert each.counted.completed == mine.completed.sum()
        assert each.counted.due == mine.counts.sum()
        assert each.counted.on_time == (mine.status == DONE).sum()
        assert each.counted.products == (mine.completed & (mine["product"] != "")).sum()
        assert float(each.counted.volume) == mine.volume.sum()
        assert each.counted.unplanned == mine.unplanned.sum()
        theirs = table[table.position == position]
        assert (each.rows, each.person_weeks) == (len(theirs), len(theirs.groupby(["person", "week"])))
    assert sum(each.counted.works for each in found.values()) == len(last)
