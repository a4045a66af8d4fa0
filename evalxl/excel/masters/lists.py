"""The lists of a master: whom to talk with, what is not completed, what is wrong, what people need, tasks, the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.two_week_rule import evidence_text
from evalxl.domain.evaluation.week_view import Missing, PositionLine, Result, Warning
from evalxl.domain.findings import Finding
from evalxl.domain.names import shown_code, unit_of_subject
from evalxl.domain.typed_rows import DifficultyState
from evalxl.domain.week.figures import units_of
from evalxl.excel.masters.office import LEVEL_TONES, MasterContext, Speaker, head_of_list
from evalxl.excel.masters.sheet_kit import (
    LIST_SIZE,
    TONES,
    Cell,
    ListColumn,
    Marked,
    MasterWorkbook,
    Tone,
    bare_line,
    body,
    heading,
    last_printed,
    scale_to_paper,
    set_widths,
)
from evalxl.words import LEVELS, say

# The row of the first line of *Chưa hoàn tất* and *Lỗi, lưu ý*, where there is one: below title, week, sum, an empty row, the heading and its numbers.
FIRST_LINE = 7


def draw_warnings(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """Overdue follow-ups first, then those to talk with, those carried from earlier weeks, those to watch; each with the evidence and who talks."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("kind", 12, "centre"),
        office.column("name", 18),
        office.column("unit", 18),
        office.column("evidence", 72),
        office.column("talk_with", 22),
        office.column("follow", 12, "centre"),
        office.column("until", 10.5, "day"),
        office.column("code", 10, screen=True),
        office.column("weeks", 27, screen=True),
        office.column("skipped", 20, screen=True),
    ]
    people = {result.code: result for result in office.view.results}
    spoken_of = (*office.view.warnings, *office.view.follow_ups)
    ordered = sorted(
        spoken_of, key=lambda warning: (not warning.overdue, warning.kind != "warning", not warning.carried)
    )

    def line(place: int, warning: Warning) -> list[Cell]:
        result = people.get(warning.code)
        return [
            place,
            warning_kind(office, warning),
            office.person(warning.code),
            result.unit_name if result else "",
            evidence_text(warning.evidence),
            _who_talks(office, warning),
            _follow(office, warning),
            datetime.combine(warning.deadline, time()) if warning.deadline else None,
            warning.code,
            f"{office.week(warning.first_week)};\n{office.week(warning.second_week)}",
            "\n".join(office.week(week) for week in warning.skipped),
        ]

    notes = (office.say("note.warnings"), office.say("note.two_weeks"))
    fill_list(
        book, sheet, office, "warnings", columns, [line(n, warning) for n, warning in enumerate(ordered, 1)], notes
    )
    if any(warning.kind == "warning" for warning in ordered):
        sheet.set_tab_color("#EDBE55")


def warning_kind(office: Speaker, warning: Warning) -> Marked:
    return Marked(office.say(f"warning.{warning.kind}"), TONES["alarm" if warning.kind == "warning" else "notice"])


def _follow(office: MasterContext, warning: Warning) -> Cell:
    """The state of the follow-up; what is overdue, and what comes from an earlier week, is said. Nothing is due over a mere watch."""
    if warning.kind == "watch" and warning.state == "new" and not warning.deadline:
        return None
    said = [office.term(f"follow.{warning.state}")]
    if warning.overdue:
        said.append(office.say("follow.overdue"))
    if warning.carried:
        said.append(office.say("follow.carried"))
    text = "\n".join(said)
    return Marked(text, TONES["alarm"]) if warning.overdue else text


def _who_talks(office: MasterContext, warning: Warning) -> str:
    """The head of the unit (or the leader in charge) and a representative of the office; nobody has to talk over a watch."""
    names = [office.person(code) for code in warning.talk_with]
    if warning.kind == "watch":
        return "\n".join(names)
    return "\n".join([*(names or [office.say("warning.nobody")]), office.say("warning.office")])


