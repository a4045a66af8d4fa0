"""The office at work: everything that a step gathers before it decides.

`Office` opens the settings, the ledger and the archive, and reads the organisation as it stands in the file now or as a week goes by in the
ledger. Events are gathered in a `Batch`, which the history sees at once and the ledger as one file.
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

from evalxl import __version__
from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.week_view import UnitPoint
from evalxl.domain.findings import Finding
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
from evalxl.domain.weeks import Period, Week
from evalxl.excel.tables import read_tables
from evalxl.forms.fields import SIZES, Kind, template_name
from evalxl.forms.organisation import canonical, from_canonical, read_organisation
from evalxl.forms.tables import Table
from evalxl.records import folders
from evalxl.records.archive import Archive, digest_of
from evalxl.records.cache import cache_folder
from evalxl.records.identity import id_from, new_id, read_id
from evalxl.records.kept import ShareKeeper
from evalxl.records.ledger import Entry, Ledger
from evalxl.records.long_ledger import LongLedger, open_ledger
from evalxl.records.office import organisation_bytes
from evalxl.records.package_files import shipped
from evalxl.records.rulebooks import find_rulebook
from evalxl.records.settings import Settings, load_settings
from evalxl.steps.office.capacity import own_template
from evalxl.words import Lang

if TYPE_CHECKING:
    from evalxl.excel.drawing_pool import Hands
    from evalxl.excel.workers import Examiner

VERSION = 2  # of how rows, warnings and means of a week come from its events: what is kept of weeks gone by goes by it
DEFAULT_RULES = "cv-8679-2025"
Tables = Mapping[str, Table]
_MOST_WEEKS = 16  # of which an office keeps the roster at hand

# Standard templates of other rules, by what they are made of: making one takes longer than stamping a hundred.
_built: dict[tuple[Kind, str, Lang, int], bytes] = {}


class OrganisationHasSlipsError(EvalxlError):
    """The organisation workbook has slips that stop everything."""

    key = "slip.organisation_has_slips"


class NotIssuedError(EvalxlError):
    """Nothing was issued for the week."""

    key = "slip.not_issued"


class WeekOffError(NotIssuedError):
    """Nothing was issued for the week, and nothing will be: it has no working day."""

    key = "slip.week_off"


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of a run, and who works: given by the command line, so that no step asks for the time itself."""

    now: datetime
    by: str = ""


