"""The button: reads every workbook that came back, records it, refreshes the managers' workbooks, writes receipts and masters.

It may be pressed at any time and any number of times. The order is: bytes once, archive, read in a worker, check, append to the ledger, and
only then draw: everything drawn can be thrown away and made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from evalxl.domain.conservation import Count, count_files
from evalxl.domain.findings import Finding
from evalxl.domain.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key, unit_of_subject
from evalxl.domain.outcome import results, unit_results
from evalxl.domain.results import WeekView
from evalxl.domain.standing import units_under
from evalxl.domain.weeks import Week
from evalxl.excel.glance import glance
from evalxl.excel.hands import in_hands
from evalxl.forms.fields import Kind
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import Published, publish_all
from evalxl.steps.at_work import at_work, require_clock
from evalxl.steps.follow_up_filling import book_warnings
from evalxl.steps.in_hand import InHand
from evalxl.steps.intake import Intake, take_in_files
from evalxl.steps.judge import judge
from evalxl.steps.judge_appeals import book_appeals
from evalxl.steps.office import Batch, Clock, Office, WeekClosedError, settle_week
from evalxl.steps.outgoing import Outgoing
from evalxl.steps.own_results import write_own_results
from evalxl.steps.progress import Progress, unwatched
from evalxl.steps.receipts import Receipt, due_of, has_answers, text_of
from evalxl.steps.refresh import refresh
from evalxl.steps.register_filling import register_of
from evalxl.steps.view import Seen, court_of, look, of_unit, warnings_of

# What drawing a master takes: for its sheets, and for each person in it, who is in the office's, in the unit's, and mostly in one between.
_SECONDS_A_MASTER, _SECONDS_A_PERSON = 0.02, 0.002

# Kinds of findings that concern the person's own form, and stand in the person's receipt.
_OWN = ("form.", "file.", "cell.", "score.", "task.", "choice.", "date.", "number.", "stamp.", "names.")


@dataclass(slots=True)
class Consolidated:
    """What one press of the button did.

    Attributes:
        counts: Files by verdict.
        files: The same files by the five words of `domain.conservation`, which add up to what was received.
        events: Events that the ledger learned.
        masters: Masters as published; one that somebody has open waits beside it.
        in_hand: Scoring workbooks that were issued anew while they are open in the program of whoever pressed the button.
    """

    week: Week
    view: WeekView
    counts: dict[str, int]
    events: int
    refreshed: list[Path] = field(default_factory=list)
    masters: list[Published] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    files: Count = Count(0)
    in_hand: tuple[InHand, ...] = ()


def consolidate(
    office: Office,
    week: Week,
    clock: Clock,
    progress: Progress | None = None,
    masters: bool = True,
    open_books: Mapping[Path, str] = MappingProxyType({}),
) -> Consolidated:
    """Take in what came back for a week and draw everything anew.

    Args:
        progress: Told how far the run is; it can be stopped as long as files are read.
        masters: Whether masters are drawn; whoever runs many weeks in a row draws them with the last run of each.
        open_books: The scoring workbooks that are open in the program of whoever presses the button, and which issue each is:
            they cannot be refreshed on the share, so `in_hand` has what takes their place there.

    Raises:
        EvalxlError: the week is closed or was not issued, the organisation has slips, a share is away, or somebody is at work.
    """
    with at_work(office, clock):
        return _consolidate(office, week, clock, progress or unwatched, masters, open_books)


def _consolidate(
    office: Office, week: Week, clock: Clock, progress: Progress, masters: bool, open_books: Mapping[Path, str]
) -> Consolidated:
    this = office.history.week(week)
    if this.closed:
        raise WeekClosedError(week=week, name=str(week))
    if not this.issues():
        raise office.not_issued(week)
    require_clock(office, week, clock.now)
    rules = office.rules_of(week)
    organisation, _ = office.read_organisation(rules)
    roster = office.roster_of(week, organisation, rules)
    batch = Batch(office, clock)
    settle_week(batch, week, rules, office.archive.get(this.rulebook), organisation)

    intake = take_in_files(batch, week, roster, organisation, progress)
    today = clock.now.astimezone(office.settings.zone).date()
    book_appeals(batch, week, organisation)
    judge(batch, court_of(office, week, roster, organisation, rules, today))
    warnings = warnings_of(office, week, roster, organisation, rules)
    book_warnings(batch, week, warnings, organisation)
    files = _count(batch, week, intake)
    events = batch.write(str(week))

    progress("refreshing", 0, 1)
    outgoing = Outgoing(office, week, rules)
    before = len(office.ledger.events)
    now = office.history.week(week)
    rows = (*results(now, roster, rules), *unit_results(now, roster, rules))
    register = register_of(office.history, roster, organisation, warnings, rows, today)
    refreshed = refresh(batch, outgoing, roster, organisation, rows, rules, today, intake.digests, register, open_books)
    events += len(office.ledger.events) - before

    progress("drawing", 0, 1)
    seen = look(office, week, today, [*intake.unread, *refreshed.busy], warnings)
    done = Consolidated(week, seen.view, intake.counts, events, refreshed.written)
    done.findings, done.files, done.in_hand = seen.view.findings, files, tuple(refreshed.in_hand)
    done.masters = draw_masters(office, seen, progress) if masters else []
    write_receipts(office, seen)
    write_own_results(office, seen)
    return done


def _count(batch: Batch, week: Week, intake: Intake) -> Count:
    """Count the files of this run; the ledger keeps the count beside whatever else it learned, and learns nothing by it alone."""
    found = intake.found
    count = count_files(batch.office.history.week(week), found)
    if batch.events:
        beside = {"as_issued": found.as_issued, "books": found.books, "unread": list(found.unread)}
        batch.add("counted", week, **count.as_record(), **beside)
    return count


def draw_masters(office: Office, seen: Seen, progress: Progress = unwatched) -> list[Published]:
    """Write the office master and a master per unit from the ledger's view."""
    from evalxl.excel.masters import draw_master  # XlsxWriter is slow to import

    week, settings = seen.view.week, office.settings
    units = list(_master_units(seen))
    paths = [folders.office_master_path(settings, office.folder, week)]
    paths += [folders.unit_master_path(settings, office.folder, week, unit) for unit, _ in units]
    hands = office.hands or in_hands(settings.workers)
    parts = _parts(office, seen, units, paths, progress)
    seconds = _SECONDS_A_MASTER + _SECONDS_A_PERSON * len(seen.view.results) / len(paths)
    with closing(hands(draw_master, (office.lang, _roots(office)), parts, seconds)) as drawn:
        published = publish_all(zip(paths, drawn, strict=True))
    _take_away(office, week, [unit for unit, _ in units])
    return published


