"""Workbooks of evalxl that the ledger does not know: they were issued and filled before an older ledger was restored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from evalxl.domain.errors import EvalxlError
from evalxl.domain.findings import OUR_FAULT, Finding
from evalxl.domain.history.events import ReceivedEvent
from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.names import code_key
from evalxl.domain.weeks import NoSuchWeekError, Period, Week
from evalxl.excel.returned.examine import Examined, WeekBooks
from evalxl.excel.returned.guard import MAX_FILE
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.workers import in_workers
from evalxl.excel.returned.xml_pass import Refused
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.forms.binding import stamp_fields
from evalxl.forms.fields import CHOICES, NO, Field
from evalxl.forms.kind import WorkbookKind, is_form, is_kind, kind_named
from evalxl.records import folders
from evalxl.records.archive import digest_of
from evalxl.records.arrivals import lying_in, read_once
from evalxl.records.package_files import shipped
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.office.file_stamp import stamp_at
from evalxl.steps.office.not_read import log_if_not_read
from evalxl.steps.office.office import Office

_LATELY = 2  # weeks: the week that is scored, and the week whose forms are out
_DAYS_LATELY = 100  # a quarter is rolled up after its last month
_UNKNOWN = ("form.unknown",)
NOT_ADOPTED = ("form.not_adopted", "form.not_adopted_person", "form.not_adopted_template")
_ID, _SEAL = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A workbook of this week with a stamp of evalxl, whose form id the ledger does not know.

    Attributes:
        name: Its path, as in the ledger.
        stamp: The values of its stamp, by name.
    """

    name: str
    sha256: str
    mtime: datetime
    stamp: Mapping[str, str]

    @property
    def form_id(self) -> str:
        return self.stamp["form_id"]


def forms_on_share(office: Office, week: Week) -> list[Stranger]:
    """The unknown forms in a week's folders, oldest first. Their bytes are archived."""
    week_history = office.history.week(week)
    known = {issue.sha256 for issue in week_history.issues().values()}
    known |= {
        received.sha256
        for received in (*week_history.present.values(), *week_history.read.values())
        if not is_unknown(received)
    }
    strangers = []
    for folder in folders.all_week_folders(office.settings, office.folder, week):
        for path in lying_in(folder, []):
            arrival = read_once(path, MAX_FILE)
            if arrival is None or arrival.obstacle or len(arrival.data) > MAX_FILE:
                continue
            digest = digest_of(arrival.data)
            if digest in known:
                continue
            stamp = stamp_in(arrival.data)
            if is_form(stamp.get("kind", "")) and _is_strange(week_history, week, stamp):
                office.archive.keep(arrival.data, ".xlsx")
                strangers.append(Stranger(office.relative(path), digest, arrival.modified, stamp))
    return sorted(strangers, key=lambda stranger: (stranger.mtime, stranger.name))


def strangers_received(office: Office, when: Week | Period) -> list[Stranger]:
    """The unknown workbooks that a run has received and refused, oldest first."""
    history = gathered(office, when)
    strangers = []
    for received in history.present.values():
        if is_unknown(received) and _is_strange(history, when, stamp := stamp_in(office.archive.get(received.sha256))):
            strangers.append(Stranger(received.file, received.sha256, datetime.fromisoformat(received.mtime), stamp))
    return sorted(strangers, key=lambda stranger: (stranger.mtime, stranger.name))


def gathered(office: Office, when: Week | Period) -> IssuedAndReturned:
    """The issued and returned workbooks of a week or period."""
    return office.history.week(when) if isinstance(when, Week) else office.history.period(when)


def forms_to_come(office: Office, week: Week) -> set[str]:
    """The code keys of people with an unknown form in the folders that `issue` has not examined yet."""
    week_history = office.history.week(week)
    strangers = (stranger for stranger in strangers_received(office, week) if is_form(stranger.stamp.get("kind", "")))
    return {
        code_key(week_history.holder(stranger.stamp["kind"], stranger.stamp.get("subject", "")).code)
        for stranger in strangers
        if _was_told(week_history.present[stranger.name], _UNKNOWN)
    }


def is_unknown(received: ReceivedEvent) -> bool:
    """Whether a file was refused because it is unknown to the ledger, or was not adopted. It may still be adopted."""
    return received.verdict == "refused" and _was_told(received, (*_UNKNOWN, *NOT_ADOPTED))


