"""Adopting row workbooks that a lost ledger had issued, so that what was typed in them is booked. These are the workbooks of managers and approvers, the
office's register, and what leaders enter for a period.

A workbook shows what was known when it was drawn, so it always differs from what would be drawn now. It is adopted row by row. A row with the same person,
scores and texts as now keeps its decision. From any other row the scores and texts are taken, and the decision has to be made again,
because it is unknown what was decided on. Labels, formulas, owner and letterhead must be those of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key
from evalxl.domain.weeks import Period, Week
from evalxl.excel.returned.examine import Examined
from evalxl.excel.returned.reading import read_workbook
from evalxl.forms.binding import Layout, bind, column_of
from evalxl.forms.comparison.canonical import NOTHING, Canonical, canonical_cell, canonical_value
from evalxl.forms.fields import YES, Field, Who, fields_under
from evalxl.forms.fields import field as field_of
from evalxl.forms.kind import Table, WorkbookKind, kind_named
from evalxl.forms.rows import row_keys
from evalxl.forms.values import LinkTarget
from evalxl.forms.workbook import Workbook
from evalxl.steps.issue.adopt_forms import not_adopted, take_in
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.issue.unknown_workbooks import (
    Stranger,
    as_issued,
    examined,
    forms_to_come,
    gathered,
    is_certain,
    not_read,
    open_defaults,
    strangers_received,
    template_for,
)
from evalxl.steps.office.new_files import NewFile, add_received
from evalxl.steps.office.office import Batch
from evalxl.steps.refresh.week_to_draw import WorkbookToDraw


@dataclass(frozen=True, slots=True)
class _Try:
    """A workbook, its assumed issue, and the rows whose decision is not valid."""

    stranger: Stranger
    issued: Mapping[str, Any]
    unsure: frozenset[tuple[str, str]]  # by table and row key


@dataclass(slots=True)
class AdoptedBooks:
    """The paths of the adopted workbooks, and the findings for the others."""

    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def adopt_books(
    batch: Batch, outgoing: Outgoing, kind: WorkbookKind, dues: Callable[[], Iterable[WorkbookToDraw]]
) -> AdoptedBooks:
    """Adopt the unknown workbooks of one kind that came back for a week or period.

    Args:
        dues: Makes the workbooks as they should be now. Called only if there is something to adopt.
    """
    when = outgoing.week
    strangers = [
        stranger for stranger in strangers_received(batch.office, when) if stranger.stamp.get("kind") == kind.name
    ]
    done = AdoptedBooks()
    if not strangers:
        return done
    waiting = forms_to_come(batch.office, when) if isinstance(when, Week) else set()
    if kind.over_weeks and waiting:  # talks and difficulties are known only after the forms are adopted
        return done
    by_owner = {code_key(due.owner): due for due in dues() if due.kind is kind}
    tries: list[_Try] = []
    for stranger in strangers:
        due, template = by_owner.get(code_key(stranger.stamp.get("subject", ""))), template_for(outgoing, stranger)
        one = _tried(batch, outgoing, stranger, due, template) if due is not None and template else None
        if one is None:
            kind_of = "form.not_adopted_template" if due is not None else "form.not_adopted_person"
            done.findings.append(Finding(kind_of, code=stranger.stamp.get("subject", ""), file=stranger.name))
        elif (
            not {key for _, key in one.unsure} & waiting
        ):  # rows of people whose forms are not adopted yet would be unsure
            tries.append(one)
    tries.sort(key=lambda one: (one.stranger.name == one.issued["path"], one.stranger.mtime, one.stranger.name))
    for one, seen in zip(tries, examined(outgoing, [(one.stranger, one.issued) for one in tries]), strict=True):
        name = one.stranger.name
        if is_certain(seen):
            take_in(batch, outgoing, one.stranger, one.issued)
            _receive(batch, when, name, _without_unsure(seen, one))
            done.files.append(name)
        elif seen.by_our_fault:
            done.findings.append(not_read(one.stranger))
        else:
            done.findings.append(not_adopted(one.stranger, seen))
    return done


def _tried(batch: Batch, outgoing: Outgoing, stranger: Stranger, due: WorkbookToDraw, template: str) -> _Try | None:
    office = batch.office
    book = read_workbook(office.archive.get(stranger.sha256))
    fields = fields_under(due.kind, outgoing.rules)
    layout = bind(due.kind, book.names, fields)[0]
    values = values_in(book, layout, fields, due)
    if values is None:
        return None
    letter = outgoing.letter(due.kind, due.owner, office.relative(due.path), values, "", **due.more)
    return _Try(stranger, as_issued(outgoing, letter, stranger, template), _unsure(values, due))


def values_in(book: Workbook, layout: Layout, fields: Sequence[Field], due: WorkbookToDraw) -> dict[str, Any] | None:
    """The assumed issued values of a workbook: the owner's as now, the rows' as in the file. None if a locked cell holds a formula."""
    defaults = open_defaults(due.kind, fields)
    values: dict[str, Any] = {}
    rows: dict[str, int] = {}
    columns = {entry: _column(book, layout, entry) for entry in fields if _is_stamped(entry)}
    for entry, column in columns.items():
        if entry.table and entry.who is Who.EVALXL:
            filled = max((row for row, said in enumerate(column, start=1) if said != NOTHING), default=0)
            rows[entry.table] = max(rows.get(entry.table, 0), filled)
    for entry, column in columns.items():
        here = column[: rows.get(entry.table, 0)] if entry.table else column
        if entry.who is Who.PERSON:
            if default := defaults.get(entry.name):
                values[entry.name] = [default] * len(here) if entry.table else default
        elif any(kind == "=" for kind, _ in here):
            return None
        elif entry.table:
            values[entry.name] = [_value(said) for said in here]
        elif entry.name in due.values:
            values[entry.name] = due.values[entry.name]
        elif here:
            values[entry.name] = _value(here[0])
    if "ev_booked_note" in values:
        values["ev_booked_note"] = _value(columns[field_of(due.kind, "ev_booked_note")][0])
    _mark_collectives(values, due)
    _lead_where_they_would_now(values, fields, due)
    return values


def _lead_where_they_would_now(values: dict[str, Any], fields: Sequence[Field], due: WorkbookToDraw) -> None:
    """Fill in link targets. A cell holds only the text of a link; its target is taken from the same person's row as it would be issued now."""
    for entry in fields:
        now = due.values.get(entry.name)
        if entry.name not in values or not isinstance(now, list) or not any(isinstance(one, LinkTarget) for one in now):
            continue
        table = due.kind.by_table[entry.table]
        here = _places(values, table) if table.known_by else list(range(len(values[entry.name])))
        there = _places(due.values, table) if table.known_by else list(range(len(now)))
        led = dict(zip(there, now, strict=True))
        values[entry.name] = [
            link if isinstance(link := led.get(place), LinkTarget) and link.text == said else said
            for place, said in zip(here, values[entry.name], strict=True)
        ]


