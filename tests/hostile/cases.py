"""The table of all hostile and spoiled files, the same whenever it is made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from evalxl.excel.returned.examine import Examined
from tests.hostile.case import Case
from tests.hostile.contents import content_cases
from tests.hostile.good import answer, good
from tests.hostile.typings import typing_cases
from tests.hostile.zips import zip_cases

SEED = 8679


@cache
def cases() -> Sequence[Case]:
    rng = Random(SEED)
    return (*zip_cases(rng), *content_cases(rng), *typing_cases())


@cache
def booked() -> Examined:
    """What the good form says."""
    return answer(good().data)


def wrong(case: Case, seen: Examined) -> str:
    """How an answer differs from what the table says; empty where it does not."""
    kinds = frozenset(finding.kind for finding in seen.findings)
    if (seen.verdict, kinds) != (case.verdict, case.kinds):
        return f"{case.name}: {seen.verdict} {sorted(kinds)} instead of {case.verdict} {sorted(case.kinds)}"
    if case.verdict != "submitted":
        return (
            ""
            if seen.verdict in ("invalid", "draft") or seen.content is None
            else f"{case.name}: refused, but says something"
        )
    says, meant = dict(seen.content or {}), dict(booked().content or {})
    meant["scores"] = {**meant["scores"], **({"quality": case.quality} if case.quality else {})}
    return (
        ""
        if all(says[one] == meant[one] for one in ("submitted", "scores", "tasks", "plan"))
        else f"{case.name}: says {says}"
    )
