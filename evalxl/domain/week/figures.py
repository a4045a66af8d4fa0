"""The counts that a master and the overview page show, made of finished results.

Somebody on excused absence is not one of those to be evaluated; somebody without a score is counted as such and is in no mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from evalxl.domain.evaluation.scoring import mean, two_places
from evalxl.domain.evaluation.week_view import Basis, State, WeekView
from evalxl.domain.rulebook import RANKS, Band
from evalxl.domain.weeks import Week
from evalxl.words import Lang, say


class Rated(Protocol):
    """A row with what counts of it: somebody's week, or somebody's period."""

    @property
    def unit(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def rank(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def basis(self) -> Basis: ...
    @property
    def band(self) -> str: ...
    @property
    def counted_total(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """How a group of people stands: by band code, without a score, on excused absence."""

    label: str
    to_evaluate: int
    bands: Mapping[str, int]
    unscored: int
    absent: int
    mean: Decimal | None

    @property
    def rated(self) -> int:
        return sum(self.bands.values())

    def share(self, band: str) -> Decimal | None:
        """The part of those with a score; None where nobody has one."""
        return Decimal(self.bands[band]) / self.rated if self.rated else None


def tally(label: str, results: Iterable[Rated], bands: Sequence[Band]) -> Tally:
    everybody = list(results)
    rated = [result for result in everybody if result.band]
    absent = sum(result.state == "absent" and not result.band for result in everybody)
    totals = [result.counted_total for result in rated if result.counted_total is not None]
    return Tally(
        label=label,
        to_evaluate=len(everybody) - absent,
        bands={band.code: sum(result.band == band.code for result in rated) for band in bands},
        unscored=len(everybody) - absent - len(rated),
        absent=absent,
        mean=shown_mean(totals),
    )


def shown_mean(totals: Iterable[Decimal]) -> Decimal | None:
    """The mean of some totals, to the two places that every page shows."""
    return _shown(mean(totals))


def _shown(value: Decimal | None) -> Decimal | None:
    return None if value is None else two_places(value)


class FigureRows(Protocol):
    """A view's rows and units."""

    @property
    def units(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def results(self) -> Sequence[Rated]: ...


def by_unit(view: FigureRows, bands: Sequence[Band]) -> list[Tally]:
    """A tally per unit, in the organisation's order."""
    members: dict[str, list[Rated]] = {code: [] for code in units_of(view)}
    for result in view.results:
        members[result.unit].append(result)
    return [tally(name, members[code], bands) for code, name in units_of(view).items()]


def by_rank(view: FigureRows, bands: Sequence[Band], lang: Lang) -> list[Tally]:
    """A tally per rank that somebody has."""
    return [
        tally(say(f"rank.{rank}", lang), members, bands)
        for rank in RANKS
        if (members := [result for result in view.results if result.rank == rank])
    ]


def units_of(view: FigureRows) -> dict[str, str]:
    """Names of the units by code: those of the view, then any that only a result names."""
    units = dict(view.units)
    for result in view.results:
        units.setdefault(result.unit, result.unit_name)
    return units


@dataclass(frozen=True, slots=True)
class MeansOfWeeks:
    """Means by unit and week, oldest week first.

    Attributes:
        lines: A unit's code and its mean of each week. The whole stands last: in a unit's master the unit with those under it, then
            (under "") the office.
    """

    weeks: tuple[Week, ...]
    lines: tuple[tuple[str, tuple[Decimal | None, ...]], ...]

    @property
    def known(self) -> tuple[Decimal, ...]:
        return tuple(mean for _, means in self.lines for mean in means if mean is not None)


def means_of_weeks(view: WeekView, latest: int) -> MeansOfWeeks:
    """The trend as a table of the latest weeks."""
    known = {(point.unit, point.week): _shown(point.mean) for point in view.trend}
    weeks = tuple(sorted({point.week for point in view.trend})[-latest:])
    wholes = [unit for unit in dict.fromkeys((view.unit, "")) if any(point.unit == unit for point in view.trend)]
    units = [*(unit for unit in units_of(view) if unit not in wholes), *wholes]
    return MeansOfWeeks(weeks, tuple((unit, tuple(known.get((unit, week)) for week in weeks)) for unit in units))
