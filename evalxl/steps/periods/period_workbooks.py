"""The workbooks in which leaders enter something for a period. Each roll-up issues and reads them like every other workbook.

First the typed values are read and booked, then the workbooks are drawn again with everything typed in them. For a closed period they are still read, so that
nothing is lost, and new entries are shown as later ones. Its workbooks stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalxl.domain.evaluation.period_inputs import PeriodEntry
from evalxl.domain.evaluation.scoring import two_places
from evalxl.domain.findings import Finding
from evalxl.domain.history.history import PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import delegates_on, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.periods.period_results import PeriodResult
from evalxl.domain.periods.ratings import Rating
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook
from evalxl.domain.weeks import Period
from evalxl.forms import kinds
from evalxl.forms.fields import NOT_ENTERED, YES
from evalxl.forms.rows import open_names, put_back
from evalxl.forms.values import Typed, encode
from evalxl.records import folders
from evalxl.records.settings import Settings
from evalxl.steps.booking.held_cells import judge_held
from evalxl.steps.booking.period_inputs import TABLE, entry_cells, judge_period_inputs
from evalxl.steps.intake.receive import take_in_inputs
from evalxl.steps.issue.form_values import letterhead
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.kinds.book_rows import write
from evalxl.steps.office.capacity import most_rooms, named
from evalxl.steps.office.layouts import layout_of
from evalxl.steps.office.office import Batch, Office
from evalxl.steps.refresh.adopt_row_workbooks import adopt_books
from evalxl.steps.refresh.refresh import Refreshed, refresh
from evalxl.steps.refresh.week_to_draw import WorkbookToDraw
from evalxl.words import Lang


@dataclass(slots=True)
class Gathering:
    """What a run read: files by verdict, their hashes, and their findings."""

    counts: dict[str, int]
    digests: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)


def gather(
    batch: Batch,
    period: Period,
    roster: Roster,
    organisation: Organisation,
    rules: RuleBook,
    only: Path | None = None,
    due: Callable[[], Iterable[WorkbookToDraw]] = tuple,
) -> Gathering:
    """Take in what leaders entered and book what can be booked.

    Args:
        only: As in `take_in_files`.
        due: The workbooks as they should be now. Workbooks of a lost ledger are compared with them.
    """
    office = batch.office
    intake = take_in_inputs(batch, period, only=only)
    adopted = adopt_books(batch, Outgoing(office, period, rules), kinds.PERIOD_INPUT, due) if only is None else None
    this = office.history.period(period)
    issues = [book.issue for book in this.books.values() if book.issue is not None]
    layouts = {issue.template: layout_of(office, issue.template, kinds.PERIOD_INPUT) for issue in issues}
    findings = [*intake.unread, *_of_files(this), *(adopted.findings if adopted is not None else ())]
    findings += judge_held(office, this)
    judgement = judge_period_inputs(this, roster, organisation, rules, layouts)
    write(batch, period, judgement.decisions)
    findings += judgement.findings
    return Gathering(intake.counts, intake.digests, findings)


def _of_files(this: PeriodHistory) -> Iterator[Finding]:
    """The findings of the files in the folder, with their paths."""
    for received in (*this.present.values(), *this.read.values()):
        for finding in received.findings:
            yield finding.at(file=finding.file or received.file, code=finding.code or received.subject)


def send_out(
    batch: Batch,
    period: Period,
    roster: Roster,
    organisation: Organisation,
    rules: RuleBook,
    results: Sequence[PeriodResult],
    ratings: Mapping[str, Rating],
    read: Mapping[str, str],
) -> Refreshed:
    """Redraw the workbooks whose content has changed: one for each manager with people to enter something for, and for each
    delegate in force on the period's last day, with the rows of the manager who delegated.

    Args:
        results: With the means of the weeks, whatever the period is rated by.
        read: By file: the hash of the bytes that this run has read.
    """
    this, left_out = batch.office.history.period(period), list[Finding]()
    dues = inputs_due(batch.office, period, roster, organisation, rules, results, ratings, left_out)
    done = refresh(batch, Outgoing(batch.office, period, rules), this, dues, read)
    done.busy = [*left_out, *done.busy]
    return done


def inputs_due(
    office: Office,
    period: Period,
    roster: Roster,
    organisation: Organisation,
    rules: RuleBook,
    results: Sequence[PeriodResult],
    ratings: Mapping[str, Rating],
    left_out: list[Finding],
) -> Iterator[WorkbookToDraw]:
    """The workbooks for a period as they should be now. People without a row are added to `left_out`."""
    this = office.history.period(period)
    rows = {code_key(row.code): row for row in results}
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
            left_out.append(Finding("period_input.no_room", code=owner, values=values))
        path = folders.workbook_path(kinds.PERIOD_INPUT, office.settings, office.folder, period, owner)
        people = [rows[code_key(member.code)] for member in team[:room]]
        values = input_values(settings, organisation, rules, this, roster, owner, people, ratings, office.lang)
        yield WorkbookToDraw(kinds.PERIOD_INPUT, owner, path, values, {})


def input_values(
    settings: Settings,
    organisation: Organisation,
    rules: RuleBook,
    this: PeriodHistory,
    roster: Roster,
    owner: str,
    rows: Sequence[PeriodResult],
    ratings: Mapping[str, Rating],
    lang: Lang,
) -> dict[str, Any]:
    """The values of a manager's workbook for a period: a row per person, with what was typed in it so far."""
    book = this.books.get((kinds.PERIOD_INPUT.name, code_key(owner))) or ReturnedWorkbook(
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
        "ev_period": str(this.period),
        "ev_period_shown": this.period.shown(lang),
        "ev_period_person": [row.code for row in rows],
        "ev_period_name": [row.name for row in rows],
        "ev_period_title": [row.title for row in rows],
        "ev_period_unit": [row.unit_name for row in rows],
        "ev_period_weeks": [row.evaluated for row in rows],
        "ev_period_mean": [_rounded(row.counted_total) for row in rows],
        **{
            f"ev_period_{name}": [_percent(getattr(one.ratios, name)) if one else None for one in mine]
            for name in ("quantity", "quality", "timeliness")
        },
        "ev_period_leads": [YES if method and method.criteria_for(row.rank) else None for row in rows],
    }
    for name in open_names(kinds.PERIOD_INPUT, TABLE):
        values[name] = [_open_cell(this, book, row.code, name) for row in rows]
    return values


