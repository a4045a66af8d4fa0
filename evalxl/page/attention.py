"""*Cần quan tâm*: whom to talk with and whom to watch; the evidence of each is folded in and grouped by week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalxl.domain.evaluation.two_week_rule import evidence_by_week
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.weeks import shown_date
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h, typed

MOST = 40


def attention(page: PageContext) -> Node:
    everybody = (*page.view.warnings, *page.view.follow_ups)
    ordered = sorted(
        everybody, key=lambda warning: (not warning.overdue, warning.kind != "warning", not warning.carried)
    )
    shown = ordered[:MOST]
    return h.section(".card", id="attention")[
        h.h2[page.say("section.attention"), f" ({page.number(len(page.view.warnings))})", _carried(page)],
        h.p(".note")[page.master_says("note.warnings")],
        (_one(page, warning) for warning in shown) if shown else h.p[page.say("sentence.calm")],
        len(ordered) > len(shown)
        and h.p(".left")[
            page.say(
                "left.rows", count=len(ordered) - len(shown), sheet=page.master_says("sheet.warnings"), file=page.master
            )
        ],
    ]


def _carried(page: PageContext) -> Node:
    """How many open follow-ups of earlier weeks stand in the list beside this week's."""
    count = len(page.view.follow_ups)
    return h.small[" ", page.say("attention.carried", count=page.number(count))] if count else None


def _one(page: PageContext, warning: Warning) -> Node:
    row = page.people.get(warning.code)
    return h.details(class_="warning" if warning.kind == "warning" else "watch")[
        h.summary[
            h.b(".kind")[page.master_says(f"warning.{warning.kind}")],
            " · ",
            typed(page.person(warning.code), "b"),
            [" · ", row.unit_name] if row else None,
            [" · ", h.small["; ".join(_follow(page, warning))]] if _follow(page, warning) else None,
        ],
        h.div[list(_evidence(warning.evidence)), list(_who(page, warning))],
    ]


def _follow(page: PageContext, warning: Warning) -> list[str]:
    """The state of the follow-up; nothing is due over a mere watch."""
    if warning.kind == "watch" and warning.state == "new" and not warning.deadline:
        return []
    said = [page.term(f"follow.{warning.state}")]
    said += [page.master_says("follow.overdue")] if warning.overdue else []
    return said + ([page.master_says("follow.carried")] if warning.carried else [])


def _evidence(lines: Sequence[str]) -> Iterator[Node]:
    """The lines under their weeks: a week is named once, above what was seen in it."""
    for week, said in evidence_by_week(lines):
        yield h.h3[week] if week else None
        yield h.ul[(h.li[typed(one[:1].upper() + one[1:])] for one in said)]


def _who(page: PageContext, warning: Warning) -> Iterator[Node]:
    names = [page.person(code) for code in warning.talk_with]
    if warning.kind == "warning":
        names = [*(names or [page.master_says("warning.nobody")]), page.master_says("warning.office")]
    if names:
        yield h.p[page.say("attention.who" if warning.kind == "warning" else "attention.head", names="; ".join(names))]
    if warning.skipped:
        weeks = "; ".join(week.shown(page.lang) for week in warning.skipped)
        yield h.p[page.say("attention.skipped", weeks=weeks)]
    if warning.deadline:
        yield h.p[page.say("attention.until", date=shown_date(warning.deadline))]
