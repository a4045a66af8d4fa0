"""The five numbers at the head of a week's overview: how far the week has come, and how many people need attention.

The master's sheet *Tổng quan* and the overview page show the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.evaluation.work_items import REPORTED
from evalxl.domain.week.week_counts import Counts, counts_of
from evalxl.words import Lang, say

Name = Literal["to_evaluate", "submitted", "scored", "approved", "seen", "tasks", "attention"]


@dataclass(frozen=True, slots=True)
class FiveNumber:
    """One of the five numbers.

    Attributes:
        label: What is counted.
        below: What the number means, in a few words.
        share: The part of those who are due, from 0 to 1; None where the number is no part of them.
    """

    name: Name
    label: str
    number: int
    below: str
    share: Decimal | None = None


def five_numbers(view: WeekView, lang: Lang) -> tuple[FiveNumber, ...]:
    """How far a week has come, and how many people need attention."""
    far = counts_of(view.results)
    absent = _say("tile.absent", lang, absent=far.absent) if far.absent else _say("tile.nobody_absent", lang)
    part = _share(far, far.scored)
    return (
        _number("to_evaluate", lang, far.due, absent),
        _number("submitted", lang, far.handed_in, _handed_in(far, lang), _share(far, far.handed_in)),
        *(
            (
                _number("scored", lang, far.scored, _part(far, far.scored, lang), part),
                _number("approved", lang, far.approved, _part(far, far.approved, lang), _share(far, far.approved)),
            )
            if view.rules.parts
            else (_number("seen", lang, far.scored, _part(far, far.scored, lang), part), _tasks(view, lang))
        ),
        _attention(view, lang),
    )


def _number(name: Name, lang: Lang, number: int, below: str, share: Decimal | None = None) -> FiveNumber:
    return FiveNumber(name, _say(f"tile.{name}", lang), number, below, share)


def _attention(view: WeekView, lang: Lang) -> FiveNumber:
    warnings = sum(warning.kind == "warning" for warning in view.warnings)
    watches = len(view.warnings) - warnings
    return _number("attention", lang, warnings + watches, _say("tile.kinds", lang, warnings=warnings, watches=watches))


def _tasks(view: WeekView, lang: Lang) -> FiveNumber:
    """The tasks of a week that follows them alone, and how many of them are completed."""
    words = [(task, row.checks) for row in view.results if row.state in REPORTED for task in row.tasks]
    done = sum(word_on(task, checks).status in (DONE, DONE_LATE) for task, checks in words)
    return _number("tasks", lang, len(words), _say("tile.tasks_done", lang, done=done))


def _share(far: Counts, done: int) -> Decimal | None:
    return Decimal(done) / far.due if far.due else None


def _part(far: Counts, done: int, lang: Lang) -> str:
    if not far.due:
        return ""
    if done >= far.due:
        return _say("tile.whole", lang)
    return _say("tile.rest", lang, share=_per_cent(far, done, lang), rest=far.due - done)


def _handed_in(far: Counts, lang: Lang) -> str:
    """Whose form is missing. Who was scored without one has handed in nothing, and nobody waits for it."""
    if not far.no_form:
        return _part(far, far.handed_in, lang)
    facts = {"share": _per_cent(far, far.handed_in, lang), "rest": far.missing, "no_form": far.no_form}
    return _say("tile.rest_no_form", lang, **facts)


def _per_cent(far: Counts, done: int, lang: Lang) -> str:
    share = f"{100 * Decimal(done) / far.due:.1f}%"
    return share.replace(".", ",") if lang == "vi" else share


def _say(key: str, lang: Lang, **values: object) -> str:
    return say(f"master.{key}", lang, **values)
