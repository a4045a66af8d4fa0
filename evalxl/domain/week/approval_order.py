"""The order of the approver's list: the exceptions come first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evalxl.domain.evaluation.row_requirements import far_apart
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.rulebook import RuleBook

_NOTED = {"no_self", "adjusted", "newer_version", "absent_note"}


def exceptions_first(
    rows: Sequence[Result], week_history: WeekHistory, rules: RuleBook, replied: Collection[str]
) -> list[Result]:
    """Rows in the order in which an approver reads them. Within a group they keep the roster's order.

    First the rows that need a check: a breach, a total below the rule book's line, a score far from the person's own, a reply or a request for review,
    a returned or adjusted row, a row changed after approval, a score without a form. Then totals so high that a comment is required.
    Then all other rows. Last the rows without a score.
    """

    def group(row: Result) -> int:
        person, total = week_history.known(row.code), row.scored.total
        if person is not None and (person.voided is not None or person.returned is not None):
            return 0
        if total is None:
            return 3
        apart = row.self_scores.total is not None and far_apart(row.scored, row.self_scores, rules)
        if row.breach or apart or row.code in replied or _NOTED & set(row.flags) or total < rules.reasons.comment_below:
            return 0
        return 1 if total >= rules.reasons.comment_from else 2

    return sorted(rows, key=group)
