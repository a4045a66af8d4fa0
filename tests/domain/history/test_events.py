"""Every line of a ledger is an event that is declared once: what is written, what is read and what is folded follow from its declaration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from evalxl.domain.evaluation.difficulties import said_in
from evalxl.domain.history.events import KINDS, ScoredEvent, event_from
from evalxl.domain.history.fold import apply_event
from evalxl.domain.history.history import History
from evalxl.domain.weeks import Week

WEEK = Week.parse("2025-W23")
SCORED: dict[str, Any] = {
    "subject": "VP-0007",
    "by_code": "VP-0001",
    "scores": {"quality": "37.5"},
    "source": {"form_id": "a"},
}
_OF_WEEK: list[dict[str, Any]] = [
    {"kind": "rules", "sha256": "r", "rulebook": "cv-8679-2025@1"},
    {"kind": "organisation", "sha256": "o"},
    {
        "kind": "issued",
        "form_id": "a",
        "workbook": "form",
        "subject": "VP-0007",
        "path": "p.xlsx",
        "sha256": "s",
        "template": "t",
        "rulebook": "cv-8679-2025@1",
        "values": {"ev_week": "2025-W23"},
    },
    {"kind": "withdrawn", "form_id": "a", "subject": "VP-0007"},
    {
        "kind": "received",
        "verdict": "submitted",
        "file": "p.xlsx",
        "sha256": "f",
        "workbook": "form",
        "subject": "VP-0007",
        "content": {"difficulties": "Thiếu máy in"},
        "late": True,
    },
    {"kind": "gone", "file": "p.xlsx"},
    {"kind": "checked", "subject": "VP-0007", "by_code": "VP-0001", "key": "01", "faults": 0},
    {"kind": "assigned", "by_code": "VP-0001", "for_week": "2025-W24", "tasks": []},
    {"kind": "scored", **SCORED},
    {"kind": "approved", **SCORED, "score_seq": 9},
    {
        "kind": "booked",
        "workbook": "pledge",
        "table": "pledges",
        "row": "V1-03",
        "subject": "V1-03",
        "by_code": "V1-01",
        "values": {"days": 3},
        "source": {},
    },
    {"kind": "returned", "subject": "VP-0007", "by_code": "VP-0001", "stage": "score", "reason": "", "source": {}},
    {"kind": "warned", "subject": "VP-0007", "degree": "watch", "first_week": "2025-W22", "second_week": "2025-W23"},
    {"kind": "followed", "subject": "VP-0007", "second_week": "2025-W23", "state": "planned", "source": {}},
    {
        "kind": "answered",
        "subject": "VP-0007",
        "state": "passed_on",
        "source": {},
        "key": next(iter(said_in("VP-0007", WEEK, {"difficulties": "Thiếu máy in"}))).key,
    },
    {
        "kind": "appealed",
        "subject": "VP-0007",
        "appealed": "2025-W23",
        "reason": "",
        "asked_on": "2025-06-09",
        "deadline": "2025-06-16",
    },
    {"kind": "reviewed", "subject": "VP-0007", "appealed": "2025-W23", "state": "considering", "source": {}},
    {"kind": "page", "subject": "VP-0007", "check": "K7", "said": {"total": "90"}},
    {"kind": "counted", "received": 2, "accepted": 2},
    {"kind": "closed", "reason": "", "organisation": "o"},
    {"kind": "reopened", "reason": "Sửa điểm", "organisation": "o"},
]
EXAMPLES = [
    *({**record, "week": "2025-W23"} for record in _OF_WEEK),
    {"kind": "entered", "period": "2025-06", "subject": "VP-0007", "by_code": "VP-0001", "source": {}, "done": True},
    {"kind": "cleaned", "reason": "QĐ 12", "of": ["2025-W01"]},
]
STAMP = {"seq": 1, "at": "2025-06-09T10:00:00+07:00", "by": "văn phòng"}


@pytest.mark.parametrize("record", EXAMPLES, ids=lambda record: record["kind"])
def test_an_event_is_read_from_its_line_as_it_was_written(record: dict[str, Any]) -> None:
    event = event_from(json.loads(json.dumps(record | STAMP)))

    assert event.record() == record
    assert (event.seq, event.at, event.by) == tuple(STAMP.values())


def test_what_is_empty_is_left_out_of_the_line_and_what_has_no_default_never() -> None:
    assert ScoredEvent(**SCORED | {"scores": {}}).record() == {**SCORED, "kind": "scored", "scores": {}}
    assert ScoredEvent(**SCORED, comment="Tốt", acts_for="").record() == {**SCORED, "kind": "scored", "comment": "Tốt"}


def test_a_field_that_is_misspelt_in_the_program_is_no_event() -> None:
    with pytest.raises(ValidationError):
        ScoredEvent(**SCORED, coment="Tốt")


def test_a_field_that_this_version_does_not_know_is_left_aside() -> None:
    """A ledger that another version has written is read as it is."""
    event = event_from({**SCORED, **STAMP, "kind": "scored", "prev": "0" * 64, "weather": "mưa"})

    assert event.record() == {**SCORED, "kind": "scored"}


def test_a_line_without_a_score_is_no_score_and_its_error_names_nobody() -> None:
    record = {name: value for name, value in SCORED.items() if name != "scores"} | {"kind": "scored", "comment": 38.5}

    with pytest.raises(ValidationError) as slip:
        event_from(record)

    assert "scores" in str(slip.value) and "VP-0007" not in str(slip.value) and "38.5" not in str(slip.value)


def test_the_fold_takes_every_kind_of_event() -> None:
    history = History()

    for seq, record in enumerate(EXAMPLES, start=1):
        apply_event(history, record | STAMP | {"seq": seq})

    assert {record["kind"] for record in EXAMPLES} == set(KINDS)
    assert history.week(WEEK).last_seq + len(history.periods) + len(history.cleaned) == len(EXAMPLES)
