"""The talks of a week's register: which warnings open a follow-up, and what is written into the workbook.

No typed cell is lost. A row that is carried over keeps what was typed in it in earlier weeks, booked or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from evalxl.domain.evaluation.follow_ups import FollowUpLine, key_of, lines_of
from evalxl.domain.evaluation.two_week_rule import evidence_text
from evalxl.domain.evaluation.week_view import Warning
from evalxl.domain.history.events import WarnedEvent
from evalxl.domain.history.history import History
from evalxl.domain.names import code_key
from evalxl.domain.organisation.org_chart import talk_with
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.weeks import Week, shown_date
from evalxl.forms import kinds
from evalxl.forms.rows import open_names
from evalxl.steps.booking.follow_ups import follow_up_opened
from evalxl.steps.booking.register_rows import open_cell, typed_keys
from evalxl.words import Lang, say


def news_of_warnings(
    history: History, week: Week, warnings: Sequence[Warning], organisation: Organisation
) -> Iterator[WarnedEvent]:
    """An event for each new warning of a week, which opens a follow-up. If a week was scored again, what the rule says now."""
    now = {code_key(key_of(warning)): warning for warning in warnings if warning.second_week == week}
    known = {key: follow_up for key, follow_up in history.follow_ups.items() if follow_up.warning.second_week == week}
    for key, warning in now.items():
        if key not in known and warning.kind == "watch":
            continue
        before = known.get(key)
        if before is None or before.dropped or _said(before.warning) != _said(warning):
            post = organisation.post_on(warning.code, week.thursday)
            yield follow_up_opened(warning, post.unit if post else "")
    for key, follow_up in known.items():
        if key not in now and not follow_up.dropped:
            yield follow_up_opened(follow_up.warning, follow_up.unit, dropped=True)


def _said(warning: Warning) -> tuple[Any, ...]:
    return warning.kind, warning.first_week, warning.evidence


def talks_of(history: History, week: Week, warnings: Sequence[Warning], today: date) -> list[FollowUpLine]:
    """The rows of a week's talks: due, in progress, or to watch."""
    return lines_of(history.follow_ups, warnings, week, today, touched=typed_keys(history, "follow_ups"))


def talk_values(
    organisation: Organisation, history: History, week: Week, lines: Sequence[FollowUpLine], lang: Lang
) -> dict[str, Any]:
    """The values of the register's table of talks: a row per follow-up, with what was typed in it so far."""
    values: dict[str, Any] = {
        "ev_follow_person": [line.warning.code for line in lines],
        "ev_follow_name": [organisation.name_of(line.warning.code) for line in lines],
        "ev_follow_unit": [_unit(organisation, week, line) for line in lines],
        "ev_follow_kind": [_kind(line, lang) for line in lines],
        "ev_follow_first_week": [str(line.warning.first_week) for line in lines],
        "ev_follow_second_week": [str(line.warning.second_week) for line in lines],
        "ev_follow_evidence": [evidence_text(line.warning.evidence) for line in lines],
        "ev_follow_talk_with": ["\n".join(_who_talks(organisation, week, line, lang)) for line in lines],
        "ev_follow_standing": ["\n".join(_standing(line, lang)) for line in lines],
    }
    for name in open_names(kinds.FOLLOW_UP, "follow_ups"):
        values[name] = [open_cell(history, "follow_ups", key_of(line.warning), name, line.entry) for line in lines]
    return values


def _unit(organisation: Organisation, week: Week, line: FollowUpLine) -> str:
    """The person's unit now. For a person who left, the unit when the follow-up was opened."""
    post = organisation.post_on(line.warning.code, week.thursday)
    code = post.unit if post else line.unit
    unit = organisation.unit(code)
    return unit.name if unit else code


def _kind(line: FollowUpLine, lang: Lang) -> str:
    return say("follow_up.dropped" if line.dropped else f"master.warning.{line.warning.kind}", lang)


def _who_talks(organisation: Organisation, week: Week, line: FollowUpLine, lang: Lang) -> list[str]:
    """A representative of the office and the head of the person's present unit. Nobody for a watch."""
    if line.dropped:
        return []
    codes = talk_with(organisation, line.warning.code, week.thursday) or line.warning.talk_with
    names = [organisation.name_of(code) for code in codes]
    if line.warning.kind == "watch":
        return names
    return [say("master.warning.office", lang), *(names or [say("master.warning.nobody", lang)])]


def _standing(line: FollowUpLine, lang: Lang) -> list[str]:
    remarks = []
    if line.overdue and line.entry.deadline:
        remarks.append(say("follow_up.overdue", lang, deadline=shown_date(line.entry.deadline)))
    if line.carried:
        remarks.append(say("follow_up.carried", lang, week=line.warning.second_week.shown(lang)))
    return remarks
