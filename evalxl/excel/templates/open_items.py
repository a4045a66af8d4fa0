"""The form's status line: how many required cells are open, which is the first one, and why."""

from __future__ import annotations

from evalxl.domain.evaluation.scoring import shown
from evalxl.excel.templates.parts import PrintedPage, quoted, sentence
from evalxl.forms.fields import SUBMITTED

# The row that a task table's formulas look at: a task counts when it has a name.
NAMED = "(LEN(TRIM(CLEAN(ev_task_name)))>0)"


def open_items(page: PrintedPage, tasks_title: str) -> str:
    """How many required cells are open (the three scores in bounds, and one task with a name), and of the first one which cell it is and why."""
    parts = [(part, f"ev_self_{part.code}") for part in page.rules.parts]
    is_open = [f"NOT(AND(ISNUMBER({name}),N({name})>=0,N({name})<={shown(part.maximum)}))" for part, name in parts]
    no_task = f"SUMPRODUCT({NAMED}*1)=0"
    count = "(" + "+".join(f"IF({one},1,0)" for one in (*is_open, no_task)) + ")"
    at = "ADDRESS(SUMPRODUCT(MIN(ROW({name}))),SUMPRODUCT(MIN(COLUMN({name}))),4)"
    task_at = at.format(name="ev_task_name")
    first = sentence(page.say("form.open_task"), sheet=quoted(tasks_title), cell=task_at)
    for (part, name), one in reversed(list(zip(parts, is_open, strict=True))):
        bounds = quoted(page.say("form.open_bounds", maximum=shown(part.maximum)))
        why = f"IF(LEN({name})=0,{quoted(page.say('form.open_empty'))},IF(ISNUMBER({name}),{bounds},{quoted(page.say('form.open_no_number'))}))"
        what = quoted(part.name(page.lang).lower())
        said = sentence(page.say("form.open_cell"), cell=at.format(name=name), what=what, why=why)
        first = f"IF({one},{said},{first})"
    return (
        f"=IF({count}>0,{sentence(page.say('form.open_items'), n=count, first=first)},"
        f'IF(ev_status="{SUBMITTED}",{quoted(page.say("form.filled"))},{quoted(page.say("form.filled_draft"))}))'
    )
