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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from evalxl.domain.names import code_key
from evalxl.domain.people import Organisation
from evalxl.domain.ratios import by_person
from evalxl.domain.results import Result
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.works import works_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

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


class _Case(NamedTuple):
    """One completed piece of work, as the regressions see it."""

    person: str
    effort: float
    quantity: float
    level: str
    code: str
    now: Decimal


def propose(rows: Iterable[Result], rules: RuleBook, organisation: Organisation) -> Proposals:
    """The coefficients that the works of a period speak for.

    Args:
        rows: Of all its weeks.
        rules: Gives the levels of complexity and their coefficients in force.
        organisation: Gives the level of a task where a row names none, and the names of task codes.
    """
    catalogue = {code_key(task.code): task for task in organisation.tasks}
    levels = {name: each.code for each in rules.complexity for name in (each.code, each.vi, each.en)}
    coefficients = {each.code: each.coefficient for each in rules.complexity}
    cases, spelled = [], {key: task.code for key, task in catalogue.items()}
    for person, mine in sorted(by_person(rows).items()):
        for work in works_of(mine):
            task = work.task
            if not work.completed or not work.word.recognised or (task.done is not None and task.done <= 0):
                continue
            key = code_key(task.code)
            spelled.setdefault(key, task.code)
            level = levels.get(task.complexity or (catalogue[key].complexity if key in catalogue else ""), "")
            now = coefficients.get(level, task.coefficient)
            cases.append(_Case(person, float(work.share), float(task.done or 1), level, key, now))
    by_level, _ = _grouped(cases, "level", {each.code: each.vi for each in rules.complexity})
    by_code, slope = _grouped(cases, "code", {key: task.name for key, task in catalogue.items()})
    return Proposals(
        levels=tuple(by_level[each.code] for each in rules.complexity if each.code in by_level),
        codes=tuple(replace(by_code[key], code=spelled[key]) for key in sorted(by_code)),
        slope=slope,
        cases=len(cases),
        people=len({case.person for case in cases}),
    )


def _grouped(
    cases: Sequence[_Case], by: Literal["level", "code"], names: Mapping[str, str]
) -> tuple[dict[str, Proposed], float | None]:
    """One regression: a proposal per group. Works of no group say nothing about any."""
    grouped = [(getattr(case, by), case) for case in cases if getattr(case, by)]
    sums: dict[str, tuple[int, Decimal]] = {}
    people: dict[str, set[str]] = {}
    for group, case in grouped:
        count, total = sums.get(group, (0, Decimal(0)))
        sums[group] = count + 1, total + case.now
        people.setdefault(group, set()).add(case.person)
    enough = sorted(
        group for group, (count, _) in sums.items() if count >= FEWEST_CASES and len(people[group]) >= FEWEST_PEOPLE
    )
    found = {
        group: Proposed(group, names.get(group, ""), total / count, None, None, None, count, len(people[group]))
        for group, (count, total) in sums.items()
    }
    if len(enough) < 2:
        return found, None
    place = {group: number for number, group in enumerate(enough)}
    usable = [(place[group], case) for group, case in grouped if group in place]
    fitted = fit(
        effort=[case.effort for _, case in usable],
        quantity=[case.quantity for _, case in usable],
        groups=[number for number, _ in usable],
        people=[case.person for _, case in usable],
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
    effort: Sequence[float],
    quantity: Sequence[float],
    groups: Sequence[int],
    people: Sequence[str],
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


def _drawn(y: Floats, x: Floats, g: Any, people: Sequence[str], effects: Floats, slope: float, scale: float) -> Floats:
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
