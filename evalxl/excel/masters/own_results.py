"""A person's own view: the last weeks with their scores and comments, what was answered, where requests for review stand. On A4, values only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.own_results import OwnResults, OwnWeek
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.scoring import two_places
from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.rulebook import Part
from evalxl.domain.weeks import shown_date
from evalxl.excel.masters.office import MasterContext, letterhead, trial_header
from evalxl.excel.masters.part_lines import lines_given
from evalxl.excel.masters.sheet_kit import (
    Cell,
    ListColumn,
    MasterWorkbook,
    across,
    bare_line,
    body,
    footer,
    heading,
    set_widths,
)
from evalxl.forms.kind import MASTER
from evalxl.words import Lang, as_read, say

_FIRST, _REST = 19.0, (16.0, 34.0, 26.0)
_FEWEST, _MIDDLE, _NARROWEST = 9, 81.0, 6.5  # columns of scores, the width of all of them, of one


def draw_own_page(week: tuple[WeekView, Lang], own: OwnResults) -> bytes:
    """One person's workbook, by what those of everybody share: office, week and rule book, and the language."""
    view, lang = week
    return draw_own_results(view, own, lang, {"evalxl.kind": MASTER, "evalxl.subject": own.code})


def draw_own_results(view: WeekView, own: OwnResults, lang: Lang, stamp: Mapping[str, str]) -> bytes:
    """The workbook of one person."""
    office = MasterContext(view, lang, "", {})
    book = MasterWorkbook()
    sheet = book.sheet(office.say("own.sheet"))
    columns = _columns_of(own)
    width = max(_MIDDLE / columns, _NARROWEST)
    set_widths(sheet, [ListColumn("", each) for each in (_FIRST, *([width] * columns), *_REST)])
    last = columns + len(_REST)
    at = letterhead(book, sheet, office, last)
    across(book, sheet, at, 0, last, office.say("own.title"), bold=True, align="center", font_size=15)
    who = office.say("own.who", name=own.name, code=own.code, title=own.title, unit=own.unit_name)
    across(book, sheet, at + 1, 0, last, who, bold=True, align="center", font_size=12)
    across(book, sheet, at + 2, 0, last, office.say("own.note"), italic=True, align="center")
    sheet.set_row_pixels(at, 30)
    at = _weeks(book, sheet, office, at + 4, own)
    at = _lines(book, sheet, office, at, own)
    at = _appeals(book, sheet, office, at + 1, own)
    at = _difficulties(book, sheet, office, at + 1, own)
    number = office.say("page.number", page="&P", pages="&N")
    book.foot(footer(office.say("own.foot"), number, f"{own.code}"))
    book.head(trial_header(office))
    sheet.print_area(0, 0, at, last)
    book.about(
        f"{office.say('own.title')} - {own.code}",
        view.office,
        # No moment of a run: what says the same is the same file.
        datetime.combine(view.week.monday, time()),
        {"evalxl.week": str(view.week), "evalxl.office": view.office_id, "evalxl.rulebook": view.rules.stamp, **stamp},
    )
    return book.close()


def _parts_of(own: OwnResults) -> tuple[Part, ...]:
    """What the weeks were scored in; they may stand under several rule books."""
    return tuple({part.code: part for week in reversed(own.weeks) for part in week.parts}.values())


def _columns_of(own: OwnResults) -> int:
    """How many columns there are for scores; other tables share them."""
    return max(_FEWEST, 3 * len(_parts_of(own)))


def _section(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults, key: str) -> int:
    across(book, sheet, at, 0, _columns_of(own) + len(_REST), office.say(f"own.{key}"), bold=True, font_size=12)
    return at + 1


