"""What judging a week needs: who may decide, and what stands in each row of the managers' workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from evalxl.domain.evaluation.row_requirements import Need
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import LedgerEvent, event_from
from evalxl.domain.history.history import PersonWeek, WeekHistory
from evalxl.domain.names import code_key
from evalxl.domain.organisation.delegation import Right, delegates, may_approve, may_score, stand_in
from evalxl.domain.organisation.people import Member, Organisation, Roster
from evalxl.domain.rulebook import Part, RuleBook, ScoreLine
from evalxl.domain.versions.returned_workbooks import ReturnedWorkbook, RowKey, TypedCell
from evalxl.domain.versions.save_order import comes_after
from evalxl.domain.weeks import Week
from evalxl.forms.binding import Layout
from evalxl.forms.fields import GIVEN_LINE, NOT_APPROVED, NOT_SCORED
from evalxl.forms.kind import WorkbookKind, kind_named
from evalxl.forms.kinds import SCORING
from evalxl.forms.rows import ALL, RowReader, as_typed, booked_cells, place_in, read_row_choice, row_keys
from evalxl.forms.values import EMPTY, Typed, decode

Scope = Literal["score", "approve"]
SCOPES: tuple[Scope, ...] = ("score", "approve")


@dataclass(slots=True)
class BookingResult:
    """What booking some rows comes to: the decisions that are to be written, in order, and what the other rows still need."""

    decisions: list[LedgerEvent] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __iadd__(self, more: BookingResult) -> BookingResult:
        self.decisions += more.decisions
        self.findings += more.findings
        return self


JUST_SCORED = 0  # the number of the scores in an approval that is decided together with them: both are written one after the other


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """Everything that judging a week needs.

    Attributes:
        layouts: The layout of each row workbook's template, by its hash.
        then: Gives the same for an organisation that the week went by earlier, by its hash.
        given: By scope: the delegations that apply.
        spelled: By staff code without case: the code as the organisation writes it.
    """

    week: Week
    roster: Roster
    organisation: Organisation
    rules: RuleBook
    today: date
    layouts: Mapping[str, Layout]
    members: Mapping[str, Member]
    then: Callable[[str], DecisionContext] | None = None
    given: Mapping[Scope, Mapping[str, str]] = field(init=False)
    spelled: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        given = {scope: delegates(self.organisation, self.week, self.today, scope) for scope in SCOPES}
        object.__setattr__(self, "given", given)
        # Of one person's several posts the first one says it.
        codes = (post.code for post in reversed(self.organisation.posts))
        object.__setattr__(self, "spelled", {code_key(code): code for code in codes})

    def member(self, code: str) -> Member | None:
        return self.members.get(code_key(code))

    def right(self, member: Member, who: str, scope: Scope) -> Right | None:
        """Whether somebody may score or approve a member this week, and how."""
        given = self.given[scope]
        authority = member.scorer if scope == "score" else member.approver
        above = stand_in(self.organisation, member, authority, given, self.week.thursday)
        spelled = self.spelled.get(code_key(who), who)
        return (may_score if scope == "score" else may_approve)(member, spelled, given, above)


def right_then(
    context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook, row: RowKey, code: str, scope: Scope
) -> tuple[Right, Member] | None:
    """How a row was saved by whoever might decide it then, and whose row it was: what the former one saved counts.

    That holds also where the run that takes the row in learns of the new one. The organisation that is asked is the one that the week went by before
    that run. Whoever was in no post on the week's Thursday, as the office says now, has no say in the week.
    """
    owner = context.spelled.get(code_key(book.owner), "")
    if context.then is None or context.organisation.post_on(owner, context.week.thursday) is None:
        return None
    digest = _organisation_before(week_history, _typed_last(book, row).seq)
    if digest in ("", week_history.organisation):
        return None
    then = context.then(digest)
    member = then.member(code)
    right = then.right(member, book.owner, scope) if member is not None else None
    return (right, member) if right is not None and member is not None else None


# What a run records before it decides: the organisation, and then each file that came or went.
_OF_INTAKE = ("received", "gone")


def _organisation_before(week_history: WeekHistory, seq: int) -> str:
    """The organisation that the week went by before the run that took in the event `seq`; empty where there was none."""
    log = [event for event in week_history.log if event["seq"] <= seq]
    run = (log[-1]["at"], log[-1]["by"]) if log else ("", "")
    while log and log[-1]["kind"] in _OF_INTAKE and (log[-1]["at"], log[-1]["by"]) == run:
        log.pop()
    if log and log[-1]["kind"] == "organisation" and (log[-1]["at"], log[-1]["by"]) == run:
        log.pop()
    return next((event["sha256"] for event in reversed(log) if event["kind"] == "organisation"), "")


def typed_rows(book: ReturnedWorkbook, table: str) -> list[str]:
    """The keys of the rows of a table with something typed in them. Of the same key in two spellings only the one that was typed last."""
    last: dict[str, tuple[int, str]] = {}
    for (of, row), cells in book.rows.items():
        if of == table and cells:
            seq = max(cell.seq for cell in cells.values())
            last[code_key(row)] = max(last.get(code_key(row), (0, "")), (seq, row))
    return [row for _, row in last.values()]


def row_reader(
    book: ReturnedWorkbook,
    context: DecisionContext,
    kind: WorkbookKind,
    table: str,
    key: str,
    week_history: WeekHistory | None = None,
    code: str | None = None,
) -> RowReader:
    """A reader of one row: what was typed over all copies, else what is booked.

    A cell's place is where it was typed, else where the row stands in the workbook that lies in the folder.
    """
    person = week_history.person(code if code is not None else key) if week_history and table != "assignments" else None
    booked = booked_values(person, table) if person else {}
    issue = book.issue
    layout = context.layouts.get(issue.template, {}) if issue else {}
    row = -1
    if issue and table == "assignments":
        row = int(key)
    elif issue and key in (keys := row_keys(issue.values, table)):
        row = keys.index(key)

    prefilled = prefilled_names(context.rules) if table == "team" else {}

    def cell(name: str) -> Typed:
        typed = book.typed((table, key), name)
        if typed is None and name.endswith("_decision"):
            return shown_in_row(book, table, key, name)
        if typed is None and name in prefilled and not (shown := shown_in_row(book, table, key, name)).blank:
            return shown
        return Typed.from_record(typed.value) if typed else as_typed(booked.get(name))

    def place(name: str) -> tuple[str, str, str]:
        typed = book.typed((table, key), name)
        if typed:
            return typed.file, typed.sheet, typed.cell
        sheet, at = place_in(layout, name, row) if row >= 0 else ("", "")
        return issue.path if issue else "", sheet, at

    subject = code if code is not None else ("" if table == "assignments" else key)
    typed_once = ((name, book.typed(ALL, name)) for name in kind.at_once)
    once = {(typed.file, typed.sheet, typed.cell): name for name, typed in typed_once if typed is not None}
    return RowReader(kind, person.code if person else subject, context.rules, cell, place, once=once)


def said_once(book: ReturnedWorkbook, kind: WorkbookKind) -> Iterator[Finding]:
    """What was typed into a cell that speaks for all rows and is no word of its list decides nothing, and stays a finding until it is put right."""
    for name in kind.at_once:
        typed = book.typed(ALL, name)
        if typed is not None:
            value = Typed.from_record(typed.value)
            _, problem = read_row_choice(value, kind, name)
            if problem:
                values = {"repaired": problem.repaired} if problem.repaired else {}
                yield Finding(
                    problem.kind, book.owner, typed.file, typed.sheet, typed.cell, value.as_seen[:200], values
                )


def shown_in_row(book: ReturnedWorkbook, table: str, key: str, name: str) -> Typed:
    """What a cell of a row showed when somebody typed into the row, and that was left as it was: what an earlier authority had decided, or the
    points that the person gave in a line.
    """
    issue = book.shown_when_typed((table, key))
    keys = row_keys(issue.values, table) if issue else []
    if issue is None or key not in keys:
        return EMPTY
    column = decode(issue.values.get(name, []))
    return as_typed(column[keys.index(key)]) if column else EMPTY


def typed_since_decided(book: ReturnedWorkbook, table: str, code: str) -> dict[str, TypedCell]:
    """What stands typed in a row, by name, and did not yet when its last decision was carried out: what was decided then is no news."""
    spent = book.spent.get((table, code))
    return {
        name: cell
        for name, cell in book.rows.get((table, code), {}).items()
        if spent is None or (cell.seq > spent.seq and cell.form_id != spent.form_id)
    }


def decision_of(book: ReturnedWorkbook, table: str, code: str, reader: RowReader, name: str) -> TypedCell | None:
    """The row's decision with the copy that it was taken in: typed, or left as shown; None where there is none."""
    typed = book.typed((table, code), name)
    if typed is not None:
        return typed
    shown = reader.cell(name)
    if shown.blank:
        return None
    latest = max(book.rows[(table, code)].values(), key=lambda cell: cell.seq)
    return TypedCell(shown.as_record(), latest.form_id, latest.seq, *reader.place(name))


