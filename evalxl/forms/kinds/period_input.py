"""The workbook in which a leader enters the criteria of a period."""

from __future__ import annotations

from evalxl.forms import fields
from evalxl.forms.kind import SIZES, Table, WorkbookKind

PERIOD_INPUT = WorkbookKind(
    name="period_input",
    order=60,
    declared=(*fields.STAMP, *fields.PERIOD_INPUT),
    tables=(
        Table(
            "period_people",
            SIZES,
            key=("ev_period_person",),
            decision="ev_period_decision",
            decided_on=("ev_period_name",),
        ),
    ),
    of="period",
    share="office",
    folder="periods",
    ending="tieu-chi",
    former="{when}_input_{code}.xlsx",
)
