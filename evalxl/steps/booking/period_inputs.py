"""Booking what leaders entered for a period: rows marked *Đã ghi* are booked, and an incomplete row gets a finding with the cell.

Only entries of the person's manager at the end of the period are booked, or of the delegate on the period's last day. What was typed before the last
booking of a row was decided then and is not checked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evalxl.domain.evaluation.period_inputs import PeriodEntry, needs
from evalxl.domain.evaluation.scoring import sum_of_lines
from evalxl.domain.history.events import EnteredEvent
from evalxl.domain.history.history import PeriodHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import delegates_on, may_score, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import Criterion, RuleBook
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook, TypedCell
from evalxl.forms import kinds
from evalxl.forms.binding import Layout
from evalxl.forms.fields import CRITERION, ENTERED, NOT_ENTERED, PERIOD_LINE
from evalxl.forms.rows import RowReader, as_typed, booked_cells, place_in, read_row_choice, row_keys
from evalxl.forms.values import EMPTY, UNREAD_WORDS, Typed, score_facts
from evalxl.steps.booking.decision_context import BookingResult, say_need
from evalxl.steps.booking.register_rows import source_of_row

TABLE = "period_people"
# A cell that cannot be read does not count as empty, although a form with such a cell would be booked.
_UNREAD = UNREAD_WORDS | {"number.unreadable", "cell.is_formula", "cell.is_error"}


def decide_period_inputs(
    period_history: PeriodHistory,
    roster: Roster,
    organisation: Organisation,
    rules: RuleBook,
    layouts: Mapping[str, Layout],
) -> BookingResult:
    """What the rows of all workbooks of a period say anew, and what they still need.

    Args:
        roster: The roster of the period's last week, with each person's manager and who is a leader.
        organisation: The organisation of the last week in the ledger, with the delegations.
        layouts: The layout of each template last issued, by its hash.
    """
    members = {code_key(member.code): member for member in roster.members}
    given = delegates_on(organisation, period_history.period.last, "score")
    booking_result, decided = BookingResult(), set[str]()
    for book, code, cells in _last_word_first(period_history):
        entries = period_history.entries.get(code_key(code), [])
        booked = entries[-1] if entries else None
        earlier = booked is not None and max(cell.seq for cell in cells.values()) < booked.seq
        if earlier or code_key(code) in decided:
            continue
        member = members.get(code_key(code))
        reader = _reader(book, code, cells, booked, rules, layouts)
        right = None
        if member is not None:
            above = stand_in(organisation, member, member.scorer, given, roster.week.thursday)
            right = may_score(member, _spelt(book.owner, member.scorer, *given.values(), above), given, above)
        if member is None or right is None:
            reader.note("period_input.not_the_scorer", "ev_period_decision", owner=book.owner)
        else:
            for_whom = member.scorer if right == "delegated" else ""
            entry = _news(reader, member, booked or PeriodEntry(), cells)
            if entry is not None:
                source, said = source_of_row(cells), entry.said()
                booking_result.decisions.append(
                    EnteredEvent(subject=member.code, by_code=book.owner, acts_for=for_whom, source=source, **said)
                )
                decided.add(code_key(member.code))
        booking_result.findings += reader.findings
    return booking_result


def _spelt(owner: str, *codes: str) -> str:
    """A code as the organisation spells it now. Workbooks issued earlier may have another case."""
    return next((code for code in codes if code_key(code) == code_key(owner)), owner)


def _last_word_first(period_history: PeriodHistory) -> list[tuple[ReturnedWorkbook, str, Mapping[str, TypedCell]]]:
    """The typed rows of all workbooks, the one that counts first. Manager and delegate may both write about a person: of the rows marked *Đã ghi* the last
    one counts, and earlier ones are not checked any more.
    """
    rows = [
        (book, code, cells)
        for book in period_history.books.values()
        for (table, code), cells in book.rows.items()
        if table == TABLE and cells
    ]

    def word(row: tuple[ReturnedWorkbook, str, Mapping[str, TypedCell]]) -> tuple[bool, int]:
        decision = row[2].get("ev_period_decision")
        typed = Typed.from_record(decision.value) if decision is not None else EMPTY
        done = read_row_choice(typed, kinds.PERIOD_INPUT, "ev_period_decision")[0] == ENTERED
        return done, max(cell.seq for cell in row[2].values())

    return sorted(rows, key=word, reverse=True)


def _news(reader: RowReader, member: Member, booked: PeriodEntry, cells: Mapping[str, TypedCell]) -> PeriodEntry | None:
    """What a row says anew; None if it says nothing new, or cannot be booked."""
    entry = _entry(reader, member)
    unread = {finding.cell for finding in reader.findings if finding.level in ("error", "warning")}
    for need in needs(entry, member.rank, reader.rules):
        if reader.place(need.field)[2] not in unread:
            say_need(reader, need)
    if not entry.done and not booked.done:
        said = any(Typed.from_record(cell.value).raw for name, cell in cells.items() if name != "ev_period_decision")
        if said and reader.place("ev_period_decision")[2] not in unread:
            reader.note("period_input.left_open", "ev_period_decision")
    elif not reader.refused and not {finding.kind for finding in reader.findings} & _UNREAD:
        if not entry.done:
            return replace(PeriodEntry.of(booked), done=False)
        if not entry.says_as(booked):
            return entry
    return None


def _entry(reader: RowReader, member: Member) -> PeriodEntry:
    """The entry in a row."""
    done = reader.choice("ev_period_decision") == ENTERED
    note, method = reader.text("ev_period_note"), reader.rules.period.ratios
    if method is None:
        return PeriodEntry(note=note, done=done)
    asked, criteria, lines = method.criteria_for(member.rank), dict[str, Decimal](), dict[str, Decimal]()
    for criterion in reader.rules.criteria:
        if criterion not in asked:
            for name in _cells_of(criterion):
                if not reader.cell(name).blank:
                    reader.note("period_input.no_leader", name)
            continue
        for line in criterion.lines:
            points = reader.score(f"{PERIOD_LINE}{line.key}", line)
            lines |= {line.key: points} if points is not None else {}
        value = sum_of_lines(criterion.lines, lines) if criterion.lines else _typed(reader, criterion)
        criteria |= {criterion.code: value} if value is not None else {}
    return PeriodEntry(criteria, note, done, lines)


def _cells_of(criterion: Criterion) -> list[str]:
    """The names of the cells in which a criterion is typed."""
    return [f"{PERIOD_LINE}{line.key}" for line in criterion.lines] or [f"{CRITERION}{criterion.code}"]


def _typed(reader: RowReader, criterion: Criterion) -> Decimal | None:
    """What is typed for a criterion: a number up to its maximum, one of its values where only some are allowed."""
    name = f"{CRITERION}{criterion.code}"
    value = reader.number(name, criterion.maximum, "period_input.out_of_bounds")
    if value is None or not criterion.allowed or value in criterion.allowed:
        return value
    reader.note("score.not_allowed", name, **score_facts(criterion, reader.rules))
    return None


def _reader(
    book: ReturnedWorkbook,
    code: str,
    cells: Mapping[str, TypedCell],
    booked: PeriodEntry | None,
    rules: RuleBook,
    layouts: Mapping[str, Layout],
) -> RowReader:
    """A reader of one row: the value typed in any copy, else the booked value."""
    before = entry_cells(booked) if booked else {}
    issue = book.issue
    keys = [code_key(key) for key in row_keys(issue.values, TABLE)] if issue else []
    layout = layouts.get(issue.template, {}) if issue else {}

    def cell(name: str) -> Typed:
        return Typed.from_record(cells[name].value) if name in cells else as_typed(before.get(name))

    def place(name: str) -> tuple[str, str, str]:
        if name in cells:
            return cells[name].file, cells[name].sheet, cells[name].cell
        if issue is not None and code_key(code) in keys:
            return issue.path, *place_in(layout, name, keys.index(code_key(code)))
        return "", "", ""

    return RowReader(kinds.PERIOD_INPUT, code, rules, cell, place)


def entry_cells(entry: PeriodEntry) -> dict[str, Any]:
    """The booked values of a person, by the names of the row's open cells."""
    return {
        **{f"{CRITERION}{code}": value for code, value in entry.criteria.items()},
        **{f"{PERIOD_LINE}{key}": value for key, value in entry.lines.items()},
        **booked_cells(entry, kinds.PERIOD_INPUT),
        "ev_period_decision": ENTERED if entry.done else NOT_ENTERED,
    }
