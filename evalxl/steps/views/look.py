"""What evalxl would say about a file: its owner, what would be booked, and every finding. Nothing is written.

The file is taken in by the same code as when *Tổng hợp* is pressed, into an office that exists only in memory. That office reads the real archive, and its
batch of events is never written. So this module decides no verdict itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import IssuedAndReturned, subject_of
from evalxl.domain.names import code_key, shown_code, unit_of_subject
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import NoSuchWeekError, Period, Week, parse_week_or_period
from evalxl.excel.returned.examine import WeekBooks
from evalxl.excel.returned.guard import MAX_FILE
from evalxl.excel.returned.workers import in_workers
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.kind import is_kind, kind_named
from evalxl.records.archive import LentArchive, digest_of
from evalxl.records.arrivals import read_once
from evalxl.steps.booking.review_requests import requests_in_forms
from evalxl.steps.intake.elsewhere import astray
from evalxl.steps.intake.receive import take_in_files
from evalxl.steps.kinds.book_rows import book_rows, write
from evalxl.steps.office.office import Batch, Clock, Office, settle_week
from evalxl.steps.office.past_weeks import weeks_of
from evalxl.steps.office.week_organisation import organisation_for
from evalxl.steps.periods.period_workbooks import gather
from evalxl.steps.views.week_view import decision_context_of, week_view

_WEEK_IN_NAME = re.compile(r"(?<!\d)(\d{4}-W\d\d)(?!\d)")

# The decisions on a row, in the order in which they are reported.
BOOKED = ("scored", "approved", "returned", "checked", "assigned", "followed", "answered", "reviewed", "entered")


class NothingToLookAtError(EvalxlError):
    """There is no file of that name."""

    key = "slip.no_such_file"


@dataclass(frozen=True, slots=True)
class Looked:
    """What evalxl would say about one file.

    Attributes:
        file: The path as the operator gave it.
        verdict: As in `excel.returned.examine` and the ledger; `unread` for a file that cannot be read now.
        workbook: The kind of workbook; empty if unknown.
        what: Its week or period; None if the file names none that the office knows.
        subject, name: The owner: a staff code or a unit code, and the name.
        form: The content of a form, as the ledger stores it.
        rows: What would be booked from rows, as events.
        known: Whether the office has already taken it in.
        closed: Whether the week or period is closed, so that nothing is booked before it is reopened.
        left_out: The checks that only an office can make, as keys of the catalogue.
        rules: The rule book of its week; None where nobody knows.
    """

    file: Path
    verdict: str
    workbook: str = ""
    what: Week | Period | None = None
    subject: str = ""
    name: str = ""
    form: Mapping[str, Any] | None = None
    rows: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    known: bool = False
    closed: bool = False
    left_out: tuple[str, ...] = ()
    rules: RuleBook | None = None

    def scores(self, record: Mapping[str, Any]) -> Scores:
        """Scores in the order of the rule book that the workbook goes by, where it is known."""
        scores = Scores.from_record(record)
        return scores if self.rules is None else scores.under(self.rules)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What evalxl would say about some files."""

    files: tuple[Looked, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for looked in self.files for finding in looked.findings)


def require_files(files: Sequence[Path]) -> None:
    """Make sure that all files exist.

    Raises:
        NothingToLookAtError: one of them is no file.
    """
    for file in files:
        if not file.is_file():
            raise NothingToLookAtError(file=file)


def look_at(folder: Path, files: Sequence[Path], clock: Clock) -> LookedAt:
    """What an office would say about some files, each on its own.

    Raises:
        NothingToLookAtError: one of them is no file.
        EvalxlError: the folder is no office, or its ledger was altered.
    """
    require_files(files)
    return LookedAt(tuple(_look_at(folder, file, clock) for file in files))


def _look_at(folder: Path, file: Path, clock: Clock) -> Looked:
    office = Office.open(folder.absolute())
    office.archive = LentArchive(office.archive.folder)
    path = file.absolute()
    arrival = read_once(path, MAX_FILE)
    if arrival is None:
        raise NothingToLookAtError(file=file)
    if arrival.obstacle:
        return Looked(file, "unread", findings=(Finding(arrival.obstacle, file=str(file)),))
    if len(arrival.data) > MAX_FILE:
        return Looked(file, "refused", findings=(Finding("file.too_large", file=str(file)),))
    what = _meant(office, arrival.data, path)
    if what is None:
        return _of_no_week(office, file, arrival.data)
    this = office.history.week(what) if isinstance(what, Week) else office.history.period(what)
    outside = astray(office, what, this, path, arrival.data)
    looked = _in_week(office, what, path, clock) if isinstance(what, Week) else _in_period(office, what, path, clock)
    if outside is not None:  # it would be booked only after it is moved
        others = [
            finding for finding in looked.findings if finding.kind != outside.kind
        ]  # the last run has said it too
        findings = (outside.at(file=str(file)), *others)
        return replace(looked, file=file, verdict="refused", rows=(), findings=findings, known=False)
    return replace(looked, file=file, rules=office.rules_of(what) if isinstance(what, Week) else None)


