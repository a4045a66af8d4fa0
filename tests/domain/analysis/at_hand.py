"""Figures over many weeks of rows that are all at hand, for tests and benchmarks: the program has them part by part, and week by week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from evalxl.domain.analysis.coefficient_proposals import Proposals, propose_from
from evalxl.domain.analysis.copied_text import Repeated, Texts
from evalxl.domain.analysis.scoring_signals import Fairness, fairness_over
from evalxl.domain.analysis.staffing import Staffing, WeekSpan, staffing_of
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week


def propose(rows: Iterable[Result], rules: RuleBook, organisation: Organisation) -> Proposals:
    """The coefficients that the works of some weeks speak for."""
    return propose_from([list(enumerate(rows))], rules, organisation)


def staffing_over(rows: Iterable[Result], rules: RuleBook, organisation: Organisation) -> Staffing:
    """Task statistics of some weeks, each of which ends on its Friday."""
    rows = list(rows)
    weeks = sorted({row.week for row in rows})
    span = WeekSpan(dict.fromkeys(weeks, rules), weeks[-1].monday + timedelta(4) if weeks else date.min)
    return staffing_of([list(enumerate(rows))], span, organisation)


def fairness_of(rows: Iterable[Result], rules: RuleBook) -> Fairness:
    """What leaders should look at in some weeks."""
    return fairness_over(by_week(rows), rules)


def repeated_texts(rows: Iterable[Result]) -> dict[str, Repeated]:
    """Everybody's repeated words, by staff code without case."""
    texts = Texts()
    for week in by_week(rows):
        texts.add(week)
    return texts.found


def by_week(rows: Iterable[Result]) -> list[Sequence[Result]]:
    """The rows of each week, in the order of the weeks."""
    found: dict[Week, list[Result]] = {}
    for row in rows:
        found.setdefault(row.week, []).append(row)
    return [found[week] for week in sorted(found)]
