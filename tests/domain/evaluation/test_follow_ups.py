"""Follow-ups: what a row of the register needs, and how long it is carried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.follow_ups import (
    FollowUp,
    carried,
    is_left_new,
    is_overdue,
    key_of,
    lines_of,
    needs,
    with_states,
)
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.history.events import FollowedEvent
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import FollowState, FollowUpEntry
from evalxl.domain.weeks import Week

TODAY = date(2025, 6, 17)
NOTHING = FollowUpEntry()
TALKED = FollowUpEntry(
    state="talked",
    talk_date=TODAY,
    took_part="Đại diện Văn phòng, Vụ trưởng",
    measures="Báo cáo hằng ngày",
    deadline=date(2025, 6, 27),
)
DONE = replace(TALKED, state="done", outcome="Đã xong việc nợ")
LACKS: dict[str, tuple[FollowUpEntry, bool, str]] = {
    "a new row": (NOTHING, True, ""),
    "notes before there was a talk": (replace(NOTHING, causes="Mới nhận việc", deadline=TODAY), True, ""),
    "a talk that is planned": (replace(NOTHING, state="planned", talk_date=date(2025, 7, 1)), True, ""),
    "planned without a date": (replace(NOTHING, state="planned"), True, "talk_date_missing"),
    "a talk": (TALKED, True, ""),
    "a talk without a word": (
        replace(NOTHING, state="talked"),
        True,
        "talk_date_missing took_part_missing measures_missing deadline_missing",
    ),
    "a talk on a day to come": (replace(TALKED, talk_date=TODAY + timedelta(days=1)), True, "talk_to_come"),
    "a deadline before the talk": (replace(TALKED, deadline=date(2025, 6, 16)), True, "deadline_before_talk"),
    "done": (DONE, True, ""),
    "done without an outcome": (replace(DONE, outcome=""), True, "outcome_missing"),
    "done without a talk": (
        FollowUpEntry(state="done", outcome="Xong"),
        True,
        "talk_date_missing took_part_missing",
    ),
    "done, where nobody had to talk": (FollowUpEntry(state="done", outcome="Xong"), False, ""),
    "done without an outcome, where nobody had to talk": (FollowUpEntry(state="done"), False, "outcome_missing"),
}


@pytest.mark.parametrize("case", LACKS)
def test_a_row_says_what_it_still_needs(case: str) -> None:
    entry, talk_is_due, expected = LACKS[case]

    found = [need.kind.removeprefix("follow_up.") for need in needs(entry, talk_is_due, TODAY)]

    assert " ".join(found) == expected


def test_it_is_overdue_after_its_deadline_until_it_is_done() -> None:
    assert not is_overdue(TALKED, date(2025, 6, 27))
    assert is_overdue(TALKED, date(2025, 6, 28))
    assert not is_overdue(DONE, date(2025, 6, 28))
    assert not is_overdue(NOTHING, date(2030, 1, 1))


# How long a follow-up is carried: stated once more, event by event, without the program's own words.

FIRST = Week(2026, 51)  # the weeks of the stories below lie around the end of a year of 53 weeks
PLACES = range(6)
STORY = st.lists(
    st.tuples(
        st.sampled_from(["warned", "watched", "dropped", "new", "planned", "talked", "done"]),
        st.sampled_from(["01", "02"]),
        st.sampled_from(PLACES),
    ),
    max_size=12,
)


def told(story: list[tuple[str, str, int]]) -> dict[str, FollowUp]:
    """The follow-ups that a story of weeks adds up to; each person has one, of the week in which it is told first."""
    known: dict[str, FollowUp] = {}
    for what, code, place in sorted(story, key=lambda one: one[2]):
        week = FIRST.after(place)
        if code not in known:
            degree: Any = "watch" if what == "watched" else "warning"
            known[code] = FollowUp(Warning(code, degree, week.after(-1), week, ("căn cứ",), ()))
        one = known[code]
        if what in ("warned", "watched"):
            one.warning = replace(one.warning, kind="warning" if what == "warned" else "watch")
            one.dropped = False
        elif what == "dropped":
            one.dropped = True
        else:
            state: Any = what
            one.entries.append(written(week, state))
    return {code_key(one.key): one for one in known.values()}


@given(story=STORY, place=st.sampled_from(PLACES))
def test_a_follow_up_stands_in_every_register_until_the_week_in_which_it_was_done(
    story: list[tuple[str, str, int]], place: int
) -> None:
    known, week = told(story), FIRST.after(place)
    shown = {line.warning.code for line in lines_of(known, (), week, TODAY)}
    expected = set()
    for one in known.values():
        began = one.warning.second_week <= week
        written = len(one.entries) > 0
        must = one.warning.kind == "warning" and not one.dropped
        last = one.entries[-1] if written else None
        over = last is not None and last.state == "done" and last.week < str(week)
        if began and (must or written) and not over:
            expected.add(one.warning.code)

    assert shown == expected


@given(story=STORY, place=st.sampled_from(PLACES), today=st.dates(date(2026, 12, 1), date(2027, 2, 1)))
def test_overdue_ones_stand_on_top_and_those_that_are_done_at_the_end(
    story: list[tuple[str, str, int]], place: int, today: date
) -> None:
    known = told(story)
    for number, one in enumerate(known.values()):
        one.entries = [
            written(Week.parse(entry.week), entry.state, deadline=date(2026, 12, 20 + number)) for entry in one.entries
        ]

    lines = lines_of(known, (), FIRST.after(place), today)
    ranks = [0 if line.overdue else 2 if line.entry.state == "done" else 1 for line in lines]

    assert ranks == sorted(ranks)
    assert all(line.overdue == is_overdue(line.entry, today) for line in lines)


def follow_up(kind: Any, *entries: tuple[int, FollowState], code: str = "01") -> FollowUp:
    warning = Warning(code, kind, FIRST.after(-1), FIRST, ("căn cứ",), ())
    return FollowUp(warning, entries=[written(FIRST.after(place), state) for place, state in entries])


def written(week: Week, state: FollowState, **said: Any) -> FollowedEvent:
    made: Any = {"subject": "01", "second_week": str(FIRST), "source": {}}
    return FollowedEvent(**made, week=str(week), state=state, outcome="x", **said)


def known_as(*follow_ups: FollowUp) -> dict[str, FollowUp]:
    return {code_key(one.key): one for one in follow_ups}


def test_a_week_shows_the_state_as_it_was_by_then() -> None:
    """A master that is made again says of an old week what was known in it."""
    one = follow_up("warning", (0, "planned"), (2, "done"))

    states = [with_states(known_as(one), [one.warning], FIRST.after(n), TODAY)[0].state for n in range(4)]

    assert states == ["planned", "planned", "done", "done"]
    assert [len(carried(known_as(one), (), FIRST.after(n), TODAY)) for n in range(4)] == [1, 1, 0, 0]


def test_what_the_weeks_own_warning_speaks_of_is_not_shown_as_carried_too() -> None:
    """After two bad weeks the person is absent: the warning stands, and so does its follow-up; it is one."""
    one = follow_up("warning")

    assert carried(known_as(one), [one.warning], FIRST.after(), TODAY) == ()
    assert [key_of(line.warning) for line in lines_of(known_as(one), [one.warning], FIRST.after(), TODAY)] == [one.key]


def test_a_watch_adds_no_row_for_somebody_with_whom_a_talk_is_due() -> None:
    one = follow_up("warning")
    later = Warning("01", "watch", FIRST, FIRST.after(), (), ())
    other = replace(later, code="02")

    lines = lines_of(known_as(one), [later, other], FIRST.after(), TODAY)

    assert [(line.warning.code, line.warning.kind) for line in lines] == [("01", "warning"), ("02", "watch")]


def test_a_row_in_which_something_was_typed_is_never_left_out() -> None:
    one = follow_up("warning")
    one.dropped = True

    assert lines_of(known_as(one), (), FIRST.after(), TODAY) == []
    assert len(lines_of(known_as(one), (), FIRST.after(), TODAY, touched=[code_key(one.key)])) == 1


def test_a_row_typed_into_stands_from_the_week_of_its_warning_until_it_is_done() -> None:
    one = follow_up("watch")
    touched = [code_key(one.key)]

    assert lines_of(known_as(one), (), FIRST.after(-1), TODAY, touched=touched) == []
    assert len(lines_of(known_as(one), (), FIRST, TODAY, touched=touched)) == 1
    done = follow_up("watch", (0, "done"))
    assert len(lines_of(known_as(done), (), FIRST, TODAY, touched=touched)) == 1
    assert lines_of(known_as(done), (), FIRST.after(), TODAY, touched=touched) == []


def test_a_new_warning_adds_a_row_also_for_somebody_with_whom_a_talk_is_due() -> None:
    one = follow_up("warning", (0, "planned"))
    later = Warning("01", "warning", FIRST, FIRST.after(), (), ())

    lines = lines_of(known_as(one), [later], FIRST.after(), TODAY)

    assert [(line.warning.second_week, line.carried) for line in lines] == [(FIRST, True), (FIRST.after(), False)]


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        (NOTHING, False),
        (replace(NOTHING, causes="Mới nhận việc"), False),
        (replace(NOTHING, talk_date=TODAY), True),
        (replace(NOTHING, talk_date=TODAY + timedelta(days=1)), False),  # planned, as it were
        (replace(NOTHING, took_part="Vụ trưởng"), True),
        (replace(NOTHING, measures="Báo cáo hằng ngày"), True),
        (replace(NOTHING, outcome="Xong"), True),
        (TALKED, False),
    ],
)
def test_a_talk_that_is_described_and_left_at_new_is_asked_about(entry: FollowUpEntry, left: bool) -> None:
    assert is_left_new(entry, TODAY) is left
