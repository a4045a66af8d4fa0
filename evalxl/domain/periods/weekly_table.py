"""The weekly table: a row per person and week, from which everything over many weeks is counted.

It holds points as whole numbers of `GRAIN` to the point, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key
from evalxl.domain.periods.columnar_rows import Columns, distinct, unpacked
from evalxl.domain.rulebook import PARTS
from evalxl.domain.weeks import Week

if TYPE_CHECKING:
    import pandas as pd

    Table = pd.DataFrame
else:
    Table = object

_AT_ONCE = 20_000  # rows that are turned into a table in one go
GRAIN = 10**12  # to the point: spreadsheets keep 15 digits of a number
STAGES = ("self", "scored", "approved")
POINTS = tuple(f"{stage}_{part}" for stage in STAGES for part in (*PARTS, "total"))
_WHOLE = dict.fromkeys(("total", *POINTS), "Int64")


def weekly_table(results: Iterable[Result]) -> pd.DataFrame:
    """A row per person and week: the table that everything over many weeks is counted from.

    Returns:
        Columns `week` (text, sorts in time), `month`, `key` (the staff code without case), `code`, `name`, `unit`, `unit_name`, `title`, `rank`,
        `position`, `scorer`, `state`, `basis`, `flags`, and, in grains, `total` (what counts) and each of `POINTS`.
    """
    import pandas as pd

    same: dict[str, str] = {}  # of a year most texts come again and again

    def text(said: str) -> str:
        return same.setdefault(said, said)

    columns = [
        *("week", "month", "key", "code", "name", "unit", "unit_name", "title", "rank", "position", "scorer"),
        *("state", "basis", "flags", "total", *POINTS),
    ]
    left, pieces = iter(results), []
    while at_once := list(islice(left, _AT_ONCE)):
        rows = [
            (
                *map(text, (str(row.week), f"{row.week.thursday:%Y-%m}", code_key(row.code), row.code, row.name)),
                *map(text, (row.unit, row.unit_name, row.title, row.rank, row.position, row.scorer)),
                *map(text, (row.state, row.basis, " ".join(row.flags))),
                grains(row.counted_total),
                *(each for scores in _stages(row) for each in _all_in_grains(scores)),
            )
            for row in at_once
        ]
        pieces.append(pd.DataFrame.from_records(rows, columns=columns).astype(_WHOLE))
    if len(pieces) == 1:
        return pieces[0]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns).astype(_WHOLE)


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
    for stage, name in zip(STAGES, ("self_scores", "scored", "approved"), strict=True):
        parts = [_in_grains(told[f"{name}.{part}"]) for part in PARTS]
        for part, each in zip((*PARTS, "total"), (*parts, sum(parts[1:], parts[0])), strict=True):
            table[f"{stage}_{part}"] = each
    return pd.DataFrame(table)


def one_table(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The tables of some weeks as one."""
    import pandas as pd

    pieces = list(tables)
    filled = [piece for piece in pieces if not piece.empty]
    return pd.concat(filled or pieces, ignore_index=True)


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
def _all_in_grains(scores: Scores) -> tuple[int | None, ...]:
    """The parts and the total; most scores are given again and again."""
    return tuple(grains(scores.total if part == "total" else scores.part(part)) for part in (*PARTS, "total"))


def _stages(row: Result) -> tuple[Scores, Scores, Scores]:
    return row.self_scores, row.scored, row.approved


def grains(points: Decimal | None) -> int | None:
    return None if points is None else int((points * GRAIN).to_integral_value())


@lru_cache(maxsize=4096)
def points(grains: int, count: int = 1) -> Decimal:
    """The points that a sum of grains over so many weeks is on the mean, to 28 digits."""
    return Decimal(grains) / GRAIN / count
