"""What earlier weeks say of many people: the same as when each of them is followed back alone, and each week is looked at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as draws

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.history.events import AssignedEvent, ReceivedEvent, ScoredEvent
from evalxl.domain.history.history import History, PersonWeek, WeekHistory
from evalxl.domain.history.lazy_weeks import WeeksByNeed
from evalxl.domain.names import code_key, folded
from evalxl.domain.week.assigned_tasks import given_tasks, names_reported
from evalxl.domain.week.replies import results_in, weeks_meant
from evalxl.domain.week.walk_back import latest
from evalxl.domain.weeks import Week

WEEKS = [Week(2025, number) for number in range(20, 27)]
NOW = WEEKS[5]
PEOPLE = ["VP-01", "vp-02", "Đ-03", "unit:VP"]
TASKS = ["Đề án A", "ĐỀ ÁN  a", "Báo cáo hòa", "báo cáo hoà", "Việc khác"]


# A person's week: nothing, something without a form that counts, or the names of the tasks reported; and whether it was scored.
_stands = draws.none() | draws.tuples(
    draws.none() | draws.lists(draws.sampled_from(TASKS), max_size=3), draws.booleans()
)
_weeks = draws.dictionaries(
    draws.sampled_from(WEEKS), draws.fixed_dictionaries(dict.fromkeys(PEOPLE, _stands)), max_size=len(WEEKS)
)
_given = draws.lists(
    draws.tuples(draws.sampled_from(WEEKS), draws.sampled_from(PEOPLE), draws.sampled_from(TASKS)), max_size=6
)
_said = draws.fixed_dictionaries(
    {code: draws.sampled_from(["", "tuần trước", "2024-W01", *map(str, WEEKS)]) for code in PEOPLE}
)


class LongHistory:
    """A history whose weeks are made when somebody asks for one, and how often each was."""

    def __init__(self, weeks: dict[Week, dict[str, Any]], given: list[tuple[Week, str, str]]) -> None:
        self.made: Counter[Week] = Counter()
        self.kept: dict[Any, Any] = {}
        self.stands = weeks
        self.history = History(weeks=WeeksByNeed(weeks, self._make), heard=self._heard)
        for week, code, name in given:
            none = AssignedEvent(by_code="LD", for_week=str(week), tasks=[])
            entry = self.history.assigned.setdefault((str(week), "ld"), none)
            entry.tasks.append({"person": code.upper(), "name": name})

    def _make(self, week: Week) -> WeekHistory:
        self.made[week] += 1
        return _week(week, self.stands[week])

    def _heard(self, code: str) -> Collection[Week]:
        return [week for week, stands in self.stands.items() if stands[code] is not None]

    def short(self) -> History:
        """The same, with all weeks at hand."""
        return History(
            weeks={week: _week(week, stands) for week, stands in self.stands.items()}, assigned=self.history.assigned
        )

    def kept_beside(self) -> History:
        """With what is kept of each week beside a long ledger."""
        self.history.named = lambda week: self._kept(week, names_reported)
        self.history.results = lambda week: self._kept(week, results_in)
        return self.history

    def _kept(self, week: Week, work: Callable[[WeekHistory], Any]) -> Any:
        if (week, work) not in self.kept:
            self.kept[week, work] = json.loads(json.dumps(work(self.history.week(week))))
        return self.kept[week, work]


def _week(week: Week, stands: dict[str, Any]) -> WeekHistory:
    this = WeekHistory(week)
    for code, one in stands.items():
        if one is not None:
            names, scored = one
            person = this.person(code)
            tasks = [{"key": f"{number:02d}", "name": name} for number, name in enumerate(names or (), 1)]
            content = {"submitted": True, "scores": {}, "tasks": tasks, "plan": []}
            form = ReceivedEvent(file="", sha256="", verdict="submitted", content=content)
            person.counted = None if names is None else form
            score = ScoredEvent(seq=2, subject=code, by_code="", scores=Scores(), source={})
            person.score = score if scored else None
    return this


def _alone(history: History, week: Week) -> Iterator[WeekHistory]:
    return (history.weeks[one] for one in sorted(history.weeks, reverse=True) if one < week)


def _last_form(history: History, code: str) -> tuple[Week, list[str]] | None:
    """One person, followed back alone."""
    for earlier in _alone(history, NOW):
        person = earlier.known(code)
        if person is not None and person.counted is not None:
            return earlier.week, [task.name for task in person.counted.submission.tasks]
    return None


def _was_reported(history: History, since: Week, code: str, name: str) -> bool:
    """One task, followed back alone."""
    for earlier in _alone(history, NOW):
        if earlier.week < since:
            return False
        person = earlier.known(code)
        tasks = person.counted.submission.tasks if person is not None and person.counted is not None else ()
        if any(folded(task.name) == folded(name) for task in tasks):
            return True
    return False


def _meant(history: History, code: str, said: str) -> tuple[Week | None, bool]:
    """One answer, followed back alone."""
    scored = [one.week for one in _alone(history, NOW) if (p := one.known(code)) is not None and p.score is not None]
    last = scored[0] if scored else None
    if not said:
        return last, True
    try:
        named = Week.parse(said)
    except EvalxlError:
        return last, False
    this = history.weeks.get(named)
    person = this.known(code) if this is not None else None
    if named > NOW or person is None or person.score is None:
        return last, False
    return named, True


def _counted(person: PersonWeek) -> list[str] | None:
    return None if person.counted is None else [task.name for task in person.counted.submission.tasks]


@settings(deadline=None, max_examples=150)
@given(_weeks, _given, _said)
def test_everybody_is_told_what_each_would_be_told_alone(
    weeks: dict[Week, dict[str, Any]], given: list[tuple[Week, str, str]], said: dict[str, str]
) -> None:
    office = LongHistory(weeks, given)
    short = office.short()
    forms = {code: _last_form(short, code) for code in PEOPLE}
    entries = [(week, code, name) for week, code, name in sorted(given, key=lambda one: one[0]) if week <= NOW]
    tasks = {
        code: [name for week, whose, name in entries if whose == code and not _was_reported(short, week, code, name)]
        for code in PEOPLE
    }
    meant = {code: _meant(short, code, text) for code, text in said.items()}

    for history in (short, office.history, office.kept_beside(), office.kept_beside()):
        found = given_tasks(history, NOW, PEOPLE)
        assert dict(latest(history, NOW, PEOPLE, _counted)) == {code: one for code, one in forms.items() if one}
        assert {code: [task["name"] for task in found.get(code_key(code), ())] for code in PEOPLE} == tasks
        assert weeks_meant(history, NOW, said) == meant


@settings(deadline=None, max_examples=60)
@given(_weeks, _given, _said)
def test_of_a_long_history_no_week_is_made_twice_and_none_in_which_nobody_was_heard_of(
    weeks: dict[Week, dict[str, Any]], given: list[tuple[Week, str, str]], said: dict[str, str]
) -> None:
    office = LongHistory(weeks, given)
    history = office.history
    heard = {week for week, stands in weeks.items() if any(one is not None for one in stands.values())}

    def made(work: Any) -> Counter[Week]:
        office.made.clear()
        history.weeks.get(min(weeks, default=NOW))  # what is at hand by chance is another one
        office.made.clear()
        work()
        return Counter(office.made)

    asked = [
        made(lambda: latest(history, NOW, PEOPLE, _counted)),
        made(lambda: given_tasks(history, NOW, PEOPLE)),
        made(lambda: weeks_meant(history, NOW, dict.fromkeys(said, ""))),
    ]

    assert all(set(one) <= heard and max(one.values(), default=0) <= 1 for one in asked)


def test_nobody_is_followed_further_back_than_where_the_answer_is() -> None:
    """One of many was on leave for a month: nobody else's older weeks are looked at, nor are hers."""
    there = dict.fromkeys(PEOPLE, (["Việc"], True))
    weeks = {week: {**there, "Đ-03": there["Đ-03"] if week == WEEKS[1] else None} for week in WEEKS}
    office = LongHistory(weeks, [(WEEKS[4], code, name) for code in PEOPLE for name in ("Việc", "Việc còn mở")])

    latest(office.history, NOW, PEOPLE, _counted)
    assert dict(office.made) == {WEEKS[4]: 1, WEEKS[1]: 1}

    office.kept_beside()
    open_ones = given_tasks(office.history, NOW, PEOPLE)
    office.made.clear()
    assert given_tasks(office.history, NOW, PEOPLE) == open_ones
    assert not office.made
    assert [task["name"] for task in open_ones["vp-01"]] == ["Việc còn mở"]
    assert len(open_ones["đ-03"]) == 2
