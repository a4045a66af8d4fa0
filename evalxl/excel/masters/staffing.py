"""The workbook of task statistics: what each job position does, how much and how well, and which coefficients history speaks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.analysis.coefficient_proposals import (
    DRAWS,
    FEWEST_CASES,
    FEWEST_PEOPLE,
    Proposals,
    Proposed,
    two_places,
)
from evalxl.domain.analysis.staffing import Counted, KindOfWork, PositionWork, Staffing
from evalxl.domain.periods.rollups import PeriodView
from evalxl.excel.masters.companion_workbook import Chapter, draw_method, finish, remarks
from evalxl.excel.masters.lists import fill_list
from evalxl.excel.masters.measure import height_for, lines_of
from evalxl.excel.masters.office import head_of_list
from evalxl.excel.masters.sheet_kit import (
    HEADING,
    LIST_SIZE,
    RULE,
    TONES,
    Cell,
    Marked,
    MasterWorkbook,
    across,
    bare_line,
    body,
    heading,
    last_printed,
    put,
    scale_to_paper,
    set_widths,
)
from evalxl.words import Lang

SHEETS = ("positions", "works", "coefficients", "method")
TOP = 8  # task codes of a position that stand alone


def draw_staffing(
    view: PeriodView, staffing: Staffing, proposals: Proposals, lang: Lang, stamp: Mapping[str, str]
) -> bytes:
    """The workbook of a period's task statistics."""
    office = Chapter(view, lang, "", {}, "staffing")
    book = MasterWorkbook()
    sheets = {name: book.sheet(office.sheet(name)) for name in SHEETS}
    draw_positions(book, sheets["positions"], office, staffing)
    _draw_works(book, sheets["works"], office, staffing)
    _draw_coefficients(book, sheets["coefficients"], office, proposals)
    draw_method(book, sheets["method"], office, _method(office))
    return finish(book, office, stamp, SHEETS, office.say("note.foot"))


def draw_positions(book: MasterWorkbook, sheet: Worksheet, office: Chapter, staffing: Staffing) -> None:
    """A row per job position, with the sum of all: people, reported weeks, work, shares, load."""
    people, weeks, amount = office.say("head.people"), office.say("head.weeks"), office.say("head.volume_group")
    shares, load, index = office.say("head.shares"), office.say("head.load"), office.say("head.index_group")
    columns = [
        office.column("no", 3.5, "count"),
        office.column("position_code", 8),
        office.column("position", 24),
        office.column("complexity", 9, "centre"),
        office.column("posts", 5, "count", people),
        office.column("strength", 5.5, "score", people),
        *(office.column(key, 5.5, "count", weeks) for key in ("person_weeks", "absent_weeks", "missing_weeks")),
        *(office.column(key, 6, "count", amount) for key in ("rows", "works", "completed", "products")),
        office.column("volume", 8, "total", amount),
        *(office.column(key, 6.5, "share", shares) for key in ("on_time_share", "quality_share", "unplanned_share")),
        *(office.column(key, 6.5, "total", load) for key in ("works_a_week", "volume_a_week")),
        *(office.column(key, 6.5, "total", index) for key in ("index_of_works", "index")),
    ]
    lines = [
        [n, *_position_line(office, staffing, position_work)] for n, position_work in enumerate(staffing.positions, 1)
    ]
    notes = [office.say("note.positions"), office.say("note.index")]
    row = fill_list(book, sheet, office, "positions", columns, lines, notes)
    if len(lines) > 1:
        whole = [None, *_position_line(office, staffing, staffing.whole)]
        after = body(book, sheet, row, columns, [whole], size=LIST_SIZE, bold=True)
        sheet.print_area(0, 0, after - 1, last_printed(columns))


def _position_line(office: Chapter, staffing: Staffing, position_work: PositionWork) -> list[Cell]:
    counted, whole = position_work.counted, position_work is staffing.whole
    levels = {
        name: level.name(office.lang) for level in office.view.rules.complexity for name in (level.code, level.vi)
    }
    return [
        position_work.position,
        office.say("head.all") if whole else position_work.name or office.say("none.position"),
        levels.get(position_work.complexity, position_work.complexity),
        position_work.posts or None,
        round(position_work.strength, 1),
        *(position_work.person_weeks, position_work.absent_weeks, position_work.missing_weeks),
        *(position_work.rows, counted.works, counted.completed, counted.products, counted.volume),
        *(counted.on_time_share, counted.quality_share, counted.unplanned_share),
        *(
            position_work.works_a_week,
            position_work.volume_a_week,
            staffing.index_of_works(position_work),
            staffing.index(position_work),
        ),
    ]


