"""The task table of a form: forty rows that can be filled without unprotecting, those that are not needed out of the way.

Every row is there, with its lines and colours; a conditional format makes rows behind the next empty ones as white as paper. So a row keeps
the look of what was stamped into it, and a program that drops conditional formats shows a plain table.
"""

from __future__ import annotations

from evalxl.excel.templates import finish, inputs
from evalxl.excel.templates.parts import (
    CENTER,
    GREY,
    HEADER,
    LOCKED,
    PLAIN,
    TEXT,
    PrintedPage,
    TemplateLook,
    input_look,
)
from evalxl.forms.kind import capacity

FIRST_TASK = 6
TASKS = capacity("tasks")
READY = 12  # rows that stand ready in an empty form

_COLUMNS = (
    ("key", 32.0),
    ("name", 178.0),
    ("code", 62.0),
    ("important", 46.0),
    ("unplanned", 46.0),
    ("complexity", 62.0),
    ("coefficient", 40.0),
    ("unit", 50.0),
    ("assigned", 46.0),
    ("done", 46.0),
    ("due", 70.0),
    ("finished", 70.0),
    ("status", 76.0),
    ("product", 138.0),
    ("evidence", 138.0),
    ("cause", 116.0),
)


def draw_tasks(page: PrintedPage) -> None:
    """The task table: one landscape page, rows that appear as they are filled."""
    letters = "ABCDEFGHIJKLMNOP"
    last = FIRST_TASK + TASKS - 1
    page.widths(*(width for _, width in _COLUMNS))
    page.put("A1:P1", page.say("tasks.title"), CENTER.but(size=15, bold=True))
    who = "" if page.kind.of_unit else 'ev_person_name&" ("&ev_person_code&") - "&'
    page.put(
        "A2:P2",
        f'=IF(LEN(ev_week)=0,"",{who}ev_unit_name&" - "&ev_week_shown)',
        CENTER.but(italic=True, size=13),
    )
    page.put("A3:P3", page.say("tasks.note"), PLAIN.but(size=11))
    page.height(1, 24)
    page.height(2, 19)
    page.height(3, 18)
    for first, final, group in (("A", "G", "task"), ("H", "J", "volume"), ("K", "M", "time"), ("N", "P", "result")):
        page.put(f"{first}4:{final}4", page.say(f"tasks.group_{group}"), HEADER)
    page.height(5, 62)
    for letter, (label, _) in zip(letters, _COLUMNS, strict=True):
        page.put(f"{letter}5", page.say(f"tasks.{label}"), HEADER)
        name = f"ev_task_{label}"
        at = f"{letter}{FIRST_TASK}"
        if label == "key":
            page.column(name, at, LOCKED.but(across="center", shows=TEXT))
            for row in range(FIRST_TASK, last + 1):
                page.sheet[f"A{row}"].value = f"{row - FIRST_TASK + 1:02d}"
        elif label == "coefficient":
            complexity = letters[[label for label, _ in _COLUMNS].index("complexity")]
            level = f"{complexity}{{row}}"
            page.column(
                name,
                at,
                LOCKED.but(across="center"),
                f"=IF(LEN({level})=0,1,IFERROR(INDEX(ev_list_coefficient,MATCH({level},ev_list_complexity,0)),1))",
            )
        else:
            page.column(name, at, table_input(page, name))
            table_rule(page, name, f"{at}:{letter}{last}")
    page.rows(FIRST_TASK, READY, 32)
    page.when(f"A{FIRST_TASK}:P{last}", f"VALUE($A{FIRST_TASK})>evalxl_rows_shown", blank=True)
    page.when(f"G{FIRST_TASK}:G{last}", f"LEN($B{FIRST_TASK})=0", color=GREY)
    finish.paper(page, landscape=True, tall=1, titles="4:5")
    finish.print_shown(page, "A1", f"P{FIRST_TASK}", TASKS, "evalxl_rows_shown")
    finish.open_at(page, f"B{FIRST_TASK}", freeze=f"C{FIRST_TASK}", zoom=90)


def table_input(page: PrintedPage, name: str) -> TemplateLook:
    look = input_look(page.entry(name), 12)
    return look.but(shows=TEXT) if name.endswith("_code") else look


def table_rule(page: PrintedPage, name: str, at: str) -> None:
    """The validation of a column of tasks or of the plan."""
    entry = page.entry(name)
    if entry.choices == "task_code":
        inputs.listed(page, at, "evalxl_task_codes", "code", "code_error", "code_title", strict=False)
    elif entry.choices == "complexity":
        inputs.listed(page, at, "evalxl_complexity", "complexity", "list_error", "list_title", strict=True)
    elif entry.choices:
        inputs.choice(page, entry, at, entry.choices)
    else:
        last = name.rpartition("_")[2]
        inputs.other(page, entry, at, last if last in ("product", "evidence", "cause") else "")
