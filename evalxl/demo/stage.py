"""The stage of the demo: an office with its own clock that runs week after week.

People save their workbooks, and the office presses its buttons. Everything uses the real steps, and no event is written here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from evalxl.demo.cast import Cast
from evalxl.demo.drawers import Drawers
from evalxl.demo.fill_forms import Ready, Scene
from evalxl.demo.type_into import Typing, fill_one
from evalxl.domain.evaluation.scoring import Scores
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import delegates, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.versions.returned_workbooks import Issue
from evalxl.domain.weeks import Period, Week
from evalxl.excel.drawing_pool import draw_here
from evalxl.forms import kinds
from evalxl.forms.fields import YES
from evalxl.forms.kind import WorkbookKind, kind_named
from evalxl.forms.values import decode_values
from evalxl.records.settings import deadline
from evalxl.steps.booking.decision_context import SCOPES, Scope
from evalxl.steps.close import close
from evalxl.steps.consolidate import collect, consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.periods.roll_up import collect_for

_SECONDS_A_WORKBOOK = 0.002


@dataclass(frozen=True, slots=True)
class Desk:
    """A person who types into a workbook and saves it at a given time."""

    path: Path
    kind: WorkbookKind
    typed: Typing
    moment: datetime


@dataclass
class Stage:
    """The office and its time.

    Attributes:
        desks: The people who type now. They work in parallel, and all have saved before the files are read.
    """

    office: Office
    drawers: Drawers
    organisation: Organisation
    rules: RuleBook
    by: str
    now: datetime
    desks: list[Desk] = field(default_factory=list)

    def clock(self, moment: datetime) -> Clock:
        """A clock that never goes back, because after a long holiday several deadlines fall on one day."""
        self.now = max(moment, self.now + timedelta(minutes=5))
        return Clock(self.now, self.by)


@dataclass
class Act:
    """One week on the stage.

    Attributes:
        troubles: The people whose week goes badly, and how.
        scenes: Everybody who has a form.
        handed_in: The self scores of people who have handed in a form that can be booked.
        kept: The bytes of the form that its owner saved with a password, as they were before.
        files: The files of the last run, by verdict.
        view: The final view of the week that stays open.
    """

    week: Week
    roster: Roster
    cast: Cast
    troubles: Mapping[str, str]
    self_due: datetime
    score_due: datetime
    approve_due: datetime
    close_due: datetime
    scenes: dict[str, Scene] = field(default_factory=dict)
    handed_in: dict[str, Scores] = field(default_factory=dict)
    lines: dict[str, dict[str, Decimal]] = field(default_factory=dict)  # by person: what was given in lines
    kept: bytes = b""
    files: Mapping[str, int] = field(default_factory=dict)
    issued: int = 0
    view: WeekView | None = None


def act_of(stage: Stage, roster: Roster, cast: Cast, troubles: Mapping[str, str]) -> Act:
    """A week at its beginning."""
    self_due, score_due, approve_due, close_due = (
        deadline(stage.office.settings, step, roster.week, stage.organisation)
        for step in ("self", "score", "approve", "close")
    )
    return Act(roster.week, roster, cast, troubles, self_due, score_due, approve_due, close_due)


def week_of(stage: Stage, act: Act) -> WeekHistory:
    return stage.office.history.week(act.week)


def person_of(stage: Stage, act: Act, code: str) -> PersonWeek:
    return week_of(stage, act).people[code_key(code)]


# What the office does


def morning(stage: Stage, act: Act) -> None:
    """The office issues the forms on the first working day of the week. Issuing again adds tasks that managers have given since."""
    first = datetime.combine(act.roster.working_days[0], time(7, 30), stage.now.tzinfo)
    done = issue(stage.office, act.week, stage.clock(first))
    act.issued += len(done.written)


def press(stage: Stage, act: Act, moment: datetime) -> None:
    """The office presses the button. Outputs that the next run would redraw before anybody sees them are not drawn."""
    everybody_saves(stage)
    act.files = collect(stage.office, act.week, stage.clock(moment)).counts


def press_at_last(stage: Stage, act: Act, moment: datetime) -> None:
    """The office presses the button for the last time in this week."""
    everybody_saves(stage)
    done = consolidate(stage.office, act.week, stage.clock(moment))
    act.files, act.view = done.collected.counts, done.view


def shut(stage: Stage, act: Act) -> None:
    """The office closes the week. Its outputs are drawn while the office continues with the next one."""
    now = stage.clock(act.close_due)
    close(stage.office, act.week, now, drawn=False)
    stage.drawers.draw_week(act.week, now.now.astimezone(stage.office.settings.zone).date())


def gathered(stage: Stage, period: Period) -> None:
    """The office collects what leaders entered for a period, and issues their workbooks."""
    everybody_saves(stage)
    collect_for(stage.office, period, stage.clock(stage.now))


def rolled_up(stage: Stage, period: Period) -> None:
    """The office rolls a period up."""
    gathered(stage, period)
    stage.drawers.draw_period(period)


# What people do


def save(path: Path, data: bytes, moment: datetime) -> None:
    """Save a file with this time."""
    path.write_bytes(data)
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def type_form(stage: Stage, act: Act, code: str, typed: Typing, moment: datetime) -> None:
    """A person types into the issued form and saves it."""
    type_into(stage, form_of(stage, act, code), kinds.FORM, typed, moment)


def type_book(stage: Stage, book: Issue, typed: Typing, moment: datetime) -> None:
    """A manager or approver types into the issued workbook and saves it."""
    type_into(stage, stage.office.absolute(book.path), kind_named(book.workbook), typed, moment)


def type_into(stage: Stage, path: Path, kind: WorkbookKind, typed: Typing, moment: datetime) -> None:
    """Somebody types into a workbook. It is saved before anybody types into it again, and before it is read."""
    if any(desk.path == path for desk in stage.desks):
        everybody_saves(stage)
    stage.desks.append(Desk(path, kind, typed, moment))


def everybody_saves(stage: Stage) -> None:
    """Save all workbooks that people are typing into."""
    pool = stage.office.drawing_pool or draw_here
    workbooks = ((desk.path.read_bytes(), desk.kind, desk.typed) for desk in stage.desks)
    with closing(pool(fill_one, None, workbooks, _SECONDS_A_WORKBOOK)) as filled:
        for desk, data in zip(stage.desks, filled, strict=True):
            save(desk.path, data, desk.moment)
    stage.desks.clear()


def form_of(stage: Stage, act: Act, code: str) -> Path:
    last = person_of(stage, act, code).issue
    assert last is not None
    return stage.office.absolute(last.path)


def hour(act: Act, code: str, what: str, first: datetime, last: datetime) -> datetime:
    """A time between two others, different for each person."""
    minutes = int((last - first).total_seconds() // 60)
    return first + timedelta(minutes=Random(f"{act.week}/{code}/{what}").randint(0, max(minutes, 1)))


def set_scenes(stage: Stage, act: Act) -> None:
    """Prepare a scene for everybody who has a form, with its issued rows."""
    for member in act.roster.members:
        person = week_of(stage, act).people.get(code_key(member.code))
        if person is not None and person.issue is not None:
            ready = tuple(ready_in(person.issue))
            trouble = act.troubles.get(member.code, "")
            act.scenes[member.code] = Scene(
                member,
                act.week,
                act.roster.working_days,
                stage.organisation,
                stage.rules,
                stage.office.lang,
                ready,
                trouble,
            )


def ready_in(form: Issue) -> Iterator[Ready]:
    """The task rows of a form as it was issued."""
    values = decode_values(dict(form.values))
    columns = (values.get(f"ev_task_{name}", []) for name in ("name", "code", "important", "due", "assigned"))
    for number, (name, code, important, due, assigned) in enumerate(zip(*columns, strict=True), start=1):
        yield Ready(name, code or "", important == YES, due, assigned, form.origins.get(f"{number:02d}", ""))


# Who holds whose rows


def scorer_now(stage: Stage, act: Act, member: Member) -> str:
    """Who scores a person today: the scorer or the delegate."""
    return _acting(stage, act, member, member.scorer, _delegates(stage, act, "score", stage.now.date()))


def approver_now(stage: Stage, act: Act, member: Member) -> str:
    return _acting(stage, act, member, member.approver, _delegates(stage, act, "approve", stage.now.date()))


def hands_over(stage: Stage, act: Act, before: datetime, then: datetime) -> bool:
    """Whether a different person acts for a manager or approver at the second time than at the first."""
    return any(
        _delegates(stage, act, scope, before.date()) != _delegates(stage, act, scope, then.date()) for scope in SCOPES
    )


def _delegates(stage: Stage, act: Act, scope: Scope, day: date) -> Mapping[str, str]:
    return delegates(stage.organisation, act.week, day, scope)


def _acting(stage: Stage, act: Act, member: Member, authority: str, given: Mapping[str, str]) -> str:
    return stand_in(stage.organisation, member, authority, given, act.week.thursday) or authority


def books(stage: Stage, act: Act, kind: WorkbookKind) -> Iterator[tuple[str, Issue]]:
    """The workbooks of a kind on the share, by owner."""
    for (workbook, _), book in sorted(week_of(stage, act).books.items()):
        if workbook == kind.name and book.issue is not None:
            yield book.owner, book.issue
