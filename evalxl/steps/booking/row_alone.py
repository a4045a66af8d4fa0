"""What a row says on its own, without an office: whoever looks at a file alone knows no authority, no version and no earlier decision."""

from __future__ import annotations

from typing import Any

from evalxl.domain.evaluation.row_requirements import (
    ApprovalRow,
    ScoreRow,
    needs_of_adjustment,
    needs_of_score,
    with_adjustments,
)
from evalxl.domain.evaluation.scoring import Scores
from evalxl.forms.fields import ADJUST, APPROVE, RETURN, SCORED, YES
from evalxl.forms.rows import RowReader
from evalxl.forms.submissions import CellReader
from evalxl.steps.booking.decision_context import say_need


def score_alone(reader: RowReader, cells: CellReader, row: int) -> dict[str, Any] | None:
    """What a row of a scoring workbook decides; None where it decides nothing. What it still needs is noted with the reader."""
    word = reader.choice("ev_score_decision")
    if word == RETURN:
        reason = reader.text("ev_score_comment")
        if not reason:
            reader.note("return.reason_missing", "ev_score_comment")
        return {"kind": "returned", "stage": "score", "reason": reason}
    if word != SCORED:
        return None
    lines = reader.lines()
    typed = ScoreRow(
        scores=reader.scored(lines),
        lines=lines,
        breach=reader.choice("ev_score_breach") == YES,
        breach_note=reader.text("ev_score_breach_note"),
        comment=reader.text("ev_score_comment"),
        explanation=reader.text("ev_score_explanation"),
    )
    own = _shown(cells, "ev_row_self", row)
    for need in needs_of_score(typed, own if own.complete else None, cells.rules):
        say_need(reader, need)
    return {"kind": "scored", "scores": typed.scores.as_record()}


def approval_alone(reader: RowReader, cells: CellReader, row: int) -> dict[str, Any] | None:
    """What a row of an approval workbook decides; None where it decides nothing. What it still needs is noted with the reader."""
    everybody = cells.typed("ev_approve_all").raw == YES
    scored = _shown(cells, "ev_row_score", row)
    word = reader.choice("ev_approve_decision")
    if everybody and word not in (APPROVE, ADJUST, RETURN) and scored.complete:
        word = APPROVE
    if word not in (APPROVE, ADJUST, RETURN):
        return None
    typed = ApprovalRow(reader.scores("ev_approve"), reader.text("ev_approve_opinion"), "")
    if word == RETURN:
        if not typed.opinion:
            reader.note("return.reason_missing", "ev_approve_opinion")
        return {"kind": "returned", "stage": "approve", "reason": typed.opinion}
    if not scored.complete:
        reader.note("approval.before_scoring", "ev_approve_decision")
    elif word == ADJUST:
        for need in needs_of_adjustment(typed, scored):
            say_need(reader, need)
    return {"kind": "approved", "scores": with_adjustments(typed.adjusted, scored).as_record()}


def _shown(cells: CellReader, prefix: str, row: int) -> Scores:
    """The scores that a row shows in locked cells."""
    return Scores.of({part: cells.quantity(f"{prefix}_{part}", row) for part in cells.rules.codes})
