"""*Tổng quan*: one page for the leaders. Five numbers, the degrees by unit, the trend, means by unit and week, who needs attention.

The page is a grid of 24 narrow columns. A picture is drawn only where there is something to draw; else a line says why there is none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from evalxl.domain.evaluation.two_week_rule import evidence_by_week
from evalxl.domain.week.figures import MeansOfWeeks, means_of_weeks, units_of
from evalxl.domain.week.week_counts import counts_of
from evalxl.domain.weeks import Week, shown_date
from evalxl.excel.looks import colours
from evalxl.excel.masters.degrees import CountsByUnit
from evalxl.excel.masters.lists import warning_kind
from evalxl.excel.masters.measure import height_for, lines_of
from evalxl.excel.masters.office import MasterContext, Speaker, band_colours, letterhead
from evalxl.excel.masters.sheet_kit import (
    FAINT,
    HEADING,
    INK,
    LINK,
    LIST_SIZE,
    RULE,
    STRONG,
    TONES,
    TYPEFACE,
    MasterWorkbook,
    across,
    cut,
    put,
)
from evalxl.excel.masters.tiles import draw_tiles, tiles_of_week

COLUMNS, COLUMN_WIDTH = 24, 52  # pixels
LAST = COLUMNS - 1
HALF = COLUMNS // 2
LABEL = 4  # columns of a unit's name in the table of means
_WEEKS = HALF - LABEL  # two months
LINE = 22  # pixels
_NO_SCORE = "#C9CED4"
TREND = LINK
_DARK = {STRONG[0], STRONG[-1]}  # their numbers are white

# The lowest degree begins at orange, the middle one is white, from the highest on it is blue.
HEAT = (f"#{colours.HEAT[3]}", f"#{colours.HEAT[2]}", f"#{colours.HEAT[0]}")


def draw_overview(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, counts: CountsByUnit) -> None:
    units = counts.last - counts.first + 1
    if units > 12:
        sheet.set_portrait()
    # One page, unless there are more units than a page can show in readable letters.
    sheet.fit_to_pages(1, 1 if units <= 45 else 0)
    sheet.set_column_pixels(0, LAST, COLUMN_WIDTH)

    row = letterhead(book, sheet, office, LAST)
    row = _title(book, sheet, office, row)
    row = draw_tiles(book, sheet, row, tiles_of_week(office))
    row = _pictures(book, sheet, office, row, counts)
    row = max(_means(book, sheet, office, row), _attention(book, sheet, office, row))
    across(book, sheet, row, 0, LAST, office.say("note.basis"), italic=True, font_color=FAINT, align="center")
    sheet.print_area(0, 0, row, LAST)
    sheet.activate()


def _title(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, row: int) -> int:
    look: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter"}
    across(book, sheet, row, 0, LAST, office.title("overview"), **look, font_size=16)
    across(book, sheet, row + 1, 0, LAST, office.week(office.view.week), **look, font_size=13)
    text, tone = _status(office)
    across(book, sheet, row + 2, 4, LAST - 4, text, align="center", valign="vcenter", bg_color=tone, shrink=True)
    for place, height in enumerate((32, 24, 24, 10)):
        sheet.set_row_pixels(row + place, height)
    return row + 4


def _status(office: MasterContext) -> tuple[str, str]:
    """Whether the figures are final: what is still open makes them provisional."""
    view = office.view
    if not view.working:
        return office.say("status.day_off"), TONES["faint"]
    far = counts_of(view.results)
    if not far.due:
        return office.say("status.nobody"), TONES["faint"]
    if view.recorded_at is None:
        return office.say("status.nothing", open=far.due), TONES["notice"]
    scored = bool(view.rules.parts)
    still_open = far.due - (far.approved if scored else far.scored)
    key = ("closed_" if view.closed else "") + ("open" if still_open else "whole") + ("" if scored else "_seen")
    words = office.say(f"status.{key}", open=still_open, moment=office.moment(view.recorded_at))
    return words, TONES["notice" if still_open else "good"]


def _pictures(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, row: int, counts: CountsByUnit) -> int:
    """The degrees by unit on the left, the trend on the right, equally high; returns the row after them."""
    if not office.view.rules.parts:  # a week that nobody scores has nothing to be drawn
        return row
    rated = any(result.band for result in office.view.results)
    means = means_of_weeks(office.view, _WEEKS)
    units = counts.last - counts.first + 1
    # Where neither is drawn, two lines of text need no room for pictures.
    lines = max(13, -(-(26 * units + 110) // LINE)) if rated or means.known else 4
    for place in range(lines):
        sheet.set_row_pixels(row + place, LINE)
    height = lines * LINE
    if rated:
        provisional = any(result.band and result.basis != "approved" for result in office.view.results)
        title = office.say("chart.bands_provisional" if provisional else "chart.bands")
        about = office.say("chart.bands_about", week=office.week(office.view.week), sheet=counts.sheet)
        degrees_chart(book, sheet, office, row, height, counts, title, about)
    else:
        draw_instead(book, sheet, row, 0, HALF - 1, lines, office.say("chart.bands_none"))
    if means.known:
        _trend_chart(book, sheet, office, row, height, row + lines + 1, means)
    else:
        draw_instead(book, sheet, row, HALF, LAST, lines, office.say("chart.trend_none"))
    sheet.set_row_pixels(row + lines, 10)
    return row + lines + 1


def draw_instead(
    book: MasterWorkbook, sheet: Worksheet, row: int, first: int, last: int, lines: int, text: str
) -> None:
    look: dict[str, Any] = {
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": RULE,
    }
    across(book, sheet, row, first, last, text, rows=lines, italic=True, font_color=FAINT, **look)


def font(size: float, **more: Any) -> dict[str, Any]:
    return {"name": TYPEFACE, "size": size, "color": INK, **more}


def degrees_chart(
    book: MasterWorkbook,
    sheet: Worksheet,
    office: Speaker,
    row: int,
    height: int,
    counts: CountsByUnit,
    title: str,
    about: str,
) -> None:
    """A bar per unit, all equally long, parted by degree; those without a score are a part of it, so no bar flatters."""
    chart = book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for (name_row, name_column), column, colour in zip(
        counts.names, counts.counts, [*band_colours(office), _NO_SCORE], strict=True
    ):
        chart.add_series(
            {
                "name": [counts.sheet, name_row, name_column],
                "categories": [counts.sheet, counts.first, counts.label, counts.last, counts.label],
                "values": [counts.sheet, counts.first, column, counts.last, column],
                "fill": {"color": colour},
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": 45 if counts.last > counts.first else 180,
                # A part of nobody has no number.
                "data_labels": {
                    "value": True,
                    "num_format": "0;;",
                    "font": font(10, bold=True, color="#FFFFFF" if colour in _DARK else INK),
                },
            }
        )
    chart.set_title({"name": title, "name_font": font(12, bold=True), "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": font(10), "line": {"color": RULE}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "max": 1, "min": 0})
    chart.set_legend({"position": "bottom", "font": font(10)})
    insert_chart(sheet, chart, row, 0, height, about)


def _trend_chart(
    book: MasterWorkbook,
    sheet: Worksheet,
    office: MasterContext,
    row: int,
    height: int,
    table: int,
    means: MeansOfWeeks,
) -> None:
    """The weekly means of the office (of a unit beside it in a unit's master), over the table of means below."""
    chart = book.workbook.add_chart({"type": "line"})
    last_week = LABEL + len(means.weeks) - 1
    plotted: list[Decimal] = []
    name = office.sheet("overview")
    for place, (unit, line) in enumerate(means.lines):
        values = [mean for mean in line if mean is not None]
        if not values or not _in_the_trend(office, means, unit):
            continue
        plotted += values
        main = unit == office.view.unit
        colour = TREND if main else "#9AA5B1"
        at = table + 2 + place
        series: dict[str, Any] = {
            "name": [name, at, 0],
            "categories": [name, table + 1, LABEL, table + 1, last_week],
            "values": [name, at, LABEL, at, last_week],
            "line": {"color": colour, "width": 2.5 if main else 1.75},
            "marker": {
                "type": "circle",
                "size": 8 if len(means.weeks) == 1 else 6,
                "fill": {"color": colour},
                "border": {"color": "#FFFFFF"},
            },
        }
        if main:
            series["data_labels"] = {"value": True, "num_format": "0.0", "position": "above", "font": font(10)}
        chart.add_series(series)
    chart.set_title(
        {
            "name": office.say("chart.trend" if len(means.weeks) > 1 else "chart.trend_single"),
            "name_font": font(12, bold=True),
        }
    )
    top = office.view.rules.maximum
    # The axis starts at the ten below the lowest mean, so that a change of a point is seen; its figures say so.
    floor = max(Decimal(0), (min(plotted) - 5) // 10 * 10)
    chart.set_y_axis(
        {
            "min": float(floor),
            "max": float(top),
            "num_format": "0",
            "num_font": font(10),
            "major_gridlines": {"visible": True, "line": {"color": "#E3E7EB", "width": 0.75}},
            "line": {"none": True},
        }
    )
    chart.set_x_axis({"num_font": font(10), "line": {"color": RULE}})
    chart.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": font(10)})
    chart.show_blanks_as("gap")
    insert_chart(sheet, chart, row, HALF, height, office.say("chart.trend_about", weeks=len(means.weeks)))


def _in_the_trend(office: MasterContext, means: MeansOfWeeks, unit: str) -> bool:
    """One line for the office; for a unit its own, and the office's to compare; the units' where the office's is not known."""
    if office.view.unit:
        return unit in (office.view.unit, "")
    return unit == "" or all(code for code, _ in means.lines)


def insert_chart(sheet: Worksheet, chart: Any, row: int, column: int, height: int, about: str) -> None:
    width = HALF * COLUMN_WIDTH
    chart.set_size({"width": width - (6 if column == 0 else 0), "height": height})
    chart.set_chartarea({"border": {"color": RULE}, "fill": {"color": "#FFFFFF"}})
    sheet.insert_chart(row, column, chart, {"description": about, "object_position": 1})


def _means(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, row: int) -> int:
    """Means by unit and week, each cell with its number and a colour at fixed points: those of the degrees."""
    means = means_of_weeks(office.view, _WEEKS)
    if not means.known:
        return row
    end = LABEL + len(means.weeks) - 1
    across(book, sheet, row, 0, HALF - 1, office.say("chart.heat"), bold=True, font_size=12, valign="vcenter")
    sheet.set_row_pixels(row, 26)
    framed: dict[str, Any] = {"border": 1, "border_color": RULE, "valign": "vcenter"}
    centred = {**framed, "align": "center"}
    head = {**centred, "bold": True, "bg_color": HEADING, "text_wrap": True, "font_size": LIST_SIZE}
    across(book, sheet, row + 1, 0, LABEL - 1, office.say("head.unit_only"), **{**head, "font_size": 11})
    for place, week in enumerate(means.weeks):
        put(book, sheet, row + 1, LABEL + place, _short(office, week), **head)
    sheet.set_row_pixels(row + 1, 54)
    first = at = row + 2
    for unit, line in means.lines:
        label, whole = _label(office, unit, means)
        look = {**framed, "bold": whole, "text_wrap": True, "indent": 1}
        across(book, sheet, at, 0, LABEL - 1, label, **look)
        for place, mean in enumerate(line):
            put(book, sheet, at, LABEL + place, mean, **{**centred, "num_format": "0.00", "bold": whole})
        sheet.set_row_pixels(at, height_for(lines_of(label, LABEL * COLUMN_WIDTH / 7, bold=whole, indent=1)))
        at += 1
    low, middle, high = fixed_points(office)
    sheet.conditional_format(
        first,
        LABEL,
        at - 1,
        end,
        {
            "type": "3_color_scale",
            **{f"{end}_type": "num" for end in ("min", "mid", "max")},
            **dict(zip(("min_value", "mid_value", "max_value"), (low, middle, high), strict=True)),
            **dict(zip(("min_color", "mid_color", "max_color"), HEAT, strict=True)),
        },
    )
    put(book, sheet, at, 0, office.say("note.heat"), italic=True, font_size=10, font_color=FAINT)
    return at + 1


def _label(office: MasterContext, unit: str, means: MeansOfWeeks) -> tuple[str, bool]:
    """What a line of the means is called, and whether it is the whole of the others."""
    if not unit:
        return office.say("chart.office"), True
    if unit == office.view.unit and any(other not in (unit, "") for other, _ in means.lines):
        return office.say("chart.unit"), True
    return units_of(office.view).get(unit, office.view.unit_name), False


def _short(office: MasterContext, week: Week) -> str:
    """A week in a narrow heading, with its dates: a week's number never stands alone."""

    def day(shown: str) -> str:
        return shown.rpartition("/")[0]

    return office.say(
        "chart.week", number=week.number, first=day(shown_date(week.monday)), last=day(shown_date(week.sunday))
    )


def fixed_points(office: Speaker) -> tuple[float, float, float]:
    """Where the colours stand: at the floors of the degrees above the lowest one."""
    floors = sorted(float(band.at_least) for band in office.bands)[1:]
    if len(floors) < 2:
        top = float(office.view.rules.maximum)
        return top * 0.5, top * 0.75, top * 0.9
    return floors[0], floors[len(floors) // 2] if len(floors) > 2 else sum(floors) / 2, floors[-1]


def _attention(book: MasterWorkbook, sheet: Worksheet, office: MasterContext, row: int) -> int:
    """The first of those who need attention, two lines each; the sheet *Cảnh báo* has them all."""
    first = HALF + 1
    ordered = sorted(office.view.warnings, key=lambda warning: warning.kind != "warning")
    across(book, sheet, row, first, LAST, office.say("chart.attention"), bold=True, font_size=12, valign="vcenter")
    sheet.set_row_pixels(row, 26)
    note: dict[str, Any] = {"italic": True, "font_size": 10, "font_color": FAINT, "valign": "vcenter"}
    across(book, sheet, row + 1, first, LAST, office.say("note.warnings"), **note, text_wrap=True)
    at = row + 2
    if not ordered:
        across(book, sheet, at, first, LAST, office.say("chart.calm"), valign="vcenter", text_wrap=True)
        return at + 1
    shown = ordered[: max(3, len(office.view.units) // 2)]
    units = {result.code: result.unit_name for result in office.view.results}
    for warning in shown:
        kind = warning_kind(office, warning)
        framed: dict[str, Any] = {"valign": "vcenter", "border_color": RULE}
        line = {**framed, "indent": 1}
        look = {**framed, "border": 1, "bold": True, "align": "center", "text_wrap": True}
        across(book, sheet, at, first, first + 1, kind, rows=2, **look)
        name = cut(office.person(warning.code), 40)
        unit = cut(units.get(warning.code, ""), 70 - len(name))
        across(
            book, sheet, at, first + 2, LAST, f"{name} · {unit}" if unit else name, **line, bold=True, top=1, right=1
        )
        weeks = (
            office.say("chart.evidence", week=week.partition(" (")[0], count=len(seen))
            for week, seen in evidence_by_week(warning.evidence)
            if week
        )
        across(book, sheet, at + 1, first + 2, LAST, "; ".join(weeks), **line, font_size=10, bottom=1, right=1)
        at += 2
    rest = len(ordered) - len(shown)
    words = office.say("chart.more", count=rest, sheet=office.sheet("warnings")) if rest else ""
    words = words or office.say("chart.full", sheet=office.sheet("warnings"))
    target = f"internal:'{office.sheet('warnings')}'!{xl_rowcol_to_cell(0, 0)}"
    linked = book.look(**{**note, "font_color": LINK, "underline": 1})
    sheet.merge_range(at, first, at, LAST, "", linked)
    sheet.write_url(at, first, target, linked, words)
    return at + 1
