"""The index over a long ledger: which file holds which weeks, and where the events lie that concern more than their own week.

It lies in the user's cache folder and holds no name and no score. It may be deleted at any time: the next run reads the whole ledger and makes it again.
A row is believed only where the file has the name, size and time that it had, and joins the chain as it did.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = 1

_TABLES = """
create table if not exists piece (
    number integer primary key, name text, size integer, time integer, before integer, last integer, joins text, head text, weeks text
);
create table if not exists beyond (seq integer primary key, number integer, place integer, length integer, head text);
"""


@dataclass(frozen=True, slots=True)
class Piece:
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
    """Where an event lies that concerns more than its own week; `head` is the hash of its line."""

    seq: int
    number: int
    place: int
    length: int
    head: str


class LedgerIndex:
    """The index as it lies in a file; empty where there is none, or none that can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, ledger: Path, caches: Path) -> LedgerIndex:
        """The index of a ledger's folder."""
        name = hashlib.sha256(str(ledger.absolute()).encode("utf-8", "replace")).hexdigest()[:16]
        return cls(caches / f"ledger-{VERSION}-{name}.sqlite")

    def load(self) -> tuple[dict[int, Piece], list[Spot]]:
        """What is known of the files, by number; and the spots in order."""
        try:
            with contextlib.closing(self._open()) as base:
                pieces = [_piece(row) for row in base.execute("select * from piece")]
                spots = [Spot(*row) for row in base.execute("select * from beyond order by seq")]
                return {piece.number: piece for piece in pieces}, spots
        except (sqlite3.Error, ValueError, TypeError, OSError):
            self.forget()
            return {}, []

    def add(self, pieces: Iterable[Piece], spots: Sequence[Spot]) -> None:
        """Note files that were read. What cannot be noted is read again next time."""
        with contextlib.suppress(sqlite3.Error, OSError), contextlib.closing(self._open()) as base, base:
            for piece in pieces:
                base.execute("delete from beyond where number = ?", (piece.number,))
                row = [getattr(piece, name) for name in Piece.__dataclass_fields__]
                base.execute(
                    "insert or replace into piece values (?,?,?,?,?,?,?,?,?)", [*row[:-1], json.dumps(row[-1])]
                )
            rows = [(spot.seq, spot.number, spot.place, spot.length, spot.head) for spot in spots]
            base.executemany("insert or replace into beyond values (?,?,?,?,?)", rows)

    def forget(self) -> None:
        """Begin anew."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.path, timeout=1)
        base.executescript(_TABLES)
        return base


def _piece(row: tuple[Any, ...]) -> Piece:
    told = dict(zip(Piece.__dataclass_fields__, row, strict=True))
    return Piece(**told | {"weeks": tuple(json.loads(told["weeks"]))})
