"""What is written into the workbooks in which leaders enter something for a period: a row per person, with everything that was typed in it so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.scoring import two_places
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import delegates_on, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating, suggestion_for
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook
from evalxl.forms import kinds
from evalxl.forms.fields import NOT_ENTERED, PERIOD_SUGGESTED, YES
from evalxl.forms.rows import open_names, put_back
from evalxl.forms.values import Typed
from evalxl.records import folders
from evalxl.records.settings import Settings
from evalxl.steps.booking.period_inputs import TABLE, entry_cells
from evalxl.steps.issue.form_values import letterhead
from evalxl.steps.office.capacity import most_rooms, named
from evalxl.steps.refresh.period_to_draw import PeriodToDraw
from evalxl.steps.refresh.week_to_draw import WorkbookToDraw
from evalxl.words import Lang


def inputs_due(now: PeriodToDraw) -> Iterator[WorkbookToDraw]:
    """The workbooks for a period as they should be now: one for each manager with people to enter something for, and for each delegate in force on the
    period's last day, with the rows of the manager who delegated. People without a row are told in `left_out`.
    """
    office, period, roster, organisation, rules = now.office, now.period, now.roster, now.organisation, now.rules
    rows = {code_key(row.code): row for row in now.results}
    teams: dict[str, list[Member]] = {}
    given = delegates_on(organisation, period.last, "score")
    for member in roster.members:
        if not member.scorer or code_key(member.code) not in rows:
            continue
        acting = stand_in(organisation, member, member.scorer, given, roster.week.thursday)
        for owner in dict.fromkeys((member.scorer, acting)):
            if owner:
                teams.setdefault(owner, []).append(member)
    settings = office.settings_of(roster.week)
    room = most_rooms(office.folder, office.lang, kinds.PERIOD_INPUT)[TABLE]
    for owner, team in teams.items():
        if len(team) > room:
            values = {"count": len(team), "room": room, "people": named(team[room:])}
            now.left_out.append(Finding("period_input.no_room", code=owner, values=values))
        path = folders.workbook_path(kinds.PERIOD_INPUT, office.settings, office.folder, period, owner)
        people = [rows[code_key(member.code)] for member in team[:room]]
        values = input_values(settings, organisation, rules, now.this, roster, owner, people, now.ratings, office.lang)
        yield WorkbookToDraw(kinds.PERIOD_INPUT, owner, path, values, {})


def input_values(
    settings: Settings,
    organisation: Organisation,
    rules: RuleBook,
    period_history: PeriodHistory,
    roster: Roster,
    owner: str,
    rows: Sequence[PeriodResult],
    ratings: Mapping[str, Rating],
    lang: Lang,
) -> dict[str, Any]:
    """The values of a manager's workbook for a period: a row per person, with what was typed in it so far."""
    book = period_history.books.get((kinds.PERIOD_INPUT.name, code_key(owner))) or ReturnedWorkbook(
        kinds.PERIOD_INPUT.name, owner
    )
    post = organisation.post_on(owner, roster.week.thursday)
    method = rules.period.ratios
    mine = [ratings.get(code_key(row.code)) for row in rows]
    values: dict[str, Any] = {
        **letterhead(
            "ev_book_", "ev_book_parent", "ev_book_office", "ev_book_contact", "ev_book_place_date", settings, lang
        ),
        "ev_book_owner": owner,
        "ev_book_owner_name": organisation.name_of(owner),
        "ev_book_owner_title": post.title if post else "",
        "ev_period": str(period_history.period),
        "ev_period_shown": period_history.period.shown(lang),
        "ev_period_person": [row.code for row in rows],
        "ev_period_name": [row.name for row in rows],
        "ev_period_title": [row.title for row in rows],
        "ev_period_unit": [row.unit_name for row in rows],
        "ev_period_weeks": [row.evaluated for row in rows],
        "ev_period_mean": [_rounded(row.counted_total) for row in rows],
        **{
            f"ev_period_{name}": [_percent(getattr(rating.ratios, name)) if rating else None for rating in mine]
            for name in ("quantity", "quality", "timeliness")
        },
        "ev_period_leads": [YES if method and row.rank in method.leaders else None for row in rows],
        **{
            f"{PERIOD_SUGGESTED}{criterion.code}": [
                suggestion_for(criterion, row, rating, rules) for row, rating in zip(rows, mine, strict=True)
            ]
            for criterion in rules.criteria
            if criterion.suggested
        },
    }
    if rules.period_lines:
        values["ev_period_line_person"] = [row.code for row in rows]
        values["ev_period_line_name"] = [row.name for row in rows]
    for name in open_names(kinds.PERIOD_INPUT, TABLE, rules):
        values[name] = [_open_cell(period_history, book, row.code, name, rules) for row in rows]
    return values


def _open_cell(period_history: PeriodHistory, book: ReturnedWorkbook, code: str, name: str, rules: RuleBook) -> Any:
    """The value of an open cell of a row: as typed in any copy, else as booked (by the manager at that time)."""
    booked = period_history.entries.get(code_key(code))
    typed = book.typed((TABLE, code), name)
    stands = entry_cells(booked[-1]).get(name) if booked else None
    if typed is not None and not (booked and typed.seq < booked[-1].seq and booked[-1].by_code != book.owner):
        back = Typed.from_record(typed.value)
        if not back.blank:
            return put_back(back, kinds.PERIOD_INPUT, name, rules)
        stands = None
    if stands is None or stands == "":  # an empty cell is not a zero, and a zero is not an empty cell
        return NOT_ENTERED if name == "ev_period_decision" else None
    return stands


def _percent(ratio: Decimal | None) -> Decimal | None:
    return None if ratio is None else two_places(ratio * 100)


def _rounded(points: Decimal | None) -> Decimal | None:
    return None if points is None else two_places(points)
