"""The form's status line: how many required cells are open, which is the first one, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import Part
from evalxl.excel.templates.inputs import one_of
from evalxl.excel.templates.parts import PrintedPage, quoted, sentence
from evalxl.forms.fields import SUBMITTED

# The row that a task table's formulas look at: a task counts when it has a name.
NAMED = "(LEN(TRIM(CLEAN(ev_task_name)))>0)"


LineRows = Mapping[str, tuple[int, int]]  # by part: the first and the last row of its lines


def open_items(page: PrintedPage, tasks_title: str, lines: LineRows) -> str:
    """How many required cells are open (each score in bounds, and one task with a name), and of the first one which cell it is and why.

    Args:
        lines: Where the lines of parts stand on the page: their points at most in column C, their scores in column D.
    """
    parts = [(part, f"ev_self_{part.code}") for part in page.rules.parts if not part.lines]
    lined = [part for part in page.rules.parts if part.lines]
    is_open = [f"NOT(AND(ISNUMBER({name}),N({name})>=0,N({name})<={shown(part.maximum)}))" for part, name in parts]
    no_task = f"SUMPRODUCT({NAMED}*1)=0"
    count = "(" + "+".join(f"IF({one},1,0)" for one in (*is_open, no_task)) + _counts(lined, lines) + ")"
    at = "ADDRESS(SUMPRODUCT(MIN(ROW({name}))),SUMPRODUCT(MIN(COLUMN({name}))),4)"
    task_at = at.format(name="ev_task_name")
    first = sentence(page.say("form.open_task"), sheet=quoted(tasks_title), cell=task_at)
    for (part, name), one in reversed(list(zip(parts, is_open, strict=True))):
        bounds = quoted(page.say("form.open_bounds", maximum=shown(part.maximum)))
        why = f"IF(LEN({name})=0,{quoted(page.say('form.open_empty'))},IF(ISNUMBER({name}),{bounds},{quoted(page.say('form.open_no_number'))}))"
        what = quoted(part.name(page.lang).lower())
        said = sentence(page.say("form.open_cell"), cell=at.format(name=name), what=what, why=why)
        first = f"IF({one},{said},{first})"
    for part in reversed(lined):
        what = quoted(part.name(page.lang).lower())
        for terms, key, cell in (
            (_not_allowed(part, lines), "form.open_allowed", at.format(name=f"ev_self_{part.code}")),
            ([_open(part, lines)], "form.open_lines", _first_open(part, lines)),
        ):
            if terms:
                said = sentence(page.say("form.open_cell"), cell=cell, what=what, why=quoted(page.say(key)))
                first = f"IF({'+'.join(terms)}>0,{said},{first})"
    return (
        f"=IF({count}>0,{sentence(page.say('form.open_items'), n=count, first=first)},"
        f'IF(ev_status="{SUBMITTED}",{quoted(page.say("form.filled"))},{quoted(page.say("form.filled_draft"))}))'
    )


_BELOW = 1000000  # further down than any row


def _counts(lined: Sequence[Part], lines: LineRows) -> str:
    """What is open in the lines, to be added up."""
    return "".join(f"+{term}" for part in lined for term in (_open(part, lines), *_not_allowed(part, lines)))


def _each_open(part: Part, lines: LineRows) -> str:
    """Of each line whether its score is missing, no number or out of bounds; never of a line of the manager's, which has no number in C."""
    first, last = lines[part.code]
    most, given = f"C{first}:C{last}", f"D{first}:D{last}"
    return f"(ISNUMBER({most})*((({given}<0)+({given}>{most})+(1-ISNUMBER({given})))>0))"


def _open(part: Part, lines: LineRows) -> str:
    return f"SUMPRODUCT({_each_open(part, lines)}*1)"


def _first_open(part: Part, lines: LineRows) -> str:
    first, last = lines[part.code]
    return f"ADDRESS(SUMPRODUCT(MIN(ROW(D{first}:D{last})+{_BELOW}*(1-{_each_open(part, lines)}))),4,4)"


def _not_allowed(part: Part, lines: LineRows) -> list[str]:
    """Of each line with allowed values whether another number stands in it."""
    first, _ = lines[part.code]
    cells = ((f"D{first + place}", line) for place, line in enumerate(part.lines) if line.allowed and line.of_person)
    return [f"IF(AND(ISNUMBER({cell}),NOT({one_of(cell, line)})),1,0)" for cell, line in cells]
