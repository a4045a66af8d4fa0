"""*Kết quả từng người*: everybody with scores, degree and state; searched without accents, filtered, sorted.

Up to `ROWS_AS_HTML` people every row is HTML and shows without the script. Above that the rows are a block of data, which the script shows a page at a
time; without the script the page says where the list is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.week_view import STATES, Result
from evalxl.domain.names import name_key, visible
from evalxl.domain.week.figures import units_of
from evalxl.domain.week.week_results import state_key
from evalxl.page.context import PageContext
from evalxl.page.degrees import colour_of
from evalxl.page.html import Node, data_block, h, typed
from evalxl.words import say

ROWS_AS_HTML = 250


def people(page: PageContext) -> Node:
    rows = page.view.results
    as_data = len(rows) > ROWS_AS_HTML
    return h.section(".card", id="people")[
        h.h2[page.say("section.people")],
        _filters(page),
        as_data and h.noscript[h.p[page.say("people.in_master", count=page.number(len(rows)), file=page.master)],],
        h.table(class_="list js" if as_data else "list", id="people-list")[
            h.caption(".unseen")[page.say("section.people")],
            h.thead[h.tr[(_heading(page, place, key, number) for place, (key, number) in enumerate(_columns(page)))]],
            h.tbody[
                None if as_data else [_row(page, row, ranks) for row, ranks in zip(rows, _ranks(page), strict=True)]
            ],
        ],
        h.p(id="nobody", hidden=True)[page.say("people.none")],
        h.p(".note", id="filtered", hidden=True)[page.say("people.filtered")],
        as_data
        and [
            h.p(".pages.js")[
                h.button(type="button", id="earlier")[page.say("people.earlier")],
                h.span(id="page-number", data_words=page.say("people.page", page="{page}", pages="{pages}")),
                h.button(type="button", id="later")[page.say("people.later")],
            ],
            data_block("people-data", _data(page)),
        ],
    ]


def _columns(page: PageContext) -> list[tuple[str, bool]]:
    """The columns, and whether they hold numbers."""
    scored = bool(page.view.rules.parts)
    return [
        ("code", False),
        ("name", False),
        ("unit", False),
        ("post", False),
        *([("self", True), ("scored", True), ("approved", True), ("degree", False)] if scored else []),
        ("state", False),
    ]


def _heading(page: PageContext, place: int, key: str, number: bool) -> Node:
    words = page.say(f"people.{key}")
    return h.th(class_="number" if number else None, scope="col")[
        h.button(type="button", data_sort=str(place))[words, h.span(aria_hidden="true")]
    ]


def _filters(page: PageContext) -> Node:
    rows, bands = page.view.results, page.view.rules.bands
    units = [(code, name) for code, name in units_of(page.view).items()]
    states = [state for state in STATES if any(row.state == state for row in rows)]
    return h.div(".filters.js", role="search")[
        h.label(".wide")[
            page.say("people.search"),
            h.input(type="search", id="search", placeholder=page.say("people.example"), autocomplete="off"),
        ],
        _choice(page, "unit", units),
        bands
        and _choice(
            page,
            "band",
            [*((band.code, band.name(page.lang)) for band in bands), ("none", page.say("bands.unscored"))],
        ),
        _choice(page, "state", [(state, _state(page, state)) for state in states]),
        h.button(type="button", id="clear")[page.say("people.clear")],
        h.p(
            id="shown",
            role="status",
            data_words=page.say("people.count", shown="{shown}", all=page.number(len(rows))),
        ),
    ]


def _choice(page: PageContext, name: str, entries: Sequence[tuple[str, str]]) -> Node:
    return h.label[
        page.say(f"people.{name}"),
        h.select(id=f"by-{name}")[
            h.option(value="")[page.say("people.all")],
            (h.option(value=code)[text] for code, text in entries),
        ],
    ]


def _state(page: PageContext, state: Any) -> str:
    return say(state_key(state, page.view.rules), page.lang)


def _row(page: PageContext, row: Result, ranks: Sequence[int]) -> Node:
    scored = bool(page.view.rules.parts)
    return h.tr(
        data_key=searched(row.code, row.name, row.unit_name, row.title),
        data_unit=row.unit,
        data_band=row.band or "none",
        data_state=row.state,
        data_order=" ".join(map(str, ranks)),
    )[
        h.td[row.code],
        h.th(scope="row")[typed(row.name)],
        h.td[row.unit_name],
        h.td(".post")[typed(row.title)],
        scored and [_score(page, name, value) for name, value in _totals(page, row)],
        scored
        and h.td[
            row.band and _band(page, row),
            row.band and row.basis != "approved" and [" ", h.i[page.say("people.provisional")]],
        ],
        h.td(".state")[_state(page, row.state)],
    ]


def _totals(page: PageContext, row: Result) -> list[tuple[str, Decimal | None]]:
    return [("self", row.self_scores.total), ("scored", row.scored.total), ("approved", row.approved.total)]


def _score(page: PageContext, name: str, value: Decimal | None) -> Node:
    return h.td(".number", data_name=page.say(f"people.{name}"))["" if value is None else page.number(value)]


def _band(page: PageContext, row: Result) -> Node:
    bands = page.view.rules.bands
    place = [band.code for band in bands].index(row.band)
    return h.span(class_=f"band {colour_of(place, len(bands))}")[bands[place].name(page.lang)]


def _ranks(page: PageContext) -> list[tuple[int, ...]]:
    """For each person the place in the order of each column; -1 for an empty cell, which stands last in either direction."""
    rows = page.view.results
    bands = [band.code for band in page.view.rules.bands]
    units = list(units_of(page.view))

    def placed(key: Callable[[Result], Any]) -> list[int]:
        keys = [key(row) for row in rows]
        places = {value: place for place, value in enumerate(sorted({one for one in keys if one is not None}))}
        return [places.get(one, -1) if one is not None else -1 for one in keys]

    columns: list[list[int]] = [
        placed(lambda row: row.code),
        placed(lambda row: name_key(row.name)),
        placed(lambda row: units.index(row.unit)),
        placed(lambda row: name_key(row.title) or None),
    ]
    if page.view.rules.parts:
        columns += [
            placed(lambda row: row.self_scores.total),
            placed(lambda row: row.scored.total),
            placed(lambda row: row.approved.total),
            placed(lambda row: bands.index(row.band) if row.band else None),
        ]
    columns.append(placed(lambda row: STATES.index(row.state)))
    return list(zip(*columns, strict=True))


def _data(page: PageContext) -> dict[str, Any]:
    """The rows for the script: texts that many share are named once."""
    bands = page.view.rules.bands
    units, titles = units_of(page.view), list(dict.fromkeys(visible(row.title) for row in page.view.results))
    codes, states = list(units), list(STATES)
    numbers = [""] if not page.view.rules.parts else ["self", "scored", "approved"]
    return {
        "units": [[code, name] for code, name in units.items()],
        "titles": titles,
        "states": [[state, _state(page, state)] for state in states],
        "bands": [[band.code, band.name(page.lang), colour_of(place, len(bands))] for place, band in enumerate(bands)],
        "scored": bool(page.view.rules.parts),
        "labels": [page.say(f"people.{name}") for name in numbers if name],
        "provisional": page.say("people.provisional"),
        "rows": [
            [
                row.code,
                visible(row.name),
                codes.index(row.unit),
                titles.index(visible(row.title)),
                [None if value is None else page.number(value) for _, value in _totals(page, row)],
                [band.code for band in bands].index(row.band) if row.band else -1,
                int(bool(row.band) and row.basis != "approved"),
                states.index(row.state),
                ranks,
            ]
            for row, ranks in zip(page.view.results, _ranks(page), strict=True)
        ],
    }


def searched(*texts: str) -> str:
    """What a search looks through: without accents, in small letters. The script does the same with what is typed."""
    return plain(" ".join(texts))


def plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).replace("đ", "d")
