"""The workbook in which a manager scores the people of the week."""

from __future__ import annotations

from evalxl.forms import fields
from evalxl.forms.kind import SIZES, Table, WorkbookKind

SCORING = WorkbookKind(
    name="scoring",
    order=30,
    declared=(*fields.STAMP, *fields.SCORING),
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
    first_of_parts="ev_score_",
    step="score",
    booked_in="booked_scores",
    folder="{when}/{unit}/scoring",
    ending="cham-diem",
    former="{head}.xlsx",
)
