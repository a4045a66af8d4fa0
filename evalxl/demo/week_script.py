"""How a week goes in the demo: Friday's forms, Monday's scores and approvals, and Tuesday's second round before the week is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from evalxl.demo.content import content
from evalxl.demo.fill_forms import Scene, filled_form, half_filled, self_names
from evalxl.demo.fill_register import keep_register
from evalxl.demo.fill_units import units_hand_in, units_scored
from evalxl.demo.fill_workbooks import (
    Row,
    adjusted_row,
    answered_row,
    assignments_typed,
    checks_typed,
    paper_row,
    plain_approval,
    questioned_row,
    returned_row,
    rows_typed,
    scored_row,
)
from evalxl.demo.stage import (
    Act,
    Stage,
    approver_now,
    books,
    everybody_saves,
    form_of,
    hands_over,
    hour,
    person_of,
    press,
    press_at_last,
    save,
    scorer_now,
    set_scenes,
    shut,
    type_book,
    type_form,
)
from evalxl.domain.evaluation.scoring import Scores
from evalxl.forms import kinds
from evalxl.forms.fields import OWN_LINE, YES

TOO_HIGH = 5  # points above the most


def friday(stage: Stage, act: Act) -> None:
    """All but a few people hand in their forms. Some files are spoiled."""
    set_scenes(stage, act)
    cast = act.cast
    for code, scene in act.scenes.items():
        saved = hour(act, code, "saved", act.self_due - timedelta(hours=7), act.self_due - timedelta(minutes=4))
        if code == cast.draft:
            type_form(stage, act, code, half_filled(scene), saved)
        elif code == cast.too_high:
            type_form(stage, act, code, filled_form(scene) | _too_high(scene), saved)
        elif code == cast.password:
            act.kept = form_of(stage, act, code).read_bytes()
            save(form_of(stage, act, code), compound_file("EncryptedPackage"), saved)
        elif code not in (cast.missing, cast.unheard, cast.late):
            hand_in(stage, act, code, filled_form(scene), saved)
        if code in (cast.old_format, cast.twice):
            _leave_beside(stage, act, code, saved)
    units_hand_in(stage, act)
    # A delegate who begins on Monday has to find the rows then, so the button is pressed that morning instead of on Friday evening.
    pressed = act.self_due + timedelta(minutes=10)
    start = act.score_due - timedelta(hours=5)
    press(stage, act, start if hands_over(stage, act, pressed, start) else pressed)


def monday(stage: Stage, act: Act, stays_open: bool) -> None:
    """Late forms come in, managers score, approvers decide in the afternoon.

    In the week that stays open, spoiled files and drafts are not corrected, and returned forms stay returned.
    """
    cast = act.cast
    stage.now = early = max(stage.now, act.score_due - timedelta(hours=4))
    for code in (cast.late,) if stays_open else (cast.late, cast.draft, cast.too_high, cast.password):
        if code == cast.password:
            save(form_of(stage, act, code), act.kept, early)
        saved = hour(act, code, "late", early, early + timedelta(minutes=40))
        hand_in(stage, act, code, filled_form(act.scenes[code]), saved)
    _score(stage, act, early + timedelta(hours=1))
    press(stage, act, act.score_due - timedelta(minutes=5))
    after_lunch = stage.now + timedelta(hours=2)
    type_form(stage, act, cast.newer, {"ev_difficulties": content().added_difficulty}, after_lunch)
    if cast.returned and not stays_open:
        hand_in(stage, act, cast.returned, _mended(act.scenes[cast.returned]), after_lunch)
    _approve(stage, act, after_lunch, first=True)
    keep_register(stage, act, after_lunch)
    (press_at_last if stays_open else press)(stage, act, act.approve_due - timedelta(minutes=75))


def tuesday(stage: Stage, act: Act) -> None:
    """Returned rows are scored and approved, and the week is closed."""
    if act.cast.returned or act.cast.questioned:
        _score_again(stage, act, act.close_due - timedelta(hours=9))
        press(stage, act, act.close_due - timedelta(hours=8))
        _approve(stage, act, act.close_due - timedelta(hours=5), first=False)
        press(stage, act, act.close_due - timedelta(hours=2))
    shut(stage, act)


# Forms


def hand_in(stage: Stage, act: Act, code: str, typed: dict[str, Any], moment: datetime) -> None:
    """A person hands in a form that can be booked. The manager will read its self scores."""
    type_form(stage, act, code, typed, moment)
    parts = {part.code: [_number(typed[name]) for name in self_names(part)] for part in stage.rules.parts}
    act.lines[code] = {
        line.key: _number(typed[f"{OWN_LINE}{line.key}"]) for line in stage.rules.lines if line.of_person
    }
    act.handed_in[code] = Scores.of({part: sum(given, Decimal(0)) for part, given in parts.items()})


def _too_high(scene: Scene) -> dict[str, int]:
    """More points than there are, in the first part; in a week that nobody scores nothing is wrong."""
    return {self_names(part)[0]: int(part.maximum) + TOO_HIGH for part in scene.rules.parts[:1]}


def _number(typed: Decimal | str) -> Decimal:
    return Decimal(str(typed).replace(",", "."))


def _leave_beside(stage: Stage, act: Act, code: str, saved: datetime) -> None:
    """Put a copy of the form, or an old `.xls` that was only renamed, beside the form."""
    path = form_of(stage, act, code)
    if twice := code == act.cast.twice:
        everybody_saves(stage)
    name, data = ("bản sao", path.read_bytes()) if twice else ("Excel 97-2003", compound_file("Workbook"))
    save(path.with_name(f"{path.stem} - {name}.xlsx"), data, saved)


def compound_file(stream: str) -> bytes:
    """A minimal compound file with one stream, as Excel writes with a password (`EncryptedPackage`) or as .xls (`Workbook`)."""
    magic = bytes.fromhex("d0cf11e0a1b11ae1")
    return magic.ljust(512, b"\0") + (
        "Root Entry".encode("utf-16-le").ljust(128, b"\0") + stream.encode("utf-16-le")
    ).ljust(1536, b"\0")


def _mended(scene: Scene) -> dict[str, Any]:
    """A returned form, corrected: the evidence that the manager asked for is added."""
    typed = filled_form(scene)
    first, *others = typed["ev_task_evidence"]
    return typed | {"ev_task_evidence": [f"{first or 'Sổ công việc'} (đã bổ sung)", *others]}


# Managers


def _score(stage: Stage, act: Act, begins: datetime) -> None:
    """Every manager who has begun scores the team, checks some tasks and gives tasks for the next week."""
    for owner, book in books(stage, act, kinds.SCORING):
        if owner in act.cast.idle_scorers:
            continue
        shown = [act.scenes[code] for code in book.values["ev_row_person"] if code in act.scenes]
        mine = {scene.member.code: scene for scene in shown if scorer_now(stage, act, scene.member) == owner}
        rows = {code: row for code, scene in mine.items() if (row := _score_row(act, scene))}
        rows |= units_scored(stage, act, owner)
        people = {code: person_of(stage, act, code) for code in mine}
        team = [scene for scene in mine.values() if scene.member.scorer == owner]
        typed = rows_typed(book, rows) | checks_typed(book, people, mine) | assignments_typed(team, act.week, owner)
        type_book(stage, book, typed, hour(act, owner, "scored", begins, act.score_due - timedelta(minutes=15)))


def _score_row(act: Act, scene: Scene) -> Row | None:
    """A person's row. None if no form of the person counts, except for the person who is scored without a form."""
    code = scene.member.code
    if code == act.cast.returned:
        return returned_row(scene)
    own = act.handed_in.get(code)
    if own is None and code != act.cast.unheard:
        return None
    return scored_row(scene, own, apart=code == act.cast.apart, own_lines=act.lines.get(code))


