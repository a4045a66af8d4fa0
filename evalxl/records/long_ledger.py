"""Reads a long ledger on demand: a run loads the weeks that it works on, and never all events of many years.

Each run follows the chain through the new files and the last one. For the other files the index stores the heads before and after.
When a file is read for its events, its chain is checked between these two heads, so no event comes from an altered file.
`verify` does not use the index.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

from evalxl.domain.history.cross_week_events import crosses_weeks
from evalxl.domain.history.history import subject_of
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Week
from evalxl.forms.kind import is_form
from evalxl.records.ledger import (
    FIRST,
    FORMAT,
    Break,
    Event,
    Ledger,
    LedgerBrokenError,
    LedgerNewerError,
    follow_file,
    format_of,
    ledger_files,
    place_of,
)
from evalxl.records.ledger_index import LedgerIndex, LedgerPiece, Spot

# Bytes: a larger ledger is read on demand. Reading all of a smaller one takes a second or two.
LONG = 96 * 1024 * 1024
_OFFICE_ALONE = ("issued", "withdrawn", "page", "warned", "followed")  # events that the office causes, not the person
_week = lru_cache(Week.parse)  # ten thousand people share the same few weeks
_AT_HAND = 16 * 1024 * 1024  # bytes of files whose events are kept in memory


def open_ledger(folder: Path, witness: Path, caches: Path) -> Ledger:
    """The ledger of an office: a short one is loaded whole, a long one on demand.

    Raises:
        LedgerBrokenError: the chain does not hold, as far as it was followed.
    """
    size = sum(path.stat().st_size for path in ledger_files(folder))
    return LongLedger(folder, witness, LedgerIndex.of(folder, caches)) if size >= LONG else Ledger(folder, witness)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: its events, the head before them and after each, and the places of events that concern other weeks too."""

    piece: LedgerPiece
    events: Sequence[Event]
    heads: Sequence[str]
    spots: Sequence[Spot]


