"""The demo: a sample office that runs some weeks from end to end, with the usual mistakes of an office."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from evalxl.demo.cast import cast_of, troubles_of
from evalxl.demo.drawers import Drawers, Outcome, drawers, outcome_of
from evalxl.demo.fill_units import enter_for
from evalxl.demo.stage import Act, Stage, act_of, gathered, morning, rolled_up
from evalxl.demo.week_script import friday, monday, tuesday
from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.week_view import Result, WeekView
from evalxl.domain.organisation.authority import roster
from evalxl.domain.organisation.people import Organisation, Roster
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import Period, Week
from evalxl.excel.drawing_pool import kept_drawing_pool
from evalxl.excel.returned.workers import kept_workers
from evalxl.forms import kinds
from evalxl.records import folders
from evalxl.records.publish import CannotWriteError
from evalxl.records.rulebooks import NamedRuleBook, rulebook_named, use_rulebook
from evalxl.steps.admin.init import init
from evalxl.steps.office.office import Office
from evalxl.words import Lang, say

FIRST = Week(2025, 23)
MARKER = "evalxl-demo.txt"
SECOND_ROUND = 4  # every so many weeks something is returned, and Tuesday has a second round


class NotADemoError(EvalxlError):
    """The folder holds something that was not made by the demo, so it is left alone."""

    key = "slip.not_demo"


@dataclass(frozen=True, slots=True)
class WeekPlayed:
    """One week of the demo: the number of forms issued, the returned files, and the counts of its people."""

    week: Week
    closed: bool
    forms: int
    files: Mapping[str, int]
    stands: Outcome


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What the demo made, and where to look."""

    folder: Path
    name: str
    people: int
    weeks: tuple[WeekPlayed, ...]
    look: Mapping[str, Path]
    ask: str
    rules: RuleBook

    def text(self, lang: Lang) -> Iterator[str]:
        yield say("demo.made", lang, name=self.name, people=self.people, weeks=len(self.weeks), folder=self.folder)
        for played in self.weeks:
            yield ""
            yield say("demo.closed" if played.closed else "demo.open", lang, week=played.week.shown(lang))
            yield say("demo.forms", lang, forms=played.forms, files=_counted("verdict", played.files, lang))
            stands = played.stands
            yield say("demo.states", lang, states=_counted("state", stands.states, lang))
            bands = "; ".join(f"{self.rules.band(code).name(lang)}: {count}" for code, count in stands.bands.items())
            if self.rules.parts:
                yield say("demo.bands", lang, bands=bands)
            talk, watch = stands.warnings.get("warning", 0), stands.warnings.get("watch", 0)
            yield say("demo.warnings", lang, talk=talk, watch=watch, findings=stands.findings)
        yield ""
        yield say("demo.look", lang)
        for what, path in self.look.items():
            yield f"  {say(f'demo.look_{what}', lang)}: {path}"
        yield ""
        yield say("demo.next", lang)
        office, week = f"evalxl --office {_quoted(self.folder)}", self.weeks[-1].week
        for words in (
            f"status {week}",
            f"consolidate {week}",
            f"explain {week} {self.ask}",
            f"roll-up {self._month}",
            "verify",
        ):
            yield f"  {office} {words}"

    @property
    def _month(self) -> str:
        return f"{self.weeks[-1].week.thursday:%Y-%m}"

    def record(self) -> dict[str, Any]:
        return {
            "folder": str(self.folder),
            "people": self.people,
            "weeks": [
                {
                    "week": str(played.week),
                    "closed": played.closed,
                    "forms": played.forms,
                    "files": dict(played.files),
                    "states": dict(played.stands.states),
                    "bands": dict(played.stands.bands),
                    "warnings": dict(played.stands.warnings),
                    "findings": played.stands.findings,
                }
                for played in self.weeks
            ],
            "look": {what: str(path) for what, path in self.look.items()},
        }


def _counted(table: str, counts: Mapping[str, int], lang: Lang) -> str:
    return "; ".join(f"{say(f'{table}.{name}', lang)}: {count}" for name, count in counts.items())


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def demo(
    folder: Path, weeks: int, lang: Lang, by: str, progress: Callable[[int, int], None], rulebook: str = ""
) -> Demonstrated:
    """Make a sample office and run some weeks of it.

    Args:
        folder: A new or empty folder, or one that an earlier demo made, which is replaced.
        weeks: The number of weeks from 2025-W23 on. All but the last are closed.
        by: The operator, for the ledger.
        rulebook: The id of a shipped rule book, or the file of another one; empty for the usual one.

    Raises:
        NoSuchRuleBookError, BadRuleBookError: there is no such rule book, or it makes no sense.
        EvalxlError: the folder holds anything else, or cannot be written.
    """
    rules = rulebook_named(rulebook) if rulebook else None
    progress(0, weeks)
    _make_way(folder, lang)
    office = _office(folder / "office", lang, rules)
    workers = office.settings.workers
    with (
        kept_workers(workers) as office.examiner,
        kept_drawing_pool(workers) as office.drawing_pool,
        drawers(office.folder, workers) as drawing,
    ):
        stage = _stage(office, drawing, by)
        acts = _played_through(stage, weeks, progress)
        return _demonstrated(stage, acts, drawing.finish())


