"""The opened office: everything that a step gathers before it decides.

`Office` opens the settings, the ledger and the archive. It reads the organisation from the workbook as it is now, or from the ledger as a week uses it.
A `Batch` collects events: the history sees each one at once, the ledger gets all of them as one file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

from evalxl import __version__
from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.week_view import UnitPoint
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import LedgerEvent, OrganisationEvent, RulesEvent
from evalxl.domain.history.fold import apply_event, fold, history_by_need
from evalxl.domain.history.history import Event, History, WeekHistory
from evalxl.domain.history.lazy_weeks import WeeksByNeed
from evalxl.domain.organisation.authority import roster
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.week.assigned_tasks import names_reported
from evalxl.domain.week.replies import results_in
from evalxl.domain.week.two_week_history import WeekFromHistory, points_of
from evalxl.domain.week.week_results import WeekRows, rows_of_week
from evalxl.domain.weeks import Period, Week
from evalxl.excel.tables import read_tables
from evalxl.forms.kind import SIZES, WorkbookKind, template_name
from evalxl.forms.organisation.reading import canonical, from_canonical, read_organisation
from evalxl.forms.tables import Table
from evalxl.records import folders
from evalxl.records.archive import Archive, digest_of
from evalxl.records.cache import cache_folder
from evalxl.records.identity import id_from, new_id, read_id
from evalxl.records.kept import ShareKeeper
from evalxl.records.ledger import Entry, Ledger
from evalxl.records.long_ledger import LongLedger, open_ledger
from evalxl.records.made_templates import kept_template
from evalxl.records.office import organisation_bytes
from evalxl.records.package_files import builders, shipped
from evalxl.records.rulebooks import find_rulebook
from evalxl.records.settings import Settings, load_settings
from evalxl.steps.office.capacity import own_template
from evalxl.words import Lang

if TYPE_CHECKING:
    from evalxl.excel.drawing_pool import DrawingPool
    from evalxl.excel.returned.workers import Examiner

VERSION = 4  # of how rows, warnings and means are computed from a week's events; stored results of past weeks are valid for one version only
DEFAULT_RULES = "cv-8679-2025"
Tables = Mapping[str, Table]
_MOST_WEEKS = 16  # rosters that an office keeps in memory

# Templates built for other rules, by what they were built from. Building one takes longer than stamping a hundred.
_built: dict[tuple[WorkbookKind, str, Lang, int], bytes] = {}


class OrganisationHasSlipsError(EvalxlError):
    """The organisation workbook has errors that stop every step."""

    key = "slip.organisation_has_slips"


class NotIssuedError(EvalxlError):
    """Nothing was issued for the week."""

    key = "slip.not_issued"


class WeekOffError(NotIssuedError):
    """Nothing was issued for the week, and nothing will be, because it has no working day."""

    key = "slip.week_off"


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of a run, and the operator. The command line gives both, so that no step asks for the time itself."""

    now: datetime
    by: str = ""


