"""One person's month, quarter or year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evalxl.domain.evaluation.week_view import Basis, State
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Period, Week

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Mark:
    """One week of a person within a period."""

    week: Week
    state: State
    basis: Basis
    total: Decimal | None
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """One person's period.

    Attributes:
        unit, title, rank: As they were in the person's last week of the period.
        marks: The weeks in which the person was to be evaluated, in order.
        means: Of each stage and part (`self_quality`, `approved_total`), over the weeks that have it.
        counted_total: The mean of the approved weekly totals; without any, of what counts provisionally; None without anything.
        basis: What the mean rests on.
        evaluated, awaiting, absent, missing: Weeks with an approved total; with one that is not approved yet; excused; not handed in.
        band: By the rule book's period bands; empty without a mean.
    """

    period: Period
    code: str
    name: str
    unit: str
    unit_name: str
    title: str
    rank: str
    position: str
    marks: tuple[Mark, ...]
    means: Mapping[str, Decimal | None]
    counted_total: Decimal | None
    basis: Basis
    band: str
    evaluated: int
    awaiting: int
    absent: int
    missing: int
    flags: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The state of the weeks where they agree, else that of what the mean rests on."""
        if len({mark.state for mark in self.marks}) == 1 or self.basis == "none":
            return self.marks[-1].state
        if self.basis == "approved" and not self.awaiting:
            return "approved"
        return "submitted" if self.basis == "self" else "scored"

    @property
    def provisional(self) -> bool:
        """With open approvals the period is *tạm tính*; so it is where one of its weeks was opened again."""
        return self.awaiting > 0 or self.basis in ("scored", "self") or "provisional" in self.flags

    @property
    def moves(self) -> tuple[tuple[Mark, Mark], ...]:
        """The last week in one unit and the first in the next."""
        pairs = zip(self.marks, self.marks[1:], strict=False)
        return tuple((before, after) for before, after in pairs if code_key(before.unit) != code_key(after.unit))

    @property
    def corrected(self) -> bool:
        """Whether a week of it was changed after it had been closed."""
        return "corrected_later" in self.flags
