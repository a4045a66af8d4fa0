"""The fields of a kind of workbook under a rule book, and the words of their lists.

A field is a defined name, workbook-wide: one cell, or one column of a table with one cell a row. The code knows names, types, who may type
and within what bounds; the template knows where. The records of the kinds (`evalxl.forms.kinds`) declare which kind has which.
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
from evalxl.forms.kind import Lists, WorkbookKind
from evalxl.forms.register import CLOSED as CLOSED
from evalxl.forms.register import NEW as NEW
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
OTHER_BREACH = "Khác"
NOT_ENTERED, ENTERED = "Chưa ghi", "Đã ghi"

# The words of each list, first the one that an untouched cell holds, beside the lists of each kind; then how else people write them.
CHOICES = Lists(
    {
        "yes_no": (YES, NO),
        "no_yes": (NO, YES),
        "breach_kind": ("Đi muộn", "Vắng họp không báo", "Chậm báo cáo", OTHER_BREACH),
        # why a score is far from another one, or from what the guide says of the tasks; own words are as good
        "difference_reason": (
            "Sản phẩm tốt hơn yêu cầu",
            "Sản phẩm phải sửa nhiều lần",
            "Thiếu minh chứng hoặc sản phẩm chưa được công nhận",
            "Nhiệm vụ khó hoặc đột xuất",
            "Nguyên nhân khách quan",
            "Việc chưa có trong danh sách nhiệm vụ",
        ),
        "task_status": ("Hoàn thành", "Hoàn thành trễ hạn", "Đang thực hiện", "Chưa hoàn thành"),
    }
)
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
# What a manager enters for a period: its criteria, their lines, the sums of these, and what suggests a criterion.
CRITERION, PERIOD_LINE, PERIOD_SUM = "ev_period_", "ev_period_points_", "ev_period_line_sum_"
PERIOD_SUGGESTED = "ev_period_suggested_"
SUGGESTED = "ev_suggested_"  # of the parts that the task rows suggest a score of

# Sample cells whose style a task row takes where the manager gave it or it was carried over: locked and marked.
STYLE_GIVEN = "ev_style_given"
STYLE_GIVEN_DATE = "ev_style_given_date"


@cache
def fields_for(kind: WorkbookKind, scored: ScoredIn = NO_SCORES) -> tuple[Field, ...]:
    """The fields of a kind of workbook under a rule book that scores in these parts and lines."""
    fields: list[Field] = []
    for entry in kind.declared:
        if isinstance(entry, Each):
            fields += entry.fields(scored)
        elif not entry.where or getattr(scored, entry.where):
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
    if kind.of == "period":
        return ScoredIn(
            parts,
            measured,
            lines=tuple(line.key for line in rules.period_lines),
            criteria=tuple(criterion.code for criterion in rules.criteria),
            suggested=tuple(criterion.code for criterion in rules.criteria if criterion.suggested),
        )
    lined = [part for part in rules.parts if part.lines_of_manager] if kind.step == "score" else []
    return ScoredIn(
        parts,
        measured,
        tuple(line.key for part in lined for line in part.lines_of_manager),
        tuple(line.key for part in lined for line in part.lines_of_person),
        tuple(part.code for part in lined if part.lines_of_manager_alone),
    )


def fields_in(kind: WorkbookKind, names: Mapping[str, Range]) -> tuple[Field, ...]:
    """The fields of a template with these names: which parts, criteria and lines it has is told by the names that end in their codes, in the order of their places.

    So what comes back is read by the template that it was issued with, whatever the rule book has become since.
    """

    def codes(prefix: str) -> tuple[str, ...]:
        found = [name for name in names if prefix and name.startswith(prefix) and name not in kind.by_field]
        found.sort(key=lambda name: (names[name].top, names[name].left))
        return tuple(name.removeprefix(prefix) for name in found)

    parts, measured = codes(kind.first_of_parts), codes(SUGGESTED)
    if kind.is_form:
        return fields_for(kind, ScoredIn(parts, measured, codes(OWN_LINE)))
    if kind.of == "period":
        others = (PERIOD_LINE, PERIOD_SUM, PERIOD_SUGGESTED)
        criteria = [code for code in codes(CRITERION) if not f"{CRITERION}{code}".startswith(others)]
        return fields_for(
            kind,
            ScoredIn(
                parts,
                measured,
                lines=codes(PERIOD_LINE),
                criteria=tuple(criteria),
                suggested=codes(PERIOD_SUGGESTED),
            ),
        )
    return fields_for(kind, ScoredIn(parts, measured, codes(GIVEN_LINE), codes(SHOWN_LINE), codes(ALONE_SUM)))


def field(kind: WorkbookKind, name: str) -> Field:
    """The field of a kind by its name.

    Raises:
        KeyError: the kind has no such field, under whatever rule book.
    """
    if name in kind.by_field:
        return kind.by_field[name]
    found = [entry for entry in kind.declared if isinstance(entry, Each) and name.startswith(entry.prefix)]
    if not found:
        raise KeyError(name)
    entry = max(found, key=lambda each: len(each.prefix))
    return entry.field(name.removeprefix(entry.prefix))