def _open_cell(this: PeriodHistory, book: ReturnedWorkbook, code: str, name: str) -> Any:
    """The value of an open cell of a row: as typed in any copy, else as booked (by the manager at that time)."""
    booked = this.entries.get(code_key(code))
    typed = book.typed((TABLE, code), name)
    stands = entry_cells(booked[-1])[name] if booked else None
    if typed is not None and not (booked and typed.seq < booked[-1].seq and booked[-1].by != book.owner):
        back = Typed.from_record(typed.value)
        if not back.blank:
            return put_back(back, kinds.PERIOD_INPUT, name)
        stands = None
    if stands is None or stands == "":  # an empty cell is not a zero, and a zero is not an empty cell
        return NOT_ENTERED if name == "ev_period_decision" else None
    return stands


def filed_inputs(office: Office, this: PeriodHistory) -> Iterator[tuple[str, bytes]]:
    """The workbooks of a period for the archives, by name: the booked values of each row, without the notes, which are for the office alone."""
    for book in this.books.values():
        if book.issue is None:
            continue
        event = office.event_of(book.issue)
        values = {name: column for name, column in event["values"].items() if name != "ev_period_note"}
        counting = [this.entries.get(code_key(code)) for code in event["values"]["ev_period_person"]]
        booked = [entry_cells(entries[-1] if entries else PeriodEntry("")) for entries in counting]
        for name in open_names(kinds.PERIOD_INPUT, TABLE):
            if name != "ev_period_note":
                values[name] = encode([cells[name] for cells in booked])
        data = Outgoing(office, this.period, office.rules_by(event["rules"])).stamp({**event, "values": values})
        yield book.issue.path.rpartition("/")[2], data


def _percent(ratio: Decimal | None) -> Decimal | None:
    return None if ratio is None else two_places(ratio * 100)


def _rounded(points: Decimal | None) -> Decimal | None:
    return None if points is None else two_places(points)