def decided_later(
    context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook, table: str, code: str
) -> bool:
    """Whether somebody else who may decide a row has typed a decision of it since: a delegate after the manager, or the manager again.

    Both workbooks go on saying what was typed in them; the last word counts, and the other is not booked over it at the next press.
    """
    member = context.member(code)
    kind = kind_named(book.workbook)
    scope = kind.step
    assert scope, kind
    name = "ev_score_decision" if scope == "score" else "ev_approve_decision"
    for other in week_history.books.values():
        if other is book or other.workbook != book.workbook or not other.rows.get((table, code)):
            continue
        if not _typed_after(other, book, table, code):
            continue
        if member is not None and context.right(member, other.owner, scope) is not None:
            reader = row_reader(other, context, kind, table, code, week_history)
            word = reader.choice(name) if decision_of(other, table, code, reader, name) else ""
            if word not in ("", NOT_SCORED, NOT_APPROVED):
                return True
    return False


def said_later(
    context: DecisionContext, week_history: WeekHistory, book: ReturnedWorkbook, row: RowKey, member: Member
) -> bool:
    """Whether somebody else who may score a member has typed in the same row since: the delegate after the manager, or the manager again."""
    others = (other for other in week_history.books.values() if other is not book and other.workbook == book.workbook)
    return any(
        other.rows.get(row)
        and _typed_after(other, book, *row)
        and context.right(member, other.owner, "score") is not None
        for other in others
    )


