"""The drawing processes of the demo: they draw closed weeks while the office continues with the next week.

Each process opens the office itself and reads its ledger. What it draws follows from the ledger alone.
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
    """The counts of a week."""

    states: Mapping[str, int]
    bands: Mapping[str, int]
    warnings: Mapping[str, int]
    findings: int


def outcome_of(view: WeekView) -> Outcome:
    """The counts of a week, from its view."""
    states = Counter(row.state for row in view.results)
    bands = Counter(row.band for row in view.results if row.band)
    return Outcome(
        states={state: states[state] for state in STATES if states[state]},
        bands={band.code: bands[band.code] for band in view.rules.bands if bands[band.code]},
        warnings=dict(Counter(warning.kind for warning in view.warnings)),
        findings=sum(finding.level in ("error", "warning") for finding in view.findings),
    )


@dataclass
class Drawers:
    """The pool of drawing processes, and its jobs.

    Attributes:
        pool: If None, everything is drawn in this process and at once.
    """

    folder: Path
    pool: Pool | None
    _weeks: dict[Week, Callable[[], Outcome]] = field(default_factory=dict)
    _periods: list[Callable[[], None]] = field(default_factory=list)

    def draw_week(self, week: Week, today: date) -> None:
        """Draw the masters, receipts and pages of a closed week."""
        self._weeks[week] = self._given(closed_week, week, today)

    def draw_period(self, period: Period) -> None:
        """Draw the workbooks of a period that was rolled up."""
        self._periods.append(self._given(rolled_up, period))

    def finish(self) -> Mapping[Week, Outcome]:
        """Wait until everything is drawn. Return the counts of the weeks."""
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
    """The drawers of an office. They are processes if the machine has more than one processor.

    Args:
        workers: The largest number of processes; 0 chooses by the machine.
    """
    most = workers or min(os.cpu_count() or 1, 2)
    _opened.cache_clear()  # an earlier demo in this folder had another ledger
    if most < 2:
        yield Drawers(folder, None)
        return
    with Pool(most, _after_the_others) as pool:
        yield Drawers(folder, pool)


def _after_the_others() -> None:
    """Lower the priority of this process. Nobody waits for the drawings before the end, so they use the time that the office leaves."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)
    else:
        os.nice(19)


def closed_week(folder: Path, week: Week, today: date) -> Outcome:
    """Draw a closed week."""
    office = _reading_along(folder)
    situation = week_view(office, week, today)
    draw_week(office, situation, pages=True)
    return outcome_of(situation.view)


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
