"""Examines one returned workbook, from its bytes to its typed values, in a worker process.

The bytes are untrusted. Guarding, reading, comparing with the issued workbook and understanding the typed values all work on these bytes alone.
The worker knows the week's issues and templates, and gives back plain values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evalxl.domain.evaluation.submissions import submission_record
from evalxl.domain.findings import OUR_FAULT, Finding
from evalxl.domain.names import code_key, subject_of_unit
from evalxl.domain.organisation.people import DayOff, Organisation
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.versions.save_order import own_time
from evalxl.domain.weeks import Week
from evalxl.excel.returned.reading import read_workbook
from evalxl.excel.returned.second_reader import disagreements
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.binding import Layout, Place, kind_of, office_in_stamp, stamp_changes, stamp_of, stamp_values
from evalxl.forms.comparison.appearance import hard_to_see, shown_otherwise, shown_rounded
from evalxl.forms.comparison.changes import typed_cells
from evalxl.forms.comparison.habits import habits
from evalxl.forms.comparison.issued import Issued, Template
from evalxl.forms.comparison.located import locate
from evalxl.forms.fields import Who
from evalxl.forms.kind import OWN_OUTPUTS, WorkbookKind, is_kind, kind_named
from evalxl.forms.rows import typed_rows
from evalxl.forms.submissions import Begun, read_submission
from evalxl.forms.values import decode_values
from evalxl.forms.workbook import Workbook

# Keyed by the hash of the bytes: a long-lived worker reads each template once, however many weeks it works for.
_templates: dict[tuple[str, WorkbookKind], Template] = {}
_MOST_TEMPLATES = 16

MOST_CHANGES = 20  # findings of changed cells listed for one file; more would overwhelm the person


@dataclass(frozen=True)
class WeekBooks:
    """The data of a week that a worker needs: issues by form id, templates and rule books by hash, the office's id, days off, and task codes."""

    week: str
    issues: Mapping[str, Mapping[str, Any]]
    templates: Mapping[str, bytes]
    rules: Mapping[str, bytes]
    office_id: str = ""
    days_off: tuple[DayOff, ...] = ()
    task_codes: tuple[str, ...] = ()

    @cached_property
    def _rules(self) -> dict[str, RuleBook]:
        return {}

    def template(self, digest: str, kind: WorkbookKind) -> Template:
        if (digest, kind) not in _templates:
            if len(_templates) >= _MOST_TEMPLATES:
                _templates.clear()
            _templates[(digest, kind)] = Template.of(kind, read_workbook(self.templates[digest], blanks=True))
        return _templates[(digest, kind)]

    def rulebook(self, digest: str) -> RuleBook:
        if digest not in self._rules:
            self._rules[digest] = read_rulebook(self.rules[digest], digest[:12])
        return self._rules[digest]


