"""What a typed row still needs before it is booked.

A manager's or approver's row counts as it was typed, or not at all: where something that it needs is missing, the row is not booked and
its finding says which cell. The needs follow the rule book's `reasons`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.names import bare
from evalxl.domain.rulebook import Part, RuleBook
from evalxl.domain.typed_rows import ApprovalWords, ScoreWords
from evalxl.domain.weeks import shown_date
from evalxl.words import say


@dataclass(frozen=True, slots=True)
class Need:
    """Something missing: the finding's kind, and which of the row's fields it stands in."""

    kind: str
    field: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScoreRow(ScoreWords):
    """What a manager typed for one person."""

    scores: Scores
    lines: dict[str, Decimal] = field(default_factory=dict)  # by the keys of the lines in the manager's workbook

    @property
    def breach_said(self) -> str:
        """The breach in one line: the kind with its day, then the manager's words."""
        day = f" ({shown_date(self.breach_day)})" if self.breach_day else ""
        return ": ".join(filter(None, (f"{self.breach_kind}{day}".strip(), self.breach_note)))

    @property
    def comment_said(self) -> str:
        """The comment, with the product that earned the score below it."""
        earned = say("booked.earned_by", text=self.earned_by) if self.earned_by else ""
        return "\n".join(filter(None, (self.comment, earned)))


@dataclass(frozen=True)
class ApprovalRow(ApprovalWords):
    """What an approver typed for one person; `points` are the parts typed, None where a part was left as scored."""

    points: Scores = Scores()


def needs_of_score(
    row: ScoreRow, self_scores: Scores | None, rules: RuleBook, self_lines: Mapping[str, Decimal] = MappingProxyType({})
) -> Iterator[Need]:
    """What keeps a row marked *Đã chấm* from being booked.

    Args:
        row: The typed row; scores that could not be read are None.
        self_scores: The person's own scores; None where no form has come.
        rules: The rule book of the week.
        self_lines: What the person gave in the lines of parts.
    """
    for part in rules.parts:
        if part.lines_of_manager:
            yield from _needs_of_lines(part, row.lines, self_lines)
        elif row.scores.part(part.code) is None:
            yield Need("score.missing", f"ev_score_{part.code}", (("label", part.term),))
    if row.breach and not row.breach_note and not (row.breach_day and bare(row.breach_kind) not in _SAYS_NOTHING):
        yield Need("score.breach_note_missing", "ev_score_breach_note")
    if describes_breach(row):
        yield Need("score.breach_unanswered", "ev_score_breach")
    if self_scores is None:
        if rules.parts and not row.explanation and not row.comment:
            yield Need("score.reason_without_self_missing", "ev_score_explanation")
    elif (apart := far_apart(_compared(row, rules), self_scores, rules)) and not row.explanation:
        limit = shown(rules.reasons.difference_above)
        yield Need("score.explanation_missing", "ev_score_explanation", (("label", apart.term), ("limit", limit)))
    if not row.comment and (why := _comment_needed(row, self_scores, rules)):
        yield Need("score.comment_missing", "ev_score_comment", (("why", f"@{why}"),))


def _needs_of_lines(part: Part, given: Mapping[str, Decimal], own: Mapping[str, Decimal]) -> Iterator[Need]:
    """The lines of a part that are missing, and those of the person alone in which the manager gives other points.

    Where nothing is given in a part, one need says so for all of its lines.
    """
    lines = part.lines_of_manager
    if not any(line.key in given for line in lines):
        yield Need("score.missing", f"ev_line_score_{lines[0].key}", (("label", part.term),))
        return
    for line in lines:
        name, named = f"ev_line_score_{line.key}", ("label", line.term)
        if line.key not in given:
            yield Need("score.missing", name, (named,))
        elif line.typed_by == "person" and own.get(line.key, given[line.key]) != given[line.key]:
            yield Need("score.line_of_person", name, (named, ("own", shown(own[line.key]))))


def _compared(row: ScoreRow, rules: RuleBook) -> Scores:
    """The manager's scores as they are compared with the person's: without the lines of the manager alone."""
    compared = dict(row.scores.given)
    for part in rules.parts:
        if part.code in compared:
            compared[part.code] -= sum((row.lines[line.key] for line in part.lines_of_manager_alone), Decimal(0))
    return Scores.of(compared)


# A kind of breach that says nothing by itself.
_SAYS_NOTHING = ("", "khac")

# What managers write beside *Không* where nothing happened, without marks and case.
_NOTHING_HAPPENED = re.compile(
    r"(khong( co| phat hien| phat sinh)*( (gi|viec|vi pham|sai pham|truong hop)\b.*)?|ko|k|o|x|0|/|no|none|tot|nghiem tuc|chap hanh (tot|nghiem))?"
)


def describes_breach(row: ScoreRow) -> bool:
    """Whether a row describes a breach without answering *Có*: the two-week rule would never hear of it."""
    said = bare(row.breach_note)
    if not row.breach and (row.breach_kind or row.breach_day):
        return True
    return not row.breach and not (_NOTHING_HAPPENED.fullmatch(said) and " nhung " not in said)


def far_apart(scores: Scores, self_scores: Scores, rules: RuleBook) -> Part | None:
    """The first part in which the manager's score is more than the rule book's difference away from the self score; None for none."""
    for part in rules.parts:
        given, own = scores.part(part.code), self_scores.part(part.code)
        if given is not None and own is not None and abs(given - own) > rules.reasons.difference_above:
            return part
    return None


def _comment_needed(row: ScoreRow, self_scores: Scores | None, rules: RuleBook) -> str:
    total: Decimal | None = row.scores.total
    if row.breach:
        return "why.breach"
    if total is not None and total < rules.reasons.comment_below:
        return "why.low"
    if total is not None and total >= rules.reasons.comment_from and not row.earned_by:
        return "why.high"
    if self_scores is not None and far_apart(_compared(row, rules), self_scores, rules):
        return "why.difference"
    return ""


def needs_of_adjustment(row: ApprovalRow, scored: Scores) -> Iterator[Need]:
    """What keeps *Phê duyệt có điều chỉnh* from being booked: a reason, and something that is adjusted."""
    if not row.opinion:
        yield Need("approval.opinion_missing", "ev_approve_opinion")
    if not differs(row.points, scored):
        yield Need("approval.nothing_adjusted", f"ev_approve_{scored.codes[0]}")


def differs(adjusted: Scores, scored: Scores) -> bool:
    """Whether any part typed by the approver is another than the manager's."""
    return any(value != scored.part(part) for part, value in adjusted.given.items())


def with_adjustments(adjusted: Scores, scored: Scores) -> Scores:
    """The approved scores: a part that the approver left empty is the manager's."""
    return Scores.of(
        {part: adjusted.given.get(part, value) for part, value in zip(scored.codes, scored.values, strict=True)}
    )
