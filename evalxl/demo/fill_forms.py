"""How the people of the demo fill their forms: from a person, a week and the issued form to the typed values.

Everything is drawn from a generator seeded by week and staff code, so a week is filled the same way on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from evalxl.demo.content import SampleWork, content
from evalxl.domain.evaluation.scoring import DOING, DONE, DONE_LATE, NOT_DONE, to_step
from evalxl.domain.organisation.people import CatalogueTask, Member, Organisation
from evalxl.domain.rulebook import Part, RuleBook, ScoreLine
from evalxl.domain.weeks import Week, shown_date
from evalxl.forms.fields import DRAFT, NO, OWN_LINE, SUBMITTED, YES
from evalxl.words import Lang

Typing = dict[str, Any]

# Self scores of each degree of completion: by quality (of 40 points), by progress (of 40), of conduct (of 20), in halves of a point.
Halves = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
_SCORES: Mapping[str, Halves] = {
    "excellent": ((73, 79), (73, 80), (36, 40)),
    "good": ((64, 71), (63, 71), (32, 36)),
    "completed": ((46, 58), (44, 56), (24, 31)),
    "not_completed": ((28, 37), (24, 36), (17, 22)),
}
_OF = (40, 40, 20)
_LEVELS = ((0.1, "not_completed"), (0.26, "completed"), (0.7, "good"), (1.1, "excellent"))


@dataclass(frozen=True, slots=True)
class Ready:
    """A task row of the form as it was issued."""

    name: str
    code: str
    important: bool
    due: date | None
    assigned: Decimal | None
    origin: str

    @property
    def locked(self) -> bool:
        return self.origin in ("given", "carried")


@dataclass(frozen=True, slots=True)
class Scene:
    """One person's week: the person, the week and the issued form.

    Attributes:
        days: The week's working days.
        ready: The task rows of the issued form.
        trouble: `tasks` if two important tasks stay undone, `breach` if working hours were not kept, `both`, or empty.
    """

    member: Member
    week: Week
    days: Sequence[date]
    organisation: Organisation
    rules: RuleBook
    lang: Lang
    ready: Sequence[Ready] = ()
    trouble: str = ""

    def random(self, what: str) -> Random:
        return Random(f"{self.week}/{self.member.code}/{what}")

    @property
    def level(self) -> str:
        """The degree of completion of this week. It stays near the person's usual level, with better and worse weeks."""
        if self.trouble in ("tasks", "both"):
            return "not_completed" if self.trouble == "both" else "completed"
        steady, this_week = Random(self.member.code).random(), self.random("level").random()
        place = 0.6 * steady + 0.4 * this_week
        return next(name for limit, name in _LEVELS if place < limit)

    @property
    def undone(self) -> int:
        """The number of important tasks that stay undone without an accepted cause."""
        return 2 if self.trouble in ("tasks", "both") else 0


def filled_form(scene: Scene) -> Typing:
    """What a person types into the form."""
    random = scene.random("form")
    typed = {
        **_tasks(scene, random),
        **_self_scores(scene, random),
        "ev_conduct_note": _lines(random, content().conduct[scene.level], random.choice((2, 2, 3))),
        "ev_difficulties": random.choice(content().difficulties) if random.random() < 0.3 else None,
        "ev_proposals": random.choice(content().proposals) if random.random() < 0.2 else None,
        "ev_reply": random.choice(content().replies) if random.random() < 0.03 else None,
        **_plan(scene, random),
        "ev_status": SUBMITTED,
    }
    return typed | {"ev_appeal": YES} if typed["ev_reply"] == content().asks_review else typed


def half_filled(scene: Scene) -> Typing:
    """A form that is partly filled and not handed in."""
    typed = filled_form(scene)
    open_scores = {name: None for part in scene.rules.parts[1:] for name in self_names(part)}
    return {**typed, **open_scores, "ev_conduct_note": None, "ev_status": DRAFT}


def _lines(random: Random, lines: Sequence[str], count: int) -> str:
    return "\n".join(random.sample(lines, min(count, len(lines))))


def _self_scores(scene: Scene, random: Random) -> Typing:
    scores = scores_between(scene, _SCORES[scene.level], random)
    if scene.trouble == "breach":
        scores = {part: score if part.of_tasks else min(score, part.maximum * 7 / 10) for part, score in scores.items()}
    return score_cells(scene, scores, random, by_hand=True)


