"""Reads the organisation workbook, and reports every error in it with sheet and cell.

Office staff keep the workbook by hand. So headers may be in any order and in either language, dates may be dates or text, and codes are compared
without case. An organisation with an error is not used at all: half an organisation would give people the
wrong approver.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from evalxl import words
from evalxl.domain.findings import Finding
from evalxl.domain.names import code_key, folded, same_words
from evalxl.domain.organisation.people import (
    FIRST_DAY,
    LAST_DAY,
    Absence,
    Authority,
    CatalogueTask,
    DayOff,
    Delegation,
    Organisation,
    Position,
    Post,
    Unit,
)
from evalxl.domain.rulebook import RuleBook
from evalxl.domain.weeks import parse_date
from evalxl.forms.organisation.columns import (
    SHEETS,
    OrganisationColumn,
    choices,
)
from evalxl.forms.organisation.headings import vocabulary, wrong_code
from evalxl.forms.organisation.sheets import places as places
from evalxl.forms.organisation.sheets import sheet_table
from evalxl.forms.organisation.snapshot import canonical as canonical
from evalxl.forms.organisation.snapshot import digest as digest
from evalxl.forms.organisation.snapshot import from_canonical as from_canonical
from evalxl.forms.tables import Headed, Table, TableCell

Row = tuple[TableCell, ...]
Placed = tuple[Row, Any]  # a row and its record


def read_organisation(sheets: Mapping[str, Table], rules: RuleBook) -> tuple[Organisation | None, list[Finding]]:
    """The organisation in the workbook's sheets, and every error in them.

    Args:
        sheets: The workbook's sheets as plain tables.
        rules: Knows the kinds of absence and the levels of complexity.

    Returns:
        The organisation (None if a finding is an error), and the findings, sheet by sheet.
    """
    findings: list[Finding] = []
    tables = {sheet: table for sheet in SHEETS if (table := sheet_table(sheets, sheet, findings))}
    reader = _Reader(tables, rules, findings)
    organisation = Organisation(
        units=reader.units(),
        posts=reader.posts(),
        positions=reader.positions(),
        tasks=reader.tasks(),
        absences=reader.absences(),
        delegations=reader.delegations(),
        days_off=reader.days_off(),
        authorities=reader.authorities(),
    )
    reader.look_for_heads(organisation)
    order = [table.name for table in tables.values()]
    findings.sort(key=lambda finding: order.index(finding.sheet) if finding.sheet in order else -1)
    return (None if any(finding.level == "error" for finding in findings) else organisation), findings


class _Reader:
    """The tables of one workbook, the codes that they define, and the findings so far."""

    def __init__(self, tables: Mapping[str, Headed], rules: RuleBook, found: list[Finding]) -> None:
        self.tables = tables
        self.rules = rules
        self.found = found
        self.words_of = vocabulary(rules)
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
        for code, (earlier_row, earlier), (row, unit) in _successions(rows, "code"):
            other = {"other": self._cell("units", earlier_row, "code")}
            dated = any((either.first, either.last) != (FIRST_DAY, LAST_DAY) for either in (unit, earlier))
            if unit.first <= earlier.last and dated:
                self._slip("units", row, "first", "organisation.unit_dates_overlap", values={"unit": code, **other})
            elif unit.first <= earlier.last:
                self._slip("units", row, "code", "organisation.code_twice", values=other)
        self._unit_circles(rows)
        return tuple(unit for _, unit in rows)

    def _unit_circles(self, rows: Sequence[Placed]) -> None:
        """Report circles of units that are above each other, each once, on its first day."""
        reported: set[str] = set()
        for day in sorted({unit.first for _, unit in rows}):
            above = {unit.code: unit.parent for _, unit in rows if unit.on(day)}
            for row, unit in rows:
                if unit.code in reported or not unit.on(day) or not (circle := _circle(unit.code, above)):
                    continue
                reported.update(circle)
                values = {"unit": unit.code, "circle": " → ".join((*circle, unit.code))}
                self._slip("units", row, "parent", "organisation.unit_cycle", values=values)

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
        self._former_codes(rows)
        return tuple(post for _, post in rows)

    def _former_codes(self, rows: Sequence[Placed]) -> None:
        """Report a former code that somebody uses on the same days, or that two people are said to have had."""
        by_code: dict[str, list[Placed]] = defaultdict(list)
        had: dict[str, Placed] = {}
        for row, post in rows:
            by_code[code_key(post.code)].append((row, post))
        for row, post in rows:
            for code in post.former_codes:
                in_use = (
                    holder_row
                    for holder_row, holder in by_code.get(code_key(code), ())
                    if holder.first <= post.last and post.first <= holder.last
                )
                if (holder_row := next(in_use, None)) is not None:
                    place = {"other": self._cell("people", holder_row, "code"), "former": code}
                    self._slip("people", row, "former", "organisation.former_code_in_use", post.code, place)
                other_row, owner = had.setdefault(code_key(code), (row, post))
                if code_key(owner.code) != code_key(post.code):
                    place = {"other": self._cell("people", other_row, "former"), "former": code}
                    self._slip("people", row, "former", "organisation.former_code_twice", post.code, place)

    def positions(self) -> tuple[Position, ...]:
        self._each_once("positions")
        return tuple(Position(**_code_or_name(values)) for _, values in self._values("positions"))

    def tasks(self) -> tuple[CatalogueTask, ...]:
        rows = [(row, CatalogueTask(**_code_or_name(values))) for row, values in self._values("tasks")]
        begun: dict[tuple[str, date], Row] = {}
        for row, task in rows:
            earlier = begun.setdefault((code_key(task.code), task.first), row)
            if earlier is not row and self.tables["tasks"].cell(row, "code").text:
                other = {"other": self._cell("tasks", earlier, "code")}
                self._slip("tasks", row, "code", "organisation.code_twice", values=other)
        return tuple(task for _, task in rows)

    def authorities(self) -> tuple[Authority, ...]:
        rows = [(row, Authority(**values)) for row, values in self._values("authorities")]
        begun: dict[tuple[str, str, date], Row] = {}
        for row, authority in rows:
            earlier = begun.setdefault((authority.code, folded(authority.rulebook), authority.first), row)
            if earlier is not row and authority.code:
                other = {"other": self._cell("authorities", earlier, "code")}
                self._slip("authorities", row, "code", "organisation.authority_twice", authority.code, other)
        return tuple(authority for _, authority in rows)

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
            delegation = Delegation(**{"basis": "", **values, "scope": values.get("scope") or "both"})
            if delegation.giver and delegation.giver == delegation.receiver:
                self._slip("delegations", row, "receiver", "organisation.delegated_to_self", delegation.giver)
            for earlier_row, earlier in rows:
                if delegation.rivals(earlier):
                    other = {"other": self._cell("delegations", earlier_row, "giver")}
                    self._slip("delegations", row, "receiver", "organisation.two_delegates", delegation.giver, other)
            rows.append((row, delegation))
        self._open_ends("delegations", "giver")
        return tuple(delegation for _, delegation in rows)

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
        """Report units with people and without a head. They are allowed, but somebody may have forgotten the head."""
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
        """Each row as values by existing column. A cell with an error counts as empty and is reported."""
        staff = {"people": "code", "absences": "code", "authorities": "code", "delegations": "giver"}.get(sheet, "")
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

    def _read(self, sheet: str, column: OrganisationColumn, cell: TableCell) -> tuple[Any, str, Mapping[str, str]]:
        """A cell's value, and kind and facts of the error in it; the kind is empty if there is none."""
        text, holds = cell.text, column.holds
        match holds:
            case "date":
                day = cell.day or parse_date(text)
                slip = "organisation.bad_date" if text and day is None else ""
                return day or {"first": FIRST_DAY, "last": LAST_DAY}.get(column.key), slip, {}
            case "number":
                good = re.fullmatch(r"\d{0,6}", text) is not None
                return int(text or 0) if good else 0, "" if good else "organisation.bad_number", {}
            case "decimal":
                good = re.fullmatch(r"\d{1,4}([.,]\d{1,4})?", text) is not None and float(text.replace(",", ".")) > 0
                value = text.replace(",", ".") if good else ""
                return value, "" if good or not text else "organisation.bad_coefficient", {}
            case "yes_no":
                answer = self.words_of[holds].get(folded(text), "")
                return answer == "yes", "" if answer or not text else "organisation.unknown_yes_no", {}
            case "codes":
                codes = [code.strip() for code in re.split(r"[;,\n]", text) if code.strip()]
                return ";".join(self.spelling["person"].get(code_key(code), code) for code in codes), "", {}
            case "code":
                own = {"people": "person", "units": "unit", "positions": "position"}.get(sheet, "")
                return self.spelling.get(own, {}).get(code_key(text), text), wrong_code(text), {}
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
        """The code that a cell refers to, in the spelling of its defining row."""
        known, by_name = self.spelling[holds], self.code_by_name[holds]
        if code := known.get(code_key(text), ""):
            return code, "", {}
        if not text or (not known and holds != "position"):
            # If the sheet that defines the codes is missing, that one error is enough.
            return "", "", {}
        if holds == "position" and (not known or folded(text) in by_name):
            # A position may be given by its name. Without a list of positions any text is a position.
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


def _code_or_name(values: dict[str, Any]) -> dict[str, Any]:
    """The values with a missing code or name taken from the other."""
    code, name = values.get("code", ""), values.get("name", "")
    return {**values, "code": code or name, "name": name or code}


def _circle(code: str, above: Mapping[str, str]) -> list[str]:
    """The units from one up to itself again; empty if there is no circle."""
    line = [code]
    while (code := above.get(code, "")) and code not in line:
        line.append(code)
    return line if code == line[0] else []


def _successions(rows: Sequence[Placed], code: str) -> Iterator[tuple[str, Placed, Placed]]:
    """For each code, its rows by first day, each paired with the earlier row that lasts longest."""
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
