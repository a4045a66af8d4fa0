"""*Đang chờ ai*: a card per step, with its deadline. The first lists who has to hand in; the others list who has to act, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalxl.domain.evaluation.week_view import Missing
from evalxl.domain.names import shown_code
from evalxl.domain.weeks import spoken_moment
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h, typed
from evalxl.words import say

MOST = 40


def awaited(page: PageContext) -> Node:
    steps = ("self", "score", "approve") if page.view.rules.parts else ("self", "score")
    return h.section(id="awaited")[
        h.h2[page.say("section.awaited")],
        h.div(".cards")[(_card(page, step) for step in steps)],
    ]


def _card(page: PageContext, step: str) -> Node:
    waiting = [missing for missing in page.view.missing if missing.step == step]
    return h.section(".card")[
        h.h3[page.say(f"awaited.{step}")],
        h.p(".count")[h.strong[page.number(len(waiting))], " ", page.say(f"awaited.{step}_count")]
        if waiting
        else h.p[page.say("awaited.nobody")],
        _deadline(page, step) if waiting else None,
        list(_people(page, waiting) if step == "self" else _by_who_acts(page, waiting)),
    ]


def _deadline(page: PageContext, step: str) -> Node:
    deadline = page.view.deadlines.get(step)
    if deadline is None:
        return None
    said = page.say("awaited.deadline", moment=spoken_moment(deadline, page.lang))
    return h.p(".over")[f"{said} · {page.say('awaited.overdue')}"] if page.is_past(deadline) else h.p(".note")[said]


def _people(page: PageContext, waiting: Sequence[Missing]) -> Iterator[Node]:
    yield h.ul(".lines")[
        (
            h.li[
                typed(_name(page, missing)),
                " ",
                h.small[
                    "· ".join(filter(None, ("", _unit(page, missing), say(missing.reason, page.lang))))
                    .replace("· ", " · ")
                    .strip()
                ],
            ]
            for missing in waiting[:MOST]
        )
    ]
    yield from _left(page, len(waiting) - MOST)


def _by_who_acts(page: PageContext, waiting: Sequence[Missing]) -> Iterator[Node]:
    groups: dict[str, list[Missing]] = {}
    for missing in waiting:
        groups.setdefault(missing.waits_for, []).append(missing)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    for code, rows in ordered[:MOST]:
        yield h.details(".who")[
            h.summary[typed(page.person(code)), " ", h.b[page.number(len(rows))]],
            h.ul(".lines")[(h.li[typed(_name(page, missing)), " ", h.small[_unit(page, missing)]] for missing in rows)],
        ]
    yield from _left(page, len(ordered) - MOST)


def _left(page: PageContext, count: int) -> Iterator[Node]:
    if count > 0:
        yield h.p(".left")[
            page.say("left.rows", count=count, sheet=page.master_says("sheet.missing"), file=page.master)
        ]


def _name(page: PageContext, missing: Missing) -> str:
    row = page.people.get(missing.code)
    return row.name if row else page.person(missing.code) or shown_code(missing.code)


def _unit(page: PageContext, missing: Missing) -> str:
    row = page.people.get(missing.code)
    return row.unit_name if row and row.unit_name != row.name else ""
