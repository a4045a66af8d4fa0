"""What leaders enter for a period: the criteria that the rule book asks of the person, and a note on potential and training.

An entry is made by the person's manager (who scores in the last week of the period) or a delegate of the period's last day, row by row, and counts from the moment at which the row says
*Đã ghi*. Taken back to *Chưa ghi* it counts no more. The note is never scored and is read by the office alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evalxl.domain.evaluation.row_requirements import Need
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.typed_rows import TypedRow


@dataclass(frozen=True)
class PeriodEntry(TypedRow):
    """What a leader typed in one person's row.

    Attributes:
        criteria: By the criterion's code: points, or a share in per cent.
        note: On potential and training; never scored.
        done: The row says *Đã ghi*; else it was taken back.
        lines: Points by the keys of the criteria's lines.
    """

    prefix = "ev_period_"

    criteria: dict[str, Decimal] = field(default_factory=dict)
    note: str = ""
    done: bool = False
    lines: dict[str, Decimal] = field(default_factory=dict)


Entries = Mapping[str, PeriodEntry]
"""The entries that count, by staff code without case."""


def needs(entry: PeriodEntry, rank: str, rules: RuleBook) -> Iterator[Need]:
    """What keeps a row that says *Đã ghi* from being booked."""
    method = rules.period.ratios
    if not entry.done or method is None:
        return
    for criterion in method.criteria_for(rank):
        for line in criterion.lines:
            if line.key not in entry.lines:
                yield Need("period_input.line_missing", f"ev_period_points_{line.key}", (("label", line.term),))
        if not criterion.lines and criterion.code not in entry.criteria:
            facts = (("label", criterion.term), ("maximum", shown(criterion.maximum)))
            yield Need("period_input.criterion_missing", f"ev_period_{criterion.code}", facts)