def score_cells(scene: Scene, scores: Mapping[Part, Decimal], random: Random, by_hand: bool = False) -> Typing:
    """The cells of a form with scores: each part's own, or those of its lines, of which each is about as good as the part.

    Args:
        by_hand: Some scores are written with a decimal comma, which a spreadsheet program takes as text.
    """
    typed: Typing = {}
    for part, score in scores.items():
        if part.lines:
            typed |= {
                f"{OWN_LINE}{line.key}": points_near(line, score / part.maximum, scene, random)
                for line in part.lines_of_person
            }
        else:
            typed[f"ev_self_{part.code}"] = as_typed(score, random) if by_hand else score
    return typed


def self_names(part: Part) -> list[str]:
    """The cells of a form in which a part is scored: its lines, or the part itself."""
    return [f"{OWN_LINE}{line.key}" for line in part.lines_of_person] or [f"ev_self_{part.code}"]


def points_near(line: ScoreLine, share: Decimal, scene: Scene, random: Random) -> Decimal:
    """Points of a line that are about a share of its maximum, as its rule book allows them."""
    wanted = line.maximum * min(share + Decimal(random.randint(-8, 8)) / 100, Decimal(1))
    if line.allowed:
        return min(line.allowed, key=lambda value: abs(value - wanted))
    return max(min(to_step(wanted, scene.rules.step), line.maximum), Decimal(0))


def scores_between(scene: Scene, halves: Halves, random: Random) -> dict[Part, Decimal]:
    """A score of each part of the rule book: as good as one by quality, by progress or of conduct would be."""
    found = {}
    for part in scene.rules.parts:
        kind = ("quality", "progress", None).index(part.measure)
        least, most = (int(points * part.maximum / _OF[kind]) for points in halves[kind])
        score = Decimal(random.randint(least, most)) / 2
        found[part] = score if score % scene.rules.step == 0 else to_step(score, scene.rules.step)
    return found


def as_typed(score: Decimal, random: Random) -> Decimal | str:
    """A score as people type it, sometimes with a decimal comma, which a spreadsheet program takes as text."""
    if score % 1 and random.random() < 0.12:
        return f"{score}".replace(".", ",")
    return score


# Tasks


@dataclass(slots=True)
class _Row:
    """One typed task row; None for a cell that is left as it is."""

    name: str | None = None
    code: str | None = None
    important: str | None = None
    unplanned: str | None = None
    complexity: str | None = None
    unit: str | None = None
    assigned: Decimal | None = None
    done: Decimal | None = None
    due: date | None = None
    finished: date | None = None
    status: str | None = None
    product: str | None = None
    evidence: str | None = None
    cause: str | None = None


_COLUMNS = tuple(_Row.__dataclass_fields__)


