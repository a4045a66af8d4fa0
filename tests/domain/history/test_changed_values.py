"""A workbook that went out again says in the ledger what changed, and all of it can be told again."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from evalxl.domain.history.changed_values import changes_since, with_changes
from evalxl.domain.history.events import IssuedEvent
from evalxl.domain.history.workbook_events import issue_from

one = st.none() | st.integers(0, 3).map(str) | st.just({"date": "2025-06-05"})
values = st.dictionaries(st.sampled_from("abcdef"), one | st.lists(one, max_size=8), max_size=6)


@given(before=values, now=values)
def test_what_changed_gives_the_whole_issue_again(before: dict[str, object], now: dict[str, object]) -> None:
    kept = json.loads(json.dumps(changes_since(before, now)))

    assert with_changes(before, kept) == now


def test_one_row_that_was_filled_is_kept_alone() -> None:
    before = {"ev_row_person": ["V1-03", "V1-04"], "ev_row_self_total": [None, 91], "ev_week": "2025-W23"}
    now = before | {"ev_row_self_total": [88, 91]}

    assert changes_since(before, now) == {"ev_row_self_total": {"from": 0, "drop": 1, "put": [88]}}


def test_a_row_that_is_put_in_moves_the_others_and_is_kept_alone() -> None:
    before, now = {"ev_row_person": ["P-02", "P-04"]}, {"ev_row_person": ["P-02", "P-03", "P-04"]}

    assert changes_since(before, now) == {"ev_row_person": {"from": 1, "drop": 0, "put": ["P-03"]}}


def test_a_workbook_that_went_out_again_with_the_same_values_says_what_it_said() -> None:
    """The ledger leaves out what is empty: another version of a form stands behind the same rows."""
    event = {"seq": 1, "form_id": "a", "workbook": "scoring", "subject": "V1-02", "path": "p", "sha256": "s"}
    event |= {"template": "t", "rulebook": "r"}
    first = issue_from(IssuedEvent(**event, values={"ev_week": "2025-W23"}), {})

    again = IssuedEvent(**event | {"seq": 2, "form_id": "b"}, since="a")

    assert issue_from(again, {"a": first}).values == {"ev_week": "2025-W23"}
