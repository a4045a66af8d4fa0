"""The organisation workbook: what its sheets say, and every slip in them with sheet and cell.

Office staff keep the workbook by hand, so headers stand in any order and in either language, dates are dates or text, and codes are compared
without case. What is read is either whole and without an error, or not used at all: half an organisation would give people the
wrong approver.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from evalxl import words
from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key, folded, same_words
from evalxl.domain.people import (
    FIRST_DAY,
    LAST_DAY,
    Absence,
    CatalogueTask,
    DayOff,
    Delegation,
    Organisation,
    Position,
    Post,
    Unit,
)
from evalxl.domain.rulebook import RANKS, RuleBook
from evalxl.domain.weeks import parse_date
from evalxl.forms.organisation_columns import (
    DAY_KINDS,
    REQUIRED_SHEETS,
    SCOPES,
    SHEETS,
    SHEETS_ALSO,
    Column,
    choices,
    column_name,
    sheet_name,
)
from evalxl.forms.organisation_snapshot import canonical as canonical
from evalxl.forms.organisation_snapshot import digest as digest
from evalxl.forms.organisation_snapshot import from_canonical as from_canonical
from evalxl.forms.tables import Cell, Headed, Table, headed, sheets_named
from evalxl.forms.workbook import address

# Folders of the share that are not a unit's, and names that Windows keeps for devices.
_RESERVED = {"office", "approval", "periods"}
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]|^[.~]|\.$')
_LONGEST_CODE = 64

Row = tuple[Cell, ...]
Placed = tuple[Row, Any]  # a row and what it says


def read_organisation(sheets: Mapping[str, Table], rules: RuleBook) -> tuple[Organisation | None, list[Finding]]:
    """The organisation that the workbook's sheets say, and every slip in them.

    Args:
        sheets: The workbook's sheets as plain tables.
        rules: Knows the kinds of absence and the levels of complexity.

    Returns:
        The organisation, None where a finding is an error; and the findings, sheet by sheet.
    """
    found: list[Finding] = []
    tables = {sheet: table for sheet in SHEETS if (table := _table(sheets, sheet, found))}
    reader = _Reader(tables, rules, found)
    organisation = Organisation(
        units=reader.units(),
        posts=reader.posts(),
        positions=reader.positions(),
        tasks=reader.tasks(),
        absences=reader.absences(),
        delegations=reader.delegations(),
        days_off=reader.days_off(),
    )
    reader.look_for_heads(organisation)
    order = [table.name for table in tables.values()]
    found.sort(key=lambda finding: order.index(finding.sheet) if finding.sheet in order else -1)
    return (None if any(finding.level == "error" for finding in found) else organisation), found


def places(sheets: Mapping[str, Table], sheet: str) -> Callable[[str, str], tuple[str, str]]:
    """Where each code of a sheet is defined.

    What is wrong with somebody's place in the organisation is found long after the workbook was read; this says where to put it right.

    Returns:
        A function from a code and a column to sheet and cell: the column's cell in the code's first row, the code's own cell where the
        sheet lacks the column, two empty texts where no row has the code.
    """
    table = _table(sheets, sheet, [])
    rows = {code_key(table.cell(row, "code").text): row for row in reversed(table.rows)} if table else {}

    def place(code: str, column: str) -> tuple[str, str]:
        row = rows.get(code_key(code))
        if table is None or row is None:
            return "", ""
        return table.name, (table.cell(row, column).address or table.cell(row, "code").address)

    return place


def _table(sheets: Mapping[str, Table], sheet: str, found: list[Finding]) -> Headed | None:
    """A sheet with its header row found; None where it is not there or of no use."""
    label = f"@organisation_sheet.{sheet}"
    names = (sheet_name(sheet, "vi"), sheet_name(sheet, "en"), *SHEETS_ALSO.get(sheet, ()))
    if not (named := sheets_named(sheets, names)):
        if sheet in REQUIRED_SHEETS:
            found.append(Finding("organisation.missing_sheet", sheet=sheet_name(sheet, "vi"), values={"name": label}))
        return None
    table = headed(
        named[0],
        {
            column.key: (column_name(sheet, column.key, "vi"), column_name(sheet, column.key, "en"), *column.also)
            for column in SHEETS[sheet]
        },
        [column.key for column in SHEETS[sheet] if column.required],
    )
    if sheet not in REQUIRED_SHEETS and not table.rows and len(named[0].rows) < 2:
        return None
    top = table.header[0].address if table.header else address((1, 1))
    if len(named) > 1:
        found.append(Finding("organisation.sheet_twice", sheet=named[1].name, values={"first": named[0].name}))
    for key in table.missing or (() if table.places else ("code",)):
        column = {"column": f"@organisation_column.{sheet}.{key}"}
        found.append(Finding("organisation.missing_column", sheet=table.name, cell=top, values=column))
    for cell in table.twice:
        found.append(Finding("organisation.column_twice", sheet=table.name, cell=cell.address, found=cell.text))
    if sheet in REQUIRED_SHEETS and not table.missing and not table.rows:
        found.append(Finding("organisation.no_rows", sheet=table.name, cell=top, values={"name": label}))
    return None if table.missing else table


class _Reader:
    """The tables of one workbook, the codes that they define, and the findings so far."""

    def __init__(self, tables: Mapping[str, Headed], rules: RuleBook, found: list[Finding]) -> None:
        self.tables = tables
        self.rules = rules
        self.found = found
        self.words_of = _vocabulary(rules)
        # By what a cell may refer to: how the defining row spells each code, and the codes by name, since people write a name
        # where a code belongs.
        self.spelling: dict[str, dict[str, str]] = {}
        self.code_by_name: dict[str, dict[str, str]] = {}
        for holds, sheet in (("unit", "units"), ("person", "people"), ("position", "positions")):
            defined = [(table.cell(row, "code").text, table.cell(row, "name").text) for table, row in self._rows(sheet)]
            coded = [(code or name, name) for code, name in defined if code or (name and holds == "position")]
            self.spelling[holds] = {code_key(code): code for code, _ in reversed(coded)}
            self.code_by_name[holds] = {folded(name): code for code, name in coded}

    # Sheets

    def units(self) -> tuple[Unit, ...]:
        rows: list[Placed] = [(row, Unit(**values)) for row, values in self._values("units")]
        self._each_once("units")
        above = {unit.code: unit.parent for _, unit in rows}
        told: set[str] = set()
        for row, unit in rows:
            circle = _circle(unit.code, above)
            if circle and unit.code not in told:
                told.update(circle)
                shown = " → ".join((*circle, unit.code))
                self._slip(
                    "units", row, "parent", "organisation.unit_cycle", values={"unit": unit.code, "circle": shown}
                )
        return tuple(unit for _, unit in rows)

    def posts(self) -> tuple[Post, ...]:
        rows: list[Placed] = [(row, Post(**values)) for row, values in self._values("people")]
        for code, (earlier_row, earlier), (row, post) in _successions(rows, "code"):
            values = {"other": self._cell("people", earlier_row, "code"), "name": post.name, "other_name": earlier.name}
            together = post.first <= earlier.last
            if same_words(earlier.name, post.name):
                if together:
                    self._slip("people", row, "first", "organisation.overlapping_dates", code, values)
            elif together:
                self._slip("people", row, "code", "organisation.two_people", code, values)
            else:
                self._slip("people", row, "name", "organisation.name_changed", code, values)
        return tuple(post for _, post in rows)

    def positions(self) -> tuple[Position, ...]:
        self._each_once("positions")
        return tuple(Position(**_code_or_name(values)) for _, values in self._values("positions"))

    def tasks(self) -> tuple[CatalogueTask, ...]:
        self._each_once("tasks")
        return tuple(CatalogueTask(**_code_or_name(values)) for _, values in self._values("tasks"))

    def absences(self) -> tuple[Absence, ...]:
        rows: list[Placed] = [(row, Absence(**values)) for row, values in self._values("absences")]
        for code, (earlier_row, earlier), (row, absence) in _successions(rows, "code"):
            if absence.first <= earlier.last and absence.kind != earlier.kind:
                other = {"other": self._cell("absences", earlier_row, "code")}
                self._slip("absences", row, "first", "organisation.absences_overlap", code, other)
        self._open_ends("absences", "code")
        return tuple(absence for _, absence in rows)

    def delegations(self) -> tuple[Delegation, ...]:
        rows: list[Placed] = []
        for row, values in self._values("delegations"):
            one = Delegation(**{"basis": "", **values, "scope": values.get("scope") or "both"})
            if one.giver and one.giver == one.receiver:
                self._slip("delegations", row, "receiver", "organisation.delegated_to_self", one.giver)
            for earlier_row, earlier in rows:
                if one.rivals(earlier):
                    other = {"other": self._cell("delegations", earlier_row, "giver")}
                    self._slip("delegations", row, "receiver", "organisation.two_delegates", one.giver, other)
            rows.append((row, one))
        self._open_ends("delegations", "giver")
        return tuple(one for _, one in rows)

    def days_off(self) -> tuple[DayOff, ...]:
        days: dict[date, Placed] = {}
        for row, values in self._values("days_off"):
            if values["day"] is None:
                continue
            entry = DayOff(**values)
            first_row, first = days.setdefault(entry.day, (row, entry))
            if entry.kind != first.kind and "worked" in (entry.kind, first.kind):
                other = {"other": self._cell("days_off", first_row, "day")}
                self._slip("days_off", row, "kind", "organisation.day_twice", values=other)
        return tuple(entry for _, entry in days.values())

    def look_for_heads(self, organisation: Organisation) -> None:
        """A unit with people and without a head is allowed, but somebody may have forgotten to enter one."""
        staffed = {post.unit for post in organisation.posts}
        for (table, row), unit in zip(self._rows("units"), organisation.units, strict=True):
            if not unit.head and unit.code in staffed:
                key = "head" if "head" in table.places else "code"
                self._slip("units", row, key, "organisation.unit_without_head", values={"unit": unit.code})

    # Rows

    def _rows(self, sheet: str) -> Iterator[tuple[Headed, Row]]:
        if table := self.tables.get(sheet):
            yield from ((table, row) for row in table.rows)

    def _values(self, sheet: str) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Each row as values by column, of the columns that the sheet has; a cell with a slip counts as empty and is reported."""
        staff = {"people": "code", "absences": "code", "delegations": "giver"}.get(sheet, "")
        for table, row in self._rows(sheet):
            owner = table.cell(row, staff).text
            values: dict[str, Any] = {}
            for column in SHEETS[sheet]:
                if column.key not in table.places and column.holds != "date":
                    continue
                text = table.cell(row, column.key).text
                if not text and column.filled:
                    name = {"column": f"@organisation_column.{sheet}.{column.key}"}
                    self._slip(sheet, row, column.key, "organisation.empty_cell", owner, name)
                value, slip, facts = self._read(sheet, column, table.cell(row, column.key))
                if slip:
                    self._slip(sheet, row, column.key, slip, owner, facts)
                values[column.key] = value
            if values.get("first", FIRST_DAY) > values.get("last", LAST_DAY):
                first = {"first": table.cell(row, "first").text}
                self._slip(sheet, row, "last", "organisation.from_after_to", owner, first)
            yield row, values

    def _read(self, sheet: str, column: Column, cell: Cell) -> tuple[Any, str, Mapping[str, str]]:
        """A cell's value, and the kind and facts of the slip in it; the kind is empty where there is none."""
        text, holds = cell.text, column.holds
        match holds:
            case "date":
                day = cell.day or parse_date(text)
                slip = "organisation.bad_date" if text and day is None else ""
                return day or {"first": FIRST_DAY, "last": LAST_DAY}.get(column.key), slip, {}
            case "number":
                good = re.fullmatch(r"\d{0,6}", text) is not None
                return int(text or 0) if good else 0, "" if good else "organisation.bad_number", {}
            case "code":
                own = {"people": "person", "units": "unit", "positions": "position"}.get(sheet, "")
                return self.spelling.get(own, {}).get(code_key(text), text), _wrong_code(text), {}
            case "unit" | "person" | "position":
                return self._reference(holds, text)
            case "text":
                return text, "", {}
            case _:
                code = self.words_of[holds].get(folded(text), "")
                if code or not text:
                    return code, "", {}
                known = {f"known_{lang}": " · ".join(choices(holds, self.rules, lang)) for lang in ("vi", "en")}
                return "", f"organisation.unknown_{holds}", known

    def _reference(self, holds: str, text: str) -> tuple[str, str, Mapping[str, str]]:
        """The code that a cell refers to, as the row that defines it spells it."""
        known, by_name = self.spelling[holds], self.code_by_name[holds]
        if code := known.get(code_key(text), ""):
            return code, "", {}
        if not text or (not known and holds != "position"):
            # Where the sheet that defines the codes is missing, this one slip is enough.
            return "", "", {}
        if holds == "position" and (not known or folded(text) in by_name):
            # A position may be called by its name; without a list of positions any words are one.
            return by_name.get(folded(text), text), "", {}
        close = difflib.get_close_matches(code_key(text), known, n=1, cutoff=0.75)
        near = by_name.get(folded(text)) or (known[close[0]] if close else "")
        hint = {
            f"hint_{lang}": words.say("organisation_hint.meant", lang, near=near) if near else ""
            for lang in ("vi", "en")
        }
        return (text if holds == "position" else ""), f"organisation.unknown_{holds}", hint

    def _each_once(self, sheet: str) -> None:
        first: dict[str, str] = {}
        for table, row in self._rows(sheet):
            cell = table.cell(row, "code")
            other = first.setdefault(code_key(cell.text), cell.address)
            if cell.text and other != cell.address:
                self._slip(sheet, row, "code", "organisation.code_twice", values={"other": other})

    def _open_ends(self, sheet: str, staff: str) -> None:
        for table, row in self._rows(sheet):
            if not table.cell(row, "last").text:
                key = "last" if "last" in table.places else staff
                self._slip(sheet, row, key, "organisation.open_end", table.cell(row, staff).text)

    def _cell(self, sheet: str, row: Row, key: str) -> str:
        return self.tables[sheet].cell(row, key).address

    def _slip(
        self, sheet: str, row: Row, key: str, kind: str, code: str = "", values: Mapping[str, Any] | None = None
    ) -> None:
        table = self.tables[sheet]
        cell = table.cell(row, key)
        self.found.append(Finding(kind, code, "", table.name, cell.address, cell.text, values or {}))


