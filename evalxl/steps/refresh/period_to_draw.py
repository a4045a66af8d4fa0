"""What the workbooks of a period are drawn from when they go out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PeriodHistory
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Period
from evalxl.steps.office.office import Office


@dataclass(frozen=True)
class PeriodToDraw:
    """A period from which workbooks are drawn.

    Attributes:
        roster: The roster of its last week.
        results: With the means of the weeks, whatever the period is rated by.
        left_out: Collects who has no row.
    """

    office: Office
    period: Period
    roster: Roster
    organisation: Organisation
    rules: RuleBook
    results: Sequence[PeriodResult]
    ratings: Mapping[str, Rating]
    left_out: list[Finding] = field(default_factory=list)

    @property
    def this(self) -> PeriodHistory:
        """The period in the ledger."""
        return self.office.history.period(self.period)
