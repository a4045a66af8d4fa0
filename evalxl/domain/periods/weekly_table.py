"""The weekly table: a row per person and week, from which everything over many weeks is counted.

It holds points as whole numbers of `GRAIN` to the point, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key
from evalxl.domain.periods.columnar_rows import Columns, distinct, unpacked
from evalxl.domain.weeks import Week

if TYPE_CHECKING:
    import pandas as pd

    Table = pd.DataFrame
else:
    Table = object

_AT_ONCE = 20_000  # rows that are turned into a table in one go
GRAIN = 10**12  # to the point: spreadsheets keep 15 digits of a number
STAGES = ("self", "scored", "approved")


def points_of(codes: Iterable[str]) -> tuple[str, ...]:
    """The columns of points of a week that is scored in these parts: each of them and the total, at each stage."""
    parts = (*codes, "total")
    return tuple(f"{stage}_{part}" for stage in STAGES for part in parts)


def parts_in(table: pd.DataFrame) -> tuple[str, ...]:
    """The parts in which any week of the table is scored, in the order in which they came."""
    first = f"{STAGES[0]}_"
    return tuple(
        name.removeprefix(first) for name in table.columns if name.startswith(first) and name != f"{first}total"
    )


def weekly_table(results: Iterable[Result]) -> pd.DataFrame:
    """A row per person and week: the table that everything over many weeks is counted from.

    Returns:
        Columns `week` (text, sorts in time), `month`, `key` (the staff code without case), `code`, `name`, `unit`, `unit_name`, `title`, `rank`,
        `position`, `scorer`, `state`, `basis`, `flags`, and, in grains, `total` (what counts) and each of `points_of` the parts; a part that
        another week's rule book has is missing in this one's.
    """
    import pandas as pd

    same: dict[str, str] = {}  # of a year most texts come again and again

    def text(said: str) -> str:
        return same.setdefault(said, said)

    columns = [
        *("week", "month", "key", "code", "name", "unit", "unit_name", "title", "rank", "position", "scorer"),
        *("state", "basis", "flags", "total"),
    ]
    pieces = []
    for codes, alike in groupby(results, key=lambda row: row.approved.codes):
        while at_once := list(islice(alike, _AT_ONCE)):
            rows = [
                (
                    *map(text, (str(row.week), f"{row.week.thursday:%Y-%m}", code_key(row.code), row.code, row.name)),
                    *map(text, (row.unit, row.unit_name, row.title, row.rank, row.position, row.scorer)),
                    *map(text, (row.state, row.basis, " ".join(row.flags))),
                    grains(row.counted_total),
                    *(each for scores in _stages(row) for each in _all_in_grains(scores.values)),
                )
                for row in at_once
            ]
            whole = dict.fromkeys(("total", *points_of(codes)), "Int64")
            pieces.append(pd.DataFrame.from_records(rows, columns=[*columns, *points_of(codes)]).astype(whole))
    return one_table(pieces or [pd.DataFrame(columns=[*columns, *points_of(())])])


def table_of(told: Columns, week: Week, same: dict[str, str]) -> pd.DataFrame:
    """The weekly table of a week that is kept as columns.

    Args:
        same: The texts of the weeks before, by themselves: of a year most texts come again and again, and one of each is enough.
    """
    import pandas as pd

    def text(said: str) -> str:
        return same.setdefault(said, said)

    names = ("code", "name", "unit", "unit_name", "title", "rank", "position", "scorer", "state", "basis", "flags")
    texts = {name: unpacked(told[name], text) for name in names}
    table: dict[str, Any] = {
        "week": str(week),
        "month": f"{week.thursday:%Y-%m}",
        "key": [text(code_key(code)) for code in texts["code"]],
    }
    table |= texts
    table["total"] = _in_grains(told["counted_total"])
    codes = told["parts"]
    for stage, name in zip(STAGES, ("self_scores", "scored", "approved"), strict=True):
        parts = [_in_grains(told[f"{name}.{part}"]) for part in codes]
        total = sum(parts[1:], parts[0]) if parts else _in_grains([None] * len(table["key"]))
        for part, each in zip((*codes, "total"), (*parts, total), strict=True):
            table[f"{stage}_{part}"] = each
    return pd.DataFrame(table)


def one_table(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The tables of some weeks as one; they may be scored in different parts."""
    import pandas as pd

    pieces = list(tables)
    filled = [piece for piece in pieces if not piece.empty] or pieces
    table = filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)
    whole = dict.fromkeys(("total", *points_of(parts_in(table))), "Int64")
    return table if all(table[name].dtype == dtype for name, dtype in whole.items()) else table.astype(whole)


def under_one_code(table: pd.DataFrame, codes: Mapping[str, str]) -> pd.DataFrame:
    """The table with the weeks of everybody whose code changed under one key.

    Args:
        codes: By key of a former code: the code of now.
    """
    if not codes:
        return table
    keys = {old: code_key(new) for old, new in codes.items()}
    return table.assign(key=[keys.get(key, key) for key in table["key"]])


def _in_grains(written: Any) -> Any:
    """A column of points; where one is missing, so is every sum with it."""
    import pandas as pd

    values = pd.array(unpacked(distinct(written), _grains_of), dtype="Int64")
    return values if isinstance(written, list) else values.take(written["at"])


def _grains_of(written: str | None) -> int | None:
    return None if written is None else grains(Decimal(written))


@lru_cache(maxsize=4096)
def _all_in_grains(values: tuple[Decimal | None, ...]) -> tuple[int | None, ...]:
    """The parts and the total; most scores are given again and again."""
    parts = tuple(map(grains, values))
    known = [part for part in parts if part is not None]
    return (*parts, sum(known) if known and len(known) == len(parts) else None)


def _stages(row: Result) -> tuple[Scores, Scores, Scores]:
    return row.self_scores, row.scored, row.approved


def grains(points: Decimal | None) -> int | None:
    return None if points is None else int((points * GRAIN).to_integral_value())


@lru_cache(maxsize=4096)
def points(grains: int, count: int = 1) -> Decimal:
    """The points that a sum of grains over so many weeks is on the mean, to 28 digits."""
    return Decimal(grains) / GRAIN / count
