"""The office's register: talks, difficulties and proposals, requests for review. Each row goes on from week to week until it is done."""

from __future__ import annotations

from evalxl.forms import fields
from evalxl.forms.kind import Table, WorkbookKind

# A finished row is dropped from the register, so a row that is not there now keeps its decision.
FOLLOW_UP = WorkbookKind(
    name="follow_up",
    order=50,
    declared=(*fields.STAMP, *fields.FOLLOW_UP),
    tables=(
        Table(
            "follow_ups",
            150,
            key=("ev_follow_person", "ev_follow_second_week"),
            decision="ev_follow_state",
            decided_on=("ev_follow_name",),
            must_be_there=False,
        ),
        Table(
            "difficulties",
            300,
            key=("ev_difficulty_key",),
            decision="ev_difficulty_state",
            decided_on=("ev_difficulty_text",),
            must_be_there=False,
        ),
        Table(
            "reviews",
            60,
            key=("ev_review_person", "ev_review_week"),
            collective="ev_review_collective",
            known_by=("ev_review_person", "ev_review_week"),
            decision="ev_review_state",
            decided_on=("ev_review_name",),
            must_be_there=False,
        ),
    ),
    told="follow_up",
    over_weeks=True,
    share="office",
    folder="{when}/office",
    ending="theo-doi",
    former="follow-up.xlsx",
)
