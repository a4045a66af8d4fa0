"""Signals for leaders about how scores are given: each with its figures, its threshold and its caution. A signal is no finding about anybody.

Evaluation should be fair and objective, with evidence for each conclusion, and without favour or mere form (training article of 2019). What a scorer does
is compared with what all scorers of the office do, after shrinking (empirical Bayes): a mean of few people is drawn to the office's, as far as
chance alone makes such means differ. So a small team is not signalled for its smallness, and who scores like everybody never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp
from typing import TYPE_CHECKING, Literal, get_args

from evalxl.domain.analysis.copied_text import Repeated, Texts, same_comments
from evalxl.domain.analysis.shrinkage import Groups, Shrunken, shrunken
from evalxl.domain.evaluation.scoring import DONE, DONE_LATE
from evalxl.domain.evaluation.two_week_rule import word_on
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key
from evalxl.domain.rulebook import RuleBook

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[
    "lenient",
    "severe",
    "narrow",
    "wide",
    "all_same",
    "same_again",
    "as_declared",
    "above_self",
    "below_self",
    "unproven",
    "same_comment",
    "round",
    "self_above",
    "self_below",
    "text_again",
    "text_shared",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_PART = "part_"  # before a part's code: the column of its scores


@dataclass(frozen=True, slots=True)
class SignalLimits:
    """From where on something is pointed out; each stands beside its signal.

    Attributes:
        certain: How many standard deviations of its own uncertainty a shrunken figure must lie off the office's.
        points: Of leniency, severity and the gap to the self scores.
        own_points: Of a person's own gap, self score less the manager's.
        spread: A scorer's spread of scores as a part of the office's; or its inverse.
        share, above: A habit's share of the cases, and how much above the office's share it must lie.
        shared_weeks, shared: Weeks in which two people's texts are nearly one, and the part of the compared weeks that they are.
        people, rows, own_weeks, team: Fewest people and rows of a scorer; fewest weeks of a person; fewest people of a spread.
    """

    certain: float = 2.5
    points: float = 4.0
    own_points: float = 8.0
    spread: float = 0.6
    share: float = 0.8
    above: float = 0.25
    shared_weeks: int = 3
    shared: float = 0.5
    people: int = 3
    rows: int = 12
    own_weeks: int = 4
    team: int = 5


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing to look at.

    Attributes:
        code: Staff code of the scorer, or of the person that it is about.
        value, office: The figure, and the office's: points, a ratio of spreads, or a share.
        shrunken: The figure after shrinking; what the threshold was held against. None where nothing is shrunk.
        limit: The threshold.
        people, rows: What the figure rests on.
        other: Staff code of the colleague, where a text is shared with one.
    """

    kind: Kind
    code: str
    value: Decimal
    office: Decimal | None
    shrunken: Decimal | None
    limit: Decimal
    people: int
    rows: int
    other: str = ""


@dataclass(frozen=True, slots=True)
class ScorerLine:
    """One scorer beside the others.

    Attributes:
        leniency: Mean difference from the office's mean of the same week, in points; `shrunken` after shrinking.
        spread: Of the people's scores within a week, as a part of the office's; None with fewer than two people.
        gap: The scorer's total less the self score, on the mean.
        all_same, as_declared, unproven, round: Shares; None without a case.
    """

    code: str
    people: int
    rows: int
    leniency: Decimal
    shrunken: Decimal
    spread: Decimal | None
    gap: Decimal | None
    all_same: Decimal | None
    as_declared: Decimal | None
    unproven: Decimal | None
    round: Decimal | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """All signals of a period, and every scorer's figures."""

    signals: tuple[Signal, ...] = ()
    scorers: tuple[ScorerLine, ...] = ()
    limits: SignalLimits = SignalLimits()