def _meant(office: Office, data: bytes, path: Path) -> Week | Period | None:
    """The week or period of a file, if the office knows it: from its stamp, else from its name or its place."""
    said = peek_stamp(data).get("week", "")
    if not said:  # a program dropped the properties: the copy of the stamp inside is used
        seen = _examined(office, data)
        said = next((str(finding.values["week"]) for finding in seen.findings if "week" in finding.values), "")
    for text in (said, *_WEEK_IN_NAME.findall(path.name), *_WEEK_IN_NAME.findall(path.parent.as_posix())[-1:]):
        try:
            found = parse_week_or_period(text)
        except NoSuchWeekError:
            continue
        history = office.history
        if (found in history.weeks) if isinstance(found, Week) else (str(found) in history.periods):
            return found
    return None


def _examined(office: Office, data: bytes, when: str = "") -> Any:
    """Examine a file on its own."""
    books = WeekBooks(when, {}, {}, {}, office_id=office.id)
    (examined,) = (office.examiner or in_workers(1))(books, [data])
    return examined


def _of_no_week(office: Office, file: Path, data: bytes) -> Looked:
    """The answer for a file of an unknown week, or of no week."""
    seen = _examined(office, data)
    weeks = [str(finding.values["week"]) for finding in seen.findings if "week" in finding.values]
    if weeks:
        seen = _examined(office, data, weeks[0])
    findings = tuple(finding.at(file=str(file)) for finding in seen.findings)
    return Looked(file, seen.verdict, seen.workbook, findings=findings)


def _in_week(office: Office, week: Week, path: Path, clock: Clock) -> Looked:
    week_history, rules = office.history.week(week), office.rules_of(week)
    today = clock.now.astimezone(office.settings.zone).date()
    whole = _organisation(office, week, rules, today)
    organisation = whole.on(week.thursday)
    batch = Batch(office, clock)
    settle_week(batch, week, rules, office.archive.get(week_history.rulebook), whole)
    roster = office.roster_of(week, organisation, rules)
    _judge(batch, week, organisation, rules, today)  # what the next run would book anyway does not come from this file
    before = len(batch.events)
    take_in_files(batch, week, roster, organisation, only=path)
    write(batch, week, requests_in_forms(office, week, organisation))
    _judge(batch, week, organisation, rules, today)
    findings = week_view(office, week, today).view.findings
    new = [dict(entry) for entry in batch.events[before:]]
    return _told(office, week, office.history.week(week), path, new, findings, organisation)


def _in_period(office: Office, period: Period, path: Path, clock: Clock) -> Looked:
    last = weeks_of(office, office.history, period)[-1]
    batch = Batch(office, clock)
    gathered = gather(batch, period, last.roster, last.organisation, last.rules, path)
    new = [dict(entry) for entry in batch.events]
    period_history = office.history.period(period)
    return _told(office, period, period_history, path, new, gathered.findings, last.organisation)


def _judge(batch: Batch, week: Week, organisation: Organisation, rules: RuleBook, today: date) -> None:
    office = batch.office
    book_rows(
        batch,
        decision_context_of(office, week, office.roster_of(week, organisation, rules), organisation, rules, today),
    )


def _organisation(office: Office, week: Week, rules: RuleBook, today: date) -> Organisation:
    """The organisation from the workbook as it is now, as a run would use it. If the workbook has errors, the week's organisation so far."""
    try:
        return organisation_for(office, week, rules, today)[0]
    except EvalxlError:
        organisation = office.organisation_of(week)
        if organisation is None:
            raise
        return organisation


def _told(
    office: Office,
    what: Week | Period,
    history: IssuedAndReturned,
    path: Path,
    new: Sequence[Mapping[str, Any]],
    findings: Sequence[Finding],
    organisation: Organisation,
) -> Looked:
    """The answer for a file after it was taken in."""
    name = office.relative(path)
    came = next((event for event in new if event["kind"] == "received" and event["file"] == name), None)
    closed = office.history.is_closed(what) if isinstance(what, Week) else str(what) in office.history.closed_periods
    lies = history.present.get(name) or history.read.get(name)
    if lies is None and came is None:
        data = path.read_bytes()
        issue = next((issue for issue in history.issues().values() if issue.sha256 == digest_of(data)), None)
        if issue is None:  # an output of evalxl
            return Looked(path, "own", what=what, closed=closed)
        subject, workbook, verdict, form = issue.subject, issue.workbook, "waiting", None
    else:
        subject, workbook, verdict, form = _of_received(came, lies)
    rows = tuple(event for event in new if event["kind"] in BOOKED)
    code = unit_of_subject(subject) or subject
    return Looked(
        path,
        verdict,
        workbook,
        what,
        subject=shown_code(subject),
        name=_name_of(organisation, code, workbook),
        form=form,
        rows=rows,
        findings=tuple(finding for finding in findings if finding.file == name),
        known=came is None,
        closed=closed,
    )


def _of_received(
    event: Mapping[str, Any] | None, lies: ReceivedEvent | None
) -> tuple[str, str, str, Mapping[str, Any] | None]:
    if lies is not None:
        return lies.subject, lies.workbook, lies.verdict, lies.content
    assert event is not None
    return subject_of(event), event.get("workbook", ""), event["verdict"], event.get("content")


def _name_of(organisation: Organisation, code: str, workbook: str) -> str:
    if is_kind(workbook) and kind_named(workbook).of_unit:
        unit = next((unit for unit in organisation.units if code_key(unit.code) == code_key(code)), None)
        return unit.name if unit is not None else ""
    return organisation.name_of(code) if code else ""
