"""The weeks side by side: the office's means as a line, and the means of the units as a table whose colours follow the degrees.

A week's number never stands alone: the day of its Monday or its dates are with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from evalxl.domain.week.figures import MeansOfWeeks, units_of
from evalxl.domain.weeks import Week
from evalxl.page.context import PageContext, day
from evalxl.page.degrees import MOST_BARS
from evalxl.page.html import Node, h

_TOP, _BOTTOM, _LEFT, _RIGHT = 26, 116, 7, 96  # of the drawing, in pixels and per cent
Point = tuple[Week, Decimal]


def trend(page: PageContext) -> Node:
    if not page.view.rules.parts:
        return None
    table = page.means
    line = dict(table.lines).get("", ())
    points = [(week, mean) for week, mean in zip(table.weeks, line, strict=True) if mean is not None] if line else []
    return h.section(".card", id="trend")[
        h.h2[
            page.say("section.trend"), " ", h.small[page.say("trend.open")] if points and not page.view.closed else None
        ],
        _drawing(page, table.weeks, points) if points else h.p[page.say("trend.none")],
    ]


def _drawing(page: PageContext, weeks: Sequence[Week], points: Sequence[Point]) -> Node:
    """The line. Sideways it is told in per cent and upright in pixels, so that its letters are as large on a phone as on a screen."""
    low, high = _bounds([mean for _, mean in points], page.view.rules.maximum)
    spoken = "; ".join(
        page.say("trend.point", number=week.number, date=day(week.monday), mean=page.number(mean, 1))
        for week, mean in points
    )

    def across(week: Week) -> str:
        steps = max(len(weeks) - 1, 1)
        return f"{_LEFT + Decimal((_RIGHT - _LEFT) * weeks.index(week)) / steps:.1f}%"

    def down(mean: Decimal) -> str:
        return f"{_BOTTOM - (_BOTTOM - _TOP) * (mean - low) / (high - low):.1f}"

    return h.svg(".line", width="100%", height="160", role="img", aria_label=page.say("trend.spoken", points=spoken))[
        list(_grid(page, low, high)),
        [
            h.line(
                class_="dashed" if week == page.view.week and not page.view.closed else None,
                x1=across(before),
                y1=down(value),
                x2=across(week),
                y2=down(mean),
            )
            for (before, value), (week, mean) in pairwise(points)
        ],
        [
            [
                h.circle(
                    class_="hollow" if week == page.view.week and not page.view.closed else None,
                    cx=across(week),
                    cy=down(mean),
                    r="4",
                ),
                h.text(
                    class_="now" if week == page.view.week else None,
                    x=across(week),
                    y=f"{Decimal(down(mean)) - 10}",
                    text_anchor="middle",
                )[page.number(mean, 1)],
            ]
            for week, mean in points
        ],
        [
            [
                h.text(".axis", x=across(week), y="138", text_anchor="middle")[
                    page.say("trend.short", number=week.number)
                ],
                h.text(".axis", x=across(week), y="153", text_anchor="middle")[day(week.monday)],
            ]
            for week in weeks
        ],
    ]


def _bounds(means: Sequence[Decimal], maximum: Decimal) -> tuple[Decimal, Decimal]:
    """The lowest and the highest line of the grid: fives that leave room around the means."""
    low = max(Decimal(0), (min(means) - 3) // 5 * 5)
    high = min(-(-maximum // 5) * 5, ((max(means) + 3) // 5 + 1) * 5)
    return low, max(high, low + 5)


def _grid(page: PageContext, low: Decimal, high: Decimal) -> Iterator[Node]:
    step = 5 if high - low <= 25 else 10 if high - low <= 50 else 20
    value = low
    while value <= high:
        y = f"{_BOTTOM - (_BOTTOM - _TOP) * (value - low) / (high - low):.1f}"
        yield h.line(".grid", x1="4%", y1=y, x2="100%", y2=y)
        yield h.text(".axis", x="0", y=f"{Decimal(y) + 4}")[page.number(value)]
        value += step


def means(page: PageContext) -> Node:
    if not page.view.rules.parts:
        return None
    table = page.means
    if not table.known:
        return None
    limits = _limits(page)
    lines = [*table.lines[:MOST_BARS], *(line for line in table.lines[MOST_BARS:] if not line[0])]
    return h.section(".card", id="weeks")[
        h.h2[page.say("section.means")],
        h.div(".sideways")[
            h.table(".heat")[
                h.caption(".unseen")[page.say("section.means")],
                h.thead[
                    h.tr[
                        h.th(scope="col")[h.span(".unseen")[page.say("means.unit")]],
                        (
                            h.th(class_="old" if place < len(table.weeks) - 4 else None, scope="col")[
                                page.say("means.week", number=week.number),
                                h.small[f"{day(week.monday)}-{day(week.sunday)}"],
                            ]
                            for place, week in enumerate(table.weeks)
                        ),
                    ]
                ],
                h.tbody[(_line(page, table, unit, line, limits) for unit, line in lines)],
            ]
        ],
        h.ul(".scale")[(h.li(class_=f"h{place}")[text] for place, text in enumerate(_words(page, limits)))],
        len(lines) < len(table.lines)
        and h.p(".left")[
            page.say(
                "left.rows",
                count=len(table.lines) - len(lines),
                sheet=page.master_says("sheet.overview"),
                file=page.master,
            )
        ],
    ]


def _line(
    page: PageContext, table: MeansOfWeeks, unit: str, line: Sequence[Decimal | None], limits: Sequence[Decimal]
) -> Node:
    name = units_of(page.view).get(unit, unit) if unit else page.say("bands.office")
    count = len(table.weeks)
    return h.tr(class_=None if unit else "whole")[
        h.th(scope="row")[name],
        (
            h.td(class_=" ".join(filter(None, (_shade(mean, limits), "old" if place < count - 4 else ""))) or None)[
                "" if mean is None else page.number(mean, 1)
            ]
            for place, mean in enumerate(line)
        ),
    ]


def _limits(page: PageContext) -> list[Decimal]:
    """Where the colours change: at the degrees' floors, and twice below and twice above the floor of the second degree."""
    floors = sorted(band.at_least for band in page.view.rules.bands)[1:]
    top = page.view.rules.maximum
    if len(floors) < 3:
        floors = [top * Decimal(share) / 100 for share in (50, 75, 90)]
    low, good, best = floors[0], floors[-2], floors[-1]
    step = min(5 * top / 100, (good - low) / 3, (best - good) / 3)
    return [low, good - 2 * step, good - step, good, good + step, good + 2 * step, best]


def _shade(mean: Decimal | None, limits: Sequence[Decimal]) -> str:
    return "" if mean is None else f"h{sum(mean >= limit for limit in limits)}"


def _words(page: PageContext, limits: Sequence[Decimal]) -> Iterator[str]:
    shown = [page.number(limit) for limit in limits]
    yield page.say("means.below", limit=shown[0])
    for low, high in pairwise(shown):
        yield page.say("means.between", low=low, high=high)
    yield page.say("means.above", limit=shown[-1])
