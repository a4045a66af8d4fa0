"""Counts and means over the Parquet tables of many offices, worked out by DuckDB in one pass per question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalxl.records import duck

MEMORY = "1500MB"


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one group of people.

    Attributes:
        group: A file, or a rank.
        bands: People by band.
        total: The sum of the totals of those who have a band.
    """

    group: str
    people: int
    absent: int
    unscored: int
    approved: int
    bands: Mapping[str, int]
    total: Decimal | None
    counted: int


class Tables:
    """Tables of one name of many offices.

    Args:
        paths: Their files; together they have the same columns.
    """

    def __init__(self, base: duck.Base, paths: Sequence[Path]) -> None:
        self._base = base
        self._from = f"read_parquet({duck.files(paths)}, filename = true, hive_partitioning = false)"

    def by(self, group: str, bands: Sequence[str]) -> list[Figures]:
        """The counts of each group, by a column; by `filename` those of each office.

        Who is absent and has no band is not to be evaluated; who has none otherwise has no score (`domain.week.figures.tally`).
        """
        counts = "".join(f", count(*) FILTER (band = {duck.text(band)})" for band in bands)
        found = self._base.execute(
            f"SELECT {duck.name(group)}, count(*), count(*) FILTER (band IS NULL AND state = 'absent'), "
            "count(*) FILTER (band IS NULL AND state <> 'absent'), count(*) FILTER (counted_basis = 'approved'), "
            "sum(counted_total) FILTER (band IS NOT NULL), "
            f"count(counted_total) FILTER (band IS NOT NULL){counts} FROM {self._from} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        return [
            Figures(
                group=str(name or ""),
                people=people,
                absent=absent,
                unscored=unscored,
                approved=approved,
                bands=dict(zip(bands, counted_bands, strict=True)),
                total=total,
                counted=counted,
            )
            for name, people, absent, unscored, approved, total, counted, *counted_bands in found
        ]

    def weeks(self) -> list[tuple[str, int, Decimal | None]]:
        """Of each week how many have a total, and the sum of the totals."""
        return self._base.execute(
            f"SELECT week, count(counted_total), sum(counted_total) FROM {self._from} GROUP BY week ORDER BY week"
        ).fetchall()

    def rows(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Everybody's row: the file, then these columns."""
        names = ", ".join(map(duck.name, columns))
        found = self._base.execute(f"SELECT filename, {names} FROM {self._from}")
        while some := found.fetchmany(2000):
            yield from some
