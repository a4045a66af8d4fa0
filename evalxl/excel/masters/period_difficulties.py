"""What stood in people's way over a period, and what became of it."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.difficulties import DifficultyLine
from evalxl.excel.masters.lists import ANSWER_TONES, fill_list
from evalxl.excel.masters.paper import TONES, Book, Cell, Marked
from evalxl.excel.masters.period import Period
from evalxl.words import say


def draw_difficulties(book: Book, sheet: Worksheet, office: Period) -> None:
    """What units and people said stands in their way and what they ask for, unit by unit, and what became of it."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("unit", 22),
        office.column("code", 10),
        office.column("name", 20),
        office.column("kind", 15),
        office.column("said", 46),
        office.column("weeks_said", 20),
        office.column("difficulty_state", 12, "centre"),
        office.column("passed_to", 20),
        office.column("answer", 40),
    ]

    def line(place: int, each: DifficultyLine) -> list[Cell]:
        who = [each.subject, each.name] if each.name else ["", office.term("head.collective")]
        state = Marked(office.term(f"difficulty.{each.answer.state}"), TONES[ANSWER_TONES[each.answer.state]])
        weeks = "\n".join(week.shown(office.lang) for week in each.weeks)
        said = [say(f"register.{each.kind}", office.lang), each.text, weeks]
        return [place, each.unit_name, *who, *said, state, each.answer.passed_to, each.answer.answer]

    lines = [line(n, each) for n, each in enumerate(office.view.difficulties, 1)]
    fill_list(book, sheet, office, "difficulties", columns, lines, [office.say("note.difficulties")])
