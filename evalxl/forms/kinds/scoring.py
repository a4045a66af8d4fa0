"""The workbook in which a manager scores the people of the week."""

from __future__ import annotations

from evalxl.domain.typed_rows import Check, ScoreWords
from evalxl.forms.field import Each, Field, Type, Who
from evalxl.forms.fields import ALONE_SUM, GIVEN_LINE, LINE_SUM, NOT_SCORED, NOT_SEEN, RETURN, SCORED, SEEN, SHOWN_LINE
from evalxl.forms.kind import SIZES, Table, WorkbookKind
from evalxl.forms.shared_fields import ROW_HEAD, STAMP, booked
from evalxl.forms.typed_columns import typed_columns

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

_SCORING: tuple[Field | Each, ...] = (
    *ROW_HEAD,
    Field("ev_row_person", T.TEXT, E, "team"),
    Field("ev_row_name", T.TEXT, E, "team"),
    Field("ev_row_unit", T.TEXT, E, "team"),
    Field("ev_row_title", T.TEXT, E, "team", optional=True),
    Field("ev_row_state", T.TEXT, E, "team", optional=True),  # the state in words, and why an approver returned the row
    Each("ev_row_self_", E, "team", bound=False),
    Field("ev_row_self_total", T.SCORE, E, "team", where="parts"),
    # what the person answers to an earlier result, and of which week
    Field("ev_row_reply", T.TEXT, E, "team", optional=True),
    Field("ev_row_link", T.TEXT, E, "team", optional=True),  # a link to the person's form
    Field("ev_row_score_total", T.TEXT, L, "team", where="parts"),
    Field("ev_row_difference", T.TEXT, L, "team", optional=True, where="parts"),
    Field("ev_row_open_items", T.TEXT, L, "team", optional=True),  # what the row still needs
    # whether the row was scored before and came back, so that it is decided by itself
    Field("ev_row_again", T.TEXT, E, "team", optional=True, where="parts"),
    Each("ev_score_", P, "team"),
    *typed_columns(
        ScoreWords,
        "team",
        explanation={"where": "parts"},
        breach_kind={"type": T.TEXT, "optional": True},
        breach_day={"optional": True},
        earned_by={"optional": True, "where": "parts"},
    ),
    Field("ev_score_decision", T.CHOICE, P, "team", choices="score_decision"),
    # one cell for all rows: each undecided row with all scores is scored; each empty score is the person's
    Field("ev_score_all", T.CHOICE, P, choices="no_yes", optional=True, where="parts"),
    Field("ev_take_self", T.CHOICE, P, choices="no_yes", optional=True, where="parts"),
    Field("ev_line_person", T.TEXT, E, "lines", where="lines"),  # the same people, with the lines of their parts
    Field("ev_line_name", T.TEXT, E, "lines", where="lines"),
    Each(SHOWN_LINE, E, "lines", bound=False, over="shown"),
    Each(GIVEN_LINE, P, "lines", over="lines"),
    Each(LINE_SUM, L, "lines", bound=False, type=T.TEXT, over="summed"),
    Each(
        ALONE_SUM, L, "lines", bound=False, type=T.TEXT, over="shared", optional=True
    ),  # of the lines of the manager alone
    Field("ev_check_person", T.TEXT, E, "checks"),
    Field("ev_check_name", T.TEXT, E, "checks", optional=True),
    Field("ev_check_key", T.TEXT, E, "checks"),
    Field("ev_check_task", T.TEXT, E, "checks"),
    Field("ev_check_said", T.TEXT, E, "checks", optional=True),  # the person's word: status, importance, due date
    Field("ev_check_product", T.TEXT, E, "checks", optional=True),  # product and evidence, as the person wrote them
    Field("ev_check_cause", T.TEXT, E, "checks", optional=True),  # the cause that the person gave
    *typed_columns(
        Check,
        "checks",
        shown=("task",),
        important={"choices": "yes_no"},
        status={"choices": "task_status"},
        recognised={"choices": "yes_no"},
        cause_accepted={"choices": "yes_no"},
    ),
    Field("ev_assign_person", T.CHOICE, P, "assignments", choices="team"),
    Field("ev_assign_task", T.NARRATIVE, P, "assignments"),
    Field("ev_assign_code", T.TEXT, P, "assignments"),
    Field("ev_assign_due", T.DATE, P, "assignments"),
    Field("ev_assign_important", T.CHOICE, P, "assignments", choices="yes_no"),
    *booked("booked_scores"),
)

SCORING = WorkbookKind(
    name="scoring",
    order=30,
    declared=(*STAMP, *_SCORING),
    tables=(
        Table("other_books", 3),
        Table(
            "team",
            SIZES,
            key=("ev_row_person",),
            collective="ev_row_collective",
            known_by=("ev_row_person", "ev_row_name"),
            decision="ev_score_decision",
            decided_on=("ev_row_self_total",),
            scores_decided_on="ev_row_self_",
            left_alone="ev_row_again",
        ),
        Table(
            "lines",
            SIZES,
            key=("ev_line_person",),
            collective="ev_row_collective",
            part_of="team",
            known_by=("ev_line_person", "ev_line_name"),
        ),
        Table(
            "checks",
            (800, 2000, 4800),
            key=("ev_check_person", "ev_check_key"),
            collective="ev_check_collective",
            known_by=("ev_check_person", "ev_check_name", "ev_check_key"),
        ),
        Table("assignments", (120, 300, 600), counted=("ev_assign_person", "ev_assign_task"), spare=15),
        Table("booked_scores", (160, 400, 1200), counted=("ev_booked_event",)),
    ),
    lists={
        "score_decision": (NOT_SCORED, SCORED, RETURN),
        "seen": (NOT_SEEN, SEEN, RETURN),  # the same where nobody scores
    },
    first_of_parts="ev_score_",
    step="score",
    decides_all="ev_score_all",
    takes_over="ev_take_self",
    booked_in="booked_scores",
    folder="{when}/{unit}/scoring",
    ending="cham-diem",
    former="{head}.xlsx",
)
