"""Recording the new forms of a week, each with its verdict and whether it is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evalxl.domain.evaluation.deadlines import own_deadline
from evalxl.domain.history.history import IssuedAndReturned, PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.versions.save_order import Saved, later
from evalxl.domain.weeks import Week
from evalxl.excel.returned.examine import Examined
from evalxl.forms.kind import is_form
from evalxl.records.settings import deadline
from evalxl.steps.intake.replacements import say_again
from evalxl.steps.intake.weigh_versions import decide
from evalxl.steps.office.new_files import NewFile, add_received
from evalxl.steps.office.office import Batch, Office


@dataclass(slots=True)
class Late:
    """Decides whether a version is late: first seen and saved after the deadline, by the file's time and by the workbook's own time if known."""

    office: Office
    organisation: Organisation
    roster: Roster

    def __call__(self, person: PersonWeek, now: datetime, saved: Saved, week: Week) -> bool:
        due = deadline(self.office.settings, "self", week, self.organisation)
        member = self.roster.member(person.code)
        returned = person.returned.written if person.returned is not None and person.returned.stage == "score" else None
        days = self.office.rules_of(week).returns.working_days
        due = own_deadline(due, member.trip_until if member else None, returned, days, self.organisation)
        return min(now, saved.at, saved.own or now) > due


def record_versions(
    batch: Batch, week_history: WeekHistory, fresh: Mapping[str, Sequence[NewFile]], is_late: Late
) -> Counter[str]:
    """Record new versions of forms, and the verdicts of versions that were undecided so far.

    Args:
        fresh: By code key: a person's valid forms that are new in this run.

    Returns:
        The number of new forms by verdict.
    """
    count: Counter[str] = Counter()
    week, conflicts = week_history.week, week_history.conflicts()
    for person in list(week_history.holders()):
        versions = fresh.get(code_key(person.code), ())
        if not versions and code_key(person.code) not in conflicts:
            continue
        decided, settled = decide(batch.office, week_history, person, versions)
        for settled_version in settled:
            say_again(
                batch, week, week_history, settled_version.received, settled_version.verdict, settled_version.findings
            )
        # The version that counts is recorded last, because it settles the undecided ones.
        for decision in sorted(decided, key=lambda decision: decision.verdict == "submitted"):
            late = is_late(person, batch.clock.now, decision.new_file.saved, week)
            add_received(
                batch, week, decision.new_file, decision.verdict, late=late, findings=decision.findings, **decision.more
            )
            count[decision.verdict] += 1
    return count


def holder_of(this: IssuedAndReturned, seen: Examined) -> PersonWeek | None:
    """The person or unit whose form a file is; None when it is no form."""
    if not isinstance(this, WeekHistory) or not is_form(seen.workbook) or not seen.subject:
        return None
    return this.holder(seen.workbook, seen.subject)


def is_behind(person: PersonWeek | None, new_file: NewFile) -> bool:
    """Whether another file of the person was saved after this draft or invalid form. If the save times do not tell, the file's time in the folder decides."""
    newest = person.newest if person is not None else None
    if newest is None or newest.file == new_file.file:
        return False
    if later(new_file.saved, newest.saved) or later(newest.saved, new_file.saved):
        return later(newest.saved, new_file.saved)
    return new_file.saved.at < newest.saved.at