def _parts(
    office: Office, seen: Seen, units: Sequence[tuple[str, str]], paths: Sequence[Path], progress: Progress
) -> Iterator[tuple[WeekView, Mapping[str, str], str]]:
    """What each master shows, its properties, and the folder in which it lies: the office's, then each unit's."""
    week, head = seen.view.week, seen.view.head
    stamp = {"evalxl.kind": Kind.MASTER.value, "evalxl.week": str(week), "evalxl.seal": head}
    yield seen.view, stamp | {"evalxl.subject": ""}, _base(office, paths[0])
    for done, ((unit, name), path) in enumerate(zip(units, paths[1:], strict=True), start=1):
        progress("drawing", done, len(paths))
        part = of_unit(seen.view, unit, name, units_under(seen.organisation, unit))
        yield part, stamp | {"evalxl.subject": unit}, _base(office, path)


def _roots(office: Office) -> dict[str, str]:
    return {mark: root.absolute().as_posix() for mark, root in office.roots()}


def without_head(office: Office, seen: Seen) -> list[Path]:
    """The masters of a week that are not there, or were drawn before its last entry."""
    week, settings = seen.view.week, office.settings
    paths = [folders.office_master_path(settings, office.folder, week)]
    paths += [folders.unit_master_path(settings, office.folder, week, unit) for unit, _ in _master_units(seen)]
    return [path for path in paths if not path.exists() or glance(path.read_bytes()).get("seal") != seen.view.head]


