"""What other rules would change in a period: side by side, and nothing of it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from evalxl.domain.names import code_key
from evalxl.domain.ratings import Rating, ratings
from evalxl.domain.ratios import by_person
from evalxl.domain.rollups import PeriodResult, PeriodView, roll_up, weekly_table
from evalxl.domain.rulebook import Band, Ratios, RuleBook
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
    rows = [row for week in weeks_of(office, history, period) for row in week.rows]
    again = {code_key(row.code): row for row in roll_up(weekly_table(rows), period, other)}
    method, mine = other.period.ratios, by_person(rows)
    found = ratings(view.results, rows, history.period(period).counting(), period, view.rules, method) if method else {}
    people = []
    for now in view.results:
        key = code_key(now.code)
        moved = sum(
            row.counted_total is not None and other.band_for(row.counted_total).code != row.band
            for row in mine.get(key, ())
        )
        if method is None:
            mean = again[key].counted_total if key in again else None
            bands = (other.period_band_for(mean),) if mean is not None else ()
            people.append(Other(now, mean, None, bands, moved))
        else:
            people.append(Other(now, None, found[key], _within_reach(found[key], other, method), moved))
    return WhatIf(view, other, tuple(people))


def _within_reach(rating: Rating, rules: RuleBook, method: Ratios) -> tuple[Band, ...]:
    """Every band that the rating can still lead to; the one, where it is whole."""
    reach = rating.within_reach(method)
    if reach is None:
        return ()
    lowest, highest = (rules.period_band_for(total) for total in reach)
    return tuple(band for band in reversed(rules.period_bands) if lowest.at_least <= band.at_least <= highest.at_least)
