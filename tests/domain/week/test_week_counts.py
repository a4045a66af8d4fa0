"""How many of a week's people are due, have handed in, are scored, approved, absent and missing: worked out once, and adding up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import STATES, Result, State
from evalxl.domain.week.week_counts import Counts, counts_of, left_open
from evalxl.domain.weeks import Week
from tests.standard_parts import in_parts

FORM = in_parts(Decimal(36), Decimal(36), Decimal(18))


def row(state: State, form: bool = True, code: str = "V1-03", flags: tuple[str, ...] = ()) -> Result:
    """Somebody's row; with a form that counts where the state has one."""
    return Result(
        week=Week(2025, 23),
        code=code,
        name="Vũ Văn An",
        unit="VU1",
        unit_name="Vụ Một",
        title="",
        rank="official",
        position="",
        scorer="V1-02",
        approver="V1-01",
        state=state,
        self_scores=FORM if form and state in ("submitted", "scored", "returned", "approved") else in_parts(),
        flags=flags,
    )


def test_a_person_who_was_scored_without_a_form_has_handed_in_nothing_and_is_not_missing() -> None:
    counts = counts_of([row("scored", form=False), row("submitted"), row("draft"), row("absent")])

    assert (counts.due, counts.handed_in, counts.no_form, counts.missing, counts.absent) == (3, 1, 1, 1, 1)


def test_only_a_form_with_all_its_scores_is_handed_in_once_the_manager_has_scored() -> None:
    """An approved row whose self scores are not all there rests on no form; the flag of the score alone does not say so."""
    half = replace(row("approved"), self_scores=in_parts(Decimal(36), None, Decimal(18)))
    counts = counts_of([half, row("returned", form=False), row("approved")])

    assert (counts.due, counts.handed_in, counts.no_form, counts.missing) == (3, 1, 2, 0)


def test_in_a_week_without_scores_a_form_is_handed_in_unless_the_row_says_that_there_is_none() -> None:
    seen = replace(row("seen"), self_scores=Scores())
    counts = counts_of([seen, replace(seen, flags=("no_self",)), replace(seen, state="submitted")])

    assert (counts.due, counts.handed_in, counts.no_form, counts.scored) == (3, 2, 1, 2)


def test_somebody_who_is_excused_is_not_due() -> None:
    assert counts_of([row("absent"), row("approved", flags=("late",))]) == Counts(
        due=1, handed_in=1, scored=1, approved=1, absent=1, late=1
    )


def test_what_was_sent_back_is_handed_in_and_not_scored() -> None:
    counts = counts_of([row("returned")])

    assert (counts.handed_in, counts.scored, counts.returned, counts.missing) == (1, 0, 1, 0)


rows = st.lists(st.builds(row, st.sampled_from(STATES), st.booleans()), max_size=30)


@given(rows)
def test_the_counts_add_up(some: list[Result]) -> None:
    counts = counts_of(some)

    assert counts.due + counts.absent == len(some)
    assert counts.handed_in + counts.no_form + counts.missing == counts.due
    assert counts.approved <= counts.scored <= counts.due


@given(rows, rows)
def test_the_counts_of_units_are_those_of_the_office(one: list[Result], other: list[Result]) -> None:
    both, apart = counts_of([*one, *other]).as_record(), (counts_of(one).as_record(), counts_of(other).as_record())

    assert both == {name: apart[0][name] + apart[1][name] for name in both}


@given(rows)
def test_what_a_week_leaves_open_is_whoever_is_due_and_not_approved(some: list[Result]) -> None:
    left, counts = left_open(some), counts_of(some)
    done = counts.approved + sum(one.state == "seen" for one in some)

    assert sum(len(codes) for codes in left.as_record().values()) == counts.due - done
    assert len(left.missing) == counts.missing and len(left.returned) == counts.returned
    assert left.nothing is (counts.due == done)
