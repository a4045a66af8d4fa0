"""What was booked in a person's name: each score, return and approval with its event, and whether it still counts.

Excel cannot prove who typed into a workbook in a shared folder. So the next workbook shows everybody who scores or approves what
the ledger holds in their name. A person who did not do that sees it there, with the event number to object to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.history.history import Event, PersonWeek, WeekHistory, subject_of
from evalxl.domain.names import code_key
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week

_DECIDED = ("scored", "returned", "approved")


@dataclass(frozen=True, slots=True)
class Booking:
    """One booked decision.

    Attributes:
        what: The event's kind: `scored`, `returned` or `approved`.
        stage: The step at which it was decided: `score` or `approve`.
        by, acts_for: Staff codes of the person who decided and, if delegated, of the person who delegated.
        received: The event that received the workbook in which it was typed; 0 if the ledger does not say.
        modified_by: The account that saved that workbook last, as the file says.
        ended_by, ended_seq: The event that replaced it, and its number; empty while it counts.
    """

    seq: int
    week: Week
    what: str
    stage: str
    code: str
    by: str
    acts_for: str
    at: datetime
    scores: Scores
    event: Event
    source: Mapping[str, Any]
    received: int = 0
    received_at: datetime | None = None
    modified_by: str = ""
    both: bool = False  # one person scores and approves: one sheet records both decisions
    ended_by: str = ""
    ended_seq: int = 0

    def in_name_of(self, owner: str) -> bool:
        key = code_key(owner)
        return key == code_key(self.by) or key == code_key(self.acts_for)


def bookings(week_history: WeekHistory) -> tuple[Booking, ...]:
    """Everything that was decided in a week, in the order of the ledger."""
    made: list[Booking] = []
    standing: dict[str, dict[str, int]] = {}  # by person: the booking that counts now as score, approval and return
    came: dict[int, Event] = {}
    for event in week_history.log:
        kind = event["kind"]
        if kind == "received":
            came[event["seq"]] = event
            _answered(made, standing, event)
        elif kind == "approved" and event.get("same_person"):
            number = standing[code_key(event["subject"])]["scored"]
            made[number] = replace(made[number], both=True)
        elif kind in _DECIDED:
            slots = standing.setdefault(code_key(event["subject"]), {})
            what = f"returned_{event['stage']}" if kind == "returned" else kind
            for slot in _OVERTAKES[what]:
                if slot in slots:
                    number = slots.pop(slot)
                    made[number] = replace(made[number], ended_by=what, ended_seq=event["seq"])
            slots["returned" if kind == "returned" else kind] = len(made)
            made.append(_booking(week_history.week, event, came))
    return tuple(made)


# The earlier decisions that a new decision ends.
_OVERTAKES = {
    "scored": ("scored", "approved", "returned"),
    "approved": ("approved", "returned"),
    "returned_score": ("scored", "approved", "returned"),
    "returned_approve": ("scored", "approved", "returned"),
}


def _answered(made: list[Booking], standing: Mapping[str, dict[str, int]], event: Event) -> None:
    """End a return when a form comes after it."""
    is_form = event.get("workbook") in ("form", "unit_form")
    if event["verdict"] != "submitted" or not is_form or "moved_from" in event:
        return
    slots = standing.get(code_key(subject_of(event)), {})
    if "returned" in slots and made[slots["returned"]].stage == "score":
        number = slots.pop("returned")
        made[number] = replace(made[number], ended_by="received", ended_seq=event["seq"])


def _booking(week: Week, event: Event, came: Mapping[int, Event]) -> Booking:
    source = event["source"]
    received = came.get(source.get("received", 0))
    return Booking(
        seq=event["seq"],
        week=week,
        what=event["kind"],
        stage=event.get("stage", "approve" if event["kind"] == "approved" else "score"),
        code=event["subject"],
        by=event["by_code"],
        acts_for=event.get("acts_for", ""),
        at=datetime.fromisoformat(event["at"]),
        scores=Scores.from_record(event.get("scores", {})),
        event=event,
        source=source,
        received=received["seq"] if received else 0,
        received_at=datetime.fromisoformat(received["at"]) if received else None,
        modified_by=received.get("modified_by", "") if received else "",
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from what was approved: a term (`words.in_language`), the old and the new value; empty for none."""

    what: str
    old: str
    new: str


def changed_since_approval(person: PersonWeek, rules: RuleBook) -> tuple[Change, ...]:
    """What changed since the approver saw it; empty while nothing was scored again."""
    if person.voided is None or person.score is None:
        return ()
    old, new = person.voided.score, person.score
    compared = []
    for part in rules.parts:
        compared.append((part.term, _shown(old.scores.part(part.code)), _shown(new.scores.part(part.code))))
        compared += [(row.term, _shown(old.lines.get(row.key)), _shown(new.lines.get(row.key))) for row in part.lines]
    compared += [
        ("@changed.total", _shown(old.scores.total), _shown(new.scores.total)),
        ("@changed.breach", old.breach_said if old.breach else "", new.breach_said if new.breach else ""),
        ("@changed.comment", old.comment, new.comment),
        ("@changed.explanation", old.explanation, new.explanation),
        ("@changed.self_total", _self_total(person, old.version, rules), _self_total(person, new.version, rules)),
        ("@changed.scorer", old.by_code, new.by_code),
    ]
    return tuple(Change(*one) for one in compared if one[1] != one[2])


def _self_total(person: PersonWeek, version: str, rules: RuleBook) -> str:
    form = next(
        (received for received in person.versions if received.sha256 == version and received.content is not None), None
    )
    return _shown(form.submission.scores.under(rules).total) if form else ""


def _shown(value: Decimal | None) -> str:
    return "" if value is None else shown(value)


def newest_first(made: Sequence[Booking], owner: str, stage: str) -> Iterator[Booking]:
    """What was booked at a step in a person's name, the latest first."""
    return (booking for booking in reversed(made) if booking.stage == stage and booking.in_name_of(owner))
