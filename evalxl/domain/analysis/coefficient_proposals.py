"""Coefficients of complexity proposed from history: with intervals and numbers of cases, never applied by themselves.

The source names complexity and gives no coefficients. Nobody records hours, so effort is read from the reports: each reported week of a person counts
as one, in equal parts for every row in it; a piece of work took the sum of its parts (`Work.share`). Regressed is the natural logarithm of that sum,
on the group of the work (its level of complexity, or its task code) and on the logarithm of its quantity, by Huber's M-estimator: squared residuals
within `BEND` scales, absolute ones beyond, the scale being the median absolute residual. A group's coefficient is the exponential of its effect at equal quantity,
brought to the mean level of the coefficients in force, so that the office's whole volume stays about what it is.

The intervals resample people, not works, since one person's works resemble each other: a bootstrap with a fixed seed, each draw one Newton step from the estimate.
It can be trusted only so far: rows of one week are taken as equally long, slow work and hard work look alike, and who does what is not drawn by lot.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evalxl.domain.evaluation.work_items import Parts, people_in, works_of
from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BEND = 1.345  # of Huber's estimator: 95 % as sharp as least squares where nothing is wild
DRAWS = 400
SEED = 8679
# Below these a proposal would say more about a few people than about the work.
FEWEST_CASES, FEWEST_PEOPLE = 30, 5


@dataclass(frozen=True, slots=True)
class Proposed:
    """What history says of one group of work.

    Attributes:
        code: Of the level, or of the task.
        now: The coefficient in force; of a task code, the one of its works on the mean.
        coefficient, low, high: Proposed, with the ends of its 95 % interval; None with too few cases.
        cases, people: Completed pieces of work, and of how many people.
    """

    code: str
    name: str
    now: Decimal
    coefficient: float | None
    low: float | None
    high: float | None
    cases: int
    people: int


@dataclass(frozen=True, slots=True)
class Proposals:
    """Both regressions of a period.

    Attributes:
        slope: By how many per cent effort grows with one per cent more quantity, from the regression on task codes: near 1, quantity counts in full
            as the volume assumes; near 0, it hardly counts. None where no quantities differ.
    """

    levels: tuple[Proposed, ...]
    codes: tuple[Proposed, ...]
    slope: float | None
    cases: int
    people: int


@dataclass(frozen=True, slots=True)
class _Cases:
    """Completed pieces of work as the regressions see them, person by person; texts stand in lists of their own, and by their place there."""

    person: Ints
    effort: Floats
    quantity: Floats
    level: Ints
    code: Ints
    now: Ints
    levels: Sequence[str]
    codes: Sequence[str]
    coefficients: Sequence[Decimal]


def propose_from(parts: Parts, rules: RuleBook, organisation: Organisation) -> Proposals:
    """The coefficients that the works of a period speak for.

    Args:
        parts: The rows of all its weeks, people part by part.
        rules: Gives the levels of complexity and their coefficients in force.
        organisation: Gives the level of a task where a row names none, and the names of task codes.
    """
    catalogue = {code_key(task.code): task for task in organisation.tasks}
    cases, spelled = _cases(parts, rules, {key: task.complexity for key, task in catalogue.items()})
    spelled |= {key: task.code for key, task in catalogue.items()}
    named = {key: task.name for key, task in catalogue.items()}
    by_level, _ = _grouped(
        cases, cases.level, cases.levels, {complexity.code: complexity.vi for complexity in rules.complexity}
    )
    by_code, slope = _grouped(cases, cases.code, cases.codes, named)
    return Proposals(
        levels=tuple(by_level[complexity.code] for complexity in rules.complexity if complexity.code in by_level),
        codes=tuple(replace(by_code[key], code=spelled[key]) for key in sorted(by_code)),
        slope=slope,
        cases=len(cases.person),
        people=len(set(cases.person.tolist())),
    )


def _cases(parts: Parts, rules: RuleBook, catalogue: Mapping[str, str]) -> tuple[_Cases, dict[str, str]]:
    """The cases in the order of the people's codes, and how the first of them spells each task code."""
    import numpy as np

    levels = {
        name: complexity.code
        for complexity in rules.complexity
        for name in (complexity.code, complexity.vi, complexity.en)
    }
    coefficients = {complexity.code: complexity.coefficient for complexity in rules.complexity}
    whose, effort, quantity = array("q"), array("d"), array("d")
    level, code, now = array("q"), array("q"), array("q")
    places: tuple[dict[Any, int], ...] = ({}, {}, {}, {})
    first: dict[str, tuple[str, str]] = {}
    for person, _, mine in people_in(parts):
        for work in works_of(mine):
            task = work.task
            if not work.completed or not work.word.recognised or (task.done is not None and task.done <= 0):
                continue
            key = code_key(task.code)
            if key not in first or person < first[key][0]:
                first[key] = person, task.code
            of = levels.get(task.complexity or catalogue.get(key, ""), "")
            told = (person, of, key, coefficients.get(of, task.coefficient))
            for column, known, value in zip((whose, level, code, now), places, told, strict=True):
                column.append(known.setdefault(value, len(known)))
            effort.append(float(work.share))
            quantity.append(float(task.done or 1))
    people = list(places[0])
    rank = np.empty(len(people), dtype=np.int64)
    rank[sorted(range(len(people)), key=people.__getitem__)] = np.arange(len(people))
    person_of = rank[np.asarray(whose, dtype=np.int64)]
    order = np.argsort(person_of, kind="stable")

    def whole(column: array[int]) -> Ints:
        return np.asarray(column, dtype=np.int64)[order]

    cases = _Cases(
        person=person_of[order],
        effort=np.asarray(effort)[order],
        quantity=np.asarray(quantity)[order],
        level=whole(level),
        code=whole(code),
        now=whole(now),
        levels=list(places[1]),
        codes=list(places[2]),
        coefficients=list(places[3]),
    )
    return cases, {key: spelling for key, (_, spelling) in first.items()}


