"""Checking an office before use: settings, rule book and organisation, and every error with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from evalxl.domain.errors import EvalxlError
from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key
from evalxl.domain.organisation.authority import roster
from evalxl.domain.organisation.authority_reasons import judges
from evalxl.domain.organisation.in_force import say_kept
from evalxl.domain.organisation.people import FIRST_DAY, LAST_DAY, Organisation, Post, Unit
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Week, shown_date
from evalxl.excel.tables import read_tables
from evalxl.forms.organisation.reading import places, read_organisation
from evalxl.forms.tables import Table
from evalxl.records.folders import ORGANISATION
from evalxl.records.office import organisation_bytes
from evalxl.records.publish import publish
from evalxl.records.rulebooks import find_rulebook
from evalxl.records.settings import FILE, Settings, load_settings
from evalxl.steps.issue.unknown_workbooks import periods_beyond, weeks_beyond
from evalxl.steps.office.capacity import lacking_scores, left_out, left_out_of_periods, not_offered
from evalxl.steps.office.office import Office
from evalxl.steps.office.week_organisation import kept_in
from evalxl.steps.office.week_summary import is_open

# The number of person-weeks that a check covers. An office of 100 people gets every later week with a change checked, one of 10,000 the
# next few. `issue` checks its own week in any case.
_PERSON_WEEKS = 60_000
# The number of open weeks for which a check reports what they keep. An office that closes its weeks has two or three.
_OPEN_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check. `organisation` is None if an error leaves no organisation to work with."""

    settings: Settings
    rules: RuleBook
    organisation: Organisation | None
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()  # what is no slip, and worth a look before issuing
    written: Path | None = None  # the workbook that shows who scores and approves whom


def check(office: Path, today: date) -> Checked:
    """Read everything that the office staff maintain, and collect every error with sheet and cell.

    Args:
        office: The office folder.
        today: Scorers and approvers are checked in today's week, and in each later week in which a row of the workbook begins or ends.

    Raises:
        EvalxlError: settings, rule book or workbook cannot be read at all.
    """
    settings = load_settings(office)
    rules = find_rulebook(office, settings.rulebook)
    sheets = read_tables(organisation_bytes(office), ORGANISATION)
    organisation, slips = read_organisation(sheets, rules)
    findings = [slip.at(file=ORGANISATION) for slip in slips]
    if organisation is not None:
        findings += _unknown_unit_folders(settings, organisation)
        findings += _authority_slips(organisation, rules, today, sheets)
        findings += _left_out(office, settings, organisation, rules, today)
        tasks = organisation.tasks_on(Week.of(today).thursday)
        findings += not_offered(office, settings.language, settings.unit_reports, tasks, rules)
        findings += _kept_in_open_weeks(office, organisation, today, sheets)
    findings += lacking_scores(office, settings.language, rules)
    findings += _beyond(office)
    notes = [*_head_missing(settings, today), *(_days_off_run_out(organisation, today) if organisation else ())]
    return Checked(settings, rules, organisation, tuple(findings), tuple(notes))


def _days_off_run_out(organisation: Organisation, today: date) -> Iterable[Finding]:
    """The days off that are entered all lie in the past: the next holiday would be a working day."""
    days = [entry.day for entry in organisation.days_off if entry.kind == "holiday"]
    if days and max(days) < today:
        yield Finding("organisation.days_off_run_out", file=ORGANISATION, values={"last": shown_date(max(days))})


def _head_missing(settings: Settings, today: date) -> Iterable[Finding]:
    """What is printed at the head of every page and is not entered."""
    then = settings.on(today)
    missing = [name for name in ("name", "place") if not getattr(then, name).strip()]
    if then.letterhead == "none":
        missing.append("letterhead")
    if missing:
        yield Finding("organisation.head_missing", file=FILE, values={"names": ", ".join(missing)})


def _beyond(folder: Path) -> Iterable[Finding]:
    """Weeks and periods that are on the shares but not in the ledger: it was restored from a backup, and later work must still be taken in again."""
    try:
        restored = Office.open(folder)
        weeks, periods = weeks_beyond(restored, lately=True), periods_beyond(restored, lately=True)
    except (EvalxlError, OSError):
        return  # `verify` and `doctor` report a ledger or a share that cannot be read
    if weeks:
        first, named = str(weeks[0]), ", ".join(str(week) for week in weeks)
        yield Finding("ledger.behind", values={"weeks": named, "first": first})
    if periods:
        first, named = str(periods[0]), ", ".join(str(period) for period in periods)
        yield Finding("ledger.behind_period", values={"periods": named, "first": first})


