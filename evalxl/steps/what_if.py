"""What other rules would change in a period: side by side, and nothing of it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from evalxl.domain.names import code_key
from evalxl.domain.ratios import TaskRatios, by_person, task_ratios
from evalxl.domain.rollups import PeriodResult, PeriodView, roll_up, weekly_table
from evalxl.domain.rulebook import Band, RuleBook
from evalxl.domain.weeks import Period
from evalxl.records.rulebooks import find_rulebook
from evalxl.steps.office import Office
from evalxl.steps.roll_up import history_of, view_of, weeks_of


@dataclass(frozen=True, slots=True)
class Other:
    """One person's period under both rule books.

    Attributes:
        now: As the period stands.
        mean: What the other rules make of the weekly totals; None where they go by ratios.
        ratios: Where the other rules go by ratios.
        points: The task points of those ratios, of the most that they can be.
        bands: The bands that the other rules lead to, the lowest first: one, or (where the common criteria are still to be entered) all those that
            are within reach; none without anything to go by.
        weeks_moved: Weekly results that would have another band.
    """

    now: PeriodResult
    mean: Decimal | None
    ratios: TaskRatios | None
    points: Decimal | None
    bands: tuple[Band, ...]
    weeks_moved: int

    @property
    def changed(self) -> bool:
        """Whether the band is another one for certain."""
        return bool(self.bands) and self.now.band not in {band.code for band in self.bands}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A period side by side."""

    view: PeriodView
    other: RuleBook
    people: tuple[Other, ...]


def what_if(office: Office, period: Period, rulebook: str) -> WhatIf:
    """What a rule book would change in a period. Any rule book, any period; the ledger is only read.

    Raises:
        NoSuchRuleBookError: no rule book has this id.
        NotIssuedError: the ledger knows nothing of the period.
    """
    other = find_rulebook(office.folder, rulebook)
    view = view_of(office, period)
    weeks = weeks_of(office, history_of(office, period), period)  # of a closed period: what its figures rest on
    rows = [row for week in weeks for row in week.rows]
    again = {code_key(row.code): row for row in roll_up(weekly_table(rows), period, other)}
    mine = by_person(rows)
    people = []
    for now in view.results:
        key = code_key(now.code)
        weekly = mine.get(key, ())
        moved = sum(
            row.counted_total is not None and other.band_for(row.counted_total).code != row.band for row in weekly
        )
        method = other.period.ratios
        if method is None:
            mean = again[key].counted_total if key in again else None
            bands = (other.period_band_for(mean),) if mean is not None else ()
            people.append(Other(now, mean, None, None, bands, moved))
            continue
        ratios = task_ratios(weekly, view.rules, period.last, method)
        points = ratios.points(method)
        people.append(Other(now, None, ratios, points, _within_reach(points, other), moved))
    return WhatIf(view, other, tuple(people))


def _within_reach(points: Decimal | None, rules: RuleBook) -> tuple[Band, ...]:
    """Every band that the task points and any points for the common criteria lead to."""
    method = rules.period.ratios
    if points is None or method is None:
        return ()
    lowest, highest = rules.period_band_for(points), rules.period_band_for(points + method.common)
    return tuple(band for band in reversed(rules.period_bands) if lowest.at_least <= band.at_least <= highest.at_least)
