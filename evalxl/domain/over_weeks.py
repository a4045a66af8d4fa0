"""What concerns more than one week: talks that are followed up, the register of them, tasks for weeks to come, closed periods.

Of a long ledger these events are always read, the others with their week.
"""

from __future__ import annotations

from datetime import date, datetime

from evalxl.domain.follow_ups import Entry, FollowUp, key_of
from evalxl.domain.history import ClosedPeriod, Event, History
from evalxl.domain.names import code_key
from evalxl.domain.recorded import issue_of, received_of, type_into
from evalxl.domain.results import Warning
from evalxl.domain.weeks import Week


def goes_beyond(event: Event) -> bool:
    """Whether an event concerns more than its own week: what follows a person over weeks, tasks for weeks to come, the closing of a period."""
    if event["kind"] in OVER_WEEKS or event.get("workbook") == "follow_up":
        return True
    return "week" in event and (event["kind"] in ("assigned", "withdrawn") or "period" in event)


def take_beyond(history: History, event: Event) -> None:
    if event["kind"] == "assigned":
        history.assigned[(event["week"], code_key(event["by_code"]))] = dict(event)
    if "period" in event:
        history.closed_periods.pop(event["period"], None)
        if event["kind"] == "closed":
            history.closed_periods[event["period"]] = ClosedPeriod(event["seq"], datetime.fromisoformat(event["at"]))
    if event["kind"] in OVER_WEEKS:
        OVER_WEEKS[event["kind"]](history, event)
    if event["kind"] == "withdrawn" and (issue := history.register.issues.get(event["form_id"])):
        issue.withdrawn = True
    if event.get("workbook") == "follow_up":
        _register(history, event)


def _register(history: History, event: Event) -> None:
    """The registers of all weeks are one: what is typed in this week's stands in the next week's too."""
    if event["kind"] == "issued":
        history.register.issues[event["form_id"]] = issue_of(event)
    elif event["kind"] == "received" and event["verdict"] == "read":
        rows = [{**one, "row": code_key(one["row"])} for one in event["typed"]]  # spelt as it may be, it is one row
        type_into(history.register, received_of(event), rows)


def _warned(history: History, event: Event) -> None:
    warning = Warning(
        code=event["subject"],
        kind=event["degree"],
        first_week=Week.parse(event["first_week"]),
        second_week=Week.parse(event["second_week"]),
        evidence=tuple(event.get("evidence", ())),
        talk_with=tuple(event.get("talk_with", ())),
        skipped=tuple(Week.parse(week) for week in event.get("skipped", ())),
    )
    known = history.follow_ups.setdefault(code_key(key_of(warning)), FollowUp(warning, event.get("unit", "")))
    known.warning, known.seq, known.dropped = warning, event["seq"], event.get("dropped", False)


def _followed(history: History, event: Event) -> None:
    known = history.follow_ups[code_key(f"{event['subject']}/{event['second_week']}")]
    entry = Entry(
        week=Week.parse(event["week"]),
        seq=event["seq"],
        state=event["state"],
        talk_date=date.fromisoformat(event["talk_date"]) if "talk_date" in event else None,
        took_part=event.get("took_part", ""),
        causes=event.get("causes", ""),
        measures=event.get("measures", ""),
        deadline=date.fromisoformat(event["deadline"]) if "deadline" in event else None,
        outcome=event.get("outcome", ""),
    )
    known.entries.append(entry)


OVER_WEEKS = {"warned": _warned, "followed": _followed}