@dataclass
class Office:
    """One office folder, opened.

    Attributes:
        examiner: Who examines what came back; worker processes where nothing else is said.
        hands: Who draws masters and pages; where nothing else is said, processes where there are many, and this one where there are few.
    """

    folder: Path
    settings: Settings
    archive: Archive
    ledger: Ledger
    lang: Lang = "vi"
    examiner: Examiner | None = None
    hands: Hands | None = None
    _rules: dict[str, RuleBook] = field(default_factory=dict, repr=False)
    _organisations: dict[str, Organisation] = field(default_factory=dict, repr=False)
    _rosters: dict[tuple[Week, str, str], Roster] = field(default_factory=dict, repr=False)
    _points: dict[Week, tuple[str, tuple[UnitPoint, ...]]] = field(default_factory=dict, repr=False)
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
        """By what its workbooks are known from those of other offices; made up where none was kept yet, and kept by the next run that writes."""
        return read_id(self.folder) or self._id_in_ledger() or new_id()

    def _id_in_ledger(self) -> str:
        first = next((event for event in self.ledger.events if event["kind"] == "issued"), None)
        return "" if first is None else first.get("office") or id_from(first["form_id"])

    @cached_property
    def keeper(self) -> ShareKeeper:
        """Who has what others wrote on the shares archived before it is written over or taken away."""
        return ShareKeeper(self.archive, self.folder / folders.WRITTEN, self.relative)

    @cached_property
    def history(self) -> History:
        return self.history_until(len(self.ledger.events))

    def history_until(self, seq: int) -> History:
        """The history as it was when so many events were written."""
        ledger = self.ledger
        if isinstance(ledger, LongLedger):
            found = history_by_need(ledger.weeks(seq), lambda week: ledger.of_week(week, seq), ledger.beyond(seq))
            found.until = seq
            found.told = lambda week: at_a_glance(self, found, week, "told")
            found.named = lambda week: at_a_glance(self, found, week, "named")
            found.results = lambda week: at_a_glance(self, found, week, "results")
            found.heard = ledger.heard
            return found
        return fold(ledger.events[:seq])

    def catch_up(self) -> None:
        """Take in what somebody else wrote since the office was opened."""
        before = len(self.ledger.events)
        if not self.ledger.catch_up() or "history" not in self.__dict__:
            return
        if isinstance(self.ledger, LongLedger):
            del self.__dict__["history"]
        else:
            for event in self.ledger.events[before:]:
                apply_event(self.history, event)

    def read_anew(self) -> None:
        """Go by the ledger alone, and by nothing that is kept beside it: so does whoever makes everything again.

        Raises:
            LedgerBrokenError: its chain does not hold.
        """
        if isinstance(self.ledger, LongLedger):
            self.ledger.read_anew()
            self.__dict__.pop("history", None)
            self._points.clear()

    def let_go(self, history: History) -> None:
        """Have no week gone by at hand: for whoever is done with going through them. Of many people one is large."""
        self.ledger.let_go()
        if isinstance(history.weeks, WeeksByNeed):
            history.weeks.let_go()

    def read_organisation(self, rules: RuleBook) -> tuple[Organisation, list[Finding]]:
        """The organisation as it stands in the file now.

        Raises:
            OrganisationHasSlipsError: it has slips that leave no organisation to work with.
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
        """The rule book that a week was issued under; before that, the one of the settings."""
        this = self.history.week(week)
        return self.rules_by(this.rulebook) if this.issues() else find_rulebook(self.folder, self.settings.rulebook)

    def rules_by(self, digest: str) -> RuleBook:
        """The archived rule book of a hash."""
        if digest not in self._rules:
            self._rules[digest] = read_rulebook(self.archive.get(digest), digest[:12])
        return self._rules[digest]

    def event_of(self, issue: Issue) -> Mapping[str, Any]:
        """The event of an issue with all values that went out, also where the ledger has only what changed."""
        event = self.ledger.events[issue.seq - 1]
        own = {name: value for name, value in event.items() if name not in ("since", "changes")}
        return own | {"values": issue.values}

    def settings_of(self, week: Week) -> Settings:
        """The settings with the name that the office had when the week was issued; before that, the one of its Thursday."""
        head = at_a_glance(self, self.history, week, "head") if week in self.history.weeks else {}
        return self.settings.under(head) if head else self.settings.on(week.thursday)

    def organisation_of(self, week: Week) -> Organisation | None:
        """The organisation that a week goes by in the ledger, as of its Thursday; None before anything was issued."""
        digest = self.history.week(week).organisation
        return self.organisation_by(digest).on(week.thursday) if digest else None

    def organisation_by(self, digest: str) -> Organisation:
        """The archived organisation of a hash; weeks in a row mostly go by one and the same."""
        if digest not in self._organisations:
            self._organisations[digest] = from_canonical(json.loads(self.archive.get(digest)))
        return self._organisations[digest]

    def goes_by(self, history: History, week: Week) -> tuple[str, str]:
        """The hashes of the organisation and the rule book that a week gone by goes by."""
        return tuple[str, str](at_a_glance(self, history, week, "goes_by"))

    def not_issued(self, week: Week) -> NotIssuedError:
        """What to say of a week for which nothing was issued."""
        try:
            working = self.read_organisation(self.rules_of(week))[0].working_days(week)
        except EvalxlError:
            return NotIssuedError(week=week, name=str(week))
        return (NotIssuedError if working else WeekOffError)(week=week, name=str(week))

    def roster_of(self, week: Week, organisation: Organisation, rules: RuleBook) -> Roster:
        return roster(organisation, week, rules)[0]

    def roster_by(self, week: Week, organisation: str, rulebook: str) -> Roster:
        """Who was to be evaluated in a week, by the hashes of what it goes by; whoever looks back does so week after week."""
        key = (week, organisation, rulebook)
        if key not in self._rosters:
            if len(self._rosters) >= _MOST_WEEKS:
                self._rosters.pop(next(iter(self._rosters)))
            self._rosters[key] = roster(self.organisation_by(organisation), week, self.rules_by(rulebook))[0]
        return self._rosters[key]

    def judged(self, this: WeekHistory) -> WeekFromHistory | None:
        """A week as whoever looks back on it sees it; None where nothing was issued for it."""
        if not this.organisation:
            return None
        return WeekFromHistory(
            this, self.roster_by(this.week, this.organisation, this.rulebook), self.rules_by(this.rulebook)
        )

    def points_of(self, week: Week) -> tuple[UnitPoint, ...]:
        """The means of an earlier week, which are another week's trend: worked out again only where the ledger has learned more of it."""
        this = str(self.history.week(week).last_seq) if not isinstance(self.ledger, LongLedger) else ""
        mark = this or self.mark_of(self.history, week)
        if week not in self._points or self._points[week][0] != mark:
            means = at_a_glance(self, self.history, week, "points")
            self._points[week] = (
                mark,
                tuple(UnitPoint(unit, week, Decimal(total), count) for unit, total, count in means),
            )
        return self._points[week][1]

    def mark_of(self, history: History, week: Week) -> str:
        """Under what is kept what this program works out of a week as a history has it.

        Empty where nothing is kept: of a ledger that is at hand, and of a week of which something is not written down yet.
        """
        if isinstance(history.weeks, WeeksByNeed) and history.weeks.learned(week):
            return ""
        mark = self.ledger.mark_of(week, history.until)
        return f"{VERSION}/{__version__}/{mark}" if mark else ""

    def template(self, kind: Kind, rules: RuleBook, size: int = SIZES[0]) -> bytes:
        """The template of a kind of workbook: the office's own, else the standard one for so many people.

        The standard files are those of the standard rules; for an office with other maxima, lists or bands they are built anew.
        """
        own = own_template(self.folder, self.lang, kind)
        if own is not None:
            return own.read_bytes()
        if rules.id != DEFAULT_RULES:
            from evalxl.excel.templates import build  # slow to import, seldom needed

            made = (kind, rules.digest, self.lang, size)
            if made not in _built:
                _built[made] = build(kind, rules, self.lang, size)
            return _built[made]
        return (shipped("templates") / template_name(kind, self.lang, size)).read_bytes()

    def lock_path(self) -> Path:
        return self.folder / folders.LOCK

    def relative(self, path: Path) -> str:
        """A path as the ledger writes it: relative to the office or one of its shares, with forward slashes."""
        for name, root in self.roots():
            if path.is_relative_to(root):
                return f"{name}{path.relative_to(root).as_posix()}"
        return path.as_posix()

    def absolute(self, relative: str) -> Path:
        """The path that the ledger wrote; one that is nowhere where the settings name its share no more."""
        for name, root in self.roots():
            if name and relative.startswith(name):
                return root / relative[len(name) :]
        return self.roots()[-1][1] / relative

    def roots(self) -> list[tuple[str, Path]]:
        """The shares and the inbox, each with the mark that a path in the ledger begins with; the share itself has none and comes last.

        A mark is the name of the setting, so that the ledger's paths hold when another share is set beside it.
        """
        share = folders.shared(self.settings, self.folder)
        named: dict[Path, str] = {folders.inbox_path(self.folder): f"{{{folders.INBOX}}}/"}
        for name, root in folders.named_roots(self.settings, self.folder):
            if root != share:
                named.setdefault(root, f"{{{name}}}/")
        return [*((mark, root) for root, mark in named.items()), ("", share)]

    def on_same_share(self, relative: str, path: Path) -> bool:
        """Whether the ledger's path and another one lie on the same share."""
        return share_mark(relative) == share_mark(self.relative(path))


