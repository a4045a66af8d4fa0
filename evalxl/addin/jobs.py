"""The jobs behind the buttons. Each runs one step and gives one sentence about the result, and the place to look at first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from evalxl.addin.caller import Caller
from evalxl.addin.job_defaults import period_for, week_for
from evalxl.addin.protocol import Request
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.findings import Finding
from evalxl.domain.names import unit_of_subject
from evalxl.domain.week.week_counts import counts_of, left_open
from evalxl.domain.weeks import Period, Week, parse_week_or_period
from evalxl.excel.masters.lists import FIRST_LINE
from evalxl.records import folders
from evalxl.records.publish import Published, newest
from evalxl.steps.admin.check import check
from evalxl.steps.close import SettledWeek, close, reopen
from evalxl.steps.consolidate import consolidate
from evalxl.steps.issue.issue import issue
from evalxl.steps.office.office import Clock, Office
from evalxl.steps.office.progress import Progress
from evalxl.steps.periods.roll_up import roll_up_period
from evalxl.steps.reports.status import status
from evalxl.words import Lang, say


@dataclass(frozen=True, slots=True)
class JobPlace:
    """The result to show: a workbook, the sheet that needs attention, and its first row."""

    path: Path | None = None
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a job.

    Attributes:
        message: One sentence, in the language of the person who pressed the button.
        value: The step's result, to be recorded as the command would print it; None if the sentence is enough.
        what: The week or period.
    """

    message: str
    value: Any
    what: Week | Period | None = None
    place: JobPlace = JobPlace()
    masters: Sequence[Published] = ()
    findings: Sequence[Finding] = field(default=())


@dataclass(frozen=True, slots=True)
class JobContext:
    """The context of one job: request, office, time, user and observers."""

    request: Request
    office: Office
    clock: Clock
    progress: Progress
    lang: Lang
    caller: Caller = field(default_factory=Caller)

    @property
    def now(self) -> datetime:
        return self.clock.now


def perform(press: JobContext) -> Done:
    """Run the job of a button.

    Raises:
        EvalxlError: the step failed; `StoppedError` if it was stopped.
    """
    return _JOBS[press.request.job](press)


def _consolidate(press: JobContext) -> Done:
    week = week_for(press.office, press.request, press.now)
    press.caller.make_way(str(week))
    open_books = press.caller.open_books()
    done = consolidate(press.office, week, press.clock, press.progress, open_books=open_books)
    carried = press.caller.put_in_place(done.collected.in_hand).sentences(press.lang, press.caller.folder)
    message = f"{_standing(done.view, press.lang)} {carried}".rstrip()
    return Done(
        _with_waiting(message, done.masters, press.lang),
        done,
        week,
        _in_master(done.masters[0], done.view, press.office.lang),
        done.masters,
        done.findings,
    )


def _issue(press: JobContext) -> Done:
    week = week_for(press.office, press.request, press.now)
    done = issue(press.office, week, press.clock, press.progress)
    if done.holiday:
        return Done(say("command.holiday", press.lang, week=week.shown(press.lang)), done, week)
    message = say(
        "command.issued",
        press.lang,
        week=week.shown(press.lang),
        written=len(done.written),
        renewed=len(done.renewed),
        kept=done.kept,
        absent=done.absent,
    )
    return Done(_with_serious(message, done.findings, press.lang), done, week, findings=done.findings)


def _check(press: JobContext) -> Done:
    office = press.office
    done = check(office.folder, press.now.astimezone(office.settings.zone).date())
    serious = [finding for finding in done.findings if finding.level in ("error", "warning")]
    if not serious:
        return Done(say("command.no_findings", press.lang), done, findings=done.findings)
    first = next((finding for finding in serious if finding.file == folders.ORGANISATION), None)
    place = JobPlace(office.folder / folders.ORGANISATION, first.sheet, _row(first.cell)) if first else JobPlace()
    return Done(
        say("addin.checked", press.lang, count=len(serious), first=_first_finding(serious[0], press.lang)),
        done,
        place=place,
        findings=done.findings,
    )


def _who_is_missing(press: JobContext) -> Done:
    office, lang = press.office, press.lang
    week = week_for(office, press.request, press.now)
    done = status(office, week, press.now.astimezone(office.settings.zone).date())
    if done.view is None:
        return Done(say("command.holiday", lang, week=week.shown(lang)), done, week)
    left = left_open(done.view.results)
    counts = {kind: len(codes) for kind, codes in left.as_record().items()}
    units = sum(1 for entry in done.view.missing if unit_of_subject(entry.code))
    key = "addin.missing" if not left.nothing or units else "addin.none_missing"
    message = say(key, lang, week=week.shown(lang), **counts)
    if units:
        message += " " + say("addin.missing_units", lang, count=units)
    master = folders.office_master_path(office.settings, office.folder, week)
    path = _newest(master)
    place = JobPlace(path, say("master.sheet.missing", office.lang), FIRST_LINE) if path else JobPlace()
    return Done(message, done, week, place, findings=done.view.findings)


def _close(press: JobContext) -> Done:
    what = _what(press)
    press.caller.make_way(str(what))
    done = close(press.office, what, press.clock, press.progress, sure=press.request.yes != "")
    return _settled(press, done)


