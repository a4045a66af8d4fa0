"""The two-week rule of the letter: two consecutive weeks decide whom the office and the head of the unit talk with.

Condition (i): many important tasks were not completed, without an objective cause that the manager accepted. Condition (ii): rules, internal
regulations, discipline, order or working hours were not strictly kept, by the manager's word. Neither can be read from a total. Consecutive
are the person's evaluated weeks: a week of excused absence, a week without a working day and a week not submitted are skipped and shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from evalxl.domain.evaluation.scoring import DOING, NOT_DONE, Task
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.names import same_words
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.typed_rows import Check
from evalxl.domain.weeks import Week, shown_date
from evalxl.words import say

YES, NO = "Có", "Không"
_NOTHING_SAID = Check()
_WEEK_FIRST = re.compile(r"^(.*?\(.*?\)): (.*)$", re.S)  # how a line of evidence names its week


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """What the two-week rule asks of one week of one person.

    Attributes:
        evaluated: False for a week that is skipped.
        checks: The manager's checks by task key.
        breach, breach_note: The manager's word.
        talk_with: Staff codes: the head of the unit, or the leader in charge for the head, in this week.
        last_day: The last working day of the week: a due date on a day off after it moves into the next week. Sunday where not given.
        reason: Why the week is skipped, a key of the catalogue (`state.absent`).
        many: How many important tasks are many by the rules that the week was issued under; None for the rules that judge.
    """

    week: Week
    evaluated: bool = True
    tasks: tuple[Task, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    breach: bool = False
    breach_note: str = ""
    talk_with: tuple[str, ...] = ()
    code: str = ""
    last_day: date | None = None
    reason: str = ""
    many: int | None = None


@dataclass(frozen=True, slots=True)
class EffectiveTask:
    """What counts of a task row: the manager's check; where the manager left it empty, the person's word (*theo tự khai*).

    `state_checked` says whether the manager has said its state, and so has seen its dates.
    """

    important: bool
    status: str
    cause_accepted: bool
    recognised: bool
    self_declared: bool
    state_checked: bool = False


def judge(history: Sequence[WeekFacts], rules: RuleBook) -> Warning | None:
    """What the two-week rule says of a person after the last two evaluated weeks.

    Both conditions in each of the two weeks make a warning (*Cần trao đổi*). One of them in both weeks, both in one week, or (i) in the
    first and (ii) in the next, make a watch (*Cần theo dõi*). This is kept to the letter: (ii) in the first and (i) in the next is nothing
    yet. A person with one evaluated week so far is watched where both conditions are met in it; its first and second week are then the same.

    Args:
        history: The person's weeks in order, the skipped ones too, across year ends and moves between units.
        rules: Says how many important tasks are many.
    """
    evaluated = [facts for facts in history if facts.evaluated][-2:]
    if not evaluated:
        return None
    first, second = evaluated[0], evaluated[-1]
    many = {facts.week: _open_tasks(facts, rules) for facts in evaluated}
    kind = _kind((bool(many[first.week]), first.breach), (bool(many[second.week]), second.breach), len(evaluated))
    if kind is None:
        return None
    skipped = [facts for facts in history if not facts.evaluated and facts.week > first.week]
    evidence = [line for facts in evaluated for line in (*many[facts.week], *_breach(facts))]
    return Warning(
        code=second.code,
        kind=kind,
        first_week=first.week,
        second_week=second.week,
        evidence=(*evidence, *map(_skip, skipped)),
        talk_with=second.talk_with,
        skipped=tuple(facts.week for facts in skipped),
    )


def evidence_by_week(evidence: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Each week that the evidence names, with its dates, and what was seen in it. Lines of no week come under an empty name."""
    weeks: dict[str, list[str]] = {}
    for line in evidence:
        match = _WEEK_FIRST.match(line)
        weeks.setdefault(match[1] if match else "", []).append(match[2] if match else line)
    return list(weeks.items())


def evidence_text(evidence: Iterable[str]) -> str:
    """The evidence as a cell shows it: each week once, what was seen in it as a list below. What stood just so in the week before is not repeated."""
    lines: list[str] = []
    before: tuple[str, list[str]] = "", []
    for week, seen in evidence_by_week(evidence):
        lines += [f"{week}:"] if week else []
        if week and seen == before[1]:
            lines.append(f"– {say('early.as_before', week=before[0].partition(' (')[0].lower())}")
        else:
            lines += [f"– {line}" if week else line for line in seen]
        before = week, seen
    return "\n".join(lines)


def word_on(task: Task, checks: Mapping[str, Check]) -> EffectiveTask:
    """What counts of a task row.

    A check counts only if it speaks of this very task: after a new version another task may stand under the same key. The importance of a
    task that the manager gave is the manager's word already.
    """
    check = checks.get(task.key)
    if check is None or not same_words(check.task, task.name):
        check = _NOTHING_SAID
    return EffectiveTask(
        important=check.important == YES if check.important else task.important,
        status=check.status or task.standing,
        cause_accepted=check.cause_accepted == YES,
        recognised=check.recognised != NO,
        self_declared=not check.status or not (check.important or task.origin == "given"),
        state_checked=bool(check.status),
    )


def _kind(first: tuple[bool, bool], second: tuple[bool, bool], weeks: int) -> Literal["warning", "watch"] | None:
    both_in_first, both_in_second = all(first), all(second)
    if weeks == 1:
        return "watch" if both_in_first else None
    if both_in_first and both_in_second:
        return "warning"
    tasks_in_both, breach_in_both = first[0] and second[0], first[1] and second[1]
    tasks_then_breach = first[0] and second[1]
    if tasks_in_both or breach_in_both or both_in_first or both_in_second or tasks_then_breach:
        return "watch"
    return None


def _open_tasks(facts: WeekFacts, rules: RuleBook) -> list[str]:
    """Condition (i): the evidence of the important tasks not completed, where they are many; nothing where they are not."""
    lines = [line for task in facts.tasks if (line := _open_task(task, facts))]
    many = rules.two_weeks.many_important_tasks if facts.many is None else facts.many
    return lines if len(lines) >= many else []


def _open_task(task: Task, facts: WeekFacts) -> str:
    """The evidence of one important task not completed; empty where the task does not count.

    *Đang thực hiện* counts only with a due date in or before the week, for a task carried over as for any other: as long as it is open and
    overdue it counts in each week again. A date that can hardly be meant counts once the manager has said the state of the task.
    """
    word = word_on(task, facts.checks)
    if not word.important or word.cause_accepted:
        return ""
    by = say("early.self_declared") if word.self_declared else ""
    values = {"week": facts.week.shown(), "task": _one_line(task.name), "by": by}
    if word.status == NOT_DONE:
        return say("early.task_not_done", **values)
    if task.doubtful and not word.state_checked:
        return ""
    if word.status == DOING and task.due is not None and task.due <= (facts.last_day or facts.week.sunday):
        return say("early.task_overdue", **values, due=shown_date(task.due))
    return ""


def _breach(facts: WeekFacts) -> list[str]:
    """Condition (ii), in the manager's words."""
    if not facts.breach:
        return []
    return [say("early.breach", week=facts.week.shown(), note=_one_line(facts.breach_note))]


def _skip(facts: WeekFacts) -> str:
    reason = say(facts.reason or "early.skipped_reason")
    return say("early.skipped", week=facts.week.shown(), reason=reason)


def _one_line(text: str) -> str:
    return " ".join(text.split())
