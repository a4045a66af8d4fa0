"""A row of the week as value: who is waited for, and in which states it can be."""

from __future__ import annotations

from dataclasses import replace

from evalxl.domain.evaluation.week_view import STATES
from tests.domain.week.test_week_counts import row


def test_of_a_units_form_its_head_is_waited_for() -> None:
    assert row("draft").reports == "V1-03"
    assert replace(row("draft", code="unit:VU1"), head="V1-01").reports == "V1-01"


def test_a_row_is_in_one_of_the_states_of_the_export_or_was_looked_through() -> None:
    exported = "not_submitted absent draft submitted invalid scored returned approved"

    assert set(STATES) == {*exported.split(), "seen"}