def _score_again(stage: Stage, act: Act, moment: datetime) -> None:
    """The manager scores forms that were handed in again, and answers the approver."""
    again: dict[str, Row] = {}
    if act.cast.returned:
        scene = act.scenes[act.cast.returned]
        again[act.cast.returned] = scored_row(
            scene, act.handed_in[act.cast.returned], comments=True, own_lines=act.lines.get(act.cast.returned)
        )
    if act.cast.questioned and stage.rules.parts:
        again[act.cast.questioned] = answered_row()
    for owner, book in books(stage, act, kinds.SCORING):
        rows = {code: row for code, row in again.items() if scorer_now(stage, act, act.scenes[code].member) == owner}
        if rows:
            type_book(stage, book, rows_typed(book, rows), moment)


# Approvers


def _approve(stage: Stage, act: Act, moment: datetime, first: bool) -> None:
    """Every approver who has begun decides on some rows and approves all others."""
    for owner, book in books(stage, act, kinds.APPROVAL):
        rows = {
            code: _approval_row(stage, act, act.scenes[code]) if first else {}
            for code in book.values["ev_row_person"]
            if code in book.basis and approver_now(stage, act, act.scenes[code].member) == owner
        }
        if rows and owner != act.cast.idle_approver:
            type_book(stage, book, rows_typed(book, rows) | {"ev_approve_all": YES}, moment)


def _approval_row(stage: Stage, act: Act, scene: Scene) -> Row:
    cast, code = act.cast, scene.member.code
    score = person_of(stage, act, code).score
    if code == cast.adjusted and score is not None:
        return adjusted_row(scene, score.scores)
    if code == cast.questioned:
        return questioned_row(scene)
    return paper_row(scene) if code == cast.by_paper else plain_approval(scene)
