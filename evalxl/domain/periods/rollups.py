"""Roll-ups: what weeks add up to in a month, a quarter, a half-year or a year.

The weekly results are the basis of month, quarter, half-year and year evaluation (letter 8679-CV/BTCTW, step 4). A week belongs to the month of
its Thursday. A missing week is no zero: it is counted beside the mean and is in no sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from evalxl.domain.analysis.staffing import Staffing
from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.week_view import Basis, Warning
from evalxl.domain.names import code_key
from evalxl.domain.periods.period_results import Mark, PeriodResult
from evalxl.domain.periods.weekly_table import parts_in, points, points_of
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.domain.weeks import Period, Week
from evalxl.words import Lang

if TYPE_CHECKING:
    import pandas as pd

    from evalxl.domain.periods.ratings import Rating


def roll_up(table: pd.DataFrame, period: Period, rules: RuleBook) -> tuple[PeriodResult, ...]:
    """Everybody's period, from the weekly table of its weeks; those of its last week first, in their order there."""
    if table.empty:
        return ()
    if not table["week"].is_monotonic_increasing:
        table = table.sort_values("week", kind="stable")
    counted = table["basis"].ne("none")
    names = points_of(parts_in(table))
    kinds = {
        "evaluated": table["basis"].eq("approved"),
        "awaiting": counted & table["basis"].ne("approved"),
        "absent": ~counted & table["state"].eq("absent"),
        # A week that nobody scores has no total: who handed in is not missing in it.
        "missing": ~counted & ~table["state"].isin(("absent", "submitted", "seen")),
    }
    counts = table[["key"]].assign(**kinds).groupby("key").sum().to_dict("index")
    by_key = table.groupby("key")[list(names)]
    sums, weeks = by_key.sum().to_dict("index"), by_key.count().to_dict("index")
    means, marks, flags = _means(table, rules), _marks(table), _flags(table)
    latest = table.drop_duplicates("key", keep="last")
    of_last_week = latest["week"].eq(latest["week"].max())
    period_results = []
    for row in (*latest[of_last_week].itertuples(), *latest[~of_last_week].itertuples()):
        key = str(row.key)
        basis, mean = means.get(key, ("none", None))
        band = rules.period_band_for(mean) if mean is not None else None
        period_results.append(
            PeriodResult(
                period=period,
                code=str(row.code),
                name=str(row.name),
                unit=str(row.unit),
                unit_name=str(row.unit_name),
                title=str(row.title),
                rank=str(row.rank),
                position=str(row.position),
                marks=tuple(marks[key]),
                means={
                    name: points(int(sums[key][name]), int(weeks[key][name])) if weeks[key][name] else None
                    for name in names
                },
                counted_total=mean,
                basis=basis,
                band=band.code if band is not None else "",
                evaluated=int(counts[key]["evaluated"]),
                awaiting=int(counts[key]["awaiting"]),
                absent=int(counts[key]["absent"]),
                missing=int(counts[key]["missing"]),
                flags=(*flags.get(key, ()), *(["provisional"] if counts[key]["awaiting"] else [])),
            )
        )
    return tuple(period_results)


def _means(table: pd.DataFrame, rules: RuleBook) -> dict[str, tuple[Basis, Decimal | None]]:
    """The mean of each person, and what it rests on: approved totals alone where there are any, else all that counts provisionally."""
    has_approved = set(table.loc[table["basis"].eq("approved"), "key"])
    counts = table["basis"].eq("approved") | (~table["key"].isin(has_approved) & table["basis"].ne("none"))
    used = table.loc[counts, ["key", "month", "basis", "total"]]
    by_month = used.groupby(["key", "month"])["total"].agg(["sum", "count"])
    parts: dict[str, list[tuple[int, int]]] = {}
    for (key, _), total, count in by_month.itertuples():
        parts.setdefault(key, []).append((int(total), int(count)))
    self_declared = set(used.loc[used["basis"].eq("self"), "key"])
    found: dict[str, tuple[Basis, Decimal | None]] = {}
    for key, months in parts.items():
        basis: Basis = "approved" if key in has_approved else "self" if key in self_declared else "scored"
        if rules.period.mean == "months":
            mean = sum((points(*month) for month in months), Decimal(0)) / len(months)
        else:
            mean = points(sum(total for total, _ in months), sum(count for _, count in months))
        found[key] = basis, mean
    return found


def _marks(table: pd.DataFrame) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    weeks = {name: Week.parse(name) for name in table["week"].unique()}
    columns = zip(
        *(table[name] for name in ("key", "week", "state", "basis", "total", "unit", "unit_name")), strict=True
    )
    for key, week, state, basis, total, unit, unit_name in columns:
        exact = None if basis == "none" else points(int(total))
        found.setdefault(key, []).append(Mark(weeks[week], state, basis, exact, unit, unit_name))
    return found