def fairness_over(
    weeks: Iterable[Iterable[Result]], rules: RuleBook, limits: SignalLimits = SignalLimits()
) -> Fairness:
    """What leaders should look at in a period.

    Args:
        weeks: The rows of each of its weeks, in their order; each is gone through once and let go. `scorer` is who scored indeed.
        rules: Gives the highest band and the parts.
    """
    spelled: dict[str, str] = {}
    texts, pieces = Texts(), []
    for week in weeks:
        rows = sorted(week, key=lambda row: row.code)
        for row in rows:
            spelled |= {code_key(code): code for code in (row.code, row.scorer)}
        texts.add(rows)
        pieces.append(_scored(rows, rules))
    table = _whole(pieces or [_scored([], rules)])
    signals = [] if table.empty else [*_of_scorers(table, limits), *_of_self_scores(table, limits)]
    signals += _of_texts(texts.found, limits)
    order = {kind: place for place, kind in enumerate(KINDS)}
    signals.sort(key=lambda one: (order[one.kind], -abs(one.shrunken or one.value), one.code, one.other))
    told = (
        replace(one, code=spelled.get(one.code, one.code), other=spelled.get(one.other, one.other)) for one in signals
    )
    lines = () if table.empty else _lines(table, spelled)
    return Fairness(tuple(told), lines, limits)


def _scored(rows: Sequence[Result], rules: RuleBook) -> pd.DataFrame:
    """A row per scored person of a week, with the columns that the week gives by itself.

    Returns:
        Columns `scorer`, `person` (keys), `week`, `total`, each part as `part_CODE`; `gap` from the self total; and habits as 1, 0 or nothing: `as_declared`, `high`,
        `unproven`, `same_comment`, `round` (a share of the parts).
    """
    import pandas as pd

    same = same_comments(rows)
    floor = rules.bands[0].at_least if rules.bands else Decimal("Infinity")
    codes: tuple[str, ...] = next((row.scored.codes for row in rows), ())
    lines = []
    for row in rows:
        total, own = row.scored.total, row.self_scores
        if total is None or not row.scorer:
            continue
        parts = list(row.scored.given.values())
        high = total >= floor
        lines.append(
            (
                *(code_key(row.scorer), code_key(row.code), str(row.week), float(total), *map(float, parts)),
                float(total - own.total) if own.total is not None else None,
                float(own == row.scored) if own.complete else None,
                float(high),
                float(not _proven(row)) if high else None,
                float(same[row.week, code_key(row.code)]) if (row.week, code_key(row.code)) in same else None,
                sum(part % 5 == 0 for part in parts) / len(parts),
            )
        )
    names = ["scorer", "person", "week", "total", *(f"{_PART}{code}" for code in codes)]
    names += ["gap", "as_declared", "high", "unproven", "same_comment", "round"]
    return pd.DataFrame.from_records(lines, columns=names).astype(dict.fromkeys(names[3:], float))


