"""The master of many offices: what they come to together, a row per office and per rank, the weeks, and which offices are not in it and why.

It is drawn like the masters of an office. It holds values and no formulas, and nobody's row unless names were asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from evalxl.domain.periods.gathered import GatheredOffice, GatheredView, LeftOut
from evalxl.domain.rulebook import Band
from evalxl.domain.week.figures import Tally
from evalxl.domain.weeks import Period, Week
from evalxl.excel.masters.degrees import CountsByUnit, tally_columns, where_counted
from evalxl.excel.masters.lists import fill_list
from evalxl.excel.masters.office import Speaker, head_of_list
from evalxl.excel.masters.overview import (
    COLUMN_WIDTH,
    HALF,
    LAST,
    LINE,
    TREND,
    degrees_chart,
    draw_instead,
    font,
    insert_chart,
)
from evalxl.excel.masters.sheet_kit import (
    FAINT,
    INK,
    LIST_SIZE,
    RULE,
    TONES,
    Cell,
    MasterWorkbook,
    across,
    body,
    footer,
    heading,
    scale_to_paper,
    set_widths,
)
from evalxl.excel.masters.tiles import draw_tiles
from evalxl.words import Lang, catalogue, say

_MOST_BARS = 30  # offices in the chart; of more, the ranks stand there
_ALARM = "#B23A22"


@dataclass(frozen=True, slots=True)
class GatheredContext(Speaker):
    """The view of many offices."""

    view: GatheredView

    def say(self, key: str, /, **values: object) -> str:
        own = f"gathered.{key}"
        return say(own if own in catalogue() else f"master.{key}", self.lang, **values)

    @property
    def bands(self) -> tuple[Band, ...]:
        rules = self.view.rules
        return rules.period_bands if isinstance(self.view.what, Period) else rules.bands


def draw_gathered(view: GatheredView, lang: Lang, created: datetime) -> bytes:
    """The workbook's bytes.

    Args:
        created: What the file says of itself; of what it shows, so that equal views are equal files.
    """
    office = GatheredContext(view, lang, "", {})
    book = MasterWorkbook()
    names = ("overview", "offices", "ranks", "weeks", "left_out", *(["people"] if view.named else []), "log")
    sheets = {name: book.sheet(office.sheet(name)) for name in names}
    offices = _draw_tallies(
        book, sheets["offices"], office, "offices", "office", [one.tally for one in view.offices], view.whole
    )
    ranks = _draw_tallies(book, sheets["ranks"], office, "ranks", "rank", view.ranks, view.whole)
    first_week = _draw_weeks(book, sheets["weeks"], office)
    _draw_left_out(book, sheets["left_out"], office)
    if view.named:
        _draw_people(book, sheets["people"], office)
    _draw_log(book, sheets["log"], office)
    few = len(view.offices) <= _MOST_BARS
    _draw_overview(book, sheets["overview"], office, offices if few else ranks, few, first_week)
    number = office.say("page.number", page="&P", pages="&N")
    book.foot(footer(view.office, number, view.rules.stamp))
    stamp = {
        "evalxl.kind": "master" if isinstance(view.what, Week) else "period",
        "evalxl.week": str(view.what),
        "evalxl.subject": "gathered",
        "evalxl.rulebook": view.rules.stamp,
    }
    book.about(f"{office.title('overview')} - {view.shown(lang)}", view.office, created, stamp)
    return book.close()


def _draw_tallies(
    book: MasterWorkbook,
    sheet: Worksheet,
    office: GatheredContext,
    name: str,
    label: str,
    tallies: Sequence[Tally],
    whole: Tally,
) -> CountsByUnit:
    """Counts by band of each group, and their sum."""
    columns = tally_columns(office, label)
    set_widths(sheet, columns)
    scale_to_paper(sheet, columns)
    last = sum(column.span for column in columns) - 1
    top = head_of_list(book, sheet, office, last, name, office.say(f"note.{name}"))
    first = heading(book, sheet, top, columns, size=LIST_SIZE)
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(top, first - 1)
    row = body(
        book, sheet, first, columns, (_line(office, n, tally) for n, tally in enumerate(tallies, 1)), size=LIST_SIZE
    )
    row = body(book, sheet, row, columns, [_line(office, None, whole)], size=LIST_SIZE, bold=True)
    sheet.print_area(0, 0, row - 1, last)
    return where_counted(office, office.sheet(name), first, len(tallies))


def _line(office: GatheredContext, place: int | None, tally: Tally) -> list[Cell]:
    shares: list[Cell] = []
    for band in office.bands:
        shares += [tally.bands[band.code], tally.share(band.code)]
    return [place, tally.label, tally.to_evaluate, *shares, tally.unscored, tally.absent, tally.mean]


def _draw_weeks(book: MasterWorkbook, sheet: Worksheet, office: GatheredContext) -> int:
    """A row per week; returns the row of the first one."""
    columns = [
        office.column("no", 5, "count"),
        office.column("week", 46),
        office.column("counted", 18, "count"),
        office.column("mean", 14, "total"),
    ]
    lines: list[list[Cell]] = [
        [n, Week.parse(week.week).shown(office.lang), week.counted, week.mean]
        for n, week in enumerate(office.view.weeks, 1)
    ]
    after = fill_list(book, sheet, office, "weeks", columns, lines, [office.say("note.weeks")])
    return after - len(lines)


def _draw_left_out(book: MasterWorkbook, sheet: Worksheet, office: GatheredContext) -> None:
    columns = [
        office.column("no", 5, "count"),
        office.column("folder", 18),
        office.column("office", 34),
        office.column("why", 110),
    ]

    def line(place: int, left_out: LeftOut) -> list[Cell]:
        return [place, left_out.folder, left_out.values.get("name", ""), left_out.message(office.lang)]

    lines = [line(n, left_out) for n, left_out in enumerate(office.view.left_out, 1)]
    fill_list(book, sheet, office, "left_out", columns, lines, [office.say("note.left_out")])


def _draw_people(book: MasterWorkbook, sheet: Worksheet, office: GatheredContext) -> None:
    columns = [
        office.column("no", 6, "count"),
        office.column("office", 30),
        office.column("code", 12),
        office.column("name", 26),
        office.column("unit", 14),
        office.column("title", 26),
        office.column("rank", 22),
        office.column("total", 10, "total"),
        office.column("basis", 16, "centre"),
        office.column("band", 28, "centre"),
    ]
    names = {one.folder: one.name for one in office.view.offices}
    lines: list[list[Cell]] = [
        [
            *(n, names.get(person.folder, person.folder), person.code, person.name, person.unit, person.title),
            say(f"rank.{person.rank}", office.lang) if person.rank else None,
            person.total,
            say(f"basis.{person.basis}", office.lang) if person.total is not None else None,
            office.band(person.band),
        ]
        for n, person in enumerate(office.view.named, 1)
    ]
    fill_list(book, sheet, office, "people", columns, lines, [office.say("note.people")])


def _draw_log(book: MasterWorkbook, sheet: Worksheet, office: GatheredContext) -> None:
    """From which state of which ledger each office's figures are."""
    columns = [
        office.column("no", 5, "count"),
        office.column("folder", 18),
        office.column("office", 34),
        office.column("office_id", 19),
        office.column("what", 12, "centre"),
        office.column("rulebook", 28),
        office.column("version", 9, "centre"),
        office.column("seq", 10, "count"),
        office.column("head", 70),
    ]

    def line(place: int, one: GatheredOffice) -> list[Cell]:
        return [
            place, one.folder, one.name, one.office_id, one.what, one.rulebook, one.version, one.seq, one.head,
        ]  # fmt: skip

    lines = [line(n, one) for n, one in enumerate(office.view.offices, 1)]
    fill_list(book, sheet, office, "log", columns, lines, [office.say("note.log")])


