"""What other rules would change in a period: side by side, and nothing of it is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating, ratings
from evalxl.domain.periods.rollups import PeriodView, roll_up
from evalxl.domain.rulebook import Band, Ratios, RuleBook
from evalxl.domain.weeks import Period
from evalxl.records.rulebooks import find_rulebook
from evalxl.steps.office.office import Office
from evalxl.steps.office.past_weeks import PastWeek, parts_of, table_over, weeks_of
from evalxl.steps.periods.roll_up import history_of, view_of


@dataclass(frozen=True, slots=True)
class Other:
    """One person's period under both rule books.

    Attributes:
        now: As the period stands.
        mean: What the other rules make of the weekly totals; None where they go by ratios.
        rating: Where the other rules go by ratios: with what leaders entered for the period, where they did.
        bands: The bands that the other rules lead to, the lowest first: one, or (where something is still to be entered) all those that are within
            reach; none without anything to go by.
        weeks_moved: Weekly results that would have another band.
    """

    now: PeriodResult
    mean: Decimal | None
    rating: Rating | None
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
    history = history_of(office, period)  # of a closed period: what its figures rest on
    weeks = weeks_of(office, history, period)
    again = {code_key(row.code): row for row in roll_up(table_over(weeks), period, other)}
    method, entries = other.period.ratios, history.period(period).counting()
    found = ratings(view.results, parts_of(weeks), entries, period, view.rules, method) if method else {}
    moved = Counter(
        code_key(row.code)
        for row in _plain(weeks)
        if row.counted_total is not None and other.bands and other.band_for(row.counted_total).code != row.band
    )
    people = []
    for now in view.results:
        key = code_key(now.code)
        if method is None:
            mean = again[key].counted_total if key in again else None
            band = other.period_band_for(mean) if mean is not None else None
            people.append(Other(now, mean, None, (band,) if band is not None else (), moved[key]))
        else:
            people.append(Other(now, None, found[key], _within_reach(found[key], other, method), moved[key]))
    return WhatIf(view, other, tuple(people))


def _plain(weeks: Sequence[PastWeek]) -> Iterator[Result]:
    return (row for week in weeks for row in week.plain())


def _within_reach(rating: Rating, rules: RuleBook, method: Ratios) -> tuple[Band, ...]:
    """Every band that the rating can still lead to; the one, where it is whole."""
    reach = rating.within_reach(method)
    lowest, highest = (rules.period_band_for(total) for total in reach) if reach is not None else (None, None)
    if lowest is None or highest is None:
        return ()
    return tuple(band for band in reversed(rules.period_bands) if lowest.at_least <= band.at_least <= highest.at_least)
