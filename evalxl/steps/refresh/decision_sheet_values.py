"""The sheet *Đã ghi nhận*: what the ledger holds in the name of a workbook's owner, for this week and the last.

Excel cannot prove who typed. The owner can check it here: every decision booked in the owner's name is listed with its event, file and cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from evalxl.domain.history.history import History
from evalxl.domain.names import shown_code
from evalxl.domain.organisation.people import Organisation
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.week.decision_log import Booking, bookings, newest_first
from evalxl.domain.weeks import Week, shown_date, shown_moment
from evalxl.forms.kind import WorkbookKind
from evalxl.forms.shared_fields import EACH_BOOKED
from evalxl.records.settings import Settings
from evalxl.steps.issue.form_values import due_text
from evalxl.words import Lang, addressed, say


def booked_lately(history: History, week: Week) -> tuple[Booking, ...]:
    """The decisions of the previous week in the ledger, and of this week."""
    last = history.before(week)[:1]
    return tuple(booking for week in (*last, week) for booking in bookings(history.week(week)))


def booked_values(
    settings: Settings,
    rules: RuleBook,
    organisation: Organisation,
    week: Week,
    made: Sequence[Booking],
    kind: WorkbookKind,
    owner: str,
    rooms: Mapping[str, int],
    lang: Lang,
) -> dict[str, Any]:
    """The values of the sheet: a row for each decision, the latest first. If there are too many, the oldest are left out.

    Args:
        made: The recent decisions of everybody.
        kind: The scoring workbook shows scores and returns to the person, the approval workbook the approver's decisions.
        rooms: The number of rows of each table of the workbook.
    """
    step, table = kind.step, kind.booked_in
    own = list(islice(newest_first(made, owner, step), rooms.get(table, kind.by_table[table].capacity())))
    close = due_text(settings, organisation, week, "close", None)
    contact = settings.contact or say("booked.the_office", lang)
    you = addressed(settings.letterhead, lang)
    note = say("booked.note" if own else "booked.nothing", lang, you=you, contact=contact, close=close)
    return {
        "ev_booked_note": note,
        "ev_booked_event": [booking.seq for booking in own],
        "ev_booked_at": [_when(booking, settings, lang) for booking in own],
        "ev_booked_week": [booking.week.shown(lang) for booking in own],
        "ev_booked_person": [shown_code(booking.code) for booking in own],
        "ev_booked_name": [organisation.name_of(booking.code) for booking in own],
        "ev_booked_decision": [_decision(booking, owner, organisation, lang) for booking in own],
        **{f"{EACH_BOOKED}{part}": [booking.scores.part(part) for booking in own] for part in rules.codes},
        "ev_booked_total": [booking.scores.total for booking in own],
        "ev_booked_words": ["\n".join(_words(booking, lang)) for booking in own],
        "ev_booked_source": ["\n".join(_source(booking, rules, lang)) for booking in own],
        "ev_booked_standing": [_standing(booking, lang) for booking in own],
    }


def _when(booking: Booking, settings: Settings, lang: Lang) -> str:
    booked = _moment(booking.at, settings)
    came = _moment(booking.received_at, settings) if booking.received_at else booked
    # A row that waited for something is booked in a later run than the one that read its file.
    return booked if came == booked else say("booked.came_before", lang, came=came, booked=booked)


def _moment(at: datetime, settings: Settings) -> str:
    return shown_moment(at.astimezone(settings.zone))


def _decision(booking: Booking, owner: str, organisation: Organisation, lang: Lang) -> str:
    key = f"returned_{booking.stage}" if booking.what == "returned" else booking.what
    if booking.both:
        key = "scored_both"
    elif booking.event.get("adjusted"):
        key = "adjusted"
    said = [say(f"booked.{key}", lang)]
    if booking.acts_for:
        acts = booking.by == owner
        who = booking.acts_for if acts else booking.by
        said.append(
            say(f"booked.{'instead_of' if acts else 'done_by'}", lang, name=organisation.name_of(who), code=who)
        )
    if paper := booking.event.get("by_paper"):
        said.append(say("booked.by_paper", lang, reference=paper))
    return "\n".join(said)


def _words(booking: Booking, lang: Lang) -> Iterator[str]:
    event = booking.event
    if event.get("breach"):
        day = event.get("breach_day", "")
        chosen = (event.get("breach_kind", ""), shown_date(date.fromisoformat(day)) if day else "")
        said = ", ".join(filter(None, (*chosen, event.get("breach_note", ""))))
        yield say("booked.breach", lang, text=said)
    for name in ("comment", "earned_by", "explanation", "opinion", "reason"):
        if text := event.get(name):
            yield say(f"booked.{name}", lang, text=text)


def _source(booking: Booking, rules: RuleBook, lang: Lang) -> Iterator[str]:
    """The cells by file and sheet, and who saved the file last, as the file says."""
    places: dict[tuple[str, str], list[str]] = {}
    cells_of = booking.source["cells"]
    named = (*rules.codes, *(line.key for line in rules.lines), *cells_of)
    in_order = {part: cells_of[part] for part in named if part in cells_of and part != "decision"}
    for place in (*in_order.values(), cells_of["decision"]):  # the ledger's own order is no order of cells
        cells = places.setdefault((place["file"], place["sheet"]), [])
        if place["cell"] and place["cell"] not in cells:
            cells.append(place["cell"])
    for (file, sheet), cells in places.items():
        if cells:
            folder, _, name = file.rpartition("/")
            yield say("booked.source", lang, file=name, folder=folder, sheet=sheet, cells=", ".join(cells))
    if booking.modified_by:
        yield say("booked.saved_by", lang, account=booking.modified_by)


def _standing(booking: Booking, lang: Lang) -> str:
    if not booking.ended_by:
        return say(f"booked.{'waits' if booking.what == 'returned' else 'counts'}", lang)
    return say(f"booked.{booking.what}_ended_by_{booking.ended_by}", lang, seq=booking.ended_seq)
