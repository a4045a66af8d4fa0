"""*Khó khăn, kiến nghị*: what units and people asked for, as they wrote it; what is answered is folded in."""

from __future__ import annotations

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h, typed
from evalxl.words import say

MOST = 60


def difficulties(page: PageContext) -> Node:
    lines = page.view.difficulties
    unanswered = [line for line in lines if line.answer.state != "answered"]
    answered = [line for line in lines if line.answer.state == "answered"]
    left = max(0, len(unanswered) - MOST) + max(0, len(answered) - MOST)
    return h.section(".card", id="difficulties")[
        h.h2[page.say("section.difficulties"), f" ({page.number(len(lines))})"],
        h.ul(".said")[(_one(page, line) for line in unanswered[:MOST])] if unanswered else None,
        h.p[page.say("difficulties.none")] if not lines else None,
        h.details[
            h.summary[page.say("difficulties.answered", count=page.number(len(answered)))],
            h.ul(".said")[(_one(page, line) for line in answered[:MOST])],
        ]
        if answered
        else None,
        left > 0
        and h.p(".left")[
            page.say("left.rows", count=left, sheet=page.master_says("sheet.difficulties"), file=page.master)
        ],
    ]


def _one(page: PageContext, line: DifficultyLine) -> Node:
    who = [typed(line.name, "b"), " · "] if line.name else [page.say("difficulties.unit"), " "]
    answer = line.answer
    return h.li[
        h.p[
            h.small[
                say(f"register.{line.kind}", page.lang),
                " · ",
                who,
                line.unit_name,
                _weeks(page, line),
                " · ",
                page.term(f"difficulty.{answer.state}"),
            ]
        ],
        typed(line.text, "p"),
        answer.passed_to and h.p[page.say("difficulties.passed", to="")[:-1], " ", typed(answer.passed_to)],
        answer.answer and h.p[page.say("difficulties.answer", answer="")[:-1], " ", typed(answer.answer)],
    ]


def _weeks(page: PageContext, line: DifficultyLine) -> str:
    """In which weeks it was said, where that is not this week alone."""
    if line.weeks == (page.view.week,):
        return ""
    return " · " + "; ".join(week.shown(page.lang) for week in line.weeks)