def draw_missing(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """Who is at which step, why, whom it waits for and until when; then the requests for review that are not answered yet."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("name", 24),
        office.column("unit", 30),
        office.column("step", 14, "centre"),
        office.column("reason", 46),
        office.column("waits_for", 28),
        office.column("deadline", 16, "moment"),
        office.column("code", 10, screen=True),
    ]
    view = office.view
    people = {result.code: result for result in (*view.results, *view.unit_results)}

    def line(place: int, missing: Missing) -> list[Cell]:
        result = people.get(missing.code)
        return [
            place,
            office.person(missing.code),
            result.unit_name if result else "",
            say(f"step.{missing.step}", office.lang),
            say(missing.reason, office.lang),
            office.person(missing.waits_for),
            missing.deadline or view.deadlines.get(missing.step),
            shown_code(missing.code),
        ]

    def asked(place: int, line: AppealLine) -> list[Cell]:
        result = people.get(line.subject)
        deadline = datetime.combine(line.deadline, time())
        return [
            place,
            office.person(line.subject),
            result.unit_name if result else "",
            office.say("review.step"),
            _asked(office, line),
            line.decision.decided_by or office.say("review.office"),
            deadline,
            shown_code(line.subject),
        ]

    counts = Counter(missing.step for missing in view.missing)
    told = [(say(f"step.{step}", office.lang), counts[step]) for step in ("self", "score", "approve")]
    notes = [_sum((*told, (office.say("review.step"), len(view.open_appeals))))]
    lines = [line(n, missing) for n, missing in enumerate(view.missing, 1)]
    lines += [asked(n, line) for n, line in enumerate(view.open_appeals, len(lines) + 1)]
    fill_list(book, sheet, office, "missing", columns, lines, notes if lines else [])


def _asked(office: MasterContext, line: AppealLine) -> Cell:
    """Of which week a review is asked for, and where that stands."""
    said = [
        office.say("review.asked", week=office.week(line.week)),
        office.say(f"review.{line.decision.state}"),
        *([office.say("review.late")] if line.late else []),
        *([office.say("follow.overdue")] if line.overdue else []),
    ]
    text = "; ".join(said)
    return Marked(text, TONES["alarm"]) if line.overdue else text


def draw_findings(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """What is wrong in which cell and what to do about it, the serious ones first, each with a link to its cell."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("level", 8.5, "centre"),
        office.column("name", 17),
        office.column("file", 25),
        office.column("sheet", 10),
        office.column("cell", 6, "centre"),
        office.column("found", 16),
        office.column("message", 46),
        office.column("remedy", 41),
        office.column("link", 8, "centre", screen=True),
        office.column("unit", 20, screen=True),
        office.column("code", 10, screen=True),
    ]
    view = office.view
    people = {result.code: result for result in view.results}
    units = units_of(view)

    def line(place: int, finding: Finding) -> list[Cell]:
        result = people.get(finding.code)
        code = view.units_of.get(finding.code, result.unit if result else "")
        return [
            place,
            Marked(say(f"level.{finding.level}", office.lang), TONES[LEVEL_TONES[finding.level]]),
            office.person(finding.code),
            finding.file,
            finding.sheet,
            finding.cell,
            finding.found,
            finding.message(office.lang),
            finding.remedy(office.lang),
            office.link(finding.file, _place(finding)),
            units.get(code, code),
            shown_code(finding.code),
        ]

    ordered = sorted(view.findings, key=lambda finding: LEVELS.index(finding.level))
    counts = Counter(finding.level for finding in ordered)
    notes = [_sum((say(f"level.{level}", office.lang), counts[level]) for level in LEVELS)]
    lines = [line(n, finding) for n, finding in enumerate(ordered, 1)]
    fill_list(book, sheet, office, "findings", columns, lines, notes if lines else [])
    if counts["error"]:
        sheet.set_tab_color("#C4513A")


def _place(finding: Finding) -> str:
    """The cell as a link names it; nothing where there is no plain one."""
    if not finding.sheet or not finding.cell.isalnum() or not finding.cell.isascii():
        return ""
    name = finding.sheet.replace("'", "''")
    return f"'{name}'!{finding.cell}"


