"""The page to sign (*Phiếu kết quả công tác tuần*): one person's week on A4, both parts, three columns of scores, three signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from evalxl.domain.evaluation.scoring import Task
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.names import shown_code, unit_of_subject
from evalxl.domain.weeks import shown_date
from evalxl.excel.masters.measure import height_for, lines_of
from evalxl.excel.masters.office import MasterContext, letterhead, trial_header
from evalxl.excel.masters.page_cache import DraftSheet, PageDraft
from evalxl.excel.masters.sheet_kit import HEADING, RULE, Cell, ListColumn, across, body, footer, heading, set_widths
from evalxl.excel.masters.signed_page import lay_out
from evalxl.words import Lang

_WIDTHS = (5, 31, 14, 13, 13, 24)  # of the task table; everything else is laid over the same columns
_LAST = len(_WIDTHS) - 1


@dataclass(frozen=True, slots=True)
class SignedPage:
    """One page of a week, as it was first made.

    Attributes:
        check, version: As for `draw_result_sheet`.
        head, made_at: The ledger's head after it was recorded, and when that was.
    """

    row: Result
    check: str
    version: int
    head: str
    made_at: datetime


def draw_page(week: tuple[WeekView, Lang, str], page: SignedPage) -> bytes:
    """A page by what all pages of its week go by: their head, the language, and what kind of workbook they are.

    A page is of the moment in which it was first made, and bears the head after that: made again it is the same to the byte.
    """
    view, lang, kind = week
    then = replace(view, head=page.head, recorded_at=page.made_at)
    stamp = {"evalxl.kind": kind, "evalxl.subject": page.row.code}
    return draw_result_sheet(then, page.row, page.check, page.version, lang, stamp)


def draw_result_sheet(
    view: WeekView, row: Result, check: str, version: int, lang: Lang, stamp: Mapping[str, str]
) -> bytes:
    """The page of one person, or of a unit itself, for which its head signs.

    Args:
        check: The check code that leads from the paper back to the ledger.
        version: How many pages with other contents were made for the person and week before, and one more.
    """
    office = MasterContext(view, lang, "", {})
    book = PageDraft(office.say("page_to_sign.sheet"))
    sheet = book.sheet
    sheet.set_portrait()
    set_widths(sheet, [ListColumn("", width) for width in _WIDTHS])
    at = letterhead(book, sheet, office, _LAST)
    at = _head(book, sheet, office, at, row)
    at = _tasks(book, sheet, office, at, row)
    signed = _conduct(book, sheet, office, at, row)
    at = _scores(book, sheet, office, signed, row)
    at = _words(book, sheet, office, at, row)
    at = _signatures(book, sheet, office, at, row)
    lay_out(sheet, _WIDTHS, signed, at, portrait=True)
    number = office.say("page.number", page="&P", pages="&N")
    left = office.say("page_to_sign.check", check=check, version=version)
    book.foot(footer(left, number, office.say("page.seal", head=view.head[:16])))
    book.head(trial_header(office))
    sheet.print_area(0, 0, at, _LAST)
    book.about(
        f"{office.say('page_to_sign.title')} - {shown_code(row.code)}",
        view.office,
        view.recorded_at or datetime.combine(view.week.monday, time()),
        {
            "evalxl.week": str(view.week),
            "evalxl.office": view.office_id,
            "evalxl.rulebook": view.rules.stamp,
            "evalxl.seal": view.head,
            **stamp,
        },
    )
    return book.close()


def _line(book: PageDraft, sheet: DraftSheet, at: int, text: str, **look: Any) -> int:
    across(book, sheet, at, 0, _LAST, text, text_wrap=True, valign="vcenter", font_size=12, **look)
    sheet.set_row_pixels(at, height_for(lines_of(text, sum(_WIDTHS) * 0.9, bool(look.get("bold")))))
    return at + 1


def _head(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, row: Result) -> int:
    view = office.view
    centred: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter"}
    across(
        book,
        sheet,
        at,
        0,
        _LAST,
        office.say("page_to_sign.title_unit" if unit_of_subject(row.code) else "page_to_sign.title"),
        **centred,
        font_size=15,
    )
    across(book, sheet, at + 1, 0, _LAST, office.week(view.week), **centred, font_size=12)
    sheet.set_row_pixels(at, 30)
    sheet.set_row_pixels(at + 1, 24)
    at += 2
    person = (("name", f"{row.name} ({row.code})"), ("position_title", row.title), ("unit", row.unit_name))
    unit = (("collective", f"{row.name} ({row.unit})"), ("head", office.person(row.head)))
    facts = (
        *(unit if unit_of_subject(row.code) else person),
        ("scorer", office.person(row.scorer)),
        *([("approver", office.person(row.approver))] if view.rules.parts else []),
        ("rules", view.rules.source_vi if office.lang == "vi" else view.rules.source_en),
    )
    for key, fact in facts:
        at = _line(book, sheet, at, f"{office.say(f'page_to_sign.{key}')}: {fact}")
    return at


def _section(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, key: str) -> int:
    return _line(book, sheet, at + 1, office.say(f"page_to_sign.{key}"), bold=True)


def _tasks(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, row: Result) -> int:
    at = _section(book, sheet, office, at, "tasks")
    if not row.tasks:
        return _line(book, sheet, at, office.say("page_to_sign.no_tasks"), italic=True)
    keys = ("no", "task", "due", "finished", "status", "product")
    columns = [
        ListColumn(office.say(f"page_to_sign.head_{key}"), width, "text" if key in ("task", "product") else "centre")
        for key, width in zip(keys, _WIDTHS, strict=True)
    ]
    at = heading(book, sheet, at, columns)
    return body(book, sheet, at, columns, ([n, *_task(office, row, task)] for n, task in enumerate(row.tasks, 1)))


def _task(office: MasterContext, row: Result, task: Task) -> list[Cell]:
    word = word_on(task, row.checks)
    name = f"{task.name} ({office.say('page_to_sign.important')})" if word.important else task.name
    evidence = "; ".join(part for part in (task.product, task.evidence) if part)
    dates = [shown_date(day) if day else None for day in (task.due, task.finished)]
    return [name, *dates, word.status, evidence]


def _conduct(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, row: Result) -> int:
    at = _section(book, sheet, office, at, "conduct")
    at = _line(book, sheet, at, row.conduct_note or office.say("page_to_sign.nothing"))
    if row.breach:
        return _line(book, sheet, at, f"{office.say('page_to_sign.breach')}: {row.breach_note}")
    return at


def _scores(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, row: Result) -> int:
    rules = office.view.rules
    if not rules.parts:
        return at
    at = _section(book, sheet, office, at, "scores")
    columns = [
        ListColumn(office.say("page_to_sign.head_part"), _WIDTHS[0], span=2),
        ListColumn(office.say("page_to_sign.head_maximum"), _WIDTHS[2], "score"),
        *(
            ListColumn(office.say(f"head.{stage}"), width, "score")
            for stage, width in zip(("self", "scored"), _WIDTHS[3:], strict=False)
        ),
        ListColumn(office.say("head.approved"), _WIDTHS[5], "score"),
    ]
    # The first column spans two of unequal width: its heading's height goes by both.
    columns[0] = ListColumn(columns[0].heading, (_WIDTHS[0] + _WIDTHS[1]) / 2, span=2)
    at = heading(book, sheet, at, columns)
    stages = (row.self_scores, row.scored, row.approved)
    lines: list[list[Cell]] = []
    for part in rules.parts:
        lines.append([part.name(office.lang), part.maximum, *(scores.part(part.code) for scores in stages)])
        for line in part.lines:
            own, given = row.self_lines.get(line.key), row.scored_lines.get(line.key)
            lines.append([f"    – {line.name(office.lang)}", line.maximum, own, given, None])
    at = body(book, sheet, at, columns, lines)
    totals: list[Cell] = [office.say("page_to_sign.total"), rules.maximum, *(scores.total for scores in stages)]
    at = body(book, sheet, at, columns, [totals], bold=True, bg_color=HEADING)
    band = rules.band(row.band).name(office.lang) if row.band else office.say("page_to_sign.no_band")
    text = f"{office.say('head.band')}: {band} ({office.basis(row) or office.state(row.state).text})"
    return _line(book, sheet, at, text, bold=True, border=1, border_color=RULE)


def _words(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, row: Result) -> int:
    """What was said: the manager's comment and reasons, the approver's opinion, the person's reply."""
    at += 1
    always = ("comment", "opinion") if office.view.rules.parts else ("comment",)
    for key in ("comment", "explanation", "opinion", "reply", "difficulties", "proposals"):
        said = getattr(row, key)
        if said or key in always:
            at = _line(
                book, sheet, at, f"{office.say(f'page_to_sign.{key}')}: {said or office.say('page_to_sign.nothing')}"
            )
    notes = office.notes(row)
    return _line(book, sheet, at, f"{office.say('head.notes')}: {notes}", italic=True) if notes else at


def _signatures(book: PageDraft, sheet: DraftSheet, office: MasterContext, at: int, row: Result) -> int:
    at += 1
    signers = (
        ("reporter", 0, 1, office.person(row.head) if row.head else row.name),
        ("scorer_signs", 2, 3, office.person(row.scorer)),
        *([("approver_signs", 4, 5, office.person(row.approver))] if office.view.rules.parts else []),
    )
    for key, first, last, name in signers:
        across(book, sheet, at, first, last, office.say(f"page_to_sign.{key}"), bold=True, align="center")
        across(book, sheet, at + 1, first, last, office.say("sign.how"), italic=True, align="center")
        across(book, sheet, at + 6, first, last, name, bold=True, align="center", shrink=True)
    return at + 6
