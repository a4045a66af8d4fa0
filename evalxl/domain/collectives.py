"""Units that are evaluated themselves (*tập thể*), beside their people.

Individuals and collectives report each week, and the individual result is tied to the collective's (letter 8679-CV/BTCTW). So a unit's own result stands
beside the mean of its people, those in the units under it included; where the two are far apart somebody has to ask why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evalxl.domain.findings import Finding
from evalxl.domain.people import Organisation
from evalxl.domain.results import Result
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.scoring import shown
from evalxl.domain.standing import units_under

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Collective:
    """A unit's own result, and the mean of what counts of its people; None where nothing counts yet."""

    row: Result
    people_mean: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """The unit's total less its people's mean; None before somebody has scored the unit: its own word is no result yet."""
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
        organisation: Which units stand under which.
    """
    return tuple(Collective(row, mean_of(rows, units_under(organisation, row.unit))) for row in unit_rows)


def mean_of(rows: Sequence[Result], units: set[str]) -> Decimal | None:
    """The mean of the totals that count of the people of some units; who has none is left out, and is no zero."""
    totals = [row.counted_total for row in rows if row.unit in units and row.counted_total is not None]
    return sum(totals, Decimal(0)) / len(totals) if totals else None


def far_from_people(units: Sequence[Collective], rules: RuleBook) -> Iterator[Finding]:
    """The units whose own result is far below, or far above, the mean of their people."""
    for unit in units:
        apart = unit.difference
        if apart is None or unit.people_mean is None or abs(apart) < rules.collectives.difference_from:
            continue
        values = {
            "name": unit.row.name,
            "total": shown(unit.row.counted_total.quantize(_CENT) if unit.row.counted_total is not None else apart),
            "mean": shown(unit.people_mean.quantize(_CENT)),
            "apart": shown(abs(apart).quantize(_CENT)),
            "limit": shown(rules.collectives.difference_from),
        }
        yield Finding(f"collective.far_{'below' if apart < 0 else 'above'}", code=unit.row.code, values=values)