def _draw_works(book: MasterWorkbook, sheet: Worksheet, office: Chapter, staffing: Staffing) -> None:
    """Under each position the task codes that its people really worked on, the most frequent first."""
    shares = office.say("head.shares")
    columns = [
        office.column("task_code", 14),
        office.column("task", 60),
        office.column("works", 10, "count"),
        office.column("part", 10, "share"),
        office.column("volume", 12, "total"),
        *(office.column(key, 10, "share", shares) for key in ("on_time_share", "quality_share", "unplanned_share")),
        office.column("note", 28),
    ]
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last = len(columns) - 1
    top = head_of_list(book, sheet, office, last, "works", office.say("note.works", top=TOP))
    row = heading(book, sheet, top, columns, size=LIST_SIZE)
    sheet.freeze_panes(row, 0)
    sheet.repeat_rows(top, row - 1)
    done = [position_work for position_work in staffing.positions if position_work.counted.works]
    if not done:
        bare_line(book, sheet, row, last, office.say("none.positions"))
    look: dict[str, Any] = {"bold": True, "bg_color": HEADING, "border": 1, "border_color": RULE, "text_wrap": True}
    width = sum(column.width for column in columns)
    for position_work in done:
        words = office.say(
            "note.position_line",
            position=position_work.name or office.say("none.position"),
            works=position_work.counted.works,
            weeks=position_work.person_weeks,
            elsewhere=_part(office, position_work, [kind for kind in position_work.kinds if kind.elsewhere]),
            uncoded=_part(office, position_work, [kind for kind in position_work.kinds if not kind.code]),
            unplanned=office.percent(position_work.counted.unplanned_share),
        )
        across(book, sheet, row, 0, last, words, **look, valign="vcenter", indent=1)
        sheet.set_row_pixels(row, height_for(lines_of(words, width - 2, True)))
        row = body(book, sheet, row + 1, columns, _kinds(office, position_work), size=LIST_SIZE)


def _part(office: Chapter, position_work: PositionWork, kinds: Sequence[KindOfWork]) -> str:
    return office.percent(Decimal(sum(kind.counted.works for kind in kinds)) / position_work.counted.works)


def _kinds(office: Chapter, position_work: PositionWork) -> Iterator[list[Cell]]:
    first, rest = position_work.kinds[:TOP], position_work.kinds[TOP:]
    for kind in first:
        note = office.say("note.elsewhere") if kind.elsewhere else None
        yield [kind.code or office.say("note.no_code"), kind.name, *_counted(kind.counted, position_work), note]
    if rest:
        counted = sum((kind.counted for kind in rest), Counted())
        yield [None, office.say("note.rest", count=len(rest)), *_counted(counted, position_work), None]


def _counted(counted: Counted, position_work: PositionWork) -> list[Cell]:
    part = Decimal(counted.works) / position_work.counted.works
    shares = (counted.on_time_share, counted.quality_share, counted.unplanned_share)
    return [counted.works, part, counted.volume, *shares]


def _draw_coefficients(book: MasterWorkbook, sheet: Worksheet, office: Chapter, proposals: Proposals) -> None:
    """What history says of coefficients, beside what is in force; nothing is applied."""
    interval = office.say("head.interval")
    columns = [
        office.column("group_code", 14),
        office.column("group_name", 56),
        office.column("now", 12, "total"),
        office.column("proposed", 12, "total"),
        office.column("low", 10, "total", interval),
        office.column("high", 10, "total", interval),
        office.column("cases", 11, "count"),
        office.column("persons", 10, "count"),
        office.column("note", 38),
    ]
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last, width = len(columns) - 1, sum(column.width for column in columns)
    row = head_of_list(
        book, sheet, office, last, "coefficients", office.say("note.coefficients"), office.say("note.trust")
    )
    for key, lines in (("levels", proposals.levels), ("codes", proposals.codes)):
        put(book, sheet, row, 0, office.say(f"section.{key}"), bold=True, font_size=12, valign="vcenter")
        sheet.set_row_pixels(row, 28)
        row = heading(book, sheet, row + 1, columns, size=LIST_SIZE)
        if lines:
            row = (
                body(book, sheet, row, columns, (_proposed(office, proposed) for proposed in lines), size=LIST_SIZE) + 1
            )
        else:
            row = bare_line(book, sheet, row, last, office.say(f"none.{key}")) + 1
    texts = [office.say("note.based", cases=proposals.cases, people=proposals.people)]
    if proposals.slope is not None:
        texts.append(office.say("note.slope", slope=office.number(proposals.slope)))
    remarks(book, sheet, row, last, width, texts)


def _proposed(office: Chapter, proposed: Proposed) -> list[Cell]:
    name = proposed.name or (office.say("note.no_code") if not proposed.code else "")
    levels = {level.code: level.name(office.lang) for level in office.view.rules.complexity}
    if proposed.coefficient is None or proposed.low is None or proposed.high is None:
        few = proposed.cases < FEWEST_CASES or proposed.people < FEWEST_PEOPLE
        said = office.say("note.few", cases=FEWEST_CASES, people=FEWEST_PEOPLE) if few else office.say("note.alone")
        note = Marked(said, TONES["faint"])
    elif two_places(proposed.low) <= proposed.now <= two_places(proposed.high):
        note = Marked(office.say("note.within"), TONES["good"])
    else:
        note = Marked(office.say("note.beyond"), TONES["notice"])
    figures = [
        two_places(value) if value is not None else None
        for value in (proposed.coefficient, proposed.low, proposed.high)
    ]
    code = None if proposed.code in levels else proposed.code
    return [code, levels.get(proposed.code, name), proposed.now, *figures, proposed.cases, proposed.people, note]


def _method(office: Chapter) -> Iterator[tuple[str, str]]:
    told = {"draws": DRAWS, "cases": FEWEST_CASES, "people": FEWEST_PEOPLE}
    for key in ("source", "works", "volume", "shares", "load", "posts", "effort", "regression", "interval", "limits"):
        says = office.say(f"method.{key}_says", **told) if key == "interval" else office.say(f"method.{key}_says")
        yield office.say(f"method.{key}"), says