def _draw_overview(
    book: MasterWorkbook, sheet: Worksheet, office: GatheredContext, counts: CountsByUnit, few: bool, first_week: int
) -> None:
    view = office.view
    bars = counts.last - counts.first + 1
    sheet.fit_to_pages(1, 1)
    sheet.set_column_pixels(0, LAST, COLUMN_WIDTH)
    look: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter"}
    across(book, sheet, 0, 0, LAST, office.title("overview"), **look, font_size=16)
    across(book, sheet, 1, 0, LAST, view.shown(office.lang), **look, font_size=13)
    left_out = len({one.folder for one in view.left_out} - {one.folder for one in view.offices})
    key = "status.left_out" if left_out else "status.whole"
    text = office.say(key, count=len(view.offices), left_out=left_out, sheet=office.sheet("left_out"))
    tone = TONES["notice" if left_out else "good"]
    across(book, sheet, 2, 2, LAST - 2, text, align="center", valign="vcenter", bg_color=tone, shrink=True)
    for place, height in enumerate((32, 24, 24, 10)):
        sheet.set_row_pixels(place, height)
    approved, rated = sum(one.approved for one in view.offices), view.whole.rated
    row = draw_tiles(
        book,
        sheet,
        4,
        [
            (office.say("tile.offices"), len(view.offices), office.say("tile.offices_below", count=left_out), INK),
            (
                office.say("tile.to_evaluate"),
                view.whole.to_evaluate,
                office.say("tile.absent", absent=view.whole.absent),
                INK,
            ),
            (
                office.say("tile.rated"),
                rated,
                office.say("tile.rated_below", unscored=view.whole.unscored),
                "#1F5FA8",
            ),
            (office.say("tile.approved"), approved, office.say("tile.approved_below", rated=rated), "#1B6B54"),
            (office.say("tile.mean"), view.whole.mean, office.say("tile.mean_below"), INK),
        ],
    )
    lines = max(13, -(-(26 * bars + 110) // LINE))
    for place in range(lines):
        sheet.set_row_pixels(row + place, LINE)
    if rated:
        title = office.say("chart.offices" if few else "chart.ranks")
        about = office.say("chart.bands_about", sheet=counts.sheet)
        degrees_chart(book, sheet, office, row, lines * LINE, counts, title, about)
        _draw_trend(book, sheet, office, row, lines * LINE, first_week)
    else:
        draw_instead(book, sheet, row, 0, LAST, lines, office.say("chart.none"))
    row += lines
    sheet.set_row_pixels(row, 10)
    across(book, sheet, row + 1, 0, LAST, office.say("note.overview"), italic=True, font_color=FAINT, text_wrap=True)
    sheet.set_row_pixels(row + 1, 38)
    sheet.print_area(0, 0, row + 1, LAST)
    sheet.activate()


def _draw_trend(
    book: MasterWorkbook, sheet: Worksheet, office: GatheredContext, row: int, height: int, first: int
) -> None:
    """The weekly means of all offices together."""
    means = [week.mean for week in office.view.weeks if week.mean is not None]
    if not means:
        return
    name, last = office.sheet("weeks"), first + len(office.view.weeks) - 1
    many = len(office.view.weeks) > 12
    chart = book.workbook.add_chart({"type": "line"})
    series: dict[str, Any] = {
        "name": office.say("chart.mean"),
        "categories": [name, first, 0, last, 0],
        "values": [name, first, 3, last, 3],
        "line": {"color": TREND, "width": 2.5},
        "marker": {"type": "none"} if many else {"type": "circle", "size": 6, "fill": {"color": TREND}},
    }
    if not many:
        series["data_labels"] = {"value": True, "num_format": "0.0", "position": "above", "font": font(10)}
    chart.add_series(series)
    chart.set_title({"name": office.say("chart.trend"), "name_font": font(12, bold=True)})
    floor = max(Decimal(0), (min(means) - 5) // 10 * 10)
    chart.set_y_axis(
        {
            "min": float(floor),
            "max": float(office.view.rules.maximum or 100),
            "num_format": "0",
            "num_font": font(10),
            "major_gridlines": {"visible": True, "line": {"color": "#E3E7EB", "width": 0.75}},
            "line": {"none": True},
        }
    )
    chart.set_x_axis({"num_font": font(10), "line": {"color": RULE}, "interval_unit": 4 if many else 1})
    chart.set_legend({"none": True})
    insert_chart(sheet, chart, row, HALF, height, office.say("chart.trend_about", sheet=name))