def share_mark(relative: str) -> str:
    """The mark that a path in the ledger begins with; empty for the share itself."""
    return relative.partition("}/")[0] if relative.startswith("{") and "}/" in relative else ""


@dataclass
class Batch:
    """Events of one run, seen by the history at once and written to the ledger together."""

    office: Office
    clock: Clock
    events: list[Entry] = field(default_factory=list)

    def add(self, kind: str, when: Week | Period, **values: Any) -> Event:
        event: Mapping[str, Any] = {
            "seq": len(self.office.ledger.events) + len(self.events) + 1,
            "kind": kind,
            ("week" if isinstance(when, Week) else "period"): str(when),
            "at": self.clock.now.astimezone(self.office.settings.zone).isoformat(timespec="seconds"),
            "by": self.clock.by,
            **{name: value for name, value in values.items() if value not in (None, "", (), [], {}, False)},
            **{name: value for name, value in values.items() if name in _ALWAYS},
        }
        entry = Entry(event)
        self.events.append(entry)
        apply_event(self.office.history, dict(entry))
        return event

    def write(self, label: str) -> int:
        """Write what was gathered; nothing where nothing was.

        Returns:
            How many events were written.
        """
        count = len(self.events)
        self.office.ledger.append(self.events, label)
        self.events = []
        return count


