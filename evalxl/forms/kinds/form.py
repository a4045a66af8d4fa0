"""The form in which a person reports the week, and the one in which a unit does."""

from __future__ import annotations

from evalxl.forms.field import Each, Field, Type, Who
from evalxl.forms.fields import DRAFT, OWN_LINE, SUBMITTED, SUGGESTED
from evalxl.forms.kind import Table, WorkbookKind
from evalxl.forms.shared_fields import STAMP

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

_FORM_HEAD: tuple[Field, ...] = (
    # letterhead, right: the State's name, or ĐẢNG CỘNG SẢN VIỆT NAM, or nothing
    Field("ev_head_nation", T.TEXT, E, optional=True),
    Field("ev_head_motto", T.TEXT, E, optional=True),  # letterhead, right: the State's motto, or nothing
    Field("ev_office_parent", T.TEXT, E, optional=True),  # letterhead, left: the body above
    Field("ev_office_name", T.TEXT, E, optional=True),  # letterhead, left: the body
    Field("ev_office_contact", T.TEXT, E, optional=True),  # whom to call
    Field("ev_place_date", T.TEXT, E, optional=True),  # "Hà Nội, ngày … tháng … năm …"
    Field("ev_unit_code", T.TEXT, E),
    Field("ev_unit_name", T.TEXT, E, optional=True),
    Field("ev_week", T.TEXT, E),  # 2025-W23
    Field("ev_week_shown", T.TEXT, E, optional=True),  # Tuần 23 (từ ngày … đến ngày …)
    Field("ev_deadline", T.TEXT, E, optional=True),  # when it is due, as text
)

_FORM_BODY: tuple[Field | Each, ...] = (
    Field("ev_status", T.CHOICE, P, choices="form_status"),
    Each("ev_self_", P),
    Each(OWN_LINE, P, over="lines"),
    Field("ev_conduct_note", T.NARRATIVE, P),
    Field("ev_difficulties", T.NARRATIVE, P),
    Field("ev_proposals", T.NARRATIVE, P),
    Field("ev_reply", T.NARRATIVE, P),
    # asks for a review of a result; the reason stands in ev_reply
    Field("ev_appeal", T.CHOICE, P, choices="no_yes", optional=True),
    Field("ev_appeal_week", T.TEXT, P, optional=True),  # of which week; empty is the last one with a result
    Field("ev_self_total", T.TEXT, L, where="parts"),
    Field("ev_self_band", T.TEXT, L, where="parts"),
    Each(SUGGESTED, L, bound=False, type=T.TEXT, over="measured"),
    Field("ev_open_items", T.TEXT, L),
    Field("ev_task_key", T.TEXT, E, "tasks"),
    Field("ev_task_name", T.NARRATIVE, P, "tasks"),
    Field("ev_task_code", T.CHOICE, P, "tasks", choices="task_code", strict=False),
    Field("ev_task_important", T.CHOICE, P, "tasks", choices="yes_no"),
    Field("ev_task_unplanned", T.CHOICE, P, "tasks", choices="yes_no"),
    Field("ev_task_complexity", T.CHOICE, P, "tasks", choices="complexity"),
    Field("ev_task_coefficient", T.NUMBER, L, "tasks"),
    Field("ev_task_unit", T.TEXT, P, "tasks"),
    Field("ev_task_assigned", T.NUMBER, P, "tasks"),
    Field("ev_task_done", T.NUMBER, P, "tasks"),
    Field("ev_task_due", T.DATE, P, "tasks"),
    Field("ev_task_finished", T.DATE, P, "tasks"),
    Field("ev_task_status", T.CHOICE, P, "tasks", choices="task_status"),
    Field("ev_task_product", T.NARRATIVE, P, "tasks"),
    Field("ev_task_evidence", T.NARRATIVE, P, "tasks"),
    Field("ev_task_cause", T.NARRATIVE, P, "tasks"),
    Field("ev_plan_name", T.NARRATIVE, P, "plan"),
    Field("ev_plan_code", T.CHOICE, P, "plan", choices="task_code", strict=False),
    Field("ev_plan_due", T.DATE, P, "plan"),
    Field("ev_plan_important", T.CHOICE, P, "plan", choices="yes_no"),
    # Lists issued with the form, on the very hidden sheet.
    Field("ev_list_task_code", T.TEXT, E, "choices_task_code", optional=True),
    Field("ev_list_complexity", T.TEXT, E, "choices_complexity", optional=True),
    Field("ev_list_coefficient", T.NUMBER, E, "choices_complexity", optional=True),
    Field("ev_list_week", T.TEXT, E, "choices_week", optional=True),
    # the week's last working day, which the suggested scores compare due dates with
    Field("ev_last_day", T.DATE, E, optional=True),
)

_FORM: tuple[Field | Each, ...] = (
    *_FORM_HEAD,
    Field("ev_person_code", T.TEXT, E),
    Field("ev_person_name", T.TEXT, E),
    Field("ev_person_title", T.TEXT, E, optional=True),
    Field("ev_person_other_posts", T.TEXT, E, optional=True),
    Field("ev_person_position", T.TEXT, E, optional=True),
    Field("ev_scorer_name", T.TEXT, E, optional=True),
    Field("ev_approver_name", T.TEXT, E, optional=True),
    *_FORM_BODY,
)

_UNIT_FORM: tuple[Field | Each, ...] = (*_FORM_HEAD, Field("ev_scorer_name", T.TEXT, E, optional=True), *_FORM_BODY)

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
    declared=(*STAMP, *_FORM),
    tables=_TABLES,
    lists={"form_status": (DRAFT, SUBMITTED)},
    is_form=True,
    first_of_parts="ev_self_",
    named_by="ev_person_name",
    share="unit",
    folder="{when}/{unit}/forms",
)

UNIT_FORM = WorkbookKind(
    name="unit_form",
    order=20,
    declared=(*STAMP, *_UNIT_FORM),
    tables=_TABLES,
    lists={"form_status": (DRAFT, SUBMITTED)},
    is_form=True,
    of_unit=True,
    template="form",
    named_by="ev_unit_name",
    share="unit",
    folder="{when}/{unit}/forms",
    ending="tap-the",
    first_of_parts="ev_self_",
)
