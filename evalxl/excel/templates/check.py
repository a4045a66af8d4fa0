"""What an office's own template lacks.

An office may move, restyle and reword anything. What its template must keep: every name, each over cells of the right number; locks that let
people type where they should and nowhere else; and validations that say what the rule book says.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evalxl.domain.evaluation.scoring import shown
from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import RuleBook, ScoreLine
from evalxl.excel.templates.inputs import one_of
from evalxl.excel.templates.package import PROPERTIES
from evalxl.forms.fields import (
    CHOICES,
    STYLE_GIVEN,
    STYLE_GIVEN_DATE,
    Field,
    Who,
    fields_for,
    fields_under,
)
from evalxl.forms.kind import WorkbookKind, known_kinds

_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:()\[\],]+))!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")
_NAME = re.compile(r"[A-Za-z_À-ỹ][\wÀ-ỹ.]*")


def check(data: bytes, kind: WorkbookKind | None, rules: RuleBook) -> list[Finding]:
    """What a template lacks; empty for one that can be used.

    Args:
        data: The template's bytes.
        kind: What it is meant to be; None to recognise it by its names.
        rules: The rule book that its validations are held against.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it would lose on saving; nothing is saved here
            book = load_workbook(io.BytesIO(data))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, SyntaxError):
        return [Finding("template.unreadable")]
    kind = kind or kind_by_names(book.defined_names)
    if kind is None:
        return [Finding("template.unknown_kind")]
    fields = fields_under(kind, rules)
    findings: list[Finding] = []
    places: dict[str, _Place] = {}
    room: dict[str, int] = {}
    for entry in fields:
        grows = bool(entry.table) and kind.by_table[entry.table].grows
        rows = room.get(entry.table) if grows else kind.rows_of(entry)
        place, finding = _place(book, entry.name, rows, not entry.optional)
        if place:
            places[entry.name] = place
            room.setdefault(entry.table, place.area.size["rows"])
        findings += finding
    if kind.is_form:
        for name in (STYLE_GIVEN, STYLE_GIVEN_DATE):
            place, finding = _place(book, name, 1, name != STYLE_GIVEN_DATE)
            findings += finding
            if place and (unlocked := [cell for cell in place.cells() if not cell.protection.locked]):
                findings.append(_at("template.unlocked", place, unlocked, name=name))
    findings += _foreign(book, kind, rules)
    findings += _apart(fields, places)
    for entry in fields:
        if entry.name in places:
            findings += _cells(entry, places[entry.name])
            findings += _rule(book, entry, places, rules)
    findings += _sheets(book, places)
    properties: Any = book
    said = set(properties.custom_doc_props.names)
    findings += [
        Finding("template.no_properties", values={"name": name})
        for name in PROPERTIES
        if name not in said | {"evalxl.office"}
    ]
    return findings


def kind_by_names(names: Iterable[str]) -> WorkbookKind | None:
    """The kind that the names speak of: the one that lacks least of its own and has least of the others'."""
    here = set(names)
    candidates = [kind for kind in known_kinds() if here & _own(kind)]
    return min(candidates, key=lambda kind: len(_own(kind) - here) + len(_strange(kind) & here), default=None)


def _own(kind: WorkbookKind) -> set[str]:
    return {entry.name for entry in _plain(kind) if not entry.optional and not entry.name.startswith("ev_stamp_")}


def _strange(kind: WorkbookKind, rules: RuleBook | None = None) -> set[str]:
    """Names of other kinds that this one does not have; those of scores only where the rules are known."""

    def names(of: WorkbookKind) -> set[str]:
        return {entry.name for entry in (_plain(of) if rules is None else fields_under(of, rules))}

    return {name for other in known_kinds() for name in names(other)} - names(kind)


def _plain(kind: WorkbookKind) -> tuple[Field, ...]:
    """The fields that a kind has under whatever rules."""
    return fields_for(kind)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name points to."""

    sheet: Worksheet
    area: CellRange

    def cells(self) -> Iterator[Cell | MergedCell]:
        for row in range(self.area.min_row, self.area.max_row + 1):
            yield self.sheet.cell(row, self.area.min_col)

    @property
    def address(self) -> str:
        return str(self.area.coord)


def _at(kind: str, place: _Place, cells: Sequence[Cell | MergedCell], **values: object) -> Finding:
    """A finding about some of a name's cells, at the first of them, or at the whole column where it is all of them."""
    cell = place.address if len(cells) == place.area.size["rows"] else cells[0].coordinate
    return Finding(kind, sheet=place.sheet.title, cell=cell, values=values)