@dataclass
class Office:
    """One office folder, opened.

    Attributes:
        examiner: Examines returned files. Worker processes by default.
        drawing_pool: Draws masters and pages. By default a pool of processes when there are many to draw, else this process.
    """

    folder: Path
    settings: Settings
    archive: Archive
    ledger: Ledger
    lang: Lang = "vi"
    examiner: Examiner | None = None
    drawing_pool: DrawingPool | None = None
    _rules: dict[str, RuleBook] = field(default_factory=dict, repr=False)
    _organisations: dict[str, Organisation] = field(default_factory=dict, repr=False)
    _rosters: dict[tuple[Week, str, str], Roster] = field(default_factory=dict, repr=False)
    _points: dict[Week, tuple[str, tuple[UnitPoint, ...]]] = field(default_factory=dict, repr=False)
    _rows: tuple[ref[WeekHistory], int, str, Roster, WeekRows] | None = field(default=None, repr=False)
    _workbook: tuple[str, Tables] | None = field(default=None, repr=False)

    @classmethod
    def open(cls, folder: Path) -> Office:
        """Open an office folder.

        Raises:
            EvalxlError: the folder is no office, its settings have a slip, or its ledger was altered.
        """
        settings = load_settings(folder)
        return cls(
            folder=folder,
            settings=settings,
            archive=Archive(folder / folders.ARCHIVE),
            ledger=open_ledger(folder / folders.LEDGER, folders.witness_of(folder), cache_folder()),
            lang=settings.language,
        )

    @cached_property
    def id(self) -> str:
        """The id that tells its workbooks from those of other offices. When none is stored yet, a new one is made; the next run that writes stores it."""
        return read_id(self.folder) or self._id_in_ledger() or new_id()

    def _id_in_ledger(self) -> str:
        first = next((event for event in self.ledger.events if event["kind"] == "issued"), None)
        return "" if first is None else first.get("office") or id_from(first["form_id"])

    @cached_property
    def keeper(self) -> ShareKeeper:
        """Archives what other people wrote on the shares before it is overwritten or removed."""
        return ShareKeeper(self.archive, self.folder / folders.WRITTEN, self.relative)

    @cached_property
    def history(self) -> History:
        return self.history_until(len(self.ledger.events))

    def history_until(self, seq: int) -> History:
        """The history as it was after the first `seq` events."""
        ledger = self.ledger
        if isinstance(ledger, LongLedger):
            history = history_by_need(ledger.weeks(seq), lambda week: ledger.of_week(week, seq), ledger.beyond(seq))
            history.until = seq
            history.told = lambda week: fact_of_week(self, history, week, "told")
            history.named = lambda week: fact_of_week(self, history, week, "named")
            history.results = lambda week: fact_of_week(self, history, week, "results")
            history.heard = ledger.heard
            return history
        return fold(ledger.events[:seq])

    def catch_up(self) -> None:
        """Read the events that another process wrote since the office was opened."""
        before = len(self.ledger.events)
        if not self.ledger.catch_up() or "history" not in self.__dict__:
            return
        if isinstance(self.ledger, LongLedger):
            del self.__dict__["history"]
        else:
            for event in self.ledger.events[before:]:
                apply_event(self.history, event)

    def read_anew(self) -> None:
        """Read everything from the ledger again and ignore stored results. A full rebuild uses this.

        Raises:
            LedgerBrokenError: the hash chain of the ledger does not hold.
        """
        if isinstance(self.ledger, LongLedger):
            self.ledger.read_anew()
            self.__dict__.pop("history", None)
            self._points.clear()

    def let_go(self, history: History) -> None:
        """Release the past weeks from memory, once they are no longer needed. A week of many people is large."""
        self.ledger.let_go()
        self._rows = None
        if isinstance(history.weeks, WeeksByNeed):
            history.weeks.let_go()

    def read_organisation(self, rules: RuleBook) -> tuple[Organisation, list[Finding]]:
        """The organisation as it stands in the workbook now, with findings.

        Raises:
            OrganisationHasSlipsError: the workbook has errors that leave no organisation to work with.
        """
        data = organisation_bytes(self.folder)
        digest = digest_of(data)
        if self._workbook is None or self._workbook[0] != digest:
            self._workbook = digest, read_tables(data)
        organisation, findings = read_organisation(self._workbook[1], rules)
        if organisation is None:
            raise OrganisationHasSlipsError(count=sum(finding.level == "error" for finding in findings))
        return organisation, findings

    def rules_of(self, week: Week) -> RuleBook:
        """The rule book that a week was issued under. Before the issue, the rule book named in the settings."""
        week_history = self.history.week(week)
        return (
            self.rules_by(week_history.rulebook)
            if week_history.issues()
            else find_rulebook(self.folder, self.settings.rulebook)
        )

    def rules_by(self, digest: str) -> RuleBook:
        """The archived rule book with this hash."""
        if digest not in self._rules:
            self._rules[digest] = read_rulebook(self.archive.get(digest), digest[:12])
        return self._rules[digest]

    def event_of(self, issue: Issue) -> Mapping[str, Any]:
        """The event of an issue with all issued values, even if the ledger holds only the changes."""
        event = self.ledger.events[issue.seq - 1]
        own = {name: value for name, value in event.items() if name not in ("since", "changes")}
        return own | {"values": issue.values}

    def settings_of(self, week: Week) -> Settings:
        """The settings, with the office's name at the time the week was issued. Before the issue, with its name on the week's Thursday."""
        head = fact_of_week(self, self.history, week, "head") if week in self.history.weeks else {}
        return self.settings.under(head) if head else self.settings.on(week.thursday)

    def organisation_of(self, week: Week) -> Organisation | None:
        """The organisation that the ledger holds for a week, as of its Thursday. None before anything was issued."""
        digest = self.history.week(week).organisation
        return self.organisation_by(digest).on(week.thursday) if digest else None

    def organisation_by(self, digest: str) -> Organisation:
        """The archived organisation with this hash. Consecutive weeks mostly use the same one, so it is kept in memory."""
        if digest not in self._organisations:
            self._organisations[digest] = from_canonical(json.loads(self.archive.get(digest)))
        return self._organisations[digest]

    def goes_by(self, history: History, week: Week) -> tuple[str, str]:
        """The hashes of the organisation and the rule book of a past week."""
        return tuple[str, str](fact_of_week(self, history, week, "goes_by"))

    def not_issued(self, week: Week) -> NotIssuedError:
        """The error for a week for which nothing was issued."""
        try:
            working = self.read_organisation(self.rules_of(week))[0].working_days(week)
        except EvalxlError:
            return NotIssuedError(week=week, name=str(week))
        return (NotIssuedError if working else WeekOffError)(week=week, name=str(week))

    def roster_of(self, week: Week, organisation: Organisation, rules: RuleBook) -> Roster:
        return roster(organisation, week, rules)[0]

    def roster_by(self, week: Week, organisation: str, rulebook: str) -> Roster:
        """Who was to be evaluated in a week, by the hashes of its organisation and rule book. Kept in memory, since callers go through many weeks."""
        key = (week, organisation, rulebook)
        if key not in self._rosters:
            if len(self._rosters) >= _MOST_WEEKS:
                self._rosters.pop(next(iter(self._rosters)))
            self._rosters[key] = roster(self.organisation_by(organisation), week, self.rules_by(rulebook))[0]
        return self._rosters[key]

    def rows_of(self, week: Week, roster: Roster, rules: RuleBook) -> WeekRows:
        """The rows of a week as it is now. They are worked out once, and again only after another event of the week."""
        week_history, made = self.history.week(week), self._rows
        if made is None or made[0]() is not week_history or made[1:4] != (week_history.last_seq, rules.digest, roster):
            made = (
                ref(week_history),
                week_history.last_seq,
                rules.digest,
                roster,
                rows_of_week(week_history, roster, rules),
            )
            self._rows = made
        return made[4]

    def judged(self, week_history: WeekHistory) -> WeekFromHistory | None:
        """A week as rules that look back see it. None when nothing was issued for it."""
        if not week_history.organisation:
            return None
        return WeekFromHistory(
            week_history,
            self.roster_by(week_history.week, week_history.organisation, week_history.rulebook),
            self.rules_by(week_history.rulebook),
        )

    def points_of(self, week: Week) -> tuple[UnitPoint, ...]:
        """The unit means of an earlier week, for the trend of a later week. Computed again only when the ledger has new events of that week."""
        this = str(self.history.week(week).last_seq) if not isinstance(self.ledger, LongLedger) else ""
        mark = this or self.mark_of(self.history, week)
        if week not in self._points or self._points[week][0] != mark:
            means = fact_of_week(self, self.history, week, "points")
            self._points[week] = (
                mark,
                tuple(UnitPoint(unit, week, Decimal(total), count) for unit, total, count in means),
            )
        return self._points[week][1]

    def mark_of(self, history: History, week: Week) -> str:
        """The key under which this version of the program stores what it computed of a week.

        Empty when nothing is stored: for a ledger that is in memory, and for a week with events that are not written yet.
        """
        if isinstance(history.weeks, WeeksByNeed) and history.weeks.learned(week):
            return ""
        mark = self.ledger.mark_of(week, history.until)
        return f"{VERSION}/{__version__}/{mark}" if mark else ""

    def template(self, kind: WorkbookKind, rules: RuleBook, size: int = SIZES[0]) -> bytes:
        """The template of a kind of workbook: the office's own, else the standard template for `size` people.

        The files in the package belong to the standard rules. For an office with other maxima, lists or bands a template is built, as is a
        form with a longer list of task codes, and the template of a kind that the package has no file of.
        """
        own = own_template(self.folder, self.lang, kind)
        if own is not None:
            return own.read_bytes()
        files = [shipped("templates") / template_name(kind, self.lang, number) for number in (size, SIZES[0])]
        standard = next((file for file in files if file.is_file()), None)
        if rules.id != DEFAULT_RULES or standard != files[0]:
            made = (kind, rules.digest, self.lang, size)
            if made not in _built:

                def build() -> bytes:
                    from evalxl.excel.templates import build as made_anew  # slow to import, seldom needed

                    return made_anew(kind, rules, self.lang, size)

                if (
                    standard is None
                ):  # it may be made outside the package, where nothing tells that it changed: it is not kept
                    _built[made] = build()
                else:
                    digest = digest_of(standard.read_bytes())
                    made_from = "/".join(
                        (__version__, builders(), digest, rules.digest, kind.name, self.lang, str(size))
                    )
                    _built[made] = kept_template(cache_folder(), made_from, build)
            return _built[made]
        return files[0].read_bytes()

    def lock_path(self) -> Path:
        return self.folder / folders.LOCK

    def relative(self, path: Path) -> str:
        """A path as the ledger holds it: relative to the office or to one of its shares, with forward slashes."""
        for name, root in self.roots():
            if path.is_relative_to(root):
                return f"{name}{path.relative_to(root).as_posix()}"
        return path.as_posix()

    def absolute(self, relative: str) -> Path:
        """The path on disk of a path in the ledger. It does not exist when the settings no longer name its share."""
        for name, root in self.roots():
            if name and relative.startswith(name):
                return root / relative[len(name) :]
        return self.roots()[-1][1] / relative

    def roots(self) -> list[tuple[str, Path]]:
        """The shares and the inbox, each with the prefix of its paths in the ledger. The main share has no prefix and comes last.

        The prefix is the name of the setting, so the ledger's paths stay valid when another share is added.
        """
        share = folders.shared(self.settings, self.folder)
        named: dict[Path, str] = {folders.inbox_path(self.folder): f"{{{folders.INBOX}}}/"}
        for name, root in folders.named_roots(self.settings, self.folder):
            if root != share:
                named.setdefault(root, f"{{{name}}}/")
        return [*((mark, root) for root, mark in named.items()), ("", share)]

    def on_same_share(self, relative: str, path: Path) -> bool:
        """Whether a path of the ledger and a path on disk are on the same share."""
        return share_mark(relative) == share_mark(self.relative(path))


