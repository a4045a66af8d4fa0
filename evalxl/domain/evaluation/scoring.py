"""Scores, totals and tasks, in exact decimals.

Totals and bands are always computed here from typed scores; what a formula in a workbook shows is never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from pydantic_core import core_schema

from evalxl.domain.rulebook import RuleBook, ScoreLine

DONE = "Hoàn thành"
DONE_LATE = "Hoàn thành trễ hạn"
DOING = "Đang thực hiện"
NOT_DONE = "Chưa hoàn thành"
STATUSES = (DONE, DONE_LATE, DOING, NOT_DONE)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One evaluation, part by part; None where a part is not there yet.

    Which parts there are is the rule book's to say: `under` puts what a ledger tells under the rules of its week. Two evaluations
    are equal where the same scores were given, whatever is missing beside them.
    """

    codes: tuple[str, ...] = ()
    values: tuple[Decimal | None, ...] = ()

    @classmethod
    def of(cls, parts: Mapping[str, Decimal | None]) -> Scores:
        return cls(tuple(parts), tuple(parts.values()))

    def under(self, rules: RuleBook) -> Scores:
        """The same scores in the rule book's parts and order: what it has and is not here is missing."""
        codes = rules.codes
        return self if codes == self.codes else Scores(codes, tuple(map(self.part, codes)))

    @property
    def complete(self) -> bool:
        """Whether every part is there; never where there is none."""
        return bool(self.values) and None not in self.values

    @property
    def total(self) -> Decimal | None:
        """The unrounded total; None unless all parts are there: a missing score is never a zero."""
        if not self.values:
            return None
        total = Decimal(0)
        for value in self.values:
            if value is None:
                return None
            total += value
        return total

    def part(self, code: str) -> Decimal | None:
        return self.values[self.codes.index(code)] if code in self.codes else None

    @property
    def given(self) -> dict[str, Decimal]:
        """The scores that are there, by part."""
        return {code: value for code, value in zip(self.codes, self.values, strict=True) if value is not None}

    def __eq__(self, other: object) -> bool:
        return self.given == other.given if isinstance(other, Scores) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self.given.items()))

    def as_record(self) -> dict[str, str]:
        return {code: shown(value) for code, value in self.given.items()}

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Any) -> core_schema.CoreSchema:
        """In an event they are written by part, as exact decimals."""
        decimals = core_schema.dict_schema(core_schema.str_schema(), core_schema.decimal_schema())
        written = core_schema.no_info_after_validator_function(cls.of, decimals)
        return core_schema.union_schema([core_schema.is_instance_schema(cls), written])

    @classmethod
    def from_record(cls, record: Mapping[str, str]) -> Scores:
        """What a record tells: only the scores that were given, in no order of parts."""
        return cls.of({code: Decimal(value) for code, value in record.items()})


def sum_of_lines(lines: Sequence[ScoreLine], given: Mapping[str, Decimal]) -> Decimal | None:
    """The sum of some lines of a part; None unless each of them is given: a missing line is never a zero."""
    if not lines or any(line.key not in given for line in lines):
        return None
    return sum((given[line.key] for line in lines), Decimal(0))


def mean(totals: Iterable[Decimal]) -> Decimal | None:
    """The mean of what is there; None of nothing: who has no score is in no mean, and no mean is no zero."""
    known = list(totals)
    return sum(known, Decimal(0)) / len(known) if known else None


_NOISE, _CENT = Decimal("1e-12"), Decimal("0.01")


def two_places(value: Decimal) -> Decimal:
    """A mean or a share as people are shown it: two places, a half up.

    Every mean is rounded here, so that one number is not 79,62 on one page and 79,63 on the other. What division left in the last of 28 digits is
    taken off first.
    """
    return value.quantize(_NOISE, rounding=ROUND_HALF_EVEN).quantize(_CENT, rounding=ROUND_HALF_UP)


def shown(value: Decimal) -> str:
    """A score without trailing zeros or exponent: `37.5`, `40`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Task:
    """One task row of a form, as the person wrote it.

    Attributes:
        key: The row's number, `01` to `40`.
        status: One of `STATUSES`; empty counts as *Đang thực hiện*.
        origin: `given` by the manager, `carried` over from last week, `plan`ned last week, or empty: the person's own.
        doubtful: One of its dates can hardly be meant, so the row feeds no two-week rule until the manager has said its state.
    """

    key: str
    name: str
    code: str = ""
    important: bool = False
    unplanned: bool = False
    complexity: str = ""
    coefficient: Decimal = Decimal(1)
    unit_of_measure: str = ""
    assigned: Decimal | None = None
    done: Decimal | None = None
    due: date | None = None
    finished: date | None = None
    status: str = ""
    product: str = ""
    evidence: str = ""
    cause: str = ""
    origin: str = ""
    doubtful: bool = False

    @property
    def standing(self) -> str:
        """The status that counts: a row without one is *Đang thực hiện*."""
        return self.status or DOING

    @property
    def completed(self) -> bool:
        """*Hoàn thành trễ hạn* is completed."""
        return self.standing in (DONE, DONE_LATE)


def to_step(value: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of the step; halves go up, as in Excel's MROUND."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
