"""Proving that ledger and archive are unaltered, or reporting where they were altered. And redrawing all outputs from the two alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from evalxl.domain.history.file_count import counted_wrong
from evalxl.domain.history.fold import take_in_week
from evalxl.domain.history.history import WeekHistory
from evalxl.domain.history.retention import blobs_of, received_in
from evalxl.domain.weeks import Period, Week
from evalxl.excel.stamping.peek_stamp import peek_stamp
from evalxl.records import folders
from evalxl.records.archive import Archive, digest_of
from evalxl.records.arrivals import bytes_of
from evalxl.records.identity import read_id
from evalxl.records.ledger import FIRST, Event, read_chain
from evalxl.records.publish import Published
from evalxl.records.settings import load_settings
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.office.write_session import at_work
from evalxl.steps.outputs.week_outputs import draw_week
from evalxl.steps.periods.roll_up import draw_roll_up
from evalxl.steps.views.week_view import week_view

_WEEKS_AT_HAND = 2  # the week that is scored, and the week whose forms are out
SHORTEST_HEAD = 16  # the length that masters print
_HEAD = re.compile(r"[0-9a-f]{64}")
_FOREIGN = ("form.other_office", "form.other_week")


@dataclass(frozen=True, slots=True)
class Altered:
    """Something that was altered: the file, the line if there is one, and a catalogue key that says how."""

    file: str
    line: int
    key: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved: the number of unaltered events and blobs, or what was altered."""

    events: int
    blobs: int
    head: str
    altered: tuple[Altered, ...]
    deleted: int = 0  # archived files deleted by decisions in the ledger


def verify(folder: Path, printed: Sequence[str] = (), shares: bool = True) -> Verified:
    """Check the whole chain, every archived blob, every run's count of files, and every ledger head in a workbook on the shares.

    Args:
        printed: Heads printed on paper, in minutes or at the foot of a signed list, or their first 16 or more characters.
        shares: Check the workbooks on the shares too. For a backup they are newer than its ledger, so they are left out.

    Raises:
        EvalxlError: the folder is no office.
    """
    settings = load_settings(folder)
    witness, named = folders.witness_of(folder), _Named()
    chain = read_chain(folder / folders.LEDGER, witness, named.see)
    altereds = [Altered(b.file, b.line, b.key) for b in chain.breaks]
    archive = Archive(folder / folders.ARCHIVE)
    altereds += [Altered(path.name, 0, "verify.blob_altered") for path in archive.altered()]
    blobs, deleted = {path.stem for path in archive.blobs()}, set[str]()
    if all(one.file == witness.name for one in chain.breaks):  # the chain itself is unbroken
        missing = {name: seq for name, seq in named.blobs.items() if name not in blobs}
        deleted = _deleted(missing, named.cleaned, folder / folders.LEDGER, witness)
        altereds += [Altered(name, seq, "verify.blob_missing") for name, seq in missing.items() if name not in deleted]
        altereds += _counted_wrong(named.counts, folder / folders.LEDGER, witness)
        heads = set(chain.heads)
        altereds += [Altered(head, 0, "verify.printed_head") for head in printed if not _is_among(head, heads)]
        for root in folders.roots(settings, folder) if shares else ():
            altereds += [
                Altered(name, 0, "verify.foreign_head")
                for name in _foreign(root, heads | named.seals, read_id(folder), named.refused)
            ]
    return Verified(len(chain.heads) - 1, len(blobs), chain.heads[-1], tuple(altereds), len(deleted))


def _is_among(printed: str, heads: set[str]) -> bool:
    """Whether a printed head is one of the ledger's. A beginning that is too short proves nothing."""
    written = "".join(printed.split()).rstrip("….").lower()
    return len(written) >= SHORTEST_HEAD and any(head.startswith(written) for head in heads if head != FIRST)


def _deleted(missing: Collection[str], cleaned: Mapping[str, int], ledger: Path, witness: Path) -> set[str]:
    """The missing blobs that were deleted by a decision: every event that names them came before it, in weeks and periods named by the decision."""
    if not missing or not cleaned:
        return set()
    needed: set[str] = set()

    def see(event: Event) -> None:
        if event["seq"] > cleaned.get(received_in(event), 0):
            needed.update(blobs_of(event))

    read_chain(ledger, witness, see)
    return set(missing) - needed


