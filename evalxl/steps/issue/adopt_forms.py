"""Adopting forms that a lost ledger had issued, so that what people typed in them after the last backup is read like any other form.

A file alone proves nothing. It is adopted only if evalxl would now issue the same form for that person and week: the same identity, labels, formulas
and lists, and every task that the manager gave or that was carried over. Cells open for typing are not compared. Tasks given by
the manager may be missing if no row is locked as one, because they may have been given after the form was issued. They are reported, and go into the
person's next form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evalxl.domain.evaluation.submissions import task_from_record
from evalxl.domain.findings import Finding
from evalxl.domain.history.events import IssuedEvent, ReceivedEvent
from evalxl.domain.names import code_key, folded, subject_of_unit
from evalxl.domain.organisation.people import Member
from evalxl.domain.weeks import Week
from evalxl.excel.returned.examine import Examined
from evalxl.excel.returned.reading import read_workbook
from evalxl.forms.binding import bind, column_of
from evalxl.forms.kind import kind_named
from evalxl.records.archive import digest_of
from evalxl.steps.issue.drafts import FormDraft
from evalxl.steps.issue.form_values import Prefilled
from evalxl.steps.issue.issuing import Outgoing
from evalxl.steps.issue.unknown_workbooks import (
    NOT_ADOPTED,
    Stranger,
    adopted_since,
    as_issued,
    examined,
    forms_on_share,
    is_certain,
    not_read,
    template_for,
)
from evalxl.steps.office.new_files import NewFile, add_received
from evalxl.steps.office.office import Batch

MOST_CELLS = 5  # differing cells named in one finding

_Issued = Mapping[str, Any]


@dataclass(slots=True)
class Adopted:
    """The adopted forms.

    Attributes:
        files: Their paths, as in the ledger.
        codes: The code keys of their people.
        findings: What could not be adopted, and tasks that an adopted form does not have.
    """

    files: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def adopt_forms(
    batch: Batch, outgoing: Outgoing, due: Mapping[str, Member], draft: Callable[[Member], FormDraft]
) -> Adopted:
    """Adopt the forms of a week that are certain, and report the others, which stay where they are.

    Args:
        due: The people who get a form in the week, by code key.
        draft: Gives a person's form as it would be issued now.
    """
    week, done = outgoing.week, Adopted()
    assert isinstance(week, Week)
    tries: list[tuple[Stranger, FormDraft, _Issued]] = []
    for stranger in forms_on_share(batch.office, week):
        said = stranger.stamp.get("subject", "")
        member = due.get(code_key(subject_of_unit(said) if kind_named(stranger.stamp["kind"]).of_unit else said))
        template = template_for(outgoing, stranger)
        if member is None or not template:
            kind = "form.not_adopted_template" if member else "form.not_adopted_person"
            done.findings.append(Finding(kind, code=said, file=stranger.name))
            continue
        drafted = draft(member)
        tries.append(
            (stranger, drafted, as_issued(outgoing, drafted.letter(outgoing, drafted.path), stranger, template))
        )
    examineds = examined(outgoing, [(stranger, issued) for stranger, _, issued in tries])
    certain: list[tuple[Stranger, FormDraft, _Issued]] = []
    others: list[tuple[Stranger, FormDraft, _Issued, Examined]] = []
    for (stranger, drafted, issued), one in zip(tries, examineds, strict=True):
        if is_certain(one):
            certain.append((stranger, drafted, issued))
        elif one.by_our_fault:
            done.findings.append(not_read(stranger))
        else:
            others.append((stranger, drafted, issued, one))
    certain += _with_fewer_tasks(outgoing, others, done)
    # The form in its issued place is the one that the person has to fill, so it is adopted last.
    certain.sort(key=lambda one: (one[0].name == one[2]["path"], one[0].mtime, one[0].name))
    for stranger, drafted, issued in certain:
        take_in(batch, outgoing, stranger, issued)
        done.files.append(stranger.name)
        done.codes.add(code_key(_member_code(drafted)))
    _record_refused(batch, week, done.findings)  # after the adopted ones, because older refusals are examined again
    return done


def _record_refused(batch: Batch, week: Week, findings: Sequence[Finding]) -> None:
    """Record the forms that were not adopted, so that everybody is told and no manager's workbook waits for them.

    An unchanged file is recorded once, and again after something was adopted: what was refused before that is read again.
    """
    week_history = batch.office.history.week(week)
    strangers = {stranger.name: stranger for stranger in forms_on_share(batch.office, week)} if findings else {}
    for finding in findings:
        stranger, before = strangers.get(finding.file), week_history.present.get(finding.file)
        if finding.kind not in NOT_ADOPTED or stranger is None:
            continue
        unchanged = before is not None and before.sha256 == stranger.sha256 and not adopted_since(week_history, before)
        if unchanged and finding.kind in _kinds_of(before):
            continue
        kind, subject = stranger.stamp["kind"], stranger.stamp.get("subject", "")
        examined = Examined("refused", workbook=kind, subject=subject, findings=(finding,))
        add_received(batch, week, NewFile(stranger.name, stranger.sha256, stranger.mtime, examined), "refused")


def _kinds_of(received: ReceivedEvent | None) -> set[str]:
    return {finding.kind for finding in received.findings} if received is not None else set()


def take_in(batch: Batch, outgoing: Outgoing, stranger: Stranger, issued: _Issued) -> None:
    """Record that a workbook was issued, and that only the workbook itself proves it."""
    known = batch.office.history.week(outgoing.week) if isinstance(outgoing.week, Week) else None
    if known is not None and known.issue_of(stranger.form_id) is not None:
        return  # a copy of a workbook that was just adopted
    more = {name: value for name, value in issued.items() if name != "week"}
    adopted = {"file": stranger.name, "sha256": stranger.sha256}
    batch.add(IssuedEvent(sha256=digest_of(outgoing.stamp(issued)), adopted=adopted, **more), outgoing.week)


def _member_code(drafted: FormDraft) -> str:
    return subject_of_unit(drafted.subject) if drafted.kind.of_unit else drafted.subject


def _with_fewer_tasks(
    outgoing: Outgoing, others: Sequence[tuple[Stranger, FormDraft, _Issued, Examined]], done: Adopted
) -> list[tuple[Stranger, FormDraft, _Issued]]:
    """Forms issued before a manager gave some of today's tasks, or with their task rows in another order."""
    bare = [
        (stranger, {**issued, "given": [], "origins": {}, "values": _without_tasks(issued)})
        for stranger, _, issued, _ in others
    ]
    again: list[tuple[Stranger, FormDraft, _Issued, Examined, list[str]]] = []
    for (stranger, drafted, issued, strictly), seen in zip(others, examined(outgoing, bare), strict=True):
        placed = _placed(drafted.tasks, seen) if is_certain(seen) else None
        if placed is None:
            done.findings.append(not_read(stranger) if seen.by_our_fault else not_adopted(stranger, strictly))
            continue
        rows, missing = placed
        if missing and _was_locked(outgoing, stranger, rows.values()):
            done.findings.append(not_adopted(stranger, strictly))
            continue
        again.append((stranger, drafted, {**issued, **_in_rows(issued, drafted.tasks, rows)}, strictly, missing))
    certain = []
    for (stranger, drafted, issued, strictly, missing), seen in zip(
        again, examined(outgoing, [(stranger, issued) for stranger, _, issued, _, _ in again]), strict=True
    ):
        if not is_certain(seen):
            done.findings.append(not_read(stranger) if seen.by_our_fault else not_adopted(stranger, strictly))
            continue
        certain.append((stranger, drafted, issued))
        if missing:
            tasks = "; ".join(missing)
            done.findings.append(
                Finding("form.adopted_without_task", code=drafted.subject, file=stranger.name, values={"tasks": tasks})
            )
    return certain


