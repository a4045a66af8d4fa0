"""The form of a person or unit as it would be issued now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalxl.domain.history.history import Event
from evalxl.domain.names import shown_code, unit_of_subject
from evalxl.domain.organisation.people import Member, Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week
from evalxl.forms import kinds
from evalxl.forms.kind import WorkbookKind
from evalxl.records import folders
from evalxl.steps.issue.form_values import Prefilled, Prefilling, form_values, unit_form_values, within
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.office.capacity import list_rooms
from evalxl.steps.office.office import Office


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form as it would be issued.

    Attributes:
        path: Its path on the share.
        tasks: Its prefilled task rows.
        left_out: The number of tasks without a row.
    """

    kind: WorkbookKind
    subject: str
    path: Path
    values: Mapping[str, Any]
    tasks: Sequence[Prefilled]
    left_out: int

    def letter(self, outgoing: Outgoing, path: Path) -> Event:
        """The event that records its issue."""
        doubtful = [f"{row + 1:02d}" for row, task in enumerate(self.tasks) if task.doubtful]
        return outgoing.letter(
            self.kind,
            self.subject,
            outgoing.office.relative(path),
            self.values,
            outgoing.office.ledger.head,
            given=[row for row, task in enumerate(self.tasks) if task.locked],
            origins={f"{row + 1:02d}": task.origin for row, task in enumerate(self.tasks)},
            **({"doubtful": doubtful} if doubtful else {}),
            **({"left_out": self.left_out} if self.left_out else {}),
        )


def draft_of(
    office: Office, organisation: Organisation, rules: RuleBook, week: Week, prefilling: Prefilling, member: Member
) -> FormDraft:
    """The form of a person, or of a unit that reports."""
    tasks, left_out = prefilling[member.code]
    if unit := unit_of_subject(member.code):
        kind = kinds.UNIT_FORM
        values = unit_form_values(office.settings_of(week), rules, organisation, week, member, tasks, office.lang)
        path = folders.workbook_path(kind, office.settings, office.folder, week, unit, unit)
    else:
        kind = kinds.FORM
        values = form_values(office.settings_of(week), rules, organisation, week, member, tasks, office.lang)
        path = folders.form_path(office.settings, office.folder, week, member.unit, member.code, member.name)
    values = within(values, list_rooms(office.folder, office.lang, kind, rules))
    return FormDraft(kind, shown_code(member.code), path, values, tasks, left_out)


def beside_taken(path: Path) -> Path:
    """A free path for a workbook whose place is taken by a file that stays: the same name with an addition."""
    names = (f"{path.stem}_moi{number}{path.suffix}" for number in ("", *range(2, 1_000)))
    return next(beside for name in names if not (beside := path.with_name(name)).exists())