def draw_difficulties(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """What units and people said stands in their way and what they ask for, as they wrote it, unit by unit, and what became of it.

    Answers to an earlier result stand below: they go to who scores and who approves, and have no state here.
    """
    columns = [
        office.column("no", 4.3, "count"),
        office.column("unit", 18),
        office.column("name", 17),
        *difficulty_columns(office),
        office.column("who", 9, "centre", screen=True),
        office.column("code", 10, screen=True),
    ]
    collective = office.say("head.collective")

    def line(place: int, line: DifficultyLine) -> list[Cell]:
        who = [office.say("head.person"), line.subject] if line.name else [collective, ""]
        return [place, line.unit_name, line.name or collective, *difficulty_cells(office, line), *who]

    def reply(place: int, row: Result) -> list[Cell]:
        own = unit_of_subject(row.code)
        who = [collective, ""] if own else [office.say("head.person"), row.code]
        said = [office.say("head.reply"), row.reply, office.week(row.week)]
        return [place, row.unit_name, collective if own else row.name, *said, None, "", "", *who]

    view = office.view
    lines = [line(n, each) for n, each in enumerate(view.difficulties, 1)]
    replied = (row for row in (*view.unit_results, *view.results) if row.reply)
    lines += [reply(n, row) for n, row in enumerate(replied, len(lines) + 1)]
    fill_list(book, sheet, office, "difficulties", columns, lines, [office.say("note.difficulties")])


_ANSWER_TONES: Mapping[DifficultyState, Tone] = {"new": "notice", "passed_on": "calm", "answered": "good"}


def difficulty_columns(office: Speaker) -> list[ListColumn]:
    """What was said and what became of it, as the lists of a week and of a period show it."""
    return [
        office.column("kind", 13),
        office.column("said", 44),
        office.column("weeks_said", 24),
        office.column("difficulty_state", 11, "centre"),
        office.column("passed_to", 15),
        office.column("answer", 30),
    ]


def difficulty_cells(office: Speaker, line: DifficultyLine) -> list[Cell]:
    """The cells under `difficulty_columns`."""
    answer = line.answer
    state = Marked(office.term(f"difficulty.{answer.state}"), TONES[_ANSWER_TONES[answer.state]])
    weeks = "\n".join(office.week(week) for week in line.weeks)
    return [say(f"register.{line.kind}", office.lang), line.text, weeks, state, answer.passed_to, answer.answer]


def draw_positions(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """Task statistics by job position, with their sum."""
    columns = position_columns(office)
    lines, whole = position_lines(office, office.view.positions)
    row = fill_list(book, sheet, office, "positions", columns, lines, [office.say("note.positions")])
    if len(lines) > 1:
        after = body(book, sheet, row, columns, [whole], size=LIST_SIZE, bold=True)
        sheet.print_area(0, 0, after - 1, last_printed(columns))


def position_columns(office: Speaker) -> list[ListColumn]:
    return [
        office.column("no", 4.3, "count"),
        office.column("position_code", 11),
        office.column("position", 40),
        *(office.column(key, 11, "count") for key in ("people", "tasks", "products")),
        office.column("volume", 12, "total"),
        *(office.column(key, 11, "count") for key in ("due", "on_time")),
        office.column("on_time_share", 11, "share"),
        *(office.column(key, 11, "count") for key in ("important", "unplanned")),
    ]


def position_lines(office: Speaker, positions: Sequence[PositionLine]) -> tuple[list[list[Cell]], list[Cell]]:
    """A line per job position, and the line of their sum."""
    whole = PositionLine(
        position="",
        name=office.say("head.all"),
        people=sum(line.people for line in positions),
        tasks=sum(line.tasks for line in positions),
        products=sum(line.products for line in positions),
        volume=sum((line.volume for line in positions), Decimal(0)),
        due=sum(line.due for line in positions),
        on_time=sum(line.on_time for line in positions),
        important=sum(line.important for line in positions),
        unplanned=sum(line.unplanned for line in positions),
    )
    lines: list[list[Cell]] = [[n, line.position, *_position_line(office, line)] for n, line in enumerate(positions, 1)]
    return lines, [None, None, *_position_line(office, whole)]


def _position_line(office: Speaker, line: PositionLine) -> list[Cell]:
    return [
        line.name or line.position or office.say("none.position"),
        line.people,
        line.tasks,
        line.products,
        line.volume,
        line.due,
        line.on_time,
        Decimal(line.on_time) / line.due if line.due else None,
        line.important,
        line.unplanned,
    ]


def draw_log(book: MasterWorkbook, sheet: Worksheet, office: MasterContext) -> None:
    """What this master was drawn from and what the runs did: no name and no score."""
    number, what = office.column("no", 6, "count"), office.column("what", 65, span=2)
    view = office.view
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 38)
    sheet.set_column(2, 2, 92)
    row = head_of_list(book, sheet, office, 2, "log", office.say("note.log"))
    facts: list[tuple[str, Cell]] = [
        ("week", f"{view.week}: {office.week(view.week)}"),
        ("scope", view.unit_name or view.office),
        ("state", office.say("log.closed" if view.closed else "log.open")),
        ("recorded_at", office.moment(view.recorded_at)),
        ("rules", view.rules.name_vi if office.lang == "vi" else view.rules.name_en),
        ("rules_id", view.rules.id),
        ("digest", view.rules.digest),
        ("head", view.head),
    ]
    columns = [ListColumn("", 22, span=2), ListColumn("", 92)]
    row = body(book, sheet, row, columns, ([office.say(f"log.{key}"), fact] for key, fact in facts))
    row = heading(book, sheet, row + 1, [number, what])
    if not view.log:
        bare_line(book, sheet, row, 2, office.say("none.log"))
    for n, run_line in enumerate(view.log, 1):
        row = body(
            book, sheet, row, [number, what], [[n, run_line.text_vi if office.lang == "vi" else run_line.text_en]]
        )


def _sum(counts: Iterable[tuple[str, int]]) -> str:
    return " · ".join(f"{what}: {count}" for what, count in counts if count)


def fill_list(
    book: MasterWorkbook,
    sheet: Worksheet,
    office: Speaker,
    name: str,
    columns: Sequence[ListColumn],
    lines: Sequence[Sequence[Cell]],
    notes: Sequence[str],
    none: str = "",
) -> int:
    """A sheet that is one list: head, notes, table; filtered, its heading in sight and on every page. Returns the row after.

    Args:
        none: What is said where there is no line, if not what the sheet's name says.
    """
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last = last_printed(columns)
    top = head_of_list(book, sheet, office, last, name, *notes)
    row = heading(book, sheet, top, columns, filtered=True, size=LIST_SIZE)
    sheet.freeze_panes(row, 0)
    sheet.repeat_rows(top, row - 1)
    if not lines:
        after = bare_line(book, sheet, row, last, office.say(f"none.{none or name}"))
    else:
        after = body(book, sheet, row, columns, lines, size=LIST_SIZE)
        sheet.autofilter(row - 1, 0, after - 1, len(columns) - 1)
    sheet.print_area(0, 0, after - 1, last)
    return after
