"""Reports cells of copies of managers' workbooks that contradict what is booked and do not count: row by row, with both values and what to do."""

from __future__ import annotations

from typing import Any

from evalxl.domain.findings import Finding
from evalxl.domain.history.history import IssuedAndReturned
from evalxl.domain.versions.returned_workbooks import Held, ReturnedWorkbook, RowKey
from evalxl.forms.values import Typed
from evalxl.steps.intake.row_versions import held_in_files, is_still_open, key_so_far, typed_so_far
from evalxl.steps.office.office import Office

_LONGEST = 60  # characters shown of a text: enough to recognise it
_NOTHING = "–"


def held_findings(office: Office, history: IssuedAndReturned) -> list[Finding]:
    """A finding for each row of a copy that contradicts what is booked."""
    findings: list[Finding] = []
    for book in history.books.values():
        typed = typed_so_far(office, history, book.workbook, book.owner)
        rows: dict[tuple[str, RowKey, bool], list[Held]] = {}
        for file, held in held_in_files(history, book):
            key = key_so_far(book, held.key)
            if is_still_open(typed, held, key):
                rows.setdefault((file, key, held.why == "rivals"), []).append(held)
        findings += (_finding(book, typed, file, key, rival, cells) for (file, key, rival), cells in rows.items())
    return findings


def _finding(
    book: ReturnedWorkbook, typed: ReturnedWorkbook, file: str, key: RowKey, rival: bool, cells: list[Held]
) -> Finding:
    return Finding(
        "row.rivals" if rival else "row.kept",
        code=book.owner if key[0] == "assignments" else cells[0].key[1].partition("/")[0],
        file=file,
        sheet=cells[0].cell.sheet,
        cell=cells[0].cell.cell,
        found=_shown(cells[0]),
        values={"cells": "; ".join(_both(typed, key, held) for held in cells), "place": _place(book)},
    )


def _both(typed: ReturnedWorkbook, key: RowKey, held: Held) -> str:
    """A cell with the copy's value and the booked value."""
    stands = typed.typed(key, held.name)
    booked = _seen(stands.value) if stands is not None else _NOTHING
    return f"{held.cell.cell}: {_shown(held)} → {booked}"


def _shown(held: Held) -> str:
    return _seen(held.cell.value)


def _seen(value: list[Any]) -> str:
    """What a typed cell shows; a number with a comma."""
    cell = Typed.from_record(value)
    is_number = cell.kind == "number" and cell.format in ("general", "text") and not cell.formula
    said = " ".join((cell.stored if is_number else cell.as_seen).split())
    return (said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…") or _NOTHING


def _place(book: ReturnedWorkbook) -> str:
    """The path of the workbook on the share in which the owner has to type."""
    return book.issue.path.rpartition("/")[2] if book.issue is not None else ""


def waits_for_a_word(history: IssuedAndReturned, book: ReturnedWorkbook, file: str) -> bool:
    """Whether a workbook holds something typed that is not booked because a copy contradicts it. It is not drawn again before that is settled."""
    return any(
        at == file and held.why == "rivals" and is_still_open(book, held, held.key)
        for at, held in held_in_files(history, book)
    )
