"""The workbook in which an approver decides on the scores of the week."""

from __future__ import annotations

from evalxl.domain.typed_rows import ApprovalWords
from evalxl.forms.field import Each, Field, Type, Who
from evalxl.forms.fields import ADJUST, APPROVE, NOT_APPROVED, RETURN
from evalxl.forms.kind import SIZES, Table, WorkbookKind
from evalxl.forms.shared_fields import ROW_HEAD, STAMP, booked
from evalxl.forms.typed_columns import typed_columns

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

_APPROVAL: tuple[Field | Each, ...] = (
    *ROW_HEAD,
    Field("ev_row_person", T.TEXT, E, "approvals"),
    Field("ev_row_name", T.TEXT, E, "approvals"),
    Field("ev_row_unit", T.TEXT, E, "approvals"),
    Field("ev_row_title", T.TEXT, E, "approvals", optional=True),
    Field("ev_row_state", T.TEXT, E, "approvals", optional=True),
    Field("ev_row_self_total", T.SCORE, E, "approvals", where="parts"),
    Each("ev_row_score_", E, "approvals", bound=False),
    Field("ev_row_score_total", T.SCORE, E, "approvals", where="parts"),
    # what the row comes to with what the approver typed
    Field("ev_approve_total", T.TEXT, L, "approvals", optional=True),
    Field("ev_approve_band", T.TEXT, L, "approvals", optional=True),
    Field("ev_approve_open_items", T.TEXT, L, "approvals", optional=True),  # what the decision still needs
    Field("ev_row_band", T.TEXT, E, "approvals", optional=True),
    Field("ev_row_comment", T.TEXT, E, "approvals", optional=True),  # the scorer's comment
    Field("ev_row_breach", T.TEXT, E, "approvals", optional=True),  # the breach in the scorer's words
    Field("ev_row_reply", T.TEXT, E, "approvals", optional=True),
    Field("ev_row_scorer", T.TEXT, E, "approvals", optional=True),
    Field("ev_row_link", T.TEXT, E, "approvals", optional=True),  # a link to the person's form
    Field("ev_approve_decision", T.CHOICE, P, "approvals", choices="approve_decision"),
    Each("ev_approve_", P, "approvals"),
    *typed_columns(ApprovalWords, "approvals", by_paper={"type": T.TEXT}),
    Field("ev_approve_all", T.CHOICE, P, choices="no_yes"),
    # the tasks behind the rows to decide, for the approver's eyes
    Field("ev_task_of_person", T.TEXT, E, "task_views", optional=True),
    Field("ev_task_of_name", T.TEXT, E, "task_views", optional=True),
    Field("ev_task_of_remark", T.TEXT, E, "task_views", optional=True),  # why a task stands on top
    Field("ev_task_of_task", T.TEXT, E, "task_views", optional=True),
    Field("ev_task_of_said", T.TEXT, E, "task_views", optional=True),  # status, due date, as the manager left them
    Field("ev_task_of_product", T.TEXT, E, "task_views", optional=True),
    Field("ev_task_of_cause", T.TEXT, E, "task_views", optional=True),
    Field("ev_task_of_recognised", T.TEXT, E, "task_views", optional=True),
    *booked("booked_approvals"),
)

APPROVAL = WorkbookKind(
    name="approval",
    order=40,
    declared=(*STAMP, *_APPROVAL),
    tables=(
        Table("other_books", 3),
        Table(
            "approvals",
            SIZES,
            key=("ev_row_person",),
            collective="ev_row_collective",
            known_by=("ev_row_person", "ev_row_name"),
            decision="ev_approve_decision",
            decided_on=("ev_row_score_total", "ev_row_self_total", "ev_row_comment", "ev_row_breach"),
            scores_decided_on="ev_row_score_",
        ),
        Table("task_views", (400, 1200, 3600), counted=("ev_task_of_person",)),
        Table("booked_approvals", (160, 400, 1200), counted=("ev_booked_event",)),
    ),
    lists={"approve_decision": (NOT_APPROVED, APPROVE, ADJUST, RETURN)},
    first_of_parts="ev_approve_",
    step="approve",
    decides_all="ev_approve_all",
    booked_in="booked_approvals",
    folder="{when}/approval",
    ending="phe-duyet",
    former="{head}.xlsx",
)