@dataclass(frozen=True, slots=True)
class Examined:
    """The result of examining one file.

    Attributes:
        verdict: `own` for evalxl's own outputs; `submitted`, `draft`, `waiting` (nothing typed) or `invalid` for
            forms; `read` for scoring and approval workbooks; `refused` for foreign or unreadable files.
        content: A form's submission, as the ledger keeps it.
        typed: The typed cells of a scoring or approval workbook.
        cells: The typed cells of a form, by field (`ev_task_name/03`): sheet, cell and raw value.
        own: When the file was last saved, from the file itself: UTC, seconds. Empty if unknown.
        slip, traceback: Where our own code failed on this file: one line for the ledger, and the traceback for the log.
        unreadable: Not even the stamp could be read. `subject` is the person to notify, and nothing is booked.
    """

    verdict: str
    form_id: str = ""
    workbook: str = ""
    subject: str = ""
    content: dict[str, Any] | None = None
    typed: tuple[dict[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    producer: str = ""
    modified_by: str = ""
    own: str = ""
    cells: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    slip: str = ""
    traceback: str = ""
    unreadable: bool = False

    @property
    def by_our_fault(self) -> bool:
        """Whether the file was not read because the program itself failed."""
        return any(finding.kind == OUR_FAULT for finding in self.findings)


def examine(data: bytes, books: WeekBooks) -> Examined:
    """Examine a returned file. Never raises because of the file's content."""
    try:
        book = read_workbook(data)
    except Refused as refused:
        return Examined("refused", findings=(refused.finding,))
    kind = kind_of(book)
    stamp, agree, both = stamp_of(book)
    if kind in OWN_OUTPUTS and stamp is None:
        return Examined("own")
    if stamp is None or not kind:
        return Examined("refused", findings=(Finding("file.not_ours"),))
    workbook_kind = kind_named(stamp.kind) if is_kind(stamp.kind) else None
    subject_code = (
        subject_of_unit(stamp.subject) if workbook_kind is not None and workbook_kind.of_unit else stamp.subject
    )
    if stamp.form_id not in books.issues and office_in_stamp(book) not in ("", books.office_id):
        return Examined("refused", findings=(Finding("form.other_office"),))
    if stamp.week != books.week:
        elsewhere = (
            "period_input.elsewhere"
            if workbook_kind is not None and workbook_kind.of == "period"
            else "form.other_week"
        )
        return Examined("refused", findings=(Finding(elsewhere, code=subject_code, values={"week": stamp.week}),))
    issue = books.issues.get(stamp.form_id)
    if issue is None:
        return Examined("refused", findings=(Finding("form.unknown", code=subject_code),))
    subject = str(issue["subject"])
    known: dict[str, Any] = {
        "form_id": stamp.form_id,
        "workbook": str(issue["workbook"]),
        "subject": subject,
        "producer": book.producer[:80],
        "modified_by": _account(book),
        "own": _own_time(book, books.template(str(issue["template"]), kind_named(issue["workbook"])).book),
    }
    if issue.get("withdrawn"):
        return Examined("refused", findings=(Finding("form.withdrawn", code=subject),), **known)
    altered = tuple(finding.at(code=subject) for finding in stamp_changes(book, issue))
    if not agree or altered or stamp.kind != issue["workbook"] or code_key(stamp.subject) != code_key(subject):
        return Examined("invalid", findings=altered or (Finding("stamp.altered", code=subject),), **known)
    notes = [] if both else [Finding("stamp.one_lost", code=subject)]
    result = _examine_issued(data, book, kind_named(issue["workbook"]), issue, books)
    return Examined(
        verdict=result.verdict,
        content=result.content,
        typed=result.typed,
        cells=result.cells,
        findings=tuple(finding.at(code=finding.code or subject) for finding in (*notes, *result.findings)),
        **known,
    )


def _account(book: Workbook) -> str:
    """The account that last saved a file, from the file itself; empty if the program left the issued value."""
    return "" if book.modified_by == "evalxl" else " ".join(book.modified_by.split())[:80]


def _own_time(book: Workbook, template: Workbook) -> str:
    """When a file was last saved, from the file itself; empty if it still has the issued value, which some programs never change."""
    now, then = own_time(book.modified), own_time(template.modified)
    return now.isoformat(timespec="seconds") if now is not None and (then is None or now > then) else ""


def _examine_issued(
    data: bytes, book: Workbook, kind: WorkbookKind, issue: Mapping[str, Any], books: WeekBooks
) -> Examined:
    template = books.template(issue["template"], kind)
    values = decode_values(issue["values"]) | {f"ev_stamp_{k}": v for k, v in stamp_values(issue).items()}
    issued = Issued(template, values, frozenset(issue.get("given", ())))
    located = locate(issued, book)
    if located.altered:
        return Examined("invalid", findings=_first_changes(located.altered))
    if lies := shown_otherwise(issued, book, located):
        return Examined("invalid", findings=_first_changes(lies))
    layout = located.layout
    if unsure := disagreements(data, book, _open_places(issued, layout)):
        return Examined("invalid", findings=_first_changes(unsure))
    notes = [
        *located.notes,
        *habits(issued, book, located),
        *hard_to_see(issued, book, located),
        *shown_rounded(issued, book, located),
    ]
    rules = books.rulebook(issue["rules"])
    if kind.is_form:
        cells = _typed_cells(issued, book, layout)
        if not cells:
            return Examined("waiting")
        room = len(template.layout.get("ev_list_task_code", ()))
        begun = _begun(books, values, issue, room)
        submission, findings = read_submission(book, layout, rules, begun, issued)
        content = submission_record(submission)
        if not submission.submitted:
            return Examined("draft", content=content, findings=(*findings, Finding("form.draft")), cells=cells)
        verdict = "invalid" if any(finding.level == "error" for finding in findings) else "submitted"
        return Examined(verdict, content=content, findings=(*findings, *notes), cells=cells)
    typed, findings = typed_rows(issued, book, layout, issue.get("basis", {}))
    return Examined("read", typed=tuple(typed), findings=(*findings, *notes))


def _begun(books: WeekBooks, values: Mapping[str, Any], issue: Mapping[str, Any], room: int) -> Begun:
    """The values that a form was issued with.

    Args:
        room: The number of task codes that its list has room for. A full list may have been cut: the codes of the week are known then too, and
            without these no code is called unknown.
    """

    def column(name: str) -> dict[str, Any]:
        return {f"{row + 1:02d}": value for row, value in enumerate(values.get(name, ())) if value is not None}

    codes = [code for code in values.get("ev_list_task_code", ()) if code]
    if len(codes) >= room:
        codes = [*codes, *books.task_codes] if books.task_codes else []
    return Begun(
        origins=issue.get("origins", {}),
        week=Week.parse(books.week),
        calendar=Organisation((), (), days_off=books.days_off),
        names=column("ev_task_name"),
        due=column("ev_task_due"),
        doubtful=frozenset(issue.get("doubtful", ())),
        codes=frozenset(map(code_key, codes)),
    )


def _first_changes(altered: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first of many changed cells, and the number of the others: a full list would overwhelm the person."""
    more = len(altered) - MOST_CHANGES
    if more <= 0:
        return tuple(altered)
    return (*altered[:MOST_CHANGES], Finding("cell.more_changed", values={"count": more}))


def _open_places(issued: Issued, layout: Layout) -> Iterator[Place]:
    """Every cell that a person may type into."""
    return (place for entry in issued.entries if entry.who is Who.PERSON for place in layout.get(entry.name, ()))


def _typed_cells(issued: Issued, book: Workbook, layout: Layout) -> dict[str, tuple[str, str, str]]:
    cells = {}
    for entry in issued.entries:
        if entry.who is Who.PERSON:
            for row, place, value in typed_cells(issued, book, layout, entry.name):
                name = f"{entry.name}/{row + 1:02d}" if entry.table else entry.name
                cells[name] = (place.sheet, place.cell, value.raw)
    return cells