def share_mark(relative: str) -> str:
    """The prefix of a path in the ledger; empty for the main share."""
    return relative.partition("}/")[0] if relative.startswith("{") and "}/" in relative else ""


@dataclass
class Batch:
    """The events of one run. The history sees each at once; the ledger gets them together."""

    office: Office
    clock: Clock
    events: list[Entry] = field(default_factory=list)

    def add(self, event: LedgerEvent, when: Week | Period) -> Event:
        """Add an event of a week or a period. Returns it as it will be written, with its number, time and operator."""
        record: Event = {
            **event.record(),
            "seq": len(self.office.ledger.events) + len(self.events) + 1,
            ("week" if isinstance(when, Week) else "period"): str(when),
            "at": self.clock.now.astimezone(self.office.settings.zone).isoformat(timespec="seconds"),
            "by": self.clock.by,
        }
        entry = Entry(record)
        self.events.append(entry)
        apply_event(self.office.history, dict(entry))
        return record

    def write(self, label: str) -> int:
        """Write the collected events to the ledger; without events nothing is written.

        Returns:
            The number of events written.
        """
        count = len(self.events)
        self.office.ledger.append(self.events, label)
        self.events = []
        return count


def settle_week(batch: Batch, week: Week, rules: RuleBook, rules_text: bytes, organisation: Organisation) -> None:
    """Record the week's rule book (once) and the organisation as it is now."""
    office = batch.office
    week_history, text = office.history.week(week), office.archive.keep(rules_text, ".toml")
    # An issue that stopped before any form was recorded does not fix the rule book of the week.
    if week_history.rulebook != text and not week_history.issues():
        head = office.settings.on(week.thursday).head
        batch.add(RulesEvent(sha256=text, rulebook=rules.stamp, head=head), week)
    snapshot = json.dumps(canonical(organisation), ensure_ascii=False, sort_keys=True).encode()
    digest = office.archive.keep(snapshot, ".json")
    if office.history.week(week).organisation != digest:
        batch.add(OrganisationEvent(sha256=digest), week)


