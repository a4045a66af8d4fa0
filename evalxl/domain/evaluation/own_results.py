"""What one person may see of the own last weeks: the results, what was answered, and where requests for review stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.review_requests import AppealLine
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.rulebook import Part


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """One week of a person, by the rules of that week.

    Attributes:
        band: The name of the degree of completion; empty without a total.
        parts: What the week was scored in.
    """

    result: Result
    band: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class OwnResults:
    """Everything that one person's view shows; the newest weeks first."""

    code: str
    name: str
    title: str
    unit_name: str
    weeks: Sequence[OwnWeek]
    difficulties: Sequence[DifficultyLine]
    appeals: Sequence[AppealLine]

    @property
    def is_empty(self) -> bool:
        return not (self.weeks or self.difficulties or self.appeals)
