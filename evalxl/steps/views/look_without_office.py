"""What a file says on its own, without an office: what was typed, what cannot be read, and what a row still needs.

Only an office knows whether it is the issued workbook, whether its owner may decide this, and which of several versions counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalxl.domain.evaluation.submissions import submission_record
from evalxl.domain.findings import Finding
from evalxl.domain.rulebook import OF_LINE, Part, Reasons, RuleBook
from evalxl.domain.weeks import NoSuchWeekError, Period, Week, parse_week_or_period
from evalxl.excel.returned.guard import MAX_FILE
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.binding import Layout, bind, kind_of, stamp_of
from evalxl.forms.field import part_of
from evalxl.forms.fields import GIVEN_LINE, OWN_LINE, fields_in
from evalxl.forms.kind import OWN_OUTPUTS, WorkbookKind, is_kind, kind_named
from evalxl.forms.rows import RowReader
from evalxl.forms.submissions import Begun, CellReader, read_submission
from evalxl.forms.values import read_text
from evalxl.forms.workbook import Workbook
from evalxl.records.arrivals import read_once
from evalxl.records.rulebooks import NoSuchRuleBookError, find_rulebook
from evalxl.steps.kinds.at_work import kinds_at_work
from evalxl.steps.office.office import DEFAULT_RULES
from evalxl.steps.views.look import Looked, LookedAt, NothingToLookAtError, require_files

# The checks left out without an office, as keys of the catalogue.
LEFT_OUT = ("look.left_issue", "look.left_shown", "look.left_versions", "look.left_authority", "look.left_deadline")


def look_alone(files: Sequence[Path]) -> LookedAt:
    """What some files say, each on its own.

    Raises:
        NothingToLookAtError: one of them is no file.
    """
    require_files(files)
    return LookedAt(tuple(_look(file) for file in files))


def _look(file: Path) -> Looked:
    arrival = read_once(file.absolute(), MAX_FILE)
    if arrival is None:
        raise NothingToLookAtError(file=file)
    if arrival.obstacle or len(arrival.data) > MAX_FILE:
        return _refused(
            file, Finding(arrival.obstacle or "file.too_large"), "unread" if arrival.obstacle else "refused"
        )
    try:
        book = read_workbook(arrival.data)
    except Refused as refused:
        return _refused(file, refused.finding)
    named, (stamp, agree, both) = kind_of(book), stamp_of(book)
    if named in OWN_OUTPUTS and stamp is None:
        return Looked(file, "own")
    if stamp is None or not is_kind(named):
        return _refused(file, Finding("file.not_ours"))
    kind = kind_named(named)
    layout, slips = bind(kind, book.names)
    rules, unknown = _rules(book), tuple[str, ...]()
    parts = _parts_in(kind, book)
    if kind.first_of_parts and sorted(rules.codes) != sorted(part.code for part in parts):
        # An own rule book of the office: its parts and lines are known from the names; their maxima, and what a row needs, are not.
        rules = rules.model_copy(update={"parts": parts, "bands": (), "step": _ANY_STEP, "reasons": _NO_REASONS})
        unknown = ("look.left_scores",)
    if slips:
        return _refused(file, slips[0])
    notes = [] if both else [Finding("stamp.one_lost")]
    if not agree:
        return _refused(file, Finding("stamp.altered"), "invalid")
    verdict, form, rows, findings = _said(book, kind, layout, rules)
    return Looked(
        file,
        verdict,
        kind.name,
        _what(stamp.week),
        subject=stamp.subject,
        name=_name(book, layout, rules, kind),
        form=form,
        rows=tuple(rows),
        findings=tuple(
            finding.at(file=str(file), code=finding.code or stamp.subject) for finding in (*notes, *findings)
        ),
        left_out=(*LEFT_OUT, *unknown),
    )


_MOST = 1000  # points of a part or line of which the workbook does not say how many there are at most
_ANY_STEP = Decimal("0.000001")
_NO_REASONS = Reasons(difference_above=Decimal(_MOST), comment_below=Decimal(0), comment_from=Decimal(100 * _MOST))


def _parts_in(kind: WorkbookKind, book: Workbook) -> tuple[Part, ...]:
    """The parts that a workbook has cells for, with their lines, called by their codes."""
    of_parts, of_lines = kind.first_of_parts, OWN_LINE if kind.is_form else GIVEN_LINE
    names = [entry.name for entry in fields_in(kind, book.names) if entry.name not in kind.by_field]
    keys = [name.removeprefix(of_lines) for name in names if name.startswith(of_lines)]
    parts = []
    for code in (name.removeprefix(of_parts) for name in names if of_parts and name.startswith(of_parts)):
        codes = [key.rpartition(OF_LINE)[2] for key in keys if part_of(key) == code]
        lines = [{"code": line, "vi": line, "en": line, "maximum": _MOST} for line in codes]
        told = {"code": code, "vi": code, "en": code, "maximum": _MOST * max(1, len(lines)), "suggested_by": "nothing"}
        parts.append(Part.model_validate({**told, "lines": lines}))
    return tuple(parts)


def _refused(file: Path, finding: Finding, verdict: str = "refused") -> Looked:
    return Looked(file, verdict, findings=(finding.at(file=str(file)),), left_out=LEFT_OUT)


def _rules(book: Workbook) -> RuleBook:
    """The rule book of the package that the stamp names, else the default one."""
    name = book.properties.get("evalxl.rulebook", "").partition("@")[0]
    try:
        return find_rulebook(Path(), name or DEFAULT_RULES)
    except NoSuchRuleBookError:
        return find_rulebook(Path(), DEFAULT_RULES)


def _what(text: str) -> Week | Period | None:
    try:
        return parse_week_or_period(text)
    except NoSuchWeekError:
        return None


def _name(book: Workbook, layout: Layout, rules: RuleBook, kind: WorkbookKind) -> str:
    return read_text(CellReader(book, layout, rules).typed(kind.named_by))[0] if kind.named_by in layout else ""


_Said = tuple[str, Any, list[dict[str, Any]], list[Finding]]


def _said(book: Workbook, kind: WorkbookKind, layout: Layout, rules: RuleBook) -> _Said:
    """The verdict, the content of a form, the typed rows, and the findings."""
    if kind.is_form:
        reader = CellReader(book, layout, rules)
        typed = (
            name
            for part in rules.parts
            for name in ([f"{OWN_LINE}{line.key}" for line in part.lines_of_person] or [f"ev_self_{part.code}"])
        )
        if all(reader.typed(name).blank for name in typed) and reader.typed("ev_task_name").blank:
            return "waiting", None, [], []
        week = _what(reader.text("ev_week"))
        begun = Begun(week=week if isinstance(week, Week) else None)
        submission, findings = read_submission(book, layout, rules, begun)
        content = submission_record(submission)
        if not submission.submitted:
            return "draft", content, [], [*findings, Finding("form.draft")]
        wrong = any(finding.level == "error" for finding in findings)
        return "invalid" if wrong else "submitted", content, [], findings
    rows, needs = _rows(book, kind, layout, rules)
    return "read", None, rows, needs


def _rows(
    book: Workbook, kind: WorkbookKind, layout: Layout, rules: RuleBook
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """What each row decides on its own, in kinds in which a row can say so without an office."""
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    said = next((kind_at_work.alone for kind_at_work in kinds_at_work() if kind_at_work.kind is kind), None)
    if said is None:
        return rows, findings
    cells = CellReader(book, layout, rules)
    people = next(table.key[0] for table in kind.tables if table.decision)
    for row in range(len(layout[people])):
        code = cells.text(people, row)
        if not code:
            continue
        reader = _reader(cells, kind, code, row)
        found = said(reader, cells, row)
        findings += reader.findings
        if found is not None and not reader.refused:
            rows.append({"subject": code, **found})
    return rows, findings


def _reader(cells: CellReader, kind: WorkbookKind, code: str, row: int) -> RowReader:
    def place(name: str) -> tuple[str, str, str]:
        at = cells.place(name, row)
        return ("", at.sheet, at.cell) if at is not None else ("", "", "")

    return RowReader(kind, code, cells.rules, lambda name: cells.typed(name, row), place)
