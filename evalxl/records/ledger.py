"""The ledger: the history of the office as events, written once and hash-chained.

A run with new events writes one new file, `000123_2025-W23.jsonl`, one line per event. Each event carries the hash of the line before it
(`prev`), so a changed, lost, swapped or inserted line is found. Files are never changed; a correction is a new event that names the old one.
A file's name is part of the chain too. Its number is its place; its label is that of its first event (`label`, else its period or week).
The hash of the last line is the *head*. It is stored in every issued workbook and master, and in a file outside the ledger's folder (the witness).

The first line of a file names its format in `format`; version 0.1 wrote none, which is format 1. Every later format chains its lines in the same way
(`seq`, `prev`), so an earlier program can tell that it cannot read them.
Since format 3, a workbook that is issued again may be recorded by what changed (`since`, `changes`; `domain/history/changed_values`).
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.weeks import Week
from evalxl.records.publish import OURS_ALONE, publish, write_new

Event = Mapping[str, Any]

FORMAT = 3  # the format that this program writes; it reads all formats up to this one
FIRST = "0" * 64
_FILE = re.compile(r"(\d{6,})_([^/]*)\.jsonl")
_WITNESS = re.compile(r"([1-9][0-9]*) ([0-9a-f]{64})\n")


class LedgerBrokenError(EvalxlError):
    """The chain does not hold: something in the ledger was changed from outside."""

    key = "slip.ledger_broken"


class LedgerNewerError(EvalxlError):
    """A later version of the program has written to the ledger, in a format that this one does not know."""

    key = "slip.ledger_newer"


class LedgerGrewError(EvalxlError):
    """Another process wrote to the ledger during this run."""

    key = "slip.ledger_grew"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: file, line (from 1), and a catalogue key that says how."""

    file: str
    line: int
    key: str


class Entry(dict[str, Any]):
    """An event before it is written, as it will be read later.

    Attributes:
        texts: Its fields as JSON. Events are large, so each is serialised once; readers before the write see the same text.
    """

    __slots__ = ("texts",)

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.texts = _texts_of(said)
        super().__init__(json.loads(_line(self.texts)))


_in_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_name_in_json = cache(_in_json)


def _texts_of(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _in_json(value) for name, value in values.items()}


def _line(texts: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{_name_in_json(name)}:{texts[name]}" for name in sorted(texts)) + "}"