def write_authorities(office: Path, checked: Checked, to: Path, today: date) -> Checked:
    """Write the workbook that shows who scores and approves whom in today's week, and why, including units that report. Without an organisation nothing is written.

    Raises:
        EvalxlError: it cannot be written there.
    """
    from evalxl.excel.authority_book import write_authority  # XlsxWriter is slow to import

    organisation, week = checked.organisation, Week.of(today)
    if organisation is None:
        return checked
    whole = roster(organisation, week, checked.rules)[0]
    units = whole.collectives if checked.settings.unit_reports else ()
    lines = judges(organisation, whole, week, checked.rules, units)
    names = {post.code: post.name for post in organisation.posts}
    to_come = [one for one in organisation.delegations if one.last >= week.monday]
    data = write_authority(lines, names, week, checked.rules, checked.settings.language, to_come)
    return replace(checked, written=publish(to.absolute(), data, Office.open(office).keeper).path)


def weeks_to_try(organisation: Organisation, today: date) -> list[Week]:
    """Today's week, then the later weeks in which somebody joins, moves, leaves or delegates.

    Past weeks are not checked, because values that were overwritten without dates would be missing in all of them.
    """
    dated: list[Post | Unit] = [*organisation.posts, *organisation.units]
    days = {row.first for row in dated} | {entry.first for entry in organisation.delegations}
    days |= {row.last + timedelta(days=1) for row in dated if row.last < LAST_DAY}
    this = Week.of(today)
    # A change takes effect in the first week on whose Thursday it is valid.
    weeks = {Week.of(day + timedelta(days=3)) for day in days if FIRST_DAY < day < LAST_DAY - timedelta(days=3)}
    return [this, *sorted(week for week in weeks if week > this)]


def _authority_slips(
    organisation: Organisation, rules: RuleBook, today: date, sheets: Mapping[str, Table]
) -> Iterable[Finding]:
    """People who cannot be scored or approved in some week. Each error is reported once, at the cell where it is corrected."""
    most = max(1, _PERSON_WEEKS // max(1, len(organisation.posts)))
    slips: dict[tuple[str, str, str, str], Finding] = {}
    for week in weeks_to_try(organisation, today)[:most]:
        for slip in roster(organisation, week, rules)[1]:
            role, unit_code = str(slip.values.get("role", "")), str(slip.values.get("unit", ""))
            slips.setdefault((slip.kind, slip.code, unit_code, role), slip)
    person, unit = places(sheets, "people"), places(sheets, "units")
    for slip in slips.values():
        column = _column(slip)
        sheet, cell = person(slip.code, column) if slip.code else unit(str(slip.values.get("unit", "")), column)
        yield slip.at(file=ORGANISATION, sheet=sheet, cell=cell)


def _kept_in_open_weeks(
    folder: Path, organisation: Organisation, today: date, sheets: Mapping[str, Table]
) -> Iterable[Finding]:
    """What open weeks keep against the workbook, each at the overwritten cell."""
    office = Office.open(folder)
    place = {sheet: places(sheets, sheet) for sheet in ("units", "people")}
    history = office.history
    weeks = islice((week for week in sorted(history.weeks, reverse=True) if is_open(office, week)), _OPEN_WEEKS)
    for week in sorted(weeks):
        if not history.week(week).organisation:
            continue
        for kept in kept_in(office, week, organisation, today)[1]:
            sheet, cell = place[kept.sheet](kept.code, kept.column or "code", week.thursday)
            yield say_kept(kept, week).at(file=ORGANISATION, sheet=sheet, cell=cell)


def _left_out(
    office: Path, settings: Settings, organisation: Organisation, rules: RuleBook, today: date
) -> Iterable[Finding]:
    """People for whom the workbooks of some week have no row, and managers of very many people. Each is reported once."""
    most = max(1, _PERSON_WEEKS // max(1, len(organisation.posts)))
    found: dict[tuple[str, str], Finding] = {}
    for week in weeks_to_try(organisation, today)[:most]:
        members = roster(organisation, week, rules)[0].members
        lang = settings.language
        for finding in (*left_out(office, lang, members), *left_out_of_periods(office, lang, members)):
            found.setdefault((finding.kind, finding.code), finding.at(file=ORGANISATION))
    return found.values()


def _column(slip: Finding) -> str:
    """The column in which an error is corrected: the column of the role that it concerns."""
    if slip.kind == "organisation.no_approver":
        return "approver"
    if slip.kind == "organisation.unit_cycle":
        return "parent"
    return str(slip.values.get("role", "@authority.scorer")).rpartition(".")[2]


def _unknown_unit_folders(settings: Settings, organisation: Organisation) -> Iterable[Finding]:
    known = {code_key(unit.code) for unit in organisation.units}
    for code in settings.unit_folders:
        if code_key(code) not in known:
            yield Finding("organisation.unknown_unit_folder", file=FILE, found=code)
