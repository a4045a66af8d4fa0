"""The form of a person's evaluation in a month or quarter (*Phiếu theo dõi, đánh giá*): tasks, ratios, criteria, total, rating, signatures, on A4.

It is filled from the ledger, and what nobody has entered yet is left open, never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.periods.task_ratios import TaskLine
from evalxl.domain.rulebook import Ratios
from evalxl.domain.weeks import shown_date
from evalxl.excel.masters.companion_workbook import Chapter
from evalxl.excel.masters.measure import height_for, lines_of
from evalxl.excel.masters.office import letterhead, trial_header
from evalxl.excel.masters.page_cache import DraftSheet, PageDraft
from evalxl.excel.masters.sheet_kit import HEADING, Cell, ListColumn, across, body, footer, heading, set_widths
from evalxl.excel.masters.signed_page import lay_out
from evalxl.words import Lang

_TASKS: tuple[tuple[str, float, Any], ...] = (
    ("no", 4.3, "count"),
    ("task", 34, "text"),
    ("product", 24, "text"),
    ("unit_of_measure", 9, "centre"),
    ("coefficient", 8, "score"),
    ("assigned", 8, "score"),
    ("done", 8, "score"),
    ("due", 11, "centre"),
    ("finished", 11, "centre"),
    ("converted", 9, "total"),
    ("converted_done", 9, "total"),
    ("converted_fit", 9, "total"),
    ("converted_in_time", 9, "total"),
    ("remark", 24, "text"),
)
_LAST = len(_TASKS) - 1
_WIDE = sum(width for _, width, _ in _TASKS)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One person's evaluation in a period: what the form says.

    Attributes:
        given: Points in the lines of criteria, by key.
        seal: The ledger's head after the last entry that the form rests on: what is entered for others changes nothing in it.
    """

    row: PeriodResult
    rating: Rating
    lines: Sequence[TaskLine]
    scorer: str
    approver: str
    seal: str
    given: Mapping[str, Decimal] = field(default_factory=dict)


def draw_period_form(view: PeriodView, person: Evaluated, method: Ratios, lang: Lang, kind: str) -> bytes:
    """The form of one person."""
    office = Chapter(view, lang, "", {}, "period_form")
    book = PageDraft(office.say("sheet"))
    sheet = book.sheet
    set_widths(sheet, [ListColumn("", width) for _, width, _ in _TASKS])
    at = letterhead(book, sheet, office, _LAST)
    at = _head(book, sheet, office, at, person)
    at = _tasks(book, sheet, office, at, person)
    signed = _points(book, sheet, office, at, person, method)
    at = _words(book, sheet, office, signed)
    at = _signatures(book, sheet, office, at, person)
    lay_out(sheet, [width for _, width, _ in _TASKS], signed, at, portrait=False)
    number = office.say("page.number", page="&P", pages="&N")
    book.foot(footer(office.say("page.seal", head=person.seal[:16]), number, f"{view.period} {person.row.code}"))
    book.head(trial_header(office))
    sheet.print_area(0, 0, at, _LAST)
    about = {
        "evalxl.kind": kind,
        "evalxl.week": str(view.period),
        "evalxl.subject": person.row.code,
        "evalxl.office": view.office_id,
        "evalxl.rulebook": view.rules.stamp,
        "evalxl.seal": person.seal,
    }
    ends = datetime.combine(view.period.last, time())
    book.about(f"{office.say('title')} - {person.row.code}", view.office, ends, about)
    return book.close()


def _line(
    book: PageDraft, sheet: DraftSheet, at: int, text: str, first: int = 0, last: int = _LAST, **look: Any
) -> int:
    across(book, sheet, at, first, last, text, text_wrap=True, valign="vcenter", font_size=12, **look)
    sheet.set_row_pixels(at, height_for(lines_of(text, _WIDE * 0.9, bool(look.get("bold")))))
    return at + 1


