"""The workbook in which an approver decides on the scores of the week."""

from __future__ import annotations

from evalxl.forms import fields
from evalxl.forms.kind import SIZES, Table, WorkbookKind

APPROVAL = WorkbookKind(
    name="approval",
    order=40,
    declared=(*fields.STAMP, *fields.APPROVAL),
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
        Table("booked_approvals", (160, 400, 1200), counted=("ev_booked_event",)),
    ),
    first_of_parts="ev_approve_",
    step="approve",
    decides_all="ev_approve_all",
    booked_in="booked_approvals",
    folder="{when}/approval",
    ending="phe-duyet",
    former="{head}.xlsx",
)
