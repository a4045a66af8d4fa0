"""*Khó khăn, kiến nghị*: what units and people asked for, as they wrote it; what is answered is folded in."""

from __future__ import annotations

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h, typed
from evalxl.words import say

MOST = 60


def difficulties(page: PageContext) -> Node:
    lines = page.view.difficulties
    unanswered = [one for one in lines if one.answer.state != "answered"]
    answered = [one for one in lines if one.answer.state == "answered"]
    left = max(0, len(unanswered) - MOST) + max(0, len(answered) - MOST)
    return h.section(".card", id="difficulties")[
        h.h2[page.say("section.difficulties"), f" ({page.number(len(lines))})"],
        h.ul(".said")[(_one(page, one) for one in unanswered[:MOST])] if unanswered else None,
        h.p[page.say("difficulties.none")] if not lines else None,
        h.details[
            h.summary[page.say("difficulties.answered", count=page.number(len(answered)))],
            h.ul(".said")[(_one(page, one) for one in answered[:MOST])],
        ]
        if answered
        else None,
        left > 0
        and h.p(".left")[
            page.say("left.rows", count=left, sheet=page.master_says("sheet.difficulties"), file=page.master)
        ],
    ]


def _one(page: PageContext, one: DifficultyLine) -> Node:
    who = [typed(one.name, "b"), " · "] if one.name else [page.say("difficulties.unit"), " "]
    answer = one.answer
    return h.li[
        h.p[
            h.small[
                say(f"register.{one.kind}", page.lang),
                " · ",
                who,
                one.unit_name,
                _weeks(page, one),
                " · ",
                page.term(f"difficulty.{answer.state}"),
            ]
        ],
        typed(one.text, "p"),
        answer.passed_to and h.p[page.say("difficulties.passed", to="")[:-1], " ", typed(answer.passed_to)],
        answer.answer and h.p[page.say("difficulties.answer", answer="")[:-1], " ", typed(answer.answer)],
    ]


def _weeks(page: PageContext, one: DifficultyLine) -> str:
    """In which weeks it was said, where that is not this week alone."""
    if one.weeks == (page.view.week,):
        return ""
    return " · " + "; ".join(week.shown(page.lang) for week in one.weeks)
