"""The form in which a person reports the week, and the one in which a unit does."""

from __future__ import annotations

from evalxl.forms import fields
from evalxl.forms.kind import Table, WorkbookKind

_TABLES = (
    Table("tasks", 40),
    Table("plan", 10),
    # Lists issued with the form, on the very hidden sheet. The larger forms are built when an office needs one.
    Table("choices_task_code", (200, 1000, 5000), counted=("ev_list_task_code",), hides=False),
    Table("choices_complexity", (10, 10, 10)),  # more rows under a rule book with more levels
    Table("choices_week", 4),
)

FORM = WorkbookKind(
    name="form",
    order=10,
    declared=(*fields.STAMP, *fields.FORM),
    tables=_TABLES,
    is_form=True,
    first_of_parts="ev_self_",
    named_by="ev_person_name",
    share="unit",
    folder="{when}/{unit}/forms",
)

UNIT_FORM = WorkbookKind(
    name="unit_form",
    order=20,
    declared=(*fields.STAMP, *fields.UNIT_FORM),
    tables=_TABLES,
    is_form=True,
    of_unit=True,
    template="form",
    named_by="ev_unit_name",
    share="unit",
    folder="{when}/{unit}/forms",
    ending="tap-the",
    first_of_parts="ev_self_",
)
