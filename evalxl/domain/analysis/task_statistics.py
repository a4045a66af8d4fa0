"""Task statistics by job position (vị trí việc làm): a basis for the complexity of positions, job design and staffing.

What is counted is what the manager said of a task row; where the manager said nothing, the person's word stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE, Task
from evalxl.domain.evaluation.two_week_rule import EffectiveTask, word_on
from evalxl.domain.evaluation.week_view import PositionLine, Result
from evalxl.domain.evaluation.work_items import REPORTED
from evalxl.domain.rulebook import RuleBook


def positions(
    results: Sequence[Result], names: Mapping[str, str], rules: RuleBook, last_day: date | None = None
) -> tuple[PositionLine, ...]:
    """One line per job position of somebody to be evaluated in a week.

    A position whose people all are absent or have not reported has a line of zeros: that is seen, not left out.

    Args:
        names: Names of the positions by code, in the office's order, which is the order of the lines. Positions that stand only with people
            come after them, people without a position last.
        rules: Gives the coefficients of complexity.
        last_day: The week's last working day; its Sunday where not given.
    """
    by_position: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_position[result.position].append(result)
    place = {code: number for number, code in enumerate(names)}
    ordered = sorted(by_position, key=lambda code: (not code, place.get(code, len(place)), code))
    return tuple(_line(code, names.get(code, code), by_position[code], rules, last_day) for code in ordered)


def _line(position: str, name: str, results: Sequence[Result], rules: RuleBook, last_day: date | None) -> PositionLine:
    reports = [result for result in results if result.state in REPORTED and result.tasks]
    rows = [(result, task, word_on(task, result.checks)) for result in reports for task in result.tasks]
    # Due are the rows due in or before the week, and those completed before they were due: the base of the progress score.
    due = [
        word
        for result, task, word in rows
        if _completed(word) or (task.due is not None and task.due <= (last_day or result.week.sunday))
    ]
    return PositionLine(
        position=position,
        name=name,
        people=len({result.code for result in reports}),
        tasks=len(rows),
        products=sum(_is_product(task, word) for _, task, word in rows),
        volume=sum((volume_of(task, word, rules) for _, task, word in rows), Decimal(0)),
        due=len(due),
        on_time=sum(word.status == DONE for word in due),
        important=sum(word.important for _, _, word in rows),
        unplanned=sum(task.unplanned for _, task, _ in rows),
    )


def _completed(word: EffectiveTask) -> bool:
    return word.status in (DONE, DONE_LATE)


def _is_product(task: Task, word: EffectiveTask) -> bool:
    """A product counts where its task is completed and the manager did not refuse to recognise it."""
    return bool(task.product) and _completed(word) and word.recognised


def volume_of(task: Task, word: EffectiveTask, rules: RuleBook) -> Decimal:
    """Quantity done, weighted by complexity; a completed task without a quantity is one, a refused product nothing."""
    if not word.recognised:
        return Decimal(0)
    done = task.done if task.done is not None else Decimal(_completed(word))
    return done * (rules.coefficient_for(task.complexity) if task.complexity else task.coefficient)