def _played_through(stage: Stage, weeks: int, progress: Callable[[int, int], None]) -> list[Act]:
    """Run the weeks. Each period is rolled up with its last week. The last periods are rolled up after managers have made their entries for the month."""
    rosters = list(_rosters(stage.organisation, stage.rules, weeks))
    troubles, periods = troubles_of(rosters), periods_of([people.week for people in rosters])
    acts: list[Act] = []
    for number, people in enumerate(rosters):
        last = number == len(rosters) - 1
        cast = cast_of(people, troubles[number], stays_open=last, quiet=not last and number % SECOND_ROUND > 0)
        act = act_of(stage, people, cast, troubles[number])
        morning(stage, act)
        if acts:
            monday(stage, acts[-1], stays_open=False)
            tuesday(stage, acts[-1])
            for period in periods:
                if acts[-1].week in period and act.week not in period:
                    rolled_up(stage, period)
            morning(stage, act)
        friday(stage, act)
        acts.append(act)
        progress(number + 1, weeks)
    monday(stage, acts[-1], stays_open=True)
    ending = [period for period in periods if acts[-1].week in period]
    gathered(stage, ending[0])
    enter_for(stage, ending[0])
    for period in ending:
        rolled_up(stage, period)
    return acts


def periods_of(weeks: Sequence[Week]) -> tuple[Period, ...]:
    """The periods of the weeks: always months, and longer periods if there are enough weeks."""
    names: dict[str, None] = {}
    for week in weeks:
        year, month = week.thursday.year, week.thursday.month
        names[f"{year}-{month:02d}"] = None
        if len(weeks) > 6:
            names[f"{year}-Q{(month + 2) // 3}"] = None
        if len(weeks) > 26:
            names[f"{year}-H{(month + 5) // 6}"] = names[f"{year}"] = None
    return tuple(Period.parse(name) for name in names)


def _make_way(folder: Path, lang: Lang) -> None:
    """Empty a folder that an earlier demo made, and mark it before anything else is written."""
    marker = folder / MARKER
    try:
        foreign = not folder.is_dir() or (any(folder.iterdir()) and not marker.is_file())
        if folder.exists() and foreign:
            raise NotADemoError(folder=folder)
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != marker:
                path.unlink()
        marker.write_text(say("demo.marker", lang) + "\n", encoding="utf-8", newline="\n")
    except OSError as slip:
        raise CannotWriteError(path=folder, reason=slip.strerror or type(slip).__name__) from slip


def _office(folder: Path, lang: Lang, rules: NamedRuleBook | None) -> Office:
    init(folder, sample=True, lang=lang)
    if rules is not None:
        use_rulebook(folder, rules)
    return Office.open(folder)


def _stage(office: Office, drawing: Drawers, by: str) -> Stage:
    rules = office.rules_of(FIRST)
    organisation, _ = office.read_organisation(rules)
    begins = datetime.combine(FIRST.monday, time(7), office.settings.zone)
    return Stage(office, drawing, organisation, rules, by, begins)


def _rosters(organisation: Organisation, rules: RuleBook, weeks: int) -> Iterator[Roster]:
    """The rosters of those of the first `weeks` weeks that have a working day."""
    for number in range(weeks):
        people, _ = roster(organisation, FIRST.after(number), rules)
        if people.working_days:
            yield people


# What was made


def _demonstrated(stage: Stage, acts: list[Act], drawn: Mapping[Week, Outcome]) -> Demonstrated:
    office, view = stage.office, acts[-1].view
    assert view is not None
    drawn = {**drawn, view.week: outcome_of(view)}
    chosen = _worth_a_look(view)
    settings, folder, week = office.settings, office.folder, view.week
    look = {
        "master": folders.office_master_path(settings, folder, week),
        "unit_master": folders.unit_master_path(settings, folder, week, chosen.unit),
        "form": office.absolute(chosen.form),
        "scoring": office.absolute(chosen.scoring),
        "approval": folders.workbook_path(kinds.APPROVAL, settings, folder, week, chosen.approver),
    }
    if (
        len(acts) > 1
        and (page := folders.result_sheet_path(settings, folder, acts[-2].week, chosen.unit, chosen.code)).exists()
    ):
        look["page"] = page
    look["period"] = folders.period_path(settings, folder, periods_of([act.week for act in acts])[-1])
    invalid = next((row for row in view.results if row.state == "invalid"), chosen)
    look["receipt"] = folders.receipt_path(settings, folder, week, invalid.unit, invalid.code)
    look["follow_up"] = folders.workbook_path(kinds.FOLLOW_UP, settings, folder, week)
    look["organisation"] = folder / folders.ORGANISATION
    return Demonstrated(
        folder=folder,
        name=settings.name,
        people=len({post.code for post in stage.organisation.posts}),
        weeks=tuple(
            WeekPlayed(act.week, act is not acts[-1], act.issued, dict(sorted(act.files.items())), drawn[act.week])
            for act in acts
        ),
        look={what: path for what, path in look.items() if path.exists()},
        ask=chosen.code,
        rules=stage.rules,
    )


def _worth_a_look(view: WeekView) -> Result:
    """A person who passed all steps: approved by somebody other than the scorer, in a large team, if possible with adjusted scores."""
    done = [row for row in view.results if row.state == "approved" and row.approver != row.scorer]
    done = done or [row for row in view.results if row.state == "scored"]
    team = Counter(row.scorer for row in view.results if row.state != "absent")
    return max(done or view.results, key=lambda row: (team[row.scorer], "adjusted" in row.flags, len(row.tasks)))
