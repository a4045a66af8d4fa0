"""The lists of a period master."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.two_week_rule import evidence_text
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.names import code_key
from evalxl.domain.periods.period_results import Mark, PeriodResult
from evalxl.domain.periods.rollups import Later, Proposal
from evalxl.domain.rulebook import RATIOS
from evalxl.domain.week.figures import Tally, by_rank, by_unit, tally
from evalxl.domain.weeks import Week
from evalxl.excel.masters.collectives import draw_collectives_of_period
from evalxl.excel.masters.degrees import CountsByUnit, tally_columns, where_counted
from evalxl.excel.masters.lists import fill_list, warning_kind
from evalxl.excel.masters.measure import height_for
from evalxl.excel.masters.office import head_of_list, head_of_report, keep_rows_with_signature, remark, signatures
from evalxl.excel.masters.period_context import PeriodContext
from evalxl.excel.masters.sheet_kit import (
    HEADING,
    LIST_SIZE,
    RULE,
    TONES,
    Cell,
    ListColumn,
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

_FIRST_WEEK = 4  # the column of the first week in the sheet of weeks
_WEEKS_ON_A_PAGE = 17


def draw_weeks(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> dict[str, str]:
    """Everybody's weekly totals; returns, by staff code, the range that a trend is drawn over."""
    weeks = office.view.weeks
    columns = [
        office.column("no", 4.3, "count"),
        office.column("code", 10),
        office.column("name", 20),
        office.column("unit", 20),
        *(ListColumn(office.week_heading(week), 6.5, "centre") for week in weeks),
    ]
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last = len(columns) - 1
    # The head lies over the columns of the first page, whoever has more weeks than it holds.
    head = min(last, _FIRST_WEEK + _WEEKS_ON_A_PAGE - 1)
    width = sum(column.width for column in columns[: head + 1])
    top = head_of_list(book, sheet, office, head, "weeks", office.say("note.weeks"), width=width)
    first = heading(book, sheet, top, columns, size=LIST_SIZE)
    sheet.freeze_panes(first, 3)
    sheet.repeat_rows(top, first - 1)
    sheet.repeat_columns(0, 2)
    if not office.view.results:
        bare_line(book, sheet, first, last, office.say("none.results"))
        return {}
    ranges = {}
    name = office.sheet("weeks").replace("'", "''")
    frame: dict[str, Any] = {
        "border": 1,
        "border_color": RULE,
        "valign": "vcenter",
        "align": "center",
        "num_format": "0.00",
        "font_size": LIST_SIZE,
    }
    for n, row in enumerate(office.view.results, 1):
        at = first + n - 1
        body(book, sheet, at, columns[:_FIRST_WEEK], [[n, row.code, row.name, row.unit_name]], size=LIST_SIZE)
        marks = {mark.week: mark for mark in row.marks}
        for place, week in enumerate(weeks):
            mark = marks.get(week)
            shown = _week_cell(office, mark)
            provisional = mark is not None and mark.basis in ("scored", "self")
            put(book, sheet, at, _FIRST_WEEK + place, shown, **frame, italic=provisional)
        start, end = (xl_rowcol_to_cell(at, place, True, True) for place in (_FIRST_WEEK, last))
        ranges[row.code] = f"'{name}'!{start}:{end}"
    return ranges


def _week_cell(office: PeriodContext, mark: Mark | None) -> Cell:
    if mark is None:
        return None
    if mark.total is not None:
        return mark.total
    mark_of = {"absent": "absent_mark", "submitted": "seen_mark", "seen": "seen_mark"}
    return office.say(f"note.{mark_of.get(mark.state, 'missing_mark')}")