def _is_stamped(entry: Field) -> bool:
    return entry.who is not Who.LIVE and not entry.name.startswith("ev_stamp_")


def _column(book: Workbook, layout: Layout, entry: Field) -> list[Canonical]:
    return [canonical_cell(cell) for cell in column_of(book, layout.get(entry.name, ()))]


def _value(said: Canonical) -> Any:
    if said == NOTHING:
        return None
    return Decimal(said[1]) if said[0] == "n" else said[1]


def _places(values: Mapping[str, Any], table: Table) -> list[tuple[Canonical, ...]]:
    """The key of each row of a table."""
    columns = [values.get(name, ()) for name in table.known_by]
    return [
        tuple(NOTHING if one is None else canonical_value(one) for one in row) for row in zip(*columns, strict=True)
    ]


def _mark_collectives(values: dict[str, Any], due: WorkbookToDraw) -> None:
    """Mark the rows of units. Only the issue says which they are, so those of today are taken."""
    for table in due.kind.tables:
        name = table.collective
        if name in due.values and table.known_by:
            units = {place for place, said in zip(_places(due.values, table), due.values[name], strict=True) if said}
            said = [YES if place in units else None for place in _places(values, table)]
            if any(said):
                values[name] = said


def _unsure(values: Mapping[str, Any], due: WorkbookToDraw) -> frozenset[tuple[str, str]]:
    """The rows that would not be shown now, or whose decided fields differ from what would be shown now."""
    return frozenset(
        (table.name, key)
        for table in due.kind.tables
        if table.decision
        for key in _unsure_in(table, values, due.values)
    )


def _unsure_in(table: Table, values: Mapping[str, Any], due: Mapping[str, Any]) -> Iterator[str]:
    begin = table.scores_decided_on
    scores = (name for name in due if begin and name.startswith(begin))
    names = {*table.known_by, *table.decided_on, *scores}
    now = {code_key(key): row for row, key in enumerate(row_keys(due, table.name))}
    for row, key in enumerate(map(code_key, row_keys(values, table.name))):
        if key not in now:
            if table.must_be_there:
                yield key
        elif any(_said(values, name, row) != _said(due, name, now[key]) for name in names):
            yield key


def _said(values: Mapping[str, Any], name: str, row: int) -> Canonical:
    column = values.get(name, ())
    value = column[row] if row < len(column) else None
    return NOTHING if value is None else canonical_value(value)


def _without_unsure(seen: Examined, one: _Try) -> Examined:
    """The typed cells without the decisions of unsure rows. A finding reports each of these."""
    typed: list[dict[str, Any]] = []
    findings: list[Finding] = list(seen.findings)
    decisions = {table.decision for table in kind_named(seen.workbook).tables}
    for cell in seen.typed:
        if cell["name"] in decisions and (cell["table"], code_key(cell["row"])) in one.unsure:
            found, code = str(cell["value"][1]), cell["row"].partition("/")[0]
            findings.append(Finding("row.decide_again", code=code, sheet=cell["sheet"], cell=cell["cell"], found=found))
        else:
            typed.append(cell)
    return replace(seen, typed=tuple(typed), findings=tuple(findings))


def _receive(batch: Batch, when: Week | Period, name: str, seen: Examined) -> None:
    """Record a workbook that was refused before with its present verdict."""
    before = gathered(batch.office, when).present[name]
    new_file = NewFile(name, before.sha256, datetime.fromisoformat(before.mtime), seen)
    add_received(batch, when, new_file, "read", findings=seen.findings)