def _flags(table: pd.DataFrame) -> dict[str, list[str]]:
    """Every flag that one of a person's weeks has, each once."""
    found: dict[str, list[str]] = {}
    flagged = table[table["flags"].ne("")]
    for key, words in zip(flagged["key"], flagged["flags"], strict=True):
        mine = found.setdefault(key, [])
        mine += [flag for flag in words.split() if flag not in mine and flag != "provisional"]
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who of a unit and group of ranks may be rated in the capped band: an order and a number; a person decides.

    Attributes:
        group: The rank group's code; empty for ranks that are in none.
        rated: How many have at least the band that the share is of.
        most: How many of the candidates the cap lets through.
        candidates: Those whose mean is in the capped band, the highest first.
        tied: Codes of the candidates of equal mean between whom the cap would fall.
    """

    unit: str
    unit_name: str
    group: str
    rated: int
    most: int
    candidates: tuple[PeriodResult, ...]
    tied: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        return len(self.candidates) > self.most


def proposals(rows: Iterable[PeriodResult], rules: RuleBook) -> tuple[Proposal, ...]:
    """The cap on the highest band, per unit and rank group (Quy định 124-QĐ/TW; Nghị định 335/2025/NĐ-CP): nothing without a cap in the rules.

    The share is of those who end up rated in the band below: of n people who are at least *tốt*, e may be *xuất sắc* where e is at most
    share × (n − e).
    """
    cap = rules.period.cap
    if cap is None:
        return ()
    floors = {band.code: band.at_least for band in rules.period_bands}
    groups: dict[tuple[str, str], list[PeriodResult]] = {}
    for row in rows:
        if row.counted_total is not None and row.counted_total >= min(floors[cap.of], floors[cap.band]):
            groups.setdefault((row.unit, group_of(row.rank, rules)), []).append(row)
    proposals = []
    for (unit, group), members in groups.items():
        candidates = sorted((row for row in members if row.band == cap.band), key=_mean_first)
        if not candidates:
            continue
        most = int(len(members) * cap.share / (1 + cap.share))
        tied: tuple[str, ...] = ()
        if 0 < most < len(candidates) and candidates[most - 1].counted_total == candidates[most].counted_total:
            tied = tuple(row.code for row in candidates if row.counted_total == candidates[most].counted_total)
        proposals.append(Proposal(unit, members[0].unit_name, group, len(members), most, tuple(candidates), tied))
    return tuple(proposals)


def _mean_first(row: PeriodResult) -> Decimal:
    return Decimal(1) if row.counted_total is None else -row.counted_total


def group_of(rank: str, rules: RuleBook) -> str:
    """The code of the group of ranks that a rank is compared in."""
    return next((group.code for group in rules.period.groups if rank in group.ranks), "")


@dataclass(frozen=True, slots=True)
class Later:
    """What came after a period was closed: its figures then, which stay, and what they would be now."""

    then: PeriodResult | None
    now: PeriodResult | None

    @property
    def row(self) -> PeriodResult:
        row = self.then or self.now
        assert row is not None
        return row


def tentative(rows: Iterable[PeriodResult], reopened: Collection[Week]) -> tuple[PeriodResult, ...]:
    """The rows of a closed period of which some weeks are open again: whoever was to be evaluated in one of them is *tạm tính*."""

    def one(row: PeriodResult) -> PeriodResult:
        if row.provisional or not any(mark.week in reopened for mark in row.marks):
            return row
        return replace(row, flags=(*row.flags, "provisional"))

    return tuple(map(one, rows))


def came_later(then: Iterable[PeriodResult], now: Iterable[PeriodResult]) -> tuple[Later, ...]:
    """Whose period would be another one by what the ledger learned after the period was closed."""
    before, after = ({code_key(row.code): row for row in rows} for rows in (then, now))
    return tuple(
        Later(before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if _figures(before.get(key)) != _figures(after.get(key))
    )


def _figures(row: PeriodResult | None) -> tuple[object, ...]:
    if row is None:
        return ()
    return (row.counted_total, row.basis, row.band, row.evaluated, row.awaiting, row.absent, row.missing, row.marks)


@dataclass(frozen=True, slots=True)
class PeriodView:
    """Everything that a period's master shows; as `WeekView` is for a week.

    Attributes:
        weeks: The weeks of the period for which something was issued.
        off: Weeks of the period without a working day.
        never_issued: Weeks of the period with working days for which nothing was issued; of a closed one those that its closing names.
        reopened: Weeks of a closed period that are open again: its figures stand and are provisional.
        closed_at: When the period was closed; None while it is open.
        later: For a closed period, what came after.
    """

    period: Period
    office: str
    parent: str
    rules: RuleBook
    units: tuple[tuple[str, str], ...]
    weeks: tuple[Week, ...]
    off: tuple[Week, ...]
    results: tuple[PeriodResult, ...]
    proposals: tuple[Proposal, ...]
    warnings: tuple[Warning, ...]
    difficulties: tuple[DifficultyLine, ...]
    staffing: Staffing
    people: Mapping[str, str]
    head: str
    closed_at: datetime | None
    recorded_at: datetime | None
    later: tuple[Later, ...] = ()
    letterhead: str = "party"
    place: str = ""
    unit: str = ""
    unit_name: str = ""
    unit_results: tuple[
        PeriodResult, ...
    ] = ()  # of the units that reported themselves; their codes bear the unit's mark
    people_means: Mapping[str, Decimal] = field(
        default_factory=dict
    )  # beside them, by unit code: the mean of its people
    ratings: Mapping[str, Rating] = field(default_factory=dict)  # where the rules rate by ratios, by staff code
    never_issued: tuple[Week, ...] = ()
    reopened: tuple[Week, ...] = ()
    office_id: str = ""
    trial: bool = False  # every page says so
    parts: tuple[Part, ...] = ()  # of all rule books that its weeks stand under

    @property
    def year(self) -> int:
        return self.period.last.year

    def shown(self, lang: Lang) -> str:
        return self.period.shown(lang)
