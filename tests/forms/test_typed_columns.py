"""A row that people type is declared once: its open cells, what is read of them, what is put back, and its event follow."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

import pytest

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.history.events import (
    AnsweredEvent,
    ApprovedEvent,
    CheckedEvent,
    FollowedEvent,
    ReviewedEvent,
    ScoredEvent,
    event_from,
)
from evalxl.domain.typed_rows import (
    ApprovalWords,
    Check,
    Decision,
    DifficultyAnswer,
    FollowUpEntry,
    ScoreWords,
    TypedRow,
)
from evalxl.forms import kinds
from evalxl.forms.fields import CHOICES, Type, field
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.rows import MEANINGS, RowReader, as_typed, booked_cells, open_names
from tests.standard_parts import STANDARD


class Case(NamedTuple):
    row: type[TypedRow]
    event: type[Any]
    kind: WorkbookKind
    table: str


CASES = [
    Case(FollowUpEntry, FollowedEvent, kinds.FOLLOW_UP, "follow_ups"),
    Case(DifficultyAnswer, AnsweredEvent, kinds.FOLLOW_UP, "difficulties"),
    Case(Decision, ReviewedEvent, kinds.FOLLOW_UP, "reviews"),
    Case(ScoreWords, ScoredEvent, kinds.SCORING, "team"),
    Case(Check, CheckedEvent, kinds.SCORING, "checks"),
    Case(ApprovalWords, ApprovedEvent, kinds.APPROVAL, "approvals"),
]
of_each_row = pytest.mark.parametrize("case", CASES, ids=[case.table for case in CASES])
_SAID = {Type.DATE: date(2025, 6, 12), Type.WHOLE: 3}


@of_each_row
def test_every_open_cell_of_a_row_is_a_field_of_it_and_of_its_event(case: Case) -> None:
    typed = {name for name in open_names(case.kind, case.table) if not name.endswith("_decision")}

    assert typed <= {case.row.prefix + name for name in case.row.names()}
    assert set(case.row.names()) <= case.event.model_fields.keys()


@of_each_row
def test_every_word_that_a_register_offers_has_a_meaning(case: Case) -> None:
    lists = [field(case.kind, case.row.prefix + name).choices for name in case.row.names()]

    for name in (name for name in lists if name in MEANINGS):
        assert set(CHOICES[name]) == set(MEANINGS[name]), name


@of_each_row
def test_what_a_row_says_is_read_from_its_event_and_from_its_cells_again(case: Case) -> None:
    known = {"subject": "V1-03", "by_code": "V1-02", "second_week": "2025-W24", "key": "K", "appealed": "2025-W23"}
    known |= {"scores": Scores(), "score_seq": 7, "source": {}}  # type: ignore[dict-item]
    other = {name: said for name, said in known.items() if name in case.event.model_fields}
    for row in (case.row(), case.row(**{name: _said(case, name) for name in case.row.names()})):
        booked = case.event(**other, **row.said())
        cells = booked_cells(booked, case.kind)
        reader = RowReader(case.kind, "V1-03", STANDARD, lambda name, at=cells: as_typed(at[name]), lambda _: ("",) * 3)

        again = event_from(json.loads(json.dumps(booked.record())))
        assert again == booked and case.row.of(again) == row
        assert reader.row(case.row) == row and not reader.findings


def _said(case: Case, name: str) -> Any:
    entry = field(case.kind, case.row.prefix + name)
    words = MEANINGS.get(entry.choices)
    if words is not None:
        return list(words.values())[-1]
    return CHOICES[entry.choices][-1] if entry.choices else _SAID.get(entry.type, "Đã trao đổi")
