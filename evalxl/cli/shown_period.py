"""How the steps over many weeks are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from evalxl.cli.show import lines, record
from evalxl.domain.rollups import PeriodResult
from evalxl.domain.scoring import shown
from evalxl.steps.roll_up import RolledUp
from evalxl.words import Lang, say


@lines.register
def _(value: RolledUp, lang: Lang) -> Iterator[str]:
    view = value.view
    yield say(
        "command.rolled_up",
        lang,
        period=view.shown(lang),
        people=len(view.results),
        weeks=len(view.weeks),
        rated=sum(row.counted_total is not None for row in view.results),
        awaiting=sum(row.awaiting for row in view.results),
        missing=sum(row.missing for row in view.results),
    )
    counts = Counter(row.band for row in view.results if row.band)
    yield say(
        "command.period_bands",
        lang,
        bands="; ".join(f"{band.name(lang)}: {counts[band.code]}" for band in view.rules.period_bands),
    )
    over = [each for each in view.proposals if each.over]
    if over:
        yield say("command.period_over", lang, count=len(over))
    if view.later:
        yield say("command.period_later", lang, count=len(view.later))
    yield say("command.master_at", lang, file=value.master.path)


@record.register
def _(value: RolledUp, lang: Lang) -> dict[str, Any]:
    view = value.view
    return {
        "period": str(view.period),
        "weeks": [str(week) for week in view.weeks],
        "off": [str(week) for week in view.off],
        "closed": view.closed_at is not None,
        "results": [_person(row) for row in view.results],
        "proposals": [
            {
                "unit": each.unit,
                "group": each.group,
                "rated": each.rated,
                "most": each.most,
                "candidates": [row.code for row in each.candidates],
                "tied": list(each.tied),
            }
            for each in view.proposals
        ],
        "later": [each.row.code for each in view.later],
        "master": {"file": str(value.master.path), "state": value.master.state},
    }


def _person(row: PeriodResult) -> dict[str, Any]:
    return {
        "code": row.code,
        "mean": shown(row.counted_total) if row.counted_total is not None else None,
        "basis": row.basis,
        "band": row.band,
        "evaluated": row.evaluated,
        "awaiting": row.awaiting,
        "absent": row.absent,
        "missing": row.missing,
        "provisional": row.provisional,
        "moves": [[str(after.week), before.unit, after.unit] for before, after in row.moves],
    }