class LongLedger(Ledger):
    """A ledger that is read on demand."""

    def __init__(self, folder: Path, witness: Path, index: LedgerIndex) -> None:
        self._index = index
        self._pieces: list[LedgerPiece] = []
        self._spots: list[Spot] = []
        self._read: dict[int, _Read] = {}  # by file number, the latest used last
        self._noted = 0  # the number of files in the index whose chain was followed
        super().__init__(folder, witness)

    @property
    def events(self) -> Sequence[Event]:
        return _Events(self)

    @property
    def head(self) -> str:
        return self._pieces[-1].head if self._pieces else FIRST

    @property
    def _count(self) -> int:
        return self._pieces[-1].last if self._pieces else 0

    def head_after(self, seq: int) -> str:
        if not self._pieces or seq <= 0:
            return FIRST
        piece = self._piece_of(min(seq, self._count))
        return piece.head if seq >= piece.last else self._events_of(piece).heads[seq - piece.before]

    def weeks(self, until: int) -> list[Week]:
        """The weeks that the first so many events concern."""
        names = {week for piece in self._pieces if piece.before < until for week in piece.weeks}
        return sorted(map(Week.parse, names))

    def of_week(self, week: Week, until: int) -> Iterator[Event]:
        """The events of a week's history, among the first so many events."""
        name = str(week)
        for piece in self._pieces:
            if name in piece.weeks and piece.before < until:
                for event in self._events_of(piece).events:
                    if event.get("week") == name and event["seq"] <= until:
                        yield event

    def beyond(self, until: int) -> Iterator[Event]:
        """The events among the first so many that concern more than their own week. Only their lines are read."""
        number, data = 0, b""
        for spot in self._spots:
            if spot.seq > until:
                return
            if spot.number != number:
                number, data = spot.number, self._bytes(self._pieces[spot.number - 1])
            line = data[spot.place : spot.place + spot.length]
            if hashlib.sha256(line).hexdigest() != spot.head:
                raise self._altered(self._pieces[number - 1])
            yield json.loads(line)

    def heard(self, code: str) -> frozenset[Week] | None:
        """The weeks with any event of a person other than issued forms; None if the index does not know."""
        try:
            return frozenset(map(_week, self._index.heard(code_key(code)))) if self._all_noted() else None
        except (sqlite3.Error, OSError):
            return None

    def page(self, check: str) -> Event | None:
        try:
            if not self._all_noted():
                return super().page(check)
            number = self._index.page(check)
        except (sqlite3.Error, OSError):
            return super().page(check)
        events = self._events_of(self._pieces[number - 1]).events if number else ()
        return next((event for event in events if event["kind"] == "page" and event["check"] == check), None)

    def _all_noted(self) -> bool:
        """Whether the index holds every file whose chain was followed."""
        if self._noted != len(self._pieces):
            known, _ = self._index.load()
            if any(known.get(piece.number) != piece for piece in self._pieces):
                return False
            self._noted = len(self._pieces)
        return True

    def mark_of(self, week: Week, until: int | None = None) -> str:
        """The head after the last file with events of a week. While it is the same, the week has not changed.

        Args:
            until: Of the first so many events; where they end within such a file there is no mark.
        """
        name, last = str(week), self._count if until is None else until
        speaks = next((piece for piece in reversed(self._pieces) if name in piece.weeks and piece.before < last), None)
        if speaks is None:
            return FIRST
        return speaks.head if speaks.last <= last else ""

    def kept(self, week: Week, what: str, mark: str) -> Any:
        return self._index.kept(str(week), what, mark)

    def keep(self, week: Week, mark: str, results: Mapping[str, Any]) -> None:
        self._index.keep(str(week), mark, results)

    def read_anew(self) -> None:
        """Ignore the index and all cached results, and follow the chain through all files again.

        Raises:
            LedgerBrokenError: it does not hold.
        """
        if broken := self._followed_anew():
            raise LedgerBrokenError(file=broken.file, line=broken.line)

    def _follow(self, _: object) -> list[Break]:
        if len(ledger_files(self.folder)) == self._files:
            return []
        known, spots = self._index.load()
        broken = self._follow_on(known, spots)
        if broken is not None and known:
            broken = self._followed_anew()  # the index may be wrong, so the ledger itself is read
        return [broken] if broken is not None else []

    def _followed_anew(self) -> Break | None:
        self._index.forget()
        self._pieces, self._spots, self._files, self._before_last, self._noted = [], [], 0, 0, 0
        self._read.clear()
        return self._follow_on({}, [])

    def _follow_on(self, known: dict[int, LedgerPiece], spots: Sequence[Spot]) -> Break | None:
        paths = ledger_files(self.folder)
        wide: dict[int, list[Spot]] = {}
        for spot in spots:
            wide.setdefault(spot.number, []).append(spot)
        for number, path in enumerate(paths[self._files :], start=self._files + 1):
            if place_of(path) != number:
                return Break(path.name, 0, "verify.file_missing")
            before, piece = self._count, known.get(number)
            if piece is None or number == len(paths) or not self._fits(piece, path):
                status = path.stat()
                read = _read(path, number, before, self.head, (status.st_size, status.st_mtime_ns))
                if isinstance(read, Break):
                    return read
                self._have(read)
                self._index.add([read.piece], read.spots, _people_and_weeks(read), _pages(read))
                piece, wide[number] = read.piece, list(read.spots)
            self._pieces.append(piece)
            self._spots += wide.get(number, ())
            self._files, self._before_last = number, before
        return None

    def _fits(self, piece: LedgerPiece, path: Path) -> bool:
        """Whether a file is the one that the index knows, and continues the chain of the file before it."""
        status = path.stat()
        return (piece.name, piece.size, piece.time, piece.before, piece.joins) == (
            path.name,
            status.st_size,
            status.st_mtime_ns,
            self._count,
            self.head,
        )

    def _take_up(self, path: Path, lines: Sequence[bytes], written: Sequence[Event], heads: Sequence[str]) -> None:
        status, before = path.stat(), self._count
        number, spots = len(self._pieces) + 1, list(_spots(len(self._pieces) + 1, zip(written, lines, strict=True)))
        weeks = tuple(dict.fromkeys(str(event["week"]) for event in written if "week" in event))
        last = before + len(written)
        piece = LedgerPiece(
            number, path.name, status.st_size, status.st_mtime_ns, before, last, heads[0], heads[-1], weeks
        )
        read = _Read(piece, written, heads, spots)
        self._pieces.append(piece)
        self._spots += spots
        self._have(read)
        self._index.add([piece], spots, _people_and_weeks(read), _pages(read))

    def _piece_of(self, seq: int) -> LedgerPiece:
        low, high = 0, len(self._pieces) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._pieces[middle].last >= seq else (middle + 1, high)
        return self._pieces[low]

    def _events_of(self, piece: LedgerPiece) -> _Read:
        """A file's events: from memory, else read from disk with its chain checked."""
        if piece.number in self._read:
            self._read[piece.number] = self._read.pop(piece.number)
            return self._read[piece.number]
        path = self.folder / piece.name
        read = _read(path, piece.number, piece.before, piece.joins, (piece.size, piece.time))
        if isinstance(read, Break):
            raise self._altered(piece, read.line)
        if (read.piece.last, read.piece.head) != (piece.last, piece.head):
            raise self._altered(piece)
        self._have(read)
        return read

    def let_go(self) -> None:
        self._read.clear()

    def _have(self, read: _Read) -> None:
        self._read[read.piece.number] = read
        while len(self._read) > 1 and sum(kept.piece.size for kept in self._read.values()) > _AT_HAND:
            del self._read[next(iter(self._read))]

    def _bytes(self, piece: LedgerPiece) -> bytes:
        try:
            return (self.folder / piece.name).read_bytes()
        except FileNotFoundError:
            raise self._altered(piece) from None

    def _altered(self, piece: LedgerPiece, line: int = 0) -> LedgerBrokenError:
        """The error for a file that changed after its chain was followed. The index is not used again."""
        self._index.forget()
        return LedgerBrokenError(file=piece.name, line=line)


