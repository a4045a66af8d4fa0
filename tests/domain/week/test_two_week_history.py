"""Looking back from a week: which weeks of a person the two-week rule reads, which it skips and shows, and the trend of the means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from evalxl.domain.evaluation.scoring import NOT_DONE, Task
from evalxl.domain.evaluation.week_view import Result, State, UnitPoint, Warning
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.two_week_history import TREND_WEEKS, EarlierWeeks, WeekFromRows, trend, warnings
from evalxl.domain.weeks import Week
from tests.domain.drawn import TET_2026, organisation

FIRST, SECOND, THIRD = Week(2025, 23), Week(2025, 24), Week(2025, 25)
MANY = tuple(Task(f"{number:02d}", f"Việc {number}", important=True, status=NOT_DONE) for number in (1, 2))
VU1 = organisation(
    units="VU1 | LĐ | V1-01 | LD-02",
    people="""
        V1-01 | Lê Đình Ẩn  | VU1 | director
        V1-03 | Vũ Văn An   | VU1 | official
        V1-04 | Vũ Văn Ánh  | VU1 | official
    """,
    days_off=TET_2026,
)


def row(week: Week, state: State, code: str = "V1-03", unit: str = "VU1", **more: object) -> Result:
    """A bad week: many important tasks not completed, and a breach."""
    bad = {"tasks": MANY, "breach": True, "breach_note": "Vắng họp"} | more
    return Result(
        week, code, "Vũ Văn An", unit, "Vụ Một", "", "official", "", "V1-02", "V1-01", state,
        **bad,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def after(rules: RuleBook) -> Callable[..., tuple[Warning, ...]]:
    """The warnings of the last of some weeks, each given as its rows."""

    def said(
        *weeks: Sequence[Result],
        bare: Sequence[WeekFromRows] = (),
        heard: Callable[[str], Collection[Week] | None] = lambda _: None,
        office: Organisation = VU1,
    ) -> tuple[Warning, ...]:
        known = [WeekFromRows(rows[0].week, rules, rows[0].week.sunday, rows) for rows in weeks]
        past = {one.week: one for one in known[:-1]}
        quiet = {one.week: one for one in bare}
        earlier = EarlierWeeks(sorted({*past, *quiet}, reverse=True), past.get, quiet.get)
        return warnings(known[-1], earlier, office, heard)

    return said


@pytest.mark.parametrize("state", ["submitted", "scored", "returned", "approved", "seen"])
def test_a_week_whose_row_was_sent_back_is_one_of_the_two_like_every_week_with_a_form(
    after: Callable[..., tuple[Warning, ...]], state: State
) -> None:
    (found,) = after([row(FIRST, state)], [row(SECOND, "approved")])
    assert (found.kind, found.first_week, found.second_week, found.skipped) == ("warning", FIRST, SECOND, ())

    (found,) = after([row(FIRST, "approved")], [row(SECOND, state)])
    assert (found.kind, found.first_week, found.second_week) == ("warning", FIRST, SECOND)


@pytest.mark.parametrize("state", ["not_submitted", "draft", "invalid", "absent"])
def test_a_week_without_a_valid_form_is_skipped_and_shown_between_the_two(
    after: Callable[..., tuple[Warning, ...]], state: State
) -> None:
    (found,) = after([row(FIRST, "approved")], [row(SECOND, state)], [row(THIRD, "scored")])
    assert (found.kind, found.first_week, found.second_week) == ("warning", FIRST, THIRD)
    assert found.skipped == (SECOND,)


def test_a_warning_goes_on_standing_in_a_week_of_leave_after_the_two(after: Callable[..., tuple[Warning, ...]]) -> None:
    (found,) = after([row(FIRST, "approved")], [row(SECOND, "approved")], [row(THIRD, "absent")])

    assert (found.kind, found.second_week, found.skipped) == ("warning", SECOND, (THIRD,))


def test_only_the_last_two_evaluated_weeks_are_asked_for(after: Callable[..., tuple[Warning, ...]]) -> None:
    quiet = {"tasks": (), "breach": False}

    assert after([row(FIRST, "approved")], [row(SECOND, "approved", **quiet)], [row(THIRD, "approved", **quiet)]) == ()


def test_a_week_between_the_two_in_which_the_person_was_not_listed_or_nobody_worked_is_shown(
    after: Callable[..., tuple[Warning, ...]],
) -> None:
    before, tet, last = Week(2026, 7), Week(2026, 8), Week(2026, 10)

    (found,) = after([row(before, "approved")], [row(last, "approved")])

    assert found.skipped == (tet, Week(2026, 9))
    assert "tuần nghỉ" in found.evidence[-2]
    assert "tuần nghỉ" not in found.evidence[-1]


def test_weeks_of_silence_between_the_two_are_shown_with_their_reason(
    rules: RuleBook, after: Callable[..., tuple[Warning, ...]]
) -> None:
    """A long ledger makes no week for somebody of whom nothing was heard in it: the roster alone says why."""
    silent = WeekFromRows(SECOND, rules, SECOND.sunday, [row(SECOND, "absent")])
    heard = {"V1-03": [FIRST, THIRD]}

    (found,) = after([row(FIRST, "approved")], [row(THIRD, "approved")], bare=[silent], heard=heard.get)

    assert found.skipped == (SECOND,)
    assert found.evidence[-1].endswith("không tính (Vắng mặt có lý do).")


def test_a_person_whose_code_changed_is_followed_back_under_the_old_one(
    after: Callable[..., tuple[Warning, ...]],
) -> None:
    posts = [replace(post, former="V1-99") if post.code == "V1-03" else post for post in VU1.posts]

    (found,) = after(
        [row(FIRST, "approved", "V1-99")], [row(SECOND, "approved")], office=replace(VU1, posts=tuple(posts))
    )

    assert (found.code, found.kind, found.first_week) == ("V1-03", "warning", FIRST)
    assert found.talk_with == ("V1-01",)


def test_who_needs_a_talk_stands_before_who_is_watched(after: Callable[..., tuple[Warning, ...]]) -> None:
    watched = {"tasks": (), "code": "V1-03"}

    found = after(
        [row(FIRST, "approved", **watched), row(FIRST, "approved", "V1-04")],
        [row(SECOND, "approved", **watched), row(SECOND, "approved", "V1-04")],
    )

    assert [(one.code, one.kind) for one in found] == [("V1-04", "warning"), ("V1-03", "watch")]


def test_a_mean_leaves_out_who_has_no_total_and_the_trend_ends_after_twelve_weeks(rules: RuleBook) -> None:
    totals = [("V1-03", "VU1", Decimal(80)), ("V1-04", "VU1", None), ("P-02", "P1", Decimal(60)), ("P-03", "P2", None)]
    rows = [row(THIRD, "approved", code, unit, counted_total=total) for code, unit, total in totals]
    this = WeekFromRows(THIRD, rules, THIRD.sunday, rows)
    earlier = [THIRD.after(-number) for number in range(1, 30)]

    def points(week: Week) -> tuple[UnitPoint, ...]:
        return () if week == SECOND else (UnitPoint("", week, Decimal(70), 1),)  # nothing was issued in the second

    found = trend(this, earlier, points)

    assert {(one.unit, one.mean) for one in found if one.week == THIRD} == {
        ("", Decimal(70)),
        ("VU1", Decimal(80)),
        ("P1", Decimal(60)),
        ("P2", None),
    }
    weeks = list(dict.fromkeys(one.week for one in found))
    assert weeks == sorted([THIRD, *earlier[1:TREND_WEEKS]])
    assert TREND_WEEKS == 12
