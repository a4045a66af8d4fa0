"""*Tổng quan* of a period: five numbers, ratings by unit, the trend, means by unit and week or month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.periods.period_results import Mark
from evalxl.domain.week.figures import shown_mean, units_of
from evalxl.domain.weeks import Week
from evalxl.excel.masters.degrees import CountsByUnit
from evalxl.excel.masters.measure import height_for, lines_of
from evalxl.excel.masters.office import letterhead
from evalxl.excel.masters.overview import (
    COLUMN_WIDTH,
    HALF,
    HEAT,
    LABEL,
    LAST,
    LINE,
    TREND,
    degrees_chart,
    draw_instead,
    fixed_points,
    font,
    insert_chart,
)
from evalxl.excel.masters.period_context import PeriodContext
from evalxl.excel.masters.period_lists import how_rated
from evalxl.excel.masters.sheet_kit import FAINT, HEADING, INK, LIST_SIZE, RULE, TONES, MasterWorkbook, across, put
from evalxl.excel.masters.tiles import draw_tiles

_MOST = LAST - LABEL + 1  # columns for weeks or months
_ALARM = "#B23A22"


@dataclass(frozen=True, slots=True)
class Means:
    """Means by unit (the office, under "", last) and by week; by month where a period has more weeks than fit."""

    headings: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Decimal | None, ...]], ...]
    of_months: bool


def means_of(office: PeriodContext) -> Means:
    """Each week counts for the unit that the person was in then."""
    view = office.view
    of_months = len(view.weeks) > _MOST

    def column(mark: Mark) -> str:
        return f"{mark.week.thursday:%Y-%m}" if of_months else str(mark.week)

    cells: dict[tuple[str, str], list[Decimal]] = {}
    for row in view.results:
        for mark in row.marks:
            if mark.total is not None:
                for unit in (mark.unit, ""):
                    cells.setdefault((unit, column(mark)), []).append(mark.total)
    if of_months:
        months = tuple(dict.fromkeys(f"{week.thursday:%Y-%m}" for week in view.weeks))
        keys, headings = months, tuple(office.say("chart.month", month=int(month[5:])) for month in months)
    else:
        keys = tuple(str(week) for week in view.weeks)
        headings = tuple(office.week_heading(week) for week in view.weeks)
    lines = tuple(
        (unit, tuple(shown_mean(cells.get((unit, key), ())) for key in keys)) for unit in (*units_of(view), "")
    )
    return Means(headings, lines, of_months)


def draw_overview(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext, counts: CountsByUnit) -> None:
    units = counts.last - counts.first + 1
    sheet.fit_to_pages(1, 1 if units <= 30 else 0)
    sheet.set_column_pixels(0, LAST, COLUMN_WIDTH)
    row = letterhead(book, sheet, office, LAST)
    row = _title(book, sheet, office, row)
    row = draw_tiles(book, sheet, row, _tiles(office))
    means = means_of(office)
    lines = max(13, -(-(26 * units + 110) // LINE))
    height, table = lines * LINE, row + lines + 1
    for place in range(lines):
        sheet.set_row_pixels(row + place, LINE)
    if any(result.band for result in office.view.results):
        provisional = any(result.provisional for result in office.view.results)
        title = office.say("chart.bands_provisional" if provisional else "chart.bands")
        about = office.say("chart.bands_about", period=office.view.shown(office.lang), sheet=counts.sheet)
        degrees_chart(book, sheet, office, row, height, counts, title, about)
        _trend(book, sheet, office, row, height, table, means)
    else:
        draw_instead(book, sheet, row, 0, LAST, lines, office.say("chart.none"))
    sheet.set_row_pixels(row + lines, 10)
    row = _table(book, sheet, office, table, means)
    note = how_rated(office)
    across(book, sheet, row, 0, LAST, note, italic=True, font_color=FAINT, align="center", text_wrap=True)
    sheet.set_row_pixels(row, 38)
    sheet.print_area(0, 0, row, LAST)
    sheet.activate()


def _title(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext, row: int) -> int:
    look: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter"}
    across(book, sheet, row, 0, LAST, office.title("overview"), **look, font_size=16)
    across(book, sheet, row + 1, 0, LAST, office.view.shown(office.lang), **look, font_size=13)
    text, tone = _status(office)
    across(book, sheet, row + 2, 2, LAST - 2, text, align="center", valign="vcenter", bg_color=tone, shrink=True)
    for place, height in enumerate((32, 24, 24, 10)):
        sheet.set_row_pixels(row + place, height)
    return row + 4


def _status(office: PeriodContext) -> tuple[str, str]:
    view = office.view
    awaiting = sum(row.awaiting for row in view.results)
    key = ("closed_" if view.closed_at else "") + ("open" if awaiting else "whole")
    moments = {"moment": office.moment(view.recorded_at), "closed": office.moment(view.closed_at)}
    text = office.say(f"status.{key}", open=awaiting, **moments)
    if view.reopened:
        text = office.say("status.reopened", weeks=_named(office, view.reopened), **moments)
    if view.closed_at and view.never_issued:
        weeks = _named(office, view.never_issued)
        text += " " + office.say("status.never_issued", count=len(view.never_issued), weeks=weeks)
    if view.later:
        text += " " + office.say("status.later", count=len(view.later), sheet=office.sheet("later"))
    return text, TONES["notice" if awaiting or view.later or view.reopened else "good"]


def _named(office: PeriodContext, weeks: Sequence[Week]) -> str:
    """The first weeks by name; the sheet *Nhật ký* has all."""
    named = ", ".join(office.week(week) for week in weeks[:2])
    return named if len(weeks) <= 2 else f"{named}, …"


def _tiles(office: PeriodContext) -> list[tuple[str, int | Decimal | None, str, str]]:
    view = office.view
    rated = [row.counted_total for row in view.results if row.counted_total is not None]
    warnings = sum(warning.kind == "warning" for warning in view.warnings)
    watches = len(view.warnings) - warnings
    missing, absent = (sum(getattr(row, name) for row in view.results) for name in ("missing", "absent"))
    weeks_below = office.say("tile.weeks_below", off=len(view.off)) if view.off else office.say("tile.weeks_all")
    attention = office.say("tile.attention_below", warnings=warnings, watches=watches)
    return [
        (office.say("tile.people"), len(view.results), office.say("tile.people_below", units=len(view.units)), INK),
        (office.say("tile.weeks"), len(view.weeks), weeks_below, INK),
        (office.say("tile.mean"), shown_mean(rated), office.say("tile.mean_below", people=len(rated)), "#1B6B54"),
        (office.say("tile.missing"), missing, office.say("tile.missing_below", absent=absent), "#1F5FA8"),
        (office.say("tile.attention"), warnings + watches, attention, _ALARM if warnings else INK),
    ]


def _trend(
    book: MasterWorkbook, sheet: Worksheet, office: PeriodContext, row: int, height: int, table: int, means: Means
) -> None:
    chart = book.workbook.add_chart({"type": "line"})
    name, at = office.sheet("overview"), table + 2 + len(means.lines) - 1
    end = LABEL + len(means.headings) - 1
    chart.add_series(
        {
            "name": [name, at, 0],
            "categories": [name, table + 1, LABEL, table + 1, end],
            "values": [name, at, LABEL, at, end],
            "line": {"color": TREND, "width": 2.5},
            "marker": {"type": "circle", "size": 6, "fill": {"color": TREND}, "border": {"color": "#FFFFFF"}},
            "data_labels": {"value": True, "num_format": "0.0", "position": "above", "font": font(10)},
        }
    )
    plotted = [mean for mean in means.lines[-1][1] if mean is not None]
    floor = max(Decimal(0), (min(plotted) - 5) // 10 * 10)
    chart.set_title({"name": office.say("chart.trend"), "name_font": font(12, bold=True)})
    gridlines = {"visible": True, "line": {"color": "#E3E7EB", "width": 0.75}}
    maximum = float(office.view.rules.maximum)
    chart.set_y_axis(
        {
            "min": float(floor),
            "max": maximum,
            "num_format": "0",
            "num_font": font(10),
            "major_gridlines": gridlines,
            "line": {"none": True},
        }
    )
    chart.set_x_axis({"num_font": font(10), "line": {"color": RULE}})
    chart.set_legend({"none": True})
    chart.show_blanks_as("gap")
    insert_chart(
        sheet, chart, row, HALF, height, office.say("chart.trend_about", period=office.view.shown(office.lang))
    )


def _table(book: MasterWorkbook, sheet: Worksheet, office: PeriodContext, row: int, means: Means) -> int:
    """Means by unit, each cell with its number and a colour at fixed points: the floors of the ratings."""
    end = LABEL + len(means.headings) - 1
    title = office.say("chart.heat_months" if means.of_months else "chart.heat_weeks")
    across(book, sheet, row, 0, LAST, title, bold=True, font_size=12, valign="vcenter")
    sheet.set_row_pixels(row, 26)
    framed: dict[str, Any] = {"border": 1, "border_color": RULE, "valign": "vcenter"}
    centred = {**framed, "align": "center"}
    head = {**centred, "bold": True, "bg_color": HEADING, "text_wrap": True, "font_size": LIST_SIZE}
    across(book, sheet, row + 1, 0, LABEL - 1, office.say("head.unit_only"), **{**head, "font_size": 11})
    for place, heading in enumerate(means.headings):
        put(book, sheet, row + 1, LABEL + place, heading, **head)
    sheet.set_row_pixels(row + 1, 54)
    first = at = row + 2
    names = units_of(office.view)
    for unit, line in means.lines:
        label = names.get(unit, office.say("chart.office"))
        look = {**framed, "bold": not unit, "text_wrap": True}
        across(book, sheet, at, 0, LABEL - 1, label, **look)
        for place, total in enumerate(line):
            put(book, sheet, at, LABEL + place, total, **{**centred, "num_format": "0.00", "bold": not unit})
        sheet.set_row_pixels(at, height_for(lines_of(label, LABEL * COLUMN_WIDTH / 7, bold=not unit)))
        at += 1
    rule: dict[str, Any] = {"type": "3_color_scale", **{f"{point}_type": "num" for point in ("min", "mid", "max")}}
    rule |= dict(zip(("min_value", "mid_value", "max_value"), fixed_points(office), strict=True))
    rule |= dict(zip(("min_color", "mid_color", "max_color"), HEAT, strict=True))
    sheet.conditional_format(first, LABEL, at - 1, end, rule)
    return at + 1
