"""What of the organisation is in force in a week: dated rows, rows that were only overwritten, rows that are gone, codes that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.findings import Finding
from evalxl.domain.organisation.former_codes import codes_now, other_codes
from evalxl.domain.organisation.in_force import Kept, in_force, say_kept
from evalxl.domain.organisation.people import Organisation, Post, Unit
from evalxl.domain.weeks import Week

WEEK = Week.parse("2025-W23")  # its Thursday is 5 June
MONDAY = date(2025, 6, 9)
FRIDAY = date(2025, 6, 6)

BEFORE = Organisation(
    units=(Unit("V1", "Vụ Một", head="A1", leader="L1"), Unit("V2", "Vụ Hai", head="B1", leader="L1")),
    posts=(
        Post("L1", "Đặng Thị Ánh", "V1", "board_leader"),
        Post("A1", "Nguyễn Hoà", "V1", "director"),
        Post("A2", "Hoàng Văn Ăn", "V1", "official", scorer="A1"),
        Post("B1", "Bùi Hai", "V2", "director"),
    ),
)


def unit(organisation: Organisation, code: str) -> Unit:
    found = organisation.on(WEEK.thursday).unit(code)
    assert found is not None
    return found


def with_unit(code: str, **changed: object) -> Organisation:
    units = tuple(replace(one, **changed) if one.code == code else one for one in BEFORE.units)  # type: ignore[arg-type]
    return replace(BEFORE, units=units)


def with_post(code: str, *more: Post, **changed: object) -> Organisation:
    posts = tuple(replace(one, **changed) if one.code == code else one for one in BEFORE.posts)  # type: ignore[arg-type]
    return replace(BEFORE, posts=(*posts, *more))


def on_monday(now: Organisation, known: tuple[str, ...] = ()) -> tuple[Organisation, list[tuple[str, str, str]]]:
    organisation, kept = in_force(now, BEFORE, WEEK, MONDAY, known)
    assert in_force(now, organisation, WEEK, MONDAY, known) == (organisation, kept)  # asked again, it answers the same
    return organisation, [(one.sheet, one.code, one.column) for one in kept]


# Heads, leaders in charge, parents, names


def test_a_head_overwritten_on_monday_leaves_the_week_before_to_the_former_one() -> None:
    organisation, kept = on_monday(with_unit("V1", head="B1"))

    assert unit(organisation, "V1").head == "A1"
    assert kept == [("units", "V1", "head")]


def test_every_cell_of_a_unit_that_was_overwritten_stays() -> None:
    now = with_unit("V1", head="B1", leader="A1", name="Vụ Địa phương", parent="V2")
    organisation, kept = on_monday(replace(now, units=now.units))

    # The parent was empty before: a cell that was filled holds at once.
    assert unit(organisation, "V1") == Unit("V1", "Vụ Một", "V2", "A1", "L1")
    assert [column for _, _, column in kept] == ["name", "head", "leader"]


def test_a_head_overwritten_by_the_thursday_holds_in_the_week() -> None:
    assert in_force(with_unit("V1", head="B1"), BEFORE, WEEK, WEEK.thursday) == (with_unit("V1", head="B1"), ())


def test_a_first_day_on_or_before_the_thursday_makes_the_new_head_that_of_the_week() -> None:
    for first in (date(2025, 6, 2), WEEK.thursday):
        organisation, kept = on_monday(with_unit("V1", head="B1", first=first))

        assert (unit(organisation, "V1").head, kept) == ("B1", [])


def test_a_row_written_over_with_a_later_first_day_leaves_the_week_its_former_row() -> None:
    organisation, kept = on_monday(with_unit("V1", head="B1", first=MONDAY))

    assert unit(organisation, "V1").head == "A1"
    assert organisation.on(MONDAY).unit("V1") == Unit("V1", "Vụ Một", head="B1", leader="L1", first=MONDAY)
    assert kept == [("units", "V1", "")]


def test_dated_rows_say_it_all() -> None:
    now = with_unit("V1", last=MONDAY - timedelta(days=1))
    now = replace(now, units=(*now.units, replace(BEFORE.units[0], head="B1", first=MONDAY)))
    organisation, kept = on_monday(now)

    assert (organisation, kept) == (now, [])
    assert unit(organisation, "V1").head == "A1"


def test_a_head_who_was_in_no_post_on_the_thursday_has_no_say_in_the_week() -> None:
    now = replace(with_unit("V1", head="B1"), posts=with_post("A1", last=date(2025, 6, 4)).posts)

    assert unit(on_monday(now)[0], "V1").head == "B1"


def test_a_head_that_was_emptied_stays_and_one_that_was_missing_is_filled_at_once() -> None:
    assert unit(on_monday(with_unit("V1", head=""))[0], "V1").head == "A1"

    headless = with_unit("V1", head="")
    organisation, kept = in_force(BEFORE, headless, WEEK, MONDAY)
    assert (unit(organisation, "V1").head, kept) == ("A1", ())


def test_a_head_who_is_deleted_from_people_stays_with_his_row_for_the_week() -> None:
    now = replace(with_unit("V1", head="A2"), posts=tuple(post for post in BEFORE.posts if post.code != "A1"))
    organisation, kept = on_monday(now)

    assert unit(organisation, "V1").head == "A1"
    assert organisation.post_on("A1", WEEK.thursday) is not None
    assert kept == [("units", "V1", "head"), ("people", "A1", "")]


def test_a_unit_that_was_merged_into_another_is_there_in_the_week_with_its_people() -> None:
    merged = replace(with_post("B1", unit="V1"), units=BEFORE.units[:1])
    organisation, _ = on_monday(merged)

    assert unit(organisation, "V2").head == "B1"
    post = organisation.post_on("B1", WEEK.thursday)
    assert post is not None and post.unit == "V2"


def test_a_unit_that_nobody_needs_is_not_kept() -> None:
    gone = replace(BEFORE, units=BEFORE.units[:1], posts=BEFORE.posts[:3])

    assert on_monday(gone) == (gone, [])


# People


def test_who_moved_without_dates_stays_in_the_unit_of_the_thursday_with_the_post_of_then() -> None:
    organisation, kept = on_monday(with_post("A2", unit="V2", title="Phó Vụ trưởng", rank="deputy_director"))
    post = organisation.post_on("A2", WEEK.thursday)

    assert post is not None and (post.unit, post.rank) == ("V1", "official")
    assert kept == [("people", "A2", "unit"), ("people", "A2", "rank")]


def test_who_only_got_another_rank_keeps_the_title_that_went_with_the_old_one() -> None:
    before = with_post("A2", title="Chuyên viên")
    now = with_post("A2", title="Phó Vụ trưởng", rank="deputy_director")
    organisation, kept = in_force(now, before, WEEK, MONDAY)
    post = organisation.post_on("A2", WEEK.thursday)

    assert post is not None and (post.title, post.rank, post.unit) == ("Chuyên viên", "official", "V1")
    assert [one.column for one in kept] == ["rank"]


def test_a_scorer_overwritten_on_monday_is_the_former_one_in_the_week_before() -> None:
    organisation, kept = on_monday(with_post("A2", scorer="B1"))
    post = organisation.post_on("A2", WEEK.thursday)

    assert post is not None and post.scorer == "A1"
    assert kept == [("people", "A2", "scorer")]


def test_a_name_and_a_title_are_corrected_at_once() -> None:
    now = with_post("A2", name="Hoàng Văn An", title="Chuyên viên chính")

    assert on_monday(now) == (now, [])


def test_who_is_deleted_is_kept_where_the_ledger_knows_a_form() -> None:
    now = replace(BEFORE, posts=tuple(post for post in BEFORE.posts if post.code != "A2"))

    assert on_monday(now) == (now, [])
    assert on_monday(now, known=("a2",))[1] == [("people", "A2", "")]


def test_who_only_gets_a_first_day_after_the_week_is_not_in_it() -> None:
    now = with_post("A2", first=MONDAY)

    assert on_monday(now, known=("a2",)) == (now, [])


# Codes


def test_a_code_that_changed_is_the_old_one_in_a_week_that_was_issued_with_it() -> None:
    posts = tuple(replace(one, code="A9", former="A1") if one.code == "A1" else one for one in BEFORE.posts)
    now = replace(with_unit("V1", head="A9"), posts=posts)
    organisation, kept = on_monday(now)

    assert unit(organisation, "V1").head == "A1"
    assert organisation.post_on("A9", WEEK.thursday) is None
    assert organisation.post_on("A1", WEEK.thursday) is not None
    assert kept == []


def test_a_code_that_changed_with_dates_is_the_old_one_on_its_days() -> None:
    last = MONDAY - timedelta(days=1)
    now = with_post("A2", replace(BEFORE.posts[2], code="A7", former="A2", first=MONDAY), last=last)

    assert on_monday(now) == (now, [])


def test_codes_lead_to_the_code_of_now_over_several_changes() -> None:
    posts = (Post("C", "x", "V1", "official", former="b"), Post("B", "x", "V1", "official", former="A; a0"))

    assert codes_now(Organisation((), posts)) == {"a": "C", "a0": "C", "b": "C"}


def test_every_code_of_a_person_knows_the_others() -> None:
    posts = (Post("C", "x", "V1", "official", former="b"), Post("B", "x", "V1", "official", former="A"))

    assert other_codes(Organisation((), posts)) == {"c": ("a", "b"), "a": ("c", "b"), "b": ("c", "a")}


def test_codes_that_lead_to_each_other_end() -> None:
    posts = (Post("A", "x", "V1", "official", former="B"), Post("B", "y", "V1", "official", former="A"))

    assert codes_now(Organisation((), posts)) in ({}, {"a": "B", "b": "A"}, {"a": "A", "b": "B"})


# What is said


def test_what_is_kept_is_a_note_with_both_codes_and_the_day() -> None:
    finding: Finding = say_kept(Kept("units", "V1", "head", "A1", "B1"), WEEK)

    assert finding.level == "note"
    for word in ("Tuần 23", "Người đứng đầu", "V1", "A1", "B1", "05/6/2025"):
        assert word in finding.message("vi")
    assert "05/6/2025" in finding.remedy("vi")
    for kept in (
        Kept("units", "V1", "head", "A1", ""),
        Kept("people", "A1"),
        Kept("people", "A1", since=MONDAY),
    ):
        said = say_kept(kept, WEEK)
        assert not any("{" in text for lang in ("vi", "en") for text in (said.message(lang), said.remedy(lang)))  # type: ignore[arg-type]


CODES = st.sampled_from(["A1", "A2", "B1", "L1", "Z9"])
DAYS = st.sampled_from([date.min, date(2025, 6, 2), WEEK.thursday, FRIDAY, MONDAY])


@given(
    head=CODES, leader=st.sampled_from(["", "L1", "B1"]), first=DAYS, moved=st.sampled_from(["V1", "V2"]), since=DAYS
)
def test_a_week_that_has_passed_says_the_same_however_often_it_is_asked(
    head: str, leader: str, first: date, moved: str, since: date
) -> None:
    now = with_unit("V1", head=head, leader=leader, first=first)
    now = replace(now, posts=with_post("A2", unit=moved, first=since).posts)
    once = in_force(now, BEFORE, WEEK, MONDAY, {"a2"})
    again = in_force(now, once[0], WEEK, MONDAY, {"a2"})

    assert again == once
    heads = [one for one in once[0].units if one.code == "V1" and one.on(WEEK.thursday)]
    assert len(heads) == 1