def _place(book: Workbook, name: str, rows: int | None, needed: bool) -> tuple[_Place | None, list[Finding]]:
    if name not in book.defined_names:
        return None, [Finding("template.missing_name", values={"name": name})] if needed else []
    text = str(book.defined_names[name].attr_text or "")
    match = _PLACE.fullmatch(text)
    sheet = (match[1] or match[2]).replace("''", "'") if match else ""
    if not match or sheet not in book.sheetnames:
        return None, [Finding("template.broken_name", found=text, values={"name": name})]
    place = _Place(book[sheet], CellRange(match[3].replace("$", "")))
    if place.area.size != {"columns": 1, "rows": rows or place.area.size["rows"]}:
        shape = Finding(
            "template.wrong_shape", sheet=sheet, cell=place.address, values={"name": name, "rows": rows or 1}
        )
        return None, [shape]
    return place, []


def _foreign(book: Workbook, kind: WorkbookKind, rules: RuleBook) -> list[Finding]:
    findings = []
    for name in sorted(_strange(kind, rules) & set(book.defined_names)):
        match = _PLACE.fullmatch(str(book.defined_names[name].attr_text or ""))
        sheet, cell = ((match[1] or match[2]), match[3].replace("$", "")) if match else ("", "")
        findings.append(Finding("template.foreign_name", sheet=sheet, cell=cell, values={"name": name}))
    return findings


def _apart(fields: Sequence[Field], places: dict[str, _Place]) -> list[Finding]:
    """The columns of one table lie side by side: a row of the sheet is a row of the table."""
    first: dict[str, tuple[str, _Place]] = {}
    findings = []
    for entry in fields:
        place = places.get(entry.name)
        if not entry.table or place is None:
            continue
        other, there = first.setdefault(entry.table, (entry.name, place))
        if (there.sheet, there.area.min_row) != (place.sheet, place.area.min_row):
            findings.append(
                Finding(
                    "template.rows_apart",
                    sheet=place.sheet.title,
                    cell=place.address,
                    values={"name": entry.name, "other": other},
                )
            )
    return findings


def _cells(entry: Field, place: _Place) -> list[Finding]:
    """Locks, merged cells and formulas of one field."""
    findings = []
    typed = entry.who is Who.PERSON
    if wrong := [cell for cell in place.cells() if cell.protection.locked is typed]:
        findings.append(_at("template.locked_input" if typed else "template.unlocked", place, wrong, name=entry.name))
    if entry.table:
        merged = [cell for cell in place.cells() if any(cell.coordinate in area for area in place.sheet.merged_cells)]
        if merged:
            findings.append(_at("template.merged_in_table", place, merged, name=entry.name))
    if entry.who is Who.LIVE and (bare := [cell for cell in place.cells() if cell.data_type != "f"]):
        findings.append(_at("template.no_formula", place, bare, name=entry.name))
    return findings


def _sheets(book: Workbook, places: dict[str, _Place]) -> list[Finding]:
    """Sheets that are not protected, each at its first named cell."""
    findings = []
    for sheet in book.worksheets:
        if not sheet.protection.sheet:
            named = [place for place in places.values() if place.sheet is sheet]
            first = min(named, key=lambda place: (place.area.min_row, place.area.min_col), default=None)
            cell = first.address if first else "A1"
            findings.append(Finding("template.unprotected_sheet", sheet=sheet.title, cell=cell))
    return findings


# --- validations against the rule book ------------------------------------------------------------------------------


