"""The week in one sentence: how many did well, the mean and its change, whom to talk with, how many are open."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evalxl.domain.evaluation.scoring import two_places
from evalxl.domain.week.figures import tally
from evalxl.domain.week.week_counts import counts_of
from evalxl.page.context import PageContext
from evalxl.page.html import Node, h


def sentence(page: PageContext) -> Node:
    return h.p(".sentence")[[*_scores(page), " ", *_talks(page), *_open(page)]]


def _scores(page: PageContext) -> Iterator[Node]:
    bands = page.view.rules.bands
    if not bands:
        return
    whole = tally("", page.view.results, bands)
    if not whole.rated or whole.mean is None:
        yield page.say("sentence.none")
        return
    good = bands[:-1][:2]  # the two highest degrees, and never the lowest one
    count = sum(whole.bands[band.code] for band in good)
    yield h.b[page.say("sentence.good", count=count, rated=whole.rated)]
    yield page.say("sentence.good_rest", band=good[-1].name(page.lang).lower())
    yield h.b[page.number(whole.mean, 2)]
    before = _mean_before(page)
    if before is not None:
        yield _change(page, two_places(whole.mean) - two_places(before))
    yield "."


def _mean_before(page: PageContext) -> Decimal | None:
    """The office's mean of the week just before; None where that week has none."""
    line = dict(page.means.lines).get("", ())
    means = dict(zip(page.means.weeks, line, strict=True)) if line else {}
    return means.get(page.view.week.after(-1))


def _change(page: PageContext, by: Decimal) -> str:
    key = "more" if by > 0 else "less" if by < 0 else "equal"
    return page.say(f"sentence.{key}", by=page.number(abs(by), 2))


def _talks(page: PageContext) -> Iterator[Node]:
    talks = sum(warning.kind == "warning" for warning in page.view.warnings)
    watches = len(page.view.warnings) - talks
    if talks:
        yield h.b[page.say("sentence.talk", count=talks)]
    if watches:
        yield ", " if talks else ""
        yield page.say("sentence.watch", count=watches)
    yield ". " if talks or watches else f"{page.say('sentence.calm')} "


def _open(page: PageContext) -> Iterator[Node]:
    far = counts_of(page.view.results)
    scored = bool(page.view.rules.parts)
    left = far.due - (far.approved if scored else far.scored)
    if left:
        yield h.b[page.say("sentence.open", open=left)]
        yield page.say("sentence.open_rest" if scored else "sentence.open_seen_rest")