def _grouped(
    cases: _Cases, groups: Ints, codes: Sequence[str], names: Mapping[str, str]
) -> tuple[dict[str, Proposed], float | None]:
    """One regression: a proposal per group. Works of no group say nothing about any."""
    import numpy as np

    found = {}
    for number, group in enumerate(codes):
        mine = groups == number
        count = int(mine.sum())
        if group and count:
            times = np.bincount(cases.now[mine], minlength=len(cases.coefficients)).tolist()
            total = sum((n * each for n, each in zip(times, cases.coefficients, strict=True) if n), Decimal(0))
            people = len(np.unique(cases.person[mine]))
            found[group] = Proposed(group, names.get(group, ""), total / count, None, None, None, count, people)
    enough = sorted(
        group
        for group, proposed in found.items()
        if proposed.cases >= FEWEST_CASES and proposed.people >= FEWEST_PEOPLE
    )
    if len(enough) < 2:
        return found, None
    place = np.full(len(codes), -1)
    place[[codes.index(group) for group in enough]] = np.arange(len(enough))
    numbers = place[groups]
    usable = numbers >= 0
    fitted = fit(
        effort=cases.effort[usable],
        quantity=cases.quantity[usable],
        groups=numbers[usable],
        people=cases.person[usable],
        level=[float(found[group].now) for group in enough],
    )
    for group, (middle, low, high) in zip(enough, fitted.coefficients, strict=True):
        found[group] = replace(found[group], coefficient=middle, low=low, high=high)
    return found, fitted.slope


@dataclass(frozen=True, slots=True)
class Fitted:
    """Per group the coefficient with both ends of its interval; and the slope on the logarithm of quantity."""

    coefficients: tuple[tuple[float, float, float], ...]
    slope: float | None