class Ledger:
    """The ledger of one office.

    Attributes:
        events: All events, oldest first.
        head: Hash of the last line; `FIRST` for an empty ledger.
    """

    def __init__(self, folder: Path, witness: Path) -> None:
        self.folder, self.witness = folder, witness
        self._events: list[Event] = []
        self._heads = [FIRST]  # the head after so many events
        self._files = self._before_last = 0
        self._format = 1
        self.catch_up()

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @property
    def head(self) -> str:
        return self._heads[-1]

    def append(self, events: Iterable[Mapping[str, Any]], label: str) -> list[Event]:
        """Write events as one new file, whole or not at all.

        Args:
            events: The new events; `seq` and `prev` are added here.
            label: The week or period, for the file's name.

        Returns:
            The events as written.

        Raises:
            LedgerGrewError: another process wrote meanwhile; nothing was written.
            CannotWriteError: the ledger's folder cannot be written.
        """
        lines: list[bytes] = []
        written: list[Event] = []
        heads = [self.head]
        for event in events:
            entry = event if isinstance(event, Entry) else Entry(event)
            chained = {"seq": len(self.events) + len(heads), "prev": heads[-1]}
            named: dict[str, Any] = {} if lines else {"format": FORMAT}
            if not lines and _label_of(entry) != label:
                named["label"] = label
            line = _line({**_texts_of(chained), **entry.texts, **_texts_of(named)}).encode()
            heads.append(hashlib.sha256(line).hexdigest())
            lines.append(line)
            written.append({**chained, **entry, **named})
        if not lines:
            return []
        number = self._files + 1
        if any(self.folder.glob(f"{number:06d}_*.jsonl")):
            raise LedgerGrewError(folder=self.folder)
        # An interrupted run may have left the witness behind, but never by more than one file.
        if self.events:
            publish(self.witness, self._witness_text(), OURS_ALONE)
        try:
            write_new(self.folder / _name(number, label), b"\n".join(lines) + b"\n")
        except FileExistsError:
            raise LedgerGrewError(folder=self.folder) from None
        self._before_last = len(self.events)
        self._take_up(self.folder / _name(number, label), lines, written, heads)
        self._files = number
        publish(self.witness, self._witness_text(), OURS_ALONE)
        return written

    def _take_up(self, path: Path, lines: Sequence[bytes], written: Sequence[Event], heads: Sequence[str]) -> None:
        """Add the events just written to those in memory."""
        self._events += written
        self._heads += heads[1:]

    def head_after(self, seq: int) -> str:
        """The head after an event, when it was the last one."""
        return self._heads[min(seq, len(self._heads) - 1)]

    def page(self, check: str) -> Event | None:
        """The first event for a page to sign with this check code."""
        return next((event for event in self.events if event["kind"] == "page" and event["check"] == check), None)

    def mark_of(self, week: Week, until: int | None = None) -> str:
        """The key under which results of a week may be cached. Empty here: a ledger in memory is computed from each time."""
        return ""

    def kept(self, week: Week, what: str, mark: str) -> Any:
        """A cached result of a week under this key; None if there is none."""
        return None

    def keep(self, week: Week, mark: str, results: Mapping[str, Any]) -> None:
        """Cache results of a week under its key, by kind of result."""

    def let_go(self) -> None:
        """Release from memory the events that can be read again."""

    def catch_up(self) -> bool:
        """Read the events that another process wrote since this ledger was opened, so that no decision rests on an old state.

        Returns:
            Whether there were any.

        Raises:
            LedgerNewerError: they were written by a later version of the program.
            LedgerBrokenError: their chain does not hold.
        """
        before = self._files
        # A lost witness does not stop the office: `verify` reports it until the next run writes a new one.
        breaks = [found for found in self._check(self._events.append) if found.key != "verify.witness_missing"]
        self._require_known()
        if breaks:
            raise LedgerBrokenError(file=breaks[0].file, line=breaks[0].line)
        return self._files > before

    def _require_known(self) -> None:
        """Make sure that this program understands the format of all events read.

        Raises:
            LedgerNewerError: it does not.
        """
        if self._format > FORMAT:
            raise LedgerNewerError(format=self._format, known=FORMAT)

    def _check(self, see: Callable[[Event], None]) -> list[Break]:
        """Follow the chain to its end and compare it with the witness.

        If another process writes meanwhile, the witness may be ahead of the files read. Then there is more to read, or the tail was cut off.
        """
        while True:
            files = self._files
            breaks = self._load(see) or self._against_witness()
            if self._files == files or [found.key for found in breaks] != ["verify.tail_cut"]:
                return breaks

    def _load(self, see: Callable[[Event], None]) -> list[Break]:
        """Read the files that were not read yet, and pass each event to `see` as long as the chain holds."""
        with _without_garbage_collection():
            return self._follow(see)

    def _follow(self, see: Callable[[Event], None]) -> list[Break]:
        for number, path in enumerate(ledger_files(self.folder)[self._files :], start=self._files + 1):
            match = _FILE.fullmatch(path.name)
            if not match or int(match[1]) != number:
                return [Break(path.name, 0, "verify.file_missing")]
            data, self._before_last = path.read_bytes(), len(self._heads) - 1
            if broken := follow_file(path.name, number, data, self._heads, 0, lambda event, _: self._show(event, see)):
                return [broken]
            self._files = number
        return []

    def _show(self, event: Event, see: Callable[[Event], None]) -> None:
        """Pass an event to `see`, unless it or an earlier event has a later format."""
        self._format = max(self._format, format_of(event))
        if self._format <= FORMAT:
            see(event)

    def _against_witness(self) -> list[Break]:
        """The break if the ledger does not contain the witness's head.

        The witness is written after the ledger's file. So an interrupted run may leave it one file behind, which is no fault.
        It is never ahead, and never further behind.
        """
        try:
            text = self.witness.read_text(encoding="utf-8")
        except FileNotFoundError:
            # The first file of a ledger exists before the witness.
            return [Break(self.witness.name, 0, "verify.witness_missing")] if self._files > 1 else []
        except UnicodeDecodeError:
            text = ""
        match = _WITNESS.fullmatch(text)
        if match is None:
            return [Break(self.witness.name, 1, "verify.chain_broken")]
        if int(match[1]) > self._count:
            return [Break(self.witness.name, 1, "verify.tail_cut")]
        if int(match[1]) < self._before_last or self.head_after(int(match[1])) != match[2]:
            return [Break(self.witness.name, 1, "verify.chain_broken")]
        return []

    @property
    def _count(self) -> int:
        """The number of events whose chain was followed."""
        return len(self._heads) - 1

    def _witness_text(self) -> bytes:
        return f"{len(self.events)} {self.head}\n".encode()