def rulebook_text(office: Office, rules: RuleBook) -> bytes:
    """The bytes of the rule book file that has this digest.

    Raises:
        FileNotFoundError: no file has that digest.
    """
    for folder in (office.folder / folders.RULEBOOKS, shipped("rulebooks")):
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
            if digest_of(text) == rules.digest:
                return text
    raise FileNotFoundError(rules.id)


def _points(office: Office, week_history: WeekHistory) -> list[tuple[str, str, int]]:
    judged = office.judged(week_history)
    points = points_of(judged) if judged is not None else ()
    return [(unit_point.unit, str(unit_point.total), unit_point.counted) for unit_point in points]


_ASKED: Mapping[str, Callable[[Office, WeekHistory], Any]] = {
    "told": lambda _, week_history: sorted(week_history.told()),
    "named": lambda _, week_history: names_reported(week_history),
    "results": lambda _, week_history: results_in(week_history),
    "goes_by": lambda _, week_history: [week_history.organisation, week_history.rulebook],
    "points": _points,
    "head": lambda _, week_history: dict(week_history.head),
    "stands": lambda _, week_history: [bool(week_history.issues()), week_history.closed, bool(week_history.closings)],
}


def fact_of_week(office: Office, history: History, week: Week, what: str) -> Any:
    """One value of the week summary, named by `what`."""
    mark = office.mark_of(history, week)
    told = office.ledger.kept(week, what, mark) if mark else None
    if told is not None:
        return told
    week_history = history.week(week)
    if not mark:
        return _ASKED[what](office, week_history)
    found = facts_of_week(office, week_history)
    office.ledger.keep(week, mark, found)
    return found[what]


def facts_of_week(office: Office, week_history: WeekHistory) -> dict[str, Any]:
    """The whole week summary of a week that is in memory, by name."""
    return {name: of(office, week_history) for name, of in _ASKED.items()}
