"""The fields of every kind of workbook that goes out and comes back.

A field is a defined name, workbook-wide: one cell, or one column of a table with one cell a row. The code knows names, types, who may type
and within what bounds; the template knows where. The records of the kinds (`evalxl.forms.kinds`) say which kind has which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from evalxl.forms.field import NO_SCORES as NO_SCORES
from evalxl.forms.field import Each as Each
from evalxl.forms.field import Field as Field
from evalxl.forms.field import ScoredIn as ScoredIn
from evalxl.forms.field import Type as Type
from evalxl.forms.field import Who as Who
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.period_fields import PERIOD
from evalxl.forms.register import CLOSED as CLOSED
from evalxl.forms.register import NEW as NEW
from evalxl.forms.register import OPTIONAL_REGISTER, REGISTER, REGISTER_CHOICES
from evalxl.forms.register import PLANNED as PLANNED
from evalxl.forms.register import TALKED as TALKED
from evalxl.forms.workbook import Range

if TYPE_CHECKING:  # the running Excel asks for fields without pydantic
    from evalxl.domain.rulebook import RuleBook

YES, NO = "Có", "Không"
DRAFT, SUBMITTED = "Đang soạn", "Đã nộp"
NOT_SCORED, SCORED, RETURN = "Chưa chấm", "Đã chấm", "Trả lại"
NOT_SEEN, SEEN = "Chưa xem", "Đã xem"
NOT_APPROVED, APPROVE, ADJUST = "Chưa phê duyệt", "Phê duyệt", "Phê duyệt có điều chỉnh"
NOT_ENTERED, ENTERED = "Chưa ghi", "Đã ghi"

# The words of each list, first the one that an untouched cell holds; then how else people write them.
CHOICES: dict[str, tuple[str, ...]] = {
    "yes_no": (YES, NO),
    "no_yes": (NO, YES),
    "form_status": (DRAFT, SUBMITTED),
    "task_status": ("Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện", "Chưa hoàn thành"),
    "score_decision": (NOT_SCORED, SCORED, RETURN),
    "seen": (NOT_SEEN, SEEN, RETURN),  # the same where nobody scores
    "approve_decision": (NOT_APPROVED, APPROVE, ADJUST, RETURN),
    **REGISTER_CHOICES,
    "period_decision": (NOT_ENTERED, ENTERED),
}
SYNONYMS: dict[str, str] = {
    "Duyệt": APPROVE,
    "Điều chỉnh": ADJUST,
    NOT_SEEN: NOT_SCORED,
    SEEN: SCORED,
    "Yes": YES,
    "No": NO,
}

# The lines of the parts: what the person gives, in the form; what the person gave and the manager gives, in the scoring workbook.
OWN_LINE, SHOWN_LINE, GIVEN_LINE = "ev_line_self_", "ev_line_own_", "ev_line_score_"
LINE_SUM, ALONE_SUM = "ev_line_sum_", "ev_line_alone_"
SUGGESTED = "ev_suggested_"  # of the parts that the task rows suggest a score of

E, P, L = Who.EVALXL, Who.PERSON, Who.LIVE
T = Type

STAMP: tuple[Field, ...] = (
    # The stamp, as names on a very hidden sheet; the same values stand in the custom document properties.
    Field("ev_stamp_kind", T.TEXT, E),
    Field("ev_stamp_form_id", T.TEXT, E),
    Field("ev_stamp_week", T.TEXT, E),
    Field("ev_stamp_subject", T.TEXT, E),
    Field("ev_stamp_template", T.TEXT, E),
    Field("ev_stamp_rulebook", T.TEXT, E),
    Field("ev_stamp_seal", T.TEXT, E),
    Field("ev_stamp_office", T.TEXT, E),  # the office's id
)

_FORM_HEAD: tuple[Field, ...] = (
    Field("ev_head_nation", T.TEXT, E),  # letterhead, right: the State's name, or ĐẢNG CỘNG SẢN VIỆT NAM, or nothing
    Field("ev_head_motto", T.TEXT, E),  # letterhead, right: the State's motto, or nothing
    Field("ev_office_parent", T.TEXT, E),  # letterhead, left: the body above
    Field("ev_office_name", T.TEXT, E),  # letterhead, left: the body
    Field("ev_office_contact", T.TEXT, E),  # whom to call
    Field("ev_place_date", T.TEXT, E),  # "Hà Nội, ngày … tháng … năm …"
    Field("ev_unit_code", T.TEXT, E),
    Field("ev_unit_name", T.TEXT, E),
    Field("ev_week", T.TEXT, E),  # 2025-W23
    Field("ev_week_shown", T.TEXT, E),  # Tuần 23 (từ ngày … đến ngày …)
    Field("ev_deadline", T.TEXT, E),  # when it is due, as text
)

_FORM_BODY: tuple[Field | Each, ...] = (
    Field("ev_status", T.CHOICE, P, choices="form_status"),
    Each("ev_self_", P),
    Each(OWN_LINE, P, over="lines"),
    Field("ev_conduct_note", T.NARRATIVE, P),
    Field("ev_difficulties", T.NARRATIVE, P),
    Field("ev_proposals", T.NARRATIVE, P),
    Field("ev_reply", T.NARRATIVE, P),
    Field("ev_appeal", T.CHOICE, P, choices="no_yes"),  # asks for a review of a result; the reason stands in ev_reply
    Field("ev_appeal_week", T.TEXT, P),  # of which week; empty is the last one with a result
    Field("ev_self_total", T.TEXT, L),
    Field("ev_self_band", T.TEXT, L),
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
    Field("ev_list_task_code", T.TEXT, E, "choices_task_code"),
    Field("ev_list_complexity", T.TEXT, E, "choices_complexity"),
    Field("ev_list_coefficient", T.NUMBER, E, "choices_complexity"),
    Field("ev_list_week", T.TEXT, E, "choices_week"),
    Field("ev_last_day", T.DATE, E),  # the week's last working day, which the suggested scores compare due dates with
)

FORM: tuple[Field | Each, ...] = (
    *_FORM_HEAD,
    Field("ev_person_code", T.TEXT, E),
    Field("ev_person_name", T.TEXT, E),
    Field("ev_person_title", T.TEXT, E),
    Field("ev_person_other_posts", T.TEXT, E),
    Field("ev_person_position", T.TEXT, E),
    Field("ev_scorer_name", T.TEXT, E),
    Field("ev_approver_name", T.TEXT, E),
    *_FORM_BODY,
)

UNIT_FORM: tuple[Field | Each, ...] = (*_FORM_HEAD, Field("ev_scorer_name", T.TEXT, E), *_FORM_BODY)

_ROW_HEAD: tuple[Field, ...] = (
    Field("ev_book_nation", T.TEXT, E),
    Field("ev_book_motto", T.TEXT, E),
    Field("ev_book_parent", T.TEXT, E),
    Field("ev_book_office", T.TEXT, E),
    Field("ev_book_contact", T.TEXT, E),
    Field("ev_book_place_date", T.TEXT, E),
    Field("ev_book_owner", T.TEXT, E),  # whose workbook it is
    Field("ev_book_owner_name", T.TEXT, E),
    Field("ev_book_owner_title", T.TEXT, E),
    Field("ev_book_week", T.TEXT, E),
    Field("ev_book_week_shown", T.TEXT, E),
    Field("ev_book_deadline", T.TEXT, E),
    Field("ev_book_left", T.TEXT, L),  # "Đã chấm 12/20"
    Field("ev_book_others", T.TEXT, E, "other_books"),  # links to the owner's other workbooks of the week
)

# What was booked in the owner's name, so that nobody can score or approve for somebody else unseen: by column, and what it holds.
EACH_BOOKED = "ev_booked_"
_BOOKED: tuple[tuple[str, Type], ...] = (
    ("ev_booked_event", T.NUMBER),  # the event's number in the ledger, which `explain` names too
    ("ev_booked_at", T.TEXT),
    ("ev_booked_week", T.TEXT),
    ("ev_booked_person", T.TEXT),
    ("ev_booked_name", T.TEXT),
    ("ev_booked_decision", T.TEXT),
    (EACH_BOOKED, T.SCORE),  # a column for each part
    ("ev_booked_total", T.SCORE),
    ("ev_booked_words", T.TEXT),  # comment, reason, breach, opinion
    ("ev_booked_source", T.TEXT),  # file, sheet and cells; who saved it last
    ("ev_booked_standing", T.TEXT),  # whether it counts now, else what took its place
)


def _booked(table: str) -> tuple[Field | Each, ...]:
    columns = (
        Each(name, E, table, bound=False) if name == EACH_BOOKED else Field(name, holds, E, table)
        for name, holds in _BOOKED
    )
    return (Field("ev_booked_note", T.TEXT, E), *columns)


SCORING: tuple[Field | Each, ...] = (
    *_ROW_HEAD,
    Field("ev_row_person", T.TEXT, E, "team"),
    Field("ev_row_name", T.TEXT, E, "team"),
    Field("ev_row_unit", T.TEXT, E, "team"),
    Field("ev_row_title", T.TEXT, E, "team"),
    Field("ev_row_state", T.TEXT, E, "team"),  # the state in words, and why an approver returned the row
    Each("ev_row_self_", E, "team", bound=False),
    Field("ev_row_self_total", T.SCORE, E, "team"),
    Field("ev_row_reply", T.TEXT, E, "team"),  # what the person answers to an earlier result, and of which week
    Field("ev_row_link", T.TEXT, E, "team"),  # a link to the person's form
    Field("ev_row_score_total", T.TEXT, L, "team"),
    Field("ev_row_difference", T.TEXT, L, "team"),
    Field("ev_row_open_items", T.TEXT, L, "team"),  # what the row still needs
    Each("ev_score_", P, "team"),
    Field("ev_score_breach", T.CHOICE, P, "team", choices="no_yes"),
    Field("ev_score_breach_note", T.NARRATIVE, P, "team"),
    Field("ev_score_comment", T.NARRATIVE, P, "team"),
    Field("ev_score_explanation", T.NARRATIVE, P, "team"),
    Field("ev_score_decision", T.CHOICE, P, "team", choices="score_decision"),
    Field("ev_line_person", T.TEXT, E, "lines"),  # the same people, with the lines of their parts
    Field("ev_line_name", T.TEXT, E, "lines"),
    Each(SHOWN_LINE, E, "lines", bound=False, over="shown"),
    Each(GIVEN_LINE, P, "lines", over="lines"),
    Each(LINE_SUM, L, "lines", bound=False, type=T.TEXT, over="summed"),
    Each(ALONE_SUM, L, "lines", bound=False, type=T.TEXT, over="shared"),  # of the lines of the manager alone
    Field("ev_check_person", T.TEXT, E, "checks"),
    Field("ev_check_name", T.TEXT, E, "checks"),
    Field("ev_check_key", T.TEXT, E, "checks"),
    Field("ev_check_task", T.TEXT, E, "checks"),
    Field("ev_check_said", T.TEXT, E, "checks"),  # the person's word: status, importance, due date
    Field("ev_check_product", T.TEXT, E, "checks"),  # product and evidence, as the person wrote them
    Field("ev_check_cause", T.TEXT, E, "checks"),  # the cause that the person gave
    Field("ev_check_important", T.CHOICE, P, "checks", choices="yes_no"),
    Field("ev_check_status", T.CHOICE, P, "checks", choices="task_status"),
    Field("ev_check_recognised", T.CHOICE, P, "checks", choices="yes_no"),
    Field("ev_check_cause_accepted", T.CHOICE, P, "checks", choices="yes_no"),
    Field("ev_check_faults", T.WHOLE, P, "checks"),
    Field("ev_check_delays", T.WHOLE, P, "checks"),
    Field("ev_assign_person", T.CHOICE, P, "assignments", choices="team"),
    Field("ev_assign_task", T.NARRATIVE, P, "assignments"),
    Field("ev_assign_code", T.TEXT, P, "assignments"),
    Field("ev_assign_due", T.DATE, P, "assignments"),
    Field("ev_assign_important", T.CHOICE, P, "assignments", choices="yes_no"),
    *_booked("booked_scores"),
)

APPROVAL: tuple[Field | Each, ...] = (
    *_ROW_HEAD,
    Field("ev_row_person", T.TEXT, E, "approvals"),
    Field("ev_row_name", T.TEXT, E, "approvals"),
    Field("ev_row_unit", T.TEXT, E, "approvals"),
    Field("ev_row_title", T.TEXT, E, "approvals"),
    Field("ev_row_state", T.TEXT, E, "approvals"),
    Field("ev_row_self_total", T.SCORE, E, "approvals"),
    Each("ev_row_score_", E, "approvals", bound=False),
    Field("ev_row_score_total", T.SCORE, E, "approvals"),
    Field("ev_approve_total", T.TEXT, L, "approvals"),  # what the row comes to with what the approver typed
    Field("ev_approve_band", T.TEXT, L, "approvals"),
    Field("ev_approve_open_items", T.TEXT, L, "approvals"),  # what the decision still needs
    Field("ev_row_band", T.TEXT, E, "approvals"),
    Field("ev_row_comment", T.TEXT, E, "approvals"),  # the scorer's comment
    Field("ev_row_breach", T.TEXT, E, "approvals"),  # the breach in the scorer's words
    Field("ev_row_reply", T.TEXT, E, "approvals"),
    Field("ev_row_scorer", T.TEXT, E, "approvals"),
    Field("ev_approve_decision", T.CHOICE, P, "approvals", choices="approve_decision"),
    Each("ev_approve_", P, "approvals"),
    Field("ev_approve_opinion", T.NARRATIVE, P, "approvals"),
    Field("ev_approve_by_paper", T.TEXT, P, "approvals"),
    Field("ev_approve_all", T.CHOICE, P, choices="no_yes"),
    *_booked("booked_approvals"),
)

# The register is the office's own: it has no owner among the people, and no deadline of the week.
_NOT_OF_THE_REGISTER = (
    "ev_book_owner",
    "ev_book_owner_name",
    "ev_book_owner_title",
    "ev_book_deadline",
    "ev_book_others",
)

FOLLOW_UP: tuple[Field, ...] = (
    *(entry for entry in _ROW_HEAD if entry.name not in _NOT_OF_THE_REGISTER),
    *REGISTER,
)

# What a leader enters for a period: it has no week and no deadline. The columns of ratings by ratios are hidden where the rule book has none.
_NOT_OF_A_PERIOD = ("ev_book_week", "ev_book_week_shown", "ev_book_deadline", "ev_book_others")

PERIOD_INPUT: tuple[Field, ...] = (
    *(entry for entry in _ROW_HEAD if entry.name not in _NOT_OF_A_PERIOD),
    *PERIOD,
)

# Sample cells whose style a task row takes where the manager gave it or it was carried over: locked and marked.
STYLE_GIVEN = "ev_style_given"
STYLE_GIVEN_DATE = "ev_style_given_date"

# What there is only where somebody scores.
_OF_SCORES = frozenset(
    (
        *("ev_self_total", "ev_self_band", "ev_booked_total"),
        *("ev_row_self_total", "ev_row_score_total", "ev_row_difference", "ev_score_explanation"),
    )
)
# What there is only where lines are typed.
_OF_LINES = frozenset(("ev_line_person", "ev_line_name"))


@cache
def fields_for(kind: WorkbookKind, scored: ScoredIn = NO_SCORES) -> tuple[Field, ...]:
    """The fields of a kind of workbook under a rule book that scores in these parts and lines."""
    fields: list[Field] = []
    for entry in kind.declared:
        if isinstance(entry, Each):
            fields += entry.fields(scored)
        elif (scored.parts or entry.name not in _OF_SCORES) and (scored.lines or entry.name not in _OF_LINES):
            plain = scored.parts or entry.choices != "score_decision"
            fields.append(entry if plain else replace(entry, choices="seen"))
    return tuple(fields)


def fields_under(kind: WorkbookKind, rules: RuleBook) -> tuple[Field, ...]:
    """The fields of a kind of workbook under a rule book."""
    return fields_for(kind, scored_in(kind, rules))


def scored_in(kind: WorkbookKind, rules: RuleBook) -> ScoredIn:
    """What a rule book scores in, in one kind of workbook."""
    parts, measured = rules.codes, tuple(part.code for part in rules.parts if part.measure)
    if kind.is_form:
        return ScoredIn(parts, measured, tuple(line.key for part in rules.parts for line in part.lines_of_person))
    lined = [part for part in rules.parts if part.lines_of_manager] if kind.step == "score" else []
    return ScoredIn(
        parts,
        measured,
        tuple(line.key for part in lined for line in part.lines_of_manager),
        tuple(line.key for part in lined for line in part.lines_of_person),
        tuple(part.code for part in lined if part.lines_of_manager_alone),
    )


def fields_in(kind: WorkbookKind, names: Mapping[str, Range]) -> tuple[Field, ...]:
    """The fields of a template with these names: which parts and lines it has is told by the names that end in their codes, in the order of their places.

    So what comes back is read by the template that it was issued with, whatever the rule book has become since.
    """

    def codes(prefix: str) -> tuple[str, ...]:
        found = [name for name in names if prefix and name.startswith(prefix) and name not in kind.by_field]
        found.sort(key=lambda name: (names[name].top, names[name].left))
        return tuple(name.removeprefix(prefix) for name in found)

    parts, measured = codes(kind.first_of_parts), codes(SUGGESTED)
    if kind.is_form:
        return fields_for(kind, ScoredIn(parts, measured, codes(OWN_LINE)))
    return fields_for(kind, ScoredIn(parts, measured, codes(GIVEN_LINE), codes(SHOWN_LINE), codes(ALONE_SUM)))


# Without these names of the contract a template cannot be used; the others are conveniences that an own template may leave out.
OPTIONAL: frozenset[str] = frozenset(
    {
        "ev_stamp_office",
        "ev_head_nation",
        "ev_head_motto",
        "ev_office_parent",
        "ev_office_name",
        "ev_office_contact",
        "ev_place_date",
        "ev_unit_name",
        "ev_week_shown",
        "ev_deadline",
        "ev_person_title",
        "ev_person_other_posts",
        "ev_person_position",
        "ev_scorer_name",
        "ev_approver_name",
        "ev_list_task_code",
        "ev_list_complexity",
        "ev_list_coefficient",
        "ev_list_week",
        "ev_appeal",
        "ev_appeal_week",
        "ev_last_day",
        "ev_book_nation",
        "ev_book_motto",
        "ev_book_parent",
        "ev_book_office",
        "ev_book_contact",
        "ev_book_place_date",
        "ev_book_owner_name",
        "ev_book_owner_title",
        "ev_book_week_shown",
        "ev_book_deadline",
        "ev_book_left",
        "ev_book_others",
        "ev_row_title",
        "ev_row_state",
        "ev_row_link",
        "ev_row_difference",
        "ev_row_open_items",
        "ev_approve_total",
        "ev_approve_band",
        "ev_approve_open_items",
        "ev_row_band",
        "ev_row_comment",
        "ev_row_breach",
        "ev_row_reply",
        "ev_row_scorer",
        "ev_check_name",
        "ev_check_said",
        "ev_check_product",
        "ev_check_cause",
        "ev_period_shown",
        "ev_period_name",
        "ev_period_title",
        "ev_period_unit",
        "ev_period_weeks",
        "ev_period_mean",
        "ev_period_task_points",
        "ev_period_total",
        "ev_period_open_items",
        "ev_booked_note",
        *(name for name, _ in _BOOKED if name != EACH_BOOKED),
        *OPTIONAL_REGISTER,
        STYLE_GIVEN_DATE,
    }
)


def is_optional(name: str) -> bool:
    """Whether a template can be used without a name."""
    return name in OPTIONAL or name.startswith((EACH_BOOKED, ALONE_SUM))


def field(kind: WorkbookKind, name: str) -> Field:
    """The field of a kind by its name.

    Raises:
        KeyError: the kind has no such field, under whatever rule book.
    """
    if name in kind.by_field:
        return kind.by_field[name]
    for entry in kind.declared:
        if isinstance(entry, Each) and name.startswith(entry.prefix):
            return entry.field(name.removeprefix(entry.prefix))
    raise KeyError(name)