def follow_file(
    name: str, number: int, data: bytes, heads: list[str], before: int, see: Callable[[Event, bytes], None]
) -> Break | None:
    """Follow the chain through one file, as far as it holds.

    Args:
        heads: The heads so far; those after each of the file's lines are added.
        before: How many events are before the first of the heads.
        see: Is shown each event, with its line.
    """
    first: Event = {}
    if not data.endswith(b"\n"):
        return Break(name, data.count(b"\n") + 1, "verify.torn")
    for line_number, line in enumerate(data[:-1].split(b"\n"), start=1):
        try:
            event = json.loads(line.decode())
            holds = event["prev"] == heads[-1] and event["seq"] == before + len(heads) and "kind" in event
        except (ValueError, KeyError, TypeError, RecursionError):
            holds = False
        if not holds:
            return Break(name, line_number, "verify.chain_broken")
        first = first or event
        heads.append(hashlib.sha256(line).hexdigest())
        see(event, line)
    return None if name == _name(number, _label_of(first)) else Break(name, 0, "verify.renamed")


def format_of(event: Event) -> int:
    """The format that an event names; 1 if it names none."""
    version = event.get("format", 1)
    return version if isinstance(version, int) else FORMAT + 1


def _name(number: int, label: str) -> str:
    return f"{number:06d}_{label}.jsonl"


def _label_of(event: Event) -> str:
    """The label in the name of a file that begins with this event."""
    return str(event.get("label") or event.get("period") or event.get("week") or "")


def ledger_files(folder: Path) -> list[Path]:
    """The ledger's files, oldest first."""
    return sorted(
        (path for path in folder.glob("*.jsonl") if path.is_file()), key=lambda path: (place_of(path), path.name)
    )


def place_of(path: Path) -> int:
    """The number in a file's name; 0 if it has none."""
    match = _FILE.fullmatch(path.name)
    return int(match[1]) if match else 0


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Switch off garbage collection: all events stay in memory, and collecting would take as long as reading them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Chain:
    """A checked chain: the head after each event (`FIRST` before all), and the places where it does not hold."""

    heads: tuple[str, ...]
    breaks: tuple[Break, ...]


def check_chain(folder: Path, witness: Path) -> tuple[Break, ...]:
    """The places where a ledger's chain does not hold, for `verify`; empty if it holds."""
    return read_chain(folder, witness).breaks


def read_chain(folder: Path, witness: Path, see: Callable[[Event], None] = lambda _: None) -> Chain:
    """Follow a ledger's chain as far as it holds. Each event is passed to `see` and not kept in memory.

    Raises:
        LedgerNewerError: it holds, and a later version of the program has written to it.

    After a cut-off tail the rest of the chain still holds. The cut is found because the witness (or a returned workbook's stamp) names a head
    that the chain no longer contains.
    """
    ledger = Ledger.__new__(Ledger)
    ledger.folder, ledger.witness, ledger._events, ledger._heads = folder, witness, [], [FIRST]
    ledger._files = ledger._before_last = 0
    ledger._format = 1
    breaks = ledger._check(see)
    if not breaks:
        ledger._require_known()
    return Chain(tuple(ledger._heads), tuple(breaks))