def _head(book: PageDraft, sheet: DraftSheet, office: Chapter, at: int, person: Evaluated) -> int:
    row, rules = person.row, office.view.rules
    centred: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter"}
    across(book, sheet, at, 0, _LAST, office.say("title"), **centred, font_size=15)
    across(book, sheet, at + 1, 0, _LAST, office.view.shown(office.lang), **centred, font_size=12)
    sheet.set_row_pixels(at, 30)
    sheet.set_row_pixels(at + 1, 24)
    at += 2
    source = rules.source_vi if office.lang == "vi" else rules.source_en
    pairs = (
        (("name", f"{row.name} ({row.code})"), ("job", row.title or office.term(f"rank.{row.rank}"))),
        (("unit", row.unit_name), ("scorer", office.person(person.scorer) if person.scorer else "")),
        (("rules", source), ("approver", office.person(person.approver) if person.approver else "")),
    )
    for left, right in pairs:
        for (key, fact), first, last in ((left, 0, 5), (right, 6, _LAST)):
            _line(book, sheet, at, f"{office.say(f'head.{key}')}: {fact}", first, last)
        at += 1
    return at


def _section(book: PageDraft, sheet: DraftSheet, office: Chapter, at: int, key: str) -> int:
    return _line(book, sheet, at + 1, office.say(f"section.{key}"), bold=True)


def _tasks(book: PageDraft, sheet: DraftSheet, office: Chapter, at: int, person: Evaluated) -> int:
    """The tasks of the period from the weekly rows, each once, and the sums that the ratios are made of."""
    at = _section(book, sheet, office, at, "tasks")
    if not person.lines:
        return _line(book, sheet, at, office.say("none.tasks"), italic=True)
    grouped = {"converted", "converted_done", "converted_fit", "converted_in_time"}
    columns = [
        ListColumn(
            office.say(f"head.{key}"), width, look, office.say("head.after_conversion") if key in grouped else ""
        )
        for key, width, look in _TASKS
    ]
    at = heading(book, sheet, at, columns)
    at = body(book, sheet, at, columns, ([n, *_task(office, line)] for n, line in enumerate(person.lines, 1)))
    counted = [line for line in person.lines if line.standing == "counted"]
    sums: list[Cell] = [
        sum((getattr(line, name) for line in counted), Decimal(0)) for name in ("assigned", "done", "fit", "in_time")
    ]
    total: list[Cell] = [None, office.say("head.sum"), *[None] * 7, *sums, None]
    at = body(book, sheet, at, columns, [total], bold=True, bg_color=HEADING)
    return _line(book, sheet, at, office.say("note.tasks"), italic=True)


def _task(office: Chapter, line: TaskLine) -> list[Cell]:
    task, word = line.work.task, line.work.word
    counted = line.standing == "counted"
    quantity = task.assigned if task.assigned else Decimal(1)
    return [
        task.name,
        "; ".join(part for part in (task.product, task.evidence) if part),
        task.unit_of_measure,
        line.assigned / quantity,
        quantity,
        task.done if task.assigned and task.done is not None else (Decimal(line.work.completed) if counted else None),
        *(shown_date(day) if day else None for day in (task.due, task.finished)),
        *((line.assigned, line.done, line.fit, line.in_time) if counted else (None,) * 4),
        "; ".join(_remarks(office, line, word.status)),
    ]


def _remarks(office: Chapter, line: TaskLine, status: str) -> list[str]:
    """Status, failed reviews, delays, and why a task is left out."""
    check, task = line.work.check, line.work.task
    said = [status]
    if check.faults:
        said.append(office.say("remark.faults", count=check.faults))
    if check.delays:
        said.append(office.say("remark.delays", count=check.delays))
    if not line.work.word.recognised:
        said.append(office.say("remark.not_recognised"))
    if line.standing != "counted":
        said.append(office.say(f"remark.{line.standing}", cause=task.cause))
    return said


