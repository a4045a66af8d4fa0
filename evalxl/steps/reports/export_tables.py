"""Further tables of the export, besides those of the contract: difficulties with their outcome, task statistics per job position, and signals.

Signals about how scores are given are for the office and the leaders alone. They are exported only on explicit request, and must not be passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evalxl.domain.analysis.scoring_signals import Fairness
from evalxl.domain.analysis.staffing import Counted, PositionWork, Staffing
from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.period_inputs import Entries
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.names import code_key
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.weeks import Period, Week

Row = Mapping[str, Any]

_TOP = 5


def difficulties(what: Week | Period, lines: Iterable[DifficultyLine]) -> Iterator[Row]:
    """One row per wording of one person or unit. The code of a unit has the unit mark."""
    for line in lines:
        yield {
            "week": what,
            "key": line.key,
            "code": line.subject,
            "unit": line.unit,
            "kind": line.kind,
            "text": line.text,
            "said_in": " ".join(map(str, line.weeks)),
            "state": line.answer.state,
            "passed_to": line.answer.passed_to,
            "answer": line.answer.answer,
            "answered_in": line.answer.week or "",
        }


def lines(view: WeekView) -> Iterator[Row]:
    """One row per person and line of a part, where the rule book has lines; people who gave and were given nothing have none."""
    for row in view.results:
        for part in view.rules.parts:
            for line in part.lines:
                own, given = row.self_lines.get(line.key), row.scored_lines.get(line.key)
                if own is None and given is None:
                    continue
                yield {
                    "week": row.week,
                    "code": row.code,
                    "part": part.code,
                    "line": line.code,
                    "typed_by": line.typed_by,
                    "maximum": line.maximum,
                    "self": own,
                    "scored": given,
                }


def criteria(view: PeriodView, entries: Entries) -> Iterator[Row]:
    """One row per person and criterion that was entered for a period, then one for each of its lines."""
    for person in view.results:
        rating, entry = view.ratings.get(code_key(person.code)), entries.get(code_key(person.code))
        for criterion in view.rules.criteria:
            given = {**rating.criteria, **rating.points}.get(criterion.code) if rating is not None else None
            if entry is None or given is None:
                continue
            row = {"week": view.period, "code": person.code, "criterion": criterion.code, "counts": criterion.counts}
            yield {**row, "line": "", "maximum": criterion.maximum, "entered": given}
            for line in criterion.lines:
                if line.key in entry.lines:
                    yield {**row, "line": line.code, "maximum": line.maximum, "entered": entry.lines[line.key]}


def statistics(period: Period, staffing: Staffing) -> Iterator[Row]:
    """One row per job position, as in the workbook of task statistics. People without a position come last, under an empty code."""
    for position_work in staffing.positions:
        yield {
            "week": period,
            "position": position_work.position,
            "name": position_work.name,
            "complexity": position_work.complexity,
            "posts": position_work.posts,
            "strength": position_work.strength,
            "person_weeks": position_work.person_weeks,
            "absent_weeks": position_work.absent_weeks,
            "missing_weeks": position_work.missing_weeks,
            "task_rows": position_work.rows,
            **_sums(position_work.counted),
            "volume_a_week": position_work.volume_a_week,
            "works_a_week": position_work.works_a_week,
            "load_index": staffing.index(position_work),
            "load_index_of_works": staffing.index_of_works(position_work),
            "top_tasks": _top(position_work),
        }


def _sums(counted: Counted) -> Row:
    return {
        "works": counted.works,
        "completed": counted.completed,
        "products": counted.products,
        "volume": counted.volume,
        "due_works": counted.due,
        "on_time": counted.on_time,
        "important_works": counted.important,
        "unplanned_works": counted.unplanned,
        "on_time_share": counted.on_time_share,
        "product_share": counted.quality_share,
        "unplanned_share": counted.unplanned_share,
    }


def _top(position_work: PositionWork) -> str:
    """The most frequent task codes of a position."""
    return " ".join([kind.code for kind in position_work.kinds if kind.code][:_TOP])


def signals(period: Period, found: Fairness) -> Iterator[Row]:
    """One row per signal, with its figures and the threshold. Other explanations are in the workbook of signals."""
    for signal in found.signals:
        yield {
            "week": period,
            "kind": signal.kind,
            "code": signal.code,
            "other": signal.other,
            "value": signal.value,
            "office_value": signal.office,
            "shrunken": signal.shrunken,
            "threshold": signal.limit,
            "based_on_people": signal.people,
            "based_on_rows": signal.rows,
        }
