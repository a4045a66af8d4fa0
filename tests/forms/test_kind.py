"""Kinds of workbooks: what their records say, and what is refused when a kind is entered instead of when a workbook needs it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from evalxl.excel.templates import builder_of
from evalxl.forms import kinds
from evalxl.forms.field import Field, Type, Who
from evalxl.forms.kind import (
    IncompleteKindError,
    Table,
    WorkbookKind,
    is_kind,
    kind_named,
    kinds_beside,
    known_kinds,
    made_known,
    used_rows,
)
from evalxl.forms.shared_fields import STAMP
from evalxl.steps.kinds.at_work import kinds_at_work, period_kinds_at_work

TABLE = Table("pledges", 20, key=("ev_pledge_person",))


def pledge(**said: Any) -> WorkbookKind:
    """A kind with one table of one column."""
    usual = {
        "name": "pledge",
        "order": 45,
        "declared": (*STAMP, Field("ev_pledge_person", Type.TEXT, Who.EVALXL, "pledges")),
        "tables": (TABLE,),
        "ending": "cam-ket",
    }
    return WorkbookKind(**{**usual, **said})


def test_every_kind_has_a_template_and_says_what_is_done_with_it() -> None:
    assert {"form", "scoring", "period_input"} <= {kind.name for kind in known_kinds()}
    assert all(callable(builder_of(kind)) for kind in known_kinds())
    at_work = [*kinds_at_work(), *period_kinds_at_work()]
    assert [one.kind for one in at_work] == [kind for kind in known_kinds() if not kind.is_form]


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("no rows are given for pledges", {"tables": ()}),
        (
            "its table pledges names what is no column: ev_pledge_who",
            {"tables": (Table("pledges", 20, key=("ev_pledge_who",)),)},
        ),
        ("its table team is another one in scoring", {"tables": (TABLE, Table("team", 5))}),
        ("its name is that of scoring", {"name": "scoring"}),
        ("its ending is that of scoring", {"ending": "cham-diem"}),
        ("its order is that of approval", {"order": 40}),
    ],
)
def test_a_kind_that_lacks_or_contradicts_something_is_refused_when_it_is_entered(
    slip: str, said: dict[str, Any]
) -> None:
    with pytest.raises(IncompleteKindError, match=slip), made_known(pledge(**said)):
        pass

    assert known_kinds() == tuple(kind_named(kind.name) for kind in known_kinds()) and not is_kind("pledge")


def test_a_kind_that_nothing_is_done_with_is_refused_by_the_first_run() -> None:
    with made_known(pledge()) as kind:
        assert kinds_beside() == (kind,)
        with pytest.raises(IncompleteKindError, match="nothing says which workbooks go out"):
            kinds_at_work()
        with pytest.raises(IncompleteKindError, match="nothing makes its template"):
            builder_of(kind)

    assert kinds.SCORING in [one.kind for one in kinds_at_work()]


def test_another_process_learns_of_a_kind_that_the_package_does_not_have() -> None:
    with made_known(pledge()) as kind:
        sent, ours = pickle.dumps(kind), pickle.dumps(kinds.SCORING)
        assert pickle.loads(sent) is kind

    assert pickle.loads(ours) is kinds.SCORING
    with pytest.raises(LookupError, match="no kind of workbook is named 'pledge'"):
        kind_named("pledge")


def test_a_workbook_shows_as_many_rows_as_its_longest_column_and_some_to_write_in() -> None:
    values = {"ev_row_person": ["A", "B"], "ev_assign_task": ["x"], "ev_check_person": ["A"] * 3, "ev_booked_event": []}

    used = used_rows(kinds.SCORING, values)

    assert {table: used[table] for table in ("team", "checks", "assignments", "booked_scores")} == {
        "team": 2,
        "checks": 3,
        "assignments": 16,
        "booked_scores": 0,
    }