def _whole(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All weeks in an order of their own: the order of what is given changes no figure.

    Two columns are added: `off`, the difference from the office's mean of the week, and `same_again`, whether the person got the same parts as last time.
    """
    import pandas as pd

    filled = [piece for piece in pieces if not piece.empty]
    table = pd.concat(filled or list(pieces[:1]))
    parts = [name for name in table.columns if name.startswith(_PART)]
    table[parts] = table[parts].fillna(0.0)  # of weeks under another rule book
    table = table.sort_values(["scorer", "person", "week"], ignore_index=True)
    table["off"] = table["total"] - table.groupby("week")["total"].transform("mean")
    pairs = table.groupby(["scorer", "person"])[parts]
    again = (table[parts] == pairs.shift()).all(axis=1).astype(float)
    table["same_again"] = again.where(pairs.cumcount() > 0)
    return table


def _proven(row: Result) -> bool:
    """Whether a completed task names its evidence."""
    return any(task.evidence.strip() and word_on(task, row.checks).status in (DONE, DONE_LATE) for task in row.tasks)


def _means(table: pd.DataFrame, column: str) -> Groups:
    """A scorer's mean over people of a column, shrunken: one person's weeks are no independent cases, so people are what is counted."""
    people = table.dropna(subset=[column]).groupby(["scorer", "person"])[column].mean()
    by_scorer = people.groupby("scorer")
    inner = people - by_scorer.transform("mean")
    variance = max(float((inner**2).sum()) / max(1, len(people) - by_scorer.ngroups), 0.25)
    return shrunken(by_scorer.mean(), variance / by_scorer.size(), by_scorer.size(), most=16)


def _shares(table: pd.DataFrame, column: str) -> Groups:
    """A scorer's share of a habit, shrunken; with the cases that it is a share of."""
    used = table.dropna(subset=[column])
    if used.empty:
        return {}
    by_scorer = used.groupby("scorer")[column]
    office = (float(used[column].sum()) + 1) / (len(used) + 2)
    # Twice the variance of independent cases: one person's weeks resemble each other.
    return shrunken(by_scorer.mean(), 2 * office * (1 - office) / by_scorer.size(), by_scorer.size())


def _spreads(table: pd.DataFrame) -> Groups:
    """The logarithm of the variance of a scorer's scores within a week, shrunken; it is as uncertain as so many people make it."""
    import numpy as np

    teams = table.groupby(["scorer", "week"])["total"]
    inner = table.assign(square=(table["total"] - teams.transform("mean")) ** 2, part=1 / teams.transform("size"))
    by_scorer = inner[teams.transform("size") > 1].groupby("scorer")
    freedom = by_scorer.size() - by_scorer["part"].sum()
    variance = (by_scorer["square"].sum() / freedom).clip(lower=0.0625)
    people = by_scorer["person"].nunique()
    return shrunken(np.log(variance), 2 / (people - 1).clip(lower=1), people)


def _teams(table: pd.DataFrame) -> pd.DataFrame:
    """A row per scorer and week with at least three people: whether all were given the same total."""
    by_week = table.groupby(["scorer", "week"])["total"].agg(["size", "nunique"]).reset_index()
    by_week = by_week[by_week["size"] >= 3]
    return by_week.assign(all_same=(by_week["nunique"] == 1).astype(float))


def _crowds(table: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """People and rows of every scorer."""
    people, rows = table.groupby("scorer")["person"].nunique(), table.groupby("scorer").size()
    return {str(key): (int(people[key]), int(rows[key])) for key in rows.index}


def _of_scorers(table: pd.DataFrame, limits: SignalLimits) -> Iterator[Signal]:
    crowds = _crowds(table)

    def certain(groups: Groups, fewest: int = 0) -> Iterator[tuple[str, Shrunken]]:
        for key, one in groups.items():
            people, rows = crowds[key]
            if people >= limits.people and rows >= limits.rows and one.cases >= fewest and one.certain(limits.certain):
                yield key, one

    def signal(kind: Kind, key: str, *figures: float) -> Signal:
        return _signal(kind, key, figures, crowds[key])

    compared: tuple[tuple[str, Kind, Kind], ...] = (("off", "lenient", "severe"), ("gap", "above_self", "below_self"))
    for column, higher, lower in compared:
        for key, one in certain(_means(table, column)):
            if abs(one.off) >= limits.points:
                kind = higher if one.off > 0 else lower
                yield signal(kind, key, one.raw - one.centre, one.centre, one.off, limits.points)
    for key, one in certain(_spreads(table), limits.team):
        ratio, raw = exp(one.off / 2), exp((one.raw - one.centre) / 2)
        if ratio <= limits.spread:
            yield signal("narrow", key, raw, 1, ratio, limits.spread)
        elif ratio >= 1 / limits.spread:
            yield signal("wide", key, raw, 1, ratio, 1 / limits.spread)
    habits: tuple[tuple[Kind, pd.DataFrame, float, int], ...] = (
        ("all_same", _teams(table), 0.5, 3),
        ("same_again", table, limits.share, limits.rows),
        ("as_declared", table, limits.share, limits.rows),
        ("unproven", table, 0.5, 5),
        ("same_comment", table, limits.share, limits.rows),
        ("round", table, limits.share, limits.rows),
    )
    for kind, where, floor, fewest in habits:
        for key, one in certain(_shares(where, kind), fewest):
            limit = max(floor, one.centre + limits.above)
            if one.centre + one.off >= limit:
                yield signal(kind, key, one.raw, one.centre, one.centre + one.off, limit)


def _of_self_scores(table: pd.DataFrame, limits: SignalLimits) -> Iterator[Signal]:
    """People who see their own work otherwise than their manager does, week after week.

    Held against the other people of the same scorer: a strict or a mild scorer is no habit of theirs.
    """
    used = table.dropna(subset=["gap"])
    if used.empty:
        return
    people = used.groupby(["scorer", "person"])["gap"].mean()
    usual = used["scorer"].map(people.groupby("scorer").mean())
    gaps = (usual - used["gap"]).set_axis(used["person"])
    by_person = gaps.groupby(level=0)
    weeks = by_person.size()
    inner = float(((gaps - by_person.transform("mean")) ** 2).sum()) / max(1, len(gaps) - len(weeks))
    for key, one in shrunken(by_person.mean(), max(inner, 0.25) / weeks, weeks).items():
        if one.cases >= limits.own_weeks and one.certain(limits.certain) and abs(one.off) >= limits.own_points:
            kind: Kind = "self_above" if one.off > 0 else "self_below"
            figures = (one.raw - one.centre, one.centre, one.off, limits.own_points)
            yield _signal(kind, key, figures, (1, one.cases))


def _of_texts(texts: Mapping[str, Repeated], limits: SignalLimits) -> Iterator[Signal]:
    """Texts that came again, held against how often they do in the whole office; and texts that two people share."""
    pairs, again = sum(one.pairs for one in texts.values()), sum(one.repeated for one in texts.values())
    office = again / pairs if pairs else 0.0
    limit = max(limits.share, office + limits.above)
    for key, mine in sorted(texts.items()):
        if mine.pairs >= limits.own_weeks:
            # As if the person had one more week like the office's: a few weeks prove little.
            share = (mine.repeated + office) / (mine.pairs + 1)
            if share >= limit:
                figures = (mine.repeated / mine.pairs, office, share, limit)
                yield _signal("text_again", key, figures, (1, mine.pairs))
        for other, weeks in sorted(mine.shared.items()):
            if key < other and weeks >= limits.shared_weeks and weeks >= limits.shared * mine.weeks:
                value, floor = _two(weeks / mine.weeks), _two(limits.shared)
                yield Signal("text_shared", key, value, None, None, floor, 2, weeks, other)


def _lines(table: pd.DataFrame, spelled: Mapping[str, str]) -> tuple[ScorerLine, ...]:
    """Every scorer beside the others, the most lenient first."""
    off, gap, spreads = _means(table, "off"), _means(table, "gap"), _spreads(table)
    shares = {name: _shares(table, name) for name in ("as_declared", "unproven", "round")}
    shares["all_same"] = _shares(_teams(table), "all_same")

    def line(key: str, people: int, rows: int) -> ScorerLine:
        told = {name: _two(groups[key].raw) if key in groups else None for name, groups in shares.items()}
        ratio = exp((spreads[key].raw - spreads[key].centre) / 2) if key in spreads else None
        return ScorerLine(
            code=spelled.get(key, key),
            people=people,
            rows=rows,
            leniency=_two(off[key].raw - off[key].centre),
            shrunken=_two(off[key].off),
            spread=None if ratio is None else _two(ratio),
            gap=_two(gap[key].raw) if key in gap else None,
            **told,
        )

    found = (line(key, *crowd) for key, crowd in _crowds(table).items())
    return tuple(sorted(found, key=lambda line: (-line.shrunken, -line.leniency, line.code)))


def _signal(kind: Kind, key: str, figures: Sequence[float], of: tuple[int, int]) -> Signal:
    value, office, shrunk, limit = map(_two, figures)
    return Signal(kind, key, value, office, shrunk, limit, *of)


def _two(value: float) -> Decimal:
    """To two places, as it is shown. The zero added makes a negative zero plain."""
    return Decimal(f"{value:.2f}") + 0
