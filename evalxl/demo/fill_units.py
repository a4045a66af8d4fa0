"""The units of the demo: their heads fill the units' own forms, and the leader in charge scores them. Also what managers enter for a month.

In bad weeks one unit is far below its people. Leaders should ask about people who score themselves well in a unit that does not deliver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from evalxl.demo.content import content
from evalxl.demo.fill_forms import Halves, Scene, filled_form, score_cells, scores_between
from evalxl.demo.fill_workbooks import Row, rows_typed, scored_row
from evalxl.demo.stage import Act, Stage, hour, ready_in, type_book, type_into, week_of
from evalxl.domain.evaluation.scoring import to_step
from evalxl.domain.history.history import PersonWeek
from evalxl.domain.names import code_key, shown_code
from evalxl.domain.organisation.people import Member
from evalxl.domain.rulebook import Criterion, RuleBook, ScoreLine
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.weeks import Period
from evalxl.forms import kinds
from evalxl.forms.fields import CRITERION, ENTERED, PERIOD_LINE, YES

BELOW = "ĐT"  # led by a deputy in charge
NOTED = 0.2
RATED = 0.9
# Self scores in halves of a point: about what a unit's people get, and well below.
_LIKE_PEOPLE: Halves = ((62, 67), (61, 67), (32, 35))
_FAR_BELOW: Halves = ((46, 50), (45, 49), (25, 28))


def units_hand_in(stage: Stage, act: Act) -> None:
    """The heads fill their units' forms on Friday."""
    for scene, unit in _scenes(stage, act):
        assert unit.issue is not None
        path = stage.office.absolute(unit.issue.path)
        saved = hour(act, unit.code, "saved", act.self_due - timedelta(hours=6), act.self_due - timedelta(minutes=4))
        typed = filled_form(scene) | _self_scores(scene) | {"ev_reply": None, "ev_appeal": None}
        type_into(stage, path, kinds.UNIT_FORM, typed, saved)


def _self_scores(scene: Scene) -> Row:
    random, halves = scene.random("unit"), _FAR_BELOW if scene.trouble else _LIKE_PEOPLE
    return score_cells(scene, scores_between(scene, halves, random), random)


def units_scored(stage: Stage, act: Act, owner: str) -> dict[str, Row]:
    """The rows of the units of a leader in charge, by the codes in the leader's workbook."""
    return {
        shown_code(unit.code): scored_row(scene, unit.counted.submission.scores, comments=True)
        for scene, unit in _scenes(stage, act)
        if scene.member.scorer == owner and unit.counted is not None
    }


def _scenes(stage: Stage, act: Act) -> Iterator[tuple[Scene, PersonWeek]]:
    """The units that report, each as a scene with the work of its head."""
    posts = {code_key(member.code): member.position for member in act.roster.members}
    for unit in act.roster.collectives:
        known = week_of(stage, act).known(unit.code)
        if known is None or known.issue is None:
            continue
        bad = bool(act.troubles) and unit.unit == BELOW
        member = replace(unit, position=posts.get(code_key(unit.head), ""))
        yield _scene(stage, act, member, known.issue, "tasks" if bad else ""), known


def _scene(stage: Stage, act: Act, member: Member, form: Issue, trouble: str) -> Scene:
    days, office = act.roster.working_days, stage.office
    ready = tuple(ready_in(form))
    return Scene(member, act.week, days, stage.organisation, stage.rules, office.lang, ready, trouble)


# What managers enter for a month


def enter_for(stage: Stage, period: Period) -> None:
    """Managers enter notes on the potential of some of their people, and the criteria of most where the rule book has any."""
    for _, held in sorted(stage.office.history.period(period).books.items()):
        if (book := held.issue) is None:
            continue
        rows: dict[str, Row] = {}
        for code, leads in zip(book.values["ev_period_person"], book.values["ev_period_leads"], strict=True):
            random = Random(f"{period}/{code}/note")
            row: Row = {}
            if random.random() < NOTED:
                row = {"ev_period_note": random.choice(content().notes)}
            if stage.rules.criteria and random.random() < RATED:
                row |= _criteria(stage.rules, leads == YES, random)
            elif stage.rules.criteria:
                row = {}
            if row:
                rows[code] = row | {"ev_period_decision": ENTERED}
        if rows:
            type_book(stage, book, rows_typed(book, rows, "ev_period_person"), stage.now)


def _criteria(rules: RuleBook, leads: bool, random: Random) -> Row:
    """The cells of everything that is asked of a person for a period."""

    def near(bounds: Criterion | ScoreLine) -> Decimal:
        share = Decimal(random.randint(76, 98)) / 100
        if bounds.allowed:
            return min(bounds.allowed, key=lambda value: abs(value - share * bounds.maximum))
        return min(to_step(share * bounds.maximum, rules.step), bounds.maximum)

    row: Row = {}
    for criterion in rules.criteria:
        if criterion.is_asked_of(leads) and criterion.lines:
            row |= {f"{PERIOD_LINE}{line.key}": near(line) for line in criterion.lines}
        elif criterion.is_asked_of(leads):
            row[f"{CRITERION}{criterion.code}"] = near(criterion)
    return row
