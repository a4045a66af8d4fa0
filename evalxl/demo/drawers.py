"""The drawers of the demo: processes that draw what is settled, while the office goes on with the next week.

They open the office for themselves and read along in its ledger: what they draw follows from that alone.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import psutil
from pebble import ProcessExpired

from evalxl.domain.evaluation.week_view import STATES, WeekView
from evalxl.domain.weeks import Period, Week
from evalxl.excel.drawing_pool import draw_here
from evalxl.excel.pool import Pool
from evalxl.steps.office.office import Office
from evalxl.steps.outputs.week_outputs import draw_week
from evalxl.steps.periods.roll_up import draw_roll_up
from evalxl.steps.views.week_view import week_view


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the people of a week stand, counted."""

    states: Mapping[str, int]
    bands: Mapping[str, int]
    warnings: Mapping[str, int]
    findings: int


def outcome_of(view: WeekView) -> Outcome:
    """A week, counted."""
    states = Counter(row.state for row in view.results)
    bands = Counter(row.band for row in view.results if row.band)
    return Outcome(
        states={state: states[state] for state in STATES if states[state]},
        bands={band.code: bands[band.code] for band in view.rules.bands if bands[band.code]},
        warnings=dict(Counter(one.kind for one in view.warnings)),
        findings=sum(finding.level in ("error", "warning") for finding in view.findings),
    )


@dataclass
class Drawers:
    """Who draws; and what they were given to draw.

    Attributes:
        pool: Where None, everything is drawn here and at once.
    """

    folder: Path
    pool: Pool | None
    _weeks: dict[Week, Callable[[], Outcome]] = field(default_factory=dict)
    _periods: list[Callable[[], None]] = field(default_factory=list)

    def draw_week(self, week: Week, today: date) -> None:
        """A week is closed: its masters, receipts and pages are drawn."""
        self._weeks[week] = self._given(closed_week, week, today)

    def draw_period(self, period: Period) -> None:
        """A period is rolled up: its workbooks are drawn."""
        self._periods.append(self._given(rolled_up, period))

    def finish(self) -> Mapping[Week, Outcome]:
        """Wait until everything is drawn; gives the weeks, counted."""
        for drawn in self._periods:
            drawn()
        return {week: drawn() for week, drawn in self._weeks.items()}

    def _given(self, draw: Callable[..., Any], *what: Any) -> Callable[[], Any]:
        if self.pool is None:
            drawn = draw(self.folder, *what)
            return lambda: drawn
        future: Future[Any] = self.pool.send(draw, self.folder, *what)

        def wait() -> Any:
            try:
                return future.result()
            except (ProcessExpired, BrokenProcessPool):
                return draw(self.folder, *what)

        return wait


@contextlib.contextmanager
def drawers(folder: Path, workers: int = 0) -> Iterator[Drawers]:
    """Drawers of an office, in processes where the machine has more than one processor.

    Args:
        workers: How many at most; 0 lets the machine decide.
    """
    most = workers or min(os.cpu_count() or 1, 2)
    _opened.cache_clear()  # a demo may have been here before, and have had another ledger
    if most < 2:
        yield Drawers(folder, None)
        return
    with Pool(most, _after_the_others) as pool:
        yield Drawers(folder, pool)


def _after_the_others() -> None:
    """Nobody waits for what is drawn before the end: until then it takes the time that the office leaves."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)
    else:
        os.nice(19)


def closed_week(folder: Path, week: Week, today: date) -> Outcome:
    """Draw a closed week."""
    office = _reading_along(folder)
    seen = week_view(office, week, today)
    draw_week(office, seen, pages=True)
    return outcome_of(seen.view)


def rolled_up(folder: Path, period: Period) -> None:
    """Draw a period that was rolled up."""
    draw_roll_up(_reading_along(folder), period)


def _reading_along(folder: Path) -> Office:
    office = _opened(folder)
    office.catch_up()
    return office


@lru_cache(maxsize=1)
def _opened(folder: Path) -> Office:
    office = Office.open(folder)
    office.drawing_pool = draw_here
    return office
