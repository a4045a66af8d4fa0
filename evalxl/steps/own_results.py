"""Each person's own view of the last weeks, in the folder that only the person, the managers and the office can read.

Only where `personal_folders` is on: in a folder that colleagues can open nobody's scores are written. A result stands in it once it is approved, or
its week is closed, so that everybody sees the own result not later than the close of the week.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from evalxl.domain.appeals import line_of
from evalxl.domain.difficulties import DifficultyLine
from evalxl.domain.history import History
from evalxl.domain.names import code_key
from evalxl.domain.outcome import Judged, result_of
from evalxl.domain.results import Result
from evalxl.domain.weeks import Week
from evalxl.excel.glance import glance
from evalxl.excel.masters.own_results import OwnResults, OwnWeek
from evalxl.forms.fields import Kind
from evalxl.records import folders
from evalxl.records.arrivals import bytes_of
from evalxl.records.publish import Published, publish
from evalxl.steps.office import Office
from evalxl.steps.view import Seen, past_of

WEEKS = 12


def write_own_results(office: Office, seen: Seen) -> list[Published]:
    """Write everybody's own view where it says something else than the one that lies there; nothing without personal folders."""
    if not office.settings.personal_folders:
        return []
    from evalxl.excel.masters.own_results import draw_own_results  # XlsxWriter is slow to import

    week, written = seen.view.week, []
    this = Judged(office.history.week(week), seen.roster, seen.rules)
    past = past_of(office, office.history, week)
    earlier = (judged for one in past.weeks if (judged := past.one(one)) is not None)
    weeks = list(islice(chain((this,), earlier), WEEKS))
    today = seen.view.recorded_at.astimezone(office.settings.zone).date() if seen.view.recorded_at else week.monday
    told = _told(office.history, weeks[-1].this.week, week)
    for row in seen.view.results:
        own = _own_results(office, row, week, weeks, today, told.get(code_key(row.code), ()))
        if own.is_empty:
            continue
        path = folders.own_results_path(office.settings, office.folder, week, row.unit, row.code)
        contents = hashlib.sha256(repr((own, seen.view.office, office.lang)).encode()).hexdigest()
        if path.exists() and glance(bytes_of(path)).get("contents") == contents:
            continue
        stamp = {"evalxl.kind": Kind.MASTER.value, "evalxl.subject": row.code, "evalxl.contents": contents}
        written.append(publish(path, draw_own_results(seen.view, own, office.lang, stamp)))
    return written


def _own_results(
    office: Office, row: Result, week: Week, weeks: list[Judged], today: date, told: Sequence[DifficultyLine]
) -> OwnResults:
    history, first = office.history, weeks[-1].this.week
    mine = (one for one in history.appeals.values() if code_key(one.subject) == code_key(row.code))
    return OwnResults(
        code=row.code,
        name=row.name,
        title=row.title,
        unit_name=row.unit_name,
        weeks=tuple(_own_weeks(row.code, weeks, office)),
        difficulties=tuple(told),
        appeals=tuple(
            sorted(
                (line_of(one, week, today, as_of=week) for one in mine if first <= one.asked_in <= week),
                key=lambda line: line.week,
                reverse=True,
            )
        ),
    )


def _own_weeks(code: str, weeks: list[Judged], office: Office) -> Iterator[OwnWeek]:
    """The weeks whose result the person may know: approved, or closed."""
    for judged in weeks:
        member = judged.members.get(code_key(code))
        if member is None:
            continue
        row = result_of(judged.this.known(code), member, judged.this.week, judged.rules)
        if row.state == "approved" or office.history.is_closed(judged.this.week):
            # What the view does not show does not make it another one.
            row = replace(row, tasks=(), checks={}, form="", scoring="", reason="", flags=())
            yield OwnWeek(row, judged.rules.band(row.band).name(office.lang) if row.band else "")


def _told(history: History, first: Week, week: Week) -> dict[str, list[DifficultyLine]]:
    """By staff code without case: what people told the office in these weeks, and what was answered."""
    found: dict[str, list[DifficultyLine]] = {}
    for key, said in history.difficulties_that_count().items():
        one, weeks = history.difficulties[key], tuple(one for one in said if first <= one <= week)
        if weeks:
            line = DifficultyLine(one.key, one.subject, one.kind, one.text, weeks, one.by(week))
            found.setdefault(code_key(one.subject), []).append(line)
    return found