class _Events(Sequence[Event]):
    """All events, oldest first. Each file is read when its turn comes."""

    def __init__(self, ledger: LongLedger) -> None:
        self._ledger = ledger

    def __len__(self) -> int:
        return self._ledger._count

    @overload
    def __getitem__(self, at: int) -> Event: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Event]: ...
    def __getitem__(self, at: int | slice) -> Event | Sequence[Event]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        piece = self._ledger._piece_of(place + 1)
        return self._ledger._events_of(piece).events[place - piece.before]

    def __iter__(self) -> Iterator[Event]:
        for piece in list(self._ledger._pieces):
            yield from self._ledger._events_of(piece).events


def _read(path: Path, number: int, before: int, head: str, status: tuple[int, int]) -> _Read | Break:
    """Read one file and follow the chain through it.

    Raises:
        LedgerNewerError: a later version of the program has written it.
    """
    heads, events = [head], []
    lines: list[tuple[Event, bytes]] = []

    def see(event: Event, line: bytes) -> None:
        events.append(event)
        lines.append((event, line))

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Break(path.name, 0, "verify.file_missing")
    if broken := follow_file(path.name, number, data, heads, before, see):
        return broken
    if (newest := max(map(format_of, events), default=1)) > FORMAT:
        raise LedgerNewerError(format=newest, known=FORMAT)
    weeks = tuple(dict.fromkeys(str(event["week"]) for event in events if "week" in event))
    piece = LedgerPiece(number, path.name, *status, before, before + len(events), head, heads[-1], weeks)
    return _Read(piece, events, heads, list(_spots(number, lines)))


def _people_and_weeks(read: _Read) -> set[tuple[str, str, int]]:
    """The people with events in a file, each with the weeks of these events."""
    return {
        (code_key(subject_of(event)), str(event["week"]), read.piece.number)
        for event in read.events
        if event["kind"] not in _OFFICE_ALONE
        and event.get("subject")
        and "week" in event
        and _is_about_evaluation(event)
    }


def _is_about_evaluation(event: Event) -> bool:
    """Whether an event is about the evaluation of its subject. Events about workbooks in which somebody decides for others are not."""
    return "workbook" not in event or is_form(event["workbook"])


def _pages(read: _Read) -> set[tuple[str, int]]:
    """The check codes of the pages named in a file."""
    return {(str(event["check"]), read.piece.number) for event in read.events if event["kind"] == "page"}


def _spots(number: int, lines: Iterator[tuple[Event, bytes]] | Sequence[tuple[Event, bytes]]) -> Iterator[Spot]:
    place = 0
    for event, line in lines:
        if crosses_weeks(event):
            yield Spot(event["seq"], number, place, len(line), hashlib.sha256(line).hexdigest())
        place += len(line) + 1