def _weeks(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    at = _section(book, sheet, office, at, own, "weeks")
    parts, room = _parts_of(own), _columns_of(own)
    width = max(_MIDDLE / room, _NARROWEST)
    columns = [
        ListColumn(office.say("log.week"), _FIRST),
        *(
            ListColumn(part.label("master.head.part", office.lang), width, "score", office.say(f"head.{stage}"))
            for stage in ("self", "scored", "approved")
            for part in parts
        ),
        ListColumn(office.say("own.result"), _REST[0], span=1 + room - 3 * len(parts)),
        ListColumn(office.say("own.comments"), _REST[1]),
        ListColumn(office.say("own.reply"), _REST[2]),
    ]
    at = heading(book, sheet, at, columns)
    if not own.weeks:
        return bare_line(book, sheet, at, room + len(_REST), office.say("own.no_week"))

    def line(own_week: OwnWeek) -> list[Cell]:
        row = own_week.result
        stages = (row.self_scores, row.scored, row.approved)
        scores: list[Cell] = [scores.part(part.code) for scores in stages for part in parts]
        return [office.week(row.week), *scores, _result(office, own_week), _comments(office, row), row.reply]

    return body(book, sheet, at, columns, [line(own_week) for own_week in own.weeks])


def _lines(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    """What the person and the manager gave in the lines of parts, week by week; nothing where no rule book had lines."""
    lines = [
        [office.week(week.result.week), *cells]
        for week in own.weeks
        for cells in lines_given(office, week.result, week.parts)
    ]
    if not lines:
        return at
    at = _section(book, sheet, office, at + 1, own, "lines")
    columns = [
        ListColumn(office.say("log.week"), 19),
        ListColumn(office.say("head.line_part"), 9, span=3),
        ListColumn(office.say("head.line"), 9, span=_columns_of(own) - 3),
        *(
            ListColumn(office.say(f"head.{key}"), width, "score")
            for key, width in zip(("maximum", "self", "scored"), _REST, strict=True)
        ),
    ]
    at = heading(book, sheet, at, columns)
    return body(book, sheet, at, columns, lines)


def _result(office: MasterContext, own_week: OwnWeek) -> str:
    """The total that counts, the degree, and what it rests on; for a week without one, the state."""
    row = own_week.result
    if row.counted_total is None:
        return office.state(row.state).text
    return "\n".join(
        (
            office.say("own.total", total=as_read(str(two_places(row.counted_total)), office.lang)),
            own_week.band,
            office.basis(row),
        )
    )


def _comments(office: MasterContext, row: Result) -> str:
    said = [(key, getattr(row, key)) for key in ("comment", "explanation", "breach_note", "opinion")]
    return "\n".join(f"{office.say(f'own.{key}')}: {text}" for key, text in said if text)


def _appeals(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    if not own.appeals:
        return at
    at = _section(book, sheet, office, at, own, "appeals")
    columns = [
        ListColumn(office.say("log.week"), 19),
        ListColumn(office.say("own.reason"), 9, span=_columns_of(own) - 5),
        ListColumn(office.say("own.state"), 9, span=3),
        ListColumn(office.say("own.decided_by"), 9, span=2),
        ListColumn(office.say("own.outcome"), 16),
        ListColumn(office.say("own.answer"), 30, span=2),
    ]
    at = heading(book, sheet, at, columns)
    return body(book, sheet, at, columns, [_appeal(office, line) for line in own.appeals])


def _appeal(office: MasterContext, line: AppealLine) -> list[Cell]:
    decision = line.decision
    state = [office.say(f"review.{'withdrawn' if line.withdrawn else decision.state}")]
    if line.open:
        state.append(office.say("own.until", day=shown_date(line.deadline)))
    if line.late:
        state.append(office.say("review.late"))
    if line.overdue:
        state.append(office.say("follow.overdue"))
    outcome = office.say(f"review.{decision.outcome}") if decision.outcome else ""
    return [office.week(line.week), line.reason, "; ".join(state), decision.decided_by, outcome, decision.answer]


def _difficulties(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    if not own.difficulties:
        return at
    at = _section(book, sheet, office, at, own, "difficulties")
    columns = [
        ListColumn(office.say("head.weeks_said"), 19),
        ListColumn(office.say("head.kind"), 9, span=2),
        ListColumn(office.say("head.said"), 9, span=_columns_of(own) - 4),
        ListColumn(office.say("head.difficulty_state"), 9, span=2),
        ListColumn(office.say("head.passed_to"), 16),
        ListColumn(office.say("head.answer"), 30, span=2),
    ]
    at = heading(book, sheet, at, columns)

    def line(line: DifficultyLine) -> list[Cell]:
        weeks = "\n".join(office.week(week) for week in line.weeks)
        state = office.say(f"difficulty.{line.answer.state}")
        return [
            weeks,
            say(f"register.{line.kind}", office.lang),
            line.text,
            state,
            line.answer.passed_to,
            line.answer.answer,
        ]

    return body(book, sheet, at, columns, [line(one) for one in own.difficulties])
