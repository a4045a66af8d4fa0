"""What a row says on its own, without an office: whoever looks at a file alone knows no authority, no version and no earlier decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from evalxl.domain.evaluation.row_requirements import (
    needs_of_adjustment,
    needs_of_score,
    with_adjustments,
)
from evalxl.domain.evaluation.scoring import Scores
from evalxl.forms.fields import ADJUST, APPROVE, NOT_SCORED, RETURN, SCORED, YES
from evalxl.forms.rows import RowReader, as_typed
from evalxl.forms.submissions import CellReader
from evalxl.forms.values import Typed
from evalxl.steps.booking.approvals import approval_row
from evalxl.steps.booking.decision_context import say_need, score_names
from evalxl.steps.booking.scores import score_row


def score_alone(reader: RowReader, cells: CellReader, row: int) -> dict[str, Any] | None:
    """What a row of a scoring workbook decides; None where it decides nothing. What it still needs is noted with the reader."""
    word = reader.choice("ev_score_decision")
    unreadable = bool(reader.findings)
    own = _shown(cells, "ev_row_self", row)
    again = not cells.typed("ev_row_again", row).blank
    if word != RETURN and not unreadable and not again and cells.typed("ev_take_self").raw == YES:
        reader = replace(reader, cell=_with_self(reader, own), findings=reader.findings)
    names = score_names(cells.rules)
    if word in ("", NOT_SCORED) and not unreadable:
        full = bool(names) and not any(reader.cell(name).blank for name in names)
        if full and not again and cells.typed("ev_score_all").raw == YES:
            word = SCORED
    if word == RETURN:
        reason = reader.text("ev_score_comment")
        if not reason:
            reader.note("return.reason_missing", "ev_score_comment")
        return {"kind": "returned", "stage": "score", "reason": reason}
    if word != SCORED:
        return None
    typed = score_row(reader)
    for need in needs_of_score(typed, own if own.complete else None, cells.rules):
        say_need(reader, need)
    return {"kind": "scored", "scores": typed.scores.as_record()}


def _with_self(reader: RowReader, own: Scores) -> Callable[[str], Typed]:
    """What stands in a row's cells where the person's scores are taken into the empty ones."""
    scores = {f"ev_score_{code}": own.part(code) for code in own.codes}

    def cell(name: str) -> Typed:
        stands = reader.cell(name)
        return as_typed(scores[name]) if stands.blank and scores.get(name) is not None else stands

    return cell


def approval_alone(reader: RowReader, cells: CellReader, row: int) -> dict[str, Any] | None:
    """What a row of an approval workbook decides; None where it decides nothing. What it still needs is noted with the reader."""
    everybody = cells.typed("ev_approve_all").raw == YES
    scored = _shown(cells, "ev_row_score", row)
    word = reader.choice("ev_approve_decision")
    if everybody and word not in (APPROVE, ADJUST, RETURN) and scored.complete and not reader.findings:
        word = APPROVE
    if word not in (APPROVE, ADJUST, RETURN):
        return None
    typed = approval_row(reader)
    if word == RETURN:
        if not typed.opinion:
            reader.note("return.reason_missing", "ev_approve_opinion")
        return {"kind": "returned", "stage": "approve", "reason": typed.opinion}
    if not scored.complete:
        reader.note("approval.before_scoring", "ev_approve_decision")
    elif word == ADJUST:
        for need in needs_of_adjustment(typed, scored):
            say_need(reader, need)
    return {"kind": "approved", "scores": with_adjustments(typed.points, scored).as_record()}


def _shown(cells: CellReader, prefix: str, row: int) -> Scores:
    """The scores that a row shows in locked cells."""
    return Scores.of({part: cells.quantity(f"{prefix}_{part}", row) for part in cells.rules.codes})
