"""Workbooks that went out, and what managers, approvers and the office typed into theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from evalxl.domain.evaluation.booked_rows import BookedRow
from evalxl.domain.versions.cell_meaning import Meaning, meaning
from evalxl.domain.versions.save_order import Saved


@dataclass(slots=True)
class Issue:
    """A workbook that went out."""

    seq: int
    form_id: str
    workbook: str
    subject: str
    path: str
    sha256: str
    template: str
    rulebook: str
    values: Mapping[str, Any]
    given: tuple[int, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    basis: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = False  # it contains what was typed in an earlier file
    withdrawn: bool = False
    left_out: int = 0  # the number of tasks that the form has no row for
    adopted: bool = False  # issued by a lost ledger, and recorded again from the workbook itself


DECISIONS = ("ev_score_decision", "ev_approve_decision")
RowKey = tuple[str, str]  # table and row: ("team", "VP-0007"), ("checks", "VP-0007/03"), ("assignments", "4")


@dataclass(slots=True)
class TypedCell:
    """The last value typed into one cell of a manager's workbook.

    Attributes:
        saved, at: When the copy with this value was saved, and when it was received.
        before: The earlier values of the cell, each with the issue of its copy.
    """

    value: list[Any]
    form_id: str
    seq: int
    file: str
    sheet: str
    cell: str
    saved: Saved | None = None
    at: datetime | None = None
    before: tuple[tuple[str, Meaning], ...] = ()


Why = Literal["earlier", "unordered", "rivals"]
"""Why a typed cell does not count:

- `earlier`: the copy was saved before the one in which the booked cell was typed
- `unordered`: it is not known whether it was saved before or after that one
- `rivals`: two copies that came at once differ, and it is not known which was saved last
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A typed cell that does not count."""

    key: RowKey
    name: str
    cell: TypedCell
    why: Why


@dataclass(frozen=True, slots=True)
class CarriedOutDecision:
    """A row's decision that was carried out or superseded, so it has to be made again.

    The copy in which it was typed still holds it. That copy may come back many times while its owner works in it.

    Attributes:
        seq: The event that carried it out. A copy issued later no longer shows the decision.
        form_id, value: The issue in which it was typed, and the typed value; empty if the row had none.
    """

    seq: int
    form_id: str = ""
    value: tuple[Any, ...] = ()


@dataclass(slots=True)
class ReturnedWorkbook:
    """A manager's or approver's workbook of a week: its issues, and what was typed in all of its copies."""

    workbook: str
    owner: str
    issues: dict[str, Issue] = field(default_factory=dict)
    rows: dict[RowKey, dict[str, TypedCell]] = field(default_factory=dict)
    spent: dict[RowKey, CarriedOutDecision] = field(default_factory=dict)
    held: dict[str, list[Held]] = field(default_factory=dict)  # by file, as last read
    assigned: list[dict[str, Any]] = field(default_factory=list)
    booked: dict[RowKey, BookedRow] = field(default_factory=dict)  # of a kind that has no events of its own

    @property
    def issue(self) -> Issue | None:
        return next((issue for issue in reversed(list(self.issues.values())) if not issue.withdrawn), None)

    def typed(self, key: RowKey, name: str) -> TypedCell | None:
        return self.rows.get(key, {}).get(name)

    def carried_out(self, key: RowKey, form_id: str, value: Sequence[Any]) -> bool:
        """Whether a decision was already carried out or superseded, and the copy only still shows it."""
        spent = self.spent.get(key)
        if spent is None or not spent.value or spent.form_id != form_id:
            return False
        return meaning(spent.value) == meaning(value)

    def shown_when_typed(self, key: RowKey) -> Issue | None:
        """The issue in which a row was last typed into, unless its decision was carried out since."""
        cells = self.rows.get(key)
        if not cells:
            return None
        issue = self.issues.get(max(cells.values(), key=lambda cell: cell.seq).form_id)
        spent = self.spent.get(key)
        return None if issue is None or (spent is not None and issue.seq < spent.seq) else issue
