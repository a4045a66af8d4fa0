"""What managers and approvers of the demo type into the rows of their workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from evalxl.demo.cast import COPIES
from evalxl.demo.content import content
from evalxl.demo.fill_forms import Scene, as_typed, points_near, written
from evalxl.domain.evaluation.row_requirements import ScoreRow, far_apart, needs_of_score
from evalxl.domain.evaluation.scoring import DONE_LATE, Scores, Task
from evalxl.domain.history.history import PersonWeek
from evalxl.domain.rulebook import Part
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.weeks import Week, shown_date
from evalxl.forms.fields import ADJUST, APPROVE, GIVEN_LINE, NO, RETURN, SCORED, SEEN, YES

Row = dict[str, Any]
Typing = dict[str, Any]

# The difference between a manager's score and the self score.
_OFF = tuple(Decimal(off) for off in ("0", "0", "0", "-0.5", "-0.5", "-1", "-1.5", "0.5"))
_HARSH = Decimal("-6.5")


def scored_row(
    scene: Scene,
    own: Scores | None,
    apart: bool = False,
    comments: bool = False,
    own_lines: Mapping[str, Decimal] | None = None,
) -> Row:
    """A manager's row for one person.

    Args:
        own: The self scores; None if the person handed in nothing.
        apart: Whether the manager's score of the first part is far from the self score.
        comments: Whether there is a comment even if none is required.
        own_lines: What the person gave in lines. It stands in the workbook unless the form came after it went out.
    """
    random = scene.random("score")
    base = own if own is not None and own.complete else _thought(scene, random)
    parts = scene.rules.parts
    offs = {part: random.choice(_OFF) for part in parts}
    if scene.member.scorer == COPIES:
        offs = dict.fromkeys(parts, Decimal(0))
    scores = {part: _near(part, base.part(part.code) or Decimal(0), off) for part, off in offs.items()}
    lines: dict[str, Decimal] = {}
    share = (base.total or Decimal(0)) / scene.rules.maximum if parts else Decimal(0)
    handed_in = own is not None and own.complete
    for part in (part for part in parts if part.lines_of_manager):
        # What the person gave stands there already; without a form the manager gives every line.
        typed = part.lines_of_manager_alone if handed_in else part.lines_of_manager
        lines |= {line.key: points_near(line, share, scene, random) for line in typed}
        known = own_lines or {}
        lines |= {line.key: known[line.key] for line in part.lines_of_person if handed_in and line.key in known}
        scores[part] = (base.part(part.code) or Decimal(0)) if handed_in else Decimal(0)
        scores[part] += sum((lines[line.key] for line in typed), Decimal(0))
    if apart and parts and not parts[0].lines:
        scores[parts[0]] = _near(parts[0], scores[parts[0]], _HARSH)
    breach = scene.trouble in ("breach", "both")
    if breach:
        scores = {
            part: score if part.of_tasks or part.lines_of_manager else min(score, part.maximum / 2)
            for part, score in scores.items()
        }
    given = Scores.of({part.code: score for part, score in scores.items()})
    explanation = content().without_form if own is None else ""
    if own is not None and far_apart(given, own, scene.rules):
        explanation = random.choice(content().explanations)
    note = written(random.choice(content().breaches), scene, random) if breach else ""
    row = ScoreRow(breach=breach, breach_note=note, explanation=explanation, scores=given, lines=lines)
    asked = any(need.kind == "score.comment_missing" for need in needs_of_score(row, own, scene.rules))
    comment = content().breach_comment if breach else random.choice(content().comments[_level(scene, given)])
    return {
        **{
            f"ev_score_{part.code}": as_typed(score, random)
            for part, score in scores.items()
            if not part.lines_of_manager
        },
        **{f"{GIVEN_LINE}{key}": points for key, points in lines.items()},
        "ev_score_breach": YES if breach else None,
        "ev_score_breach_note": note or None,
        "ev_score_comment": comment if asked or comments or random.random() < 0.4 else None,
        **({"ev_score_explanation": explanation or None} if parts else {}),
        "ev_score_decision": SCORED if parts else SEEN,
    }


def returned_row(scene: Scene) -> Row:
    """A row by which the manager returns a form."""
    return {"ev_score_comment": scene.random("return").choice(content().return_reasons), "ev_score_decision": RETURN}


def answered_row() -> Row:
    """The answer to a row that an approver returned: the scores stay, and the manager gives the reason."""
    return {"ev_score_comment": content().added_comment, "ev_score_decision": SCORED}


def rows_typed(issue: Issue, rows: Mapping[str, Row], table: str = "ev_row_person") -> Typing:
    """Rows by staff code, converted to columns of an issued workbook."""
    people: Sequence[str] = issue.values[table]
    names = {name for row in rows.values() for name in row}
    return {name: [rows.get(person, {}).get(name) for person in people] for name in sorted(names)}


def _thought(scene: Scene, random: Random) -> Scores:
    """A manager's scores for a week in which nothing was handed in: low, but not zero."""
    shares = {part: Decimal(random.randint(9, 12)) / 20 for part in scene.rules.parts}
    return Scores.of({part.code: part.maximum * share for part, share in shares.items()})


