"""Reads the workbooks with rows (scoring, approval, follow-up, period input): the typed cells of each row and their meaning.

A cell is typed if it differs from its issued content; all other cells only show evalxl's values. The latest received value of a cell wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from evalxl.domain.evaluation.scoring import Scores, shown, sum_of_lines
from evalxl.domain.findings import Finding
from evalxl.domain.names import subject_of_unit
from evalxl.domain.rulebook import Part, RuleBook, ScoreLine
from evalxl.domain.typed_rows import TypedRow
from evalxl.forms.binding import Layout
from evalxl.forms.comparison.changes import typed_cells
from evalxl.forms.comparison.issued import Issued, stamped
from evalxl.forms.fields import CHOICES, GIVEN_LINE, NO, YES, Field, Type, Who, fields_for, fields_under
from evalxl.forms.fields import field as field_of
from evalxl.forms.kind import Table, WorkbookKind, table_named
from evalxl.forms.register import MEANT
from evalxl.forms.values import (
    EMPTY,
    SEEN_AND_STORED,
    Problem,
    Typed,
    read_date,
    read_list,
    read_quantity,
    read_score,
    read_text,
    score_facts,
)
from evalxl.forms.workbook import Workbook, address

# Number formats that refuse a number, by the type of the field.
_REFUSED_AS = {Type.DATE: ("percent",)} | dict.fromkeys((Type.SCORE, Type.NUMBER, Type.WHOLE), ("date", "percent"))

# By list of words: the value that each word stands for in a row's field. In other lists it is the word itself.
MEANINGS: Mapping[str, Mapping[str, Any]] = {"no_yes": {NO: False, YES: True}, **MEANT}

Row = TypeVar("Row", bound=TypedRow)

# What is typed once for all rows of a workbook, as a row of its own table.
ALL = ("book", "")

_PlacesAt: TypeAlias = Mapping[str, Mapping[str, int]]  # by table and key of a row: its number


def row_keys(values: Mapping[str, Any], table: str) -> list[str]:
    """The key of each row of a table: a staff code (a unit's with its mark), such a code with a task key or week, or the row number."""
    known = table_named(table)
    if not known.key:
        return []
    first, *others = known.key
    keys = list(values.get(first, []))
    if keys and (collective := values.get(known.collective)):  # a table without lines has no rows
        keys = [subject_of_unit(code) if is_unit else code for code, is_unit in zip(keys, collective, strict=True)]
    for name in others:
        keys = [f"{key}/{more}" for key, more in zip(keys, values.get(name, []), strict=True)]
    return keys


def typed_rows(
    issued: Issued, book: Workbook, layout: Layout, basis: Mapping[str, int]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """All typed cells of a workbook with rows, as the ledger stores them.

    Args:
        issued: The issued workbook.
        book: The returned workbook.
        layout: The places of its fields.
        basis: For an approval workbook, the score event shown in each row.

    Returns:
        The typed cells, each with table, row, name, value, sheet and cell; and findings for cells typed in unused rows.
    """
    typed: list[dict[str, Any]] = []
    findings: list[Finding] = []
    nobody: set[tuple[str, int]] = set()
    keys = {table.name: row_keys(issued.values, table.name) for table in issued.kind.tables}
    for entry in issued.entries:
        if entry.who is not Who.PERSON or not entry.table:
            continue
        for row, place, value in typed_cells(issued, book, layout, entry.name):
            if not issued.kind.by_table[entry.table].key:
                key = str(row)
            elif row < len(keys[entry.table]):
                key = keys[entry.table][row]
            else:
                if (entry.table, row) not in nobody and not value.blank:
                    nobody.add((entry.table, row))
                    findings.append(Finding("row.nobody", sheet=place.sheet, cell=place.cell, found=value.raw[:200]))
                continue
            typed.append(
                {
                    "table": issued.kind.by_table[entry.table].part_of or entry.table,
                    "row": key,
                    "name": entry.name,
                    "value": value.as_record(),
                    "sheet": place.sheet,
                    "cell": place.cell,
                }
            )
    places_at = {table.name: {key: row for row, key in enumerate(keys[table.name])} for table in issued.kind.tables}
    typed = _taken_over(issued, book, layout, typed, places_at)
    if issued.kind.decides_all:
        typed += _decided_all(issued, book, layout, basis, typed, places_at)
    return typed, findings


def _typed_once(
    issued: Issued, book: Workbook, layout: Layout, name: str
) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
    """What was typed into a cell that speaks for all rows, as it is recorded; and its place where it says yes."""
    found = next(typed_cells(issued, book, layout, name), None) if name else None
    if found is None:
        return [], None
    _, place, value = found
    at = {"sheet": place.sheet, "cell": place.cell}
    record = {"table": ALL[0], "row": ALL[1], "name": name, "value": value.as_record(), **at}
    return [record], at if read_row_choice(value, issued.kind, name)[0] == YES else None


def _taken_over(
    issued: Issued, book: Workbook, layout: Layout, typed: list[dict[str, Any]], places_at: _PlacesAt
) -> list[dict[str, Any]]:
    """What was typed, with the person's scores in each score cell that was left empty, where one cell asks for that.

    A row that is sent back, one whose decision cannot be read, and one that has to be decided by itself are left as they are.
    """
    kind = issued.kind
    said, at = _typed_once(issued, book, layout, kind.takes_over)
    if at is None:
        return [*typed, *said]
    table = next(table for table in kind.tables if table.decision)
    now = {(entry["row"], entry["name"]): Typed.from_record(entry["value"]) for entry in typed}
    taken: dict[tuple[str, str], dict[str, Any]] = {}
    for person, row in places_at[table.name].items():
        word, unreadable = _decision_now(issued, table, person, row, now)
        if unreadable or word in CHOICES[field_of(kind, table.decision).choices][2:]:
            continue
        if stamped(issued.values, table.left_alone, row):
            continue
        for entry in issued.entries:
            if entry.table != table.name or entry.who is not Who.PERSON or not entry.part:
                continue
            given = as_typed(stamped(issued.values, f"{table.scores_decided_on}{entry.part}", row))
            if given.blank or not _stands(issued, entry.name, person, row, now).blank:
                continue
            taken[(person, entry.name)] = {
                "table": table.name, "row": person, "name": entry.name, "value": given.as_record(), **at,
            }  # fmt: skip
    return [*(entry for entry in typed if (entry["row"], entry["name"]) not in taken), *taken.values(), *said]


def _decided_all(
    issued: Issued,
    book: Workbook,
    layout: Layout,
    basis: Mapping[str, int],
    typed: list[dict[str, Any]],
    places_at: _PlacesAt,
) -> list[dict[str, Any]]:
    """The rows that one cell decides: of an approver's only the undecided rows that this copy showed with their scores, of a manager's those in
    which every score stands. What such a row still needs is asked for as if it had been decided by itself.
    """
    kind = issued.kind
    said, at = _typed_once(issued, book, layout, kind.decides_all)
    if at is None:
        return said
    table = next(table for table in kind.tables if table.decision)
    undecided, chosen, *_ = CHOICES[field_of(kind, table.decision).choices]
    now = {(entry["row"], entry["name"]): Typed.from_record(entry["value"]) for entry in typed}
    scores = [
        entry
        for entry in issued.entries
        if entry.part and entry.who is Who.PERSON and table.name in (entry.table, kind.by_table[entry.table].part_of)
    ]
    rows = said
    for person, row in places_at[table.name].items():
        word, unreadable = _decision_now(issued, table, person, row, now)
        if word not in ("", undecided) or unreadable:
            continue
        if kind.takes_over:
            if stamped(issued.values, table.left_alone, row) or not scores:
                continue
            places = [(entry.name, places_at[entry.table].get(person, -1)) for entry in scores]
            if any(_stands(issued, name, person, place, now).blank for name, place in places):
                continue
        elif person not in basis:
            continue
        value = Typed("text", chosen).as_record()
        rows.append({"table": table.name, "row": person, "name": table.decision, "value": value, **at})
    return rows


def _stands(issued: Issued, name: str, person: str, row: int, now: Mapping[tuple[str, str], Typed]) -> Typed:
    """What stands in a row's cell: as typed, else as issued."""
    typed = now.get((person, name))
    return typed if typed is not None else as_typed(stamped(issued.values, name, row) if row >= 0 else None)


def _decision_now(
    issued: Issued, table: Table, person: str, row: int, now: Mapping[tuple[str, str], Typed]
) -> tuple[str, Problem | None]:
    return read_list(_stands(issued, table.decision, person, row, now), field_of(issued.kind, table.decision).choices)


def read_row_choice(cell: Typed, kind: WorkbookKind, name: str) -> tuple[str, Problem | None]:
    """The word meant in a row's list. A manager's check of a task, and the importance of an assigned task, may be ticked; a decision may not."""
    entry = field_of(kind, name)
    return read_list(cell, entry.choices, "check" if entry.choices == "yes_no" else "")


def put_back(cell: Typed, kind: WorkbookKind, name: str, rules: RuleBook | None = None) -> Any:
    """A typed cell as it is put back into a refreshed workbook.

    A repaired score or word is put back in its repaired form, so that formulas beside it count it. A refused value stays as typed.
    A choice that showed another word than its value is put back as an empty cell, and a number that was shown as a date or a percentage is put back as
    that text. So whatever is typed next differs from what was issued.
    """
    entry = field_of(kind, name)
    if entry.type is Type.CHOICE and cell.format == "other":
        return None
    if cell.kind == "number" and cell.format in _REFUSED_AS.get(entry.type, ()):
        return Typed("text", cell.as_seen)
    if entry.part and cell.kind == "text" and rules is not None:
        value = read_score(cell, rules.bounds(entry.part, kind.of), rules)[0]
        return cell if value is None else value
    if entry.type is Type.CHOICE and entry.choices in CHOICES:
        word, problem = read_row_choice(cell, kind, name)
        return word if word and problem else cell
    return cell


@dataclass
class RowReader:
    """Reads one row of a manager's workbook: the typed value, else the booked value, else nothing.

    Attributes:
        cell: Gives the content of the row's cell of a name.
        place: Gives that cell's place: file, sheet and cell.
        once: The cells that speak for all rows, by place, where something was typed into them.
    """

    kind: WorkbookKind
    code: str
    rules: RuleBook
    cell: Callable[[str], Typed]
    place: Callable[[str], tuple[str, str, str]]
    findings: list[Finding] = field(default_factory=list)
    repaired: bool = False
    once: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def note(self, kind: str, name: str, **values: Any) -> None:
        file, sheet, cell = self.place(name)
        if kind in SEEN_AND_STORED:
            values["stored"] = self.cell(name).stored
        self.findings.append(
            Finding(kind, self.code, file, sheet, cell, self.cell(name).as_seen[:200] if name else "", values)
        )

    def _noted(self, problem: Problem | None, name: str, **values: Any) -> None:
        if problem:
            self.repaired = self.repaired or bool(problem.repaired)
            self.note(problem.kind, name, **values, **({"repaired": problem.repaired} if problem.repaired else {}))

    def scores(self, prefix: str) -> Scores:
        parts: dict[str, Decimal | None] = {}
        for part in self.rules.parts:
            name = f"{prefix}_{part.code}"
            parts[part.code] = self.score(name, part)
        return Scores.of(parts)

    def lines(self) -> dict[str, Decimal]:
        """The points in the lines of parts, by key, where the manager's workbook has any."""
        lines = (line for part in self.rules.parts for line in part.lines_of_manager)
        given = {line.key: self.score(f"{GIVEN_LINE}{line.key}", line) for line in lines}
        return {key: value for key, value in given.items() if value is not None}

    def scored(self, lines: Mapping[str, Decimal]) -> Scores:
        """A manager's scores; of a part whose lines the manager's workbook has, their sum."""
        return Scores.of(
            {
                part.code: sum_of_lines(of_part, lines)
                if (of_part := part.lines_of_manager)
                else self.score(f"ev_score_{part.code}", part)
                for part in self.rules.parts
            }
        )

    def score(self, name: str, part: Part | ScoreLine) -> Decimal | None:
        value, problem = read_score(self.cell(name), part, self.rules)
        self._noted(problem, name, **score_facts(part, self.rules))
        return value

    def choice(self, name: str) -> str:
        value, problem = read_row_choice(self.cell(name), self.kind, name)
        self._noted(problem, name)
        return value

    def text(self, name: str) -> str:
        value, problem = read_text(self.cell(name))
        self._noted(problem, name)
        return value

    def date(self, name: str) -> date | None:
        value, problem = read_date(self.cell(name))
        self._noted(problem, name)
        return value

    def quantity(self, name: str) -> Decimal | None:
        value, problem = read_quantity(self.cell(name))
        self._noted(problem, name)
        return value

    def number(self, name: str, maximum: Decimal, wrong: str) -> Decimal | None:
        """A number from zero to a maximum. A larger number gives the finding named by `wrong`."""
        value = self.quantity(name)
        if value is not None and value > maximum:
            self.note(wrong, name, maximum=shown(maximum))
            return None
        return value

    def whole(self, name: str) -> int | None:
        value, problem = read_quantity(self.cell(name), whole=True)
        self._noted(problem, name)
        return None if value is None else int(value)

    def row(self, row: type[Row], **given: Any) -> Row:
        """What the row says. Each field that is not given is read from its cell; one whose word is not in its list has its default."""
        said = {name: self._said(f"{row.prefix}{name}") for name in row.names() if name not in given}
        return row(**given, **{name: value for name, value in said.items() if value is not None})

    def _said(self, name: str) -> Any:
        """The value in a cell, as the type of its field has it."""
        entry = field_of(self.kind, name)
        if entry.type is Type.CHOICE:
            word = self.choice(name)
            return MEANINGS[entry.choices].get(word) if entry.choices in MEANINGS else word
        read = {Type.DATE: self.date, Type.WHOLE: self.whole, Type.NUMBER: self.quantity}.get(entry.type, self.text)
        return read(name)

    @property
    def refused(self) -> bool:
        """Whether a typed value of the row cannot be read."""
        return any(finding.level == "error" for finding in self.findings)


def booked_cells(row: TypedRow, kind: WorkbookKind) -> dict[str, Any]:
    """What a booked row says, by the names of its open cells."""
    said = ((kind.by_field.get(f"{row.prefix}{name}"), value) for name, value in row.said().items())
    return {entry.name: _shown_as(entry, value) for entry, value in said if entry is not None}


def _shown_as(entry: Field, value: Any) -> Any:
    words = MEANINGS.get(entry.choices)
    return value if words is None else next((word for word, meant in words.items() if meant == value), None)


def as_typed(value: Any) -> Typed:
    """A stamped or booked value in the form of a typed one."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, Typed):
        return value
    if isinstance(value, (int, Decimal)):
        return Typed("number", str(value))
    if isinstance(value, date):
        return Typed("date", value.isoformat())
    return Typed("text", str(value))


def place_in(layout: Layout, name: str, row: int) -> tuple[str, str]:
    """Sheet and cell of a field's row."""
    places = layout.get(name, ())
    return (places[row].sheet, address(places[row].at)) if row < len(places) else ("", "")


def open_names(kind: WorkbookKind, table: str, rules: RuleBook | None = None) -> tuple[str, ...]:
    """The names of a table's open columns; of a kind without parts under whatever rules."""
    fields = fields_for(kind) if rules is None else fields_under(kind, rules)
    tables = (table, *(part.name for part in kind.tables if part.part_of == table))
    return tuple(entry.name for entry in fields if entry.table in tables and entry.who is Who.PERSON)
