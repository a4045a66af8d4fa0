"""*Mức độ hoàn thành theo đơn vị*: a bar for the office and one per unit, all equally long, parted by degree.

Those without a score are a part of the bar, so no bar flatters. A unit's name filters the list of people below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from evalxl.domain.week.figures import Tally, by_unit, tally, units_of
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h

MOST_BARS = 40
_NARROWEST = 4  # per cent of a bar that a digit needs; the legend and the spoken text have every number
COLOURS = 4  # a degree has one of these: the highest the first, the lowest the last


def degrees(page: PageContext) -> Node:
    bands = page.view.rules.bands
    if not bands:
        return None
    whole = tally(page.say("bands.office"), page.view.results, bands)
    codes, units = list(units_of(page.view)), by_unit(page.view, bands)
    shown = list(zip(codes, units, strict=True))[:MOST_BARS]
    provisional = any(row.band and row.basis != "approved" for row in page.view.results)
    return h.section(".card", id="degrees")[
        h.h2[page.say("section.bands"), " ", provisional and h.small[page.say("bands.provisional")]],
        h.ul(".legend")[
            (
                h.li[
                    _swatch(colour_of(place, len(bands))),
                    f" {band.name(page.lang)} ",
                    h.b[page.number(whole.bands[band.code])],
                ]
                for place, band in enumerate(bands)
            ),
            h.li[_swatch("none"), f" {page.say('bands.unscored')} ", h.b[page.number(whole.unscored)]],
        ],
        h.div(".bars")[
            _bar(page, whole, h.b[whole.label]),
            (_bar(page, tally, h.a(href="#people", data_unit=code)[tally.label]) for code, tally in shown),
        ],
        len(units) > len(shown)
        and h.p(".left")[
            page.say(
                "left.rows", count=len(units) - len(shown), sheet=page.master_says("sheet.degrees"), file=page.master
            )
        ],
    ]


def colour_of(place: int, places: int) -> str:
    """The class of a degree's colour: the degrees of a rule book with more or fewer of them are spread over the colours."""
    return f"b{round(place * (COLOURS - 1) / (places - 1))}" if places > 1 else "b0"


def _swatch(colour: str) -> Node:
    return h.svg(".swatch", width="10", height="10", aria_hidden="true")[h.rect(class_=colour, width="10", height="10")]


def _bar(page: PageContext, tally: Tally, label: Node) -> Node:
    mean = page.number(tally.mean, 2) if tally.mean is not None else page.say("bands.no_mean")
    return h.div(".bar")[
        h.span(".label")[label],
        h.svg(width="100%", height="21", role="img", aria_label=_spoken(page, tally, mean))[list(_parts(page, tally))],
        h.span(".mean")[mean if tally.mean is not None else "–"],
    ]


def _spoken(page: PageContext, tally: Tally, mean: str) -> str:
    named = [(band.name(page.lang), tally.bands[band.code]) for band in page.view.rules.bands]
    named.append((page.say("bands.unscored"), tally.unscored))
    parts = ", ".join(page.say("bands.part", band=name, count=count) for name, count in named if count)
    return page.say("bands.spoken", label=tally.label, parts=parts or "–", mean=mean)


def _parts(page: PageContext, tally: Tally) -> Iterator[Node]:
    bands = page.view.rules.bands
    counts: Sequence[tuple[str, int]] = [
        *((colour_of(place, len(bands)), tally.bands[band.code]) for place, band in enumerate(bands)),
        ("none", tally.unscored),
    ]
    whole = sum(count for _, count in counts)
    begun = Decimal(0)
    for colour, count in counts:
        if not count:
            continue
        width = Decimal(100 * count) / whole
        yield h.rect(class_=colour, x=f"{begun:.2f}%", y="0.5", width=f"{width:.2f}%", height="20")
        if width >= _NARROWEST * len(str(count)):
            yield h.text(class_=f"on-{colour}", x=f"{begun + width / 2:.2f}%", y="15", text_anchor="middle")[str(count)]
        begun += width