def _was_told(received: ReceivedEvent, kinds: Collection[str]) -> bool:
    return any(finding.kind in kinds for finding in received.findings)


def adopted_since(history: IssuedAndReturned, received: ReceivedEvent) -> bool:
    """Whether a workbook was adopted after a file was refused as unknown. Then the file is examined again."""
    return is_unknown(received) and any(
        issue.adopted and issue.seq > received.seq for issue in history.issues().values()
    )


def stamp_in(data: bytes) -> Mapping[str, str]:
    """The stamp of a file: the copy in its properties, else the copy inside, because programs may drop one of them."""
    if said := peek_stamp(data):
        return said
    try:
        return stamp_fields(read_workbook(data)) if data.startswith(b"PK") else {}
    except Refused:
        return {}


def _is_strange(history: IssuedAndReturned, when: Week | Period, stamp: Mapping[str, str]) -> bool:
    return (
        stamp.get("week") == str(when)
        and _ID.fullmatch(stamp.get("form_id", "")) is not None
        and _SEAL.fullmatch(stamp.get("seal", "")) is not None
        and stamp["form_id"] not in history.issues()
    )


def template_for(outgoing: Outgoing, stranger: Stranger) -> str:
    """The hash of the template that a stamp names; empty if the office does not trust it.

    Anybody can get bytes archived by putting them on the share. So only these templates are trusted: those of issues in the ledger, the office's
    present own ones, and the standard ones.
    """
    office, kind = outgoing.office, kind_named(stranger.stamp["kind"])
    trusted = [outgoing.template_of(kind, {})]
    if isinstance(outgoing.week, Week):
        weeks = (outgoing.week, *office.history.before(outgoing.week)[:1])
        known: Iterable[IssuedAndReturned] = (office.history.week(week) for week in weeks)
    else:
        known = office.history.periods.values()
    trusted += [issue.template for history in known for issue in history.issues().values()]
    for path in sorted(shipped("templates").glob(f"{kind.name}*.xlsx")):
        if digest_of(data := path.read_bytes()) not in trusted:
            trusted.append(office.archive.keep(data, ".xlsx"))
    said = stranger.stamp.get("template", "")
    return next((digest for digest in trusted if len(said) >= 16 and digest.startswith(said)), "")


def as_issued(outgoing: Outgoing, letter: Mapping[str, Any], stranger: Stranger, template: str) -> dict[str, Any]:
    """The issue event that the lost ledger must have held for an unknown workbook, if it was issued as it would be issued now."""
    return {
        **letter,
        "week": str(outgoing.week),
        "form_id": stranger.form_id,
        "seal": stranger.stamp["seal"],
        "template": template,
    }


def examined(outgoing: Outgoing, files: Sequence[tuple[Stranger, Mapping[str, Any]]]) -> list[Examined]:
    """Examine each file against its assumed issue. Files with the same id must have the same issue."""
    office = outgoing.office
    if not files:
        return []
    issues = {stranger.form_id: issue for stranger, issue in files}
    books = WeekBooks(
        week=str(outgoing.week),
        issues=issues,
        templates={name: office.archive.get(name) for name in {str(issue["template"]) for issue in issues.values()}},
        rules={name: office.archive.get(name) for name in {str(issue["rules"]) for issue in issues.values()}},
        office_id=office.id,
    )
    examiner = office.examiner or in_workers(office.settings.workers)
    with closing(examiner(books, (office.archive.get(stranger.sha256) for stranger, _ in files))) as seen:
        examineds = [next(seen) for _ in files]
    for (stranger, _), examined in zip(files, examineds, strict=True):
        log_if_not_read(examined, str(outgoing.week), stranger.sha256)
    return examineds


def not_read(stranger: Stranger) -> Finding:
    """The finding for a workbook that evalxl failed to read by its own fault. The next run tries it again."""
    return Finding(OUR_FAULT, code=stranger.stamp.get("subject", ""), file=stranger.name)


def is_certain(seen: Examined) -> bool:
    """Whether everything in a file agrees with its assumed issue. The typed values may still be wrong."""
    if seen.verdict == "invalid":
        return seen.content is not None
    return seen.verdict in ("submitted", "draft", "waiting", "read")


class LedgerBehindError(EvalxlError):
    """The ledger knows nothing of a week whose forms are on the share, because it was restored from an older backup."""

    key = "slip.ledger_behind"