def fit(
    effort: Sequence[float] | Floats,
    quantity: Sequence[float] | Floats,
    groups: Sequence[int] | Ints,
    people: Sequence[str] | Ints,
    level: Sequence[float],
) -> Fitted:
    """The regression itself.

    Args:
        effort, quantity: Above 0, of each case.
        groups: The number of each case's group.
        people: Whose case it is.
        level: The coefficient in force of each group; the proposals' mean over the cases (of logarithms) is brought to theirs.
    """
    import numpy as np

    y, x = np.log(np.asarray(effort)), np.log(np.asarray(quantity))
    g = np.asarray(groups, dtype=np.int64)
    count = len(level)
    sloped = bool(np.ptp(x) > 0)
    weight = np.ones_like(y)
    effects, slope, scale = np.zeros(count), 0.0, 1.0
    for _ in range(100):
        before = np.append(effects, slope)
        effects, slope = _least_squares(y, x if sloped else x * 0, g, weight, count)
        residual = y - effects[g] - slope * x
        scale = max(float(np.median(np.abs(residual))) / 0.6745, 1e-9)
        weight = np.minimum(1, BEND * scale / np.maximum(np.abs(residual), 1e-12))
        if np.max(np.abs(np.append(effects, slope) - before)) < 1e-9:
            break
    cases = np.bincount(g, minlength=count)
    kept = float(np.average(np.log(np.asarray(level)), weights=cases))

    def coefficients(of: Floats) -> Any:
        return np.exp(of - np.average(of, axis=-1, weights=cases)[..., None] + kept)

    drawn = coefficients(_drawn(y, x if sloped else x * 0, g, people, effects, slope, scale))
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    middle = coefficients(effects)
    ends = zip(middle.tolist(), low.tolist(), high.tolist(), strict=True)
    return Fitted(tuple((m, min(m, a), max(m, b)) for m, a, b in ends), float(slope) if sloped else None)


def _least_squares(y: Floats, x: Floats, g: Any, weight: Floats, count: int) -> tuple[Floats, float]:
    """Weighted least squares of one level per group and one slope for all: the slope within groups first."""
    import numpy as np

    def mean(of: Floats) -> Floats:
        return np.bincount(g, weight * of, count) / np.bincount(g, weight, count)

    my, mx = mean(y), mean(x)
    dy, dx = y - my[g], x - mx[g]
    spread = float(np.sum(weight * dx * dx))
    slope = float(np.sum(weight * dx * dy)) / spread if spread > 1e-12 else 0.0
    return my - slope * mx, slope


def _drawn(
    y: Floats, x: Floats, g: Any, people: Sequence[str] | Ints, effects: Floats, slope: float, scale: float
) -> Floats:
    """The effects in every draw of the bootstrap: people drawn with replacement, one Newton step from the estimate.

    A step needs, of each person and group, five sums; so a draw costs no pass over the cases.
    """
    import numpy as np

    names, p = np.unique(np.asarray(people), return_inverse=True)
    count, crowd = len(effects), len(names)
    residual = y - effects[g] - slope * x
    inside = (np.abs(residual) <= BEND * scale).astype(float)
    pull = np.clip(residual, -BEND * scale, BEND * scale)
    cell = p * count + g
    # RandomState's stream is fixed for ever; a closed period prints the same intervals after any upgrade.
    random = np.random.RandomState(SEED)
    times = np.array([np.bincount(random.randint(0, crowd, crowd), minlength=crowd) for _ in range(DRAWS)], dtype=float)

    def summed(of: Floats) -> Floats:
        table = np.bincount(cell, of, crowd * count).reshape(crowd, count)
        drawn: Floats = times @ table
        return drawn

    n, sx, sxx = summed(inside), summed(inside * x), summed(inside * x * x)
    u, v = summed(pull), summed(pull * x)
    n = np.maximum(n, 1)
    spread = sxx.sum(axis=1) - (sx * sx / n).sum(axis=1)
    step = np.where(spread > 1e-12, (v.sum(axis=1) - (sx * u / n).sum(axis=1)) / np.maximum(spread, 1e-12), 0)
    moved: Floats = effects + (u - sx * step[:, None]) / n
    return moved


def two_places(value: float) -> Decimal:
    """A proposal as a sheet shows it: to two places; more would be pretended."""
    return Decimal(f"{value:.2f}")
