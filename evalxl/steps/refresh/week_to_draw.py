"""What the workbooks of a week are drawn from when they go out anew, and a workbook as it should be now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from evalxl.domain.evaluation.week_view import Result, Warning
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.decision_log import Booking
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from evalxl.records import folders
from evalxl.records.settings import Settings
from evalxl.steps.office.office import Office
from evalxl.steps.refresh.decision_sheet_values import booked_lately
from evalxl.steps.refresh.register_values import Register, register_of, replies_shown
from evalxl.steps.refresh.teams import teams, unit_of


@dataclass(frozen=True, slots=True)
class WorkbookToDraw:
    """A workbook as it should be now.

    Attributes:
        more: What else the ledger says of its issue.
    """

    kind: WorkbookKind
    owner: str
    path: Path
    values: dict[str, Any]
    more: dict[str, Any]


@dataclass(frozen=True)
class WeekToDraw:
    """A week from which workbooks are drawn.

    Attributes:
        rows: The week's results in the roster's order, then those of the units themselves.
        today: Decides which delegations apply.
        warnings: The warnings of the two-week rule for the week.
        refused: Why typed rows were not booked. The approver reads it in the row.
    """

    office: Office
    roster: Roster
    organisation: Organisation
    rules: RuleBook
    rows: Sequence[Result]
    today: date
    warnings: Sequence[Warning] = ()
    refused: Sequence[Finding] = ()

    @property
    def week(self) -> Week:
        return self.roster.week

    @cached_property
    def this(self) -> WeekHistory:
        """The week in the ledger."""
        return self.office.history.week(self.week)

    @cached_property
    def settings(self) -> Settings:
        """The settings with the office's name in the week."""
        return self.office.settings_of(self.week)

    @cached_property
    def by_code(self) -> Mapping[str, Result]:
        return {row.code: row for row in self.rows}

    @cached_property
    def teams(self) -> Mapping[WorkbookKind, Mapping[str, list[Member]]]:
        """By kind and owner: whose rows stand in a scoring or approval workbook."""
        scored_by, approved_by = teams(self.this, self.roster, self.organisation, self.by_code, self.today)
        # What nobody scores, nobody approves.
        return {kinds.SCORING: scored_by, kinds.APPROVAL: approved_by if self.rules.parts else {}}

    @cached_property
    def at(self) -> Mapping[tuple[WorkbookKind, str], Path]:
        """By kind and owner: where a scoring or approval workbook lies."""
        where = (self.office.settings, self.office.folder, self.week)
        return {
            (kind, owner): folders.workbook_path(
                kind, *where, owner, unit_of(self.organisation, owner, self.week, team)
            )
            for kind, owners in self.teams.items()
            for owner, team in owners.items()
        }

    @cached_property
    def made(self) -> Sequence[Booking]:
        """The recent decisions of everybody."""
        return booked_lately(self.office.history, self.week)

    @cached_property
    def said(self) -> Mapping[str, str]:
        """By code: what people answer to an earlier result."""
        return replies_shown(self.office.history, self.week, self.by_code, self.office.lang)

    @cached_property
    def register(self) -> Register:
        """The rows of the office's register."""
        return register_of(self.office.history, self.roster, self.organisation, self.warnings, self.rows, self.today)