def not_issued(office: Office, week: Week) -> EvalxlError:
    """The error for a week without any issue in the ledger."""
    places = folders.all_week_folders(office.settings, office.folder, week)
    if any(any(_unknown_in(office, week, folder)) for folder in places):
        return LedgerBehindError(week=week, name=str(week))
    return office.not_issued(week)


def weeks_beyond(office: Office, lately: bool = False, apart: Week | None = None) -> list[Week]:
    """The weeks with workbooks of evalxl on the shares that the ledger does not know, oldest first.

    Only the stamp of each workbook is read. It is only a hint; `issue` examines the file.

    Args:
        lately: Of the weeks in the ledger, search only the last ones and `apart`.
    """
    known = sorted(week for week, week_history in office.history.weeks.items() if week_history.organisation)
    settled = set(known[:-_LATELY]) - {apart} if lately else set()
    weeks: set[Week] = set()
    for root in folders.roots(office.settings, office.folder):
        for folder in _week_folders(root):
            week = Week.parse(folder.name)
            if week not in weeks and week not in settled and any(_unknown_in(office, week, folder)):
                weeks.add(week)
    return sorted(weeks)


def periods_beyond(office: Office, lately: bool = False) -> list[Period]:
    """The periods with workbooks of evalxl on the share that the ledger does not know, ordered by their end.

    Args:
        lately: Of the periods in the ledger, search only those that ended shortly before its last week.
    """
    weeks = office.history.weeks
    since = max(weeks).monday - timedelta(_DAYS_LATELY) if lately and weeks else date.min
    settled = {name for name, period_history in office.history.periods.items() if period_history.period.last < since}
    return sorted(set(_strange_inputs(office, settled)), key=lambda period: (period.last, period.first))


def has_strange_inputs(office: Office, period: Period) -> bool:
    """Whether there are workbooks for a period on the share that the ledger does not know."""
    return period in _strange_inputs(office)


def _strange_inputs(office: Office, apart: Collection[str] = ()) -> Iterator[Period]:
    """The period of each unknown period workbook, except those that were examined and not adopted.

    Args:
        apart: Periods whose files, recognised by name, are not opened.
    """
    folder = folders.office_share(office.settings, office.folder) / folders.PERIODS
    for path in lying_in(folder, []):
        passed_over = path.suffix.lower() != ".xlsx" or path.name.partition("_")[0] in apart
        stamp = {} if passed_over else stamp_at(path)
        if not _belongs_to("period", stamp):
            continue
        with suppress(NoSuchWeekError):
            period = Period.parse(stamp.get("week", ""))
            period_history = office.history.period(period)
            before = period_history.present.get(office.relative(path))
            told = before is not None and _was_told(before, NOT_ADOPTED)
            if not told and _is_strange(period_history, period, stamp):
                yield period


def _week_folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from (
            path for path in sorted(root.iterdir()) if re.fullmatch(r"\d{4}-W\d\d", path.name) and path.is_dir()
        )


def _belongs_to(what: Literal["week", "period"], stamp: Mapping[str, str]) -> bool:
    """Whether a stamp is that of a workbook of a week, or of a period."""
    name = stamp.get("kind", "")
    return is_kind(name) and kind_named(name).of == what


def _unknown_in(office: Office, week: Week, folder: Path) -> Iterator[bool]:
    week_history = office.history.week(week)
    looked_at = {received.sha256 for received in week_history.present.values() if _was_told(received, NOT_ADOPTED)}
    for path in lying_in(folder, []):
        arrival = read_once(path, MAX_FILE) if path.suffix.lower() == ".xlsx" else None
        if arrival is not None and arrival.data and digest_of(arrival.data) not in looked_at:
            stamp = peek_stamp(arrival.data)
            yield _belongs_to("week", stamp) and _is_strange(week_history, week, stamp)


def open_defaults(kind: WorkbookKind, fields: Iterable[Field]) -> Mapping[str, str]:
    """The values of the open cells of a row that nobody has typed into: its decision, and whatever is no until somebody says yes."""
    decisions = {table.decision for table in kind.tables}
    words = {entry.name: CHOICES[entry.choices][0] for entry in fields if entry.choices in CHOICES}
    return {entry: word for entry, word in words.items() if entry in decisions or word == NO}
