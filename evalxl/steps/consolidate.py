"""The button: reads every returned workbook, records it, refreshes the managers' workbooks, writes receipts and masters.

It may be pressed at any time and any number of times. The order is: read the bytes once, archive, examine in a worker, check, append to the ledger, and
only then draw. Everything drawn can be deleted and made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from evalxl.domain.evaluation.week_view import Warning, WeekView
from evalxl.domain.findings import Finding
from evalxl.domain.history.file_count import Count, count_files
from evalxl.domain.organisation.in_force import kept_of
from evalxl.domain.weeks import Week
from evalxl.records.publish import Published
from evalxl.steps.booking.review_requests import requests_in_forms
from evalxl.steps.intake.receive import Intake, take_in_files
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.issue.unknown_workbooks import not_issued
from evalxl.steps.kinds.at_work import KindAtWork, due, kinds_at_work
from evalxl.steps.kinds.book_rows import book_rows, write
from evalxl.steps.office.office import Batch, Clock, Office, settle_week
from evalxl.steps.office.open_weeks import require_open
from evalxl.steps.office.progress import Progress, unwatched
from evalxl.steps.office.week_organisation import organisation_for
from evalxl.steps.office.write_session import at_work, require_clock
from evalxl.steps.outputs.week_outputs import draw_week
from evalxl.steps.refresh.adopt_row_workbooks import adopt_books
from evalxl.steps.refresh.follow_up_values import news_of_warnings
from evalxl.steps.refresh.open_workbook import OpenWorkbook
from evalxl.steps.refresh.refresh import refresh
from evalxl.steps.refresh.week_to_draw import WeekToDraw
from evalxl.steps.views.week_view import decision_context_of, warnings_of, week_view


@dataclass(frozen=True, slots=True)
class Collected:
    """What came back, and what went out again to managers and approvers.

    Attributes:
        counts: Files by verdict.
        files: The same files by the kinds of `domain.history.file_count`, which add up to the number received.
        events: The number of events added to the ledger.
        refreshed: Workbooks that were issued again.
        in_hand: Scoring workbooks that were issued again while they are open in the program in which the button was pressed.
        findings: Findings of this run only: files that could not be read or written now.
        warnings: The warnings of the two-week rule for the week.
        today: The day of the run, in the office's time zone.
    """

    week: Week
    counts: dict[str, int]
    files: Count
    events: int
    refreshed: tuple[Path, ...]
    in_hand: tuple[OpenWorkbook, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Warning, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What one press of the button did.

    Attributes:
        view: The week as it is now.
        masters: The published masters. The new version of a master that somebody has open is written beside it.
    """

    collected: Collected
    view: WeekView
    masters: tuple[Published, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.view.findings


def consolidate(
    office: Office,
    week: Week,
    clock: Clock,
    progress: Progress = unwatched,
    open_books: Mapping[Path, str] = MappingProxyType({}),
) -> Consolidated:
    """Take in what came back for a week and draw everything again.

    Args:
        progress: Receives the progress of the run. It can stop the run while files are read.
        open_books: The scoring workbooks that are open in the program in which the button was pressed, each with its issue.
            They cannot be refreshed on the share, so `in_hand` holds what replaces them there.

    Raises:
        EvalxlError: the week is closed or was not issued, the organisation has errors, a share is missing, or somebody is at work.
    """
    with at_work(office, clock):
        collected = _collect(office, week, clock, progress, open_books)
        progress("drawing", 0, 1)
        situation = week_view(office, week, collected.today, collected.findings, collected.warnings)
        masters = draw_week(office, situation, pages=False, progress=progress)
        return Consolidated(collected, situation.view, tuple(masters))


def collect(
    office: Office,
    week: Week,
    clock: Clock,
    progress: Progress = unwatched,
    open_books: Mapping[Path, str] = MappingProxyType({}),
) -> Collected:
    """Take in what came back for a week, without receipts and masters. For callers that run many weeks in a row.

    Raises:
        EvalxlError: as `consolidate`.
    """
    with at_work(office, clock):
        return _collect(office, week, clock, progress, open_books)


def _collect(office: Office, week: Week, clock: Clock, progress: Progress, open_books: Mapping[Path, str]) -> Collected:
    week_history = office.history.week(week)
    require_open(office, week)
    if not week_history.issues():
        raise not_issued(office, week)
    require_clock(office, week, clock.now)
    rules = office.rules_of(week)
    today = clock.now.astimezone(office.settings.zone).date()
    whole, slips = organisation_for(office, week, rules, today)
    organisation = whole.on(week.thursday)
    roster = office.roster_of(week, organisation, rules)
    batch = Batch(office, clock)
    settle_week(batch, week, rules, office.archive.get(week_history.rulebook), whole)

    intake = take_in_files(batch, week, roster, organisation, progress)
    write(batch, week, requests_in_forms(office, week, organisation))
    refused = book_rows(batch, decision_context_of(office, week, roster, organisation, rules, today))
    outgoing, unadopted = Outgoing(office, week, rules), []

    def week_now(warnings: Sequence[Warning] = (), refused: Sequence[Finding] = ()) -> WeekToDraw:
        rows = office.rows_of(week, roster, rules).all
        return WeekToDraw(office, roster, organisation, rules, rows, today, warnings, refused)

    def adopt(kind: KindAtWork, warnings: Sequence[Warning] = ()) -> list[Finding]:
        """Adopt the workbooks of a kind that a lost ledger had issued; then what rows still need is asked again."""
        adopted = adopt_books(batch, outgoing, kind.kind, lambda: (kind.lost or kind.due)(week_now(warnings)))
        unadopted.extend(adopted.findings)
        for verdict, more in (("refused", -len(adopted.files)), ("read", len(adopted.files))):
            if adopted.files:
                intake.counts[verdict] = intake.counts.get(verdict, 0) + more
        return (
            book_rows(batch, decision_context_of(office, week, roster, organisation, rules, today))
            if adopted.files
            else refused
        )

    # An approval refers to scores, so the scores of a lost ledger come first. What the office wrote about a talk comes after the warning that asks for it.
    for kind in kinds_at_work():
        if not kind.after_warnings:
            refused = adopt(kind)
    warnings = warnings_of(office, week, roster, organisation, rules)
    write(batch, week, [*news_of_warnings(office.history, week, warnings, organisation)])
    for kind in kinds_at_work():
        if kind.after_warnings:
            refused = adopt(kind, warnings)
    files = _count(batch, week, intake)
    events = batch.write(str(week))

    progress("refreshing", 0, 1)
    before = len(office.ledger.events)
    now = week_now(warnings, refused)
    refreshed = refresh(batch, outgoing, now.this, due(now), intake.digests, open_books)
    return Collected(
        week=week,
        counts=intake.counts,
        files=files,
        events=events + len(office.ledger.events) - before,
        refreshed=tuple(refreshed.written),
        in_hand=tuple(refreshed.in_hand),
        findings=(*intake.unread, *unadopted, *refreshed.busy, *kept_of(slips)),
        warnings=warnings,
        today=today,
    )


def _count(batch: Batch, week: Week, intake: Intake) -> Count:
    """Count the files of this run. The count is recorded only together with other events."""
    found = intake.found
    count = count_files(batch.office.history.week(week), found)
    if batch.events:
        batch.add(count.event(found), week)
    return count
