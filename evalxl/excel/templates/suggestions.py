"""The form's suggestions and the line of the guide that holds, as formulas of the task rows.

They say what `domain.evaluation.suggestions` says. A part whose guide has conditions has helpers on the very hidden sheet: what share its tasks
come to, in points, and which line of its guide holds. Sums of coefficients are rounded to nine places before the step is taken: a half in
decimals must not be lost in binary.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE, shown
from evalxl.domain.rulebook import GuideCondition, GuideRange, Measure, Part, RuleBook, TaskFact
from evalxl.excel.templates import finish
from evalxl.excel.templates.open_items import NAMED
from evalxl.excel.templates.parts import PrintedPage
from evalxl.forms.fields import YES

_FIRST_ROW = 15  # of the very hidden sheet, below its other helpers

_LATE = f'(ev_task_status="{DONE_LATE}")'
_COMPLETED = f'((ev_task_status="{DONE}")+{_LATE})'
_DUE = "ISNUMBER(ev_task_due)*(ev_task_due<ev_last_day+1)"
_COUNTED = f"{NAMED}*(({_COMPLETED}+{_DUE})>0)"
_IMPORTANT = f'(ev_task_important="{YES}")'
_WITH_PRODUCT = f"{_COMPLETED}*(LEN(TRIM(CLEAN(ev_task_product)))>0)"
_BASE = f"SUMPRODUCT({_COUNTED}*ev_task_coefficient)"

_REACHED: dict[Measure, str] = {
    "progress": f'SUMPRODUCT({NAMED}*(ev_task_status="{DONE}")*ev_task_coefficient)',
    "quality": f"SUMPRODUCT({NAMED}*{_WITH_PRODUCT}*ev_task_coefficient)",
}
_COUNTS: dict[TaskFact, str] = {
    "counted": f"SUMPRODUCT({_COUNTED}*1)",
    "late": f"SUMPRODUCT({NAMED}*{_LATE})",
    "important_late": f"SUMPRODUCT({NAMED}*{_LATE}*{_IMPORTANT})",
    "open": f"SUMPRODUCT({_COUNTED}*(1-{_COMPLETED}))",
    "important_open": f"SUMPRODUCT({_COUNTED}*(1-{_COMPLETED})*{_IMPORTANT})",
    "without_product": f"SUMPRODUCT({_COUNTED}*(1-{_WITH_PRODUCT}))",
}


def conditional(rules: RuleBook) -> list[Part]:
    """The parts whose guide has conditions on the task rows."""
    return [part for part in rules.parts if part.conditional]


def draw_helpers(hidden: PrintedPage) -> None:
    """What the tasks come to, for each part whose guide has conditions."""
    for number, part in enumerate(conditional(hidden.rules)):
        row = _FIRST_ROW + 2 * number
        if part.measure is not None:
            points = _points(part.measure, part, hidden.rules)
            finish.helper(hidden, row, _points_name(part), f"=IF({_BASE}=0,0,{points})")
        chain = str(len(part.guide))
        for place, line in reversed(list(enumerate(part.guide[:-1], 1))):
            wanted = ",".join(_condition(one, part, hidden.rules) for one in line.when)
            chain = f"IF(AND({wanted}),{place},{chain})"
        finish.helper(hidden, row + 1, _line_name(part), f"=IF({_BASE}=0,0,{chain})")


def suggested(rules: RuleBook, part: Part) -> str:
    """The suggestion from the task rows; empty without a row that counts."""
    assert part.measure is not None
    if not part.conditional:
        return f'=IF({_BASE}=0,"",{_points(part.measure, part, rules)})'
    low, high = (_of_line(part, rules, bound) for bound in (lambda one: one.low, lambda one: one.high))
    return f'=IF({_line_name(part)}=0,"",MIN({high},MAX({low},{_points_name(part)})))'


def _points_name(part: Part) -> str:
    return f"evalxl_points_{part.code}"


def _line_name(part: Part) -> str:
    return f"evalxl_line_{part.code}"


def _of_line(part: Part, rules: RuleBook, bound: Callable[[GuideRange], Decimal]) -> str:
    """One end of the range of the line that holds."""
    *above, last = (shown(bound(one)) for one in part.guide_ranges(rules.step))
    for place, value in reversed(list(enumerate(above, 1))):
        last = f"IF({_line_name(part)}={place},{value},{last})"
    return last


def _points(measure: Measure, part: Part, rules: RuleBook) -> str:
    """A share of the rows that count, in points of the part, to the step."""
    maximum, step = shown(part.maximum), shown(rules.step)
    return f"ROUND(ROUND(ROUND({maximum}*{_REACHED[measure]}/{_BASE}/{step},9),0)*{step},9)"


def _condition(wanted: GuideCondition, part: Part, rules: RuleBook) -> str:
    if wanted.is_share:
        measure: Measure = "progress" if wanted.fact == "share_on_time" else "quality"
        value = _points_name(part) if measure == part.measure else _points(measure, part, rules)
        scale = part.maximum
    else:
        value, scale = _COUNTS[wanted.fact], Decimal(1)
    bounds = [
        f"{value}{sign}{shown(bound * scale)}"
        for sign, bound in ((">=", wanted.at_least), ("<=", wanted.at_most))
        if bound is not None
    ]
    return ",".join(bounds)
