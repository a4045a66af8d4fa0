"""A person's own view: the last weeks with their scores and comments, what was answered, where requests for review stand. On A4, values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.scoring import two_places
from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.weeks import shown_date
from evalxl.excel.masters.office import MasterContext, letterhead, trial_header
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
from evalxl.words import Lang, as_read, say

_WIDTHS = (19, 9, 9, 9, 9, 9, 9, 9, 9, 9, 16, 34, 26)
_LAST = len(_WIDTHS) - 1


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """One week of a person, by the rules of that week.

    Attributes:
        band: The name of the degree of completion; empty without a total.
    """

    result: Result
    band: str


@dataclass(frozen=True, slots=True)
class OwnResults:
    """Everything that one person's view shows; the newest weeks first."""

    code: str
    name: str
    title: str
    unit_name: str
    weeks: Sequence[OwnWeek]
    difficulties: Sequence[DifficultyLine]
    appeals: Sequence[AppealLine]

    @property
    def is_empty(self) -> bool:
        return not (self.weeks or self.difficulties or self.appeals)


def draw_own_results(view: WeekView, own: OwnResults, lang: Lang, stamp: Mapping[str, str]) -> bytes:
    """The workbook of one person."""
    office = MasterContext(view, lang, "", {})
    book = MasterWorkbook()
    sheet = book.sheet(office.say("own.sheet"))
    set_widths(sheet, [ListColumn("", width) for width in _WIDTHS])
    at = letterhead(book, sheet, office, _LAST)
    across(book, sheet, at, 0, _LAST, office.say("own.title"), bold=True, align="center", font_size=15)
    who = office.say("own.who", name=own.name, code=own.code, title=own.title, unit=own.unit_name)
    across(book, sheet, at + 1, 0, _LAST, who, bold=True, align="center", font_size=12)
    across(book, sheet, at + 2, 0, _LAST, office.say("own.note"), italic=True, align="center")
    sheet.set_row_pixels(at, 30)
    at = _weeks(book, sheet, office, at + 4, own)
    at = _appeals(book, sheet, office, at + 1, own)
    at = _difficulties(book, sheet, office, at + 1, own)
    number = office.say("page.number", page="&P", pages="&N")
    book.foot(footer(office.say("own.foot"), number, f"{own.code}"))
    book.head(trial_header(office))
    sheet.print_area(0, 0, at, _LAST)
    book.about(
        f"{office.say('own.title')} - {own.code}",
        view.office,
        # No moment of a run: what says the same is the same file.
        datetime.combine(view.week.monday, time()),
        {"evalxl.week": str(view.week), "evalxl.office": view.office_id, "evalxl.rulebook": view.rules.stamp, **stamp},
    )
    return book.close()


def _section(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, key: str) -> int:
    across(book, sheet, at, 0, _LAST, office.say(f"own.{key}"), bold=True, font_size=12)
    return at + 1


def _weeks(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    at = _section(book, sheet, office, at, "weeks")
    parts = ("quality", "progress", "conduct")
    columns = [
        ListColumn(office.say("log.week"), _WIDTHS[0]),
        *(
            ListColumn(office.say(f"head.{part}"), 9, "score", office.say(f"head.{stage}"))
            for stage in ("self", "scored", "approved")
            for part in parts
        ),
        ListColumn(office.say("own.result"), _WIDTHS[10]),
        ListColumn(office.say("own.comments"), _WIDTHS[11]),
        ListColumn(office.say("own.reply"), _WIDTHS[12]),
    ]
    at = heading(book, sheet, at, columns)
    if not own.weeks:
        return bare_line(book, sheet, at, _LAST, office.say("own.no_week"))

    def line(one: OwnWeek) -> list[Cell]:
        row = one.result
        stages = (row.self_scores, row.scored, row.approved)
        scores: list[Cell] = [scores.part(part) for scores in stages for part in parts]
        return [office.week(row.week), *scores, _result(office, one), _comments(office, row), row.reply]

    return body(book, sheet, at, columns, [line(one) for one in own.weeks])


def _result(office: MasterContext, one: OwnWeek) -> str:
    """The total that counts, the degree, and what it rests on; for a week without one, the state."""
    row = one.result
    if row.counted_total is None:
        return office.state(row.state).text
    return "\n".join(
        (
            office.say("own.total", total=as_read(str(two_places(row.counted_total)), office.lang)),
            one.band,
            office.basis(row),
        )
    )


def _comments(office: MasterContext, row: Result) -> str:
    said = [(key, getattr(row, key)) for key in ("comment", "explanation", "breach_note", "opinion")]
    return "\n".join(f"{office.say(f'own.{key}')}: {text}" for key, text in said if text)


def _appeals(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    if not own.appeals:
        return at
    at = _section(book, sheet, office, at, "appeals")
    columns = [
        ListColumn(office.say("log.week"), 19),
        ListColumn(office.say("own.reason"), 9, span=4),
        ListColumn(office.say("own.state"), 9, span=3),
        ListColumn(office.say("own.decided_by"), 9, span=2),
        ListColumn(office.say("own.outcome"), 16),
        ListColumn(office.say("own.answer"), 30, span=2),
    ]
    at = heading(book, sheet, at, columns)
    return body(book, sheet, at, columns, [_appeal(office, one) for one in own.appeals])


def _appeal(office: MasterContext, one: AppealLine) -> list[Cell]:
    decision = one.decision
    state = [office.say(f"review.{'withdrawn' if one.withdrawn else decision.state}")]
    if one.open:
        state.append(office.say("own.until", day=shown_date(one.deadline)))
    if one.late:
        state.append(office.say("review.late"))
    if one.overdue:
        state.append(office.say("follow.overdue"))
    outcome = office.say(f"review.{decision.outcome}") if decision.outcome else ""
    return [office.week(one.week), one.reason, "; ".join(state), decision.decided_by, outcome, decision.answer]


def _difficulties(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, at: int, own: OwnResults) -> int:
    if not own.difficulties:
        return at
    at = _section(book, sheet, office, at, "difficulties")
    columns = [
        ListColumn(office.say("head.weeks_said"), 19),
        ListColumn(office.say("head.kind"), 9, span=2),
        ListColumn(office.say("head.said"), 9, span=5),
        ListColumn(office.say("head.difficulty_state"), 9, span=2),
        ListColumn(office.say("head.passed_to"), 16),
        ListColumn(office.say("head.answer"), 30, span=2),
    ]
    at = heading(book, sheet, at, columns)

    def line(one: DifficultyLine) -> list[Cell]:
        weeks = "\n".join(office.week(week) for week in one.weeks)
        state = office.say(f"difficulty.{one.answer.state}")
        return [
            weeks,
            say(f"register.{one.kind}", office.lang),
            one.text,
            state,
            one.answer.passed_to,
            one.answer.answer,
        ]

    return body(book, sheet, at, columns, [line(one) for one in own.difficulties])
