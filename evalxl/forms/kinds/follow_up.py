"""The office's register: talks, difficulties and proposals, requests for review. Each row goes on from week to week until it is done."""

from __future__ import annotations

from evalxl.domain.typed_rows import Decision, DifficultyAnswer, FollowUpEntry
from evalxl.forms.field import Field, Type, Who
from evalxl.forms.kind import Table, WorkbookKind
from evalxl.forms.register import MEANT
from evalxl.forms.shared_fields import ROW_HEAD, STAMP
from evalxl.forms.typed_columns import typed_columns

E, L = Who.EVALXL, Who.LIVE
T = Type

_TALKS: tuple[Field, ...] = (
    Field("ev_follow_person", T.TEXT, E, "follow_ups"),
    Field("ev_follow_name", T.TEXT, E, "follow_ups", optional=True),
    Field("ev_follow_unit", T.TEXT, E, "follow_ups", optional=True),
    Field("ev_follow_kind", T.TEXT, E, "follow_ups", optional=True),  # Cần trao đổi / Cần theo dõi
    Field("ev_follow_first_week", T.TEXT, E, "follow_ups"),  # 2025-W23
    Field("ev_follow_second_week", T.TEXT, E, "follow_ups"),  # with the person: the row's key
    Field("ev_follow_evidence", T.TEXT, E, "follow_ups"),
    Field("ev_follow_talk_with", T.TEXT, E, "follow_ups", optional=True),
    Field("ev_follow_standing", T.TEXT, E, "follow_ups", optional=True),  # overdue, carried over, no longer founded
    *typed_columns(FollowUpEntry, "follow_ups", state={"choices": "follow_state"}),
    Field("ev_follow_open_items", T.TEXT, L, "follow_ups", optional=True),  # what the row still needs
)

_DIFFICULTIES: tuple[Field, ...] = (
    Field("ev_difficulty_key", T.TEXT, E, "difficulties", optional=True),  # the row's key over all weeks: who says what
    Field("ev_difficulty_unit", T.TEXT, E, "difficulties", optional=True),
    # the staff code; empty if the unit itself says it
    Field("ev_difficulty_person", T.TEXT, E, "difficulties", optional=True),
    Field("ev_difficulty_name", T.TEXT, E, "difficulties", optional=True),
    Field("ev_difficulty_kind", T.TEXT, E, "difficulties", optional=True),  # Khó khăn, vướng mắc / Kiến nghị, đề xuất
    Field("ev_difficulty_text", T.TEXT, E, "difficulties", optional=True),
    Field("ev_difficulty_weeks", T.TEXT, E, "difficulties", optional=True),  # in which weeks it was said
    *typed_columns(DifficultyAnswer, "difficulties", optional=True, state={"choices": "difficulty_state"}),
    Field("ev_difficulty_open_items", T.TEXT, L, "difficulties", optional=True),
)

_REVIEWS: tuple[Field, ...] = (
    Field("ev_review_person", T.TEXT, E, "reviews", optional=True),
    Field("ev_review_name", T.TEXT, E, "reviews", optional=True),
    Field("ev_review_unit", T.TEXT, E, "reviews", optional=True),
    Field("ev_review_week", T.TEXT, E, "reviews", optional=True),  # 2025-W23, with the person: what the row is known by
    # the result of which a review is asked, as it stands now
    Field("ev_review_result", T.TEXT, E, "reviews", optional=True),
    Field("ev_review_reason", T.TEXT, E, "reviews", optional=True),
    Field("ev_review_asked", T.TEXT, E, "reviews", optional=True),  # when, and in which week's form
    Field("ev_review_deadline", T.TEXT, E, "reviews", optional=True),
    Field("ev_review_standing", T.TEXT, E, "reviews", optional=True),  # overdue, late, carried over, withdrawn
    *typed_columns(
        Decision, "reviews", optional=True, outcome={"choices": "review_outcome"}, state={"choices": "review_state"}
    ),
    Field("ev_review_open_items", T.TEXT, L, "reviews", optional=True),
)

# The register is the office's own: it has no owner among the people, and no deadline of the week.
_NOT_OF_THE_REGISTER = (
    "ev_book_owner",
    "ev_book_owner_name",
    "ev_book_owner_title",
    "ev_book_deadline",
    "ev_book_others",
)

_FOLLOW_UP: tuple[Field, ...] = (
    *(entry for entry in ROW_HEAD if entry.name not in _NOT_OF_THE_REGISTER),
    *_TALKS,
    *_DIFFICULTIES,
    *_REVIEWS,
)

# A finished row is dropped from the register, so a row that is not there now keeps its decision.
FOLLOW_UP = WorkbookKind(
    name="follow_up",
    order=50,
    declared=(*STAMP, *_FOLLOW_UP),
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
    lists={name: tuple(words) for name, words in MEANT.items()},
    told="follow_up",
    over_weeks=True,
    share="office",
    folder="{when}/office",
    ending="theo-doi",
    former="follow-up.xlsx",
)