def draw_results(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext, ranges: dict[str, str]) -> None:
    """A row per person: counts of weeks, means, rating, and a small picture of how the weeks went."""
    counted, means, result = office.say("head.weeks"), office.say("head.means"), office.say("head.result")
    columns = [
        office.column("no", 3.5, "count"),
        office.column("name", 18),
        office.column("unit", 18),
        office.column("title", 15),
        *(office.column(key, 5.5, "count", counted) for key in ("evaluated", "awaiting", "absent", "missing")),
        *(
            [office.part_column(part, 7.5, "total", means) for part in office.view.parts]
            if not office.view.ratings
            else [
                *(office.column(f"ratio_{name}", 7.5, "share", office.say("head.ratios")) for name in RATIOS),
                office.column("task_points", 8, "total", office.say("head.ratios")),
                *(
                    ListColumn(row.label("period.head.criterion", office.lang), 8, "total", result)
                    for row in office.points
                ),
            ]
        ),
        office.column("rated_total" if office.view.ratings else "mean", 8, "total", result),
        office.column("rated_band" if office.view.ratings else "band", 20, "centre", result),
        office.column("trend", 12, "centre"),
        office.column("notes", 19),
        office.column("code", 10, screen=True),
        office.column("basis", 14.5, "centre", screen=True),
    ]
    set_widths(sheet, columns)
    scale = scale_to_paper(sheet, columns)
    last = last_printed(columns)
    top = head_of_report(book, sheet, office, last, "results", enclosed=True)
    first = heading(book, sheet, top, columns, filtered=True, size=LIST_SIZE)
    sheet.repeat_rows(top, first - 1)
    # On the screen the letterhead lies above what is shown at first, which begins with the heading.
    sheet.set_top_left_cell(top, 0)
    sheet.freeze_panes(first - top, 2, first, 2)
    rows = office.view.results
    if rows:
        row = body(
            book,
            sheet,
            first,
            columns,
            (_result_line(office, n, period_result) for n, period_result in enumerate(rows, 1)),
            size=LIST_SIZE,
        )
        sheet.add_sparkline(
            first,
            last - 1,
            {
                "location": [xl_rowcol_to_cell(first + place, last - 1) for place in range(len(rows))],
                "range": [ranges[period_result.code] for period_result in rows],
                # One scale for everybody: a flat line is flat beside another.
                "min": "group",
                "max": "group",
                "markers": True,
                "empty_cells": "gaps",
                "weight": 1.5,
                "series_color": "#1F5FA8",
            },
        )
        sheet.autofilter(first - 1, 0, row - 1, len(columns) - 1)
    else:
        row = bare_line(book, sheet, first, last, office.say("none.results"))
    end = row
    row = remark(book, sheet, row, how_rated(office), columns)
    row = signatures(book, sheet, office, row + 1, last)
    sheet.print_area(0, 0, row - 1, last)
    keep_rows_with_signature(sheet, (top, first, end), row, scale)


def _result_line(office: PeriodContext, place: int, row: PeriodResult) -> list[Cell]:
    return [
        place,
        row.name,
        row.unit_name,
        row.title,
        *(row.evaluated, row.awaiting, row.absent, row.missing),
        *_parts(office, row),
        row.counted_total,
        office.band(row.band),
        None,
        "; ".join(_notes(office, row)),
        row.code,
        office.basis(row),
    ]


def _parts(office: PeriodContext, row: PeriodResult) -> list[Cell]:
    """What the result is made of: the means of the parts, or the ratios with the points that they and the criteria give."""
    rating = office.view.ratings.get(code_key(row.code))
    if rating is None:
        return [row.means.get(f"approved_{part.code}") for part in office.view.parts]
    points = (rating.points.get(criterion.code) for criterion in office.points)
    return [*(getattr(rating.ratios, name) for name in RATIOS), rating.tasks, *points]


def how_rated(office: PeriodContext) -> str:
    """How the period is rated, below its tables."""
    if not office.view.ratings:
        return office.say(f"note.mean_{office.view.rules.period.mean}")
    names = ", ".join(row.label("paper.period.need_criterion", office.lang) for row in office.points)
    return office.say("note.rated", criteria=names) if names else office.say("note.rated_tasks")


def _notes(office: PeriodContext, row: PeriodResult) -> Iterator[str]:
    for before, after in row.moves:
        week = after.week.shown(office.lang)
        yield office.say("note.moved", before=before.unit_name, after=after.unit_name, week=week)
    if row.corrected:
        yield office.say("note.corrected")
    if row.provisional:
        yield office.say("note.provisional")