def _rule(book: Workbook, entry: Field, places: dict[str, _Place], rules: RuleBook) -> list[Finding]:
    """Whether each cell of a score or a strict choice has the validation that the rule book asks for."""
    if entry.who is not Who.PERSON or not (entry.part or (entry.choices and entry.strict)):
        return []
    place = places[entry.name]
    wanted = _wanted(entry, rules)
    missing, wrong, soft = [], [], []
    found = ""
    for cell in place.cells():
        rule = next(
            (rule for rule in place.sheet.data_validations.dataValidation if cell.coordinate in rule.sqref), None
        )
        if rule is None or rule.type is None:
            missing.append(cell)
        elif not _matches(book, rule, entry, places, rules):
            wrong.append(cell)
            found = _said(rule)
        elif not rule.showErrorMessage or rule.errorStyle not in (None, "stop"):
            soft.append(cell)
    findings = []
    for kind, cells in (
        ("template.no_validation", missing),
        ("template.wrong_validation", wrong),
        ("template.soft_validation", soft),
    ):
        if cells:
            findings.append(_at(kind, place, cells, name=entry.name, wanted=wanted).at(found=found))
    return findings


def _wanted(entry: Field, rules: RuleBook) -> str:
    if entry.part:
        return f"0 – {shown(rules.bounds(entry.part).maximum)}"
    return ", ".join(_words(entry, rules)) or "ev_row_person"


def _words(entry: Field, rules: RuleBook) -> tuple[str, ...]:
    """The fixed words of a choice; none for a list that is issued with the workbook."""
    if entry.choices == "complexity":
        return tuple(level.vi for level in rules.complexity)
    return CHOICES.get(entry.choices, ())


def _said(rule: DataValidation) -> str:
    return " ".join(str(part) for part in (rule.type, rule.operator, rule.formula1, rule.formula2) if part)


def _matches(book: Workbook, rule: DataValidation, entry: Field, places: dict[str, _Place], rules: RuleBook) -> bool:
    if entry.part:
        bounds = rules.bounds(entry.part)
        if rule.type == "custom" and isinstance(bounds, ScoreLine) and bounds.allowed:
            first = str(rule.sqref).partition(":")[0].partition(" ")[0]
            return (rule.formula1 or "").removeprefix("=").replace("$", "") == one_of(first, bounds)
        return (
            rule.type == "decimal"
            and rule.operator in (None, "between")
            and _number(rule.formula1) == 0
            and _number(rule.formula2) == bounds.maximum
        )
    if rule.type != "list":
        return False
    source = (rule.formula1 or "").removeprefix("=")
    if source.startswith('"'):
        return _says(source.strip('"').split(","), entry, rules)
    issued = {"complexity": "ev_list_complexity", "team": "ev_row_person"}.get(entry.choices)
    if issued and issued in places and _leads_to(book, source, places[issued]):
        return True
    return _says(_values(book, source), entry, rules)


def _says(words: Iterable[str], entry: Field, rules: RuleBook) -> bool:
    """Whether a list has the words that the reader knows, all of them and no others."""
    said = {word.strip() for word in words}
    english = {level.en for level in rules.complexity} if entry.choices == "complexity" else None
    return bool(said) and said in (set(_words(entry, rules)), english)


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text or "")
    except InvalidOperation:
        return None


def _resolved(book: Workbook, source: str, depth: int = 3) -> str:
    """A formula with the names in it replaced by what they stand for."""
    if not depth:
        return source

    def meaning(match: re.Match[str]) -> str:
        name = match[0]
        return str(book.defined_names[name].attr_text) if name in book.defined_names else name

    text = _NAME.sub(meaning, source)
    return text if text == source else _resolved(book, text, depth - 1)


def _leads_to(book: Workbook, source: str, target: _Place) -> bool:
    """Whether a list comes from the cells of a name."""
    for match in _PLACE.finditer(_resolved(book, source)):
        sheet = (match[1] or match[2]).replace("''", "'")
        area = CellRange(match[3].replace("$", ""))
        if sheet == target.sheet.title and target.area.issuperset(area):
            return True
    return False


def _values(book: Workbook, source: str) -> Iterator[str]:
    """The words that stand in the cells of a list's source."""
    match = _PLACE.fullmatch(_resolved(book, source))
    sheet = (match[1] or match[2]).replace("''", "'") if match else ""
    if match and sheet in book.sheetnames:
        area = CellRange(match[3].replace("$", ""))
        for row, column in area.cells:
            value = book[sheet].cell(row, column).value
            if value is not None:
                yield str(value)
