"""What every sheet of a period's workbook is drawn with: the period's view, and its sentences."""

from __future__ import annotations

from dataclasses import dataclass

from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.rulebook import Band, Criterion
from evalxl.domain.weeks import Week
from evalxl.excel.masters.office import Speaker
from evalxl.words import catalogue, say


@dataclass(frozen=True, slots=True)
class PeriodContext(Speaker):
    """A period's view."""

    view: PeriodView

    def say(self, key: str, /, **values: object) -> str:
        """A sentence of the period's, else one that a week's master has too."""
        own = f"period.{key}"
        return say(own if own in catalogue() else f"master.{key}", self.lang, **values)

    def week_heading(self, week: Week) -> str:
        """A week in a narrow heading: its number and its Monday."""
        return self.say("chart.week", number=week.number, monday=f"{week.monday:%d/%m}")

    @property
    def points(self) -> tuple[Criterion, ...]:
        """The criteria whose points are added to those for the tasks; none where the mean of the weeks is the result."""
        ratios = self.view.rules.period.ratios
        return ratios.points if ratios is not None else ()

    @property
    def bands(self) -> tuple[Band, ...]:
        return self.view.rules.period_bands
