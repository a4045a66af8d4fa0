"""The origin of a number: file, sheet, cell and event. Also of the office's answers and of what leaders entered for a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalxl.domain.evaluation.difficulties import Difficulty, keys_told
from evalxl.domain.evaluation.review_requests import Appeal
from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.history.events import EnteredEvent, ReceivedEvent
from evalxl.domain.history.history import Event, History, PersonWeek
from evalxl.domain.names import code_key
from evalxl.domain.rulebook import Criterion, Part, RuleBook, ScoreLine
from evalxl.domain.weeks import Week
from evalxl.words import Lang, in_language, say

_NOWHERE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of one number or decision.

    Attributes:
        what: A catalogue key: `explain.self_total`; of a part's score `explain.self_CODE`, which `part` says in words.
        value: As shown.
        event: Number of the event in the ledger; 0 for a computed value.
        by: Staff code of the person who decided; for a review, the decider's name as text.
        rule: The rule by which it was computed.
        terms: The summands, each as shown.
        account: Who saved the workbook last, as the file says.
        term, former: Of a change: what was changed (`words.in_language`), and what it was before.
        through: The name of the cell that spoke for all rows, where it was said there.
    """

    what: str
    value: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    sha256: str = ""
    event: int = 0
    at: str = ""
    by: str = ""
    rule: str = ""
    account: str = ""
    terms: tuple[str, ...] = ()
    part: Part | None = None
    line: ScoreLine | None = None
    through: str = ""
    criterion: Criterion | None = None
    term: str = ""
    former: str = ""

    def named(self, lang: Lang) -> str:
        """What came from there, in words."""
        if self.line is not None:
            of = self.criterion.label("paper.period.need_criterion", lang) if self.criterion is not None else ""
            return say(self.what, lang, name=self.line.name(lang), criterion=of[:1].upper() + of[1:])
        if self.criterion is not None:
            return self.criterion.label("explain.entered_criterion", lang)
        if self.part is None:
            return (
                say(self.what, lang, name=in_language(self.term, lang) or self.term)
                if self.term
                else say(self.what, lang)
            )
        return self.part.label(f"{self.what.removesuffix(self.part.code)}part", lang)


def account_of(source: Mapping[str, Any], events: Sequence[Event]) -> str:
    """The account that last saved the workbook in which a decision was typed; empty if the ledger or the file does not say."""
    received = source.get("received", 0)
    return str(events[received - 1].get("modified_by", "")) if received else ""


# What the register says


def told_and_asked(history: History, week: Week, person: PersonWeek, events: Sequence[Event]) -> Iterator[Origin]:
    """What a person reported in a week and the answers. And the reviews requested in the week or for its result, with the decisions."""
    key = code_key(person.code)
    for difficulty in history.difficulties.values():
        if code_key(difficulty.subject) == key and week in difficulty.weeks:
            yield from _difficulty(difficulty, person.counted, events)
    for asked in history.appeals.values():
        if code_key(asked.subject) == key and week in (asked.week, asked.asked_in):
            yield from _review(asked, events)


def _difficulty(difficulty: Difficulty, counted: ReceivedEvent | None, events: Sequence[Event]) -> Iterator[Origin]:
    told = counted is not None and difficulty.key in keys_told(difficulty.subject, counted.submission.told)
    if not told and not difficulty.answers:
        return  # a later version withdrew it before anybody answered
    origin = Origin(f"explain.told_{difficulty.kind}", difficulty.text, by=difficulty.subject)
    if told and counted is not None:
        origin = replace(
            origin, file=counted.file, sha256=counted.sha256, event=counted.seq, account=counted.modified_by
        )
    yield origin
    for answer in difficulty.answers:
        word, cell = ("passed_to", answer.passed_to) if answer.state == "passed_on" else ("answer", answer.answer)
        yield _typed_in_register(
            f"explain.difficulty_{answer.state}", cell, events[answer.seq - 1], f"ev_difficulty_{word}", events
        )


def _review(asked: Appeal, events: Sequence[Event]) -> Iterator[Origin]:
    event = events[asked.seq - 1]
    what = "explain.review_withdrawn" if asked.withdrawn else "explain.review_asked"
    file = str(event.get("source", _NOWHERE).get("file", ""))
    yield Origin(what, asked.reason, file, event=asked.seq, at=event["at"], by=asked.subject)
    for decision in asked.decisions:
        outcome = decision.outcome if decision.state == "answered" else decision.state
        yield _typed_in_register(
            f"explain.review_{outcome}", decision.answer, events[decision.seq - 1], "ev_review_answer", events,
            by=decision.decided_by,
        )  # fmt: skip


def _typed_in_register(what: str, value: str, event: Event, name: str, events: Sequence[Event], by: str = "") -> Origin:
    source = event.get("source", _NOWHERE)
    cells: Mapping[str, Mapping[str, str]] = source.get("cells", {})
    # A state that was chosen without a text has its own cell as origin.
    place = cells.get(name) or cells.get(f"{name.rpartition('_')[0]}_state") or next(iter(cells.values()), _NOWHERE)
    return Origin(
        what,
        value,
        place.get("file", ""),
        place.get("sheet", ""),
        place.get("cell", ""),
        event=event["seq"],
        at=event["at"],
        by=by,
        account=account_of(source, events),
    )


# What leaders enter for a period


def entered(entries: Sequence[EnteredEvent], events: Sequence[Event], rules: RuleBook) -> Iterator[Origin]:
    """The origin of a person's points for a period. The note on potential is for the office alone, and is in no explanation.

    Args:
        entries: The booked entries of the person for the period, in order.
        rules: Name the criteria and their lines.
    """
    if not entries:
        return
    last = entries[-1]
    if not last.done:
        event = events[last.seq - 1]
        yield Origin("explain.entry_taken_back", "", event=last.seq, at=event["at"], by=last.by_code)
        return
    method = rules.period.ratios
    for criterion in (*method.points, *method.shares) if method is not None else ():
        if (value := last.criteria.get(criterion.code)) is None:
            continue
        yield replace(_entered(criterion.code, shown(value), entries, events), criterion=criterion)
        for line in criterion.lines:
            if (given := last.lines.get(line.key)) is not None:
                origin = _entered(f"points_{line.key}", shown(given), entries, events)
                yield replace(origin, what="explain.entered_line", line=line, criterion=criterion)


def _entered(name: str, value: str, entries: Sequence[EnteredEvent], events: Sequence[Event]) -> Origin:
    """The origin of a value. If a manager left a value of an earlier manager unchanged, it is the earlier manager's workbook."""
    cell = f"ev_period_{name}"
    entry = next(
        (period_entry for period_entry in reversed(entries) if cell in period_entry.source.get("cells", {})),
        entries[-1],
    )
    place: Mapping[str, str] = entry.source.get("cells", {}).get(cell, _NOWHERE)
    return Origin(
        f"explain.entered_{name}",
        value,
        place.get("file", ""),
        place.get("sheet", ""),
        place.get("cell", ""),
        event=entry.seq,
        at=events[entry.seq - 1]["at"],
        by=entry.by_code,
        account=account_of(entry.source, events),
    )