def _tasks(scene: Scene, random: Random) -> Typing:
    undone = scene.undone
    rows: list[_Row] = []
    for ready in scene.ready:
        fails = undone > 0 and ready.important
        undone -= fails
        rows.append(_ready_row(scene, random, ready, fails))
    own = max(random.choice((3, 4, 4, 5, 6)) - len(rows) // 2, 2)
    named = {ready.name for ready in scene.ready}
    for work in _sample(random, [work for work in _works(scene) if _said(work.name, scene.week) not in named], own):
        rows.append(_own_row(scene, random, work))
    for name in random.sample(content().hard, max(undone, 0)):
        rows.append(_hard_row(scene, random, name))
    return {f"ev_task_{column}": [getattr(row, column) for row in rows] for column in _COLUMNS}


def _sample(random: Random, works: Sequence[SampleWork], count: int) -> list[SampleWork]:
    return random.sample(works, min(count, len(works)))


def _ready_row(scene: Scene, random: Random, ready: Ready, fails: bool) -> _Row:
    """A row of the issued form. The person adds the outcome. Name, importance and due date are locked in given and carried-over tasks."""
    work = _work_named(ready.name, scene.week)
    due = ready.due or scene.days[-1]
    row = _Row(due=None if ready.locked or ready.due else due, assigned=ready.assigned)
    if ready.origin != "carried":
        _describe(scene, row, _task_of(scene, ready.code), random)
    if fails:
        row.status, row.cause = NOT_DONE, random.choice(content().causes_own)
        return row
    return _went(scene, random, row, work, due, ready.important, ready.locked)


def _own_row(scene: Scene, random: Random, work: SampleWork) -> _Row:
    important = random.random() < 0.3
    row = _Row(
        name=_said(work.name, scene.week),
        code=work.code,
        important=YES if important else NO,
        unplanned=YES if random.random() < 0.12 else None,
        due=random.choice(scene.days),
    )
    _describe(scene, row, _task_of(scene, work.code), random)
    assert row.due is not None
    return _went(scene, random, row, work, row.due, important, locked=False)


def _hard_row(scene: Scene, random: Random, name: str) -> _Row:
    """An important task that stays undone by the person's own fault."""
    return _Row(
        name=name,
        important=YES,
        due=scene.days[-2] if len(scene.days) > 1 else scene.days[-1],
        status=NOT_DONE,
        cause=random.choice(content().causes_own),
    )


def _describe(scene: Scene, row: _Row, task: CatalogueTask | None, random: Random) -> None:
    if task is None:
        return
    row.unit = task.unit_of_measure
    row.assigned = Decimal(
        random.randint(2, 12) if task.unit_of_measure in content().many else random.choice((1, 1, 1, 2))
    )
    row.complexity = next(
        (level.name(scene.lang) for level in scene.rules.complexity if level.code == task.complexity), None
    )


def _went(
    scene: Scene, random: Random, row: _Row, work: SampleWork | None, due: date, important: bool, locked: bool
) -> _Row:
    """The outcome of a task: mostly done. In a bad week more tasks are late or still open.

    A task that was due before the week is always late. A task that takes longer gets a later date, if the person may set one.
    """
    overdue = due < scene.days[0]
    late, still_open = {
        "excellent": (0.0, 0.06),
        "good": (0.08, 0.12),
        "completed": (0.28, 0.2),
        "not_completed": (0.4, 0.25),
    }[scene.level]
    luck = random.random()
    if luck < still_open and not (important and overdue):
        row.status = DOING
        if not locked:
            row.due = due = scene.week.after().monday + timedelta(days=random.randint(0, 4))
        if due <= scene.days[-1] and random.random() < 0.7:
            row.cause = random.choice(content().causes_accepted)
        row.done = (row.assigned or Decimal(0)) // 2 or None
        return row
    row.status = DONE_LATE if overdue or (luck > 1 - late and due < scene.days[-1]) else DONE
    latest = [day for day in scene.days if day <= due] or list(scene.days)
    row.finished = scene.days[-1] if row.status == DONE_LATE else random.choice(latest)
    row.done = row.assigned
    row.product, evidence = (work.product, work.evidence) if work else ("Báo cáo", content().letter)
    row.evidence = written(evidence, scene, random)
    if random.random() < 0.015:
        row.evidence = None
    if row.status == DONE_LATE:
        row.cause = random.choice(content().causes_accepted)
    return row


def _works(scene: Scene) -> list[SampleWork]:
    """The works of the person's position. Among service staff, drivers have other works than the rest."""
    codes = {task.code for task in scene.organisation.tasks if task.position == scene.member.position}
    if scene.member.position == "PV":
        codes = {"NV-31"} if "xe" in scene.member.title else {"NV-32"}
    return [work for work in content().works if work.code in codes]


def _work_named(name: str, week: Week) -> SampleWork | None:
    """The work that a row names. The name of a carried-over task may contain the number of an earlier week."""
    if name in content().given:
        return SampleWork(code="", name=name, product=content().given[name], evidence=content().letter)
    return _names(week).get(name)


@lru_cache(maxsize=4)
def _names(week: Week) -> Mapping[str, SampleWork]:
    return {_said(work.name, week.after(-ago)): work for work in content().works for ago in range(4)}


def _task_of(scene: Scene, code: str) -> CatalogueTask | None:
    return next((task for task in scene.organisation.tasks if task.code == code), None)


def _plan(scene: Scene, random: Random) -> Typing:
    """Two or three works for the next week."""
    after = scene.week.after()
    works = _sample(random, _works(scene), random.choice((2, 2, 3)))
    return {
        "ev_plan_name": [_said(work.name, after) for work in works],
        "ev_plan_code": [work.code for work in works],
        "ev_plan_due": [after.monday + timedelta(days=random.randint(1, 4)) for _ in works],
        "ev_plan_important": [YES if random.random() < 0.3 else None for _ in works],
    }


def _said(text: str, week: Week) -> str:
    return text.format(n=week.number, month=week.thursday.month)


def written(text: str, scene: Scene, random: Random) -> str:
    """A text with its placeholders filled in: numbers, days and codes."""
    return text.format(
        n=scene.week.number,
        month=scene.week.thursday.month,
        no=random.randint(12, 480),
        unit=scene.member.unit,
        day=shown_date(random.choice(scene.days)),
        place=random.randint(2, 60),
    )
