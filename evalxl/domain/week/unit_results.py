"""Units that are evaluated themselves (*tập thể*), beside their people.

Individuals and collectives report each week, and the individual result is tied to the collective's (letter 8679-CV/BTCTW). So a unit's own result is shown
beside the mean of its people, including the units under it. When the two are far apart, somebody has to ask why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from evalxl.domain.evaluation.scoring import mean, shown, two_places
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.findings import Finding
from evalxl.domain.organisation.org_chart import units_under
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Collective:
    """A unit's own result, and the mean of the counted totals of its people; None if nothing counts yet."""

    row: Result
    people_mean: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """The unit's total minus its people's mean. None before the unit is scored, because its self score is no result yet."""
        if self.people_mean is None or self.row.counted_total is None or self.row.basis not in ("approved", "scored"):
            return None
        return self.row.counted_total - self.people_mean


def collectives(
    unit_rows: Sequence[Result], rows: Sequence[Result], organisation: Organisation
) -> tuple[Collective, ...]:
    """Each unit's own result beside its people's mean.

    Args:
        unit_rows: The rows of the units that report.
        rows: The rows of all people.
        organisation: Gives the units under each unit.
    """
    means = people_means(rows, [row.unit for row in unit_rows], organisation)
    return tuple(Collective(row, means.get(row.unit)) for row in unit_rows)


class _Counted(Protocol):
    """A row of a person in a week or period."""

    @property
    def unit(self) -> str: ...
    @property
    def counted_total(self) -> Decimal | None: ...


def people_means(rows: Iterable[_Counted], units: Sequence[str], organisation: Organisation) -> dict[str, Decimal]:
    """By unit: the mean of the people in it and in the units under it. People without a total are left out and do not count as zero."""
    totals: dict[str, list[Decimal]] = {}
    for row in rows if units else ():
        if row.counted_total is not None:
            totals.setdefault(row.unit, []).append(row.counted_total)
    within = {
        unit: [total for one in units_under(organisation, unit) for total in totals.get(one, ())] for unit in units
    }
    return {unit: found for unit, counted in within.items() if (found := mean(counted)) is not None}


def far_from_people(units: Sequence[Collective], rules: RuleBook) -> Iterator[Finding]:
    """The units whose own result is far below, or far above, the mean of their people."""
    for unit in units:
        apart = unit.difference
        if apart is None or unit.people_mean is None or abs(apart) < rules.collectives.difference_from:
            continue
        values = {
            "name": unit.row.name,
            "total": shown(two_places(unit.row.counted_total) if unit.row.counted_total is not None else apart),
            "mean": shown(two_places(unit.people_mean)),
            "apart": shown(two_places(abs(apart))),
            "limit": shown(rules.collectives.difference_from),
        }
        yield Finding(f"collective.far_{'below' if apart < 0 else 'above'}", code=unit.row.code, values=values)