def _take_away(office: Office, week: Week, units: Sequence[str]) -> None:
    """Take our masters away from where they lay before the office set a share of its own for them."""
    now = office.settings
    before = now.model_copy(update={"management_folder": "", "office_folder": ""})
    old, new = (
        [
            folders.office_master_path(settings, office.folder, week),
            *(folders.unit_master_path(settings, office.folder, week, unit) for unit in units),
        ]
        for settings in (before, now)
    )
    for path in set(old) - set(new):
        if glance(bytes_of(path)).get("kind") == Kind.MASTER.value:
            path.unlink()


def _base(office: Office, path: Path) -> str:
    """The folder of a master as the ledger writes folders, so that links in it are relative."""
    return office.relative(path).rpartition("/")[0]


def _master_units(seen: Seen) -> Iterator[tuple[str, str]]:
    """Units with somebody to be evaluated in them or under them, in the organisation's order."""
    with_people = {row.unit for row in seen.view.results}
    for unit in seen.organisation.units:
        if units_under(seen.organisation, unit.code) & with_people:
            yield unit.code, unit.name


def write_receipts(office: Office, seen: Seen) -> None:
    """Write a receipt for everybody from whom something came, or to whom something went back; the units that report among them."""
    publish_all(_receipts(office, seen))


def _receipts(office: Office, seen: Seen) -> Iterator[tuple[Path, bytes]]:
    week = seen.view.week
    this = office.history.week(week)
    rows = {code_key(row.code): row for row in (*seen.view.results, *seen.view.unit_results)}
    found, files = _by_person(seen.view.findings), _files_of(this)
    for person in this.holders():
        if not (person.versions or person.returned or has_answers(seen.view, person.code)):
            continue
        row = rows.get(code_key(person.code))
        unit = row.unit if row is not None else _unit_of_form(person)
        if not unit:
            continue
        receipt = Receipt(
            person=person,
            row=row,
            name=row.name if row is not None else seen.organisation.name_of(person.code),
            unit=row.unit_name if row is not None else _name_of(seen, unit),
            findings=_own_findings(found.get(code_key(person.code), ()), person, files.get(code_key(person.code), ())),
            view=seen.view,
            due=due_of(person, seen.roster.member(person.code), seen.view, seen.organisation),
            settings=office.settings,
            lang=office.lang,
        )
        if unit_of_subject(person.code):
            path = folders.unit_receipt_path(office.settings, office.folder, week, unit)
        else:
            path = folders.receipt_path(office.settings, office.folder, week, unit, person.code)
        yield path, b"\xef\xbb\xbf" + text_of(receipt).encode()


def _name_of(seen: Seen, unit: str) -> str:
    entry = seen.organisation.unit(unit)
    return entry.name if entry is not None else unit


def _unit_of_form(person: PersonWeek) -> str:
    """The unit that a person's form was issued for, where the person is evaluated in none any more."""
    return str(person.issue.values.get("ev_unit_code", "")) if person.issue else ""


def _by_person(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings of people's own forms, by code without case."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.kind.startswith(_OWN):
            found.setdefault(code_key(finding.code), []).append(finding)
    return found


def _files_of(this: WeekHistory) -> dict[str, set[str]]:
    """The forms that lie there, by whose they are."""
    found: dict[str, set[str]] = {}
    for name, received in this.present.items():
        if received.workbook in (Kind.FORM.value, Kind.UNIT_FORM.value):
            holder = this.holder(received.workbook, received.subject)
            found.setdefault(code_key(holder.code), set()).add(name)
    return found


def _own_findings(findings: Iterable[Finding], person: PersonWeek, files: Collection[str]) -> list[Finding]:
    """What concerns the person's own files: what managers typed stands in their workbooks alone, wherever a copy of one lies."""
    own = {*files, *(version.file for version in person.versions)}
    return [finding for finding in findings if finding.file in own or finding.kind.startswith("form.")]
