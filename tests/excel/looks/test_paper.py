"""How large a sheet is printed, and where its last page begins."""

from __future__ import annotations

import pytest

from evalxl.excel.looks.paper import (
    LANDSCAPE,
    LEAST_LISTS,
    LEAST_PEOPLE,
    LISTS,
    PEOPLE,
    PORTRAIT,
    Rows,
    break_before_sign,
)


def test_the_widest_areas_print_letters_that_can_be_read() -> None:
    assert LANDSCAPE.scale(PEOPLE) * 10.5 / 100 >= LEAST_PEOPLE
    assert LANDSCAPE.scale(LISTS) * 10 / 100 >= LEAST_LISTS
    assert (LANDSCAPE.scale(145.2), PORTRAIT.scale(104), LANDSCAPE.scale(60)) == (98, 88, 100)


def listed(people: int, tall: float = 30) -> Rows:
    """A list of people from row 10 on, and a place to sign of 95 points below it."""
    head = [(row, 20.0) for row in range(1, 10)]
    table = [(10 + place, tall) for place in range(people)]
    sign = [(10 + people + place, 95 / 6) for place in range(6)]
    return Rows([*head, *table, *sign], titles=60.0, first=10, sign=10 + people)


@pytest.mark.parametrize(
    ("people", "breaks"),
    [
        (3, 0),  # all on one page
        (12, 0),
        (14, 22),
        (16, 24),  # the place to sign would be alone on the second page
        (19, 0),  # two rows go over by themselves, in every program
        (1, 0),
    ],
)
def test_whoever_signs_has_two_rows_of_the_list_on_the_page(people: int, breaks: int) -> None:
    assert break_before_sign(listed(people), room=680.0) == breaks


def test_rows_too_tall_for_the_page_of_the_signature_go_over_as_well() -> None:
    assert break_before_sign(listed(5, tall=200), room=680.0) == 13