# Fields that an event has even where they are empty.
_ALWAYS = ("subject", "values", "tasks", "scores", "source", "reason", "typed", "content")


def settle_week(batch: Batch, week: Week, rules: RuleBook, rules_text: bytes, organisation: Organisation) -> None:
    """Record what the week goes by: its rule book (once), and the organisation as it stands now."""
    office = batch.office
    this, text = office.history.week(week), office.archive.keep(rules_text, ".toml")
    # Issuing that was broken off before a form was recorded binds the week to nothing.
    if this.rulebook != text and not this.issues():
        head = office.settings.on(week.thursday).head
        batch.add("rules", week, sha256=text, rulebook=rules.stamp, head=head)
    snapshot = json.dumps(canonical(organisation), ensure_ascii=False, sort_keys=True).encode()
    digest = office.archive.keep(snapshot, ".json")
    if office.history.week(week).organisation != digest:
        batch.add("organisation", week, sha256=digest)


def rulebook_text(office: Office, rules: RuleBook) -> bytes:
    """The bytes of a rule book's file, which its digest names.

    Raises:
        FileNotFoundError: no file has that digest.
    """
    for folder in (office.folder / folders.RULEBOOKS, shipped("rulebooks")):
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
            if digest_of(text) == rules.digest:
                return text
    raise FileNotFoundError(rules.id)


def _points(office: Office, this: WeekHistory) -> list[tuple[str, str, int]]:
    judged = office.judged(this)
    points = points_of(judged) if judged is not None else ()
    return [(one.unit, str(one.total), one.counted) for one in points]


_ASKED: Mapping[str, Callable[[Office, WeekHistory], Any]] = {
    "told": lambda _, this: sorted(this.told()),
    "named": lambda _, this: names_reported(this),
    "results": lambda _, this: results_in(this),
    "goes_by": lambda _, this: [this.organisation, this.rulebook],
    "points": _points,
    "head": lambda _, this: dict(this.head),
    "stands": lambda _, this: [bool(this.issues()), this.closed, bool(this.closings)],
}


def at_a_glance(office: Office, history: History, week: Week, what: str) -> Any:
    """One of these things of a week as a history has it."""
    mark = office.mark_of(history, week)
    told = office.ledger.kept(week, what, mark) if mark else None
    if told is not None:
        return told
    this = history.week(week)
    if not mark:
        return _ASKED[what](office, this)
    found = glanced(office, this)
    office.ledger.keep(week, mark, found)
    return found[what]


def glanced(office: Office, this: WeekHistory) -> dict[str, Any]:
    """All of it of a week that is at hand, by what it is called."""
    return {name: of(office, this) for name, of in _ASKED.items()}
