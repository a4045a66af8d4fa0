"""How many of a week's people are due, have handed in, are scored, approved, absent and missing.

Masters, status, the briefing, the buttons and their JSON show these numbers and count nothing themselves. Every person to be evaluated is one of three:

    due = handed in + scored without a form + missing

People who are excused are *absent* and not due. A person who was scored without a self-evaluation has handed in nothing, and no form is awaited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from evalxl.domain.evaluation.week_view import Result

_CAME = ("submitted", "scored", "returned", "approved", "seen")
_NOT_YET = ("not_submitted", "draft", "invalid")


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a week has come, in people.

    Attributes:
        due: To be evaluated: everybody except the excused.
        handed_in: With a valid form that counts.
        no_form: Scored, or with a result, without a form.
        missing: Without a valid form: nothing at all, a draft, or a refused form.
        scored: With a manager's score that counts. Approved rows are included, returned ones are not. Of a week without parts: looked through by the manager.
        approved: With an approved result.
        returned: With a form or score that was sent back and has not come again.
        absent: Excused.
        late: Handed in after the deadline.
    """

    due: int = 0
    handed_in: int = 0
    no_form: int = 0
    missing: int = 0
    scored: int = 0
    approved: int = 0
    returned: int = 0
    absent: int = 0
    late: int = 0

    def as_record(self) -> dict[str, int]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def counts_of(rows: Iterable[Result]) -> Counts:
    """The counts of some rows of one week: of everybody, or of a unit."""
    everybody = list(rows)
    absent = sum(row.state == "absent" for row in everybody)
    came = [row for row in everybody if row.state in _CAME]
    handed_in = sum(row.self_scores.complete if row.is_scored else "no_self" not in row.flags for row in came)
    return Counts(
        due=len(everybody) - absent,
        handed_in=handed_in,
        no_form=len(came) - handed_in,
        missing=sum(row.state in _NOT_YET for row in everybody),
        scored=sum(row.state in ("scored", "approved", "seen") for row in everybody),
        approved=sum(row.state == "approved" for row in everybody),
        returned=sum(row.state == "returned" for row in everybody),
        absent=absent,
        late=sum("late" in row.flags for row in came),
    )


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """The people whose results are open when a week is closed: staff codes, and unit codes with their mark.

    Attributes:
        missing: No valid form has come.
        returned: The form or score was sent back.
        not_scored: The form waits for the manager.
        not_approved: The score waits for the approver.
    """

    missing: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    not_scored: tuple[str, ...] = ()
    not_approved: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))

    def as_record(self) -> dict[str, list[str]]:
        return {one.name: list(getattr(self, one.name)) for one in fields(self)}


def left_open(rows: Iterable[Result]) -> LeftOpen:
    """What is still open in the rows of a week, of people and units."""
    found: dict[str, list[str]] = {}
    for row in rows:
        kind = "missing" if row.state in _NOT_YET else _OPEN.get(row.state)
        if kind is not None:
            found.setdefault(kind, []).append(row.code)
    return LeftOpen(**{kind: tuple(codes) for kind, codes in found.items()})


_OPEN = {"returned": "returned", "submitted": "not_scored", "scored": "not_approved"}
