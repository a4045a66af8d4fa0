"""The page as a whole: its head, its sections in order, its foot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.week.five_numbers import FiveNumber, five_numbers
from evalxl.domain.week.week_counts import counts_of
from evalxl.domain.weeks import shown_date, spoken_moment
from evalxl.page.attention import attention
from evalxl.page.awaited import awaited
from evalxl.page.context import PageContext
from evalxl.page.degrees import degrees
from evalxl.page.difficulties import difficulties
from evalxl.page.findings import findings, serious_ones
from evalxl.page.html import Node, document, h
from evalxl.page.people import people
from evalxl.page.sentence import sentence
from evalxl.page.weeks import means, trend
from evalxl.words import Lang

_TARGETS = {
    "to_evaluate": "people",
    "submitted": "awaited",
    "scored": "awaited",
    "approved": "awaited",
    "seen": "awaited",
    "tasks": "people",
    "attention": "attention",
}


def page_of(view: WeekView, lang: Lang, base: str, roots: Mapping[str, str], master: str) -> bytes:
    """The page's bytes; arguments as of `draw_page`."""
    page = PageContext(view, lang, base, roots, master)
    title = f"{page.say('title', number=view.week.number)} {_dates(page)}"
    facts = {
        "generator": "evalxl",
        "evalxl.kind": "page",
        "evalxl.week": str(view.week),
        "evalxl.office": view.office_id,
        "evalxl.seal": view.head,
    }
    body = [
        h.a(".skip", href="#main")[page.say("skip")],
        _head(page),
        _sections_of(page),
        h.main(id="main")[
            h.section(id="overview", aria_label=page.say("section.overview"))[
                sentence(page),
                h.ul(".numbers")[(_tile(page, five_number) for five_number in five_numbers(view, lang))],
            ],
            h.div(".picture")[degrees(page), attention(page), trend(page), means(page)],
            awaited(page),
            people(page),
            findings(page),
            difficulties(page),
        ],
        _foot(page),
    ]
    feet = {"internal": page.say("internal"), "sheet": page.say("sheet")}
    return document(title, lang, facts, feet, body)


def _dates(page: PageContext) -> str:
    week = page.view.week
    return page.say("dates", first=shown_date(week.monday), last=shown_date(week.sunday))


def _head(page: PageContext) -> Node:
    view = page.view
    kind, word = _standing(page)
    return h.header[
        h.div[
            h.p(".body")[view.parent.upper() and [view.parent.upper(), " · "], h.b[view.office.upper()]],
            h.h1[page.say("title", number=view.week.number), " ", h.small[_dates(page)]],
        ],
        h.div(".standing")[
            h.p[view.trial and h.b(".pill.red")[page.say("trial")], " ", h.b(class_=f"pill {kind}")[word]],
            h.p[" · ".join(_recorded(page))],
        ],
    ]


def _standing(page: PageContext) -> tuple[str, str]:
    """Whether one may rely on the figures: a colour and a word."""
    view = page.view
    if view.closed:
        return "green", page.say("closed")
    if not view.rules.parts:
        return "amber", page.say("tracked")
    return ("green", page.say("final")) if not _left(page) else ("amber", page.say("provisional"))


def _left(page: PageContext) -> int:
    far = counts_of(page.view.results)
    return far.due - (far.approved if page.view.rules.parts else far.scored)


def _recorded(page: PageContext) -> Iterator[str]:
    view = page.view
    if view.recorded_at is None:
        yield page.master_says("status.never")
        return
    yield page.say("recorded", moment=spoken_moment(view.recorded_at, page.lang))
    if left := _left(page):
        yield page.say("open" if view.rules.parts else "open_seen", open=left)


def _sections_of(page: PageContext) -> Node:
    """The bar with the sections and how much is in each; buttons that need the script are shown by the script."""
    view = page.view
    counts = {
        "overview": None,
        "attention": len(view.warnings),
        "weeks": None,
        "awaited": len(view.missing),
        "people": len(view.results),
        "findings": len(serious_ones(page)),
        "difficulties": len(view.difficulties),
    }
    return h.nav(aria_label=page.say("sections"))[
        h.ul[
            (
                h.li[
                    h.a(href=f"#{name}")[
                        page.say(f"section.{'results' if name == 'people' else name}"),
                        count is not None and [" ", h.span[page.number(count)]],
                    ]
                ]
                for name, count in counts.items()
                if name != "weeks" or view.rules.parts
            )
        ],
        h.div(".js")[
            h.button(type="button", id="tone")[page.say("day_night")],
            h.button(type="button", id="print")[page.say("print")],
        ],
    ]


def _tile(page: PageContext, five_number: FiveNumber) -> Node:
    warned = any(warning.kind == "warning" for warning in page.view.warnings)
    tone = ("red" if warned else "amber") if five_number.name == "attention" and five_number.number else ""
    return h.li(class_=tone or None)[
        h.a(href=f"#{_TARGETS[five_number.name]}")[
            h.b[five_number.label],
            h.strong[page.number(five_number.number)],
            five_number.share is not None
            and h.svg(".part", width="100%", height="6", aria_hidden="true")[
                h.rect(".ground", width="100%", height="6", rx="3"),
                h.rect(".full", width=f"{100 * five_number.share:.1f}%", height="6", rx="3"),
            ],
            h.span[five_number.below],
        ]
    ]


def _foot(page: PageContext) -> Node:
    rules = page.view.rules
    return h.footer[
        h.p[page.say("foot.basis")],
        h.p[
            page.say("foot.rules", name=rules.name_vi if page.lang == "vi" else rules.name_en),
            " · ",
            page.say("foot.head", head=page.view.head[:12]),
            " · ",
            page.say("foot.readers"),
        ],
        h.p(".internal")[page.say("internal")],
    ]
