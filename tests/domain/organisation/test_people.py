"""Who is in post on which day, and which days are working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.organisation.people import LAST_DAY, DayOff, Delegation, Organisation
from evalxl.domain.weeks import Week
from tests.domain.drawn import TET_2026, organisation

UNITS = "A\nB"


def test_a_week_has_five_working_days() -> None:
    plain = organisation(UNITS, "01 | Lê An | A | official")

    assert plain.working_days(Week(2025, 23)) == tuple(date(2025, 6, day) for day in range(2, 7))


def test_the_week_of_tet_has_no_working_day_and_the_weeks_around_it_have_five() -> None:
    """In 2026, Tết is off from Monday 16 to Friday 20 February: all of week 08."""
    tet = organisation(UNITS, "01 | Lê An | A | official", days_off=TET_2026)

    assert len(tet.working_days(Week(2026, 7))) == 5
    assert tet.working_days(Week(2026, 8)) == ()
    assert len(tet.working_days(Week(2026, 9))) == 5


def test_a_saturday_worked_for_tet_is_a_working_day() -> None:
    made_up = organisation(
        UNITS, "01 | Lê An | A | official", days_off=TET_2026 + "14/02/2026 | worked\n22/02/2026 | worked"
    )

    assert date(2026, 2, 14) in made_up.working_days(Week(2026, 7))
    assert made_up.working_days(Week(2026, 8)) == (date(2026, 2, 22),)


def test_a_day_entered_both_as_off_and_as_worked_is_worked() -> None:
    both = organisation(
        UNITS, "01 | Lê An | A | official", days_off="03/6/2025 | in_lieu\n03/6/2025 | worked\n04/6/2025 | in_lieu"
    )

    assert both.is_working_day(date(2025, 6, 3))
    assert not both.is_working_day(date(2025, 6, 4))


def test_what_is_due_on_a_day_off_is_due_on_the_next_working_day() -> None:
    tet = organisation(UNITS, "01 | Lê An | A | official", days_off=TET_2026)

    assert tet.next_working_day(date(2026, 2, 13)) == date(2026, 2, 13)
    assert tet.next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)
    assert tet.next_working_day(date(2026, 2, 18)) == date(2026, 2, 23)
    assert tet.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert tet.add_working_days(date(2026, 2, 13), 5) == date(2026, 2, 27)
    assert tet.add_working_days(date(2026, 2, 13), 0) == date(2026, 2, 13)


def test_what_never_ends_has_no_working_day_after_it() -> None:
    plain = organisation(UNITS, "01 | Lê An | A | official")

    assert plain.next_working_day(LAST_DAY) == LAST_DAY
    assert plain.add_working_days(LAST_DAY, 3) == LAST_DAY


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1))), st.dates(date(2026, 1, 1), date(2026, 3, 1)))
def test_no_working_day_is_passed_over(off: set[date], day: date) -> None:
    office = Organisation((), (), days_off=tuple(DayOff(one, "holiday") for one in off))

    found = office.next_working_day(day)

    assert office.is_working_day(found)
    assert not any(office.is_working_day(day + timedelta(days=n)) for n in range((found - day).days))


def test_a_person_is_in_post_from_the_first_day_to_the_last_both_included() -> None:
    mover = organisation(
        UNITS,
        """
        01 | Lê An       | A | official      |  |  | 01/6/2025 | 30/6/2025
        01 | Lê Thị An   | B | division_head |  |  | 01/7/2025 |
        """,
    )

    assert mover.post_on("01", date(2025, 5, 31)) is None
    for day, unit in [(date(2025, 6, 1), "A"), (date(2025, 6, 30), "A"), (date(2025, 7, 1), "B"), (LAST_DAY, "B")]:
        post = mover.post_on("01", day)
        assert post is not None and post.unit == unit
    assert mover.name_of("01") == "Lê Thị An"
    assert mover.name_of("99") == "99"


def test_two_delegations_are_rivals_where_they_give_the_same_right_to_two_people_on_one_day() -> None:
    def given(
        receiver: str = "02", scope: str = "score", first: int = 2, last: int = 6, giver: str = "01"
    ) -> Delegation:
        return Delegation(giver, receiver, scope, "", date(2025, 6, first), date(2025, 6, last))

    one = given()
    rivals = [given("03"), given("03", "both"), given("03", first=6, last=9), given("03", first=1, last=2)]
    apart = [given(), given("03", "approve"), given("03", first=7, last=9), given("03", first=1, last=1), given("03", giver="04")]  # fmt: skip

    assert all(one.rivals(other) and other.rivals(one) for other in rivals)
    assert given(scope="both").rivals(given("03"))
    assert not any(one.rivals(other) or other.rivals(one) for other in apart)
    assert not given(giver="").rivals(given("03", giver=""))


def test_several_accounts_may_be_entered_for_a_person_and_are_compared_without_case() -> None:
    office = organisation(UNITS, "01 | Lê An | A | official\n01 | Lê An | B | official\n02 | Lê Bình | A | official")
    entered = ("AN.Le; an@ban", "an.cu", " ; ")
    posts = tuple(replace(post, account=account) for post, account in zip(office.posts, entered, strict=True))

    assert replace(office, posts=posts).accounts() == {"01": frozenset({"an.le", "an@ban", "an.cu"})}
    assert office.accounts() == {}
