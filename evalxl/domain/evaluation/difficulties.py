"""Difficulties and proposals: what units and people tell the office, and what the office answers.

One of them is one wording of one person (or one unit), over all weeks in which it is written again: it keeps its state, and is carried from register to
register until the office has answered. What counts is the form that counts: a wording that a newer form no longer has is not asked any more.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evalxl.domain.evaluation.row_requirements import Need
from evalxl.domain.names import code_key, folded
from evalxl.domain.typed_rows import DifficultyAnswer
from evalxl.domain.weeks import Week

DifficultyKind = Literal["difficulty", "proposal"]
KINDS: Mapping[DifficultyKind, str] = {
    "difficulty": "difficulties",
    "proposal": "proposals",
}  # the narratives of a form

# People who have nothing to tell write so.
_NOTHING = {folded(text) for text in ("", "-", "--", ".", "...", "…", "/", "0", "Không", "Không có", "Không có gì", "Chưa có", "None", "No", "Nothing", "N/A")}  # fmt: skip


@dataclass(slots=True)
class Difficulty:
    """One wording of one person or unit, and the weeks in whose forms it stood, whether those forms count or not."""

    key: str
    subject: str
    kind: DifficultyKind
    text: str
    weeks: list[Week] = field(default_factory=list)
    answers: list[DifficultyAnswer] = field(default_factory=list)

    def by(self, week: Week | None) -> DifficultyAnswer:
        """What the register said by the end of a week, whatever was written later; None for the latest."""
        if week is None:
            return self.answers[-1] if self.answers else DifficultyAnswer()
        written = (
            difficulty_answer
            for difficulty_answer in reversed(self.answers)
            if difficulty_answer.week and difficulty_answer.week <= str(week)
        )
        return next(written, DifficultyAnswer())

    def answered_before(self, week: Week) -> bool:
        last = self.by(None)
        return last.state == "answered" and "" < last.week < str(week)


@dataclass(frozen=True, slots=True)
class DifficultyLine:
    """One row of a week's list.

    Attributes:
        unit, unit_name, name: Of who says it; the name is empty where the unit itself does.
        weeks: In which weeks it was said, up to the week of the list.
        carried: It was said in earlier weeks alone, and is not answered yet.
    """

    key: str
    subject: str
    kind: DifficultyKind
    text: str
    weeks: tuple[Week, ...]
    answer: DifficultyAnswer = DifficultyAnswer()
    carried: bool = False
    unit: str = ""
    unit_name: str = ""
    name: str = ""


def says_something(text: str) -> bool:
    """Whether a text tells a difficulty, and not that there is none."""
    return folded(text.strip(" .;,!")) not in _NOTHING and bool(text.strip())


def key_of(subject: str, kind: DifficultyKind, text: str) -> str:
    """What a difficulty is known by: who says what, whatever blanks, letter case and tone style are used."""
    said = f"{code_key(subject)}\n{kind}\n{folded(text)}"
    return base64.b32encode(hashlib.sha256(said.encode()).digest())[:10].decode()


def said_in(subject: str, week: Week, content: Mapping[str, object]) -> Iterator[Difficulty]:
    """What a form tells the office."""
    for kind, narrative in KINDS.items():
        text = str(content.get(narrative, ""))
        if says_something(text):
            yield Difficulty(key_of(subject, kind, text), subject, kind, text, [week])


def keys_told(subject: str, texts: Mapping[DifficultyKind, str]) -> Iterator[str]:
    """By what the difficulties are known that somebody tells of in these words."""
    return (key_of(subject, kind, text) for kind, text in texts.items() if says_something(text))


def needs(answer: DifficultyAnswer) -> Iterator[Need]:
    """What keeps a typed row from being booked: whom it was passed on to, or the answer itself."""
    if answer.state == "passed_on" and not answer.passed_to:
        yield Need("difficulty.passed_to_missing", "ev_difficulty_passed_to")
    if answer.state == "answered" and not answer.answer:
        yield Need("difficulty.answer_missing", "ev_difficulty_answer")


def weeks_telling(known: Iterable[str], told: Iterable[tuple[Week, Iterable[str]]]) -> dict[str, tuple[Week, ...]]:
    """By key of each known difficulty: the weeks, in their order, that tell of it."""
    found: dict[str, list[Week]] = {key: [] for key in known}
    for week, keys in told:
        for key in found.keys() & keys:
            found[key].append(week)
    return {key: tuple(weeks) for key, weeks in found.items()}


def lines_of(
    known: Mapping[str, Difficulty],
    counting: Mapping[str, tuple[Week, ...]],
    week: Week,
    as_of: Week | None = None,
    touched: Iterable[str] = (),
) -> list[DifficultyLine]:
    """The difficulties that stand in a week: said in it, or said earlier and not answered before it.

    Args:
        counting: By key: the weeks whose counted form says so.
        as_of: Leave out what was written in the registers of later weeks; None for the latest.
        touched: Keys of rows in which something was typed that is not booked yet: they are never dropped.
    """
    keys, lines = set(touched), []
    for key, difficulty in known.items():
        weeks = tuple(said for said in counting.get(key, ()) if said <= week)
        if not weeks and code_key(key) not in keys:
            continue
        now = week in weeks
        if now or not difficulty.answered_before(week):
            weeks = weeks or tuple(sorted(said for said in difficulty.weeks if said <= week))
            if weeks:
                lines.append(
                    DifficultyLine(
                        key,
                        difficulty.subject,
                        difficulty.kind,
                        difficulty.text,
                        weeks,
                        difficulty.by(as_of),
                        carried=not now,
                    )
                )
    return lines


def lines_over(
    known: Mapping[str, Difficulty], counting: Mapping[str, tuple[Week, ...]], weeks: Iterable[Week]
) -> list[DifficultyLine]:
    """The difficulties that were said in some weeks, each once, with what the register says of them now.

    Args:
        counting: By key: the weeks whose counted form says so.
    """
    among = set(weeks)
    said = (
        (difficulty, tuple(week for week in counting.get(key, ()) if week in among))
        for key, difficulty in known.items()
    )
    return [
        DifficultyLine(difficulty.key, difficulty.subject, difficulty.kind, difficulty.text, when, difficulty.by(None))
        for difficulty, when in said
        if when
    ]
