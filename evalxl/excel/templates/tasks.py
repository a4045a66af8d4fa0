"""The task table of a form: forty rows that can be filled without unprotecting, those that are not needed out of the way.

Every row is there, with its lines and colours; a conditional format makes rows behind the next empty ones as white as paper. So a row keeps
the look of what was stamped into it, and a program that drops conditional formats shows a plain table. Those rows are low until somebody types
into them: LibreOffice prints them too.

What is needed comes first in a row, so that a task takes six moves; right of a heavy line nothing is required.
"""

from __future__ import annotations

from typing import Literal

from openpyxl.styles import Border, Side

from evalxl.domain.evaluation.scoring import DONE, DONE_LATE
from evalxl.excel.looks.paper import LANDSCAPE
from evalxl.excel.templates import finish, inputs
from evalxl.excel.templates.page_layout import TITLE, WEEK, ColumnHead, header_rows, on_paper
from evalxl.excel.templates.parts import (
    CENTER,
    LOCKED,
    PALE,
    PINK,
    TEXT,
    WHITE,
    PrintedPage,
    TemplateLook,
    input_look,
)
from evalxl.forms.kind import capacity

HEAD = 4
FIRST_TASK = HEAD + 3
TASKS = capacity("tasks")
READY = 12  # rows that stand ready in an empty form
ROOMY = 19  # rows that are tall enough for a line before anything is typed: with the low ones below they fill a page
_UNSEEN = 3.0  # points: a row that waits below them, and grows when it is typed into
SIZE = 11

Group = Literal["task", "result", "notes", "volume"]

# Name, width in characters, and the heading that it shares with its neighbours.
_COLUMNS: tuple[tuple[str, float, Group | Literal[""]], ...] = (
    ("key", 4.3, ""),
    ("name", 27, "task"),
    ("due", 10.6, "task"),
    ("status", 12, "task"),
    ("finished", 10.6, "task"),
    ("product", 18.5, "result"),
    ("evidence", 19, "result"),
    ("important", 7, "notes"),
    ("unplanned", 6.5, "notes"),
    ("cause", 15.5, "notes"),
    ("code", 8, "volume"),
    ("complexity", 9, "volume"),
    ("coefficient", 5.5, "volume"),
    ("unit", 7.5, "volume"),
    ("assigned", 5.5, "volume"),
    ("done", 7, "volume"),
)
_LETTERS = {label: letter for letter, (label, _, _) in zip("ABCDEFGHIJKLMNOP", _COLUMNS, strict=True)}
_LAST = _LETTERS["done"]


def draw_tasks(page: PrintedPage) -> None:
    """The task table: landscape pages, rows that appear as they are filled."""
    last = FIRST_TASK + TASKS - 1
    page.columns(*(width for _, width, _ in _COLUMNS))
    page.put(f"A1:{_LAST}1", page.say("tasks.title"), TITLE)
    who = "" if page.kind.of_unit else 'ev_person_name&" ("&ev_person_code&") · "&'
    page.put(
        f"A2:{_LAST}2",
        f'=IF(LEN(ev_week)=0,"",{who}ev_unit_name&" · "&ev_week_shown)',
        WEEK.but(shows="General"),
    )
    page.put(f"A3:{_LAST}3", page.say("tasks.note"), CENTER.but(size=SIZE, italic=True, color=PALE))
    page.height(1, 22)
    page.height(2, 18)
    page.height(3, 16)
    heads = [
        ColumnHead(_LETTERS[label], page.say(f"tasks.{label}"), page.say(f"tasks.group_{group}") if group else "")
        for label, _, group in _COLUMNS
    ]
    header_rows(page, HEAD, heads, last=0)
    for label, letter in _LETTERS.items():
        _column(page, label, letter, last)
    for row in range(FIRST_TASK, last + 1):
        page.height(row, 22 if row < FIRST_TASK + ROOMY else _UNSEEN, grows=True)
    _nothing_required_from(page, _LETTERS["code"], last)
    page.when(f"A{FIRST_TASK}:{_LAST}{last}", f"VALUE($A{FIRST_TASK})>evalxl_rows_shown", blank=True)
    named = f"LEN($B{FIRST_TASK})>0"
    _when(page, "coefficient", last, f"LEN($B{FIRST_TASK})=0", color=WHITE)
    _when(page, "status", last, f"AND({named},LEN(${_LETTERS['status']}{FIRST_TASK})=0)", fill=PINK)
    status = f"${_LETTERS['status']}{FIRST_TASK}"
    for label in ("product", "evidence"):
        done = f'OR({status}="{DONE}",{status}="{DONE_LATE}")'
        _when(page, label, last, f"AND({named},{done},LEN(${_LETTERS[label]}{FIRST_TASK})=0)", fill=PINK)
    on_paper(page, "", titles=f"{HEAD}:{FIRST_TASK - 1}", paper=LANDSCAPE, printed=("A", _LAST))
    finish.print_shown(page, "A1", f"{_LAST}{FIRST_TASK}", TASKS, "evalxl_rows_shown")
    finish.open_at(page, f"B{FIRST_TASK}", freeze=f"C{FIRST_TASK}")


def _when(page: PrintedPage, label: str, last: int, condition: str, fill: str = "", color: str = "") -> None:
    letter = _LETTERS[label]
    page.when(f"{letter}{FIRST_TASK}:{letter}{last}", condition, fill=fill, color=color)


def _column(page: PrintedPage, label: str, letter: str, last: int) -> None:
    name, at = f"ev_task_{label}", f"{letter}{FIRST_TASK}"
    if label == "key":
        page.column(name, at, LOCKED.but(across="center", shows=TEXT, size=SIZE))
        for row in range(FIRST_TASK, last + 1):
            page.sheet[f"A{row}"].value = f"{row - FIRST_TASK + 1:02d}"
    elif label == "coefficient":
        level = f"{_LETTERS['complexity']}{{row}}"
        page.column(
            name,
            at,
            LOCKED.but(across="center", size=SIZE),
            f"=IF(LEN({level})=0,1,IFERROR(INDEX(ev_list_coefficient,MATCH({level},ev_list_complexity,0)),1))",
        )
    else:
        page.column(name, at, table_input(page, name))
        table_rule(page, name, f"{at}:{letter}{last}")


def _nothing_required_from(page: PrintedPage, letter: str, last: int) -> None:
    """A heavy line left of the columns in which nothing is required."""
    for row in range(HEAD, last + 1):
        cell = page.sheet[f"{letter}{row}"]
        box = cell.border
        cell.border = Border(Side(style="medium", color=LOCKED.rule), box.right, box.top, box.bottom)


def table_input(page: PrintedPage, name: str) -> TemplateLook:
    look = input_look(page.entry(name), SIZE)
    if name.endswith("_code"):
        return look.but(shows=TEXT)
    return look.but(down="center")


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