def _vocabulary(rules: RuleBook) -> dict[str, dict[str, str]]:
    """For each list, the code that a word stands for: the code itself and its names in both languages."""

    def said(prefix: str, codes: Sequence[str]) -> dict[str, str]:
        pairs = (
            (name, code)
            for code in codes
            for name in (code, *(words.say(f"{prefix}.{code}", lang) for lang in ("vi", "en")))
        )
        return {folded(name): code for name, code in pairs}

    lists = {
        "rank": said("rank", RANKS),
        "scope": said("delegation_scope", SCOPES),
        "day_kind": said("day_kind", DAY_KINDS),
        "absence": {folded(name): kind.code for kind in rules.absence for name in (kind.code, kind.vi, kind.en)},
        "complexity": {folded(name): one.code for one in rules.complexity for name in (one.code, one.vi, one.en)},
    }
    # Public employees (viên chức) are evaluated like officials.
    lists["rank"][folded("Viên chức")] = "official"
    lists["day_kind"] |= {folded(name): "holiday" for name in ("Nghỉ lễ", "Nghỉ Tết", "Lễ, Tết", "Tết")}
    return lists


def _wrong_code(code: str) -> str:
    """The kind of slip that a code is as a name of folders and files; empty for a good one."""
    if code_key(code) in _RESERVED:
        return "organisation.reserved_code"
    if _FORBIDDEN.search(code) or _DEVICES.fullmatch(code):
        return "organisation.forbidden_code"
    return "organisation.long_code" if len(code.encode()) > _LONGEST_CODE else ""


def _code_or_name(values: dict[str, Any]) -> dict[str, Any]:
    """Code and name stand for each other where a list of the office gives only one of them."""
    code, name = values.get("code", ""), values.get("name", "")
    return {**values, "code": code or name, "name": name or code}


def _circle(code: str, above: Mapping[str, str]) -> list[str]:
    """The units from one up to itself again; empty where its line ends above, as it should."""
    line = [code]
    while (code := above.get(code, "")) and code not in line:
        line.append(code)
    return line if code == line[0] else []


def _successions(rows: Sequence[Placed], code: str) -> Iterator[tuple[str, Placed, Placed]]:
    """For each code, its rows by first day, each after the one before it that lasts longest."""
    by_code: dict[str, list[Placed]] = defaultdict(list)
    for placed in rows:
        by_code[getattr(placed[1], code)].append(placed)
    for who, several in by_code.items():
        if not who:
            continue
        several.sort(key=lambda placed: placed[1].first)
        longest = several[0]
        for placed in several[1:]:
            yield who, longest, placed
            if placed[1].last >= longest[1].last:
                longest = placed
