"""What a person reports in one week, as values: the scores, the words, the task rows, next week's plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.difficulties import KINDS, DifficultyKind
from evalxl.domain.evaluation.scoring import Scores, Task, shown

NARRATIVES = ("conduct_note", "difficulties", "proposals", "reply")


@dataclass(frozen=True, slots=True)
class Plan:
    """One line of next week's plan."""

    name: str
    code: str = ""
    due: date | None = None
    important: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A form as filled.

    Attributes:
        reply: What the person answers to an earlier result; with `appeal` the reason for which a review of it is asked.
        appeal_week: Of which week, as typed; empty is the last one with a result.
        lines: What the person gives in the lines of parts that have any, by the lines' keys.
    """

    submitted: bool
    scores: Scores
    tasks: tuple[Task, ...]
    plan: tuple[Plan, ...]
    conduct_note: str = ""
    difficulties: str = ""
    proposals: str = ""
    reply: str = ""
    appeal: bool = False
    appeal_week: str = ""
    lines: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def told(self) -> Mapping[DifficultyKind, str]:
        """What the form tells the office of, in its words."""
        return {kind: getattr(self, narrative) for kind, narrative in KINDS.items()}


def submission_record(submission: Submission) -> dict[str, Any]:
    """The submission as the ledger keeps it."""
    return {
        "submitted": submission.submitted,
        "scores": submission.scores.as_record(),
        **({"lines": lines_record(submission.lines)} if submission.lines else {}),
        "tasks": [task_record(task) for task in submission.tasks],
        "plan": [_plain(asdict(line)) for line in submission.plan],
        **{name: getattr(submission, name) for name in NARRATIVES if getattr(submission, name)},
        **({"appeal": True, "appeal_week": submission.appeal_week} if submission.appeal else {}),
    }


def submission_from_record(record: Mapping[str, Any]) -> Submission:
    return Submission(
        submitted=record["submitted"],
        scores=Scores.from_record(record["scores"]),
        lines=lines_from_record(record.get("lines", {})),
        tasks=tuple(task_from_record(task) for task in record["tasks"]),
        plan=tuple(Plan(**{**line, "due": _date(line.get("due"))}) for line in record["plan"]),
        **{name: record.get(name, "") for name in NARRATIVES},
        appeal=record.get("appeal", False),
        appeal_week=record.get("appeal_week", ""),
    )


def lines_record(lines: Mapping[str, Decimal]) -> dict[str, str]:
    """What was given in the lines of parts, as the ledger keeps it."""
    return {key: shown(value) for key, value in lines.items()}


def lines_from_record(record: Mapping[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in record.items()}


def task_record(task: Task) -> dict[str, Any]:
    return _plain(asdict(task))


def task_from_record(record: Mapping[str, Any]) -> Task:
    values = dict(record)
    for name in ("due", "finished"):
        values[name] = _date(values.get(name))
    for name in ("assigned", "done", "coefficient"):
        if name in values:
            values[name] = Decimal(values[name])
    return Task(**values)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty or at its default; dates and decimals as text."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or value == "" or value is False:
            continue
        if isinstance(value, date):
            plain[name] = value.isoformat()
        elif isinstance(value, Decimal):
            if not (name == "coefficient" and value == 1):
                plain[name] = shown(value)
        else:
            plain[name] = value
    return plain
