"""Requests for review: a person who holds a result for wrong asks that it be looked at again, and is answered within a set time.

One request is one person (or one unit) and one evaluated week. It is asked on the form of a later week, stands in the office's register until it is answered, and
is never lost: one that comes too late is booked as late, and the office says what becomes of it. The register changes no score: where the
answer is that a result is corrected, the row is returned and scored again by those who have the authority.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from evalxl.domain.evaluation.row_requirements import Need
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import Decision
from evalxl.domain.weeks import Week


@dataclass(slots=True)
class Appeal:
    """One person and one evaluated week.

    Attributes:
        week: The week whose result is meant.
        asked_in: The week whose form asks.
        asked_on: The day on which that form came.
        late: It came after the last day to ask.
        deadline: The day by which it is to be answered.
        withdrawn: The form that counts does not ask any more.
        decisions: What was booked, in order.
    """

    subject: str
    week: Week
    asked_in: Week
    asked_on: date
    reason: str
    deadline: date
    late: bool = False
    withdrawn: bool = False
    seq: int = 0
    decisions: list[Decision] = field(default_factory=list)

    def by(self, week: Week | None) -> Decision:
        """What the register said by the end of a week; None for the latest."""
        written = (
            decision
            for decision in reversed(self.decisions)
            if week is None or (decision.week and decision.week <= str(week))
        )
        return next(written, Decision())

    def stands_in(self, week: Week) -> bool:
        """Whether it belongs into the register of a week: until it is answered, and for correcting in the week of the answer."""
        if self.asked_in > week or self.answered_before(week):
            return False
        return bool(self.decisions) or not self.withdrawn

    def answered_before(self, week: Week) -> bool:
        last = self.by(None)
        return last.state == "answered" and "" < last.week < str(week)


def key_of(subject: str, week: Week) -> str:
    """What a request is known by, in the ledger and in the register: `VP-0007/2025-W23`."""
    return f"{subject}/{week}"


def is_overdue(decision: Decision, deadline: date, today: date) -> bool:
    return decision.state != "answered" and deadline < today


def needs(decision: Decision) -> Iterator[Need]:
    """What keeps a typed row from being booked: who decides, and for an answer its outcome and its reason."""
    if decision.state != "received" and not decision.decided_by:
        yield Need("appeal.decided_by_missing", "ev_review_decided_by")
    if decision.state == "answered" and not decision.outcome:
        yield Need("appeal.outcome_missing", "ev_review_outcome")
    if decision.state == "answered" and not decision.answer:
        yield Need("appeal.answer_missing", "ev_review_answer")


def is_left_open(decision: Decision) -> bool:
    """Whether a decision is written down, and the state does not say that it was answered."""
    written = bool(decision.outcome or (decision.state == "received" and (decision.answer or decision.decided_by)))
    return decision.state != "answered" and written


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One request as a week shows it."""

    subject: str
    week: Week
    asked_in: Week
    asked_on: date
    reason: str
    deadline: date
    late: bool
    withdrawn: bool
    decision: Decision
    overdue: bool
    carried: bool

    @property
    def open(self) -> bool:
        return self.decision.state != "answered" and not self.withdrawn


def lines_of(
    appeals: Mapping[str, Appeal],
    week: Week,
    today: date,
    as_of: Week | None = None,
    touched: Iterable[str] = (),
) -> list[AppealLine]:
    """The requests that stand in a week, overdue ones on top, then by their deadline; those that are answered at the end.

    Args:
        as_of: Leave out what was written in the registers of later weeks; None for the latest.
        touched: Keys of rows in which something was typed that is not booked yet: they are never dropped.
    """
    keys = set(touched)
    lines = [
        line_of(appeal, week, today, as_of)
        for key, appeal in appeals.items()
        if appeal.stands_in(week) or (key in keys and appeal.asked_in <= week and not appeal.answered_before(week))
    ]
    return sorted(
        lines, key=lambda line: (not line.overdue, not line.open, line.deadline, line.week, code_key(line.subject))
    )


def line_of(appeal: Appeal, week: Week, today: date, as_of: Week | None = None) -> AppealLine:
    """A request as a week shows it."""
    decision = appeal.by(as_of)
    return AppealLine(
        appeal.subject,
        appeal.week,
        appeal.asked_in,
        appeal.asked_on,
        appeal.reason,
        appeal.deadline,
        appeal.late,
        appeal.withdrawn,
        decision,
        overdue=not appeal.withdrawn and is_overdue(decision, appeal.deadline, today),
        carried=appeal.asked_in < week,
    )