@dataclass(slots=True)
class _Named:
    """The blobs that the events name, each with the number of the first event that names it. And the counts of files, computed again.

    Attributes:
        seals: Heads of a lost ledger, in workbooks that were adopted.
        refused: The hashes of files refused as belonging to another office or week. They may contain another ledger's head.
        cleaned: By week or period: the last event that records the deletion of its archived bytes by a decision.
    """

    blobs: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    cleaned: dict[str, int] = field(default_factory=dict)
    counts: _Counts = field(default_factory=lambda: _Counts())
    seals: set[str] = field(default_factory=set)  # heads of a lost ledger, in workbooks that were adopted

    def see(self, event: Event) -> None:
        kind = event["kind"]
        self.counts.see(event)
        if kind == "received" and any(finding["kind"] in _FOREIGN for finding in event.get("findings", ())):
            self.refused.add(event["sha256"])
        if "adopted" in event:
            self.seals.add(str(event["seal"]))
        if kind == "cleaned":
            self.cleaned |= dict.fromkeys(event["of"], event["seq"])
        for digest in blobs_of(event):
            self.blobs.setdefault(digest, event["seq"])


@dataclass(slots=True)
class _Counts:
    """Folds the events again, and finds the runs whose recorded count of files is wrong.

    Attributes:
        only: The weeks to check; empty for all weeks.
        wrong: By number of the `counted` event.
        late: Weeks that were counted again after they had been released from memory. Of a long history only the last few are kept.
    """

    only: Collection[str] = ()
    wrong: dict[int, Altered] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    _weeks: dict[str, WeekHistory] = field(default_factory=dict)
    _let_go: set[str] = field(default_factory=set)

    def see(self, event: Event) -> None:
        name = str(event.get("week", ""))
        if not name or (self.only and name not in self.only):
            return
        if name in self._let_go:
            if event["kind"] == "counted":
                self.late.add(name)
            return
        week_history = self._weeks.pop(name, None) or WeekHistory(Week.parse(name))
        self._weeks[name] = week_history
        take_in_week(week_history, event)
        if event["kind"] == "counted" and any(counted_wrong(week_history, event)):
            self.wrong[event["seq"]] = Altered(name, event["seq"], "verify.counted_wrong")
        if len(self._weeks) > _WEEKS_AT_HAND:
            gone = next(iter(self._weeks))
            del self._weeks[gone]
            self._let_go.add(gone)


def _counted_wrong(counts: _Counts, ledger: Path, witness: Path) -> list[Altered]:
    """The wrong counts. The ledger is read again for weeks that were released from memory too early."""
    wrong, late = dict(counts.wrong), sorted(counts.late)
    for place in range(0, len(late), _WEEKS_AT_HAND):
        again = _Counts(late[place : place + _WEEKS_AT_HAND])
        read_chain(ledger, witness, again.see)
        wrong |= again.wrong
    return [wrong[seq] for seq in sorted(wrong)]


def _foreign(root: Path, heads: set[str], office_id: str, refused: set[str]) -> Iterator[str]:
    """Workbooks of evalxl on the share with a head that the ledger does not contain, so the ledger was cut or replaced.

    A workbook of another office has that office's id and proves nothing about this ledger. Version 0.1 stamped no id. For such a file it is enough that
    the ledger recorded it as belonging to another week.
    """
    for path in sorted(root.rglob("*.xlsx")):
        data = bytes_of(path)
        said = peek_stamp(data)
        if not _HEAD.fullmatch(said.get("seal", "")) or said["seal"] in heads:
            continue
        issuer = said.get("office", "")
        if not (office_id and issuer and issuer != office_id) and (issuer or digest_of(data) not in refused):
            yield path.relative_to(root).as_posix()


def rebuild(office: Office, clock: Clock) -> list[Published]:
    """Draw all masters, receipts and pages to sign again from ledger and archive alone, and the workbooks of every period that was rolled up.

    Stored results beside a long ledger are ignored and computed again. Superseded pages stay as they are.
    """
    today: date = clock.now.astimezone(office.settings.zone).date()
    done: list[Published] = []
    with at_work(office, clock, drawn_anew=True):
        office.read_anew()
        for week in _issued_weeks(office):
            situation = week_view(office, week, today)
            done += draw_week(office, situation, pages=True, anew=True)
        for period in _rolled_up(office):
            rolled = draw_roll_up(office, period)
            done += [rolled.master, *rolled.beside]
    return done


def _rolled_up(office: Office) -> list[Period]:
    """The periods that were rolled up. The first roll-up of a period issues its workbooks, unless the period was closed before."""
    history = office.history
    found = {*history.periods, *history.closed_periods}
    return sorted((Period.parse(name) for name in found), key=lambda period: (period.last, period.first))


def _issued_weeks(office: Office) -> list[Week]:
    return sorted(week for week, week_history in office.history.weeks.items() if week_history.organisation)
