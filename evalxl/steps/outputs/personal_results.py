"""Each person's view of their results in the last weeks, in a folder that only the person, the managers and the office can read.

It is written only if `personal_folders` is on, because scores are never written into a folder that colleagues can open. A result is shown once it is
approved or its week is closed. So everybody sees their result at the close of the week at the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from evalxl.domain.evaluation.difficulties import DifficultyLine
from evalxl.domain.evaluation.own_results import OwnResults, OwnWeek
from evalxl.domain.evaluation.review_requests import AppealLine, line_of
from evalxl.domain.evaluation.week_view import WeekView
from evalxl.domain.history.history import History
from evalxl.domain.names import code_key
from evalxl.domain.week.two_week_history import EarlierWeeks, Judged, WeekFromRows
from evalxl.domain.weeks import Week
from evalxl.records import folders
from evalxl.records.publish import Published
from evalxl.steps.office.office import Office
from evalxl.steps.office.past_weeks import past_of
from evalxl.steps.outputs.draw_changed import draw_changed
from evalxl.steps.views.week_view import WeekSituation
from evalxl.words import Lang

WEEKS = 12
_SECONDS_A_PERSON = 0.006


def write_own_results(office: Office, seen: WeekSituation, anew: bool = False) -> list[Published]:
    """Write each person's view if its content has changed. Nothing is written without personal folders.

    Args:
        anew: Write all of them.

    Returns:
        What was written.
    """
    if not office.settings.personal_folders:
        return []
    common = _what_all_share(seen.view), office.lang
    published = draw_changed(office, _drawer, common, _pieces(office, seen), _SECONDS_A_PERSON, anew)
    return [file for file in published if file.state != "unchanged"]


def _drawer() -> Callable[[tuple[WeekView, Lang], OwnResults], bytes]:
    from evalxl.excel.masters.own_results import draw_own_page  # XlsxWriter is slow to import

    return draw_own_page


def _what_all_share(view: WeekView) -> WeekView:
    """Office, week and rule book, and nothing that changes with the ledger: a person's view is of no press."""
    return replace(view.without_rows, head="", recorded_at=None, deadlines={}, people={}, closed=False)


def _pieces(office: Office, seen: WeekSituation) -> Iterator[tuple[Path, OwnResults]]:
    """Each person's view, with its path."""
    week = seen.view.week
    judged_week = WeekFromRows(week, seen.rules, seen.organisation.last_day(week), seen.view.results)
    first, weeks = _own_weeks(office, judged_week, past_of(office, office.history, week))
    today = seen.view.recorded_at.astimezone(office.settings.zone).date() if seen.view.recorded_at else week.monday
    told = _told(office.history, first, week)
    asked = _asked(office.history, first, week, today)
    for row in seen.view.results:
        key = code_key(row.code)
        own = OwnResults(
            code=row.code,
            name=row.name,
            title=row.title,
            unit_name=row.unit_name,
            weeks=tuple(weeks.get(key, ())),
            difficulties=tuple(told.get(key, ())),
            appeals=tuple(asked.get(key, ())),
        )
        if own.is_empty:
            continue
        yield folders.own_results_path(office.settings, office.folder, week, row.unit, row.code), own


def _own_weeks(office: Office, judged_week: WeekFromRows, past: EarlierWeeks) -> tuple[Week, dict[str, list[OwnWeek]]]:
    """The first of the last weeks. And by code key the weeks with a result that the person may see (approved or closed), newest first."""
    found: dict[str, list[OwnWeek]] = {code_key(row.code): [] for row in judged_week.rows}
    first, number = judged_week.week, 0
    for week in (first, *past.weeks):
        judged: Judged | None = judged_week if week == judged_week.week else past.one(week)
        if judged is not None:
            first, number = week, number + 1
            is_closed = office.history.is_closed(week)
            for code, weeks in found.items():
                weeks += _own_week(judged, code, is_closed, office.lang)
        del judged  # a week of many people is large: release it before the next one is made
        if number == WEEKS:
            break
    return first, found


def _own_week(judged: Judged, code: str, is_closed: bool, lang: Lang) -> Iterator[OwnWeek]:
    row = judged.row(code)
    if row is not None and (row.state in ("approved", "seen") or is_closed):
        # Fields that the view does not show must not make it differ.
        row = replace(row, tasks=(), checks={}, form="", scoring="", reason="", flags=())
        yield OwnWeek(row, judged.rules.band(row.band).name(lang) if row.band else "", judged.rules.parts)


def _asked(history: History, first: Week, week: Week, today: date) -> dict[str, list[AppealLine]]:
    """By code key: the reviews that people requested in these weeks, with their state; the newest results first."""
    asked = [appeal for appeal in history.appeals.values() if first <= appeal.asked_in <= week]
    found: dict[str, list[AppealLine]] = {}
    for appeal in sorted(asked, key=lambda appeal: appeal.week, reverse=True):
        found.setdefault(code_key(appeal.subject), []).append(line_of(appeal, week, today, as_of=week))
    return found


def _told(history: History, first: Week, week: Week) -> dict[str, list[DifficultyLine]]:
    """By code key: the difficulties that people reported in these weeks, with the answers."""
    found: dict[str, list[DifficultyLine]] = {}
    for key, said in history.difficulties_that_count().items():
        difficulty, weeks = history.difficulties[key], tuple(one for one in said if first <= one <= week)
        if weeks:
            line = DifficultyLine(
                difficulty.key, difficulty.subject, difficulty.kind, difficulty.text, weeks, difficulty.by(week)
            )
            found.setdefault(code_key(difficulty.subject), []).append(line)
    return found