def _points(book: PageDraft, sheet: DraftSheet, office: Chapter, at: int, person: Evaluated, method: Ratios) -> int:
    at = _section(book, sheet, office, at, "points")
    rating, rules = person.rating, office.view.rules
    columns = [
        ListColumn(office.say("head.no"), _TASKS[0][1], "centre"),
        ListColumn(office.say("head.part"), 22, span=3),
        ListColumn(office.say("head.maximum"), 8, "centre", span=2),
        ListColumn(office.say("head.result"), 9, "centre", span=2),
        ListColumn(office.say("head.how"), 13, span=len(_TASKS) - 8),
    ]
    at = heading(book, sheet, at, columns)
    parts = 3 + len(rating.criteria)
    ratios, off = rating.ratios, {"fault": office.percent(method.per_fault), "delay": office.percent(method.per_delay)}
    lines: list[list[Cell]] = [
        [n, office.say(f"part.{name}"), "100%", _share(office, getattr(ratios, name)), office.say(f"how.{name}", **off)]
        for n, name in enumerate(("quantity", "quality", "timeliness"), 1)
    ]
    by_code = {criterion.code: criterion for criterion in method.criteria}
    for n, (code, value) in enumerate(rating.criteria.items(), 4):
        said = None if value is None else value / 100
        lines.append([n, by_code[code].name(office.lang), "100%", _share(office, said), office.say("how.criterion")])
    how = office.say("how.task_points", parts=parts, most=_plain(office, method.tasks))
    lines.append(["A", office.say("part.task_points"), method.tasks, _number(office, rating.tasks), how])
    letters = ascii_uppercase[: 1 + len(rating.points)]
    for letter, (code, value) in zip(letters[1:], rating.points.items(), strict=True):
        criterion = by_code[code]
        points = _number(office, value)
        lines.append([letter, criterion.name(office.lang), criterion.maximum, points, office.say("how.points")])
        for line in criterion.lines:
            given = _number(office, person.given.get(line.key))
            lines.append(["", f"– {line.name(office.lang)}", line.maximum, given, None])
    at = body(book, sheet, at, columns, lines)
    whole: list[Cell] = [
        "",
        office.say("part.total"),
        method.maximum,
        _number(office, rating.total),
        " + ".join(letters),
    ]
    at = body(book, sheet, at, columns, [whole], bold=True, bg_color=HEADING)
    bands = {band.code: band.name(office.lang) for band in rules.period_bands}
    rated = bands.get(person.row.band, office.say("not_there"))
    at = _line(book, sheet, at, office.say("rated", band=rated), bold=True)
    if person.row.provisional:
        at = _line(book, sheet, at, office.say("note.provisional"), italic=True)
    return at


def _share(office: Chapter, ratio: Decimal | None) -> str:
    return office.say("not_there") if ratio is None else office.number(ratio * 100) + "%"


def _number(office: Chapter, points: Decimal | None) -> str:
    return office.say("not_there") if points is None else office.number(points)


def _plain(office: Chapter, points: Decimal) -> str:
    return office.number(points, 0)


def _words(book: PageDraft, sheet: DraftSheet, office: Chapter, at: int) -> int:
    """Room for what both sides and the authority write by hand."""
    at = _section(book, sheet, office, at, "words")
    for key in ("own_words", "manager", "authority"):
        across(book, sheet, at, 0, _LAST, office.say(f"words.{key}"), valign="top", font_size=12, border=1)
        sheet.set_row_pixels(at, 62)
        at += 1
    return at


def _signatures(book: PageDraft, sheet: DraftSheet, office: Chapter, at: int, person: Evaluated) -> int:
    at += 1
    signers = (
        ("evaluated", 0, 2, person.row.name),
        ("manager", 3, 8, office.person(person.scorer) if person.scorer else ""),
        ("authority", 9, _LAST, office.person(person.approver) if person.approver else ""),
    )
    for key, first, last, name in signers:
        across(book, sheet, at, first, last, office.say(f"signs.{key}"), bold=True, align="center")
        across(book, sheet, at + 1, first, last, office.say("sign.how"), italic=True, align="center")
        across(book, sheet, at + 6, first, last, name, bold=True, align="center", shrink=True)
    return at + 6