def draw_bands(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> CountsByUnit:
    """The ratings by unit and by rank; returns where the counts by unit stand."""
    columns = tally_columns(office, "unit_only")
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last = sum(column.span for column in columns) - 1
    row = head_of_report(book, sheet, office, last, "bands", enclosed=True)
    units = by_unit(office.view, office.bands)
    counts = where_counted(office, office.sheet("bands"), row + 3, len(units))
    for key, tallies, label in (
        ("by_unit", units, "unit_only"),
        ("by_rank", by_rank(office.view, office.bands, office.lang), "rank"),
    ):
        put(book, sheet, row, 0, office.say(f"section.{key}"), bold=True, font_size=12, valign="vcenter")
        sheet.set_row_pixels(row, 28)
        columns = tally_columns(office, label)
        first = heading(book, sheet, row + 1, columns, size=LIST_SIZE)
        whole = tally(office.say("head.all"), office.view.results, office.bands)
        lines = (_tally_line(office, n, tally) for n, tally in enumerate(tallies, 1))
        row = body(book, sheet, first, columns, lines, size=LIST_SIZE)
        row = body(book, sheet, row, columns, [_tally_line(office, None, whole)], size=LIST_SIZE, bold=True) + 1
    if office.view.unit_results:
        put(book, sheet, row, 0, office.say("section.collectives"), bold=True, font_size=12, valign="vcenter")
        sheet.set_row_pixels(row, 28)
        row = draw_collectives_of_period(book, sheet, office, row + 1, last + 1)
    row = remark(book, sheet, row, how_rated(office), columns)
    sheet.print_area(0, 0, row - 1, last)
    return counts


def _tally_line(office: PeriodContext, place: int | None, tally: Tally) -> list[Cell]:
    bands: list[Cell] = [cell for band in office.bands for cell in (tally.bands[band.code], tally.share(band.code))]
    return [place, tally.label, tally.to_evaluate, *bands, tally.unscored, tally.absent, tally.mean]


def draw_proposals(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> None:
    """Who may be rated in the capped band: an order with its ties, and an empty column for the decision."""
    columns = [
        office.column("order", 7, "count"),
        office.column("code", 10),
        office.column("name", 24),
        office.column("title", 24),
        office.column("mean", 10, "total"),
        office.column("evaluated", 10, "count"),
        office.column("missing", 10, "count"),
        office.column("cap", 24, "centre"),
        office.column("decision", 30),
    ]
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last, cap = len(columns) - 1, office.view.rules.period.cap
    names = {band.code: band.name(office.lang) for band in office.bands}
    note = office.say("note.no_cap")
    if cap is not None:
        share = f"{cap.share * 100:.0f}%"
        note = office.say("note.cap", band=names[cap.band], of=names[cap.of], share=share)
    row = head_of_report(book, sheet, office, last, "proposals", enclosed=True)
    row = remark(book, sheet, row, note, columns) + 1
    if cap is None or not office.view.proposals:
        row = bare_line(book, sheet, row, last, office.say("none.proposals"))
        sheet.print_area(0, 0, row - 1, last)
        return
    row = heading(book, sheet, row, columns, size=LIST_SIZE)
    groups = {group.code: group.name(office.lang) for group in office.view.rules.period.groups}
    for proposal in office.view.proposals:
        words = office.say(
            "cap.group",
            unit=proposal.unit_name,
            group=groups.get(proposal.group, office.say("cap.ungrouped")),
            candidates=len(proposal.candidates),
            most=proposal.most,
            rated=proposal.rated,
            band=names[cap.band],
            of=names[cap.of],
        )
        look: dict[str, Any] = {"bold": True, "bg_color": HEADING, "border": 1, "border_color": RULE, "text_wrap": True}
        across(book, sheet, row, 0, last, words, **look, valign="vcenter", indent=1)
        sheet.set_row_pixels(row, height_for(1))
        row = body(book, sheet, row + 1, columns, _candidates(office, proposal), size=LIST_SIZE)
    row = signatures(book, sheet, office, row + 1, last)
    sheet.print_area(0, 0, row - 1, last)


def _candidates(office: PeriodContext, proposal: Proposal) -> Iterator[list[Cell]]:
    for place, row in enumerate(proposal.candidates, 1):
        if row.code in proposal.tied:
            mark = Marked(office.say("cap.tied"), TONES["alarm"])
        elif place <= proposal.most:
            mark = Marked(office.say("cap.within"), TONES["good"])
        else:
            mark = Marked(office.say("cap.beyond"), TONES["notice"])
        yield [place, row.code, row.name, row.title, row.counted_total, row.evaluated, row.missing, mark, None]


def draw_warnings(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> None:
    """What the two-week rule said in each week of the period."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("week", 18),
        office.column("kind", 12, "centre"),
        office.column("name", 18),
        office.column("unit", 18),
        office.column("evidence", 64),
        office.column("talk_with", 22),
        office.column("follow", 12, "centre"),
        office.column("code", 10, screen=True),
    ]
    units = {row.code: row.unit_name for row in office.view.results}

    def line(place: int, warning: Warning) -> list[Cell]:
        return [
            place,
            warning.second_week.shown(office.lang),
            warning_kind(office, warning),
            office.person(warning.code),
            units.get(warning.code, ""),
            evidence_text(warning.evidence),
            "\n".join(office.person(code) for code in warning.talk_with),
            office.term(f"follow.{warning.state}"),
            warning.code,
        ]

    lines = [line(n, warning) for n, warning in enumerate(office.view.warnings, 1)]
    fill_list(book, sheet, office, "warnings", columns, lines, [office.say("note.warnings")])


def draw_later(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> None:
    """What came after the period was closed: the figures that stay, and what they would be now."""
    columns = [
        office.column("no", 4.3, "count"),
        office.column("name", 22),
        office.column("unit", 22),
        office.column("then_mean", 11, "total"),
        office.column("then_band", 24, "centre"),
        office.column("now_mean", 11, "total"),
        office.column("now_band", 24, "centre"),
        office.column("changed", 36),
        office.column("code", 10, screen=True),
    ]
    lines = [_later_line(office, n, later) for n, later in enumerate(office.view.later, 1)]
    name = "later" if office.view.closed_at else "later_open"
    fill_list(book, sheet, office, "later", columns, lines, [office.say("note.later")], none=name)


def _later_line(office: PeriodContext, place: int, later: Later) -> list[Cell]:
    then, now = later.then, later.now
    marks: list[Sequence[Mark]] = [row.marks if row else () for row in (then, now)]
    weeks = sorted({mark.week for mark in set(marks[0]) ^ set(marks[1])})
    return [
        place,
        later.row.name,
        later.row.unit_name,
        then.counted_total if then else None,
        office.band(then.band) if then else None,
        now.counted_total if now else None,
        office.band(now.band) if now else None,
        "\n".join(week.shown(office.lang) for week in weeks),
        later.row.code,
    ]


def draw_log(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext) -> None:
    """What this master was drawn from: no name and no score."""
    view = office.view
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110)
    row = head_of_list(book, sheet, office, 1, "log", office.say("note.log"))
    state = office.say("log.open")
    if view.closed_at is not None:
        state = office.say("log.closed", moment=office.moment(view.closed_at))
    if view.reopened:
        state += f"; {office.say('log.reopened')}"

    def named(weeks: Sequence[Week]) -> str:
        return "\n".join(f"{week}: {week.shown(office.lang)}" for week in weeks)

    facts: list[tuple[str, Cell]] = [
        ("period", f"{view.period}: {view.shown(office.lang)}"),
        ("weeks", named(view.weeks)),
        ("off", named(view.off)),
        ("never_issued", named(view.never_issued)),
        *([("open_again", named(view.reopened))] if view.reopened else []),
        ("people", len(view.results)),
        ("state", state),
        ("recorded_at", office.moment(view.recorded_at)),
        ("rules", view.rules.name_vi if office.lang == "vi" else view.rules.name_en),
        ("rules_id", view.rules.id),
        ("digest", view.rules.digest),
        ("head", view.head),
    ]
    columns = [ListColumn("", 30), ListColumn("", 110)]
    body(book, sheet, row, columns, ([office.say(f"log.{key}"), fact] for key, fact in facts))