def _without_tasks(issued: _Issued) -> dict[str, Any]:
    return {name: value for name, value in issued["values"].items() if not name.startswith("ev_task_")}


def _placed(tasks: Sequence[Prefilled], seen: Examined) -> tuple[dict[int, int], list[str]] | None:
    """The row of each locked task in a file, and the names of missing given tasks. None if another task is missing or differs."""
    here = [task_from_record(record) for record in (seen.content or {}).get("tasks", ())]
    rows: dict[int, int] = {}
    missing: list[str] = []
    for number, task in enumerate(tasks):
        if not task.locked:
            continue
        wanted = folded(task.name), task.important, task.due
        row = next(
            (
                int(task.key) - 1
                for task in here
                if (folded(task.name), task.important, task.due) == wanted and int(task.key) - 1 not in rows.values()
            ),
            None,
        )
        if row is not None:
            rows[number] = row
        elif task.origin == "given" and folded(task.name) not in {folded(task.name) for task in here}:
            missing.append(task.name)
        else:
            return None
    return rows, missing


def _was_locked(outgoing: Outgoing, stranger: Stranger, apart: Collection[int]) -> bool:
    """Whether another row is locked as a given task. Then a task was there that somebody has overwritten."""
    book = read_workbook(outgoing.office.archive.get(stranger.sha256))
    places = bind(kind_named(stranger.stamp["kind"]), book.names)[0].get("ev_task_name", ())
    column = enumerate(column_of(book, places))
    return any(cell is not None and book.is_locked(cell) for row, cell in column if row not in apart)


def _in_rows(issued: _Issued, tasks: Sequence[Prefilled], rows: Mapping[int, int]) -> dict[str, Any]:
    """The values of an issue whose only locked tasks are in these rows."""
    values = _without_tasks(issued)
    for name, column in issued["values"].items():
        if name.startswith("ev_task_") and rows:
            values[name] = [None] * (max(rows.values()) + 1)
            for number, row in rows.items():
                values[name][row] = column[number]
    return {
        "values": values,
        "given": sorted(rows.values()),
        "doubtful": [f"{row + 1:02d}" for number, row in rows.items() if tasks[number].doubtful],
        "origins": {f"{row + 1:02d}": tasks[number].origin for number, row in rows.items()},
    }


def not_adopted(stranger: Stranger, seen: Examined) -> Finding:
    """The finding with the cells that differ from what evalxl would issue now."""
    cells = [
        f"{finding.sheet}!{finding.cell}" if finding.cell else str(finding.values.get("name", ""))
        for finding in seen.findings
    ]
    more = f" (+{len(cells) - MOST_CELLS})" if len(cells) > MOST_CELLS else ""
    first = seen.findings[0] if seen.findings else Finding("form.not_adopted")
    return Finding(
        "form.not_adopted",
        code=stranger.stamp.get("subject", ""),
        file=stranger.name,
        sheet=first.sheet,
        cell=first.cell,
        found=first.found,
        values={"cells": ", ".join(cells[:MOST_CELLS]) + more, "issued": str(first.values.get("issued", ""))},
    )
