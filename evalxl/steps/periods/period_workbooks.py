"""The workbooks in which leaders enter something for a period. Each roll-up issues and reads them like every other workbook.

First the typed values are read and booked, then the workbooks are drawn again with everything typed in them. For a closed period they are still read, so that
nothing is lost, and new entries are shown as later ones. Its workbooks stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from evalxl.domain.evaluation.period_inputs import PeriodEntry
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Period
from evalxl.forms import kinds
from evalxl.forms.kind import kind_named
from evalxl.forms.rows import open_names
from evalxl.forms.values import encode
from evalxl.steps.booking.held_cells import held_findings
from evalxl.steps.booking.period_inputs import TABLE, entry_cells
from evalxl.steps.intake.receive import take_in_inputs
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.kinds.at_work import PeriodKindAtWork, period_kinds_at_work
from evalxl.steps.kinds.book_rows import write
from evalxl.steps.office.layouts import layout_of
from evalxl.steps.office.office import Batch, Office
from evalxl.steps.refresh.adopt_row_workbooks import adopt_books
from evalxl.steps.refresh.period_to_draw import PeriodToDraw
from evalxl.steps.refresh.refresh import Refreshed, refresh
from evalxl.steps.refresh.week_to_draw import WorkbookToDraw


@dataclass(slots=True)
class Gathering:
    """What a run read: files by verdict, their hashes, and their findings."""

    counts: dict[str, int]
    digests: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)


def gather(
    batch: Batch,
    period: Period,
    roster: Roster,
    organisation: Organisation,
    rules: RuleBook,
    only: Path | None = None,
    now: Callable[[], PeriodToDraw] | None = None,
) -> Gathering:
    """Take in what leaders entered and book what can be booked.

    Args:
        only: As in `take_in_files`.
        now: Gives what the workbooks are drawn from now. Workbooks of a lost ledger are compared with those; without it none is adopted.
    """
    office = batch.office
    intake = take_in_inputs(batch, period, only=only)
    unadopted: list[Finding] = []
    if now is not None:
        outgoing = Outgoing(office, period, rules)
        for kind in period_kinds_at_work():
            unadopted += adopt_books(batch, outgoing, kind.kind, partial(_due, kind, now)).findings
    period_history = office.history.period(period)
    issues = [book.issue for book in period_history.books.values() if book.issue is not None]
    layouts = {issue.template: layout_of(office, issue.template, kind_named(issue.workbook)) for issue in issues}
    findings = [*intake.unread, *_of_files(period_history), *unadopted]
    findings += held_findings(office, period_history)
    for kind in period_kinds_at_work():
        booking_result = kind.book(period_history, roster, organisation, rules, layouts)
        write(batch, period, booking_result.decisions)
        findings += booking_result.findings
    return Gathering(intake.counts, intake.digests, findings)


def _of_files(period_history: PeriodHistory) -> Iterator[Finding]:
    """The findings of the files in the folder, with their paths."""
    for received in (*period_history.present.values(), *period_history.read.values()):
        for finding in received.findings:
            yield finding.at(file=finding.file or received.file, code=finding.code or received.subject)


def _due(kind: PeriodKindAtWork, now: Callable[[], PeriodToDraw]) -> Iterable[WorkbookToDraw]:
    return kind.due(now())


def send_out(batch: Batch, now: PeriodToDraw, read: Mapping[str, str]) -> Refreshed:
    """Redraw the workbooks of a period whose content has changed.

    Args:
        read: By file: the hash of the bytes that this run has read.
    """
    due = (workbook for kind in period_kinds_at_work() for workbook in kind.due(now))
    done = refresh(batch, Outgoing(now.office, now.period, now.rules), now.this, due, read)
    done.busy = [*now.left_out, *done.busy]
    return done


def filed_inputs(office: Office, period_history: PeriodHistory) -> Iterator[tuple[str, bytes]]:
    """The workbooks of a period for the archives, by name: the booked values of each row, without the notes, which are for the office alone."""
    for book in period_history.books.values():
        if book.issue is None:
            continue
        event = office.event_of(book.issue)
        values = {name: column for name, column in event["values"].items() if name != "ev_period_note"}
        counting = [period_history.entries.get(code_key(code)) for code in event["values"]["ev_period_person"]]
        booked = [entry_cells(entries[-1] if entries else PeriodEntry()) for entries in counting]
        for name in open_names(kinds.PERIOD_INPUT, TABLE, office.rules_by(event["rules"])):
            if name != "ev_period_note":
                values[name] = encode([cells.get(name) for cells in booked])
        data = Outgoing(office, period_history.period, office.rules_by(event["rules"])).stamp(
            {**event, "values": values}
        )
        yield book.issue.path.rpartition("/")[2], data
