"""The index of a long ledger: which file holds which weeks, and where the events are that concern more than their own week.

It lies in the user's cache folder, where nobody else may read. It may be deleted at any time: the next run reads the whole ledger and makes it again.
A row is used only if the file's name, size, time and place in the chain are unchanged.
A week's cached results are used only if the week's last event is the one they were computed from.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = 4  # of what is kept and how it is worked out

_TABLES = """
create table if not exists piece (
    number integer primary key, name text, size integer, time integer, before integer, last integer, joins text, head text, weeks text
);
create table if not exists beyond (seq integer primary key, number integer, place integer, length integer, head text);
create table if not exists heard (person text, week text, number integer, primary key (person, week, number)) without rowid;
create table if not exists page (code text, number integer, primary key (code, number)) without rowid;
create table if not exists kept (week text, what text, mark text, told blob, primary key (week, what)) without rowid;
"""


@dataclass(frozen=True, slots=True)
class LedgerPiece:
    """One file of the ledger.

    Attributes:
        before, last: How many events are before its first; the number of its last one.
        joins, head: The head before it, and after it.
        weeks: Of which its events are.
    """

    number: int
    name: str
    size: int
    time: int
    before: int
    last: int
    joins: str
    head: str
    weeks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of an event that concerns more than its own week; `head` is the hash of its line."""

    seq: int
    number: int
    place: int
    length: int
    head: str


class LedgerIndex:
    """The index stored in a file; empty if the file is missing or unreadable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base: sqlite3.Connection | None = None

    @classmethod
    def of(cls, ledger: Path, caches: Path) -> LedgerIndex:
        """The index of a ledger's folder."""
        name = hashlib.sha256(str(ledger.absolute()).encode("utf-8", "replace")).hexdigest()[:16]
        return cls(caches / f"ledger-{VERSION}-{name}.sqlite")

    def load(self) -> tuple[dict[int, LedgerPiece], list[Spot]]:
        """The known files by number, and the spots in order."""
        try:
            with self._open() as base:
                pieces = [_piece(row) for row in base.execute("select * from piece")]
                spots = [Spot(*row) for row in base.execute("select * from beyond order by seq")]
                return {piece.number: piece for piece in pieces}, spots
        except (sqlite3.Error, ValueError, TypeError, OSError):
            self.forget()
            return {}, []

    def add(
        self,
        pieces: Iterable[LedgerPiece],
        spots: Sequence[Spot],
        heard: Iterable[tuple[str, str, int]],
        pages: Iterable[tuple[str, int]],
    ) -> None:
        """Note files that were read. Files that cannot be noted are read again next time.

        Args:
            heard: Person, week, and number of the file.
            pages: Check code of a page to sign, and number of the file.
        """
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as base:
            for piece in pieces:
                base.execute("delete from beyond where number = ?", (piece.number,))
                base.execute("delete from heard where number = ?", (piece.number,))
                base.execute("delete from page where number = ?", (piece.number,))
                row = [getattr(piece, name) for name in LedgerPiece.__dataclass_fields__]
                base.execute(
                    "insert or replace into piece values (?,?,?,?,?,?,?,?,?)", [*row[:-1], json.dumps(row[-1])]
                )
            rows = [(spot.seq, spot.number, spot.place, spot.length, spot.head) for spot in spots]
            base.executemany("insert or replace into beyond values (?,?,?,?,?)", rows)
            base.executemany("insert or replace into heard values (?,?,?)", heard)
            base.executemany("insert or replace into page values (?,?)", pages)

    def heard(self, person: str) -> list[str]:
        """The weeks in which a noted file has events of a person.

        Raises:
            sqlite3.Error, OSError: the index cannot be read.
        """
        return [week for (week,) in self._open().execute("select distinct week from heard where person = ?", (person,))]

    def page(self, code: str) -> int | None:
        """The number of the first noted file that names a page with this check code; None if none does.

        Raises:
            sqlite3.Error, OSError: the index cannot be read.
        """
        number: int | None = self._open().execute("select min(number) from page where code = ?", (code,)).fetchone()[0]
        return number

    def kept(self, week: str, what: str, mark: str) -> Any:
        """A cached result of a week under its key; None if there is none."""
        with contextlib.suppress(sqlite3.Error, OSError, ValueError, zlib.error), self._open() as base:
            asked = "select told from kept where week = ? and what = ? and mark = ?"
            row = base.execute(asked, (week, what, mark)).fetchone()
            return None if row is None else json.loads(zlib.decompress(row[0]))
        return None

    def keep(self, week: str, mark: str, results: Mapping[str, Any]) -> None:
        """Cache the results of a week: all of them or none."""
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as base:
            for what, result in results.items():
                packed = zlib.compress(json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode(), 1)
                base.execute("insert or replace into kept values (?,?,?,?)", (week, what, mark, packed))

    def forget(self) -> None:
        """Delete the index; the next use begins with an empty one."""
        if self._base is not None:
            self._base.close()
            self._base = None
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self._base is None:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # made private before anything is written
            self._base = sqlite3.connect(self.path, timeout=1)
            self._base.executescript(_TABLES)
        return self._base


def _piece(row: tuple[Any, ...]) -> LedgerPiece:
    fields = dict(zip(LedgerPiece.__dataclass_fields__, row, strict=True))
    return LedgerPiece(**fields | {"weeks": tuple(json.loads(fields["weeks"]))})