def _typed_last(book: ReturnedWorkbook, row: RowKey) -> TypedCell:
    """The cell of a row that came last."""
    return max(book.rows[row].values(), key=lambda cell: cell.seq)


def _typed_after(other: ReturnedWorkbook, book: ReturnedWorkbook, table: str, code: str) -> bool:
    """Whether a row was typed in one workbook after it was in another one: as both copies say; where they do not, as they came."""
    theirs, ours = (_typed_last(workbook, (table, code)) for workbook in (other, book))
    saved, two = theirs.saved, ours.saved
    if saved is None or two is None or saved.own is None or two.own is None:
        return theirs.seq > ours.seq
    return comes_after(saved, two) or (theirs.seq > ours.seq and not comes_after(two, saved))


def booked_values(person: PersonWeek, table: str) -> dict[str, Any]:
    """What is booked for a person, by the names of a row's open cells."""
    if table == "team" and person.score is not None:
        score = person.score
        return {
            **{f"ev_score_{part}": score.scores.part(part) for part in score.scores.codes},
            **{f"{GIVEN_LINE}{key}": value for key, value in score.lines.items()},
            **booked_cells(score, SCORING),
        }
    return {}


def score_names(rules: RuleBook) -> list[str]:
    """The open cells of a manager's row that scores are typed into: of the parts, and of the lines that stand for them."""
    return [
        name
        for part in rules.parts
        for name in ([f"{GIVEN_LINE}{line.key}" for line in part.lines_of_manager] or [f"ev_score_{part.code}"])
    ]


def prefilled_names(rules: RuleBook) -> dict[str, Part | ScoreLine]:
    """The open cells of a manager's row that hold what the person gave until the manager types: the lines, or the sum of those of the person alone."""
    prefilled: dict[str, Part | ScoreLine] = {}
    for part in rules.parts:
        if part.lines and not part.lines_of_manager:
            prefilled[f"ev_score_{part.code}"] = part
        prefilled |= {f"{GIVEN_LINE}{line.key}": line for line in part.lines_of_manager if line.of_person}
    return prefilled


def last_decided(week_history: WeekHistory, code: str, owner: str, *kinds: str) -> LedgerEvent | None:
    """The last decision that is booked for a person in an owner's name, whether it still counts or not."""
    sought = (code_key(code), code_key(owner))
    for event in reversed(week_history.log):
        if event["kind"] in kinds and (code_key(event["subject"]), code_key(event["by_code"])) == sought:
            return event_from(event)
    return None


def say_need(reader: RowReader, need: Need) -> None:
    reader.note(need.kind, need.field, **dict(need.values))


def source_of(reader: RowReader, prefix: str, decision: TypedCell) -> dict[str, Any]:
    """Where the numbers came from, for `explain`: the copy of the decision, the event by which it was received, and the cells.

    What was said in a cell for all rows has that cell, and its name as `through`.
    """
    cells = {}
    for part in (*reader.rules.codes, "decision"):
        file, sheet, cell = reader.place(f"{prefix}_{part}")
        through = reader.once.get((file, sheet, cell))
        cells[part] = {"file": file, "sheet": sheet, "cell": cell} | ({"through": through} if through else {})
    if prefix == "ev_score":
        for line in (line for part in reader.rules.parts for line in part.lines_of_manager):
            file, sheet, cell = reader.place(f"{GIVEN_LINE}{line.key}")
            cells[line.key] = {"file": file, "sheet": sheet, "cell": cell}
    return {"form_id": decision.form_id, "received": decision.seq, "cells": cells}