def _reopen(press: JobContext) -> Done:
    what = _what(press)
    press.caller.make_way(str(what))
    return _settled(press, reopen(press.office, what, press.clock, press.request.reason, press.progress))


def _settled(press: JobContext, done: SettledWeek) -> Done:
    """The result of closing or opening, with what remains open and the periods that become provisional."""
    lang, what = press.lang, done.what
    verb = "close" if done.closing else "reopen"
    key = f"command.{verb}_finished" if done.made_up else "command.closed" if done.closing else "command.reopened"
    sentences = [say(key, lang, what=what.shown(lang), count=len(done.made_up), reason=done.reason)]
    if gaps := replace(done.gaps, unended=()):
        sentences.append(say("closing.left", lang, gaps=gaps.shown(lang)))
    sentences += [say("closing.provisional", lang, period=period.shown(lang)) for period in done.provisional]
    sentences += [say("closing.settled", lang, period=period.shown(lang)) for period in done.settled]
    message = _with_waiting(" ".join(sentences), done.masters, lang)
    return Done(message, done, what, _master_of(press.office, what), done.masters)


def _roll_up(press: JobContext) -> Done:
    period = period_for(press.office, press.request, press.now)
    press.caller.make_way(str(period))
    done = roll_up_period(press.office, period, press.clock, press.progress)
    view = done.view
    message = say(
        "command.rolled_up",
        press.lang,
        period=view.shown(press.lang),
        people=len(view.results),
        weeks=len(view.weeks),
        rated=sum(row.counted_total is not None for row in view.results),
        awaiting=sum(row.awaiting for row in view.results),
        missing=sum(row.missing for row in view.results),
    )
    masters = (done.master, *done.beside)
    place = JobPlace(_readable(done.master), say("period.sheet.overview", press.office.lang), 1)
    message = _with_serious(_with_waiting(message, masters, press.lang), done.findings, press.lang)
    return Done(message, done, period, place, masters, done.findings)


_JOBS: dict[str, Callable[[JobContext], Done]] = {
    "consolidate": _consolidate,
    "issue": _issue,
    "check": _check,
    "who-is-missing": _who_is_missing,
    "close": _close,
    "reopen": _reopen,
    "roll-up": _roll_up,
}


def _what(press: JobContext) -> Week | Period:
    """The week or period to close or open again; a period only if it is named."""
    request = press.request
    if named := request.week or request.period:
        return parse_week_or_period(named)
    return week_for(press.office, request, press.now)


# What to look at


def _in_master(master: Published, view: WeekView, lang: Lang) -> JobPlace:
    """The sheet that needs attention: findings, else missing people, else the overview."""
    if any(finding.level in ("error", "warning") for finding in view.findings):
        return JobPlace(_readable(master), say("master.sheet.findings", lang), FIRST_LINE)
    if view.missing:
        return JobPlace(_readable(master), say("master.sheet.missing", lang), FIRST_LINE)
    return JobPlace(_readable(master), say("master.sheet.overview", lang), 1)


def _master_of(office: Office, what: Week | Period) -> JobPlace:
    """The master of a week. Only a roll-up makes a period's master."""
    if isinstance(what, Period):
        return JobPlace()
    path = _newest(folders.office_master_path(office.settings, office.folder, what))
    return JobPlace(path, say("master.sheet.overview", office.lang), 1) if path else JobPlace()


def _readable(published: Published) -> Path:
    """The newest state of a workbook, which lies beside it if somebody has it open."""
    return published.beside or published.path


def _newest(path: Path) -> Path | None:
    newest_state = newest(folders.lying_path(path))
    return newest_state if newest_state.exists() else None


def _row(cell: str) -> int:
    """The row of a cell's address."""
    match = re.search(r"\d+$", cell)
    return int(match[0]) if match else 1


# What to say


def _standing(view: WeekView, lang: Lang) -> str:
    counts = counts_of(view.results)
    errors = sum(finding.level == "error" for finding in view.findings)
    warnings = sum(finding.level == "warning" for finding in view.findings)
    facts = {
        "due": counts.due,
        "handed_in": counts.handed_in,
        "approved": counts.approved,
        "missing": len(view.missing),
        "errors": errors,
        "warnings": warnings,
    }
    message = say("addin.consolidated", lang, week=view.week.shown(lang), **facts)
    return (
        f"{message} {say('addin.to_correct', lang, errors=errors, warnings=warnings)}" if errors + warnings else message
    )


def _with_waiting(message: str, masters: Iterable[Published], lang: Lang) -> str:
    """A message, with a note if new reports wait beside files that somebody has open."""
    waiting = [master for master in masters if master.state == "waiting"]
    if not waiting:
        return message
    holder = next((master.holder for master in waiting if master.holder), "?")
    names = ", ".join(sorted({master.path.name for master in waiting}))
    return f"{message} {say('addin.master_open', lang, files=names, holder=holder)}"


def _with_serious(message: str, findings: Iterable[Finding], lang: Lang) -> str:
    serious = [finding for finding in findings if finding.level in ("error", "warning")]
    if not serious:
        return message
    return f"{message} {say('addin.also', lang, count=len(serious), first=_first_finding(serious[0], lang))}"


def _first_finding(finding: Finding, lang: Lang) -> str:
    place = f"{finding.sheet}!{finding.cell}: " if finding.cell else ""
    return f"{place}{finding.message(lang)}"