def _near(part: Part, score: Decimal, off: Decimal) -> Decimal:
    return min(max(score + off, Decimal(0)), part.maximum)


def _level(scene: Scene, scores: Scores) -> str:
    """What sort of comment fits: by the band, where it is one that the demo has comments for."""
    band = scene.rules.band_for(scores.total).code if scores.total is not None else ""
    return band if band in content().comments else scene.level


# The sheet of the team's tasks, and the tasks given for next week


def checks_typed(issue: Issue, people: Mapping[str, PersonWeek], scenes: Mapping[str, Scene]) -> Typing:
    """A manager's checks of the team's tasks: of people whose week went badly, and of some others."""
    columns: dict[str, list[Any]] = {
        f"ev_check_{name}": [] for name in ("important", "status", "recognised", "cause_accepted", "faults", "delays")
    }
    for code, key in zip(issue.values["ev_check_person"], issue.values["ev_check_key"], strict=True):
        row: Row = {}
        if code in scenes:
            counted = people[code].counted
            tasks = counted.submission.tasks if counted else ()
            row = _check(scenes[code], next((task for task in tasks if task.key == key), None))
        for name, column in columns.items():
            column.append(row.get(name))
    return columns


def _check(scene: Scene, task: Task | None) -> Row:
    looks = bool(scene.trouble) or scene.random("looks").random() < 0.35
    if task is None or not looks:
        return {}
    random = scene.random(f"check/{task.key}")
    if not task.completed:
        accepted = not scene.trouble and task.cause in content().causes_accepted
        known = {"ev_check_cause_accepted": YES if accepted else NO} if task.cause else {}
        sure = {"ev_check_status": task.status, "ev_check_important": YES} if task.important else {}
        return known | sure
    faulty = scene.level in ("completed", "not_completed") and random.random() < 0.3
    return {
        "ev_check_recognised": NO if faulty and random.random() < 0.3 else YES,
        "ev_check_faults": 1 if faulty else None,
        "ev_check_delays": 1 if task.standing == DONE_LATE and faulty else None,
    }


def assignments_typed(scenes: Iterable[Scene], week: Week, owner: str) -> Typing:
    """One or two tasks that a manager gives to people of the team for the next week."""
    random = Random(f"{week}/{owner}/assign")
    team = sorted((scene.member.code for scene in scenes), key=str)
    chosen = random.sample(team, min(len(team), random.choice((1, 1, 2))))
    after = week.after()
    return {
        "ev_assign_person": chosen,
        "ev_assign_task": random.sample(list(content().given), len(chosen)),
        "ev_assign_due": [after.monday + timedelta(days=random.randint(1, 4)) for _ in chosen],
        "ev_assign_important": [YES if random.random() < 0.4 else None for _ in chosen],
    }


# Approval


def adjusted_row(scene: Scene, scored: Scores) -> Row:
    """An approval that takes two points off the progress, or where no part is about it off the first one."""
    part = next((part for part in scene.rules.parts if part.measure == "progress"), scene.rules.parts[0])
    return {
        "ev_approve_decision": ADJUST,
        f"ev_approve_{part.code}": max(scored.given[part.code] - 2, Decimal(0)),
        "ev_approve_opinion": scene.random("adjust").choice(content().adjustments),
    }


def questioned_row(scene: Scene) -> Row:
    """A row that the approver returns to the manager."""
    return {
        "ev_approve_decision": RETURN,
        "ev_approve_opinion": scene.random("question").choice(content().approver_returns),
    }


def paper_row(scene: Scene) -> Row:
    """A decision that the office enters from a signed list."""
    random = scene.random("paper")
    day = shown_date(scene.week.after().monday)
    return {
        "ev_approve_decision": APPROVE,
        "ev_approve_by_paper": content().paper.format(day=day, no=random.randint(12, 480), unit=scene.member.unit),
    }


def plain_approval(scene: Scene) -> Row:
    """An approval row. Most rows are left to *Phê duyệt tất cả*; sometimes an approver writes a comment."""
    random = scene.random("approve")
    if random.random() > 0.15:
        return {}
    return {"ev_approve_decision": APPROVE, "ev_approve_opinion": random.choice(content().opinions)}
