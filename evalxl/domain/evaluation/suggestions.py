"""What the task rows say of a score: the line of the guide that describes them, and the score that they suggest.

Both are worked out from the same facts, so a suggestion never lies outside the range of the line that holds. A rule book whose guide has no
conditions suggests the bare share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE, Task, shown, to_step
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.rulebook import GuideCondition, GuideRange, Measure, Part, RuleBook, TaskFact
from evalxl.domain.typed_rows import Check


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What some task rows come to, of the rows that are completed or due.

    Attributes:
        base: The sum of their coefficients.
        reached: Of which were completed with a product (quality), and completed on time (progress).
        counts: How many rows there are of each kind.
    """

    base: Decimal
    reached: Mapping[Measure, Decimal]
    counts: Mapping[TaskFact, int]


def facts_of(tasks: Iterable[Task], last_day: date) -> TaskFacts:
    """Count task rows.

    Args:
        tasks: The task rows.
        last_day: The week's last working day: what is due on a day off after it is due in the next week.
    """
    counted = [task for task in tasks if task.completed or (task.due is not None and task.due <= last_day)]
    late = [task for task in counted if task.standing == DONE_LATE]
    left = [task for task in counted if not task.completed]
    reached: dict[Measure, Decimal] = {
        "quality": _weight(task for task in counted if task.completed and task.product),
        "progress": _weight(task for task in counted if task.standing == DONE),
    }
    return TaskFacts(
        base=_weight(counted),
        reached=reached,
        counts={
            "counted": len(counted),
            "late": len(late),
            "important_late": sum(task.important for task in late),
            "open": len(left),
            "important_open": sum(task.important for task in left),
            "without_product": sum(not (task.completed and task.product) for task in counted),
        },
    )


def _weight(tasks: Iterable[Task]) -> Decimal:
    return sum((task.coefficient for task in tasks), Decimal(0))


def suggested(tasks: Iterable[Task], rules: RuleBook, last_day: date) -> Mapping[str, Decimal | None]:
    """What the task rows suggest, shown beside the self scores and never forced: by part, where its rule book says what suggests it.

    by progress = its maximum × completed on time / (due in or before the week, or completed);
    by quality = its maximum × completed with a product / (completed, or due); weighted by coefficient, rounded to the step, and inside the range of
    the guide's line that describes the rows.

    Args:
        tasks: The form's task rows.
        rules: Gives maxima, guides and the step.
        last_day: As for `facts_of`.

    Returns:
        By the codes of the parts that something suggests; None without any row that counts.
    """
    facts = facts_of(tasks, last_day)
    return {part.code: _suggestion(part, facts, rules) for part in rules.parts if part.measure is not None}


def _suggestion(part: Part, facts: TaskFacts, rules: RuleBook) -> Decimal | None:
    assert part.measure is not None
    bare = _points(part.measure, part, facts, rules)
    line = line_that_holds(part, facts, rules)
    return line.nearest(bare) if line is not None and bare is not None else bare


def line_that_holds(part: Part, facts: TaskFacts, rules: RuleBook) -> GuideRange | None:
    """The first line of a part's guide whose conditions the task rows meet; None without conditions, or without any row that counts."""
    if not part.conditional or not facts.base:
        return None
    return next(
        one
        for one in part.guide_ranges(rules.step)
        if all(_meets(wanted, part, facts, rules) for wanted in one.line.when)
    )


def _meets(wanted: GuideCondition, part: Part, facts: TaskFacts, rules: RuleBook) -> bool:
    """Whether a condition holds. Shares are compared in points of the part, so that a share and a suggestion are rounded once."""
    if wanted.is_share:
        measure: Measure = "progress" if wanted.fact == "share_on_time" else "quality"
        value, scale = _points(measure, part, facts, rules) or Decimal(0), part.maximum
    else:
        value, scale = Decimal(facts.counts[wanted.fact]), Decimal(1)
    return (wanted.at_least is None or value >= wanted.at_least * scale) and (
        wanted.at_most is None or value <= wanted.at_most * scale
    )


def _points(measure: Measure, part: Part, facts: TaskFacts, rules: RuleBook) -> Decimal | None:
    """A share of the rows that count, in points of the part, to the step; None without any row that counts."""
    return to_step(part.maximum * facts.reached[measure] / facts.base, rules.step) if facts.base else None


def as_checked(tasks: Iterable[Task], checks: Mapping[str, Check]) -> tuple[Task, ...]:
    """The task rows as the manager's checks have them; a product that was refused is none."""
    found = []
    for task in tasks:
        word = word_on(task, checks)
        product = task.product if word.recognised else ""
        found.append(replace(task, important=word.important, status=word.status, product=product))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OutsideGuide:
    """A score outside the range of the guide's line that describes the task rows."""

    part: Part
    score: Decimal
    range: GuideRange

    def as_values(self) -> dict[str, str]:
        """The values for its message."""
        low, high = shown(self.range.low), shown(self.range.high)
        return {"label": self.part.term, "score": shown(self.score), "low": low, "high": high}


def outside_guide(
    scores: Mapping[str, Decimal], tasks: Sequence[Task], rules: RuleBook, last_day: date
) -> tuple[OutsideGuide, ...]:
    """The parts whose score lies outside the range of the line that describes the task rows.

    Args:
        scores: The scores that were given, by part.
        tasks: The task rows: a person's own, or `as_checked`.
        rules: The rule book of the week.
        last_day: As for `facts_of`.
    """
    facts = facts_of(tasks, last_day)
    found = []
    for part in rules.parts:
        line = line_that_holds(part, facts, rules)
        if line is not None and part.code in scores and not line.holds(scores[part.code]):
            found.append(OutsideGuide(part, scores[part.code], line))
    return tuple(found)
